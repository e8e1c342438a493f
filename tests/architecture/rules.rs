//! The map, as tables: each row with its reason.

/// A room and the rooms it may use.
pub struct Room {
    /// Top module of `src/`; `main` and `lib` are the files of that name.
    pub name: &'static str,
    /// Rooms it may use besides itself; `*` is every room.
    pub uses: &'static [&'static str],
    /// Why so few.
    pub reason: &'static str,
}

const fn room(name: &'static str, uses: &'static [&'static str], reason: &'static str) -> Room {
    Room { name, uses, reason }
}

/// Every room. A room that does not exist yet may stand here; one that is not here fails.
pub const ROOMS: &[Room] = &[
    room("lib", &["*"], "declares the rooms"),
    room("main", &["app", "cli"], "the binary only hands over"),
    room("app", &["*"], "puts the rooms together, in the order of starting"),
    // The nouns, and what is only data about them.
    room("model", &[], "the nouns know nobody, so that everybody may know them"),
    room("clock", &["model"], "says what time it is; decides nothing"),
    room(
        "text",
        &["model", "pack", "command", "document", "view", "explore"],
        "words about the nouns; decides nothing",
    ),
    room("document", &["text"], "reads strict TOML, whatever it is about"),
    room(
        "command",
        &["model", "text", "document", "keymap"],
        "the table of commands, and the lists of keys made of it; knows no state",
    ),
    room("privacy", &["model", "text"], "masks text before anybody else sees it"),
    room("pack", &["model", "document", "text"], "data about a field of work, checked"),
    room("config", &["model", "document", "text"], "settings, whatever they are used for"),
    room("bundle", &["model", "text"], "evidence as a file; knows not what it means"),
    room("correlate", &["model", "text"], "evidence to findings; pure, whoever gathered it"),
    room("theme", &["model", "document", "text", "pack"], "colours by role; draws nothing"),
    room("keymap", &["command", "document", "text"], "keys to commands; does nothing"),
    // From the servers inwards.
    room(
        "client",
        &["model", "clock", "privacy", "config", "text", "query"],
        "talks to servers; knows no state and no screen",
    ),
    room(
        "journal",
        &["model", "clock", "privacy"],
        "keeps what others decide; knows no server, no state and no screen",
    ),
    room(
        "blackbox",
        &["model", "clock", "query", "pack", "demo"],
        "a bundle as a place behind the demo's servers; invents nothing",
    ),
    room(
        "gather",
        &["model", "client", "pack", "text"],
        "what is asked about an incident, and what of the answers is evidence; judges nothing",
    ),
    room("query", &["model"], "evaluates queries over memory"),
    room(
        "demo",
        &["model", "clock", "query", "pack", "document", "text"],
        "a place of its own behind four servers; knows nothing of who reads it",
    ),
    room(
        "explore",
        &["model", "pack", "query", "text"],
        "what answers mean, computed from them alone; knows no state and no screen",
    ),
    room("store", &["model", "pack", "text"], "what is known now, whoever asked and whoever looks"),
    room(
        "state",
        &["view", "model", "store", "pack", "config", "command", "keymap", "theme", "text", "explore"],
        "what the person is doing",
    ),
    room(
        "message",
        &["model", "store", "state", "pack", "config", "command", "keymap", "theme", "text", "explore"],
        "the protocol between the loop and the state",
    ),
    room(
        "update",
        &[
            "model", "store", "state", "message", "pack", "config", "command", "keymap", "theme", "text",
            "explore", "privacy",
        ],
        "a pure function of state and message; what a person types is masked before it is kept",
    ),
    room(
        "view",
        &["model", "store", "state", "pack", "config", "command", "keymap", "theme", "text", "explore"],
        "says what is shown, from the state alone",
    ),
    // Outwards to the person.
    room("ui", &["model", "view", "theme", "text", "pack"], "draws the view-model and nothing else"),
    room("terminal", &["message", "model", "config", "keymap", "theme", "text"], "the terminal itself"),
    room(
        "export",
        &["model", "view", "ui", "theme", "text", "pack", "store", "state", "explore"],
        "the same view and frame, into a file",
    ),
    // What holds it together.
    room(
        "respond",
        &["model", "clock", "client", "journal", "privacy", "pack", "config", "query", "text"],
        "does what a person or a rule decided, and records it; knows no state and no screen",
    ),
    room("runtime", &["*"], "runs the loop: the one place where everything meets"),
    room("cli", &["*"], "one file a command: reads arguments, calls, prints"),
];

/// Rooms of which another may use one module only: who, whose, which, why.
pub const WINDOWS: &[(&str, &str, &str, &str)] = &[
    ("ui", "view", "vm", "the view-model is the contract; how it is made is not the drawing's business"),
    ("text", "view", "vm", "words for the view-model's plain states"),
    ("state", "view", "vm", "some of the view-model's plain words are what a person chooses among"),
];

/// Modules within a room that only some rooms may name, by whatever path: name, who, why.
pub const DOORS: &[(&str, &[&str], &str)] = &[
    ("unseal", &["privacy", "client", "respond"], "a raw value is opened only where it is sent to a server"),
    (
        "vault",
        &["privacy", "client", "respond"],
        "what stands behind a mark goes into a query only where it is sent",
    ),
];

/// Something outside of the crate and the rooms that may touch it.
pub struct Outside {
    /// Beginning of a path, or its end when it starts with `::`.
    pub path: &'static str,
    /// Who may: rooms, or single files (`demo/servers`).
    pub only: &'static [&'static str],
    /// Why nobody else.
    pub reason: &'static str,
}

