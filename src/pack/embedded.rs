//! The shipped packs, inside the program. `tests/pack.rs` compares this list with the folder.

/// One pack: its name and its files as (relative path, text).
pub(super) type Shipped = (&'static str, &'static [(&'static str, &'static str)]);

/// Declares a pack's files by their paths in its folder.
macro_rules! pack {
    ($name:literal: $($path:literal,)+) => {
        ($name, &[$(($path, include_str!(concat!("../../packs/", $name, "/", $path)))),+])
    };
}

/// Names of the shipped packs.
pub(super) const NAMES: &[&str] = &["hospital"];

/// The shipped packs.
pub(super) const PACKS: &[Shipped] = &[pack!(
    "hospital":
    "pack.toml",
    "panels.toml",
    "pages.toml",
    "alerts.toml",
    "explore.toml",
    "events.toml",
    "incidents.toml",
    "signals.toml",
    "advice.toml",
    "rules.yml",
    "playbooks/ai-model.toml",
    "playbooks/availability.toml",
    "playbooks/brute-force.toml",
    "playbooks/database-pool.toml",
    "playbooks/memory.toml",
    "playbooks/performance.toml",
    "playbooks/personal-data-leak.toml",
    "playbooks/security.toml",
    "playbooks/thermal.toml",
    "demo/world.toml",
    "demo/metrics.toml",
    "demo/signals.toml",
    "demo/alertmanager.toml",
    "runbooks/AIModelAccuracyDrop.md",
    "runbooks/AIModelInferenceLatency.md",
    "runbooks/ANVISAAdverseEventReportingRequired.md",
    "runbooks/ANVISAControlledSubstanceReportingDelay.md",
    "runbooks/BiometricSpoofingAttempt.md",
    "runbooks/CFMDigitalSignatureNonCompliance.md",
    "runbooks/CFMMedicalRecordIntegrityViolation.md",
    "runbooks/DataExfiltrationAttempt.md",
    "runbooks/DatabasePoolExhausted.md",
    "runbooks/FaceRecognitionLatency.md",
    "runbooks/HighErrorRate.md",
    "runbooks/HighFailedAuthRate.md",
    "runbooks/HighMedicalRecordLatency.md",
    "runbooks/LowVoiceTranscriptionQuality.md",
    "runbooks/MacStudioHighCPU.md",
    "runbooks/MacStudioHighMemory.md",
    "runbooks/MacStudioThermalThrottling.md",
    "runbooks/MedicalRecordSystemDown.md",
    "runbooks/PersonalDataInLogs.md",
    "runbooks/SUSAverageLengthOfStayHigh.md",
    "runbooks/SUSBedOccupancyThresholdExceeded.md",
    "runbooks/SuspiciousAIUsage.md",
    "runbooks/UnauthorizedDataAccess.md",
    "runbooks/Watchdog.md",
)];
