//! Which entries stand where (docs/PROTOCOL.md section 10.3).

use crate::entry::EntryType;

/// How far a record has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Nothing yet.
    Empty,
    /// Manifest there; key ceremony under way.
    Ceremony,
    /// Joint key there; drills under way.
    Drill,
    /// All trustees showed that they can decrypt; the roll is built.
    Roll,
    /// Roll sealed; waiting for the opening.
    Sealed,
    /// Voting.
    Voting,
    /// Closed; the encrypted tally is due, or the result if the count gate does not hold.
    Closed,
    /// Encrypted tally complete; trustees decrypt.
    Decrypting,
    /// Enough trustees have decrypted everything and the first contest result is there.
    Results,
    /// The result is there; nothing may follow.
    Finished,
    /// Declared void; nothing may follow.
    Void,
    /// Something without which nothing else can be checked is unusable: the manifest or the joint key.
    Unusable,
}

impl Phase {
    /// Whether an entry of this type may stand here at all. Half lists and results have further rules
    /// of their own.
    pub(crate) fn allows(self, entry: EntryType, gate_holds: bool) -> bool {
        use EntryType as T;
        match self {
            Self::Empty => entry == T::Manifest,
            _ if entry == T::Void => self < Self::Finished,
            Self::Ceremony => matches!(
                entry,
                T::CeremonyCommitment
                    | T::CeremonyOpening
                    | T::CeremonyShares
                    | T::CeremonyConfirmation
                    | T::CeremonyComplaint
                    | T::CeremonyRestart
                    | T::JointKey
            ),
            Self::Drill => entry == T::Drill,
            Self::Roll => matches!(
                entry,
                T::HalfListCommitment | T::HalfListChunk | T::RollChunk | T::RollSealed
            ),
            Self::Sealed => Self::is_change(entry) || entry == T::Open,
            Self::Voting => {
                Self::is_change(entry)
                    || matches!(
                        entry,
                        T::Ballot
                            | T::PostedChallenge
                            | T::PaperStrike
                            | T::PaperTurnout
                            | T::AssetAmendment
                            | T::Close
                    )
            }
            Self::Closed if gate_holds => entry == T::EncryptedTally,
            Self::Closed => entry == T::ElectionResult,
            Self::Decrypting => matches!(entry, T::PartialDecryption | T::ContestResult),
            Self::Results => matches!(entry, T::ContestResult | T::ElectionResult),
            Self::Finished | Self::Void | Self::Unusable => false,
        }
    }

    /// What may stand from sealed to close.
    fn is_change(entry: EntryType) -> bool {
        matches!(
            entry,
            EntryType::HalfListCommitment
                | EntryType::HalfListChunk
                | EntryType::Revocation
                | EntryType::Reissue
                | EntryType::Redating
        )
    }

    /// What is due, for messages.
    pub(crate) fn expected(self, gate_holds: bool) -> &'static str {
        match self {
            Self::Empty => "the manifest",
            Self::Ceremony => "an entry of the key ceremony",
            Self::Drill => "a drill",
            Self::Roll => "an entry of the roll",
            Self::Sealed => "revocations, re-issues, re-dating or the opening",
            Self::Voting => "an entry of the voting phase",
            Self::Closed if gate_holds => "the encrypted tally",
            Self::Closed => "the result (the count gate does not hold)",
            Self::Decrypting => "partial decryptions or contest results",
            Self::Results => "contest results or the result",
            Self::Finished => "nothing after the result",
            Self::Void => "nothing after the record was declared void",
            Self::Unusable => "nothing: the record cannot be followed any further",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_follows_the_end_and_void_may_come_any_time_before() {
        for entry in EntryType::ALL {
            for phase in [Phase::Finished, Phase::Void, Phase::Unusable] {
                assert!(!phase.allows(*entry, true), "{entry} in {phase:?}");
            }
        }
        for phase in [
            Phase::Ceremony,
            Phase::Voting,
            Phase::Closed,
            Phase::Results,
        ] {
            assert!(phase.allows(EntryType::Void, true));
        }
        assert!(!Phase::Empty.allows(EntryType::Void, true));
    }

    #[test]
    fn the_gate_decides_what_follows_the_close() {
        assert!(Phase::Closed.allows(EntryType::EncryptedTally, true));
        assert!(!Phase::Closed.allows(EntryType::ElectionResult, true));
        assert!(!Phase::Closed.allows(EntryType::EncryptedTally, false));
        assert!(Phase::Closed.allows(EntryType::ElectionResult, false));
    }

    #[test]
    fn every_entry_type_has_a_place() {
        let phases = [
            Phase::Empty,
            Phase::Ceremony,
            Phase::Drill,
            Phase::Roll,
            Phase::Sealed,
            Phase::Voting,
            Phase::Closed,
            Phase::Decrypting,
            Phase::Results,
        ];
        for entry in EntryType::ALL {
            assert!(
                phases.iter().any(|phase| phase.allows(*entry, true)),
                "{entry}"
            );
        }
    }
}
