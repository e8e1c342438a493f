//! Words of the `logs` command.

use crate::model::{Fault, TailGap};

/// What `logs` says beside its lines.
#[derive(Debug)]
pub struct LogsCommandText {
    /// No Loki is configured.
    pub no_loki: &'static str,
    /// The window ends before it begins.
    pub backwards: &'static str,
    /// A time is wrong: the option, why.
    pub bad_time: fn(&str, &str) -> String,
    /// How far it is: lines, of how many, requests.
    pub progress: fn(u64, Option<u64>, u64) -> String,
    /// The limit cut it.
    pub more: fn(u64) -> String,
    /// Nothing matched.
    pub nothing: &'static str,
    /// Identical lines are missing; how many, 0 where nobody knows.
    pub short: fn(u64) -> String,
    /// A page failed, and is asked for again.
    pub again: fn(&Fault) -> String,
    /// It failed; lines so far.
    pub failed: fn(&Fault, u64) -> String,
    /// Loki's fault with advice.
    pub fault: fn(&Fault) -> String,
    /// Personal data was masked: how often, of what, in which stream.
    pub masked: fn(u64, Option<&str>, Option<&str>) -> String,
    /// More streams and kinds than are told.
    pub masked_more: fn(usize) -> String,
    /// The tail is lost.
    pub lost: fn(&Fault) -> String,
    /// The tail is back.
    pub back: fn(TailGap, &dyn Fn(i64) -> String) -> String,
    /// Lines were dropped.
    pub dropped: fn(u64) -> String,
}

/// English.
pub const EN: LogsCommandText = LogsCommandText {
    no_loki: "Log lines are Loki's, and none is configured: --loki URL, or [sources.loki] url in the file; or --demo.",
    backwards: "The window ends before it begins: --from must be earlier than --to.",
    bad_time: |option, why| format!("{option}: {why}"),
    progress: |lines, of, requests| match of {
        Some(of) => {
            format!("{} of {} lines, {requests} requests", thousands(lines), thousands(of.max(lines)))
        }
        None => format!("{} lines, {requests} requests", thousands(lines)),
    },
    more: |lines| {
        format!("There are more than these {} lines: a larger --limit, or --all.", thousands(lines))
    },
    nothing: "No line matches in this window.",
    short: |count| {
        match count {
        0 => "Not whole: at one moment there are more identical lines than Loki gives at once, and it does not count them."
            .to_owned(),
        count => format!(
            "Not whole: {} lines are missing, each identical to others of its moment; there are more of them than Loki gives \
             at once.",
            thousands(count)
        ),
    }
    },
    again: |fault| format!("loki: {}; trying again", fault.detail),
    failed: |fault, lines| {
        format!("loki: {}. Not whole: {} lines came before that.", fault.detail, thousands(lines))
    },
    fault: |fault| {
        let advice = (super::fault::EN.advice)(fault.kind);
        match fault.kind {
            // The query is the person's own here, not a pack's.
            crate::model::FaultKind::BadQuery => format!("loki: {}", fault.detail),
            _ => format!("loki: {}. {advice}", fault.detail),
        }
    },
    masked: |count, kind, stream| {
        let kind = kind.unwrap_or("other");
        let stream = stream.unwrap_or("other streams");
        format!("Personal data: {} × {kind} masked in {stream}", thousands(count))
    },
    masked_more: |count| format!("Personal data: masked in {count} more places"),
    lost: |fault| format!("live: {}; trying again", fault.detail),
    back: |gap, at| {
        let (from, to) = (at(gap.from), at(gap.to));
        if gap.filled {
            format!("live again: the lines from {from} to {to} have been fetched")
        } else {
            format!("live again: lines between {from} and {to} may be missing")
        }
    },
    dropped: |count| {
        format!("live: {} lines dropped: they came faster than they were read", thousands(count))
    },
};

/// 170085 as 170,085.
fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_reads_well() {
        assert_eq!((EN.progress)(5000, Some(170_085), 2), "5,000 of 170,085 lines, 2 requests");
        assert_eq!((EN.progress)(999, None, 1), "999 lines, 1 requests");
        assert_eq!((EN.progress)(10, Some(3), 1), "10 of 10 lines, 1 requests", "more came meanwhile");
    }
}
