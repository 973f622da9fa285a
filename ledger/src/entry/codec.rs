//! How entries become CBOR: fixed arrays, nothing optional, nothing ignored (docs/PROTOCOL.md section 10.1).
//!
//! minicbor's derive drops trailing nulls and tolerates missing and additional array items, so that
//! formats can grow. Entries must not: the `record!` macro writes every field and accepts exactly
//! as many as it declares.

use alloc::string::String;
use core::fmt;

use minicbor::Decoder;
use minicbor::decode::Error;

/// Reads the head of a definite-length array.
pub(crate) fn array(d: &mut Decoder<'_>) -> Result<u64, Error> {
    d.array()?
        .ok_or_else(|| malformed(format_args!("an array of indefinite length")))
}

/// Reads the head of an array of exactly `expected` items.
pub(crate) fn array_of(d: &mut Decoder<'_>, expected: u64) -> Result<(), Error> {
    let found = array(d)?;
    if found == expected {
        Ok(())
    } else {
        Err(malformed(format_args!(
            "an array of {found} items where {expected} are expected"
        )))
    }
}

/// What is wrong with bytes, in words.
#[cfg(feature = "std")]
pub(crate) fn words(words: fmt::Arguments<'_>) -> String {
    alloc::format!("{words}")
}

/// No words: without the standard library nobody reads them, and what makes them would be a large part of the program.
#[cfg(not(feature = "std"))]
#[inline(always)]
pub(crate) fn words(_: fmt::Arguments<'_>) -> String {
    String::new()
}

/// The error of bytes that are not what they should be.
#[cfg(feature = "std")]
pub(crate) fn malformed(words: fmt::Arguments<'_>) -> Error {
    Error::message(words)
}

/// The error of bytes that are not what they should be, without words.
#[cfg(not(feature = "std"))]
#[inline(always)]
pub(crate) fn malformed(_: fmt::Arguments<'_>) -> Error {
    Error::end_of_input()
}

/// Puts the name of the field in front of what went wrong inside it.
pub(crate) fn in_field(field: &'static str) -> impl FnOnce(Error) -> Error {
    move |error| malformed(format_args!("{field}: {}", reason(&error)))
}

/// What went wrong, in words.
#[cfg(not(feature = "std"))]
#[inline(always)]
pub(crate) fn reason(_: &Error) -> String {
    String::new()
}

/// What went wrong, without the words that minicbor puts before every message.
#[cfg(feature = "std")]
pub(crate) fn reason(error: &Error) -> String {
    let text = error.to_string();
    match text.strip_prefix("decode error: ") {
        Some(reason) => reason.to_owned(),
        None => text,
    }
}

/// Declares a struct that is encoded as the array of its fields, in order.
macro_rules! record {
    (
        $(#[$meta:meta])*
        $name:ident { $($(#[$doc:meta])* $field:ident: $type:ty),+ $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            $($(#[$doc])* pub $field: $type),+
        }

        impl $name {
            const FIELDS: u64 = [$(stringify!($field)),+].len() as u64;
        }

        impl<Ctx> minicbor::Encode<Ctx> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                ctx: &mut Ctx,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.array(Self::FIELDS)?;
                $(minicbor::Encode::encode(&self.$field, e, ctx)?;)+
                Ok(())
            }
        }

        impl<'b, Ctx> minicbor::Decode<'b, Ctx> for $name {
            fn decode(
                d: &mut minicbor::Decoder<'b>,
                ctx: &mut Ctx,
            ) -> Result<Self, minicbor::decode::Error> {
                $crate::entry::codec::array_of(d, Self::FIELDS)?;
                $(
                    let $field = <$type as minicbor::Decode<'b, Ctx>>::decode(d, ctx)
                        .map_err($crate::entry::codec::in_field(stringify!($field)))?;
                )+
                Ok(Self { $($field),+ })
            }
        }
    };
}
pub(crate) use record;

/// Declares a byte string of fixed length.
macro_rules! fixed_bytes {
    ($($(#[$meta:meta])* $name:ident($length:expr);)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub [u8; $length]);

        impl $name {
            /// Number of bytes.
            pub const LENGTH: usize = $length;

            /// The bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; $length] {
                &self.0
            }
        }

        impl From<[u8; $length]> for $name {
            fn from(bytes: [u8; $length]) -> Self {
                Self(bytes)
            }
        }

        impl From<$name> for [u8; $length] {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(&base16ct::lower::encode_string(&self.0))
            }
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl<Ctx> minicbor::Encode<Ctx> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                _: &mut Ctx,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(&self.0)?;
                Ok(())
            }
        }

        impl<'b, Ctx> minicbor::Decode<'b, Ctx> for $name {
            fn decode(
                d: &mut minicbor::Decoder<'b>,
                _: &mut Ctx,
            ) -> Result<Self, minicbor::decode::Error> {
                let bytes = d.bytes()?;
                let found = bytes.len();
                bytes.try_into().map(Self).map_err(|_| {
                    $crate::entry::codec::malformed(format_args!(
                        "{found} bytes where {} are expected",
                        Self::LENGTH
                    ))
                })
            }
        }
    )+};
}
pub(crate) use fixed_bytes;

