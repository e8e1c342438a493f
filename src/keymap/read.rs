//! Keymap files: layers of TOML, checked and merged.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Key, KeyCode, Keymap, key_text::KeyError};
use crate::command::{COMMANDS, CommandId, Context};
use crate::document::{Document, Layer, Problem, Problems, Value, did_you_mean};
use crate::text;
use crate::text::keymap::KeymapText;

/// What removes an inherited binding.
const NONE: &str = "none";

/// What a key is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    /// Run this.
    Run(CommandId),
    /// No longer what is inherited.
    Remove,
}

/// A binding and where it was written.
struct Binding {
    deed: Deed,
    layer: usize,
    span: Range<usize>,
}

type Mode = BTreeMap<Vec<Key>, Binding>;

/// The keymap that the layers make, the most general first; or everything that is wrong with them.
pub(super) fn read(layers: &[Layer], whole: bool) -> (Keymap, Vec<Problem>) {
    let words = text::EN.keymap;
    let mut problems: Vec<Problems> =
        layers.iter().map(|layer| Problems::new(&layer.file, &layer.text)).collect();
    let mut modes: BTreeMap<Context, Mode> = BTreeMap::new();
    for (at, (layer, problems)) in layers.iter().zip(&mut problems).enumerate() {
        read_layer(layer, at, &mut modes, problems, words);
    }
    let mut keymap = Keymap::default();
    for (context, mut mode) in modes {
        mode.retain(|_, binding| binding.deed != Deed::Remove);
        // With a layer missing its removals are missing too, and conflicts would be guesses.
        if whole {
            conflicts(&mode, layers, &mut problems, words);
        }
        for (keys, binding) in mode {
            if let Deed::Run(command) = binding.deed {
                keymap.insert(context, &keys, command);
            }
        }
    }
    (keymap, problems.into_iter().flat_map(Problems::into_list).collect())
}

fn read_layer(
    layer: &Layer,
    at: usize,
    modes: &mut BTreeMap<Context, Mode>,
    problems: &mut Problems,
    words: &KeymapText,
) {
    let Some(document) = Document::parse(&layer.text, problems) else { return };
    let root = document.root();
    root.value("inherits"); // read when the layers were found
    for context in Context::ALL {
        let Some(section) = root.section(context.name(), problems) else { continue };
        for (written, span, value) in section.entries() {
            let keys = keys(&written, &span, *context, problems, words);
            let deed = deed(&value, *context, problems, words);
            let (Some(keys), Some(deed)) = (keys, deed) else { continue };
            let mode = modes.entry(*context).or_default();
            if mode.get(&keys).is_some_and(|binding| binding.layer == at) {
                problems.push(span, (words.twice)(&text(&keys)), None);
                continue;
            }
            mode.insert(keys, Binding { deed, layer: at, span });
        }
    }
    root.finish(problems);
}

/// The keys of a binding, which are checked for the mode.
fn keys(
    written: &str,
    span: &Range<usize>,
    context: Context,
    problems: &mut Problems,
    words: &KeymapText,
) -> Option<Vec<Key>> {
    let mut push = |message: String, help: Option<String>| problems.push(span.clone(), message, help);
    let mut keys: Vec<Key> = Vec::new();
    let mut sound = true;
    for part in written.split_whitespace() {
        let (message, help) = match part.parse::<Key>() {
            Ok(key) => {
                keys.push(key);
                continue;
            }
            Err(KeyError::Unknown(near)) => (
                (words.unknown_key)(part),
                near.map_or_else(|| words.key_syntax.to_owned(), |near| (words.did_you_mean)(&near)),
            ),
            Err(KeyError::Spelling(own)) => ((words.unknown_key)(part), (words.write)(&own)),
            Err(KeyError::Same(sent)) => {
                let sent = sent.to_string();
                ((words.same_key)(part, &sent), (words.write)(&sent))
            }
        };
        push(message, Some(help));
        sound = false;
    }
    if !sound {
        return None;
    }
    let Some(first) = keys.first() else {
        // `" "` is the likely slip of the fingers.
        push(words.no_key.to_owned(), Some((words.write)("space")));
        return None;
    };
    if matches!(context, Context::Prompt | Context::Query | Context::Dialog) && first.types() {
        push((words.prompt_character)(&first.to_string()), Some(words.prompt_help.to_owned()));
        return None;
    }
    if keys[1..].contains(&Key::plain(KeyCode::Esc)) {
        push(words.escape_inside.to_owned(), None);
        return None;
    }
    Some(keys)
}

