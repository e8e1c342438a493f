//! One panel with its answer: which source speaks, what it says, how it is drawn.

use std::sync::Arc;

use super::status::{self, Status};
use super::vm::{Draw, Item, PaneState, PaneVm};
use super::{clock, series};
use crate::model::{Labels, Sample, Series, SourceId};
use crate::pack::{Level, PanelKind, Selector};
use crate::state::{PanelRef, State};
use crate::store::{History, Remote};

/// What answered a panel.
struct Answer {
    source: SourceId,
    status: Status,
    evaluated_at: Option<crate::model::Time>,
    age_s: Option<i64>,
    values: Vec<Sample>,
}

/// Builds the pane of a panel.
pub fn build(state: &State, panel: &PanelRef) -> PaneVm {
    of_answer(state, panel, answer(state, panel))
}

/// The pane of a panel and the note of its box: its age, or what is wrong.
pub fn with_note(state: &State, panel: &PanelRef) -> (PaneVm, (PaneState, String)) {
    let answer = answer(state, panel);
    let note = (answer.status.state, answer.status.note.clone());
    (of_answer(state, panel, answer), note)
}

fn of_answer(state: &State, panel: &PanelRef, answer: Answer) -> PaneVm {
    let store = state.shown();
    let history = store.ranges.get(&(panel.query.clone(), state.step_s()));
    let series: Vec<Series> = history
        .filter(|_| panel.trend)
        .and_then(|history| history.remote.value())
        .map_or(&[][..], |all| &all[..])
        .iter()
        .filter(|one| series::selected(&one.labels, &panel.select))
        .cloned()
        .collect();
    let whole = whole(state, panel, &answer.source);
    let max = |labels: &Labels| series::whole_for(&whole, labels).or(panel.panel.max);
    // A lost sensor's number means nothing: its level is the screen's, not that of the marks.
    let level = |sample: &Sample| {
        if series::is_lost(&panel.panel, sample.value) {
            Level::Warning
        } else {
            series::level(&panel.panel, sample.value, max(&sample.labels))
        }
    };
    let levels: Vec<Level> = answer.values.iter().map(level).collect();
    let draw = draw(state, panel, &answer, &series);
    let mut status = answer.status;
    if matches!(panel.panel.kind, PanelKind::Chart | PanelKind::Sparkline) && status.state == PaneState::Ready
    {
        // The trend is what such a panel shows, so its own state counts too.
        let trend = status::of(
            state,
            history.map(|history| &history.remote),
            &SourceId::PROMETHEUS,
            state.step_s(),
            false,
        );
        if trend.state != PaneState::Ready && answer.source == SourceId::PROMETHEUS {
            status = trend;
        }
    }
    PaneVm {
        id: panel.id.to_string(),
        title: panel.panel.title.clone(),
        state: status.state,
        source: answer.source.to_string(),
        query: panel.query.to_string(),
        evaluated_at: answer.evaluated_at,
        age_s: answer.age_s,
        message: if status.message.is_empty() { String::new() } else { status.message },
        unit: panel.panel.unit,
        levels: levels.into(),
        values: answer.values.into(),
        series: series.into(),
        span_ms: span_ms(state, history),
        step_ms: i64::from(state.step_s()) * 1000,
        draw,
    }
}

/// The span of a trend, unix milliseconds. A live one ends at the last step of the grid that points
/// stand on, so that it moves with the points and not with the clock; a step that has just come is
/// waited for once, after that the trend moves on and what is missing is a gap.
pub(super) fn span_ms(state: &State, history: Option<&History>) -> (i64, i64) {
    let now = state.shown_now();
    let (start, end) = (state.window.start(now).timestamp_millis(), state.window.end(now).timestamp_millis());
    if !state.window.is_live() {
        return (start, end);
    }
    let step = i64::from(state.step_s().max(1)) * 1000;
    let newest = end.div_euclid(step) * step;
    let known = history.and_then(History::covered_to).map(|to| to.timestamp_millis());
    let last = if known == Some(newest - step) { newest - step } else { newest };
    let steps = (end - start).div_euclid(step).max(1);
    (last - (steps - 1) * step, last)
}

/// Prometheus, or a scraped page where the panel has a selector for it and Prometheus is silent.
fn answer(state: &State, panel: &PanelRef) -> Answer {
    let store = state.shown();
    let remote = store.instants.get(&panel.query);
    let values: Vec<Sample> = select(remote, &panel.select);
    let prometheus = status::of(state, remote, &SourceId::PROMETHEUS, state.interval_s(), values.is_empty());
    let silent = !matches!(prometheus.state, PaneState::Ready | PaneState::NoData | PaneState::Loading);
    if silent && let Some(answer) = from_page(state, panel) {
        return answer;
    }
    Answer {
        source: SourceId::PROMETHEUS,
        status: prometheus,
        evaluated_at: remote.and_then(Remote::evaluated_at),
        age_s: remote.and_then(|remote| remote.age_s(state.shown_now())),
        values,
    }
}

