//! Units of panels and how a number in one is written for a person.

use serde::{Deserialize, Serialize};

use super::duration;

/// What a panel's number measures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A plain number.
    #[default]
    None,
    /// A count: whole, with k, M, G.
    Count,
    /// 0 to 100.
    Percent,
    /// 0 to 1, written as a percentage.
    Ratio,
    /// Seconds; written as ms, s, or a duration.
    Seconds,
    /// Bytes, in binary multiples.
    Bytes,
    /// Events per second.
    PerSecond,
    /// Degrees Celsius.
    Celsius,
    /// Watts.
    Watts,
    /// 0 or 1, written as down or up by the panel's states.
    Bool,
    /// Days.
    Days,
}

impl Unit {
    /// Name in packs and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Count => "count",
            Self::Percent => "percent",
            Self::Ratio => "ratio",
            Self::Seconds => "seconds",
            Self::Bytes => "bytes",
            Self::PerSecond => "per_second",
            Self::Celsius => "celsius",
            Self::Watts => "watts",
            Self::Bool => "bool",
            Self::Days => "days",
        }
    }

    /// Writes `value` in at most eight cells. NaN is `–` (a quantile of nothing is no number) and
    /// infinities are `∞`; an ASCII screen translates both.
    pub fn format(self, value: f64) -> String {
        if value.is_nan() {
            return "–".to_owned();
        }
        if value.is_infinite() {
            return if value > 0.0 { "∞" } else { "-∞" }.to_owned();
        }
        let text = self.written(value);
        // Beyond what a unit's multiples reach: `1.8e308`, whatever it measures.
        if text.chars().count() > WIDEST && value.abs() >= 1e6 { format!("{value:.1e}") } else { text }
    }

    fn written(self, value: f64) -> String {
        match self {
            Self::Count => scaled(value, 1000.0, &["", "k", "M", "G", "T"]),
            Self::Percent => format!("{}%", fixed(value)),
            Self::Ratio => format!("{}%", fixed(value * 100.0)),
            Self::Seconds => seconds(value),
            Self::Bytes => scaled(value, 1024.0, &[" B", " KiB", " MiB", " GiB", " TiB"]),
            // Rare events have rates far below one: 0.004/s is not 0/s.
            Self::PerSecond if value.abs() < 0.0995 => format!("{}/s", plain(value)),
            Self::PerSecond => format!("{}/s", scaled(value, 1000.0, &["", "k", "M", "G"])),
            Self::Celsius => format!("{value:.0}°C"),
            Self::Watts => format!("{}W", plain(value)),
            Self::None | Self::Bool => plain(value),
            Self::Days => format!("{}d", fixed(value)),
        }
    }
}

/// Cells of a written value.
const WIDEST: usize = 8;

/// One decimal under 100, none above; `-0` never.
fn fixed(value: f64) -> String {
    let text = if value.abs() < 99.95 { format!("{value:.1}") } else { format!("{value:.0}") };
    if text == "-0.0" { "0.0".to_owned() } else { text }
}

/// Three significant digits without trailing zeros.
fn plain(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude >= 1_000_000.0 || (magnitude > 0.0 && magnitude < 0.001) {
        return format!("{value:.1e}");
    }
    let decimals = match magnitude {
        m if m >= 100.0 => 0,
        m if m >= 10.0 => 1,
        m if m >= 1.0 => 2,
        _ => 3,
    };
    let text = format!("{value:.decimals$}");
    let text =
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text };
    if text == "-0" { "0".to_owned() } else { text }
}

fn scaled(value: f64, base: f64, suffixes: &[&str]) -> String {
    let mut value = value;
    let mut at = 0;
    while value.abs() >= base * 0.9995 && at + 1 < suffixes.len() {
        value /= base;
        at += 1;
    }
    let number = if value.abs() >= 99.95 || (at == 0 && value.fract() == 0.0) {
        format!("{value:.0}")
    } else if value.abs() >= 9.995 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    };
    let number = if number.contains('.') {
        number.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        number
    };
    let number = if number == "-0" { "0".to_owned() } else { number };
    format!("{number}{}", suffixes[at])
}

fn seconds(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude == 0.0 {
        "0s".to_owned()
    } else if magnitude < 0.000_999_5 {
        format!("{:.0}µs", value * 1e6)
    } else if magnitude < 0.999_5 {
        format!("{:.0}ms", value * 1e3)
    } else if magnitude < 9.995 {
        format!("{value:.2}s")
    } else if magnitude < 120.0 {
        format!("{value:.1}s")
    } else if value < 0.0 {
        format!("-{}", duration::format(-value as i64))
    } else {
        duration::format(value as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well_and_stay_short() {
        let cases = [
            (Unit::Percent, 92.96, "93.0%"),
            (Unit::Percent, 100.0, "100%"),
            (Unit::Percent, -0.01, "0.0%"),
            (Unit::Ratio, 0.873, "87.3%"),
            (Unit::Seconds, 12.4, "12.4s"),
            (Unit::Seconds, 1.2, "1.20s"),
            (Unit::Seconds, 0.045, "45ms"),
            (Unit::Seconds, 0.0, "0s"),
            (Unit::Seconds, 3700.0, "1h01m"),
            (Unit::Bytes, 151_397_597_184.0, "141 GiB"),
            (Unit::Bytes, 0.0, "0 B"),
            (Unit::Count, 42.0, "42"),
            (Unit::Count, 170_085.0, "170k"),
            (Unit::Count, 999_950.0, "1M"),
            (Unit::PerSecond, 3.19, "3.19/s"),
            (Unit::PerSecond, 0.0042, "0.004/s"),
            (Unit::PerSecond, 0.00042, "4.2e-4/s"),
            (Unit::PerSecond, 0.0, "0/s"),
            (Unit::None, f64::NAN, "–"),
            (Unit::None, f64::INFINITY, "∞"),
            (Unit::None, 0.875, "0.875"),
            (Unit::Celsius, 61.4, "61°C"),
        ];
        for (unit, value, text) in cases {
            assert_eq!(unit.format(value), text, "{unit:?} {value}");
        }
    }
}
