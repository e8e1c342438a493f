//! Which boxes stand on a page at this width, and which panels with which queries are in each.

use std::sync::Arc;

use super::{State, View};
use crate::pack::{Cell, Panel, PanelKind, Row, substitute};

/// A row of boxes.
#[derive(Clone, Debug, PartialEq)]
pub struct RowSpec {
    /// Height in lines with borders; `None` shares the rest.
    pub height: Option<u16>,
    /// Least height of a row that shares the rest.
    pub min_height: u16,
    /// Boxes.
    pub boxes: Vec<BoxSpec>,
}

/// A box.
#[derive(Clone, Debug, PartialEq)]
pub struct BoxSpec {
    /// Share of the width.
    pub weight: u16,
    /// Title, variables replaced.
    pub title: String,
    /// What is in it.
    pub kind: BoxKind,
    /// Where Enter leads.
    pub link: Option<View>,
}

/// Contents of a box.
#[derive(Clone, Debug, PartialEq)]
pub enum BoxKind {
    /// One panel, as large as the box.
    Panel(PanelRef),
    /// Several panels under one another.
    Card(Vec<PanelRef>),
    /// The alerts that need somebody; of one department, or of all.
    Alerts {
        /// Department id.
        department: Option<String>,
    },
    /// The incident that is suggested while alerts fire.
    Suggestion,
}

/// A panel with its variables replaced.
#[derive(Clone, Debug, PartialEq)]
pub struct PanelRef {
    /// `page.panel` or `page.department.panel`: unique on the screen.
    pub id: Arc<str>,
    /// The panel.
    pub panel: Panel,
    /// Its query.
    pub query: Arc<str>,
    /// The query of its scale's end.
    pub max_query: Option<Arc<str>>,
    /// The label values its series must have.
    pub select: Vec<(String, String)>,
    /// Whether it needs the trend over the window.
    pub trend: bool,
}

/// Width of the narrowest card that still shows label, value and a trend.
const CARD: u16 = 26;
/// Width of the narrowest box beside others that still shows a bar or a short chart.
const BOX: u16 = 32;

/// The rows of a view; none for views that are no page.
pub fn rows(state: &State, view: &View) -> Vec<RowSpec> {
    let pack = &state.setup.pack;
    match view {
        View::Page { id, department } => {
            let Some(page) = pack.pages.iter().find(|page| page.id == **id) else { return Vec::new() };
            let maker = Maker { state, page: &page.id, department: *department };
            let own = department.and_then(|at| pack.departments.get(at)).map_or(&[][..], |one| &one.rows[..]);
            let mut rows = Vec::new();
            for row in page.rows.iter().chain(own) {
                rows.extend(maker.row(row));
                // Right under the alerts, and only while there is one: a calm overview has no room to give away.
                if row.cells.contains(&Cell::NeedsYou) {
                    rows.extend(suggestion(state));
                }
            }
            rows
        }
        View::Panel { page, department, pane } => {
            let whole = View::Page { id: page.clone(), department: *department };
            let found = rows(state, &whole).into_iter().flat_map(|row| row.boxes).find_map(|one| {
                let panels = match one.kind {
                    BoxKind::Panel(panel) => vec![panel],
                    BoxKind::Card(panels) => panels,
                    BoxKind::Alerts { .. } | BoxKind::Suggestion => Vec::new(),
                };
                panels.into_iter().find(|panel| panel.id == *pane)
            });
            let Some(mut panel) = found else { return Vec::new() };
            let title = panel.panel.title.clone();
            if panel.panel.kind != PanelKind::Table {
                panel.panel.kind = PanelKind::Chart;
                panel.trend = true;
            }
            vec![RowSpec {
                height: None,
                min_height: Row::MIN_HEIGHT,
                boxes: vec![BoxSpec { weight: 1, title, kind: BoxKind::Panel(panel), link: None }],
            }]
        }
        _ => Vec::new(),
    }
}

/// The row of the suggested incident: as high as its evidence needs.
fn suggestion(state: &State) -> Option<RowSpec> {
    let found = state.incidents.suggested.as_ref().filter(|_| state.window.is_live())?;
    let evidence = found.analysis.causes.first().map_or(0, |cause| cause.evidence.len().min(2));
    let height = 4 + u16::try_from(evidence).unwrap_or(0);
    let one =
        BoxSpec { weight: 1, title: String::new(), kind: BoxKind::Suggestion, link: Some(View::Incident) };
    Some(RowSpec { height: Some(height), min_height: height, boxes: vec![one] })
}

