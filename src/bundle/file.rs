//! Bundles as files. A compressed one ends in a frame that zstd skips, with the SHA-256 of everything before it:
//! a seal within cannot notice a byte of the compression that changes no text.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::error::BundleError;
use super::limits::Limits;
use super::read::{Reading, read};
use super::seal::Seal;
use super::verify::{Damage, Verdict, verify};
use super::write::Writer;
use crate::model::evidence::Evidence;

/// A frame that every zstd decoder passes over, of 32 bytes.
const SKIPPED: [u8; 8] = [0x50, 0x2a, 0x4d, 0x18, 32, 0, 0, 0];
/// How a zstd frame begins.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Largest window of a compressed file, as a power of two: the decoder's memory.
const WINDOW_LOG: u32 = 27;

fn at(path: &Path) -> impl Fn(io::Error) -> BundleError + '_ {
    move |why| BundleError::File { path: path.display().to_string(), why }
}

fn is_zst(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("zst"))
}

/// The bytes of a bundle, no longer compressed.
pub fn open(path: &Path) -> Result<Box<dyn BufRead + Send>, BundleError> {
    let file = File::open(path).map_err(at(path))?;
    if file.metadata().map_err(at(path))?.is_dir() {
        return Err(at(path)(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder, not a bundle")));
    }
    let mut file = BufReader::with_capacity(1 << 17, file);
    if !is_zst(path) && !file.fill_buf().map_err(at(path))?.starts_with(&MAGIC) {
        return Ok(Box::new(file));
    }
    let mut decoder = zstd::stream::read::Decoder::with_buffer(file).map_err(at(path))?;
    decoder.window_log_max(WINDOW_LOG).map_err(at(path))?;
    Ok(Box::new(BufReader::with_capacity(1 << 17, decoder)))
}

/// Reads a file.
pub fn read_file(path: &Path, limits: &Limits) -> Result<Reading, BundleError> {
    read(open(path)?, limits)
}

/// Writes a file: beside its place first, then there as a whole, so that a file of that name is never half a bundle.
pub fn write_file(path: &Path, evidence: &Evidence, key: Option<&[u8]>) -> Result<Seal, BundleError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let written = write_part(&part, is_zst(path), evidence, key)
        .and_then(|seal| std::fs::rename(&part, path).map(|()| seal));
    written.map_err(|why| {
        // What is left of it is of no use to anybody; that it cannot be removed changes nothing.
        let _ = std::fs::remove_file(&part);
        at(path)(why)
    })
}

fn write_part(part: &Path, zst: bool, evidence: &Evidence, key: Option<&[u8]>) -> io::Result<Seal> {
    let file = BufWriter::new(File::create(part)?);
    let (file, seal) = if zst {
        let mut encoder =
            zstd::stream::write::Encoder::new(Hashing { inner: file, digest: Sha256::new() }, 6)?;
        encoder.include_checksum(true)?;
        let mut writer = Writer::new(encoder, &evidence.manifest, key)?;
        writer.evidence(evidence)?;
        let (encoder, seal) = writer.finish()?;
        let Hashing { inner: mut file, digest } = encoder.finish()?;
        file.write_all(&SKIPPED)?;
        file.write_all(&digest.finalize())?;
        (file, seal)
    } else {
        let mut writer = Writer::new(file, &evidence.manifest, key)?;
        writer.evidence(evidence)?;
        writer.finish()?
    };
    file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    Ok(seal)
}

/// Checks a file's seal, and the bytes of its compression.
pub fn verify_file(path: &Path, key: Option<&[u8]>, limits: &Limits) -> Result<Verdict, BundleError> {
    let verdict = verify(open(path)?, key, limits)?;
    if matches!(verdict, Verdict::Holds { .. }) && !compression_holds(path).map_err(at(path))? {
        return Ok(Verdict::Broken(Damage::Compressed));
    }
    Ok(verdict)
}

/// Whether the frame at the end fits what comes before it. A file that others compressed has none, and zstd's own
/// checksum must do; one whose end only resembles ours was changed.
fn compression_holds(path: &Path) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut magic = [0; 4];
    let tail = SKIPPED.len() as u64 + 32;
    if length < tail + 4 || file.read_exact(&mut magic).is_err() || magic != MAGIC {
        return Ok(true);
    }
    let mut end = [0; SKIPPED.len() + 32];
    file.seek(SeekFrom::Start(length - tail))?;
    file.read_exact(&mut end)?;
    if end[1..8] != SKIPPED[1..] || end[0] & 0xf0 != SKIPPED[0] & 0xf0 {
        return Ok(true);
    }
    file.seek(SeekFrom::Start(0))?;
    let mut digest = Sha256::new();
    let mut left = length - tail;
    let mut buffer = vec![0; 1 << 16];
    while left > 0 {
        let wanted = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let got = file.read(&mut buffer[..wanted])?;
        if got == 0 {
            return Ok(false);
        }
        digest.update(&buffer[..got]);
        left -= got as u64;
    }
    Ok(end[0] == SKIPPED[0] && end[8..] == *digest.finalize())
}

/// Passes bytes on and hashes them.
struct Hashing<W> {
    inner: W,
    digest: Sha256,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.inner.write(bytes)?;
        self.digest.update(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
