//! Check 12: confirmation codes, receipts and acknowledgements that the user gives (docs/PROTOCOL.md sections
//! 6.1 and 12).

use std::collections::HashMap;

use hanpyo_crypto::ballot::{CodePrefix, ConfirmationCode};

use super::ballots::Fate;
use super::report::{CheckNumber, Finding};
use super::trees::TrustedTree;
use crate::acknowledgement::Acknowledgement;
use crate::log::merkle::{Hash, leaf_hash};
use crate::manifest::Manifest;

/// A receipt whose checkpoint the host has verified, with the witness policy, as
/// [`Receipt::verify`](crate::log::receipt::Receipt::verify) does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedReceipt {
    /// How the user knows it: a file name.
    pub name: String,
    /// Entry the receipt is for.
    pub entry: Vec<u8>,
    /// Its index.
    pub index: u64,
    /// Size of the receipt's checkpoint.
    pub size: u64,
    /// Root of the receipt's checkpoint.
    pub root: Hash,
}

/// What to look for.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// Confirmation codes.
    pub codes: Vec<CodePrefix>,
    /// Receipts.
    pub receipts: Vec<VerifiedReceipt>,
    /// Acknowledgements, each with a name for messages.
    pub acknowledgements: Vec<(String, Acknowledgement)>,
}

impl Given {
    /// Whether there is anything to look for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty() && self.receipts.is_empty() && self.acknowledgements.is_empty()
    }
}

/// Where a confirmation code was found, and what became of it when it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Sighting {
    Ballot {
        entry: u64,
        credential: u32,
        fate: Fate,
    },
    Challenge {
        entry: u64,
    },
}

impl Sighting {
    /// Nothing that comes later with the same code says more.
    fn is_final(&self) -> bool {
        match self {
            Self::Ballot { fate, .. } => matches!(fate, Fate::Counted { .. }),
            Self::Challenge { .. } => true,
        }
    }
}

/// Answer for one confirmation code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeStatus {
    /// Not in the record.
    NotFound,
    /// The ballot counts.
    Counted {
        /// Its entry.
        entry: u64,
    },
    /// The voter voted again later, which counts.
    Superseded {
        /// Its entry.
        entry: u64,
        /// The entry of the ballot that counts.
        by: u64,
    },
    /// The voter had it opened instead of casting it: a challenge, posted and correct.
    Challenged {
        /// Its entry.
        entry: u64,
    },
    /// In the record, but not counted.
    NotCounted {
        /// Its entry.
        entry: u64,
        /// Why.
        why: String,
    },
}

/// How many bytes of a code the 26 characters fix for certain: 130 bits.
const FIXED_BYTES: usize = 16;

/// Watches for what was given while the record is read.
pub(crate) struct Watch {
    given: Given,
    /// Places of codes and acknowledgements by the first bytes of the code.
    by_code: HashMap<[u8; FIXED_BYTES], Vec<Wanted>>,
    code_sightings: Vec<Option<Sighting>>,
    /// Entries of the acknowledged ballots.
    acknowledged: Vec<Option<u64>>,
    /// Places of receipts by index of the entry and by size of the tree.
    by_index: HashMap<u64, Vec<usize>>,
    by_size: HashMap<u64, Vec<usize>>,
    findings: Vec<Finding>,
}

#[derive(Clone, Copy)]
enum Wanted {
    Code(usize),
    Acknowledgement(usize),
}

/// First bytes of a code from its characters.
fn first_bytes(prefix: &CodePrefix) -> [u8; FIXED_BYTES] {
    const ALPHABET: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let text = prefix.to_string();
    let digits = text.chars().filter_map(|c| ALPHABET.find(c));
    // 26 digits of 5 bits: the first 128 of 130 bits.
    let bits = digits.take(26).fold((0u128, 0u32), |(bits, count), digit| {
        let digit = u128::try_from(digit).unwrap_or(0);
        if count < 125 {
            (bits << 5 | digit, count + 5)
        } else {
            (bits << 3 | digit >> 2, count + 3)
        }
    });
    bits.0.to_be_bytes()
}

fn key(code: &[u8; 32]) -> [u8; FIXED_BYTES] {
    code.first_chunk().copied().unwrap_or_default()
}

