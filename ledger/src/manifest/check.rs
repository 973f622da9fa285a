//! The rules of docs/PROTOCOL.md section 10.2, each a function that reports all it finds.

use alloc::borrow::ToOwned;
use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;

use alloc::collections::BTreeMap;

use hanpyo_crypto::contest::ContestKind;

use super::problem::{KeyHolder, ManifestProblem};
use super::{Bilingual, Contest, Manifest, Rule, sizes};
use crate::entry::{ContestNumber, Ed25519Key, MAX_ENTRY_BYTES, StyleNumber, UnitNumber};
use crate::log::key::{KeyKind, VerifierKey};
use crate::log::policy::{Member, Policy};
use crate::signature::{Role, Signers, trustees, verifying_key};

/// Least floor of an election whose votes must not be computable from its result.
const LEAST_FLOOR: u32 = 5;

impl Contest {
    /// Kind and parameters, checked (section 5).
    ///
    /// # Errors
    /// [`KindError`](hanpyo_crypto::contest::KindError) names the parameter that does not fit.
    pub fn kind(&self) -> Result<ContestKind, hanpyo_crypto::contest::KindError> {
        ContestKind::from_parameters([
            self.kind.kind.get().into(),
            self.options.len() as u64,
            self.kind.a,
            self.kind.b,
            self.kind.c,
        ])
    }
}

impl Manifest {
    /// Everything that is wrong with the manifest; nothing if it may be used.
    #[must_use]
    pub fn problems(&self) -> Vec<ManifestProblem> {
        let mut problems = Vec::new();
        self.check_origin(&mut problems);
        self.check_schedule(&mut problems);
        self.check_contests(&mut problems);
        self.check_styles(&mut problems);
        self.check_units(&mut problems);
        let log = self.check_keys(&mut problems);
        self.check_witnesses(log.as_ref(), &mut problems);
        self.check_profile(&mut problems);
        problems
    }

    /// Rule 1. The lengths of texts are already in their types.
    fn check_origin(&self, problems: &mut Vec<ManifestProblem>) {
        let name = |part: &str, also: &str| {
            let allowed = |c: char| {
                c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || also.contains(c)
            };
            !part.is_empty() && part.chars().all(allowed)
        };
        let parts: Vec<&str> = self.origin.split('/').collect();
        let right = matches!(parts.as_slice(), [host, tenant, election]
            if name(host, ".:") && name(tenant, "") && name(election, ""));
        if !right {
            problems.push(ManifestProblem::Origin {
                found: self.origin.to_string(),
            });
        }
    }

    /// Rule 2.
    fn check_schedule(&self, problems: &mut Vec<ManifestProblem>) {
        let windows = &self.schedule.windows;
        let mut previous_closes = 0;
        let mut total = 0_u64;
        for (window, times) in windows.iter().enumerate() {
            let (opens, closes) = (times.opens.get(), times.closes.get());
            if opens >= closes {
                problems.push(ManifestProblem::EmptyWindow {
                    window,
                    opens,
                    closes,
                });
            }
            if opens < previous_closes {
                problems.push(ManifestProblem::WindowOrder {
                    window,
                    opens,
                    previous_closes,
                });
            }
            previous_closes = closes;
            total = total.saturating_add(closes.saturating_sub(opens));
        }
        if let Some(expected) = self.profile.voting_seconds
            && total != expected
            && self.schedule.override_reason.is_none()
        {
            problems.push(ManifestProblem::VotingTime {
                expected,
                found: total,
            });
        }
    }

    /// Rule 3.
    fn check_contests(&self, problems: &mut Vec<ManifestProblem>) {
        for (number, contest) in self.numbered_contests() {
            match contest.kind() {
                Err(reason) => problems.push(ManifestProblem::ContestKind {
                    contest: number,
                    reason,
                }),
                Ok(_) => check_rule(number, contest, problems),
            }
            check_names(number, contest, |text| &text.ko, problems);
            check_names(number, contest, |text| &text.en, problems);
        }
    }

