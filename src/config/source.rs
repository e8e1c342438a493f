//! `[sources]`: servers and scraped pages of one file.

use super::check::{self, Address};
use super::file::Reader;
use super::part::{Maybe, Place, Set, SourcePart, SourcesPart};
use super::types::{Basic, Secret};
use crate::document::Section;
use crate::model::{SourceId, SourceKind};
use crate::text::config::EN as WORDS;

/// Reads `[sources]` or the sources of a context.
pub fn sources(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> SourcesPart {
    let mut all = SourcesPart::default();
    for kind in SourceKind::SERVERS.into_iter().chain([SourceKind::Grafana]) {
        if let Some(server) = reader.section(section, kind.as_str()) {
            let part = source(reader, &server, Address::Base);
            reader.finish(&server);
            all.0.push((SourceId::Server(kind), part));
        }
    }
    let pages = section.sections("exposition", reader.problems());
    for page in pages {
        let mut part = source(reader, &page, Address::Page);
        part.interval = reader.checked(&page, "interval", |text| check::span(text, check::INTERVAL));
        let value = page.required("name", reader.problems());
        reader.finish(&page);
        let Some(value) = value else { continue };
        let Some(name) = reader.check_value(&value, check::name) else { continue };
        let id = SourceId::Page(name.value.as_str().into());
        if all.get(&id).is_some() {
            let help = Some(WORDS.page_twice_help.to_owned());
            value.problem(&(WORDS.page_twice)(&name.value), help, reader.problems());
            continue;
        }
        all.0.push((id, part));
    }
    reader.finish(section);
    all
}

/// Reads the keys that every server has, known from now on.
pub fn source(reader: &mut Reader<'_>, section: &Section<'_, '_>, address: Address) -> SourcePart {
    let place = reader.place(section.span());
    for (key, help) in [
        ("bearer_token", WORDS.token_in_file),
        ("token", WORDS.token_in_file),
        ("password", WORDS.password_in_file),
    ] {
        secret_in_file(reader, section, key, help);
    }
    let mut part = SourcePart {
        place,
        flawed: false,
        url: reader.checked(section, "url", |text| check::url(text, address, true)),
        timeout: reader.checked(section, "timeout", |text| check::span(text, check::TIMEOUT)),
        interval: None,
        headers: headers(reader, section),
        tenant: reader.checked(section, "tenant", check::text),
        basic: basic(reader, section),
        bearer_token_file: reader.path(section, "bearer_token_file"),
        ca_file: reader.path(section, "ca_file"),
        cert_file: reader.path(section, "cert_file"),
        key_file: reader.path(section, "key_file"),
        proxy: reader.checked(section, "proxy", |text| check::url(text, Address::Proxy, true)),
        insecure_skip_verify: reader.bool(section, "insecure_skip_verify"),
    };
    let read = [
        ("url", part.url.is_some()),
        ("cert_file", part.cert_file.is_some()),
        ("key_file", part.key_file.is_some()),
    ];
    part.flawed = read.into_iter().any(|(key, fine)| section.has(key) && !fine);
    part
}

/// A secret itself where the name of its file belongs. Returns whether it was there.
fn secret_in_file(reader: &mut Reader<'_>, section: &Section<'_, '_>, key: &str, help: &str) -> bool {
    if !section.has(key) {
        return false;
    }
    if let Some(value) = section.value(key) {
        let place = reader.place(value.span.clone());
        reader.desk.secret(&place);
        value.problem(WORDS.secret_in_file, Some(help.to_owned()), reader.problems());
    }
    true
}

/// `headers`. Neither a value nor the line it stands in is ever repeated.
fn headers(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Maybe<Vec<(String, Secret)>> {
    let value = section.value("headers")?;
    let place = reader.place(value.span.clone());
    reader.desk.secret(&place);
    let table = value.section(reader.problems())?;
    let mut all: Vec<(String, Secret)> = Vec::new();
    for (name, span, value) in table.entries() {
        let key: Place = reader.place(span);
        let place = reader.place(value.span.clone());
        reader.desk.secret(&place);
        if let Err((message, help)) = check::header_name(&name) {
            // What is no name may be a whole header with its value, so it is not repeated.
            let path = table.path();
            reader.desk.problem(&key, format!("{path}: {message}"), help);
            continue;
        }
        let Some(text) = value.string(reader.problems()) else { continue };
        if let Err((message, help)) = check::header_value(&text) {
            value.problem(&message, help, reader.problems());
        } else if all.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name)) {
            value.problem(&(WORDS.header_twice)(&name), None, reader.problems());
        } else {
            all.push((name, Secret::new(text)));
        }
    }
    Some(Set { value: all, place })
}

fn basic(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Maybe<Basic> {
    let value = section.value("basic")?;
    let place = reader.place(value.span.clone());
    let table = value.section(reader.problems())?;
    let user = reader.checked(&table, "user", check::text);
    let password_file = reader.path(&table, "password_file");
    if secret_in_file(reader, &table, "password", WORDS.password_in_file) {
        reader.desk.secret(&place);
        reader.finish(&table);
        return None;
    }
    for key in super::keys::BASIC {
        if table.value(key).is_none() {
            let message = format!("{}: {}", table.path(), (WORDS.needs)(key, "basic"));
            reader.desk.problem(&place, message, None);
        }
    }
    reader.finish(&table);
    Some(Set { value: Basic { user: user?.value, password_file: password_file?.value }, place })
}
