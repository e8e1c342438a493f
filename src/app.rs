//! Puts the rooms together: arguments in, an exit status out.
//!
//! Owns the order of starting (configuration, log, pack, keymap, theme, screen, servers). Must hold
//! no logic of its own that a room should have.

mod acting;
mod blackbox;
mod bundle;
mod change;
mod console;
mod correlate;
mod embedded;
pub mod feed;
mod gathering;
mod journal;
mod lists;
mod logs;
mod parts;
mod playbook;
mod probe;
mod query;
mod report;
mod serve;
mod snapshot;
mod traces;
mod watch;

use crate::cli::history::History;
use crate::cli::{
    self, BundleCommand, Cli, Command, ConfigCommand, DoctorArgs, Exit, Global, Output, PackCommand,
    RulesCommand, Surroundings, Wish, logging,
};
use crate::client::Clients;
use crate::clock::Clock;
use crate::config::{Loaded, Sources};
use crate::model::ask::{Answer, Ask, Key};
use crate::pack::Pack;
use crate::privacy;
use crate::runtime::embedded::Order;
use crate::theme::Theme;
use crate::{keymap::Keymap, runtime, terminal};
use blackbox::Opened;
use parts::{Folders, Parts};

/// Runs the program.
pub fn run(cli: &Cli) -> Exit {
    run_in(cli, &Surroundings::gather())
}

/// The same in given surroundings.
pub fn run_in(cli: &Cli, around: &Surroundings) -> Exit {
    let wish = match Wish::of(cli) {
        Ok(wish) => wish,
        Err(why) => {
            return cli::output::with_std(|out| {
                out.say(&why);
                Exit::Usage
            });
        }
    };
    if let Some(why) = blackbox::conflict(cli) {
        return cli::output::with_std(|out| {
            out.say(&why);
            Exit::Usage
        });
    }
    let serves = cli.serves();
    let opens = |command: &Command| matches!(command, Command::Demo(_)) && serves.is_none();
    let command = cli.command.as_ref().filter(|command| !opens(command));
    if command.is_some() {
        terminal::exit_on_interrupt(Exit::Interrupted as u8);
    }
    match command {
        Some(Command::Completions(args)) => {
            cli::output::with_std(|out| cli::completions::run(args.shell, out))
        }
        Some(Command::Man) => cli::output::with_std(cli::man::run),
        Some(Command::Config(which)) => cli::output::with_std(|out| {
            let inputs = around.inputs(cli.global.flags());
            match which {
                ConfigCommand::Check => cli::config::check(&inputs, out),
                ConfigCommand::Show => cli::config::show(&inputs, out),
            }
        }),
        Some(Command::Doctor(args)) => {
            cli::output::with_std(|out| doctor(cli, *args, wish.as_ref(), around, out))
        }
        None => match prepare(cli, wish.as_ref(), around) {
            // The bundle answers until the person leaves.
            Ok((loaded, parts, _opened)) => console::run(&cli.global, around, &loaded, &parts),
            Err(exit) => exit,
        },
        Some(other) => cli::output::with_std(|out| {
            let mut loaded = match cli::config::load_or_refuse(&around.inputs(cli.global.flags()), out) {
                Ok(loaded) => loaded,
                Err(exit) => return exit,
            };
            if let Err(exit) = install_masker(&loaded, around, out) {
                return exit;
            }
            start_log(around, out);
            for note in &loaded.notes {
                out.say(note);
            }
            if let (Some(args), Some(wish)) = (serves, &wish) {
                return serve::run(args, wish, cli.global.loki.as_deref(), &loaded, out);
            }
            // What is found in a file needs no console's servers around it.
            if let (Command::Correlate(args), Some(file)) = (other, &cli.global.bundle) {
                return match crate::pack::load(&loaded.config.pack, &parts::pack_dirs(&loaded.user_dirs)) {
                    Ok(pack) => cli::correlate::run(args, Some(file), &pack, out),
                    Err(problems) => {
                        out.problems(&problems);
                        Exit::Usage
                    }
                };
            }
            let asks = asks_servers(other);
            let file = cli.global.bundle.as_ref().filter(|_| asks);
            let opened = file.map(|path| blackbox::open(path, &mut loaded, out)).transpose();
            let place = wish.as_ref().filter(|_| asks);
            let place = place.map(|wish| embedded::open(wish, &mut loaded, out)).transpose();
            let (opened, place) = match (opened, place) {
                (Ok(opened), Ok(place)) => (opened, place),
                (Err(exit), _) | (_, Err(exit)) => return exit,
            };
            let stage = Stage { order: place.as_ref().map(|(order, _)| order), opened: opened.as_ref() };
            headless(other, &cli.global, around, &loaded, stage, out)
        }),
    }
}

