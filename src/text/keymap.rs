//! Words for what is wrong with a keymap file.

/// Problems of keymaps.
#[derive(Debug)]
pub struct KeymapText {
    /// What such a file is called.
    pub what: &'static str,
    /// A key nobody knows.
    pub unknown_key: fn(&str) -> String,
    /// How keys are written, when nothing nearer can be said.
    pub key_syntax: &'static str,
    /// Write it like this instead.
    pub write: fn(&str) -> String,
    /// A terminal sends another key for this one: written, sent.
    pub same_key: fn(&str, &str) -> String,
    /// A binding without any key.
    pub no_key: &'static str,
    /// A command nobody knows.
    pub unknown_command: fn(&str) -> String,
    /// Did you mean this?
    pub did_you_mean: fn(&str) -> String,
    /// Where the list of commands is.
    pub command_list: &'static str,
    /// A command in a mode where it does not work: command, mode.
    pub wrong_mode: fn(&str, &str) -> String,
    /// Where a command works: names of modes.
    pub works_in: fn(&str) -> String,
    /// A plain character in the prompt.
    pub prompt_character: fn(&str) -> String,
    /// What to bind in the prompt instead.
    pub prompt_help: &'static str,
    /// Escape within a sequence.
    pub escape_inside: &'static str,
    /// The same keys twice in one table.
    pub twice: fn(&str) -> String,
    /// Keys bound as a whole and as the start of longer ones: short, long, file of the other one.
    pub conflict: fn(&str, &str, &str) -> String,
    /// How to end the conflict: the keys that may be removed.
    pub conflict_help: fn(&str) -> String,
    /// Stands for what a key leads to when more keys follow.
    pub more: &'static str,
}

/// English.
pub const EN: KeymapText = KeymapText {
    what: "keymap",
    unknown_key: |key| format!("no key is called `{key}`"),
    key_syntax: "keys are written `x`, `X`, `ctrl-x`, `alt-x`, `shift-tab`, `enter`, `f1`; a sequence has spaces between: `g g`",
    write: |key| format!("write `{key}`"),
    same_key: |written, sent| format!("a terminal sends `{sent}` when `{written}` is pressed"),
    no_key: "there is no key",
    unknown_command: |name| format!("no command is called `{name}`"),
    did_you_mean: |near| format!("did you mean `{near}`?"),
    command_list: "docs/commands.md lists every command; `none` removes an inherited binding",
    wrong_mode: |command, mode| format!("`{command}` does not work in [{mode}]"),
    works_in: |modes| format!("it works in {modes}"),
    prompt_character: |key| format!("`{key}` could no longer be typed into a prompt"),
    prompt_help: "in [prompt] bind keys with ctrl or alt, or keys that type nothing, such as `tab`",
    escape_inside: "`esc` cancels a sequence and can only be its first key",
    twice: |keys| format!("`{keys}` is bound twice in this table"),
    conflict: |short, long, file| {
        format!("`{short}` alone is a binding, so `{long}` can never be reached ({file})")
    },
    conflict_help: |keys| format!("remove one of them, an inherited one with `\"{keys}\" = \"none\"`"),
    more: "…",
};
