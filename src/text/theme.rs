//! Words for what is wrong with a theme file.

/// Problems of themes.
#[derive(Debug)]
pub struct ThemeText {
    /// What such a file is called.
    pub what: &'static str,
    /// A role nobody knows.
    pub unknown_role: fn(&str) -> String,
    /// Where the list of roles is.
    pub role_list: &'static str,
    /// A role in a table of its own: the name that must be quoted.
    pub quote_role: fn(&str) -> String,
    /// A colour nobody knows.
    pub unknown_colour: fn(&str) -> String,
    /// How colours are written.
    pub colour_syntax: &'static str,
    /// A number that is no colour.
    pub colour_number: &'static str,
    /// Palette entries that lead to one another.
    pub circle: fn(&str) -> String,
    /// Something other than one of the sixteen where one of them must stand.
    pub not_ansi16: fn(&str) -> String,
    /// Something other than `#rrggbb` where that must stand.
    pub not_rgb: fn(&str) -> String,
    /// Did you mean this?
    pub did_you_mean: fn(&str) -> String,
}

/// English.
pub const EN: ThemeText = ThemeText {
    what: "theme",
    unknown_role: |name| format!("no role is called `{name}`"),
    role_list: "docs/themes.md lists every role",
    quote_role: |name| format!("a role with a dot stands in quotes: `\"{name}\" = …`"),
    unknown_colour: |name| format!("no colour is called `{name}`"),
    colour_syntax: "a colour is `#rrggbb`, a name of [palette], one of the terminal's sixteen such as `bright-red`, `default`, or a number from 0 to 255",
    colour_number: "a colour's number is 0 to 255",
    circle: |names| format!("these colours only name one another: {names}"),
    not_ansi16: |name| format!("`{name}` is none of the terminal's sixteen colours"),
    not_rgb: |text| format!("`{text}` is no colour `#rrggbb`"),
    did_you_mean: |near| format!("did you mean `{near}`?"),
};
