//! Any screen whatever, well-formed or not: what properties are tried on.

use plantao::model::{AlertState, Labels, Point, Series, Severity};
use plantao::view::vm::*;
use proptest::prelude::*;

use crate::screens;

#[path = "any_metrics.rs"]
mod any_metrics;
use any_metrics::any_metrics;

/// Texts that have gone wrong elsewhere: wide, combining, joined, control, long, empty.
pub fn any_text() -> BoxedStrategy<String> {
    prop_oneof![
        "[a-z]{0,12}",
        "\\PC{0,30}",
        any::<String>(),
        Just("心電図の応答時間".to_owned()),
        Just("e\u{301}cran 👩‍⚕️ 🇧🇷 \u{200b}zero".to_owned()),
        Just("\u{1b}[2J\u{7}\r\n\t\u{9b}31m".to_owned()),
        Just("x".repeat(5000)),
        Just("plantão · 12–34 × 61°C › …".to_owned()),
    ]
    .boxed()
}

pub fn any_level() -> BoxedStrategy<Level> {
    prop_oneof![Just(Level::Ok), Just(Level::Warning), Just(Level::Critical)].boxed()
}

pub fn any_state() -> BoxedStrategy<PaneState> {
    use PaneState::{Failed, Loading, NoData, Ready, Stale, Unconfigured};
    prop::sample::select(vec![Ready, Loading, Stale, Failed, NoData, Unconfigured]).boxed()
}

pub fn any_severity() -> BoxedStrategy<Severity> {
    prop::sample::select(Severity::ALL.to_vec()).boxed()
}

pub fn any_item() -> BoxedStrategy<Item> {
    (
        any_text(),
        any_text(),
        any_level(),
        any_text(),
        proptest::option::of(any::<f64>()),
        proptest::option::of(0_usize..3),
        proptest::option::of([any_text(), any_text(), any_text(), any_text()]),
    )
        .prop_map(|(label, text, level, word, ratio, series, stats)| Item {
            label,
            text,
            level,
            word,
            ratio,
            series,
            stats,
        })
        .boxed()
}

pub fn any_draw() -> BoxedStrategy<Draw> {
    let items = || prop::collection::vec(any_item(), 0..11);
    let texts = || prop::collection::vec(any_text(), 0..6);
    prop_oneof![
        items().prop_map(Draw::Stat),
        items().prop_map(Draw::Gauge),
        items().prop_map(Draw::Sparkline),
        items().prop_map(Draw::BarList),
        (
            items(),
            any::<(f64, f64)>(),
            texts(),
            texts(),
            prop::collection::vec((any::<f64>(), any_level()), 0..3)
        )
            .prop_map(|(items, y, y_labels, x_labels, marks)| Draw::Chart {
                items,
                y,
                y_labels,
                x_labels,
                marks
            }),
        (texts(), prop::collection::vec((any_level(), prop::collection::vec(any_text(), 0..6)), 0..8))
            .prop_map(|(columns, rows)| Draw::Table { columns, rows }),
    ]
    .boxed()
}

pub fn any_pane() -> BoxedStrategy<PaneVm> {
    let points = prop::collection::vec((any::<i64>(), any::<f64>()), 0..20);
    let near = prop::collection::vec((0_i64..1000, -5.0..5.0), 0..20);
    let series = prop::collection::vec(prop_oneof![points, near], 0..3);
    (
        any_text(),
        any_state(),
        any_text(),
        any_draw(),
        series,
        any::<(i64, i64)>(),
        any::<i64>(),
        any::<bool>(),
    )
        .prop_map(|(title, state, message, draw, series, span, step, sane)| {
            let series = series.into_iter().map(|points| Series {
                labels: Labels::default(),
                points: points.into_iter().map(|(t, v)| Point { t, v }).collect(),
            });
            let mut pane = screens::pane("p", &title, draw, series.collect());
            pane.state = state;
            pane.message = message;
            (pane.span_ms, pane.step_ms) = if sane { ((0, 1000), 10) } else { (span, step) };
            pane
        })
        .boxed()
}