/// The deed of a binding, which is checked for the mode.
fn deed(
    value: &Value<'_, '_>,
    context: Context,
    problems: &mut Problems,
    words: &KeymapText,
) -> Option<Deed> {
    let name = value.string(problems)?;
    if name == NONE {
        return Some(Deed::Remove);
    }
    let Some(id) = CommandId::by_name(&name) else {
        let names = COMMANDS.iter().map(|command| command.name).chain([NONE]);
        let help = did_you_mean(&name, names)
            .map_or_else(|| words.command_list.to_owned(), |near| (words.did_you_mean)(near));
        problems.push(value.span.clone(), (words.unknown_command)(&name), Some(help));
        return None;
    };
    let command = id.command();
    if !command.works_in(context) {
        let modes: Vec<String> = command.contexts.iter().map(|c| format!("[{}]", c.name())).collect();
        let message = (words.wrong_mode)(&name, context.name());
        problems.push(value.span.clone(), message, Some((words.works_in)(&modes.join(", "))));
        return None;
    }
    Some(Deed::Run(id))
}

/// Tells every binding that another one begins with, at the one that was written last.
fn conflicts(mode: &Mode, layers: &[Layer], problems: &mut [Problems], words: &KeymapText) {
    for (long, at_long) in mode {
        let shorter = (1..long.len()).find_map(|length| mode.get_key_value(&long[..length]));
        let Some((short, at_short)) = shorter else { continue };
        let later_is_short = (at_short.layer, at_short.span.start) > (at_long.layer, at_long.span.start);
        let (told, other, other_keys) =
            if later_is_short { (at_short, at_long, long) } else { (at_long, at_short, short) };
        let message = (words.conflict)(&text(short), &text(long), &layers[other.layer].file);
        problems[told.layer].push(told.span.clone(), message, Some((words.conflict_help)(&text(other_keys))));
    }
}

