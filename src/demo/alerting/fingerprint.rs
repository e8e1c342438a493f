//! What identifies an alert.

use crate::model::Labels;

/// The label set's fingerprint as Prometheus's common library computes it (`model/signature.go`,
/// `labelSetToFingerprint`): FNV-1a of 64 bits over the sorted names and values, each followed by a
/// byte that is in no text.
pub fn of(labels: &Labels) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let texts = labels.iter().flat_map(|(name, value)| [name, value]);
    let bytes = texts.flat_map(|text| text.bytes().chain(std::iter::once(0xff)));
    bytes.fold(OFFSET, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(PRIME))
}

/// As Alertmanager writes it.
pub fn text(labels: &Labels) -> String {
    format!("{:016x}", of(labels))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Label sets and fingerprints that a real Alertmanager 0.25 gave.
    #[test]
    fn fingerprints_are_alertmanagers_own() {
        let labels = Labels::new([("severity", "critical"), ("alertname", "T"), ("department", "icu")]);
        assert_eq!(text(&labels), "96f92f4c59565ce3");
        let labels = Labels::new([("alertname", "Watchdog"), ("severity", "none")]);
        assert_eq!(text(&labels), "448881ef475b9b26");
        assert_eq!(text(&Labels::default()), "cbf29ce484222325");
    }
}
