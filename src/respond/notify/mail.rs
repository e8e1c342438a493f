//! E-mail over SMTP.

use lettre::message::header::{ContentType, MessageId};
use lettre::message::{Mailbox, MessageBuilder};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use super::text::{subject, value};
use super::{Message, Sent, Speech, post};
use crate::client::tls;
use crate::config::acting::{Channel, Mail, MailTls};
use crate::privacy;
use crate::text::notify::EN as WORDS;

/// Longest text of a mail.
const LONGEST: usize = 200_000;
/// Longest subject: a header is one line.
const SUBJECT: usize = 200;

pub(super) async fn send(channel: &Channel, mail: &Mail, message: &Message<'_>) -> Sent {
    let letter = match letter(channel, mail, message) {
        Ok(letter) => letter,
        Err(why) => return Sent::Refused(why),
    };
    let transport = match transport(mail).await {
        Ok(transport) => transport,
        Err(why) => return Sent::Later(why, Some(60_000)),
    };
    match tokio::time::timeout(mail.timeout, transport.send(letter)).await {
        Err(_) => Sent::Later((WORDS.mail_late)(&mail.host, mail.timeout.as_secs()), None),
        Ok(Ok(_)) => Sent::Taken,
        Ok(Err(error)) => {
            // 5xx: the server will say the same to the same again.
            let permanent = error.is_permanent();
            let why = why(mail, &error);
            if permanent { Sent::Refused(why) } else { Sent::Later(why, None) }
        }
    }
}

/// Why the mail did not go, in words that say what to mend.
fn why(mail: &Mail, error: &lettre::transport::smtp::Error) -> String {
    let at = format!("{}:{}", mail.host, mail.port);
    if let Some(fault) = tls::fault_of(error, &at) {
        return fault.detail.clone();
    }
    // Clear text where encryption was asked for is never a way out.
    if error.is_client() && mail.tls == MailTls::StartTls {
        return (WORDS.no_starttls)(&at);
    }
    format!("{at}: {}", privacy::safe_line(&error.to_string()))
}

/// The mail itself. lettre folds and encodes headers, so that a line end in a title adds none.
fn letter(channel: &Channel, mail: &Mail, message: &Message<'_>) -> Result<lettre::Message, String> {
    let wrong = |error: &dyn std::fmt::Display| (WORDS.bad_mail)(&privacy::safe_line(&error.to_string()));
    let mailbox = |text: &str| text.parse::<Mailbox>().map_err(|error| wrong(&error));
    let speech = Speech::of(message, channel.text.as_ref(), LONGEST);
    let line = line(mail, message, &speech);
    let mut builder: MessageBuilder = lettre::Message::builder()
        .from(mailbox(&mail.from)?)
        .subject(line)
        .header(MessageId::from(format!("<{}>", message_id(message.dedup, &mail.from))))
        .header(ContentType::TEXT_PLAIN);
    let mut receivers = 0;
    let own = message.contact.and_then(|one| one.email.as_deref());
    for to in mail.to.iter().map(String::as_str).chain(own) {
        builder = builder.to(mailbox(to)?);
        receivers += 1;
    }
    if receivers == 0 {
        return Err(WORDS.no_receiver.to_owned());
    }
    builder.body(speech.text).map_err(|error| wrong(&error))
}

/// The subject.
fn line(mail: &Mail, message: &Message<'_>, speech: &Speech) -> String {
    let line = match &mail.subject {
        Some(template) => template
            .fill(&|name| Some(value(name, message, &speech.text)))
            .unwrap_or_else(|_| subject(message)),
        None => speech.subject.clone(),
    };
    line.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(SUBJECT).collect()
}

/// What is read of it.
pub(super) fn preview(channel: &Channel, mail: &Mail, message: &Message<'_>) -> String {
    let speech = Speech::of(message, channel.text.as_ref(), LONGEST);
    format!("{}\n{}", line(mail, message, &speech), speech.text)
}

/// The same letter has the same id, so that a mail program shows a repeat once.
fn message_id(dedup: &str, from: &str) -> String {
    use std::fmt::Write as _;

    use sha2::Digest;
    let hash = sha2::Sha256::digest(dedup.as_bytes());
    let hex = hash.iter().take(16).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let host = from.rsplit_once('@').map_or("localhost", |(_, host)| host.trim_end_matches('>'));
    format!("{hex}@{host}")
}

async fn transport(mail: &Mail) -> Result<AsyncSmtpTransport<Tokio1Executor>, String> {
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&mail.host)
        .port(mail.port)
        .timeout(Some(mail.timeout));
    if mail.tls != MailTls::None {
        let mut parameters = TlsParameters::builder(mail.host.clone());
        if let Some(path) = &mail.ca_file {
            let pem = post::secret(path).await?;
            let certificate = Certificate::from_pem(pem.as_bytes())
                .map_err(|error| (WORDS.bad_mail)(&error.to_string()))?;
            parameters = parameters.add_root_certificate(certificate);
        }
        let parameters = parameters.build_rustls().map_err(|error| (WORDS.bad_mail)(&error.to_string()))?;
        builder = builder.tls(match mail.tls {
            MailTls::Wrapped => Tls::Wrapper(parameters),
            // Never in the clear where encryption was asked for.
            _ => Tls::Required(parameters),
        });
    }
    if let Some((user, password_file)) = &mail.login {
        let password = post::secret(password_file).await?;
        builder = builder.credentials(Credentials::new(user.clone(), password));
    }
    Ok(builder.build())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{channel, message};
    use super::*;

    fn mail() -> Mail {
        Mail {
            host: "localhost".to_owned(),
            port: 25,
            tls: MailTls::None,
            login: None,
            from: "plantão <plantao@hospital.example>".to_owned(),
            to: vec!["ops@hospital.example".to_owned()],
            subject: None,
            ca_file: None,
            timeout: std::time::Duration::from_secs(5),
        }
    }

    #[test]
    fn a_line_end_in_a_title_is_no_header() {
        message("a\r\nBcc: thief@evil.example\r\n\r\nbody", |message| {
            let letter = letter(&channel(), &mail(), message).expect("a mail");
            let text = String::from_utf8(letter.formatted()).expect("text");
            let head = text.split("\r\n\r\n").next().expect("a head");
            assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
            assert_eq!(letter.envelope().to().len(), 1);
            assert!(head.contains("Message-ID: <"), "{head}");
        });
    }

    #[test]
    fn a_mail_without_a_receiver_is_none() {
        let mail = Mail { to: Vec::new(), ..mail() };
        message("x", |message| {
            assert_eq!(letter(&channel(), &mail, message).err().as_deref(), Some(WORDS.no_receiver));
        });
    }
}
