//! From "held at these ticks" to "pending, firing, gone": the state machine of Prometheus's
//! alerting rules (`rules/alerting.go`, `Eval`, version 2.42), run over whole stretches at once.

/// Ticks from the first to the last at which a condition held without a break.
pub(super) type Run = (i64, i64);

/// One life of an alert, in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Episode {
    /// Its condition holds from here.
    pub active: i64,
    /// It fires from here; after the end where it never did.
    pub fired: i64,
    /// The first tick at which it is gone; one after the last tick known where it is not.
    pub end: i64,
    /// The last tick known at which its condition held.
    pub held: i64,
}

impl Episode {
    /// Whether it ever fired.
    pub fn has_fired(self) -> bool {
        self.fired < self.end
    }

    /// Whether it is pending or fires at a tick.
    pub fn is_active(self, tick: i64) -> bool {
        (self.active..self.end).contains(&tick)
    }
}

/// The lives of an alert whose condition held in these runs (in order, not touching), of which
/// everything is known up to `last`. It fires after `hold` ticks and goes on firing for `keep` ticks
/// after its condition has ceased.
pub(super) fn of(runs: &[Run], hold: i64, keep: i64, last: i64) -> Vec<Episode> {
    let mut all: Vec<Episode> = Vec::new();
    for &(start, stop) in runs {
        // The tick at which it is gone, unless the condition comes back before.
        let gone = |fired: i64| if fired <= stop { stop + 1 + keep } else { stop + 1 };
        match all.last_mut() {
            // Still kept firing: it never went.
            Some(episode) if episode.has_fired() && start <= episode.end => {
                (episode.end, episode.held) = (stop + 1 + keep, stop);
            }
            _ => {
                let fired = start + hold;
                all.push(Episode { active: start, fired, end: gone(fired), held: stop });
            }
        }
    }
    for episode in &mut all {
        episode.end = episode.end.min(last + 1);
        if !episode.has_fired() {
            // Also what would fire after the last tick known.
            episode.fired = episode.fired.max(episode.end);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rules of `rules/alerting.go` one tick after another, as a check of the above.
    fn tick_by_tick(held: &[bool], hold: i64, keep: i64) -> Vec<(i64, char)> {
        let (mut active, mut firing, mut kept_since): (Option<i64>, bool, Option<i64>) = (None, false, None);
        let mut states = Vec::new();
        for (tick, &holds) in (0_i64..).zip(held) {
            if holds {
                kept_since = None;
                active.get_or_insert(tick);
            } else if active.is_some() {
                let keeping = firing && keep > 0 && tick - *kept_since.get_or_insert(tick) < keep;
                if !keeping {
                    (active, firing, kept_since) = (None, false, None);
                }
            }
            if let Some(since) = active {
                firing |= tick - since >= hold;
                states.push((tick, if firing { 'F' } else { 'P' }));
            }
        }
        states
    }

    fn runs(held: &[bool]) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for (tick, _) in (0_i64..).zip(held).filter(|(_, holds)| **holds) {
            match runs.last_mut() {
                Some((_, stop)) if *stop + 1 == tick => *stop = tick,
                _ => runs.push((tick, tick)),
            }
        }
        runs
    }

    fn states(all: &[Episode]) -> Vec<(i64, char)> {
        all.iter()
            .flat_map(|e| (e.active..e.end).map(|tick| (tick, if tick >= e.fired { 'F' } else { 'P' })))
            .collect()
    }

    #[test]
    fn a_life_is_pending_then_firing_then_gone() {
        assert_eq!(
            of(&[(10, 13), (20, 21)], 3, 0, 30),
            [
                Episode { active: 10, fired: 13, end: 14, held: 13 },
                Episode { active: 20, fired: 23, end: 22, held: 21 },
            ]
        );
        assert_eq!(of(&[(10, 13)], 0, 4, 30), [Episode { active: 10, fired: 10, end: 18, held: 13 }]);
        assert_eq!(of(&[(10, 13)], 0, 4, 15), [Episode { active: 10, fired: 10, end: 16, held: 13 }]);
    }

    proptest::proptest! {
        #[test]
        fn whole_stretches_are_what_ticks_are(
            held in proptest::collection::vec(proptest::bool::weighted(0.7), 1..80),
            hold in 0_i64..6,
            keep in 0_i64..6,
        ) {
            let last = held.len() as i64 - 1;
            let all = of(&runs(&held), hold, keep, last);
            proptest::prop_assert_eq!(states(&all), tick_by_tick(&held, hold, keep));
        }
    }
}
