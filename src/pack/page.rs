//! `pages.toml` and every row of cells, wherever it stands.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::choice::{advice, choice, required_text, title_variables, whole};
use super::manifest::Manifest;
use super::panel::Panels;
use super::query::{DEPARTMENT, MODEL};
use super::{Cell, Page, Row};
use crate::document::{Problems, Section, Value, did_you_mean};
use crate::text::pack::EN as WORDS;

/// The page that every pack has.
const OVERVIEW: &str = "overview";
/// The page that stands for every department.
const DEPARTMENT_PAGE: &str = "department";

/// What a row's panels may count on.
pub(super) struct Context<'p> {
    /// Panels that stand on this page already: the same one twice would be two panes of one id.
    pub(super) seen: RefCell<BTreeSet<String>>,
    /// The pack's panels.
    pub(super) panels: &'p Panels,
    /// Variables with a value.
    pub(super) given: &'static [&'static str],
}

/// Reads every page.
pub(super) fn read(
    root: &Section<'_, '_>,
    panels: &Panels,
    manifest: &Manifest,
    problems: &mut Problems,
) -> Vec<Page> {
    let mut pages: Vec<Page> = Vec::new();
    let mut ids: Vec<String> = Vec::new();
    for section in root.sections("pages", problems) {
        let id = required_text(&section, "id", problems);
        if let (Some(id), Some(value)) = (&id, section.value("id")) {
            if ids.contains(id) {
                value.problem(&(WORDS.twice)(WORDS.nouns.page, id), None, problems);
            }
            ids.push(id.clone());
        }
        let given: &[&str] = if id.as_deref() == Some(DEPARTMENT_PAGE) { &[DEPARTMENT] } else { &[] };
        let title = required_text(&section, "title", problems);
        if let (Some(title), Some(value)) = (&title, section.value("title")) {
            title_variables(&value, title, given, problems);
        }
        section.required("rows", problems);
        // A department's page is the template's rows and its own.
        let seen = match id.as_deref() {
            Some(DEPARTMENT_PAGE) => manifest.departments.iter().flat_map(|d| names(&d.rows)).collect(),
            _ => BTreeSet::new(),
        };
        let rows = rows(&section, &Context { panels, given, seen: RefCell::new(seen) }, problems);
        section.finish(problems);
        if let (Some(id), Some(title)) = (id, title) {
            pages.push(Page { id, title, rows });
        }
    }
    let needed =
        std::iter::once(OVERVIEW).chain((!manifest.departments.is_empty()).then_some(DEPARTMENT_PAGE));
    for id in needed {
        if !ids.iter().any(|known| known == id) {
            let near =
                did_you_mean(id, ids.iter().map(String::as_str)).map(|near| (WORDS.did_you_mean)(near));
            problems.push(0..0, (WORDS.page_missing)(id), near);
        }
    }
    pages
}

/// Reads the `rows` of a table.
pub(super) fn rows(section: &Section<'_, '_>, context: &Context<'_>, problems: &mut Problems) -> Vec<Row> {
    section.sections("rows", problems).iter().map(|row| self::row(row, context, problems)).collect()
}

fn row(section: &Section<'_, '_>, context: &Context<'_>, problems: &mut Problems) -> Row {
    let height = whole(section, "height", 3, 200, problems);
    let min_height = whole(section, "min_height", 3, 200, problems);
    if let (Some(_), Some(value)) = (height, section.value("min_height")) {
        value.problem(WORDS.two_heights, None, problems);
    }
    let mut cells = Vec::new();
    if let Some(value) = section.required("cells", problems)
        && let Some(elements) = value.array(problems)
    {
        if elements.is_empty() {
            value.problem(WORDS.nothing_inside, None, problems);
        }
        cells = elements.iter().filter_map(|element| cell(element, context, problems)).collect();
    }
    section.finish(problems);
    Row { height, min_height: min_height.unwrap_or(Row::MIN_HEIGHT), cells }
}

