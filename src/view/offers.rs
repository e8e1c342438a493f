//! The dialog of playbooks, as data.

use super::vm::{DialogFieldVm, DialogVm, Level};
use crate::state::acting::OffersDialog;
use crate::text::offers::EN as WORDS;

/// Builds it.
pub fn dialog(dialog: &OffersDialog) -> DialogVm {
    let mut vm =
        DialogVm { title: (WORDS.title)(&dialog.alert), keys: WORDS.keys.to_owned(), ..DialogVm::default() };
    let Some(offers) = &dialog.offers else {
        vm.about.push(WORDS.looking.to_owned());
        return vm;
    };
    let Some(offer) = dialog.chosen() else {
        vm.about.push(WORDS.none.to_owned());
        return vm;
    };
    vm.about.push((WORDS.one)(dialog.chosen + 1, offers.len(), &offer.title));
    vm.about.push((WORDS.fits)(&offer.name, &offer.why));
    vm.about.push(
        offer.incident.as_ref().map_or_else(|| WORDS.no_incident.to_owned(), |id| (WORDS.incident)(id)),
    );
    let rows = offer.steps.iter().enumerate().map(|(at, step)| {
        let mark = if step.dangerous { WORDS.dangerous } else { "" };
        [format!("{}{mark}", at + 1), step.title.clone(), step.what.clone()]
    });
    vm.table = Some((WORDS.heads.map(str::to_owned), rows.collect()));
    if offer.troubles.is_empty() {
        if offer.dangerous {
            vm.fields.push(DialogFieldVm {
                label: WORDS.confirm.to_owned(),
                text: dialog.typed.text.clone(),
                placeholder: (WORDS.type_name)(&offer.name),
                cursor: Some(dialog.typed.cursor),
                ..DialogFieldVm::default()
            });
        }
        vm.said.push((Level::Ok, WORDS.will.to_owned()));
    }
    vm.said.extend(offer.troubles.iter().map(|(step, why)| (Level::Warning, (WORDS.trouble)(*step, why))));
    vm
}
