//! Where the value behind a key begins and ends: JSON at any depth of escaping, logfmt, `key: value`, queries
//! of addresses, XML, and the key-and-value objects of OTLP.

/// The place of a value.
pub(super) struct Value {
    pub start: usize,
    pub end: usize,
    /// The value is JSON without quotes: a mark needs some, behind so many backslashes.
    pub quotes: Option<usize>,
}

/// Whether there is nothing to hide: empty, null, or hidden already.
pub(super) fn is_blank(value: &str) -> bool {
    let core = value.trim_matches(|c: char| c.is_whitespace() || "<>[](){}\"'\\*-_.#".contains(c));
    let words = ["null", "nil", "none", "undefined", "n/a", "na", "redacted", "filtered", "masked", "hidden"];
    core.is_empty() || words.iter().any(|word| core.eq_ignore_ascii_case(word))
}

/// The value of the key from `key` to `end`. An unquoted `text` may have several words.
pub(super) fn behind_key(bytes: &[u8], key: usize, end: usize, text: bool) -> Option<Value> {
    let (mut at, depth) = quote_after(bytes, end);
    at = spaces(bytes, at);
    let rest = &bytes[at..];
    let element = key > 0 && matches!(bytes[key - 1], b'<' | b':' | b'/') && depth.is_none();
    let sign = match rest {
        [b':', b':', ..] => return None,
        [b':' | b'!' | b'=', b'=' | b'~' | b'>', ..] => 2,
        [b':' | b'=', ..] => 1,
        [b'>', ..] if element => return Some(until(bytes, at + 1, b'<')),
        // {"key":"patient_id","value":…}
        [b',', ..] => return paired(bytes, at + 1, depth?),
        _ => return None,
    };
    if rest[0] == b'!' && sign == 1 {
        return None;
    }
    value_at(bytes, key, at + sign, depth, text)
}

/// A value that begins at or behind `at`.
fn value_at(bytes: &[u8], key: usize, at: usize, depth: Option<usize>, text: bool) -> Option<Value> {
    let start = spaces(bytes, at);
    let (open, value_depth) = quote_after(bytes, start);
    if let Some(value_depth) = value_depth {
        let quote = bytes[open - 1];
        return Some(Value { start: open, end: closing(bytes, open, quote, value_depth), quotes: None });
    }
    match bytes.get(start)? {
        b'[' | b'{' => {
            let end = bracket_end(bytes, start, depth.unwrap_or(0));
            Some(Value { start, end, quotes: depth })
        }
        _ => {
            let query = key > 0 && matches!(bytes[key - 1], b'?' | b'&');
            if start == at && depth.is_none() && text && is_port_or_tag(bytes, key, start) {
                return None;
            }
            let end = bare_end(bytes, start, text && !query && depth.is_none());
            // `patient_id= next=1`: no value, then the next key.
            if start > at && bytes[at - 1] == b'=' && bytes[start..end].contains(&b'=') {
                return None;
            }
            (end > start).then_some(Value { start, end, quotes: depth })
        }
    }
}

/// `http://diagnosis:8080`, `dial tcp diagnosis:8080: refused`, `registry/diagnosis:v2`: a host and its port, an
/// image and its tag. The key is one plain word, from `key` to the colon before `start`.
fn is_port_or_tag(bytes: &[u8], key: usize, start: usize) -> bool {
    if bytes[start - 1] != b':' || !bytes[key..start - 1].iter().all(u8::is_ascii_lowercase) {
        return false;
    }
    let digits = bytes[start..].iter().take_while(|b| b.is_ascii_digit()).count();
    let followed = (2..=5).contains(&digits) && matches!(bytes.get(start + digits), Some(b'/' | b':'));
    followed || key > 0 && matches!(bytes[key - 1], b'/' | b'@')
}

/// Behind a quote at `at`, with the backslashes before it; `at` itself where there is none.
fn quote_after(bytes: &[u8], at: usize) -> (usize, Option<usize>) {
    let depth = bytes[at..].iter().take(16).take_while(|b| **b == b'\\').count();
    match bytes.get(at + depth) {
        Some(b'"') => (at + depth + 1, Some(depth)),
        Some(b'\'' | b'`') if depth == 0 => (at + 1, Some(0)),
        _ => (at, None),
    }
}

