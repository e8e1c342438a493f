//! The shape of JSON: keys and types, whatever the values.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// A capture of a real server: path and parameters, status and body.
pub struct Capture {
    pub path: String,
    pub query: Vec<(String, String)>,
    pub status: u16,
    pub answer: String,
}

pub fn capture(name: &str) -> Capture {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/wire/{name}.json"));
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let whole: Value = serde_json::from_str(&text).unwrap();
    let (request, response) = (&whole["request"], &whole["response"]);
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut query = Vec::new();
    for (name, value) in request["query"].as_object().into_iter().flatten() {
        match value {
            Value::Array(all) => query.extend(all.iter().map(|one| (name.clone(), text(one)))),
            one => query.push((name.clone(), text(one))),
        }
    }
    Capture {
        path: text(&request["path"]),
        query,
        status: response["status"].as_u64().unwrap() as u16,
        answer: response["body"].as_str().unwrap_or_default().to_owned(),
    }
}

/// Keys whose objects are maps: their keys are data.
const MAPS: [&str; 6] = ["labels", "annotations", "metric", "seriesLabels", "discoveredLabels", "data"];

/// Every path in a value with its types: `data.groups[].name` is `string`. What lies in lists is one.
pub fn of(value: &Value) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    walk(value, "$", "", &mut all);
    all
}

fn walk(value: &Value, path: &str, key: &str, all: &mut BTreeMap<String, String>) {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    };
    all.insert(path.to_owned(), kind.to_owned());
    match value {
        Value::Array(elements) => {
            for (at, element) in elements.iter().enumerate() {
                // A pair of moment and value is no list of equals.
                let pair = elements.len() == 2 && elements[0].is_number() && elements[1].is_string();
                let path = if pair { format!("{path}[{at}]") } else { format!("{path}[]") };
                walk(element, &path, key, all);
            }
        }
        Value::Object(fields) => {
            // A map of the API's own (`data` of metadata) has no key that the envelope's data has.
            let own = key == "data" && !fields.values().all(Value::is_array);
            let is_map = MAPS.contains(&key)
                && !own
                && !fields.contains_key("groups")
                && !fields.contains_key("alerts")
                && !fields.contains_key("activeTargets")
                && !fields.contains_key("result");
            // A label set as an element of a list.
            let is_map = is_map || path.ends_with("data[]") && fields.values().all(Value::is_string);
            for (name, field) in fields {
                let path = if is_map { format!("{path}.*") } else { format!("{path}.{name}") };
                walk(field, &path, if is_map { "" } else { name }, all);
            }
        }
        _ => {}
    }
}

/// What differs between two shapes, less the paths in `but`.
pub fn difference(ours: &Value, real: &Value, but: &[&str]) -> Vec<String> {
    let (ours, real) = (of(ours), of(real));
    let mut all = Vec::new();
    for (path, kind) in &real {
        match ours.get(path) {
            None => all.push(format!("missing {path}: {kind}")),
            Some(other) if other != kind => all.push(format!("{path}: {other} instead of {kind}")),
            Some(_) => {}
        }
    }
    all.extend(
        ours.iter()
            .filter(|(path, _)| !real.contains_key(*path))
            .map(|(path, kind)| format!("more: {path}: {kind}")),
    );
    all.retain(|line| !but.iter().any(|but| line.contains(but)));
    all
}
