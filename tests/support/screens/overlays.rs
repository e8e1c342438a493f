//! What stands on top.

use super::*;

/// The palette over the overview.
pub fn palette(narrow: bool) -> Screen {
    let found = [
        ("Switch theme", &[7_u32, 8, 9][..], "T"),
        ("Other", &[1, 2][..], ""),
        ("Return to live", &[7, 8][..], "0"),
    ];
    let mut entries: Vec<PaletteEntryVm> = COMMANDS
        .iter()
        .filter(|command| command.title.to_lowercase().contains('e'))
        .take(9)
        .map(|command| PaletteEntryVm {
            title: command.title.to_owned(),
            hits: command
                .title
                .char_indices()
                .filter(|(_, c)| *c == 'e')
                .map(|(at, _)| at as u32)
                .take(1)
                .collect(),
            keys: command.name.chars().take(1).collect(),
            doc: command.doc.to_owned(),
            available: true,
        })
        .collect();
    entries.insert(
        0,
        PaletteEntryVm {
            title: found[0].0.to_owned(),
            hits: found[0].1.to_vec(),
            keys: "Ctrl-t".to_owned(),
            doc: "Chooses another theme.".to_owned(),
            available: true,
        },
    );
    entries[4].available = false;
    "works in the alert list".clone_into(&mut entries[4].doc);
    Screen {
        overlay: Some(Overlay::Palette(PaletteVm {
            input: "the".to_owned(),
            cursor: 3,
            entries,
            selected: 1,
            matching: 23,
        })),
        ..overview(narrow)
    }
}

/// The help over the alerts.
pub fn help() -> Screen {
    let rows = |from: usize, count: usize| -> Vec<(String, String)> {
        COMMANDS
            .iter()
            .skip(from)
            .take(count)
            .map(|c| (c.name.chars().rev().take(3).collect(), c.doc.to_owned()))
            .collect()
    };
    Screen {
        overlay: Some(Overlay::Help {
            groups: vec![
                ("Views".to_owned(), rows(0, 9)),
                ("Moving".to_owned(), rows(10, 8)),
                ("Alerts".to_owned(), rows(20, 8)),
                ("Time".to_owned(), rows(30, 5)),
            ],
            scroll: 2,
        }),
        ..alerts()
    }
}

/// A list to choose from, over the hardware page.
pub fn choose() -> Screen {
    let entries = [
        ("dark", "current"),
        ("light", ""),
        ("high-contrast", ""),
        ("ansi16", "16 colours"),
        ("mono", "no colour"),
    ];
    Screen {
        overlay: Some(Overlay::Choose {
            title: "Theme".to_owned(),
            entries: entries.iter().map(|(t, n)| ((*t).to_owned(), (*n).to_owned())).collect(),
            cursor: 2,
        }),
        ..hardware(false)
    }
}

fn completion(text: &str, hits: &[u32], kind: &str, note: &str) -> CompletionVm {
    CompletionVm { text: text.to_owned(), hits: hits.to_vec(), kind: kind.to_owned(), note: note.to_owned() }
}

/// A long query being typed, with completions.
pub fn query() -> Screen {
    let text = "sum by (department) (rate(http_requests_total{environment=\"production\", handler=~\"/records/.*\", \
        status=~\"5..\"}[5m])) / ignoring (status) group_left () hist";
    Screen {
        overlay: Some(Overlay::Query(Box::new(QueryPromptVm {
            title: "PromQL query".to_owned(),
            text: text.to_owned(),
            cursor: text.chars().count(),
            entries: vec![
                completion(
                    "histogram_quantile",
                    &[0, 1, 2, 3],
                    "function",
                    "(φ, vector) φ-quantile of a histogram's buckets; keep `le`",
                ),
                completion("histogram_count", &[0, 1, 2, 3], "function", "(vector) observations"),
                completion(
                    "emergency_history_lookup_duration_seconds_bucket",
                    &[10, 11, 12, 13],
                    "metric",
                    "histogram · Time to find a history.",
                ),
                completion("absent", &[], "function", "(vector) 1 where the vector is empty, else nothing"),
            ],
            selected: Some(1),
            matching: 61,
            count: "61 completions".to_owned(),
            message: "(vector) observations".to_owned(),
            ..QueryPromptVm::default()
        }))),
        ..hardware(false)
    }
}

/// A query that is plainly wrong, with wide and combining characters.
pub fn query_wrong() -> Screen {
    let text = "{paciente=\"joa\u{303}o 心電図\"} foo | json";
    Screen {
        overlay: Some(Overlay::Query(Box::new(QueryPromptVm {
            title: "LogQL query".to_owned(),
            text: text.to_owned(),
            cursor: 18,
            problem: Some(23),
            message: "at 24: unexpected IDENTIFIER".to_owned(),
            warning: true,
            ..QueryPromptVm::default()
        }))),
        ..alerts()
    }
}

/// Ready queries to choose from.
pub fn query_ready() -> Screen {
    let one = |title: &str, query: &str| completion(title, &[], "ready", query);
    Screen {
        overlay: Some(Overlay::Query(Box::new(QueryPromptVm {
            title: "Ready and recent TraceQL queries".to_owned(),
            placeholder: "Type to find a query".to_owned(),
            entries: vec![
                one("Failed requests", "{ status = error }"),
                one("Slow requests", "{ duration > 2s && kind = server }"),
                completion(
                    "{ span.http.status_code >= 500 } | rate() by (resource.service.name)",
                    &[],
                    "recent",
                    "",
                ),
            ],
            selected: Some(0),
            matching: 3,
            count: "3 queries".to_owned(),
            message: "{ status = error }".to_owned(),
            ..QueryPromptVm::default()
        }))),
        ..hardware(false)
    }
}

/// What is searched for in what is loaded.
pub fn find() -> Screen {
    Screen {
        overlay: Some(Overlay::Find(FilterVm {
            text: "timeout".to_owned(),
            cursor: Some(7),
            error: Some("12 of 340".to_owned()),
        })),
        ..alerts()
    }
}
