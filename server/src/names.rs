//! Names of values in the API and in the database.

/// Gives an enum its names: `name()`, and `FromStr` with an error of its own for a name that is none of them.
macro_rules! names {
    ($type:ident { $($value:ident = $name:literal,)+ }, $unknown:ident = $message:literal) => {
        impl $type {
            /// The name in the API and in the database.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$value => $name,)+
                }
            }
        }

        /// A name that this program does not know.
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        #[error($message)]
        pub struct $unknown(pub String);

        impl std::str::FromStr for $type {
            type Err = $unknown;

            fn from_str(text: &str) -> Result<Self, $unknown> {
                match text {
                    $($name => Ok(Self::$value),)+
                    _ => Err($unknown(text.to_owned())),
                }
            }
        }
    };
}

pub(crate) use names;
