//! A console as `update` sees it, on the shipped pack.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use plantao::command::CommandId;
use plantao::keymap::{Key as Press, Keymap};
use plantao::message::{Effect, Msg};
use plantao::model::ask::{Answer, Answered, Ask, Key, Target, TargetHealth};
use plantao::model::rule::ActiveAlert;
use plantao::model::{
    Alert, AlertState, Fault, FaultKind, Labels, LogPage, LogStats, Point, Rule, RuleGroup, RuleHealth,
    Sample, Series, SourceId, Time, TraceDoc, TraceList, Window,
};
use plantao::pack::Pack;
use plantao::state::{Setup, State, demand};
use plantao::update::update;
use plantao::view::{self, vm::Screen};

pub static PACK: LazyLock<Arc<Pack>> =
    LazyLock::new(|| Arc::new(plantao::pack::load("hospital", &[]).expect("the shipped pack")));
static KEYMAP: LazyLock<Arc<Keymap>> =
    LazyLock::new(|| Arc::new(Keymap::load("default", &[]).expect("the shipped keymap")));

pub const PAGE: &str = "mac";

/// The moment a test starts at, plus seconds.
pub fn at(seconds: i64) -> Time {
    chrono::DateTime::from_timestamp(1_795_327_920 + seconds, 0).expect("a time")
}

pub fn labels(pairs: &[(&str, &str)]) -> Labels {
    pairs.iter().copied().collect()
}

pub fn all_sources() -> Vec<SourceId> {
    vec![
        SourceId::PROMETHEUS,
        SourceId::ALERTMANAGER,
        SourceId::LOKI,
        SourceId::TEMPO,
        SourceId::Page(PAGE.into()),
    ]
}

#[derive(Clone)]
pub struct Desk {
    pub state: State,
    pub now: i64,
}

impl Desk {
    pub fn new() -> Self {
        Self::with(&all_sources())
    }

    pub fn with(sources: &[SourceId]) -> Self {
        let pages = sources.iter().filter_map(|source| match source {
            SourceId::Page(name) => Some((name.clone(), 15)),
            SourceId::Server(_) => None,
        });
        let setup = Setup {
            pack: PACK.clone(),
            text: &plantao::text::EN,
            keymap: KEYMAP.clone(),
            operator: "ana".to_owned(),
            role: plantao::model::Role::Admin,
            ack_s: 900,
            reveal_s: Some(20),
            contexts: vec!["night".to_owned(), "day".to_owned()],
            themes: vec!["dark".to_owned(), "light".to_owned()],
            sources: sources.iter().map(|source| (source.clone(), format!("http://{source}"))).collect(),
            page_interval_s: pages.collect::<BTreeMap<_, _>>(),
            interval_s: 5,
            announce: true,
        };
        Self { state: State::new(setup, at(0), (120, 40), Window::DEFAULT), now: 0 }
    }

    pub fn send(&mut self, msg: Msg) -> Vec<Effect> {
        update(&mut self.state, at(self.now), msg)
    }

    pub fn command(&mut self, id: CommandId) -> Vec<Effect> {
        self.send(Msg::Command(id))
    }

    /// Presses keys, written as in keymap files, with spaces between.
    pub fn keys(&mut self, keys: &str) -> Vec<Effect> {
        let mut effects = Vec::new();
        for key in keys.split(' ') {
            effects.extend(self.send(Msg::Key(press(key))));
        }
        effects
    }

    pub fn type_text(&mut self, text: &str) {
        for c in text.chars() {
            let key = if c == ' ' { press("space") } else { press(&c.to_string()) };
            self.send(Msg::Key(key));
        }
    }

    pub fn pass(&mut self, seconds: i64) -> Vec<Effect> {
        self.now += seconds;
        self.send(Msg::Tick)
    }

    pub fn tell(&mut self, ask: Ask, outcome: Result<Answered, Fault>) -> Vec<Effect> {
        let (epoch, at) = (self.state.epoch, at(self.now));
        self.send(Msg::Answered { ask, epoch, at, outcome: Box::new(outcome) })
    }

    pub fn answer(&mut self, key: &Key, answer: Answer) -> Vec<Effect> {
        let ask = demand::ask(&self.state, key).expect("something to ask");
        self.tell(ask, Ok(answered(answer)))
    }

    pub fn fail(&mut self, key: &Key, kind: FaultKind) -> Vec<Effect> {
        let ask = demand::ask(&self.state, key).expect("something to ask");
        self.tell(ask, Err(Fault::new(kind, "words of the server")))
    }

    /// Alertmanager's list, and a Watchdog with it.
    pub fn alerts(&mut self, mut list: Vec<Alert>) -> Vec<Effect> {
        list.push(alert("w", &[("alertname", "Watchdog"), ("severity", "none")]));
        self.answer(&Key::Alerts, Answer::Alerts(list))
    }

    /// Prometheus's rules, and a Watchdog with them.
    pub fn rules(&mut self, mut rules: Vec<Rule>) -> Vec<Effect> {
        let switch = [("alertname", "Watchdog"), ("severity", "none")];
        rules.push(rule("Watchdog", "vector(1)", vec![active(&switch, true)]));
        self.answer(&Key::Rules, Answer::Rules(vec![group(rules)]))
    }

    /// Everything in sight answered, as a calm hospital would.
    pub fn calm(&mut self) {
        self.alerts(vec![]);
        self.rules(vec![]);
        for want in demand::wants(&self.state) {
            if let Some(ask) = demand::ask(&self.state, &want.key)
                && !matches!(want.key, Key::Alerts | Key::Rules)
            {
                let answer = usual(&ask);
                self.tell(ask, Ok(answered(answer)));
            }
        }
    }

