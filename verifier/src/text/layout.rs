//! Columns of characters that may be two wide, numbers, and texts made harmless.

/// Columns that a terminal gives a character: two for Hangul, Chinese characters and their kin.
const fn char_width(character: char) -> usize {
    match character {
        '\u{1100}'..='\u{115F}'
        | '\u{2E80}'..='\u{A4CF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE6F}'
        | '\u{FF00}'..='\u{FF60}'
        | '\u{FFE0}'..='\u{FFE6}'
        | '\u{20000}'..='\u{3FFFD}' => 2,
        _ => 1,
    }
}

/// Columns of a text.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

/// The text followed by spaces up to `columns`.
pub(super) fn pad(text: &str, columns: usize) -> String {
    let spaces = columns.saturating_sub(width(text));
    format!("{text}{:spaces$}", "")
}

/// Without control characters, line ends and direction marks.
pub(crate) fn clean(text: &str) -> String {
    let harmless = |character: char| match character {
        '\n' | '\t' => ' ',
        control if control.is_control() => '\u{FFFD}',
        '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => '\u{FFFD}',
        other => other,
    };
    text.chars().map(harmless).collect()
}

/// With commas after every three digits.
pub(super) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// ` (12.3 %)`, or nothing of nothing.
pub(super) fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return String::new();
    }
    let tenths = (u128::from(part) * 1000 + u128::from(whole) / 2) / u128::from(whole);
    format!(" ({}.{} %)", tenths / 10, tenths % 10)
}

/// Hexadecimal in groups of four.
pub(super) fn grouped_hex(hex: &str) -> String {
    let mut out = String::new();
    for (place, digit) in hex.chars().enumerate() {
        if place > 0 && place.is_multiple_of(4) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_shares() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(8_387_278), "8,387,278");
        assert_eq!(percent(2_158, 8_387), " (25.7 %)");
        assert_eq!(percent(1, 1), " (100.0 %)");
        assert_eq!(percent(u64::MAX, u64::MAX), " (100.0 %)");
        assert_eq!(percent(3, 0), "");
    }

    #[test]
    fn hangul_takes_two_columns() {
        assert_eq!(width("한표 a"), 6);
        assert_eq!(pad("한표", 6), "한표  ");
        assert_eq!(pad("longer", 3), "longer");
    }

    #[test]
    fn titles_cannot_imitate_lines_or_turn_around() {
        assert_eq!(
            clean("a\n 1  PASS\u{1b}[2J\u{202e}"),
            "a  1  PASS\u{FFFD}[2J\u{FFFD}"
        );
    }
}
