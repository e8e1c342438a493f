//! Words for problems and notes of configuration files, variables and flags.

/// What configuration says. A message stands behind `FILE:LINE:COLUMN: path: `, without a full stop.
#[derive(Debug)]
pub struct ConfigText {
    /// A file cannot be read: why.
    pub unreadable: fn(&str) -> String,
    /// A file that was named is not there.
    pub not_there: &'static str,
    /// What to do about a file that a flag or variable names and that is not there.
    pub unreadable_help: &'static str,
    /// A file is larger than this many bytes.
    pub too_large: fn(usize) -> String,
    /// A file is no UTF-8 text from this byte on.
    pub not_utf8: fn(usize) -> String,
    /// Text is empty where it must not be.
    pub empty: &'static str,
    /// Text holds a control character.
    pub control: &'static str,
    /// A name of a theme, keymap or pack that cannot be one.
    pub bad_name: &'static str,
    /// A name of a field that cannot be one.
    pub bad_field: &'static str,
    /// A word that is none of those known.
    pub unknown_word: fn(&str) -> String,
    /// The words known.
    pub known_words: fn(&str) -> String,
    /// The nearest word.
    pub did_you_mean: fn(&str) -> String,
    /// A duration outside its bounds.
    pub out_of_bounds: fn(&str, &str) -> String,
    /// A truth value of a variable that is none.
    pub not_bool: fn(&str) -> String,
    /// An unknown variable.
    pub unknown_variable: &'static str,
    /// What can be done about an unknown variable that resembles none.
    pub unknown_variable_help: &'static str,
    /// An address without a scheme.
    pub url_no_scheme: &'static str,
    /// An address with a scheme that is not http(s).
    pub url_scheme: fn(&str) -> String,
    /// What schemes there are.
    pub url_scheme_help: &'static str,
    /// An address that cannot be read: why.
    pub url_bad: fn(&str) -> String,
    /// An address with user name or password.
    pub url_credentials: &'static str,
    /// Where they belong.
    pub url_credentials_help: &'static str,
    /// Where they belong when the address came from a flag or variable.
    pub url_credentials_outside_help: &'static str,
    /// A proxy's address with user name or password.
    pub proxy_credentials_help: &'static str,
    /// An address with `?query` or `#fragment`.
    pub url_query: &'static str,
    /// What a base address is.
    pub url_query_help: &'static str,
    /// A header name that is none.
    pub header_name: &'static str,
    /// A header value that cannot be sent.
    pub header_value: &'static str,
    /// A header that is given twice.
    pub header_twice: fn(&str) -> String,
    /// A header that the console sets itself.
    pub header_own: fn(&str) -> String,
    /// A key that is missing beside another: missing, present.
    pub needs: fn(&str, &str) -> String,
    /// Two keys that exclude each other.
    pub together: fn(&str, &str) -> String,
    /// What to do about them.
    pub together_help: &'static str,
    /// A key is missing.
    pub missing: fn(&str) -> String,
    /// A page's name stands twice.
    pub page_twice: fn(&str) -> String,
    /// Help for it.
    pub page_twice_help: &'static str,
    /// A context that is not there.
    pub unknown_context: fn(&str) -> String,
    /// No context is there at all.
    pub no_contexts: &'static str,
    /// `~/` without a home folder.
    pub no_home: &'static str,
    /// A secret itself stands in the file.
    pub secret_in_file: &'static str,
    /// What to do with a password.
    pub password_in_file: &'static str,
    /// What to do with a token.
    pub token_in_file: &'static str,
    /// What is no entry of a role.
    pub bad_principal: &'static str,
    /// How entries are written.
    pub principal_help: &'static str,
    /// Note: something in a person's file that the machine's own decides: where, what.
    pub machine_only: fn(&str, &str) -> String,
    /// Note: credentials dropped: source, who changed the address, the keys, the new address.
    pub dropped: fn(&str, &str, &str, &str) -> String,
    /// Note: an Authorization header in a file: source.
    pub authorization: fn(&str) -> String,
    /// Note: sign-in over a connection without encryption: source, address.
    pub cleartext: fn(&str, &str) -> String,
}