    pub fn screen(&self) -> Screen {
        view::build(&self.state)
    }

    /// Names of the alerts in sight, in their order.
    pub fn names(&self) -> Vec<String> {
        let list = self.state.shown_list();
        (0..list.lines.len()).filter_map(|at| list.at(at)).map(|row| row.alert.name().to_owned()).collect()
    }
}

pub fn press(text: &str) -> Press {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

pub fn answered(answer: Answer) -> Answered {
    Answered { answer, took_ms: 7, warnings: Vec::new(), clock_skew_s: None }
}

pub fn alert(fingerprint: &str, pairs: &[(&str, &str)]) -> Alert {
    Alert {
        fingerprint: fingerprint.into(),
        labels: labels(pairs),
        annotations: labels(&[("summary", "what happened")]),
        state: AlertState::Firing,
        starts_at: at(-60),
        updated_at: Some(at(0)),
        silenced_by: Vec::new(),
        inhibited_by: Vec::new(),
        generator_url: "".into(),
        receivers: vec!["oncall".into()],
    }
}

pub fn critical(name: &str) -> Alert {
    alert(&format!("f-{name}"), &[("alertname", name), ("severity", "critical")])
}

pub fn active(pairs: &[(&str, &str)], firing: bool) -> ActiveAlert {
    ActiveAlert {
        labels: labels(pairs),
        annotations: Labels::default(),
        firing,
        active_at: at(-60),
        value: 2.0,
    }
}

pub fn rule(name: &str, query: &str, active: Vec<ActiveAlert>) -> Rule {
    Rule {
        name: name.into(),
        query: query.into(),
        hold_s: 60.0,
        labels: Labels::default(),
        annotations: Labels::default(),
        health: RuleHealth::Ok,
        last_evaluation: Some(at(-5)),
        active,
    }
}

pub fn group(rules: Vec<Rule>) -> RuleGroup {
    RuleGroup { name: "g".into(), file: "f.yml".into(), interval_s: 15.0, rules }
}

/// Label sets that every panel of the pack finds its own among.
fn label_sets() -> Vec<Labels> {
    let departments = PACK.departments.iter().map(|one| labels(&[("department", one.id.as_str())]));
    let models =
        PACK.models.iter().map(|one| labels(&[("model_name", one.id.as_str()), ("model", one.id.as_str())]));
    departments.chain(models).collect()
}

/// An answer with this value everywhere.
pub fn with_value(ask: &Ask, value: f64) -> Answer {
    match ask {
        Ask::Instant { at, .. } => {
            Answer::Vector(label_sets().into_iter().map(|labels| Sample { labels, at: *at, value }).collect())
        }
        Ask::Range { start, end, step_s, .. } => {
            let moments = || (start.timestamp()..=end.timestamp()).step_by(*step_s as usize);
            let points = || moments().map(|s| Point { t: s * 1000, v: value }).collect();
            Answer::Matrix(
                label_sets().into_iter().map(|labels| Series { labels, points: points() }).collect(),
            )
        }
        Ask::Plain(_) | Ask::Window { .. } => usual(ask),
    }
}

/// An answer of the right kind.
pub fn usual(ask: &Ask) -> Answer {
    match ask {
        Ask::Instant { query, .. } if &**query == demand::ALERTS || &**query == demand::ALERTS_SINCE => {
            Answer::Vector(Vec::new())
        }
        Ask::Instant { .. } | Ask::Range { .. } => with_value(ask, 1.0),
        Ask::Plain(key) => match key {
            Key::Rules => Answer::Rules(vec![]),
            Key::Targets => Answer::Targets(vec![Target {
                job: "mac".into(),
                instance: "x".into(),
                health: TargetHealth::Up,
                last_scrape: Some(at(0)),
                last_error: "".into(),
            }]),
            Key::ExternalLabels => Answer::ExternalLabels(Labels::default()),
            Key::LabelNames | Key::LabelValues(_) => Answer::Names(vec![]),
            Key::Metadata => Answer::Metadata(vec![]),
            Key::Alerts => Answer::Alerts(vec![]),
            Key::Silences => Answer::Silences(vec![]),
            Key::Status | Key::BuildInfo(_) | Key::Ready(_) => {
                Answer::About(plantao::model::ask::About::default())
            }
            Key::Page(_) => Answer::Page(vec![]),
            explored => usual_explored(explored),
        },
        Ask::Window { key, .. } => usual_explored(key),
    }
}

fn usual_explored(key: &Key) -> Answer {
    match key {
        Key::Exemplars(_) => Answer::Exemplars(vec![]),
        Key::Logs { .. } => Answer::Logs(LogPage::default()),
        Key::LogRange(..) | Key::TraceRange(..) => Answer::Matrix(vec![]),
        Key::LogInstant(_) | Key::LogVolume(_) => Answer::Vector(vec![]),
        Key::LogStats(_) => Answer::LogStats(LogStats::default()),
        Key::LogPatterns(_) => Answer::LogPatterns(vec![]),
        Key::LogFields(_) => Answer::LogFields(vec![]),
        Key::LogSeries(_) => Answer::LabelSets(vec![]),
        Key::Traces { .. } => Answer::Traces(TraceList::default()),
        Key::Trace(_) => Answer::Trace(TraceDoc::default()),
        Key::LogLabels | Key::LogLabelValues(_) | Key::TraceTags | Key::TraceTagValues(_) => {
            Answer::Names(vec![])
        }
        other => unreachable!("{other:?} carries its moment"),
    }
}
