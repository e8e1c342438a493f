//! Characters that change what a reader sees without being seen.

/// Whether `c` has no place in shown text: controls other than line feed and tab, the
/// bidirectional controls of CVE-2021-42574 ("Trojan Source"), zero-width and other invisible
/// characters, and tag characters. Variation selectors 1 to 16 stay: they only pick a glyph.
pub(super) fn is_unwanted(c: char) -> bool {
    match c {
        '\n' | '\t' | ' '..='~' => false,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => true,
        _ => matches!(c,
            '\u{ad}'                      // soft hyphen
            | '\u{34f}'                   // combining grapheme joiner
            | '\u{61c}'                   // Arabic letter mark
            | '\u{115f}' | '\u{1160}'     // Hangul fillers
            | '\u{17b4}' | '\u{17b5}'     // Khmer inherent vowels, invisible
            | '\u{180b}'..='\u{180f}'     // Mongolian selectors and vowel separator
            | '\u{200b}'..='\u{200f}'     // zero-width space, joiners, LRM, RLM
            | '\u{2028}' | '\u{2029}'     // line and paragraph separator: folded by `clean`
            | '\u{202a}'..='\u{202e}'     // embeddings and overrides
            | '\u{2060}'..='\u{206f}'     // word joiner, invisible operators, isolates
            | '\u{3164}' | '\u{ffa0}'     // Hangul fillers
            | '\u{feff}'                  // byte order mark
            | '\u{fff9}'..='\u{fffb}'     // interlinear annotation
            | '\u{1d173}'..='\u{1d17a}'   // musical format controls
            | '\u{e0000}'..='\u{e0fff}'), // tags, variation selectors 17 to 256
    }
}
