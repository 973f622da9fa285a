//! Turning entries into tiles.

use super::merkle::{Frontier, FrontierError, HASH_LEN, Hash, leaf_hash};
use super::source::TileSource;
use super::tile::{
    TILE_HEIGHT, TILE_WIDTH, Tile, TileContentError, TileError, TileKind, kinds, partial_tile,
    push_entry,
};
use super::tree::{ReadError, Tree};

/// A tile to be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TileFile {
    /// Its coordinates; [`Tile::path`] is where it goes.
    pub tile: Tile,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What appending some entries adds to a log: all new tiles, and the new root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TileBatch {
    /// Size before.
    pub old_size: u64,
    /// Size after.
    pub new_size: u64,
    /// Root after.
    pub root: Hash,
    /// Every tile that the new size needs and the old size did not: full tiles first, in
    /// the order in which they filled up, then the partial ones.
    pub files: Vec<TileFile>,
}

/// Why entries could not be appended. The log is unchanged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// An entry over [`super::tile::MAX_ENTRY_LEN`].
    #[error("entry {at} of the batch: {reason}")]
    Entry {
        /// Position in the batch.
        at: usize,
        /// What is wrong.
        reason: TileContentError,
    },
    /// The log is full.
    #[error(transparent)]
    Full(#[from] FrontierError),
    /// The log is full.
    #[error(transparent)]
    Tile(#[from] TileError),
}

/// The right edge of a log with its bytes: what is needed to append. A value: appending
/// gives a new one, so that the caller keeps the old until the new state is durable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TileWriter {
    frontier: Frontier,
    /// Bytes of the partial entry bundle.
    bundle: Vec<u8>,
    /// Bytes of the partial hash tile of each level.
    levels: Vec<Vec<u8>>,
}

impl TileWriter {
    /// The writer of an empty log.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Continues a log from its trusted frontier. The partial tiles are read from `source`
    /// and checked against the frontier: a torn, spoilt or foreign one is an error.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn resume<S: TileSource>(frontier: &Frontier, source: S) -> Result<Self, ReadError> {
        let tree = Tree::load(source, frontier.size(), frontier.root())?;
        Self::from_tree(&tree)
    }

    /// Continues a log from a tree that was checked.
    ///
    /// # Errors
    /// [`ReadError`] when the partial entry bundle is missing or wrong.
    pub fn from_tree<S: TileSource>(tree: &Tree<S>) -> Result<Self, ReadError> {
        let mut bundle = Vec::new();
        let mut levels = Vec::new();
        for kind in kinds(tree.size()) {
            match kind {
                TileKind::Entries => {
                    if let Some(tile) = partial_tile(kind, tree.size()) {
                        bundle = tree.bundle(tile.index())?.bytes().to_vec();
                    }
                }
                TileKind::Hashes { level } => {
                    let hashes = tree.edge_hashes(level);
                    levels.push(hashes.iter().flat_map(|hash| *hash.as_bytes()).collect());
                }
            }
        }
        Ok(Self {
            frontier: tree.frontier()?,
            bundle,
            levels,
        })
    }

    /// The log's frontier.
    #[must_use]
    pub const fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    /// Appends entries: gives the writer after them and the tiles to publish.
    ///
    /// # Errors
    /// [`AppendError`].
    pub fn append<E: AsRef<[u8]>>(&self, entries: &[E]) -> Result<(Self, TileBatch), AppendError> {
        let mut next = self.clone();
        let mut files = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            next.push(entry.as_ref(), &mut files)
                .map_err(|error| match error {
                    AppendError::Entry { reason, .. } => AppendError::Entry { at, reason },
                    other => other,
                })?;
        }
        let (old_size, new_size) = (self.frontier.size(), next.frontier.size());
        for kind in kinds(new_size) {
            if let Some(tile) = partial_tile(kind, new_size)
                && partial_tile(kind, old_size) != Some(tile)
            {
                let bytes = next.partial(kind).to_vec();
                files.push(TileFile { tile, bytes });
            }
        }
        let batch = TileBatch {
            old_size,
            new_size,
            root: next.frontier.root(),
            files,
        };
        Ok((next, batch))
    }

    fn partial(&self, kind: TileKind) -> &[u8] {
        match kind {
            TileKind::Entries => &self.bundle,
            TileKind::Hashes { level } => self
                .levels
                .get(usize::from(level))
                .map_or(&[], Vec::as_slice),
        }
    }

    /// Appends one entry; tiles that it fills up go to `files`.
    fn push(&mut self, entry: &[u8], files: &mut Vec<TileFile>) -> Result<(), AppendError> {
        let entry_error = |reason| AppendError::Entry { at: 0, reason };
        push_entry(&mut self.bundle, entry).map_err(entry_error)?;
        let levels = &mut self.levels;
        let mut filled = Vec::new();
        // Every eighth tree level is a tile level; a leaf completes at most one node of each.
        self.frontier.append(leaf_hash(entry), |node, hash| {
            if node.level % TILE_HEIGHT == 0 {
                let level = node.level / TILE_HEIGHT;
                if levels.len() <= usize::from(level) {
                    levels.push(Vec::with_capacity(HASH_LEN));
                }
                if let Some(tile) = levels.get_mut(usize::from(level)) {
                    tile.extend_from_slice(hash.as_bytes());
                }
                if (node.index + 1) % u64::from(TILE_WIDTH) == 0 {
                    filled.push((
                        TileKind::Hashes { level },
                        node.index / u64::from(TILE_WIDTH),
                    ));
                }
            }
        })?;
        if let Some((_, index)) = filled.first().copied() {
            filled.insert(0, (TileKind::Entries, index));
        }
        for (kind, index) in filled {
            let bytes = match kind {
                TileKind::Entries => core::mem::take(&mut self.bundle),
                TileKind::Hashes { level } => self
                    .levels
                    .get_mut(usize::from(level))
                    .map(core::mem::take)
                    .unwrap_or_default(),
            };
            let tile = Tile::new(kind, index, TILE_WIDTH)?;
            files.push(TileFile { tile, bytes });
        }
        Ok(())
    }
}