fn spaces(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..].iter().take(8).take_while(|b| matches!(b, b' ' | b'\t')).count()
}

/// Where the string ends that began at `from`, its quotes behind `depth` backslashes: in text that is
/// escaped once a quote of the string itself has three, and so on. Without an end: the end of the line.
fn closing(bytes: &[u8], from: usize, quote: u8, depth: usize) -> usize {
    for at in memchr::memchr_iter(quote, &bytes[from..]) {
        let end = from + at;
        let slashes = bytes[from..end].iter().rev().take_while(|b| **b == b'\\').count();
        if closes(slashes, depth) {
            return end - depth;
        }
    }
    line_end(bytes, from)
}

fn closes(slashes: usize, depth: usize) -> bool {
    slashes % (2 * (depth + 1)) == depth
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    memchr::memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |at| from + at)
}

/// Behind the bracket that closes the one at `from`; without one, the end of the text.
fn bracket_end(bytes: &[u8], from: usize, depth: usize) -> usize {
    let (mut level, mut slashes, mut quoted) = (0_usize, 0, false);
    for (at, byte) in bytes.iter().enumerate().skip(from) {
        match byte {
            b'"' if closes(slashes, depth) => quoted = !quoted,
            b'[' | b'{' if !quoted => level += 1,
            b']' | b'}' if !quoted => {
                level -= 1;
                if level == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        slashes = if *byte == b'\\' { slashes + 1 } else { 0 };
    }
    bytes.len()
}

fn until(bytes: &[u8], start: usize, stop: u8) -> Value {
    let end = memchr::memchr2(stop, b'\n', &bytes[start..]).map_or(bytes.len(), |at| start + at);
    Value { start, end, quotes: None }
}

/// `"value":…` behind a key that is itself a value.
fn paired(bytes: &[u8], at: usize, depth: usize) -> Option<Value> {
    let (open, quoted) = quote_after(bytes, spaces(bytes, at));
    quoted?;
    let name =
        bytes.get(open..)?.strip_prefix(b"value").or_else(|| bytes.get(open..)?.strip_prefix(b"Value"))?;
    let (behind, quoted) = quote_after(bytes, bytes.len() - name.len());
    quoted?;
    let colon = spaces(bytes, behind);
    (bytes.get(colon) == Some(&b':')).then(|| value_at(bytes, open, colon + 1, Some(depth), false))?
}

/// The end of a value without quotes.
fn bare_end(bytes: &[u8], start: usize, text: bool) -> usize {
    let mut end = word_end(bytes, start);
    while text && end > start {
        let comma = usize::from(bytes.get(end) == Some(&b','));
        let next = spaces(bytes, end + comma);
        let stop = word_end(bytes, next);
        let word = &bytes[next..stop];
        // The next key ends the text; so does a mark, which ends nothing that was plain.
        let is_key =
            word.iter().any(|b| matches!(b, b'=' | b':')) || matches!(bytes.get(stop), Some(b'=' | b':'));
        if next == end + comma || word.is_empty() || is_key || word.starts_with("‹".as_bytes()) {
            break;
        }
        end = stop;
    }
    while end > start && matches!(bytes[end - 1], b'.' | b':' | b'!' | b'?') {
        end -= 1;
    }
    end
}

fn word_end(bytes: &[u8], start: usize) -> usize {
    let stops = |b: &u8| {
        b.is_ascii_whitespace()
            || matches!(
                b,
                b',' | b';'
                    | b'&'
                    | b'|'
                    | b'"'
                    | b'\''
                    | b'`'
                    | b'('
                    | b')'
                    | b'['
                    | b']'
                    | b'{'
                    | b'}'
                    | b'<'
                    | b'>'
                    | b'\\'
            )
    };
    let rest = bytes.get(start..).unwrap_or(&[]);
    start + rest.iter().position(stops).unwrap_or(rest.len())
}
