//! One entry of each type from fixed inputs, correctly signed.

use curve25519_dalek::constants::RISTRETTO_BASEPOINT_TABLE;
use curve25519_dalek::scalar::Scalar;
use hanpyo_crypto::ballot::{BallotContext, ElectionContext, VoterRequest, encrypt_ballot};
use hanpyo_crypto::contest::Selection;
use hanpyo_crypto::elgamal::JointKey as ElGamalKey;
use hanpyo_crypto::group::{hash_to_point, hash_to_scalar};
use hanpyo_ledger::entry::bounded::{Bytes, List, Text};
use hanpyo_ledger::entry::*;
use hanpyo_ledger::log::key::{KeyKind, KeyName, VerifierKey};
use hanpyo_ledger::manifest::profiles::{ProfileTemplate, RESIDENT_VOTE};
use hanpyo_ledger::manifest::*;
pub(crate) use hanpyo_ledger::signature::SigningKey;
use hanpyo_ledger::signature::{Role, RoleKeys};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

pub(crate) const ORIGIN: &str = "board.example/seoul/lunch";

/// The key of each role, from its own seed.
pub(crate) fn role_key(role: Role) -> SigningKey {
    SigningKey::from_seed(
        &[match role {
            Role::Commission => 1,
            Role::Tally => 2,
            Role::Authority(number) => 10 + number.get(),
            Role::Trustee(number) => 20 + number.get(),
        }; 32],
    )
}

pub(crate) fn acknowledgement_key() -> SigningKey {
    SigningKey::from_seed(&[3; 32])
}

pub(crate) fn number<T: TryFrom<u64, Error: std::fmt::Debug>>(number: u64) -> T {
    number.try_into().unwrap()
}

pub(crate) fn list<T, const MIN: usize, const MAX: usize>(items: Vec<T>) -> List<T, MIN, MAX> {
    items.try_into().unwrap()
}

pub(crate) fn text<const MIN: usize, const MAX: usize>(text: &str) -> Text<MIN, MAX> {
    Text::new(text).unwrap()
}

pub(crate) fn both(ko: &str, en: &str) -> Bilingual {
    Bilingual {
        ko: text(ko),
        en: text(en),
    }
}

pub(crate) fn vkey(name: &str, kind: KeyKind, seed: u8) -> String {
    let public = SigningKey::from_seed(&[seed; 32]).verifying_key();
    VerifierKey::new(KeyName::new(name).unwrap(), kind, public.as_bytes())
        .unwrap()
        .to_string()
}

fn officers(role: impl Fn(u64) -> Role, names: &[&str]) -> Vec<Officer> {
    let officer = |(position, name): (usize, &&str)| Officer {
        name: text(name),
        key: role_key(role(position as u64 + 1)).verifying_key(),
    };
    names.iter().enumerate().map(officer).collect()
}

pub(crate) fn trustee(n: u64) -> TrusteeNumber {
    number(n)
}

pub(crate) fn authority(n: u64) -> AuthorityNumber {
    number(n)
}

fn contest(
    title: Bilingual,
    options: &[(&str, &str)],
    kind: Kind,
    rule: Rule,
    seats: u64,
) -> Contest {
    Contest {
        title,
        options: list(options.iter().map(|(ko, en)| both(ko, en)).collect()),
        kind,
        rule: Decision {
            rule,
            seats: number(seats),
        },
    }
}

pub(crate) fn kind(kind: u64, a: u64, b: u64, c: u64) -> Kind {
    Kind {
        kind: number(kind),
        a,
        b,
        c,
    }
}

pub(crate) fn profile(template: &ProfileTemplate) -> Profile {
    template.try_into().unwrap()
}

