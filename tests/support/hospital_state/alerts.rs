//! The pack's own alert rules over the model hospital: what fires, since when, and what mutes it.

use std::sync::OnceLock;

use plantao::model::rule::{ActiveAlert, RuleHealth};
use plantao::model::{
    Alert, AlertState, Labels, MatchOp, Rule, RuleGroup, Silence, alert::SilenceState, duration,
};
use regex::Regex;

use super::metrics::World;
use super::{NOW, Scene, promql, time};

const RULES: &str = include_str!("../../../packs/hospital/rules.yml");
/// How far back the beginning of an alert is looked for, in steps that grow.
const LOOK_BACK_S: i64 = 4 * 3600;
/// The silence that somebody has acknowledged the full beds with.
const SILENCE: &str = "5c0a5bd1-7a5b-4a0c-9d2e-2f6c1d8e4b10";

struct Spec {
    group: String,
    name: String,
    expr: String,
    hold_s: i64,
    labels: Vec<(String, String)>,
    annotations: Vec<(String, String)>,
}

/// The rules file, line by line: the pack's own shape, not all of YAML.
fn specs() -> &'static [Spec] {
    static SPECS: OnceLock<Vec<Spec>> = OnceLock::new();
    SPECS.get_or_init(|| {
        let mut specs: Vec<Spec> = Vec::new();
        let (mut group, mut part) = (String::new(), "");
        for line in
            RULES.lines().filter(|line| !line.trim_start().starts_with('#') && !line.trim().is_empty())
        {
            let depth = line.len() - line.trim_start().len();
            let text = line.trim();
            let (key, value) = text.split_once(':').unwrap_or((text, ""));
            let value = value.trim();
            match (depth, key) {
                (2, "- name") => value.clone_into(&mut group),
                (6, "- alert") => specs.push(Spec {
                    group: group.clone(),
                    name: value.to_owned(),
                    expr: String::new(),
                    hold_s: 0,
                    labels: Vec::new(),
                    annotations: Vec::new(),
                }),
                (8, "expr") => {
                    part = "expr";
                    let spec = specs.last_mut().expect("an expression is a rule's");
                    if value != "|" {
                        value.clone_into(&mut spec.expr);
                    }
                }
                (8, "for") => {
                    let hold = duration::parse(value).expect("a duration");
                    specs.last_mut().expect("a rule").hold_s = i64::from(hold);
                }
                (8, "labels") => part = "labels",
                (8, "annotations") => part = "annotations",
                (10.., _) if part == "expr" => {
                    let spec = specs.last_mut().expect("a rule");
                    spec.expr.push_str(text);
                    spec.expr.push('\n');
                }
                (10, _) => {
                    let spec = specs.last_mut().expect("a rule");
                    let plain = value.trim_matches('"').replace("\\\"", "\"");
                    let list = if part == "labels" { &mut spec.labels } else { &mut spec.annotations };
                    list.push((key.to_owned(), plain));
                }
                _ => {}
            }
        }
        assert!(specs.len() >= 21, "all rules of the pack are read");
        specs
    })
}

struct Active {
    spec: &'static Spec,
    labels: Labels,
    annotations: Labels,
    value: f64,
    since: i64,
    firing: bool,
}

fn active(world: World) -> Vec<Active> {
    let mut all = Vec::new();
    for spec in specs() {
        for (labels, value) in promql::eval(&spec.expr, world) {
            let series = labels.without(&["__name__"]);
            let since = since(spec, &series, world);
            let labels: Labels = series
                .iter()
                .chain(spec.labels.iter().map(|(name, value)| (name.as_str(), value.as_str())))
                .chain([("alertname", spec.name.as_str())])
                .collect();
            let annotations = spec
                .annotations
                .iter()
                .map(|(name, text)| (name.as_str(), filled(text, &labels, value)))
                .collect();
            let firing = world.t - since >= spec.hold_s;
            all.push(Active { spec, labels, annotations, value, since, firing });
        }
    }
    all
}

/// Since when the expression has held without a break.
fn since(spec: &Spec, series: &Labels, world: World) -> i64 {
    let world = world.on_grid();
    let mut back = 0;
    while back < LOOK_BACK_S {
        let next = back + if back < 900 { 20 } else { 900 };
        let then = promql::eval(&spec.expr, world.earlier(next));
        if !then.iter().any(|(labels, _)| labels.without(&["__name__"]) == *series) {
            break;
        }
        back = next;
    }
    world.t - back
}

/// `{{ $labels.x }}`, `{{ $value }}`, and the two ways in which the pack writes a value.
fn filled(text: &str, labels: &Labels, value: f64) -> String {
    static SHAPE: OnceLock<[Regex; 2]> = OnceLock::new();
    let [shape, digits] = SHAPE.get_or_init(|| {
        [r"\{\{ *\$(labels\.(\w+)|value) *(\|[^}]*)?\}\}", r"%\.(\d)f"]
            .map(|one| Regex::new(one).expect("a regex"))
    });
    let written = shape.replace_all(text, |found: &regex::Captures<'_>| {
        if let Some(label) = found.get(2) {
            return labels.get(label.as_str()).unwrap_or("").to_owned();
        }
        let how = found.get(3).map_or("", |m| m.as_str());
        match digits.captures(how) {
            Some(digits) => format!("{value:.*}", digits[1].parse().expect("a digit")),
            None => format!("{value}"),
        }
    });
    written.into_owned()
}

