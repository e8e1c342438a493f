//! Where a family's values come from: events that are counted or measured, gauges that are read,
//! slow processes of the house that follow the calendar.

use super::field::Dim;
use super::slow::Slow;
use crate::demo::event::NoticeKind;

/// What a source listens to.
#[derive(Clone, Debug, PartialEq)]
pub enum On {
    /// A request as a whole.
    Request,
    /// A call that reached a service: a step whose caller is another service.
    Call,
    /// Every step.
    Step,
    /// A notice of this kind.
    Notice(Said),
    /// What exporters read off the model.
    Gauge(Gauge),
    /// A slow process.
    Slow(Slow),
    /// Always this value.
    Constant(f64),
    /// Nothing: the series is there and stays at its start.
    Nothing,
}

/// Kinds of notices, by their name in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// A process began.
    Started,
    /// A process ended.
    Stopped,
    /// Somebody waited for a connection.
    PoolWait,
    /// A pause to collect garbage.
    Pause,
    /// The machine's thermal state changed.
    Thermal,
    /// A batch job began or ended.
    Batch,
    /// Packets were sent again.
    Retransmits,
    /// A process reported.
    Report,
}

impl Said {
    /// All with their names.
    pub const ALL: [(&'static str, Self); 8] = [
        ("notice.started", Self::Started),
        ("notice.stopped", Self::Stopped),
        ("notice.pool_wait", Self::PoolWait),
        ("notice.pause", Self::Pause),
        ("notice.thermal", Self::Thermal),
        ("notice.batch", Self::Batch),
        ("notice.retransmits", Self::Retransmits),
        ("notice.report", Self::Report),
    ];

    /// The kind of a notice.
    pub fn of(kind: &NoticeKind) -> Self {
        match kind {
            NoticeKind::Started { .. } => Self::Started,
            NoticeKind::Stopped { .. } => Self::Stopped,
            NoticeKind::PoolWait { .. } => Self::PoolWait,
            NoticeKind::Pause { .. } => Self::Pause,
            NoticeKind::Thermal { .. } => Self::Thermal,
            NoticeKind::Batch { .. } => Self::Batch,
            NoticeKind::Retransmits { .. } => Self::Retransmits,
            NoticeKind::Report { .. } => Self::Report,
        }
    }
}

/// What can be read off the model, by its name in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gauge {
    /// Sessions of a department.
    Sessions,
    /// Percent of the performance cores.
    CpuPerformance,
    /// Percent of the efficiency cores.
    CpuEfficiency,
    /// Percent of the GPU.
    Gpu,
    /// 0 nominal to 3 critical.
    ThermalState,
    /// Degrees.
    Celsius,
    /// Bytes: 0 used, 1 available, 2 cached, 3 total.
    Memory(u8),
    /// Bytes of a model.
    ModelMemory,
    /// Accuracy of a model.
    ModelAccuracy,
    /// What waits for a model.
    ModelQueue,
    /// What a model works on.
    ModelBusy,
    /// Whether a process answers.
    Up,
    /// Unix seconds of a process's start.
    Started,
    /// Bytes of a process.
    Resident,
    /// Seconds of processor time of a process.
    CpuSeconds,
    /// What a process works on.
    Busy,
    /// What waits for a process.
    Queue,
    /// Connections of a process in use.
    PoolInUse,
    /// Connections of a process.
    PoolSize,
    /// Bytes received by a process.
    Received,
    /// Bytes sent by a process.
    Sent,
    /// 1, with the label `version`.
    Version,
    /// Connections in use, of all processes.
    AllInUse,
    /// Connections open and not in use, of all processes.
    AllIdle,
    /// Processes that answer.
    AllUp,
    /// What is worked on, of all processes.
    AllBusy,
}

