//! The prompt of queries: typing, completion, history, ready queries.

use std::sync::Arc;

use plantao::command::CommandId;
use plantao::message::{Effect, Msg, Target};
use plantao::model::ask::{Answer, Key, MetricMeta};
use plantao::model::{FaultKind, Language, SourceId};
use plantao::state::{Overlay, QueryPrompt, View, demand};
use plantao::view::vm::{self, QueryPromptVm};

use crate::desk::{Desk, all_sources};

fn at(view: View) -> Desk {
    let mut desk = Desk::new();
    desk.state.stack.push(view);
    desk
}

fn metrics(query: &str) -> Desk {
    at(View::Metrics(query.into()))
}

fn prompt(desk: &Desk) -> &QueryPrompt {
    match &desk.state.overlay {
        Some(Overlay::Query(prompt)) => prompt,
        other => panic!("no prompt: {other:?}"),
    }
}

fn text(desk: &Desk) -> &str {
    &prompt(desk).prompt.text
}

fn shown(desk: &Desk) -> QueryPromptVm {
    match desk.screen().overlay {
        Some(vm::Overlay::Query(prompt)) => *prompt,
        other => panic!("no prompt: {other:?}"),
    }
}

fn entries(desk: &Desk) -> Vec<String> {
    shown(desk).entries.into_iter().map(|one| one.text).collect()
}

/// What is asked because of the prompt alone.
fn asked(desk: &Desk) -> Vec<Key> {
    let mut without = desk.clone();
    without.state.overlay = None;
    let usual: Vec<Key> = demand::wants(&without.state).into_iter().map(|want| want.key).collect();
    let all = demand::wants(&desk.state).into_iter().map(|want| want.key);
    all.filter(|key| !usual.contains(key)).collect()
}

fn names(names: &[&str]) -> Answer {
    Answer::Names(names.iter().map(|name| Box::from(*name)).collect())
}

fn metric_names() -> Key {
    Key::LabelValues("__name__".into())
}

#[test]
fn a_query_is_edited_run_and_returned_from() {
    let mut desk = metrics("up");
    desk.keys("Q");
    assert_eq!((text(&desk), prompt(&desk).language), ("up", Language::PromQl));
    desk.type_text(" == 0");
    let effects = desk.keys("enter");
    assert_eq!(effects, [Effect::Remember(Language::PromQl, "up == 0".into())]);
    assert!(desk.state.overlay.is_none());
    assert_eq!(*desk.state.view(), View::Metrics("up == 0".into()));
    assert_eq!(desk.state.histories.of(Language::PromQl), [Arc::from("up == 0")]);
    desk.keys("esc");
    assert_eq!(*desk.state.view(), View::Metrics("up".into()));
}

#[test]
fn the_same_query_again_asks_again_and_pushes_nothing() {
    let mut desk = metrics("up");
    let depth = desk.state.stack.len();
    desk.keys("Q");
    desk.type_text("  ");
    assert_eq!(desk.keys("enter"), [Effect::Remember(Language::PromQl, "up".into()), Effect::Refresh]);
    assert_eq!(desk.state.stack.len(), depth);
}

#[test]
fn each_explorer_has_its_language_and_starts_with_its_query() {
    for (view, language) in [
        (View::Logs("{a=\"b\"}".into()), Language::LogQl),
        (View::Traces("{ status = error }".into()), Language::TraceQl),
        (View::Metrics("up".into()), Language::PromQl),
    ] {
        let mut desk = at(view.clone());
        desk.command(CommandId::QueryEdit);
        assert_eq!(prompt(&desk).language, language);
        desk.keys("ctrl-u");
        desk.type_text("x");
        desk.keys("enter");
        let name = |view: &View| format!("{view:?}").chars().take(4).collect::<String>();
        assert_eq!(name(desk.state.view()), name(&view));
    }
    let mut desk = Desk::new();
    desk.command(CommandId::QueryEdit);
    assert!(desk.state.overlay.is_none(), "a page has no query");
}

#[test]
fn escape_changes_nothing_and_an_empty_query_does_not_run() {
    let mut desk = metrics("up");
    desk.keys("Q ctrl-u");
    desk.type_text("something else");
    assert_eq!(desk.keys("esc"), []);
    assert_eq!((desk.state.overlay.is_none(), desk.state.view()), (true, &View::Metrics("up".into())));
    desk.keys("Q ctrl-u");
    assert_eq!(desk.keys("enter"), []);
    assert!(desk.state.overlay.is_some() && desk.state.notice.is_some());
    assert!(desk.state.histories.of(Language::PromQl).is_empty());
}

