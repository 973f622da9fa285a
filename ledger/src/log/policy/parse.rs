//! Reading a policy file.

use alloc::string::String;
use alloc::vec::Vec;

use alloc::collections::BTreeMap;

use super::{Group, Member, Policy, PolicyLog, PolicyName, PolicyWitness};
use crate::log::key::{KeyError, KeyKind, KeyName, VerifierKey};
use crate::log::text;

/// Most logs, witnesses and groups accepted, each (the specification asks for at least 32).
pub const MAX_POLICY_ITEMS: usize = 256;

/// What is wrong with a policy file, and on which line (from 1).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("policy line {line}: {kind}")]
pub struct PolicyError {
    /// Line number from 1; one past the last for something that is missing.
    pub line: usize,
    /// What is wrong.
    pub kind: PolicyErrorKind,
}

/// What is wrong with a line of a policy file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyErrorKind {
    /// A control character other than tab and newline.
    #[error("control character {byte:#04x}")]
    Character {
        /// The byte.
        byte: u8,
    },
    /// Not log, witness, group or quorum.
    #[error("unknown keyword {found:?}, expected log, witness, group or quorum")]
    Keyword {
        /// The first word.
        found: PolicyName,
    },
    /// Too few or too many words.
    #[error("expected {expected}")]
    Words {
        /// The form of the line.
        expected: &'static str,
    },
    /// A key that cannot be read or is of the wrong kind.
    #[error("{0}")]
    Key(#[from] KeyError),
    /// The same public key twice.
    #[error("the public key of {name} is listed twice")]
    DuplicateKey {
        /// Name of the second key.
        name: KeyName,
    },
    /// A name defined twice, or `none`.
    #[error("the name {name:?} is already taken")]
    DuplicateName {
        /// The name.
        name: PolicyName,
    },
    /// A name that no earlier line defines.
    #[error("no earlier line defines {name:?}")]
    UnknownName {
        /// The name.
        name: PolicyName,
    },
    /// A name in two groups, or twice in one.
    #[error("{name:?} is already a member of a group")]
    SecondMembership {
        /// The name.
        name: PolicyName,
    },
    /// Not `any`, `all` or a number from 1 to the number of members.
    #[error("threshold {found:?} is not any, all or a number from 1 to {members}")]
    Threshold {
        /// The word.
        found: PolicyName,
        /// Number of members.
        members: usize,
    },
    /// Over [`MAX_POLICY_ITEMS`].
    #[error("more than {MAX_POLICY_ITEMS} logs, witnesses or groups")]
    TooMany,
    /// A second quorum line.
    #[error("a second quorum line")]
    SecondQuorum,
    /// No quorum line.
    #[error("the policy has no quorum line")]
    NoQuorum,
}

const LOG_FORM: &str = "log <vkey> [<url>]";
const WITNESS_FORM: &str = "witness <name> <vkey> [<url>]";
const GROUP_FORM: &str = "group <name> <k|any|all> <name>...";
const QUORUM_FORM: &str = "quorum <name|none>";

impl Policy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// [`PolicyError`] with the line number.
    pub fn parse(file: &[u8]) -> Result<Self, PolicyError> {
        let mut parser = Parser::default();
        let mut last = 0;
        for (index, line) in file.split(|byte| *byte == b'\n').enumerate() {
            last = index + 1;
            parser
                .line(line)
                .map_err(|kind| PolicyError { line: last, kind })?;
        }
        let Parser {
            logs,
            witnesses,
            groups,
            quorum,
            ..
        } = parser;
        let quorum = quorum.ok_or(PolicyError {
            line: last,
            kind: PolicyErrorKind::NoQuorum,
        })?;
        Ok(Self {
            logs,
            witnesses,
            groups,
            quorum,
        })
    }
}

#[derive(Default)]
struct Parser {
    logs: Vec<PolicyLog>,
    witnesses: Vec<PolicyWitness>,
    groups: Vec<Group>,
    /// Every defined name, and whether it is a member of a group already.
    names: BTreeMap<Vec<u8>, (Member, bool)>,
    quorum: Option<Option<Member>>,
}

fn name(word: &[u8]) -> PolicyName {
    PolicyName(word.to_vec())
}

fn parse_key(word: &[u8], kind: KeyKind) -> Result<VerifierKey, KeyError> {
    core::str::from_utf8(word)
        .map_err(|_| KeyError::Malformed {
            found: String::from_utf8_lossy(word).into_owned(),
        })?
        .parse::<VerifierKey>()?
        .of_kind(kind)
}

