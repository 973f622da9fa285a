//! A prover written from docs/PROTOCOL.md alone, sharing no code with the crate, that proves whatever
//! can be proven of *any* plaintext vector: a cheating voter's best attempt. Of a false statement it
//! simulates all branches, so that only the sum of their challenges is wrong.

use bulletproofs::{BulletproofGens, PedersenGens, RangeProof};
use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT as G;
use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use merlin::Transcript;
use rand_chacha::ChaCha20Rng;
use sha2::{Digest, Sha512};

/// kind, k, a, b, c.
pub type Parameters = [u64; 5];

/// What a ballot is bound to.
#[derive(Clone)]
pub struct Statement {
    pub manifest_hash: [u8; 32],
    pub joint_key: RistrettoPoint,
    pub index: u64,
    pub credential: [u8; 32],
    pub style: u64,
}

/// A contest to be stuffed.
#[derive(Clone)]
pub struct Contest {
    pub number: u64,
    pub parameters: Parameters,
    /// Any scalars at all.
    pub values: Vec<Scalar>,
    /// Added to the nonce in R_1 but not in C_1: the proofs claim one value, decryption gives another.
    pub split: Scalar,
    /// Nonces of choice, one per value, instead of random ones.
    pub nonces: Option<Vec<Scalar>>,
}

impl Contest {
    /// An attempt that does not split nonces.
    pub fn new(number: u64, parameters: Parameters, values: Vec<Scalar>) -> Self {
        Self {
            number,
            parameters,
            values,
            split: Scalar::ZERO,
            nonces: None,
        }
    }
}

/// A ballot under way.
pub struct Outsider {
    pub transcript: Transcript,
    pub h: RistrettoPoint,
    pub k: RistrettoPoint,
    pub rng: ChaCha20Rng,
}

pub fn value_generator() -> RistrettoPoint {
    let label = b"hanpyo/v1/value-generator";
    let mut hash = Sha512::new();
    hash.update([label.len() as u8]);
    hash.update(label);
    RistrettoPoint::from_uniform_bytes(&hash.finalize().into())
}

pub fn challenge(transcript: &mut Transcript, label: &'static [u8], count: usize) -> Vec<Scalar> {
    let mut bytes = vec![0; 64 * count];
    transcript.challenge_bytes(label, &mut bytes);
    bytes
        .chunks(64)
        .map(|chunk| Scalar::from_bytes_mod_order_wide(chunk.try_into().unwrap()))
        .collect()
}

fn integer(n: u64) -> Scalar {
    Scalar::from(n)
}

/// One statement of section 5.2: factors of the ciphertexts, and the values.
struct Membership {
    factors: Vec<Scalar>,
    values: Vec<Scalar>,
}

/// Section 5.2 as lists of factors over all N positions.
fn memberships(parameters: &Parameters, n: usize, rho: &[Scalar]) -> Vec<Membership> {
    let [kind, k, a, b, c] = *parameters;
    let k = k as usize;
    let only = |positions: &[usize]| -> Vec<Scalar> {
        (0..n)
            .map(|i| integer(u64::from(positions.contains(&i))))
            .collect()
    };
    let bit = vec![integer(0), integer(1)];
    let all: Vec<usize> = (0..k).collect();
    match kind {
        1 => {
            let mut values = rho.to_vec();
            if a == 1 {
                values.push(integer(0));
            }
            vec![Membership {
                factors: rho.to_vec(),
                values,
            }]
        }
        2 => {
            let mut list: Vec<_> = (0..k)
                .map(|i| Membership {
                    factors: only(&[i]),
                    values: bit.clone(),
                })
                .collect();
            list.push(Membership {
                factors: only(&all),
                values: (a..=b).map(integer).collect(),
            });
            list
        }
        3 => {
            let mut list = Vec::new();
            if c & 4 != 0 {
                list.extend((0..k).map(|i| Membership {
                    factors: only(&[k + i]),
                    values: bit.clone(),
                }));
            }
            if c & 2 != 0 {
                list.push(Membership {
                    factors: only(&all),
                    values: vec![integer(b)],
                });
            }
            list
        }
        4 => {
            let (d_min, d) = (a as usize, b as usize);
            let row = |m: usize| (m * k..(m + 1) * k).collect::<Vec<_>>();
            let mut list = Vec::new();
            for m in 0..d {
                let mut factors = vec![Scalar::ZERO; n];
                factors[m * k..(m + 1) * k].copy_from_slice(&rho[m * k..(m + 1) * k]);
                let mut values = rho[m * k..(m + 1) * k].to_vec();
                if m + 1 > d_min {
                    values.push(integer(0));
                }
                list.push(Membership { factors, values });
            }
            for m in d_min + 1..d {
                // rows m and m + 1 counted from 1
                let (plus, minus) = (only(&row(m - 1)), only(&row(m)));
                list.push(Membership {
                    factors: plus.iter().zip(&minus).map(|(p, m)| p - m).collect(),
                    values: bit.clone(),
                });
            }
            if d_min == k {
                let sigma = &rho[n..n + k];
                list.push(Membership {
                    factors: (0..n).map(|i| sigma[i % k]).collect(),
                    values: vec![sigma.iter().sum()],
                });
            } else {
                list.extend((0..k).map(|i| Membership {
                    factors: (0..n).map(|p| integer(u64::from(p % k == i))).collect(),
                    values: bit.clone(),
                }));
            }
            list
        }
        other => panic!("kind {other}"),
    }
}