#[test]
fn what_is_about_a_person_is_masked_before_it_is_kept() {
    let mut desk = at(View::Logs("{a=\"b\"}".into()));
    desk.keys("Q ctrl-u");
    desk.send(Msg::Paste("{a=\"b\"} |= \"529.982.247-25\"".to_owned()));
    let effects = desk.keys("enter");
    let [Effect::Remember(_, kept)] = &effects[..] else { panic!("{effects:?}") };
    assert!(kept.contains("‹cpf:") && !kept.contains("529.982"), "{kept}");
    assert_eq!(*desk.state.view(), View::Logs(kept.clone()));
    assert_eq!(desk.state.histories.of(Language::LogQl), std::slice::from_ref(kept));
    assert!(!format!("{:?}", desk.state.stack).contains("529.982"));
}

#[test]
fn a_query_of_several_lines_is_pasted_as_one() {
    let mut desk = metrics("");
    desk.keys("Q ctrl-u");
    desk.send(Msg::Paste("sum by (job)\n(rate(up[5m]))\r\n\t> 1".to_owned()));
    assert_eq!(text(&desk), "sum by (job) (rate(up[5m]))   > 1");
    desk.keys("ctrl-u");
    desk.send(Msg::Paste("x".repeat(9000)));
    assert_eq!(text(&desk).len(), 8000);
    assert!(desk.state.notice.is_some(), "that it was cut is said");
}

#[test]
fn only_what_can_stand_at_the_cursor_is_asked_for() {
    let mut desk = metrics("up");
    assert!(asked(&desk).is_empty());
    desk.keys("Q ctrl-u");
    // What the names mean (`Metadata`) the view under the prompt asks for anyway.
    assert_eq!(asked(&desk), [metric_names()]);
    desk.type_text("up{");
    assert_eq!(asked(&desk), [Key::LabelNames]);
    desk.type_text("job=");
    assert_eq!(asked(&desk), [Key::LabelValues("job".into())]);
    desk.type_text("\"x\"}[");
    assert!(asked(&desk).is_empty());
}

#[test]
fn loading_failing_and_missing_are_said() {
    let mut desk = metrics("up");
    desk.keys("Q ctrl-u");
    desk.type_text("up{");
    assert_eq!(shown(&desk).message, "loading label names…");
    desk.fail(&Key::LabelNames, FaultKind::Connect);
    let vm = shown(&desk);
    assert!(vm.warning && vm.message.starts_with("unknown: label names: "), "{}", vm.message);
    desk.answer(&Key::LabelNames, names(&["instance", "job"]));
    assert_eq!(
        (shown(&desk).message.as_str(), entries(&desk)),
        ("", vec!["instance".to_owned(), "job".to_owned()])
    );

    let mut desk = Desk::with(&all_sources()[1..]);
    desk.state.stack.push(View::Metrics("up".into()));
    desk.keys("Q ctrl-u");
    desk.type_text("up{");
    assert!(asked(&desk).is_empty());
    assert!(shown(&desk).message.starts_with("unknown: label names: "), "{}", shown(&desk).message);
    assert!(!desk.state.has(&SourceId::PROMETHEUS));
}

#[test]
fn tab_takes_the_first_or_the_chosen_completion() {
    let mut desk = metrics("up");
    desk.keys("Q ctrl-u");
    desk.answer(&metric_names(), names(&["http_requests_total", "up"]));
    let meta = MetricMeta {
        metric: "http_requests_total".into(),
        kind: "counter".into(),
        help: "Requests.".into(),
        unit: "".into(),
    };
    desk.answer(&Key::Metadata, Answer::Metadata(vec![meta]));
    desk.type_text("ra");
    desk.keys("tab");
    assert_eq!(text(&desk), "rate(");
    desk.type_text("http");
    assert_eq!(shown(&desk).entries[0].note, "counter · Requests.");
    desk.keys("down");
    assert_eq!((shown(&desk).selected, shown(&desk).message.as_str()), (Some(0), "counter · Requests."));
    // Enter takes what is chosen, and runs what is typed where nothing is.
    assert_eq!(desk.keys("enter"), []);
    assert_eq!(text(&desk), "rate(http_requests_total");
    desk.keys("tab");
    assert_eq!(text(&desk), "rate(http_requests_total[5m]");
    desk.type_text(")");
    desk.keys("enter");
    assert_eq!(*desk.state.view(), View::Metrics("rate(http_requests_total[5m])".into()));
}

#[test]
fn completion_in_the_middle_leaves_the_cursor_behind_it() {
    let mut desk = at(View::Logs("x".into()));
    desk.keys("Q ctrl-u");
    desk.type_text("{a=\"coração\", ser} |= \"é\"");
    for _ in 0.."} |= \"é\"".chars().count() {
        desk.keys("left");
    }
    desk.answer(&Key::LogLabels, names(&["service_name"]));
    desk.keys("tab");
    assert_eq!(text(&desk), "{a=\"coração\", service_name=} |= \"é\"");
    assert_eq!(prompt(&desk).prompt.cursor, "{a=\"coração\", service_name=".chars().count());
    desk.answer(&Key::LogLabelValues("service_name".into()), names(&["a \"b\""]));
    desk.keys("tab");
    assert_eq!(text(&desk), "{a=\"coração\", service_name=\"a \\\"b\\\"\"} |= \"é\"");
}

