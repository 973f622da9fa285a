//! Tiles: how a log is cut into files (C2SP tlog-tiles).
//!
//! A hash tile of level `l` holds up to 256 hashes, each over `256^l` entries; an entry
//! bundle holds the up to 256 entries under a level-0 tile. Full ones never change. Of each
//! kind and level at most one tile is partial: the last, and it is served under its width.

mod content;

use core::fmt;

use super::merkle::MAX_TREE_SIZE;
use super::text;

pub(crate) use content::cut;
pub use content::{
    HASH_TILE_LEN, MAX_BUNDLE_LEN, MAX_ENTRY_LEN, TileContentError, push_entry, read_entries,
    read_hashes,
};

/// Hashes or entries in a full tile.
pub const TILE_WIDTH: u16 = 256;
/// Tree levels that one tile spans.
pub const TILE_HEIGHT: u8 = 8;
/// Largest level that a tile path may carry.
pub const MAX_TILE_LEVEL: u8 = 63;

/// What a tile holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TileKind {
    /// The entries themselves, each behind its length in two bytes, big-endian.
    Entries,
    /// Hashes of 32 bytes; each covers `256^level` entries.
    Hashes {
        /// 0 for leaf hashes.
        level: u8,
    },
}

impl TileKind {
    /// How many items of this kind a log of `size` entries has in complete form: entries, or
    /// hashes of full subtrees.
    #[must_use]
    pub fn items(self, size: u64) -> u64 {
        let level = match self {
            Self::Entries => 0,
            Self::Hashes { level } => u32::from(level),
        };
        size.checked_shr(u32::from(TILE_HEIGHT) * level)
            .unwrap_or(0)
    }
}

/// Coordinates of a tile. The order is: entry bundles, then hash tiles by level, each from
/// left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    kind: TileKind,
    index: u64,
    width: u16,
}

/// Why a path or coordinates are no tile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// Width 0 or over 256.
    #[error("tile width {found}, expected 1 to {TILE_WIDTH}")]
    Width {
        /// Width given.
        found: u16,
    },
    /// The tile would lie beyond the largest tree.
    #[error("tile {index} lies beyond the largest tree of {MAX_TREE_SIZE} entries")]
    Index {
        /// Index given.
        index: u64,
    },
    /// A level over 63.
    #[error("tile level {found}, expected 0 to {MAX_TILE_LEVEL}")]
    Level {
        /// Level given.
        found: u8,
    },
    /// A path that is not written the way [`Tile::path`] writes it.
    #[error("{found:?} is not a tile path")]
    Path {
        /// Path given.
        found: String,
    },
}

impl Tile {
    /// A tile from its coordinates; `width` is 1 to 256.
    ///
    /// # Errors
    /// [`TileError`] for coordinates that no tree has.
    pub fn new(kind: TileKind, index: u64, width: u16) -> Result<Self, TileError> {
        if !(1..=TILE_WIDTH).contains(&width) {
            return Err(TileError::Width { found: width });
        }
        if let TileKind::Hashes { level } = kind
            && level > MAX_TILE_LEVEL
        {
            return Err(TileError::Level { found: level });
        }
        let end = index
            .checked_mul(u64::from(TILE_WIDTH))
            .and_then(|first| first.checked_add(u64::from(width)));
        match end {
            Some(end) if end <= MAX_TREE_SIZE => Ok(Self { kind, index, width }),
            _ => Err(TileError::Index { index }),
        }
    }

    /// What it holds.
    #[must_use]
    pub const fn kind(&self) -> TileKind {
        self.kind
    }

    /// Position among the tiles of its kind, from the left.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// Number of hashes or entries in it, 1 to 256.
    #[must_use]
    pub const fn width(&self) -> u16 {
        self.width
    }

