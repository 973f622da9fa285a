//! From a draft to a manifest, with every problem reported at its place.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::{
    BilingualDraft, ContestDraft, KindDraft, ManifestDraft, OfficerDraft, ProfileDraft, RolesDraft,
    ScheduleDraft, TotalDraft, WitnessesDraft,
};
use crate::entry::bounded::{List, Text};
use crate::entry::{Ed25519Key, Hash, Seconds};
use crate::manifest::profiles;
use crate::manifest::{
    Bilingual, Contest, Counting, Decision, Fraction, Kind, Manifest, Officer, Profile,
    ProtocolVersion, Roles, Schedule, Style, Unit, Window, Witnesses,
};

/// Something in a draft that a manifest cannot hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct DraftProblem {
    /// Which field, for example `contests[0].options[1].ko`.
    pub place: String,
    /// What is wrong with it.
    pub reason: String,
}

/// All such problems of a draft.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", join(.0))]
pub struct DraftProblems(pub Vec<DraftProblem>);

fn join(problems: &[DraftProblem]) -> String {
    let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// Flags of parameter c of a score contest (section 5).
const TOTAL_AT_MOST: u64 = 1;
const TOTAL_EXACTLY: u64 = 2;
const UNANSWERED: u64 = 4;

impl ManifestDraft {
    /// The manifest, if nothing is missing or out of range. Whether it obeys the rules of section
    /// 10.2 is another question: [`Manifest::problems`].
    ///
    /// # Errors
    /// [`DraftProblems`] lists every place with what is wrong there.
    pub fn to_manifest(&self) -> Result<Manifest, DraftProblems> {
        let mut reader = Reader::default();
        let manifest = reader.manifest(self);
        match manifest {
            Some(manifest) if reader.problems.is_empty() => Ok(manifest),
            _ => Err(DraftProblems(reader.problems)),
        }
    }
}

/// Collects problems: every method goes on after one, and returns none where it found one.
#[derive(Default)]
struct Reader {
    problems: Vec<DraftProblem>,
}

impl Reader {
    fn problem<T>(&mut self, place: &str, reason: impl ToString) -> Option<T> {
        self.problems.push(DraftProblem {
            place: place.to_owned(),
            reason: reason.to_string(),
        });
        None
    }

    fn take<T, E: ToString>(&mut self, place: &str, result: Result<T, E>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(reason) => self.problem(place, reason),
        }
    }

    fn text<const MIN: usize, const MAX: usize>(
        &mut self,
        place: &str,
        text: &str,
    ) -> Option<Text<MIN, MAX>> {
        self.take(place, Text::new(text))
    }

    fn number<T: TryFrom<u64, Error: ToString>>(&mut self, place: &str, number: u64) -> Option<T> {
        self.take(place, T::try_from(number))
    }

    fn present<'d, T: ?Sized>(&mut self, place: &str, value: Option<&'d T>) -> Option<&'d T> {
        match value {
            Some(value) => Some(value),
            None => self.problem(place, "is missing"),
        }
    }

    fn list<D, T, const MIN: usize, const MAX: usize>(
        &mut self,
        place: &str,
        drafts: &[D],
        mut item: impl FnMut(&mut Self, &str, &D) -> Option<T>,
    ) -> Option<List<T, MIN, MAX>> {
        let items: Vec<_> = drafts
            .iter()
            .enumerate()
            .map(|(number, draft)| item(self, &format!("{place}[{number}]"), draft))
            .collect();
        // The length is judged by the draft, whatever became of its items.
        self.take(place, List::<T, MIN, MAX>::check(drafts.len()))?;
        let items: Option<Vec<T>> = items.into_iter().collect();
        self.take(place, List::new(items?))
    }

    fn hex<const LENGTH: usize>(&mut self, place: &str, text: &str) -> Option<[u8; LENGTH]> {
        let bytes = base16ct::mixed::decode_vec(text.trim()).ok();
        match bytes.and_then(|bytes| bytes.try_into().ok()) {
            Some(bytes) => Some(bytes),
            None => self.problem(place, format!("{} hex digits are expected", 2 * LENGTH)),
        }
    }

    fn key(&mut self, place: &str, key: Option<&String>) -> Option<Ed25519Key> {
        let key = self.present(place, key)?;
        self.hex(place, key).map(Ed25519Key)
    }

    fn fraction(&mut self, place: &str, text: Option<&String>) -> Option<Option<Fraction>> {
        let Some(text) = text else {
            return Some(None);
        };
        let parts = text.split_once('/').and_then(|(numerator, denominator)| {
            Some(Fraction {
                numerator: numerator.trim().parse::<u64>().ok()?.try_into().ok()?,
                denominator: denominator.trim().parse::<u64>().ok()?.try_into().ok()?,
            })
        });
        match parts {
            Some(fraction) => Some(Some(fraction)),
            None => self.problem(
                place,
                "a fraction of numbers to 1000000, as 1/4, is expected",
            ),
        }
    }

    fn manifest(&mut self, draft: &ManifestDraft) -> Option<Manifest> {
        let origin = self
            .present("origin", draft.origin.as_ref())
            .and_then(|origin| self.text("origin", origin));
        let title = self.bilingual("title", &draft.title);
        let notice = self.bilingual("notice", &draft.notice);
        let profile = self.profile(&draft.profile);
        let schedule = self.schedule(&draft.schedule);
        let contests = self.list("contests", &draft.contests, Self::contest);
        let styles = self.styles(draft);
        let units = self.list("units", &draft.units, |reader, place, unit| {
            let title = reader.bilingual(&format!("{place}.title"), &unit.title);
            let parent = match unit.parent {
                Some(parent) => Some(reader.number(&format!("{place}.parent"), parent)?),
                None => None,
            };
            Some(Unit {
                title: title?,
                parent,
            })
        });
        let floor = self.number("counting.floor", draft.counting.floor);
        let roles = self.roles(&draft.roles);
        let witnesses = self.witnesses(draft);
        let assets = match &draft.assets {
            Some(assets) => self.hex("assets", assets).map(|hash| Some(Hash(hash))),
            None => Some(None),
        };
        Some(Manifest {
            protocol: ProtocolVersion::MAX,
            origin: origin?,
            title: title?,
            notice: notice?,
            profile: profile?,
            schedule: schedule?,
            contests: contests?,
            styles: styles?,
            units: units?,
            counting: Counting {
                floor: floor?,
                votes_computable: draft.counting.votes_computable,
                revoting: draft.counting.revoting,
            },
            roles: roles?,
            witnesses: witnesses?,
            disclosure: draft.disclosure,
            assets: assets?,
            test: draft.test,
        })
    }

    fn bilingual(&mut self, place: &str, draft: &BilingualDraft) -> Option<Bilingual> {
        let ko = self.text(&format!("{place}.ko"), &draft.ko);
        let en = self.text(&format!("{place}.en"), &draft.en);
        Some(Bilingual { ko: ko?, en: en? })
    }

    fn profile(&mut self, draft: &ProfileDraft) -> Option<Profile> {
        let Some(basis) = &draft.basis else {
            return self.profile_by_id(draft);
        };
        let id = self.text("profile.id", &draft.id);
        let basis = self.bilingual("profile.basis", basis);
        let quorum = self.fraction("profile.turnout_quorum", draft.turnout_quorum.as_ref());
        let gate = self.fraction("profile.count_gate", draft.count_gate.as_ref());
        Some(Profile {
            id: id?,
            basis: basis?,
            turnout_quorum: quorum?,
            count_gate: gate?,
            voting_seconds: draft.voting_seconds,
            revoting_allowed: draft.revoting_allowed.unwrap_or(false),
        })
    }

    fn profile_by_id(&mut self, draft: &ProfileDraft) -> Option<Profile> {
        let alone = ProfileDraft {
            id: draft.id.clone(),
            basis: None,
            turnout_quorum: None,
            count_gate: None,
            voting_seconds: None,
            revoting_allowed: None,
        };
        if *draft != alone {
            return self.problem(
                "profile.basis",
                "is missing: a profile with rules of its own needs it",
            );
        }
        match profiles::find(&draft.id) {
            Some(template) => self.take("profile", Profile::try_from(template)),
            None => {
                let known: Vec<_> = profiles::ALL.iter().map(|profile| profile.id).collect();
                let known = known.join(", ");
                self.problem(
                    "profile.id",
                    format!("no profile {:?}; there are: {known}", draft.id),
                )
            }
        }
    }

    fn schedule(&mut self, draft: &ScheduleDraft) -> Option<Schedule> {
        let windows = self.list("schedule.windows", &draft.windows, |_, _, window| {
            Some(Window {
                opens: Seconds::new(window.opens),
                closes: Seconds::new(window.closes),
            })
        });
        let grace = self.number("schedule.grace_seconds", draft.grace_seconds);
        let reason = match &draft.override_reason {
            Some(reason) => self.text("schedule.override_reason", reason).map(Some),
            None => Some(None),
        };
        Some(Schedule {
            windows: windows?,
            grace_seconds: grace?,
            override_reason: reason?,
        })
    }

    fn contest(&mut self, place: &str, draft: &ContestDraft) -> Option<Contest> {
        let title = self.bilingual(&format!("{place}.title"), &draft.title);
        let options = self.list(&format!("{place}.options"), &draft.options, Self::bilingual);
        let (kind, a, b, c) = parameters(draft.kind);
        let kind = self.number(&format!("{place}.kind"), kind);
        let seats = self.number(&format!("{place}.seats"), draft.seats);
        Some(Contest {
            title: title?,
            options: options?,
            kind: Kind {
                kind: kind?,
                a,
                b,
                c,
            },
            rule: Decision {
                rule: draft.rule,
                seats: seats?,
            },
        })
    }

    fn styles(&mut self, draft: &ManifestDraft) -> Option<List<Style, 1, 4096>> {
        let all = [super::StyleDraft {
            title: BilingualDraft {
                ko: "투표용지".to_owned(),
                en: "Ballot".to_owned(),
            },
            contests: (0_u64..).take(draft.contests.len()).collect(),
        }];
        let styles = draft.styles.as_deref().unwrap_or(&all);
        self.list("styles", styles, |reader, place, style| {
            let title = reader.bilingual(&format!("{place}.title"), &style.title);
            let place = format!("{place}.contests");
            let contests = reader.list(&place, &style.contests, |reader, place, number| {
                reader.number(place, *number)
            });
            Some(Style {
                title: title?,
                contests: contests?,
            })
        })
    }

    fn roles(&mut self, draft: &RolesDraft) -> Option<Roles> {
        let log = self
            .present("roles.log", draft.log.as_ref())
            .and_then(|log| self.text("roles.log", log));
        let acknowledgement = self.key("roles.acknowledgement", draft.acknowledgement.as_ref());
        let commission = self.key("roles.commission", draft.commission.as_ref());
        let authorities = self.list("roles.authorities", &draft.authorities, Self::officer);
        let trustees = self.list("roles.trustees", &draft.trustees, Self::officer);
        let quorum = self
            .present("roles.quorum", draft.quorum.as_ref())
            .and_then(|quorum| self.number("roles.quorum", *quorum));
        let tally = self.key("roles.tally", draft.tally.as_ref());
        Some(Roles {
            log: log?,
            acknowledgement: acknowledgement?,
            commission: commission?,
            authorities: authorities?,
            trustees: trustees?,
            quorum: quorum?,
            tally: tally?,
        })
    }

    fn officer(&mut self, place: &str, draft: &OfficerDraft) -> Option<Officer> {
        let name = self.text(&format!("{place}.name"), &draft.name);
        let key = self.key(&format!("{place}.key"), draft.key.as_ref());
        Some(Officer {
            name: name?,
            key: key?,
        })
    }

    fn witnesses(&mut self, draft: &ManifestDraft) -> Option<Witnesses> {
        let nobody;
        let witnesses = match (&draft.witnesses, &draft.roles.log) {
            (Some(witnesses), _) => witnesses,
            (None, Some(log)) => {
                nobody = WitnessesDraft {
                    policy: format!("log {log}\nquorum none\n"),
                    faulty: 0,
                };
                &nobody
            }
            // That the log's key is missing has been said.
            (None, None) => return None,
        };
        let policy = self.text("witnesses.policy", &witnesses.policy);
        let faulty = self.number("witnesses.faulty", witnesses.faulty);
        Some(Witnesses {
            policy: policy?,
            faulty: faulty?,
        })
    }
}

