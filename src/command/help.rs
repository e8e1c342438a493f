//! What the help screen lists.

use super::{COMMANDS, Context, Group};
use crate::keymap::Keymap;
use crate::model::Role;
use crate::text;

/// A titled group: keys in one text and what they do.
pub type HelpGroup = (String, Vec<(String, String)>);

/// The commands that a key reaches where these modes hold, grouped; groups and rows in table order.
/// A command without a key is the palette's to show.
pub fn help(keymap: &Keymap, modes: &[Context], role: Role) -> Vec<HelpGroup> {
    Group::ALL
        .iter()
        .filter_map(|group| {
            let rows: Vec<_> = COMMANDS
                .iter()
                .filter(|command| {
                    command.needs <= role && command.group() == *group && command.available(modes)
                })
                .filter_map(|command| {
                    let keys = keymap.keys_for(modes, command.id);
                    (!keys.is_empty()).then(|| (keys.join(", "), command.doc.to_owned()))
                })
                .collect();
            (!rows.is_empty()).then(|| ((text::EN.command.group)(*group).to_owned(), rows))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_shows_what_works_here_and_nothing_else() {
        let keymap = Keymap::shipped();
        let titles = |modes: &[Context]| -> Vec<String> {
            help(&keymap, modes, Role::Admin).into_iter().map(|(title, _)| title).collect()
        };
        assert_eq!(
            titles(&[Context::Alerts, Context::Global]),
            ["Views", "Moving", "Alerts", "Logs, traces, metrics", "Time", "Console"]
        );
        assert_eq!(titles(&[Context::Prompt]), ["Moving", "Console", "Typing"]);
        let alerts = help(&keymap, &[Context::Alerts, Context::Global], Role::Admin);
        let sort = alerts[2].1.iter().find(|(keys, _)| keys == "o").expect("sort is listed");
        assert!(sort.1.starts_with("Sorts by"), "{sort:?}");
        let sources = help(&keymap, &[Context::Sources, Context::Global], Role::Viewer);
        assert!(sources.iter().all(|(_, rows)| rows.iter().all(|(_, doc)| !doc.starts_with("Sorts by"))));
    }
}