fn select(remote: Option<&Remote<Arc<[Sample]>>>, select: &[(String, String)]) -> Vec<Sample> {
    remote
        .and_then(Remote::value)
        .map_or(&[][..], |samples| &samples[..])
        .iter()
        .filter(|sample| series::selected(&sample.labels, select))
        .cloned()
        .collect()
}

/// The first fresh page that holds what the panel's selector names. Never for a past window: a
/// page knows only its last scrape.
fn from_page(state: &State, panel: &PanelRef) -> Option<Answer> {
    if !state.window.is_live() {
        return None;
    }
    let selector = Selector::parse(panel.panel.fallback.as_deref()?).ok()?;
    let (name, remote, values) = state.shown().pages.iter().find_map(|(name, remote)| {
        let values: Vec<Sample> = remote
            .value()?
            .iter()
            .filter(|sample| {
                selector.matches(&sample.labels) && series::selected(&sample.labels, &panel.select)
            })
            .cloned()
            .collect();
        (!values.is_empty()).then_some((name.clone(), remote, values))
    })?;
    let every = state.setup.page_interval_s.get(&name).copied().unwrap_or(15);
    let source = SourceId::Page(name.clone());
    let mut status = status::of(state, Some(remote), &source, every, false);
    if status.state != PaneState::Ready {
        return None;
    }
    status.note = format!("{name} · {}", status.note);
    status.message = (state.setup.text.view.from_page)(&name);
    Some(Answer {
        source,
        status,
        evaluated_at: remote.evaluated_at(),
        age_s: remote.age_s(state.shown_now()),
        values,
    })
}

fn draw(state: &State, panel: &PanelRef, answer: &Answer, series: &[Series]) -> Draw {
    let items = items(state, panel, answer, series);
    match panel.panel.kind {
        PanelKind::Stat => Draw::Stat(items),
        PanelKind::Gauge => Draw::Gauge(items),
        PanelKind::Sparkline => Draw::Sparkline(items),
        // A scraped page has no past: its values stand where the lines would.
        PanelKind::Chart if matches!(answer.source, SourceId::Page(_)) => Draw::Stat(items),
        PanelKind::Chart => chart(state, panel, series),
        PanelKind::Table => table(state, panel, answer),
        PanelKind::BarList => {
            let mut items = items;
            let whole = panel.panel.max.unwrap_or_else(|| {
                answer.values.iter().map(|sample| sample.value).filter(|v| v.is_finite()).fold(0.0, f64::max)
            });
            for (item, sample) in items.iter_mut().zip(&answer.values) {
                item.ratio = ratio(sample.value, panel.panel.min.unwrap_or(0.0), whole);
            }
            items.sort_by(|a, b| {
                b.ratio
                    .unwrap_or(-1.0)
                    .total_cmp(&a.ratio.unwrap_or(-1.0))
                    .then_with(|| a.label.cmp(&b.label))
            });
            Draw::BarList(items)
        }
    }
}

fn ratio(value: f64, min: f64, max: f64) -> Option<f64> {
    (value.is_finite() && max > min).then(|| ((value - min) / (max - min)).clamp(0.0, 1.0))
}

/// The samples of the scale's end, from the source that answered the panel itself.
fn whole(state: &State, panel: &PanelRef, source: &SourceId) -> Vec<Sample> {
    match source {
        SourceId::Page(name) => {
            let Some(page) = state.shown().pages.get(name).and_then(Remote::value) else { return Vec::new() };
            panel.panel.max_fallback.iter().find_map(|parts| sum_of(parts, page)).into_iter().collect()
        }
        SourceId::Server(_) => panel
            .max_query
            .as_ref()
            .and_then(|query| state.shown().instants.get(query))
            .and_then(Remote::value)
            .map_or_else(Vec::new, |all| all.to_vec()),
    }
}

/// The sum of the first samples that these selectors find on a page; none unless all find one.
fn sum_of(selectors: &[String], page: &[Sample]) -> Option<Sample> {
    let mut sum = 0.0;
    let mut at = None;
    for text in selectors {
        let selector = Selector::parse(text).ok()?;
        let sample = page.iter().find(|sample| selector.matches(&sample.labels))?;
        sum += sample.value;
        at = Some(sample.at);
    }
    Some(Sample { labels: Labels::default(), at: at?, value: sum })
}

