//! How an event is said in one line: text, `{field}`, `{field?yes:no}`, and `[what is left out where a field is missing]`.

/// A piece of a summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text.
    Text(String),
    /// The value of a field.
    Field(String),
    /// One text where a field is true, another where it is false.
    Either {
        /// The field.
        field: String,
        /// Where it is true.
        yes: String,
        /// Where it is false.
        no: String,
    },
    /// Only said when every field in it has a value.
    Optional(Vec<Piece>),
}

impl Piece {
    /// Names of the fields that pieces speak of.
    pub fn fields(pieces: &[Self]) -> Vec<&str> {
        let mut found = Vec::new();
        for piece in pieces {
            match piece {
                Self::Text(_) => {}
                Self::Field(field) | Self::Either { field, .. } => found.push(field.as_str()),
                Self::Optional(inner) => found.extend(Self::fields(inner)),
            }
        }
        found
    }
}

/// Reads a summary; `None` where a brace or bracket has no partner, or brackets nest.
pub(super) fn parse(text: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}', '[', ']']) {
        if at > 0 {
            pieces.push(Piece::Text(rest[..at].to_owned()));
        }
        let (close, open) = match rest.as_bytes()[at] {
            b'{' => ('}', '{'),
            b'[' => (']', '['),
            _ => return None,
        };
        let length = rest[at..].find(close)?;
        let inner = &rest[at + 1..at + length];
        if inner.contains(open) {
            return None;
        }
        pieces.push(if open == '[' { Piece::Optional(parse(inner)?) } else { field(inner)? });
        rest = &rest[at + length + 1..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    Some(pieces)
}

fn field(inner: &str) -> Option<Piece> {
    let piece = match inner.split_once('?') {
        Some((field, either)) => {
            let (yes, no) = either.split_once(':')?;
            Piece::Either { field: field.to_owned(), yes: yes.to_owned(), no: no.to_owned() }
        }
        None => Piece::Field(inner.to_owned()),
    };
    let named = Piece::fields(std::slice::from_ref(&piece)).iter().all(|name| !name.is_empty());
    named.then_some(piece)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_have_fields_choices_and_what_may_be_left_out() {
        let pieces = parse("{op} by {user}[ in {ms} ms]: {ok?done:failed}").expect("right");
        assert_eq!(Piece::fields(&pieces), ["op", "user", "ms", "ok"]);
        assert_eq!(pieces.len(), 6);
        assert!(matches!(&pieces[3], Piece::Optional(inner) if inner.len() == 3));
        for broken in ["{a", "a}", "[a", "a]", "{}", "{a?b}", "{?b:c}", "[[a]]", "{a{b}}"] {
            assert_eq!(parse(broken), None, "{broken}");
        }
        assert_eq!(parse(""), Some(vec![]));
    }
}
