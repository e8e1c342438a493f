//! What a metric is about, by the general words in its name and labels.

use crate::model::Labels;

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

    /// The kind that a name and its labels speak of: what is counted of failures is no load.
    pub fn told(name: &str, labels: &Labels) -> Self {
        let kind = Self::of(name);
        if !matches!(kind, Self::Load | Self::Other) {
            return kind;
        }
        let failure = labels.iter().find_map(|(key, value)| failure(key, value));
        match failure {
            Some(Self::Error) if words(name).iter().any(|word| is_access(word)) => Self::Security,
            Some(told) => told,
            None => kind,
        }
    }

    /// The kind that a name speaks of. Words are what lies between separators and changes of case.
    pub fn of(name: &str) -> Self {
        let words = words(name);
        let kind = Self::of_words(&words);
        // How many there were of what is timed or judged is how much was asked.
        let counted = words.last().is_some_and(|word| word == "count");
        if counted && matches!(kind, Self::Latency | Self::Quality) { Self::Load } else { kind }
    }

    fn of_words(words: &[String]) -> Self {
        let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        let begins =
            |list: &[&str]| words.iter().any(|word| list.iter().any(|start| word.starts_with(start)));
        if has(&["availability", "success", "up", "ready", "available", "healthy", "health"])
            && !has(&["memory", "mem"])
        {
            return Self::Availability;
        }
        if words.iter().any(|word| is_access(word))
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

/// Whether a word is about who may come in.
fn is_access(word: &str) -> bool {
    ["auth", "login", "signin", "spoof", "threat", "unauthorized", "forbidden", "security"]
        .iter()
        .any(|start| word.starts_with(start))
}

/// What a label says of failure: an outcome, or a status.
fn failure(key: &str, value: &str) -> Option<Metric> {
    let keys = words(key);
    let about = |list: &[&str]| keys.last().is_some_and(|word| list.contains(&word.as_str()));
    let value = value.to_ascii_lowercase();
    if about(&["status", "code", "class"]) && value.len() == 3 {
        return match value.as_str() {
            "401" | "403" => Some(Metric::Security),
            code if code.starts_with('5') => Some(Metric::Error),
            _ => None,
        };
    }
    let failed = ["fail", "error", "denied", "reject", "timeout", "exception", "refused", "abort"];
    let outcome =
        about(&["status", "result", "outcome", "state"]) && failed.iter().any(|word| value.contains(word));
    (outcome || about(&["success"]) && value == "false").then_some(Metric::Error)
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
