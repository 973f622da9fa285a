//! Errors of the commands as codes that pages put into words; the program's own words go along.

use std::error::Error;
use std::fmt::Display;

use hanpyo_ledger::log::reader::RecordError as LogError;
use hanpyo_ledger::log::source::SourceError;
use hanpyo_ledger::log::tree::ReadError;

use super::messages::{Refusal, RefusalCode as Code};
use crate::api::ApiError;
use crate::authority::changes::ChangeError;
use crate::authority::issue::IssueError;
use crate::authority::letters::LetterError;
use crate::authority::state::IssueRefused;
use crate::authority::upload::UploadError;
use crate::board::BoardError;
use crate::checks::CheckRefusal;
use crate::cli::Failure;
use crate::election::NotInManifest;
use crate::files::FileError;
use crate::role_file::RoleFileError;
use crate::secret_file::SecretFileError;
use crate::session::SessionError;
use crate::trustee::ceremony::StepError;
use crate::trustee::decrypt::{RecordError, Refusal as TrusteeRefusal};
use crate::trustee::pin::PinError;
use crate::trustee::run::TrusteeError;
use crate::trustee::state::MemoryError;

impl Refusal {
    /// A refusal in the program's own words.
    pub fn new(code: Code, detail: impl Display) -> Self {
        Self {
            code,
            detail: detail.to_string(),
        }
    }
}

/// Has a code.
trait Coded: Display {
    fn code(&self) -> Code;
}

macro_rules! refusals {
    ($($error:ty),+ $(,)?) => {$(
        impl From<$error> for Refusal {
            fn from(error: $error) -> Self {
                Self::new(error.code(), &error)
            }
        }
    )+};
}

refusals!(
    FileError,
    SecretFileError,
    RoleFileError,
    BoardError,
    ApiError,
    SessionError,
    NotInManifest,
    MemoryError,
    TrusteeError,
);

/// Failures of the command line: those of a type that is known here have its code, others are in words only.
impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        let (Failure::Input(error) | Failure::Refused(error)) = &failure;
        let code = code_of(error.as_ref());
        Self::new(code, failure)
    }
}

