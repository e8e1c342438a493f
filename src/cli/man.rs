//! `man`: one manual page, the commands as sections of it.

use std::io;

use clap::CommandFactory;
use clap_mangen::Man;

use super::{Cli, Exit, Output};
use crate::text::cli::EN as WORDS;

/// Writes the manual page.
pub fn run(out: &mut Output<'_>) -> Exit {
    match page() {
        Ok(page) => {
            out.bytes(&page);
            Exit::Done
        }
        Err(error) => {
            out.say(&(WORDS.cannot_write)(&error.to_string()));
            Exit::Incomplete
        }
    }
}

fn page() -> io::Result<Vec<u8>> {
    let mut command = Cli::command();
    command.build();
    let mut text = Vec::new();
    let man = Man::new(command.clone());
    man.render_title(&mut text)?;
    man.render_name_section(&mut text)?;
    man.render_synopsis_section(&mut text)?;
    man.render_description_section(&mut text)?;
    man.render_options_section(&mut text)?;
    // Not its list of subcommands, which would point to pages of their own.
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help") {
        section(sub, "plantao", &mut text)?;
    }
    man.render_extra_section(&mut text)?;
    man.render_version_section(&mut text)?;
    Ok(text)
}

/// One command's synopsis, options and examples, and those of the commands under it. The global
/// options stand once, at the top.
fn section(command: &clap::Command, parent: &str, text: &mut Vec<u8>) -> io::Result<()> {
    use io::Write;
    let name = format!("{parent} {}", command.get_name());
    writeln!(text, ".SH \"{}\"", name.to_uppercase())?;
    let own = command.clone().bin_name(&name).mut_args(|arg| {
        let global = arg.is_global_set();
        arg.hide(global)
    });
    let man = Man::new(own);
    man.render_synopsis_section(text)?;
    man.render_description_section(text)?;
    man.render_options_section(text)?;
    man.render_extra_section(text)?;
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        section(sub, &name, text)?;
    }
    Ok(())
}
