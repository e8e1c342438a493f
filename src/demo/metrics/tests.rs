//! The file of metrics: what it makes, and each way in which it can be wrong.

use std::sync::Arc;

use super::book::Book;
use super::layout;
use crate::demo::event::{
    Cause, Finished, Gauges, Notice, NoticeKind, Outcome, ServiceGauges, Sink, StepDone,
};
use crate::demo::metrics::state::ABSENT;
use crate::demo::metrics::{Counting, State};
use crate::demo::world::World;
use crate::document::Problem;
use crate::model::Matcher;
use crate::pack::DemoFile;

fn world() -> World {
    let pack = crate::pack::load("hospital", &[]).expect("the shipped pack");
    let files = pack.demo.as_ref().expect("a demo folder");
    World::parse(&files.world, &pack).expect("the shipped world")
}

fn book(text: &str) -> Result<Book, Vec<Problem>> {
    let file = DemoFile { name: "metrics.toml".to_owned(), text: text.into() };
    layout::book(&file, &world(), 7)
}

fn family(rest: &str) -> String {
    format!(
        "[[metrics]]\nname = \"x_total\"\ntype = \"counter\"\nhelp = \"h\"\njobs = [\"medical-api\"]\n{rest}\n"
    )
}

#[test]
fn each_mistake_is_told_with_its_line() {
    for (text, line, message, help) in [
        (family("of = \"requets\""), 6, "`requets` is not known", "did you mean `request`?"),
        (family("of = \"gauge.gpuu\""), 6, "`gauge.gpuu` is not known", "did you mean `gauge.gpu`?"),
        (
            family("of = \"step\"\nvalue = \"secnods\""),
            7,
            "`secnods` is not known",
            "did you mean `seconds`?",
        ),
        (
            family("of = \"step\"\nlabels = { a = \"$departmnt\" }"),
            7,
            "`departmnt` is not known",
            "department",
        ),
        (family("of = \"step\"\nwhere = { modle = \"facenet\" }"), 7, "`modle` is not a field", "`model`"),
        (
            family("of = \"step\"\nwhere = { model = \"facenett\" }"),
            7,
            "`facenett` is not known",
            "`facenet`",
        ),
        (family("of = \"step\"\nwhere = { step = \"medicall_*\" }"), 7, "`medicall_*` is not known", ""),
        (
            family("of = \"step\"\nlables = { a = \"b\" }"),
            7,
            "unknown key `lables`",
            "did you mean `labels`?",
        ),
        (family("of = \"step\"\nlabels = { le = \"b\" }"), 7, "`le` cannot be a label here", ""),
        (family("of = \"step\"\nbuckets = [1]"), 7, "only a histogram has buckets", ""),
        (family("of = \"step\"\nchance = 2"), 7, "must be 0 to 1", ""),
        (family("of = \"step\"\ndecimals = 12"), 7, "must be 0 to 9", ""),
        (family("of = \"slow\""), 1, "mean is missing", ""),
        (family("labels = { a = \"b\" }"), 1, "of is missing", ""),
        (family("of = \"request\"\nlabels = { a = \"$model\" }"), 1, "what it counts has no Model", ""),
        (family("of = \"step\"\nlabels = { v = \"$version\" }"), 1, "$version belongs to", ""),
        (family("of = \"step\"").replace("counter", "gauge"), 1, "events cannot be a gauge", "counter"),
        (family("of = \"step\"").replace("counter", "histogram"), 1, "needs `buckets`", ""),
        (family("of = \"step\"").replace("counter", "summary"), 3, "`summary` is not known", ""),
        (
            family("of = \"step\"").replace("medical-api", "medical-appi"),
            5,
            "`medical-appi` is not known",
            "`medical-api`",
        ),
        (family("of = \"step\"").replace("x_total", "x-total"), 2, "cannot be the name", ""),
        (family("of = \"step\"") + &family("of = \"step\""), 7, "there are two metrics `x_total`", ""),
        ("[[metric]]\nname = \"x\"\n".to_owned(), 1, "unknown key `metric`", "did you mean `metrics`?"),
        ("metrics = 5".to_owned(), 1, "expected a list", ""),
        ("[[metrics]\n".to_owned(), 1, "", ""),
    ] {
        let problems = book(&text).expect_err(&text);
        let found = problems.iter().find(|problem| {
            problem.line == line
                && problem.message.contains(message)
                && problem.help.as_deref().unwrap_or("").contains(help)
        });
        assert!(found.is_some(), "{text}\n{problems:#?}");
    }
}

