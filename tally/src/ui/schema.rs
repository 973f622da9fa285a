//! Messages in JSON: Rust types that describe themselves in TypeScript, so that program and page never have two
//! versions. A structure is an object, an absent value null, an enumeration the name of its variant; a message that is
//! one of several has a `kind`.

use std::ops::Deref;

use serde::{Deserialize, Deserializer};
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

// Counts of entries and seconds stay far below 2^53.
plain!(bool => "boolean", u8 => "number", u16 => "number", u32 => "number", u64 => "number", i64 => "number",
    String => "string", Secret => "string");

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

/// A text that is wiped when dropped: a passphrase. Without `Debug`, never sent to a page.
pub struct Secret(Zeroizing<String>);

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Zeroizing::new(text)))
    }
}

impl Deref for Secret {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
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

/// Declares a structure.
#[macro_export]
macro_rules! message {
    (
        $(#[doc = $about:expr])*
        [$($derive:path),*] $name:ident { $($(#[doc = $doc:expr])* $field:ident: $type:ty),* $(,)? }
    ) => {
        $(#[doc = $about])*
        #[derive($($derive),*)]
        pub struct $name {
            $($(#[doc = $doc])* pub $field: $type),*
        }

        impl $crate::ui::schema::Schema for $name {
            fn typescript(types: &mut $crate::ui::schema::Types) -> String {
                types.declare(stringify!($name), |_types| {
                    let mut text = $crate::ui::schema::comment(&[$($about),*], "");
                    text += concat!("export interface ", stringify!($name), " {\n");
                    $(
                        text += &$crate::ui::schema::comment(&[$($doc),*], "  ");
                        let field = <$type as $crate::ui::schema::Schema>::typescript(_types);
                        text += &format!(concat!("  ", stringify!($field), ": {};\n"), field);
                    )*
                    text += "}\n\n";
                    text
                });
                stringify!($name).to_owned()
            }
        }
    };
}

/// Declares an enumeration whose variants are texts.
#[macro_export]
macro_rules! choice {
    (
        $(#[doc = $about:expr])*
        $name:ident { $($(#[doc = $doc:expr])* $variant:ident = $text:literal),+ $(,)? }
    ) => {
        $(#[doc = $about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
        pub enum $name {
            $($(#[doc = $doc])* #[serde(rename = $text)] $variant),+
        }

        impl $crate::ui::schema::Schema for $name {
            fn typescript(types: &mut $crate::ui::schema::Types) -> String {
                types.declare(stringify!($name), |_| {
                    let mut text = $crate::ui::schema::comment(&[$($about),*], "");
                    text += concat!("export type ", stringify!($name), " =\n");
                    $(
                        text += &$crate::ui::schema::comment(&[$($doc),*], "  ");
                        text += concat!("  | '", $text, "'\n");
                    )+
                    text.pop();
                    text += ";\n\n";
                    text
                });
                stringify!($name).to_owned()
            }
        }
    };
}

/// Declares a request that is one of several structures, told apart by their `kind`.
#[macro_export]
macro_rules! request {
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
        #[derive(serde::Deserialize)]
        #[serde(tag = "kind", deny_unknown_fields)]
        #[allow(missing_docs, reason = "the fields are named after what they are")]
        pub enum $name {
            $($(#[doc = $doc])* #[serde(rename = $text)] $variant { $($field: $type),* }),+
        }

        impl $name {
            /// Its `kind`.
            #[must_use]
            pub const fn kind(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $text),+
                }
            }
        }

        impl $crate::ui::schema::Schema for $name {
            fn typescript(types: &mut $crate::ui::schema::Types) -> String {
                types.declare(stringify!($name), |_types| {
                    let mut text = $crate::ui::schema::comment(&[$($about),*], "");
                    text += concat!("export type ", stringify!($name), " =\n");
                    $(
                        text += &$crate::ui::schema::comment(&[$($doc),*], "  ");
                        text += concat!("  | { kind: '", $text, "'");
                        $(
                            let field = <$type as $crate::ui::schema::Schema>::typescript(_types);
                            text += &format!(concat!("; ", stringify!($field), ": {}"), field);
                        )*
                        text += " }\n";
                    )+
                    text.pop();
                    text += ";\n\n";
                    text
                });
                stringify!($name).to_owned()
            }
        }
    };
}
