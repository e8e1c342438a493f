//! Fields whose values are never shown, whatever they look like: by name, in any notation.

use super::check;
use super::kind::Kind;
use super::pseudonym::{LONGEST_LABEL, mark_at};
use super::scan::{Scan, What};
use super::values;

/// One field.
#[derive(Clone, Debug)]
struct Field {
    /// Its name in a mark.
    label: Box<str>,
    /// Its name without separators, in lower case.
    flat: Box<[u8]>,
    /// Several words may belong to an unquoted value.
    is_text: bool,
}

/// What HOSPITAL's field of work never shows, and whether the value is text of several words.
const NEVER_RAW: [(&str, bool); 12] = [
    ("patient_id", false),
    ("patient_name", true),
    ("patient_cpf", false),
    ("patient_email", false),
    ("cpf", false),
    ("medical_record_number", false),
    ("insurance_number", false),
    ("diagnosis", true),
    ("medication", true),
    ("treatment_plan", true),
    ("biometric_data", false),
    ("face_template", false),
];

/// All fields that are never shown raw.
#[derive(Clone, Debug)]
pub struct Fields {
    all: Vec<Field>,
    /// The last two characters of each name, in one piece for the search.
    ends: Vec<[u8; 2]>,
    /// Pairs of characters that a name ends with.
    tails: [u64; 16],
}

impl Default for Fields {
    fn default() -> Self {
        let mut fields = Self { all: Vec::new(), ends: Vec::new(), tails: [0; 16] };
        for (name, is_text) in NEVER_RAW {
            fields.add(name, is_text);
        }
        fields
    }
}

impl Fields {
    /// The usual fields and these. `Err` is the first name that has fewer than two letters or digits.
    pub fn with<S: AsRef<str>>(more: &[S]) -> Result<Self, String> {
        let mut fields = Self::default();
        for name in more {
            if !fields.add(name.as_ref(), true) {
                return Err(name.as_ref().to_owned());
            }
        }
        Ok(fields)
    }

    fn add(&mut self, name: &str, is_text: bool) -> bool {
        let flat: String =
            name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let [.., a, b] = flat.as_bytes() else { return false };
        let (word, bit) = index(*a, *b);
        self.tails[word] |= bit;
        // `room_b` ends with a separator and a letter.
        for separator in b"_-. " {
            let (word, bit) = index(*separator, *b);
            self.tails[word] |=
                bit * u64::from(name.trim().chars().rev().nth(1).is_some_and(|c| !c.is_alphanumeric()));
        }
        if self.all.iter().any(|known| *known.flat == *flat.as_bytes()) {
            return true;
        }
        self.ends.push([*a, *b]);
        // Marks are recognised by labels of these characters.
        let label: String = name
            .trim()
            .to_ascii_lowercase()
            .chars()
            .map(|c| if c.is_ascii_lowercase() || c.is_ascii_digit() { c } else { '_' })
            .take(LONGEST_LABEL)
            .collect();
        let digits = label.bytes().filter(u8::is_ascii_digit).count();
        let label = if digits > 6 { "field".into() } else { label.into() };
        self.all.push(Field { label, flat: flat.into_bytes().into(), is_text });
        true
    }

    /// What marks call the field.
    pub(super) fn label(&self, at: usize) -> &str {
        self.all.get(at).map_or("field", |field| &field.label)
    }

    pub(super) fn is_text(&self, at: usize) -> bool {
        self.all.get(at).is_some_and(|field| field.is_text)
    }

    /// The field that this whole name means.
    pub(super) fn named(&self, name: &str) -> Option<usize> {
        self.ending_at(name.as_bytes(), name.len()).map(|(field, _)| field)
    }

    fn may_end(&self, a: u8, b: u8) -> bool {
        let (word, bit) = index(a, b);
        self.tails[word] & bit != 0
    }

    /// The field whose name ends at `end`, and where its name begins; the longest of several.
    fn ending_at(&self, bytes: &[u8], end: usize) -> Option<(usize, usize)> {
        if end < 2 || !self.may_end(bytes[end - 2], bytes[end - 1]) {
            return None;
        }
        let (a, b) = (bytes[end - 2].to_ascii_lowercase(), bytes[end - 1].to_ascii_lowercase());
        let alike = |ends: &[u8; 2]| ends[1] == b && (ends[0] == a || !a.is_ascii_alphanumeric());
        let alike = self.ends.iter().zip(&self.all).enumerate().filter(|(_, (ends, _))| alike(ends));
        let starts = alike.filter_map(|(at, (_, field))| Some((at, start(field, bytes, end)?)));
        starts.min_by_key(|(_, start)| *start)
    }
}

