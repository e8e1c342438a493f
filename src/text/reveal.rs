//! Words of revealing what stands behind a mark.

/// What is said.
#[derive(Debug)]
pub struct RevealText {
    /// The configuration lets nobody.
    pub not_configured: &'static str,
    /// The role may not: the role that may.
    pub no_role: fn(&str) -> String,
    /// The reason is too short.
    pub no_reason: &'static str,
    /// The alert or the value is not there any more.
    pub gone: &'static str,
    /// Nothing is under the cursor.
    pub no_line: &'static str,
    /// Nothing of it is masked.
    pub nothing_masked: &'static str,
    /// Title: the alert.
    pub title: fn(&str) -> String,
    /// The one that is chosen: place, all.
    pub which: fn(usize, usize) -> String,
    /// Label of the reason.
    pub why: &'static str,
    /// Placeholder of the reason.
    pub why_hint: &'static str,
    /// What happens: seconds.
    pub will: fn(u32) -> String,
    /// It is being asked for.
    pub asking: &'static str,
    /// The value goes at that many seconds.
    pub goes: fn(i64) -> String,
    /// Keys while a reason is typed.
    pub keys: &'static str,
    /// Keys where there are several values.
    pub keys_many: &'static str,
    /// Keys while a value is in sight.
    pub keys_seen: &'static str,
}

/// English.
pub const EN: RevealText = RevealText {
    not_configured: "nobody may reveal masked values here: [reveal] in /etc/plantao/config.toml lets whom it names",
    no_role: |role| format!("only the role {role} may reveal masked values"),
    no_reason: "say why in a few words: the reason is recorded",
    gone: "the server does not have this value any more, or not as it is shown",
    nothing_masked: "nothing of this is masked",
    no_line: "no line and no span is under the cursor",
    title: |of| {
        if of.is_empty() {
            "Reveal a masked line".to_owned()
        } else {
            format!("Reveal a masked value of {of}")
        }
    },
    which: |at, all| if all > 1 { format!("value {at} of {all}") } else { String::new() },
    why: "Reason",
    why_hint: "why you need it",
    will: |seconds| {
        format!(
            "It is recorded that you looked, at what and why. The value is asked for anew, shown for {seconds} s and kept nowhere."
        )
    },
    asking: "asking the server for the value …",
    goes: |seconds| format!("It goes in {seconds} s."),
    keys: "enter reveals · esc leaves",
    keys_many: "enter reveals · ↑↓ other value · esc leaves",
    keys_seen: "esc hides it",
};
