//! Bad packs: every problem of every file at once, with its exact words and place.
// Tests may end by panicking: that is how they fail.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::fs;
use std::path::Path;

use plantao::pack;

fn shown(problems: &[plantao::document::Problem]) -> String {
    problems.iter().map(ToString::to_string).collect()
}

fn write(folder: &Path, file: &str, text: &str) {
    let path = folder.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A small pack that is right; tests break it.
fn small(folder: &Path) {
    write(
        folder,
        "pack.toml",
        "title = \"Small\"\nzone = \"UTC\"\n[alerting]\nseverities = { critical = \"critical\" }\n",
    );
    write(folder, "panels.toml", "[up]\ntitle = \"Up\"\nkind = \"stat\"\nquery = \"up\"\n");
    write(
        folder,
        "pages.toml",
        "[[pages]]\nid = \"overview\"\ntitle = \"Overview\"\n[[pages.rows]]\ncells = [{ panel = \"up\" }]\n",
    );
}

/// Loads a pack whose files are the small pack's with some replaced; the problems, with the folder's
/// path taken out.
fn problems(files: &[(&str, &str)]) -> String {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("bad");
    small(&folder);
    for (file, text) in files {
        write(&folder, file, text);
    }
    let problems = pack::load("bad", &[dir.path().to_owned()]).expect_err("the pack is bad");
    shown(&problems).replace(&format!("{}/", folder.display()), "")
}

#[test]
fn a_bad_pack_yields_all_its_problems_at_once() {
    let text = problems(&[
        (
            "pack.toml",
            "title = \"\"\nzone = \"America/Sao_Paolo\"\ncolour = 1\n\
             [alerting]\nwatchdgo = \"W\"\n\
             [alerting.severities]\ncritical = \"low\"\nwarning = \"mediun\"\n\
             [alerting.response]\ncritical = \"15x\"\n",
        ),
        ("alerts.toml", "[A]\nrunbook = \"A.md\"\nseverity = 3\n[B]\nrunbook = \"../../B.md\"\n"),
        (
            "panels.toml",
            "[up]\ntitle = \"Up\"\nkind = \"stat\"\nquery = \"sum(up\"\n\
             [mem]\ntitle = \"Memory\"\nkind = \"gage\"\nquery = \"m\"\nfallback = \"rate(m[5m])\"\n",
        ),
    ]);
    assert_eq!(
        text,
        r#"pack.toml:1:9: title: must not be empty
  1 | title = ""
    |         ^^
pack.toml:2:8: zone: unknown time zone `America/Sao_Paolo`
  2 | zone = "America/Sao_Paolo"
    |        ^^^^^^^^^^^^^^^^^^^
  help: did you mean `America/Sao_Paulo`?
pack.toml:3:1: unknown key `colour`
  3 | colour = 1
    | ^^^^^^
  help: known here: alerting, departments, escalation, levels, models, playbooks, title, zone
pack.toml:5:1: alerting: unknown key `watchdgo`
  5 | watchdgo = "W"
    | ^^^^^^^^
  help: did you mean `watchdog`?
pack.toml:7:12: alerting.severities.critical: an alert that calls itself critical must be critical or high
  7 | critical = "low"
    |            ^^^^^
pack.toml:8:11: alerting.severities.warning: unknown severity `mediun`
  8 | warning = "mediun"
    |           ^^^^^^^^
  help: did you mean `medium`?
pack.toml:10:12: alerting.response.critical: `15x` is not a duration; write 90s, 15m, 1h30m or 7d
  10 | critical = "15x"
     |            ^^^^^
panels.toml:4:9: up.query: `(` has no partner
  4 | query = "sum(up"
    |         ^^^^^^^^
panels.toml:7:8: mem.kind: unknown kind `gage`
  7 | kind = "gage"
    |        ^^^^^^
  help: did you mean `gauge`?
panels.toml:9:12: mem.fallback: `rate(m[5m])` is not a plain selector such as name{label="value"}
  9 | fallback = "rate(m[5m])"
    |            ^^^^^^^^^^^^^
  help: it is answered from a scraped page, which has no history and no functions
alerts.toml:2:11: A.runbook: there is no file runbooks/A.md
  2 | runbook = "A.md"
    |           ^^^^^^
alerts.toml:3:12: A.severity: expected a string, found an integer
  3 | severity = 3
    |            ^
alerts.toml:5:11: B.runbook: a runbook is a file name ending in .md, in the folder runbooks
  5 | runbook = "../../B.md"
    |           ^^^^^^^^^^^^
"#
    );
}

#[test]
fn every_reference_and_mark_is_checked() {
    let text = problems(&[
        (
            "panels.toml",
            r#"[up]
title = "Up"
kind = "stat"
query = "up{d=\"$departmnt\"}"
thresholds = { warning = 5, critical = 2 }

[accuracy]
title = "Accuracy of $model"
kind = "gauge"
unit = "ratio"
query = "accuracy"
thresholds = { warning = 0.8, critical = 0.9, low_is_bad = true }
legend = "{model"
select = { model = "$model" }

[load]
title = "Load"
kind = "gauge"
query = "load{x=\"}"
min = 2
states = [{ value = 1, word = "a" }, { value = 1, word = "b", level = "bad" }, { word = "c" }]
max_fallback = [["total"], ["used", "1x"]]
lost = ["0"]

[share]
title = "Share"
kind = "stat"
query = "m"
thresholds = { critical = 0.9, of_max = true }
"#,
        ),
        (
            "pages.toml",
            r#"[[pages]]
id = "overview"
title = "Overview of $department"
[[pages.rows]]
height = 8
min_height = 4
cells = [{ panel = "upp" }, { panel = "accuracy", weight = 0 }, { panel = "up", card = "x" }]
[[pages.rows]]
cells = [{ alerts = "department" }, { alerts = "needs_me" }, { models = ["accuracy"], weight = 2 }, {}]
[[pages.rows]]
cells = []
[[pages.rows]]
height = 2
cells = [{ card = "Two", panels = ["load", "load"] }]

[[pages]]
id = "overview"
title = "Again"
rows = []
"#,
        ),
        (
            "pack.toml",
            r#"title = "Small"
zone = "UTC"

[alerting]
severities = { critical = "critical" }
default_category = "securty"
response = { critical = "2h", high = "1h" }

[[alerting.categories]]
id = "security"
title = "Security"

[[departments]]
id = "icu"
title = "ICU"
[[departments.rows]]
cells = [{ panel = "accuracy" }, { panel = "nothing_like_it" }]

[[departments]]
id = "icu"
title = "Again"
"#,
        ),
        ("alerts.toml", "[A]\ncategory = \"performance\"\n"),
    ]);
    assert_eq!(
        text,
        r#"pack.toml:6:20: alerting.default_category: unknown category `securty`
  6 | default_category = "securty"
    |                    ^^^^^^^^^
  help: did you mean `security`?
pack.toml:7:38: alerting.response.high: critical must not have a longer response time than high
  7 | response = { critical = "2h", high = "1h" }
    |                                      ^^^^
pack.toml:17:20: departments[0].rows[0].cells[0].panel: panel `accuracy` uses `$model`, which has no value here
  17 | cells = [{ panel = "accuracy" }, { panel = "nothing_like_it" }]
     |                    ^^^^^^^^^^
  help: `$model` has a value in `models` cells
pack.toml:17:44: departments[0].rows[0].cells[1].panel: unknown panel `nothing_like_it`
  17 | cells = [{ panel = "accuracy" }, { panel = "nothing_like_it" }]
     |                                            ^^^^^^^^^^^^^^^^^
  help: one of: accuracy, load, share, up
pack.toml:20:6: departments[1].id: department `icu` stands here a second time
  20 | id = "icu"
     |      ^^^^^
panels.toml:4:9: up.query: unknown variable `$departmnt`
  4 | query = "up{d=\"$departmnt\"}"
    |         ^^^^^^^^^^^^^^^^^^^^^^
  help: did you mean `$department`?
panels.toml:5:14: up.thresholds: warning and critical are in the wrong order
  5 | thresholds = { warning = 5, critical = 2 }
    |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  help: critical lies above warning; where low values are the bad ones say `low_is_bad = true`
panels.toml:12:14: accuracy.thresholds: warning and critical are in the wrong order
  12 | thresholds = { warning = 0.8, critical = 0.9, low_is_bad = true }
     |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  help: with `low_is_bad = true` critical lies below warning
panels.toml:13:10: accuracy.legend: a `{` or `}` has no partner; write `{label}`
  13 | legend = "{model"
     |          ^^^^^^^^
panels.toml:16:1: load: a gauge needs an end: `max` or `max_query` (percent and ratio have one)
  16 | [load]
     | ^^^^^^
panels.toml:19:9: load.query: `"` has no partner
  19 | query = "load{x=\"}"
     |         ^^^^^^^^^^^^
panels.toml:21:38: load.states[1]: state `1` stands here a second time
  21 | states = [{ value = 1, word = "a" }, { value = 1, word = "b", level = "bad" }, { word = "c" }]
     |                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
panels.toml:21:71: load.states[1].level: unknown level `bad`
  21 | states = [{ value = 1, word = "a" }, { value = 1, word = "b", level = "bad" }, { word = "c" }]
     |                                                                       ^^^^^
  help: one of: ok, warning, critical
panels.toml:21:80: load.states[2].value is missing
  21 | states = [{ value = 1, word = "a" }, { value = 1, word = "b", level = "bad" }, { word = "c" }]
     |                                                                                ^^^^^^^^^^^^^^
panels.toml:22:37: load.max_fallback[1][1]: `1x` is not a plain selector such as name{label="value"}
  22 | max_fallback = [["total"], ["used", "1x"]]
     |                                     ^^^^
  help: it is answered from a scraped page, which has no history and no functions
panels.toml:23:9: load.lost[0]: expected a number, found a string
  23 | lost = ["0"]
     |         ^^^
panels.toml:25:1: share: `of_max` needs the scale's end: `max` or `max_query`
  25 | [share]
     | ^^^^^^^
pages.toml:1:1: page `department` is missing
  1 | [[pages]]
    | ^
pages.toml:3:9: pages[0].title: `$department` has no value here
  3 | title = "Overview of $department"
    |         ^^^^^^^^^^^^^^^^^^^^^^^^^
  help: `$department` has a value on the page `department`, in a department's rows and in `departments` cells
pages.toml:6:14: pages[0].rows[0].min_height: a row has either `height` or `min_height`
  6 | min_height = 4
    |              ^
pages.toml:7:20: pages[0].rows[0].cells[0].panel: unknown panel `upp`
  7 | cells = [{ panel = "upp" }, { panel = "accuracy", weight = 0 }, { panel = "up", card = "x" }]
    |                    ^^^^^
  help: did you mean `up`?
pages.toml:7:39: pages[0].rows[0].cells[1].panel: panel `accuracy` uses `$model`, which has no value here
  7 | cells = [{ panel = "upp" }, { panel = "accuracy", weight = 0 }, { panel = "up", card = "x" }]
    |                                       ^^^^^^^^^^
  help: `$model` has a value in `models` cells
pages.toml:7:60: pages[0].rows[0].cells[1].weight: must be between 1 and 100
  7 | cells = [{ panel = "upp" }, { panel = "accuracy", weight = 0 }, { panel = "up", card = "x" }]
    |                                                            ^
pages.toml:7:65: pages[0].rows[0].cells[2]: a cell is exactly one thing
  7 | cells = [{ panel = "upp" }, { panel = "accuracy", weight = 0 }, { panel = "up", card = "x" }]
    |                                                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  help: write one of: panel, card (with panels), departments, models, alerts
pages.toml:9:21: pages[0].rows[1].cells[0].alerts: `alerts = "department"` needs a department: use it on the page `department` or in a department's rows
  9 | cells = [{ alerts = "department" }, { alerts = "needs_me" }, { models = ["accuracy"], weight = 2 }, {}]
    |                     ^^^^^^^^^^^^
pages.toml:9:48: pages[0].rows[1].cells[1].alerts: unknown alert list `needs_me`
  9 | cells = [{ alerts = "department" }, { alerts = "needs_me" }, { models = ["accuracy"], weight = 2 }, {}]
    |                                                ^^^^^^^^^^
  help: did you mean `needs_you`?
pages.toml:9:96: pages[0].rows[1].cells[2].weight: only `panel` and `card` have a weight
  9 | cells = [{ alerts = "department" }, { alerts = "needs_me" }, { models = ["accuracy"], weight = 2 }, {}]
    |                                                                                                ^
pages.toml:9:101: pages[0].rows[1].cells[3]: a cell is exactly one thing
  9 | cells = [{ alerts = "department" }, { alerts = "needs_me" }, { models = ["accuracy"], weight = 2 }, {}]
    |                                                                                                     ^^
  help: write one of: panel, card (with panels), departments, models, alerts
pages.toml:11:9: pages[0].rows[2].cells: must not be an empty list
  11 | cells = []
     |         ^^
pages.toml:13:10: pages[0].rows[3].height: must be between 3 and 200
  13 | height = 2
     |          ^
pages.toml:14:44: pages[0].rows[3].cells[0].panels[1]: panel `load` stands on this page a second time
  14 | cells = [{ card = "Two", panels = ["load", "load"] }]
     |                                            ^^^^^^
pages.toml:17:6: pages[1].id: page `overview` stands here a second time
  17 | id = "overview"
     |      ^^^^^^^^^^
alerts.toml:2:12: A.category: unknown category `performance`
  2 | category = "performance"
    |            ^^^^^^^^^^^^^
  help: one of: security
"#
    );
}

#[test]
fn a_file_that_is_missing_or_broken_does_not_drag_others_along() {
    let text = problems(&[("panels.toml", "[up\n")]);
    assert_eq!(
        text,
        r"panels.toml:1:4: unclosed table, expected `]`
  1 | [up
    |    ^
"
    );
    let text = problems(&[("pack.toml", "title = \n"), ("alerts.toml", "[A]\ncategory = \"x\"\n")]);
    assert_eq!(
        text,
        r"pack.toml:1:9: string values must be quoted, expected literal string
  1 | title =
    |        ^
"
    );

    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "bare/pack.toml", "title = \"Bare\"\nzone = \"UTC\"\nalerting = { severities = {} }\n");
    let text = shown(&pack::load("bare", &[dir.path().to_owned()]).unwrap_err());
    let text = text.replace(&dir.path().display().to_string(), "DIR");
    assert_eq!(
        text,
        "DIR/bare/pack.toml: panels.toml is missing\nDIR/bare/pack.toml: pages.toml is missing\n"
    );
}

#[test]
fn a_file_that_cannot_be_read_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("bad");
    small(&folder);
    fs::write(folder.join("rules.yml"), [0xff, 0xfe, 0x00]).unwrap();
    fs::create_dir(folder.join("alerts.toml")).unwrap();
    let text = shown(&pack::load("bad", &[dir.path().to_owned()]).unwrap_err());
    assert!(text.contains("alerts.toml: cannot be read: "), "{text}");
    assert!(text.contains("rules.yml: cannot be read: "), "{text}");
}