/// English.
pub const EN: ConfigText = ConfigText {
    unreadable: |why| format!("cannot be read: {why}"),
    not_there: "there is no such file",
    unreadable_help: "check the name and the permissions; without --config and PLANTAO_CONFIG the usual places are tried",
    too_large: |limit| format!("is larger than {limit} bytes, which no configuration is"),
    not_utf8: |at| format!("is not UTF-8 text (byte {at})"),
    empty: "is empty",
    control: "holds a control character",
    bad_name: "is not a name; letters, digits, `-`, `_` and `.` only, not starting with `.`",
    bad_field: "is not the name of a field; it needs at least two letters or digits",
    unknown_word: |word| format!("unknown word `{word}`"),
    known_words: |words| format!("known here: {words}"),
    did_you_mean: |word| format!("did you mean `{word}`?"),
    out_of_bounds: |least, most| format!("must be between {least} and {most}"),
    not_bool: |word| format!("`{word}` is neither true nor false; write 1 or 0"),
    unknown_variable: "unknown variable",
    unknown_variable_help: "`plantao config show` and docs/configuration.md list what there is; unset it",
    url_no_scheme: "the address has no scheme",
    url_scheme: |scheme| format!("the scheme `{scheme}` cannot be used"),
    url_scheme_help: "write http:// or https://",
    url_bad: |why| format!("is not an address: {why}"),
    url_credentials: "the address holds a user name or password, which would end up in logs and on screens",
    url_credentials_help: "take them out and write basic = { user = \"…\", password_file = \"…\" }",
    url_credentials_outside_help: "take them out and write basic = { user = \"…\", password_file = \"…\" } for this source in a configuration file",
    proxy_credentials_help: "take them out; a proxy that asks for a password cannot be used by this version",
    url_query: "the address holds a `?query` or `#fragment`",
    url_query_help: "write only the base, such as https://host/prefix; paths are added to it",
    header_name: "this is not a header name; letters, digits and `-` make one",
    header_value: "the header's value holds a character that cannot be sent",
    header_twice: |name| format!("the header `{name}` stands twice; upper and lower case are the same"),
    header_own: |name| format!("the header `{name}` is set by plantao itself"),
    needs: |missing, present| format!("`{present}` needs `{missing}` beside it"),
    together: |one, other| format!("`{one}` and `{other}` exclude each other"),
    together_help: "keep the one that the server asks for",
    missing: |key| format!("`{key}` is missing"),
    page_twice: |name| format!("the name `{name}` is used twice"),
    page_twice_help: "each page needs a name of its own",
    unknown_context: |name| format!("unknown context `{name}`"),
    no_contexts: "there is no [contexts.NAME] in any file",
    no_home: "`~/` is used, but HOME is not set",
    secret_in_file: "a secret does not belong into this file",
    password_in_file: "write the password into a file that only you can read and name it: password_file = \"…\"",
    token_in_file: "write the token into a file that only you can read and name it: bearer_token_file = \"…\"",
    bad_principal: "is not somebody who can have a role",
    principal_help: "write \"user:NAME\", \"uid:NUMBER\", \"group:NAME\", \"key:SHA256:…\" (as ssh-keygen -lf shows it) or \"principal:NAME\"",
    machine_only: |place, key| match key.split_once(' ') {
        None => format!(
            "{place}: {key} counts only in the machine's own file, /etc/plantao/config.toml, and is left out"
        ),
        Some(_) => format!(
            "{place}: {key} is left out: this machine has one journal for everybody, which /etc/plantao/config.toml names"
        ),
    },
    dropped: |source, who, keys, url| {
        format!(
            "{source}: {who} points to another server ({url}), so {keys} from the layers below stay behind: \
             they were meant for the server named there"
        )
    },
    authorization: |source| {
        format!(
            "{source}: an Authorization header stands in a file; bearer_token_file or basic keep the secret out of it"
        )
    },
    cleartext: |source, url| format!("{source}: signs in over {url} without encryption; use https"),
};
