//! Which role a fact is drawn in.

use crate::model::{AlertState, Severity};
use crate::theme::Role;
use crate::view::vm::{Level, PaneState};

/// Role of a severity.
pub fn severity(severity: Severity) -> Role {
    match severity {
        Severity::Critical => Role::SeverityCritical,
        Severity::High => Role::SeverityHigh,
        Severity::Medium => Role::SeverityMedium,
        Severity::Low => Role::SeverityLow,
        Severity::None => Role::SeverityNone,
    }
}

/// Role of an alert's mark and word.
pub fn alert(severity_of: Severity, state: AlertState) -> Role {
    match state {
        AlertState::Firing => severity(severity_of),
        AlertState::Pending => Role::AlertPending,
        AlertState::Inhibited | AlertState::Silenced => Role::AlertMuted,
    }
}

/// Role of a level's word and mark.
pub fn level(level: Level) -> Role {
    match level {
        Level::Ok => Role::LevelOk,
        Level::Warning => Role::LevelWarning,
        Level::Critical => Role::LevelCritical,
    }
}

/// Role of a number of some level: a good one is plain.
pub fn value(level_of: Level) -> Role {
    if level_of == Level::Ok { Role::Value } else { level(level_of) }
}

/// Role of a trend of some level.
pub fn spark(level_of: Level) -> Role {
    if level_of == Level::Ok { Role::Spark } else { level(level_of) }
}

/// Role of a bar of some level.
pub fn bar(level_of: Level) -> Role {
    if level_of == Level::Ok { Role::BarFill } else { level(level_of) }
}

/// Role of a state.
pub fn state(state: PaneState) -> Role {
    match state {
        PaneState::Ready => Role::StateReady,
        PaneState::Loading => Role::StateLoading,
        PaneState::Stale => Role::StateStale,
        PaneState::Failed => Role::StateFailed,
        PaneState::NoData => Role::StateNoData,
        PaneState::Unconfigured => Role::StateUnconfigured,
    }
}

/// Whether what is shown is not known to be true now: it must not look calm.
pub fn unknown(state: PaneState) -> bool {
    matches!(state, PaneState::Stale | PaneState::Failed)
}

/// Role of a chart's series.
pub fn series(at: usize) -> Role {
    const SERIES: [Role; 8] = [
        Role::Chart1,
        Role::Chart2,
        Role::Chart3,
        Role::Chart4,
        Role::Chart5,
        Role::Chart6,
        Role::Chart7,
        Role::Chart8,
    ];
    SERIES[at % SERIES.len()]
}
