//! Entries 24 to 28: from the encrypted tally to the result, or the end without one
//! (docs/PROTOCOL.md sections 9 and 10.5).

use super::bounded::{Bytes, List};
use super::codec::{choices, record};
use super::values::{
    ContestNumber, Count, GroupNumber, OptionNumber, Reason, TrusteeNumber, UnitNumber,
};

record! {
    /// The encrypted sums of one group of units.
    Group {
        /// Units of the group, ascending.
        units: List<UnitNumber, 1, 65_535>,
        /// Number of counted ballots in them.
        ballots: u64,
        /// R ‖ C of the sum at each position, 64 bytes each.
        sums: Bytes<128, 65_535>,
    }
}

record! {
    /// Entry 24, by the tally operator: encrypted sums of one contest, or a part of them.
    EncryptedTally {
        /// Which contest.
        contest: ContestNumber,
        /// Number of groups of the contest, over all its entries.
        groups_in_all: u64,
        /// Number of the first group given here.
        first: GroupNumber,
        /// The groups, in order.
        groups: List<Group, 0, 1024>,
    }
}

record! {
    /// One trustee's part in the decryption of one group.
    GroupDecryption {
        /// D at each position, 32 bytes each.
        decryptions: Bytes<64, 65_535>,
        /// c ‖ z at each position, 64 bytes each.
        proofs: Bytes<128, 65_535>,
    }
}

record! {
    /// Entry 25, by the trustee: its partial decryptions of one contest, or a part of them.
    PartialDecryption {
        /// Who decrypts.
        trustee: TrusteeNumber,
        /// Which contest.
        contest: ContestNumber,
        /// Number of the first group given here.
        first: GroupNumber,
        /// The groups, in order.
        groups: List<GroupDecryption, 1, 1024>,
    }
}

record! {
    /// Entry 26, by the tally operator: the decrypted sums of one contest.
    ContestResult {
        /// Which contest.
        contest: ContestNumber,
        /// The sum at each position, per group.
        groups: List<List<Count, 2, 1024>, 0, 65_535>,
        /// The sum at each position over all groups; empty if the contest is withheld.
        totals: List<Count, 0, 1024>,
    }
}

choices! {
    /// What became of a contest (section 10.5).
    Status {
        /// There are winners.
        Decided = 0,
        /// Too few voted.
        QuorumNotMet = 1,
        /// Equal votes.
        Tied = 2,
        /// Not counted: too few voted for the count gate.
        NotCounted = 3,
        /// Withheld: no group of units is large enough to be published.
        Withheld = 4,
        /// No option has a majority.
        NoMajority = 5,
    }
}

record! {
    /// What became of one contest.
    Outcome {
        /// Decided, or why not.
        status: Status,
        /// Winning options, ascending.
        winners: List<OptionNumber, 0, 256>,
    }
}

record! {
    /// Entry 27, by the tally operator: turnout and outcomes. The last entry.
    ElectionResult {
        /// Counted ballots, one per voter.
        ballots: u64,
        /// Paper votes.
        paper: u64,
        /// Credentials sealed in the roll.
        electorate: u64,
        /// Outcome of each contest, in order.
        outcomes: List<Outcome, 1, 256>,
    }
}

record! {
    /// Entry 28, by the commission: the election ends without a result.
    Void {
        /// Why.
        reason: Reason,
    }
}
