//! The authority's letters, read as the voters would read them.

use std::collections::HashMap;
use std::io::Read;

use zeroize::Zeroizing;

use super::table::{self, TableError};

const COLUMNS: [&str; 6] = [
    "voter_id",
    "credential_index",
    "authority",
    "code",
    "fingerprint",
    "url",
];

/// What one voter got by letter; with two authorities from both.
///
/// # Security
/// The voting codes are the voter's secret; they are wiped from memory and never printed.
pub struct Letter {
    /// The voter, as in the electoral roll.
    pub voter_id: String,
    /// Voting codes, in the order of the authorities.
    pub codes: Vec<Zeroizing<String>>,
    /// Personal link of each letter, in the same order: it carries the code.
    pub links: Vec<Zeroizing<String>>,
}

/// What one letter holds.
struct Secrets {
    code: Zeroizing<String>,
    link: Zeroizing<String>,
}

/// Reads a letters file: CSV with the columns `voter_id,credential_index,authority,code,fingerprint,url`. One letter a
/// voter, in the order of the file.
///
/// # Errors
/// [`TableError`] of the first bad row; a voter's second letter from the same authority is one.
pub fn read(input: impl Read) -> Result<Vec<Letter>, TableError> {
    let mut places = HashMap::<String, usize>::new();
    let mut letters = Vec::<(String, Vec<(u8, Secrets)>)>::new();
    table::read(input, &COLUMNS, |row| {
        let voter = row.filled("voter_id")?;
        let authority = row.number("authority")?;
        let code = Zeroizing::new(row.filled("code")?.to_owned());
        let link = Zeroizing::new(row.filled("url")?.to_owned());
        let place = *places.entry(voter.to_owned()).or_insert(letters.len());
        if place == letters.len() {
            letters.push((voter.to_owned(), Vec::new()));
        }
        if let Some((_, codes)) = letters.get_mut(place) {
            if codes.iter().any(|(other, _)| *other == authority) {
                let what = format!("voter {voter} has a letter of authority {authority} already");
                return Err(row.wrong(what));
            }
            codes.push((authority, Secrets { code, link }));
        }
        Ok(())
    })?;
    let in_order = |(voter_id, mut secrets): (String, Vec<(u8, Secrets)>)| {
        secrets.sort_by_key(|(authority, _)| *authority);
        let secrets = secrets
            .into_iter()
            .map(|(_, Secrets { code, link })| (code, link));
        let (codes, links) = secrets.unzip();
        Letter {
            voter_id,
            codes,
            links,
        }
    };
    Ok(letters.into_iter().map(in_order).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADING: &str = "voter_id,credential_index,authority,code,fingerprint,url\n";

    fn letters(rows: &str) -> Result<Vec<(String, Vec<String>)>, String> {
        let letters = read(format!("{HEADING}{rows}").as_bytes());
        let letters = letters.map_err(|error| error.to_string())?;
        let plain = |letter: Letter| {
            let codes = letter.codes.iter().map(|code| code.to_string()).collect();
            (letter.voter_id, codes)
        };
        Ok(letters.into_iter().map(plain).collect())
    }

    #[test]
    fn codes_of_two_authorities_are_put_in_their_order() {
        let rows = "b,1,2,B2,f,u\na,0,1,A1,f,u\nb,1,1,B1,f,u\na,0,2,A2,f,u\n";
        let expected = [("b", ["B1", "B2"]), ("a", ["A1", "A2"])];
        let expected =
            expected.map(|(voter, codes)| (voter.to_owned(), codes.map(str::to_owned).to_vec()));
        assert_eq!(letters(rows), Ok(expected.to_vec()));
    }

    #[test]
    fn bad_rows_are_named() {
        for (rows, expected) in [
            (
                "a,0,1,A,f,u\na,0,1,B,f,u\n",
                "row 3: voter a has a letter of authority 1 already",
            ),
            ("a,0,x,A,f,u\n", "row 2: authority: \"x\" is not a number"),
            ("a,0,1,,f,u\n", "row 2: code is empty"),
            (",0,1,A,f,u\n", "row 2: voter_id is empty"),
            ("a,0,1,A\n", "row 2: 4 columns, 6 expected"),
        ] {
            assert_eq!(letters(rows).unwrap_err(), expected);
        }
    }
}
