//! Posting a body to a channel's address, and what its answer means.

use std::path::Path;

use super::Sent;
use crate::client::post::{Posted, Poster};
use crate::config::acting::Post;
use crate::model::FaultKind;
use crate::privacy;
use crate::text::notify::EN as WORDS;

/// Larger files hold no address and no key.
const MOST: u64 = 64 * 1024;

/// Posts. Addresses that are secrets are read anew each time, so that they can be changed.
pub(super) async fn post(at: &Post, media: &'static str, body: Vec<u8>) -> Result<Posted, Sent> {
    let mut source = at.source.clone();
    if let Some(path) = &at.url_file {
        let text = secret(path).await.map_err(Sent::Refused)?;
        // The address itself is never repeated.
        source.url = url::Url::parse(&text)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .ok_or_else(|| Sent::Refused((WORDS.bad_address_file)(&path.display().to_string())))?;
    }
    match Poster::new(source).post(media, body).await {
        Ok(posted) => Ok(posted),
        // A setting that is wrong is not mended by waiting, but by a person, who then need not resend.
        Err(fault) if fault.kind == FaultKind::Setup => Err(Sent::Later(fault.detail.clone(), Some(60_000))),
        Err(fault) => Err(Sent::Later(fault.detail.clone(), None)),
    }
}

/// What a status means for a letter.
pub(super) fn judged(posted: &Posted) -> Sent {
    let said = privacy::safe_line(&String::from_utf8_lossy(&posted.body));
    let said: String = said.chars().take(160).collect();
    match posted.status {
        200..=299 => Sent::Taken,
        408 | 425 | 429 | 500..=599 => {
            Sent::Later((WORDS.status)(posted.status, &said), posted.retry_after_ms)
        }
        status => Sent::Refused((WORDS.status)(status, &said)),
    }
}

/// A secret file's text without the line end that editors add.
pub(super) async fn secret(path: &Path) -> Result<String, String> {
    let owned = path.to_owned();
    let shown = path.display().to_string();
    let read = tokio::task::spawn_blocking(move || {
        use std::io::Read;
        let mut text = String::new();
        std::fs::File::open(&owned)?.take(MOST).read_to_string(&mut text)?;
        Ok::<_, std::io::Error>(text)
    })
    .await
    .unwrap_or_else(|_| Err(std::io::ErrorKind::Interrupted.into()));
    let text = read.map_err(|error| (WORDS.secret_file)(&shown, &error.to_string()))?;
    let text = text.trim();
    if text.is_empty() { Err((WORDS.secret_empty)(&shown)) } else { Ok(text.to_owned()) }
}
