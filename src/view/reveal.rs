//! The dialog in which a masked value is revealed, as data.

use super::vm::{DialogFieldVm, DialogVm, Level};
use crate::state::State;
use crate::state::reveal::{Reveal, RevealDialog};
use crate::text::reveal::EN as WORDS;

/// Builds it.
pub fn dialog(state: &State, dialog: &RevealDialog) -> DialogVm {
    let mut vm = DialogVm { title: (WORDS.title)(&dialog.of), ..DialogVm::default() };
    let Some((what, shown)) = dialog.values.get(dialog.chosen) else { return vm };
    let which = (WORDS.which)(dialog.chosen + 1, dialog.values.len());
    if !which.is_empty() && dialog.seen == Reveal::Not {
        vm.about.push(which);
    }
    match &dialog.seen {
        Reveal::Seen(raw, until) => {
            vm.about.extend(Some(what.name().to_owned()).filter(|name| !name.is_empty()));
            vm.plain = raw.text().lines().map(str::to_owned).collect();
            let left = (*until - state.now).num_seconds().max(0);
            vm.said.push((Level::Warning, (WORDS.goes)(left)));
            WORDS.keys_seen.clone_into(&mut vm.keys);
        }
        seen => {
            vm.about.push(format!("{} {shown}", what.name()).trim_start().to_owned());
            vm.fields.push(DialogFieldVm {
                label: WORDS.why.to_owned(),
                text: dialog.why.text.clone(),
                placeholder: WORDS.why_hint.to_owned(),
                cursor: (*seen == Reveal::Not).then_some(dialog.why.cursor),
                ..DialogFieldVm::default()
            });
            if *seen == Reveal::Asked {
                vm.said.push((Level::Ok, WORDS.asking.to_owned()));
            } else {
                vm.said.push((Level::Ok, (WORDS.will)(state.setup.reveal_s.unwrap_or(0))));
            }
            let keys = if dialog.values.len() > 1 { WORDS.keys_many } else { WORDS.keys };
            keys.clone_into(&mut vm.keys);
        }
    }
    vm
}
