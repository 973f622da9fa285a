//! Messages of the record checker in Korean.
//!
//! The checker speaks English: what it found goes into reports that programs and people anywhere
//! compare. Here its sentences are recognised and said in Korean; what they quote (hashes, numbers,
//! names of files) stays. A sentence without a translation stays English rather than be lost.

mod table;

use table::TABLE;

/// Sentences quoted within sentences, at most.
const DEPTH: usize = 8;

/// The message in Korean, or as it is if it has no translation.
#[must_use]
pub fn message(english: &str) -> String {
    translate(english, DEPTH)
}

fn translate(english: &str, depth: usize) -> String {
    let Some(depth) = depth.checked_sub(1) else {
        return english.to_owned();
    };
    let matching = TABLE
        .iter()
        .find_map(|(pattern, korean)| Some((holes(pattern, english)?, korean)));
    let Some((holes, korean)) = matching else {
        return english.to_owned();
    };
    let mut out = String::new();
    let mut rest = *korean;
    // `{0}`, `{1}`: the order of words differs.
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (number, after) = after.split_once('}').unwrap_or((after, ""));
        let hole = number
            .parse()
            .ok()
            .and_then(|place: usize| holes.get(place));
        if let Some(hole) = hole {
            out.push_str(&translate(hole, depth));
        }
        rest = after;
    }
    out + rest
}

/// What stands in place of each `{}` of the pattern, if the text follows it.
fn holes<'t>(pattern: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let mut pieces = pattern.split("{}");
    let mut rest = text.strip_prefix(pieces.next()?)?;
    let mut holes = Vec::new();
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        let (hole, after) = if pieces.peek().is_none() {
            (rest.strip_suffix(piece)?, "")
        } else {
            rest.split_once(piece)?
        };
        holes.push(hole);
        rest = after;
    }
    rest.is_empty().then_some(holes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_and_their_holes() {
        assert_eq!(holes("a", "a"), Some(vec![]));
        assert_eq!(holes("a", "ab"), None);
        assert_eq!(holes("at least {}", "at least 3"), Some(vec!["3"]));
        assert_eq!(holes("{} of {}", "3 of 4 of 5"), Some(vec!["3", "4 of 5"]));
        assert_eq!(holes("sum {}.", "sum 1"), None);
    }

    #[test]
    fn sentences_within_sentences() {
        let said = message("sum of group 2 of contest 0 at position 1");
        assert_eq!(said, "안건 0의 묶음 2의 위치 1 합계");
        assert_eq!(message("something new"), "something new");
        assert_eq!(message("credential 7 is revoked"), "자격 7은(는) 취소됨");
    }

    /// A placeholder without a hole would swallow what it should say.
    #[test]
    fn every_placeholder_has_a_hole() {
        for (english, korean) in TABLE {
            let holes = english.matches("{}").count();
            for part in korean.split('{').skip(1) {
                let (number, _) = part.split_once('}').expect(korean);
                let number: usize = number.parse().expect(korean);
                assert!(number < holes, "{english}: {korean}");
            }
        }
    }

    /// A pattern that an earlier one matches is never used.
    #[test]
    fn no_pattern_hides_another() {
        let hidden = TABLE.iter().enumerate().filter(|(place, (english, _))| {
            let text = english.replace("{}", "7");
            let fits = |(pattern, _): &(&str, &str)| holes(pattern, &text).is_some();
            TABLE.iter().position(fits) != Some(*place)
        });
        let hidden: Vec<_> = hidden.map(|(_, (english, _))| english).collect();
        assert!(hidden.is_empty(), "{hidden:#?}");
    }
}
