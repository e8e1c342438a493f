//! A person is paged by hand: who is offered, what they would read, over quiet hours, and from the console itself.

use std::sync::Arc;

use plantao::client::Clients;
use plantao::clock::Clock;
use plantao::config::acting::{Acting, Body, Channel, Contact, Post, Quiet, Rota, Way, Who};
use plantao::config::{Source, Sources};
use plantao::journal::{AuditFilter, Journal, Options, Worker};
use plantao::model::deed::Subject;
use plantao::model::paging::{Duty, HOLE, Page, Whom};
use plantao::model::records::{Actor, Deed, LetterState, Origin};
use plantao::model::{Labels, Role, Severity};
use plantao::respond::notify::Place;
use plantao::respond::{Hands, incidents, page};
use portable_pty::CommandBuilder;

use crate::desk::{Desk, notifications};
use crate::support::http::wait_for;
use crate::support::pty::{Terminal, keys};
use crate::support::sink::Sink;
use crate::support::wait;

fn channel(way: Way) -> Channel {
    Channel { severities: Vec::new(), quiet: None, text: None, coalesce: true, way }
}

fn post() -> Post {
    Post { source: Source::at("http://127.0.0.1:9".parse().expect("an address")), url_file: None }
}

/// A common channel, one of everybody's own that is always quiet, and one that carries only what can wait.
fn acting() -> Acting {
    let mut acting = Acting::default();
    acting.channels.insert("slack".to_owned(), channel(Way::Slack(post())));
    let form = vec![
        ("To".to_owned(), "{phone}".parse_template()),
        ("Body".to_owned(), "{severity} {title}: {message}".parse_template()),
    ];
    let quiet = Some(Quiet { from: 0, to: 24 * 60 - 1, except: vec![Severity::Low] });
    let sms = Channel { quiet, ..channel(Way::Webhook { post: post(), body: Body::Form(form) }) };
    acting.channels.insert("sms".to_owned(), sms);
    let digest = Channel { severities: vec![Severity::Low], ..channel(Way::Slack(post())) };
    acting.channels.insert("digest".to_owned(), digest);
    for (id, name, channels) in [
        ("ana", "Ana Souza", vec!["sms", "slack"]),
        ("bruno", "Bruno Lima", vec!["sms"]),
        ("carla", "Carla Dias", vec!["slack"]),
        ("eva", "Eva Prado", vec!["digest"]),
    ] {
        let channels = channels.into_iter().map(str::to_owned).collect();
        let phone = Some("+55 11 91234-5678".to_owned());
        acting
            .contacts
            .insert(id.to_owned(), Contact { name: name.to_owned(), channels, phone, email: None });
    }
    let start = chrono::NaiveDate::from_ymd_opt(2020, 1, 6).and_then(|day| day.and_hms_opt(8, 0, 0));
    let people = vec!["ana".to_owned(), "bruno".to_owned()];
    acting.rotas.push(Rota {
        level: "oncall".to_owned(),
        zone: None,
        who: Who::Turns { start: start.expect("a moment"), days: 7, people },
        overrides: Vec::new(),
    });
    acting.rotas.push(Rota {
        level: "head".to_owned(),
        zone: None,
        who: Who::Calendar("/nowhere/at/all.ics".into()),
        overrides: Vec::new(),
    });
    acting
}

trait ParseTemplate {
    fn parse_template(&self) -> plantao::model::Template;
}

impl ParseTemplate for str {
    fn parse_template(&self) -> plantao::model::Template {
        plantao::model::Template::parse(self).expect("a template")
    }
}

pub fn hands(folder: &std::path::Path) -> Hands {
    Hands {
        journal: Worker::start(Options::at(folder.join("journal.db")), Clock::System),
        clients: Clients::with_clock(&Sources::default(), Clock::System),
        pack: Arc::new(plantao::pack::load("hospital", &[]).expect("the pack")),
        clock: Clock::System,
        actor: Actor::named("ana"),
        role: Role::Responder,
        reveal: None,
        holder: "test".into(),
        is_watcher: false,
        has_manager: false,
    }
}

fn place() -> Arc<Place> {
    Arc::new(Place { title: "Hospital".to_owned(), zone: chrono_tz::UTC })
}

