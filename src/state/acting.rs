//! What the person is about to do, and what is known of what was done: dialogs, acknowledgements, the way back.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;

use super::paging::Sending;
use super::playbooks::{OffersDialog, RunDialog};
use super::{Prompt, State, View};
use crate::model::deed::{Held, Order, Subject};
use crate::model::duty::OnCall;
use crate::model::radius::{Radius, Refusal};
use crate::model::{Labels, Matcher, Severity, Silence, Time};
use crate::store::AlertRow;

/// Keys typed this soon after a dialog has opened were meant for what lay under it.
pub const GUARD: TimeDelta = TimeDelta::milliseconds(300);

/// Things that can be undone are remembered up to this number.
const UNDO: usize = 20;

/// A silence that ends within this time is told of.
pub const SOON: TimeDelta = TimeDelta::minutes(5);

/// What is known of acting.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Acting {
    /// What the journal says; `None` before it has said anything.
    pub held: Option<Held>,
    /// Why the journal is of no use.
    pub journal: Option<String>,
    /// Alerts whose acknowledgement is under way.
    pub under_way: BTreeSet<Arc<str>>,
    /// How the last things done are undone, the last one last.
    pub undo: Vec<Order>,
    /// Number of the last look at what a silence mutes.
    pub looks: u64,
    /// Silences of whose end the person was told.
    pub told: BTreeSet<Box<str>>,
    /// Who is on call; empty where no rota says so.
    pub on_call: Vec<OnCall>,
    /// Number of the last page.
    pub pages: u64,
    /// What a run was asked for that has not begun yet.
    pub begun: Option<Subject>,
}

impl Acting {
    /// Remembers how something is undone.
    pub fn remember(&mut self, undo: Order) {
        self.undo.push(undo);
        if self.undo.len() > UNDO {
            self.undo.remove(0);
        }
    }
}

/// A dialog about something that is to be done.
#[derive(Clone, Debug, PartialEq)]
pub struct Dialog {
    /// When it opened.
    pub opened: Time,
    /// What it is about.
    pub about: About,
}

impl Dialog {
    /// Whether a key at this moment was meant for what lay under it.
    pub fn is_guarded(&self, now: Time) -> bool {
        now >= self.opened && now - self.opened < GUARD
    }
}

/// What a dialog is about.
#[derive(Clone, Debug, PartialEq)]
pub enum About {
    /// Acknowledging.
    Ack(AckDialog),
    /// Taking an acknowledgement back: fingerprints with the name of the first.
    Unack(Vec<Arc<str>>, String),
    /// Making a silence.
    Silence(Box<SilenceDialog>),
    /// Letting a silence last longer: the silence, for how long from now.
    Extend(Box<Silence>, Prompt),
    /// Ending a silence.
    Expire(Box<Silence>),
    /// Something about an incident.
    Incident(super::incidents::IncidentDialog),
    /// Playbooks that fit an alert or an incident.
    Offers(Box<OffersDialog>),
    /// A run of a playbook.
    Run(Box<RunDialog>),
    /// Paging somebody.
    Page(Box<super::paging::PageDialog>),
    /// Revealing a masked value.
    Reveal(Box<super::reveal::RevealDialog>),
}

/// Fields of the dialog of an acknowledgement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AckField {
    /// Why.
    #[default]
    Why,
    /// For how long at first.
    Hold,
    /// Whether it mutes too.
    Silence,
}

/// Acknowledging.
#[derive(Clone, Debug, PartialEq)]
pub struct AckDialog {
    /// Fingerprints and labels.
    pub alerts: Vec<(Arc<str>, Labels)>,
    /// Why.
    pub why: Prompt,
    /// For how long before it is extended.
    pub hold: Prompt,
    /// Whether it mutes too.
    pub silence: bool,
    /// Which field has the keys.
    pub field: AckField,
}

/// Fields of the dialog of a silence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum SilenceField {
    /// Matchers.
    #[default]
    Matchers,
    /// For how long.
    Hold,
    /// From when; empty is now.
    Start,
    /// Why.
    Why,
    /// The last word: what it mutes has been seen.
    Confirm,
}

impl SilenceField {
    const ALL: [Self; 5] = [Self::Matchers, Self::Hold, Self::Start, Self::Why, Self::Confirm];

    /// The field after; the last one stays.
    #[must_use]
    pub fn next(self) -> Self {
        Self::ALL[(self as usize + 1).min(Self::ALL.len() - 1)]
    }

    /// The field before; the first one stays.
    #[must_use]
    pub fn previous(self) -> Self {
        Self::ALL[(self as usize).saturating_sub(1)]
    }
}

/// What is known of what a silence mutes.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Look {
    /// Nobody has looked at these matchers.
    #[default]
    Not,
    /// Somebody is looking, under this number.
    Under(u64),
    /// This.
    Seen(Box<Radius>),
}

