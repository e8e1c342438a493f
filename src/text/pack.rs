//! Words for problems of packs.

/// What is wrong with a pack. Each is one line without the file's name and place.
#[derive(Debug)]
pub struct PackText {
    /// No pack of this name: name, names there are.
    pub unknown_pack: fn(&str, &[String]) -> (String, String),
    /// A name that cannot be a folder's.
    pub bad_name: fn(&str) -> (String, String),
    /// A file that must be there is not: its name.
    pub file_missing: fn(&str) -> String,
    /// A file cannot be read: the system's words.
    pub file_unreadable: fn(&str) -> String,
    /// A reference to something that is not there: what it is, its name.
    pub unknown: fn(&str, &str) -> String,
    /// "did you mean": the near word.
    pub did_you_mean: fn(&str) -> String,
    /// The words that may stand here.
    pub one_of: fn(&str) -> String,
    /// Two things of one id: what they are, the id.
    pub twice: fn(&str, &str) -> String,
    /// A panel that stands twice on one page: its id.
    pub panel_twice: fn(&str) -> String,
    /// An empty text where something must stand.
    pub empty: &'static str,
    /// A number that must be finite.
    pub not_finite: &'static str,
    /// A number outside its range: least, most.
    pub out_of_range: fn(i64, i64) -> String,
    /// A zone that the time zone database does not know.
    pub unknown_zone: fn(&str) -> String,
    /// `severities.critical` below high.
    pub critical_too_low: &'static str,
    /// A worse severity has the longer response time: worse, milder.
    pub response_order: fn(&str, &str) -> String,
    /// Warning and critical in the wrong order; `true` where low is bad.
    pub marks_order: fn(bool) -> (&'static str, &'static str),
    /// `min` is not below `max`.
    pub scale_order: &'static str,
    /// A gauge without an end.
    pub gauge_without_max: &'static str,
    /// Marks as shares of a scale without an end.
    pub of_max_without_max: &'static str,
    /// A query's quote or bracket without partner.
    pub unbalanced: fn(char) -> String,
    /// A variable that nobody knows.
    pub unknown_variable: fn(&str) -> String,
    /// A panel that uses a variable where there is none: panel, variable.
    pub variable_out_of_place: fn(&str, &str) -> String,
    /// Where a variable has a value.
    pub variable_places: fn(&str) -> &'static str,
    /// A text that uses a variable where there is none.
    pub text_variable_out_of_place: fn(&str) -> String,
    /// Not a plain selector.
    pub not_a_selector: fn(&str) -> String,
    /// Why a fallback is so little.
    pub selector_help: &'static str,
    /// Braces of a legend do not match.
    pub legend_braces: &'static str,
    /// A cell with none or several of its kinds.
    pub cell_kind: &'static str,
    /// What a cell can be.
    pub cell_kinds: &'static str,
    /// `weight` where it means nothing.
    pub weight_without_frame: &'static str,
    /// The department's alerts on a page without a department.
    pub alerts_without_department: &'static str,
    /// Rows or cells or panels missing.
    pub nothing_inside: &'static str,
    /// A component of which no query is known.
    pub seen_nowhere: &'static str,
    /// A page that every pack has is missing.
    pub page_missing: fn(&str) -> String,
    /// Both a fixed and a least height.
    pub two_heights: &'static str,
    /// A runbook that is not a plain file name.
    pub runbook_name: &'static str,
    /// A runbook that does not exist: its path.
    pub runbook_missing: fn(&str) -> String,
    /// Both a stream label and a field for one label.
    pub two_log_names: &'static str,
    /// A query about a value that does not name it.
    pub without_value: &'static str,
    /// Not the name of a label: the text.
    pub not_a_label: fn(&str) -> String,
    /// What a label's name is made of.
    pub label_help: &'static str,
    /// Not an attribute of TraceQL: the text.
    pub not_an_attribute: fn(&str) -> String,
    /// What an attribute looks like.
    pub attribute_help: &'static str,
    /// An event that nothing recognises: its name.
    pub event_unrecognisable: fn(&str) -> String,
    /// What recognises one.
    pub event_recognise_help: &'static str,
    /// A summary whose braces do not match.
    pub event_summary: &'static str,
    /// What a summary is made of.
    pub event_summary_help: &'static str,
    /// `min` above `max`.
    pub event_range_order: &'static str,
    /// A range of something that is no number.
    pub event_range_of_text: &'static str,
    /// A pattern of something that is no text.
    pub event_pattern_of_number: &'static str,
    /// Not a regular expression.
    pub event_pattern: &'static str,
    /// A rule for incidents that every alert fits.
    pub rule_of_everything: &'static str,
    /// Advice that names neither a cause nor a component: its path.
    pub advice_of_everything: fn(&str) -> String,
    /// Advice without a word and without a playbook: its path.
    pub advice_of_nothing: fn(&str) -> String,
    /// A term that is no term.
    pub term_too_short: &'static str,
    /// Words that name things in messages: panel, category, page, department, model, kind …
    pub nouns: Nouns,
}

/// Names of things.
#[derive(Debug)]
pub struct Nouns {
    /// A panel.
    pub panel: &'static str,
    /// A page.
    pub page: &'static str,
    /// A department.
    pub department: &'static str,
    /// An AI model.
    pub model: &'static str,
    /// An incident category.
    pub category: &'static str,
    /// A severity.
    pub severity: &'static str,
    /// A panel's kind.
    pub kind: &'static str,
    /// A unit.
    pub unit: &'static str,
    /// A level.
    pub level: &'static str,
    /// A state's value.
    pub state: &'static str,
    /// A list of alerts.
    pub alert_list: &'static str,
    /// A label.
    pub label: &'static str,
    /// A ready query.
    pub ready_query: &'static str,
    /// A field of an event.
    pub field: &'static str,
    /// What kind of value a field has.
    pub field_type: &'static str,
    /// What the events of one logger share.
    pub shape: &'static str,
    /// A rule that opens incidents.
    pub incident_rule: &'static str,
    /// An alert.
    pub alert: &'static str,
    /// A component of the topology.
    pub component: &'static str,
    /// A signal that correlation watches.
    pub signal: &'static str,
    /// How two components hang together.
    pub relation: &'static str,
    /// A kind of cause.
    pub cause: &'static str,
    /// A playbook.
    pub playbook: &'static str,
}

