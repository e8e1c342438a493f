//! The machine: how busy its cores and its GPU are, how warm that makes it, and how much slower it
//! works when it is too warm.

use crate::demo::world::{Heat, Machine};

/// Degrees are computed in steps of this many seconds.
pub(super) const STEP_S: f64 = 5.0;
/// Weight of the last step in what slows work down.
const FRESH: f64 = 0.4;

/// What works without a request, at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Background {
    /// Shares of the fast cores, of the slow ones and of the GPU.
    pub(super) performance: f64,
    pub(super) efficiency: f64,
    pub(super) gpu: f64,
    /// Cores that processes take by themselves.
    pub(super) cores: f64,
}

/// What a fault does to the cooling.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cooling {
    /// Share of the conductance that is left.
    pub(super) left: f64,
    /// Degrees the surroundings are warmer.
    pub(super) warmer: f64,
}

/// The machine's state.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Hardware {
    /// Cores and share of the GPU that requests keep busy now, and their integrals since the last step.
    busy: (f64, f64),
    sums: (f64, f64),
    since_us: i64,
    /// Percent of the fast cores, of the slow ones and of the GPU.
    pub(super) used: [f64; 3],
    pub(super) celsius: f64,
    pub(super) state: u8,
    /// Clock of the GPU, as a share of its full one.
    pub(super) clock: f64,
    /// How much longer work takes, on cores and on the GPU.
    pub(super) slow: (f64, f64),
}

impl Hardware {
    pub(super) fn new(machine: &Machine, at_us: i64) -> Self {
        Self {
            busy: (0.0, 0.0),
            sums: (0.0, 0.0),
            since_us: at_us,
            used: [0.0; 3],
            celsius: machine.heat.ambient,
            state: 0,
            clock: 1.0,
            slow: (1.0, 1.0),
        }
    }

    /// Requests keep so many more cores, and so much more of the GPU, busy from now on.
    pub(super) fn load(&mut self, at_us: i64, cores: f64, gpu: f64) {
        let passed = (at_us - self.since_us) as f64 / 1e6;
        self.sums.0 += self.busy.0 * passed;
        self.sums.1 += self.busy.1 * passed;
        self.since_us = at_us;
        // Sums of many small numbers: what should be nothing stays nothing.
        self.busy.0 = (self.busy.0 + cores).max(0.0);
        self.busy.1 = (self.busy.1 + gpu).max(0.0);
    }

    /// A step of time: what has been asked of the machine since the last one warms it. Tells whether
    /// its thermal state has changed.
    pub(super) fn step(
        &mut self,
        at_us: i64,
        machine: &Machine,
        background: Background,
        cooling: Cooling,
    ) -> bool {
        self.load(at_us, 0.0, 0.0);
        let (cores, gpu) = (self.sums.0 / STEP_S + background.cores, self.sums.1 / STEP_S + background.gpu);
        self.sums = (0.0, 0.0);
        // The scheduler gives work to the fast cores first; a fifth of it trickles down.
        let performance = background.performance + 0.8 * cores / machine.cores.0;
        let efficiency = background.efficiency + 0.2 * cores / machine.cores.1;
        let cores_clock = self.cores_clock();
        let used = |demand: f64, clock: f64| 100.0 * (demand / clock).min(1.0);
        self.used = [used(performance, cores_clock), used(efficiency, cores_clock), used(gpu, self.clock)];
        self.slow.0 += FRESH * (slowness(performance, cores_clock) - self.slow.0);
        self.slow.1 += FRESH * (slowness(gpu, self.clock) - self.slow.1);
        self.warm(&machine.heat, cooling)
    }

    /// The GPU gives way first: the cores' clock falls less than its own.
    fn cores_clock(&self) -> f64 {
        libm::sqrt(self.clock)
    }

    fn warm(&mut self, heat: &Heat, cooling: Cooling) -> bool {
        let [performance, efficiency, gpu] = self.used.map(|percent| percent / 100.0);
        // Power falls with the square of a clock, because the voltage falls with it.
        let square = |clock: f64| clock * clock;
        let cores = square(self.cores_clock()) * (0.9 * performance + 0.1 * efficiency) * heat.watts.1;
        let watts = heat.watts.0 + cores + square(self.clock) * gpu * heat.watts.2;
        let leaves = heat.conductance * cooling.left * (self.celsius - heat.ambient - cooling.warmer);
        self.celsius += (watts - leaves) * STEP_S / heat.capacity;
        let (from, to) = heat.throttle;
        let over = ((self.celsius - from) / (to - from).max(0.1)).clamp(0.0, 1.0);
        self.clock = 1.0 - over * (1.0 - heat.least_clock);
        let before = self.state;
        self.state = state(heat, self.celsius, before);
        self.state != before
    }
}

/// How much longer work takes at this clock, when this share of the full clock's power is asked for.
fn slowness(demand: f64, clock: f64) -> f64 {
    (demand / clock).max(1.0) / clock
}

/// The thermal state, which is left only well below the mark at which it was entered.
fn state(heat: &Heat, celsius: f64, before: u8) -> u8 {
    let holds = |at: usize| {
        let mark = heat.states[at];
        celsius >= if usize::from(before) > at { mark - heat.hysteresis } else { mark }
    };
    (0..3).filter(|at| holds(*at)).count() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine() -> Machine {
        Machine {
            exporter: 0,
            cores: (24.0, 8.0),
            background: [vec![0.2; 24], vec![0.2; 24], vec![0.4; 24]],
            noise: 0.0,
            heat: Heat {
                ambient: 20.0,
                watts: (45.0, 110.0, 130.0),
                conductance: 3.0,
                capacity: 300.0,
                states: [78.0, 88.0, 98.0],
                hysteresis: 4.0,
                throttle: (90.0, 106.0),
                least_clock: 0.2,
            },
            memory: crate::demo::world::Memory { total: 1.0, system: 0.0, cached: 0.0, kill_at: 1.0 },
        }
    }

    const AT_WORK: Background = Background { performance: 0.3, efficiency: 0.3, gpu: 0.4, cores: 0.0 };

    fn settled(left: f64) -> Hardware {
        let machine = machine();
        let mut hardware = Hardware::new(&machine, 0);
        for _ in 0..2000 {
            hardware.step(0, &machine, AT_WORK, Cooling { left, warmer: 0.0 });
        }
        hardware
    }

    #[test]
    fn it_settles_where_what_comes_in_goes_out() {
        let hardware = settled(1.0);
        let watts = 45.0 + (0.9 * 0.3 + 0.1 * 0.3) * 110.0 + 0.4 * 130.0;
        assert!((hardware.celsius - (20.0 + watts / 3.0)).abs() < 0.01, "{hardware:?}");
        assert_eq!((hardware.state, hardware.slow), (0, (1.0, 1.0)));
    }

    #[test]
    fn without_cooling_it_throttles_and_slows_down_instead_of_burning() {
        let hardware = settled(0.25);
        assert!(hardware.state >= 2 && hardware.celsius < 110.0, "{hardware:?}");
        assert!(hardware.slow.1 > 4.0, "{hardware:?}");
        assert!(settled(0.5).slow.1 < hardware.slow.1);
    }

    #[test]
    fn a_state_is_left_well_below_its_mark() {
        let heat = machine().heat;
        assert_eq!([87.9, 88.0].map(|celsius| state(&heat, celsius, 1)), [1, 2]);
        assert_eq!([88.0, 84.1, 83.9].map(|celsius| state(&heat, celsius, 2)), [2, 2, 1]);
    }
}
