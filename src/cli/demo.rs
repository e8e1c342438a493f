//! The flags of the embedded hospital: what happens in it, and at which hour.

use clap::Args;

use super::{Cli, Command, DemoCommand, ServeArgs};
use crate::clock::Clock;
use crate::demo::{FaultKind, FaultSpec, Plan};
use crate::model::{Time, time};
use crate::text::demo::EN as WORDS;
use crate::text::serve::EN as SERVE;

/// Seed when nobody names one: the same place for everybody.
const SEED: u64 = 1;
/// What is under way when nobody says otherwise: a first screen that is worth seeing.
const SCENE: FaultSpec = FaultSpec { kind: FaultKind::Thermal, age_s: 12 * 60 };
/// Value of `--fault` for a calm place.
const CALM: &str = "none";

/// The flags of the embedded hospital, which every command takes.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "The embedded hospital")]
pub struct DemoFlags {
    /// The embedded hospital instead of servers: it is the source of everything
    #[arg(long, global = true)]
    pub demo: bool,
    /// A fault there, and for how long it has been under way, such as thermal@12m; again for
    /// another one; `none` is a calm place
    #[arg(long, global = true, value_name = "NAME[@AGE]", value_parser = FaultArg::parse)]
    pub fault: Vec<FaultArg>,
    /// Another such hospital, with other people and other chances
    #[arg(long, global = true, value_name = "N")]
    pub seed: Option<u64>,
}

/// A value of `--fault`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultArg {
    /// No fault at all.
    Calm,
    /// This one.
    One(FaultSpec),
}

impl FaultArg {
    /// Reads `NAME[@AGE]`, or `none`.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text == CALM { Ok(Self::Calm) } else { FaultSpec::parse(text).map(Self::One) }
    }
}

/// The embedded hospital that a command line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Faults, none twice.
    pub faults: Vec<FaultSpec>,
    /// Seed.
    pub seed: u64,
    /// What its clock shows at the start, as written; the present without it.
    pub at: Option<String>,
}

impl Cli {
    /// The arguments of `demo serve`, where that is the command.
    pub fn serves(&self) -> Option<&ServeArgs> {
        match &self.command {
            Some(Command::Demo(args)) => args.instead.as_ref().map(|DemoCommand::Serve(args)| args),
            _ => None,
        }
    }
}

impl Wish {
    /// What the command line says of it; `None` where it asks for servers. The error is a sentence
    /// about flags that do not go together.
    pub fn of(cli: &Cli) -> Result<Option<Self>, String> {
        let (global, flags) = (&cli.global, &cli.global.embedded);
        let at = match &cli.command {
            Some(Command::Demo(args)) => Some(args.at.clone()),
            _ => flags.demo.then_some(None),
        };
        let Some(at) = at else {
            return match (flags.fault.is_empty(), flags.seed) {
                (true, None) => Ok(None),
                (false, _) => Err((WORDS.needs_demo)("--fault")),
                (true, Some(_)) => Err((WORDS.needs_demo)("--seed")),
            };
        };
        let serves = cli.serves().is_some();
        let servers = [
            ("--context", global.context.is_some()),
            ("--prometheus", global.prometheus.is_some()),
            ("--alertmanager", global.alertmanager.is_some()),
            // Serving pushes to it.
            ("--loki", global.loki.is_some() && !serves),
            ("--tempo", global.tempo.is_some()),
        ];
        if let Some((flag, _)) = servers.into_iter().find(|(_, given)| *given) {
            return Err(if serves { (SERVE.not_with_serve)(flag) } else { (WORDS.not_with_demo)(flag) });
        }
        Ok(Some(Self { faults: faults(&flags.fault)?, seed: flags.seed.unwrap_or(SEED), at }))
    }

    /// Its clock. The error says what is wrong with `--at`.
    pub fn clock(&self, now: Time, zone: chrono_tz::Tz) -> Result<Clock, String> {
        match &self.at {
            None => Ok(Clock::System),
            Some(text) => time::parse(text, now, zone)
                .map(Clock::starting_at)
                .map_err(|problem| format!("--at: {problem}")),
        }
    }

    /// What happens in it, ages counted back from its `now`.
    pub fn plan(&self, now: Time) -> Plan {
        let faults = self.faults.iter().map(|spec| spec.fault(now)).collect();
        Plan { faults, ..Plan::calm(self.seed) }
    }
}

fn faults(given: &[FaultArg]) -> Result<Vec<FaultSpec>, String> {
    let mut faults: Vec<FaultSpec> = Vec::new();
    for one in given {
        match one {
            FaultArg::Calm if given.len() > 1 => return Err(WORDS.calm_and_faults.to_owned()),
            FaultArg::Calm => return Ok(Vec::new()),
            FaultArg::One(spec) if faults.iter().any(|other| other.kind == spec.kind) => {
                return Err((WORDS.fault_twice)(spec.kind.as_str()));
            }
            FaultArg::One(spec) => faults.push(*spec),
        }
    }
    Ok(if given.is_empty() { vec![SCENE] } else { faults })
}
