//! The recomputation itself, from left to right.

use core::ops::Range;
use std::collections::BTreeMap;

use super::{MAX_PROBLEMS, Problem, Report, source_problem};
use crate::log::checkpoint::CHECKPOINT_PATH;
use crate::log::merkle::{Frontier, Hash, leaf_hash};
use crate::log::source::{TileSource, fetch_tile};
use crate::log::tile::{
    TILE_HEIGHT, TILE_WIDTH, Tile, TileKind, kinds, partial_tile, read_entries, read_hashes,
};
use crate::log::tree::{ReadError, root_of_full};

/// Bundles read and hashed together. Bounds memory: 256 MiB at the largest entries, 2 MiB at
/// those of a yes/no ballot.
const WINDOW: u64 = 16;

/// Recomputes everything under the checkpoint (`size`, `root`).
pub(super) fn recompute<S: TileSource + Sync>(
    source: &S,
    size: u64,
    root: Hash,
    listing: &[String],
    mut report: Report,
) -> Report {
    let stale = sort_listing(listing, size, &mut report);
    let mut run = Run {
        source,
        size,
        root,
        report,
        stale,
        frontier: Some(Frontier::new()),
        levels: Vec::new(),
    };
    run.bundles();
    run.right_edge();
    if let Some(frontier) = &run.frontier {
        let found = frontier.root();
        if found != root {
            run.report.problems.push(Problem::Root {
                size,
                expected: root,
                found,
            });
        }
    }
    run.report
}

/// Partial tiles of earlier sizes, by the tile that they are the start of.
type Stale = BTreeMap<(TileKind, u64), Vec<Tile>>;

fn sort_listing(listing: &[String], size: u64, report: &mut Report) -> Stale {
    let mut stale = Stale::new();
    for path in listing.iter().filter(|path| *path != CHECKPOINT_PATH) {
        match Tile::parse(path) {
            Err(_) => report.other.push(path.clone()),
            Ok(tile) if tile.first() + u64::from(tile.width()) > tile.kind().items(size) => {
                report.beyond.push(path.clone());
            }
            Ok(tile) if !tile.is_full() && partial_tile(tile.kind(), size) != Some(tile) => {
                let of = stale.entry((tile.kind(), tile.index())).or_default();
                of.push(tile);
            }
            Ok(_) => {}
        }
    }
    stale
}

/// What storage holds for up to 256 entries: the bundle with its leaf hashes, the leaf tile.
struct Position {
    bundle: Result<(Vec<u8>, Vec<Hash>), Problem>,
    leaf_tile: Result<Vec<Hash>, Problem>,
}

struct Run<'s, S> {
    source: &'s S,
    size: u64,
    root: Hash,
    report: Report,
    stale: Stale,
    /// `None` once a gap cannot be bridged.
    frontier: Option<Frontier>,
    /// Computed hashes of the unfinished tile of each level from 1.
    levels: Vec<Vec<Hash>>,
}