#[test]
fn arrows_choose_in_the_list_and_above_it_lies_the_history() {
    let mut desk = metrics("up");
    for query in ["one", "two", "one"] {
        desk.keys("Q ctrl-u");
        desk.type_text(query);
        desk.keys("enter");
    }
    desk.keys("Q ctrl-u");
    desk.type_text("su");
    desk.keys("down down");
    assert_eq!(shown(&desk).selected, Some(1));
    desk.keys("up up");
    assert_eq!(shown(&desk).selected, None);
    desk.keys("up");
    assert_eq!((text(&desk), shown(&desk).message.as_str()), ("one", "history 1 of 2"));
    assert!(entries(&desk).is_empty(), "what is recalled is whole");
    desk.keys("up up");
    assert_eq!((text(&desk), shown(&desk).message.as_str()), ("two", "history 2 of 2"));
    desk.keys("down down");
    assert_eq!(text(&desk), "su", "what was typed comes back");
    desk.keys("ctrl-p ctrl-p ctrl-n");
    assert_eq!(text(&desk), "one");
    desk.type_text(" ");
    assert!(prompt(&desk).recalled.is_none(), "changed, it is a new one");
    desk.keys("ctrl-n");
    assert_eq!(text(&desk), "one ");
}

#[test]
fn a_choice_outlives_an_answer_that_comes_meanwhile() {
    let mut desk = metrics("up");
    desk.keys("Q ctrl-u");
    desk.type_text("su");
    desk.keys("down down");
    let chosen = entries(&desk)[1].clone();
    desk.answer(&metric_names(), names(&["sum_of_all", "success_total"]));
    let vm = shown(&desk);
    assert_eq!(vm.selected.map(|at| vm.entries[at].text.clone()), Some(chosen));
}

#[test]
fn what_is_plainly_wrong_is_shown_with_its_place_and_runs_all_the_same() {
    let mut desk = metrics("up");
    desk.keys("Q ctrl-u");
    desk.type_text("foo bar + 1");
    let vm = shown(&desk);
    assert_eq!((vm.problem, vm.warning, vm.message.as_str()), (Some(4), true, "at 5: unexpected bar"));
    desk.keys("enter");
    assert_eq!(*desk.state.view(), View::Metrics("foo bar + 1".into()), "the server decides");
}

#[test]
fn ready_and_recent_queries_are_found_by_what_is_typed() {
    let mut desk = metrics("up");
    let pack = desk.state.setup.pack.clone();
    desk.keys("Q ctrl-u");
    desk.type_text("rare_thing");
    desk.keys("enter R");
    let vm = shown(&desk);
    assert_eq!(vm.matching, pack.explore.metrics.len() + 1);
    assert_eq!(vm.selected, Some(0));
    desk.type_text("rare");
    assert_eq!(entries(&desk), ["rare_thing"]);
    assert_eq!(shown(&desk).entries[0].kind, "recent");
    // Tab puts it into the prompt to be changed; Enter runs it.
    desk.keys("tab");
    assert_eq!((text(&desk), prompt(&desk).ready), ("rare_thing", false));
    desk.keys("esc R");
    desk.type_text("no such thing at all");
    assert_eq!((desk.keys("enter"), shown(&desk).message.as_str()), (vec![], "No query matches."));
    desk.keys("ctrl-u");
    let effects = desk.keys("enter");
    let first = pack.explore.metrics.first().map_or("rare_thing", |one| one.query.as_str());
    assert!(effects.contains(&Effect::Remember(Language::PromQl, first.into())), "{effects:?}");
}

#[test]
fn a_click_takes_the_completion_and_one_beside_closes() {
    let mut desk = metrics("up");
    desk.keys("Q ctrl-u");
    desk.type_text("rat");
    desk.send(Msg::Click(Target::Entry(0)));
    assert_eq!(text(&desk), "rate(");
    desk.send(Msg::Click(Target::Outside));
    assert!(desk.state.overlay.is_none());
}

#[test]
fn every_key_of_the_prompt_does_something_sensible() {
    for keys in [
        "home",
        "end",
        "left",
        "right",
        "ctrl-a",
        "ctrl-e",
        "ctrl-b",
        "ctrl-f",
        "delete",
        "ctrl-d",
        "ctrl-h",
        "backspace",
        "ctrl-w",
        "alt-backspace",
        "ctrl-u",
        "up",
        "down",
        "tab",
        "ctrl-p",
        "ctrl-n",
    ] {
        let mut desk = metrics("up + 1");
        desk.keys("Q");
        assert_eq!(desk.keys(keys), [], "{keys}");
        let prompt = prompt(&desk);
        assert!(prompt.prompt.cursor <= prompt.prompt.text.chars().count(), "{keys}");
    }
}