/// What answers instead of the configured servers.
#[derive(Clone, Copy)]
struct Stage<'a> {
    order: Option<&'a Order>,
    opened: Option<&'a Opened>,
}

impl Stage<'_> {
    fn clock(self) -> Clock {
        let of_place = self.order.map(|order| order.clock);
        of_place.or(self.opened.map(|opened| opened.clock)).unwrap_or(Clock::System)
    }
}

/// Whether a command reads servers at all.
fn asks_servers(command: &Command) -> bool {
    matches!(
        command,
        Command::Snapshot(_)
            | Command::Alerts(_)
            | Command::Silences(_)
            | Command::Ack(_)
            | Command::Incidents(_)
            | Command::Report(_)
            | Command::Audit(_)
            | Command::Journal(_)
            | Command::Unack(_)
            | Command::Silence(_)
            | Command::Unsilence(_)
            | Command::Logs(_)
            | Command::Traces(_)
            | Command::Trace(_)
            | Command::Query(_)
            | Command::Playbook(_)
            | Command::Watch(_)
            | Command::Page(_)
            | Command::Correlate(_)
            | Command::Bundle(BundleCommand::Export(_))
            | Command::Rules(RulesCommand::Check)
    )
}

fn headless(
    command: &Command,
    global: &Global,
    around: &Surroundings,
    loaded: &Loaded,
    stage: Stage<'_>,
    out: &mut Output<'_>,
) -> Exit {
    let folders = Folders(&loaded.user_dirs);
    let chosen = &loaded.config.pack;
    match command {
        Command::Rules(RulesCommand::Export) => cli::rules::export(&folders, chosen, out),
        Command::Rules(RulesCommand::Check) => {
            let clients = Clients::with_clock(loaded.config.active(), stage.clock());
            let asked = async { clients.ask(&Ask::Plain(Key::Rules)).await };
            let server = match loaded.config.active().prometheus {
                None => None,
                Some(_) => match block_on(asked, out) {
                    Ok(answer) => Some(answer.map(groups)),
                    Err(exit) => return exit,
                },
            };
            cli::rules::check(&folders, chosen, server, out)
        }
        Command::Pack(PackCommand::List) => cli::pack::list(&folders, chosen, out),
        Command::Pack(PackCommand::Check { name }) => {
            cli::pack::check(&folders, name.as_deref().unwrap_or(chosen), out)
        }
        Command::Snapshot(args) => with_parts(around, loaded, stage, out, |parts, out| {
            snapshot::run(args, around, loaded, parts, out)
        }),
        Command::Alerts(args) => {
            with_parts(around, loaded, stage, out, |parts, out| lists::alerts(args, loaded, parts, out))
        }
        Command::Silences(args) => {
            with_parts(around, loaded, stage, out, |parts, out| lists::silences(args, loaded, parts, out))
        }
        Command::Incidents(args) => journal::incidents(args, around, loaded, stage.order, out),
        Command::Report(command) => with_parts(around, loaded, stage, out, |parts, out| {
            report::run(command, (around, loaded, stage.order), parts, out)
        }),
        Command::Audit(command) => journal::audit(command, around, loaded, stage.order, out),
        Command::Journal(command) => journal::journal(command, around, loaded, stage.order, out),
        Command::Ack(args) => {
            with_parts(around, loaded, stage, out, |parts, out| acting::ack(args, loaded, parts, out))
        }
        Command::Unack(args) => {
            with_parts(around, loaded, stage, out, |parts, out| acting::unack(args, loaded, parts, out))
        }
        Command::Silence(args) => {
            with_parts(around, loaded, stage, out, |parts, out| acting::silence(args, loaded, parts, out))
        }
        Command::Unsilence(args) => {
            with_parts(around, loaded, stage, out, |parts, out| acting::unsilence(args, loaded, parts, out))
        }
        Command::Logs(args) => {
            with_parts(around, loaded, stage, out, |parts, out| logs::run(args, loaded, parts, out))
        }
        Command::Traces(args) => {
            with_parts(around, loaded, stage, out, |parts, out| traces::search(args, loaded, parts, out))
        }
        Command::Trace(args) => {
            with_parts(around, loaded, stage, out, |parts, out| traces::one(args, loaded, parts, out))
        }
        Command::Playbook(which) => with_parts(around, loaded, stage, out, |parts, out| {
            playbook::run(which, global, loaded, parts, out)
        }),
        Command::Watch(args) => {
            with_parts(around, loaded, stage, out, |parts, out| watch::watch(args, loaded, parts, out))
        }
        Command::Rota(args) => {
            with_parts(around, loaded, stage, out, |parts, out| watch::rota(args, loaded, parts, out))
        }
        Command::Page(args) => {
            with_parts(around, loaded, stage, out, |parts, out| watch::page(args, loaded, parts, out))
        }
        Command::Notify(which) => {
            with_parts(around, loaded, stage, out, |parts, out| watch::notify(which, loaded, parts, out))
        }
        Command::Query(args) => {
            with_parts(around, loaded, stage, out, |parts, out| query::run(args, loaded, parts, out))
        }
        Command::Change(command) => change::run(command, around, loaded, stage.order, out),
        Command::Correlate(args) => {
            with_parts(around, loaded, stage, out, |parts, out| correlate::run(args, loaded, parts, out))
        }
        Command::Bundle(BundleCommand::Export(args)) => {
            with_parts(around, loaded, stage, out, |parts, out| bundle::export(args, loaded, parts, out))
        }
        Command::Bundle(BundleCommand::Verify { file, key_file }) => {
            let key = key_file.as_deref().or(loaded.config.bundle_key.as_deref());
            cli::bundle::verify(file, key, out)
        }
        Command::Bundle(BundleCommand::Show { file }) => cli::bundle::show(file, out),
        Command::Demo(_)
        | Command::Config(_)
        | Command::Doctor(_)
        | Command::Completions(_)
        | Command::Man => Exit::Done,
    }
}

