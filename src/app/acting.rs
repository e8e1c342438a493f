//! `ack`, `unack`, `silence`, `unsilence`: what the console does from a dialog, from a script.

use std::sync::Arc;

use super::lists::{asked, table};
use super::{block_on, parts::Parts};
use crate::cli::acting::{AckArgs, SilenceArgs, UnackArgs, UnsilenceArgs, Which};
use crate::cli::{Exit, ListFormat, Output};
use crate::client::Clients;
use crate::config::Loaded;
use crate::model::alert::SilenceState;
use crate::model::deed::{AckOrder, How, Order, Report, Wanted};
use crate::model::radius::{Muted, Radius};
use crate::model::{Labels, Matcher, Role, time};
use crate::privacy;
use crate::respond::{Hands, blast};
use crate::runtime;
use crate::state::State;
use crate::state::alert_list::{Filter, department_title};
use crate::text::cli::EN as WORDS;

/// Whoever acts, or why nobody does.
pub(super) fn hands(loaded: &Loaded, parts: &Parts, out: &mut Output<'_>) -> Result<Hands, Exit> {
    let start = parts.start(&loaded.config);
    if start.role() < Role::Responder {
        let why = if loaded.config.read_only {
            WORDS.read_only.to_owned()
        } else {
            (WORDS.role)(start.role().as_str())
        };
        out.say(&why);
        return Err(Exit::Usage);
    }
    let Some(journal) = &start.journal else {
        out.say(crate::text::acting::EN.no_journal);
        return Err(Exit::Usage);
    };
    let sources = loaded.config.active();
    Ok(runtime::acting::hands(&start, journal, sources, Clients::with_clock(sources, parts.clock)))
}

/// The same for what is done at Alertmanager, where there is one.
fn at_manager(loaded: &Loaded, parts: &Parts, out: &mut Output<'_>) -> Result<Hands, Exit> {
    let hands = hands(loaded, parts, out)?;
    if loaded.config.active().alertmanager.is_none() {
        out.say(WORDS.no_alertmanager);
        return Err(Exit::Usage);
    }
    Ok(hands)
}

/// The alerts that are named, of those that Alertmanager has.
fn named(state: &State, which: &[Which]) -> Vec<(Arc<str>, Labels)> {
    let matchers: Vec<Matcher> = which
        .iter()
        .filter_map(|one| if let Which::Matcher(matcher) = one { Some(matcher.clone()) } else { None })
        .collect();
    let by_matchers = !matchers.is_empty();
    let filter = Filter::of_matchers(matchers);
    let is_named = |fingerprint: &str| {
        which.iter().any(|one| matches!(one, Which::Fingerprint(named) if named == fingerprint))
    };
    let rows = state.list.rows.iter().filter(|row| row.alert.fingerprint.len() == 16);
    rows.filter(|row| is_named(&row.alert.fingerprint) || (by_matchers && filter.matches(row)))
        .map(|row| (row.alert.fingerprint.clone(), row.alert.labels.clone()))
        .collect()
}

/// Acknowledges.
pub fn ack(args: &AckArgs, loaded: &Loaded, parts: &Parts, out: &mut Output<'_>) -> Exit {
    let (hands, state) =
        match at_manager(loaded, parts, out).and_then(|hands| Ok((hands, asked(loaded, parts, out)?))) {
            Ok(both) => both,
            Err(exit) => return exit,
        };
    let mut alerts = named(&state, &args.which);
    if state.store.alerts.value().is_none() {
        for line in super::snapshot::missing(&state) {
            out.say(&line);
        }
        // A fingerprint names an alert whether or not Alertmanager answers; a condition names none.
        let all: Option<Vec<_>> = args
            .which
            .iter()
            .map(|one| match one {
                Which::Fingerprint(fingerprint) => Some((Arc::from(fingerprint.as_str()), Labels::default())),
                Which::Matcher(_) => None,
            })
            .collect();
        match all {
            Some(all) => alerts = all,
            None => return Exit::Unreachable,
        }
    }
    if alerts.is_empty() {
        out.say(WORDS.nothing_matches);
        return Exit::Negative;
    }
    let order = AckOrder {
        alerts,
        why: privacy::safe_line(&args.comment).into_string(),
        hold_s: args.hold.unwrap_or(loaded.config.ack_s),
        silence: !args.no_silence,
    };
    let report = match block_on(hands.carry_out(Order::Ack(order)), out) {
        Ok(report) => report,
        Err(exit) => return exit,
    };
    match report {
        Report::Acked(acked) => {
            for (name, who) in &acked.taken {
                out.say(&(crate::text::acting::EN.taken_notice)(name, who, 0));
            }
            if let Some(why) = &acked.trouble {
                out.say(&(WORDS.not_yet)(acked.recorded - acked.silenced.min(acked.recorded), why));
            }
            out.result(&(WORDS.acked)(acked.recorded, acked.silenced, acked.silences));
            match (acked.recorded, acked.trouble) {
                (0, _) => Exit::Negative,
                (_, Some(_)) => Exit::Incomplete,
                (_, None) => Exit::Done,
            }
        }
        other => refused(other, out),
    }
}

