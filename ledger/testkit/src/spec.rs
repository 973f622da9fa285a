//! What an election is about, as plain data, and the manifest made of it.

use hanpyo_ledger::entry::bounded::{List, Text};
use hanpyo_ledger::entry::{Seconds, UnitNumber};
use hanpyo_ledger::manifest::{
    Bilingual, Contest, Counting, Decision, Disclosure, Fraction, Kind, Manifest, Officer, Profile,
    Roles, Rule, Schedule, Style, Unit, Window, Witnesses,
};

use crate::keys::Keys;

/// One contest.
#[derive(Clone, Debug)]
pub struct ContestSpec {
    /// Number of options k.
    pub options: usize,
    /// Kind, a, b, c (docs/PROTOCOL.md section 5).
    pub kind: [u64; 4],
    /// The rule.
    pub rule: Rule,
    /// Seats.
    pub seats: u64,
}

impl ContestSpec {
    /// Yes or no, blank allowed, decided by majority.
    #[must_use]
    pub fn yes_no() -> Self {
        Self {
            options: 2,
            kind: [1, 1, 0, 0],
            rule: Rule::Majority,
            seats: 1,
        }
    }

    /// Exactly one of `options`, by plurality.
    #[must_use]
    pub fn choose_one(options: usize) -> Self {
        Self {
            options,
            kind: [1, 0, 0, 0],
            rule: Rule::Plurality,
            seats: 1,
        }
    }

    /// `min` to `max` of `options`, the `max` best win.
    #[must_use]
    pub fn choose(options: usize, min: u64, max: u64) -> Self {
        Self {
            options,
            kind: [2, min, max, 0],
            rule: Rule::Plurality,
            seats: max,
        }
    }

    /// `min` to `max` ranks of `options`, by Borda.
    #[must_use]
    pub fn rank(options: usize, min: u64, max: u64) -> Self {
        Self {
            options,
            kind: [4, min, max, 0],
            rule: Rule::Borda,
            seats: 1,
        }
    }

    /// Scores up to `highest`, by mean; total and flags as in docs/PROTOCOL.md section 5.
    #[must_use]
    pub fn score(options: usize, highest: u64, total: u64, flags: u64) -> Self {
        Self {
            options,
            kind: [3, highest, total, flags],
            rule: Rule::Mean,
            seats: 1,
        }
    }
}

/// One credential of the roll.
#[derive(Clone, Copy, Debug)]
pub struct VoterSpec {
    /// Ballot style.
    pub style: u16,
    /// Reporting unit.
    pub unit: u16,
    /// Weight.
    pub weight: u32,
}

/// An election.
#[derive(Clone, Debug)]
pub struct ElectionSpec {
    /// Everything random follows from it.
    pub seed: u64,
    /// Contests from 0.
    pub contests: Vec<ContestSpec>,
    /// Contests of each style.
    pub styles: Vec<Vec<u16>>,
    /// Parent of each unit.
    pub units: Vec<Option<u16>>,
    /// The roll.
    pub voters: Vec<VoterSpec>,
    /// 1 or 2.
    pub authorities: usize,
    /// n.
    pub trustees: usize,
    /// t.
    pub quorum: u64,
    /// Floor.
    pub floor: u64,
    /// Whether votes may be computable.
    pub votes_computable: bool,
    /// Whether a later ballot supersedes.
    pub revoting: bool,
    /// Turnout quorum.
    pub turnout_quorum: Option<(u64, u64)>,
    /// Count gate.
    pub count_gate: Option<(u64, u64)>,
    /// Number of witnesses, all but one of whom must cosign; 0 for quorum `none`.
    pub witnesses: usize,
    /// First second of voting.
    pub opens: u64,
    /// End of voting.
    pub closes: u64,
    /// Seconds of grace.
    pub grace: u64,
}

impl ElectionSpec {
    /// A yes/no referendum: one style, one unit, one authority, trustees 2 of 3, no witnesses.
    #[must_use]
    pub fn yes_no(voters: usize) -> Self {
        let voter = VoterSpec {
            style: 0,
            unit: 0,
            weight: 1,
        };
        Self {
            seed: 1,
            contests: vec![ContestSpec::yes_no()],
            styles: vec![vec![0]],
            units: vec![None],
            voters: vec![voter; voters],
            authorities: 1,
            trustees: 3,
            quorum: 2,
            floor: 1,
            votes_computable: false,
            revoting: false,
            turnout_quorum: None,
            count_gate: None,
            witnesses: 0,
            opens: 1_800_000_000,
            closes: 1_800_043_200,
            grace: 60,
        }
    }

