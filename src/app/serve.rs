//! `demo serve`: the embedded place as a telemetry source of a real stack.

use std::sync::Arc;

use super::embedded;
use super::feed::receiver;
use super::parts::pack_dirs;
use crate::cli::serve::Bound;
use crate::cli::{Exit, Output, ServeArgs, Wish, output};
use crate::config::{self, Loaded, Source};
use crate::demo::alerting::Settings;
use crate::demo::push::{Signal, Target};
use crate::demo::serve::{self, scrape};
use crate::demo::{Hospital, Plan};
use crate::model::duration;
use crate::pack;
use crate::runtime;
use crate::runtime::embedded::Order;
use crate::text::serve::EN as WORDS;

/// Serves and pushes until it is interrupted, or only writes the scrape configuration. `loki` is the
/// value of its flag: a Loki that is configured for reading is no wish to write to it.
pub fn run(args: &ServeArgs, wish: &Wish, loki: Option<&str>, loaded: &Loaded, out: &mut Output<'_>) -> Exit {
    let ended = if args.print_scrape_config {
        print(args, wish, loaded, out)
    } else {
        feed(args, wish, loki.is_some(), loaded, out)
    };
    match ended {
        Ok(exit) | Err(exit) => exit,
    }
}

fn print(args: &ServeArgs, wish: &Wish, loaded: &Loaded, out: &mut Output<'_>) -> Result<Exit, Exit> {
    let at = args.listen.reached().map_err(|why| usage(&why, out))?;
    let (hospital, order) = build(wish, loaded, out)?;
    let settings = Settings::of_pack(&order.pack).map_err(|problems| {
        out.problems(&problems);
        Exit::Usage
    })?;
    out.result(&scrape::config(&hospital.jobs(), &settings, &at));
    Ok(Exit::Done)
}

fn feed(
    args: &ServeArgs,
    wish: &Wish,
    to_loki: bool,
    loaded: &Loaded,
    out: &mut Output<'_>,
) -> Result<Exit, Exit> {
    // What takes no time to find wrong is told before anything is built.
    let bound = args.listen.bind().map_err(|why| usage(&why, out))?;
    let loki = loaded.config.active().loki.clone().filter(|_| to_loki);
    let mut targets = Vec::new();
    if let Some(source) = loki {
        targets.push(target("loki", Signal::Logs, source, out)?);
    }
    if let Some(text) = &args.otlp {
        let url = config::address("--otlp", text).map_err(|problem| {
            out.problems(&[problem]);
            Exit::Usage
        })?;
        targets.push(target("otlp", Signal::Spans, Source::at(url), out)?);
    }
    let (hospital, order) = build(wish, loaded, out)?;
    announce(&bound, &hospital, &order.plan, out)?;
    for (target, url) in &targets {
        let what = if target.signal == Signal::Logs { WORDS.lines } else { WORDS.spans };
        out.say(&(WORDS.pushing)(what, url));
    }
    if !targets.is_empty() && wish.at.is_some() {
        out.say(&(WORDS.other_time)(
            &order.clock.now().with_timezone(&order.pack.zone).format("%F %T %:z").to_string(),
        ));
    }
    let options = serve::Options {
        listener: bound.listener,
        targets: targets.into_iter().map(|(target, _)| target).collect(),
        tell: Arc::new(output::say_aside),
    };
    let ended = runtime::block_on(serve::run(Arc::new(hospital), options));
    let why = ended.and_then(|ended| ended).err().map_or_else(String::new, |error| error.to_string());
    out.say(&(WORDS.ended)(&why));
    Err(Exit::Unreachable)
}

/// A receiver, and its address as it may be shown.
fn target(
    name: &str,
    signal: Signal,
    source: Source,
    out: &mut Output<'_>,
) -> Result<(Target, String), Exit> {
    let shown = source.shown_url();
    match receiver(name, signal, source) {
        Ok(target) => Ok((target, shown)),
        Err(why) => Err(usage(&why, out)),
    }
}

fn build(wish: &Wish, loaded: &Loaded, out: &mut Output<'_>) -> Result<(Hospital, Order), Exit> {
    let refused = |problems: Vec<crate::document::Problem>, out: &mut Output<'_>| {
        out.problems(&problems);
        Exit::Usage
    };
    let pack = pack::load(&loaded.config.pack, &pack_dirs(&loaded.user_dirs))
        .map_err(|problems| refused(problems, out))?;
    let order = embedded::order(wish, &Arc::new(pack), out)?;
    let hospital = Hospital::new(&order.pack, order.plan.clone(), order.clock)
        .map_err(|problems| refused(problems, out))?;
    Ok((hospital, order))
}

/// Says once where it serves, and how a Prometheus gets to know.
fn announce(bound: &Bound, hospital: &Hospital, plan: &Plan, out: &mut Output<'_>) -> Result<(), Exit> {
    let at = bound.listen.reached().map_err(|why| usage(&why, out))?;
    let now = hospital.clock().now();
    let faults: Vec<String> = plan
        .faults
        .iter()
        .map(|fault| {
            let age = duration::format((now - fault.onset).num_seconds().max(0));
            format!("{}@{age}", fault.kind.as_str())
        })
        .collect();
    let faults = if faults.is_empty() { WORDS.calm.to_owned() } else { faults.join(", ") };
    let command = format!("plantao demo serve --listen {} --print-scrape-config", bound.listen);
    out.say(&(WORDS.serving)(&at, hospital.jobs().len(), &command, &faults));
    if !bound.loopback {
        out.say(&(WORDS.reachable)(&bound.listen.to_string()));
    }
    Ok(())
}

fn usage(words: &str, out: &mut Output<'_>) -> Exit {
    out.say(words);
    Exit::Usage
}
