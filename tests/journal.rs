//! Several processes on one journal: two consoles and two watchers hammer it, some are killed at random points, and
//! in the end everything that was confirmed is there, once, and the audit is whole.
//!
//! `PLANTAO_HAMMER_S` says for how many seconds; ten without it.
// Tests end by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use plantao::journal::{AckFilter, AuditFilter, IncidentFilter, Journal, JournalError, Options};
use plantao::model::records::{
    Actor, EventKind, LetterState, NewAck, NewIncident, NewLetter, NewMember, Origin,
};
use plantao::model::{Labels, Severity};

const HOME: &str = "PLANTAO_HAMMER_HOME";
const ROLE: &str = "PLANTAO_HAMMER_ROLE";

/// What a process writes down once a call has returned: only this has to be there in the end.
struct Confirmed(std::fs::File);

impl Confirmed {
    fn open(home: &Path, name: &str) -> Self {
        let file = OpenOptions::new().append(true).create(true).open(home.join(format!("{name}.confirmed")));
        Self(file.expect("a file"))
    }

    fn note(&mut self, line: &str) {
        self.0.write_all(format!("{line}\n").as_bytes()).expect("written");
    }
}

fn options(home: &Path) -> Options {
    Options { patience: Duration::from_secs(60), ..Options::at(home.join("journal.db")) }
}

fn member(name: &str) -> NewMember {
    NewMember {
        fingerprint: name.into(),
        labels: Labels::new([("alertname", name)]),
        severity: Severity::High,
        summary: "slow".into(),
        starts_at: None,
    }
}

/// The helper process: without its variables this is no test of anything.
#[test]
fn helper() {
    let (Ok(home), Ok(role)) = (std::env::var(HOME), std::env::var(ROLE)) else { return };
    let home = PathBuf::from(home);
    let mut confirmed = Confirmed::open(&home, &role);
    let mut journal = Journal::open(&options(&home), Utc::now()).expect("a journal");
    let watcher = role.starts_with("watcher");
    let mut turn = 0_u64;
    while !home.join("stop").exists() {
        turn += 1;
        let unique = format!("{role}/{}/{turn}", std::process::id());
        if watcher {
            watch(&mut journal, &mut confirmed, &unique);
        } else {
            console(&mut journal, &mut confirmed, &unique);
        }
    }
}

fn console(journal: &mut Journal, confirmed: &mut Confirmed, unique: &str) {
    let actor = Actor::named(unique);
    let new = NewIncident {
        title: unique.into(),
        severity: Severity::High,
        category: "performance".into(),
        origin: Origin::Hand,
        dedup: None,
        assignee: None,
        members: vec![member(unique)],
    };
    let opened = journal.write(|tx| tx.open_incident(&new, &actor, Utc::now())).expect("opened");
    let id = opened.incident().id.clone();
    confirmed.note(&format!("incident {id} {unique}"));
    journal.write(|tx| tx.note(&id, unique, &actor, Utc::now())).expect("noted");
    confirmed.note(&format!("note {id} {unique}"));
    // Everybody wants the same few alerts: exactly one gets each.
    let fingerprint = format!("shared-{}", turn_of(unique) % 3);
    let ack = NewAck {
        fingerprint: fingerprint.as_str().into(),
        labels: Labels::new([("alertname", "shared")]),
        incident: Some(id.clone()),
        why: unique.into(),
        until: None,
        lease_s: 900,
        silence: false,
    };
    match journal.write(|tx| tx.ack(&ack, &actor, Utc::now())) {
        Ok(ack) => {
            confirmed.note(&format!("ack {} {unique}", ack.id));
            journal.write(|tx| tx.unack(ack.id, "", &actor, Utc::now())).expect("taken back");
            confirmed.note(&format!("unack {} {unique}", ack.id));
        }
        Err(JournalError::Taken(other)) => {
            // One that a killed process left: somebody else takes it back.
            let own = |text: &str| text.rsplit_once('/').map(|(process, _)| process.to_owned());
            if own(&other.who) != own(unique) && Utc::now() - other.at > TimeDelta::milliseconds(500) {
                journal.write(|tx| tx.unack(other.id, "left", &actor, Utc::now())).expect("taken back");
            }
        }
        Err(error) => panic!("{error}"),
    }
    letter(journal, confirmed, unique);
    journal.write(|tx| tx.resolve(&id, unique, &actor, Utc::now())).expect("resolved");
    confirmed.note(&format!("resolved {id} {unique}"));
}

fn turn_of(unique: &str) -> u64 {
    unique.rsplit('/').next().and_then(|turn| turn.parse().ok()).unwrap_or(0)
}

