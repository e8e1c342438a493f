//! What lies on top.

use super::vm::{self, PaletteEntryVm, PaletteVm};
use crate::command;
use crate::state::overlay::{What, palette_rows};
use crate::state::{Overlay, State, name_of_view};

/// Builds the overlay; the alert filter is a line of the list, no overlay on the screen.
pub fn build(state: &State) -> Option<vm::Overlay> {
    let text = state.setup.text.view;
    match state.overlay.as_ref()? {
        Overlay::Filter(_) => None,
        Overlay::Query(query) => Some(vm::Overlay::Query(Box::new(super::prompt::build(state, query)))),
        Overlay::Find(prompt) => Some(vm::Overlay::Find(vm::FilterVm {
            text: prompt.text.clone(),
            cursor: Some(prompt.cursor),
            error: super::prompt::found(state, &prompt.text),
        })),
        Overlay::Palette(prompt) => {
            let contexts = state.view_modes();
            let hits = command::search(&prompt.text, &contexts, state.setup.role);
            let selected = prompt.selected.min(hits.len().saturating_sub(1));
            let rows = palette_rows(state.size.1);
            let first = selected.saturating_sub(rows - 1);
            let entries = hits
                .iter()
                .skip(first)
                .take(rows)
                .map(|hit| PaletteEntryVm {
                    title: hit.command.command().title.to_owned(),
                    hits: hit.title_hits.clone(),
                    keys: state
                        .setup
                        .keymap
                        .keys_for(&contexts, hit.command)
                        .into_iter()
                        .next()
                        .unwrap_or_default(),
                    doc: hit.command.command().doc.to_owned(),
                    available: hit.available,
                })
                .collect();
            Some(vm::Overlay::Palette(PaletteVm {
                input: prompt.text.clone(),
                cursor: prompt.cursor,
                entries,
                selected: selected - first,
                matching: hits.len(),
            }))
        }
        Overlay::Help { scroll } => {
            let contexts = state.view_modes();
            let groups = command::help(&state.setup.keymap, &contexts, state.setup.role);
            Some(vm::Overlay::Help { groups, scroll: *scroll })
        }
        Overlay::Dialog(dialog) => Some(vm::Overlay::Dialog(Box::new(super::acting::dialog(state, dialog)))),
        Overlay::Faults { cursor } => Some(super::demo::faults(state, *cursor)),
        Overlay::Choose(choice) => {
            let (title, current) = match choice.what {
                What::Context => (text.choose_context, state.context.clone().unwrap_or_default()),
                What::Theme => (text.choose_theme, state.theme.clone()),
                What::View => (text.choose_view, name_of_view(&state.setup.pack, state.view())),
            };
            let note = |name: &String| if *name == current { text.current.to_owned() } else { String::new() };
            let shown = |name: &String| match (choice.what, name.as_str()) {
                (What::Context, "") => text.no_context.to_owned(),
                _ => name.clone(),
            };
            let entries = choice.names.iter().map(|name| (shown(name), note(name))).collect();
            Some(vm::Overlay::Choose { title: title.to_owned(), entries, cursor: choice.cursor })
        }
    }
}
