//! Who must sign which entry, and what is not taken for it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

#[allow(dead_code, reason = "serves several test files")]
mod entry_support;

use entry_support::samples::{self, authority, role_key, trustee};
use hanpyo_crypto::ballot::ConfirmationCode;
use hanpyo_ledger::acknowledgement::{Acknowledgement, AcknowledgementError};
use hanpyo_ledger::entry::{
    Close, Ed25519Key, Entry, EntryType, Hash, Payload, Revocation, RollSealed, Seconds, Signature,
    Signed,
};
use hanpyo_ledger::manifest::Manifest;
use hanpyo_ledger::signature::{
    Proposal, ProposalError, Role, RoleKeys, SignatureError, SignedBy, SigningKey,
};

/// The table of section 10.1, written down a second time: type and signers of the samples.
fn table() -> Vec<Vec<Role>> {
    let commission = || vec![Role::Commission];
    let tally = || vec![Role::Tally];
    let one = |n| vec![Role::Trustee(trustee(n))];
    let authorities = || vec![Role::Authority(authority(1)), Role::Authority(authority(2))];
    let with_commission = || [authorities(), commission()].concat();
    vec![
        commission(),
        one(1),
        one(2),
        one(3),
        one(1),
        one(1),
        commission(),
        commission(),
        one(3),
        vec![Role::Authority(authority(1))],
        vec![Role::Authority(authority(2))],
        authorities(),
        with_commission(),
        with_commission(),
        with_commission(),
        commission(),
        vec![],
        vec![],
        commission(),
        commission(),
        commission(),
        commission(),
        commission(),
        tally(),
        one(1),
        tally(),
        tally(),
        commission(),
    ]
}

#[test]
fn every_entry_is_signed_by_the_roles_of_the_table() {
    let keys = samples::keys();
    for (entry, expected) in samples::entries().iter().zip(table()) {
        let found = keys.verify_entry(entry).unwrap();
        let expected = match expected.as_slice() {
            [] => SignedBy::Credential,
            roles => SignedBy::Roles(roles.to_vec()),
        };
        assert_eq!(found, expected, "{}", entry.entry_type());
    }
}

#[test]
fn with_one_authority_only_that_one_signs() {
    let manifest = one_authority();
    let keys = RoleKeys::new(&manifest).unwrap();
    let payload = revocation();
    let (first, commission) = (
        role_key(Role::Authority(authority(1))),
        role_key(Role::Commission),
    );
    let signed = keys.sign(payload.clone(), &[&first, &commission]).unwrap();
    let roles = vec![Role::Authority(authority(1)), Role::Commission];
    assert_eq!(keys.verify(&signed), Ok(roles));
    // An entry of the other authority has no key to be verified with.
    let other = samples::entries().remove(10);
    let error = keys.verify_entry(&other).unwrap_err();
    assert!(
        matches!(error, SignatureError::UnknownRole { role, .. } if role == Role::Authority(authority(2)))
    );
}

fn one_authority() -> Manifest {
    let mut manifest = samples::manifest();
    manifest.roles.authorities = samples::list(vec![manifest.roles.authorities[0].clone()]);
    manifest
}

fn revocation() -> Revocation {
    Revocation {
        credential: 7.into(),
        reason: samples::text("분실"),
    }
}

fn invalid<T: Payload>(role: Role) -> Result<Vec<Role>, SignatureError> {
    Err(SignatureError::Invalid {
        entry: T::TYPE,
        role,
    })
}

