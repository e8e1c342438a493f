use proptest::prelude::*;

use super::{EN, Language, Place, complete};

/// Pieces that queries are made of, whole and broken, with characters of several bytes.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("up"),
        Just("{"),
        Just("}"),
        Just("("),
        Just(")"),
        Just("["),
        Just("]"),
        Just("\""),
        Just("`"),
        Just("'"),
        Just("\\"),
        Just("="),
        Just("=~"),
        Just("!"),
        Just("|"),
        Just("|="),
        Just(","),
        Just(" "),
        Just("by"),
        Just("sum"),
        Just("job"),
        Just("service_name"),
        Just("span."),
        Just(".http"),
        Just("status"),
        Just("duration"),
        Just("5"),
        Just("5m"),
        Just(":"),
        Just("json"),
        Just("line_format"),
        Just("unwrap"),
        Just("{{."),
        Just("pattern"),
        Just("<a>"),
        Just("coração"),
        Just("日本"),
        Just("e\u{301}"),
        Just("#"),
        Just("//"),
        Just(">>"),
        Just("&"),
        Just("offset"),
        Just("@"),
        Just("-"),
        Just("\u{1f468}\u{200d}\u{1f469}"),
        Just("\n"),
        Just("a=\"b\""),
    ];
    prop_oneof![prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat()), any::<String>(),]
}

fn language() -> impl Strategy<Value = Language> {
    prop_oneof![Just(Language::LogQl), Just(Language::TraceQl), Just(Language::PromQl)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn any_completion_of_any_text_keeps_it_a_text(text in pieces(), cursor in 0_usize..90, language in language()) {
        let found = complete(language, &text, cursor, &Place, &EN);
        let range = found.replaces.clone();
        prop_assert!(range.start <= range.end && range.end <= text.len());
        prop_assert!(text.is_char_boundary(range.start) && text.is_char_boundary(range.end));
        let at = text.char_indices().nth(cursor).map_or(text.len(), |(at, _)| at);
        if !found.entries.is_empty() {
            prop_assert!(range.start <= at && at <= range.end, "the cursor {at} is not in {range:?}");
        }
        prop_assert!(found.entries.len() <= found.matching && found.entries.len() <= super::super::MOST);
        for one in &found.entries {
            let mut after = text.clone();
            after.replace_range(range.clone(), &one.insert);
            let end = range.start + one.insert.len();
            prop_assert!(after.is_char_boundary(end));
            prop_assert!(!one.insert.is_empty() && !one.insert.chars().any(char::is_control));
            prop_assert!(one.hits.iter().all(|at| (*at as usize) < one.shown.chars().count()));
            // Taking it twice is no other text: what is taken is whole, or goes on.
            let again = complete(language, &after, after[..end].chars().count(), &Place, &EN);
            prop_assert!(after.get(again.replaces.clone()).is_some());
        }
    }
}
