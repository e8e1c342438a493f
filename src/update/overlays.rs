//! Palette, filter, help, choices.

use super::{alerts, views};
use crate::command::{self, CommandId};
use crate::message::Effect;
use crate::pack::Level;
use crate::state::acting::About;
use crate::state::overlay::{What, palette_rows};
use crate::state::{Choice, Overlay, PlannedFault, Prompt, State};

/// Opens an overlay.
pub fn open(state: &mut State, id: CommandId) {
    let choose = |what, names: &[String], current: &str| {
        let cursor = names.iter().position(|name| name == current).unwrap_or(0);
        Overlay::Choose(Choice { what, names: names.to_vec(), cursor })
    };
    let current = state.context.clone().unwrap_or_default();
    let opened = match id {
        CommandId::Palette => Overlay::Palette(Prompt::default()),
        CommandId::Help => Overlay::Help { scroll: 0 },
        CommandId::SwitchContext if state.setup.contexts.iter().all(|name| *name == current) => {
            let text = state.setup.text.view.notice.one_context;
            state.notify(Level::Ok, text);
            return;
        }
        CommandId::SwitchContext => choose(What::Context, &state.setup.contexts, &current),
        CommandId::ChooseView => {
            let names = crate::state::view_names(&state.setup.pack);
            let here = crate::state::name_of_view(&state.setup.pack, state.view());
            choose(What::View, &names, &here)
        }
        CommandId::Faults => {
            let Some(demo) = &mut state.demo else {
                let text = state.setup.text.demo.only_embedded;
                state.notify(Level::Ok, text);
                return;
            };
            demo.hint = false;
            Overlay::Faults { cursor: demo.faults.iter().position(|one| one.is_on(state.now)).unwrap_or(0) }
        }
        CommandId::SwitchTheme => choose(What::Theme, &state.setup.themes, &state.theme),
        _ => return,
    };
    state.overlay = Some(opened);
}

/// Types a text where there is a prompt; elsewhere a paste means nothing, and must run nothing.
pub fn paste(state: &mut State, text: &str) -> Vec<Effect> {
    match &mut state.overlay {
        Some(Overlay::Palette(prompt)) => prompt.insert(text),
        Some(Overlay::Filter(prompt)) => {
            prompt.insert(text);
            filter_changed(state);
        }
        Some(Overlay::Query(_)) => super::prompt::typed(state, text),
        Some(Overlay::Find(_)) => super::find::typed(state, text),
        Some(Overlay::Dialog(_)) => super::acting::typed(state, text),
        _ => {}
    }
    Vec::new()
}

/// A command while something lies on top; `None` lets the view have it.
pub fn command(state: &mut State, id: CommandId) -> Option<Vec<Effect>> {
    // These are about the terminal, whatever stands on it.
    if matches!(id, CommandId::Suspend | CommandId::Redraw) {
        // A value that was revealed does not wait in a terminal that somebody else may open again.
        state.hide_revealed(id == CommandId::Suspend);
        return None;
    }
    match state.overlay.take()? {
        Overlay::Palette(prompt) => Some(palette(state, prompt, id)),
        Overlay::Filter(prompt) => Some(filter(state, prompt, id)),
        Overlay::Help { scroll } => {
            let page = i32::from(state.size.1 / 2);
            let lines = match id {
                CommandId::Back | CommandId::Open | CommandId::Help | CommandId::Cancel => {
                    return Some(Vec::new());
                }
                CommandId::Up => -1,
                CommandId::Down => 1,
                CommandId::PageUp => -page,
                CommandId::PageDown => page,
                CommandId::Top => -i32::from(u16::MAX),
                CommandId::Bottom => i32::from(u16::MAX),
                // Any other command leaves the help and does what it does.
                _ => return None,
            };
            let scroll = (i32::from(scroll) + lines).clamp(0, i32::from(state.extent.most())) as u16;
            state.overlay = Some(Overlay::Help { scroll });
            Some(Vec::new())
        }
        Overlay::Query(query) => Some(super::prompt::command(state, *query, id)),
        Overlay::Find(prompt) => Some(super::find::command(state, prompt, id)),
        Overlay::Dialog(dialog) => Some(super::acting::dialog(state, *dialog, id)),
        Overlay::Choose(choice) => choose(state, choice, id),
        Overlay::Faults { cursor } => faults(state, cursor, id),
    }
}

fn choose(state: &mut State, mut choice: Choice, id: CommandId) -> Option<Vec<Effect>> {
    let last = choice.names.len().saturating_sub(1);
    match id {
        CommandId::Up => choice.cursor = choice.cursor.saturating_sub(1),
        CommandId::Down => choice.cursor = (choice.cursor + 1).min(last),
        CommandId::PageUp | CommandId::Top => choice.cursor = 0,
        CommandId::PageDown | CommandId::Bottom => choice.cursor = last,
        CommandId::Open | CommandId::Accept => {
            let Some(name) = choice.names.get(choice.cursor).cloned() else { return Some(Vec::new()) };
            return Some(match choice.what {
                What::Context => vec![Effect::SwitchContext(name)],
                What::Theme => vec![Effect::LoadTheme(name)],
                What::View => {
                    if let Some(view) = views::named(state, &name) {
                        views::go(state, view);
                    }
                    Vec::new()
                }
            });
        }
        CommandId::Back | CommandId::Cancel => return Some(Vec::new()),
        _ => return None,
    }
    state.overlay = Some(Overlay::Choose(choice));
    Some(Vec::new())
}