/// English.
pub const EN: PackText = PackText {
    unknown_pack: |name, known| {
        (format!("there is no pack `{name}`"), format!("there are: {}", known.join(", ")))
    },
    bad_name: |name| {
        (
            format!("`{name}` cannot be a pack's name"),
            "a pack's name is its folder's: letters, digits, `-` and `_`".to_owned(),
        )
    },
    file_missing: |file| format!("{file} is missing"),
    file_unreadable: |why| format!("cannot be read: {why}"),
    unknown: |noun, name| format!("unknown {noun} `{name}`"),
    did_you_mean: |near| format!("did you mean `{near}`?"),
    one_of: |list| format!("one of: {list}"),
    twice: |noun, name| format!("{noun} `{name}` stands here a second time"),
    panel_twice: |id| format!("panel `{id}` stands on this page a second time"),
    empty: "must not be empty",
    not_finite: "must be a finite number",
    out_of_range: |least, most| format!("must be between {least} and {most}"),
    unknown_zone: |zone| format!("unknown time zone `{zone}`"),
    critical_too_low: "an alert that calls itself critical must be critical or high",
    response_order: |worse, milder| format!("{worse} must not have a longer response time than {milder}"),
    marks_order: |low_is_bad| {
        if low_is_bad {
            (
                "warning and critical are in the wrong order",
                "with `low_is_bad = true` critical lies below warning",
            )
        } else {
            (
                "warning and critical are in the wrong order",
                "critical lies above warning; where low values are the bad ones say `low_is_bad = true`",
            )
        }
    },
    scale_order: "min must be below max",
    gauge_without_max: "a gauge needs an end: `max` or `max_query` (percent and ratio have one)",
    of_max_without_max: "`of_max` needs the scale's end: `max` or `max_query`",
    unbalanced: |c| format!("`{c}` has no partner"),
    unknown_variable: |name| format!("unknown variable `${name}`"),
    variable_out_of_place: |panel, name| format!("panel `{panel}` uses `${name}`, which has no value here"),
    variable_places: |name| {
        if name == "model" {
            "`$model` has a value in `models` cells"
        } else {
            "`$department` has a value on the page `department`, in a department's rows and in `departments` cells"
        }
    },
    text_variable_out_of_place: |name| format!("`${name}` has no value here"),
    not_a_selector: |text| format!("`{text}` is not a plain selector such as name{{label=\"value\"}}"),
    selector_help: "it is answered from a scraped page, which has no history and no functions",
    legend_braces: "a `{` or `}` has no partner; write `{label}`",
    cell_kind: "a cell is exactly one thing",
    cell_kinds: "write one of: panel, card (with panels), departments, models, alerts",
    weight_without_frame: "only `panel` and `card` have a weight",
    alerts_without_department: "`alerts = \"department\"` needs a department: use it on the page `department` or in a department's rows",
    nothing_inside: "must not be an empty list",
    seen_nowhere: "where is it seen? One of `logs`, `traces`, `metrics` must say so",
    page_missing: |id| format!("page `{id}` is missing"),
    two_heights: "a row has either `height` or `min_height`",
    runbook_name: "a runbook is a file name ending in .md, in the folder runbooks",
    runbook_missing: |path| format!("there is no file {path}"),
    two_log_names: "a label leads to a stream label (`log`) or to fields (`log_fields`), not to both",
    without_value: "the query must say where the value goes: write `$value`",
    not_a_label: |text| format!("`{text}` is not the name of a label or field"),
    label_help: "letters, digits and `_`, not beginning with a digit",
    not_an_attribute: |text| format!("`{text}` is not an attribute of TraceQL"),
    attribute_help: "an attribute has its scope before it: span.http.route, resource.service.name",
    event_unrecognisable: |name| format!("nothing recognises the event `{name}`"),
    event_recognise_help: "write `words` (how its words begin) or `has` (fields that only it has)",
    event_summary: "a brace or bracket has no partner, or they nest",
    event_summary_help: "write text, {field}, {field?yes:no}, [what is left out without its field]",
    event_range_order: "must not be above `max`",
    event_range_of_text: "only numbers have a range",
    event_pattern_of_number: "only texts have a pattern",
    event_pattern: "must be a regular expression",
    rule_of_everything: "the rule says nothing of which alerts it is about: give severity, categories or alerts",
    advice_of_everything: |path| {
        format!(
            "{path}: says neither which cause nor which component it is about, so every finding would get it"
        )
    },
    advice_of_nothing: |path| format!("{path}: says nothing: give `say` or `playbooks`"),
    term_too_short: "must be at least 1d",
    nouns: Nouns {
        panel: "panel",
        page: "page",
        department: "department",
        model: "model",
        category: "category",
        severity: "severity",
        kind: "kind",
        unit: "unit",
        level: "level",
        state: "state",
        alert_list: "alert list",
        label: "label",
        ready_query: "ready query",
        field: "field",
        field_type: "type",
        shape: "shape",
        incident_rule: "rule",
        alert: "alert",
        component: "name of a component",
        signal: "signal",
        relation: "relation",
        cause: "kind of cause",
        playbook: "playbook",
    },
};