/// A manifest without problems: two authorities, three trustees, three contests, two styles.
pub(crate) fn manifest() -> Manifest {
    let log = vkey(ORIGIN, KeyKind::Ed25519, 4);
    let names = [
        ("전면 무상급식", "All pupils"),
        ("단계적 무상급식", "Step by step"),
    ];
    let places = [
        ("가 지역", "Area A"),
        ("나 지역", "Area B"),
        ("다 지역", "Area C"),
    ];
    Manifest {
        protocol: number(1),
        origin: text(ORIGIN),
        title: both("무상급식 주민투표", "Referendum on school meals"),
        notice: both("두 안 가운데 하나를 고릅니다.", "Choose one of two plans."),
        profile: profile(&RESIDENT_VOTE),
        schedule: Schedule {
            windows: list(vec![
                Window {
                    opens: Seconds::new(1_900_000_000),
                    closes: Seconds::new(1_900_043_200),
                },
                Window {
                    opens: Seconds::new(1_900_086_400),
                    closes: Seconds::new(1_900_129_600),
                },
            ]),
            grace_seconds: number(300),
            override_reason: None,
        },
        contests: list(vec![
            contest(
                both("급식", "Meals"),
                &names,
                kind(1, 1, 0, 0),
                Rule::Majority,
                1,
            ),
            contest(
                both("위원", "Board"),
                &places,
                kind(2, 0, 2, 0),
                Rule::Plurality,
                2,
            ),
            contest(
                both("순위", "Ranking"),
                &places,
                kind(4, 1, 2, 0),
                Rule::Borda,
                1,
            ),
        ]),
        styles: list(vec![
            Style {
                title: both("기본", "Basic"),
                contests: list(vec![0.into()]),
            },
            Style {
                title: both("전체", ""),
                contests: list(vec![0.into(), 1.into(), 2.into()]),
            },
        ]),
        units: list(vec![
            Unit {
                title: both("서울", "Seoul"),
                parent: None,
            },
            Unit {
                title: both("종로구", "Jongno"),
                parent: Some(0.into()),
            },
        ]),
        counting: Counting {
            floor: number(10),
            votes_computable: false,
            revoting: false,
        },
        roles: Roles {
            acknowledgement: acknowledgement_key().verifying_key(),
            commission: role_key(Role::Commission).verifying_key(),
            authorities: list(officers(
                |n| Role::Authority(authority(n)),
                &["선관위", "감사"],
            )),
            trustees: list(officers(|n| Role::Trustee(trustee(n)), &["가", "나", "다"])),
            quorum: number(2),
            tally: role_key(Role::Tally).verifying_key(),
            log: text(&log),
        },
        witnesses: Witnesses {
            policy: text(&format!("log {log}\nquorum none\n")),
            faulty: number(0),
        },
        disclosure: Disclosure::Public,
        assets: Some(Hash([9; 32])),
        test: true,
    }
}

pub(crate) fn keys() -> RoleKeys {
    RoleKeys::new(&manifest()).unwrap()
}

pub(crate) fn sign<T: Payload>(payload: T) -> Signed<T> {
    let keys = keys();
    let signing: Vec<_> = payload
        .signers()
        .roles(keys.authorities())
        .into_iter()
        .map(role_key)
        .collect();
    keys.sign(payload, &signing.iter().collect::<Vec<_>>())
        .unwrap()
}

fn point(n: u8) -> EncodedPoint {
    (&hash_to_point(b"sample", &[&[n]])).into()
}

fn hash(n: u8) -> Hash {
    Hash([n; 32])
}

fn proof(n: u8) -> EqualityProof {
    let scalar = hash_to_scalar(b"sample", &[&[n]]).to_bytes();
    EqualityProof([scalar, scalar].concat().try_into().unwrap())
}

fn points<const MIN: usize, const MAX: usize>(count: u8) -> Bytes<MIN, MAX> {
    let joined: Vec<u8> = (0..count).flat_map(|n| point(n).0).collect();
    joined.try_into().unwrap()
}

/// Joint public key K of the sample ballots.
pub(crate) fn joint_key() -> EncodedPoint {
    point(0)
}

const SECRET: u64 = 77;

/// Public credential P of the sample ballots.
pub(crate) fn credential() -> [u8; 32] {
    let point = RISTRETTO_BASEPOINT_TABLE * &Scalar::from(SECRET);
    point.compress().to_bytes()
}

/// What the sample ballots are bound to.
pub(crate) fn ballot_context<'a>(
    checked: &'a CheckedManifest,
    credential: &'a [u8; 32],
) -> BallotContext<'a> {
    BallotContext {
        index: 70_000,
        credential,
        style: 0,
        contests: checked.style(0.into()).unwrap(),
    }
}

fn ballots() -> (BallotEntry, PostedChallenge) {
    let checked = CheckedManifest::new(manifest()).unwrap();
    let election = ElectionContext::new(
        checked.hash().0,
        ElGamalKey::decode(&joint_key().0).unwrap(),
    );
    let secret = Scalar::from(SECRET);
    let credential = credential();
    let context = ballot_context(&checked, &credential);
    let mut rng = ChaCha20Rng::from_seed([5; 32]);
    let mut prepare = |counter| {
        let request = VoterRequest {
            secret: &secret,
            counter,
            attempt: 1,
            selections: &[Selection::ChooseOne(Some(1))],
        };
        encrypt_ballot(&election, &context, &request, &mut rng).unwrap()
    };
    let (cast, challenged) = (prepare(2), prepare(1));
    let cast = cast.cast(&mut rng);
    let challenged = challenged.challenge(&mut rng);
    (cast.try_into().unwrap(), (&challenged).try_into().unwrap())
}

