//! Reads a manifest: everything that pages show of an election before anything else is known.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use hanpyo_crypto::contest::{Rules, ScoreTotal};
use hanpyo_ledger::entry::Hash;
use hanpyo_ledger::manifest::{self, CheckedManifest, Disclosure};
use hanpyo_ledger::voter::VotingElection;

use crate::failure::{ErrorCode, Failure};
use crate::state::State;
use crate::wire::{Bytes, Number};
use crate::{choice, request, response, union};

request! {
    /// A manifest entry.
    ReadManifest {
        /// Entry 0 of the record.
        entry: Bytes,
        /// The manifest hash of the voter's link; any other is refused.
        expected: Option<Bytes>,
    }
}

response! {
    /// A text in both languages.
    Bilingual {
        /// Korean, which is authoritative.
        ko: String,
        /// English; may be empty.
        en: String,
    }
}

response! {
    /// A share of the electorate.
    Fraction {
        /// Above the line.
        numerator: u32,
        /// Below the line.
        denominator: u32,
    }
}

response! {
    /// Rules of law.
    Profile {
        /// Identifier; nothing depends on it.
        id: String,
        /// Legal basis in words.
        basis: Bilingual,
        /// Turnout below which nothing is decided.
        turnout_quorum: Option<Fraction>,
        /// Turnout below which votes are not even counted.
        count_gate: Option<Fraction>,
        /// Length of all voting windows together, in seconds, if the law fixes it.
        voting_seconds: Option<Number>,
        /// Whether an election may let voters vote again.
        revoting_allowed: bool,
    }
}

response! {
    /// One interval of voting, in seconds since 1970.
    Window {
        /// First second.
        opens: Number,
        /// End.
        closes: Number,
    }
}

union! {
    /// What a voter may mark in a contest.
    ContestRules {
        /// Exactly one option, or none if `blank`.
        ChooseOne = "choose_one" { blank: bool },
        /// Between `min` and `max` options.
        Choose = "choose" { min: u32, max: u32 },
        /// A score from 0 to `maximum` for every option; `total` bounds their sum, exactly if `total_exact`.
        Score = "score" { maximum: u32, total: Option<u32>, total_exact: bool, unanswered: bool },
        /// Between `min` and `max` options in order of preference.
        Rank = "rank" { min: u32, max: u32 },
    }
}

choice! {
    /// How the votes of a contest decide it.
    DecisionRule {
        /// More than half of the votes given to options.
        Majority = "majority",
        /// Most votes.
        Plurality = "plurality",
        /// Highest mean score.
        Mean = "mean",
        /// Most Borda points.
        Borda = "borda",
        /// Most first ranks.
        FirstPreferences = "first_preferences",
    }
}

response! {
    /// A question put to the voters.
    Contest {
        /// Title.
        title: Bilingual,
        /// Options, in the order drawn by lot.
        options: Vec<Bilingual>,
        /// What may be marked.
        rules: ContestRules,
        /// How it is decided.
        decision: DecisionRule,
        /// Number of options that win.
        seats: u32,
    }
}

response! {
    /// The contests that some voters vote on.
    Style {
        /// Title.
        title: Bilingual,
        /// Contests, by their number.
        contests: Vec<u32>,
    }
}

response! {
    /// A district, a polling area, a branch.
    Unit {
        /// Title.
        title: Bilingual,
        /// Number of the unit it belongs to.
        parent: Option<u32>,
    }
}

response! {
    /// A person or body holding a key.
    Officer {
        /// Name.
        name: String,
        /// Verifying key.
        key: Bytes,
    }
}

choice! {
    /// Who may read the record.
    WhoMayRead {
        /// Everyone.
        Public = "public",
        /// Accredited observers.
        Accredited = "accredited",
    }
}

response! {
    /// Everything that was fixed before an election began. Contests, styles and units are numbered from 0,
    /// trustees and authorities from 1.
    Manifest {
        /// Manifest hash.
        hash: Bytes,
        /// Name of the log: `<host>/<tenant>/<election>`.
        origin: String,
        /// Title of the election.
        title: Bilingual,
        /// Official notice.
        notice: Bilingual,
        /// Rules of law.
        profile: Profile,
        /// Voting windows in order.
        windows: Vec<Window>,
        /// Seconds after closing in which begun votes may still be submitted.
        grace_seconds: u32,
        /// Why the windows do not have the length that the profile fixes.
        override_reason: Option<String>,
        /// Contests.
        contests: Vec<Contest>,
        /// Ballot styles.
        styles: Vec<Style>,
        /// Reporting units.
        units: Vec<Unit>,
        /// Least number of ballots that may be published together.
        floor: u32,
        /// Whether the votes of single weights may be computable from the result.
        votes_computable: bool,
        /// Whether a later ballot of the same voter supersedes an earlier one.
        revoting: bool,
        /// vkey of the log.
        log: String,
        /// Credential authorities: one voting code of each.
        authorities: Vec<Officer>,
        /// Trustees.
        trustees: Vec<Officer>,
        /// Number of trustees needed to decrypt.
        quorum: u32,
        /// Witness policy (C2SP tlog-policy).
        witness_policy: String,
        /// Whether a checkpoint needs cosignatures.
        witnesses_required: bool,
        /// Number of faulty witnesses tolerated.
        faulty_witnesses: u32,
        /// Who may read the record.
        disclosure: WhoMayRead,
        /// Hash of the asset manifest of the voting pages.
        assets: Option<Bytes>,
        /// Whether this is a test election.
        test: bool,
    }
}

