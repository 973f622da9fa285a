//! Every domain-separation label of the protocol, in one place (docs/PROTOCOL.md).
//!
//! A label never changes meaning: a new protocol version gets new strings.

macro_rules! labels {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        $($(#[$doc])* pub const $name: &[u8] = $text.as_bytes();)*

        /// All labels, for the test that no two are equal.
        pub const ALL: &[(&str, &[u8])] = &[$((stringify!($name), $name)),*];
    };
}

/// Labels of hashes: `hash`, `wide`, `scalar` and `point` of section 2.
pub mod hash {
    labels! {
        /// Value generator H (section 3).
        VALUE_GENERATOR = "hanpyo/v1/value-generator";
        /// Manifest hash (section 10.2).
        MANIFEST = "hanpyo/v1/manifest";
        /// Confirmation code of a ballot body (section 6.1).
        CONFIRMATION_CODE = "hanpyo/v1/confirmation-code";
        /// Voting code to credential secret (section 7).
        VOTING_CODE = "hanpyo/v1/voting-code";
        /// Commitment of ceremony round 0 (section 8).
        CEREMONY_COMMITMENT = "hanpyo/v1/ceremony-commitment";
        /// Mask of a share on its way to one trustee (section 8).
        SHARE_MASK = "hanpyo/v1/share-mask";
        /// Everything said in one ceremony attempt (section 8).
        CEREMONY_TRANSCRIPT = "hanpyo/v1/ceremony-transcript";
        /// The point all shares are tried on before opening (section 8).
        DRILL_POINT = "hanpyo/v1/drill-point";
        /// What a role signs of an entry (section 10.1).
        ROLE_SIGNATURE = "hanpyo/v1/role-signature";
        /// Commitment to a half list (section 10.3).
        HALF_LIST = "hanpyo/v1/half-list";
        /// What the acknowledgement key signs (section 12).
        ACKNOWLEDGEMENT = "hanpyo/v1/acknowledgement";
    }
}

/// Labels that open a merlin transcript.
pub mod transcript {
    labels! {
        /// A ballot: all contests, then the signature (section 6.2).
        BALLOT = "hanpyo/v1/ballot";
        /// Proof of knowledge of a trustee's secrets (section 8, round 0).
        CEREMONY_OPENING = "hanpyo/v1/ceremony-opening";
        /// Equal logarithms in a complaint (section 8).
        COMPLAINT = "hanpyo/v1/complaint";
        /// Equal logarithms in the decryption drill (section 8).
        DRILL = "hanpyo/v1/drill";
        /// Equal logarithms in a partial decryption (section 9.3).
        PARTIAL_DECRYPTION = "hanpyo/v1/partial-decryption";
    }
}

/// Labels of messages inside transcripts.
pub mod message {
    labels! {
        /// Manifest hash, 32 bytes.
        MANIFEST = "manifest";
        /// Generator G.
        G = "G";
        /// Value generator H.
        H = "H";
        /// Joint public key K.
        K = "K";
        /// Index of the credential in the roll.
        CREDENTIAL_INDEX = "credential-index";
        /// Public credential P.
        P = "P";
        /// Number of the ballot style.
        STYLE = "style";
        /// Number of the contest in the manifest.
        CONTEST = "contest";
        /// Kind and parameters of the contest.
        PARAMETERS = "parameters";
        /// All ciphertexts of the contest.
        CIPHERTEXTS = "ciphertexts";
        /// Challenge: weights rho (and sigma).
        WEIGHTS = "weights";
        /// Bytes of the aggregated range proof.
        RANGE_PROOF = "range-proof";
        /// All Sigma commitments.
        COMMITMENTS = "commitments";
        /// Challenge scalar.
        CHALLENGE = "challenge";
        /// Everything of a proof after its commitments.
        RESPONSES = "responses";
        /// 1 cast, 2 challenge.
        DECISION = "decision";
        /// The entire body.
        BODY = "body";
        /// Commitment A of the ballot signature.
        SIGNATURE_COMMITMENT = "signature-commitment";
        /// Challenge of the ballot signature.
        SIGNATURE_CHALLENGE = "signature-challenge";
        /// Ceremony attempt.
        ATTEMPT = "attempt";
        /// Number of a trustee, from 1.
        TRUSTEE = "trustee";
        /// Quorum t.
        QUORUM = "quorum";
        /// Number of trustees n.
        TRUSTEES = "trustees";
        /// Coefficient commitments.
        COEFFICIENTS = "coefficients";
        /// Transport key Y.
        TRANSPORT_KEY = "transport-key";
        /// Context bytes of an equality proof.
        CONTEXT = "context";
        /// Second base of an equality proof.
        BASE = "B";
        /// First image of an equality proof.
        IMAGE_G = "U";
        /// Second image of an equality proof.
        IMAGE_BASE = "V";
    }
}

/// Labels for keying provers' randomness; never seen by a verifier.
pub mod randomness {
    labels! {
        /// Secret witness (a key, a nonce, selections).
        WITNESS = "witness";
        /// Credential secret s.
        CREDENTIAL_SECRET = "credential-secret";
        /// Attempt counter.
        ATTEMPT = "attempt-counter";
        /// Encryption nonces of one contest.
        ENCRYPTION = "encryption-nonces";
        /// Proof nonces of one contest.
        PROOF = "proof-nonces";
        /// Ballot signature nonce.
        SIGNATURE = "signature-nonce";
        /// A trustee's randomness of one ceremony attempt.
        CEREMONY_SEED = "ceremony-seed";
        /// Transcript from which a trustee's coefficients and transport key are drawn.
        CEREMONY_SECRETS = "ceremony-secrets";
        /// Transcript from which the nonces of masked shares are drawn.
        CEREMONY_SHARES = "ceremony-shares";
        /// Bytes drawn from a seed.
        SEED_BYTES = "seed-bytes";
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    #[test]
    fn labels_are_distinct() {
        for group in [
            super::hash::ALL,
            super::transcript::ALL,
            super::message::ALL,
            super::randomness::ALL,
        ] {
            let distinct: HashSet<_> = group.iter().map(|(_, label)| label).collect();
            assert_eq!(distinct.len(), group.len());
        }
    }
}