impl<S: TileSource + Sync> Run<'_, S> {
    fn bundles(&mut self) {
        let count = self.size.div_ceil(u64::from(TILE_WIDTH));
        let mut start = 0;
        while start < count && !self.is_hopeless() {
            let end = count.min(start + WINDOW);
            let positions = self.read_window(start..end);
            for (index, position) in (start..).zip(positions) {
                self.position(index, position);
            }
            start = end;
        }
    }

    /// A checkpoint can claim any size: give up on a log of which nothing is there.
    fn is_hopeless(&mut self) -> bool {
        if self.report.problems.len() >= MAX_PROBLEMS {
            self.report.stopped_early = true;
            self.frontier = None;
        }
        self.report.stopped_early
    }

    fn read_window(&self, window: Range<u64>) -> Vec<Position> {
        let read = |index| read_position(self.source, self.size, index);
        #[cfg(feature = "parallel")]
        {
            use rayon::prelude::*;
            window.into_par_iter().map(read).collect()
        }
        #[cfg(not(feature = "parallel"))]
        window.map(read).collect()
    }

    fn position(&mut self, index: u64, position: Position) {
        self.report.files += 2;
        let tile = |kind| tile_at(kind, index, self.size);
        let (entries, leaves) = (tile(TileKind::Entries), tile(TileKind::Hashes { level: 0 }));
        let computed = match position.bundle {
            Ok((bytes, hashes)) => {
                self.report.entries += u64::try_from(hashes.len()).unwrap_or(0);
                if let Some(tile) = entries {
                    self.check_stale(&tile, &bytes);
                }
                Some(hashes)
            }
            Err(problem) => {
                self.report.problems.push(problem);
                None
            }
        };
        let stored = match position.leaf_tile {
            Ok(stored) => Some(stored),
            Err(problem) => {
                self.report.problems.push(problem);
                None
            }
        };
        let hashes = match (computed, stored) {
            (Some(computed), Some(stored)) if computed != stored => {
                if self.agrees_above(index, &stored) {
                    self.blame_entry(index, &stored, &computed);
                    stored
                } else {
                    if let Some(tile) = leaves {
                        self.compare(&tile, &computed, &stored);
                    }
                    computed
                }
            }
            (Some(hashes), _) | (None, Some(hashes)) => hashes,
            (None, None) => {
                self.bridge(index);
                return;
            }
        };
        if let Some(tile) = leaves {
            self.check_stale(&tile, &to_bytes(&hashes));
        }
        if hashes.len() == usize::from(TILE_WIDTH) {
            self.append(TILE_HEIGHT, root_of_full(&hashes));
        } else {
            for hash in hashes {
                self.append(0, hash);
            }
        }
    }

    /// Whether the stored leaf hashes lead to the hash stored above them, or, at the right
    /// edge, to the signed root.
    fn agrees_above(&self, index: u64, leaves: &[Hash]) -> bool {
        if leaves.len() == usize::from(TILE_WIDTH) {
            return self.stored_above(index) == Some(root_of_full(leaves));
        }
        let Some(mut frontier) = self.frontier.clone() else {
            return false;
        };
        let appended = leaves
            .iter()
            .try_for_each(|leaf| frontier.append(*leaf, |_, _| {}));
        appended.is_ok() && frontier.root() == self.root
    }

    /// The hash over a full position as the level-1 tile stores it.
    fn stored_above(&self, index: u64) -> Option<Hash> {
        let (above, at) = Tile::in_parent(index);
        let parent = tile_at(TileKind::Hashes { level: 1 }, above, self.size)?;
        let (_, hashes) = read_tile(self.source, &parent).ok()?;
        hashes.get(at).copied()
    }

    fn blame_entry(&mut self, index: u64, expected: &[Hash], found: &[Hash]) {
        let Some(tile) = tile_at(TileKind::Entries, index, self.size) else {
            return;
        };
        let mut pairs = (tile.first()..).zip(expected.iter().zip(found));
        if let Some((index, (expected, found))) = pairs.find(|(_, (e, f))| e != f) {
            self.report.problems.push(Problem::Entry {
                path: tile.path(),
                index,
                expected: *expected,
                found: *found,
            });
        }
    }

    /// Neither entries nor leaf hashes are left: the hash over them may be.
    fn bridge(&mut self, index: u64) {
        if let Some(hash) = self.stored_above(index) {
            self.append(TILE_HEIGHT, hash);
        } else if self.frontier.take().is_some() {
            let first = index * u64::from(TILE_WIDTH);
            let last = self.size.min(first + u64::from(TILE_WIDTH)) - 1;
            self.report.problems.push(Problem::NoRoot { first, last });
        }
    }

    /// Appends a subtree to the recomputed tree and compares the tiles that it fills.
    fn append(&mut self, level: u8, root: Hash) {
        let Some(frontier) = &mut self.frontier else {
            return;
        };
        let mut nodes = Vec::new();
        let appended = frontier.append_subtree(level, root, |node, hash| {
            if node.level > 0 && node.level % TILE_HEIGHT == 0 {
                nodes.push((node, hash));
            }
        });
        if appended.is_err() {
            // Only a full tree or a gap misaligns; the checkpoint's size is within bounds.
            self.frontier = None;
            return;
        }
        for (node, hash) in nodes {
            let level = usize::from(node.level / TILE_HEIGHT) - 1;
            if self.levels.len() <= level {
                self.levels.push(Vec::new());
            }
            let Some(hashes) = self.levels.get_mut(level) else {
                continue;
            };
            hashes.push(hash);
            if hashes.len() == usize::from(TILE_WIDTH) {
                let hashes = core::mem::take(hashes);
                let kind = TileKind::Hashes {
                    level: node.level / TILE_HEIGHT,
                };
                self.check_hashes(kind, node.index / u64::from(TILE_WIDTH), &hashes);
            }
        }
    }

    /// The partial tiles from level 1 on, or, after a gap, whatever was not compared.
    fn right_edge(&mut self) {
        let levels = core::mem::take(&mut self.levels);
        for kind in kinds(self.size) {
            let TileKind::Hashes { level: level @ 1.. } = kind else {
                continue;
            };
            match (&self.frontier, partial_tile(kind, self.size)) {
                (Some(_), Some(tile)) => {
                    let hashes = levels.get(usize::from(level) - 1);
                    let hashes = hashes.map_or(&[][..], Vec::as_slice);
                    self.check_hashes(kind, tile.index(), hashes);
                }
                (Some(_), None) => {}
                (None, _) => self.check_presence(kind),
            }
        }
    }

    /// After a gap hashes cannot be recomputed, but missing and malformed tiles show.
    fn check_presence(&mut self, kind: TileKind) {
        let tiles = kind.items(self.size).div_ceil(u64::from(TILE_WIDTH));
        let size = self.size;
        for tile in (0..tiles).filter_map(|index| tile_at(kind, index, size)) {
            if self.is_hopeless() {
                return;
            }
            self.report.files += 1;
            if let Err(problem) = read_tile(self.source, &tile)
                && !self.report.problems.contains(&problem)
            {
                self.report.problems.push(problem);
            }
        }
    }

    fn check_hashes(&mut self, kind: TileKind, index: u64, expected: &[Hash]) {
        let Some(tile) = tile_at(kind, index, self.size) else {
            return;
        };
        self.report.files += 1;
        match read_tile(self.source, &tile) {
            Ok((_, found)) => self.compare(&tile, expected, &found),
            Err(problem) => self.report.problems.push(problem),
        }
        self.check_stale(&tile, &to_bytes(expected));
    }

    fn compare(&mut self, tile: &Tile, expected: &[Hash], found: &[Hash]) {
        let mut pairs = expected.iter().zip(found).enumerate();
        if let Some((position, (expected, found))) = pairs.find(|(_, (e, f))| e != f) {
            self.report.problems.push(Problem::Hash {
                path: tile.path(),
                position,
                expected: *expected,
                found: *found,
            });
        }
    }

    /// Compares partial tiles of earlier sizes with the start of what is there now.
    fn check_stale(&mut self, tile: &Tile, now: &[u8]) {
        let Some(stale) = self.stale.remove(&(tile.kind(), tile.index())) else {
            return;
        };
        for partial in stale {
            self.report.files += 1;
            let path = partial.path();
            match self.source.fetch(&path, partial.max_len()) {
                Err(error) => self.report.problems.push(source_problem(error)),
                Ok(bytes) => {
                    let whole = match partial.kind() {
                        TileKind::Entries => read_entries(&bytes, partial.width()).map(drop),
                        TileKind::Hashes { .. } => read_hashes(&bytes, partial.width()).map(drop),
                    };
                    if let Err(reason) = whole {
                        self.report
                            .problems
                            .push(Problem::Malformed { path, reason });
                    } else if !now.starts_with(&bytes) {
                        let of = tile.path();
                        self.report
                            .problems
                            .push(Problem::StalePartial { path, of });
                    }
                }
            }
        }
    }
}