struct Maker<'a> {
    state: &'a State,
    page: &'a str,
    department: Option<usize>,
}

impl Maker<'_> {
    fn row(&self, row: &Row) -> Vec<RowSpec> {
        let pack = &self.state.setup.pack;
        let here = self.department.and_then(|at| pack.departments.get(at));
        let mut vars: Vec<(&str, &str)> = Vec::new();
        if let Some(department) = here {
            vars.push(("department", &department.id));
        }
        let mut single = Vec::new();
        let mut wrapped = Vec::new();
        for cell in &row.cells {
            match cell {
                Cell::Panel { id, weight } => {
                    let Some(panel) = pack.panels.get(id) else { continue };
                    let panel = self.panel(panel, &vars, "");
                    let link = Some(self.zoom(&panel));
                    single.push(BoxSpec {
                        weight: *weight,
                        title: panel.panel.title.clone(),
                        kind: BoxKind::Panel(panel),
                        link,
                    });
                }
                Cell::Card { title, panels, weight } => {
                    let refs = self.panels(panels, &vars, "");
                    let link = self.card_link(&refs);
                    let title = substitute_plain(title, here.map(|one| one.title.as_str()));
                    single.push(BoxSpec { weight: *weight, title, kind: BoxKind::Card(refs), link });
                }
                Cell::Departments { panels } => {
                    let boxes: Vec<BoxSpec> = pack
                        .departments
                        .iter()
                        .enumerate()
                        .map(|(at, department)| BoxSpec {
                            weight: 1,
                            title: department.title.clone(),
                            kind: BoxKind::Card(self.panels(
                                panels,
                                &[("department", &department.id)],
                                &department.id,
                            )),
                            link: Some(View::Page { id: "department".into(), department: Some(at) }),
                        })
                        .collect();
                    wrapped.extend(self.wrap(row, &boxes, CARD));
                }
                Cell::Models { panels } => {
                    let boxes: Vec<BoxSpec> = pack
                        .models
                        .iter()
                        .map(|model| {
                            let refs = self.panels(panels, &[("model", &model.id)], &model.id);
                            let link = refs.first().map(|panel| self.zoom(panel));
                            BoxSpec { weight: 1, title: model.title.clone(), kind: BoxKind::Card(refs), link }
                        })
                        .collect();
                    wrapped.extend(self.wrap(row, &boxes, CARD));
                }
                Cell::NeedsYou => single.push(self.alerts(None)),
                Cell::DepartmentAlerts => single.push(self.alerts(here.map(|one| one.id.clone()))),
            }
        }
        let mut rows = Vec::new();
        if !single.is_empty() {
            rows.extend(self.fit(row, single));
        }
        rows.extend(wrapped);
        rows
    }

    /// Boxes too narrow side by side stand under one another.
    fn fit(&self, row: &Row, boxes: Vec<BoxSpec>) -> Vec<RowSpec> {
        let narrow = boxes.len() > 1 && self.state.size.0 / (boxes.len() as u16) < BOX;
        if narrow { self.wrap(row, &boxes, BOX) } else { vec![self.spec(row, boxes)] }
    }

    fn wrap(&self, row: &Row, boxes: &[BoxSpec], least: u16) -> Vec<RowSpec> {
        let per_row = usize::from((self.state.size.0 / least).max(1)).min(boxes.len().max(1));
        // Rows of equal length look better than one full row and one leftover.
        let lines = boxes.len().div_ceil(per_row).max(1);
        let per_row = boxes.len().div_ceil(lines).max(1);
        boxes.chunks(per_row).map(|chunk| self.spec(row, chunk.to_vec())).collect()
    }

    fn spec(&self, row: &Row, boxes: Vec<BoxSpec>) -> RowSpec {
        let height = self.alert_height(row, &boxes).or_else(|| natural(row.height, &boxes));
        RowSpec { height, min_height: row.min_height, boxes }
    }

    /// A row of nothing but alert lists is as high as its alerts need, within what the pack gives it.
    fn alert_height(&self, row: &Row, boxes: &[BoxSpec]) -> Option<u16> {
        let lines = boxes
            .iter()
            .map(|one| match &one.kind {
                BoxKind::Alerts { department } => Some(self.state.needing(department.as_deref()).len()),
                BoxKind::Panel(_) | BoxKind::Card(_) | BoxKind::Suggestion => None,
            })
            .collect::<Option<Vec<usize>>>()?;
        let most = row.height.unwrap_or(if self.state.size.1 >= 36 { 10 } else { 6 });
        let lines = u16::try_from(lines.into_iter().max().unwrap_or(0)).unwrap_or(u16::MAX).max(1);
        // An unknown list says so in two lines: that it is, and what was last seen.
        let least = if self.state.shown().alerts.last_fault().is_some() { 2 } else { 1 };
        Some(lines.max(least).saturating_add(2).clamp(3, most.max(3)))
    }

    fn panels(&self, ids: &[String], vars: &[(&str, &str)], part: &str) -> Vec<PanelRef> {
        let pack = &self.state.setup.pack;
        ids.iter().filter_map(|id| pack.panels.get(id)).map(|panel| self.panel(panel, vars, part)).collect()
    }

    fn panel(&self, panel: &Panel, vars: &[(&str, &str)], part: &str) -> PanelRef {
        let here = self.department.and_then(|at| self.state.setup.pack.departments.get(at));
        let id = match (part, here) {
            ("", Some(department)) => format!("{}.{}.{}", self.page, department.id, panel.id),
            ("", None) => format!("{}.{}", self.page, panel.id),
            (part, _) => format!("{}.{part}.{}", self.page, panel.id),
        };
        let value = |text: &String| {
            vars.iter()
                .find(|(name, _)| text.strip_prefix('$') == Some(name))
                .map_or(text.as_str(), |(_, v)| v)
                .to_owned()
        };
        PanelRef {
            id: id.into(),
            query: substitute(&panel.query, vars).into(),
            max_query: panel.max_query.as_ref().map(|query| substitute(query, vars).into()),
            select: panel.select.iter().map(|(label, text)| (label.clone(), value(text))).collect(),
            trend: panel.spark || matches!(panel.kind, PanelKind::Chart | PanelKind::Sparkline),
            panel: panel.clone(),
        }
    }

    fn zoom(&self, panel: &PanelRef) -> View {
        View::Panel { page: self.page.into(), department: self.department, pane: panel.id.clone() }
    }

    /// A card leads to the page that shows the same panels at length, else to its first panel.
    fn card_link(&self, panels: &[PanelRef]) -> Option<View> {
        let pack = &self.state.setup.pack;
        let first = panels.first()?;
        // Only the first page is a summary of the others; from there on a card leads deeper, never back.
        if pack.pages.first().is_none_or(|page| page.id != self.page) {
            return Some(self.zoom(first));
        }
        let holds = |row: &Row| {
            row.cells.iter().any(|cell| match cell {
                Cell::Panel { id, .. } => *id == first.panel.id,
                Cell::Card { panels, .. } => panels.contains(&first.panel.id),
                _ => false,
            })
        };
        let other = pack
            .pages
            .iter()
            .find(|page| page.id != self.page && page.id != "department" && page.rows.iter().any(holds));
        Some(match other {
            Some(page) => View::Page { id: page.id.as_str().into(), department: None },
            None => self.zoom(first),
        })
    }

    fn alerts(&self, department: Option<String>) -> BoxSpec {
        let text = self.state.setup.text.view;
        let title = if department.is_some() { text.department_alerts } else { text.needs_you };
        BoxSpec {
            weight: 1,
            title: title.to_owned(),
            kind: BoxKind::Alerts { department },
            link: Some(View::Alerts),
        }
    }
}

/// A card is as high as its panels need, when the pack does not say.
fn natural(height: Option<u16>, boxes: &[BoxSpec]) -> Option<u16> {
    height.or_else(|| {
        boxes
            .iter()
            .map(|one| match &one.kind {
                BoxKind::Card(panels) => Some(panels.len() as u16 + 2),
                BoxKind::Panel(_) | BoxKind::Alerts { .. } | BoxKind::Suggestion => None,
            })
            .max()
            .flatten()
    })
}

fn substitute_plain(title: &str, department: Option<&str>) -> String {
    department.map_or_else(|| title.to_owned(), |name| title.replace("$department", name))
}
