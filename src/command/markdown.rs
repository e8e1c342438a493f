//! The table of commands as Markdown, for the documentation.

use super::{COMMANDS, Command, Context, Group};
use crate::keymap::Keymap;
use crate::text;

/// Every command with the keys that reach it, one Markdown table, grouped as help is. A key that
/// works in every mode of its command stands alone; one that works only in some says where.
pub fn markdown(keymap: &Keymap) -> String {
    let words = text::EN.command;
    let mut out = format!("| {} |\n|{}\n", words.heads.join(" | "), "---|".repeat(words.heads.len()));
    for group in Group::ALL {
        for command in COMMANDS.iter().filter(|command| command.group() == *group) {
            let modes: Vec<&str> = command.contexts.iter().map(|context| context.name()).collect();
            let row = [
                keys(keymap, command, words.palette_only),
                format!("`{}`", command.name),
                modes.join(", "),
                cell(command.doc),
            ];
            out = out + "| " + &row.join(" | ") + " |\n";
        }
    }
    out
}

/// The keys of a command over all its modes, those common to most of them first.
fn keys(keymap: &Keymap, command: &Command, none: &str) -> String {
    let mut found: Vec<(String, Vec<Context>)> = Vec::new();
    for context in command.contexts {
        for key in keymap.keys_for(&[*context], command.id) {
            match found.iter_mut().find(|(known, _)| *known == key) {
                Some((_, contexts)) => contexts.push(*context),
                None => found.push((key, vec![*context])),
            }
        }
    }
    if found.is_empty() {
        return none.to_owned();
    }
    // Stable: within equal reach the keymap's own order, shortest first, stays.
    found.sort_by_key(|(_, contexts)| std::cmp::Reverse(contexts.len()));
    let shown: Vec<String> = found
        .into_iter()
        .map(|(key, contexts)| {
            let code = code(&key);
            // A global key reaches every mode but the prompt, so it needs no note there.
            if contexts.len() == command.contexts.len() || contexts.contains(&Context::Global) {
                code
            } else {
                let names: Vec<&str> = contexts.iter().map(|context| context.name()).collect();
                format!("{code} ({})", names.join(", "))
            }
        })
        .collect();
    shown.join(" ")
}

/// A key as code inside a table cell: a bar ends the cell unless it is escaped, a backtick needs two around it.
fn code(key: &str) -> String {
    if key.contains('`') { format!("`` {} ``", cell(key)) } else { format!("`{}`", cell(key)) }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_for_every_command_and_four_cells_a_row() {
        let table = markdown(&Keymap::shipped());
        assert_eq!(table.lines().count(), COMMANDS.len() + 2);
        for line in table.lines() {
            let bars = line.replace("\\|", "").matches('|').count();
            assert_eq!(bars, 5, "{line}");
        }
        for command in COMMANDS {
            assert!(table.contains(&format!("| `{}` |", command.name)), "{}", command.name);
        }
    }

    #[test]
    fn awkward_keys_stay_inside_their_cell() {
        assert_eq!(code("|"), "`\\|`");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("ctrl-a"), "`ctrl-a`");
    }
}
