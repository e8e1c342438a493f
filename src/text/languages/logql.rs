//! LogQL's words, as of Loki 3. A server may know fewer or more; it decides.

use super::Word;

/// The words of LogQL.
#[derive(Debug)]
pub struct LogqlText {
    /// Begin of a selector.
    pub selector: &'static [Word],
    /// Functions over a range of lines.
    pub ranges: &'static [Word],
    /// Functions over the numbers of others.
    pub functions: &'static [Word],
    /// Aggregation operators.
    pub aggregations: &'static [Word],
    /// Line filters.
    pub filters: &'static [Word],
    /// Stages of the pipeline.
    pub stages: &'static [Word],
    /// Operators of a selector's matchers.
    pub matchers: &'static [Word],
    /// Operators of a filter on a label or field.
    pub comparisons: &'static [Word],
    /// What can follow a filter on a label or field.
    pub after_filter: &'static [Word],
    /// What turns a field into a number.
    pub conversions: &'static [Word],
    /// What can follow a range.
    pub after_range: &'static [Word],
    /// Levels that lines usually have.
    pub levels: &'static [Word],
    /// Names of labels and fields whose values are levels.
    pub level_names: &'static [&'static str],
}

/// English.
pub const EN: LogqlText = LogqlText {
    selector: &[("{", "streams by their labels")],
    ranges: &[
        ("count_over_time", "(lines[range]) number of lines"),
        ("rate", "(lines[range]) lines per second; after unwrap, the sum per second"),
        ("bytes_over_time", "(lines[range]) bytes of the lines"),
        ("bytes_rate", "(lines[range]) bytes per second"),
        ("absent_over_time", "(lines[range]) 1 where there is no line"),
        ("sum_over_time", "(lines | unwrap …[range]) sum of a field"),
        ("avg_over_time", "(lines | unwrap …[range]) mean of a field"),
        ("min_over_time", "(lines | unwrap …[range]) least value of a field"),
        ("max_over_time", "(lines | unwrap …[range]) greatest value of a field"),
        ("quantile_over_time", "(φ, lines | unwrap …[range]) φ-quantile of a field"),
        ("first_over_time", "(lines | unwrap …[range]) oldest value of a field"),
        ("last_over_time", "(lines | unwrap …[range]) newest value of a field"),
        ("stddev_over_time", "(lines | unwrap …[range]) standard deviation of a field"),
        ("stdvar_over_time", "(lines | unwrap …[range]) variance of a field"),
        ("rate_counter", "(lines | unwrap …[range]) per-second increase of a field that counts"),
    ],
    functions: &[
        ("label_replace", "(vector, dst, replacement, src, regex) sets a label from another"),
        ("vector", "(number) the number as a series without labels"),
    ],
    aggregations: &[
        ("sum", "(vector) sum of the group"),
        ("avg", "(vector) mean of the group"),
        ("min", "(vector) least of the group"),
        ("max", "(vector) greatest of the group"),
        ("count", "(vector) number of series in the group"),
        ("topk", "(k, vector) the k greatest series"),
        ("bottomk", "(k, vector) the k least series"),
        ("approx_topk", "(k, vector) the k greatest series, estimated"),
        ("stddev", "(vector) population standard deviation of the group"),
        ("stdvar", "(vector) population variance of the group"),
        ("sort", "(vector) ascending by value"),
        ("sort_desc", "(vector) descending by value"),
    ],
    filters: &[
        ("|= \"", "lines that contain the text"),
        ("!= \"", "lines that do not contain the text"),
        ("|~ \"", "lines that match the regular expression"),
        ("!~ \"", "lines that do not match the regular expression"),
        ("|> \"", "lines that match the pattern: text with <_>"),
        ("!> \"", "lines that do not match the pattern"),
    ],
    stages: &[
        ("json", "fields of lines that are JSON"),
        ("logfmt", "fields of lines like key=value"),
        ("pattern", "\"<field> text <_>\" fields by a pattern"),
        ("regexp", "\"(?P<field>…)\" fields by a regular expression"),
        ("unpack", "lines that promtail has packed"),
        ("line_format", "\"{{.field}}\" writes the line anew"),
        ("label_format", "new=old or new=\"{{.field}}\" sets labels"),
        ("unwrap", "a field whose numbers are computed with"),
        ("drop", "label, … leaves labels out"),
        ("keep", "label, … keeps these labels alone"),
        ("decolorize", "takes colour codes out of lines"),
    ],
    matchers: &[
        ("=", "equals"),
        ("=~", "matches the whole regular expression"),
        ("!=", "does not equal"),
        ("!~", "does not match the regular expression"),
    ],
    comparisons: &[
        ("=", "equals"),
        ("!=", "does not equal"),
        ("=~", "matches the regular expression"),
        ("!~", "does not match the regular expression"),
        (">", "greater: a number, a duration, bytes"),
        (">=", "greater or equal"),
        ("<", "less"),
        ("<=", "less or equal"),
    ],
    after_filter: &[("and", "both must hold"), ("or", "one of both must hold")],
    conversions: &[
        ("duration_seconds", "(field) seconds of a duration such as 1.5s"),
        ("duration", "(field) seconds of a duration such as 1.5s"),
        ("bytes", "(field) bytes of a size such as 5 MiB"),
    ],
    after_range: &[("offset", "looks so far into the past")],
    levels: &[
        ("error", "level"),
        ("warn", "level"),
        ("info", "level"),
        ("debug", "level"),
        ("trace", "level"),
        ("fatal", "level"),
        ("critical", "level"),
        ("unknown", "level"),
    ],
    level_names: &["level", "detected_level", "severity", "severity_text", "lvl"],
};