    /// Whether it is full.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.width == TILE_WIDTH
    }

    /// The full tile in the same place.
    #[must_use]
    pub const fn full(self) -> Self {
        Self {
            width: TILE_WIDTH,
            ..self
        }
    }

    /// Index of its first hash or entry among those of its kind.
    #[must_use]
    pub const fn first(&self) -> u64 {
        self.index * TILE_WIDTH as u64
    }

    /// Most bytes that it may have.
    #[must_use]
    pub fn max_len(&self) -> usize {
        match self.kind {
            TileKind::Entries => MAX_BUNDLE_LEN,
            TileKind::Hashes { .. } => HASH_TILE_LEN,
        }
    }

    /// Path below the log's prefix: `tile/<level>/<index>[.p/<width>]`, or `tile/entries/..`.
    /// The index is in groups of three digits, all but the last behind an `x`.
    #[must_use]
    pub fn path(&self) -> String {
        self.to_string()
    }

    /// Path of the folder that has the partial tiles in this place: `tile/<level>/<index>.p`.
    #[must_use]
    pub fn partials(&self) -> String {
        format!("{}.p", self.full())
    }

    /// Reads [`Self::path`].
    ///
    /// # Errors
    /// [`TileError`]; what is accepted gives the same path.
    pub fn parse(path: &str) -> Result<Self, TileError> {
        let bad = || TileError::Path {
            found: path.to_owned(),
        };
        let rest = path.strip_prefix("tile/").ok_or_else(bad)?;
        let (kind, rest) = rest.split_once('/').ok_or_else(bad)?;
        let kind = match kind {
            "entries" => TileKind::Entries,
            level => {
                let level = text::decimal(level).and_then(|level| u8::try_from(level).ok());
                TileKind::Hashes {
                    level: level.ok_or_else(bad)?,
                }
            }
        };
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => {
                let width = text::decimal(width).and_then(|width| u16::try_from(width).ok());
                (index, width.filter(|w| *w < TILE_WIDTH).ok_or_else(bad)?)
            }
            None => (rest, TILE_WIDTH),
        };
        let digits: String = index
            .split('/')
            .map(|group| group.trim_start_matches('x'))
            .collect();
        let index = digits.parse().map_err(|_| bad())?;
        let tile = Self::new(kind, index, width)?;
        // One spelling only: whatever was trimmed or parsed leniently shows here.
        if tile.path() == path {
            Ok(tile)
        } else {
            Err(bad())
        }
    }

    /// Position in level of the node one tile level up that covers this full tile: (tile
    /// index, position in that tile).
    pub(crate) fn in_parent(index: u64) -> (u64, usize) {
        let width = u64::from(TILE_WIDTH);
        (
            index / width,
            usize::try_from(index % width).unwrap_or(usize::MAX),
        )
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Entries => f.write_str("tile/entries/")?,
            TileKind::Hashes { level } => write!(f, "tile/{level}/")?,
        }
        let mut groups = Vec::new();
        let mut rest = self.index;
        while rest >= 1000 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        if groups.is_empty() {
            write!(f, "{rest:03}")?;
        } else {
            write!(f, "x{rest:03}")?;
        }
        for (left, group) in groups.iter().enumerate().rev() {
            let x = if left == 0 { "" } else { "x" };
            write!(f, "/{x}{group:03}")?;
        }
        if !self.is_full() {
            write!(f, ".p/{}", self.width)?;
        }
        Ok(())
    }
}

/// The kinds of tiles that a log of `size` entries has: entries, then hash levels upwards.
pub fn kinds(size: u64) -> impl Iterator<Item = TileKind> {
    let levels = (0..=MAX_TILE_LEVEL).map(|level| TileKind::Hashes { level });
    core::iter::once(TileKind::Entries)
        .chain(levels)
        .take_while(move |kind| kind.items(size) > 0)
}

/// The last tile of a kind for a log of `size` entries if it is partial.
#[must_use]
pub fn partial_tile(kind: TileKind, size: u64) -> Option<Tile> {
    let items = kind.items(size);
    let width = u16::try_from(items % u64::from(TILE_WIDTH)).ok()?;
    Tile::new(kind, items / u64::from(TILE_WIDTH), width).ok()
}

/// All tiles that a log of `size` entries is made of, and no others.
pub fn tiles_of(size: u64) -> impl Iterator<Item = Tile> {
    new_tiles(0, size)
}

/// The tiles that a log of `new` entries has and one of `old` had not.
pub fn new_tiles(old: u64, new: u64) -> impl Iterator<Item = Tile> {
    kinds(new).flat_map(move |kind| {
        let width = u64::from(TILE_WIDTH);
        let full = (kind.items(old) / width)..(kind.items(new) / width);
        let partial = partial_tile(kind, new).filter(|tile| partial_tile(kind, old) != Some(*tile));
        full.map(move |index| Tile {
            kind,
            index,
            width: TILE_WIDTH,
        })
        .chain(partial)
    })
}