#[test]
fn explore_toml_is_read_strictly() {
    let text = problems(&[(
        "explore.toml",
        r#"margin = "0s"
marigin = "5m"
[logs]
any = "service-name"
service = []
heavy_bytes = 0
[[logs.ready]]
id = "a"
title = "A"
query = '{level="error"'
[[logs.ready]]
id = "a"
title = "A again"
query = '{level="error"}'
[[logs.ready]]
id = "b"
titel = "B"
[traces]
department = ["medical.department"]
slow = "2 s"
[metrics]
service = 'rate(http_requests_total[5m])'
department = 'up{department="$department"}'
[[links]]
label = "model_name"
log = "model"
log_fields = ["model"]
trace = "span."
[[links]]
label = "model_name"
[[links]]
log = "model"
[[components]]
names = ["host"]
[[components]]
names = ["machine", "db"]
traces = '{resource.host.name = "x"'
[[components]]
names = ["db"]
metrics = 'up'
metric = 'up'
[[components]]
logs = '{a="b"}'
"#,
    )]);
    assert_eq!(
        text,
        r#"explore.toml:1:10: margin: must be between 1 and 4294967295
  1 | margin = "0s"
    |          ^^^^
explore.toml:2:1: unknown key `marigin`
  2 | marigin = "5m"
    | ^^^^^^^
  help: did you mean `margin`?
explore.toml:4:7: logs.any: `service-name` is not the name of a label or field
  4 | any = "service-name"
    |       ^^^^^^^^^^^^^^
  help: letters, digits and `_`, not beginning with a digit
explore.toml:5:11: logs.service: must not be an empty list
  5 | service = []
    |           ^^
explore.toml:6:15: logs.heavy_bytes: must be between 1 and 9223372036854775807
  6 | heavy_bytes = 0
    |               ^
explore.toml:10:9: logs.ready[0].query: `{` has no partner
  10 | query = '{level="error"'
     |         ^^^^^^^^^^^^^^^^
explore.toml:12:6: logs.ready[1].id: ready query `a` stands here a second time
  12 | id = "a"
     |      ^^^
explore.toml:15:1: logs.ready[2].title is missing
  15 | [[logs.ready]]
     | ^^^^^^^^^^^^^^
explore.toml:15:1: logs.ready[2].query is missing
  15 | [[logs.ready]]
     | ^^^^^^^^^^^^^^
explore.toml:17:1: logs.ready[2]: unknown key `titel`
  17 | titel = "B"
     | ^^^^^
  help: did you mean `title`?
explore.toml:19:15: traces.department[0]: `medical.department` is not an attribute of TraceQL
  19 | department = ["medical.department"]
     |               ^^^^^^^^^^^^^^^^^^^^
  help: an attribute has its scope before it: span.http.route, resource.service.name
explore.toml:20:8: traces.slow: `2 s` is not a duration; write 90s, 15m, 1h30m or 7d
  20 | slow = "2 s"
     |        ^^^^^
explore.toml:22:11: metrics.service: the query must say where the value goes: write `$value`
  22 | service = 'rate(http_requests_total[5m])'
     |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
explore.toml:23:14: metrics.department: unknown variable `$department`
  23 | department = 'up{department="$department"}'
     |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  help: one of: $value
explore.toml:23:14: metrics.department: the query must say where the value goes: write `$value`
  23 | department = 'up{department="$department"}'
     |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
explore.toml:27:14: links[0].log_fields: a label leads to a stream label (`log`) or to fields (`log_fields`), not to both
  27 | log_fields = ["model"]
     |              ^^^^^^^^^
explore.toml:28:9: links[0].trace: `span.` is not an attribute of TraceQL
  28 | trace = "span."
     |         ^^^^^^^
  help: an attribute has its scope before it: span.http.route, resource.service.name
explore.toml:30:9: links[1].label: label `model_name` stands here a second time
  30 | label = "model_name"
     |         ^^^^^^^^^^^^
explore.toml:31:1: links[2].label is missing
  31 | [[links]]
     | ^^^^^^^^^
explore.toml:34:9: components[0].names: where is it seen? One of `logs`, `traces`, `metrics` must say so
  34 | names = ["host"]
     |         ^^^^^^^^
explore.toml:37:10: components[1].traces: `{` has no partner
  37 | traces = '{resource.host.name = "x"'
     |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^
explore.toml:39:9: components[2].names: name of a component `db` stands here a second time
  39 | names = ["db"]
     |         ^^^^^^
explore.toml:41:1: components[2]: unknown key `metric`
  41 | metric = 'up'
     | ^^^^^^
  help: did you mean `metrics`?
explore.toml:42:1: components[3].names is missing
  42 | [[components]]
     | ^^^^^^^^^^^^^^
"#
    );
}

