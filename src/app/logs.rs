//! `logs`, put together.

use std::collections::VecDeque;
use std::time::Duration;

use super::parts::Parts;
use crate::cli::logs::{LogsArgs, Progress, Writer};
use crate::cli::{Exit, Output};
use crate::client::{Clients, LogAsk, LogPager, TailAsk};
use crate::config::Loaded;
use crate::model::ask::{Answer, Ask, Key};
use crate::model::{Fault, FaultKind, Leak, LogEntry, TailEvent, Time};
use crate::text::logs_command::EN as WORDS;

/// Tries of one page.
const TRIES: u32 = 4;
/// Counting reads what is counted: beyond so many bytes it is not done only to show how far the reading is.
const CHEAP: u64 = 512 * 1024 * 1024;
/// Streams and kinds of personal data that are told.
const LEAKS: usize = 10;

/// Runs the command.
pub fn run(args: &LogsArgs, loaded: &Loaded, parts: &Parts, out: &mut Output<'_>) -> Exit {
    if loaded.config.active().loki.is_none() {
        out.say(WORDS.no_loki);
        return Exit::Usage;
    }
    let ask = match args.ask(parts.clock.now(), parts.pack.zone) {
        Ok(ask) => ask,
        Err(why) => {
            out.say(&why);
            return Exit::Usage;
        }
    };
    let clients = Clients::with_clock(loaded.config.active(), parts.clock);
    let zone = if loaded.config.ui.utc { chrono_tz::UTC } else { parts.pack.zone };
    let mut run =
        Run { writer: Writer { format: args.format, zone }, progress: Progress::new(out), lines: 0 };
    let reading = async {
        let exit = run.window(&clients, &ask, args.follow, out).await;
        if args.follow && matches!(exit, Exit::Done | Exit::Negative) && out.is_open() {
            run.follow(&clients, &ask, out).await
        } else {
            exit
        }
    };
    match crate::runtime::block_on(reading) {
        Ok(exit) => exit,
        Err(error) => {
            out.say(&(crate::text::cli::EN.no_runtime)(&error.to_string()));
            Exit::Unreachable
        }
    }
}

struct Run {
    writer: Writer,
    progress: Progress,
    lines: u64,
}

impl Run {
    /// The lines of the window.
    async fn window(&mut self, clients: &Clients, ask: &LogAsk, follow: bool, out: &mut Output<'_>) -> Exit {
        let mut pager = match clients.pages(ask.clone()) {
            Ok(pager) => pager,
            Err(fault) => return refused(&fault, out),
        };
        let counting = self.counting(clients, ask, &pager);
        // Newest lines, but written oldest first: only then they are kept.
        let mut kept: Option<VecDeque<LogEntry>> = (follow && !ask.forward).then(VecDeque::new);
        let fault = loop {
            let page = match self.page(&mut pager, out).await {
                Ok(Some(page)) => page,
                Ok(None) => break None,
                Err(fault) => break Some(fault),
            };
            self.lines += page.len() as u64;
            match &mut kept {
                Some(kept) => page.into_iter().for_each(|entry| kept.push_front(entry)),
                None => page.iter().for_each(|entry| self.writer.write(entry, out)),
            }
            if !out.is_open() {
                return Exit::Done;
            }
            let of = counting.as_ref().and_then(|counting| *counting.borrow());
            self.progress.say(&(WORDS.progress)(self.lines, of, pager.requests()), out);
        };
        out.progress("");
        for entry in kept.into_iter().flatten() {
            self.writer.write(&entry, out);
        }
        out.flush();
        leaks(&pager.leaks(), out);
        if let Some(fault) = fault {
            if self.lines == 0 {
                return refused(&fault, out);
            }
            out.say(&(WORDS.failed)(&fault, self.lines));
            return Exit::Incomplete;
        }
        if pager.short() > 0 || pager.unsure() {
            out.say(&(WORDS.short)(if pager.unsure() { 0 } else { pager.short() }));
            return Exit::Incomplete;
        }
        if pager.more() && !follow {
            out.say(&(WORDS.more)(self.lines));
        }
        if self.lines > 0 {
            return Exit::Done;
        }
        if !follow {
            out.say(WORDS.nothing);
        }
        Exit::Negative
    }

