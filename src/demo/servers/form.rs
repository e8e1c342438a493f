//! Parameters of a request: its query and, where it is a form, its body, as Go's servers read them.

/// Names and values in their order, the body's before the query's.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Form {
    pairs: Vec<(String, String)>,
    /// What is wrong with the first pair that cannot be read. Such a pair is left out; some answers say
    /// why, others go on without it.
    pub wrong: Option<String>,
}

impl Form {
    /// Reads `a=1&b=2`, body first.
    pub(super) fn read(body: &str, query: &str) -> Self {
        let mut form = Self::default();
        for part in body.split('&').chain(query.split('&')).filter(|part| !part.is_empty()) {
            match pair(part) {
                Ok(pair) => form.pairs.push(pair),
                Err(wrong) => form.wrong = form.wrong.take().or(Some(wrong)),
            }
        }
        form
    }

    /// The first value of a name; empty where there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or("")
    }

    /// Every value of a name.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.pairs.iter().filter(move |(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

fn pair(part: &str) -> Result<(String, String), String> {
    if part.contains(';') {
        return Err("invalid semicolon separator in query".to_owned());
    }
    let (name, value) = part.split_once('=').unwrap_or((part, ""));
    Ok((decoded(name)?, decoded(value)?))
}

/// Resolves `%41` and `+`.
fn decoded(text: &str) -> Result<String, String> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let hex = text.get(at + 1..at + 3).and_then(|hex| {
                    hex.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u8::from_str_radix(hex, 16).ok())?
                });
                let Some(hex) = hex else {
                    let seen: String = text.get(at..).unwrap_or("%").chars().take(3).collect();
                    return Err(format!("invalid URL escape {seen:?}"));
                };
                out.push(hex);
                at += 2;
            }
            other => out.push(other),
        }
        at += 1;
    }
    Ok(String::from_utf8_lossy(&out).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_comes_before_the_query() {
        let form = Form::read("query=up%7Bjob%3D%22a+b%22%7D&match[]=x", "query=other&match%5B%5D=y");
        assert_eq!(form.get("query"), "up{job=\"a b\"}");
        assert_eq!(form.all("match[]").collect::<Vec<_>>(), ["x", "y"]);
        assert_eq!((form.get("none"), &form.wrong), ("", &None));
    }

    #[test]
    fn what_cannot_be_read_is_left_out_and_told() {
        for (text, wrong) in [
            ("query=%zz", "invalid URL escape \"%zz\""),
            ("query=%4", "invalid URL escape \"%4\""),
            ("query=%é", "invalid URL escape \"%é\""),
            ("query=a;b=c", "invalid semicolon separator in query"),
        ] {
            let form = Form::read("", text);
            assert_eq!((form.get("query"), form.wrong.as_deref()), ("", Some(wrong)), "{text}");
        }
        assert_eq!(Form::read("", "&&a").get("a"), "");
        assert_eq!(Form::read("a=%ff", "").get("a"), "\u{fffd}");
    }
}
