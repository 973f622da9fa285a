//! From the checker to the report.

use hanpyo_ledger::entry::{Seconds, Status, UnitNumber};
use hanpyo_ledger::log::checkpoint::SignedCheckpoint;
use hanpyo_ledger::manifest::{self, Manifest};
use hanpyo_ledger::record::{ConfirmationCode, Phase as LedgerPhase, RecordChecker};

use super::Verification;
use crate::given::ReceiptState;
use crate::lang::Bilingual;
use crate::report::{
    AcknowledgementFacts, BallotFacts, Check, CodeFacts, ContestFacts, ElectionFacts, FORMAT,
    GivenFacts, GroupFacts, Kind, NotChecked, OptionFacts, OutcomeFacts, OutcomeStatus, Phase,
    Reason, ReceiptFacts, RecordFacts, Report, Rule, TurnoutFacts, UnitFacts, Verdict,
};

pub(super) fn report(run: &Verification<'_>, place: &str, strict: bool) -> Report {
    let ledger = run.checker.report();
    let verdict = if ledger.passes(strict) && run.checker.phase() == LedgerPhase::Void {
        Verdict::Void
    } else if ledger.passes(strict) {
        Verdict::Pass
    } else if ledger.failed().is_empty() {
        Verdict::Incomplete
    } else {
        Verdict::Fail
    };
    let mut checks: Vec<Check> = ledger
        .checks()
        .map(|(check, status)| Check::new(check, status))
        .collect();
    if run.stopped {
        checks.iter_mut().for_each(|check| stopped(run, check));
    }
    let checkpoint = run.signed.as_ref().map(SignedCheckpoint::checkpoint);
    Report {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION"),
        verdict,
        strict,
        record: RecordFacts {
            place: place.to_owned(),
            vkey: run.request.log.to_string(),
            size: checkpoint.map(|checkpoint| checkpoint.size),
            root: checkpoint.map(|checkpoint| checkpoint.root.to_string()),
            entries_read: run.checker.size(),
            policies: run.policies.clone(),
        },
        checks,
        given: given(run),
        election: run.checker.manifest().map(|m| election(&run.checker, m)),
    }
}

/// The record is not unfinished, only unreadable from here on.
fn stopped(run: &Verification<'_>, check: &mut Check) {
    let read = run.checker.size();
    let detail = if run.signed.is_some() {
        format!("only {read} entries could be read as they were signed")
    } else {
        "there is no checkpoint of this log".to_owned()
    };
    let asked = &run.request;
    let nothing_asked =
        asked.codes.is_empty() && asked.receipts.is_empty() && asked.acknowledgements.is_empty();
    for part in &mut check.not_checked {
        let unread = match part.reason {
            Reason::Unfinished | Reason::Missing => true,
            Reason::NotGiven => !nothing_asked,
            Reason::NotRequired | Reason::Void => false,
        };
        if unread {
            *part = NotChecked {
                reason: Reason::Missing,
                detail: Some(detail.clone()),
            };
        }
    }
    check.not_checked.dedup();
}

fn given(run: &Verification<'_>) -> GivenFacts {
    let mut statuses = run.checker.codes().into_iter();
    let of_user = statuses.by_ref().take(run.request.codes.len());
    let codes = of_user
        .map(|(code, status)| CodeFacts {
            code: code.to_string(),
            ballot: status.into(),
        })
        .collect();
    let of_receipts: Vec<BallotFacts> = statuses.map(|(_, status)| status.into()).collect();
    let user_codes = run.request.codes.len();
    let receipts = run.request.receipts.iter().zip(&run.wanted.receipts);
    let acknowledged = run.request.acknowledgements.iter();
    let seen = run.checker.acknowledged().into_iter();
    GivenFacts {
        codes,
        receipts: receipts
            .map(|((file, receipt), state)| ReceiptFacts {
                file: file.clone(),
                entry: receipt.index(),
                valid: matches!(state, ReceiptState::Valid { .. }),
                ballot: match state {
                    ReceiptState::Valid { code: Some(place) } => place
                        .checked_sub(user_codes)
                        .and_then(|place| of_receipts.get(place).cloned()),
                    _ => None,
                },
            })
            .collect(),
        acknowledgements: acknowledged
            .zip(seen.chain(std::iter::repeat(false)))
            .map(
                |((file, acknowledgement), in_record)| AcknowledgementFacts {
                    file: file.clone(),
                    code: ConfirmationCode(*acknowledgement.confirmation_code.as_bytes())
                        .to_string(),
                    in_record,
                },
            )
            .collect(),
    }
}

fn bilingual(text: &manifest::Bilingual) -> Bilingual {
    Bilingual {
        ko: text.ko.as_str().to_owned(),
        en: text.en.as_str().to_owned(),
    }
}

fn phase(phase: LedgerPhase) -> Phase {
    match phase {
        LedgerPhase::Empty | LedgerPhase::Ceremony | LedgerPhase::Drill => Phase::KeyCeremony,
        LedgerPhase::Roll => Phase::Roll,
        LedgerPhase::Sealed => Phase::Sealed,
        LedgerPhase::Voting => Phase::Voting,
        LedgerPhase::Closed | LedgerPhase::Decrypting | LedgerPhase::Results => Phase::Tally,
        LedgerPhase::Finished => Phase::Finished,
        LedgerPhase::Void => Phase::Void,
        LedgerPhase::Unusable => Phase::Unusable,
    }
}