    /// The next page; a fault that may pass is met with patience.
    async fn page(
        &mut self,
        pager: &mut LogPager,
        out: &mut Output<'_>,
    ) -> Result<Option<Vec<LogEntry>>, Fault> {
        let mut tried = 1;
        loop {
            match pager.next_page().await {
                // Before the first line a fault is more likely a wrong address than a moment's weakness.
                Err(fault) if fault.kind.is_transient() && self.lines > 0 && tried < TRIES => {
                    out.say(&(WORDS.again)(&fault));
                    let wait = Duration::from_millis(500 << tried);
                    tokio::time::sleep(wait.max(Duration::from_millis(fault.retry_after_ms.unwrap_or(0))))
                        .await;
                    tried += 1;
                }
                other => return other,
            }
        }
    }

    /// How many there are in all, where somebody sees it and it is cheap.
    fn counting(
        &self,
        clients: &Clients,
        ask: &LogAsk,
        pager: &LogPager,
    ) -> Option<tokio::sync::watch::Receiver<Option<u64>>> {
        if !self.progress.is_shown() || ask.limit.is_some() {
            return None;
        }
        let (sender, receiver) = tokio::sync::watch::channel(None);
        let key = Key::LogStats(ask.query.as_str().into());
        let stats = Ask::Window {
            key,
            start: Time::from_timestamp_nanos(ask.from),
            end: Time::from_timestamp_nanos(ask.to),
        };
        let (clients, counting) = (clients.clone(), pager.counting());
        tokio::spawn(async move {
            if let Ok(told) = clients.ask(&stats).await
                && matches!(told.answer, Answer::LogStats(stats) if stats.bytes <= CHEAP)
                && let Ok(count) = counting.await
            {
                // Nobody listens when the reading is over.
                let _ = sender.send(Some(count));
            }
        });
        Some(receiver)
    }

    /// What comes live.
    async fn follow(&mut self, clients: &Clients, ask: &LogAsk, out: &mut Output<'_>) -> Exit {
        let mut tail = clients.tail(TailAsk {
            query: ask.query.as_str().into(),
            number: 0,
            from: Some(ask.to.saturating_add(1)),
            most: None,
            delay_s: 0,
        });
        let mut exit = if self.lines > 0 { Exit::Done } else { Exit::Negative };
        while let Some(batch) = tail.next().await {
            for entry in &batch.entries {
                self.writer.write(entry, out);
            }
            out.flush();
            if !out.is_open() {
                return exit;
            }
            if !batch.entries.is_empty() && exit == Exit::Negative {
                exit = Exit::Done;
            }
            leaks(&batch.leaks, out);
            match batch.event {
                Some(TailEvent::Connected { gap: Some(gap) }) => {
                    out.say(&(WORDS.back)(gap, &|at| self.writer.moment(at)));
                }
                Some(TailEvent::Lost(fault)) => out.say(&(WORDS.lost)(&fault)),
                Some(TailEvent::Dropped(count)) => out.say(&(WORDS.dropped)(count)),
                Some(TailEvent::Refused(fault)) => return refused(&fault, out),
                Some(TailEvent::Connected { gap: None }) | None => {}
            }
        }
        exit
    }
}

/// Says why there is nothing.
fn refused(fault: &Fault, out: &mut Output<'_>) -> Exit {
    out.say(&(WORDS.fault)(fault));
    match fault.kind {
        FaultKind::BadQuery | FaultKind::Setup => Exit::Usage,
        _ => Exit::Unreachable,
    }
}

/// Says which streams write personal data: never what.
fn leaks(leaks: &[Leak], out: &mut Output<'_>) {
    for leak in leaks.iter().take(LEAKS) {
        out.say(&(WORDS.masked)(leak.count, leak.kind.as_deref(), leak.stream.as_deref()));
    }
    if leaks.len() > LEAKS {
        out.say(&(WORDS.masked_more)(leaks.len() - LEAKS));
    }
}