impl Parser {
    fn line(&mut self, line: &[u8]) -> Result<(), PolicyErrorKind> {
        let forbidden = |byte: &u8| (*byte < 0x20 && *byte != b'\t') || *byte == 0x7f;
        if let Some(&byte) = line.iter().find(|byte| forbidden(byte)) {
            return Err(PolicyErrorKind::Character { byte });
        }
        let words: Vec<&[u8]> = line
            .split(|byte| matches!(byte, b' ' | b'\t'))
            .filter(|word| !word.is_empty())
            .collect();
        let Some((&keyword, words)) = words.split_first() else {
            return Ok(());
        };
        match keyword {
            [b'#', ..] => Ok(()),
            b"log" => self.log(words),
            b"witness" => self.witness(words),
            b"group" => self.group(words),
            b"quorum" => self.quorum(words),
            _ => Err(PolicyErrorKind::Keyword {
                found: name(keyword),
            }),
        }
    }

    fn log(&mut self, words: &[&[u8]]) -> Result<(), PolicyErrorKind> {
        let (key, url) = match words {
            [key] => (key, None),
            [key, url] => (key, Some(name(url))),
            _ => return Err(PolicyErrorKind::Words { expected: LOG_FORM }),
        };
        let key = parse_key(key, KeyKind::Ed25519)?;
        self.new_public_key(&key)?;
        below_limit(self.logs.len())?;
        self.logs.push(PolicyLog { key, url });
        Ok(())
    }

    fn witness(&mut self, words: &[&[u8]]) -> Result<(), PolicyErrorKind> {
        let (word, key, url) = match words {
            [word, key] => (word, key, None),
            [word, key, url] => (word, key, Some(name(url))),
            _ => {
                return Err(PolicyErrorKind::Words {
                    expected: WITNESS_FORM,
                });
            }
        };
        let key = parse_key(key, KeyKind::CosignatureV1)?;
        self.new_public_key(&key)?;
        below_limit(self.witnesses.len())?;
        self.define(word, Member::Witness(self.witnesses.len()))?;
        self.witnesses.push(PolicyWitness {
            name: name(word),
            key,
            url,
        });
        Ok(())
    }

    fn group(&mut self, words: &[&[u8]]) -> Result<(), PolicyErrorKind> {
        let [word, threshold, member_words @ ..] = words else {
            return Err(PolicyErrorKind::Words {
                expected: GROUP_FORM,
            });
        };
        let count = member_words.len();
        let threshold = match *threshold {
            b"any" => Some(1),
            b"all" => Some(count),
            number => core::str::from_utf8(number)
                .ok()
                .and_then(text::decimal)
                .and_then(|number| usize::try_from(number).ok()),
        }
        .filter(|threshold| (1..=count).contains(threshold))
        .ok_or_else(|| PolicyErrorKind::Threshold {
            found: name(threshold),
            members: count,
        })?;
        let mut members = Vec::with_capacity(count);
        for member in member_words {
            let Some((position, taken)) = self.names.get_mut(*member) else {
                return Err(PolicyErrorKind::UnknownName { name: name(member) });
            };
            if core::mem::replace(taken, true) {
                return Err(PolicyErrorKind::SecondMembership { name: name(member) });
            }
            members.push(*position);
        }
        below_limit(self.groups.len())?;
        self.define(word, Member::Group(self.groups.len()))?;
        self.groups.push(Group {
            name: name(word),
            threshold,
            members,
        });
        Ok(())
    }

    fn quorum(&mut self, words: &[&[u8]]) -> Result<(), PolicyErrorKind> {
        let [word] = words else {
            return Err(PolicyErrorKind::Words {
                expected: QUORUM_FORM,
            });
        };
        if self.quorum.is_some() {
            return Err(PolicyErrorKind::SecondQuorum);
        }
        let quorum = if *word == b"none" {
            None
        } else {
            let defined = self.names.get(*word).map(|(member, _)| *member);
            Some(defined.ok_or_else(|| PolicyErrorKind::UnknownName { name: name(word) })?)
        };
        self.quorum = Some(quorum);
        Ok(())
    }

    /// The specification forbids a public key twice among the logs or among the witnesses. A
    /// log that is its own witness witnesses nothing, so one key in both is refused too.
    fn new_public_key(&self, key: &VerifierKey) -> Result<(), PolicyErrorKind> {
        let logs = self.logs.iter().map(|log| &log.key);
        let witnesses = self.witnesses.iter().map(|witness| &witness.key);
        if logs
            .chain(witnesses)
            .any(|known| known.public_key() == key.public_key())
        {
            return Err(PolicyErrorKind::DuplicateKey {
                name: key.name().clone(),
            });
        }
        Ok(())
    }

    fn define(&mut self, word: &[u8], member: Member) -> Result<(), PolicyErrorKind> {
        let name = name(word);
        if word == b"none" || self.names.contains_key(word) {
            return Err(PolicyErrorKind::DuplicateName { name });
        }
        self.names.insert(name.0, (member, false));
        Ok(())
    }
}

fn below_limit(count: usize) -> Result<(), PolicyErrorKind> {
    if count >= MAX_POLICY_ITEMS {
        return Err(PolicyErrorKind::TooMany);
    }
    Ok(())
}
