//! Configuration from files, variables and flags: exact error texts, layers, origins, secrets.
// Tests stop at the first thing that is not as it should be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "config/acting.rs"]
mod acting;
#[path = "config/bad.rs"]
mod bad;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use bad::{BAD, LEAKY};
use plantao::config::{Flags, Inputs, Loaded, Origin, Paths, keys, load, show};
use plantao::document::Problem;
use proptest::prelude::*;
use tempfile::TempDir;

/// A machine with its folders.
struct Machine {
    folder: TempDir,
    inputs: Inputs,
}

impl Machine {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let at = |name: &str| folder.path().join(name);
        let paths =
            Paths { system: Some(at("etc")), user: vec![at("xdg"), at("home")], home: Some(at("home")) };
        Self { inputs: Inputs { paths, login: Some("ana".to_owned()), ..Inputs::default() }, folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self, folder: &str, text: impl AsRef<[u8]>) -> PathBuf {
        fs::create_dir_all(self.path(folder)).expect("folder");
        let path = self.path(folder).join("config.toml");
        fs::write(&path, text).expect("file");
        path
    }

    fn env(mut self, name: &str, value: &str) -> Self {
        self.inputs.env.insert(name.to_owned(), value.to_owned());
        self
    }

    fn load(&self) -> Result<Loaded, Vec<Problem>> {
        load(&self.inputs)
    }

    fn loaded(&self) -> Loaded {
        self.load().unwrap_or_else(|problems| panic!("{}", text(&problems)))
    }

    /// All problems as a person reads them, with the folder's name taken out.
    fn told(&self) -> String {
        let problems = self.load().expect_err("a problem");
        text(&problems).replace(&format!("{}/", self.folder.path().display()), "")
    }
}