fn read_position<S: TileSource>(source: &S, size: u64, index: u64) -> Position {
    let read = |kind| match tile_at(kind, index, size) {
        Some(tile) => read_tile(source, &tile),
        None => Ok((Vec::new(), Vec::new())),
    };
    Position {
        bundle: read(TileKind::Entries),
        leaf_tile: read(TileKind::Hashes { level: 0 }).map(|(_, hashes)| hashes),
    }
}

/// Reads a tile: its bytes, and its hashes or the leaf hashes of its entries.
fn read_tile<S: TileSource>(source: &S, tile: &Tile) -> Result<(Vec<u8>, Vec<Hash>), Problem> {
    let bytes = match fetch_tile(source, tile) {
        Ok(bytes) => bytes,
        Err(ReadError::Source(error)) => return Err(source_problem(error)),
        Err(ReadError::Malformed { path, reason }) => {
            return Err(Problem::Malformed { path, reason });
        }
        Err(other) => {
            let (path, reason) = (tile.path(), other.to_string());
            return Err(Problem::Unreadable { path, reason });
        }
    };
    let hashes = match tile.kind() {
        TileKind::Entries => read_entries(&bytes, tile.width())
            .map(|entries| entries.into_iter().map(leaf_hash).collect()),
        TileKind::Hashes { .. } => read_hashes(&bytes, tile.width()),
    };
    match hashes {
        Ok(hashes) => Ok((bytes, hashes)),
        Err(reason) => Err(Problem::Malformed {
            path: tile.path(),
            reason,
        }),
    }
}

/// The tile in this place, as wide as a log of `size` entries makes it.
fn tile_at(kind: TileKind, index: u64, size: u64) -> Option<Tile> {
    let held = kind
        .items(size)
        .checked_sub(index * u64::from(TILE_WIDTH))?;
    let held = u16::try_from(held.min(u64::from(TILE_WIDTH))).ok()?;
    Tile::new(kind, index, held).ok()
}

fn to_bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
}