#[test]
fn who_is_on_call_comes_first_then_gaps_then_who_comes_next_and_each_with_what_they_would_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let hands = hands(folder.path());
    let labels = Labels::new([("alertname", "BedWaits"), ("department", "icu"), ("severity", "high")]);
    let about = Some(Subject::Alert("bbc04c2c1a2a82de".into(), labels));
    let reach = wait_for(page::reach(&hands, &Arc::new(acting()), &place(), about)).expect("who");
    let seen: Vec<(&str, u8)> = reach
        .people
        .iter()
        .map(|one| {
            let duty = match &one.duty {
                Duty::Now(..) => 0,
                Duty::Gap(_) => 1,
                Duty::Next(..) => 2,
                Duty::Of(_) => 3,
                Duty::Free => 4,
            };
            (one.name.as_str(), duty)
        })
        .collect();
    let duties: Vec<u8> = seen.iter().map(|(_, duty)| *duty).collect();
    assert!(duties.is_sorted(), "{seen:?}");
    let names: Vec<&str> = seen.iter().map(|(name, _)| *name).collect();
    for name in ["Ana Souza", "Bruno Lima", "Carla Dias", "Eva Prado"] {
        assert_eq!(names.iter().filter(|one| **one == name).count(), 1, "{name} once: {names:?}");
    }
    let [first, ..] = &reach.people[..] else { panic!("{names:?}") };
    assert!(
        ["Ana Souza", "Bruno Lima"].contains(&first.name.as_str()) && matches!(first.duty, Duty::Now(..))
    );
    let head = reach.people.iter().find(|one| one.whom == Whom::Level("head".into())).expect("a gap");
    assert!(matches!(&head.duty, Duty::Gap(Some(why)) if why.contains("all.ics")), "{:?}", head.duty);
    assert!(head.ways.iter().all(|way| way.everybody), "whoever is there reads it: {:?}", head.ways);
    let eva = reach.people.iter().find(|one| one.name == "Eva Prado").expect("she is a contact");
    assert_eq!(eva.ways, [], "no channel of hers carries what is critical");
    let ana = reach.people.iter().find(|one| one.name == "Ana Souza").expect("she is a contact");
    let way = |name: &str| ana.ways.iter().find(|way| way.channel == name).expect("a way");
    assert_eq!(way("sms").reads, format!("To: +55 11 91234-5678\nBody: high BedWaits: {HOLE}"));
    assert!(way("sms").quiet.is_some() && !way("sms").everybody);
    assert!(way("slack").everybody && way("slack").quiet.is_none());
    let told = &way("slack").reads;
    assert!(told.contains("BedWaits") && told.contains(HOLE) && told.contains("told: Ana Souza"), "{told}");
}

#[test]
fn quiet_hours_hold_back_no_page_by_hand_and_the_journal_knows_of_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let hands = hands(folder.path());
    let opened = wait_for(hands.read({
        let (pack, now) = (hands.pack.clone(), hands.clock.now());
        move |journal| {
            let open = Deed::Open(pack.incident_of(&[], "The beds wait", Origin::Hand));
            incidents::carry_out(journal, &open, &Actor::named("ana"), now)
        }
    }))
    .expect("an incident");
    let order = Page {
        number: 1,
        about: Some(Subject::Incident(opened.id.clone(), opened.title.clone())),
        whom: Whom::Contact("bruno".into()),
        message: "CPF 529.982.247-25 waits".to_owned(),
    };
    let acting = Arc::new(acting());
    let put = wait_for(page::put(&hands, &acting, &place(), &order)).expect("put in");
    let letters = wait_for(page::answers(&hands, &put.key)).expect("letters");
    let [letter] = &letters[..] else { panic!("{letters:?}") };
    assert!(letter.next_at <= hands.clock.now(), "it is due now, whatever the hour");
    assert_eq!((letter.channel.as_str(), letter.state), ("sms", LetterState::Queued));
    let options = Options::at(folder.path().join("journal.db"));
    let journal = Journal::open_existing(&options).expect("readable").expect("a journal");
    let events = journal.events(&opened.id).expect("events");
    assert!(events.iter().any(|one| one.text.starts_with("paged Bruno Lima by hand")), "{events:?}");
    let filter = AuditFilter { action: Some("page".into()), ..AuditFilter::default() };
    let records = journal.audit_records(&filter).expect("records");
    let [record] = &records[..] else { panic!("{records:?}") };
    assert!(&*record.object == "bruno" && record.details.contains("sms"), "{record:?}");
    assert!(!record.details.contains("529") && record.details.contains("‹cpf:"), "{}", record.details);
    // Whoever no channel leads to is not paged, and no letter says so.
    let order = Page { whom: Whom::Contact("eva".into()), ..order };
    let refused = wait_for(page::put(&hands, &acting, &place(), &order)).expect_err("not reached");
    assert!(refused.to_string().contains("Eva Prado is not reached"), "{refused}");
    let gone = Page {
        about: Some(Subject::Incident("INC-1".into(), "".into())),
        whom: Whom::Contact("ana".into()),
        ..order
    };
    let refused = wait_for(page::put(&hands, &acting, &place(), &gone)).expect_err("no incident");
    assert!(refused.to_string().contains("no incident INC-1"), "{refused}");
    assert_eq!(journal.letters(None, 10).expect("letters").len(), 1);
}

