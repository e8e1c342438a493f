//! What a log line names: its service, department, trace, and the fields that links go by.

use super::link::Focus;
use crate::model::{Labels, LogEntry, TraceId};
use crate::pack::Explore;

/// What a line is about. Labels are its stream's, its metadata and the fields of the line that the pack links.
pub fn focus(explore: &Explore, entry: &LogEntry) -> Focus {
    let named = |name: &str| {
        let given = entry.labels.get(name).or_else(|| entry.metadata.get(name));
        given.filter(|value| !value.is_empty()).or_else(|| field(&entry.line, name))
    };
    let linked = explore.links.iter().filter(|link| link.log_is_field).flat_map(|link| &link.log);
    let fields = linked.filter_map(|name| Some((name.as_str(), named(name)?)));
    let labels = Labels::new(fields.chain(entry.metadata.iter()).chain(entry.labels.iter()));
    let traced = explore.log_trace.iter().filter_map(|name| named(name));
    let at = chrono::DateTime::from_timestamp_nanos(entry.ts);
    Focus {
        labels,
        service: explore.log_service.iter().find_map(|name| named(name)).map(str::to_owned),
        department: explore.log_department.as_deref().and_then(named).map(str::to_owned),
        trace: traced.chain(field(&entry.line, "trace")).find_map(trace_id),
        query: None,
        span: Some((at, at)),
    }
}

/// A whole trace id, and not any number that could be one.
fn trace_id(text: &str) -> Option<TraceId> {
    let whole = matches!(text.len(), 16 | 31 | 32) && text.bytes().any(|byte| byte != b'0');
    TraceId::parse(text).filter(|_| whole)
}

/// The value of a field of a line: of a JSON object (`"name": "value"`), of logfmt (`name=value`), or written so within
/// a text. Only plain words: a value that holds a quote, a space or a bracket leads nowhere.
pub fn field<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    line.match_indices(name).find_map(|(at, _)| {
        let stands_alone =
            !line[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'));
        let rest = &line[at + name.len()..];
        let rest = rest.strip_prefix('"').unwrap_or(rest).trim_start();
        let rest = rest.strip_prefix([':', '='])?.trim_start();
        let (rest, quoted) = rest.strip_prefix('"').map_or((rest, false), |rest| (rest, true));
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ':');
        let end = rest.find(|c| !plain(c)).unwrap_or(rest.len());
        let closed = !quoted || rest[end..].starts_with('"');
        (stands_alone && closed && end > 0).then(|| &rest[..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_in_whatever_shape() {
        let json = r#"{"service": "a", "my_service":"no", "trace_id":"ab", "n": 5}"#;
        assert_eq!(field(json, "service"), Some("a"));
        assert_eq!(field(json, "trace_id"), Some("ab"));
        assert_eq!(field(json, "n"), Some("5"));
        assert_eq!(field(json, "absent"), None);
        assert_eq!(field("level=info trace_id=ab x", "trace_id"), Some("ab"));
        assert_eq!(field("unhandled X in y trace=abc\n at z", "trace"), Some("abc"));
        assert_eq!(field("the trace_id of it", "trace_id"), None, "a word is no field");
        assert_eq!(field(r#"{"who": "a b"}"#, "who"), None, "half a value is none");
        assert_eq!(field("trace=", "trace"), None);
    }

    fn entry(line: &str, labels: &[(&str, &str)], metadata: &[(&str, &str)]) -> LogEntry {
        let set = |pairs: &[(&str, &str)]| Labels::new(pairs.iter().copied());
        LogEntry { ts: 1, labels: set(labels), line: line.into(), metadata: set(metadata) }
    }

    #[test]
    fn a_trace_is_found_as_metadata_field_or_text() {
        let explore = Explore::default();
        let id = "0000000000000000000000000000abcd";
        let of = |line: &str, metadata: &[(&str, &str)]| focus(&explore, &entry(line, &[], metadata)).trace;
        let found = Some(TraceId(0xabcd));
        assert_eq!(of("GET /", &[("trace_id", id)]), found);
        assert_eq!(of(&format!(r#"{{"trace_id":"{id}"}}"#), &[]), found);
        assert_eq!(of(&format!("ERROR in step trace={id}"), &[]), found);
        assert_eq!(of(r#"{"trace_id":"12"}"#, &[]), None, "too short to be one");
        assert_eq!(of(&format!(r#"{{"trace_id":"{}"}}"#, "0".repeat(32)), &[]), None, "no trace at all");
    }

    #[test]
    fn a_line_is_of_its_service() {
        let explore = Explore::default();
        let one = focus(&explore, &entry(r#"{"service":"b"}"#, &[("service_name", "a")], &[]));
        assert_eq!(one.service.as_deref(), Some("a"));
        assert_eq!(focus(&explore, &entry(r#"{"service":"b"}"#, &[], &[])).service.as_deref(), Some("b"));
    }
}