fn election(checker: &RecordChecker, manifest: &Manifest) -> ElectionFacts {
    let turnout = checker.turnout();
    let opens = manifest.schedule.windows.first();
    ElectionFacts {
        title: bilingual(&manifest.title),
        test: manifest.test,
        manifest_hash: data_encoding::HEXLOWER.encode(manifest.hash().as_bytes()),
        phase: phase(checker.phase()),
        opens: opens.map_or(0, |window| window.opens.get()),
        closes: checker.closes().map_or(0, Seconds::get),
        electorate: turnout
            .map(|turnout| turnout.electorate)
            .filter(|electorate| *electorate > 0),
        turnout: TurnoutFacts {
            ballots: turnout.map_or(0, |turnout| turnout.ballots),
            paper: turnout.map_or(0, |turnout| turnout.paper),
        },
        units: units(checker, manifest),
        contests: (0u16..)
            .zip(&manifest.contests)
            .map(|(number, contest)| contest_facts(checker, number, contest))
            .collect(),
    }
}

fn units(checker: &RecordChecker, manifest: &Manifest) -> Vec<UnitFacts> {
    let electorate = checker.credentials_per_unit();
    let (ballots, paper) = (checker.counted_per_unit(), checker.paper_per_unit());
    let of = |list: &[u64], place: usize| list.get(place).copied().unwrap_or(0);
    (0u16..)
        .zip(&manifest.units)
        .map(|(number, unit)| {
            let place = usize::from(number);
            UnitFacts {
                unit: number,
                title: bilingual(&unit.title),
                parent: unit.parent.map(UnitNumber::get),
                electorate: of(&electorate, place),
                ballots: of(ballots, place),
                paper: of(paper, place),
            }
        })
        .collect()
}

fn kind(kind: &manifest::Kind) -> Kind {
    match kind.kind.get() {
        1 => Kind::ChooseOne { blank: kind.a == 1 },
        2 => Kind::Choose {
            min: kind.a,
            max: kind.b,
        },
        3 => Kind::Score {
            highest: kind.a,
            unanswered: kind.c & 4 != 0,
        },
        4 => Kind::Rank { ranks: kind.b },
        _ => Kind::Unknown,
    }
}

const fn rule(rule: manifest::Rule) -> Rule {
    match rule {
        manifest::Rule::Majority => Rule::Majority,
        manifest::Rule::Plurality => Rule::Plurality,
        manifest::Rule::Mean => Rule::Mean,
        manifest::Rule::Borda => Rule::Borda,
        manifest::Rule::FirstPreferences => Rule::FirstPreferences,
    }
}

const fn outcome_status(status: Status) -> OutcomeStatus {
    match status {
        Status::Decided => OutcomeStatus::Decided,
        Status::QuorumNotMet => OutcomeStatus::QuorumNotMet,
        Status::Tied => OutcomeStatus::Tied,
        Status::NotCounted => OutcomeStatus::NotCounted,
        Status::Withheld => OutcomeStatus::Withheld,
        Status::NoMajority => OutcomeStatus::NoMajority,
    }
}

fn contest_facts(
    checker: &RecordChecker,
    number: u16,
    contest: &manifest::Contest,
) -> ContestFacts {
    let place = usize::from(number);
    let published = checker.contest_results().get(place);
    let totals: Vec<u64> = published.map_or(Vec::new(), |published| {
        published.totals.iter().map(|total| total.get()).collect()
    });
    let options = contest.options.len();
    let option = |(at, title)| OptionFacts {
        title: bilingual(title),
        // Positions are row by row: scores then answers, or rank by rank.
        totals: totals.iter().skip(at).step_by(options).copied().collect(),
    };
    let outcome = checker
        .result()
        .and_then(|result| result.outcomes.get(place));
    let closed = checker
        .closed()
        .and_then(|closed| closed.contests.get(place));
    let groups = closed.map_or(&[][..], |tally| tally.groups());
    let values = |group: usize| {
        let values = published.and_then(|published| published.groups.get(group));
        values.map_or(Vec::new(), |values| {
            values.iter().map(|value| value.get()).collect()
        })
    };
    ContestFacts {
        contest: number,
        title: bilingual(&contest.title),
        kind: kind(&contest.kind),
        rule: rule(contest.rule.rule),
        seats: contest.rule.seats.get(),
        weight: closed.map(|tally| tally.weight),
        options: contest.options.iter().enumerate().map(option).collect(),
        outcome: outcome.map(|outcome| OutcomeFacts {
            status: outcome_status(outcome.status),
            winners: outcome.winners.iter().map(|winner| winner.get()).collect(),
        }),
        groups: groups
            .iter()
            .enumerate()
            .map(|(at, group)| GroupFacts {
                units: group.units.clone(),
                ballots: group.ballots,
                values: values(at),
            })
            .collect(),
    }
}