fn groups(answered: crate::model::ask::Answered) -> Vec<crate::model::RuleGroup> {
    match answered.answer {
        Answer::Rules(groups) => groups,
        _ => Vec::new(),
    }
}

fn with_parts(
    around: &Surroundings,
    loaded: &Loaded,
    stage: Stage<'_>,
    out: &mut Output<'_>,
    run: impl FnOnce(&Parts, &mut Output<'_>) -> Exit,
) -> Exit {
    match Parts::load(loaded) {
        Ok(mut parts) => {
            parts.clock = stage.clock();
            parts.embedded = stage.order.cloned();
            parts.bundle = stage.opened.map(|opened| opened.bundle.clone());
            parts.known(around, &loaded.config);
            run(&parts, out)
        }
        Err(problems) => {
            out.problems(&problems);
            Exit::Usage
        }
    }
}

/// Everything that can be wrong is told before the terminal is taken.
fn prepare(
    cli: &Cli,
    wish: Option<&Wish>,
    around: &Surroundings,
) -> Result<(Loaded, Parts, Option<Opened>), Exit> {
    let mut prepared = None;
    let exit = cli::output::with_std(|out| {
        let mut loaded = match cli::config::load_or_refuse(&around.inputs(cli.global.flags()), out) {
            Ok(loaded) => loaded,
            Err(exit) => return exit,
        };
        if wish.is_some() {
            embedded::only_place(&mut loaded);
        }
        // A screen full of UNKNOWN is no answer to a person who starts it for the first time.
        let config = &loaded.config;
        let file = cli.global.bundle.as_ref();
        if wish.is_none()
            && file.is_none()
            && config.active().is_empty()
            && config.contexts.values().all(Sources::is_empty)
        {
            out.say(crate::text::cli::EN.no_sources);
            return Exit::Usage;
        }
        if let Err(exit) = install_masker(&loaded, around, out) {
            return exit;
        }
        start_log(around, out);
        let opened = match file.map(|path| blackbox::open(path, &mut loaded, out)).transpose() {
            Ok(opened) => opened,
            Err(exit) => return exit,
        };
        match Parts::load(&loaded) {
            Ok(mut parts) => {
                if let Some(opened) = &opened {
                    parts.clock = opened.clock;
                    parts.bundle = Some(opened.bundle.clone());
                }
                if let Some(Err(exit)) = wish.map(|wish| embedded::of_console(wish, &mut parts, out)) {
                    return exit;
                }
                parts.known(around, &loaded.config);
                // What is tried out in an embedded place is not what a person asks of their own servers.
                if wish.is_none() && opened.is_none() {
                    parts.history = History::of(around.state_dir());
                }
                prepared = Some((loaded, parts, opened));
                Exit::Done
            }
            Err(problems) => {
                out.problems(&problems);
                Exit::Usage
            }
        }
    });
    prepared.ok_or(exit)
}

/// Before anything of a server comes in.
fn install_masker(loaded: &Loaded, around: &Surroundings, out: &mut Output<'_>) -> Result<(), Exit> {
    match cli::masking::masker(loaded, around) {
        Ok(masker) => {
            privacy::install(masker);
            Ok(())
        }
        Err(problem) => {
            out.problems(&[problem]);
            Err(Exit::Usage)
        }
    }
}

fn start_log(around: &Surroundings, out: &mut Output<'_>) {
    let mask = |line: &str| privacy::safe(line).into_string();
    for note in logging::start(around.state_dir(), around.var("PLANTAO_LOG"), mask) {
        out.say(&note);
    }
}

fn doctor(
    cli: &Cli,
    args: DoctorArgs,
    wish: Option<&Wish>,
    around: &Surroundings,
    out: &mut Output<'_>,
) -> Exit {
    let mut loaded = crate::config::load(&around.inputs(cli.global.flags()));
    let place = match (wish, &mut loaded) {
        (Some(wish), Ok(loaded)) => match embedded::open(wish, loaded, out) {
            Ok(place) => Some(place),
            Err(exit) => return exit,
        },
        _ => None,
    };
    let clock = place.as_ref().map_or(Clock::System, |(order, _)| order.clock);
    let ok = loaded.as_ref().ok();
    // What the doctor cannot use as a key it tells, and looks at the rest with a key of its own.
    if let Some(loaded) = ok {
        let _ = install_masker(loaded, around, out);
    }
    let dirs = ok.map_or(&[][..], |loaded| &loaded.user_dirs[..]);
    let pack = ok.map(|loaded| crate::pack::load(&loaded.config.pack, &parts::pack_dirs(dirs)));
    let prober = ok.map(|loaded| probe::Probe(Clients::with_clock(loaded.config.active(), clock)));
    let examination = cli::doctor::Examination {
        around,
        loaded: loaded.as_ref().map_err(|problems| &problems[..]),
        terminal: cli::doctor::Terminal { size: terminal::size_of_stdout() },
        prober: prober.as_ref().map(|probe| probe as &dyn cli::doctor::Prober),
        theme: ok.map(|loaded| Theme::load(&loaded.config.ui.theme, dirs).map(drop)),
        keymap: ok.map(|loaded| Keymap::load(&loaded.config.ui.keymap, dirs).map(drop)),
        pack: pack.as_ref().map(|pack| match pack {
            Ok(pack) => Ok::<&Pack, _>(pack),
            Err(problems) => Err(problems.clone()),
        }),
        now: clock.now(),
    };
    match block_on(cli::doctor::run(&examination), out) {
        Ok(report) => cli::doctor::write(&report, args.format, out),
        Err(exit) => exit,
    }
}

/// Runs a future to its end, or says why nothing can run at all.
fn block_on<T>(future: impl Future<Output = T>, out: &mut Output<'_>) -> Result<T, Exit> {
    runtime::block_on(future).map_err(|error| {
        out.say(&(crate::text::cli::EN.no_runtime)(&error.to_string()));
        Exit::Unreachable
    })
}
