//! A plan: a playbook with everything filled in, as it is shown before and kept in the journal while it runs.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::facts::Facts;
use crate::config::acting::{Acting, Command};
use crate::model::Template;
use crate::model::records::{NewRun, NewStep};
use crate::pack::playbook::{Action, OnFailure, Step, StepKind, kind_of};
use crate::pack::{Playbook, Response};
use crate::text::run::EN as WORDS;

/// What will happen, step by step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The playbook.
    pub playbook: String,
    /// Its title.
    pub title: String,
    /// The incident.
    pub incident: Option<String>,
    /// Whether nobody asked for it: then only what the pack marks automatic is done.
    pub automatic: bool,
    /// Parameters, by name.
    pub params: BTreeMap<String, String>,
    /// Steps.
    pub steps: Vec<Planned>,
}

/// One step of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Planned {
    /// Its title.
    pub title: String,
    /// What it does.
    pub doing: Doing,
    /// Longest time of one try, seconds.
    pub timeout_s: u32,
    /// Further tries.
    pub retries: u32,
    /// Seconds before each.
    pub retry_wait_s: u32,
    /// What happens when all failed: `stop`, `continue`, `ask`.
    pub on_failure: String,
    /// Whether it may be repeated without asking.
    pub idempotent: bool,
    /// Whether a person confirms the run by typing because of it.
    pub dangerous: bool,
    /// Why it is left out of this run; `None` does it.
    pub left_out: Option<String>,
    /// Why it cannot be done as things are.
    pub trouble: Option<String>,
}

/// What a step does, with everything filled in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Doing {
    /// Tells a level.
    Notify {
        /// Level.
        level: String,
        /// What is said.
        message: String,
    },
    /// Runs a program.
    Command {
        /// Its name in the configuration.
        command: String,
        /// Program and arguments, each as it will be.
        argv: Vec<String>,
        /// Parameters that it was filled with, to fill it again.
        with: BTreeMap<String, String>,
    },
    /// Calls a service.
    Http {
        /// Method.
        method: String,
        /// Address.
        url: String,
        /// Body.
        json: Option<serde_json::Value>,
        /// File with a bearer token.
        bearer_token_file: Option<PathBuf>,
        /// Statuses that are good; empty is 2xx.
        expect: Vec<u16>,
    },
    /// Silences.
    Silence {
        /// Equality matchers.
        matchers: Vec<(String, String)>,
        /// Seconds.
        for_s: u32,
        /// Why.
        comment: String,
    },
    /// Saves evidence.
    Collect {
        /// Seconds before the incident.
        window_s: u32,
    },
    /// Waits.
    WaitUntil {
        /// Query.
        query: String,
        /// Seconds between looks.
        every_s: u32,
    },
    /// Asks a person.
    Confirm {
        /// What is asked.
        question: String,
    },
}

impl Doing {
    /// Whether it tells somebody, or starts or calls something, outside of the servers that are watched.
    pub fn reaches_out(&self) -> bool {
        matches!(self, Self::Notify { .. } | Self::Command { .. } | Self::Http { .. })
    }

    /// Its kind, as the journal has it.
    pub fn kind(&self) -> StepKind {
        kind_of!(self)
    }

    /// What it will do, in a line that hides nothing.
    pub fn in_words(&self) -> String {
        match self {
            Self::Notify { level, message } => (WORDS.will_notify)(level, message),
            Self::Command { argv, .. } => {
                argv.iter().map(|one| shown_argument(one)).collect::<Vec<_>>().join(" ")
            }
            Self::Http { method, url, json, .. } => match json {
                Some(json) => format!("{method} {url} {json}"),
                None => format!("{method} {url}"),
            },
            Self::Silence { matchers, for_s, comment } => {
                let all: Vec<String> =
                    matchers.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
                (WORDS.will_silence)(
                    &all.join(", "),
                    &crate::model::duration::format(i64::from(*for_s)),
                    comment,
                )
            }
            Self::Collect { window_s } => {
                (WORDS.will_collect)(&crate::model::duration::format(i64::from(*window_s)))
            }
            Self::WaitUntil { query, .. } => (WORDS.will_wait)(query),
            Self::Confirm { question } => (WORDS.will_ask)(question),
        }
    }
}

impl Planned {
    /// What it will do, and within which bounds.
    pub fn in_words(&self) -> String {
        let what = self.doing.in_words();
        if let Some(why) = &self.left_out {
            return (WORDS.will_leave_out)(&what, why);
        }
        // A person takes as long as it takes.
        if self.doing.kind() == StepKind::Confirm {
            return what;
        }
        let time = crate::model::duration::format(i64::from(self.timeout_s));
        format!("{what} ({})", (WORDS.bounds)(&time, self.retries, &self.on_failure))
    }
}

/// An argument as a person reads it: quoted where it is not one plain word. No shell ever sees it.
fn shown_argument(text: &str) -> String {
    let plain =
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./=:@%+,".contains(c));
    if plain { text.to_owned() } else { format!("{text:?}") }
}