/// A sequence as a keymap file writes it.
pub(super) fn text(keys: &[Key]) -> String {
    keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The problems of a keymap that stands on another.
    fn told(base: &str, own: &str) -> Vec<String> {
        let layers: Vec<Layer> = [("base.toml", base), ("own.toml", own)]
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(file, text)| Layer { file: file.to_owned(), text: text.to_owned() })
            .collect();
        read(&layers, true).1.iter().map(Problem::to_string).collect()
    }

    #[test]
    fn each_bad_binding_is_told_with_its_place_and_a_way_out() {
        for (own, want) in [
            (
                "[global]\nq = \"qiut\"\n",
                "own.toml:2:5: no command is called `qiut`\n  2 | q = \"qiut\"\n    |     ^^^^^^\n  help: did you mean `quit`?\n",
            ),
            (
                "[global]\nx = \"make coffee\"\n",
                "own.toml:2:5: no command is called `make coffee`\n  2 | x = \"make coffee\"\n    |     ^^^^^^^^^^^^^\n  help: docs/commands.md lists every command; `none` removes an inherited binding\n",
            ),
            (
                "[global]\nescape = \"back\"\n",
                "own.toml:2:1: no key is called `escape`\n  2 | escape = \"back\"\n    | ^^^^^^\n  help: did you mean `esc`?\n",
            ),
            (
                "[global]\nctrl-m = \"back\"\n",
                "own.toml:2:1: a terminal sends `enter` when `ctrl-m` is pressed\n  2 | ctrl-m = \"back\"\n    | ^^^^^^\n  help: write `enter`\n",
            ),
            (
                "[global]\no = \"alerts.sort\"\n",
                "own.toml:2:5: `alerts.sort` does not work in [global]\n  2 | o = \"alerts.sort\"\n    |     ^^^^^^^^^^^^^\n  help: it works in [alerts]\n",
            ),
            (
                "[prompt]\nctrl-q = \"quit\"\n",
                "own.toml:2:10: `quit` does not work in [prompt]\n  2 | ctrl-q = \"quit\"\n    |          ^^^^^^\n  help: it works in [global]\n",
            ),
            (
                "[prompt]\nx = \"prompt.accept\"\n",
                "own.toml:2:1: `x` could no longer be typed into a prompt\n  2 | x = \"prompt.accept\"\n    | ^\n  help: in [prompt] bind keys with ctrl or alt, or keys that type nothing, such as `tab`\n",
            ),
            (
                "[global]\nq = 5\n",
                "own.toml:2:5: global.q: expected a string, found an integer\n  2 | q = 5\n    |     ^\n",
            ),
            (
                "[globel]\nq = \"quit\"\n",
                "own.toml:1:2: unknown key `globel`\n  1 | [globel]\n    |  ^^^^^^\n  help: did you mean `global`?\n",
            ),
            (
                "[global]\n\" \" = \"quit\"\n",
                "own.toml:2:1: there is no key\n  2 | \" \" = \"quit\"\n    | ^^^\n  help: write `space`\n",
            ),
            (
                "[global]\n\"x esc\" = \"quit\"\n",
                "own.toml:2:1: `esc` cancels a sequence and can only be its first key\n  2 | \"x esc\" = \"quit\"\n    | ^^^^^^^\n",
            ),
            (
                "[global]\n\"x y\" = \"quit\"\n\"x  y\" = \"back\"\n",
                "own.toml:3:1: `x y` is bound twice in this table\n  3 | \"x  y\" = \"back\"\n    | ^^^^^^\n",
            ),
        ] {
            assert_eq!(told("", own), [want]);
        }
    }

    #[test]
    fn all_problems_come_at_once() {
        let own = "[global]\nq = \"qiut\"\nC-x = \"quit\"\n[prompt]\n\"space\" = \"prompt.accept\"\n";
        assert_eq!(told("", own).len(), 3);
    }

    #[test]
    fn a_key_that_is_whole_and_prefix_is_a_conflict_in_either_order() {
        let one = told("", "[global]\n\"g g\" = \"quit\"\ng = \"back\"\n");
        assert_eq!(
            one,
            [
                "own.toml:3:1: `g` alone is a binding, so `g g` can never be reached (own.toml)\n  3 | g = \"back\"\n    | ^\n  help: remove one of them, an inherited one with `\"g g\" = \"none\"`\n"
            ]
        );
        let two = told("[global]\ng = \"back\"\n", "[global]\n\"g x y\" = \"quit\"\n");
        assert_eq!(
            two,
            [
                "own.toml:2:1: `g` alone is a binding, so `g x y` can never be reached (base.toml)\n  2 | \"g x y\" = \"quit\"\n    | ^^^^^^^\n  help: remove one of them, an inherited one with `\"g\" = \"none\"`\n"
            ]
        );
        assert!(told("[global]\ng = \"back\"\n", "[global]\ng = \"none\"\n\"g g\" = \"quit\"\n").is_empty());
        assert!(told("[page]\ng = \"open\"\n", "[global]\n\"g g\" = \"quit\"\n").is_empty(), "two modes");
    }

    #[test]
    fn a_global_command_may_be_bound_in_one_view_alone() {
        assert!(told("", "[alerts]\nQ = \"quit\"\n").is_empty());
    }
}
