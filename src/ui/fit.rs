//! Texts in cells: how wide, where they may be cut, how they wrap.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::ascii;

/// Calls `cell` with each thing that takes cells of its own and how many it takes, until it says
/// `false`. Control characters and lone zero-width characters take none and are left out, so that
/// no text can move the terminal's cursor.
pub fn each_cell(text: &str, ascii_only: bool, mut cell: impl FnMut(&str, u16) -> bool) {
    for grapheme in text.graphemes(true) {
        if grapheme.len() == 1 {
            let control = grapheme.as_bytes()[0] < 0x20 || grapheme.as_bytes()[0] == 0x7f;
            if !control && !cell(grapheme, 1) {
                return;
            }
        } else if ascii_only {
            let Some(first) = grapheme.chars().next() else { continue };
            let stand_in = ascii_of(grapheme, first);
            for at in 0..stand_in.len() {
                if !cell(&stand_in[at..=at], 1) {
                    return;
                }
            }
        } else {
            let width = grapheme.width() as u16;
            let control = grapheme.chars().any(char::is_control);
            if width > 0 && !control && !cell(grapheme, width) {
                return;
            }
        }
    }
}

/// ASCII for one grapheme: its first character decides, what combines with it is dropped.
fn ascii_of(grapheme: &str, first: char) -> &str {
    if first.is_control() {
        ""
    } else if first.is_ascii() {
        &grapheme[..1]
    } else {
        ascii::translate(first)
    }
}

/// Width in cells.
pub fn width(text: &str, ascii_only: bool) -> u16 {
    if text.is_ascii() {
        return text.bytes().filter(|b| !b.is_ascii_control()).count().min(usize::from(u16::MAX)) as u16;
    }
    let mut sum = 0_u16;
    each_cell(text, ascii_only, |_, w| {
        sum = sum.saturating_add(w);
        true
    });
    sum
}

/// Breaks a text into lines of at most `width` cells, at spaces where it can. A word longer than a
/// line is cut between graphemes; a line feed always breaks. At least one line.
pub fn wrap(text: &str, width: u16, ascii_only: bool) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        wrap_line(paragraph, width.max(1), ascii_only, &mut lines);
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

fn wrap_line(text: &str, limit: u16, ascii_only: bool, lines: &mut Vec<String>) {
    let mut line = String::new();
    let mut used = 0;
    for word in text.split(' ') {
        let w = width(word, ascii_only);
        let space = u16::from(!line.is_empty());
        if used + space + w <= limit {
            if space == 1 {
                line.push(' ');
            }
            line.push_str(word);
            used += space + w;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        used = 0;
        if w <= limit {
            line.push_str(word);
            used = w;
            continue;
        }
        each_cell(word, ascii_only, |symbol, w| {
            if used + w > limit && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push_str(symbol);
            used += w;
            true
        });
    }
    lines.push(line);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_count_cells() {
        for (text, unicode, ascii) in [
            ("plantão", 7, 7),
            ("心電図", 6, 3),
            ("a\u{301}b", 2, 2),
            ("12–34 × 2…", 10, 12),
            ("61°C", 4, 3),
            ("\u{1b}[31m", 4, 4),
            ("👩‍⚕️", 2, 1),
            ("", 0, 0),
        ] {
            assert_eq!(width(text, false), unicode, "{text:?}");
            assert_eq!(width(text, true), ascii, "{text:?} in ASCII");
        }
    }

    #[test]
    fn wrapping_breaks_at_spaces_and_cuts_only_what_cannot_fit() {
        assert_eq!(wrap("the machine is hot", 9, false), ["the", "machine", "is hot"]);
        assert_eq!(wrap("abcdefgh", 3, false), ["abc", "def", "gh"]);
        assert_eq!(wrap("心電図", 3, false), ["心", "電", "図"]);
        assert_eq!(wrap("one\ntwo", 9, false), ["one", "two"]);
        assert_eq!(wrap("", 9, false), [""]);
    }
}