impl Watch {
    pub(crate) fn new(given: Given) -> Self {
        let mut by_code: HashMap<_, Vec<Wanted>> = HashMap::new();
        for (place, code) in given.codes.iter().enumerate() {
            let wanted = by_code.entry(first_bytes(code)).or_default();
            wanted.push(Wanted::Code(place));
        }
        for (place, (_, acknowledgement)) in given.acknowledgements.iter().enumerate() {
            let wanted = by_code.entry(key(acknowledgement.confirmation_code.as_bytes()));
            wanted.or_default().push(Wanted::Acknowledgement(place));
        }
        let (mut by_index, mut by_size) = (HashMap::new(), HashMap::new());
        for (place, receipt) in given.receipts.iter().enumerate() {
            let at_index: &mut Vec<usize> = by_index.entry(receipt.index).or_default();
            at_index.push(place);
            let at_size: &mut Vec<usize> = by_size.entry(receipt.size).or_default();
            at_size.push(place);
        }
        Self {
            by_index,
            by_size,
            code_sightings: vec![None; given.codes.len()],
            acknowledged: vec![None; given.acknowledgements.len()],
            by_code,
            given,
            findings: Vec::new(),
        }
    }

    /// Whether confirmation codes need to be computed.
    pub(crate) fn wants_codes(&self) -> bool {
        !self.by_code.is_empty()
    }

    pub(crate) fn given(&self) -> &Given {
        &self.given
    }

    pub(crate) fn see_ballot(
        &mut self,
        entry: u64,
        credential: u32,
        code: &ConfirmationCode,
        fate: &Fate,
    ) {
        for wanted in self.wanted(code) {
            match wanted {
                // A spoilt copy may come before the ballot, an excluded one after it.
                Wanted::Code(place) => {
                    if let Some(sighting) = self.sighting(place, code) {
                        *sighting = Some(Sighting::Ballot {
                            entry,
                            credential,
                            fate: fate.clone(),
                        });
                    }
                }
                Wanted::Acknowledgement(place) => {
                    let given = self.given.acknowledgements.get(place);
                    if given.is_some_and(|(_, ack)| ack.confirmation_code.as_bytes() == &code.0)
                        // With a spoilt proof or signature it is not the ballot that was taken.
                        && !matches!(fate, Fate::Invalid(_))
                        && let Some(seen) = self.acknowledged.get_mut(place)
                    {
                        seen.get_or_insert(entry);
                    }
                }
            }
        }
    }

    /// Sees an accepted challenge.
    pub(crate) fn see_challenge(&mut self, entry: u64, code: &ConfirmationCode) {
        for wanted in self.wanted(code) {
            if let Wanted::Code(place) = wanted
                && let Some(sighting) = self.sighting(place, code)
            {
                *sighting = Some(Sighting::Challenge { entry });
            }
        }
    }

    /// What looks for the code, by its first bytes.
    fn wanted(&self, code: &ConfirmationCode) -> Vec<Wanted> {
        self.by_code.get(&key(&code.0)).cloned().unwrap_or_default()
    }

    /// The place for a sighting of a code given, unless it is another code or was settled before.
    fn sighting(&mut self, place: usize, code: &ConfirmationCode) -> Option<&mut Option<Sighting>> {
        self.given.codes.get(place).filter(|c| c.matches(code))?;
        self.code_sightings
            .get_mut(place)
            .filter(|sighting| !sighting.as_ref().is_some_and(Sighting::is_final))
    }

    fn receipts(&self, places: Option<&Vec<usize>>) -> impl Iterator<Item = &VerifiedReceipt> {
        let places = places.map_or(&[][..], Vec::as_slice);
        places
            .iter()
            .filter_map(|place| self.given.receipts.get(*place))
    }

    /// Compares an entry with the receipts for its index.
    pub(crate) fn see_leaf(&mut self, index: u64, leaf: &Hash) {
        let other = |receipt: &&VerifiedReceipt| leaf_hash(&receipt.entry) != *leaf;
        let finding = |receipt: &VerifiedReceipt| {
            let what = format!("entry of receipt {}", receipt.name);
            let expected = "the entry in the receipt";
            Finding::fatal(CheckNumber::Given, what, expected, "another entry").at(index)
        };
        let receipts = self.receipts(self.by_index.get(&index));
        let findings: Vec<Finding> = receipts.filter(other).map(finding).collect();
        self.findings.extend(findings);
    }

    /// Compares the tree of some size with the receipts of that size.
    pub(crate) fn see_root(&mut self, size: u64, root: impl FnOnce() -> Hash) {
        let Some(places) = self.by_size.get(&size) else {
            return;
        };
        let root = root();
        let finding = |receipt: &VerifiedReceipt| {
            let name = &receipt.name;
            let what = format!("tree of receipt {name} (size {size}), extended by this record");
            Finding::fatal(CheckNumber::Given, what, receipt.root, root)
        };
        let receipts = self.receipts(Some(places));
        let others = receipts.filter(|receipt| receipt.root != root);
        let findings: Vec<Finding> = others.map(finding).collect();
        self.findings.extend(findings);
    }