#[test]
fn events_that_could_never_be_recognised_or_said_are_refused() {
    let text = problems(&[(
        "events.toml",
        "[shapes.typed]\ntitle = \"T\"\n[shapes.typed.fields]\nid = { type = \"txt\", required = true }\n\
         [[events]]\nname = \"A\"\nshape = \"tyepd\"\nwords = [\"a\"]\nsummary = \"x\"\n\
         [[events]]\nname = \"B\"\nshape = \"typed\"\nsummary = \"{score} [in {ms}\"\n\
         [events.fields]\nscore = { type = \"number\", min = 1, max = 0, pattern = \"x\", expects = \"x\" }\n\
         word = { type = \"text\", max = 3, pattern = \"(\" }\n\
         [[events]]\nname = \"C\"\nshape = \"typed\"\nhas = [\"scroe\"]\nsummary = \"{scor}\"\n\
         [events.fields]\nscore = { type = \"number\" }\n",
    )]);
    for expected in [
        "shapes.typed.words_in is missing",
        "shapes.typed.fields.id.type: unknown type `txt`",
        "events[0].shape: unknown shape `tyepd`",
        "nothing recognises the event `B`",
        "events[1].summary: a brace or bracket has no partner, or they nest",
        "events[1].fields.score.min: must not be above `max`",
        "events[1].fields.score.pattern: only texts have a pattern",
        "events[1].fields.word.max: only numbers have a range",
        "events[1].fields.word.expects is missing",
        "events[1].fields.word.pattern: must be a regular expression",
        "events[2].has[0]: unknown field `scroe`",
        "events[2].summary: unknown field `scor`",
    ] {
        assert!(text.contains(expected), "{expected} is not in:\n{text}");
    }
}