pub fn any_alert_row() -> BoxedStrategy<AlertRowVm> {
    let state = prop::sample::select(vec![
        AlertState::Firing,
        AlertState::Pending,
        AlertState::Inhibited,
        AlertState::Silenced,
    ]);
    let line =
        (any_severity(), state, [any_text(), any_text(), any_text(), any_text()], any_level(), any::<bool>())
            .prop_map(|(severity, state, [name, department, clock, summary], clock_level, selected)| {
                let mut line = screens::alert(severity, "CRITICAL", &name, &department);
                line.state = state;
                state.as_str().clone_into(&mut line.state_word);
                (line.clock, line.summary, line.clock_level, line.selected) =
                    (clock, summary, clock_level, selected);
                AlertRowVm::Alert(line)
            });
    let group = (any_text(), any::<usize>(), any_severity(), any::<bool>())
        .prop_map(|(title, count, severity, folded)| AlertRowVm::Group { title, count, severity, folded });
    prop_oneof![4 => line, 1 => group].boxed()
}

pub fn any_table() -> BoxedStrategy<AlertTableVm> {
    (
        prop::collection::vec(any_alert_row(), 0..30),
        proptest::option::of(0_usize..40),
        0_usize..20_000,
        0_usize..20_000,
        any_state(),
        prop::collection::vec(any_text(), 0..3),
    )
        .prop_map(|(rows, cursor, matching, offset, state, empty)| AlertTableVm {
            rows,
            cursor,
            matching,
            total: matching,
            offset,
            state,
            empty,
        })
        .boxed()
}

pub fn any_box() -> BoxedStrategy<BoxVm> {
    let content = prop_oneof![
        any_pane().prop_map(Content::Pane),
        prop::collection::vec(any_pane(), 0..4).prop_map(Content::Panes),
        any_table().prop_map(Content::Alerts),
        prop::collection::vec(any_text(), 0..4).prop_map(Content::Text),
    ];
    (any_text(), any_text(), any_state(), any_level(), any_text(), content)
        .prop_map(|(title, note, state, level, word, content)| BoxVm {
            title,
            note,
            state,
            level,
            word,
            content,
        })
        .boxed()
}

pub fn any_body() -> BoxedStrategy<Body> {
    let row = (proptest::option::of(0_u16..30), prop::collection::vec((0_u16..5, any_box()), 0..4))
        .prop_map(|(height, boxes)| RowVm { height, min_height: 7, boxes });
    let page = (prop::collection::vec(row, 0..5), any::<u16>(), proptest::option::of(0_usize..9))
        .prop_map(|(rows, scroll, focus)| Body::Page(PageVm { rows, scroll, focus }));
    let filter = (any_text(), proptest::option::of(any::<usize>()), proptest::option::of(any_text()))
        .prop_map(|(text, cursor, error)| FilterVm { text, cursor, error });
    let alerts = (
        [any_text(), any_text(), any_text()],
        any_state(),
        proptest::option::of((any_level(), any_text())),
        proptest::option::of(filter),
        any_table(),
    )
        .prop_map(|([summary, note, order], state, watchdog, filter, table)| {
            Body::Alerts(AlertsVm {
                summary,
                note,
                state,
                watchdog,
                order,
                filter,
                table,
                ..AlertsVm::default()
            })
        });
    let pairs = || prop::collection::vec((any_text(), any_text()), 0..6);
    let section = (any_text(), pairs()).prop_map(|(title, lines)| SectionVm { title, lines });
    let detail = (
        any_text(),
        any_text(),
        any_state(),
        prop::collection::vec(section, 0..4),
        proptest::option::of(any_pane()),
        any::<u16>(),
    )
        .prop_map(|(title, note, state, sections, trend, scroll)| {
            Body::AlertDetail(DetailVm {
                title,
                note,
                state,
                sections,
                trend,
                trend_note: String::new(),
                scroll,
                severity: Severity::High,
            })
        });
    let source = ([any_text(), any_text(), any_text(), any_text(), any_text(), any_text()], any_state())
        .prop_map(|([name, url, version, latency, age, message], state)| SourceRowVm {
            name,
            state,
            url,
            version,
            latency,
            age,
            message,
        });
    let target = ([any_text(), any_text(), any_text(), any_text(), any_text()], any_level()).prop_map(
        |([job, instance, health, last_scrape, error], level)| TargetRowVm {
            job,
            instance,
            health,
            level,
            last_scrape,
            error,
        },
    );
    let sources = (
        prop::collection::vec(source, 0..30),
        0_usize..40,
        pairs(),
        prop::collection::vec(target, 0..30),
        any_text(),
    )
        .prop_map(|(rows, cursor, detail, targets, targets_note)| {
            Body::Sources(SourcesVm {
                rows,
                cursor,
                detail,
                targets,
                targets_note,
                targets_state: PaneState::Ready,
            })
        });
    prop_oneof![3 => page, 1 => alerts, 1 => detail, 1 => sources, 2 => any_metrics()].boxed()
}