impl Plan {
    /// For a person who asks: every step is done.
    pub fn asked_for(
        playbook: &Playbook,
        facts: &Facts,
        given: &BTreeMap<String, String>,
        acting: &Acting,
    ) -> Self {
        let steps = playbook.steps.iter().map(|step| planned(playbook, step, facts, given, acting)).collect();
        Self {
            playbook: playbook.name.clone(),
            title: playbook.title.clone(),
            incident: facts.value(playbook, given, "incident"),
            automatic: false,
            params: params(playbook, facts, given),
            steps,
        }
    }

    /// For a watcher: what the pack marks automatic, the rest left for a person.
    pub fn automatic(playbook: &Playbook, facts: &Facts, acting: &Acting, response: &Response) -> Self {
        let given = BTreeMap::new();
        let mut plan = Self::asked_for(playbook, facts, &given, acting);
        plan.automatic = true;
        for (planned, step) in plan.steps.iter_mut().zip(&playbook.steps) {
            let by_itself =
                step.automatic.unwrap_or_else(|| response.automatic.contains(&step.action.kind()));
            if !by_itself {
                planned.left_out = Some(WORDS.left_for_a_person.to_owned());
                planned.trouble = None;
            }
        }
        plan
    }

    /// Why it cannot be run, step by step; empty where it can.
    pub fn troubles(&self) -> Vec<(usize, &str)> {
        let all = self.steps.iter().enumerate().filter(|(_, step)| step.left_out.is_none());
        all.filter_map(|(at, step)| Some((at, step.trouble.as_deref()?))).collect()
    }

    /// Whether a person confirms it by typing.
    pub fn is_dangerous(&self) -> bool {
        self.steps.iter().any(|step| step.dangerous && step.left_out.is_none())
    }

    /// Whether every step is left out, or a step that is not cannot be done.
    pub fn nothing_to_do(&self) -> bool {
        self.steps.iter().all(|step| step.left_out.is_some()) || !self.troubles().is_empty()
    }

    /// As a run of the journal that nobody carries out yet.
    pub fn new_run(&self, incident: Option<Arc<str>>, dedup: Option<Box<str>>) -> NewRun {
        NewRun {
            playbook: self.playbook.as_str().into(),
            incident,
            spec: serde_json::to_string(self).unwrap_or_default().into(),
            steps: self
                .steps
                .iter()
                .map(|step| NewStep {
                    kind: step.doing.kind().as_str().into(),
                    title: step.title.as_str().into(),
                })
                .collect(),
            dedup,
            owner: None,
        }
    }
}

fn params(playbook: &Playbook, facts: &Facts, given: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    playbook
        .params
        .keys()
        .filter_map(|name| Some((name.clone(), facts.value(playbook, given, &format!("param.{name}"))?)))
        .collect()
}

/// Longest time of a try where nobody says otherwise, seconds.
fn usual_timeout(kind: StepKind) -> u32 {
    match kind {
        StepKind::Notify | StepKind::Silence | StepKind::Http => 30,
        StepKind::Command => 60,
        StepKind::Collect | StepKind::WaitUntil => 300,
        StepKind::Confirm => 3600,
    }
}

