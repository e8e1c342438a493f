//! `watch`, `rota`, `page` and `notify`, put together.

use std::sync::Arc;

use serde_json::json;

use super::acting::hands;
use super::block_on;
use super::lists::table;
use super::parts::Parts;
use crate::cli::watch::{NotifyCommand, PageArgs, RotaArgs, WatchArgs};
use crate::cli::{Exit, ListFormat, Output, output};
use crate::config::Loaded;
use crate::journal::{Journal, JournalError};
use crate::model::deed::Subject;
use crate::model::paging::{Page, Whom};
use crate::model::records::{LetterState, NewRecord};
use crate::model::{Time, time};
use crate::pack::playbook::Library;
use crate::privacy;
use crate::respond::notify::{Board, Message, Note, Place, Sent, What, send};
use crate::respond::outbox::Sender;
use crate::respond::watch::{Watcher, read_token};
use crate::respond::{Hands, page};
use crate::text::playbook_command::EN as COMMAND;
use crate::text::rota::EN as ROTA;
use crate::text::watch::EN as WORDS;

/// `watch`
pub fn watch(args: &WatchArgs, loaded: &Loaded, parts: &Parts, out: &mut Output<'_>) -> Exit {
    match begin(args, loaded, parts, out) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn begin(args: &WatchArgs, loaded: &Loaded, parts: &Parts, out: &mut Output<'_>) -> Result<Exit, Exit> {
    let acting = &loaded.config.acting;
    let mut hands = hands(loaded, parts, out)?;
    hands.is_watcher = true;
    hands.actor.operator = WORDS.itself.into();
    hands.holder = crate::runtime::acting::holder("watch", &parts.start(&loaded.config)).into();
    let listen = match (&args.listen, acting.watch.listen) {
        (Some(listen), _) => Some(listen.clone()),
        (None, Some(at)) => Some(at.to_string().parse().map_err(|why: String| usage(&why, out))?),
        (None, None) => None,
    };
    if listen.is_none() && !hands.has_manager {
        return Err(usage(WORDS.nothing_to_watch, out));
    }
    let token = match &acting.watch.token_file {
        None => None,
        Some(path) => Some(read_token(path).map_err(|why| usage(&(WORDS.token_file)(&why), out))?),
    };
    let bound = match listen {
        None => None,
        Some(listen) => Some(listen.bind().map_err(|why| usage(&why, out))?),
    };
    if let Some(bound) = &bound
        && !bound.loopback
        && token.is_none()
    {
        return Err(usage(&(WORDS.no_token)(&bound.listen.to_string()), out));
    }
    // A journal that cannot be opened is told before anybody relies on this.
    if let Some(options) = &parts.journal {
        Journal::open(options, parts.clock.now()).map_err(|error| usage(&error.to_string(), out))?;
    }
    let library = Library::load(&parts.pack, &loaded.user_dirs);
    for (name, entry) in library.iter() {
        if let Err(problems) = &entry.read {
            out.problems(problems);
            out.say(&(COMMAND.broken)(name, problems.len()));
        }
    }
    if acting.channels.is_empty() {
        out.say(WORDS.no_channels);
    }
    match &bound {
        Some(bound) => {
            out.say(&(WORDS.listening)(
                &bound.listen.to_string(),
                acting.channels.len(),
                acting.contacts.len(),
            ));
        }
        None => out.say(&(WORDS.polling)(acting.watch.poll.as_secs())),
    }
    let (acting, library) = (Arc::new(acting.clone()), Arc::new(library));
    let collector = parts.collector(&loaded.config);
    let ended = block_on(
        async move {
            let listener = match bound {
                Some(bound) => {
                    bound.listener.set_nonblocking(true)?;
                    Some(tokio::net::TcpListener::from_std(bound.listener)?)
                }
                None => None,
            };
            let tell = Arc::new(|words: &str| output::say_aside(words));
            Watcher { hands, acting, library, collector, listener, token, tell }.run().await
        },
        out,
    )?;
    let why = ended.err().map_or_else(String::new, |error| error.to_string());
    out.say(&(WORDS.ended)(&why));
    Ok(Exit::Unreachable)
}

fn usage(words: &str, out: &mut Output<'_>) -> Exit {
    out.say(words);
    Exit::Usage
}

fn place(parts: &Parts) -> Place {
    Place { title: parts.pack.title.clone(), zone: parts.pack.zone }
}

/// `rota`
pub fn rota(args: &RotaArgs, loaded: &Loaded, parts: &Parts, out: &mut Output<'_>) -> Exit {
    let acting = &loaded.config.acting;
    let now = parts.clock.now();
    let at = match args.at.as_deref().map(|text| time::parse(text, now, parts.pack.zone)).transpose() {
        Ok(at) => at.unwrap_or(now),
        Err(why) => return usage(&format!("--at: {why}"), out),
    };
    if acting.rotas.is_empty() {
        out.say(ROTA.none);
        return Exit::Negative;
    }
    let place = place(parts);
    let board = Board::new(acting, &place);
    let zone = if loaded.config.ui.utc { chrono_tz::UTC } else { parts.pack.zone };
    let clock = |at: Option<Time>| {
        at.map_or_else(
            || ROTA.always.to_owned(),
            |at| at.with_timezone(&zone).format("%a %Y-%m-%d %H:%M").to_string(),
        )
    };
    let mut exit = Exit::Done;
    let mut lines: Vec<[String; 5]> = Vec::new();
    let mut all = Vec::new();
    let order = |level: &str| parts.pack.response.levels.iter().position(|known| known.id == level);
    let mut tables: Vec<_> = board.tables().collect();
    tables.sort_by_key(|(level, _)| order(level).unwrap_or(usize::MAX));
    for (level, table) in tables {
        let table = match table {
            Ok(table) => table,
            Err(why) => {
                out.say(&(ROTA.broken)(level, why));
                exit = Exit::Usage;
                continue;
            }
        };
        let duty = table.at(at);
        let next = table.next(at);
        let names = |who: &[String]| -> Vec<String> {
            who.iter()
                .map(|id| board.contact(id).map_or_else(|| id.clone(), |(_, one)| one.name.clone()))
                .collect()
        };
        let shown = |who: &[String]| {
            if who.is_empty() { ROTA.nobody.to_owned() } else { names(who).join(", ") }
        };
        if duty.who.is_empty() && exit == Exit::Done {
            exit = Exit::Negative;
        }
        lines.push([
            parts.pack.response.title(level).to_owned(),
            shown(&duty.who),
            clock(duty.until),
            next.as_ref().map_or_else(String::new, |next| shown(&next.who)),
            next.as_ref().map_or_else(String::new, |next| clock(next.from)),
        ]);
        all.push(json!({
            "level": level, "title": parts.pack.response.title(level),
            "now": { "contacts": duty.who, "names": names(&duty.who), "from": duty.from, "until": duty.until },
            "next": next.map(|next| json!({ "contacts": next.who, "names": names(&next.who), "from": next.from, "until": next.until })),
        }));
    }
    match args.format {
        ListFormat::Table => out.result(&output::harmless(&table(&ROTA.columns, &lines))),
        ListFormat::Json => out.result(&format!("{}\n", serde_json::Value::from(all))),
    }
    exit
}

/// `page`
pub fn page(args: &PageArgs, loaded: &Loaded, parts: &Parts, out: &mut Output<'_>) -> Exit {
    match call(args, loaded, parts, out) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn call(args: &PageArgs, loaded: &Loaded, parts: &Parts, out: &mut Output<'_>) -> Result<Exit, Exit> {
    let hands = hands(loaded, parts, out)?;
    let acting = Arc::new(loaded.config.acting.clone());
    let place = Arc::new(place(parts));
    let board = Board::new(&acting, &place);
    let now = hands.clock.now();
    let is_level = parts.pack.response.levels.iter().any(|level| level.id == args.whom)
        || acting.rotas.iter().any(|rota| rota.level == args.whom);
    let whom = if is_level {
        Whom::Level(args.whom.clone())
    } else if let Some((id, _)) = board.contact(&args.whom) {
        Whom::Contact(id.to_owned())
    } else {
        return Err(usage(&(COMMAND.nobody)(&args.whom), out));
    };
    if page::receivers(&board, &whom, now).is_empty() {
        out.say(&(COMMAND.not_reached)(&args.whom));
        return Ok(Exit::Negative);
    }
    let about = args.incident.as_ref().map(|id| Subject::Incident(id.as_str().into(), "".into()));
    let order = Page { number: 0, about, whom, message: args.message.clone() };
    let put = match block_on(page::put(&hands, &acting, &place, &order), out)? {
        Ok(put) => put,
        Err(error) => {
            let refused = matches!(error, JournalError::Refused(_));
            out.say(&error.to_string());
            return Err(if refused { Exit::Usage } else { Exit::Unreachable });
        }
    };
    let (sent, all) = flush(&hands, acting.clone(), place.clone(), &put.key, out)?;
    out.result(&format!("{}\n", output::harmless(&(COMMAND.paged)(&put.who, sent, all))));
    Ok(if sent > 0 { Exit::Done } else { Exit::Unreachable })
}

/// Sends what is due; gives how many letters of a key were taken, and how many there are.
fn flush(
    hands: &Hands,
    acting: Arc<crate::config::acting::Acting>,
    place: Arc<Place>,
    key: &str,
    out: &mut Output<'_>,
) -> Result<(usize, usize), Exit> {
    let sender = Sender {
        hands: hands.clone(),
        acting,
        place,
        wake: Arc::new(tokio::sync::Notify::new()),
        figures: Arc::default(),
    };
    let counted = block_on(
        async {
            sender.flush().await?;
            let own = page::answers(hands, key).await?;
            Ok::<_, JournalError>((
                own.iter().filter(|one| one.state == LetterState::Sent).count(),
                own.len(),
            ))
        },
        out,
    )?;
    counted.map_err(|error| {
        out.say(&error.to_string());
        Exit::Unreachable
    })
}

/// `notify`
pub fn notify(command: &NotifyCommand, loaded: &Loaded, parts: &Parts, out: &mut Output<'_>) -> Exit {
    let ended = match command {
        NotifyCommand::Test { channel, contact } => test(channel, contact.as_deref(), loaded, parts, out),
        NotifyCommand::Outbox { limit, format } => outbox(*limit, *format, parts, out),
        NotifyCommand::Retry { id } => retry(*id, loaded, parts, out),
    };
    match ended {
        Ok(exit) | Err(exit) => exit,
    }
}

fn test(
    name: &str,
    contact: Option<&str>,
    loaded: &Loaded,
    parts: &Parts,
    out: &mut Output<'_>,
) -> Result<Exit, Exit> {
    let hands = hands(loaded, parts, out)?;
    let acting = &loaded.config.acting;
    let Some(channel) = acting.channels.get(name) else {
        let all: Vec<&str> = acting.channels.keys().map(String::as_str).collect();
        return Err(usage(&(COMMAND.no_channel)(name, &all.join(", ")), out));
    };
    let place = place(parts);
    let board = Board::new(acting, &place);
    let contact = match contact {
        None => None,
        Some(who) => Some(board.contact(who).ok_or_else(|| usage(&(COMMAND.no_contact)(who), out))?.1),
    };
    let now = hands.clock.now();
    let notes = [Note {
        event: What::Test,
        title: crate::text::notify::EN.test_title.to_owned(),
        message: (crate::text::notify::EN.test_message)(&hands.actor.operator),
        at: Some(now),
        ..Note::default()
    }];
    let dedup = format!("test:{name}:{}", now.timestamp_micros());
    let message = Message { notes: &notes, dedup: &dedup, doubtful: false, contact, place: &place };
    let (actor, object) = (hands.actor.clone(), name.to_owned());
    let sent = block_on(
        async {
            // Recorded before it is done, as everything that reaches others.
            let recorded = hands
                .read(move |journal| {
                    journal
                        .write(|tx| tx.audit(&NewRecord::done("notify.test", &object), &actor, now).map(drop))
                })
                .await;
            recorded?;
            Ok::<_, JournalError>(send(channel, &message).await)
        },
        out,
    )?;
    match sent {
        Err(error) => {
            out.say(&error.to_string());
            Ok(Exit::Unreachable)
        }
        Ok(Sent::Taken) => {
            out.result(&format!("{}\n", (COMMAND.test_taken)(name)));
            Ok(Exit::Done)
        }
        Ok(Sent::Later(why, _) | Sent::Refused(why)) => {
            out.say(&(COMMAND.test_refused)(name, &privacy::safe_line(&why)));
            Ok(Exit::Unreachable)
        }
    }
}

fn outbox(limit: u32, format: ListFormat, parts: &Parts, out: &mut Output<'_>) -> Result<Exit, Exit> {
    let said = |error: &JournalError, out: &mut Output<'_>| {
        out.say(&error.to_string());
        Exit::Unreachable
    };
    let journal = match &parts.journal {
        Some(options) => Journal::open_existing(options).map_err(|error| said(&error, out))?,
        None => None,
    };
    let letters = match journal {
        Some(journal) => journal.letters(None, limit).map_err(|error| said(&error, out))?,
        None => Vec::new(),
    };
    match format {
        ListFormat::Json => out.result(&format!("{}\n", serde_json::to_string(&letters).unwrap_or_default())),
        ListFormat::Table => {
            let lines: Vec<[String; 6]> = letters
                .iter()
                .map(|one| {
                    [
                        one.id.to_string(),
                        one.channel.to_string(),
                        one.state.as_str().to_owned(),
                        one.attempts.to_string(),
                        one.incident.as_deref().unwrap_or("").to_owned(),
                        one.error.to_string(),
                    ]
                })
                .collect();
            out.result(&output::harmless(&table(&COMMAND.letter_columns, &lines)));
        }
    }
    Ok(if letters.is_empty() { Exit::Negative } else { Exit::Done })
}

fn retry(id: i64, loaded: &Loaded, parts: &Parts, out: &mut Output<'_>) -> Result<Exit, Exit> {
    let hands = hands(loaded, parts, out)?;
    let (actor, now) = (hands.actor.clone(), hands.clock.now());
    let done = block_on(
        hands.read(move |journal| {
            journal.write(|tx| {
                tx.requeue(id, now)?;
                tx.audit(&NewRecord::done("notify.retry", &id.to_string()), &actor, now).map(drop)
            })
        }),
        out,
    )?;
    match done {
        Ok(()) => {
            out.result(&format!("{}\n", (COMMAND.requeued)(id)));
            Ok(Exit::Done)
        }
        Err(error) => {
            out.say(&error.to_string());
            Ok(Exit::Negative)
        }
    }
}
