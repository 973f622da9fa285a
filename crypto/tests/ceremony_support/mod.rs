//! Trustees that hold a whole ceremony in memory, and helpers that play attackers with public bytes.
#![allow(dead_code, reason = "each test binary uses a part")]

use curve25519_dalek::scalar::Scalar;
use hanpyo_crypto::ceremony::{
    Attempt, CeremonyOutcome, Commitment, Committed, Complained, Confirmation, Confirmed, KeyShare,
    Opened, Opening, Openings, Parameters, Received, ShareList, Shared, TrusteeIndex, TrusteeState,
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use serde_json::Value;

pub(crate) const MANIFEST: [u8; 32] = [0x4d; 32];

pub(crate) fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

pub(crate) fn attempt(quorum: u64, trustees: u64) -> Attempt {
    Attempt::new(MANIFEST, 1, Parameters::new(quorum, trustees).unwrap()).unwrap()
}

pub(crate) fn trustee(attempt: &Attempt, number: u64) -> TrusteeIndex {
    attempt.parameters().trustee(number).unwrap()
}

pub(crate) fn begin(attempt: Attempt, seed: u64) -> Vec<Committed> {
    let mut rng = rng(seed);
    attempt
        .parameters()
        .all()
        .map(|trustee| Committed::begin(attempt, trustee, &mut rng).unwrap())
        .collect()
}

pub(crate) fn commitments(states: &[Committed]) -> Vec<Commitment> {
    states.iter().map(Committed::commitment).collect()
}

/// All trustees after round 1.
pub(crate) fn opened(attempt: Attempt, seed: u64) -> Vec<Opened> {
    let states = begin(attempt, seed);
    let commitments = commitments(&states);
    states
        .into_iter()
        .map(|state| state.open(&commitments).unwrap())
        .collect()
}

pub(crate) fn openings(states: &[Opened]) -> Vec<Opening> {
    states.iter().map(|state| state.opening().clone()).collect()
}

/// All trustees after round 2.
pub(crate) fn shared(attempt: Attempt, seed: u64) -> Vec<Shared> {
    let states = opened(attempt, seed);
    let openings = openings(&states);
    states
        .into_iter()
        .map(|state| state.share(openings.clone()).unwrap())
        .collect()
}

pub(crate) fn lists(states: &[Shared]) -> Vec<ShareList> {
    states
        .iter()
        .map(|state| state.share_list().clone())
        .collect()
}

pub(crate) fn confirm(received: Received) -> Confirmed {
    match received {
        Received::Confirmed(state) => state,
        Received::Complained(state) => {
            let complaint = state.complaint();
            panic!(
                "trustee {} complains about trustee {}",
                complaint.complainant(),
                complaint.accused()
            )
        }
    }
}

pub(crate) fn complain(received: Received) -> Complained {
    match received {
        Received::Complained(state) => state,
        Received::Confirmed(_) => panic!("a wrong share was confirmed"),
    }
}

/// All trustees after round 3.
pub(crate) fn confirmed(attempt: Attempt, seed: u64) -> Vec<Confirmed> {
    let states = shared(attempt, seed);
    let lists = lists(&states);
    states
        .into_iter()
        .map(|state| confirm(state.receive(&lists).unwrap()))
        .collect()
}

pub(crate) fn confirmations(states: &[Confirmed]) -> Vec<Confirmation> {
    states.iter().map(Confirmed::confirmation).collect()
}

/// A whole ceremony.
pub(crate) fn key_shares(attempt: Attempt, seed: u64) -> Vec<KeyShare> {
    let states = confirmed(attempt, seed);
    let confirmations = confirmations(&states);
    states
        .into_iter()
        .map(|state| state.finish(&confirmations).unwrap())
        .collect()
}

/// What the public sees of a ceremony up to round 2.
pub(crate) fn public_openings(states: &[Shared]) -> Openings {
    states[0].openings().clone()
}

pub(crate) fn outcome(states: &[Shared]) -> CeremonyOutcome {
    CeremonyOutcome::compute(&public_openings(states), &lists(states)).unwrap()
}

/// The list with 1 added to the masked share at `place` (from 0, among the recipients).
pub(crate) fn with_wrong_share(attempt: &Attempt, list: &ShareList, place: usize) -> ShareList {
    let mut bytes = list.as_bytes().to_vec();
    let field = &mut bytes[64 * place + 32..64 * place + 64];
    let masked = Scalar::from_canonical_bytes(field.try_into().unwrap()).unwrap() + Scalar::ONE;
    field.copy_from_slice(masked.as_bytes());
    ShareList::decode(attempt.parameters(), list.dealer(), &bytes).unwrap()
}

/// The state as read back from the bytes it is saved as, which must not change on the way.
pub(crate) fn saved(state: impl Into<TrusteeState>) -> TrusteeState {
    let bytes = state.into().to_bytes();
    let back = TrusteeState::from_bytes(&bytes)
        .unwrap_or_else(|error| panic!("saved state is refused: {error}"));
    assert_eq!(*back.to_bytes(), *bytes);
    back
}

pub(crate) fn hex(bytes: impl AsRef<[u8]>) -> String {
    data_encoding::HEXLOWER.encode(bytes.as_ref())
}

/// Compares with the published vectors in docs/vectors, or writes them if UPDATE_VECTORS is set.
pub(crate) fn compare_vectors(file: &str, computed: &Value) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../docs/vectors")
        .join(file);
    if std::env::var_os("UPDATE_VECTORS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let text = serde_json::to_string_pretty(computed).unwrap() + "\n";
        std::fs::write(&path, text).unwrap();
    }
    let published: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(&published, computed, "{file} differs");
}
