//! Valid samples for every decoder, from a small election.

use hanpyo_crypto::ballot::{CodePrefix, ConfirmationCode};
use hanpyo_crypto::ceremony::{Attempt, Committed, TrusteeState};
use hanpyo_crypto::credential::VotingCode;
use hanpyo_ledger::acknowledgement::Acknowledgement;
use hanpyo_ledger::entry::{Entry, Redating, Seconds};
use hanpyo_ledger::log::memory::MemoryStore;
use hanpyo_ledger::log::receipt::Receipt;
use hanpyo_ledger::log::witness::{AddCheckpoint, cosignatures_to_bytes};
use hanpyo_ledger::manifest::ManifestDraft;
use hanpyo_ledger::signature::{Proposal, Role, RoleKeys};

use crate::spec::text;
use crate::{Election, ElectionSpec, checkpoint, publish, random_selections};

/// A finished election with most types of entries and, on one ballot style, every kind of contest.
pub(super) fn election() -> Election {
    let mut spec = ElectionSpec::mixed(9);
    spec.witnesses = 4;
    spec.floor = 1;
    let mut election = Election::new(spec);
    election.set_up();
    election.revoke(2);
    election.reissue(2);
    election.open();
    election.vote_at_random(4);
    let selections = random_selections(&mut election, 1);
    election.challenge(1, &selections);
    // Voter 5 is of unit 2.
    election.strike(5);
    election.paper_turnout(vec![0, 0, 1, 0, 0, 0]);
    election.amend_assets([5; 32]);
    election.redate(election.spec.closes + 60);
    election.finish();
    election
}

/// Inputs that a target accepts; none for a name that is no target.
#[must_use]
pub fn seeds(target: &str) -> Vec<Vec<u8>> {
    let mut election = election();
    let decoded = |entry: &Vec<u8>| Entry::decode(entry).unwrap();
    let entries = election.entries.clone();
    match target {
        "entry" => entries,
        "manifest" => vec![entries[0].clone()],
        "body" => {
            let body = |entry: &Vec<u8>| match decoded(entry) {
                Entry::Ballot(ballot) => Some(ballot.body.as_bytes().to_vec()),
                _ => None,
            };
            entries.iter().filter_map(body).collect()
        }
        "opening" => {
            let opening = |entry: &Vec<u8>| match decoded(entry) {
                Entry::PostedChallenge(entry) => Some(entry.opening().unwrap().encode().to_vec()),
                _ => None,
            };
            entries.iter().filter_map(opening).collect()
        }
        "proposal" => proposals(&election),
        "acknowledgement" => vec![acknowledgement(&election)],
        "receipt" => receipts(&election),
        "checkpoint" => vec![checkpoint(&election, 0).to_bytes(), checkpoint(&election, 1 << 33).to_bytes()],
        "policy" => vec![
            election.keys.policy().into_bytes(),
            election.keys.log.verifier_key().to_string().into_bytes(),
            b"# nobody\n\nlog test.example/kit/election-3+f319a8b9+AeyJJAkOUHwtg3HS+wv5ZdVT5uV1au7GwnTfOAHPK0m5\nquorum none\n".to_vec(),
        ],
        "witness" => witness(&election),
        "tile" => tiles(&election),
        "draft" => vec![draft(&election)],
        "codes" => {
            let code = ConfirmationCode([0xa5; 32]);
            vec![
                VotingCode::generate(&mut election.rng).to_printed().as_bytes().to_vec(),
                code.to_string().into_bytes(),
                code.full().into_bytes(),
                code.full().parse::<CodePrefix>().unwrap().to_string().to_lowercase().into_bytes(),
            ]
        }
        "trustee_state" => trustee_states(&mut election),
        "record" => {
            let place = |(place, entry): (usize, &Vec<u8>)| [&[u8::try_from(place).unwrap()], entry.as_slice()].concat();
            entries.iter().enumerate().map(place).collect()
        }
        _ => Vec::new(),
    }
}

