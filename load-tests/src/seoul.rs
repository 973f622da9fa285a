//! The Seoul referendum of 24 August 2011, scaled down (figures and sources: `data/seoul2011/`).
//!
//! Electors and votes are the reported ones; electors of districts without a figure share what remains of the city's
//! total evenly. The split between the two plans was never counted: the one used here is illustrative.

/// Electors of the whole city.
pub const CITY_ELECTORS: u64 = 8_387_278;
/// Votes of the whole city.
pub const CITY_VOTES: u64 = 2_157_744;

const DISTRICTS: &str = include_str!("../data/seoul2011/districts.csv");
const TURNOUT: &str = include_str!("../data/seoul2011/turnout.csv");

/// Romanised names, in the order of `districts.csv`.
const ENGLISH: [&str; 25] = [
    "Jongno-gu",
    "Jung-gu",
    "Yongsan-gu",
    "Seongdong-gu",
    "Gwangjin-gu",
    "Dongdaemun-gu",
    "Jungnang-gu",
    "Seongbuk-gu",
    "Gangbuk-gu",
    "Dobong-gu",
    "Nowon-gu",
    "Eunpyeong-gu",
    "Seodaemun-gu",
    "Mapo-gu",
    "Yangcheon-gu",
    "Gangseo-gu",
    "Guro-gu",
    "Geumcheon-gu",
    "Yeongdeungpo-gu",
    "Dongjak-gu",
    "Gwanak-gu",
    "Seocho-gu",
    "Gangnam-gu",
    "Songpa-gu",
    "Gangdong-gu",
];

/// A district of the scaled referendum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct District {
    /// Korean name.
    pub ko: String,
    /// Romanised name.
    pub en: String,
    /// Electors, scaled.
    pub electors: u64,
    /// Voters who take part, scaled.
    pub votes: u64,
}

/// Why the figures cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FiguresError {
    /// A table is not what its README says.
    #[error("{table}, row {row}: {what}")]
    Table {
        /// Which table.
        table: &'static str,
        /// Row number, the heading being 1.
        row: usize,
        /// What is wrong.
        what: String,
    },
    /// A scale under which a district would have nobody.
    #[error("scale 1:{0} leaves no electors; use 1 to 100000")]
    Scale(u64),
}

/// The 25 districts at 1:`scale`; electors and votes add up to the city's, scaled and rounded.
///
/// # Errors
/// [`FiguresError`].
pub fn districts(scale: u64) -> Result<Vec<District>, FiguresError> {
    if scale == 0 || scale > 100_000 {
        return Err(FiguresError::Scale(scale));
    }
    let rows = parse_districts()?;
    let known: u64 = rows.iter().filter_map(|row| row.electors).sum();
    let unknown = rows.iter().filter(|row| row.electors.is_none()).count() as u64;
    let share = CITY_ELECTORS
        .saturating_sub(known)
        .checked_div(unknown)
        .unwrap_or(0);
    let electors: Vec<u64> = rows
        .iter()
        .map(|row| row.electors.unwrap_or(share))
        .collect();
    // Votes in proportion to electors x turnout, so that they add up to the city's total with its absentee votes.
    let weights: Vec<u64> = rows
        .iter()
        .zip(&electors)
        .map(|(row, electors)| electors * row.turnout_tenths)
        .collect();
    let scaled_electors = apportion(&electors, rounded(CITY_ELECTORS, scale));
    let scaled_votes = apportion(&weights, rounded(CITY_VOTES, scale));
    Ok(rows
        .into_iter()
        .zip(ENGLISH)
        .zip(scaled_electors.into_iter().zip(scaled_votes))
        .map(|((row, en), (electors, votes))| District {
            ko: row.name,
            en: en.to_owned(),
            electors,
            votes: votes.min(electors),
        })
        .collect())
}