/// One entry of each type, in the order of types.
pub(crate) fn entries() -> Vec<Entry> {
    let attempt: Attempt = number(1);
    let reason: Reason = text("재난으로 투표가 중단됨");
    let revoked = CredentialIndex::from(300);
    let subject = Subject::Reissue(revoked);
    let (ballot, challenge) = ballots();
    vec![
        sign(manifest()).into(),
        sign(CeremonyCommitment {
            attempt,
            trustee: trustee(1),
            hash: hash(1),
        })
        .into(),
        sign(CeremonyOpening {
            attempt,
            trustee: trustee(2),
            opening: points(9),
        })
        .into(),
        sign(CeremonyShares {
            attempt,
            trustee: trustee(3),
            shares: points(4),
        })
        .into(),
        sign(CeremonyConfirmation {
            attempt,
            trustee: trustee(1),
            transcript: hash(2),
            joint_key_point: point(0),
        })
        .into(),
        sign(CeremonyComplaint {
            attempt,
            complainant: trustee(1),
            accused: trustee(2),
            shared: point(1),
            proof: proof(1),
        })
        .into(),
        sign(CeremonyRestart {
            new_attempt: number(2),
            reason: reason.clone(),
        })
        .into(),
        sign(JointKey {
            attempt,
            transcript: hash(2),
            joint_key_point: point(0),
            shares: list(vec![point(1), point(2), point(3)]),
        })
        .into(),
        sign(Drill {
            trustee: trustee(3),
            decryption: point(4),
            proof: proof(2),
        })
        .into(),
        sign(HalfListCommitment {
            authority: authority(1),
            subject: Subject::Roll,
            hash: hash(3),
        })
        .into(),
        sign(HalfListChunk {
            authority: authority(2),
            subject,
            first: 0.into(),
            points: points(1),
        })
        .into(),
        sign(RollChunk {
            first: 256.into(),
            rows: list(
                (0..2)
                    .map(|n| RollRow {
                        credential: point(n),
                        style: u16::from(n).into(),
                        weight: number(1 + u64::from(n)),
                        unit: 1.into(),
                    })
                    .collect(),
            ),
        })
        .into(),
        sign(RollSealed {
            credentials: number(70_001),
            per_unit: list(vec![1, 70_000]),
        })
        .into(),
        sign(Revocation {
            credential: revoked,
            reason: reason.clone(),
        })
        .into(),
        sign(Reissue {
            revoked,
            new: 70_001.into(),
            credential: point(5),
        })
        .into(),
        sign(Open {
            time: Seconds::new(1_900_000_000),
        })
        .into(),
        ballot.into(),
        challenge.into(),
        sign(PaperStrike {
            credential: 24.into(),
        })
        .into(),
        sign(PaperTurnout {
            per_unit: list(vec![0, 12]),
        })
        .into(),
        sign(Redating {
            closes: Seconds::new(1_900_200_000),
            reason: reason.clone(),
        })
        .into(),
        sign(AssetAmendment {
            assets: hash(4),
            reason: reason.clone(),
        })
        .into(),
        sign(Close {
            time: Seconds::new(1_900_200_001),
        })
        .into(),
        sign(EncryptedTally {
            contest: 0.into(),
            groups_in_all: 1,
            first: 0.into(),
            groups: list(vec![Group {
                units: list(vec![0.into(), 1.into()]),
                ballots: 25,
                sums: points(4),
            }]),
        })
        .into(),
        sign(PartialDecryption {
            trustee: trustee(1),
            contest: 0.into(),
            first: 0.into(),
            groups: list(vec![GroupDecryption {
                decryptions: points(2),
                proofs: [proof(1).0, proof(2).0].concat().try_into().unwrap(),
            }]),
        })
        .into(),
        sign(ContestResult {
            contest: 0.into(),
            groups: list(vec![list(vec![number(11), number(14)])]),
            totals: list(vec![number(11), number(14)]),
        })
        .into(),
        sign(ElectionResult {
            ballots: 25,
            paper: 12,
            electorate: 70_001,
            outcomes: list(vec![
                Outcome {
                    status: Status::Decided,
                    winners: list(vec![1.into()]),
                },
                Outcome {
                    status: Status::Withheld,
                    winners: list(vec![]),
                },
            ]),
        })
        .into(),
        sign(Void { reason }).into(),
    ]
}