/// The external labels of the hospital's Prometheus.
pub fn external() -> Labels {
    Labels::new([
        ("cluster", "medical-records-local"),
        ("environment", "production"),
        ("hospital", "real-portuguese"),
    ])
}

/// What `/api/v1/rules` says.
pub fn rules(world: World) -> Vec<RuleGroup> {
    let active = active(world);
    let mut groups: Vec<RuleGroup> = Vec::new();
    for spec in specs() {
        let rule = Rule {
            name: spec.name.as_str().into(),
            query: spec.expr.trim().into(),
            hold_s: spec.hold_s as f64,
            labels: Labels::new(spec.labels.clone()),
            annotations: Labels::new(spec.annotations.clone()),
            health: RuleHealth::Ok,
            last_evaluation: Some(time(world.t)),
            active: active
                .iter()
                .filter(|one| one.spec.name == spec.name)
                .map(|one| ActiveAlert {
                    labels: one.labels.clone(),
                    annotations: one.annotations.clone(),
                    firing: one.firing,
                    active_at: time(one.since),
                    value: one.value,
                })
                .collect(),
        };
        match groups.iter_mut().find(|group| *group.name == *spec.group) {
            Some(group) => group.rules.push(rule),
            None => groups.push(RuleGroup {
                name: spec.group.as_str().into(),
                file: "/etc/prometheus/rules/hospital.yml".into(),
                interval_s: 15.0,
                rules: vec![rule],
            }),
        }
    }
    groups
}

/// What Alertmanager says: the firing ones, the machine's own load inhibited by its heat, the full
/// beds acknowledged.
pub fn alerts(world: World) -> Vec<Alert> {
    let firing: Vec<Active> = active(world).into_iter().filter(|one| one.firing).collect();
    let of = |name: &str| firing.iter().find(|one| one.spec.name == name).map(|one| fingerprint(&one.labels));
    let heat = of("MacStudioThermalThrottling");
    firing
        .iter()
        .map(|one| {
            let name = one.spec.name.as_str();
            let silenced = name == "SUSBedOccupancyThresholdExceeded";
            let inhibited_by = heat.clone().filter(|_| name == "MacStudioHighCPU");
            Alert {
                fingerprint: fingerprint(&one.labels).into(),
                labels: one
                    .labels
                    .iter()
                    .map(|(n, v)| (n.to_owned(), v.to_owned()))
                    .chain(pairs(&external()))
                    .collect(),
                annotations: one.annotations.clone(),
                state: match (silenced, &inhibited_by) {
                    (true, _) => AlertState::Silenced,
                    (false, Some(_)) => AlertState::Inhibited,
                    (false, None) => AlertState::Firing,
                },
                starts_at: time(one.since + one.spec.hold_s),
                updated_at: Some(time(world.t - 5)),
                silenced_by: if silenced { vec![SILENCE.into()] } else { Vec::new() },
                inhibited_by: inhibited_by.into_iter().map(String::into_boxed_str).collect(),
                generator_url: "".into(),
                receivers: vec!["plantao".into()],
            }
        })
        .collect()
}

fn pairs(labels: &Labels) -> Vec<(String, String)> {
    labels.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// What Alertmanager says of silences.
pub fn silences(world: World) -> Vec<Silence> {
    if world.scene == Scene::Calm {
        return Vec::new();
    }
    let matcher = |name: &str, value: &str| (name.into(), MatchOp::Equal, value.into());
    vec![Silence {
        id: SILENCE.into(),
        matchers: vec![
            matcher("alertname", "SUSBedOccupancyThresholdExceeded"),
            matcher("department", "icu"),
        ],
        starts_at: time(NOW - 41 * 60),
        ends_at: time(NOW + 79 * 60),
        created_by: "ana".into(),
        comment: "ACK! two patients leave at 08:00".into(),
        state: SilenceState::Active,
    }]
}

/// `ALERTS`, or since when each is active.
pub fn series(world: World, since: bool) -> Vec<(Labels, f64)> {
    let name = if since { "ALERTS_FOR_STATE" } else { "ALERTS" };
    active(world)
        .into_iter()
        .map(|one| {
            let labels = one.labels.with("__name__", name);
            if since {
                return (labels, one.since as f64);
            }
            (labels.with("alertstate", if one.firing { "firing" } else { "pending" }), 1.0)
        })
        .collect()
}

fn fingerprint(labels: &Labels) -> String {
    let mut h = 0xcbf2_9ce4_8422_2325_u64;
    for byte in labels.to_string().bytes() {
        h = (h ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{h:016x}")
}