impl Gauge {
    /// All with their names.
    pub const ALL: [(&'static str, Self); 29] = [
        ("gauge.sessions", Self::Sessions),
        ("gauge.cpu_performance", Self::CpuPerformance),
        ("gauge.cpu_efficiency", Self::CpuEfficiency),
        ("gauge.gpu", Self::Gpu),
        ("gauge.thermal_state", Self::ThermalState),
        ("gauge.celsius", Self::Celsius),
        ("gauge.memory.used", Self::Memory(0)),
        ("gauge.memory.available", Self::Memory(1)),
        ("gauge.memory.cached", Self::Memory(2)),
        ("gauge.memory.total", Self::Memory(3)),
        ("gauge.model.memory_bytes", Self::ModelMemory),
        ("gauge.model.accuracy", Self::ModelAccuracy),
        ("gauge.model.queue", Self::ModelQueue),
        ("gauge.model.busy", Self::ModelBusy),
        ("gauge.service.up", Self::Up),
        ("gauge.service.started_s", Self::Started),
        ("gauge.service.resident_bytes", Self::Resident),
        ("gauge.service.cpu_seconds", Self::CpuSeconds),
        ("gauge.service.busy", Self::Busy),
        ("gauge.service.queue", Self::Queue),
        ("gauge.service.pool_in_use", Self::PoolInUse),
        ("gauge.service.pool_size", Self::PoolSize),
        ("gauge.service.received_bytes", Self::Received),
        ("gauge.service.sent_bytes", Self::Sent),
        ("gauge.service.version", Self::Version),
        ("gauge.all.pool_in_use", Self::AllInUse),
        ("gauge.all.pool_idle", Self::AllIdle),
        ("gauge.all.up", Self::AllUp),
        ("gauge.all.busy", Self::AllBusy),
    ];

    /// What there is one of each of.
    pub fn dim(self) -> Option<Dim> {
        match self {
            Self::Sessions => Some(Dim::Department),
            Self::ModelMemory | Self::ModelAccuracy | Self::ModelQueue | Self::ModelBusy => Some(Dim::Model),
            Self::Up
            | Self::Started
            | Self::Resident
            | Self::CpuSeconds
            | Self::Busy
            | Self::Queue
            | Self::PoolInUse
            | Self::PoolSize
            | Self::Received
            | Self::Sent
            | Self::Version => Some(Dim::Service),
            _ => None,
        }
    }

    /// Its value now for the department, model or service of that number; NaN where there is none.
    pub fn read(self, gauges: &crate::demo::event::Gauges, at: usize) -> f64 {
        let model =
            |of: fn(&crate::demo::event::ModelGauges) -> f64| gauges.models.get(at).map_or(f64::NAN, of);
        let service =
            |of: fn(&crate::demo::event::ServiceGauges) -> f64| gauges.services.get(at).map_or(f64::NAN, of);
        match self {
            Self::Sessions => gauges.sessions.get(at).copied().unwrap_or(f64::NAN),
            Self::CpuPerformance => gauges.cpu_performance,
            Self::CpuEfficiency => gauges.cpu_efficiency,
            Self::Gpu => gauges.gpu,
            Self::ThermalState => f64::from(gauges.thermal_state),
            Self::Celsius => gauges.celsius,
            Self::Memory(kind) => gauges.memory.get(usize::from(kind)).copied().unwrap_or(f64::NAN),
            Self::ModelMemory => model(|model| model.memory_bytes),
            Self::ModelAccuracy => model(|model| model.accuracy),
            Self::ModelQueue => model(|model| f64::from(model.queue)),
            Self::ModelBusy => model(|model| f64::from(model.busy)),
            Self::Up => service(|service| f64::from(u8::from(service.up))),
            Self::Started => service(|service| service.started_s),
            Self::Resident => service(|service| service.resident_bytes),
            Self::CpuSeconds => service(|service| service.cpu_seconds),
            Self::Busy => service(|service| f64::from(service.busy)),
            Self::Queue => service(|service| f64::from(service.queue)),
            // A process without a pool has no such series.
            Self::PoolInUse => {
                service(|service| if service.pool.1 == 0 { f64::NAN } else { f64::from(service.pool.0) })
            }
            Self::PoolSize => {
                service(|service| if service.pool.1 == 0 { f64::NAN } else { f64::from(service.pool.1) })
            }
            Self::Received => service(|service| service.network.0),
            Self::Sent => service(|service| service.network.1),
            Self::Version => 1.0,
            Self::AllInUse => gauges.services.iter().map(|service| f64::from(service.pool.0)).sum(),
            Self::AllIdle => gauges
                .services
                .iter()
                .map(|service| f64::from(service.pool.1.saturating_sub(service.pool.0)))
                .sum(),
            Self::AllUp => gauges.services.iter().map(|service| f64::from(u8::from(service.up))).sum(),
            Self::AllBusy => gauges.services.iter().map(|service| f64::from(service.busy)).sum(),
        }
    }
}

/// What is observed of an event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// That it happened.
    One,
    /// How long it took, seconds.
    Seconds,
    /// How long of that it waited, seconds.
    Waited,
    /// A model's confidence.
    Confidence,
    /// Bytes of the request.
    RequestBytes,
    /// Bytes of the response.
    ResponseBytes,
    /// What a notice counts.
    Count,
    /// Drawn for each event, log-normal: median and the standard deviation of the logarithm.
    Drawn(f64, f64),
}

impl Value {
    /// Those that are a word in the file.
    pub const WORDS: [(&'static str, Self); 7] = [
        ("one", Self::One),
        ("seconds", Self::Seconds),
        ("waited_seconds", Self::Waited),
        ("confidence", Self::Confidence),
        ("request_bytes", Self::RequestBytes),
        ("response_bytes", Self::ResponseBytes),
        ("count", Self::Count),
    ];
}
