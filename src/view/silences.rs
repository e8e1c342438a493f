//! The list of silences: what is muted, by whom, until when, and whom it wakes then.

use super::vm::{Level, PaneState, SilenceRowVm, SilencesVm};
use super::{acting, clock, status};
use crate::model::alert::SilenceState;
use crate::model::{Severity, Silence, SourceId};
use crate::state::State;
use crate::state::acting::SOON;

/// Builds the view.
pub fn build(state: &State) -> SilencesVm {
    let text = state.setup.text.acting;
    let silences = state.silences();
    let store = state.shown();
    let pace = state.interval_s().saturating_mul(2);
    let status = status::of(state, Some(&store.silences), &SourceId::ALERTMANAGER, pace, silences.is_empty());
    let cursor = state.places.silences.cursor.min(silences.len().saturating_sub(1));
    let known = !matches!(status.state, PaneState::Loading | PaneState::Failed | PaneState::Unconfigured);
    let empty = if known {
        vec![(text.none)(state.places.silences.over).to_owned()]
    } else {
        vec![if status.message.is_empty() { status.note.clone() } else { (text.unknown)(&status.message) }]
    };
    SilencesVm {
        summary: summary(state),
        note: status.note,
        // An empty list is an answer as good as another.
        state: if status.state == PaneState::NoData { PaneState::Ready } else { status.state },
        heads: text.columns.map(str::to_uppercase),
        rows: silences.iter().map(|silence| row(state, silence)).collect(),
        cursor,
        detail: silences.get(cursor).map_or_else(Vec::new, |silence| detail(state, silence)),
        empty,
    }
}

fn summary(state: &State) -> String {
    let text = state.setup.text.acting;
    let all = state.shown().silences.value().map_or(&[][..], |all| &all[..]);
    let counted = [SilenceState::Active, SilenceState::Pending]
        .map(|of| (all.iter().filter(|one| one.state == of).count(), (text.state)(of)));
    let parts: Vec<String> = counted
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    parts.join(" · ")
}

fn row(state: &State, silence: &Silence) -> SilenceRowVm {
    let text = state.setup.text.acting;
    let (count, worst) = state.under(silence);
    let near = |at| clock::near(state, at);
    let when = match silence.state {
        SilenceState::Active if count > 0 => (text.wakes)(&near(silence.ends_at)),
        SilenceState::Active => (text.ends)(&near(silence.ends_at)),
        SilenceState::Pending => (text.starts)(&near(silence.starts_at)),
        SilenceState::Expired => (text.ended)(&near(silence.ends_at)),
    };
    let soon = silence.state == SilenceState::Active && silence.ends_at - state.shown_now() <= SOON;
    let level = match (soon && count > 0, worst) {
        (true, Severity::Critical) => Level::Critical,
        (true, _) => Level::Warning,
        (false, _) => Level::Ok,
    };
    SilenceRowVm {
        cells: [
            (text.state)(silence.state).to_owned(),
            when,
            silence.created_by.to_string(),
            acting::matchers_in_short(silence),
            silence.comment.to_string(),
        ],
        level,
        active: silence.state == SilenceState::Active,
    }
}

fn detail(state: &State, silence: &Silence) -> Vec<(String, String)> {
    let text = state.setup.text.acting;
    let [_, when, by, mutes, comment] = text.columns;
    let (count, worst) = state.under(silence);
    let moments =
        (text.from_to)(&clock::full(state, silence.starts_at), &clock::full(state, silence.ends_at));
    let mut lines = vec![
        (mutes, acting::matchers(silence)),
        (comment, silence.comment.to_string()),
        (by, silence.created_by.to_string()),
        (when, moments),
    ];
    if silence.state == SilenceState::Active {
        lines.push(("", (text.under)(count, worst.as_str())));
    }
    lines.push(("ID", silence.id.to_string()));
    lines.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
