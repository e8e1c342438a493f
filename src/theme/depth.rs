//! How many colours a terminal shows.

/// Colour support, from none to all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Depth {
    /// No colours, only bold, dim, underline, reverse.
    None,
    /// The terminal's sixteen.
    Ansi16,
    /// xterm's 256.
    Ansi256,
    /// 24 bits.
    True,
}

/// Values of `TERM` (or their beginnings) whose terminals all show truecolor but do not always say so.
const TRUECOLOR_TERMS: &[&str] =
    &["xterm-kitty", "alacritty", "wezterm", "foot", "xterm-ghostty", "ghostty", "contour", "rio", "iterm2"];
/// Values of `TERM_PROGRAM` of such terminals.
const TRUECOLOR_PROGRAMS: &[&str] =
    &["iTerm.app", "WezTerm", "vscode", "ghostty", "rio", "Hyper", "WarpTerminal"];

impl Depth {
    /// What the environment says. `NO_COLOR`, set and not empty, means none (no-color.org). Without
    /// any word the sixteen are assumed, which nearly every terminal has.
    pub fn detect(env: &dyn Fn(&str) -> Option<String>) -> Self {
        let get = |name: &str| env(name).filter(|value| !value.is_empty());
        if get("NO_COLOR").is_some() {
            return Self::None;
        }
        let term = get("TERM").unwrap_or_default().to_lowercase();
        if term == "dumb" || term.starts_with("vt1") || term.starts_with("vt2") || term.ends_with("-mono") {
            return Self::None;
        }
        let named = Self::of_term(&term);
        let colorterm = get("COLORTERM").unwrap_or_default().to_lowercase();
        let says_true = colorterm == "truecolor" || colorterm == "24bit";
        let multiplexed = term.starts_with("screen") || term.starts_with("tmux");
        if get("TMUX").is_some() || term.starts_with("tmux") {
            // tmux takes 256 colours whatever TERM says, and truecolor too, which it reduces itself;
            // but only COLORTERM tells whether the terminal around it has it.
            return if says_true { Self::True } else { named.max(Self::Ansi256) };
        }
        if multiplexed || get("STY").is_some() {
            // GNU screen garbles truecolor, and COLORTERM leaks in from the terminal around it.
            return named.min(Self::Ansi256);
        }
        let program = get("TERM_PROGRAM").unwrap_or_default();
        let known = TRUECOLOR_PROGRAMS.contains(&program.as_str()) || get("WT_SESSION").is_some();
        if says_true || known { Self::True } else { named }
    }

    fn of_term(term: &str) -> Self {
        let known =
            |name: &str| term.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
        if term.ends_with("-direct")
            || term.ends_with("-truecolor")
            || TRUECOLOR_TERMS.iter().any(|name| known(name))
        {
            Self::True
        } else if term.contains("256color") {
            Self::Ansi256
        } else {
            Self::Ansi16
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth(set: &[(&str, &str)]) -> Depth {
        Depth::detect(&|name| set.iter().find(|(known, _)| *known == name).map(|(_, v)| (*v).to_owned()))
    }

    #[test]
    fn every_kind_of_terminal() {
        let truecolor = ("COLORTERM", "truecolor");
        for (set, want) in [
            (&[][..], Depth::Ansi16),
            (&[("TERM", "xterm")], Depth::Ansi16),
            (&[("TERM", "linux")], Depth::Ansi16),
            (&[("TERM", "xterm-256color")], Depth::Ansi256),
            (&[("TERM", "xterm-256color"), truecolor], Depth::True),
            (&[("TERM", "xterm-256color"), ("COLORTERM", "24bit")], Depth::True),
            (&[("TERM", "xterm-256color"), ("COLORTERM", "yes")], Depth::Ansi256),
            (&[("TERM", "xterm-kitty")], Depth::True),
            (&[("TERM", "foot-extra")], Depth::True),
            (&[("TERM", "footage")], Depth::Ansi16),
            (&[("TERM", "xterm-direct")], Depth::True),
            (&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "Apple_Terminal")], Depth::Ansi256),
            (&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "iTerm.app")], Depth::True),
            (&[("WT_SESSION", "x")], Depth::True),
            (&[("TERM", "dumb"), truecolor], Depth::None),
            (&[("TERM", "vt100")], Depth::None),
            (&[("TERM", "xterm-256color"), truecolor, ("NO_COLOR", "1")], Depth::None),
            (&[("TERM", "xterm-256color"), ("NO_COLOR", "")], Depth::Ansi256),
            (&[("TERM", "tmux-256color")], Depth::Ansi256),
            (&[("TERM", "screen"), ("TMUX", "/tmp/x")], Depth::Ansi256),
            (&[("TERM", "screen-256color"), ("TMUX", "/tmp/x"), truecolor], Depth::True),
            (&[("TERM", "screen-256color"), ("STY", "1.x"), truecolor], Depth::Ansi256),
            (&[("TERM", "screen"), truecolor], Depth::Ansi16),
        ] {
            assert_eq!(depth(set), want, "{set:?}");
        }
    }
}
