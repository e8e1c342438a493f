//! `change`, put together.

use chrono::TimeDelta;

use super::journal::{Desk, desk, said};
use crate::cli::change::{self, AddArgs, ChangeCommand, ListArgs};
use crate::cli::{Exit, Output, Surroundings};
use crate::config::Loaded;
use crate::model::records::NewChange;
use crate::model::time;
use crate::runtime::embedded::Order;
use crate::text::change::EN as WORDS;

/// Characters of a title: it has one line on the axis.
const LONGEST: usize = 200;
/// What a list tells of without a range, seconds.
const DAY_S: u32 = 86_400;

/// Runs the command.
pub fn run(
    command: &ChangeCommand,
    around: &Surroundings,
    loaded: &Loaded,
    order: Option<&Order>,
    out: &mut Output<'_>,
) -> Exit {
    desk(around, loaded, order, out, |desk| match command {
        ChangeCommand::Add(args) => add(desk, args),
        ChangeCommand::List(args) => list(desk, args),
    })
}

fn add(desk: &mut Desk<'_, '_>, args: &AddArgs) -> Result<Exit, Exit> {
    let title = said(desk, &args.title)?;
    let title = title.trim();
    let wrong = if title.is_empty() {
        Some(WORDS.untitled.to_owned())
    } else if title.chars().count() > LONGEST {
        Some((WORDS.too_long)(LONGEST))
    } else {
        None
    };
    if let Some(wrong) = wrong {
        desk.out.say(&wrong);
        return Err(Exit::Usage);
    }
    desk.telling(|desk, telling| {
        let now = telling.now;
        let at = match &args.at {
            None => now,
            Some(text) => match time::parse(text, now, telling.zone) {
                // Clocks of two machines differ by a little.
                Ok(at) if at <= now + TimeDelta::seconds(60) => at,
                Ok(_) => {
                    desk.out.say(&(WORDS.in_future)(text));
                    return Err(Exit::Usage);
                }
                Err(why) => {
                    desk.out.say(&(WORDS.not_a_time)(&why));
                    return Err(Exit::Usage);
                }
            },
        };
        let new = NewChange { at, title: title.into(), labels: args.labels() };
        let (mut journal, actor) = desk.write()?;
        let noted = journal.write(|tx| tx.note_change(&new, &actor, now));
        Ok(desk.with(noted, |out, change| {
            out.result(&format!("{}\n", (WORDS.noted)(change.id, &telling.moment(change.at), &change.title)));
            Exit::Done
        }))
    })?
}

fn list(desk: &mut Desk<'_, '_>, args: &ListArgs) -> Result<Exit, Exit> {
    let journal = desk.read()?;
    desk.telling(|desk, telling| {
        let (start, end) = match args.range.resolve(telling.now, telling.zone, DAY_S) {
            Ok(range) => range,
            Err(why) => {
                desk.out.say(&why);
                return Exit::Usage;
            }
        };
        let changes = journal.changes(start, end);
        desk.with(changes, |out, changes| change::list(&changes, args.format, telling.zone, out))
    })
}
