//! Strangers: they knock at a department's door for as long as a fault lets them.

use std::sync::Arc;

use super::Engine;
use super::agenda::Event;
use super::draw::{Purpose, rng};
use super::request::Asked;
use super::traffic::STRANGER;
use crate::demo::event::Sink;
use crate::demo::world::{ClassId, Effect, Target};

impl Engine {
    /// Strangers begin where a fault says so.
    pub(super) fn let_strangers(&mut self, fault: u8, after_us: i64) {
        let Some(item) = self.trouble.items.get(usize::from(fault)) else { return };
        let Effect::Logins { per_s, .. } = item.effect else { return };
        let tried = self.strangers[usize::from(fault)];
        let part = self.day_key() | u64::from(fault);
        let gap = rng(self.seed, Purpose::Attack, [part, tried])
            .exponential(1e6 / (per_s * item.severity).max(1e-3));
        let at = after_us + (gap as i64).max(1);
        // Nobody comes any more once nothing is left of it.
        if at < item.end_us.saturating_add(item.recover_us) {
            self.agenda.plan(at, Event::Attack { fault });
        }
    }

    /// Somebody tries to get in.
    pub(super) fn attack(&mut self, fault: u8, out: &mut dyn Sink) {
        let now = self.now_us;
        let trouble = Arc::clone(&self.trouble);
        let Some(item) = trouble.items.get(usize::from(fault)) else { return };
        let (Effect::Logins { face, .. }, Target::Department(department)) = (&item.effect, item.target)
        else {
            return;
        };
        let tried = self.strangers[usize::from(fault)];
        self.strangers[usize::from(fault)] += 1;
        let part = self.day_key() | u64::from(fault) | 64;
        let mut draw = rng(self.seed, Purpose::Attack, [part, tried]);
        if draw.chance(item.level(now) / item.severity.max(1e-9)) {
            let method = u8::from(draw.chance(*face));
            let class = self.world.classes.iter().position(|class| class.login == Some(method));
            let class = class.or_else(|| self.world.classes.iter().position(|class| class.login.is_some()));
            let (first, count) = self.habits.people[usize::from(department)];
            let user = first + draw.below(u64::from(count)) as u32;
            if let Some(class) = class {
                let asked = Asked {
                    number: self.number(STRANGER, u64::from(fault) << 26 | (tried & 0x3ff_ffff)),
                    class: class as ClassId,
                    department,
                    role: self.role(user),
                    user,
                    foreign: true,
                    session: None,
                };
                self.ask(asked, out);
            }
        }
        self.let_strangers(fault, now);
    }
}