/// Reads the manifest.
///
/// # Errors
/// [`ErrorCode::OtherManifest`], [`ErrorCode::BadManifest`], [`ErrorCode::Signature`], [`ErrorCode::Entry`],
/// [`ErrorCode::NoManifest`].
pub fn run(_: &mut State, request: ReadManifest) -> Result<Manifest, Failure> {
    let manifest =
        VotingElection::read_manifest(&request.entry, expected_hash(request.expected.as_ref())?)?;
    Ok(view(&manifest))
}

/// A manifest hash in a request.
///
/// # Errors
/// [`ErrorCode::Request`] unless it has 32 bytes.
pub fn expected_hash(expected: Option<&Bytes>) -> Result<Option<Hash>, Failure> {
    let hash = |bytes: &Bytes| match bytes.array() {
        Some(hash) => Ok(Hash(hash)),
        None => Err(Failure::new(
            ErrorCode::Request,
            format_args!("a manifest hash has 32 bytes, not {}", bytes.len()),
        )),
    };
    expected.map(hash).transpose()
}

fn bilingual(text: &manifest::Bilingual) -> Bilingual {
    Bilingual {
        ko: text.ko.as_str().to_owned(),
        en: text.en.as_str().to_owned(),
    }
}

fn fraction(fraction: &Option<manifest::Fraction>) -> Option<Fraction> {
    fraction.as_ref().map(|fraction| Fraction {
        numerator: fraction.numerator.get(),
        denominator: fraction.denominator.get(),
    })
}

fn rules(rules: Rules) -> ContestRules {
    match rules {
        Rules::ChooseOne { blank, .. } => ContestRules::ChooseOne { blank },
        Rules::Choose { min, max, .. } => ContestRules::Choose { min, max },
        Rules::Rank { min, max, .. } => ContestRules::Rank { min, max },
        Rules::Score {
            maximum,
            total,
            unanswered,
            ..
        } => ContestRules::Score {
            maximum,
            total: total.bound(),
            total_exact: matches!(total, ScoreTotal::Exactly(_)),
            unanswered,
        },
    }
}

fn decision(rule: manifest::Rule) -> DecisionRule {
    match rule {
        manifest::Rule::Majority => DecisionRule::Majority,
        manifest::Rule::Plurality => DecisionRule::Plurality,
        manifest::Rule::Mean => DecisionRule::Mean,
        manifest::Rule::Borda => DecisionRule::Borda,
        manifest::Rule::FirstPreferences => DecisionRule::FirstPreferences,
    }
}

fn officers(officers: &[manifest::Officer]) -> Vec<Officer> {
    let officer = |officer: &manifest::Officer| Officer {
        name: officer.name.as_str().to_owned(),
        key: officer.key.as_bytes().into(),
    };
    officers.iter().map(officer).collect()
}

/// What pages show of a manifest.
#[must_use]
pub fn view(checked: &CheckedManifest) -> Manifest {
    let manifest = checked.manifest();
    let (profile, roles) = (&manifest.profile, &manifest.roles);
    let contests = manifest.contests.iter().zip(checked.kinds());
    Manifest {
        hash: checked.hash().as_bytes().into(),
        origin: manifest.origin.as_str().to_owned(),
        title: bilingual(&manifest.title),
        notice: bilingual(&manifest.notice),
        profile: Profile {
            id: profile.id.as_str().to_owned(),
            basis: bilingual(&profile.basis),
            turnout_quorum: fraction(&profile.turnout_quorum),
            count_gate: fraction(&profile.count_gate),
            voting_seconds: profile.voting_seconds.map(Number::from),
            revoting_allowed: profile.revoting_allowed,
        },
        windows: (manifest.schedule.windows.iter())
            .map(|window| Window {
                opens: window.opens.get().into(),
                closes: window.closes.get().into(),
            })
            .collect(),
        grace_seconds: manifest.schedule.grace_seconds.get(),
        override_reason: (manifest.schedule.override_reason.as_ref())
            .map(|reason| reason.as_str().to_owned()),
        contests: contests
            .map(|(contest, kind)| Contest {
                title: bilingual(&contest.title),
                options: contest.options.iter().map(bilingual).collect(),
                rules: rules(kind.rules()),
                decision: decision(contest.rule.rule),
                seats: contest.rule.seats.get().into(),
            })
            .collect(),
        styles: (manifest.styles.iter())
            .map(|style| Style {
                title: bilingual(&style.title),
                contests: style.contests.iter().map(|n| n.get().into()).collect(),
            })
            .collect(),
        units: (manifest.units.iter())
            .map(|unit| Unit {
                title: bilingual(&unit.title),
                parent: unit.parent.map(|parent| parent.get().into()),
            })
            .collect(),
        floor: manifest.counting.floor.get(),
        votes_computable: manifest.counting.votes_computable,
        revoting: manifest.counting.revoting,
        log: roles.log.as_str().to_owned(),
        authorities: officers(&roles.authorities),
        trustees: officers(&roles.trustees),
        quorum: roles.quorum.get().into(),
        witness_policy: manifest.witnesses.policy.as_str().to_owned(),
        witnesses_required: checked.policy().quorum().is_some(),
        faulty_witnesses: manifest.witnesses.faulty.get().into(),
        disclosure: match manifest.disclosure {
            Disclosure::Public => WhoMayRead::Public,
            Disclosure::Accredited => WhoMayRead::Accredited,
        },
        assets: manifest.assets.map(|hash| hash.as_bytes().into()),
        test: manifest.test,
    }
}
