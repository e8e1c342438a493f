//! What a pack knows of logs, traces and metrics: ready queries, and how its signals name the same things.

mod read;

pub(super) use read::read;

/// How this field's logs, traces and metrics are explored, and how one leads to the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Explore {
    /// Ready LogQL queries; the first is what the log view starts with.
    pub logs: Vec<ReadyQuery>,
    /// Ready TraceQL queries; the first is what the list of traces starts with.
    pub traces: Vec<ReadyQuery>,
    /// Ready PromQL queries; the first is what the metrics view starts with.
    pub metrics: Vec<ReadyQuery>,
    /// Stream label that every stream has: what a selector is made of when nothing else is known.
    pub log_any: String,
    /// Stream labels or fields that name the service, best first.
    pub log_service: Vec<String>,
    /// Stream label or field of the department, where there is one.
    pub log_department: Option<String>,
    /// Labels, metadata or fields that hold a line's level, best first.
    pub log_level: Vec<String>,
    /// Labels, metadata or fields that hold a trace id, best first.
    pub log_trace: Vec<String>,
    /// TraceQL attributes that name the department (`span.medical.department`), best first.
    pub trace_department: Vec<String>,
    /// A trace of this many milliseconds counts as slow.
    pub trace_slow_ms: u32,
    /// Labels of alerts and series that name the service, best first.
    pub service_labels: Vec<String>,
    /// PromQL that shows how a service does; `$value` is the service.
    pub service_metrics: Option<String>,
    /// PromQL that shows how a department does; `$value` is its id.
    pub department_metrics: Option<String>,
    /// Labels of alerts and series that lead to log lines and traces: the label, the stream label or field, the
    /// attribute. The most telling first.
    pub links: Vec<Link>,
    /// What is no service of its own, or is named otherwise: where its lines, traces and figures are.
    pub components: Vec<Component>,
    /// Seconds before and after a moment that a link opens.
    pub margin_s: u32,
    /// Bytes from which on a log query shows its cost before it runs.
    pub heavy_bytes: u64,
}

/// A ready query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadyQuery {
    /// Id: `failed_authentication`.
    pub id: String,
    /// Title for a person.
    pub title: String,
    /// The query.
    pub query: String,
}

/// Where a component is seen that has no lines, traces or figures under its own name: a machine, a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// Its names, as findings and labels have them.
    pub names: Vec<String>,
    /// LogQL; `None` where its name leads there as any service's does.
    pub logs: Option<String>,
    /// TraceQL, of a spanset.
    pub traces: Option<String>,
    /// PromQL.
    pub metrics: Option<String>,
}

/// How one label is named elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Label of an alert or of a series.
    pub label: String,
    /// Stream label of log lines, or the fields that hold it, one for each shape of line; empty where lines do not
    /// have it.
    pub log: Vec<String>,
    /// Whether `log` are fields within the line rather than a stream label.
    pub log_is_field: bool,
    /// TraceQL attribute; `None` where spans do not have it.
    pub trace: Option<String>,
    /// PromQL that shows what has this value; `$value` is the value.
    pub metrics: Option<String>,
}

impl Explore {
    /// What is known of the component of this name.
    pub fn component(&self, name: &str) -> Option<&Component> {
        self.components.iter().find(|one| one.names.iter().any(|known| known == name))
    }
}

impl Link {
    /// Whether the label leads nowhere by design: it is left out without a word.
    pub fn is_silent(&self) -> bool {
        self.log.is_empty() && self.trace.is_none() && self.metrics.is_none()
    }
}

impl Default for Explore {
    fn default() -> Self {
        Self {
            logs: Vec::new(),
            traces: Vec::new(),
            metrics: Vec::new(),
            log_any: "service_name".to_owned(),
            log_service: ["service_name", "service", "app", "job"].map(str::to_owned).to_vec(),
            log_department: None,
            log_level: ["level", "detected_level", "severity", "severity_text", "lvl"]
                .map(str::to_owned)
                .to_vec(),
            log_trace: ["trace_id", "traceid", "traceID", "TraceId"].map(str::to_owned).to_vec(),
            trace_department: Vec::new(),
            trace_slow_ms: 1000,
            service_labels: ["service", "service_name", "job", "app"].map(str::to_owned).to_vec(),
            service_metrics: None,
            department_metrics: None,
            links: Vec::new(),
            components: Vec::new(),
            margin_s: 300,
            heavy_bytes: 2_000_000_000,
        }
    }
}