#[test]
fn signatures_are_none_missing_none_more_and_in_order() {
    let keys = samples::keys();
    let signed = samples::sign(revocation());
    let with = |signatures: Vec<Signature>| Signed {
        payload: signed.payload.clone(),
        signatures,
    };
    let all = signed.signatures.clone();
    let count = |found| {
        Err(SignatureError::Count {
            entry: EntryType::Revocation,
            expected: 3,
            found,
        })
    };
    assert_eq!(keys.verify(&with(all[..2].to_vec())), count(2));
    assert_eq!(keys.verify(&with([&all[..], &all[..1]].concat())), count(4));
    let swapped = with(vec![all[1], all[0], all[2]]);
    assert_eq!(
        keys.verify(&swapped),
        invalid::<Revocation>(Role::Authority(authority(1)))
    );
    let twice = with(vec![all[0], all[0], all[2]]);
    assert_eq!(
        keys.verify(&twice),
        invalid::<Revocation>(Role::Authority(authority(2)))
    );
}

#[test]
fn a_signature_holds_for_its_election_type_and_payload_only() {
    let close = samples::sign(Close {
        time: Seconds::new(1_900_200_000),
    });
    let mut manifest = samples::manifest();
    manifest.test = false;
    let others = RoleKeys::new(&manifest).unwrap();
    assert_eq!(others.verify(&close), invalid::<Close>(Role::Commission));
    // `open` has the same payload and the same signer.
    let as_open = Signed {
        payload: hanpyo_ledger::entry::Open {
            time: close.payload.time,
        },
        signatures: close.signatures.clone(),
    };
    assert!(samples::keys().verify(&as_open).is_err());
}

#[test]
fn a_signature_with_another_form_of_s_is_refused() {
    // s + l signs the same in lax verifiers (RFC 8032 section 8.4).
    let order = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
    let order = data_encoding::HEXLOWER.decode(order.as_bytes()).unwrap();
    let mut close = samples::sign(Close {
        time: Seconds::new(5),
    });
    let mut carry = 0;
    for (byte, add) in close.signatures[0].0[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        *byte = (sum & 0xff) as u8;
        carry = sum >> 8;
    }
    assert_eq!(carry, 0);
    assert_eq!(
        samples::keys().verify(&close),
        invalid::<Close>(Role::Commission)
    );
}

#[test]
fn nobody_signs_with_a_key_that_is_not_in_the_manifest() {
    let keys = samples::keys();
    let stranger = SigningKey::from_seed(&[99; 32]);
    let error = keys
        .sign(
            Close {
                time: Seconds::new(5),
            },
            &[&stranger],
        )
        .unwrap_err();
    assert_eq!(
        error,
        SignatureError::WrongKey {
            entry: EntryType::Close,
            role: Role::Commission,
            expected: role_key(Role::Commission).verifying_key(),
            found: stranger.verifying_key(),
        }
    );
    let fourth = hanpyo_ledger::entry::CeremonyCommitment {
        attempt: samples::number(1),
        trustee: trustee(4),
        hash: Hash([0; 32]),
    };
    assert_eq!(
        keys.sign(fourth, &[&stranger]).unwrap_err().to_string(),
        "ceremony-commitment entry: the manifest names no trustee 4"
    );
}

#[test]
fn a_proposal_collects_its_signatures_one_by_one() {
    let keys = samples::keys();
    let roles = [
        Role::Authority(authority(1)),
        Role::Authority(authority(2)),
        Role::Commission,
    ];
    let payload = RollSealed {
        credentials: samples::number(2),
        per_unit: samples::list(vec![0, 2]),
    };
    let mut proposal = Proposal::new(&payload, &keys);
    assert_eq!(proposal.missing(), roles);
    let mut elsewhere = proposal.clone();
    for (done, role) in roles.iter().enumerate() {
        proposal.sign(&keys, *role, &role_key(*role)).unwrap();
        assert_eq!(proposal.missing(), roles[done + 1..]);
        proposal = Proposal::decode(&proposal.encode(), &keys).unwrap();
    }
    let entry = proposal.complete().unwrap();
    assert_eq!(entry, samples::sign(payload).into());
    assert_eq!(entry.encode().unwrap(), proposal.encode());

    // The second authority signed a copy of its own.
    elsewhere
        .sign(&keys, roles[1], &role_key(roles[1]))
        .unwrap();
    assert_eq!(
        elsewhere.complete(),
        Err(ProposalError::Missing(vec![roles[0], roles[2]]))
    );
    elsewhere.merge(&proposal).unwrap();
    assert_eq!(elsewhere, proposal);
}