/// Puts in a letter of its own, and one that all want to put in.
fn letter(journal: &mut Journal, confirmed: &mut Confirmed, unique: &str) {
    for dedup in [unique.to_owned(), format!("common-{}", turn_of(unique))] {
        let letter = NewLetter {
            dedup: dedup.as_str().into(),
            channel: "pager".into(),
            payload: "{}".into(),
            incident: None,
            next_at: Utc::now(),
        };
        journal.write(|tx| tx.enqueue(&letter, Utc::now())).expect("put in");
        confirmed.note(&format!("letter {dedup}"));
    }
}

fn watch(journal: &mut Journal, confirmed: &mut Confirmed, unique: &str) {
    let owner = unique.rsplit_once('/').map_or(unique, |(process, _)| process);
    let now = Utc::now();
    if journal.write(|tx| tx.take_lease("watch", owner, now + TimeDelta::seconds(1), now)).expect("asked") {
        confirmed.note(&format!(
            "lease {owner} {} {}",
            now.timestamp_micros(),
            (now + TimeDelta::seconds(1)).timestamp_micros()
        ));
    }
    let until = Utc::now() + TimeDelta::seconds(2);
    let taken = journal.write(|tx| tx.take_letters(owner, 5, until, Utc::now())).expect("taken");
    for letter in taken {
        // The receiver: a file that everybody appends to.
        confirmed.note(&format!("delivered {} {}", letter.dedup, letter.doubtful));
        match journal.write(|tx| tx.letter_sent(letter.id, owner, Utc::now())) {
            Ok(()) => confirmed.note(&format!("sent {} {owner}", letter.dedup)),
            Err(JournalError::NotOwner { .. }) => confirmed.note(&format!("late {}", letter.dedup)),
            Err(error) => panic!("{error}"),
        }
    }
    let new = NewIncident {
        title: "by rule".into(),
        severity: Severity::High,
        category: "performance".into(),
        origin: Origin::Rule("down".into()),
        dedup: Some("rule/down".into()),
        assignee: None,
        members: vec![member(&format!("down-{}", turn_of(unique) % 7))],
    };
    let opened =
        journal.write(|tx| tx.open_incident(&new, &Actor::named(owner), Utc::now())).expect("opened");
    confirmed.note(&format!("rule {}", opened.incident().id));
}

fn start(home: &Path, role: &str) -> Child {
    let this = std::env::current_exe().expect("this test");
    Command::new(this)
        .args(["--exact", "helper", "--test-threads", "1"])
        .env(HOME, home)
        .env(ROLE, role)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a process")
}

const ROLES: [&str; 4] = ["console-1", "console-2", "watcher-1", "watcher-2"];

