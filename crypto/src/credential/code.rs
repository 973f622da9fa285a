//! Voting codes: 20 Crockford base32 characters and a check symbol (docs/PROTOCOL.md section 7).

use alloc::string::String;

use rand_core::{CryptoRng, RngCore};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Characters of a code that carry its 100 random bits, without the check symbol.
pub const CODE_CHARACTERS: usize = 20;

/// Characters of a code with its check symbol.
const SYMBOLS: usize = CODE_CHARACTERS + 1;
/// Characters printed together.
const GROUP: usize = 4;
/// Crockford's 32 characters, then the five that only a check symbol can be.
const ALPHABET: &[u8; 37] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";
/// Modulus of the check symbol: prime and above 32, so every single wrong character is detected.
const CHECK_MODULUS: u8 = 37;

/// Why typed text is not a voting code, said so that the voter can find the mistake.
///
/// Positions are counted from 1, without spaces and hyphens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VotingCodeError {
    /// Too few or too many characters.
    #[error(
        "a voting code has {SYMBOLS} characters, not counting spaces and hyphens; these are {found}"
    )]
    Length {
        /// Characters found, spaces and hyphens not counted.
        found: usize,
    },
    /// A character that stands in no code at this position.
    #[error("character {position}, '{found}', does not occur there in a voting code")]
    Character {
        /// Position from 1, spaces and hyphens not counted.
        position: usize,
        /// The character as typed.
        found: char,
    },
    /// Some character is wrong or two are swapped.
    #[error("the last character does not fit the others: some character is mistyped")]
    CheckSymbol,
}

/// A voting code: 100 random bits as 20 characters. Secret.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct VotingCode {
    /// Five-bit values, most significant first.
    values: [u8; CODE_CHARACTERS],
}

impl VotingCode {
    /// Draws a code.
    pub fn generate(rng: &mut (impl RngCore + CryptoRng)) -> Self {
        let mut random = Zeroizing::new([0; CODE_CHARACTERS]);
        rng.fill_bytes(random.as_mut());
        // 256 is a multiple of 32, so the low five bits of a random byte are uniform.
        Self {
            values: random.map(|byte| byte & 31),
        }
    }

    /// Reads what a voter typed: case, spaces and hyphens do not matter, O is read as 0, I and L as 1.
    /// Full-width letters and dashes, which Korean keyboards produce, are read as their plain forms.
    ///
    /// # Errors
    /// [`VotingCodeError`] with the first thing that is wrong: a character, the length, then the
    /// check symbol.
    pub fn parse(text: &str) -> Result<Self, VotingCodeError> {
        let mut code = Self {
            values: [0; CODE_CHARACTERS],
        };
        let mut check = None;
        let mut found = 0;
        for typed in text.chars().filter(|c| !is_separator(*c)) {
            let position = found + 1;
            let wrong = VotingCodeError::Character {
                position,
                found: typed,
            };
            let value = value(typed).ok_or(wrong)?;
            if let Some(slot) = code.values.get_mut(found) {
                if value >= 32 {
                    return Err(wrong);
                }
                *slot = value;
            } else if found == CODE_CHARACTERS {
                check = Some(value);
            }
            found = position;
        }
        if found != SYMBOLS {
            return Err(VotingCodeError::Length { found });
        }
        if check != Some(code.check_value()) {
            return Err(VotingCodeError::CheckSymbol);
        }
        Ok(code)
    }

    /// The code as printed: groups of four joined by hyphens, the check symbol last and alone,
    /// `XXXX-XXXX-XXXX-XXXX-XXXX-C`.
    ///
    /// # Security
    /// For the voter's letter or message only.
    #[must_use]
    pub fn to_printed(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(SYMBOLS + SYMBOLS / GROUP));
        for group in self.values.chunks(GROUP) {
            text.extend(group.iter().map(|value| char::from(symbol(*value))));
            text.push('-');
        }
        text.push(char::from(symbol(self.check_value())));
        text
    }

    /// The 20 characters in upper case, as they are hashed.
    pub(super) fn characters(&self) -> Zeroizing<[u8; CODE_CHARACTERS]> {
        Zeroizing::new(self.values.map(symbol))
    }

    /// The 100-bit number mod 37.
    fn check_value(&self) -> u8 {
        let remainder = self.values.iter().fold(0_u16, |rest, value| {
            (rest * 32 + u16::from(*value)) % u16::from(CHECK_MODULUS)
        });
        u8::try_from(remainder).unwrap_or(CHECK_MODULUS)
    }
}

fn symbol(value: u8) -> u8 {
    ALPHABET.get(usize::from(value)).copied().unwrap_or(b'?')
}

/// Whitespace, the hyphen, and the dashes that word processors put in its place.
fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}')
}

fn value(typed: char) -> Option<u8> {
    let plain = match u32::from(typed) {
        wide @ 0xff01..=0xff5e => char::from_u32(wide - 0xfee0)?,
        _ => typed,
    };
    let plain = match plain.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let byte = u8::try_from(plain).ok()?;
    let index = ALPHABET.iter().position(|symbol| *symbol == byte)?;
    u8::try_from(index).ok()
}
