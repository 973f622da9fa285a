//! What the largest manifest can lead to still fits the entries that must follow.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use hanpyo_crypto::contest::ContestKind;
use hanpyo_ledger::entry::bounded::Text;
use hanpyo_ledger::entry::{
    EncryptedTally, Entry, Group, MAX_ENTRY_BYTES, PaperTurnout, RollSealed,
};
use hanpyo_ledger::manifest::{Bilingual, Unit};
use hanpyo_testkit::{Election, ElectionSpec};

/// An election with `units` units, the shortest that can be written.
fn election(units: usize) -> Election {
    let unit = Unit {
        title: Bilingual {
            ko: Text::new("1").unwrap(),
            en: Text::new("").unwrap(),
        },
        parent: None,
    };
    Election::with_manifest(ElectionSpec::yes_no(1), |manifest| {
        manifest.units = vec![unit; units].try_into().unwrap();
        manifest.notice.ko = Text::new("1").unwrap();
        manifest.notice.en = Text::new("").unwrap();
    })
}

/// Whether a manifest with so many units is an entry.
fn fits(units: usize) -> bool {
    let manifest = election(1).manifest;
    let one = |units: usize| {
        let unit = manifest.units[0].clone();
        let mut manifest = manifest.clone();
        manifest.units = vec![unit; units].try_into().unwrap();
        manifest
    };
    Entry::from(election(1).sign(one(units))).encode().is_ok()
}

/// The most units that a manifest can have.
fn most_units() -> usize {
    let (mut low, mut high) = (1_usize, 65_535);
    while low < high {
        let middle = (low + high).div_ceil(2);
        if fits(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}

/// The most bytes of one group's sums.
fn largest_sums() -> usize {
    let mut largest = 0;
    for k in 2..=256u64 {
        let mut kinds = vec![
            [1, k, 0, 0, 0],
            [2, k, 0, 1, 0],
            [3, k, 1, 0, 4],
            [3, k, 1, 0, 0],
        ];
        kinds.extend((1..=k).map(|d| [4, k, 0, d, 0]));
        for kind in kinds {
            if let Ok(kind) = ContestKind::from_parameters(kind) {
                largest = largest.max(64 * kind.ciphertexts());
            }
        }
    }
    largest
}

#[test]
fn the_largest_group_fits_an_entry() {
    let units = most_units();
    assert!((5_000..20_000).contains(&units), "{units}");
    let sums = largest_sums();
    assert!(sums > 10_000, "{sums}");
    let all = 0..u16::try_from(units).unwrap();
    let group = Group {
        units: all.map(Into::into).collect::<Vec<_>>().try_into().unwrap(),
        ballots: u64::MAX,
        sums: vec![0; sums].try_into().unwrap(),
    };
    let entry = EncryptedTally {
        contest: u16::MAX.into(),
        groups_in_all: u64::MAX,
        first: u16::MAX.into(),
        groups: vec![group].try_into().unwrap(),
    };
    let bytes = Entry::from(election(1).sign(entry)).encode().unwrap();
    assert!(bytes.len() <= MAX_ENTRY_BYTES);
}

#[test]
fn numbers_per_unit_fit_an_entry() {
    let units = most_units();
    let mut spec = ElectionSpec::yes_no(1);
    spec.authorities = 2;
    let election = Election::new(spec);
    // No unit has more electors than there are credential indices.
    let per_unit = vec![u64::from(u32::MAX); units];
    let sealed = RollSealed {
        credentials: u64::from(u32::MAX).try_into().unwrap(),
        per_unit: per_unit.clone().try_into().unwrap(),
    };
    Entry::from(election.sign(sealed)).encode().unwrap();
    let turnout = PaperTurnout {
        per_unit: per_unit.try_into().unwrap(),
    };
    Entry::from(election.sign(turnout)).encode().unwrap();
}
