//! Legal profiles for Korea, as data (docs/PROTOCOL.md section 10.2). An election copies one into its
//! manifest; no reader knows them by name.

use super::{Bilingual, Fraction, Profile};
use crate::entry::OutOfRange;
use crate::entry::bounded::{Text, WrongLength};

/// A profile to choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProfileTemplate {
    /// Identifier.
    pub id: &'static str,
    /// Legal basis in Korean.
    pub basis_ko: &'static str,
    /// Legal basis in English.
    pub basis_en: &'static str,
    /// Turnout below which nothing is decided.
    pub turnout_quorum: Option<(u32, u32)>,
    /// Turnout below which votes are not counted.
    pub count_gate: Option<(u32, u32)>,
    /// Length of all voting windows together, in seconds.
    pub voting_seconds: Option<u64>,
    /// Whether voters may be allowed to vote again.
    pub revoting_allowed: bool,
}

/// Online voting in the early-voting window: two days from 06:00 to 18:00.
const EARLY_VOTING_SECONDS: u64 = 2 * 12 * 3600;

/// Resident vote under the act as amended on 26 April 2022.
pub const RESIDENT_VOTE: ProfileTemplate = ProfileTemplate {
    id: "kr-resident-vote-2022",
    basis_ko: "주민투표법(2022. 4. 26. 개정): 주민투표권자 4분의 1 이상의 투표와 유효투표수 과반수의 득표로 확정하며, 투표율과 관계없이 개표한다.",
    basis_en: "Resident Voting Act as amended on 26 April 2022: decided by a majority of the valid votes with a turnout of at least one quarter; always counted.",
    turnout_quorum: Some((1, 4)),
    count_gate: None,
    voting_seconds: Some(EARLY_VOTING_SECONDS),
    revoting_allowed: false,
};

/// Resident vote as the act stood before 2022.
pub const RESIDENT_VOTE_BEFORE_2022: ProfileTemplate = ProfileTemplate {
    id: "kr-resident-vote-2004",
    basis_ko: "주민투표법(2022. 4. 26. 개정 전): 주민투표권자 3분의 1 이상의 투표와 유효투표수 과반수의 득표로 확정하며, 투표율이 3분의 1에 미달하면 개표하지 아니한다.",
    basis_en: "Resident Voting Act before its amendment of 26 April 2022: decided by a majority of the valid votes with a turnout of at least one third; not counted below it.",
    turnout_quorum: Some((1, 3)),
    count_gate: Some((1, 3)),
    voting_seconds: Some(EARLY_VOTING_SECONDS),
    revoting_allowed: false,
};

/// Resident vote on a national policy, which advises only.
pub const NATIONAL_POLICY: ProfileTemplate = ProfileTemplate {
    id: "kr-national-policy-vote",
    basis_ko: "주민투표법 제8조(국가정책에 관한 주민투표): 결과는 의견 수렴이며 투표율 요건 없이 개표한다.",
    basis_en: "Resident Voting Act, article 8 (national policies): advisory, without a turnout requirement; always counted.",
    turnout_quorum: None,
    count_gate: None,
    voting_seconds: Some(EARLY_VOTING_SECONDS),
    revoting_allowed: false,
};

/// Recall of an elected local official.
pub const RECALL: ProfileTemplate = ProfileTemplate {
    id: "kr-recall",
    basis_ko: "주민소환에 관한 법률: 주민소환투표권자 3분의 1 이상의 투표와 유효투표 총수 과반수의 찬성으로 확정하며, 투표율이 3분의 1에 미달하면 개표하지 아니한다. 전자투표에 관한 명시적 법적 근거는 없다.",
    basis_en: "Recall Act: decided by a majority of the valid votes with a turnout of at least one third; not counted below it. There is no explicit legal basis for electronic voting.",
    turnout_quorum: Some((1, 3)),
    count_gate: Some((1, 3)),
    voting_seconds: None,
    revoting_allowed: false,
};

/// Entrusted elections, party primaries and elections of associations, by their own charters.
pub const BY_CHARTER: ProfileTemplate = ProfileTemplate {
    id: "kr-by-charter",
    basis_ko: "위탁선거, 당내경선, 단체선거: 정관 또는 당헌·당규에 따른다.",
    basis_en: "Entrusted elections, party primaries and elections of associations: by charter.",
    turnout_quorum: None,
    count_gate: None,
    voting_seconds: None,
    revoting_allowed: true,
};

/// All of them.
pub const ALL: &[ProfileTemplate] = &[
    RESIDENT_VOTE,
    RESIDENT_VOTE_BEFORE_2022,
    NATIONAL_POLICY,
    RECALL,
    BY_CHARTER,
];

/// The profile with this identifier, if it is one of [`ALL`].
#[must_use]
pub fn find(id: &str) -> Option<&'static ProfileTemplate> {
    ALL.iter().find(|profile| profile.id == id)
}

/// A text or number of a profile that the manifest cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// A text that is empty or too long.
    #[error(transparent)]
    Text(#[from] WrongLength),
    /// A fraction out of range.
    #[error(transparent)]
    Fraction(#[from] OutOfRange),
}

impl TryFrom<&ProfileTemplate> for Profile {
    type Error = ProfileError;

    fn try_from(template: &ProfileTemplate) -> Result<Self, ProfileError> {
        let fraction = |parts: Option<(u32, u32)>| {
            parts
                .map(|(numerator, denominator)| {
                    Ok::<_, OutOfRange>(Fraction {
                        numerator: u64::from(numerator).try_into()?,
                        denominator: u64::from(denominator).try_into()?,
                    })
                })
                .transpose()
        };
        Ok(Self {
            id: Text::new(template.id)?,
            basis: Bilingual {
                ko: Text::new(template.basis_ko)?,
                en: Text::new(template.basis_en)?,
            },
            turnout_quorum: fraction(template.turnout_quorum)?,
            count_gate: fraction(template.count_gate)?,
            voting_seconds: template.voting_seconds,
            revoting_allowed: template.revoting_allowed,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_fits_a_manifest_under_its_own_name() {
        for template in ALL {
            let profile = Profile::try_from(template).expect(template.id);
            assert_eq!(&*profile.id, template.id);
            assert_eq!(find(template.id), Some(template));
        }
    }

    #[test]
    fn the_law_of_2011_needs_a_third_and_today_a_quarter() {
        assert_eq!(RESIDENT_VOTE.turnout_quorum, Some((1, 4)));
        assert_eq!(RESIDENT_VOTE.count_gate, None);
        assert_eq!(RESIDENT_VOTE_BEFORE_2022.count_gate, Some((1, 3)));
        assert_eq!(RESIDENT_VOTE.voting_seconds, Some(86_400));
    }
}
