//! One file's tables about acting, how files are laid over each other, and the references between them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{Acting, Channel, Command, Contact, Rota, Watch, Way, Who, channel, command, people};
use crate::config::check;
use crate::config::desk::Desk;
use crate::config::file::Reader;
use crate::config::origin::Origins;
use crate::config::part::{Maybe, Place, Set, lay as lay_one};
use crate::document::{Section, Value, did_you_mean};
use crate::text::channels::EN as WORDS;

/// What one layer says of acting. A name that an upper layer gives anew is the upper layer's as a whole.
#[derive(Clone, Debug, Default)]
pub struct ActingPart {
    channels: BTreeMap<String, Set<Channel>>,
    contacts: BTreeMap<String, Set<Contact>>,
    rotas: Vec<Set<Rota>>,
    commands: BTreeMap<String, Set<Command>>,
    watch: Maybe<Watch>,
}

/// Reads the tables of one file.
pub fn read(reader: &mut Reader<'_>, root: &Section<'_, '_>) -> ActingPart {
    ActingPart {
        channels: named(reader, root, "channels", channel::read),
        contacts: named(reader, root, "contacts", people::contact),
        commands: named(reader, root, "commands", command::read),
        rotas: rotas(reader, root),
        watch: root.value("watch").and_then(|value| watch(reader, &value)),
    }
}

/// The tables of `[key.NAME]`.
fn named<T>(
    reader: &mut Reader<'_>,
    root: &Section<'_, '_>,
    key: &str,
    read: fn(&mut Reader<'_>, &Section<'_, '_>) -> Option<T>,
) -> BTreeMap<String, Set<T>> {
    let mut all = BTreeMap::new();
    let Some(table) = reader.section(root, key) else { return all };
    for (name, span, value) in table.entries() {
        let place = reader.place(span);
        if let Err((message, help)) = check::name(&name) {
            reader.desk.problem(&place, format!("{key}: {message}"), help);
            continue;
        }
        let Some(section) = value.section(reader.problems()) else { continue };
        let one = read(reader, &section);
        reader.finish(&section);
        if let Some(value) = one {
            all.insert(name, Set { value, place });
        }
    }
    all
}

fn rotas(reader: &mut Reader<'_>, root: &Section<'_, '_>) -> Vec<Set<Rota>> {
    let sections = root.sections("rota", reader.problems());
    let mut all: Vec<Set<Rota>> = Vec::new();
    for section in sections {
        let place = reader.place(section.span());
        let one = people::rota(reader, &section);
        reader.finish(&section);
        let Some(value) = one else { continue };
        if all.iter().any(|known| known.value.level == value.level) {
            reader.desk.problem(&place, (WORDS.level_twice)(&value.level), None);
            continue;
        }
        all.push(Set { value, place });
    }
    all
}

fn watch(reader: &mut Reader<'_>, value: &Value<'_, '_>) -> Maybe<Watch> {
    let place = reader.place(value.span.clone());
    let section = value.section(reader.problems())?;
    let usual = Watch::default();
    let listen = reader.checked(&section, "listen", |text| {
        text.trim().parse().map_err(|_| (WORDS.not_an_address.to_owned(), None))
    });
    let poll = reader.checked(&section, "poll", |text| check::span(text, check::INTERVAL));
    let token_file: Option<PathBuf> = reader.path(&section, "token_file").map(|set| set.value);
    let rate = section.value("alerts_per_second").and_then(|value| {
        let number = value.integer(reader.problems())?;
        let fits = u32::try_from(number).ok().filter(|number| (1..=1_000_000).contains(number));
        if fits.is_none() {
            value.problem(WORDS.rate_bounds, None, reader.problems());
        }
        fits
    });
    reader.finish(&section);
    Some(Set {
        value: Watch {
            listen: listen.map(|set| set.value),
            token_file,
            poll: poll.map_or(usual.poll, |set| set.value),
            alerts_per_second: rate.unwrap_or(usual.alerts_per_second),
        },
        place,
    })
}

/// Lays a file over the lower one. What the machine's own file binds as a command stays: who may change
/// it decides what runs with the machine's rights.
pub fn lay(lower: &mut ActingPart, upper: ActingPart) {
    lower.channels.extend(upper.channels);
    lower.contacts.extend(upper.contacts);
    for (name, command) in upper.commands {
        lower.commands.entry(name).or_insert(command);
    }
    for rota in upper.rotas {
        lower.rotas.retain(|known| known.value.level != rota.value.level);
        lower.rotas.push(rota);
    }
    lay_one(&mut lower.watch, upper.watch);
}

/// Checks what names what, and writes down who decided.
pub fn check(part: ActingPart, desk: &mut Desk, origins: &mut Origins) -> Acting {
    let people: Vec<&str> = part.contacts.keys().map(String::as_str).collect();
    let ways: Vec<&str> = part.channels.keys().map(String::as_str).collect();
    for (name, set) in &part.contacts {
        for channel in &set.value.channels {
            known(desk, &set.place, &format!("contacts.{name}"), WORDS.channel, channel, &ways);
            let Some(way) = part.channels.get(channel) else { continue };
            if let Some(lacks) = lacks(&way.value, &set.value) {
                let message = (WORDS.contact_lacks)(name, channel, lacks);
                desk.problem(&set.place, message, None);
            }
        }
    }
    for set in &part.rotas {
        let path = format!("rota ({})", set.value.level);
        let named: Vec<&String> = match &set.value.who {
            Who::Always(people) | Who::Turns { people, .. } => people.iter().collect(),
            Who::Calendar(_) => Vec::new(),
        };
        for who in named.into_iter().chain(set.value.overrides.iter().map(|one| &one.who)) {
            known(desk, &set.place, &path, WORDS.contact, who, &people);
        }
    }
    let mut acting = Acting::default();
    for (name, set) in part.channels {
        origins.set(format!("channels.{name}"), desk.origin(&set.place));
        acting.channels.insert(name, set.value);
    }
    for (name, set) in part.contacts {
        origins.set(format!("contacts.{name}"), desk.origin(&set.place));
        acting.contacts.insert(name, set.value);
    }
    for (name, set) in part.commands {
        origins.set(format!("commands.{name}"), desk.origin(&set.place));
        acting.commands.insert(name, set.value);
    }
    for set in part.rotas {
        origins.set(format!("rota.{}", set.value.level), desk.origin(&set.place));
        acting.rotas.push(set.value);
    }
    if let Some(set) = part.watch {
        origins.set("watch".to_owned(), desk.origin(&set.place));
        acting.watch = set.value;
    }
    acting
}

/// What a contact has not, that a channel needs to reach it.
fn lacks(channel: &Channel, contact: &Contact) -> Option<&'static str> {
    match &channel.way {
        Way::Email(mail) if mail.to.is_empty() && contact.email.is_none() => Some("email"),
        _ if channel.asks("phone") && contact.phone.is_none() => Some("phone"),
        _ if channel.asks("email") && contact.email.is_none() => Some("email"),
        _ => None,
    }
}

fn known(desk: &mut Desk, place: &Place, path: &str, noun: &str, word: &str, known: &[&str]) {
    if known.contains(&word) {
        return;
    }
    let help = did_you_mean(word, known.iter().copied())
        .map_or_else(|| (WORDS.known_ones)(&known.join(", ")), |near| (WORDS.did_you_mean)(near));
    desk.problem(place, (WORDS.unknown)(path, noun, word), Some(help));
}