const fn outside(path: &'static str, only: &'static [&'static str], reason: &'static str) -> Outside {
    Outside { path, only, reason }
}

/// The doors to the outside.
pub const OUTSIDE: &[Outside] = &[
    outside(
        "ratatui",
        &["ui", "theme", "terminal", "export", "runtime"],
        "the rest must not know how a frame is drawn",
    ),
    outside("crossterm", &["terminal", "keymap"], "one place knows the terminal's events"),
    outside("ratatui::crossterm", &["terminal", "keymap"], "crossterm by its other name"),
    outside("reqwest", &["client", "respond"], "one place knows deadlines, limits and credentials"),
    outside("rustls", &["client", "respond"], "TLS belongs to the client"),
    outside("rusqlite", &["journal"], "one place knows the database"),
    outside(
        "tokio",
        &["app", "client", "gather", "runtime", "terminal", "cli", "respond", "demo"],
        "the core never awaits",
    ),
    outside("clap", &["cli", "main"], "arguments are read in one place"),
    outside("::Utc::now", CLOCK, CLOCK_REASON),
    outside("::Local::now", CLOCK, CLOCK_REASON),
    outside("::SystemTime::now", CLOCK, CLOCK_REASON),
    outside(
        "::Instant::now",
        &["runtime", "cli", "client", "gather", "terminal"],
        "measuring a latency is the edge's business",
    ),
    outside(
        "std::time::Instant",
        &["runtime", "cli", "client", "gather", "terminal"],
        "inside, time is a value that a message brings",
    ),
    outside("std::time::SystemTime", CLOCK, CLOCK_REASON),
    outside("std::fs", FILES, FILES_REASON),
    outside("std::env", FILES, FILES_REASON),
    outside(
        "std::process",
        &["cli", "main", "runtime", "terminal", "respond"],
        "only the edges start or end processes",
    ),
    outside("tokio_tungstenite", &["client"], "one place follows a tail"),
    outside("lettre", &["respond"], "one place writes mail"),
    outside("rustix", &["respond"], "one place ends programs"),
    outside("axum", &["demo", "respond/watch/server"], "the embedded hospital and the watcher serve"),
    outside("promql_parser", &["query"], "one place reads PromQL"),
    outside("prost", &["demo", "client"], "protobuf is how servers answer, not how the console thinks"),
    outside(
        "libm",
        &["demo", "query", "correlate"],
        "a model and its answers are the same on every machine; elsewhere the platform's own functions do",
    ),
    outside(
        "std::net",
        &["client", "runtime", "cli", "demo", "explore/events", "config/acting"],
        "only the client reaches out",
    ),
    outside(
        "std::thread",
        &["runtime", "terminal", "client", "cli", "demo", "journal"],
        "the core is one plain function",
    ),
];

const CLOCK: &[&str] = &["clock"];
const CLOCK_REASON: &str =
    "the system clock is read in one place, so that the rest can be tested at any time";
const FILES: &[&str] = &[
    "cli", "main", "config", "pack", "theme", "keymap", "document", "client", "runtime", "terminal",
    "export", "journal", "bundle", "demo", "respond",
];
const FILES_REASON: &str = "the core does no I/O";

/// Macros that print, and who may.
pub const PRINTS: (&[&str], &[&str], &str) = (
    &["println", "print", "eprintln", "eprint"],
    &["cli"],
    "stdout carries the result alone, and the screen belongs to the frame",
);

/// Lines of a file, tests included, beyond which it holds more than one idea.
pub const LONGEST: usize = 500;
