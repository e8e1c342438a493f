//! The loop of the live console.

use std::io;
use std::time::{Duration, Instant};

use tokio::time::{MissedTickBehavior, interval, sleep_until};

use super::embedded::{Coming, Embedded, NoPlace, Order};
use super::tasks::Tasks;
use super::{Start, acting, active_context, context_of};
use crate::client::Clients;
use crate::message::{Effect, Msg, Target};
use crate::model::{Role, Time, Window};
use crate::pack::Level;
use crate::state::{Extent, State};
use crate::terminal::{Input, Places, Signals, Terminal};
use crate::theme::Theme;
use crate::ui::{self, Glyphs, Hit, Hits};
use crate::update::update;
use crate::view::{self, vm::Screen};

/// Least time between two frames that answers and the clock cause: at most 30 a second.
const FRAME: Duration = Duration::from_millis(33);
/// Least time between two frames that keys cause, so that a key is seen within 16 ms.
const KEY_FRAME: Duration = Duration::from_millis(12);
/// Longest time that answers are taken in before keys and the screen get their turn.
const TAKE_IN: Duration = Duration::from_millis(4);

/// How themes are loaded: by name, already adapted to the terminal.
pub type LoadTheme<'a> = &'a dyn Fn(&str) -> Result<Theme, String>;

/// Everything drawing needs beside the state.
#[derive(Debug)]
pub struct Look {
    /// Theme, adapted to the terminal's colours.
    pub theme: Theme,
    /// Characters.
    pub glyphs: &'static Glyphs,
}

/// What the console is given beside what it is started with.
pub struct Beside<'a> {
    /// What the person should know though it is no problem.
    pub notes: &'a [String],
    /// Playbooks, and what they need.
    pub shelf: Option<acting::Shelf>,
}

/// How the console ended.
#[derive(Debug)]
pub enum Ended {
    /// The person left, or the terminal went away.
    Left,
    /// The embedded place that it was to look at cannot be.
    NoPlace(NoPlace),
}

