//! What acting is told, written as TOML that reads back to the same. Secrets are names of files; headers and
//! addresses that may be secrets are not shown.

use std::path::Path;
use std::time::Duration;

use super::{Acting, Body, Channel, Contact, MailTls, Post, Rota, Way, Who};
use crate::model::{Severity, duration};

/// Writes every table through `head` (a table's head with the path of its origin) and `line`.
pub fn write(acting: &Acting, head: &mut dyn FnMut(&str, &str), line: &mut dyn FnMut(String)) {
    for (name, channel) in &acting.channels {
        head(&format!("[channels.{}]", key(name)), &format!("channels.{name}"));
        write_channel(channel, line);
    }
    for (name, contact) in &acting.contacts {
        head(&format!("[contacts.{}]", key(name)), &format!("contacts.{name}"));
        write_contact(contact, line);
    }
    for rota in &acting.rotas {
        head("[[rota]]", &format!("rota.{}", rota.level));
        write_rota(rota, line);
    }
    for (name, command) in &acting.commands {
        head(&format!("[commands.{}]", key(name)), &format!("commands.{name}"));
        let argv: Vec<String> = command.argv.iter().map(|one| text(&one.to_string())).collect();
        line(format!("argv = [{}]", argv.join(", ")));
        if !command.params.is_empty() {
            let params = command.params.iter().map(|(name, regex)| {
                let inner = regex.as_str().strip_prefix("^(?:").and_then(|rest| rest.strip_suffix(")$"));
                format!("{} = {}", key(name), text(inner.unwrap_or(regex.as_str())))
            });
            line(format!("params = {{ {} }}", params.collect::<Vec<_>>().join(", ")));
        }
        line(format!("timeout = {}", span(command.timeout)));
        line(format!("dangerous = {}", command.dangerous));
        line(format!("idempotent = {}", command.idempotent));
    }
    let watch = &acting.watch;
    if *watch != super::Watch::default() {
        head("[watch]", "watch");
        if let Some(listen) = watch.listen {
            line(format!("listen = {}", text(&listen.to_string())));
        }
        if let Some(path) = &watch.token_file {
            line(format!("token_file = {}", file(path)));
        }
        line(format!("poll = {}", span(watch.poll)));
        line(format!("alerts_per_second = {}", watch.alerts_per_second));
    }
}

fn write_channel(channel: &Channel, line: &mut dyn FnMut(String)) {
    line(format!("kind = {}", text(channel.way.as_str())));
    if !channel.severities.is_empty() {
        line(format!("severities = {}", severities(&channel.severities)));
    }
    if let Some(quiet) = &channel.quiet {
        let clock = |minute: u16| text(&format!("{:02}:{:02}", minute / 60, minute % 60));
        line(format!(
            "quiet = {{ from = {}, to = {}, except = {} }}",
            clock(quiet.from),
            clock(quiet.to),
            severities(&quiet.except)
        ));
    }
    if let Some(template) = &channel.text {
        line(format!("text = {}", text(&template.to_string())));
    }
    if !matches!(channel.way, Way::PagerDuty { .. }) {
        line(format!("coalesce = {}", channel.coalesce));
    }
    match &channel.way {
        Way::Slack(post) => write_post(post, line),
        Way::PagerDuty { post, routing_key_file } => {
            line(format!("routing_key_file = {}", file(routing_key_file)));
            write_post(post, line);
        }
        Way::Email(mail) => {
            line(format!("server = {}", text(&mail.host)));
            line(format!("port = {}", mail.port));
            let tls = MailTls::NAMES.iter().find(|(_, tls)| *tls == mail.tls).map_or("", |(name, _)| name);
            line(format!("tls = {}", text(tls)));
            if let Some((user, password)) = &mail.login {
                line(format!("user = {}", text(user)));
                line(format!("password_file = {}", file(password)));
            }
            line(format!("from = {}", text(&mail.from)));
            if !mail.to.is_empty() {
                line(format!("to = {}", list(&mail.to)));
            }
            if let Some(subject) = &mail.subject {
                line(format!("subject = {}", text(&subject.to_string())));
            }
            if let Some(path) = &mail.ca_file {
                line(format!("ca_file = {}", file(path)));
            }
            line(format!("timeout = {}", span(mail.timeout)));
        }
        Way::Webhook { post, body } => {
            write_post(post, line);
            match body {
                Body::Standard => {}
                Body::Json(json) => line(format!("json = {}", text(&json.to_string()))),
                Body::Form(fields) => {
                    let fields = fields
                        .iter()
                        .map(|(name, value)| format!("{} = {}", key(name), text(&value.to_string())));
                    line(format!("form = {{ {} }}", fields.collect::<Vec<_>>().join(", ")));
                }
            }
        }
    }
}

