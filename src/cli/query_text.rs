//! A query from the arguments, from a file or from stdin.

use std::io::Read;
use std::path::{Path, PathBuf};

use crate::privacy;
use crate::text::cli::EN as WORDS;

/// No query is longer: servers refuse far shorter ones.
const MOST: u64 = 128 * 1024;

/// The query as it was given, without spaces around it; `None` where none was. What is about a person comes from a file
/// or stdin (`-`), because arguments are seen by everybody on the machine. The error is a line for the person.
pub fn read(given: Option<&str>, file: Option<&PathBuf>) -> Result<Option<String>, String> {
    let text = match (given, file) {
        (_, Some(path)) => from_file(path)?,
        (Some(text), None) => text.to_owned(),
        (None, None) => return Ok(None),
    };
    let text = text.trim();
    if text.is_empty() { Err(WORDS.empty_query.to_owned()) } else { Ok(Some(text.to_owned())) }
}

/// What stdin has, without spaces around it.
pub fn stdin() -> Result<String, String> {
    from_file(Path::new("-")).map(|text| text.trim().to_owned())
}

/// The query of a command that needs one: an argument, `-` for stdin, or a file. An argument that names a person is
/// refused, because shell histories and process lists keep arguments.
pub fn needed(given: Option<&str>, file: Option<&PathBuf>) -> Result<String, String> {
    let stdin = PathBuf::from("-");
    let (given, file) = match (given, file) {
        (Some("-"), None) => (None, Some(&stdin)),
        other => other,
    };
    if given.is_some_and(|query| privacy::mask(query) != query) {
        return Err(WORDS.query_personal.to_owned());
    }
    read(given, file)?.ok_or_else(|| WORDS.query_missing.to_owned())
}

fn from_file(path: &Path) -> Result<String, String> {
    let wrong = |why: &str| (WORDS.query_unreadable)(&path.display().to_string(), why);
    let mut bytes = Vec::new();
    let read = if path.as_os_str() == "-" {
        std::io::stdin().lock().take(MOST + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(MOST + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| wrong(&error.to_string()))?;
    if bytes.len() as u64 > MOST {
        return Err(wrong(&(WORDS.query_too_long)(MOST / 1024)));
    }
    String::from_utf8(bytes).map_err(|_| wrong(WORDS.not_utf8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_comes_from_one_place_and_is_not_empty() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("q");
        std::fs::write(&path, "\n{a=\"b\"}\n").expect("written");
        assert_eq!(read(None, Some(&path)), Ok(Some("{a=\"b\"}".to_owned())));
        assert_eq!(read(Some(" up "), None), Ok(Some("up".to_owned())));
        assert_eq!(read(None, None), Ok(None));
        assert!(read(Some(" "), None).is_err_and(|why| why.contains("empty")));
        std::fs::write(&path, [0xff, 0xfe]).expect("written");
        assert!(read(None, Some(&path)).is_err_and(|why| why.contains("UTF-8")));
        std::fs::write(&path, vec![b'a'; 200 * 1024]).expect("written");
        assert!(read(None, Some(&path)).is_err_and(|why| why.contains("128")));
        assert!(read(None, Some(&dir.path().join("absent"))).is_err());
    }

    #[test]
    fn a_person_may_stand_in_a_file_but_not_among_the_arguments() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("q");
        let query = "{cpf=\"529.982.247-25\"}";
        std::fs::write(&path, query).expect("written");
        assert_eq!(needed(None, Some(&path)).as_deref(), Ok(query));
        assert!(needed(Some(query), None).is_err_and(|why| why.contains("--query-file")));
        assert_eq!(needed(Some("{}"), None).as_deref(), Ok("{}"));
        assert!(needed(None, None).is_err_and(|why| why.contains("--query-file")));
    }
}
