//! Makes faults: the words come from the text table, pass `privacy` and are bounded here, so that no
//! other file of this room can forget it.

use crate::model::{Fault, FaultKind};
use crate::privacy;
use crate::text::fault::{Doubt, FaultText, Why};

/// The words in use. The one place to change when a second language comes.
const WORDS: &FaultText = &crate::text::fault::EN;

/// Longest line of detail, in characters.
const MAX_CHARS: usize = 200;

/// A fault without a status.
pub(super) fn fault(kind: FaultKind, why: &Why<'_>) -> Fault {
    Fault::new(kind, line(&(WORDS.detail)(why)))
}

/// A warning.
pub(super) fn warning(doubt: &Doubt<'_>) -> String {
    line(&(WORDS.warning)(doubt))
}

/// Any words of a server as one safe line of bounded length.
pub(super) fn line(text: &str) -> String {
    // Masking runs over what can be shown plus a margin: nobody reads 64 KiB of an error page.
    let text = match text.char_indices().nth(MAX_CHARS * 8) {
        Some((at, _)) => &text[..at],
        None => text,
    };
    let safe = privacy::safe_line(text);
    let safe = safe.trim();
    match safe.char_indices().nth(MAX_CHARS - 1) {
        Some((at, last)) if at + last.len_utf8() < safe.len() => format!("{}…", &safe[..at]),
        _ => safe.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_bounded_single_and_safe() {
        let mark = privacy::shown(privacy::Kind::Cpf, "12345678909");
        assert_eq!(line("a\nb\u{1b}[31m 123.456.789-09 "), format!("a b {mark}"));
        let long = line(&"é".repeat(5000));
        assert_eq!(long.chars().count(), MAX_CHARS);
        assert!(long.ends_with('…'));
        assert_eq!(line(&"x".repeat(MAX_CHARS)).len(), MAX_CHARS);
    }
}