impl Outsider {
    pub fn new(statement: &Statement, rng: ChaCha20Rng) -> Self {
        let h = value_generator();
        let k = statement.joint_key;
        let mut transcript = Transcript::new(b"hanpyo/v1/ballot");
        transcript.append_message(b"manifest", &statement.manifest_hash);
        transcript.append_message(b"G", G.compress().as_bytes());
        transcript.append_message(b"H", h.compress().as_bytes());
        transcript.append_message(b"K", k.compress().as_bytes());
        transcript.append_u64(b"credential-index", statement.index);
        transcript.append_message(b"P", &statement.credential);
        transcript.append_u64(b"style", statement.style);
        Self {
            transcript,
            h,
            k,
            rng,
        }
    }

    /// Section 5.4: ciphertexts and proof of one contest.
    pub fn contest(&mut self, contest: &Contest) -> (Vec<u8>, Vec<u8>) {
        let Contest {
            number,
            parameters,
            values,
            split,
            nonces,
        } = contest;
        let (h, k) = (self.h, self.k);
        let n = values.len();
        let nonces: Vec<_> = match nonces {
            Some(nonces) => nonces.clone(),
            None => values
                .iter()
                .map(|_| Scalar::random(&mut self.rng))
                .collect(),
        };
        let mut ciphertexts = Vec::new();
        for (i, (v, r)) in values.iter().zip(&nonces).enumerate() {
            let in_r = if i == 0 { r + split } else { *r };
            ciphertexts.extend_from_slice((G * in_r).compress().as_bytes());
            ciphertexts.extend_from_slice((v * h + r * k).compress().as_bytes());
        }
        self.transcript.append_u64(b"contest", *number);
        let words: Vec<u8> = parameters.iter().flat_map(|p| p.to_le_bytes()).collect();
        self.transcript.append_message(b"parameters", &words);
        self.transcript.append_message(b"ciphertexts", &ciphertexts);
        let full_ranking = parameters[0] == 4 && parameters[2] == parameters[1];
        let drawn = n + if full_ranking {
            parameters[1] as usize
        } else {
            0
        };
        let rho = challenge(&mut self.transcript, b"weights", drawn);

        let range_proof = if parameters[0] == 3 {
            let proof = self.range_proof(parameters, values, &nonces);
            self.transcript.append_message(b"range-proof", &proof);
            proof
        } else {
            Vec::new()
        };

        struct Branch {
            truth: bool,
            nonce: Scalar,
            challenge: Scalar,
            secret: Scalar,
        }
        let mut commitments = Vec::new();
        let (alpha, beta) = (Scalar::random(&mut self.rng), Scalar::random(&mut self.rng));
        if parameters[0] == 3 {
            commitments.extend_from_slice((G * alpha).compress().as_bytes());
            commitments.extend_from_slice((beta * h + alpha * k).compress().as_bytes());
        }
        let mut statements = Vec::new();
        for membership in memberships(parameters, n, &rho) {
            let combined = |scalars: &[Scalar]| -> Scalar {
                (membership.factors.iter().zip(scalars))
                    .map(|(f, s)| f * s)
                    .sum()
            };
            let (v, r) = (combined(values), combined(&nonces));
            let (x, y) = (G * r, v * h + r * k);
            let true_branch = membership.values.iter().position(|w| *w == v);
            let mut branches = Vec::new();
            for (j, w) in membership.values.iter().enumerate() {
                let truth = true_branch == Some(j);
                let (s, c) = (Scalar::random(&mut self.rng), Scalar::random(&mut self.rng));
                let (a, b) = if truth {
                    (G * s, k * s)
                } else {
                    // s is the response here
                    (G * s - c * x, k * s - c * (y - w * h))
                };
                commitments.extend_from_slice(a.compress().as_bytes());
                commitments.extend_from_slice(b.compress().as_bytes());
                branches.push(Branch {
                    truth,
                    nonce: s,
                    challenge: c,
                    secret: r,
                });
            }
            statements.push(branches);
        }
        self.transcript.append_message(b"commitments", &commitments);
        let c = challenge(&mut self.transcript, b"challenge", 1)[0];

        let (mut shares, mut responses) = (Vec::new(), Vec::new());
        if parameters[0] == 3 {
            let combined = |scalars: &[Scalar]| -> Scalar {
                rho.iter().zip(scalars).map(|(w, s)| w * s).sum()
            };
            responses.extend_from_slice((alpha + c * combined(&nonces)).as_bytes());
            responses.extend_from_slice((beta + c * combined(values)).as_bytes());
        }
        for branches in &statements {
            let simulated: Scalar = branches
                .iter()
                .filter(|branch| !branch.truth)
                .map(|branch| branch.challenge)
                .sum();
            for (j, branch) in branches.iter().enumerate() {
                let (share, response) = if branch.truth {
                    let share = c - simulated;
                    (share, branch.nonce + share * branch.secret)
                } else {
                    (branch.challenge, branch.nonce)
                };
                if j + 1 < branches.len() {
                    shares.extend_from_slice(share.as_bytes());
                }
                responses.extend_from_slice(response.as_bytes());
            }
        }
        shares.append(&mut responses);
        self.transcript.append_message(b"responses", &shares);
        let mut proof = range_proof;
        proof.append(&mut commitments);
        proof.append(&mut shares);
        (ciphertexts, proof)
    }

