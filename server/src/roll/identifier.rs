//! Identifiers of voters: what is on the letter, in the roll and typed on a phone must be one text.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;

/// Why an identifier is refused.
pub(crate) const LOOKALIKE: &str =
    "contains invisible or look-alike characters (full width, decomposed); write it as it is typed";

/// Whether nobody can type another text that looks the same: Unicode form NFKC, no invisible characters.
pub(crate) fn is_plain(identifier: &str) -> bool {
    let invisible = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    ComposingNormalizerBorrowed::new_nfkc().is_normalized(identifier)
        && !identifier.chars().any(|c| invisible.contains(c))
}

/// An identifier as typed, in the form of the roll: an input method's full-width digits are digits.
pub(crate) fn typed(identifier: &str) -> Cow<'_, str> {
    ComposingNormalizerBorrowed::new_nfkc().normalize(identifier.trim())
}

#[cfg(test)]
mod tests {
    use super::{is_plain, typed};

    #[test]
    fn only_what_looks_like_itself_is_plain() {
        for plain in ["v1", "A-1_2.b", "가나다", "é", "2011-0824"] {
            assert!(is_plain(plain), "{plain}");
        }
        for odd in [
            "a\u{ff11}",
            "a1\u{200b}",
            "\u{1100}\u{1161}",
            "e\u{301}",
            "a\u{202e}1",
            "\u{feff}a",
        ] {
            assert!(!is_plain(odd), "{odd:?}");
        }
    }

    #[test]
    fn what_is_typed_is_brought_into_the_form_of_the_roll() {
        assert_eq!(typed(" \u{ff56}\u{ff11} "), "v1");
        assert_eq!(typed("\u{1100}\u{1161}"), "가");
    }
}
