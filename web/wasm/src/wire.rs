//! Messages: CBOR with definite lengths. A structure is a map from the names of its fields, an absent value is
//! null, an enumeration is the name of its variant. A request has every field of its type once, in any order, and
//! no others.
//!
//! Every type also describes itself in TypeScript ([`Schema`]), from which `web/src/wasm/messages.ts` is made.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use minicbor::decode::Error as DecodeError;
use minicbor::encode::{Error as EncodeError, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};
use zeroize::Zeroizing;

/// TypeScript declarations, in the order in which they were first needed.
#[derive(Default)]
pub struct Types(Vec<(&'static str, String)>);

impl Types {
    /// Declares a named type, once.
    pub fn declare(&mut self, name: &'static str, text: impl FnOnce(&mut Self) -> String) {
        if self.0.iter().any(|(declared, _)| *declared == name) {
            return;
        }
        // Holds the place, so that a type may contain itself.
        self.0.push((name, String::new()));
        let text = text(self);
        if let Some((_, slot)) = self.0.iter_mut().find(|(declared, _)| *declared == name) {
            *slot = text;
        }
    }

    /// All declarations.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.iter().map(|(_, text)| text.as_str()).collect()
    }
}

/// A type that can say what it is in TypeScript.
pub trait Schema {
    /// The TypeScript expression for this type; declares what it needs.
    fn typescript(types: &mut Types) -> String;
}

macro_rules! plain {
    ($($type:ty => $name:literal),+ $(,)?) => {$(
        impl Schema for $type {
            fn typescript(_: &mut Types) -> String {
                $name.to_owned()
            }
        }
    )+};
}

plain!(
    bool => "boolean", u8 => "number", u16 => "number", u32 => "number", Number => "number",
    String => "string", Secret => "string", Bytes => "Uint8Array", Nothing => "null",
);

impl<T: Schema> Schema for Vec<T> {
    fn typescript(types: &mut Types) -> String {
        let item = T::typescript(types);
        if item.contains(' ') {
            format!("({item})[]")
        } else {
            format!("{item}[]")
        }
    }
}

impl<T: Schema> Schema for Option<T> {
    fn typescript(types: &mut Types) -> String {
        format!("{} | null", T::typescript(types))
    }
}

/// A whole number that JavaScript holds exactly: at most 2^53 - 1. Greater ones, which only a hostile record
/// has, become that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number(u64);

impl Number {
    const MAX: u64 = (1 << 53) - 1;

    /// The number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self(value.min(Self::MAX))
    }
}

impl From<usize> for Number {
    fn from(value: usize) -> Self {
        u64::try_from(value).unwrap_or(u64::MAX).into()
    }
}

impl<C> Encode<C> for Number {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.u64(self.0)?;
        Ok(())
    }
}

impl<'b, C> Decode<'b, C> for Number {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        let value = d.u64()?;
        if value > Self::MAX {
            return Err(wrong(format_args!("a number above 2^53 - 1")));
        }
        Ok(Self(value))
    }
}

/// The response of an operation that has nothing to say: null.
pub struct Nothing;

impl<C> Encode<C> for Nothing {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.null()?;
        Ok(())
    }
}

/// A byte string.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl Bytes {
    /// As an array of fixed length.
    #[must_use]
    pub fn array<const N: usize>(&self) -> Option<[u8; N]> {
        self.0.as_slice().try_into().ok()
    }
}

impl<T: AsRef<[u8]>> From<T> for Bytes {
    fn from(bytes: T) -> Self {
        Self(bytes.as_ref().to_vec())
    }
}

impl core::ops::Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl<C> Encode<C> for Bytes {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.bytes(&self.0)?;
        Ok(())
    }
}

impl<'b, C> Decode<'b, C> for Bytes {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        Ok(Self(d.bytes()?.to_vec()))
    }
}

/// A text that is wiped when dropped: a voting code. Without `Debug`.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl AsRef<str> for Secret {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }
}

impl<'b, C> Decode<'b, C> for Secret {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        Ok(d.str()?.into())
    }
}

/// Bytes that are wiped when dropped: a seed of randomness. Without `Debug`.
pub struct SecretBytes(Zeroizing<Vec<u8>>);

impl SecretBytes {
    /// The bytes.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }
}

impl From<&[u8]> for SecretBytes {
    fn from(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }
}

impl Schema for SecretBytes {
    fn typescript(_: &mut Types) -> String {
        "Uint8Array".to_owned()
    }
}

impl<'b, C> Decode<'b, C> for SecretBytes {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        Ok(d.bytes()?.into())
    }
}

