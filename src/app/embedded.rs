//! The embedded place as the source of everything: from flags to servers that listen.

use std::io::ErrorKind;
use std::sync::Arc;

use super::parts::{Parts, pack_dirs};
use crate::cli::{Exit, Output, Wish};
use crate::clock::Clock;
use crate::config::{Loaded, Sources};
use crate::pack::{self, Pack};
use crate::runtime::embedded::{Embedded, NoPlace, Order};
use crate::text::demo::EN as WORDS;

/// Takes the configured servers out of the configuration: the place is the only source. What is tried out there
/// reaches nobody and nothing outside: a drill must not page anybody or restart anything.
pub fn only_place(loaded: &mut Loaded) {
    let config = &mut loaded.config;
    config.sources = Sources::default();
    config.contexts.clear();
    config.context = Some((WORDS.context)(&config.pack));
    config.acting.channels.clear();
    config.acting.contained = true;
}

/// Checks what can be checked before the place is built.
pub fn order(wish: &Wish, pack: &Arc<Pack>, out: &mut Output<'_>) -> Result<Order, Exit> {
    let refused = |words: &str, out: &mut Output<'_>| {
        out.say(words);
        Err(Exit::Usage)
    };
    if pack.demo.is_none() {
        return refused(&(WORDS.pack_without)(&pack.name), out);
    }
    match wish.clock(Clock::System.now(), pack.zone) {
        Ok(clock) => Ok(Order { pack: pack.clone(), plan: wish.plan(clock.now()), clock }),
        Err(problem) => refused(&problem, out),
    }
}

/// Makes the place the source of the console that will open; it is built when that runs.
pub fn of_console(wish: &Wish, parts: &mut Parts, out: &mut Output<'_>) -> Result<(), Exit> {
    let order = order(wish, &parts.pack, out)?;
    parts.clock = order.clock;
    parts.embedded = Some(order);
    Ok(())
}

/// Builds the place for a command that ends by itself; it runs until the result is dropped.
pub fn open(wish: &Wish, loaded: &mut Loaded, out: &mut Output<'_>) -> Result<(Order, Embedded), Exit> {
    only_place(loaded);
    let pack = pack::load(&loaded.config.pack, &pack_dirs(&loaded.user_dirs)).map_err(|problems| {
        out.problems(&problems);
        Exit::Usage
    })?;
    let order = order(wish, &Arc::new(pack), out)?;
    let place = order.open().map_err(|why| refuse(&why, out))?;
    loaded.config.sources = place.sources().clone();
    Ok((order, place))
}

/// Says why there is no place.
pub fn refuse(why: &NoPlace, out: &mut Output<'_>) -> Exit {
    match why {
        NoPlace::Problems(problems) => {
            out.problems(problems);
            Exit::Usage
        }
        // Files of the pack that only the servers read.
        NoPlace::Servers(error) if error.kind() == ErrorKind::InvalidData => {
            out.say(&error.to_string());
            Exit::Usage
        }
        NoPlace::Servers(error) => {
            out.say(&(WORDS.no_servers)(&error.to_string()));
            Exit::Unreachable
        }
    }
}