/// Types until it is seen: a dialog hears nothing in its first moment.
fn type_until_seen(terminal: &Terminal, text: &str) {
    let mut typed = false;
    wait::until_true("what was typed", || {
        if !typed {
            terminal.send(text);
        }
        typed = terminal.text().contains(text);
        typed
    });
}

#[test]
fn from_the_console_whoever_is_on_call_is_paged_and_the_answer_is_seen() {
    let sink = Sink::http();
    let desk = Desk::with_hook(
        &sink,
        "quiet = { from = \"00:00\", to = \"23:59\", except = [] }\n[contacts.ana]\nname = \"Ana Souza\"\nchannels = [\"hook\"]\n[[rota]]\nlevel = \"oncall\"\npeople = [\"ana\"]\n[sources.alertmanager]\nurl = \"http://127.0.0.1:9\"\n",
    );
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_plantao"));
    command.env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("HOME", desk.path(""));
    command.env("XDG_STATE_HOME", desk.path("state"));
    command.env("TERM", "xterm-256color");
    command.args(["--config".as_ref(), desk.path("config.toml").as_os_str()]);
    let terminal = Terminal::start(command, 120, 40);
    terminal.wait_text("plantão");
    terminal.send("I");
    terminal.wait_text("Incidents");
    terminal.send("i");
    type_until_seen(&terminal, "records are gone");
    terminal.send(keys::ENTER);
    terminal.wait_text("INC-");
    terminal.send("P");
    terminal.wait_text("WHAT IS READ");
    type_until_seen(&terminal, "come now");
    assert!(
        terminal.text().contains("Ana Souza") && terminal.text().contains("on call"),
        "{}",
        terminal.text()
    );
    sink.answer(400);
    terminal.send(keys::ENTER);
    terminal.wait_text("FAILED");
    assert!(terminal.text().contains("NOBODY was reached"), "{}", terminal.text());
    // The same once more, when the receiver has come back.
    sink.answer(200);
    terminal.send(keys::ENTER);
    terminal.wait_text("WHAT IS READ");
    terminal.send(keys::ENTER);
    // The sentence under the table has that word, too, before anything has gone out.
    terminal.wait_until("the channel's row to say so", |screen| {
        screen.contents().lines().any(|line| line.contains("hook") && line.contains(" delivered"))
    });
    let got = notifications(&sink);
    let last = got.last().expect("a notification");
    assert!(
        last["event"] == "page"
            && last["title"].as_str().is_some_and(|title| title.contains("records are gone")),
        "{last}"
    );
    assert!(last["message"].as_str().is_some_and(|text| text.contains("come now")), "{last}");
    let id = last["incident"].as_str().expect("an incident").to_owned();
    terminal.send(keys::ESC);
    terminal.wait_text("paged Ana Souza by hand");
    let (_, timeline, _) = desk.said(&["incidents", "show", &id]);
    assert!(
        timeline.contains("paged Ana Souza by hand") && timeline.contains("told over hook"),
        "{timeline}"
    );
}