    /// Answers for the codes, in the order given.
    pub(crate) fn codes(
        &self,
        counted: impl Fn(u32) -> Option<u64>,
    ) -> Vec<(CodePrefix, CodeStatus)> {
        let status = |sighting: &Option<Sighting>| match sighting {
            None => CodeStatus::NotFound,
            Some(Sighting::Challenge { entry }) => CodeStatus::Challenged { entry: *entry },
            Some(Sighting::Ballot {
                entry,
                credential,
                fate,
            }) => match fate {
                Fate::Counted { .. } => match counted(*credential) {
                    Some(by) if by != *entry => CodeStatus::Superseded { entry: *entry, by },
                    _ => CodeStatus::Counted { entry: *entry },
                },
                Fate::Invalid(why) | Fate::Excluded(why) => CodeStatus::NotCounted {
                    entry: *entry,
                    why: why.clone(),
                },
            },
        };
        let sightings = self.code_sightings.iter().map(status);
        self.given.codes.iter().cloned().zip(sightings).collect()
    }

    /// Findings over a record of `size` entries; `closed` says whether voting is over, `trees` are those
    /// that the record was found to have.
    pub(crate) fn findings(
        &self,
        manifest: Option<&Manifest>,
        size: u64,
        closed: bool,
        trees: &[TrustedTree],
        codes: &[(CodePrefix, CodeStatus)],
    ) -> Vec<Finding> {
        let mut findings = self.findings.clone();
        let mut add = |what: String, expected: &str, found: String| {
            findings.push(Finding::fatal(CheckNumber::Given, what, expected, found));
        };
        for (code, status) in codes {
            let what = format!("ballot with confirmation code {code}");
            match status {
                CodeStatus::NotFound => {
                    add(what, "in the record", format!("not among {size} entries"));
                }
                CodeStatus::NotCounted { entry, why } => {
                    add(what, "counted", format!("entry {entry} is not: {why}"));
                }
                CodeStatus::Counted { .. }
                | CodeStatus::Superseded { .. }
                | CodeStatus::Challenged { .. } => {}
            }
        }
        for receipt in &self.given.receipts {
            if receipt.size > size || receipt.index >= size {
                let what = format!("receipt {}", receipt.name);
                let found = format!("{size} entries");
                let expected = format!("a record of at least {} entries", receipt.size);
                add(what, &expected, found);
            }
        }
        for ((name, acknowledgement), seen) in
            self.given.acknowledgements.iter().zip(&self.acknowledged)
        {
            let what = format!("acknowledgement {name}");
            if let Some(Err(error)) = manifest.map(|manifest| acknowledgement.verify(manifest)) {
                add(what, "signed by this election's server", error.to_string());
            } else if let Some((tree, time)) = missed(trees, acknowledgement, *seen) {
                let expected = format!("its ballot in the log by {}", acknowledgement.deadline);
                let found =
                    format!("not in the tree of {tree} entries that witnesses cosigned at {time}");
                add(what, &expected, found);
            } else if seen.is_none() && closed {
                let found = format!("not among {size} entries");
                add(what, "its ballot in the record", found);
            }
        }
        findings
    }

    /// Whether each acknowledged ballot was seen.
    pub(crate) fn acknowledged(&self) -> impl Iterator<Item = bool> {
        self.acknowledged.iter().map(Option::is_some)
    }

    /// The acknowledgements whose ballots are still awaited.
    pub(crate) fn awaited(&self) -> impl Iterator<Item = &(String, Acknowledgement)> {
        let given = self.given.acknowledgements.iter().zip(&self.acknowledged);
        given.filter_map(|(given, seen)| seen.is_none().then_some(given))
    }
}

/// Size and time of a tree that lacks the ballot although witnesses cosigned it after the ballot's deadline.
fn missed(
    trees: &[TrustedTree],
    acknowledgement: &Acknowledgement,
    seen: Option<u64>,
) -> Option<(u64, u64)> {
    let late = |time: &u64| *time > acknowledgement.deadline.get();
    let lacks = |tree: &&TrustedTree| seen.is_none_or(|entry| entry >= tree.size);
    let trees = trees.iter().filter(lacks);
    trees
        .filter_map(|tree| Some((tree.size, tree.quorum_time.filter(late)?)))
        .min()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_first_bytes_of_a_code_are_those_of_its_text() {
        for seed in 0..50u8 {
            let code = ConfirmationCode(std::array::from_fn(|i| {
                seed.wrapping_mul(37)
                    .wrapping_add(u8::try_from(i).unwrap().wrapping_mul(91))
            }));
            let prefix: CodePrefix = code.to_string().parse().unwrap();
            assert_eq!(first_bytes(&prefix), key(&code.0));
            let full: CodePrefix = code.full().parse().unwrap();
            assert_eq!(first_bytes(&full), key(&code.0));
        }
    }
}
