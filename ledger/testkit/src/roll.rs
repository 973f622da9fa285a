//! The authorities' part.

use curve25519_dalek::ristretto::CompressedRistretto;
use hanpyo_crypto::credential::{
    Authority, CredentialDerivation, CredentialSecret, VotingCode, public_credentials,
};
use hanpyo_crypto::{group, labels};
use hanpyo_ledger::entry::{
    AuthorityNumber, CredentialIndex, EncodedPoint, HalfListChunk, HalfListCommitment, Hash,
    Reissue, Revocation, RollChunk, RollRow, RollSealed, Subject,
};

use crate::election::{Election, Voter};
use crate::spec::{list, text};

/// Rows in one roll chunk.
const CHUNK_ROWS: usize = 1000;
/// Points in one half-list chunk.
const CHUNK_POINTS: usize = 2000;

fn authority(place: usize) -> AuthorityNumber {
    AuthorityNumber::try_from(place + 1).unwrap()
}

impl Election {
    /// Half secrets of `count` credentials, one list per authority.
    fn issue(&mut self, count: usize) -> Vec<Vec<CredentialSecret>> {
        let numbers: &[Authority] = match self.spec.authorities {
            1 => &[Authority::Sole],
            _ => &[Authority::First, Authority::Second],
        };
        let key = self.context.as_ref().unwrap().joint_key().encoded();
        numbers
            .iter()
            .map(|number| {
                let derivation = CredentialDerivation::new(&self.hash.0, &key, *number);
                let mut draw = || {
                    let code = VotingCode::generate(&mut self.rng);
                    self.codes.push(code.to_printed().to_string());
                    derivation.secret(&code).unwrap()
                };
                (0..count).map(|_| draw()).collect()
            })
            .collect()
    }

    fn combine(halves: Vec<Vec<CredentialSecret>>) -> Vec<CredentialSecret> {
        let mut halves = halves.into_iter();
        let first = halves.next().unwrap();
        match halves.next() {
            None => first,
            Some(second) => first
                .iter()
                .zip(&second)
                .map(|(one, two)| CredentialSecret::combine(one, two).unwrap())
                .collect(),
        }
    }

    /// With two authorities: both commit, then both publish their halves.
    fn publish_halves(&mut self, subject: Subject, halves: &[Vec<CredentialSecret>]) {
        if halves.len() < 2 {
            return;
        }
        let points: Vec<Vec<u8>> = halves
            .iter()
            .map(|half| {
                let points = public_credentials(half);
                points
                    .iter()
                    .flat_map(CompressedRistretto::to_bytes)
                    .collect()
            })
            .collect();
        for (place, points) in points.iter().enumerate() {
            let entry = self.sign(HalfListCommitment {
                authority: authority(place),
                subject,
                hash: self.half_list_hash(authority(place), subject, points),
            });
            self.append(entry);
        }
        for (place, points) in points.iter().enumerate() {
            for (chunk, points) in points.chunks(32 * CHUNK_POINTS).enumerate() {
                let entry = self.sign(HalfListChunk {
                    authority: authority(place),
                    subject,
                    first: index(chunk * CHUNK_POINTS),
                    points: points.to_vec().try_into().unwrap(),
                });
                self.append(entry);
            }
        }
    }

    /// The hash an authority commits to before it publishes `points`.
    #[must_use]
    pub fn half_list_hash(
        &self,
        authority: AuthorityNumber,
        subject: Subject,
        points: &[u8],
    ) -> Hash {
        Hash(group::hash(
            labels::hash::HALF_LIST,
            &[
                self.hash.as_bytes(),
                &[authority.get()],
                &subject.to_bytes(),
                points,
            ],
        ))
    }

    /// Issues all credentials, publishes and seals the roll.
    pub fn publish_roll(&mut self) {
        self.publish_unsealed_roll();
        self.seal_roll();
    }

    /// Issues all credentials and publishes the roll.
    pub fn publish_unsealed_roll(&mut self) {
        let halves = self.issue(self.spec.voters.len());
        self.publish_halves(Subject::Roll, &halves);
        let secrets = Self::combine(halves);
        let points = public_credentials(&secrets);
        for ((secret, point), spec) in secrets.into_iter().zip(points).zip(&self.spec.voters) {
            self.voters.push(Voter {
                secret,
                public: point.to_bytes(),
                style: spec.style,
                counter: 0,
            });
        }
        let rows: Vec<RollRow> = self
            .voters
            .iter()
            .zip(&self.spec.voters)
            .map(|(voter, spec)| RollRow {
                credential: EncodedPoint(voter.public),
                style: spec.style.into(),
                weight: u64::from(spec.weight).try_into().unwrap(),
                unit: spec.unit.into(),
            })
            .collect();
        for (chunk, rows) in rows.chunks(CHUNK_ROWS).enumerate() {
            let entry = self.sign(RollChunk {
                first: index(chunk * CHUNK_ROWS),
                rows: list(rows.to_vec()),
            });
            self.append(entry);
        }
    }

    /// Seals the roll.
    pub fn seal_roll(&mut self) -> u64 {
        let mut per_unit = vec![0; self.spec.units.len()];
        for voter in &self.spec.voters {
            per_unit[usize::from(voter.unit)] += 1;
        }
        let entry = self.sign(RollSealed {
            credentials: (self.spec.voters.len() as u64).try_into().unwrap(),
            per_unit: list(per_unit),
        });
        self.append(entry)
    }

    /// Revokes a credential.
    pub fn revoke(&mut self, credential: u32) -> u64 {
        let entry = self.sign(Revocation {
            credential: credential.into(),
            reason: text("분실"),
        });
        self.append(entry)
    }

    /// Re-issues a revoked credential and returns the new index.
    pub fn reissue(&mut self, revoked: u32) -> u32 {
        let halves = self.issue(1);
        self.publish_halves(Subject::Reissue(revoked.into()), &halves);
        let secret = Self::combine(halves).remove(0);
        let public = public_credentials(std::slice::from_ref(&secret))[0].to_bytes();
        let new = u32::try_from(self.voters.len()).unwrap();
        let entry = self.sign(Reissue {
            revoked: revoked.into(),
            new: new.into(),
            credential: EncodedPoint(public),
        });
        self.append(entry);
        let style = self.voters[revoked as usize].style;
        self.voters.push(Voter {
            secret,
            public,
            style,
            counter: 0,
        });
        let spec = self.spec.voters[revoked as usize];
        self.spec.voters.push(spec);
        new
    }
}

fn index(place: usize) -> CredentialIndex {
    u32::try_from(place).unwrap().into()
}