/// The error of a request that is none.
#[cfg(feature = "std")]
pub fn wrong(words: core::fmt::Arguments<'_>) -> DecodeError {
    DecodeError::message(words)
}

/// The error of a request that is none, without words.
#[cfg(not(feature = "std"))]
#[inline(always)]
pub fn wrong(_: core::fmt::Arguments<'_>) -> DecodeError {
    DecodeError::end_of_input()
}

/// Keeps the value of a field that must stand in a map once.
///
/// # Errors
/// If it stands there twice.
pub fn set<T>(slot: &mut Option<T>, value: T, name: &str) -> Result<(), DecodeError> {
    if slot.replace(value).is_some() {
        return Err(wrong(format_args!("field {name} twice")));
    }
    Ok(())
}

/// The value of a field that must stand in a map.
///
/// # Errors
/// If it does not.
pub fn required<T>(slot: Option<T>, name: &str) -> Result<T, DecodeError> {
    slot.ok_or_else(|| wrong(format_args!("field {name} is missing")))
}

/// Length of a map.
///
/// # Errors
/// If there is none, or one of indefinite length.
pub fn map_len(d: &mut Decoder<'_>) -> Result<u64, DecodeError> {
    d.map()?
        .ok_or_else(|| wrong(format_args!("a map of indefinite length")))
}

/// Finds the values of the fields `names` in a map that has each of them once, and no others. Fields are decoded where
/// they stand, so that this is the only reader of maps, whatever a request is made of.
///
/// # Errors
/// If a field is missing, unknown, or there twice.
pub fn find_fields(
    d: &mut Decoder<'_>,
    names: &[&str],
    places: &mut [Option<usize>],
) -> Result<(), DecodeError> {
    for _ in 0..map_len(d)? {
        let name = d.str()?;
        let known = names.iter().position(|known| *known == name);
        let place = known
            .and_then(|number| places.get_mut(number))
            .ok_or_else(|| wrong(format_args!("there is no field {name}")))?;
        set(place, d.position(), name)?;
        d.skip()?;
    }
    for (name, place) in names.iter().zip(places) {
        required(*place, name)?;
    }
    Ok(())
}

/// Decodes the field at a place that [`find_fields`] found.
///
/// # Errors
/// What is wrong with it.
pub fn field<'b, T: Decode<'b, ()>>(
    d: &Decoder<'b>,
    place: Option<usize>,
) -> Result<T, DecodeError> {
    let mut field = Decoder::new(d.input());
    field.set_position(place.unwrap_or(usize::MAX));
    field.decode()
}

/// Decodes a whole request.
///
/// # Errors
/// What is wrong with it.
pub fn decode<T: for<'b> Decode<'b, ()>>(bytes: &[u8]) -> Result<T, DecodeError> {
    let mut decoder = Decoder::new(bytes);
    let value = decoder.decode()?;
    if decoder.position() == bytes.len() {
        Ok(value)
    } else {
        Err(wrong(format_args!("bytes after the request")))
    }
}

/// Encodes a response.
#[must_use]
pub fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    #[expect(
        clippy::expect_used,
        reason = "writing to a vector cannot fail, and no encoder here raises an error itself"
    )]
    minicbor::encode(value, &mut bytes).expect("encoding to memory");
    bytes
}

/// Documentation comments as TypeScript has them.
#[must_use]
pub fn comment(lines: &[&str], indent: &str) -> String {
    let lines: Vec<&str> = lines.iter().map(|line| line.trim()).collect();
    if lines.is_empty() {
        return String::new();
    }
    format!("{indent}/** {} */\n", lines.join(" "))
}