fn faults(state: &mut State, mut cursor: usize, id: CommandId) -> Option<Vec<Effect>> {
    let all = state.demo.as_ref().map_or(&[][..], |demo| &demo.faults);
    let last = all.len().saturating_sub(1);
    let mut effects = Vec::new();
    match id {
        CommandId::Up => cursor = cursor.saturating_sub(1),
        CommandId::Down => cursor = (cursor + 1).min(last),
        CommandId::PageUp | CommandId::Top => cursor = 0,
        CommandId::PageDown | CommandId::Bottom => cursor = last,
        CommandId::Open | CommandId::Accept => {
            effects.extend(all.get(cursor).map(|fault| Effect::ToggleFault(fault.name.clone())));
        }
        CommandId::Back | CommandId::Cancel | CommandId::Faults => return Some(Vec::new()),
        _ => return None,
    }
    state.overlay = Some(Overlay::Faults { cursor });
    Some(effects)
}

/// Takes in how the faults are now, and says what has changed.
pub fn faults_changed(state: &mut State, faults: Vec<PlannedFault>) {
    let (now, text) = (state.now, state.setup.text.demo);
    let Some(demo) = &mut state.demo else { return };
    let before = std::mem::replace(&mut demo.faults, faults);
    let changed = demo.faults.iter().find_map(|fault| {
        let was = before.iter().find(|one| one.name == fault.name)?;
        (was.is_on(now) != fault.is_on(now)).then(|| (fault.name.clone(), fault.is_on(now)))
    });
    if let Some((name, begun)) = changed {
        let words = if begun { text.begun_notice } else { text.mended_notice };
        state.notify(Level::Ok, words(&name));
    }
}

fn palette(state: &mut State, mut prompt: Prompt, id: CommandId) -> Vec<Effect> {
    let contexts = state.view_modes();
    match id {
        CommandId::Cancel | CommandId::Back => return Vec::new(),
        CommandId::Accept => {
            let hits = command::search(&prompt.text, &contexts, state.setup.role);
            let Some(hit) = hits.get(prompt.selected.min(hits.len().saturating_sub(1))) else {
                return Vec::new();
            };
            if hit.available {
                return super::command(state, hit.command);
            }
            let text = (state.setup.text.view.notice.not_here)(hit.command.command().title);
            state.notify(Level::Warning, text);
            return Vec::new();
        }
        CommandId::Up => prompt.selected = prompt.selected.saturating_sub(1),
        CommandId::Down => {
            let last = command::search(&prompt.text, &contexts, state.setup.role).len().saturating_sub(1);
            prompt.selected = (prompt.selected + 1).min(last);
        }
        other => {
            prompt.edit(other);
        }
    }
    state.overlay = Some(Overlay::Palette(prompt));
    Vec::new()
}

fn filter(state: &mut State, mut prompt: Prompt, id: CommandId) -> Vec<Effect> {
    match id {
        CommandId::Accept => return Vec::new(),
        CommandId::Cancel | CommandId::Back => {
            state.places.alerts.filter = prompt.before;
            alerts::reorder(state);
            return Vec::new();
        }
        // The list stays alive under the filter: arrows move its cursor.
        CommandId::Up | CommandId::Down => {
            super::move_cursor::command(state, id);
        }
        other => {
            prompt.edit(other);
        }
    }
    state.overlay = Some(Overlay::Filter(prompt));
    filter_changed(state);
    Vec::new()
}

fn filter_changed(state: &mut State) {
    if let Some(Overlay::Filter(prompt)) = &state.overlay
        && state.places.alerts.filter != prompt.text
    {
        state.places.alerts.filter.clone_from(&prompt.text);
        alerts::reorder(state);
    }
}

/// Chooses the entry that was clicked, of those in sight.
pub fn click_entry(state: &mut State, entry: usize) -> Vec<Effect> {
    match &mut state.overlay {
        Some(Overlay::Palette(prompt)) => {
            let first = prompt.selected.saturating_sub(palette_rows(state.size.1) - 1);
            prompt.selected = first + entry;
            super::command(state, CommandId::Accept)
        }
        Some(Overlay::Choose(choice)) => {
            choice.cursor = entry.min(choice.names.len().saturating_sub(1));
            super::command(state, CommandId::Open)
        }
        Some(Overlay::Query(_)) => super::prompt::clicked(state, entry),
        Some(Overlay::Dialog(dialog)) => {
            match &mut dialog.about {
                About::Silence(silence) => silence.chosen = Some(entry),
                // A click chooses whom; it pages nobody.
                About::Page(page) => {
                    super::acting::choose_whom(page, entry);
                    return Vec::new();
                }
                _ => {}
            }
            super::command(state, CommandId::Accept)
        }
        Some(Overlay::Faults { cursor }) => {
            *cursor = entry;
            super::command(state, CommandId::Open)
        }
        _ => Vec::new(),
    }
}

/// Returns to the view under the overlay.
pub fn close(state: &mut State) {
    let _ = super::command(state, CommandId::Cancel);
}

/// Opens the source whose lamp was clicked.
pub fn open_source(state: &mut State, lamp: usize) {
    let clicked = state.setup.sources.keys().nth(lamp).cloned();
    views::command(state, CommandId::Sources);
    if let Some(at) = clicked.and_then(|source| state.all_sources().iter().position(|one| *one == source)) {
        state.places.sources = at;
    }
}
