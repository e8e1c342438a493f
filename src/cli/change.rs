//! `change`: what somebody changed, noted for whoever looks for what broke first.

use clap::{Args, Subcommand};

use super::range::RangeArgs;
use super::{Exit, ListFormat, Output, output};
use crate::export::record;
use crate::model::Labels;
use crate::model::records::Change;
use crate::text::change::EN as WORDS;

/// `change`
#[derive(Clone, Debug, Subcommand)]
pub enum ChangeCommand {
    /// Note a change: it becomes evidence of every incident around its moment
    #[command(after_help = "\
Examples:
  plantao change add 'medgemma-4b 1.3 loaded' --component ai-engine
  plantao change add 'pool of connections 20 → 10' --component postgresql --at 03:05
  echo \"$TITLE\" | plantao change add - --label ticket=CHG-118

Exit status: 0 noted; 2 wrong usage, or not allowed here; 3 the journal cannot be written.")]
    Add(AddArgs),
    /// List what was changed
    #[command(after_help = "\
Examples:
  plantao change list --since 7d
  plantao change list --from 02:00 --to 04:00 --format json | jq -r '.[].title'

Without a range: the last day. Exit status: 0 done; 1 nothing to list; 3 the journal cannot be read.")]
    List(ListArgs),
}

/// `change add`
#[derive(Args, Clone, Debug)]
pub struct AddArgs {
    /// What was changed; `-` reads it from stdin
    #[arg(value_name = "TITLE")]
    pub title: String,
    /// The component that was changed
    #[arg(long, value_name = "NAME")]
    pub component: Option<String>,
    /// When; now otherwise
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// More about it, any number of times
    #[arg(long = "label", value_name = "NAME=VALUE", value_parser = label)]
    pub labels: Vec<(String, String)>,
}

/// `change list`
#[derive(Args, Clone, Debug)]
pub struct ListArgs {
    /// When.
    #[command(flatten)]
    pub range: RangeArgs,
    /// Form of the list
    #[arg(long, value_enum, default_value_t = ListFormat::Table)]
    pub format: ListFormat,
}

impl AddArgs {
    /// Its labels; the component under the name that evidence gives it.
    pub fn labels(&self) -> Labels {
        let all = Labels::new(self.labels.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        match &self.component {
            Some(component) => all.with("service", component),
            None => all,
        }
    }
}

fn label(text: &str) -> Result<(String, String), String> {
    let wrong = || (WORDS.not_a_label)(text);
    let (name, value) = text.split_once('=').ok_or_else(wrong)?;
    let is_name = !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_name && !value.is_empty() { Ok((name.to_owned(), value.to_owned())) } else { Err(wrong()) }
}

/// Writes the list.
pub fn list(changes: &[Change], format: ListFormat, zone: chrono_tz::Tz, out: &mut Output<'_>) -> Exit {
    match format {
        ListFormat::Json => out.result(&record::changes_json(changes)),
        ListFormat::Table => {
            let rows: Vec<[String; 5]> = changes.iter().map(|change| row(change, zone)).collect();
            out.result(&output::table(&WORDS.columns, &rows));
        }
    }
    if changes.is_empty() { Exit::Negative } else { Exit::Done }
}

fn row(change: &Change, zone: chrono_tz::Tz) -> [String; 5] {
    let rest = change.labels.without(&["service"]);
    [
        change.at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S %Z").to_string(),
        change.labels.get("service").unwrap_or("-").to_owned(),
        change.title.to_string(),
        if rest.is_empty() { String::new() } else { rest.to_string() },
        change.who.to_string(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_a_name_and_a_value() {
        assert_eq!(label("ticket=CHG=1"), Ok(("ticket".to_owned(), "CHG=1".to_owned())));
        for text in ["", "=x", "x=", "x", "1a=b", "a b=c", "a-b=c"] {
            assert!(label(text).is_err(), "{text}");
        }
    }
}
