//! Languages of the report.

pub mod korean;

use serde::Serialize;

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Lang {
    /// Korean.
    Ko,
    /// English.
    En,
}

impl Lang {
    /// Korean in a Korean locale, English otherwise.
    #[must_use]
    pub fn from_locale() -> Self {
        let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
        match locale {
            Some(locale) if locale.starts_with("ko") => Self::Ko,
            _ => Self::En,
        }
    }

    /// One of two words.
    #[must_use]
    pub const fn pick<'a>(self, ko: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Ko => ko,
            Self::En => en,
        }
    }

    /// A message of the record checker in this language.
    #[must_use]
    pub fn message(self, english: &str) -> String {
        match self {
            Self::Ko => korean::message(english),
            Self::En => english.to_owned(),
        }
    }
}

/// A text of the manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bilingual {
    /// Korean, authoritative.
    pub ko: String,
    /// English; may be empty.
    pub en: String,
}

impl Bilingual {
    /// The text in a language, in Korean if there is none.
    #[must_use]
    pub fn pick(&self, lang: Lang) -> &str {
        match lang {
            Lang::En if !self.en.is_empty() => &self.en,
            Lang::En | Lang::Ko => &self.ko,
        }
    }
}
