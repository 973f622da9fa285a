//! Entries 2 to 9: the key ceremony and the decryption drill (docs/PROTOCOL.md section 8).

use super::bounded::{Bytes, List};
use super::codec::record;
use super::values::{Attempt, EncodedPoint, EqualityProof, Hash, Reason, TrusteeNumber};

record! {
    /// Entry 2, by the trustee: round 0, the hash of the opening.
    CeremonyCommitment {
        /// Attempt of the ceremony.
        attempt: Attempt,
        /// Who commits.
        trustee: TrusteeNumber,
        /// Hash of the opening bytes.
        hash: Hash,
    }
}

record! {
    /// Entry 3, by the trustee: round 1, what was committed to.
    CeremonyOpening {
        /// Attempt of the ceremony.
        attempt: Attempt,
        /// Who opens.
        trustee: TrusteeNumber,
        /// Opening bytes o_i: coefficients, transport key and proof of knowledge.
        opening: Bytes<288, 3168>,
    }
}

record! {
    /// Entry 4, by the trustee: round 2, one masked share for each other trustee.
    CeremonyShares {
        /// Attempt of the ceremony.
        attempt: Attempt,
        /// Who deals the shares.
        trustee: TrusteeNumber,
        /// E_ij ‖ m_ij for each j other than i, ascending; 64 bytes each.
        shares: Bytes<128, 1984>,
    }
}

record! {
    /// Entry 5, by the trustee: round 3, its shares are right and it saw this transcript.
    CeremonyConfirmation {
        /// Attempt of the ceremony.
        attempt: Attempt,
        /// Who confirms.
        trustee: TrusteeNumber,
        /// Transcript hash of the attempt.
        transcript: Hash,
        /// Joint public key K.
        joint_key_point: EncodedPoint,
    }
}

record! {
    /// Entry 6, by the complainant: the accused dealt it a wrong share.
    CeremonyComplaint {
        /// Attempt of the ceremony.
        attempt: Attempt,
        /// Trustee j, who complains.
        complainant: TrusteeNumber,
        /// Trustee i, who dealt the share.
        accused: TrusteeNumber,
        /// S = y_j E_ij, which unmasks the share.
        shared: EncodedPoint,
        /// Proof that S is right.
        proof: EqualityProof,
    }
}

record! {
    /// Entry 7, by the commission: the ceremony starts again.
    CeremonyRestart {
        /// Number of the attempt that begins.
        new_attempt: Attempt,
        /// Why.
        reason: Reason,
    }
}

record! {
    /// Entry 8, by the commission: the outcome of the ceremony, which every reader recomputes.
    JointKey {
        /// The attempt that succeeded.
        attempt: Attempt,
        /// Its transcript hash.
        transcript: Hash,
        /// Joint public key K.
        joint_key_point: EncodedPoint,
        /// Verification shares X_1 .. X_n.
        shares: List<EncodedPoint, 3, 32>,
    }
}

record! {
    /// Entry 9, by the trustee: it can decrypt.
    Drill {
        /// Who shows it.
        trustee: TrusteeNumber,
        /// D = x_j Q.
        decryption: EncodedPoint,
        /// Proof against X_j.
        proof: EqualityProof,
    }
}
