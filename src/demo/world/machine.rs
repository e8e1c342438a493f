//! The machine: cores, heat, memory.

/// The machine that runs everything.
#[derive(Clone, Debug, PartialEq)]
pub struct Machine {
    /// The service whose page tells of it.
    pub exporter: u8,
    /// Fast and slow cores.
    pub cores: (f64, f64),
    /// Share of the fast cores, of the slow ones and of the GPU (0 to 1) that work without a request
    /// takes: the system, models kept warm, indexing; 24 each, one for each full hour.
    pub background: [Vec<f64>; 3],
    /// How much these stray, 0 to 1.
    pub noise: f64,
    /// Heat.
    pub heat: Heat,
    /// Memory.
    pub memory: Memory,
}

/// How the machine heats up and what it does about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Heat {
    /// Degrees Celsius around it.
    pub ambient: f64,
    /// Watts at rest, and what all cores and the GPU add at full load.
    pub watts: (f64, f64, f64),
    /// Watts that leave for each degree above the surroundings.
    pub conductance: f64,
    /// Joules for each degree.
    pub capacity: f64,
    /// Degrees from which on its state is fair, serious, critical.
    pub states: [f64; 3],
    /// Degrees it must fall below such a mark before the state is left.
    pub hysteresis: f64,
    /// Degrees between which the clock falls from full to its least.
    pub throttle: (f64, f64),
    /// Least clock, as a share of the full one.
    pub least_clock: f64,
}

/// Where the memory goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Memory {
    /// Bytes there are.
    pub total: f64,
    /// Bytes that the system and everything without a page of its own hold.
    pub system: f64,
    /// Bytes of files kept in memory on a normal day; given back under pressure.
    pub cached: f64,
    /// Share of the total at which the system kills the largest process.
    pub kill_at: f64,
}
