//! `[channels.NAME]`.

use std::time::Duration;

use url::Url;

use super::{Body, Channel, Mail, MailTls, PLACES, Post, Quiet, Way};
use crate::config::check::{self, Address};
use crate::config::file::Reader;
use crate::config::source;
use crate::config::types::Source;
use crate::document::{Section, Value, did_you_mean};
use crate::model::Template;
use crate::text::channels::EN as WORDS;

/// Ways, as `kind` names them.
const KINDS: [(&str, Kind); 4] = [
    ("slack", Kind::Slack),
    ("pagerduty", Kind::PagerDuty),
    ("email", Kind::Email),
    ("webhook", Kind::Webhook),
];

#[derive(Clone, Copy)]
enum Kind {
    Slack,
    PagerDuty,
    Email,
    Webhook,
}

/// Where PagerDuty takes events.
const PAGERDUTY: &str = "https://events.pagerduty.com/v2/enqueue";

/// Reads one channel.
pub fn read(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Option<Channel> {
    let kind = section.required("kind", reader.problems())?;
    let kind = reader.check_value(&kind, |text| check::word(text, &KINDS))?.value;
    let severities =
        section.value("severities").map(|value| super::severities(reader, &value)).unwrap_or_default();
    let quiet = section.value("quiet").and_then(|value| quiet(reader, &value));
    let text = section.value("text").and_then(|value| template(reader, &value));
    let way = match kind {
        Kind::Slack => Way::Slack(post(reader, section, None)?),
        Kind::PagerDuty => pagerduty(reader, section)?,
        Kind::Email => Way::Email(mail(reader, section)?),
        Kind::Webhook => {
            let body = body(reader, section);
            Way::Webhook { post: post(reader, section, None)?, body: body? }
        }
    };
    let coalesce = reader.bool(section, "coalesce").map(|set| set.value);
    // PagerDuty counts by key: an event for each incident, or none can be resolved.
    let coalesce = match (&way, coalesce) {
        (Way::PagerDuty { .. }, _) => false,
        (_, said) => said.unwrap_or(true),
    };
    Some(Channel { severities, quiet, text, coalesce, way })
}

impl Channel {
    /// Whether what it sends has a place of that name.
    pub fn asks(&self, place: &str) -> bool {
        let in_text = self.text.as_ref().is_some_and(|text| text.places().any(|name| name == place));
        let in_way = match &self.way {
            Way::Webhook { body: Body::Form(fields), .. } => {
                fields.iter().any(|(_, text)| text.places().any(|name| name == place))
            }
            Way::Webhook { body: Body::Json(value), .. } => json_asks(value, place),
            _ => false,
        };
        in_text || in_way
    }

    /// Whether each contact gets a message of their own; else one message tells all.
    pub fn is_personal(&self) -> bool {
        matches!(&self.way, Way::Email(mail) if mail.to.is_empty())
            || ["contact", "phone", "email"].iter().any(|place| self.asks(place))
    }
}

fn json_asks(value: &serde_json::Value, place: &str) -> bool {
    use serde_json::Value;
    match value {
        Value::String(text) => {
            Template::parse(text).is_ok_and(|template| template.places().any(|name| name == place))
        }
        Value::Array(all) => all.iter().any(|value| json_asks(value, place)),
        Value::Object(all) => all.values().any(|value| json_asks(value, place)),
        _ => false,
    }
}

/// A text with places that are known.
fn template(reader: &mut Reader<'_>, value: &Value<'_, '_>) -> Option<Template> {
    let text = value.string(reader.problems())?;
    let (template, wrong) = checked(&text);
    if let Some((message, help)) = wrong {
        value.problem(&message, help, reader.problems());
    }
    template
}

/// A template, and what is wrong with it.
fn checked(text: &str) -> (Option<Template>, Option<check::Wrong>) {
    let template = match Template::parse(text) {
        Ok(template) => template,
        Err(at) => return (None, Some(((WORDS.bad_template)(at), Some(WORDS.template_help.to_owned())))),
    };
    let unknown = template.places().find(|name| !name.starts_with("label.") && !PLACES.contains(name));
    let wrong = unknown.map(|name| {
        let help = did_you_mean(name, PLACES.iter().copied())
            .map_or_else(|| (WORDS.known_ones)(&PLACES.join(", ")), |near| (WORDS.did_you_mean)(near));
        ((WORDS.unknown_place)(name), Some(help))
    });
    (wrong.is_none().then_some(template), wrong)
}

/// The address of a channel over HTTP: `url`, or `url_file` where the address is itself the secret.
fn post(reader: &mut Reader<'_>, section: &Section<'_, '_>, usual: Option<Url>) -> Option<Post> {
    let url_file = reader.path(section, "url_file").map(|set| set.value);
    let part = source::source(reader, section, Address::Page);
    let url = part.url.clone().map(|set| set.value);
    let url = match (url, usual, &url_file) {
        (Some(_), _, Some(_)) => {
            let place = reader.place(section.span());
            reader.desk.problem(&place, (WORDS.either)(section.path(), "url", "url_file"), None);
            return None;
        }
        (Some(url), _, None) => url,
        // Never asked: the file's address takes its place.
        (None, _, Some(_)) => Url::parse("http://localhost").ok()?,
        (None, Some(usual), None) => usual,
        (None, None, None) => {
            if !section.has("url") {
                let place = reader.place(section.span());
                reader.desk.problem(&place, (WORDS.one_needed)(section.path(), "url", "url_file"), None);
            }
            return None;
        }
    };
    let fallback = Source::at(url);
    Some(Post {
        source: Source {
            timeout: part.timeout.map_or(fallback.timeout, |set| set.value),
            headers: part.headers.map(|set| set.value).unwrap_or_default(),
            tenant: part.tenant.map(|set| set.value),
            basic: part.basic.map(|set| set.value),
            bearer_token_file: part.bearer_token_file.map(|set| set.value),
            ca_file: part.ca_file.map(|set| set.value),
            cert_file: part.cert_file.map(|set| set.value),
            key_file: part.key_file.map(|set| set.value),
            proxy: part.proxy.map(|set| set.value),
            insecure_skip_verify: part.insecure_skip_verify.is_some_and(|set| set.value),
            ..fallback
        },
        url_file,
    })
}

fn pagerduty(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Option<Way> {
    if section.has("routing_key") {
        let value = section.value("routing_key")?;
        let place = reader.place(value.span.clone());
        reader.desk.secret(&place);
        value.problem(WORDS.secret_here, Some(WORDS.routing_key_help.to_owned()), reader.problems());
    }
    let key = reader.path(section, "routing_key_file");
    if key.is_none() && !section.has("routing_key_file") {
        let place = reader.place(section.span());
        reader.desk.problem(&place, (WORDS.missing)(section.path(), "routing_key_file"), None);
    }
    let post = post(reader, section, Url::parse(PAGERDUTY).ok());
    Some(Way::PagerDuty { post: post?, routing_key_file: key?.value })
}

fn mail(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Option<Mail> {
    let required = |reader: &mut Reader<'_>, key: &str| {
        let value = section.required(key, reader.problems())?;
        reader.check_value(&value, check::text).map(|set| set.value)
    };
    if section.has("password") {
        let value = section.value("password")?;
        let place = reader.place(value.span.clone());
        reader.desk.secret(&place);
        value.problem(WORDS.secret_here, Some(WORDS.mail_password_help.to_owned()), reader.problems());
    }
    let host = required(reader, "server");
    let from = section.required("from", reader.problems()).and_then(|value| address(reader, &value));
    let tls = reader
        .checked(section, "tls", |text| check::word(text, &MailTls::NAMES))
        .map_or(MailTls::StartTls, |set| set.value);
    let usual = match tls {
        MailTls::Wrapped => 465,
        MailTls::StartTls => 587,
        MailTls::None => 25,
    };
    let port = section.value("port").map_or(Some(usual), |value| {
        let number = value.integer(reader.problems())?;
        let fits = u16::try_from(number).ok().filter(|port| *port > 0);
        if fits.is_none() {
            value.problem(WORDS.port_bounds, None, reader.problems());
        }
        fits
    });
    let to = match section.value("to") {
        None => Vec::new(),
        Some(value) => {
            let elements = value.array(reader.problems()).unwrap_or_default();
            elements.iter().filter_map(|one| address(reader, one)).collect()
        }
    };
    let user = reader.checked(section, "user", check::text).map(|set| set.value);
    let password = reader.path(section, "password_file").map(|set| set.value);
    if user.is_some() != password.is_some() {
        let place = reader.place(section.span());
        reader.desk.problem(&place, (WORDS.both)(section.path(), "user", "password_file"), None);
    }
    let subject = section.value("subject").and_then(|value| template(reader, &value));
    let ca_file = reader.path(section, "ca_file").map(|set| set.value);
    let timeout = reader
        .checked(section, "timeout", |text| check::span(text, check::TIMEOUT))
        .map_or(Duration::from_secs(15), |set| set.value);
    Some(Mail {
        host: host?,
        port: port?,
        tls,
        login: user.zip(password),
        from: from?,
        to,
        subject,
        ca_file,
        timeout,
    })
}

/// A mail address, with or without a name before it.
fn address(reader: &mut Reader<'_>, value: &Value<'_, '_>) -> Option<String> {
    reader.check_value(value, super::people::mail_address).map(|set| set.value)
}

fn body(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Option<Body> {
    let json = section.value("json");
    let form = section.value("form");
    match (json, form) {
        (None, None) => Some(Body::Standard),
        (Some(_), Some(_)) => {
            let place = reader.place(section.span());
            reader.desk.problem(&place, (WORDS.either)(section.path(), "json", "form"), None);
            None
        }
        (Some(value), None) => {
            let text = value.string(reader.problems())?;
            match serde_json::from_str::<serde_json::Value>(&text) {
                Ok(json) => {
                    let mut fine = true;
                    json_texts(&json, &mut |text| {
                        if let (_, Some((message, help))) = checked(text) {
                            value.problem(&message, help, reader.problems());
                            fine = false;
                        }
                    });
                    fine.then_some(Body::Json(json))
                }
                Err(error) => {
                    let help = Some(WORDS.json_help.to_owned());
                    value.problem(&(WORDS.not_json)(&error.to_string()), help, reader.problems());
                    None
                }
            }
        }
        (None, Some(value)) => {
            let table = value.section(reader.problems())?;
            let fields = table.entries();
            let count = fields.len();
            let read: Vec<(String, Template)> = fields
                .into_iter()
                .filter_map(|(name, _, value)| Some((name, template(reader, &value)?)))
                .collect();
            (read.len() == count).then_some(Body::Form(read))
        }
    }
}

fn json_texts(value: &serde_json::Value, see: &mut dyn FnMut(&str)) {
    use serde_json::Value;
    match value {
        Value::String(text) => see(text),
        Value::Array(all) => all.iter().for_each(|value| json_texts(value, see)),
        Value::Object(all) => all.values().for_each(|value| json_texts(value, see)),
        _ => {}
    }
}

fn quiet(reader: &mut Reader<'_>, value: &Value<'_, '_>) -> Option<Quiet> {
    let section = value.section(reader.problems())?;
    let clock = |reader: &mut Reader<'_>, key: &str| {
        let value = section.required(key, reader.problems())?;
        reader.check_value(&value, super::people::minute).map(|set| set.value)
    };
    let from = clock(reader, "from");
    let to = clock(reader, "to");
    let except = match section.value("except") {
        // What somebody gets up for is never held back unless it is said.
        None => vec![crate::model::Severity::Critical],
        Some(value) => super::severities(reader, &value),
    };
    reader.finish(&section);
    Some(Quiet { from: from?, to: to?, except })
}