#[test]
fn all_mistakes_come_at_once() {
    let text = family("of = \"stepp\"\nlables = 3") + &family("of = \"step\"\nchance = 7");
    let problems = book(&text).expect_err("four mistakes");
    assert_eq!(problems.len(), 4, "{problems:#?}");
}

#[test]
fn histogram_bounds_must_rise() {
    let text = family("of = \"step\"\nbuckets = [1, 1]").replace("counter", "histogram");
    assert!(book(&text).expect_err("equal bounds")[0].message.contains("rise"));
}

/// A request of a class: the gateway, then one step of the service given.
fn request(world: &World, operation: &str, department: u8, outcome: Outcome) -> Finished {
    let class = world.classes.iter().position(|class| &*class.operation == operation).expect("a class");
    let steps = world.classes[class].steps.iter().enumerate().map(|(at, step)| StepDone {
        step: at as u16,
        parent: step.parent,
        attempt: 0,
        service: step.service,
        model: step.model,
        start_us: 1_000_000,
        end_us: 1_400_000,
        waited_us: 0,
        way_us: 0,
        outcome,
        confidence: f64::NAN,
    });
    Finished {
        number: 1,
        trace_id: 77,
        class: class as u16,
        department,
        role: 0,
        user: 3,
        foreign: false,
        method: 0,
        leaky: false,
        bytes: (100, 2000),
        status: 200,
        outcome,
        steps: steps.collect(),
    }
}

fn counted(book: &Book, state: &State, matcher: &str) -> Vec<i64> {
    let matchers: Vec<Matcher> =
        matcher.split(' ').map(|matcher| Matcher::parse(matcher).expect("a matcher")).collect();
    book.select(&matchers)
        .into_iter()
        .map(|at| {
            let series = &book.series[at as usize];
            state.rows[usize::from(series.target)][series.at as usize]
        })
        .collect()
}

#[test]
fn an_event_counts_where_its_labels_say() {
    let world = world();
    let text = family(
        "lazy = true\nof = \"step\"\nwhere = { step = \"medical_operation.*\" }\n\
         labels = { operation = \"$operation\", department = \"$department\", result = { field = \"$outcome\", words = { ok = \"good\" } } }",
    ) + "[[metrics]]\nname = \"took\"\ntype = \"histogram\"\nhelp = \"h\"\njobs = [\"medical-api\"]\nbuckets = [0.1, 0.5]\n\
         of = \"call\"\nvalue = \"seconds\"\n[[metrics]]\nname = \"bytes\"\ntype = \"counter\"\nhelp = \"h\"\njobs = [\"node-exporter\"]\n\
         of = \"request\"\nvalue = \"response_bytes\"\n";
    let book = book(&text).expect("a good file");
    let mut state = State::new(&book, 0);
    let mut counting = Counting { book: &book, world: &world, seed: 7, state: &mut state };
    counting.finished(&request(&world, "read_record", 1, Outcome::Ok));
    counting.finished(&request(&world, "read_record", 1, Outcome::Ok));
    counting.finished(&request(&world, "prescribe", 2, Outcome::Failed(Cause::Internal)));
    let there = "__name__=x_total operation=read_record department=emergency result=good";
    assert_eq!(counted(&book, &state, there), [2]);
    assert_eq!(
        counted(&book, &state, "__name__=x_total operation=prescribe result=failed department=surgery"),
        [1]
    );
    let all = counted(&book, &state, "__name__=x_total");
    assert_eq!(all.iter().filter(|value| **value != ABSENT).count(), 2, "born with their first event");
    // 0.4 s each; the gateway's calls of medical-api alone.
    assert_eq!(counted(&book, &state, "__name__=took_bucket le=0.1"), [0]);
    assert_eq!(counted(&book, &state, "__name__=took_bucket le=0.5"), [3]);
    assert_eq!(counted(&book, &state, "__name__=took_bucket le=+Inf"), [3]);
    assert_eq!(counted(&book, &state, "__name__=took_count"), [3]);
    assert_eq!(counted(&book, &state, "__name__=took_sum"), [1_200_000]);
    assert_eq!(counted(&book, &state, "__name__=bytes"), [6000], "who watches sees every request");
}

#[test]
fn a_request_that_never_reached_a_process_is_not_counted_there() {
    let world = world();
    let book = book(&family("of = \"request\"")).expect("a good file");
    let mut state = State::new(&book, 0);
    let mut counting = Counting { book: &book, world: &world, seed: 7, state: &mut state };
    let mut refused = request(&world, "read_record", 1, Outcome::Failed(Cause::Dependency));
    let api = world.service("medical-api").expect("a service");
    for step in refused.steps.iter_mut().filter(|step| step.service == api) {
        step.outcome = Outcome::Failed(Cause::Refused);
    }
    counting.finished(&refused);
    assert_eq!(counted(&book, &state, "__name__=x_total"), [0]);
}