fn hammer(home: &Path, seconds: u64, kill: bool) -> u64 {
    let mut children: Vec<Child> = ROLES.iter().map(|role| start(home, role)).collect();
    let begun = Instant::now();
    let mut killed = 0;
    let mut random = std::collections::hash_map::RandomState::new();
    while begun.elapsed() < Duration::from_secs(seconds) {
        let number = std::hash::BuildHasher::hash_one(&random, begun.elapsed());
        random = std::collections::hash_map::RandomState::new();
        std::thread::sleep(Duration::from_millis(40 + number % 200));
        if kill {
            let which = (number / 200 % 4) as usize;
            children[which].kill().expect("killed");
            children[which].wait().expect("ended");
            children[which] = start(home, ROLES[which]);
            killed += 1;
        }
    }
    std::fs::write(home.join("stop"), "").expect("told to stop");
    for child in children {
        let done = child.wait_with_output().expect("ended");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
    killed
}

fn lines(home: &Path) -> Vec<String> {
    let read =
        |role: &&str| std::fs::read_to_string(home.join(format!("{role}.confirmed"))).unwrap_or_default();
    ROLES.iter().flat_map(|role| read(role).lines().map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// Holds the journal against what was confirmed; gives how many things that were.
fn compare(home: &Path, killed: bool) -> usize {
    let journal = Journal::open(&options(home), Utc::now()).expect("a journal");
    assert_eq!(journal.integrity().expect("checked"), Vec::<String>::new());
    let verdict = journal.verify_audit().expect("verified");
    assert!(verdict.is_whole(), "{verdict:?}");
    let lines = lines(home);
    let all =
        journal.incidents(IncidentFilter { resolved: true, ..IncidentFilter::default() }).expect("listed");
    let incidents: BTreeMap<String, _> = all.iter().map(|one| (one.id.to_string(), one)).collect();
    assert_eq!(incidents.len(), all.len());
    let records = journal.audit_records(&AuditFilter::default()).expect("listed");
    let mut recorded: BTreeMap<(String, String, String), usize> = BTreeMap::new();
    for record in &records {
        let key = (record.action.to_string(), record.object.to_string(), record.actor.operator.to_string());
        *recorded.entry(key).or_default() += 1;
    }
    let once = |action: &str, object: &str, who: &str| {
        let key = (action.to_owned(), object.to_owned(), who.to_owned());
        assert_eq!(recorded.get(&key), Some(&1), "{key:?}");
    };
    let acks = journal.acks(AckFilter { ended: true, ..AckFilter::default() }).expect("listed");
    let acks: BTreeMap<i64, _> = acks.iter().map(|ack| (ack.id, ack)).collect();
    let letters = journal.letters(None, u32::MAX).expect("listed");
    let dedups: BTreeMap<String, _> =
        letters.iter().map(|letter| (letter.dedup.to_string(), letter)).collect();
    assert_eq!(dedups.len(), letters.len(), "a letter is doubled");
    let mut delivered: BTreeMap<&str, Vec<bool>> = BTreeMap::new();
    let mut leases: Vec<(i64, i64, &str)> = Vec::new();
    for line in &lines {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["incident", id, unique] => {
                assert_eq!(&*incidents[id].title, unique, "{line}");
                once("incident.open", id, unique);
            }
            ["note", id, unique] => {
                let events = journal.events(id).expect("events");
                let notes =
                    events.iter().filter(|event| event.kind == EventKind::Note && &*event.text == unique);
                assert_eq!(notes.count(), 1, "{line}");
                once("incident.note", id, unique);
            }
            ["resolved", id, unique] => {
                assert_eq!(&*incidents[id].resolution, unique, "{line}");
                once("incident.resolve", id, unique);
            }
            ["ack", id, unique] => {
                assert_eq!(&*acks[&id.parse::<i64>().expect("a number")].who, unique, "{line}");
            }
            ["unack", id, _] => {
                assert!(!acks[&id.parse::<i64>().expect("a number")].state.is_live(), "{line}");
            }
            ["letter", dedup] => assert!(dedups.contains_key(dedup), "{line}"),
            ["delivered", dedup, doubtful] => delivered.entry(dedup).or_default().push(doubtful == "true"),
            ["sent", dedup, _] => assert_eq!(dedups[dedup].state, LetterState::Sent, "{line}"),
            ["rule", id] => assert!(incidents.contains_key(id), "{line}"),
            ["lease", owner, from, until] => {
                leases.push((from.parse().expect("a time"), until.parse().expect("a time"), owner));
            }
            ["late", _] => {}
            _ => panic!("{line}"),
        }
    }
    for (dedup, times) in &delivered {
        // Once; again only where a process died, or was stopped for longer than it had it, and then it was marked.
        let again = times.iter().filter(|doubtful| **doubtful).count();
        assert_eq!(times.len() - again, 1, "{dedup}: {times:?}");
        assert!(killed || again == 0 || lines.contains(&format!("late {dedup}")), "{dedup}: {times:?}");
    }
    let rules: BTreeSet<&String> = lines.iter().filter(|line| line.starts_with("rule ")).collect();
    assert!(rules.len() <= 1, "a rule opened several: {rules:?}");
    // No two held the lease at the same time.
    leases.sort_unstable();
    for pair in leases.windows(2) {
        assert!(pair[0].2 == pair[1].2 || pair[0].1 <= pair[1].0, "{pair:?}");
    }
    // Nothing that was recorded is doubled, confirmed or not.
    let doubled =
        recorded.iter().filter(|((action, ..), many)| action != "unack" && action != "ack" && **many > 1);
    assert_eq!(doubled.count(), 0);
    lines.len()
}

fn seconds() -> u64 {
    std::env::var("PLANTAO_HAMMER_S").ok().and_then(|text| text.parse().ok()).unwrap_or(10)
}

#[test]
fn consoles_and_watchers_on_one_journal_lose_and_double_nothing() {
    let home = tempfile::tempdir().expect("a folder");
    hammer(home.path(), seconds() / 2, false);
    let confirmed = compare(home.path(), false);
    println!("{confirmed} confirmed");
    assert!(confirmed > 50, "{confirmed}: too little happened to prove anything");
}

#[test]
fn what_was_confirmed_survives_being_killed_at_random_points() {
    let home = tempfile::tempdir().expect("a folder");
    let killed = hammer(home.path(), seconds() / 2, true);
    let confirmed = compare(home.path(), true);
    println!("{confirmed} confirmed, {killed} killed");
    assert!(confirmed > 20 && killed > 3, "{confirmed}, {killed}: too little happened to prove anything");
}
