//! Small parts that every text format of the log shares.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use base64ct::{Base64, Encoding};

use super::merkle::Hash;

/// Reads an ASCII decimal without sign, spaces or leading zeros (except `0` itself).
pub(super) fn decimal(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = text == "0" || !text.starts_with('0');
    (digits && canonical).then(|| text.parse().ok())?
}

/// Reads standard base64 with padding and without stray bits: only what re-encodes to itself.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    Base64::decode_vec(text).ok()
}

/// Splits off one line that ends in a newline; `None` when there is no newline left.
pub(super) fn line(text: &str) -> Option<(&str, &str)> {
    text.split_once('\n')
}

/// Reads up to `limit` base64 hashes, one a line, up to and including the empty line after
/// them; gives the rest of the text. On failure, the offending line, or `None` when more
/// than `limit` lines come or the text ends early.
pub(super) fn hash_lines(
    mut text: &str,
    limit: usize,
) -> Result<(Vec<Hash>, &str), Option<String>> {
    let mut hashes = Vec::new();
    loop {
        let (first, rest) = line(text).ok_or(None)?;
        text = rest;
        if first.is_empty() {
            return Ok((hashes, text));
        }
        if hashes.len() == limit {
            return Err(None);
        }
        hashes.push(Hash::from_base64(first).ok_or_else(|| Some(first.to_owned()))?);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::base64;

    #[test]
    fn base64_that_does_not_re_encode_to_itself_is_refused() {
        assert_eq!(base64("ZW50cnk=").unwrap(), b"entry");
        for bad in [
            "ZW50cnk",          // padding missing
            "ZW50cnl=",         // stray bits
            "ZW50cnk=ZW50cnk=", // padding within
            "ZW50cnk=MTIz",
            "ZW50 cnk=",
            "ZW50cnk=\n",
            "=",
        ] {
            assert!(base64(bad).is_none(), "{bad:?}");
        }
    }
}
