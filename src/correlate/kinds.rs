//! What a metric is about, by the general words in its name.

/// Kinds of metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Metric {
    /// Errors, failures.
    Error,
    /// The share that succeeds, or whether something is up.
    Availability,
    /// How long something takes.
    Latency,
    /// Processor time.
    Cpu,
    /// Memory.
    Memory,
    /// Disks and files.
    Disk,
    /// Bytes and packets.
    Network,
    /// Heat.
    Thermal,
    /// Queues, pools, connections, threads.
    Saturation,
    /// How good answers are.
    Quality,
    /// Refusals, failed sign-ins, threats.
    Security,
    /// How much is asked.
    Load,
    /// Anything else.
    Other,
}

impl Metric {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Error,
        Self::Availability,
        Self::Latency,
        Self::Cpu,
        Self::Memory,
        Self::Disk,
        Self::Network,
        Self::Thermal,
        Self::Saturation,
        Self::Quality,
        Self::Security,
        Self::Load,
        Self::Other,
    ];

    /// Which direction is bad: more (1), less (-1), or either (0).
    pub fn direction(self) -> i8 {
        match self {
            Self::Error
            | Self::Latency
            | Self::Cpu
            | Self::Memory
            | Self::Thermal
            | Self::Security
            | Self::Saturation => 1,
            Self::Availability | Self::Quality => -1,
            Self::Disk | Self::Network | Self::Load | Self::Other => 0,
        }
    }

    /// The kind that a name speaks of. Words are what lies between separators and changes of case.
    pub fn of(name: &str) -> Self {
        let words = words(name);
        let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        let begins =
            |list: &[&str]| words.iter().any(|word| list.iter().any(|start| word.starts_with(start)));
        if has(&["availability", "success", "up", "ready", "available", "healthy", "health"])
            && !has(&["memory", "mem"])
        {
            return Self::Availability;
        }
        if begins(&["auth", "login", "spoof", "threat", "unauthorized", "forbidden", "security"])
            && begins(&[
                "fail",
                "reject",
                "denied",
                "invalid",
                "threat",
                "spoof",
                "unauthorized",
                "forbidden",
            ])
        {
            return Self::Security;
        }
        if begins(&["error", "fail", "exception", "fault", "invalid", "reject", "abort", "panic", "crash"])
            || has(&["5xx", "4xx", "restarts", "restart", "oom", "denied"])
        {
            return Self::Error;
        }
        if begins(&["thermal", "temperature", "temp"]) || has(&["celsius", "fan"]) {
            return Self::Thermal;
        }
        if begins(&["accuracy", "confidence", "quality"]) || has(&["score"]) {
            return Self::Quality;
        }
        if begins(&["latency", "latencies", "duration", "response", "elapsed", "delay"])
            || has(&["p50", "p90", "p95", "p99", "rtt", "rt"])
            || has(&["seconds", "time", "ms", "millis", "milliseconds"])
                && !has(&["cpu", "timestamp", "start", "gc", "io", "idle"])
        {
            return Self::Latency;
        }
        if begins(&["cpu", "processor", "core", "gpu", "throttl"]) || has(&["load1", "load5", "load15"]) {
            return Self::Cpu;
        }
        if begins(&["mem", "heap", "rss", "swap"]) || has(&["cache", "gc", "resident"]) {
            return Self::Memory;
        }
        if begins(&["disk", "filesystem", "fs", "inode", "iops", "volume"])
            || has(&["io", "read", "reads", "write", "writes", "file"])
        {
            return Self::Disk;
        }
        if begins(&["net", "tcp", "udp", "packet", "receive", "transmit", "socket", "bandwidth"])
            || has(&["rx", "tx", "retrans"])
        {
            return Self::Network;
        }
        if begins(&[
            "queue",
            "pool",
            "connection",
            "pending",
            "waiting",
            "saturation",
            "thread",
            "goroutine",
            "lock",
            "backlog",
            "blocked",
        ]) {
            return Self::Saturation;
        }
        if begins(&["request", "call", "operation", "session", "message", "transaction", "attempt"])
            || has(&["ops", "qps", "rps", "rate", "count", "total", "workload", "load", "throughput"])
        {
            return Self::Load;
        }
        Self::Other
    }
}

/// Words of a name, in small letters: `cpuUsage_m` is `cpu usage m`.
pub fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut small = false;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            small = false;
            words.push(String::new());
            continue;
        }
        if c.is_uppercase() && small {
            words.push(String::new());
        }
        small = c.is_lowercase();
        if let Some(last) = words.last_mut() {
            last.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

impl Metric {
    /// As results name it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "errors",
            Self::Availability => "availability",
            Self::Latency => "latency",
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::Disk => "disk",
            Self::Network => "network",
            Self::Thermal => "heat",
            Self::Saturation => "saturation",
            Self::Quality => "quality",
            Self::Security => "security",
            Self::Load => "load",
            Self::Other => "other",
        }
    }
}