#[test]
fn signals_toml_is_read_strictly() {
    let text = problems(&[(
        "signals.toml",
        r#"component_label = ["service"]
component_labels = []
[components]
machine = ["exporter"]
other = ["exporter"]
[[signals]]
name = "a"
query = "sum(x"
[[signals]]
name = "b"
query = "x"
compnent = "m"
[[signals]]
name = "b"
query = "y"
[[edges]]
caller = "a"
callee = "b"
relation = "needs"
[[changes]]
title = "t"
query = "x"
"#,
    )]);
    for said in [
        "unknown key `component_label`",
        "component_labels: must not be an empty list",
        "`exporter` stands here a second time",
        "signals[0].query: `(` has no partner",
        "unknown key `compnent`",
        "`b` stands here a second time",
        "`needs`",
        "changes[0].tells is missing",
    ] {
        assert!(text.contains(said), "{said}:\n{text}");
    }
}

#[test]
fn advice_toml_is_read_strictly_and_what_it_names_must_be_there() {
    let text = problems(&[
        ("signals.toml", "[titles]\nmachine = \"\"\n"),
        (
            "advice.toml",
            r#"advise = 1
[[advice]]
cause = ["thermall"]
say = ["x"]
[[advice]]
severity = ["critical"]
say = ["x"]
[[advice]]
cause = ["cpu"]
[[advice]]
cause = []
component = [""]
severity = ["urgent"]
category = ["perfomance"]
playbooks = ["cool"]
sey = ["x"]
"#,
        ),
    ]);
    for said in [
        "signals.toml:2:",
        "titles.machine: must not be empty",
        "advice.toml:1:1: unknown key `advise`",
        "advice.toml:3:",
        "unknown kind of cause `thermall`",
        "did you mean `thermal`?",
        "advice[1]: says neither which cause nor which component",
        "advice[2]: says nothing",
        "advice[3].cause: must not be an empty list",
        "advice[3].component[0]: must not be empty",
        "unknown severity `urgent`",
        "unknown category `perfomance`",
        "unknown playbook `cool`",
        "unknown key `sey`",
    ] {
        assert!(text.contains(said), "{said}:\n{text}");
    }
}