fn text(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn each_bad_file_is_told_exactly() {
    let mut wrong = String::new();
    for (file, expected) in BAD {
        let machine = Machine::new();
        machine.file("xdg", file);
        let told = machine.told();
        if told != *expected {
            wrong = format!("{wrong}--- file\n{file}--- expected\n{expected}--- told\n{told}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn files_that_are_no_text_are_told() {
    let machine = Machine::new();
    machine.file("xdg", b"pack = \"\xff\"\n");
    assert_eq!(machine.told(), "xdg/config.toml: is not UTF-8 text (byte 8)\n");
    let machine = Machine::new();
    machine.file("xdg", vec![b'#'; (1 << 20) + 1]);
    assert_eq!(machine.told(), "xdg/config.toml: is larger than 1048576 bytes, which no configuration is\n");
    let machine = Machine::new();
    fs::create_dir_all(machine.path("etc/config.toml")).expect("folder");
    assert!(machine.told().starts_with("etc/config.toml: cannot be read: "), "{}", machine.told());
    let machine = Machine::new();
    machine.file("xdg", "\u{feff}pack = \"clinic\"\r\n");
    assert_eq!(machine.loaded().config.pack, "clinic");
}

#[test]
fn a_named_file_must_be_there() {
    let mut machine = Machine::new();
    machine.inputs.flags.config = Some(machine.path("none.toml"));
    assert_eq!(
        machine.told(),
        "none.toml: there is no such file\n  help: check the name and the permissions; without --config and PLANTAO_CONFIG the usual places are tried\n"
    );
}

#[test]
fn nothing_at_all_is_a_valid_configuration() {
    let machine = Machine::new();
    let loaded = machine.loaded();
    assert!(loaded.config.active().is_empty());
    assert_eq!(loaded.config.operator, "ana");
    assert_eq!(loaded.origin("operator"), &Origin::Login);
    assert_eq!(loaded.origin("ui.theme"), &Origin::Default);
    assert_eq!(loaded.files.looked.len(), 3);
    assert_eq!(loaded.notes, Vec::<String>::new());
}

#[test]
fn layers_lie_in_their_order_and_each_value_knows_its_origin() {
    let mut machine = Machine::new()
        .env("PLANTAO_THEME", "light")
        .env("PLANTAO_KEYMAP", "vim")
        .env("PLANTAO_ASCII", "off")
        .env("PLANTAO_PACK", "");
    let etc = machine.file("etc", "pack = \"clinic\"\noperator = \"etc\"\n[ui]\ntheme = \"mono\"\nkeymap = \"a\"\nutc = true\n[sources.loki]\nurl = \"http://l:3100\"\ntenant = \"t\"\n");
    let user =
        machine.file("xdg", "operator = \"bia\"\n[ui]\nascii = true\n\n[sources.loki]\ntimeout = \"3s\"\n");
    machine.file("home", "operator = \"never read\"\nbad bad\n");
    machine.inputs.flags = Flags { keymap: Some("mine".to_owned()), ..Flags::default() };
    let loaded = machine.loaded();
    let config = &loaded.config;
    assert_eq!((config.pack.as_str(), config.operator.as_str()), ("clinic", "bia"));
    assert_eq!((config.ui.theme.as_str(), config.ui.keymap.as_str()), ("light", "mine"));
    assert_eq!((config.ui.ascii, config.ui.utc), (false, true));
    let loki = config.sources.loki.as_ref().expect("loki");
    assert_eq!((loki.tenant.as_deref(), loki.timeout.as_secs()), (Some("t"), 3));
    for (path, origin) in [
        ("pack", Origin::File { path: etc.clone(), line: 1 }),
        ("operator", Origin::File { path: user.clone(), line: 1 }),
        ("ui.theme", Origin::Env("PLANTAO_THEME")),
        ("ui.keymap", Origin::Flag("--keymap")),
        ("ui.ascii", Origin::Env("PLANTAO_ASCII")),
        ("ui.utc", Origin::File { path: etc.clone(), line: 6 }),
        ("ui.mouse", Origin::Default),
        ("sources.loki.url", Origin::File { path: etc.clone(), line: 8 }),
        ("sources.loki.timeout", Origin::File { path: user.clone(), line: 6 }),
    ] {
        assert_eq!(loaded.origin(path), &origin, "{path}");
    }
    assert_eq!(loaded.files.user, Some(user));
    assert_eq!(loaded.user_dirs, [machine.path("xdg"), machine.path("etc")]);
}

#[test]
fn a_file_of_ones_own_replaces_the_persons_but_not_the_systems() {
    let mut machine = Machine::new();
    machine.file("etc", "pack = \"clinic\"\n");
    machine.file("xdg", "operator = \"bia\"\n");
    let own = machine.file("own", "operator = \"eva\"\n");
    machine.inputs.env.insert("PLANTAO_CONFIG".to_owned(), own.display().to_string());
    let loaded = machine.loaded();
    assert_eq!((loaded.config.operator.as_str(), loaded.config.pack.as_str()), ("eva", "clinic"));
    assert_eq!(loaded.user_dirs[0], machine.path("own"));
    machine.inputs.flags.config = Some(machine.path("xdg/config.toml"));
    assert_eq!(machine.loaded().config.operator, "bia");
}

#[test]
fn variables_are_checked_like_files() {
    let machine = Machine::new()
        .env("PLANTAO_LOKY", "http://l")
        .env("PLANTAO_XYZZYXYZZY", "1")
        .env("PLANTAO_LOKI", "loki:3100")
        .env("PLANTAO_UTC", "maybe")
        .env("PLANTAO_CONTEXT", "lab")
        .env("PATH", "/bin");
    assert_eq!(
        machine.told(),
        "PLANTAO_LOKY: unknown variable
  help: did you mean `PLANTAO_LOKI`?
PLANTAO_XYZZYXYZZY: unknown variable
  help: `plantao config show` and docs/configuration.md list what there is; unset it
PLANTAO_UTC: `maybe` is neither true nor false; write 1 or 0
PLANTAO_LOKI: the address has no scheme
  help: did you mean `http://loki:3100`?
PLANTAO_CONTEXT: unknown context `lab`
  help: there is no [contexts.NAME] in any file
"
    );
}

#[test]
fn problems_of_all_layers_come_at_once() {
    let mut machine = Machine::new().env("PLANTAO_TEMPO", "x");
    machine.file("etc", "pak = 1\n");
    machine.file("xdg", "= 3\n");
    machine.inputs.flags.loki = Some("ftp://x".to_owned());
    let told = machine.told();
    for part in
        ["etc/config.toml:1:1: unknown key `pak`", "xdg/config.toml:1:", "PLANTAO_TEMPO: ", "--loki: "]
    {
        assert!(told.contains(part), "{part} in {told}");
    }
}

const WITH_AUTH: &str = "[sources.prometheus]\nurl = \"https://prom.example:9090/a\"\ntimeout = \"3s\"\ntenant = \"icu\"\nheaders = { X-Key = \"s3cret\" }\nbasic = { user = \"ana\", password_file = \"/run/pw\" }\nca_file = \"ca.pem\"\ninsecure_skip_verify = true\n";

#[test]
fn credentials_stay_with_their_server() {
    for (url, kept) in [
        ("https://prom.example:9090/other", true),
        ("https://PROM.example:9090", true),
        ("http://prom.example:9090", false),
        ("https://prom.example:9091", false),
        ("https://evil.example:9090", false),
        ("https://prom.example.evil:9090", false),
    ] {
        let mut machine = Machine::new();
        machine.file("xdg", WITH_AUTH);
        machine.inputs.flags.prometheus = Some(url.to_owned());
        let loaded = machine.loaded();
        let source = loaded.config.sources.prometheus.as_ref().expect("prometheus");
        let has = !source.headers.is_empty() || source.basic.is_some() || source.tenant.is_some();
        assert_eq!((has, source.insecure_skip_verify), (kept, kept), "{url}");
        assert_eq!(source.timeout.as_secs(), 3);
        assert_eq!(source.ca_file, Some(machine.path("xdg/ca.pem")));
        assert_eq!(loaded.origin("sources.prometheus.url"), &Origin::Flag("--prometheus"));
        if kept {
            assert_eq!(loaded.notes, Vec::<String>::new(), "{url}");
        } else {
            assert_eq!(
                loaded.notes,
                [format!(
                    "prometheus: --prometheus points to another server ({}), so headers, tenant, basic, insecure_skip_verify from the layers below stay behind: they were meant for the server named there",
                    url.to_lowercase()
                )]
            );
        }
    }
}

#[test]
fn a_flag_does_not_take_credentials_that_name_no_server() {
    let mut machine = Machine::new();
    machine.file("xdg", "[sources.loki]\nbearer_token_file = \"/t\"\n");
    machine.inputs.flags.loki = Some("http://localhost:3100".to_owned());
    let loaded = machine.loaded();
    assert_eq!(loaded.config.sources.loki.as_ref().and_then(|loki| loki.bearer_token_file.clone()), None);
    assert_eq!(loaded.notes.len(), 1);
}

#[test]
fn contexts_start_from_the_base_and_override_by_source() {
    let file = format!(
        "context = \"lab\"\n{WITH_AUTH}[[sources.exposition]]\nname = \"node\"\nurl = \"http://n/metrics\"\n
[contexts.lab.sources.prometheus]\nurl = \"http://lab:9090\"\n[[contexts.lab.sources.exposition]]\nname = \"node\"\ninterval = \"1m\"\nurl = \"http://lab/probe?target=x\"\n
[contexts.tenant2.sources.prometheus]\ntenant = \"er\"\n"
    );
    let mut machine = Machine::new();
    machine.file("xdg", &file);
    let loaded = machine.loaded();
    let lab = loaded.config.active();
    let prometheus = lab.prometheus.as_ref().expect("prometheus");
    assert_eq!((prometheus.shown_url().as_str(), prometheus.timeout.as_secs()), ("http://lab:9090", 3));
    assert!(prometheus.headers.is_empty() && prometheus.basic.is_none() && prometheus.tenant.is_none());
    assert_eq!((lab.exposition.len(), lab.exposition[0].interval.as_secs()), (1, 60));
    assert_eq!(loaded.notes.len(), 1, "{:?}", loaded.notes);
    let er = loaded.config.contexts["tenant2"].prometheus.as_ref().expect("prometheus");
    assert_eq!((er.tenant.as_deref(), er.basic.is_some()), (Some("er"), true));

    // A flag reaches the chosen context alone.
    machine.inputs.flags.prometheus = Some("http://here:1".to_owned());
    machine.inputs.flags.context = Some("tenant2".to_owned());
    let loaded = machine.loaded();
    assert_eq!(loaded.config.active().prometheus.as_ref().expect("prometheus").shown_url(), "http://here:1");
    let lab = loaded.config.contexts["lab"].prometheus.as_ref().expect("prometheus");
    assert_eq!(lab.shown_url(), "http://lab:9090");
    let base = loaded.config.sources.prometheus.as_ref().expect("prometheus");
    assert_eq!(base.shown_url(), "https://prom.example:9090/a");
    assert_eq!(loaded.origin("contexts.tenant2.sources.prometheus.url"), &Origin::Flag("--prometheus"));
}

#[test]
fn shared_keys_without_an_address_serve_the_contexts() {
    let machine = Machine::new();
    machine.file("xdg", "[sources.loki]\nbearer_token_file = \"~/t\"\n[contexts.a.sources.loki]\nurl = \"https://a\"\n[contexts.b]\n");
    let loaded = machine.loaded();
    assert!(loaded.config.sources.loki.is_none());
    let loki = loaded.config.contexts["a"].loki.as_ref().expect("loki");
    assert_eq!(loki.bearer_token_file, Some(machine.path("home/t")));
    assert!(loaded.config.contexts["b"].loki.is_none());
}

#[test]
fn another_way_to_sign_in_replaces_the_lower_one() {
    let machine = Machine::new();
    machine.file("etc", "[sources.loki]\nurl = \"https://l\"\nbearer_token_file = \"/t\"\n");
    machine.file("xdg", "[sources.loki]\nbasic = { user = \"a\", password_file = \"/p\" }\n");
    let loki = machine.loaded().config.sources.loki.expect("loki");
    assert!(loki.basic.is_some() && loki.bearer_token_file.is_none());
}

#[test]
fn only_the_machines_own_file_gives_roles() {
    use plantao::model::{Identity, Role, Roles};
    let ana = Identity { user: "ana".to_owned(), uid: Some(1000), ..Identity::default() };
    let machine = Machine::new();
    assert_eq!(machine.loaded().config.roles, Roles::default());
    assert_eq!(
        machine.loaded().config.roles.of(&ana),
        Role::Admin,
        "nobody said anything: it is ana's machine"
    );

    // A person's own file, variables and flags raise nothing.
    let mut machine = Machine::new();
    machine.file("etc", "[roles]\nresponder = [\"group:oncall\"]\n");
    let own = machine.file("xdg", "[roles]\nadmin = [\"user:ana\"]\ndefault = \"admin\"\nssh_keys = true\n");
    let loaded = machine.loaded();
    assert_eq!(loaded.config.roles.of(&ana), Role::Viewer, "who is not listed only looks");
    assert!(!loaded.config.roles.ssh_keys);
    assert!(
        loaded.notes.iter().any(|note| note.starts_with(&own.display().to_string())),
        "{:?}",
        loaded.notes
    );
    let oncall = Identity { groups: vec!["oncall".to_owned()], ..ana.clone() };
    assert_eq!(loaded.config.roles.of(&oncall), Role::Responder);
    machine.inputs.flags.operator = Some("root".to_owned());
    machine.inputs.flags.config = Some(own);
    assert_eq!(machine.loaded().config.roles.of(&ana), Role::Viewer);

    // Without a table in the machine's file a person's own is no more than a wish.
    let machine = Machine::new();
    machine.file("xdg", "[roles]\ndefault = \"viewer\"\n");
    assert_eq!(machine.loaded().config.roles, Roles::default());

    // What is wrong is told, and nothing starts: a role that was misspelt must not fall back to more.
    let machine = Machine::new();
    machine.file("etc", "[roles]\ndefault = \"operator\"\nadmin = [\"ana\", \"key:x\"]\nreponder = []\n");
    let told = machine.told();
    for words in ["roles.default", "roles.admin[0]", "roles.admin[1]", "reponder", "did you mean `responder`"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
}

#[test]
fn the_machines_journal_outranks_a_persons_and_that_is_told() {
    let machine = Machine::new();
    machine.file(
        "etc",
        "[journal]\npath = \"/var/lib/plantao/journal.db\"\naudit_key_file = \"/etc/plantao/audit.key\"\n",
    );
    let own = machine.file("xdg", "[journal]\npath = \"/tmp/mine.db\"\naudit_key_file = \"/tmp/mine.key\"\n");
    let loaded = machine.loaded();
    assert_eq!(loaded.config.journal.as_deref(), Some("/var/lib/plantao/journal.db".as_ref()));
    assert_eq!(loaded.config.audit_key.as_deref(), Some("/etc/plantao/audit.key".as_ref()));
    for (line, key) in [(2, "[journal] path"), (3, "[journal] audit_key_file")] {
        let place = format!("{}:{line}: {key}", own.display());
        assert!(loaded.notes.iter().any(|note| note.starts_with(&place)), "{place}: {:?}", loaded.notes);
    }
    assert_eq!(
        loaded.origin("journal.path").to_string(),
        format!("{}:2", machine.path("etc/config.toml").display())
    );

    // A key of one's own beside the machine's journal would begin a second chain.
    let machine = Machine::new();
    machine.file("etc", "[journal]\npath = \"/var/lib/plantao/journal.db\"\n");
    machine.file("xdg", "[journal]\naudit_key_file = \"/tmp/mine.key\"\n");
    let loaded = machine.loaded();
    assert_eq!((loaded.config.audit_key, loaded.notes.len()), (None, 1));

    // The same path is no contradiction, and without a word of the machine a person's own counts.
    let machine = Machine::new();
    machine.file("etc", "[journal]\npath = \"/var/lib/plantao/journal.db\"\n");
    machine.file("xdg", "[journal]\npath = \"/var/lib/plantao/journal.db\"\n");
    assert_eq!(machine.loaded().notes, [""; 0]);
    let machine = Machine::new();
    machine.file("xdg", "[journal]\npath = \"/tmp/mine.db\"\n");
    assert_eq!(machine.loaded().config.journal.as_deref(), Some("/tmp/mine.db".as_ref()));
}

#[test]
fn only_the_machines_own_file_lets_anybody_reveal_what_is_masked() {
    use plantao::config::Reveal;
    use plantao::model::Role;
    let machine = Machine::new();
    assert_eq!(machine.loaded().config.reveal, None, "nobody, where nobody said anything");
    let own = machine.file("xdg", "[reveal]\nrole = \"viewer\"\n");
    let loaded = machine.loaded();
    assert_eq!(loaded.config.reveal, None);
    assert!(
        loaded.notes[0].starts_with(&format!("{}:1: [reveal] counts only", own.display())),
        "{:?}",
        loaded.notes
    );
    machine.file("etc", "[reveal]\n");
    assert_eq!(machine.loaded().config.reveal, Some(Reveal { role: Role::Admin, for_s: Reveal::FOR_S }));
    machine.file("etc", "[reveal]\nrole = \"responder\"\nfor = \"45s\"\n");
    assert_eq!(machine.loaded().config.reveal, Some(Reveal { role: Role::Responder, for_s: 45 }));
    machine.file("etc", "[reveal]\nrole = \"doctor\"\nfor = \"1h\"\nwhy = 1\n");
    let told = machine.told();
    for words in ["reveal.role", "reveal.for", "why"] {
        assert!(told.contains(words), "{words}: {told}");
    }
}

#[test]
fn the_systems_privacy_outranks_and_hidden_fields_add_up() {
    let machine = Machine::new();
    machine.file("etc", "[privacy]\nfields = [\"nome_social\"]\nkey_file = \"the.key\"\n");
    machine.file("xdg", "[privacy]\nfields = [\"leito\", \"nome_social\"]\nkey_file = \"mine.key\"\n");
    let privacy = machine.loaded().config.privacy;
    assert_eq!(privacy.key_file, Some(machine.path("etc/the.key")));
    assert_eq!(privacy.fields, ["leito", "nome_social"]);

    let machine = Machine::new();
    machine.file("xdg", "[privacy]\nkey_file = \"mine.key\"\nfields = [\"_\"]\n");
    let told = machine.told();
    assert!(told.contains("privacy.fields[0]: is not the name of a field"), "{told}");
}

#[test]
fn sign_in_without_encryption_is_told() {
    for (url, told) in [
        ("http://prom.example", true),
        ("https://prom.example", false),
        ("http://127.0.0.1:1", false),
        ("http://[::1]:1", false),
        ("http://localhost", false),
    ] {
        let machine = Machine::new();
        machine.file("xdg", format!("[sources.loki]\nurl = \"{url}\"\nbearer_token_file = \"/t\"\n"));
        assert_eq!(machine.loaded().notes.len(), usize::from(told), "{url}");
    }
}

#[test]
fn what_is_shown_loads_again_to_the_same() {
    let mut machine = Machine::new();
    machine.file(
        "xdg",
        "context = \"lab\"\nread_only = true\n[journal]\npath = \"/j\"\n[ui]\nwindow = \"1h1m1s\"\nnotify = \"osc9\"\n[sources.loki]\nurl = \"https://l/x\"\nproxy = \"http://p:3128\"\nbasic = { user = \"a\\\"b\", password_file = \"/p\" }\n[[sources.exposition]]\nname = \"node\"\nurl = \"http://n/metrics\"\n[contexts.lab.sources.tempo]\nurl = \"http://t\"\ncert_file = \"/c\"\nkey_file = \"/k\"\ninsecure_skip_verify = true\n[contexts.\"two words\"]\n",
    );
    let first = machine.loaded();
    let shown = show::toml(&first);
    let again = machine.file("again", &shown);
    machine.inputs.flags.config = Some(again);
    assert_eq!(machine.loaded().config, first.config, "{shown}");
    let line = format!("window = \"3661s\"  # {}:6\n", machine.path("xdg/config.toml").display());
    assert!(shown.contains(&line), "{shown}");
    assert!(shown.contains("theme = \"dark\"  # default\n"), "{shown}");
}

#[test]
fn a_secret_is_in_no_output() {
    let machine = Machine::new();
    machine.file("xdg", "[sources.loki]\nurl = \"https://l\"\nheaders = { Authorization = \"Bearer s3cret\", X-Key = \"s3cret\" }\n[[sources.exposition]]\nname = \"n\"\nurl = \"http://n/m?token=s3cret\"\n");
    let loaded = machine.loaded();
    for output in
        [show::toml(&loaded), format!("{loaded:?}"), format!("{loaded:#?}"), loaded.notes.join("\n")]
    {
        assert!(!output.contains("s3cret"), "{output}");
    }
    assert!(show::toml(&loaded).contains("# headers.X-Key: not shown  # "));
    let headers = &loaded.config.sources.loki.as_ref().expect("loki").headers;
    assert_eq!(headers[0].1.expose(), "Bearer s3cret");
}

#[test]
fn a_problem_never_repeats_a_secret() {
    for file in LEAKY {
        let machine = Machine::new();
        machine.file("xdg", file);
        let told = machine.told();
        assert!(!told.contains("s3cret"), "{file}\n{told}");
    }
    for name in ["PLANTAO_PROMETHEUS", "PLANTAO_LOKI"] {
        let told = Machine::new().env(name, "http://ana:s3cret@l").told();
        assert!(!told.contains("s3cret"), "{told}");
        assert!(told.contains("password_file"), "{told}");
    }
}

/// The tables of a file, each with a key nobody knows, and the keys that are known there.
fn tables() -> Vec<(&'static str, Vec<&'static str>)> {
    let page = [keys::SOURCE, keys::PAGE].concat();
    vec![
        ("zzzzzzzzzzzzzzzz = 1", keys::TOP.to_vec()),
        ("[ui]\nzzzzzzzzzzzzzzzz = 1", keys::UI.to_vec()),
        ("[sources]\nzzzzzzzzzzzzzzzz = 1", keys::SOURCES.to_vec()),
        ("[sources.loki]\nzzzzzzzzzzzzzzzzzzzzzzzz = 1", keys::SOURCE.to_vec()),
        ("[[sources.exposition]]\nzzzzzzzzzzzzzzzzzzzzzzzz = 1", page),
        ("[journal]\nzzzzzzzzzzzzzzzz = 1", keys::JOURNAL.to_vec()),
        ("[privacy]\nzzzzzzzzzzzzzzzz = 1", keys::PRIVACY.to_vec()),
        ("[watch]\nzzzzzzzzzzzzzzzz = 1", keys::WATCH.to_vec()),
        ("[contexts.a]\nzzzzzzzzzzzzzzzz = 1", vec!["sources"]),
    ]
}

#[test]
fn the_list_of_keys_is_what_the_reader_knows() {
    for (file, mut known) in tables() {
        let machine = Machine::new();
        machine.file("xdg", file);
        known.sort_unstable();
        let told = machine.told();
        assert!(told.contains(&format!("  help: known here: {}\n", known.join(", "))), "{file}\n{told}");
    }
}

#[test]
fn every_key_variable_and_flag_is_documented() {
    use clap::CommandFactory;
    let page = include_str!("../docs/configuration.md");
    let words = [
        keys::TOP,
        keys::UI,
        keys::SOURCES,
        keys::SOURCE,
        keys::PAGE,
        keys::BASIC,
        keys::JOURNAL,
        keys::PRIVACY,
        keys::CHANNEL,
        keys::CONTACT,
        keys::ROTA,
        keys::COMMAND,
        keys::WATCH,
    ];
    for key in words.concat() {
        assert!(
            page.contains(&format!("`{key}`"))
                || page.contains(&format!("`[{key}]`"))
                || page.contains(&format!("`[[{key}]]`")),
            "{key}"
        );
    }
    for name in keys::ENV {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
    let command = plantao::cli::Cli::command();
    for flag in
        command.get_arguments().filter_map(|arg| arg.get_long()).filter(|f| !["help", "version"].contains(f))
    {
        assert!(page.contains(&format!("`--{flag}`")), "{flag}");
    }
}

#[test]
fn the_example_loads_without_a_problem_and_names_every_key() {
    let machine = Machine::new();
    let example = include_str!("../docs/config.example.toml");
    machine.file("xdg", example);
    assert_eq!(machine.loaded().notes, Vec::<String>::new());
    // Whoever takes the comments away has a valid file, too.
    let whole: String = example
        .lines()
        .map(|line| line.strip_prefix("#: ").unwrap_or(line))
        .fold(String::new(), |all, line| all + line + "\n");
    let machine = Machine::new();
    machine.file("xdg", &whole);
    let loaded = machine.loaded();
    assert!(loaded.config.contexts.len() >= 2, "{whole}");
    for key in [keys::UI, keys::SOURCE, keys::PAGE, keys::BASIC].concat() {
        assert!(whole.contains(&format!("{key} = ")), "{key}");
    }
}

fn load_text(bytes: &[u8], folder: &Path) -> Result<Loaded, Vec<Problem>> {
    let path = folder.join("soup.toml");
    fs::write(&path, bytes).expect("file");
    let flags = Flags { config: Some(path), ..Flags::default() };
    load(&Inputs { flags, env: BTreeMap::new(), ..Inputs::default() })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let folder = tempfile::tempdir().expect("folder");
        if let Err(problems) = load_text(&bytes, folder.path()) {
            prop_assert!(!problems.is_empty());
            text(&problems);
        }
    }

    #[test]
    fn no_pieces_of_a_configuration_make_it_panic(
        pieces in proptest::collection::vec(prop_oneof![
            Just("[sources.loki]\n"), Just("[[sources.exposition]]\n"), Just("[contexts.\"ü\"."), Just("sources.tempo]\n"),
            Just("url = "), Just("\"http://[::1]:1/é?\""), Just("\"\\u0000\""), Just("{ A = 1 }"), Just("headers = "),
            Just("basic = "), Just("[ui]\n"), Just("window = \"9w\""), Just("\n"), Just("name = 'é'\n"), Just("\t"), Just("\"\"\"\n"),
            Just("context = 'x'\n"), Just("= ["), Just("rota"), Just("\u{1b}"), Just("url = 'http://a'\n"),
        ], 0..14)
    ) {
        let folder = tempfile::tempdir().expect("folder");
        match load_text(pieces.concat().as_bytes(), folder.path()) {
            Ok(loaded) => { show::toml(&loaded); }
            Err(problems) => prop_assert!(!problems.is_empty() && !text(&problems).is_empty()),
        }
    }
}