    /// Rule 4.
    fn check_styles(&self, problems: &mut Vec<ManifestProblem>) {
        let mut used = vec![false; self.contests.len()];
        for (number, style) in self.styles.iter().enumerate() {
            let Ok(number) = StyleNumber::try_from(number) else {
                continue; // at most 4096 styles
            };
            let mut kinds = Vec::with_capacity(style.contests.len());
            for contest in &style.contests {
                match self.contests.get(contest.position()) {
                    None => problems.push(ManifestProblem::UnknownContest {
                        style: number,
                        contest: *contest,
                    }),
                    Some(found) => kinds.extend(found.kind()),
                }
                if let Some(used) = used.get_mut(contest.position()) {
                    *used = true;
                }
            }
            for pair in style.contests.windows(2) {
                if let [previous, contest] = pair
                    && previous >= contest
                {
                    problems.push(ManifestProblem::ContestOrder {
                        style: number,
                        previous: *previous,
                        contest: *contest,
                    });
                }
            }
            for (what, found) in [
                ("ballot", sizes::ballot_entry(&kinds)),
                ("posted-challenge", sizes::posted_challenge_entry(&kinds)),
            ] {
                if found > MAX_ENTRY_BYTES {
                    problems.push(ManifestProblem::BallotSize {
                        style: number,
                        what,
                        found,
                    });
                }
            }
        }
        let unused = self.numbered_contests().zip(used).filter(|(_, used)| !used);
        problems.extend(
            unused.map(|((contest, _), _)| ManifestProblem::ContestWithoutStyle { contest }),
        );
    }

    /// Rule 5.
    fn check_units(&self, problems: &mut Vec<ManifestProblem>) {
        for (number, unit) in self.units.iter().enumerate() {
            if let (Ok(number), Some(parent)) = (UnitNumber::try_from(number), unit.parent)
                && parent >= number
            {
                problems.push(ManifestProblem::Parent {
                    unit: number,
                    parent,
                });
            }
        }
        let found = self.counting.floor.get();
        if found < LEAST_FLOOR && !self.test && !self.counting.votes_computable {
            problems.push(ManifestProblem::Floor {
                least: LEAST_FLOOR,
                found,
            });
        }
    }

    /// Rule 6. Returns the log's key if it can be read.
    fn check_keys(&self, problems: &mut Vec<ManifestProblem>) -> Option<VerifierKey> {
        let roles = &self.roles;
        let (quorum, trustees) = (roles.quorum.get().into(), roles.trustees.len());
        if quorum >= trustees {
            problems.push(ManifestProblem::Quorum { quorum, trustees });
        }
        // Two quorums without a common trustee could be shown two logs, and their results compared.
        if 2 * quorum <= trustees && !self.has_witness_quorum() {
            problems.push(ManifestProblem::DisjointQuorums { quorum, trustees });
        }
        let log = self.log_key();
        let mut keys = self.role_keys();
        match &log {
            Err(reason) => problems.push(ManifestProblem::LogKey {
                reason: reason.clone(),
            }),
            Ok(key) => {
                keys.insert(0, (KeyHolder::Log, Ed25519Key(*key.public_key())));
                if key.name().as_str() != &*self.origin {
                    problems.push(ManifestProblem::LogName {
                        expected: self.origin.to_string(),
                        found: key.name().to_string(),
                    });
                }
            }
        }
        let mut seen = BTreeMap::new();
        for (holder, key) in keys {
            if let Err(reason) = verifying_key(&key) {
                problems.push(ManifestProblem::Key { holder, reason });
            }
            if let Some(first) = seen.insert(key, holder) {
                problems.push(ManifestProblem::SameKey {
                    first,
                    second: holder,
                });
            }
        }
        log.ok()
    }

    /// Rule 7.
    fn check_witnesses(&self, log: Option<&VerifierKey>, problems: &mut Vec<ManifestProblem>) {
        let policy = match self.witness_policy() {
            Ok(policy) => policy,
            Err(reason) => return problems.push(ManifestProblem::Policy { reason }),
        };
        if policy.logs().first().map(|first| &first.key) != log {
            problems.push(ManifestProblem::PolicyLog);
        }
        let group = match policy.quorum() {
            None => return,
            Some(Member::Group(group)) => policy.groups().get(group),
            Some(Member::Witness(_)) => None,
        };
        let is_witness = |member: &Member| matches!(member, Member::Witness(_));
        let Some(group) = group.filter(|group| group.members.iter().all(is_witness)) else {
            return problems.push(ManifestProblem::PolicyQuorum);
        };
        let (threshold, witnesses) = (group.threshold, group.members.len());
        let faulty = usize::from(self.witnesses.faulty.get());
        if 2 * threshold <= witnesses + faulty || threshold + faulty > witnesses {
            problems.push(ManifestProblem::PolicyThreshold {
                threshold,
                witnesses,
                faulty,
            });
        }
    }

