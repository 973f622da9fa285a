//! What a manifest fixes for all other checks, worked out once.

use hanpyo_crypto::ballot::NumberedContest;
use hanpyo_crypto::ceremony::Parameters;
use hanpyo_crypto::contest::ContestKind;

use super::groups::FloorRule;
use crate::entry::UnitNumber;
use crate::manifest::Manifest;
use crate::signature::RoleKeys;

/// A manifest that can be worked with, even if it breaks rules of section 10.2: a verifier that stopped
/// there would say nothing about the rest of the record.
pub(crate) struct Election {
    pub(crate) manifest: Manifest,
    /// mh.
    pub(crate) hash: [u8; 32],
    pub(crate) keys: RoleKeys,
    pub(crate) parameters: Parameters,
    pub(crate) kinds: Vec<ContestKind>,
    /// Contests of each ballot style.
    pub(crate) styles: Vec<Vec<NumberedContest>>,
    /// Parent of each unit.
    pub(crate) parents: Vec<Option<u16>>,
}

impl Election {
    /// Works out a manifest; says what makes it unusable.
    pub(crate) fn new(manifest: Manifest) -> Result<Self, String> {
        let keys = RoleKeys::new(&manifest).map_err(|error| error.to_string())?;
        let trustees = u64::try_from(manifest.roles.trustees.len()).unwrap_or(u64::MAX);
        let parameters = Parameters::new(u64::from(manifest.roles.quorum), trustees)
            .map_err(|error| error.to_string())?;
        let kinds = (0..)
            .zip(&manifest.contests)
            .map(|(number, contest): (u64, _)| {
                contest
                    .kind()
                    .map_err(|error| format!("contest {number}: {error}"))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let styles = (0..)
            .zip(&manifest.styles)
            .map(|(number, style): (u64, _)| {
                let contests = style.contests.iter().map(|contest| {
                    let kind = kinds.get(contest.position()).copied();
                    let number = u64::from(*contest);
                    kind.map(|kind| NumberedContest { number, kind })
                });
                contests
                    .collect::<Option<Vec<_>>>()
                    .ok_or_else(|| format!("style {number} lists a contest that does not exist"))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let parents = manifest.units.iter().map(|unit| unit.parent);
        let parents = parents.map(|parent| parent.map(UnitNumber::get)).collect();
        Ok(Self {
            hash: manifest.hash().0,
            keys,
            parameters,
            kinds,
            styles,
            parents,
            manifest,
        })
    }

    /// Contests of a ballot style.
    pub(crate) fn style(&self, style: u16) -> Option<&[NumberedContest]> {
        self.styles.get(usize::from(style)).map(Vec::as_slice)
    }

    pub(crate) fn units(&self) -> usize {
        self.parents.len()
    }

    pub(crate) fn has_two_authorities(&self) -> bool {
        self.keys.authorities() == 2
    }

    pub(crate) fn revoting(&self) -> bool {
        self.manifest.counting.revoting
    }

    pub(crate) fn floor(&self) -> FloorRule {
        let counting = &self.manifest.counting;
        FloorRule {
            floor: u64::from(counting.floor),
            votes_computable: counting.votes_computable,
        }
    }
}
