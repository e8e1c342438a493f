//! Slack's incoming webhooks.

use serde_json::json;

use super::{Message, Sent, Speech, post};
use crate::config::acting::{Channel, Post};

/// Slack cuts longer texts off.
const LONGEST: usize = 3900;

pub(super) async fn send(channel: &Channel, at: &Post, message: &Message<'_>) -> Sent {
    match post::post(at, "application/json", body(channel, message)).await {
        Ok(posted) => post::judged(&posted),
        Err(sent) => sent,
    }
}

/// What is read of it.
pub(super) fn preview(channel: &Channel, message: &Message<'_>) -> String {
    let speech = Speech::of(message, channel.text.as_ref(), LONGEST);
    format!("{}\n{}", speech.subject, speech.text)
}

/// The text in Slack's own escaping, so that no text of a server becomes a link or calls a channel.
fn body(channel: &Channel, message: &Message<'_>) -> Vec<u8> {
    let speech = Speech::of(message, channel.text.as_ref(), LONGEST);
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let text = format!("*{}*\n{}", escape(&speech.subject).replace('*', "∗"), escape(&speech.text));
    json!({ "text": text }).to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{channel, message};
    use super::*;

    #[test]
    fn texts_of_servers_call_nobody_and_link_nowhere() {
        message("<!channel> <https://x|y> & \"q\"\n", |message| {
            let body = String::from_utf8(body(&channel(), message)).expect("text");
            let json: serde_json::Value = serde_json::from_str(&body).expect("JSON");
            let text = json["text"].as_str().expect("a text");
            assert!(text.contains("&lt;!channel&gt;") && !text.contains("<!"), "{text}");
        });
    }
}
