//! What may stand beside an identifier. Edges keep UUIDs, version numbers, addresses, hex ids and lists of
//! numbers from being taken for somebody's papers.

/// A number with punctuation of its own: only more digits, directly or behind a dot, make it a
/// part of something else.
pub(super) fn stands_alone(before: &str, after: &str) -> bool {
    let mut back = before.chars().rev();
    let left = match back.next() {
        Some(c) if c.is_ascii_digit() => false,
        Some('.' | ',' | '/') => !back.next().is_some_and(|c| c.is_ascii_digit()),
        _ => true,
    };
    let mut ahead = after.chars();
    left && match ahead.next() {
        Some(c) if c.is_ascii_digit() => false,
        Some('.' | ',') => !ahead.next().is_some_and(|c| c.is_ascii_digit()),
        _ => true,
    }
}

/// `v100.100.100-10` is a version.
pub(super) fn is_after_v(before: &str) -> bool {
    before
        .strip_suffix(['v', 'V'])
        .is_some_and(|ahead| !ahead.chars().next_back().is_some_and(char::is_alphanumeric))
}

/// Groups of digits that are not a piece of a longer list, a UUID or a hex id.
pub(super) fn is_whole_group(before: &str, after: &str) -> bool {
    let mut back = before.chars().rev();
    let left = match back.next() {
        Some(c) if is_wordy(c) => is_escape(before),
        Some('-' | ' ' | '.' | ':' | ',') => !back.next().is_some_and(|c| c.is_ascii_digit()),
        _ => true,
    };
    let mut ahead = after.chars();
    left && match ahead.next() {
        Some(c) if is_wordy(c) => false,
        Some('-' | ' ' | '.' | ':') => !ahead.next().is_some_and(|c| c.is_ascii_digit()),
        _ => true,
    }
}

/// The strictest edge: nothing that could make the candidate part of a name, a time or an id.
pub(super) fn is_free(before: &str, after: &str) -> bool {
    let mut back = before.chars().rev();
    let left = match back.next() {
        Some(c) if is_wordy(c) => is_escape(before),
        Some('-' | '.') => !back.next().is_some_and(char::is_alphanumeric),
        Some('/' | ':' | ',' | ' ') => !back.next().is_some_and(|c| c.is_ascii_digit()),
        _ => true,
    };
    let mut ahead = after.chars();
    left && match ahead.next() {
        Some(c) if is_wordy(c) => false,
        Some('-' | '.' | ':') => !ahead.next().is_some_and(char::is_alphanumeric),
        Some('/') => !ahead.next().is_some_and(|c| c.is_ascii_digit()),
        _ => true,
    }
}

/// Nothing directly behind that would go on with the word or number.
pub(super) fn ends_here(after: &str) -> bool {
    !after.starts_with(is_wordy)
}

/// Nothing directly before that the word or number would belong to.
pub(super) fn begins_here(before: &str) -> bool {
    !before.ends_with(is_wordy) || is_escape(before)
}

/// Letters, digits and `_`; the ordinal signs of `nº` are none.
pub(super) fn is_wordy(c: char) -> bool {
    (c.is_alphanumeric() && !matches!(c, 'º' | 'ª')) || c == '_'
}

/// The letter of an escaped `\n`, `\t`, `\r`.
fn is_escape(before: &str) -> bool {
    before.ends_with("\\n") || before.ends_with("\\t") || before.ends_with("\\r")
}