/// Takes acknowledgements back.
pub fn unack(args: &UnackArgs, loaded: &Loaded, parts: &Parts, out: &mut Output<'_>) -> Exit {
    let hands = match hands(loaded, parts, out) {
        Ok(hands) => hands,
        Err(exit) => return exit,
    };
    // The journal knows what is acknowledged, whether or not the alert still fires.
    let held = match block_on(hands.held(), out) {
        Ok(Ok(held)) => held,
        Ok(Err(error)) => {
            out.say(&error.to_string());
            return Exit::Usage;
        }
        Err(exit) => return exit,
    };
    let matchers: Vec<&Matcher> = args
        .which
        .iter()
        .filter_map(|one| if let Which::Matcher(matcher) = one { Some(matcher) } else { None })
        .collect();
    let is_named = |fingerprint: &str| {
        args.which.iter().any(|one| matches!(one, Which::Fingerprint(named) if named == fingerprint))
    };
    let alerts: Vec<Arc<str>> = held
        .acks
        .iter()
        .filter(|ack| {
            is_named(&ack.fingerprint)
                || (!matchers.is_empty() && matchers.iter().all(|one| one.matches(&ack.labels)))
        })
        .map(|ack| ack.fingerprint.clone())
        .collect();
    if alerts.is_empty() {
        out.say(WORDS.nothing_acked);
        return Exit::Negative;
    }
    match block_on(hands.carry_out(Order::Unack(alerts)), out) {
        Ok(Report::Unacked(count, trouble)) => {
            out.result(&(WORDS.unacked)(count));
            match trouble {
                Some(why) => {
                    out.say(&(WORDS.still_stands)(&why));
                    Exit::Incomplete
                }
                None => Exit::Done,
            }
        }
        Ok(other) => refused(other, out),
        Err(exit) => exit,
    }
}

/// Makes a silence, after a look at what it mutes.
pub fn silence(args: &SilenceArgs, loaded: &Loaded, parts: &Parts, out: &mut Output<'_>) -> Exit {
    let hands = match at_manager(loaded, parts, out) {
        Ok(hands) => hands,
        Err(exit) => return exit,
    };
    let now = parts.clock.now();
    let start = args.start.as_deref().unwrap_or("");
    let starts_at = match time::parse_start(start, now, parts.pack.zone) {
        Ok(start) => start.unwrap_or(now),
        Err(why) => {
            out.say(&format!("--start: {why}"));
            return Exit::Usage;
        }
    };
    if args.comment.trim().is_empty() {
        out.say(WORDS.empty_comment);
        return Exit::Usage;
    }
    let looked = block_on(blast::radius(&hands.clients, &parts.pack, &args.matchers, now), out);
    let radius = match looked {
        Ok(radius) => radius,
        Err(exit) => return exit,
    };
    let told = told(&radius, parts, args.format);
    if args.dry_run {
        out.result(&told);
    } else {
        for line in told.lines() {
            out.say(line);
        }
    }
    for line in doubts(&radius) {
        out.say(&line);
    }
    let home = blast::home(&parts.pack, &args.matchers);
    let alerting = &parts.pack.alerting;
    let refusal = radius.refusal(&home, &alerting.department_all, alerting.watchdog.as_deref());
    if let Some(refusal) =
        refusal.filter(|refusal| args.confirm.as_deref().map(str::trim) != Some(&refusal.word()))
    {
        let titles = match &refusal {
            crate::model::radius::Refusal::Others(all) => {
                all.iter().map(|id| department_title(&parts.pack, id)).collect::<Vec<_>>().join(", ")
            }
            _ => String::new(),
        };
        out.say(&(crate::text::acting::EN.refusal)(&refusal, &titles));
        out.say(&(WORDS.confirm)(&refusal.word()));
        return Exit::Negative;
    }
    if args.dry_run {
        let whole = radius.now_fault.is_none() && radius.past_fault.is_none();
        return if whole { Exit::Done } else { Exit::Incomplete };
    }
    let wanted = Wanted {
        matchers: args.matchers.clone(),
        starts_at,
        ends_at: starts_at + chrono::TimeDelta::seconds(i64::from(args.hold)),
        created_by: loaded.config.operator.clone(),
        comment: privacy::safe_line(args.comment.trim()).into_string(),
    };
    match block_on(hands.carry_out(Order::Silence(wanted)), out) {
        Ok(Report::Stands(standing, _)) => {
            if standing.how == How::Found {
                out.say(WORDS.there_already);
            }
            out.result(&format!("{}\n", standing.id));
            Exit::Done
        }
        Ok(other) => refused(other, out),
        Err(exit) => exit,
    }
}

