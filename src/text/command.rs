//! Words of commands: the groups of the help screen and the heads of the printed table.

use crate::command::Group;

/// What `command` says beside the titles and docs of its table.
#[derive(Debug)]
pub struct CommandText {
    /// Title of a group of commands.
    pub group: fn(Group) -> &'static str,
    /// Heads of the printed table: keys, command, where, what it does.
    pub heads: [&'static str; 4],
    /// Stands for the keys of a command that only the palette reaches.
    pub palette_only: &'static str,
}

/// English.
pub const EN: CommandText = CommandText {
    group: |group| match group {
        Group::Views => "Views",
        Group::Moving => "Moving",
        Group::Alerts => "Alerts",
        Group::Exploring => "Logs, traces, metrics",
        Group::Time => "Time",
        Group::Console => "Console",
        Group::Typing => "Typing",
    },
    heads: ["Keys", "Command", "Works in", "What it does"],
    palette_only: "palette",
};
