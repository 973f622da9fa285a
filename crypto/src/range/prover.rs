//! Proving (docs/BULLETPROOFS.md), byte for byte as the crate `bulletproofs` 5.0 does it.
//!
//! That crate is the oracle of the tests: with the same randomness, both make the same proof and leave the
//! transcript in the same state. It is not used here because a browser would have to download it, and the tables
//! of multiples that come with it.
//!
//! Where the crate takes the inner-product argument in variable time, everything here takes constant time but for
//! what the transcript makes public.

use alloc::vec::Vec;
use core::fmt;
use core::iter;

use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::MultiscalarMul;
use merlin::Transcript;
use rand_core::{CryptoRng, RngCore};
use subtle::{Choice, ConditionallySelectable};
use zeroize::{Zeroize, Zeroizing};

use super::challenges::{begin, begin_inner_product, challenge};
use super::generators::chain;
use super::{RangeError, Shape, encoding};

/// Secrets that are wiped when dropped.
type Secrets = Zeroizing<Vec<Scalar>>;

/// Makes range proofs under one value generator H and joint key K.
///
/// # Security
/// Values and blindings are the vote: they must not be logged or kept longer than the ballot is
/// being made.
#[derive(Clone)]
pub struct RangeProver {
    /// Generators G and H of the parties, `bits` a party.
    g: Vec<RistrettoPoint>,
    h: Vec<RistrettoPoint>,
    capacity: Shape,
    value_generator: RistrettoPoint,
    joint_key: RistrettoPoint,
}

impl RangeProver {
    /// Prepares proofs of up to `parties` values, padding included, of up to `bits` bits.
    ///
    /// # Errors
    /// [`RangeError::UnsupportedAggregation`] unless `parties` is a power of two up to
    /// [`super::MAX_AGGREGATION`], [`RangeError::UnsupportedBits`].
    pub fn new(
        bits: usize,
        parties: usize,
        value_generator: RistrettoPoint,
        joint_key: RistrettoPoint,
    ) -> Result<Self, RangeError> {
        let capacity = Shape::new(bits, parties)?;
        let all = |vector| {
            (0_u32..)
                .take(parties)
                .flat_map(move |party| chain(vector, party).take(bits))
        };
        Ok(Self {
            g: all(b'G').collect(),
            h: all(b'H').collect(),
            capacity,
            value_generator,
            joint_key,
        })
    }