/// Ends silences.
pub fn unsilence(args: &UnsilenceArgs, loaded: &Loaded, parts: &Parts, out: &mut Output<'_>) -> Exit {
    let (hands, state) =
        match at_manager(loaded, parts, out).and_then(|hands| Ok((hands, asked(loaded, parts, out)?))) {
            Ok(both) => both,
            Err(exit) => return exit,
        };
    let Some(all) = state.store.silences.value() else {
        for line in super::snapshot::missing(&state) {
            out.say(&line);
        }
        return Exit::Unreachable;
    };
    let mut worst = Exit::Done;
    for id in &args.ids {
        let found = all.iter().find(|one| *one.id == **id && one.state != SilenceState::Expired);
        let Some(silence) = found else {
            out.say(&(WORDS.no_silence)(id));
            worst = Exit::Negative;
            continue;
        };
        let was = Wanted {
            matchers: Vec::new(),
            starts_at: silence.starts_at,
            ends_at: silence.ends_at,
            created_by: silence.created_by.to_string(),
            comment: silence.comment.to_string(),
        };
        match block_on(hands.carry_out(Order::Expire { id: silence.id.clone(), was }), out) {
            Ok(Report::Ended(id, _)) => out.result(&format!("{id}\n")),
            Ok(other) => return refused(other, out),
            Err(exit) => return exit,
        }
    }
    worst
}

fn refused(report: Report, out: &mut Output<'_>) -> Exit {
    if let Report::Refused(why) = report {
        out.say(&(crate::text::acting::EN.refused_notice)(&why));
    }
    Exit::Unreachable
}

/// What it mutes: a table by department, or every alert as JSON.
fn told(radius: &Radius, parts: &Parts, format: ListFormat) -> String {
    let text = crate::text::acting::EN;
    if format == ListFormat::Json {
        let list = |all: &[Muted]| -> Vec<serde_json::Value> {
            all.iter()
                .map(|one| {
                    serde_json::json!({
                        "labels": one.labels, "severity": one.severity, "department": one.department,
                    })
                })
                .collect()
        };
        let all = serde_json::json!({
            "now": list(&radius.now), "last_7_days": list(&radius.past), "days_known": radius.days,
            "everything": radius.everything, "watchdog": radius.watchdog,
        });
        return format!("{all}\n");
    }
    let (now, past) = (Radius::tally(&radius.now), Radius::tally(&radius.past));
    let all: std::collections::BTreeSet<&str> = now.keys().chain(past.keys()).map(|key| &**key).collect();
    let cell = |counts: Option<&[usize; 5]>| (text.radius_cell)(counts.unwrap_or(&[0; 5]));
    let title = |id: &str| match id {
        "" => text.nowhere.to_owned(),
        id => department_title(&parts.pack, id).to_owned(),
    };
    let rows: Vec<[String; 3]> =
        all.into_iter().map(|id| [title(id), cell(now.get(id)), cell(past.get(id))]).collect();
    table(&text.radius_heads, &rows)
}

fn doubts(radius: &Radius) -> Vec<String> {
    let text = crate::text::acting::EN;
    let mut lines = Vec::new();
    if let Some(fault) = &radius.now_fault {
        lines.push((text.now_unknown)(&fault.detail));
    }
    if let Some(fault) = &radius.past_fault {
        lines.push((text.days_unknown)(radius.days, &fault.detail));
    }
    lines
}
