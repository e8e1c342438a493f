//! Channels, contacts, the rota, commands and `watch`: exact words for what is wrong, and who outranks whom.

use plantao::config::acting::{Way, Who};
use plantao::config::show;

use crate::Machine;

const WHOLE: &str = r#"
[channels.slack]
kind = "slack"
url_file = "/etc/s"
severities = ["critical", "high"]
quiet = { from = "22:00", to = "07:00" }
[channels.pd]
kind = "pagerduty"
routing_key_file = "/etc/k"
[channels.mail]
kind = "email"
server = "smtp.example"
from = "plantao@h.example"
user = "u"
password_file = "/etc/p"
subject = "{severity} {title} {{x}}"
[channels.sms]
kind = "webhook"
url = "https://sms.example/x"
form = { To = "{phone}", Body = "{text}" }
[channels.jira]
kind = "webhook"
url = "https://jira.example/x"
coalesce = false
json = '{"a": ["{title}", 3]}'
[contacts.ana]
name = "Ana"
email = "Ana <ana@h.example>"
phone = "+55 11 91234-5678"
channels = ["mail", "sms"]
[[rota]]
level = "oncall"
zone = "America/Sao_Paulo"
people = ["ana"]
start = "2026-11-02 08:00"
turn = "7d"
overrides = [{ from = "2026-12-24 18:00", to = "2026-12-26 08:00", who = "ana" }]
[[rota]]
level = "head"
ical = "/etc/heads.ics"
[commands.restart]
argv = ["/bin/restart", "--", "{service}"]
params = { service = "[a-z-]+" }
timeout = "2m"
idempotent = true
[watch]
listen = "127.0.0.1:9188"
token_file = "/etc/t"
poll = "20s"
"#;

#[test]
fn what_is_shown_of_acting_loads_again_to_the_same() {
    let mut machine = Machine::new();
    machine.file("xdg", WHOLE);
    let first = machine.loaded();
    let acting = &first.config.acting;
    assert_eq!(acting.channels.len(), 5);
    assert!(matches!(acting.channels["pd"].way, Way::PagerDuty { .. }) && !acting.channels["pd"].coalesce);
    assert!(acting.channels["sms"].is_personal() && !acting.channels["slack"].is_personal());
    assert!(matches!(&acting.rotas[0].who, Who::Turns { days: 7, .. }));
    let shown = show::toml(&first);
    let again = machine.file("again", &shown);
    machine.inputs.flags.config = Some(again);
    assert_eq!(machine.loaded().config.acting, first.config.acting, "{shown}");
}

#[test]
fn what_is_wrong_is_told_all_at_once_and_no_secret_is_repeated() {
    let machine = Machine::new();
    machine.file(
        "xdg",
        "[channels.a]\nkind = \"slak\"\n[channels.b]\nkind = \"pagerduty\"\nrouting_key = \"s3cret\"\n[channels.c]\nkind = \"webhook\"\nurl = \"http://x\"\njson = '{\"a\": \"{titel}\"}'\n[channels.d]\nkind = \"email\"\nserver = \"x\"\nfrom = \"no address\"\npassword = \"s3cret\"\n[contacts.e]\nname = \"E\"\nphone = \"911\"\nchannels = [\"zzz\"]\n[[rota]]\nlevel = \"oncall\"\npeople = [\"f\"]\nturn = \"36h\"\n[commands.g]\nargv = [\"{x}\", \"{y}\"]\nparams = { x = \"(\" }\n[watch]\nlisten = \"here\"\n",
    );
    let told = machine.told();
    for words in [
        "did you mean `slack`?",
        "a secret does not belong into the configuration",
        "nothing is known as `{titel}`",
        "did you mean `title`?",
        "is not a mail address",
        "is not a telephone number",
        "is not a regular expression",
        "must be whole days",
        "is not an address to listen at",
    ] {
        assert!(told.contains(words), "{words} in {told}");
    }
    assert!(!told.contains("s3cret"), "{told}");
}

#[test]
fn references_lead_somewhere() {
    let machine = Machine::new();
    machine.file(
        "xdg",
        "[channels.sms]\nkind = \"webhook\"\nurl = \"http://x\"\nform = { To = \"{phone}\" }\n[contacts.ana]\nname = \"Ana\"\nchannels = [\"sms\", \"sns\"]\n[[rota]]\nlevel = \"oncall\"\npeople = [\"anna\"]\n",
    );
    let told = machine.told();
    for words in [
        "contacts.ana: there is no channel `sns`",
        "did you mean `sms`?",
        "contacts.ana: channel `sms` needs `phone`, which is missing",
        "rota (oncall): there is no contact `anna`",
        "did you mean `ana`?",
    ] {
        assert!(told.contains(words), "{words} in {told}");
    }
}

#[test]
fn what_the_machine_binds_stays_bound() {
    let machine = Machine::new();
    machine.file("etc", "[commands.restart]\nargv = [\"/usr/bin/restart\"]\n");
    machine
        .file("xdg", "[commands.restart]\nargv = [\"/tmp/mine\"]\n[commands.own]\nargv = [\"/bin/own\"]\n");
    let commands = machine.loaded().config.acting.commands;
    assert_eq!(commands["restart"].argv[0].to_string(), "/usr/bin/restart");
    assert_eq!(commands["own"].argv[0].to_string(), "/bin/own");
}