    /// Proves that every value is below `2^bits`, as committed in `V_j = values[j] H + blindings[j] K`.
    ///
    /// Pads with commitments to 0 with blinding 0, as [`super::pad_commitments`] does for the
    /// verifier. The transcript goes on as the verifier's will.
    ///
    /// # Errors
    /// [`RangeError::ValueOutOfRange`], [`RangeError::BlindingCount`], the shape errors, and
    /// [`RangeError::ZeroChallenge`], which never happens.
    pub fn prove(
        &self,
        transcript: &mut Transcript,
        values: &[u64],
        blindings: &[Scalar],
        bits: usize,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<Vec<u8>, RangeError> {
        if values.len() != blindings.len() {
            return Err(RangeError::BlindingCount {
                values: values.len(),
                blindings: blindings.len(),
            });
        }
        if values.is_empty() {
            return Err(RangeError::UnsupportedAggregation { actual: 0 });
        }
        let shape = Shape::new(bits, values.len().next_power_of_two())?;
        if shape.parties > self.capacity.parties {
            return Err(RangeError::TooFewGenerators {
                capacity: self.capacity.parties,
                actual: shape.parties,
            });
        }
        if bits > self.capacity.bits {
            return Err(RangeError::UnsupportedBits { actual: bits });
        }
        if let Some(index) = values.iter().position(|value| value >> bits != 0) {
            return Err(RangeError::ValueOutOfRange { index, bits });
        }
        let values = padded(values, shape.parties);
        let blindings = padded(blindings, shape.parties);
        self.padded_proof(transcript, &values, &blindings, shape, rng)
    }

    fn padded_proof(
        &self,
        transcript: &mut Transcript,
        values: &[u64],
        blindings: &[Scalar],
        shape: Shape,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<Vec<u8>, RangeError> {
        let mut proof = Proof {
            transcript,
            bytes: Vec::with_capacity(encoding::encoded_len(shape)),
        };
        let (g, h) = (self.used(&self.g, shape), self.used(&self.h, shape));
        begin(proof.transcript, shape);
        for (value, blinding) in values.iter().zip(blindings) {
            let commitment = self.commit(&Scalar::from(*value), blinding).compress();
            proof.transcript.append_message(b"V", commitment.as_bytes());
        }

        // The bits, and what hides them. All parties are this one prover: sums take the place of their parts.
        let bits = bits_of(values, shape);
        let mut hiding = Hiding::new(shape);
        for _ in 0..shape.parties {
            hiding.draw(shape.bits, rng);
        }
        let chosen = bits
            .iter()
            .zip(g.iter().zip(&h))
            .map(|(bit, (g, h))| RistrettoPoint::conditional_select(&-h, g, Choice::from(*bit)));
        let a = self.joint_key * *hiding.a + chosen.sum::<RistrettoPoint>();
        let s = RistrettoPoint::multiscalar_mul(
            iter::once(&*hiding.s)
                .chain(hiding.left.iter())
                .chain(hiding.right.iter()),
            iter::once(&self.joint_key).chain(&g).chain(&h),
        );
        proof.point(b"A", a);
        proof.point(b"S", s);
        let y = challenge(proof.transcript, b"y");
        let z = challenge(proof.transcript, b"z");

        // l(x) and r(x), in the place of the bits and of what hides them; t(x) = <l(x), r(x)>.
        let Polynomials { l, r, of_blindings } = Polynomials::new(&bits, &mut hiding, y, z, shape);
        let t1 = Zeroizing::new(inner(&l, &hiding.right) + inner(&hiding.left, &r));
        let t2 = Zeroizing::new(inner(&hiding.left, &hiding.right));
        let mut of_t1 = Zeroizing::new(Scalar::ZERO);
        let mut of_t2 = Zeroizing::new(Scalar::ZERO);
        for _ in 0..shape.parties {
            *of_t1 += Scalar::random(rng);
            *of_t2 += Scalar::random(rng);
        }
        proof.point(b"T_1", self.commit(&t1, &of_t1));
        proof.point(b"T_2", self.commit(&t2, &of_t2));
        let x = challenge(proof.transcript, b"x");
        if x == Scalar::ZERO {
            // l(0) and r(0) are the bits.
            return Err(RangeError::ZeroChallenge);
        }

        let l = line(&l, &hiding.left, &x);
        let r = line(&r, &hiding.right, &x);
        let of_values = Zeroizing::new(inner(&of_blindings, blindings));
        proof.scalar(b"t_x", inner(&l, &r));
        proof.scalar(b"t_x_blinding", *of_values + x * (*of_t1 + x * *of_t2));
        proof.scalar(b"e_blinding", *hiding.a + x * *hiding.s);
        let w = challenge(proof.transcript, b"w");
        let q = self.value_generator * w;
        inner_product(&mut proof, [g, h], q, y.invert(), l, r)?;
        Ok(proof.bytes)
    }

    /// The first points of each party.
    fn used(&self, generators: &[RistrettoPoint], shape: Shape) -> Vec<RistrettoPoint> {
        let parties = generators.chunks(self.capacity.bits).take(shape.parties);
        parties
            .flat_map(|own| own.iter().take(shape.bits))
            .copied()
            .collect()
    }

    fn commit(&self, value: &Scalar, blinding: &Scalar) -> RistrettoPoint {
        RistrettoPoint::multiscalar_mul([value, blinding], [self.value_generator, self.joint_key])
    }
}

/// A proof as far as it is made.
struct Proof<'t> {
    transcript: &'t mut Transcript,
    bytes: Vec<u8>,
}

impl Proof<'_> {
    fn point(&mut self, label: &'static [u8], point: RistrettoPoint) {
        self.append(label, point.compress().as_bytes());
    }

    fn scalar(&mut self, label: &'static [u8], scalar: Scalar) {
        self.append(label, scalar.as_bytes());
    }

    fn append(&mut self, label: &'static [u8], element: &[u8; 32]) {
        self.transcript.append_message(label, element);
        self.bytes.extend_from_slice(element);
    }
}

/// What hides the bits: blindings of A and S, and the vectors of S.
struct Hiding {
    a: Zeroizing<Scalar>,
    s: Zeroizing<Scalar>,
    left: Secrets,
    right: Secrets,
}

impl Hiding {
    fn new(shape: Shape) -> Self {
        Self {
            a: Zeroizing::new(Scalar::ZERO),
            s: Zeroizing::new(Scalar::ZERO),
            // Full capacity first: growing would leave an unwiped copy behind.
            left: Zeroizing::new(Vec::with_capacity(shape.len())),
            right: Zeroizing::new(Vec::with_capacity(shape.len())),
        }
    }

    /// One party's part, in the order in which the crate draws it.
    fn draw(&mut self, bits: usize, rng: &mut (impl RngCore + CryptoRng)) {
        *self.a += Scalar::random(rng);
        *self.s += Scalar::random(rng);
        self.left.extend((0..bits).map(|_| Scalar::random(rng)));
        self.right.extend((0..bits).map(|_| Scalar::random(rng)));
    }
}

/// `l(x) = l + x left`, `r(x) = r + x right`.
struct Polynomials {
    l: Secrets,
    r: Secrets,
    /// What the blinding of each value counts for: z^(2+j).
    of_blindings: Vec<Scalar>,
}