/// Runs the console until the person leaves or the terminal goes away.
pub async fn run(
    start: &Start,
    mut look: Look,
    beside: Beside<'_>,
    load_theme: LoadTheme<'_>,
) -> io::Result<Ended> {
    // It is built while the first frame is drawn, which does not wait for it.
    let mut coming = start.embedded.as_ref().map(Order::open_aside).transpose()?;
    let mut place: Option<Embedded> = None;
    // Before the terminal is taken: a signal that came between the two would not give it back.
    let mut signals = Signals::new()?;
    let mut terminal = Terminal::enter(start.config.ui.mouse)?;
    let clock = start.clock;
    let window = Window::Live { span_s: start.config.ui.window_s.max(60) };
    let mut state = start.state(terminal.size()?, window);
    if let Some(demo) = &mut state.demo {
        demo.hint = true;
    }
    if let Some(note) = beside.notes.first() {
        state.notify(Level::Warning, note.clone());
    }
    let mut drawn = Drawn::default();
    // The frame stands before the first question goes out.
    drawn.draw(&mut terminal, &mut state, &look)?;

    let sources = start.config.active();
    let clients = Clients::with_clock(sources, clock);
    let mut tasks = Tasks::new(clients.clone(), clock, &state).following().reading(start.journal.clone());
    // Whoever only looks makes no journal.
    let acts = start.role() >= Role::Responder;
    if let Some(journal) = start.journal.as_ref().filter(|journal| acts || journal.file.is_file()) {
        tasks = tasks.acting(acting::hands(start, journal, sources, clients), beside.shelf);
    }
    let mut input = Input::new();
    let mut tick = interval(Duration::from_secs(1));
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut changed_by_key = false;
    let mut changed = false;
    let mut done = Vec::new();

    loop {
        // There is nobody to ask before the place is there.
        let due = if coming.is_some() { None } else { tasks.pump(&state) };
        let least = if changed_by_key { KEY_FRAME } else { FRAME };
        let frame_at = drawn.at + least;
        if changed && Instant::now() >= frame_at {
            drawn.draw(&mut terminal, &mut state, &look)?;
            changed = false;
            changed_by_key = false;
        }
        // Once the last key is seen: a flood of input must not keep answers waiting. But not for long
        // at a time: a large answer takes a while to take in, and the next key comes first.
        let began = Instant::now();
        while !changed_by_key && began.elapsed() < TAKE_IN {
            let Some(msg) = tasks.ready_reply() else { break };
            done.extend(update(&mut state, clock.now(), msg));
            changed = true;
        }
        let poll_at = Instant::now() + due.unwrap_or(Duration::from_secs(3600));
        tokio::select! {
            biased;
            signal = signals.next() => match signal {
                crate::terminal::Signal::Leave => return Ok(Ended::Left),
                crate::terminal::Signal::Suspend => {
                    suspend(&mut terminal, &mut input)?;
                    done.extend(came_back(&terminal, &mut state, clock.now())?);
                    drawn.forget();
                    changed = true;
                }
                crate::terminal::Signal::Resumed => {
                    input.pause();
                    terminal.retake()?;
                    input.resume();
                    drawn.forget();
                    changed = true;
                }
            },
            event = input.next() => {
                let Some(event) = event? else { return Ok(Ended::Left) };
                if let Some(msg) = event.into_msg(&drawn.hits) {
                    done.extend(update(&mut state, clock.now(), msg));
                }
                changed = true;
                changed_by_key = true;
            }
            () = sleep_until(frame_at.into()), if changed => {}
            Some(msg) = tasks.reply() => {
                done.extend(update(&mut state, clock.now(), msg));
                changed = true;
            }
            arrived = arrival(&mut coming) => {
                coming = None;
                let there = match arrived {
                    Ok(there) => there,
                    Err(none) => return Ok(Ended::NoPlace(none)),
                };
                tasks.use_clients(Clients::with_clock(there.sources(), clock), there.sources());
                let context = context_of("", there.sources());
                done.extend(update(&mut state, clock.now(), Msg::Embedded(Box::new(context))));
                place = Some(there);
                changed = true;
            }
            _ = tick.tick() => {
                done.extend(update(&mut state, clock.now(), Msg::Tick));
                if coming.is_none() {
                    tasks.tick(&state);
                }
                changed = true;
            }
            () = sleep_until(poll_at.into()) => {}
        }
        for effect in std::mem::take(&mut done) {
            match effect {
                Effect::Quit => {
                    tasks.leave().await;
                    return Ok(Ended::Left);
                }
                Effect::Act(order) => {
                    if let Some(msg) = tasks.act(&state, order) {
                        update(&mut state, clock.now(), msg);
                    }
                }
                Effect::Suspend => {
                    suspend(&mut terminal, &mut input)?;
                    done.extend(came_back(&terminal, &mut state, clock.now())?);
                    drawn.forget();
                }
                Effect::Redraw => {
                    terminal.clear()?;
                    drawn.forget();
                }
                Effect::Copy(text) => terminal.copy(&text)?,
                Effect::Announce(text) => terminal.announce(start.config.ui.notify, &text)?,
                Effect::Refresh => tasks.refresh(),
                Effect::Join(joining) => tasks.join(joining),
                Effect::Investigate(inquiry) => tasks.investigate(*inquiry, &state),
                Effect::Export(exporting) => {
                    let beside = super::save::Beside {
                        journal: start.journal.clone().filter(|_| state.bundle.is_none()),
                        key: start.config.bundle_key.clone(),
                        screen: screen_text(&exporting.state.0, &look),
                        now: state.now,
                    };
                    let pack = state.setup.pack.clone();
                    tasks.beside(move || Msg::Exported(super::save::save(&exporting.found, &pack, &beside)));
                }
                Effect::Remember(language, query) => start.history.remember(language, &query),
                Effect::Discard(discarded) => drop(tokio::task::spawn_blocking(move || drop(discarded))),
                Effect::LoadTheme(name) => {
                    let loaded = load_theme(&name).map(|theme| look.theme = theme);
                    drawn.forget();
                    let msg = Msg::Theme(loaded.map(|()| name));
                    update(&mut state, clock.now(), msg);
                }
                Effect::ToggleFault(name) => {
                    if let Some(place) = &place {
                        place.toggle(&name);
                        update(&mut state, clock.now(), Msg::Faults(place.faults()));
                        tasks.refresh();
                    }
                }
                Effect::SwitchContext(name) => {
                    let sources = start.config.contexts.get(&name).unwrap_or(&start.config.sources);
                    tasks.use_clients(Clients::with_clock(sources, clock), sources);
                    let context = active_context(&start.config, &name);
                    update(&mut state, clock.now(), Msg::Context(Box::new(context)));
                }
            }
            changed = true;
        }
    }
}

