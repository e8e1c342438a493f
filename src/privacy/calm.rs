//! Whether one pass was enough. A mark can free the edge of what stands beside it: `52998224725-ana@x.br` ends in a
//! word, `52998224725-‹email:…›` does not. So a masked text is looked at again, unless every find stands where it
//! cannot have been anybody's edge, which is nearly always: in quotes, behind `=`, between words.
//!
//! What is said here follows from how far `edges`, `bare`, `machine`, `fields` and `mail` look; that a second
//! pass indeed changes nothing is tested with hostile texts.

use super::scan::Found;

/// Farthest that a number looks back for the words of its key.
const FAR: usize = 96;

/// Whether a second pass over the masked text would find what this one found and nothing else.
pub(super) fn is_calm(bytes: &[u8], found: &[Found]) -> bool {
    let ends = found.iter().skip(1).map(|next| next.start).chain([bytes.len()]);
    let mut calm = found.iter().zip(ends).map(|(find, end)| {
        let (inner, after) = (&bytes[find.start..find.end], &bytes[find.end..]);
        // A parenthesis ends a value; a mark begins one.
        !inner.starts_with(b"(")
            && is_calm_before(&bytes[..find.start])
            && is_calm_after(inner, after, &bytes[find.end..end])
    });
    // Without the piece that was masked, an `@` can come to stand in an address of the web.
    let inside = |at: usize| found.iter().any(|find| (find.start..find.end).contains(&at));
    calm.all(|calm| calm) && memchr::memchr_iter(b'@', bytes).all(inside)
}

/// Nothing that ends here looks farther than these characters.
fn is_calm_before(before: &[u8]) -> bool {
    match before {
        [] | [.., b'"' | b'\'' | b'=' | b'\n'] | [.., b'"', b':'] => true,
        [.., last, b' '] => last.is_ascii_alphabetic() || matches!(last, b'"' | b':' | b';' | b',' | b'='),
        _ => false,
    }
}

/// Nothing that begins behind looks back through these characters into the find; `free` ends where the next find
/// begins.
fn is_calm_after(find: &[u8], after: &[u8], free: &[u8]) -> bool {
    match after {
        [b',', next, ..] => !next.is_ascii_digit(),
        [] | [b',' | b';' | b')' | b']' | b'}' | b'&' | b'\n', ..] => true,
        [b'"' | b'\'', ..] => !leads_to_number(free),
        [b' ', rest @ ..] => {
            let ends_in_word = find.last().is_some_and(|b| !b.is_ascii_digit());
            !(leads_to_number(free) || ends_in_word && begins_key(rest))
        }
        _ => false,
    }
}

/// Whether words and signs that lead to a number are all that stands before the next digit.
fn leads_to_number(after: &[u8]) -> bool {
    let leads = |b: &u8| {
        b.is_ascii_alphabetic()
            || matches!(
                b,
                b' ' | b'"'
                    | b'\''
                    | b'\\'
                    | b':'
                    | b'='
                    | b'#'
                    | b'('
                    | b'['
                    | b'<'
                    | b'`'
                    | b'_'
                    | b'-'
                    | b'.'
            )
    };
    let length = after.iter().take(FAR).take_while(|b| leads(b)).count();
    length == FAR || after.get(length).is_some_and(u8::is_ascii_digit)
}

/// Whether the first word may be the end of a key.
fn begins_key(rest: &[u8]) -> bool {
    let word = rest.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    match &rest[word..] {
        [] | [b',' | b';' | b'.', ..] => false,
        [b' ', next, ..] => !next.is_ascii_alphabetic(),
        _ => true,
    }
}
