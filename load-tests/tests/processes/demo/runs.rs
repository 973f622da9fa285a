//! Whole elections, compared with what is known about them beforehand.

use std::path::{Path, PathBuf};

use super::Place;

fn ward() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/scottish/eilean_siar_2022_ward3.csv")
}

/// The ballots of a ward, read from its lines alone: how many, and the candidates in order.
fn ballots() -> Vec<(u64, Vec<String>)> {
    let text = std::fs::read_to_string(ward()).unwrap();
    let rows = text
        .lines()
        .skip(1)
        .take_while(|line| !line.starts_with('"'));
    rows.map(|row| {
        let fields = row.split(',').filter(|field| !field.is_empty());
        let fields: Vec<String> = fields.map(str::to_owned).collect();
        (fields[0].parse().unwrap(), fields[1..].to_vec())
    })
    .collect()
}

/// How many ballots have a candidate (from 1) at a rank (from 0).
fn count(candidate: usize, rank: usize) -> u64 {
    let has = |ranking: &[String]| ranking.get(rank) == Some(&candidate.to_string());
    let ballots = ballots();
    ballots.iter().filter(|(_, r)| has(r)).map(|(n, _)| n).sum()
}

fn run(kind: &str) -> String {
    let place = Place::new();
    let file = ward().display().to_string();
    let options = [
        ("EXIT", "1"),
        ("BALLOTS", file.as_str()),
        ("KIND", kind),
        ("VOTING", "20"),
    ];
    let said = place.run(&options);
    assert_eq!(said.code, Some(0), "{}\n{}", said.out, said.err);
    assert_eq!(said.err, "");
    for expected in [
        "Ward 3 Uibhist a Tuath: 661 real ballots, 3 candidates, 2 seats",
        "661 of 661 votes recorded",
        "the totals equal the plain count of all 661 ballots that were cast",
        "VERDICT: PASS",
    ] {
        assert!(said.out.contains(expected), "{expected}: {}", said.out);
    }
    place.is_clean();
    said.out
}

/// The verifier's lines after "Results", each with the numbers at its end.
fn results(out: &str, candidate: &str) -> Vec<u64> {
    let results = out.split("\nResults\n").nth(1).unwrap();
    let line = results
        .lines()
        .find(|line| line.contains(candidate))
        .unwrap();
    let numbers = line.rsplit(' ').filter(|word| !word.is_empty());
    let mut numbers: Vec<u64> = numbers.map_while(|word| word.parse().ok()).collect();
    numbers.reverse();
    numbers
}

const CANDIDATES: [&str; 3] = ["Kenny Barker", "Mustapha Hocine", "Uisdean Robertson"];

#[test]
fn a_scottish_ward_by_first_preferences() {
    let out = run("choose");
    for (candidate, name) in CANDIDATES.into_iter().enumerate() {
        assert_eq!(results(&out, name), [count(candidate + 1, 0)], "{out}");
    }
}

#[test]
fn a_scottish_ward_by_whole_and_partial_rankings() {
    let out = run("rank");
    for (candidate, name) in CANDIDATES.into_iter().enumerate() {
        let expected: Vec<u64> = (0..3).map(|rank| count(candidate + 1, rank)).collect();
        assert_eq!(results(&out, name), expected, "{out}");
    }
}
