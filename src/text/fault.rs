//! Words for faults: what is wrong with a source, in one line.

use crate::model::FaultKind;

/// One-line words for a fault.
#[derive(Debug)]
pub struct FaultText {
    /// Two or three words for a lamp or a table cell: `refused`, `timeout`, `401`.
    pub short: fn(FaultKind, Option<u16>) -> String,
    /// What a person can do about it, one sentence without the server's own words; empty where
    /// nothing is to be done.
    pub advice: fn(FaultKind) -> &'static str,
    /// The detail line of a fault.
    pub detail: fn(&Why<'_>) -> String,
    /// A warning that comes with an answer.
    pub warning: fn(&Doubt<'_>) -> String,
}

/// Why a request failed, as `client` found out; [`FaultText::detail`] puts it into words. `at` is a host
/// with its port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why<'a> {
    /// The source is not in the configuration.
    NotConfigured(&'a str),
    /// A silence that was to be extended is over, or was never there.
    SilenceGone,
    /// The question does not fit the kind of source.
    NotAskable(&'a str),
    /// The host name has no address; the resolver's words.
    NoAddress(&'a str, &'a str),
    /// Nothing listens.
    Refused(&'a str),
    /// The network says there is no way.
    Unreachable(&'a str),
    /// The connection ended before any answer.
    Closed(&'a str),
    /// Any other failure to connect or send, in the system's words.
    Io(&'a str, &'a str),
    /// No answer began within the deadline (milliseconds).
    SlowAnswer(&'a str, u128),
    /// The answer did not end within the deadline (milliseconds); bytes so far.
    SlowBody(&'a str, u128, usize),
    /// TLS failed.
    Tls(&'a str, Tls<'a>),
    /// What came is no HTTP.
    NotHttp(&'a str),
    /// Plain HTTP was sent to a port that wants TLS.
    WantsTls(&'a str),
    /// An HTTP status with the server's first line of words, possibly none.
    Status(u16, &'a str),
    /// An HTTP status with an HTML page, by its title, possibly none.
    StatusPage(u16, &'a str),
    /// Success with an HTML page, by its title, possibly none.
    Html(&'a str),
    /// A redirect that is not followed; its target host.
    RedirectElsewhere(&'a str),
    /// A redirect without a usable target.
    RedirectNowhere,
    /// Redirects without end.
    RedirectLoop,
    /// The server's own words about a query.
    Query(&'a str),
    /// The query's result is a string.
    QueryIsString,
    /// Nothing is known behind this mark of a query.
    MarkUnknown(&'a str),
    /// This mark of a query stands outside of a string.
    MarkOutside(&'a str),
    /// This mark of a query stands for several spellings where only one can be put.
    MarkSeveral(&'a str),
    /// The query asks for lines where numbers are wanted.
    NotNumbers,
    /// The query asks for numbers where lines are wanted.
    NotLines,
    /// The query has no selector.
    NoSelector,
    /// The server's lines are not of the time or the filter that was asked for.
    OtherLines,
    /// The server does not switch to a WebSocket.
    NoSocket,
    /// A WebSocket was closed; the server's words, possibly none.
    SocketClosed(&'a str),
    /// Nothing came over a WebSocket for so long (milliseconds), not even an answer to a ping; host.
    SocketSilent(&'a str, u128),
    /// An answer without a body.
    Empty,
    /// The body ended early; bytes received.
    CutOff(usize),
    /// The body is larger than the cap (bytes).
    TooLarge(usize),
    /// The compressed body cannot be unpacked.
    BadGzip,
    /// Not the JSON that was expected; the parser's words.
    BadJson(&'a str),
    /// Not the protobuf that was expected; what is wrong with it.
    BadProtobuf(&'a str),
    /// A page without a single sample; words about its first bad line, possibly none.
    NoSamples(&'a str),
    /// A file cannot be read; path, system's words.
    File(&'a str, &'a str),
    /// A file is empty or holds nothing useful; path, what was expected.
    FileEmpty(&'a str, &'a str),
    /// A header cannot be sent; its name.
    Header(&'a str),
    /// The client cannot be set up; the library's words.
    Setup(&'a str),
}

/// Why TLS failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls<'a> {
    /// Nobody trusted signed the certificate.
    UnknownIssuer,
    /// The certificate is over.
    Expired,
    /// The certificate is not valid yet.
    NotYet,
    /// The certificate is for another name.
    WrongName,
    /// The certificate is revoked.
    Revoked,
    /// What answers is not TLS.
    NotTls,
    /// The connection ended in the handshake.
    Closed,
    /// The server refused, by its alert.
    Alert(&'a str),
    /// Something else, in the library's words.
    Other(&'a str),
}

/// What makes an answer doubtful.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt<'a> {
    /// Native histograms were left out: how many series.
    NativeHistograms(usize),
    /// The server marked its answer as partial.
    Partial,
    /// Lines that nothing tells apart, of one moment, more than the server gives at once: how many are not
    /// shown; 0 where nobody can count them.
    SameLines(u64),
    /// The server marked a trace as partial, without a word.
    PartialTrace,
    /// A trace has more spans than are read: how many are read, how many are not.
    MoreSpans(usize, usize),
    /// So many attributes, events and links of a trace are not read.
    MoreValues(usize),
    /// A line of a page cannot be read: number, why.
    Line(usize, LineFlaw<'a>),
    /// More such lines than are named.
    MoreLines(usize),
    /// A line of the server's configuration cannot be read.
    ConfigLine(usize),
    /// There may be more annotations than were asked for: how many.
    MoreAnnotations(u32),
}

/// What is wrong with a line of a scraped page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineFlaw<'a> {
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// No metric name at its start.
    NoName,
    /// The label list is broken.
    Labels,
    /// A label stands twice.
    LabelTwice(&'a str),
    /// No value.
    NoValue,
    /// The value is not a number.
    BadValue(&'a str),
    /// The timestamp is not a number.
    BadTimestamp(&'a str),
    /// Something follows the sample.
    Trailing(&'a str),
    /// The series stood before.
    Duplicate,
}

/// English.
pub const EN: FaultText =
    FaultText { short: en_short, advice: en_advice, detail: en_detail, warning: en_warning };

fn en_short(kind: FaultKind, status: Option<u16>) -> String {
    let fixed = match kind {
        FaultKind::Dns => "no DNS",
        FaultKind::Connect => "refused",
        FaultKind::Timeout => "timeout",
        FaultKind::Tls => "TLS",
        FaultKind::WrongFormat => "bad format",
        FaultKind::Truncated => "cut off",
        FaultKind::TooLarge => "too big",
        FaultKind::Setup => "setup",
        FaultKind::BadQuery => "bad query",
        FaultKind::Unauthorized => "401",
        FaultKind::Forbidden => "403",
        FaultKind::NotFound => "404",
        FaultKind::TooManyRequests => "429",
        FaultKind::ServerError => return status.map_or_else(|| "error".to_owned(), |code| code.to_string()),
        FaultKind::UnexpectedStatus => {
            return status.map_or_else(|| "bad status".to_owned(), |code| code.to_string());
        }
    };
    fixed.to_owned()
}

fn en_advice(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::Dns => "Check the host name in the source's url and this machine's DNS.",
        FaultKind::Connect => {
            "Check that the server runs and that host and port of the source's url are right."
        }
        FaultKind::Timeout => "Check the server's load and the network, or raise the source's timeout.",
        FaultKind::Tls => {
            "Check the server's certificate, the source's ca_file and whether its url says https."
        }
        FaultKind::Unauthorized => "Check the source's basic or bearer_token_file, and its tenant.",
        FaultKind::Forbidden => {
            "These credentials may not read here: check the source's user, token or tenant."
        }
        FaultKind::NotFound => "Check the path prefix of the source's url.",
        FaultKind::TooManyRequests => "Nothing to do: the console waits and asks less often.",
        FaultKind::ServerError => "Look at the server's own log.",
        FaultKind::BadQuery => "Correct the query in the pack or the panel.",
        FaultKind::UnexpectedStatus => "Check what answers at the source's url: a proxy, or another program.",
        FaultKind::WrongFormat => {
            "Check what answers at the source's url: a login proxy, or another program."
        }
        FaultKind::Truncated => "Check proxies and load balancers between here and the server.",
        FaultKind::TooLarge => "Ask for less: a narrower query, or a smaller page.",
        FaultKind::Setup => "Correct the source's settings; `plantao doctor` checks them.",
    }
}

fn en_detail(why: &Why<'_>) -> String {
    match *why {
        Why::NotConfigured(source) => format!("{source} is not configured"),
        Why::SilenceGone => "the silence is over, or Alertmanager does not know it".to_owned(),
        Why::NotAskable(source) => format!("{source} cannot answer this question"),
        Why::NoAddress(host, words) => format!("no address for {host}: {words}"),
        Why::Refused(at) => format!("{at} refuses connections"),
        Why::Unreachable(at) => format!("{at} cannot be reached from this network"),
        Why::Closed(at) => format!("{at} closed the connection without an answer"),
        Why::Io(at, words) => format!("{at}: {words}"),
        Why::SlowAnswer(at, ms) => format!("{at} did not answer within {}", seconds(ms)),
        Why::SlowBody(at, ms, bytes) => {
            format!("{at} did not finish its answer within {} ({bytes} bytes came)", seconds(ms))
        }
        Why::Tls(at, tls) => format!("TLS with {at} failed: {}", en_tls(tls)),
        Why::NotHttp(at) => format!("{at} does not answer in HTTP; is its address https?"),
        Why::WantsTls(at) => format!("{at} wants TLS: its address must begin with https"),
        Why::Status(code, "") => format!("answered {code}"),
        Why::Status(code, words) => format!("answered {code}: {words}"),
        Why::StatusPage(code, "") => format!("answered {code} with an HTML page"),
        Why::StatusPage(code, title) => format!("answered {code} with an HTML page titled “{title}”"),
        Why::Html("") => "answered an HTML page; is a login proxy in front?".to_owned(),
        Why::Html(title) => format!("answered an HTML page titled “{title}”; is a login proxy in front?"),
        Why::RedirectElsewhere(host) => {
            format!("redirects to {host}; not followed, since credentials would go there")
        }
        Why::RedirectNowhere => "redirects without saying where".to_owned(),
        Why::RedirectLoop => "redirects in a circle".to_owned(),
        Why::Query(words) => words.to_owned(),
        Why::QueryIsString => "the query's result is a string, not numbers".to_owned(),
        Why::MarkUnknown(mark) => format!(
            "nothing is known behind {mark}: it was masked in another run or too long ago; open a line that holds it, then ask again"
        ),
        Why::MarkOutside(mark) => {
            format!("{mark} stands for a text: put it in quotes, as in |= \"{mark}\" or {{label=\"{mark}\"}}")
        }
        Why::MarkSeveral(mark) => format!(
            "{mark} is spelt in several ways by the server: compare with it by =, !=, =~, !~ or a line filter instead"
        ),
        Why::NotNumbers => {
            "this query gives lines, not numbers; count them: `count_over_time(QUERY [1m])`".to_owned()
        }
        Why::NotLines => "this query gives numbers, not lines; it is a metric query".to_owned(),
        Why::NoSelector => "this query has no selector such as {service=\"api\"}".to_owned(),
        Why::OtherLines => "answered other lines than those that were asked for".to_owned(),
        Why::NoSocket => {
            "does not switch to a WebSocket; does a proxy in front let upgrades through?".to_owned()
        }
        Why::SocketClosed("") => "the server closed the live tail".to_owned(),
        Why::SocketClosed(words) => format!("the server closed the live tail: {words}"),
        Why::SocketSilent(at, ms) => format!("{at} has not said anything for {}", seconds(ms)),
        Why::Empty => "answered with an empty body".to_owned(),
        Why::CutOff(bytes) => format!("the answer was cut off after {bytes} bytes"),
        Why::TooLarge(cap) => format!("the answer is larger than {} MiB", cap / (1024 * 1024)),
        Why::BadGzip => "the compressed answer is damaged".to_owned(),
        Why::BadJson(words) => format!("not the JSON that was expected: {words}"),
        Why::BadProtobuf(words) => format!("not the protobuf that was expected: {words}"),
        Why::NoSamples("") => "the page holds no samples".to_owned(),
        Why::NoSamples(flaw) => format!("the page holds no samples; {flaw}"),
        Why::File(path, words) => format!("cannot read {path}: {words}"),
        Why::FileEmpty(path, expected) => format!("{path} holds no {expected}"),
        Why::Header(name) => format!("the header {name} cannot be sent: it holds a character HTTP forbids"),
        Why::Setup(words) => format!("cannot set up the connection: {words}"),
    }
}

fn en_tls(tls: Tls<'_>) -> String {
    match tls {
        Tls::UnknownIssuer => "the certificate's issuer is not trusted".to_owned(),
        Tls::Expired => "the certificate has expired".to_owned(),
        Tls::NotYet => "the certificate is not valid yet; is a clock wrong?".to_owned(),
        Tls::WrongName => "the certificate is for another name".to_owned(),
        Tls::Revoked => "the certificate is revoked".to_owned(),
        Tls::NotTls => "the server does not speak TLS".to_owned(),
        Tls::Closed => "the server ended the handshake".to_owned(),
        Tls::Alert(alert) => format!("the server refused with {alert}"),
        Tls::Other(words) => words.to_owned(),
    }
}

fn en_warning(doubt: &Doubt<'_>) -> String {
    match *doubt {
        Doubt::NativeHistograms(1) => "1 native histogram is left out".to_owned(),
        Doubt::NativeHistograms(count) => format!("{count} native histograms are left out"),
        Doubt::Partial => "the server says that its answer is partial".to_owned(),
        Doubt::SameLines(0) => "more identical lines at one moment than the server gives at once".to_owned(),
        Doubt::SameLines(1) => "1 of many identical lines at one moment is not shown".to_owned(),
        Doubt::SameLines(count) => format!("{count} of many identical lines at one moment are not shown"),
        Doubt::PartialTrace => "the server says that spans of this trace are missing".to_owned(),
        Doubt::MoreSpans(read, beyond) => {
            format!("only {read} of the trace's {} spans are read", read + beyond)
        }
        Doubt::MoreValues(beyond) => format!("{beyond} attributes and events of the trace are not read"),
        Doubt::Line(number, flaw) => format!("line {number}: {}", en_flaw(flaw)),
        Doubt::MoreLines(count) => format!("{count} more lines cannot be read"),
        Doubt::MoreAnnotations(count) => {
            format!("there may be more annotations than the {count} that were asked for")
        }
        Doubt::ConfigLine(number) => {
            format!("external labels: line {number} of the server's configuration is not `name: value`")
        }
    }
}

fn en_flaw(flaw: LineFlaw<'_>) -> String {
    match flaw {
        LineFlaw::NotUtf8 => "not UTF-8".to_owned(),
        LineFlaw::NoName => "no metric name".to_owned(),
        LineFlaw::Labels => "broken label list".to_owned(),
        LineFlaw::LabelTwice(name) => format!("label {name} stands twice"),
        LineFlaw::NoValue => "no value".to_owned(),
        LineFlaw::BadValue(text) => format!("`{text}` is not a number"),
        LineFlaw::BadTimestamp(text) => format!("`{text}` is not a timestamp"),
        LineFlaw::Trailing(text) => format!("`{text}` after the sample"),
        LineFlaw::Duplicate => "the series stood before".to_owned(),
    }
}

/// Milliseconds as seconds, whole where they are whole.
fn seconds(ms: u128) -> String {
    if ms.is_multiple_of(1000) { format!("{} s", ms / 1000) } else { format!("{:.1} s", ms as f64 / 1000.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lamps_are_short_and_every_fault_has_advice() {
        let kinds = [
            FaultKind::Dns,
            FaultKind::Connect,
            FaultKind::Timeout,
            FaultKind::Tls,
            FaultKind::Unauthorized,
            FaultKind::Forbidden,
            FaultKind::NotFound,
            FaultKind::TooManyRequests,
            FaultKind::ServerError,
            FaultKind::BadQuery,
            FaultKind::UnexpectedStatus,
            FaultKind::WrongFormat,
            FaultKind::Truncated,
            FaultKind::TooLarge,
            FaultKind::Setup,
        ];
        let mut seen = std::collections::BTreeSet::new();
        for kind in kinds {
            let short = (EN.short)(kind, Some(503));
            assert!(short.len() <= 10, "{short}");
            // Two kinds that carry the status look alike when it is the same.
            assert!(seen.insert(short.clone()) || short == "503", "{short} twice");
            let advice = (EN.advice)(kind);
            assert!(advice.ends_with('.') && advice.len() > 20, "{advice}");
        }
        assert_eq!((EN.short)(FaultKind::ServerError, None), "error");
        assert_eq!((EN.short)(FaultKind::Connect, None), "refused");
    }

    #[test]
    fn deadlines_read_well() {
        assert_eq!((EN.detail)(&Why::SlowAnswer("h:1", 10_000)), "h:1 did not answer within 10 s");
        assert_eq!((EN.detail)(&Why::SlowAnswer("h:1", 1250)), "h:1 did not answer within 1.2 s");
    }
}