#[test]
fn a_start_begins_at_nothing_and_a_version_has_a_series_of_its_own() {
    let world = world();
    let text = family("of = \"step\"")
        + "[[metrics]]\nname = \"build\"\ntype = \"gauge\"\nhelp = \"h\"\njobs = [\"medical-api\"]\ndecimals = 0\n\
           of = \"gauge.service.version\"\nlabels = { version = \"$version\" }\n";
    let book = book(&text).expect("a good file");
    let mut state = State::new(&book, 0);
    let mut counting = Counting { book: &book, world: &world, seed: 7, state: &mut state };
    counting.finished(&request(&world, "read_record", 1, Outcome::Ok));
    let api = world.service("medical-api").expect("a service");
    let gauges = |version: &str| {
        let of = |_| ServiceGauges { up: true, version: version.into(), ..ServiceGauges::default() };
        Gauges { services: world.services.iter().map(of).collect(), ..Gauges::default() }
    };
    assert!(counting.read(usize::from(api), &gauges("1.0"), 2_000_000));
    assert!(counting.read(usize::from(api), &gauges("2.0"), 3_000_000));
    let what = NoticeKind::Started { version: Arc::from("2.0"), deployed: true };
    assert_eq!(counted(&book, &state, "__name__=build version=1.0"), [ABSENT]);
    assert_eq!(counted(&book, &state, "__name__=build version=2.0"), [1]);
    let before = counted(&book, &state, "__name__=x_total job=medical-api");
    assert!(before[0] > 0);
    let mut counting = Counting { book: &book, world: &world, seed: 7, state: &mut state };
    counting.notice(&Notice { at_us: 4_000_000, service: api, what });
    assert_eq!(counted(&book, &state, "__name__=x_total job=medical-api"), [0]);
    let down = Gauges { services: vec![ServiceGauges::default(); world.services.len()], ..Gauges::default() };
    let mut counting = Counting { book: &book, world: &world, seed: 7, state: &mut state };
    let row = counting.scrape(usize::from(api), &down, 5_000_000);
    assert_eq!(row[row.len() - 3], 0, "up");
    assert!(row[..row.len() - 3].iter().all(|cell| *cell == ABSENT));
}

/// A page is asked for between the scrapes that are kept, while the machine becomes busy: the next scrape must not be
/// below what the page said, or whoever scrapes pages sees a restart of the counter.
#[test]
fn what_is_summed_up_over_time_never_goes_down_whenever_it_is_read() {
    let world = world();
    let text = "[[metrics]]\nname = \"cpu_seconds_total\"\ntype = \"counter\"\nhelp = \"h\"\njobs = [\"node-exporter\"]\ndecimals = 2\n\
                [[metrics.from]]\nof = \"gauge.cpu_performance\"\nintegral = true\nfactor = 0.24\nlabels = { mode = \"user\" }\n\
                [[metrics.from]]\nof = \"gauge.cpu_performance\"\nintegral = true\ncomplement = 100\nfactor = 0.24\nlabels = { mode = \"idle\" }\n";
    let book = book(text).expect("metrics");
    let target = book.targets.iter().position(|one| &*one.job == "node-exporter").expect("a target");
    let of = |_| ServiceGauges { up: true, ..ServiceGauges::default() };
    let services: Vec<ServiceGauges> = world.services.iter().map(of).collect();
    let busy =
        |percent: f64| Gauges { cpu_performance: percent, services: services.clone(), ..Gauges::default() };
    let mut state = State::new(&book, 0);
    let read = |state: &mut State, percent: f64, second: i64| {
        let mut counting = Counting { book: &book, world: &world, seed: 7, state };
        assert!(counting.read(target, &busy(percent), second * 1_000_000));
        ["user", "idle"].map(|mode| counted(&book, state, &format!("mode=\"{mode}\""))[0])
    };
    let mut before = read(&mut state, 20.0, 15);
    for (second, percents) in
        [(30, (20.0, 100.0)), (45, (100.0, 100.0)), (60, (90.0, 0.0)), (75, (0.0, 50.0))]
    {
        let mut page = state.clone();
        for now in [read(&mut page, percents.0, second - 2), read(&mut state, percents.1, second)] {
            assert!(now[0] >= before[0] && now[1] >= before[1], "{before:?} became {now:?} at {second}");
            before = now;
        }
    }
    // Both together are the 24 cores, from the first reading on.
    assert_eq!(before[0] + before[1], 24 * (75 - 15) * 100);
}
