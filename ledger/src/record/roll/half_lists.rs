//! Half lists of two authorities: both commit, then both publish (docs/PROTOCOL.md section 10.3, step 5).

use curve25519_dalek::ristretto::CompressedRistretto;
use hanpyo_crypto::{group, labels};
use sha2::{Digest, Sha256};

use crate::entry::{AuthorityNumber, Hash, Subject};

/// A half-list hash under construction.
#[derive(Clone)]
pub(crate) struct HalfListHash(Sha256);

impl HalfListHash {
    /// `hash("hanpyo/v1/half-list", mh ‖ u8(authority) ‖ subject ‖ ..)` before the first point.
    pub(crate) fn new(manifest: &[u8; 32], authority: AuthorityNumber, subject: Subject) -> Self {
        let label = labels::hash::HALF_LIST;
        let length = u8::try_from(label.len()).unwrap_or(u8::MAX);
        Self(
            Sha256::new()
                .chain_update([length])
                .chain_update(label)
                .chain_update(manifest)
                .chain_update([authority.get()])
                .chain_update(subject.to_bytes()),
        )
    }

    pub(crate) fn add(&mut self, points: &[u8]) {
        self.0.update(points);
    }

    pub(crate) fn finish(&self) -> Hash {
        Hash(self.0.clone().finalize().into())
    }
}

/// P = P_1 + P_2, encoded; `None` if a half is no point.
pub(crate) fn add_halves(one: &[u8; 32], two: &[u8; 32]) -> Option<[u8; 32]> {
    let one = group::decode_point(one).ok()?;
    let two = group::decode_point(two).ok()?;
    Some((one + two).compress().to_bytes())
}

/// Stands where a half list held no point: no credential equals it.
pub(crate) const NO_POINT: [u8; 32] = [0xff; 32];

const _: () = assert!(CompressedRistretto(NO_POINT).0[31] == 0xff);

/// What one authority has published for a subject.
#[derive(Clone)]
struct Half {
    committed: Option<Hash>,
    hash: HalfListHash,
    points: u32,
}

/// Both halves for the roll. The points themselves stand in the roll's column: first one half, then
/// the sum as the other half arrives.
#[derive(Clone)]
pub(crate) struct HalfLists {
    halves: [Half; 2],
}

impl HalfLists {
    pub(crate) fn new(manifest: &[u8; 32], subject: Subject) -> Self {
        let half = |authority| Half {
            committed: None,
            hash: HalfListHash::new(manifest, authority, subject),
            points: 0,
        };
        Self {
            halves: [half(AuthorityNumber::MIN), half(AuthorityNumber::MAX)],
        }
    }

    fn half(&self, authority: AuthorityNumber) -> Option<&Half> {
        self.halves.get(authority.position())
    }

    pub(crate) fn is_committed(&self, authority: AuthorityNumber) -> bool {
        self.half(authority)
            .is_some_and(|half| half.committed.is_some())
    }

    pub(crate) fn both_committed(&self) -> bool {
        self.halves.iter().all(|half| half.committed.is_some())
    }

    pub(crate) fn commit(&mut self, authority: AuthorityNumber, hash: Hash) {
        if let Some(half) = self.halves.get_mut(authority.position()) {
            half.committed = Some(hash);
        }
    }

    /// Number of points the authority has published.
    pub(crate) fn points(&self, authority: AuthorityNumber) -> u32 {
        self.half(authority).map_or(0, |half| half.points)
    }

    /// Adds points of one authority; `column` holds halves and sums.
    pub(crate) fn add(
        &mut self,
        authority: AuthorityNumber,
        points: &[u8],
        column: &mut Vec<[u8; 32]>,
    ) {
        let (chunk, _) = points.as_chunks::<32>();
        let from = usize::try_from(self.points(authority)).unwrap_or(usize::MAX);
        let stored = column.get_mut(from..).unwrap_or_default();
        super::sum_halves(stored, chunk);
        let beyond = column.len().saturating_sub(from);
        column.extend(chunk.iter().skip(beyond));
        if let Some(half) = self.halves.get_mut(authority.position()) {
            half.hash.add(points);
            half.points = half
                .points
                .saturating_add(u32::try_from(chunk.len()).unwrap_or(u32::MAX));
        }
    }

    /// For each authority whose list is not the one it committed to: expected and found.
    pub(crate) fn broken_commitments(&self) -> Vec<(AuthorityNumber, Hash, Hash)> {
        [AuthorityNumber::MIN, AuthorityNumber::MAX]
            .into_iter()
            .filter_map(|authority| {
                let half = self.half(authority)?;
                let (expected, found) = (half.committed?, half.hash.finish());
                (expected != found).then_some((authority, expected, found))
            })
            .collect()
    }

    /// Whether both published equally many points.
    pub(crate) fn lengths(&self) -> (u32, u32) {
        (
            self.points(AuthorityNumber::MIN),
            self.points(AuthorityNumber::MAX),
        )
    }
}
