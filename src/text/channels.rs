//! Words about channels, contacts, the rota, commands and `watch` in a configuration.

/// What the configuration of acting says. A message stands behind `FILE:LINE:COLUMN: `, without a full stop.
#[derive(Debug)]
pub struct ChannelsText {
    /// Noun.
    pub channel: &'static str,
    /// Noun.
    pub contact: &'static str,
    /// Something names what is not there: path, noun, the word.
    pub unknown: fn(&str, &str, &str) -> String,
    /// What is there.
    pub known_ones: fn(&str) -> String,
    /// The nearest word.
    pub did_you_mean: fn(&str) -> String,
    /// Two rotas for one level.
    pub level_twice: fn(&str) -> String,
    /// An address to listen at that is none.
    pub not_an_address: &'static str,
    /// Bounds of alerts per second.
    pub rate_bounds: &'static str,
    /// Bounds of a port.
    pub port_bounds: &'static str,
    /// A contact lacks what its channel needs: contact, channel, key.
    pub contact_lacks: fn(&str, &str, &str) -> String,
    /// A text with a brace that has no partner: at this byte.
    pub bad_template: fn(usize) -> String,
    /// What a template may hold.
    pub template_help: &'static str,
    /// A place nobody fills.
    pub unknown_place: fn(&str) -> String,
    /// Two keys that exclude each other: path, one, other.
    pub either: fn(&str, &str, &str) -> String,
    /// One of two keys is needed: path, one, other.
    pub one_needed: fn(&str, &str, &str) -> String,
    /// Two keys that need each other: path, one, other.
    pub both: fn(&str, &str, &str) -> String,
    /// A key is missing: path, key.
    pub missing: fn(&str, &str) -> String,
    /// A secret stands in the file.
    pub secret_here: &'static str,
    /// What to do about a routing key.
    pub routing_key_help: &'static str,
    /// What to do about a password of a mail server.
    pub mail_password_help: &'static str,
    /// A body that is no JSON: why.
    pub not_json: fn(&str) -> String,
    /// What a JSON body is.
    pub json_help: &'static str,
    /// A zone nobody knows.
    pub unknown_zone: fn(&str) -> String,
    /// A turn that is not whole days.
    pub whole_days: &'static str,
    /// A calendar beside other rules: path.
    pub calendar_alone: fn(&str) -> String,
    /// A rota without people: path.
    pub nobody: fn(&str) -> String,
    /// An override that ends before it begins: path.
    pub backwards: fn(&str) -> String,
    /// Not a local time.
    pub not_a_moment: &'static str,
    /// Not a time of day.
    pub not_a_minute: &'static str,
    /// Not a mail address.
    pub not_a_mail_address: &'static str,
    /// Not a telephone number.
    pub not_a_telephone: &'static str,
    /// An argument with a NUL.
    pub nul: &'static str,
    /// A parameter that is not declared.
    pub unknown_param: fn(&str) -> String,
    /// How it is declared.
    pub param_help: fn(&str) -> String,
    /// `argv` is empty.
    pub no_program: &'static str,
    /// The program itself has a place.
    pub program_place: &'static str,
    /// Not a regular expression.
    pub bad_regex: &'static str,
}

/// English.
pub const EN: ChannelsText = ChannelsText {
    channel: "channel",
    contact: "contact",
    unknown: |path, noun, word| format!("{path}: there is no {noun} `{word}`"),
    known_ones: |all| {
        if all.is_empty() { "there is none yet".to_owned() } else { format!("known here: {all}") }
    },
    did_you_mean: |near| format!("did you mean `{near}`?"),
    level_twice: |level| format!("rota: level `{level}` has a rota already; write one with `overrides`"),
    not_an_address: "is not an address to listen at; write 127.0.0.1:9188 or [::1]:9188",
    rate_bounds: "must be a whole number from 1 to 1000000",
    port_bounds: "must be a port from 1 to 65535",
    contact_lacks: |contact, channel, key| {
        format!("contacts.{contact}: channel `{channel}` needs `{key}`, which is missing")
    },
    bad_template: |at| format!("a brace has no partner, or holds no name (byte {at})"),
    template_help: "a place is {name}; write {{ and }} for braces",
    unknown_place: |name| format!("nothing is known as `{{{name}}}`"),
    either: |path, one, other| format!("{path}: `{one}` and `{other}` exclude each other"),
    one_needed: |path, one, other| format!("{path}: `{one}` or `{other}` is missing"),
    both: |path, one, other| format!("{path}: `{one}` and `{other}` belong together"),
    missing: |path, key| format!("{path}.{key} is missing"),
    secret_here: "a secret does not belong into the configuration",
    routing_key_help: "write it into a file that only plantao can read, and name that file as `routing_key_file`",
    mail_password_help: "write it into a file that only plantao can read, and name that file as `password_file`",
    not_json: |why| format!("is not JSON: {why}"),
    json_help: "write the JSON that the service takes, with places inside its texts: '{\"text\": \"{title}\"}'; a brace within a text is {{ or }}",
    unknown_zone: |zone| format!("`{zone}` is not a time zone; write one such as America/Sao_Paulo"),
    whole_days: "must be whole days, such as 1d, 7d or 14d",
    calendar_alone: |path| {
        format!("{path}: a calendar says who is on call; `people`, `start` and `turn` do not go with `ical`")
    },
    nobody: |path| format!("{path}.people: names nobody"),
    backwards: |path| format!("{path}: ends before it begins"),
    not_a_moment: "is not a local time; write \"2026-11-02 08:00\"",
    not_a_minute: "is not a time of day; write \"22:00\"",
    not_a_mail_address: "is not a mail address",
    not_a_telephone: "is not a telephone number in its international form, such as +55 11 91234-5678",
    nul: "holds a NUL character, which no argument can",
    unknown_param: |name| format!("parameter `{{{name}}}` is not declared"),
    param_help: |name| format!("declare what it may look like: params = {{ {name} = \"[a-z][a-z0-9-]*\" }}"),
    no_program: "names no program",
    program_place: "the program itself cannot have a place: who fills it would choose what runs",
    bad_regex: "is not a regular expression",
};
