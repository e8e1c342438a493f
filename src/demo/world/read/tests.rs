//! The shipped place is sound, and every kind of mistake in one is named with its line.

use crate::demo::plan::FaultKind;
use crate::demo::world::{Target, World};
use crate::pack::{self, DemoFile, Pack};

fn shipped() -> (Pack, DemoFile) {
    let pack = pack::load("hospital", &[]).expect("the shipped pack");
    let world = pack.demo.as_ref().expect("a demo folder").world.clone();
    (pack, world)
}

/// The problems of the shipped place after one change.
fn problems(from: &str, to: &str) -> Vec<String> {
    let (pack, mut file) = shipped();
    assert!(file.text.contains(from), "`{from}` is not there");
    file.text = file.text.replacen(from, to, 1).into();
    match World::parse(&file, &pack) {
        Ok(_) => Vec::new(),
        Err(problems) => problems
            .iter()
            .map(|problem| format!("{} | {}", problem.message, problem.help.clone().unwrap_or_default()))
            .collect(),
    }
}

#[test]
fn the_shipped_place_is_sound() {
    let (pack, file) = shipped();
    let world = World::parse(&file, &pack).expect("a world");
    assert_eq!(world.zone, pack.zone);
    assert_eq!(world.departments.len(), pack.departments.len());
    assert_eq!(world.models.len(), pack.models.len());
    for kind in FaultKind::ALL {
        assert!(world.faults.iter().any(|shape| shape.kind == kind), "{kind} cannot happen");
    }
    let transcribe = world.classes.iter().find(|class| &*class.operation == "transcribe").expect("a class");
    let names: Vec<&str> = transcribe.steps.iter().map(|step| &*step.name).collect();
    assert_eq!(names[0], "POST /v1/transcribe");
    let nlp = names.iter().position(|name| *name == "medical_nlp_processing").expect("a step");
    assert_eq!(transcribe.steps[nlp].children.len(), 1);
    let target =
        world.faults.iter().find(|shape| shape.kind == FaultKind::NetworkDelay).map(|shape| shape.target);
    let id = |name| world.service(name).expect("a service");
    assert_eq!(target, Some(Target::Edge(id("medical-api"), id("postgresql"))));
}

#[test]
fn a_mistake_is_named() {
    let cases = [
        (
            "front = \"api-gateway\"",
            "front = \"api-gatway\"",
            "front: there is no service `api-gatway` here | did you mean `api-gateway`?",
        ),
        ("people = 200", "people = 0", "traffic.people: must be a number between 1 and 1000000 | "),
        ("people = 200", "people = \"many\"", "traffic.people: expected a number, found a string | "),
        ("people = 200\n", "", "traffic.people is missing | "),
        ("people = 200", "peple = 1\npeople = 200", "traffic: unknown key `peple` | did you mean `people`?"),
        (
            "id = \"icu\"",
            "id = \"icus\"",
            "departments[3].id: the pack knows no department `icus` | did you mean `icu`?",
        ),
        (
            "id = \"icu\"",
            "id = \"surgery\"",
            "departments[3].id: department `surgery` stands here a second time | ",
        ),
        ("name = \"ai-engine\"\njob", "name = \"\"\njob", "services[3].name: must not be empty | "),
        ("[0.06, 0.05, ", "[0.05, ", "departments[0].hours: has 23 entries; 24 are needed | "),
        (
            "states = [78, 88, 98]",
            "states = [88, 78, 98]",
            "machine.heat.states: each number must be larger than the one before | ",
        ),
        (
            "states = [78, 88, 98]",
            "states = [78, nan, 98]",
            "machine.heat.states[1]: must be a number between 0 and 1000 | ",
        ),
        ("[faults.db-pool]", "[faults.db-pol]", "there is no fault `db-pol` here | did you mean `db-pool`?"),
        (
            "\"medical-api>postgresql\"",
            "\"medical-api\"",
            "faults.network-delay.target: this fault strikes a way between two services, `caller>callee` | ",
        ),
        (
            "{ forbidden = 0.0006 }",
            "{ forbiden = 0.0006 }",
            "there is no cause of failure `forbiden` here | did you mean `forbidden`?",
        ),
        (
            "login = \"face\"",
            "login = \"faces\"",
            "classes[1].login: there is no way to sign in `faces` here | did you mean `face`?",
        ),
        (
            "corrected_by = \"update_record\"",
            "corrected_by = \"update\"",
            "there is no operation `update` here | did you mean `update_record`?",
        ),
        (
            "model = \"facenet\"",
            "model = \"facnet\"",
            "there is no model `facnet` here | did you mean `facenet`?",
        ),
    ];
    for (from, to, expected) in cases {
        let found = problems(from, to);
        assert!(found.iter().any(|problem| problem.contains(expected)), "{to}: {found:#?}");
    }
}

#[test]
fn a_request_without_sense_is_named() {
    let found = problems("in = \"auth.verify\", service = \"ai-engine\"", "service = \"ai-engine\"");
    assert!(found.iter().any(|problem| problem.contains("only the first step stands alone")), "{found:?}");
    let found = problems("in = \"auth.verify\", service", "in = \"auth.verfy\", service");
    assert!(found.iter().any(|problem| problem.contains("did you mean `auth.verify`?")), "{found:?}");
    let found = problems(
        "{ name = \"POST /v1/login\", service = \"api-gateway\"",
        "{ name = \"POST /v1/login\", service = \"auth-service\"",
    );
    assert!(found.iter().any(|problem| problem.contains("belongs to `api-gateway`")), "{found:?}");
}

#[test]
fn a_department_without_a_door_or_work_is_named() {
    let (pack, mut file) = shipped();
    file.text = file.text.replace("login = \"password\"\n", "").replace("login = \"face\"\n", "").into();
    let problems = World::parse(&file, &pack).expect_err("nobody can sign in");
    assert!(
        problems.iter().any(|problem| problem.message.contains("nobody in `icu` can sign in")),
        "{problems:?}"
    );
}

#[test]
fn all_mistakes_come_at_once_with_their_lines() {
    let (pack, mut file) = shipped();
    file.text =
        file.text.replace("people = 200", "people = -1").replace("cores = [24, 8]", "cores = 24").into();
    let problems = World::parse(&file, &pack).expect_err("two mistakes");
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems.iter().all(|problem| problem.line > 0 && problem.file == file.name));
    file.text = "[traffic\n".into();
    assert!(!World::parse(&file, &pack).expect_err("not TOML").is_empty());
    file.text = "".into();
    assert!(World::parse(&file, &pack).is_err());
}
