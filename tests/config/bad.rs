//! Bad files.

/// Bad files and what is said of each, exactly.
pub const BAD: &[(&str, &str)] = &[
    (
        "[sources.prometheus]\nurl = \"localhost:9090\"\n",
        "xdg/config.toml:2:7: sources.prometheus.url: the address has no scheme
  2 | url = \"localhost:9090\"
    |       ^^^^^^^^^^^^^^^^
  help: did you mean `http://localhost:9090`?
",
    ),
    (
        "[sources.loki]\nurl = \"http://l\"\ntimout = \"5s\"\n[sources.tmpo]\nurl = 1\n",
        "xdg/config.toml:3:1: sources.loki: unknown key `timout`
  3 | timout = \"5s\"
    | ^^^^^^
  help: did you mean `timeout`?
xdg/config.toml:4:10: sources: unknown key `tmpo`
  4 | [sources.tmpo]
    |          ^^^^
  help: did you mean `tempo`?
",
    ),
    (
        "[sources.loki]\nurl = 9\ntimeout = \"5 minutes\"\ntenant = true\n[ui]\nmouse = \"yes\"\n",
        "xdg/config.toml:2:7: sources.loki.url: expected a string, found an integer
  2 | url = 9
    |       ^
xdg/config.toml:3:11: sources.loki.timeout: `5 minutes` is not a duration; write 90s, 15m, 1h30m or 7d
  3 | timeout = \"5 minutes\"
    |           ^^^^^^^^^^^
xdg/config.toml:4:10: sources.loki.tenant: expected a string, found a boolean
  4 | tenant = true
    |          ^^^^
xdg/config.toml:6:9: ui.mouse: expected true or false, found a string
  6 | mouse = \"yes\"
    |         ^^^^^
",
    ),
    (
        "[sources.tempo]\nurl = \"https://t\"\ncert_file = \"/c.pem\"\n",
        "xdg/config.toml:3:13: sources.tempo: `cert_file` needs `key_file` beside it
  3 | cert_file = \"/c.pem\"
    |             ^^^^^^^^
",
    ),
    (
        "[sources.tempo]\nurl = \"https://t\"\nbasic = { user = \"ana\" }\n",
        "xdg/config.toml:3:9: sources.tempo.basic: `basic` needs `password_file` beside it
  3 | basic = { user = \"ana\" }
    |         ^^^^^^^^^^^^^^^^
",
    ),
    (
        "[sources.tempo]\nurl = \"https://t\"\nbasic = { user = \"a\", password_file = \"/p\" }\nbearer_token_file = \"/t\"\n",
        "xdg/config.toml:3:9: sources.tempo: `basic` and `bearer_token_file` exclude each other
  3 | basic = { user = \"a\", password_file = \"/p\" }
    |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  help: keep the one that the server asks for
",
    ),
    (
        "[sources.tempo]\nurl = \"https://ana:s3cret@t\"\n",
        "xdg/config.toml:2:7: sources.tempo.url: the address holds a user name or password, which would end up in logs and on screens
  help: take them out and write basic = { user = \"…\", password_file = \"…\" }
",
    ),
    (
        "[sources.tempo]\nurl = \"https://t\"\nbasic = { user = \"ana\", password = \"s3cret\" }\n",
        "xdg/config.toml:3:36: sources.tempo.basic.password: a secret does not belong into this file
  help: write the password into a file that only you can read and name it: password_file = \"…\"
",
    ),
    (
        "[sources.tempo]\nurl = \"https://t\"\nbearer_token = \"s3cret\"\n",
        "xdg/config.toml:3:16: sources.tempo.bearer_token: a secret does not belong into this file
  help: write the token into a file that only you can read and name it: bearer_token_file = \"…\"
",
    ),
    (
        "[sources.tempo.headers]\nX-Key = 5\n\"a b\" = \"s3cret\"\nHost = \"s3cret\"\n",
        "xdg/config.toml:1:10: sources.tempo: `url` is missing
xdg/config.toml:2:9: sources.tempo.headers.X-Key: expected a string, found an integer
xdg/config.toml:3:1: sources.tempo.headers: this is not a header name; letters, digits and `-` make one
xdg/config.toml:4:1: sources.tempo.headers: the header `Host` is set by plantao itself
",
    ),
    (
        "[[sources.exposition]]\nname = \"node\"\nurl = \"http://a/metrics\"\n[[sources.exposition]]\nname = \"node\"\nurl = \"http://b/metrics\"\n[[sources.exposition]]\nurl = \"http://c\"\n",
        "xdg/config.toml:5:8: sources.exposition[1].name: the name `node` is used twice
  5 | name = \"node\"
    |        ^^^^^^
  help: each page needs a name of its own
xdg/config.toml:7:1: sources.exposition[2].name is missing
  7 | [[sources.exposition]]
    | ^^^^^^^^^^^^^^^^^^^^^^
",
    ),
    (
        "context = \"lba\"\n[contexts.lab.sources.loki]\nurl = \"http://l\"\n[contexts.prod.sources.loki]\nurl = \"http://p\"\n",
        "xdg/config.toml:1:11: unknown context `lba`
  1 | context = \"lba\"
    |           ^^^^^
  help: did you mean `lab`?
",
    ),
    (
        "[ui]\nnotify = \"bel\"\nwindow = \"5s\"\nlang = \"pt\"\ntheme = \"../x\"\n",
        "xdg/config.toml:2:10: ui.notify: unknown word `bel`
  2 | notify = \"bel\"
    |          ^^^^^
  help: did you mean `bell`?
xdg/config.toml:3:10: ui.window: must be between 1m and 31d
  3 | window = \"5s\"
    |          ^^^^
xdg/config.toml:4:8: ui.lang: unknown word `pt`
  4 | lang = \"pt\"
    |        ^^^^
  help: known here: en
xdg/config.toml:5:9: ui.theme: is not a name; letters, digits, `-`, `_` and `.` only, not starting with `.`
  5 | theme = \"../x\"
    |         ^^^^^^
",
    ),
    (
        "[sources.prometheus]\ntenant = \"x\"\n[contexts.lab.sources.prometheus]\ntimeout = \"5s\"\n",
        "xdg/config.toml:1:1: sources.prometheus: `url` is missing
  1 | [sources.prometheus]
    | ^^^^^^^^^^^^^^^^^^^^
xdg/config.toml:3:1: contexts.lab.sources.prometheus: `url` is missing
  3 | [contexts.lab.sources.prometheus]
    | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
",
    ),
    ("privacy = 3\nrota = {}\n", "xdg/config.toml:1:11: privacy: expected a table, found an integer
  1 | privacy = 3
    |           ^
xdg/config.toml:2:8: rota: expected a list, found a table
  2 | rota = {}
    |        ^^
"),
];

/// Files that are wrong beside, around or within a secret.
pub const LEAKY: &[&str] = &[
    "[sources.loki]\nurl = \"https://ana:s3cret@l\n",
    "[sources.loki]\nurl = \"ana:s3cret@l\"\n",
    "[sources.loki]\nproxy = \"http://ana:s3cret@p\"\n",
    "[sources.loki]\nheaders = { A = \"s3cret }\n",
    "[sources.loki]\nheaders = {\n A = \"s3cret\n}\n",
    "[sources.loki.headers]\nA = \"s3cret\" \"\n",
    "[sources.loki.headers]\nA = [\"s3cret\"]\n",
    "[sources.loki.headers]\nA = { b = \"s3cret\" }\n",
    "[sources.loki.headers]\nA = \"s3cret\\n\"\na = \"s3cret\"\n",
    "[sources.loki.headers]\nA = \"\"\"\ns3cret\n\u{1}\"\"\"\n",
    "[sources.loki]\nheaders = \"s3cret\"\n",
    "[sources.loki]\nheader = { A = \"s3cret\" }\n",
    "[sources.loki]\npassword = \"s3cret\"\n",
    "[sources.loki]\nbasic = \"ana:s3cret@\"\n",
    "[sources.loki]\nbasic = { user = \"ana\", password = \"s3cret\" }\n",
    "[sources.loki]\nbasic = { user = \"ana\", passwrd = 1, password = \"s3cret\" }\n",
    "[sources.loki.basic]\nuser = \"ana\"\npassword = \"s3cret\"\n",
    "[sources.loki]\nbearer_token = \"s3cret\n",
    "[sources.loki]\nAPI_KEY = \"s3cret\"\n",
    "[sources.loki]\ntoken = \"\"\"\n\ns3cret\"\"\"\n",
    "[sources.loki]\nurl = \"http://l?key=s3cret\"\n",
    "[sources.loki.headers]\n\"Authorization: Bearer s3cret\" = 1\n",
];
