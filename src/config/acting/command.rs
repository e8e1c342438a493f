//! `[commands.NAME]`: a program under a name that playbooks use.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Command;
use crate::config::check;
use crate::config::file::Reader;
use crate::document::Section;
use crate::model::Template;
use crate::text::channels::EN as WORDS;

/// Least and most seconds that a command may take.
const TIMEOUT: (u32, u32) = (1, 24 * 3600);

/// Reads one command. There is no shell: each element is one argument, whatever is put in.
pub fn read(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Option<Command> {
    let argv = section.required("argv", reader.problems());
    let params = params(reader, section);
    let argv = argv.and_then(|value| {
        let elements = value.array(reader.problems())?;
        let count = elements.len();
        let mut read = Vec::with_capacity(count);
        for element in &elements {
            let text = element.string(reader.problems())?;
            if text.contains('\0') {
                element.problem(WORDS.nul, None, reader.problems());
                continue;
            }
            let template = match Template::parse(&text) {
                Ok(template) => template,
                Err(at) => {
                    let help = Some(WORDS.template_help.to_owned());
                    element.problem(&(WORDS.bad_template)(at), help, reader.problems());
                    continue;
                }
            };
            if let Some(params) = &params
                && let Some(name) = template.places().find(|name| !params.contains_key(*name))
            {
                let help = Some((WORDS.param_help)(name));
                element.problem(&(WORDS.unknown_param)(name), help, reader.problems());
                continue;
            }
            read.push(template);
        }
        if count == 0 {
            value.problem(WORDS.no_program, None, reader.problems());
            return None;
        }
        if read.first().is_some_and(|program| program.places().next().is_some()) {
            // Who chooses the program chooses everything.
            elements.first()?.problem(WORDS.program_place, None, reader.problems());
            return None;
        }
        (read.len() == count).then_some(read)
    });
    let timeout = reader
        .checked(section, "timeout", |text| check::span(text, TIMEOUT))
        .map_or(Duration::from_secs(60), |set| set.value);
    let dangerous = reader.bool(section, "dangerous").is_none_or(|set| set.value);
    let idempotent = reader.bool(section, "idempotent").is_some_and(|set| set.value);
    Some(Command { argv: argv?, params: params?, timeout, dangerous, idempotent })
}

/// `params = { service = "[a-z-]+" }`: each must match as a whole.
fn params(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Option<BTreeMap<String, regex::Regex>> {
    let Some(value) = section.value("params") else { return Some(BTreeMap::new()) };
    let table = value.section(reader.problems())?;
    let mut all = BTreeMap::new();
    let entries = table.entries();
    let count = entries.len();
    for (name, _, value) in entries {
        let Some(text) = value.string(reader.problems()) else { continue };
        match regex::Regex::new(&format!("^(?:{text})$")) {
            Ok(regex) => {
                all.insert(name, regex);
            }
            Err(_) => value.problem(WORDS.bad_regex, None, reader.problems()),
        }
    }
    (all.len() == count).then_some(all)
}
