//! The stretch of time that a command asks about: `--since`, `--from`, `--to`.

use chrono::TimeDelta;
use chrono_tz::Tz;
use clap::Args;

use super::values;
use crate::model::{Time, time};
use crate::text::cli::EN as WORDS;

/// A stretch of time; both ends belong to it.
#[derive(Args, Clone, Debug, Default)]
pub struct RangeArgs {
    /// Length of the time range, such as 90s, 15m, 1h30m, 7d; the configured window otherwise
    #[arg(long, value_name = "DUR", value_parser = values::span, conflicts_with = "from")]
    pub since: Option<u32>,
    /// Its first moment, instead of --since: RFC 3339, unix seconds, now-90m, today, 03:12,
    /// "2026-11-20 03:12" (bare times are in the pack's zone)
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// Its last moment; now otherwise
    #[arg(long, value_name = "TIME")]
    pub to: Option<String>,
}

impl RangeArgs {
    /// First and last moment, or what is wrong, in one line. `usual_s` is the length without `--since` and `--from`,
    /// in seconds; bare times are in `zone`.
    pub fn resolve(&self, now: Time, zone: Tz, usual_s: u32) -> Result<(Time, Time), String> {
        let read = |flag: &str, text: &String| {
            time::parse(text, now, zone).map_err(|problem| format!("{flag}: {problem}"))
        };
        let end = self.to.as_ref().map_or(Ok(now), |text| read("--to", text))?;
        let start = match &self.from {
            Some(text) => read("--from", text)?,
            None => end - TimeDelta::seconds(i64::from(self.since.unwrap_or(usual_s))),
        };
        if start > now {
            return Err((WORDS.range_in_future)(self.from.as_deref().or(self.to.as_deref()).unwrap_or("")));
        }
        if start > end {
            return Err((WORDS.range_backwards)(&start.to_rfc3339(), &end.to_rfc3339()));
        }
        Ok((start, end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(since: Option<u32>, from: &str, to: &str) -> Result<(i64, i64), String> {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let args = RangeArgs { since, from: text(from), to: text(to) };
        let now = Time::from_timestamp(1_795_324_296, 0).expect("a moment");
        let (start, end) = args.resolve(now, Tz::UTC, 3600)?;
        Ok(((start - now).num_seconds(), (end - now).num_seconds()))
    }

    #[test]
    fn a_range_ends_now_or_where_it_is_told_to() {
        assert_eq!(resolved(None, "", ""), Ok((-3600, 0)));
        assert_eq!(resolved(Some(90), "", ""), Ok((-90, 0)));
        assert_eq!(resolved(Some(90), "", "now-1h"), Ok((-3690, -3600)));
        assert_eq!(resolved(None, "now-2h", "now-1h"), Ok((-7200, -3600)));
        assert_eq!(resolved(None, "now-2h", ""), Ok((-7200, 0)));
        assert_eq!(resolved(None, "now-1h", "now-1h"), Ok((-3600, -3600)), "one moment is a range");
    }

    #[test]
    fn what_is_no_range_says_why() {
        for (from, to, words) in [
            ("now-1h", "now-2h", "ends before it begins"),
            ("2030-01-01T00:00:00Z", "", "is in the future"),
            ("", "2030-01-01T00:00:00Z", "is in the future"),
            ("yesterday", "", "--from: `yesterday` is not a time"),
            ("", "25:00", "--to: `25:00` is not a time"),
        ] {
            let problem = resolved(None, from, to).expect_err(words);
            assert!(problem.contains(words), "{problem}");
        }
    }
}
