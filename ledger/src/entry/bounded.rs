//! Lists, byte strings and texts with the lengths that the CDDL allows: a value outside them cannot
//! be built, so whatever is built can be encoded.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Deref;

use minicbor::decode::Error as DecodeError;
use minicbor::encode::{Error as EncodeError, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};

use super::codec;

/// A list, byte string or text of a length that the CDDL does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{found} {unit} where {min} to {max} are allowed")]
pub struct WrongLength {
    /// What is counted: items or bytes.
    pub unit: &'static str,
    /// Least number allowed.
    pub min: usize,
    /// Greatest number allowed.
    pub max: usize,
    /// Number found.
    pub found: usize,
}

fn check(unit: &'static str, (min, max): (usize, usize), found: usize) -> Result<(), WrongLength> {
    if (min..=max).contains(&found) {
        Ok(())
    } else {
        Err(WrongLength {
            unit,
            min,
            max,
            found,
        })
    }
}

/// `MIN` to `MAX` items, a CBOR array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List<T, const MIN: usize, const MAX: usize>(Vec<T>);

impl<T, const MIN: usize, const MAX: usize> List<T, MIN, MAX> {
    /// Takes `items` if their number is allowed.
    ///
    /// # Errors
    /// [`WrongLength`] otherwise.
    pub fn new(items: Vec<T>) -> Result<Self, WrongLength> {
        Self::check(items.len())?;
        Ok(Self(items))
    }

    pub(crate) fn check(length: usize) -> Result<(), WrongLength> {
        check("items", (MIN, MAX), length)
    }

    /// The items.
    #[must_use]
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T, const MIN: usize, const MAX: usize> Deref for List<T, MIN, MAX> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T, const MIN: usize, const MAX: usize> TryFrom<Vec<T>> for List<T, MIN, MAX> {
    type Error = WrongLength;

    fn try_from(items: Vec<T>) -> Result<Self, WrongLength> {
        Self::new(items)
    }
}

impl<'a, T, const MIN: usize, const MAX: usize> IntoIterator for &'a List<T, MIN, MAX> {
    type Item = &'a T;
    type IntoIter = core::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<Ctx, T: Encode<Ctx>, const MIN: usize, const MAX: usize> Encode<Ctx> for List<T, MIN, MAX> {
    fn encode<W: Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut Ctx,
    ) -> Result<(), EncodeError<W::Error>> {
        e.array(self.0.len() as u64)?;
        self.0.iter().try_for_each(|item| item.encode(e, ctx))
    }
}

impl<'b, Ctx, T: Decode<'b, Ctx>, const MIN: usize, const MAX: usize> Decode<'b, Ctx>
    for List<T, MIN, MAX>
{
    fn decode(d: &mut Decoder<'b>, ctx: &mut Ctx) -> Result<Self, DecodeError> {
        let length = usize::try_from(codec::array(d)?).unwrap_or(usize::MAX);
        Self::check(length).map_err(|e| codec::malformed(format_args!("{e}")))?;
        // The head alone must not make us reserve memory: each item takes at least one byte.
        let left = d.input().len().saturating_sub(d.position());
        let mut items = Vec::with_capacity(length.min(left));
        for number in 0..length {
            let item = T::decode(d, ctx).map_err(|e| {
                codec::malformed(format_args!("item {number}: {}", codec::reason(&e)))
            })?;
            items.push(item);
        }
        Ok(Self(items))
    }
}

/// `MIN` to `MAX` bytes, a CBOR byte string.
#[derive(Clone, PartialEq, Eq)]
pub struct Bytes<const MIN: usize, const MAX: usize>(Vec<u8>);

impl<const MIN: usize, const MAX: usize> Bytes<MIN, MAX> {
    /// Takes `bytes` if their number is allowed.
    ///
    /// # Errors
    /// [`WrongLength`] otherwise.
    pub fn new(bytes: Vec<u8>) -> Result<Self, WrongLength> {
        Self::check(bytes.len())?;
        Ok(Self(bytes))
    }

    pub(crate) fn check(length: usize) -> Result<(), WrongLength> {
        check("bytes", (MIN, MAX), length)
    }

    /// The bytes.
    #[must_use]
    pub fn into_vec(self) -> Vec<u8> {
        self.0
    }
}

impl<const MIN: usize, const MAX: usize> Deref for Bytes<MIN, MAX> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl<const MIN: usize, const MAX: usize> TryFrom<Vec<u8>> for Bytes<MIN, MAX> {
    type Error = WrongLength;

    fn try_from(bytes: Vec<u8>) -> Result<Self, WrongLength> {
        Self::new(bytes)
    }
}

impl<const MIN: usize, const MAX: usize> core::fmt::Debug for Bytes<MIN, MAX> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Bytes({})", base16ct::lower::encode_string(&self.0))
    }
}

impl<Ctx, const MIN: usize, const MAX: usize> Encode<Ctx> for Bytes<MIN, MAX> {
    fn encode<W: Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut Ctx,
    ) -> Result<(), EncodeError<W::Error>> {
        e.bytes(&self.0)?;
        Ok(())
    }
}

impl<'b, Ctx, const MIN: usize, const MAX: usize> Decode<'b, Ctx> for Bytes<MIN, MAX> {
    fn decode(d: &mut Decoder<'b>, _: &mut Ctx) -> Result<Self, DecodeError> {
        let bytes = d.bytes()?;
        Self::check(bytes.len()).map_err(|e| codec::malformed(format_args!("{e}")))?;
        Ok(Self(bytes.to_vec()))
    }
}

/// A text of `MIN` to `MAX` bytes in UTF-8, a CBOR text string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text<const MIN: usize, const MAX: usize>(String);

impl<const MIN: usize, const MAX: usize> Text<MIN, MAX> {
    /// Takes `text` if its length in bytes is allowed.
    ///
    /// # Errors
    /// [`WrongLength`] otherwise.
    pub fn new(text: impl Into<String>) -> Result<Self, WrongLength> {
        let text = text.into();
        check("bytes", (MIN, MAX), text.len())?;
        Ok(Self(text))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MIN: usize, const MAX: usize> Deref for Text<MIN, MAX> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MIN: usize, const MAX: usize> TryFrom<String> for Text<MIN, MAX> {
    type Error = WrongLength;

    fn try_from(text: String) -> Result<Self, WrongLength> {
        Self::new(text)
    }
}

impl<const MIN: usize, const MAX: usize> core::fmt::Display for Text<MIN, MAX> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.fmt(f)
    }
}

impl<Ctx, const MIN: usize, const MAX: usize> Encode<Ctx> for Text<MIN, MAX> {
    fn encode<W: Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut Ctx,
    ) -> Result<(), EncodeError<W::Error>> {
        e.str(&self.0)?;
        Ok(())
    }
}

impl<'b, Ctx, const MIN: usize, const MAX: usize> Decode<'b, Ctx> for Text<MIN, MAX> {
    fn decode(d: &mut Decoder<'b>, _: &mut Ctx) -> Result<Self, DecodeError> {
        let text = d.str()?;
        check("bytes", (MIN, MAX), text.len())
            .map_err(|e| codec::malformed(format_args!("{e}")))?;
        Ok(Self(text.to_owned()))
    }
}