/// Share of the day's votes cast by each time, in minutes from 06:00, ascending; from (0, 0) to (840, 1000) in thousandths.
///
/// # Errors
/// [`FiguresError`].
pub fn day_curve() -> Result<Vec<(u64, u64)>, FiguresError> {
    let mut curve = vec![(0, 0)];
    for (row, line) in TURNOUT.lines().enumerate().skip(1) {
        let bad = |what: &str| FiguresError::Table {
            table: "turnout.csv",
            row: row + 1,
            what: what.to_owned(),
        };
        let mut columns = line.split(',');
        let (hour, minute) = columns
            .next()
            .and_then(|time| time.split_once(':'))
            .ok_or_else(|| bad("no time"))?;
        let hour: u64 = hour.parse().map_err(|_| bad("hour"))?;
        let minute: u64 = minute.parse().map_err(|_| bad("minute"))?;
        let percent = columns.nth(1).ok_or_else(|| bad("no percent"))?;
        let tenths = tenths(percent).ok_or_else(|| bad("percent"))?;
        let time = (hour * 60 + minute)
            .checked_sub(360)
            .ok_or_else(|| bad("before 06:00"))?;
        curve.push((time, tenths * 1000 / 257));
    }
    Ok(curve)
}

/// Largest remainders: whole numbers proportional to `weights` that add up to `total`.
#[must_use]
pub fn apportion(weights: &[u64], total: u64) -> Vec<u64> {
    let sum: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let exact = |weight: u64| u128::from(weight) * u128::from(total);
    let mut shares: Vec<u64> = weights
        .iter()
        .map(|w| u64::try_from(exact(*w) / sum).unwrap_or(u64::MAX))
        .collect();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_by_key(|i| std::cmp::Reverse(weights.get(*i).map_or(0, |w| exact(*w) % sum)));
    let missing = usize::try_from(total - shares.iter().sum::<u64>()).unwrap_or(0);
    for index in by_remainder.into_iter().take(missing) {
        if let Some(share) = shares.get_mut(index) {
            *share += 1;
        }
    }
    shares
}

struct Row {
    name: String,
    turnout_tenths: u64,
    electors: Option<u64>,
}

fn parse_districts() -> Result<Vec<Row>, FiguresError> {
    DISTRICTS
        .lines()
        .enumerate()
        .skip(1)
        .map(|(row, line)| {
            let bad = |what: &str| FiguresError::Table {
                table: "districts.csv",
                row: row + 1,
                what: what.to_owned(),
            };
            let columns: Vec<&str> = line.split(',').collect();
            let &[name, turnout, _, electors] = columns.as_slice() else {
                return Err(bad("four columns expected"));
            };
            let electors = match electors.trim() {
                "" => None,
                figure => Some(figure.parse().map_err(|_| bad("electors"))?),
            };
            Ok(Row {
                name: name.to_owned(),
                turnout_tenths: tenths(turnout).ok_or_else(|| bad("turnout"))?,
                electors,
            })
        })
        .collect()
}

/// "25.7" as 257.
fn tenths(text: &str) -> Option<u64> {
    let (whole, tenth) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
    Some(whole.parse::<u64>().ok()? * 10 + tenth.parse::<u64>().ok()?)
}

fn rounded(total: u64, scale: u64) -> u64 {
    (total + scale / 2) / scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_in_a_thousand_is_8387_electors_and_2158_votes_in_25_districts() {
        let districts = districts(1000).unwrap();
        assert_eq!(districts.len(), 25);
        assert_eq!(districts.iter().map(|d| d.electors).sum::<u64>(), 8387);
        assert_eq!(districts.iter().map(|d| d.votes).sum::<u64>(), 2158);
        assert!(
            districts
                .iter()
                .all(|d| d.votes <= d.electors && d.votes > 0)
        );
        let gangnam = districts.iter().find(|d| d.ko == "강남구").unwrap();
        assert_eq!(gangnam.electors, 462);
    }

    #[test]
    fn the_day_ends_with_every_vote() {
        let curve = day_curve().unwrap();
        assert_eq!(curve.first(), Some(&(0, 0)));
        assert_eq!(curve.last(), Some(&(840, 1000)));
        assert!(curve.is_sorted());
    }

    #[test]
    fn apportioning_keeps_the_total() {
        assert_eq!(apportion(&[1, 1, 1], 10).iter().sum::<u64>(), 10);
        assert_eq!(apportion(&[0, 0], 10), [0, 0]);
        assert_eq!(apportion(&[3, 1], 4), [3, 1]);
    }

    #[test]
    fn scale_out_of_range_is_named() {
        assert!(matches!(districts(0), Err(FiguresError::Scale(0))));
    }
}
