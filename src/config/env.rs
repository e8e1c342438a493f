//! The layer of `PLANTAO_*` variables and the layer of flags.

use std::collections::BTreeMap;

use super::check::{self, Address, Wrong};
use super::desk::Desk;
use super::inputs::{Flags, Inputs};
use super::keys;
use super::part::{Maybe, Part, Place, Set, SourcePart, SourcesPart, Values};
use crate::document::{Problem, did_you_mean};
use crate::model::{SourceId, SourceKind};
use crate::text::config::EN as WORDS;

/// Variables that start alike but are unknown are problems: a slip there is as bad as one in a file.
const PREFIX: &str = "PLANTAO_";

/// What the environment says.
pub fn variables(env: &BTreeMap<String, String>, desk: &mut Desk) -> Part {
    for name in env.keys().filter(|name| name.starts_with(PREFIX) && !keys::ENV.contains(&name.as_str())) {
        let help = did_you_mean(name, keys::ENV.iter().copied())
            .map_or_else(|| WORDS.unknown_variable_help.to_owned(), WORDS.did_you_mean);
        let shown: String = name.chars().filter(|c| !c.is_control()).collect();
        desk.bare(Problem::bare(shown, WORDS.unknown_variable).with_help(help));
    }
    let mut layer = Variables { env, desk };
    let values = Values {
        context: layer.get("PLANTAO_CONTEXT", check::text),
        pack: layer.get("PLANTAO_PACK", check::name),
        operator: layer.get("PLANTAO_OPERATOR", check::text),
        read_only: layer.get("PLANTAO_READ_ONLY", check::truth),
        ..Values::default()
    };
    let mut part = Part { values, ..Part::default() };
    part.values.ui.theme = layer.get("PLANTAO_THEME", check::name);
    part.values.ui.keymap = layer.get("PLANTAO_KEYMAP", check::name);
    part.values.ui.lang = layer.get("PLANTAO_LANG", check::lang);
    part.values.ui.ascii = layer.get("PLANTAO_ASCII", check::truth);
    part.values.ui.utc = layer.get("PLANTAO_UTC", check::truth);
    part.values.ui.mouse = layer.get("PLANTAO_MOUSE", check::truth);
    part.values.ui.window_s = layer.get("PLANTAO_WINDOW", |text| check::seconds(text, check::WINDOW));
    part.values.ui.interval_s = layer.get("PLANTAO_INTERVAL", |text| check::seconds(text, check::INTERVAL));
    part.values.ui.notify = layer.get("PLANTAO_NOTIFY", check::notify);
    for (kind, name) in [
        (SourceKind::Prometheus, "PLANTAO_PROMETHEUS"),
        (SourceKind::Alertmanager, "PLANTAO_ALERTMANAGER"),
        (SourceKind::Loki, "PLANTAO_LOKI"),
        (SourceKind::Tempo, "PLANTAO_TEMPO"),
    ] {
        let url = layer.get(name, |text| check::url(text, Address::Base, false));
        add_url(&mut part.sources, kind, url);
    }
    part
}

struct Variables<'a> {
    env: &'a BTreeMap<String, String>,
    desk: &'a mut Desk,
}

impl Variables<'_> {
    fn get<T>(&mut self, name: &'static str, check: impl FnOnce(&str) -> Result<T, Wrong>) -> Maybe<T> {
        let text = self.env.get(name).filter(|text| !text.is_empty())?;
        outside(Place::Env(name), text, check, self.desk)
    }
}

/// What the flags say.
pub fn flags(inputs: &Inputs, desk: &mut Desk) -> Part {
    let Flags { context, prometheus, alertmanager, loki, tempo, pack, operator, .. } = &inputs.flags;
    let flags = &inputs.flags;
    let values = Values {
        context: flag("--context", context.as_ref(), check::text, desk),
        pack: flag("--pack", pack.as_ref(), check::name, desk),
        operator: flag("--operator", operator.as_ref(), check::text, desk),
        read_only: switch("--read-only", flags.read_only),
        ..Values::default()
    };
    let mut part = Part { values, ..Part::default() };
    part.values.ui.theme = flag("--theme", flags.theme.as_ref(), check::name, desk);
    part.values.ui.keymap = flag("--keymap", flags.keymap.as_ref(), check::name, desk);
    part.values.ui.lang = flag("--lang", flags.lang.as_ref(), check::lang, desk);
    part.values.ui.ascii = switch("--ascii", flags.ascii);
    part.values.ui.utc = switch("--utc", flags.utc);
    for (kind, name, text) in [
        (SourceKind::Prometheus, "--prometheus", prometheus),
        (SourceKind::Alertmanager, "--alertmanager", alertmanager),
        (SourceKind::Loki, "--loki", loki),
        (SourceKind::Tempo, "--tempo", tempo),
    ] {
        let url = flag(name, text.as_ref(), |text| check::url(text, Address::Base, false), desk);
        add_url(&mut part.sources, kind, url);
    }
    part
}

fn flag<T>(
    name: &'static str,
    text: Option<&String>,
    check: impl FnOnce(&str) -> Result<T, Wrong>,
    desk: &mut Desk,
) -> Maybe<T> {
    outside(Place::Flag(name), text?, check, desk)
}

/// A flag without a value can only switch on.
fn switch(name: &'static str, on: bool) -> Maybe<bool> {
    on.then_some(Set { value: true, place: Place::Flag(name) })
}

fn outside<T>(
    place: Place,
    text: &str,
    check: impl FnOnce(&str) -> Result<T, Wrong>,
    desk: &mut Desk,
) -> Maybe<T> {
    match check(text) {
        Ok(value) => Some(Set { value, place }),
        Err((message, help)) => {
            desk.problem(&place, message, help);
            None
        }
    }
}

fn add_url(sources: &mut SourcesPart, kind: SourceKind, url: Maybe<url::Url>) {
    if let Some(url) = url {
        let mut part = SourcePart::new(url.place.clone());
        part.url = Some(url);
        sources.0.push((SourceId::Server(kind), part));
    }
}