    /// Section 5.3, by the crate the section names. Values outside the range make a false proof.
    fn range_proof(
        &mut self,
        parameters: &Parameters,
        values: &[Scalar],
        nonces: &[Scalar],
    ) -> Vec<u8> {
        let [_, k, s, t, flags] = *parameters;
        let k = k as usize;
        let n = [8, 16, 32].into_iter().find(|n| s.max(t) < 1 << n).unwrap();
        let mut opened: Vec<(Scalar, Scalar)> = Vec::new();
        let pairs = || values.iter().copied().zip(nonces.iter().copied());
        opened.extend(pairs().take(k));
        for (i, (v, r)) in pairs().take(k).enumerate() {
            let (a, of_a) = if flags & 4 != 0 {
                (values[k + i], nonces[k + i])
            } else {
                (Scalar::ONE, Scalar::ZERO)
            };
            opened.push((integer(s) * a - v, integer(s) * of_a - r));
        }
        if flags & 1 != 0 {
            let v: Scalar = values[..k].iter().sum();
            let r: Scalar = nonces[..k].iter().sum();
            opened.push((integer(t) - v, -r));
        }
        opened.resize(
            opened.len().next_power_of_two(),
            (Scalar::ZERO, Scalar::ZERO),
        );
        let low = |v: &Scalar| u64::from_le_bytes(v.as_bytes()[..8].try_into().unwrap());
        let values: Vec<u64> = opened.iter().map(|(v, _)| low(v)).collect();
        let blindings: Vec<Scalar> = opened.iter().map(|(_, r)| *r).collect();
        let (proof, _) = RangeProof::prove_multiple_with_rng(
            &BulletproofGens::new(n, values.len()),
            &PedersenGens {
                B: self.h,
                B_blinding: self.k,
            },
            &mut self.transcript,
            &values,
            &blindings,
            n,
            &mut self.rng,
        )
        .unwrap();
        proof.to_bytes()
    }

    /// Absorbs somebody else's contest as a verifier would; returns the weights and the challenge.
    pub fn replay(
        &mut self,
        number: u64,
        parameters: &Parameters,
        contest: &(Vec<u8>, Vec<u8>),
    ) -> (Vec<Scalar>, Scalar) {
        let (ciphertexts, proof) = contest;
        let words: Vec<u8> = parameters.iter().flat_map(|p| p.to_le_bytes()).collect();
        let n = ciphertexts.len() / 64;
        let full_ranking = parameters[0] == 4 && parameters[2] == parameters[1];
        let drawn = n + if full_ranking {
            parameters[1] as usize
        } else {
            0
        };
        self.transcript.append_u64(b"contest", number);
        self.transcript.append_message(b"parameters", &words);
        self.transcript.append_message(b"ciphertexts", ciphertexts);
        let rho = challenge(&mut self.transcript, b"weights", drawn);
        let branches: usize = memberships(parameters, n, &rho)
            .iter()
            .map(|membership| membership.values.len())
            .sum();
        let (range, link) = if parameters[0] == 3 {
            (self.replay_range(parameters, ciphertexts, proof), 64)
        } else {
            (0, 0)
        };
        let (commitments, responses) = proof[range..].split_at(link + 64 * branches);
        self.transcript.append_message(b"commitments", commitments);
        let c = challenge(&mut self.transcript, b"challenge", 1)[0];
        self.transcript.append_message(b"responses", responses);
        (rho, c)
    }

