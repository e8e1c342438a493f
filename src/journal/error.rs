//! What can be wrong with the journal: one kind for each cause that a person treats differently.

use rusqlite::ErrorCode;

use crate::model::records::Ack;

/// What a call of the journal gives.
pub type Result<T> = std::result::Result<T, JournalError>;

/// Why the journal could not do it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum JournalError {
    /// Another process holds it for longer than anybody should.
    #[error("the journal is locked by another process; nothing was recorded, try again")]
    Locked,
    /// There is no room.
    #[error("the disk of the journal is full; nothing was recorded, make room and try again")]
    Full,
    /// It can be read only.
    #[error("the journal cannot be written: {0}; check the permissions of its file and folder")]
    ReadOnly(String),
    /// It is damaged.
    #[error("the journal is damaged: {0}; keep a copy of it, and put a backup in its place")]
    Damaged(String),
    /// The disk failed.
    #[error("the disk of the journal failed: {0}")]
    Disk(String),
    /// A newer program wrote it.
    #[error(
        "the journal was written by a newer plantao (its schema is {found}, this one knows {known}); use that one, or another [journal] path"
    )]
    Newer {
        /// Its schema.
        found: i64,
        /// The newest that is known.
        known: i64,
    },
    /// It is something else.
    #[error("{0} is no journal of plantao; name another file as [journal] path")]
    Foreign(String),
    /// It cannot be there.
    #[error("the journal cannot be opened at {path}: {why}")]
    Place {
        /// Where.
        path: String,
        /// Why.
        why: String,
    },
    /// The key of the audit is missing or wrong.
    #[error("the key of the audit, {path}: {why}")]
    Key {
        /// Its file.
        path: String,
        /// What is wrong, and what to do.
        why: String,
    },
    /// A colleague was faster.
    #[error("{} has it since {}", .0.who, .0.at.format("%H:%M:%S UTC"))]
    Taken(Box<Ack>),
    /// There is no such thing.
    #[error("there is no {what} {id} in the journal")]
    Missing {
        /// What.
        what: &'static str,
        /// Which.
        id: String,
    },
    /// It belongs to another process by now.
    #[error("{what} {id} belongs to {owner} by now")]
    NotOwner {
        /// What.
        what: &'static str,
        /// Which.
        id: String,
        /// Whose it is; "nobody" where it is over.
        owner: String,
    },
    /// It cannot be done as things stand.
    #[error("{0}")]
    Refused(String),
    /// Too much waits for the journal already.
    #[error("the journal does not keep up: too much waits for it; nothing was recorded, try again")]
    Busy,
    /// Something that should not happen.
    #[error("the journal could not do it: {0}")]
    Internal(String),
}

impl JournalError {
    /// Whether the journal as a whole is of no use for now, whatever is asked of it.
    pub fn is_outage(&self) -> bool {
        !matches!(self, Self::Taken(_) | Self::Missing { .. } | Self::NotOwner { .. } | Self::Refused(_))
    }

    /// Whether the same may succeed in a moment without anybody changing anything.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Locked | Self::Busy)
    }

    /// There is no such thing.
    pub fn missing(what: &'static str, id: &(impl ToString + ?Sized)) -> Self {
        Self::Missing { what, id: id.to_string() }
    }
}

impl From<rusqlite::Error> for JournalError {
    fn from(error: rusqlite::Error) -> Self {
        let said = error.to_string();
        let Some(code) = error.sqlite_error_code() else {
            // A value that is not what the schema says was not written by this program.
            return match error {
                rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
                | rusqlite::Error::Utf8Error(..)
                | rusqlite::Error::InvalidColumnType(..) => Self::Damaged(said),
                _ => Self::Internal(said),
            };
        };
        match code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Locked,
            ErrorCode::DiskFull => Self::Full,
            ErrorCode::ReadOnly
            | ErrorCode::PermissionDenied
            | ErrorCode::AuthorizationForStatementDenied => Self::ReadOnly(said),
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Damaged(said),
            ErrorCode::SystemIoFailure | ErrorCode::CannotOpen => Self::Disk(said),
            _ => Self::Internal(said),
        }
    }
}
