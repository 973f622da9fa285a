//! Signed notes: C2SP signed-note.
//!
//! A note is a text ending in a newline, an empty line, and signature lines
//! `— <name> base64(key ID || signature)`. Parsing says nothing about who signed: only
//! [`Note::verify`] does, and nothing in the text may be used before it.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt;

use base64ct::{Base64, Encoding};

use super::key::{KeyId, KeyName, SignatureError, VerifierKey};
use super::text;

/// Largest note accepted, in bytes.
pub const MAX_NOTE_LEN: usize = 1_000_000;
/// Most signature lines accepted in a note (the specification demands at least 16).
pub const MAX_SIGNATURES: usize = 100;
/// Em dash and space, which open a signature line.
const DASH: &str = "\u{2014} ";

/// Why bytes are not a signed note.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Over [`MAX_NOTE_LEN`].
    #[error("a note of {found} bytes is over the limit of {MAX_NOTE_LEN}")]
    TooLong {
        /// Bytes given.
        found: usize,
    },
    /// Not UTF-8, or with a control character other than newline.
    #[error("a note is UTF-8 without control characters other than newline")]
    Characters,
    /// No text, or no empty line between text and signatures.
    #[error("a note is a text, an empty line and signature lines, each ending in a newline")]
    Layout,
    /// A signature line that is not `— <name> <base64>`.
    #[error("malformed signature line {line:?}")]
    SignatureLine {
        /// The line.
        line: String,
    },
    /// Over [`MAX_SIGNATURES`].
    #[error("a note with more than {MAX_SIGNATURES} signatures")]
    TooManySignatures,
}

/// Why a note was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// A line of a known key does not verify: the whole note is rejected.
    #[error("the signature of {name} (key {id}) on the note is bad: {reason}")]
    BadSignature {
        /// Name of the key.
        name: KeyName,
        /// ID of the key.
        id: KeyId,
        /// What is wrong with it.
        reason: SignatureError,
    },
    /// No line is of a known key.
    #[error("no known key signed the note (signed by: {})", names(.signed_by))]
    NoKnownKey {
        /// Names on the signature lines.
        signed_by: Vec<KeyName>,
    },
}

fn names(names: &[KeyName]) -> String {
    let names: Vec<&str> = names.iter().map(KeyName::as_str).collect();
    names.join(", ")
}

/// One signature line, verified or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    name: KeyName,
    id: KeyId,
    signature: Vec<u8>,
}

impl NoteSignature {
    /// A line from its parts; `signature` is what follows the key ID.
    #[must_use]
    pub const fn new(name: KeyName, id: KeyId, signature: Vec<u8>) -> Self {
        Self {
            name,
            id,
            signature,
        }
    }

    /// Reads a line without its newline.
    ///
    /// # Errors
    /// [`NoteError::SignatureLine`].
    pub fn parse(line: &str) -> Result<Self, NoteError> {
        let malformed = || NoteError::SignatureLine {
            line: line.to_owned(),
        };
        let (name, encoded) = line
            .strip_prefix(DASH)
            .and_then(|rest| rest.split_once(' '))
            .ok_or_else(malformed)?;
        let name = KeyName::new(name).map_err(|_| malformed())?;
        let bytes = text::base64(encoded).ok_or_else(malformed)?;
        let (id, signature) = bytes.split_first_chunk::<4>().ok_or_else(malformed)?;
        if signature.is_empty() {
            return Err(malformed());
        }
        Ok(Self::new(name, KeyId::new(*id), signature.to_vec()))
    }

    /// Name of the key that is said to have signed.
    #[must_use]
    pub const fn name(&self) -> &KeyName {
        &self.name
    }

    /// ID of the key that is said to have signed.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// The bytes after the key ID.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// Whether the line names this key: name and ID both.
    #[must_use]
    pub fn is_by(&self, key: &VerifierKey) -> bool {
        self.name == *key.name() && self.id == key.id()
    }
}

/// The line without its newline.
impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.id.as_bytes().to_vec();
        bytes.extend_from_slice(&self.signature);
        write!(f, "{DASH}{} {}", self.name, Base64::encode_string(&bytes))
    }
}

/// A signature that was verified, and the time it states if it is a cosignature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified<'k> {
    /// The key that signed.
    pub key: &'k VerifierKey,
    /// Seconds since 1970 that a cosignature states; `None` for a plain signature.
    pub time: Option<u64>,
}

/// A signed note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl Note {
    /// A note from its text, which ends in a newline, and at least one signature.
    ///
    /// # Errors
    /// [`NoteError`] for what [`Self::parse`] would not accept.
    pub fn new(text: String, signatures: Vec<NoteSignature>) -> Result<Self, NoteError> {
        // The parser is the one place that knows what a note is.
        let note = Self { text, signatures };
        let parsed = Self::parse(note.to_string().as_bytes())?;
        if parsed == note {
            Ok(note)
        } else {
            Err(NoteError::Layout)
        }
    }

    /// Reads a note. What is accepted serialises to the same bytes.
    ///
    /// # Errors
    /// [`NoteError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > MAX_NOTE_LEN {
            return Err(NoteError::TooLong { found: bytes.len() });
        }
        let note = core::str::from_utf8(bytes).map_err(|_| NoteError::Characters)?;
        if note.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
            return Err(NoteError::Characters);
        }
        // The text may hold empty lines: the last one separates.
        let (text, lines) = note.rsplit_once("\n\n").ok_or(NoteError::Layout)?;
        let lines = lines.strip_suffix('\n').ok_or(NoteError::Layout)?;
        let mut signatures = Vec::new();
        for line in lines.split('\n') {
            if signatures.len() == MAX_SIGNATURES {
                return Err(NoteError::TooManySignatures);
            }
            signatures.push(NoteSignature::parse(line)?);
        }
        Ok(Self {
            text: format!("{text}\n"),
            signatures,
        })
    }

    /// The signed text, final newline included. Unchecked until [`Self::verify`].
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines, in order, verified or not.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Adds a signature line at the end unless the same line is there already.
    ///
    /// # Errors
    /// [`NoteError::TooManySignatures`], [`NoteError::TooLong`]; the note is unchanged then.
    pub fn add(&mut self, signature: NoteSignature) -> Result<(), NoteError> {
        if self.signatures.contains(&signature) {
            return Ok(());
        }
        let mut signatures = self.signatures.clone();
        signatures.push(signature);
        *self = Self::new(self.text.clone(), signatures)?;
        Ok(())
    }

    /// Verifies every line that names one of `keys`; lines of other keys are ignored.
    ///
    /// # Errors
    /// [`VerifyError::BadSignature`] as soon as one line of a known key does not verify, and
    /// [`VerifyError::NoKnownKey`] when there is no line of a known key.
    pub fn verify<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k VerifierKey> + Clone,
    ) -> Result<Vec<Verified<'k>>, VerifyError> {
        let mut verified = Vec::new();
        for line in &self.signatures {
            for key in keys.clone().into_iter().filter(|key| line.is_by(key)) {
                let time = key.verify(&self.text, &line.signature).map_err(|reason| {
                    VerifyError::BadSignature {
                        name: line.name.clone(),
                        id: line.id,
                        reason,
                    }
                })?;
                verified.push(Verified { key, time });
            }
        }
        if verified.is_empty() {
            return Err(VerifyError::NoKnownKey {
                signed_by: self.signatures.iter().map(|s| s.name.clone()).collect(),
            });
        }
        Ok(verified)
    }
}

/// The note as it is served.
impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures
            .iter()
            .try_for_each(|line| writeln!(f, "{line}"))
    }
}
