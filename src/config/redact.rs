//! Which lines of a file are not shown beside a problem, because they may hold a secret. It errs on
//! the side of hiding: a problem still has its line number, column and sentence.

use std::collections::BTreeSet;

/// Parts of words that announce a secret.
const WORDS: [&str; 10] = [
    "password",
    "passwd",
    "token",
    "secret",
    "authorization",
    "api_key",
    "api-key",
    "apikey",
    "cookie",
    "header",
];

/// Keys that hold the name of a file with a secret, which is none itself.
const FILES: [&str; 2] = ["password_file", "bearer_token_file"];

/// Lines, from 1, that announce a secret, hold an `@`, before which an address hides a password, or an
/// address with a query, which may hold a token.
pub fn lines(text: &str) -> BTreeSet<usize> {
    text.lines().enumerate().filter(|(_, line)| suspicious(line)).map(|(at, _)| at + 1).collect()
}

/// Whether to hide a line of a file that could not be parsed: where a break is, a value may go on
/// over several lines, so everything since the last table header counts.
pub fn hides_when_broken(text: &str, line: usize) -> bool {
    let all: Vec<&str> = text.lines().collect();
    let upto = &all[..line.min(all.len())];
    for (back, current) in upto.iter().rev().enumerate() {
        if suspicious(current) {
            return true;
        }
        let trimmed = current.trim_start();
        if trimmed.starts_with('[') && trimmed.trim_end().ends_with(']') && back > 0 {
            return false;
        }
    }
    false
}

fn suspicious(line: &str) -> bool {
    let mut word = line.to_ascii_lowercase();
    for file in FILES {
        // A misspelt neighbour such as `password_fil` stays suspicious, the key itself is not.
        word = word.replace(file, "");
    }
    let query = word.contains("://") && word.contains('?');
    query || word.contains('@') || WORDS.iter().any(|announce| word.contains(announce))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_with_secrets_are_known() {
        let text = "url = \"http://a:b@c\"\npassword = \"x\"\npassword_file = \"/x\"\nbearer_token = 3\nurl = \"http://c\"\n";
        assert_eq!(lines(text).into_iter().collect::<Vec<_>>(), [1, 2, 4]);
    }

    #[test]
    fn a_broken_file_hides_what_may_belong_to_a_secret() {
        let text = "[a]\nurl = 1\nheaders = {\n  X = \"s3cret\n}\n[b]\nurl = = 3\n";
        assert!(!hides_when_broken(text, 2));
        assert!(hides_when_broken(text, 4));
        assert!(hides_when_broken(text, 5));
        assert!(!hides_when_broken(text, 7));
        assert!(!hides_when_broken(text, 900));
    }
}
