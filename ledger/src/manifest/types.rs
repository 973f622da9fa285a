//! The manifest as it stands in entry 0 (docs/PROTOCOL.md section 10.2, docs/protocol.cddl).

use crate::entry::bounded::{List, Text};
use crate::entry::codec::{choices, integers, record};
use crate::entry::{ContestNumber, Ed25519Key, Hash, Part, Reason, Seconds, UnitNumber};

record! {
    /// A text in Korean, which is authoritative, and in English, which may be empty.
    Bilingual {
        /// Korean.
        ko: Text<1, 4096>,
        /// English.
        en: Text<0, 4096>,
    }
}

record! {
    /// A share of the electorate.
    Fraction {
        /// Above the line.
        numerator: Part,
        /// Below the line.
        denominator: Part,
    }
}

integers! {
    /// Version of the protocol; this is version 1.
    ProtocolVersion(u8, 1, 1);
    /// Seconds that voting may go on for voters who had begun, at most a day.
    GraceSeconds(u32, 0, 86_400);
    /// Number of a contest kind (section 5).
    KindNumber(u8, 1, 4);
    /// Number of options that win.
    Seats(u16, 1, 256);
    /// Least number of ballots that may be published together.
    Floor(u32, 1, u32::MAX);
    /// Number of trustees needed to decrypt.
    Quorum(u8, 2, 31);
    /// Number of faulty witnesses tolerated.
    FaultyWitnesses(u8, 0, u8::MAX);
}

choices! {
    /// How the votes of a contest decide it (section 10.5).
    Rule {
        /// More than half of the votes given to options.
        Majority = 1,
        /// Most votes.
        Plurality = 2,
        /// Highest mean score.
        Mean = 3,
        /// Most Borda points.
        Borda = 4,
        /// Most first ranks.
        FirstPreferences = 5,
    }
}

choices! {
    /// Who may read the record.
    Disclosure {
        /// Everyone.
        Public = 0,
        /// Accredited observers.
        Accredited = 1,
    }
}

record! {
    /// A legal profile: rules of law as data (section 10.2).
    Profile {
        /// Identifier; nothing depends on it.
        id: Text<1, 64>,
        /// Legal basis in words.
        basis: Bilingual,
        /// Turnout below which nothing is decided.
        turnout_quorum: Option<Fraction>,
        /// Turnout below which votes are not even counted.
        count_gate: Option<Fraction>,
        /// Length of all voting windows together, in seconds, if the law fixes it.
        voting_seconds: Option<u64>,
        /// Whether an election may let voters vote again.
        revoting_allowed: bool,
    }
}

record! {
    /// One interval of voting.
    Window {
        /// First second.
        opens: Seconds,
        /// End.
        closes: Seconds,
    }
}

record! {
    /// When voting takes place.
    Schedule {
        /// Voting windows in order.
        windows: List<Window, 1, 64>,
        /// Time after closing in which begun votes may still be submitted.
        grace_seconds: GraceSeconds,
        /// Why the windows do not have the length that the profile fixes.
        override_reason: Option<Reason>,
    }
}

record! {
    /// Kind and parameters of a contest (section 5); [`Contest::kind`] checks them.
    Kind {
        /// 1 choose one, 2 choose min..max, 3 score, 4 rank.
        kind: KindNumber,
        /// First parameter.
        a: u64,
        /// Second parameter.
        b: u64,
        /// Third parameter.
        c: u64,
    }
}

record! {
    /// How a contest is decided.
    Decision {
        /// The rule.
        rule: Rule,
        /// Number of options that win.
        seats: Seats,
    }
}

record! {
    /// A question put to the voters.
    Contest {
        /// Title.
        title: Bilingual,
        /// Options, in the order drawn by lot.
        options: List<Bilingual, 2, 256>,
        /// How it is voted on.
        kind: Kind,
        /// How it is decided.
        rule: Decision,
    }
}

record! {
    /// A ballot style: the contests that some voters vote on.
    Style {
        /// Title.
        title: Bilingual,
        /// Contests, ascending.
        contests: List<ContestNumber, 1, 256>,
    }
}

record! {
    /// A reporting unit: a district, a polling area, a branch.
    Unit {
        /// Title.
        title: Bilingual,
        /// The unit it belongs to, with a lower number; none for a root.
        parent: Option<UnitNumber>,
    }
}

record! {
    /// How ballots are counted.
    Counting {
        /// Least number of ballots (of each weight) that may be published together.
        floor: Floor,
        /// Whether the votes of single weights may be computable from the result.
        votes_computable: bool,
        /// Whether a later ballot of the same voter supersedes an earlier one.
        revoting: bool,
    }
}

record! {
    /// A person or body holding a key.
    Officer {
        /// Name.
        name: Text<1, 255>,
        /// Verifying key.
        key: Ed25519Key,
    }
}

record! {
    /// Who signs what.
    Roles {
        /// vkey of the log.
        log: Text<1, 512>,
        /// Key of acknowledgements.
        acknowledgement: Ed25519Key,
        /// The commission.
        commission: Ed25519Key,
        /// Credential authorities 1 and, if there are two, 2.
        authorities: List<Officer, 1, 2>,
        /// Trustees from 1.
        trustees: List<Officer, 3, 32>,
        /// Number of trustees needed to decrypt.
        quorum: Quorum,
        /// The tally operator.
        tally: Ed25519Key,
    }
}

record! {
    /// Who must have cosigned a checkpoint before it is relied on.
    Witnesses {
        /// C2SP tlog-policy.
        policy: Text<1, 16_384>,
        /// Number of faulty witnesses tolerated.
        faulty: FaultyWitnesses,
    }
}

record! {
    /// Everything that is fixed before an election begins.
    Manifest {
        /// Version of the protocol.
        protocol: ProtocolVersion,
        /// Name of the log: `<host>/<tenant>/<election>`.
        origin: Text<5, 255>,
        /// Title of the election.
        title: Bilingual,
        /// Official notice.
        notice: Bilingual,
        /// Rules of law.
        profile: Profile,
        /// When voting takes place.
        schedule: Schedule,
        /// Contests from 0.
        contests: List<Contest, 1, 256>,
        /// Ballot styles from 0.
        styles: List<Style, 1, 4096>,
        /// Reporting units from 0.
        units: List<Unit, 1, 65_535>,
        /// How ballots are counted.
        counting: Counting,
        /// Who signs what.
        roles: Roles,
        /// Who watches the log.
        witnesses: Witnesses,
        /// Who may read the record.
        disclosure: Disclosure,
        /// Hash of the asset manifest of the voting pages, if there are any.
        assets: Option<Hash>,
        /// Whether this is a test election.
        test: bool,
    }
}