/// Making a silence.
#[derive(Clone, Debug, PartialEq)]
pub struct SilenceDialog {
    /// Matchers, as they are typed.
    pub matchers: Prompt,
    /// For how long.
    pub hold: Prompt,
    /// From when.
    pub start: Prompt,
    /// Why.
    pub why: Prompt,
    /// What was typed to confirm.
    pub confirm: Prompt,
    /// Which field has the keys.
    pub field: SilenceField,
    /// Chosen completion.
    pub chosen: Option<usize>,
    /// What it mutes.
    pub look: Look,
    /// Department of the alert that it was opened on.
    pub home: Option<String>,
    /// What is wrong with a field, once the person has tried to go on.
    pub wrong: Option<(SilenceField, String)>,
}

impl SilenceDialog {
    /// The prompt that has the keys.
    pub fn prompt(&mut self) -> &mut Prompt {
        match self.field {
            SilenceField::Matchers => &mut self.matchers,
            SilenceField::Hold => &mut self.hold,
            SilenceField::Start => &mut self.start,
            SilenceField::Why => &mut self.why,
            SilenceField::Confirm => &mut self.confirm,
        }
    }

    /// The matchers, or what is wrong with them.
    pub fn parsed(&self) -> Result<Vec<Matcher>, String> {
        super::alert_list::tokens(&self.matchers.text).iter().map(|token| Matcher::parse(token)).collect()
    }
}

impl State {
    /// Whether Enter does nothing in the open dialog, which says why.
    pub fn enter_is_refused(&self) -> bool {
        let Some(super::Overlay::Dialog(dialog)) = &self.overlay else { return false };
        match &dialog.about {
            About::Offers(offers) => {
                offers.run().is_none() && offers.offer().is_none_or(|offer| !offer.troubles.is_empty())
            }
            About::Page(page) => match &page.sending {
                Sending::Not => self.demo.is_some() || page.whom().is_none_or(|one| one.ways.is_empty()),
                Sending::Asked(_) => true,
                Sending::Sent(paged) => !paged.is_over(),
            },
            About::Reveal(reveal) => reveal.seen != super::reveal::Reveal::Not,
            _ => false,
        }
    }

    /// `03:12` for a time of the same day as now, else with its date, in the zone of the screen.
    pub fn near(&self, at: Time) -> String {
        let zone = if self.utc { chrono_tz::Tz::UTC } else { self.setup.pack.zone };
        let (at, now) = (at.with_timezone(&zone), self.now.with_timezone(&zone));
        at.format(if at.date_naive() == now.date_naive() { "%H:%M" } else { "%d %b %H:%M" }).to_string()
    }

    /// The alerts that an action is about: the selection in the list, else what is under the cursor.
    pub fn acted_on(&self) -> Vec<&AlertRow> {
        let selected = &self.places.alerts.selected;
        if *self.view() == View::Alerts && !selected.is_empty() {
            let list = self.shown_list();
            return list.rows.iter().filter(|row| selected.contains(&row.alert.fingerprint)).collect();
        }
        self.focused_alert().into_iter().collect()
    }

    /// Why a silence must be typed in full, as far as is known.
    pub fn refusal(&self, dialog: &SilenceDialog) -> Option<Refusal> {
        let Look::Seen(radius) = &dialog.look else { return None };
        let alerting = &self.setup.pack.alerting;
        let matchers = dialog.parsed().unwrap_or_default();
        let equal = matchers
            .iter()
            .filter(|one| one.op == crate::model::MatchOp::Equal && one.name == alerting.department_label);
        let home: BTreeSet<String> = equal.map(|one| one.value.clone()).chain(dialog.home.clone()).collect();
        radius.refusal(&home, &alerting.department_all, alerting.watchdog.as_deref())
    }

    /// Silences in the order of their list: those that mute first, the soonest end first.
    pub fn silences(&self) -> Vec<&Silence> {
        use crate::model::alert::SilenceState;
        let all = self.shown().silences.value().map_or(&[][..], |all| &all[..]);
        let over = self.places.silences.over;
        let mut shown: Vec<&Silence> =
            all.iter().filter(|one| over || one.state != SilenceState::Expired).collect();
        shown.sort_by_key(|one| {
            let turn = match one.state {
                SilenceState::Active => one.ends_at.timestamp(),
                SilenceState::Pending => one.starts_at.timestamp(),
                SilenceState::Expired => -one.ends_at.timestamp(),
            };
            (one.state, turn, one.id.clone())
        });
        shown
    }

    /// The silence under the cursor of their list.
    pub fn silence_at_cursor(&self) -> Option<&Silence> {
        let all = self.silences();
        all.get(self.places.silences.cursor.min(all.len().checked_sub(1)?)).copied()
    }

    /// How many alerts fire under a silence, and how bad the worst is: what will be heard when it ends.
    pub fn under(&self, silence: &Silence) -> (usize, Severity) {
        let rows = self.shown_list().rows.iter();
        let under = rows.filter(|row| row.alert.silenced_by.contains(&silence.id));
        under.fold((0, Severity::None), |(count, worst), row| (count + 1, worst.min(row.severity)))
    }
}