/// Declares an unsigned integer with the range that the CDDL gives it.
macro_rules! integers {
    ($($(#[$meta:meta])* $name:ident($repr:ty, $min:expr, $max:expr);)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "json", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "json", serde(try_from = "u64", into = "u64"))]
        pub struct $name($repr);

        impl $name {
            /// Least value.
            pub const MIN: Self = Self($min);
            /// Greatest value.
            pub const MAX: Self = Self($max);

            /// The value itself.
            #[must_use]
            pub const fn get(self) -> $repr {
                self.0
            }

            /// The next number, if there is one.
            #[must_use]
            pub fn next(self) -> Option<Self> {
                (self < Self::MAX).then(|| Self(self.0 + 1))
            }
        }

        impl TryFrom<u64> for $name {
            type Error = $crate::entry::OutOfRange;

            fn try_from(value: u64) -> Result<Self, Self::Error> {
                <$repr>::try_from(value)
                    .ok()
                    .map(Self)
                    .filter(|value| (Self::MIN..=Self::MAX).contains(value))
                    .ok_or($crate::entry::OutOfRange {
                        what: stringify!($name),
                        min: Self::MIN.into(),
                        max: Self::MAX.into(),
                        found: value,
                    })
            }
        }

        impl TryFrom<usize> for $name {
            type Error = $crate::entry::OutOfRange;

            fn try_from(value: usize) -> Result<Self, Self::Error> {
                Self::try_from(u64::try_from(value).unwrap_or(u64::MAX))
            }
        }

        impl From<$name> for u64 {
            fn from(value: $name) -> Self {
                Self::from(value.0)
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl<Ctx> minicbor::Encode<Ctx> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                _: &mut Ctx,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.u64(u64::from(self.0))?;
                Ok(())
            }
        }

        impl<'b, Ctx> minicbor::Decode<'b, Ctx> for $name {
            fn decode(
                d: &mut minicbor::Decoder<'b>,
                _: &mut Ctx,
            ) -> Result<Self, minicbor::decode::Error> {
                Self::try_from(d.u64()?)
                    .map_err(|e| $crate::entry::codec::malformed(format_args!("{e}")))
            }
        }
    )+};
}
pub(crate) use integers;

/// Declares an enumeration that is encoded as its number.
macro_rules! choices {
    (
        $(#[$meta:meta])*
        $name:ident { $($(#[$doc:meta])* $variant:ident = $number:literal),+ $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "json", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "json", serde(rename_all = "kebab-case"))]
        pub enum $name {
            $($(#[$doc])* $variant),+
        }

        impl $name {
            /// All of them, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The number that stands for it in an entry.
            #[must_use]
            pub const fn number(self) -> u8 {
                match self {
                    $(Self::$variant => $number),+
                }
            }
        }

        impl<Ctx> minicbor::Encode<Ctx> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                _: &mut Ctx,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.u8(self.number())?;
                Ok(())
            }
        }

        impl<'b, Ctx> minicbor::Decode<'b, Ctx> for $name {
            fn decode(
                d: &mut minicbor::Decoder<'b>,
                _: &mut Ctx,
            ) -> Result<Self, minicbor::decode::Error> {
                match d.u64()? {
                    $($number => Ok(Self::$variant),)+
                    other => Err($crate::entry::codec::malformed(format_args!(
                        concat!("no ", stringify!($name), " has number {}"),
                        other
                    ))),
                }
            }
        }
    };
}
pub(crate) use choices;