impl Polynomials {
    /// Multiplies the vector `right` by the powers of y besides.
    fn new(bits: &[u8], hiding: &mut Hiding, y: Scalar, z: Scalar, shape: Shape) -> Self {
        let mut made = Self {
            l: Zeroizing::new(Vec::with_capacity(shape.len())),
            r: Zeroizing::new(Vec::with_capacity(shape.len())),
            of_blindings: Vec::with_capacity(shape.parties),
        };
        let mut power_y = Scalar::ONE;
        let mut power_z = z * z;
        let parties = bits
            .chunks(shape.bits)
            .zip(hiding.right.chunks_mut(shape.bits));
        for (bits, right) in parties {
            let mut weight = power_z;
            for (bit, right) in bits.iter().zip(right) {
                let bit = Scalar::from(*bit);
                made.l.push(bit - z);
                made.r.push(power_y * (bit - Scalar::ONE + z) + weight);
                *right *= power_y;
                power_y *= y;
                weight += weight;
            }
            made.of_blindings.push(power_z);
            power_z *= z;
        }
        made
    }
}

/// Proves `<a, b> = t_x` for the commitment by generators G and y^-i H_i, with `q` for the product.
///
/// G is kept divided by a public factor and H likewise, so that halving them takes one multiplication a point.
fn inner_product(
    proof: &mut Proof<'_>,
    [mut g, mut h]: [Vec<RistrettoPoint>; 2],
    q: RistrettoPoint,
    y_inverse: Scalar,
    mut a: Secrets,
    mut b: Secrets,
) -> Result<(), RangeError> {
    begin_inner_product(proof.transcript, a.len());
    // What the points of this round have yet to be multiplied with.
    let (mut of_g, mut of_h) = (Scalar::ONE, Scalar::ONE);
    let powers: Vec<Scalar> = iter::successors(Some(Scalar::ONE), |power| Some(power * y_inverse))
        .take(a.len())
        .collect();
    while a.len() > 1 {
        let half = a.len() / 2;
        let (a_left, a_right) = a.split_at_mut(half);
        let (b_left, b_right) = b.split_at_mut(half);
        let (g_left, g_right) = g.split_at_mut(half);
        let (h_left, h_right) = h.split_at_mut(half);
        let (of_left, of_right) = powers.split_at(half);
        let cross = |a: &[Scalar],
                     g: &[RistrettoPoint],
                     b: &[Scalar],
                     powers: &[Scalar],
                     h: &[RistrettoPoint]| {
            let product = inner(a, b);
            let scalars: Secrets = Zeroizing::new(
                (a.iter().map(|a| a * of_g))
                    .chain(b.iter().zip(powers).map(|(b, power)| b * power * of_h))
                    .chain(iter::once(product))
                    .collect(),
            );
            RistrettoPoint::multiscalar_mul(scalars.iter(), g.iter().chain(h).chain(iter::once(&q)))
        };
        proof.point(b"L", cross(a_left, g_right, b_right, of_left, h_left));
        proof.point(b"R", cross(a_right, g_left, b_left, of_right, h_right));
        let u = challenge(proof.transcript, b"u");
        if u == Scalar::ZERO {
            return Err(RangeError::ZeroChallenge);
        }
        let inverse = u.invert();
        fold(a_left, a_right, &u, &inverse);
        fold(b_left, b_right, &inverse, &u);
        // u^-1 G_left + u G_right = u^-1 (G_left + u^2 G_right), and with H likewise.
        let square = u * u;
        for (left, right) in g_left.iter_mut().zip(g_right) {
            *left += *right * square;
        }
        of_g *= inverse;
        let apart = of_right.first().copied().unwrap_or(Scalar::ONE);
        let ratio = inverse * inverse * apart;
        for (left, right) in h_left.iter_mut().zip(h_right) {
            *left += *right * ratio;
        }
        of_h *= u;
        a.truncate(half);
        b.truncate(half);
        g.truncate(half);
        h.truncate(half);
    }
    for last in [&a, &b] {
        proof.bytes.extend(last.iter().flat_map(Scalar::to_bytes));
    }
    Ok(())
}

/// `left x + right y`, in the place of `left`.
fn fold(left: &mut [Scalar], right: &[Scalar], x: &Scalar, y: &Scalar) {
    for (left, right) in left.iter_mut().zip(right) {
        *left = *left * x + right * y;
    }
}

/// `constant + x slope`.
fn line(constant: &[Scalar], slope: &[Scalar], x: &Scalar) -> Secrets {
    Zeroizing::new(constant.iter().zip(slope).map(|(c, s)| c + s * x).collect())
}

fn inner(a: &[Scalar], b: &[Scalar]) -> Scalar {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Each value's bits, least significant first.
fn bits_of(values: &[u64], shape: Shape) -> Zeroizing<Vec<u8>> {
    let mut bits = Zeroizing::new(Vec::with_capacity(shape.len()));
    for value in values {
        bits.extend((0..shape.bits).map(|bit| u8::from((value >> bit) & 1 == 1)));
    }
    bits
}

/// A copy of secrets, filled up with zeros, that is wiped when dropped.
fn padded<T: Copy + Default + Zeroize>(secrets: &[T], len: usize) -> Zeroizing<Vec<T>> {
    // Full capacity first: growing would leave an unwiped copy behind.
    let mut copy = Zeroizing::new(Vec::with_capacity(len));
    copy.extend_from_slice(secrets);
    copy.resize(len, T::default());
    copy
}

impl fmt::Debug for RangeProver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RangeProver")
            .field("capacity", &self.capacity)
            .finish_non_exhaustive()
    }
}
