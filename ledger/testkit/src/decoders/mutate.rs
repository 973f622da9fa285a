//! Spoiling valid bytes in the ways that decoders get wrong.

use rand::Rng;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

/// Bytes that mean much: CBOR heads with lengths of 1 to 8 bytes, reserved and indefinite heads, null, text controls.
const TELLING: &[u8] = &[
    0x00, 0x01, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1f, 0x20, 0x3b, 0x40, 0x58, 0x59, 0x5a, 0x5b,
    0x5f, 0x60, 0x7b, 0x7f, 0x80, 0x82, 0x83, 0x84, 0x98, 0x99, 0x9a, 0x9b, 0x9f, 0xa0, 0xbf, 0xc0,
    0xf4, 0xf5, 0xf6, 0xf7, 0xf9, 0xfb, 0xff, b'\n', b'\r', b' ', b'+', b'/', b'=', b'0', b'x',
    b'"', b'{', b'[',
];

/// Heads that announce more than any input holds.
const BOMBS: &[&[u8]] = &[
    &[0x9a, 0xff, 0xff, 0xff, 0xff],
    &[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    &[0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    &[0x7a, 0xff, 0xff, 0xff, 0xff],
    &[0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    &[0x81; 600],
    &[0x9f; 600],
];

/// Makes changed copies of given samples, always the same ones for a seed.
pub struct Mutator<'s> {
    samples: &'s [Vec<u8>],
    rng: ChaCha20Rng,
}

impl<'s> Mutator<'s> {
    /// `samples` must not be empty.
    #[must_use]
    pub fn new(samples: &'s [Vec<u8>], seed: u64) -> Self {
        assert!(!samples.is_empty());
        Self {
            samples,
            rng: ChaCha20Rng::seed_from_u64(seed),
        }
    }

    /// The next input: a sample with one to four changes.
    pub fn next_input(&mut self) -> Vec<u8> {
        let mut bytes = self.sample().clone();
        for _ in 0..self.rng.gen_range(1..=4) {
            self.change(&mut bytes);
        }
        bytes
    }

    fn sample(&mut self) -> &'s Vec<u8> {
        &self.samples[self.rng.gen_range(0..self.samples.len())]
    }

    /// A place to change: early ones, where heads stand, more often than late ones.
    fn place(&mut self, length: usize) -> usize {
        let end = if self.rng.gen_bool(0.3) {
            length.min(16)
        } else {
            length
        };
        self.rng.gen_range(0..=end)
    }

    fn change(&mut self, bytes: &mut Vec<u8>) {
        let at = self.place(bytes.len());
        match self.rng.gen_range(0..9) {
            0 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << self.rng.gen_range(0..8);
                }
            }
            1 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = TELLING[self.rng.gen_range(0..TELLING.len())];
                }
            }
            2 => bytes.insert(at, TELLING[self.rng.gen_range(0..TELLING.len())]),
            3 => bytes.truncate(at),
            4 => {
                let end = (at + self.rng.gen_range(1..40)).min(bytes.len());
                bytes.drain(at..end);
            }
            5 => {
                // The end of another sample.
                let other = self.sample();
                let from = self.place(other.len());
                bytes.truncate(at);
                bytes.extend_from_slice(&other[from..]);
            }
            6 => {
                // A piece twice.
                let end = (at + self.rng.gen_range(1..80)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            7 => {
                let bomb = BOMBS[self.rng.gen_range(0..BOMBS.len())];
                let end = (at + bomb.len()).min(bytes.len());
                bytes.splice(at..end, bomb.iter().copied());
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = byte.wrapping_add(if self.rng.gen_bool(0.5) { 1 } else { 255 });
                }
            }
        }
    }
}