fn planned(
    playbook: &Playbook,
    step: &Step,
    facts: &Facts,
    given: &BTreeMap<String, String>,
    acting: &Acting,
) -> Planned {
    let mut trouble: Option<String> = None;
    let mut fill = |template: &Template| {
        template.fill(&|name| facts.value(playbook, given, name)).unwrap_or_else(|name| {
            trouble.get_or_insert_with(|| (WORDS.no_value)(&name));
            format!("{{{name}}}")
        })
    };
    let title = fill(&step.title);
    let mut bound: Option<&Command> = None;
    let doing = match &step.action {
        Action::Notify { level, message } => Doing::Notify {
            level: level.clone(),
            message: message.as_ref().map(&mut fill).unwrap_or_default(),
        },
        Action::Command { command, with } => {
            let with: BTreeMap<String, String> =
                with.iter().map(|(name, template)| (name.clone(), fill(template))).collect();
            bound = acting.commands.get(command);
            let argv = match bound {
                Some(bound) => match argv(command, bound, &with) {
                    Ok(argv) => argv,
                    Err(why) => {
                        trouble.get_or_insert(why);
                        vec![command.clone()]
                    }
                },
                None => {
                    trouble.get_or_insert_with(|| (WORDS.unbound)(command));
                    let shown = with.iter().map(|(name, value)| format!("{name}={value}"));
                    std::iter::once(command.clone()).chain(shown).collect()
                }
            };
            Doing::Command { command: command.clone(), argv, with }
        }
        Action::Http { method, url, json, bearer_token_file, expect } => Doing::Http {
            method: method.clone(),
            url: encoded(url, &mut fill),
            json: json.as_ref().map(|json| filled(json, &mut fill)),
            bearer_token_file: bearer_token_file.clone(),
            expect: expect.clone(),
        },
        Action::Silence { matchers, for_s, comment } => Doing::Silence {
            matchers: matchers.iter().map(|(name, template)| (name.clone(), fill(template))).collect(),
            for_s: *for_s,
            comment: fill(comment),
        },
        Action::Collect { window_s } => Doing::Collect { window_s: *window_s },
        Action::WaitUntil { query, every_s } => {
            // A value becomes part of a string in the query, and nothing else.
            let quoted = |template: &Template| {
                template.fill(&|name| {
                    let value = facts.value(playbook, given, name)?;
                    Some(value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
                })
            };
            let query = quoted(query).unwrap_or_else(|name| {
                trouble.get_or_insert_with(|| (WORDS.no_value)(&name));
                query.to_string()
            });
            Doing::WaitUntil { query, every_s: *every_s }
        }
        Action::Confirm { question } => Doing::Confirm { question: fill(question) },
    };
    let kind = doing.kind();
    let harmless = !matches!(kind, StepKind::Command | StepKind::Http);
    let contained = acting.contained && doing.reaches_out();
    let bound_timeout = bound.map(|bound| bound.timeout.as_secs() as u32);
    Planned {
        title,
        timeout_s: step.timeout_s.or(bound_timeout).unwrap_or_else(|| usual_timeout(kind)),
        retries: step.retries,
        retry_wait_s: step.retry_wait_s,
        on_failure: step.on_failure.as_str().to_owned(),
        // A playbook can only be more careful than the configuration, which knows the program.
        idempotent: match bound {
            Some(bound) => bound.idempotent && step.idempotent.unwrap_or(true),
            None => step.idempotent.unwrap_or(harmless),
        },
        dangerous: !contained
            && match bound {
                Some(bound) => bound.dangerous || step.dangerous.unwrap_or(false),
                None => step.dangerous.unwrap_or(!harmless || kind == StepKind::Silence),
            },
        left_out: contained.then(|| WORDS.contained.to_owned()),
        // Whoever tries a playbook out needs no program for what is not done.
        trouble: trouble.filter(|_| !contained),
        doing,
    }
}

/// Program and arguments of a command. Each stays one argument, whatever is put in; what would be read as an option
/// where a value is meant is refused, and so is what the configuration's pattern does not allow.
pub(super) fn argv(
    name: &str,
    bound: &Command,
    with: &BTreeMap<String, String>,
) -> Result<Vec<String>, String> {
    if let Some(unknown) = with.keys().find(|key| !bound.params.contains_key(*key)) {
        return Err((WORDS.unknown_param)(name, unknown));
    }
    for (param, pattern) in &bound.params {
        if let Some(value) = with.get(param)
            && !pattern.is_match(value)
        {
            return Err((WORDS.param_refused)(name, param, value));
        }
    }
    let mut argv = Vec::with_capacity(bound.argv.len());
    for template in &bound.argv {
        let argument = template
            .fill(&|param| with.get(param).cloned())
            .map_err(|param| (WORDS.param_missing)(name, &param))?;
        if argument.contains('\0') {
            return Err((WORDS.nul)(name));
        }
        if template.begins_with_place() && argument.starts_with('-') {
            return Err((WORDS.looks_like_option)(name, &argument));
        }
        argv.push(argument);
    }
    Ok(argv)
}

/// An address whose places are encoded, so that what is put in is one part of the path or of the query.
fn encoded(template: &Template, fill: &mut impl FnMut(&Template) -> String) -> String {
    template
        .fill(&|name| {
            // Filled through the one filler, so that a missing value is told.
            Some(format!("\u{0}{name}\u{0}"))
        })
        .map(|marked| {
            marked
                .split('\u{0}')
                .enumerate()
                .map(|(at, part)| {
                    if at % 2 == 0 {
                        return part.to_owned();
                    }
                    let one = Template::parse(&format!("{{{part}}}")).unwrap_or_default();
                    url::form_urlencoded::byte_serialize(fill(&one).as_bytes())
                        .collect::<String>()
                        .replace('+', "%20")
                })
                .collect()
        })
        .unwrap_or_default()
}

fn filled(json: &serde_json::Value, fill: &mut impl FnMut(&Template) -> String) -> serde_json::Value {
    use serde_json::Value;
    match json {
        Value::String(text) => {
            Value::String(Template::parse(text).map_or_else(|_| text.clone(), |template| fill(&template)))
        }
        Value::Array(all) => Value::Array(all.iter().map(|one| filled(one, fill)).collect()),
        Value::Object(all) => {
            Value::Object(all.iter().map(|(name, one)| (name.clone(), filled(one, fill))).collect())
        }
        other => other.clone(),
    }
}

/// What is done when every try failed.
pub(super) fn on_failure(planned: &Planned) -> OnFailure {
    OnFailure::NAMES
        .iter()
        .find(|(name, _)| *name == planned.on_failure)
        .map_or(OnFailure::Stop, |(_, one)| *one)
}

#[cfg(test)]
mod tests;
