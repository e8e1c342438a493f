//! Where a template stands, which decides what it can be filled with.

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::demo) enum On {
    /// A step of a request.
    Step,
    /// A process began.
    Started,
    /// A process ended.
    Stopped,
    /// No connection was free.
    PoolWait,
    /// Garbage was collected.
    Pause,
    /// The machine is warmer or cooler.
    Thermal,
    /// A batch job began or ended.
    Batch,
    /// Packets are sent again.
    Retransmits,
    /// A periodic report.
    Report,
}

impl On {
    /// By their names in the file.
    pub(in crate::demo) const ALL: [(&'static str, Self); 9] = [
        ("step", Self::Step),
        ("started", Self::Started),
        ("stopped", Self::Stopped),
        ("pool_wait", Self::PoolWait),
        ("pause", Self::Pause),
        ("thermal", Self::Thermal),
        ("batch", Self::Batch),
        ("retransmits", Self::Retransmits),
        ("report", Self::Report),
    ];

    /// Its bit in a set.
    pub(in crate::demo) const fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// Where a template stands.
#[derive(Clone, Copy, Debug)]
pub(in crate::demo) struct Place {
    /// What it is about.
    pub on: On,
    /// Whether it is only written by services that leak, so that raw identifiers may stand in it.
    pub leaky: bool,
    /// Whether it is itself a part of an error's words.
    pub in_error: bool,
}
