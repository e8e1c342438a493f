//! The groups in which help shows commands.

use super::Command;

/// A group of commands, in the order of help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// Which view is shown.
    Views,
    /// The cursor and the focus.
    Moving,
    /// What is done with alerts.
    Alerts,
    /// Logs, traces and metrics, and the links between them.
    Exploring,
    /// The window and the clock.
    Time,
    /// Everything else about the console.
    Console,
    /// Editing text.
    Typing,
}

impl Group {
    /// Every group, in the order of help.
    pub const ALL: &[Self] =
        &[Self::Views, Self::Moving, Self::Alerts, Self::Exploring, Self::Time, Self::Console, Self::Typing];
}

impl Command {
    /// Its group, by the first part of its name.
    pub fn group(&self) -> Group {
        match self.name.split('.').next().unwrap_or_default() {
            "view" => Group::Views,
            "cursor" | "focus" | "open" | "back" => Group::Moving,
            "alerts" | "ack" | "unack" | "silence" | "incident" | "incidents" | "page" => Group::Alerts,
            "link" | "query" | "find" | "logs" | "traces" | "trace" | "metrics" => Group::Exploring,
            "time" | "clock" | "freeze" | "refresh" => Group::Time,
            "prompt" | "dialog" => Group::Typing,
            _ => Group::Console,
        }
    }
}