fn index(a: u8, b: u8) -> (usize, u64) {
    let index = usize::from(a & 31) << 5 | usize::from(b & 31);
    (index >> 6, 1 << (index & 63))
}

/// Where the name of `field` begins, given that it ends at `end`: separators within are passed over, brackets too
/// (`Patient(name='Ana')`), and a word must begin there.
fn start(field: &Field, bytes: &[u8], end: usize) -> Option<usize> {
    let (mut at, mut left) = (end, field.flat.len());
    let mut separated = true;
    while left > 0 {
        at = at.checked_sub(1)?;
        let byte = bytes[at].to_ascii_lowercase();
        if byte == field.flat[left - 1] {
            left -= 1;
            separated = false;
        } else if matches!(byte, b'_' | b'-' | b'.' | b' ' | b'(' | b'{' | b'[') && !separated {
            separated = true;
        } else {
            return None;
        }
    }
    let before = at.checked_sub(1).map(|before| bytes[before]);
    let begins = match before {
        Some(b) if b.is_ascii_lowercase() => {
            bytes[at].is_ascii_uppercase()
                || at > 1 && bytes[at - 2] == b'\\' && matches!(b, b'n' | b't' | b'r')
        }
        Some(b) => !b.is_ascii_alphanumeric() && (b < 0x80 || b == 0xba || b == 0x9d || b == 0x9c),
        None => true,
    };
    begins.then_some(at)
}

/// Masks the value of the key that ends at `end`, where one does and has a value.
pub(super) fn value_of_key(scan: &mut Scan<'_>, end: usize) -> Option<usize> {
    let next = scan.byte(end);
    if !matches!(next, b'"' | b'\'' | b'\\' | b'`' | b':' | b'=' | b' ' | b'\t' | b'!' | b'>' | b'~' | b']') {
        return None;
    }
    // In prose nearly every word ends here.
    let sign = |b: u8| matches!(b, b':' | b'=' | b'!' | b'>' | b' ' | b'\t');
    if next == b' ' && !sign(scan.byte(end + 1)) {
        return None;
    }
    let (field, start) = scan.fields.ending_at(scan.bytes, end)?;
    if start < scan.done {
        return None;
    }
    let value = values::behind_key(scan.bytes, start, end, scan.fields.is_text(field))?;
    let text = scan.text.get(value.start..value.end)?;
    if values::is_blank(text) || mark_at(scan.bytes, value.start) == Some(value.end) {
        return None;
    }
    let what = what(scan.fields, field, text);
    Some(scan.push_quoted(value.start, value.end, what, value.quotes))
}

/// An identifier under a field's name has the pseudonym that it has elsewhere.
pub(super) fn what(fields: &Fields, field: usize, value: &str) -> What {
    let digits: Vec<u8> = value.bytes().filter(u8::is_ascii_digit).collect();
    let is_cpf_field = fields.all.get(field).is_some_and(|field| field.flat.ends_with(b"cpf"));
    if digits.len() == 11 && !value.contains(char::is_alphabetic) && (is_cpf_field || check::cpf(&digits)) {
        return What::Id(Kind::Cpf);
    }
    if value.contains('@') && !value.contains(char::is_whitespace) {
        return What::Id(Kind::Email);
    }
    What::Field(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_every_spelling_and_not_as_parts_of_others() {
        let fields = Fields::with(&["Nome Social", "sus2", "room_b"]).expect("names");
        for name in [
            "patient_id",
            "PATIENT_ID",
            "patientId",
            "PatientID",
            "patient-id",
            "patient.id",
            "X-Patient-Id",
            "app.patient.id",
            "requestPatientId",
            "nome_social",
            "nomeSocial",
            "Patient(name",
            "patient[id",
            "user_sus2",
            "room-b",
            "roomB",
            "cpf",
            "userCpf",
        ] {
            assert!(fields.named(name).is_some(), "{name}");
        }
        for name in
            ["patient_id_hash", "inpatient_id", "outpatientid", "id", "misdiagnosis", "patient__id", "", "x"]
        {
            assert!(fields.named(name).is_none(), "{name}");
        }
        assert_eq!(fields.label(fields.named("patientCpf").expect("known")), "patient_cpf");
        assert_eq!(Fields::with(&["ok", "-"]).err().as_deref(), Some("-"));
    }
}