/// kind, a, b, c of section 5.
const fn parameters(kind: KindDraft) -> (u64, u64, u64, u64) {
    match kind {
        KindDraft::ChooseOne { blank } => (1, blank as u64, 0, 0),
        KindDraft::Choose { min, max } => (2, min, max, 0),
        KindDraft::Score {
            max,
            total,
            unanswered,
        } => {
            let (total, flag) = match total {
                None => (0, 0),
                Some(TotalDraft::AtMost(total)) => (total, TOTAL_AT_MOST),
                Some(TotalDraft::Exactly(total)) => (total, TOTAL_EXACTLY),
            };
            (
                3,
                max,
                total,
                flag + if unanswered { UNANSWERED } else { 0 },
            )
        }
        KindDraft::Rank { min, max } => (4, min, max, 0),
    }
}

/// The reverse of [`parameters`]; none if the numbers mean nothing.
pub(super) const fn kind(kind: u64, a: u64, b: u64, c: u64) -> Option<KindDraft> {
    let draft = match kind {
        1 => KindDraft::ChooseOne { blank: a == 1 },
        2 => KindDraft::Choose { min: a, max: b },
        3 => KindDraft::Score {
            max: a,
            total: match c % UNANSWERED {
                TOTAL_AT_MOST => Some(TotalDraft::AtMost(b)),
                TOTAL_EXACTLY => Some(TotalDraft::Exactly(b)),
                _ => None,
            },
            unanswered: c / UNANSWERED == 1,
        },
        _ => KindDraft::Rank { min: a, max: b },
    };
    // Whatever a draft cannot say is lost on the way back.
    match parameters(draft) {
        back if back.0 == kind && back.1 == a && back.2 == b && back.3 == c => Some(draft),
        _ => None,
    }
}
