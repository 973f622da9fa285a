//! Confirmation codes as people read, type and scan them.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

/// Characters shown to the voter: 130 bits.
pub const CODE_CHARACTERS: usize = 26;
/// Characters of the whole code, as in the QR code: 256 bits and four 0 bits.
const FULL_CHARACTERS: usize = 52;
const GROUP: usize = 4;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What a voter keeps to find the ballot on the bulletin board. Printed as its first 26 characters in
/// groups of four; [`ConfirmationCode::full`] has all bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConfirmationCode(pub [u8; 32]);

impl ConfirmationCode {
    /// All 256 bits as 52 Crockford base32 characters, for the QR code.
    #[must_use]
    pub fn full(&self) -> String {
        let digit = |place: usize| {
            let bit = |place: usize| {
                let byte = self.0.get(place / 8).copied().unwrap_or(0);
                usize::from(byte >> (7 - place % 8) & 1)
            };
            let value = (0..5).fold(0, |value, offset| value << 1 | bit(5 * place + offset));
            ALPHABET
                .get(value)
                .map_or('?', |symbol| char::from(*symbol))
        };
        (0..FULL_CHARACTERS).map(digit).collect()
    }
}

fn grouped(f: &mut fmt::Formatter<'_>, characters: impl Iterator<Item = char>) -> fmt::Result {
    for (index, character) in characters.enumerate() {
        if index > 0 && index.is_multiple_of(GROUP) {
            f.write_str("-")?;
        }
        write!(f, "{character}")?;
    }
    Ok(())
}

impl fmt::Display for ConfirmationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        grouped(f, self.full().chars().take(CODE_CHARACTERS))
    }
}

/// Why text is no confirmation code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// A character outside the alphabet.
    #[error("{0:?} does not occur in a confirmation code")]
    Character(char),
    /// Too few or too many characters.
    #[error("{found} characters where {CODE_CHARACTERS} to {FULL_CHARACTERS} are expected")]
    Length {
        /// Number of characters without spaces and hyphens.
        found: usize,
    },
}

/// What a voter typed or scanned: the first 26 characters of a code, or more.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CodePrefix(String);

impl CodePrefix {
    /// Whether the code begins so.
    #[must_use]
    pub fn matches(&self, code: &ConfirmationCode) -> bool {
        code.full().starts_with(&self.0)
    }
}

impl From<ConfirmationCode> for CodePrefix {
    /// The whole code.
    fn from(code: ConfirmationCode) -> Self {
        Self(code.full())
    }
}

impl FromStr for CodePrefix {
    type Err = CodeError;

    /// Ignores case, spaces and hyphens; takes O for 0, I and L for 1.
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let characters = text
            .chars()
            .filter(|character| !character.is_whitespace() && *character != '-')
            .map(|character| match character.to_ascii_uppercase() {
                'O' => Ok('0'),
                'I' | 'L' => Ok('1'),
                'U' => Err(CodeError::Character(character)),
                upper if upper.is_ascii_alphanumeric() => Ok(upper),
                _ => Err(CodeError::Character(character)),
            })
            .collect::<Result<String, _>>()?;
        if !(CODE_CHARACTERS..=FULL_CHARACTERS).contains(&characters.len()) {
            return Err(CodeError::Length {
                found: characters.len(),
            });
        }
        Ok(Self(characters))
    }
}

impl fmt::Display for CodePrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        grouped(f, self.0.chars())
    }
}

#[cfg(test)]
mod tests {
    use alloc::borrow::ToOwned;
    use alloc::format;
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn shown_and_read_back() {
        let code = ConfirmationCode(core::array::from_fn(|i| u8::try_from(7 * i).unwrap()));
        let shown = code.to_string();
        assert_eq!(shown.replace('-', "").len(), CODE_CHARACTERS);
        // 0x00 0x07 0x0e 0x15: 00000 00000 00011 10000 11100 00101 01...
        assert!(shown.starts_with("003G-W5"), "{shown}");
        for text in [
            shown.clone(),
            shown.to_lowercase().replace('-', " "),
            shown.replace('0', "o").replace('1', "l"),
            code.full(),
        ] {
            assert!(text.parse::<CodePrefix>().unwrap().matches(&code), "{text}");
        }
        let mut other = code;
        other.0[16] ^= 0x40; // bit 130, the first that is not shown
        assert_eq!(
            other.to_string(),
            shown[..shown.len() - 1].to_owned() + &other.to_string()[shown.len() - 1..]
        );
        other.0 = code.0;
        other.0[15] ^= 1;
        assert!(!shown.parse::<CodePrefix>().unwrap().matches(&other));
    }

    #[test]
    fn bad_text_is_refused() {
        let short = "003G".parse::<CodePrefix>();
        assert_eq!(short, Err(CodeError::Length { found: 4 }));
        let long = "0".repeat(53).parse::<CodePrefix>();
        assert_eq!(long, Err(CodeError::Length { found: 53 }));
        let bad = format!("{}U", "0".repeat(25)).parse::<CodePrefix>();
        assert_eq!(bad, Err(CodeError::Character('U')));
        let bad = format!("{}é", "0".repeat(25)).parse::<CodePrefix>();
        assert_eq!(bad, Err(CodeError::Character('é')));
    }
}