    fn has_witness_quorum(&self) -> bool {
        self.witness_policy()
            .is_ok_and(|policy| policy.quorum().is_some())
    }

    /// Rule 8.
    fn check_profile(&self, problems: &mut Vec<ManifestProblem>) {
        let profile = &self.profile;
        if self.counting.revoting && !profile.revoting_allowed {
            problems.push(ManifestProblem::Revoting {
                profile: profile.id.to_string(),
            });
        }
        for (what, fraction) in [
            ("turnout quorum", &profile.turnout_quorum),
            ("count gate", &profile.count_gate),
        ] {
            if let Some(fraction) = fraction
                && fraction.numerator > fraction.denominator
            {
                problems.push(ManifestProblem::Fraction {
                    what,
                    fraction: fraction.clone(),
                });
            }
        }
    }

    fn numbered_contests(&self) -> impl Iterator<Item = (ContestNumber, &Contest)> {
        let numbers = (0..=u16::MAX).map(ContestNumber::from);
        numbers.zip(&self.contests)
    }

    pub(super) fn log_key(&self) -> Result<VerifierKey, crate::log::key::KeyError> {
        self.roles
            .log
            .parse::<VerifierKey>()
            .and_then(|key| key.of_kind(KeyKind::Ed25519))
    }

    pub(super) fn witness_policy(&self) -> Result<Policy, crate::log::policy::PolicyError> {
        Policy::parse(self.witnesses.policy.as_bytes())
    }

    /// All keys but the log's.
    fn role_keys(&self) -> Vec<(KeyHolder, Ed25519Key)> {
        let roles = &self.roles;
        let officers = |officers: Vec<Role>, list: &[super::Officer]| {
            let pairs = officers.into_iter().zip(list);
            pairs
                .map(|(role, officer)| (KeyHolder::Role(role), officer.key))
                .collect::<Vec<_>>()
        };
        let mut keys = vec![
            (KeyHolder::Acknowledgement, roles.acknowledgement),
            (KeyHolder::Role(Role::Commission), roles.commission),
        ];
        let authorities = Signers::Authorities.roles(roles.authorities.len());
        keys.extend(officers(authorities, &roles.authorities));
        let trustees = trustees(roles.trustees.len()).collect();
        keys.extend(officers(trustees, &roles.trustees));
        keys.push((KeyHolder::Role(Role::Tally), roles.tally));
        keys
    }
}

fn check_rule(number: ContestNumber, contest: &Contest, problems: &mut Vec<ManifestProblem>) {
    let (rule, options) = (contest.rule.rule, contest.options.len());
    let kind = contest.kind.kind.get();
    let (fits, needed) = match rule {
        Rule::Majority => (kind == 1 && options == 2, "choose one of 2 options"),
        Rule::Plurality => (kind <= 2, "choose one or choose min..max"),
        Rule::Mean => (kind == 3, "score"),
        Rule::Borda | Rule::FirstPreferences => (kind == 4, "rank"),
    };
    if !fits {
        problems.push(ManifestProblem::RuleForKind {
            contest: number,
            rule,
            needed,
        });
    }
    let most = match rule {
        Rule::Majority => 1,
        _ => options,
    };
    let found = contest.rule.seats.get().into();
    if found > most {
        problems.push(ManifestProblem::Seats {
            contest: number,
            most,
            found,
        });
    }
}

/// Options must be told apart by their names in each language that names them.
fn check_names(
    number: ContestNumber,
    contest: &Contest,
    language: impl Fn(&Bilingual) -> &str,
    problems: &mut Vec<ManifestProblem>,
) {
    let mut seen = BTreeMap::new();
    for (second, option) in contest.options.iter().enumerate() {
        let name = language(option);
        if name.is_empty() {
            continue;
        }
        if let Some(first) = seen.insert(name, second) {
            problems.push(ManifestProblem::SameOption {
                contest: number,
                first,
                second,
                name: name.to_owned(),
            });
        }
    }
}
