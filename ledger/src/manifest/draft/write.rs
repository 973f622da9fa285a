//! From a manifest back to a draft.

use alloc::format;
use alloc::string::String;
use alloc::string::ToString;

use super::{
    BilingualDraft, ContestDraft, CountingDraft, ManifestDraft, OfficerDraft, ProfileDraft,
    RolesDraft, ScheduleDraft, StyleDraft, UnitDraft, WindowDraft, WitnessesDraft,
};
use crate::entry::{ContestNumber, Ed25519Key};
use crate::manifest::{Bilingual, Contest, Fraction, Manifest, Officer};

/// A contest whose parameters mean nothing, so that no draft can say them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("contest {contest} has parameters that mean nothing")]
pub struct UnknownParameters {
    /// Which contest.
    pub contest: ContestNumber,
}

impl TryFrom<&Manifest> for ManifestDraft {
    type Error = UnknownParameters;

    fn try_from(manifest: &Manifest) -> Result<Self, UnknownParameters> {
        let contests = (0..=u16::MAX)
            .map(ContestNumber::from)
            .zip(&manifest.contests);
        let (profile, schedule, roles) = (&manifest.profile, &manifest.schedule, &manifest.roles);
        Ok(Self {
            origin: Some(manifest.origin.to_string()),
            title: (&manifest.title).into(),
            notice: (&manifest.notice).into(),
            profile: ProfileDraft {
                id: profile.id.to_string(),
                basis: Some((&profile.basis).into()),
                turnout_quorum: profile.turnout_quorum.as_ref().map(fraction),
                count_gate: profile.count_gate.as_ref().map(fraction),
                voting_seconds: profile.voting_seconds,
                revoting_allowed: Some(profile.revoting_allowed),
            },
            schedule: ScheduleDraft {
                windows: schedule
                    .windows
                    .iter()
                    .map(|window| WindowDraft {
                        opens: window.opens.get(),
                        closes: window.closes.get(),
                    })
                    .collect(),
                grace_seconds: schedule.grace_seconds.into(),
                override_reason: schedule.override_reason.as_ref().map(ToString::to_string),
            },
            contests: contests
                .map(|(number, described)| contest(number, described))
                .collect::<Result<_, _>>()?,
            styles: Some(
                manifest
                    .styles
                    .iter()
                    .map(|style| StyleDraft {
                        title: (&style.title).into(),
                        contests: style
                            .contests
                            .iter()
                            .map(|number| (*number).into())
                            .collect(),
                    })
                    .collect(),
            ),
            units: manifest
                .units
                .iter()
                .map(|unit| UnitDraft {
                    title: (&unit.title).into(),
                    parent: unit.parent.map(Into::into),
                })
                .collect(),
            counting: CountingDraft {
                floor: manifest.counting.floor.into(),
                votes_computable: manifest.counting.votes_computable,
                revoting: manifest.counting.revoting,
            },
            roles: RolesDraft {
                log: Some(roles.log.to_string()),
                acknowledgement: Some(hex(&roles.acknowledgement)),
                commission: Some(hex(&roles.commission)),
                authorities: roles.authorities.iter().map(Into::into).collect(),
                trustees: roles.trustees.iter().map(Into::into).collect(),
                quorum: Some(roles.quorum.into()),
                tally: Some(hex(&roles.tally)),
            },
            witnesses: Some(WitnessesDraft {
                policy: manifest.witnesses.policy.to_string(),
                faulty: manifest.witnesses.faulty.into(),
            }),
            disclosure: manifest.disclosure,
            assets: manifest.assets.map(|hash| hash.to_string()),
            test: manifest.test,
        })
    }
}

fn contest(contest: ContestNumber, described: &Contest) -> Result<ContestDraft, UnknownParameters> {
    let kind = &described.kind;
    let kind = super::read::kind(kind.kind.into(), kind.a, kind.b, kind.c);
    Ok(ContestDraft {
        title: (&described.title).into(),
        options: described.options.iter().map(Into::into).collect(),
        kind: kind.ok_or(UnknownParameters { contest })?,
        rule: described.rule.rule,
        seats: described.rule.seats.into(),
    })
}

fn fraction(fraction: &Fraction) -> String {
    format!("{}/{}", fraction.numerator, fraction.denominator)
}

fn hex(key: &Ed25519Key) -> String {
    base16ct::lower::encode_string(key.as_bytes())
}

impl From<&Bilingual> for BilingualDraft {
    fn from(text: &Bilingual) -> Self {
        Self {
            ko: text.ko.to_string(),
            en: text.en.to_string(),
        }
    }
}

impl From<&Officer> for OfficerDraft {
    fn from(officer: &Officer) -> Self {
        Self {
            name: officer.name.to_string(),
            key: Some(hex(&officer.key)),
        }
    }
}