/// Declares a structure of a request: it can be decoded.
#[macro_export]
macro_rules! request {
    (
        $(#[doc = $about:expr])*
        $name:ident { $($(#[doc = $doc:expr])* $field:ident: $type:ty),* $(,)? }
    ) => {
        $(#[doc = $about])*
        pub struct $name {
            $($(#[doc = $doc])* pub $field: $type),*
        }

        impl<'b> minicbor::Decode<'b, ()> for $name {
            fn decode(
                d: &mut minicbor::Decoder<'b>,
                _ctx: &mut (),
            ) -> Result<Self, minicbor::decode::Error> {
                const NAMES: &[&str] = &[$(stringify!($field)),*];
                let mut places = [None; NAMES.len()];
                $crate::wire::find_fields(d, NAMES, &mut places)?;
                let mut places = places.into_iter().flatten();
                Ok(Self {
                    $($field: $crate::wire::field(d, places.next())?),*
                })
            }
        }

        $crate::structure_schema!([$($about),*] $name { $([$($doc),*] $field: $type),* });
    };
}

/// Declares a structure of a response: it can be encoded.
#[macro_export]
macro_rules! response {
    (
        $(#[doc = $about:expr])*
        $name:ident { $($(#[doc = $doc:expr])* $field:ident: $type:ty),* $(,)? }
    ) => {
        $(#[doc = $about])*
        pub struct $name {
            $($(#[doc = $doc])* pub $field: $type),*
        }

        impl minicbor::Encode<()> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                _ctx: &mut (),
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                const FIELDS: &[&str] = &[$(stringify!($field)),*];
                e.map(FIELDS.len() as u64)?;
                $(e.str(stringify!($field))?.encode(&self.$field)?;)*
                Ok(())
            }
        }

        $crate::structure_schema!([$($about),*] $name { $([$($doc),*] $field: $type),* });
    };
}

/// The TypeScript of a structure.
#[macro_export]
macro_rules! structure_schema {
    ([$($about:expr),*] $name:ident { $([$($doc:expr),*] $field:ident: $type:ty),* }) => {
        impl $crate::wire::Schema for $name {
            fn typescript(types: &mut $crate::wire::Types) -> alloc::string::String {
                types.declare(stringify!($name), |_types| {
                    let mut text = $crate::wire::comment(&[$($about),*], "");
                    text += concat!("export interface ", stringify!($name), " {\n");
                    $(
                        text += &$crate::wire::comment(&[$($doc),*], "  ");
                        let field = <$type as $crate::wire::Schema>::typescript(_types);
                        text += &alloc::format!(concat!("  ", stringify!($field), ": {};\n"), field);
                    )*
                    text += "}\n\n";
                    text
                });
                alloc::string::String::from(stringify!($name))
            }
        }
    };
}

/// Declares an enumeration of a response: its variants are texts.
#[macro_export]
macro_rules! choice {
    (
        $(#[doc = $about:expr])*
        $name:ident { $($(#[doc = $doc:expr])* $variant:ident = $text:literal),+ $(,)? }
    ) => {
        $(#[doc = $about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[doc = $doc])* $variant),+
        }

        impl $name {
            /// As it stands in messages.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self {
                    $(Self::$variant => $text),+
                }
            }
        }

        impl minicbor::Encode<()> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                _ctx: &mut (),
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.str(self.text())?;
                Ok(())
            }
        }

        impl $crate::wire::Schema for $name {
            fn typescript(types: &mut $crate::wire::Types) -> alloc::string::String {
                types.declare(stringify!($name), |_| {
                    let mut text = $crate::wire::comment(&[$($about),*], "");
                    text += concat!("export type ", stringify!($name), " =\n");
                    $(
                        text += &$crate::wire::comment(&[$($doc),*], "  ");
                        text += concat!("  | '", $text, "'\n");
                    )+
                    text.pop();
                    text += ";\n\n";
                    text
                });
                alloc::string::String::from(stringify!($name))
            }
        }
    };
}

/// Declares a response that is one of several structures, told apart by their `kind`.
#[macro_export]
macro_rules! union {
    (
        $(#[doc = $about:expr])*
        $name:ident {
            $(
                $(#[doc = $doc:expr])*
                $variant:ident = $text:literal { $($field:ident: $type:ty),* $(,)? }
            ),+ $(,)?
        }
    ) => {
        $(#[doc = $about])*
        #[allow(missing_docs, reason = "the fields are named after what they are")]
        pub enum $name {
            $($(#[doc = $doc])* $variant { $($field: $type),* }),+
        }

        impl minicbor::Encode<()> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                _ctx: &mut (),
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                match self {
                    $(Self::$variant { $($field),* } => {
                        const FIELDS: &[&str] = &["kind", $(stringify!($field)),*];
                        e.map(FIELDS.len() as u64)?.str("kind")?.str($text)?;
                        $(e.str(stringify!($field))?.encode($field)?;)*
                    })+
                }
                Ok(())
            }
        }

        impl $crate::wire::Schema for $name {
            fn typescript(types: &mut $crate::wire::Types) -> alloc::string::String {
                types.declare(stringify!($name), |_types| {
                    let mut text = $crate::wire::comment(&[$($about),*], "");
                    text += concat!("export type ", stringify!($name), " =\n");
                    $(
                        text += &$crate::wire::comment(&[$($doc),*], "  ");
                        text += concat!("  | { kind: '", $text, "'");
                        $(
                            let field = <$type as $crate::wire::Schema>::typescript(_types);
                            text += &alloc::format!(concat!("; ", stringify!($field), ": {}"), field);
                        )*
                        text += " }\n";
                    )+
                    text.pop();
                    text += ";\n\n";
                    text
                });
                alloc::string::String::from(stringify!($name))
            }
        }
    };
}
