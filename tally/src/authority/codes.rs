//! Voting codes of one issue, each repeatable from one secret seed.
//!
//! The seed is drawn from the operating system once and is on disk before the first code leaves the program.
//! So an interrupted issue goes on with the very same codes, and no voter ever gets two.

use curve25519_dalek::ristretto::CompressedRistretto;
use hanpyo_crypto::credential::{
    Authority, CredentialDerivation, CredentialSecret, VotingCode, public_credentials,
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use zeroize::Zeroizing;

/// All codes of one issue by index.
pub struct CodeBook {
    seed: Zeroizing<[u8; 32]>,
    derivation: CredentialDerivation,
}

impl CodeBook {
    /// The codes that `seed` gives in the election with this manifest hash and joint key.
    #[must_use]
    pub fn new(
        seed: &[u8; 32],
        manifest: &[u8; 32],
        joint_key: &CompressedRistretto,
        authority: Authority,
    ) -> Self {
        Self {
            seed: Zeroizing::new(*seed),
            derivation: CredentialDerivation::new(manifest, joint_key, authority),
        }
    }

    /// The code of credential `index`.
    #[must_use]
    pub fn code(&self, index: u32) -> VotingCode {
        self.draw(index).0
    }

    fn draw(&self, index: u32) -> (VotingCode, CredentialSecret) {
        let mut rng = ChaCha20Rng::from_seed(*self.seed);
        rng.set_stream(u64::from(index));
        loop {
            let code = VotingCode::generate(&mut rng);
            // A secret of zero has probability 2^-252; the next code of the stream is taken then.
            if let Ok(secret) = self.derivation.secret(&code) {
                return (code, secret);
            }
        }
    }

    /// Encoded public credentials (or halves) of a range of indices.
    #[must_use]
    pub fn points(&self, indices: std::ops::Range<u32>) -> Vec<[u8; 32]> {
        use rayon::prelude::*;
        let secrets: Vec<_> = indices
            .into_par_iter()
            .map(|index| self.draw(index).1)
            .collect();
        public_credentials(&secrets)
            .into_iter()
            .map(|point| point.to_bytes())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn book(seed: u8, authority: Authority) -> CodeBook {
        CodeBook::new(
            &[seed; 32],
            &[1; 32],
            &CompressedRistretto([2; 32]),
            authority,
        )
    }

    #[test]
    fn codes_repeat_and_differ() {
        let first = book(9, Authority::Sole);
        let again = book(9, Authority::Sole);
        let codes: HashSet<_> = (0..500)
            .map(|index| first.code(index).to_printed().to_string())
            .collect();
        assert_eq!(codes.len(), 500);
        assert!((0..500).all(|index| codes.contains(again.code(index).to_printed().as_str())));
        assert!(!codes.contains(book(8, Authority::Sole).code(0).to_printed().as_str()));
    }

    #[test]
    fn points_are_those_of_the_codes() {
        let book = book(9, Authority::First);
        let derivation =
            CredentialDerivation::new(&[1; 32], &CompressedRistretto([2; 32]), Authority::First);
        let points = book.points(300..700);
        for (index, point) in (300..).zip(&points) {
            let secret = derivation.secret(&book.code(index)).unwrap();
            assert_eq!(secret.public().compress().as_bytes(), point);
        }
        assert_ne!(points, self::book(9, Authority::Second).points(300..700));
    }
}
