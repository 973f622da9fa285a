//! Messages that both programs share.

use serde::Serialize;

use crate::{choice, message};

choice! {
    /// How a job goes.
    JobState {
        /// Under way.
        Running = "running",
        /// Others must act; it goes on by itself.
        Waiting = "waiting",
        /// It waits for the person's answer.
        Asking = "asking",
        /// Done.
        Done = "done",
        /// Others must act first; start it again later.
        Later = "later",
        /// Refused or failed.
        Refused = "refused",
        /// The person stopped it.
        Stopped = "stopped",
    }
}

choice! {
    /// What a job counts.
    Counted {
        /// Entries of the board read and verified.
        Verified = "verified",
        /// Voting codes written.
        Codes = "codes",
        /// Public credentials written.
        Credentials = "credentials",
        /// Credentials on the board.
        Uploaded = "uploaded",
    }
}

message! {
    /// How far a job is.
    [Clone, Serialize] JobProgress {
        /// What is counted.
        what: Counted,
        /// Done so far.
        done: u64,
        /// Of how many; 0 if that is not known.
        total: u64,
    }
}

choice! {
    /// Why something was not done, for pages to put into words.
    RefusalCode {
        /// The passphrase does not open the file.
        WrongPassphrase = "wrong-passphrase",
        /// The passphrase is too short.
        ShortPassphrase = "short-passphrase",
        /// The two passphrases differ.
        PassphrasesDiffer = "passphrases-differ",
        /// The file exists already.
        FileExists = "file-exists",
        /// Another program works with the file.
        FileLocked = "file-locked",
        /// The file is damaged or of another program.
        FileDamaged = "file-damaged",
        /// The disk does not give back what was written, or refuses.
        Disk = "disk",
        /// The secret file is not open.
        NotOpen = "not-open",
        /// The address of the board makes no sense.
        BadAddress = "bad-address",
        /// The verifier key is malformed, or of another log.
        BadKey = "bad-key",
        /// The board or the server cannot be reached.
        Unreachable = "unreachable",
        /// The board contradicts what was signed or seen before.
        Untrustworthy = "untrustworthy",
        /// The board was rolled back.
        RolledBack = "rolled-back",
        /// The board is empty.
        Empty = "empty",
        /// Too few witnesses have cosigned.
        Witnesses = "witnesses",
        /// A numbered check failed.
        CheckFailed = "check-failed",
        /// A numbered check did not run.
        CheckNotRun = "check-not-run",
        /// Ceremony and drill are not over.
        NoKeyYet = "no-key-yet",
        /// The server refuses what was posted.
        ServerRefused = "server-refused",
        /// The manifest does not name this key.
        NotInManifest = "not-in-manifest",
        /// The secret file belongs to another election.
        OtherElection = "other-election",
        /// The secret file holds no share.
        NoShare = "no-share",
        /// The ceremony must be restarted by the commission.
        RestartNeeded = "restart-needed",
        /// An older copy of the secret file was restored.
        OlderCopy = "older-copy",
        /// The joint key on the board is another one.
        OtherKey = "other-key",
        /// The election was declared void.
        Void = "void",
        /// Voting goes on.
        NotClosed = "not-closed",
        /// This computer's clock says that voting goes on.
        TooEarly = "too-early",
        /// The count gate is not met.
        GateNotMet = "gate-not-met",
        /// The encrypted tally is not complete.
        TallyIncomplete = "tally-incomplete",
        /// Entries are excluded from the count.
        Excluded = "excluded",
        /// The key was used for another tree.
        OtherTree = "other-tree",
        /// The pin file, made with the secret file, is missing.
        PinsMissing = "pins-missing",
        /// The pin file is damaged.
        PinsDamaged = "pins-damaged",
        /// The person said no.
        NotConfirmed = "not-confirmed",
        /// The roll is not as it must be.
        BadRoll = "bad-roll",
        /// Codes were issued for another roll.
        OtherRoll = "other-roll",
        /// No codes have been issued.
        NothingIssued = "nothing-issued",
        /// The codes were destroyed.
        Purged = "purged",
        /// The other authority must act first.
        OtherFirst = "other-first",
        /// The roll is closed on the board.
        RollClosed = "roll-closed",
        /// The credential cannot be changed now.
        NoChange = "no-change",
        /// Something else; the detail says what.
        Other = "other",
    }
}

message! {
    /// Why something was not done.
    [Clone, Debug, PartialEq, Eq, Serialize] Refusal {
        /// For the page's words.
        code: RefusalCode,
        /// The program's own words, in English.
        detail: String,
    }
}

