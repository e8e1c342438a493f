//! What can be masked, what it is called in a mark, and the form in which two spellings are equal.

use std::borrow::Cow;

/// A kind of identifier that is known by its shape, its check digits or its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Cadastro de Pessoas Físicas: a person's number, 11 digits.
    Cpf,
    /// Cadastro Nacional da Pessoa Jurídica: a firm's number, 14 characters.
    Cnpj,
    /// Cartão Nacional de Saúde: a patient's number, 15 digits.
    Cns,
    /// A payment card, 13 to 19 digits.
    Card,
    /// An e-mail address.
    Email,
    /// A Brazilian telephone number.
    Phone,
    /// Cadastro Nacional de Estabelecimentos de Saúde: a clinic's number, 7 digits.
    Cnes,
    /// Conselho Regional de Medicina: a doctor's number and federal unit.
    Crm,
    /// User name and password of an address.
    Credentials,
}

impl Kind {
    /// What a mark calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Cpf => "cpf",
            Self::Cnpj => "cnpj",
            Self::Cns => "cns",
            Self::Card => "card",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Cnes => "cnes",
            Self::Crm => "crm",
            Self::Credentials => "credentials",
        }
    }

    /// The form in which all spellings of one identifier are equal.
    pub(super) fn normal(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Cpf | Self::Cns | Self::Card | Self::Cnes => digits(text).into(),
            Self::Phone => {
                let all = digits(text);
                let national = if all.len() > 11 { all.strip_prefix("55").unwrap_or(&all) } else { &all };
                national.trim_start_matches('0').to_owned().into()
            }
            Self::Cnpj => {
                text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
            }
            Self::Crm => {
                // `CRM/SP 1234` and `1234-SP` are one.
                let unit = text.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_uppercase());
                digits(text).chars().chain(unit).collect()
            }
            Self::Email => text.to_lowercase().into(),
            Self::Credentials => text.into(),
        }
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The form in which two values of a named field are equal: letters and digits, in lower case.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let kept: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    // A value of punctuation alone still differs from another.
    if kept.is_empty() { text.into() } else { kept.into() }
}