fn code_of(error: &(dyn Error + Send + Sync + 'static)) -> Code {
    macro_rules! known {
        ($($type:ty),+ $(,)?) => {
            $(if let Some(error) = error.downcast_ref::<$type>() {
                return error.code();
            })+
        };
    }
    known!(
        FileError,
        SecretFileError,
        RoleFileError,
        BoardError,
        SessionError,
        NotInManifest,
        IssueRefused,
        IssueError,
        UploadError,
        ChangeError,
        LetterError,
    );
    Code::Other
}

impl Coded for FileError {
    fn code(&self) -> Code {
        match self {
            Self::Exists(_) | Self::Differs(_) => Code::FileExists,
            Self::Damaged(_) => Code::FileDamaged,
            Self::Locked(_) => Code::FileLocked,
            Self::Io { .. } => Code::Disk,
        }
    }
}

impl Coded for SecretFileError {
    fn code(&self) -> Code {
        match self {
            Self::File(error) => error.code(),
            Self::WrongPassphrase(_) => Code::WrongPassphrase,
            Self::Damaged { .. } => Code::FileDamaged,
            Self::ShortPassphrase(_) => Code::ShortPassphrase,
            Self::Encrypt { .. } | Self::Reopen(_) => Code::Disk,
        }
    }
}

impl Coded for RoleFileError {
    fn code(&self) -> Code {
        match self {
            Self::Secret(error) => error.code(),
            Self::OtherKind { .. } | Self::Contents(_) => Code::FileDamaged,
        }
    }
}

impl Coded for ReadError {
    fn code(&self) -> Code {
        match self {
            Self::Source(error) => error.code(),
            _ => Code::Untrustworthy,
        }
    }
}

impl Coded for SourceError {
    fn code(&self) -> Code {
        Code::Unreachable
    }
}

impl Coded for BoardError {
    fn code(&self) -> Code {
        match self {
            Self::Key(_) | Self::OtherLog(_) => Code::BadKey,
            Self::Record(LogError::Read(error)) | Self::Read(error) => error.code(),
            Self::Record(LogError::RolledBack { .. }) | Self::RolledBack { .. } => Code::RolledBack,
            Self::Record(_) | Self::NoManifest(_) | Self::RoleKey(_) | Self::Policy(_) => {
                Code::Untrustworthy
            }
            Self::Source(_) => Code::Unreachable,
            Self::Empty => Code::Empty,
            Self::Witnesses(_) => Code::Witnesses,
            Self::File(error) => error.code(),
            Self::Check(error) => error.code(),
            Self::NoKey => Code::NoKeyYet,
        }
    }
}

impl Coded for CheckRefusal {
    fn code(&self) -> Code {
        match self {
            Self::Failed { .. } => Code::CheckFailed,
            Self::NotChecked { .. } => Code::CheckNotRun,
        }
    }
}

impl Coded for ApiError {
    fn code(&self) -> Code {
        match self {
            Self::Unreachable { .. } => Code::Unreachable,
            Self::Refused { .. } | Self::Answer { .. } => Code::ServerRefused,
        }
    }
}

impl Coded for SessionError {
    fn code(&self) -> Code {
        match self {
            Self::Board(error) => error.code(),
            Self::Api(error) => error.code(),
            Self::Unpublished { .. } | Self::Stuck(_) => Code::ServerRefused,
        }
    }
}

impl Coded for NotInManifest {
    fn code(&self) -> Code {
        Code::NotInManifest
    }
}

impl Coded for MemoryError {
    fn code(&self) -> Code {
        match self {
            Self::OtherManifest | Self::OtherTrustee { .. } => Code::OtherElection,
            Self::State(_) => Code::FileDamaged,
            Self::NoShare => Code::NoShare,
        }
    }
}

impl Coded for StepError {
    fn code(&self) -> Code {
        match self {
            Self::Memory(error) => error.code(),
            Self::Ceremony(_) | Self::Message { .. } => Code::RestartNeeded,
            Self::OlderAttempt { .. } => Code::RolledBack,
            Self::Forgotten { .. } => Code::OlderCopy,
            Self::OtherKey => Code::OtherKey,
            Self::Entry(_) => Code::Other,
        }
    }
}

impl Coded for PinError {
    fn code(&self) -> Code {
        match self {
            Self::OtherTree { .. } => Code::OtherTree,
            Self::Missing { .. } => Code::PinsMissing,
            Self::Damaged { .. } => Code::PinsDamaged,
            Self::Io { .. } => Code::Disk,
            Self::File(error) => error.code(),
        }
    }
}

impl Coded for TrusteeRefusal {
    fn code(&self) -> Code {
        match self {
            Self::Void => Code::Void,
            Self::NotClosed => Code::NotClosed,
            Self::TooEarly { .. } => Code::TooEarly,
            Self::GateNotMet { .. } => Code::GateNotMet,
            Self::TallyIncomplete => Code::TallyIncomplete,
            Self::Check(error) => error.code(),
            Self::Excluded { .. } => Code::Excluded,
            Self::Memory(error) => error.code(),
            Self::OtherKey => Code::OtherKey,
            Self::OtherTree { .. } => Code::OtherTree,
            Self::Pin(error) => error.code(),
        }
    }
}

impl Coded for TrusteeError {
    fn code(&self) -> Code {
        match self {
            Self::Session(error) => error.code(),
            Self::Key(error) => error.code(),
            Self::Step(error) => error.code(),
            Self::File(error) | Self::Record(RecordError::Secret(error)) => error.code(),
            Self::Record(RecordError::Pin(error)) => error.code(),
            Self::Refused(error) => error.code(),
            Self::Decrypt(_) => Code::Other,
            Self::NotConfirmed => Code::NotConfirmed,
        }
    }
}

impl Coded for IssueRefused {
    fn code(&self) -> Code {
        match self {
            Self::OtherElection => Code::OtherElection,
            Self::OtherRoll { .. } => Code::OtherRoll,
            Self::Purged => Code::Purged,
            Self::NothingIssued => Code::NothingIssued,
        }
    }
}

impl Coded for IssueError {
    fn code(&self) -> Code {
        match self {
            Self::File(error) => error.code(),
            Self::Write { .. } => Code::Disk,
            Self::Chunk(_) => Code::BadRoll,
            Self::Signature(_) => Code::Other,
        }
    }
}

impl Coded for UploadError {
    fn code(&self) -> Code {
        match self {
            Self::Session(error) => error.code(),
            Self::Read { .. } => Code::Disk,
            Self::NotChunks { .. } => Code::FileDamaged,
            Self::OtherRoll(_) => Code::OtherRoll,
            Self::OtherHalves(_) | Self::BadHalf(_) => Code::Untrustworthy,
            Self::OtherFirst { .. } => Code::OtherFirst,
            Self::Closed(_) => Code::RollClosed,
            Self::OneAuthority
            | Self::Chunk(_)
            | Self::Entry(_)
            | Self::Signature(_)
            | Self::Proposal(_) => Code::Other,
        }
    }
}

impl Coded for ChangeError {
    fn code(&self) -> Code {
        match self {
            Self::Upload(error) => error.code(),
            Self::File(error) => error.code(),
            Self::Forbidden { .. } => Code::NoChange,
        }
    }
}

impl Coded for LetterError {
    fn code(&self) -> Code {
        match self {
            Self::NoLetter { .. } => Code::NothingIssued,
            Self::Read { .. } => Code::FileDamaged,
            Self::File(error) => error.code(),
        }
    }
}