message! {
    /// The last job.
    [Clone, Serialize] Job {
        /// Counts up.
        number: u32,
        /// The request's `kind`.
        action: String,
        /// How it goes.
        state: JobState,
        /// How far it is.
        progress: Option<JobProgress>,
        /// What the program said, in English, oldest first.
        log: Vec<String>,
        /// Why it was not done.
        refusal: Option<Refusal>,
    }
}

message! {
    /// A job that was begun.
    [Clone, Serialize] Begun {
        /// Its number.
        number: u32,
    }
}

message! {
    /// The answer to a question that a job asks.
    [serde::Deserialize] Answer {
        /// Whether to go on.
        yes: bool,
    }
}

message! {
    /// A text in both languages.
    [Clone, Serialize] Bilingual {
        /// Korean, which is authoritative.
        ko: String,
        /// English; may be empty.
        en: String,
    }
}

message! {
    /// A fingerprint as words to be read aloud.
    [Clone, Serialize] FingerprintWords {
        /// In Korean.
        ko: Vec<String>,
        /// In English.
        en: Vec<String>,
    }
}

message! {
    /// A person or body holding a key.
    [Clone, Serialize] OfficerView {
        /// Number, from 1.
        number: u8,
        /// Name.
        name: String,
    }
}

message! {
    /// A fraction of the electorate.
    [Clone, Serialize] FractionView {
        /// Above the line.
        numerator: u32,
        /// Below it.
        denominator: u32,
    }
}

message! {
    /// What the manifest says.
    [Clone, Serialize] ElectionView {
        /// Title.
        title: Bilingual,
        /// Name of the log: `<host>/<tenant>/<election>`.
        origin: String,
        /// The first 128 bits of the manifest hash in hex, as printed on letters.
        fingerprint: String,
        /// The same as words.
        words: FingerprintWords,
        /// Manifest hash in hex.
        manifest_hash: String,
        /// Whether it is a test.
        test: bool,
        /// When voting opens, in seconds since 1970.
        opens: u64,
        /// When it closes, re-dated or as in the manifest.
        closes: u64,
        /// Trustees.
        trustees: Vec<OfficerView>,
        /// Trustees needed to decrypt.
        quorum: u8,
        /// Credential authorities.
        authorities: Vec<OfficerView>,
        /// Which of them has the key of the secret file; null if none, or if it is not open.
        number: Option<u8>,
        /// Turnout below which votes are never decrypted.
        gate: Option<FractionView>,
    }
}

choice! {
    /// Where the election stands on the board.
    PhaseView {
        /// Nothing there.
        Empty = "empty",
        /// Key ceremony.
        Ceremony = "ceremony",
        /// Drill.
        Drill = "drill",
        /// The roll is built.
        Roll = "roll",
        /// The roll is sealed.
        Sealed = "sealed",
        /// Voting.
        Open = "open",
        /// Closed.
        Closed = "closed",
        /// Trustees decrypt.
        Tally = "tally",
        /// The result is there.
        Finished = "finished",
        /// Void.
        Void = "void",
        /// Manifest or joint key are unusable.
        Unusable = "unusable",
    }
}

message! {
    /// Who took part.
    [Clone, Serialize] TurnoutView {
        /// Counted ballots.
        ballots: u64,
        /// Paper votes.
        paper: u64,
        /// Electorate.
        electorate: u64,
    }
}

message! {
    /// The board, as far as it was read and verified.
    [Clone, Serialize] BoardView {
        /// Its address.
        place: String,
        /// The key it is checked with.
        vkey: String,
        /// Entries verified.
        size: u64,
        /// Root of their tree in base64, as in checkpoints.
        root: String,
        /// Where the election stands.
        phase: PhaseView,
        /// The election; null before the board was read.
        election: Option<ElectionView>,
        /// Who took part.
        turnout: Option<TurnoutView>,
    }
}

choice! {
    /// Whether there is a secret file.
    SecretState {
        /// There is none yet.
        Missing = "missing",
        /// It is locked.
        Closed = "closed",
        /// It is open.
        Open = "open",
    }
}

message! {
    /// The secret file; nothing of what is in it but its public key.
    [Clone, Serialize] SecretView {
        /// Its path.
        path: String,
        /// Whether it is there and open.
        state: SecretState,
        /// Public key for the manifest, in hex, while it is open.
        key: Option<String>,
        /// It was written by this run and must be opened again with its passphrase.
        must_reopen: bool,
    }
}