fn proposals(election: &Election) -> Vec<Vec<u8>> {
    let keys = RoleKeys::new(&election.manifest).unwrap();
    let payload = Redating {
        closes: Seconds::new(1_900_000_000),
        reason: text("연장"),
    };
    let mut proposal = Proposal::new(&payload, &keys);
    let unsigned = proposal.encode();
    proposal
        .sign(&keys, Role::Commission, &election.keys.commission)
        .unwrap();
    let mut roll = Vec::new();
    for entry in &election.entries {
        if let Entry::RollSealed(signed) = Entry::decode(entry).unwrap() {
            let mut proposal = Proposal::new(&signed.payload, &keys);
            proposal
                .sign(&keys, Role::Commission, &election.keys.commission)
                .unwrap();
            roll.push(proposal.encode());
        }
    }
    [vec![unsigned, proposal.encode()], roll].concat()
}

fn acknowledgement(election: &Election) -> Vec<u8> {
    let code = ConfirmationCode([7; 32]);
    let key = &election.keys.acknowledgement;
    Acknowledgement::sign(election.hash, code, Seconds::new(1_800_000_001), key).encode()
}

fn receipts(election: &Election) -> Vec<Vec<u8>> {
    use hanpyo_ledger::log::reader::Record;
    use hanpyo_ledger::log::source::StoreSource;

    let store = MemoryStore::new();
    publish(election, &store, 1_900_000_000);
    let record = Record::open(StoreSource(&store), election.keys.log.verifier_key()).unwrap();
    let receipt = |index: u64| {
        let proof = record.tree().inclusion_proof(index).unwrap();
        let extra = record.tree().entry(index).unwrap();
        Receipt::new(extra, index, proof, record.checkpoint().note().clone()).to_bytes()
    };
    vec![receipt(0), receipt(election.entries.len() as u64 - 1)]
}

fn witness(election: &Election) -> Vec<Vec<u8>> {
    let signed = checkpoint(election, 1_900_000_000);
    let signatures = signed.note().signatures();
    let cosignatures = cosignatures_to_bytes(&signatures[1..]);
    let request = AddCheckpoint {
        old_size: 0,
        proof: Vec::new(),
        checkpoint: signed.note().clone(),
    };
    vec![
        request.to_bytes(),
        cosignatures,
        b"20852163\n".to_vec(),
        signatures[0].to_string().into_bytes(),
    ]
}

fn tiles(election: &Election) -> Vec<Vec<u8>> {
    let store = MemoryStore::new();
    publish(election, &store, 0);
    let mut seeds = Vec::new();
    for (path, bytes) in store.files() {
        if path.starts_with("tile/") {
            let width = u8::try_from(election.entries.len() - 1).unwrap();
            seeds.push([&[width], bytes.as_slice()].concat());
            seeds.push(path.into_bytes());
        }
    }
    seeds.push(b"tile/3/x001/x234/067.p/255".to_vec());
    seeds
}

fn draft(election: &Election) -> Vec<u8> {
    let draft = ManifestDraft::try_from(&election.manifest).unwrap();
    draft.to_json().unwrap().into_bytes()
}

fn trustee_states(election: &mut Election) -> Vec<Vec<u8>> {
    let attempt = Attempt::new(election.hash.0, 1, election.parameters()).unwrap();
    let mut committed = Vec::new();
    for trustee in election.parameters().all() {
        committed.push(Committed::begin(attempt, trustee, &mut election.rng).unwrap());
    }
    let commitments: Vec<_> = committed.iter().map(Committed::commitment).collect();
    let mut seeds = Vec::new();
    let mut keep = |state: TrusteeState| {
        seeds.push(state.to_bytes().to_vec());
        state
    };
    let first = committed.swap_remove(0);
    let TrusteeState::Committed(first) = keep(first.into()) else {
        unreachable!()
    };
    keep(first.open(&commitments).unwrap().into());
    keep(election.shares.remove(0).into());
    seeds
}