fn cell(value: &Value<'_, '_>, context: &Context<'_>, problems: &mut Problems) -> Option<Cell> {
    let section = value.section(problems)?;
    let kinds = ["panel", "card", "departments", "models", "alerts"];
    let named: Vec<&str> = kinds.into_iter().filter(|kind| section.value(kind).is_some()).collect();
    let cell = if let [kind] = named[..] {
        one(kind, &section, context, problems)
    } else {
        value.problem(WORDS.cell_kind, Some(WORDS.cell_kinds.to_owned()), problems);
        // What else stands there cannot be judged before it is clear what the cell is.
        section.entries();
        None
    };
    section.finish(problems);
    cell
}

fn one(
    kind: &str,
    section: &Section<'_, '_>,
    context: &Context<'_>,
    problems: &mut Problems,
) -> Option<Cell> {
    let value = section.value(kind)?;
    if !matches!(kind, "panel" | "card")
        && let Some(weight) = section.value("weight")
    {
        weight.problem(WORDS.weight_without_frame, None, problems);
        return None;
    }
    let weight = match kind {
        "panel" | "card" => whole(section, "weight", 1, 100, problems).unwrap_or(1),
        _ => 1,
    };
    match kind {
        "panel" => Some(Cell::Panel { id: panel(&value, context, context.given, problems)?, weight }),
        "card" => {
            let title = value.string(problems);
            if let Some(title) = &title {
                title_variables(&value, title, context.given, problems);
            }
            let list = section.required("panels", problems);
            let panels = list.map(|list| panels(&list, context, context.given, problems));
            Some(Cell::Card { title: title?, panels: panels?, weight })
        }
        "departments" => Some(Cell::Departments { panels: panels(&value, context, &[DEPARTMENT], problems) }),
        "models" => Some(Cell::Models { panels: panels(&value, context, &[MODEL], problems) }),
        _ => {
            let lists = [("needs_you", true), ("department", false)];
            let everybody = choice(&value, WORDS.nouns.alert_list, &lists, problems)?;
            if !everybody && !context.given.contains(&DEPARTMENT) {
                value.problem(WORDS.alerts_without_department, None, problems);
            }
            Some(if everybody { Cell::NeedsYou } else { Cell::DepartmentAlerts })
        }
    }
}

fn panels(
    list: &Value<'_, '_>,
    context: &Context<'_>,
    given: &[&str],
    problems: &mut Problems,
) -> Vec<String> {
    let Some(elements) = list.array(problems) else { return Vec::new() };
    if elements.is_empty() {
        list.problem(WORDS.nothing_inside, None, problems);
    }
    elements.iter().filter_map(|element| panel(element, context, given, problems)).collect()
}

/// A reference to a panel that can be filled in here.
fn panel(
    value: &Value<'_, '_>,
    context: &Context<'_>,
    given: &[&str],
    problems: &mut Problems,
) -> Option<String> {
    let known = context.panels;
    let id = value.string(problems)?;
    if known.known && !known.ids.contains(&id) {
        let help = advice(&id, known.ids.iter().map(String::as_str));
        value.problem(&(WORDS.unknown)(WORDS.nouns.panel, &id), help, problems);
        return None;
    }
    if !context.seen.borrow_mut().insert(id.clone()) {
        value.problem(&(WORDS.panel_twice)(&id), None, problems);
    }
    for name in known.variables(&id) {
        // An unknown variable is the panel's own problem.
        if matches!(name, DEPARTMENT | MODEL) && !given.contains(&name) {
            let help = Some((WORDS.variable_places)(name).to_owned());
            value.problem(&(WORDS.variable_out_of_place)(&id, name), help, problems);
        }
    }
    Some(id)
}

/// The panels of some rows.
fn names(rows: &[Row]) -> Vec<String> {
    let cells = rows.iter().flat_map(|row| &row.cells);
    cells
        .flat_map(|cell| match cell {
            Cell::Panel { id, .. } => vec![id.clone()],
            Cell::Card { panels, .. } | Cell::Departments { panels } | Cell::Models { panels } => {
                panels.clone()
            }
            Cell::NeedsYou | Cell::DepartmentAlerts => Vec::new(),
        })
        .collect()
}
