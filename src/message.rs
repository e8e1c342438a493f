//! The whole protocol of the console: what can happen to it, and what it can ask for.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::command::CommandId;
use crate::explore::incident::Found;
use crate::keymap::Key;
use crate::model::ask::{Answered, Ask};
use crate::model::deed::{Held, Order, Report};
use crate::model::duty::OnCall;
use crate::model::records::{Book, Dossier, Progress};
use crate::model::{Fault, Heard, Language, SourceId, TailBatch, Time};
use crate::state::incident::Inquiry;
use crate::state::{Extent, PlannedFault, State, Waiting};

/// What the journal says of incidents and, where one is looked up, all of that one; or why it says nothing.
pub type Reading = Result<(Book, Option<Dossier>), String>;

/// Something happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// Time passed.
    Tick,
    /// A key.
    Key(Key),
    /// Text pasted.
    Paste(String),
    /// A click on what stands there.
    Click(Target),
    /// The wheel: lines down, or up when negative, over what stands there.
    Scroll(i32, Option<Target>),
    /// A command, from the palette or a script.
    Command(CommandId),
    /// The screen has another size.
    Resize(u16, u16),
    /// A source answered or failed.
    Answered {
        /// What was asked.
        ask: Ask,
        /// Number of the window and context it was asked in.
        epoch: u64,
        /// When the answer arrived.
        at: Time,
        /// What came.
        outcome: Box<Result<Answered, Fault>>,
    },
    /// A theme was loaded, or not.
    Theme(Result<String, String>),
    /// A frame was drawn: how far what it scrolls goes.
    Drawn(Extent),
    /// Another context is active: its name, its sources.
    Context(Box<ActiveContext>),
    /// A long alert list has been joined beside the loop.
    Joined(Box<Joined>),
    /// That join never came back.
    JoinLost,
    /// The embedded place listens: its sources.
    Embedded(Box<ActiveContext>),
    /// The faults of the embedded place, as they are now.
    Faults(Vec<PlannedFault>),
    /// What the journal says of acknowledgements, or why it says nothing.
    Held(Result<Held, String>),
    /// What the journal says of incidents, or why it says nothing.
    Book(Box<Reading>),
    /// Who is on call.
    OnCall(Vec<OnCall>),
    /// What came of an order.
    Acted(Box<Report>),
    /// How the run stands that is looked at, or why nobody can tell.
    Ran(Box<Result<Progress, String>>),
    /// What the servers have answered of an inquiry.
    Heard {
        /// Its number.
        number: u64,
        /// The servers that were asked.
        heard: Vec<Heard>,
    },
    /// An inquiry has come to its end.
    Investigated {
        /// Its number.
        number: u64,
        /// What was found, or why nothing was.
        outcome: Box<Result<Arc<Found>, String>>,
    },
    /// A bundle was written: its file; or not: its file, why.
    Exported(Result<(String, Option<String>), (String, String)>),
    /// Something came over a live tail.
    Tail(Box<TailBatch>),
}

/// A context that has become active.
#[derive(Clone, Debug, PartialEq)]
pub struct ActiveContext {
    /// Its name; empty for the sources outside of any.
    pub name: String,
    /// Its sources with the addresses shown to a person.
    pub sources: BTreeMap<SourceId, String>,
    /// Scrape interval of each page in seconds.
    pub page_interval_s: BTreeMap<Arc<str>, u32>,
}

/// What a click can mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A box of a page, by its index.
    Box(usize),
    /// A row of the box's alert list, by its index within the rows in sight.
    BoxRow(usize, usize),
    /// A row of the alert list in sight.
    Row(usize),
    /// A source's lamp in the header.
    Lamp(usize),
    /// A row of the sources.
    Source(usize),
    /// An entry of the overlay, of those in sight.
    Entry(usize),
    /// A line of an explorer, of those in sight.
    Line(usize),
    /// A place on the time axis, in thousandths of it from the left.
    Axis(u16),
    /// Beside the overlay.
    Outside,
}

/// Something is to be done outside the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Leave.
    Quit,
    /// Give the terminal back to the shell.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// Put a text on the clipboard of the person's terminal.
    Copy(String),
    /// Make a new critical alert heard.
    Announce(String),
    /// Ask everything in sight again.
    Refresh,
    /// Do what a person has decided.
    Act(Order),
    /// Load a theme.
    LoadTheme(String),
    /// Make another context active.
    SwitchContext(String),
    /// Begin a fault of the embedded place, or mend it.
    ToggleFault(Arc<str>),
    /// Join a long alert list beside the loop and bring back what it found.
    Join(Joining),
    /// Give back what is needed no more, beside the loop.
    Discard(Discarded),
    /// Look for an incident beside the loop.
    Investigate(Box<Inquiry>),
    /// Write an incident to a bundle.
    Export(Exporting),
    /// Keep a query that was run for the next time; it is masked.
    Remember(Language, Arc<str>),
}

/// What is needed no more. All of it is alike.
#[derive(Clone, Debug)]
pub struct Discarded(pub Vec<Box<State>>);

impl PartialEq for Discarded {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Discarded {}

/// An incident to be saved: what was found, and the screen that shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Exporting {
    /// The incident.
    pub found: Arc<Found>,
    /// A copy of the state, for the text of the screen.
    pub state: Saved,
}

impl Eq for Exporting {}

/// A copy of the state. All of it is alike.
#[derive(Clone, Debug)]
pub struct Saved(pub Box<State>);

impl PartialEq for Saved {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// A join of a long alert list, to be done beside the loop (`update::beside::run`).
#[derive(Clone, Debug)]
pub struct Joining {
    /// A copy of the state; what it holds of answers is shared.
    pub state: Box<State>,
    /// The answer to take in.
    pub answer: Waiting,
}

/// What a join found.
#[derive(Clone, Debug)]
pub struct Joined {
    /// The question whose answer it took in.
    pub ask: Ask,
    /// The copy as it was.
    pub before: Box<State>,
    /// The copy afterwards.
    pub state: Box<State>,
    /// What is to be done about it.
    pub effects: Vec<Effect>,
}

// Effects and messages are compared in tests: a join is told by its question and moment.
impl PartialEq for Joining {
    fn eq(&self, other: &Self) -> bool {
        self.answer.ask == other.answer.ask && self.answer.at == other.answer.at
    }
}

impl Eq for Joining {}

impl PartialEq for Joined {
    fn eq(&self, other: &Self) -> bool {
        self.ask == other.ask && self.state.now == other.state.now
    }
}
