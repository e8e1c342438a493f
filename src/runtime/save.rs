//! Saving an incident as a bundle: evidence, findings and what the screen said.

use std::path::Path;

use crate::bundle;
use crate::explore::incident::Found;
use crate::export::incident as write;

/// Writes it into the current folder, under its id. What was gathered is masked already.
pub fn save(found: &Found, screen: &str) -> Result<String, (String, String)> {
    let name = format!("{}.jsonl.zst", file_name(&found.id));
    let mut evidence = (*found.evidence).clone();
    // What an earlier saving wrote of findings and screens is told anew.
    evidence.others.retain(|one| !matches!(&*one.kind, "finding" | "screen"));
    evidence.others.extend(write::records(found));
    evidence.others.push(write::screen(found.at, screen));
    match bundle::write_file(Path::new(&name), &evidence, None) {
        Ok(_) => Ok(name),
        Err(error) => Err((name, error.to_string())),
    }
}

/// An id as a file's name: nothing that could lead elsewhere.
fn file_name(id: &str) -> String {
    let name: String =
        id.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(80).collect();
    if name.is_empty() { "incident".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_a_stranger_leads_nowhere_else() {
        assert_eq!(file_name("INC-20261129034500"), "INC-20261129034500");
        assert_eq!(file_name("../../etc/passwd"), "etcpasswd");
        assert_eq!(file_name("///"), "incident");
    }
}