    /// Four contests of different kinds in three styles, six units in a tree, two weights, two
    /// authorities, re-voting, trustees 3 of 5, a gate and a quorum that hold.
    #[must_use]
    pub fn mixed(voters: usize) -> Self {
        let voters = (0..voters)
            .map(|number| VoterSpec {
                style: [0, 1, 2][number % 3],
                unit: [1, 2, 4, 5][number % 4],
                weight: 1,
            })
            .collect();
        Self {
            contests: vec![
                ContestSpec::yes_no(),
                ContestSpec::choose(4, 0, 2),
                ContestSpec::rank(3, 1, 2),
                ContestSpec::score(3, 10, 0, 4),
            ],
            styles: vec![vec![0, 1, 2, 3], vec![0, 2], vec![1, 3]],
            units: vec![None, Some(0), Some(0), None, Some(3), Some(3)],
            voters,
            authorities: 2,
            trustees: 5,
            quorum: 3,
            floor: 2,
            revoting: true,
            turnout_quorum: Some((1, 10)),
            count_gate: Some((1, 20)),
            ..Self::yes_no(0)
        }
    }

    /// Origin of the log.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("test.example/kit/election-{}", self.seed)
    }

    /// The manifest, with the public keys of `keys`.
    #[must_use]
    pub fn manifest(&self, keys: &Keys) -> Manifest {
        Manifest {
            protocol: 1u64.try_into().unwrap(),
            origin: text(&self.origin()),
            title: bilingual("시험 선거", "Test election"),
            notice: bilingual("모의 투표입니다.", "A mock vote."),
            profile: Profile {
                id: text("test"),
                basis: bilingual("시험", "Test"),
                turnout_quorum: fraction(self.turnout_quorum),
                count_gate: fraction(self.count_gate),
                voting_seconds: None,
                revoting_allowed: self.revoting,
            },
            schedule: Schedule {
                windows: list(vec![Window {
                    opens: Seconds::new(self.opens),
                    closes: Seconds::new(self.closes),
                }]),
                grace_seconds: self.grace.try_into().unwrap(),
                override_reason: None,
            },
            contests: list(self.contests.iter().map(contest).collect()),
            styles: list(self.styles.iter().map(|style| style_of(style)).collect()),
            units: list(self.units.iter().enumerate().map(unit).collect()),
            counting: Counting {
                floor: self.floor.try_into().unwrap(),
                votes_computable: self.votes_computable,
                revoting: self.revoting,
            },
            roles: Roles {
                log: text(&keys.log.verifier_key().to_string()),
                acknowledgement: keys.acknowledgement.verifying_key(),
                commission: keys.commission.verifying_key(),
                authorities: list(officers("authority", &keys.authorities)),
                trustees: list(officers("trustee", &keys.trustees)),
                quorum: self.quorum.try_into().unwrap(),
                tally: keys.tally.verifying_key(),
            },
            witnesses: Witnesses {
                policy: text(&keys.policy()),
                faulty: u64::from(self.witnesses > 0).try_into().unwrap(),
            },
            disclosure: Disclosure::Public,
            assets: None,
            test: true,
        }
    }
}

pub(crate) fn text<const MIN: usize, const MAX: usize>(text: &str) -> Text<MIN, MAX> {
    Text::new(text).unwrap()
}

pub(crate) fn list<T, const MIN: usize, const MAX: usize>(items: Vec<T>) -> List<T, MIN, MAX> {
    List::new(items).unwrap()
}

fn bilingual(ko: &str, en: &str) -> Bilingual {
    Bilingual {
        ko: text(ko),
        en: text(en),
    }
}

fn fraction(parts: Option<(u64, u64)>) -> Option<Fraction> {
    parts.map(|(numerator, denominator)| Fraction {
        numerator: numerator.try_into().unwrap(),
        denominator: denominator.try_into().unwrap(),
    })
}

fn contest(spec: &ContestSpec) -> Contest {
    let option = |number: usize| bilingual(&format!("선택 {number}"), &format!("Option {number}"));
    let [kind, a, b, c] = spec.kind;
    Contest {
        title: bilingual("안건", "Question"),
        options: list((0..spec.options).map(option).collect()),
        kind: Kind {
            kind: kind.try_into().unwrap(),
            a,
            b,
            c,
        },
        rule: Decision {
            rule: spec.rule,
            seats: spec.seats.try_into().unwrap(),
        },
    }
}

fn style_of(contests: &[u16]) -> Style {
    Style {
        title: bilingual("투표용지", "Ballot"),
        contests: list(contests.iter().map(|contest| (*contest).into()).collect()),
    }
}

fn unit((number, parent): (usize, &Option<u16>)) -> Unit {
    Unit {
        title: bilingual(&format!("제{number}구"), &format!("Unit {number}")),
        parent: parent.map(UnitNumber::from),
    }
}

fn officers(name: &str, keys: &[hanpyo_ledger::signature::SigningKey]) -> Vec<Officer> {
    let officer = |(place, key): (usize, &hanpyo_ledger::signature::SigningKey)| Officer {
        name: text(&format!("{name} {}", place + 1)),
        key: key.verifying_key(),
    };
    keys.iter().enumerate().map(officer).collect()
}