pub fn any_overlay() -> BoxedStrategy<Overlay> {
    let pairs = || prop::collection::vec((any_text(), any_text()), 0..40);
    let fault = (any_text(), any_text(), any_text(), any::<bool>())
        .prop_map(|(name, doc, state, on)| FaultRowVm { name, doc, state, on });
    let entry =
        (any_text(), prop::collection::vec(any::<u32>(), 0..4), any_text(), any_text(), any::<bool>())
            .prop_map(|(title, hits, keys, doc, available)| PaletteEntryVm {
                title,
                hits,
                keys,
                doc,
                available,
            });
    prop_oneof![
        (any_text(), any::<usize>(), prop::collection::vec(entry, 0..20), any::<usize>(), any::<usize>())
            .prop_map(|(input, cursor, entries, selected, matching)| Overlay::Palette(PaletteVm {
                input,
                cursor,
                entries,
                selected,
                matching
            })),
        (prop::collection::vec((any_text(), pairs()), 0..4), any::<u16>())
            .prop_map(|(groups, scroll)| Overlay::Help { groups, scroll }),
        (any_text(), prop::collection::vec(fault, 0..40), any::<usize>(), any_text()).prop_map(
            |(title, rows, cursor, below)| Overlay::Faults(FaultsVm { title, rows, cursor, below })
        ),
        (any_text(), pairs(), 0_usize..60).prop_map(|(title, entries, cursor)| Overlay::Choose {
            title,
            entries,
            cursor
        }),
    ]
    .boxed()
}

pub fn any_screen() -> BoxedStrategy<Screen> {
    let lamp =
        (any_text(), any_state(), any_text()).prop_map(|(name, state, note)| Lamp { name, state, note });
    let header = (
        [any_text(), any_text(), any_text(), any_text()],
        prop::collection::vec(any_text(), 0..4),
        prop::collection::vec(lamp, 0..8),
        prop::collection::vec(any_text(), 0..3),
        any::<bool>(),
    )
        .prop_map(|([context, window, clock, operator], trail, sources, badges, live)| Header {
            program: "plantão".to_owned(),
            context,
            trail,
            sources,
            window,
            live,
            clock,
            operator,
            badges,
        });
    let footer = (
        any_text(),
        proptest::option::of((any_level(), any_text())),
        any_text(),
        prop::collection::vec((any_text(), any_text()), 0..9),
    )
        .prop_map(|(pending, notice, lead, hints)| Footer { pending, notice, lead, hints });
    let card = (
        [any_text(), any_text(), any_text(), any_text()],
        prop::collection::vec((any_text(), any_text()), 0..5),
        any::<u16>(),
    )
        .prop_map(|([title, position, body, own], keys, lines)| CardVm {
            title,
            position,
            body,
            keys,
            own,
            lines,
        });
    (header, any_body(), footer, proptest::option::of(card), proptest::option::of(any_overlay()))
        .prop_map(|(header, body, footer, card, overlay)| Screen { header, body, footer, card, overlay })
        .boxed()
}

pub fn any_size() -> BoxedStrategy<(u16, u16)> {
    prop_oneof![
        (0_u16..200, 0_u16..70),
        Just((80, 24)),
        Just((120, 40)),
        (80_u16..90, 24_u16..30),
        Just((0, 0)),
        Just((1, 1)),
    ]
    .boxed()
}
