//! Views by the names that scripts use: a page's id, `department/ID`, `alerts`, `incidents`, `incident/ID`, `silences`, `sources`, `logs`, `traces`,
//! `trace/ID`, `compare/ID/ID`, `metrics`.

use super::View;
use crate::model::{Language, TraceId};
use crate::pack::Pack;

/// The explorers by name.
const EXPLORERS: [(&str, Language); 3] =
    [("logs", Language::LogQl), ("traces", Language::TraceQl), ("metrics", Language::PromQl)];

/// Every name; a single trace's is `trace/ID`.
pub fn view_names(pack: &Pack) -> Vec<String> {
    let mut names: Vec<String> =
        pack.pages.iter().filter(|page| page.id != "department").map(|page| page.id.clone()).collect();
    if pack.pages.iter().any(|page| page.id == "department") {
        names.extend(pack.departments.iter().map(|department| format!("department/{}", department.id)));
    }
    names.extend(["alerts", "incidents", "silences", "sources", "incident"].map(str::to_owned));
    names.extend(EXPLORERS.map(|(name, _)| name.to_owned()));
    names
}

/// The name of a view; of a panel or an alert, that of the view it belongs to.
pub fn name_of_view(pack: &Pack, view: &View) -> String {
    match view {
        View::Page { id, department } | View::Panel { page: id, department, .. } => {
            let department = department.and_then(|at| pack.departments.get(at));
            department.map_or_else(|| id.to_string(), |one| format!("department/{}", one.id))
        }
        View::Alerts | View::Detail(_) => "alerts".to_owned(),
        View::Sources => "sources".to_owned(),
        View::Silences => "silences".to_owned(),
        View::Incidents => "incidents".to_owned(),
        View::Record(id) => format!("incident/{id}"),
        View::Logs(_) => "logs".to_owned(),
        View::Traces(_) => "traces".to_owned(),
        View::Trace(id) => format!("trace/{id}"),
        View::Compare(one, other) => format!("compare/{one}/{other}"),
        View::Metrics(_) => "metrics".to_owned(),
        View::Incident => "incident".to_owned(),
    }
}

/// The view of a name; a department's own name will do. An explorer asks the pack's first ready query.
pub fn view_by_name(pack: &Pack, name: &str) -> Option<View> {
    match name {
        "alerts" => return Some(View::Alerts),
        "sources" => return Some(View::Sources),
        "silences" => return Some(View::Silences),
        "incidents" => return Some(View::Incidents),
        "incident" => return Some(View::Incident),
        _ => {}
    }
    if name != "department" && pack.pages.iter().any(|page| page.id == name) {
        return Some(View::Page { id: name.into(), department: None });
    }
    if let Some((_, language)) = EXPLORERS.iter().find(|(known, _)| *known == name) {
        return Some(View::first(*language, &pack.explore));
    }
    if let Some(id) = name.strip_prefix("incident/").filter(|id| !id.is_empty()) {
        return Some(View::Record(id.into()));
    }
    if let Some(id) = name.strip_prefix("trace/") {
        return TraceId::parse(id).map(View::Trace);
    }
    if let Some(ids) = name.strip_prefix("compare/") {
        let (one, other) = ids.split_once('/')?;
        return Some(View::Compare(TraceId::parse(one)?, TraceId::parse(other)?));
    }
    let id = name.strip_prefix("department/").unwrap_or(name);
    let at = pack.departments.iter().position(|department| department.id == id)?;
    pack.pages
        .iter()
        .any(|page| page.id == "department")
        .then(|| View::Page { id: "department".into(), department: Some(at) })
}