    /// Verifies and absorbs a range proof; returns its length.
    fn replay_range(&mut self, parameters: &Parameters, ciphertexts: &[u8], proof: &[u8]) -> usize {
        let [_, k, s, t, flags] = *parameters;
        let (h, k) = (self.h, k as usize);
        let n = [8, 16, 32].into_iter().find(|n| s.max(t) < 1 << n).unwrap();
        let c: Vec<RistrettoPoint> = ciphertexts
            .chunks(64)
            .map(|pair| {
                let encoded = CompressedRistretto::from_slice(&pair[32..]).unwrap();
                encoded.decompress().unwrap()
            })
            .collect();
        let mut commitments = c[..k].to_vec();
        for i in 0..k {
            let a = if flags & 4 != 0 { c[k + i] } else { h };
            commitments.push(integer(s) * a - c[i]);
        }
        if flags & 1 != 0 {
            commitments.push(integer(t) * h - c[..k].iter().sum::<RistrettoPoint>());
        }
        let padded = commitments.len().next_power_of_two();
        commitments.resize(padded, RistrettoPoint::default());
        let encoded: Vec<_> = commitments.iter().map(RistrettoPoint::compress).collect();
        let length = 32 * (9 + 2 * (n * padded).trailing_zeros() as usize);
        RangeProof::from_bytes(&proof[..length])
            .unwrap()
            .verify_multiple_with_rng(
                &BulletproofGens::new(n, padded),
                &PedersenGens {
                    B: h,
                    B_blinding: self.k,
                },
                &mut self.transcript,
                &encoded,
                n,
                &mut self.rng,
            )
            .unwrap();
        self.transcript
            .append_message(b"range-proof", &proof[..length]);
        length
    }

    /// Section 6.2, steps 4 to 6.
    pub fn sign(mut self, decision: u8, body: &[u8], secret: &Scalar) -> [u8; 64] {
        self.transcript.append_message(b"decision", &[decision]);
        self.transcript.append_message(b"body", body);
        let nonce = Scalar::random(&mut self.rng);
        let commitment = (G * nonce).compress();
        self.transcript
            .append_message(b"signature-commitment", commitment.as_bytes());
        let c = challenge(&mut self.transcript, b"signature-challenge", 1)[0];
        let mut signature = [0; 64];
        signature[..32].copy_from_slice(commitment.as_bytes());
        signature[32..].copy_from_slice((nonce + c * secret).as_bytes());
        signature
    }
}

/// CBOR head in its shortest form.
pub fn head(major: u8, argument: u64) -> Vec<u8> {
    let major = major << 5;
    match argument {
        0..24 => vec![major | argument as u8],
        24..0x100 => vec![major | 24, argument as u8],
        0x100..0x1_0000 => [vec![major | 25], (argument as u16).to_be_bytes().to_vec()].concat(),
        _ => [vec![major | 26], (argument as u32).to_be_bytes().to_vec()].concat(),
    }
}

/// Section 6.1.
pub fn body(index: u64, counter: u64, contests: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let mut out = [head(4, 3), head(0, index), head(0, counter)].concat();
    out.extend(head(4, contests.len() as u64));
    for (ciphertexts, proof) in contests {
        out.extend(head(4, 2));
        for string in [ciphertexts, proof] {
            out.extend(head(2, string.len() as u64));
            out.extend(string);
        }
    }
    out
}

/// A whole cast ballot: body and signature.
pub fn ballot(
    statement: &Statement,
    contests: &[Contest],
    secret: &Scalar,
    rng: ChaCha20Rng,
) -> (Vec<u8>, [u8; 64]) {
    let mut outsider = Outsider::new(statement, rng);
    let encrypted: Vec<_> = contests
        .iter()
        .map(|contest| outsider.contest(contest))
        .collect();
    let body = body(statement.index, 1, &encrypted);
    let signature = outsider.sign(1, &body, secret);
    (body, signature)
}