/// What the screen says, as text.
fn screen_text(state: &State, look: &Look) -> String {
    let context = ui::UiContext { styles: &look.theme, glyphs: look.glyphs, text: state.setup.text };
    crate::export::text(&crate::export::frame(&view::build(state), &context, state.size))
}

/// Waits for the embedded place; for ever where none is coming.
async fn arrival(coming: &mut Option<Coming>) -> Result<Embedded, NoPlace> {
    match coming {
        Some(coming) => coming.arrived().await,
        None => std::future::pending().await,
    }
}

/// Gives the terminal back, stops the process, and takes the terminal again when it goes on.
fn suspend(terminal: &mut Terminal, input: &mut Input) -> io::Result<()> {
    input.pause();
    terminal.suspend()?;
    input.resume();
    Ok(())
}

/// Time has passed and the terminal may have another size: nobody told while the process stood.
fn came_back(terminal: &Terminal, state: &mut State, now: Time) -> io::Result<Vec<Effect>> {
    let (width, height) = terminal.size()?;
    Ok(update(state, now, Msg::Resize(width, height)))
}

/// The last frame.
struct Drawn {
    screen: Option<Screen>,
    size: (u16, u16),
    hits: Hits,
    at: Instant,
}

impl Default for Drawn {
    fn default() -> Self {
        Self { screen: None, size: (0, 0), hits: Hits::default(), at: Instant::now() }
    }
}

impl Drawn {
    /// The next frame is drawn whatever it says.
    fn forget(&mut self) {
        self.screen = None;
    }

    /// Draws, when the screen would say something else than it does.
    fn draw(&mut self, terminal: &mut Terminal, state: &mut State, look: &Look) -> io::Result<()> {
        let screen = view::build(state);
        if self.screen.as_ref() == Some(&screen) && self.size == state.size {
            return Ok(());
        }
        let context = ui::UiContext { styles: &look.theme, glyphs: look.glyphs, text: state.setup.text };
        self.hits = terminal.draw(|buffer, area| ui::draw(&screen, &context, buffer, area))?;
        let extent = Extent { content: self.hits.extent.content, viewport: self.hits.extent.viewport };
        let _ = update(state, state.now, Msg::Drawn(extent));
        self.screen = Some(screen);
        self.size = state.size;
        self.at = Instant::now();
        Ok(())
    }
}

impl Places for Hits {
    fn target(&self, column: u16, row: u16) -> Option<Target> {
        Some(match self.at(column, row)? {
            Hit::Lamp(at) => Target::Lamp(at),
            Hit::Box(at) => Target::Box(at),
            Hit::AlertRow { in_box: Some(at), row } => Target::BoxRow(at, row),
            Hit::AlertRow { in_box: None, row } => Target::Row(row),
            Hit::Source(at) => Target::Source(at),
            Hit::Line(at) => Target::Line(at),
            Hit::Axis { left, width } => {
                let steps = u32::from(width.saturating_sub(1).max(1));
                Target::Axis((u32::from(column.saturating_sub(left)) * 1000 / steps).min(1000) as u16)
            }
            Hit::PaletteEntry(at) | Hit::Choice(at) => Target::Entry(at),
            Hit::Window | Hit::Overlay | Hit::Hint(_) | Hit::Footer => return None,
        })
    }
}