#[test]
fn a_proposal_with_a_wrong_signature_or_form_is_refused() {
    let keys = samples::keys();
    let role = Role::Authority(authority(1));
    let mut proposal = Proposal::new(&revocation(), &keys);
    let stranger = SigningKey::from_seed(&[99; 32]);
    assert!(matches!(
        proposal.sign(&keys, role, &stranger),
        Err(ProposalError::Signature(SignatureError::WrongKey { .. }))
    ));
    assert_eq!(
        proposal.sign(&keys, Role::Tally, &stranger),
        Err(ProposalError::NotASigner {
            entry: EntryType::Revocation,
            role: Role::Tally
        })
    );
    proposal.sign(&keys, role, &role_key(role)).unwrap();
    let bytes = proposal.encode();
    for position in 0..bytes.len() {
        for change in [0x01, 0x80] {
            let mut changed = bytes.clone();
            changed[position] ^= change;
            assert!(
                Proposal::decode(&changed, &keys).is_err(),
                "byte {position}"
            );
        }
        assert!(Proposal::decode(&bytes[..position], &keys).is_err());
    }
    let other = Proposal::new(
        &Revocation {
            credential: 8.into(),
            ..revocation()
        },
        &keys,
    );
    assert_eq!(proposal.merge(&other), Err(ProposalError::Different));
    let one = RoleKeys::new(&one_authority()).unwrap();
    assert!(Proposal::decode(&bytes, &one).is_err(), "a place too many");
    let ballot = samples::entries().remove(16).encode().unwrap();
    assert!(
        Proposal::decode(&ballot, &keys).is_err(),
        "ballots are no proposals"
    );
}

#[test]
fn an_acknowledgement_binds_election_code_and_deadline() {
    let manifest = samples::manifest();
    let sign = |key: &SigningKey| {
        Acknowledgement::sign(
            manifest.hash(),
            ConfirmationCode([6; 32]),
            Seconds::new(1_900_000_060),
            key,
        )
    };
    let acknowledgement = sign(&samples::acknowledgement_key());
    assert_eq!(acknowledgement.verify(&manifest), Ok(()));
    let bytes = acknowledgement.encode();
    assert_eq!(Acknowledgement::decode(&bytes), Ok(acknowledgement.clone()));
    for position in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[position] ^= 1;
        let refused = Acknowledgement::decode(&changed).and_then(|other| other.verify(&manifest));
        assert!(refused.is_err(), "byte {position}");
        assert!(Acknowledgement::decode(&bytes[..position]).is_err());
    }
    let longer = [bytes, vec![0]].concat();
    assert!(Acknowledgement::decode(&longer).is_err());

    let by_commission = sign(&role_key(Role::Commission));
    assert_eq!(
        by_commission.verify(&manifest),
        Err(AcknowledgementError::Signature)
    );
    let mut other = manifest.clone();
    other.test = false;
    assert!(matches!(
        acknowledgement.verify(&other),
        Err(AcknowledgementError::OtherElection { .. })
    ));
    let mut weak = manifest.clone();
    weak.roles.acknowledgement = Ed25519Key([0; 32]);
    let renamed = Acknowledgement {
        manifest: weak.hash(),
        ..acknowledgement
    };
    assert!(matches!(
        renamed.verify(&weak),
        Err(AcknowledgementError::Key(_))
    ));
}

#[test]
fn entries_signed_by_credentials_say_so() {
    let unsigned: Vec<_> = samples::entries()
        .iter()
        .filter(|entry| entry.role_signed().is_none())
        .map(Entry::entry_type)
        .collect();
    assert_eq!(unsigned, [EntryType::Ballot, EntryType::PostedChallenge]);
}