fn items(state: &State, panel: &PanelRef, answer: &Answer, all: &[Series]) -> Vec<Item> {
    let spec = &panel.panel;
    let labels: Vec<&Labels> = answer.values.iter().map(|sample| &sample.labels).collect();
    let differing = series::differing(&labels);
    let whole = whole(state, panel, &answer.source);
    answer
        .values
        .iter()
        .map(|sample| {
            let max = series::whole_for(&whole, &sample.labels).or(spec.max);
            let label = series::name(spec, &sample.labels, &differing);
            if series::is_lost(spec, sample.value) {
                let text = state.setup.text.view.sensor_lost.to_owned();
                return Item { label, text, level: Level::Warning, ..Item::default() };
            }
            let number = match max {
                Some(whole) if spec.max_query.is_some() => series::of_whole(spec.unit, sample.value, whole),
                _ => spec.unit.format(sample.value),
            };
            // A state's word says it; the number behind it is in the table of states.
            let word = series::state_word(spec, sample.value).map(|(word, _)| word.to_owned());
            let share = ratio(sample.value, spec.min.unwrap_or(0.0), max.unwrap_or(f64::NAN));
            let level = series::level(spec, sample.value, max);
            let trend = series::trend_of(all, &sample.labels);
            Item {
                label,
                text: word.unwrap_or(number),
                level,
                word: String::new(),
                ratio: share,
                series: trend,
                stats: trend.and_then(|at| series::stats(&all[at], spec.unit)),
            }
        })
        .collect()
}

fn chart(state: &State, panel: &PanelRef, all: &[Series]) -> Draw {
    let spec = &panel.panel;
    let labels: Vec<&Labels> = all.iter().map(|one| &one.labels).collect();
    let differing = series::differing(&labels);
    let items = all
        .iter()
        .enumerate()
        .map(|(at, one)| {
            let last = one.points.iter().rev().map(|point| point.v).find(|v| v.is_finite());
            Item {
                label: series::name(spec, &one.labels, &differing),
                text: last.map_or_else(String::new, |v| spec.unit.format(v)),
                level: last.map_or(Level::Ok, |v| series::level(spec, v, spec.max)),
                word: String::new(),
                ratio: None,
                series: Some(at),
                stats: series::stats(one, spec.unit),
            }
        })
        .collect();
    let finite =
        || all.iter().flat_map(|one| one.points.iter().map(|point| point.v)).filter(|v| v.is_finite());
    let high = finite().fold(f64::NEG_INFINITY, f64::max);
    let low = finite().fold(f64::INFINITY, f64::min);
    // A scale from zero keeps proportions honest, unless the pack wants to see a narrow band.
    // What lies outside the pack's scale widens it: a point is never out of sight.
    let low = match spec.min {
        Some(min) => low.min(min),
        None if low.is_finite() => low.min(0.0),
        None => 0.0,
    };
    let high = match spec.max {
        Some(max) => high.max(max),
        None if high.is_finite() => high,
        None => low.max(0.0) + 1.0,
    };
    let (from, to, ticks) = series::scale(low, high, spec.unit);
    let marks = [(spec.thresholds.warning, Level::Warning), (spec.thresholds.critical, Level::Critical)]
        .into_iter()
        .filter_map(|(mark, level)| mark.filter(|m| *m > from && *m < to).map(|m| (m, level)))
        .collect();
    let now = state.shown_now();
    let (start, end) = (state.window.start(now), state.window.end(now));
    let middle = start + (end - start) / 2;
    Draw::Chart {
        items,
        y: (from, to),
        y_labels: ticks.into_iter().filter(|t| *t >= from && *t <= to).map(|t| spec.unit.format(t)).collect(),
        x_labels: [start, middle, end].map(|at| clock::near(state, at)).to_vec(),
        marks,
    }
}

fn table(state: &State, panel: &PanelRef, answer: &Answer) -> Draw {
    let spec = &panel.panel;
    let mut names: Vec<&str> =
        answer.values.iter().flat_map(|sample| sample.labels.iter().map(|(name, _)| name)).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| *name != "__name__");
    let mut columns: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    columns.push(state.setup.text.view.value.to_owned());
    let mut rows: Vec<(f64, Level, Vec<String>)> = answer
        .values
        .iter()
        .map(|sample| {
            let mut cells: Vec<String> =
                names.iter().map(|name| sample.labels.get(name).unwrap_or("").to_owned()).collect();
            let word = series::state_word(spec, sample.value).map(|(word, _)| word.to_owned());
            cells.push(word.unwrap_or_else(|| spec.unit.format(sample.value)));
            (sample.value, series::level(spec, sample.value, spec.max), cells)
        })
        .collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| b.0.total_cmp(&a.0)).then_with(|| a.2.cmp(&b.2)));
    Draw::Table { columns, rows: rows.into_iter().map(|(_, level, cells)| (level, cells)).collect() }
}