fn write_post(post: &Post, line: &mut dyn FnMut(String)) {
    let source = &post.source;
    match &post.url_file {
        Some(path) => line(format!("url_file = {}", file(path))),
        None => line(format!("url = {}", text(&source.shown_url()))),
    }
    if post.url_file.is_none() && source.url.query().is_some() {
        line("# the query of this address is not shown".to_owned());
    }
    line(format!("timeout = {}", span(source.timeout)));
    if let Some(tenant) = &source.tenant {
        line(format!("tenant = {}", text(tenant)));
    }
    if let Some(basic) = &source.basic {
        line(format!(
            "basic = {{ user = {}, password_file = {} }}",
            text(&basic.user),
            file(&basic.password_file)
        ));
    }
    for (name, path) in [
        ("bearer_token_file", &source.bearer_token_file),
        ("ca_file", &source.ca_file),
        ("cert_file", &source.cert_file),
        ("key_file", &source.key_file),
    ] {
        if let Some(path) = path {
            line(format!("{name} = {}", file(path)));
        }
    }
    if let Some(proxy) = &source.proxy {
        line(format!("proxy = {}", text(proxy.as_str())));
    }
    if source.insecure_skip_verify {
        line("insecure_skip_verify = true".to_owned());
    }
    for (name, _) in &source.headers {
        line(format!("# headers.{name}: not shown"));
    }
}

fn write_contact(contact: &Contact, line: &mut dyn FnMut(String)) {
    line(format!("name = {}", text(&contact.name)));
    if let Some(email) = &contact.email {
        line(format!("email = {}", text(email)));
    }
    if let Some(phone) = &contact.phone {
        line(format!("phone = {}", text(phone)));
    }
    line(format!("channels = {}", list(&contact.channels)));
}

fn write_rota(rota: &Rota, line: &mut dyn FnMut(String)) {
    line(format!("level = {}", text(&rota.level)));
    if let Some(zone) = rota.zone {
        line(format!("zone = {}", text(zone.name())));
    }
    let moment = |at: &chrono::NaiveDateTime| text(&at.format("%Y-%m-%d %H:%M").to_string());
    match &rota.who {
        Who::Always(people) => line(format!("people = {}", list(people))),
        Who::Turns { start, days, people } => {
            line(format!("people = {}", list(people)));
            line(format!("start = {}", moment(start)));
            line(format!("turn = {}", text(&format!("{days}d"))));
        }
        Who::Calendar(path) => line(format!("ical = {}", file(path))),
    }
    if !rota.overrides.is_empty() {
        let all = rota.overrides.iter().map(|one| {
            format!("{{ from = {}, to = {}, who = {} }}", moment(&one.from), moment(&one.to), text(&one.who))
        });
        line(format!("overrides = [{}]", all.collect::<Vec<_>>().join(", ")));
    }
}

fn text(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn list(all: &[String]) -> String {
    format!("[{}]", all.iter().map(|one| text(one)).collect::<Vec<_>>().join(", "))
}

fn severities(all: &[Severity]) -> String {
    format!("[{}]", all.iter().map(|one| text(one.as_str())).collect::<Vec<_>>().join(", "))
}

fn file(path: &Path) -> String {
    text(&path.display().to_string())
}

fn span(time: Duration) -> String {
    let seconds = time.as_secs();
    let short = duration::format(i64::try_from(seconds).unwrap_or(i64::MAX));
    let exact = duration::parse(&short).is_ok_and(|read| u64::from(read) == seconds);
    text(&if exact { short } else { format!("{seconds}s") })
}

fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    if bare { name.to_owned() } else { text(name) }
}
