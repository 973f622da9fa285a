//! A tree read from tiles, with every hash and entry checked against one root.
//!
//! Loading reads the partial tiles (the right edge) and folds them to the root. A full tile
//! is then checked against its hash in the tile above it, up to the right edge; an entry
//! bundle in the same way. So nothing that is given out can differ from what was signed,
//! and reading entries in order costs no leaf-hash tiles at all.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use super::merkle::{
    ConsistencyError, Frontier, FrontierError, Hash, NodeId, NodeReader, ProofError, empty_root,
    leaf_hash, node_hash, prove_consistency, prove_inclusion,
};
use super::source::{SourceError, TileSource, fetch_tile};
use super::tile::{
    TILE_HEIGHT, TILE_WIDTH, Tile, TileContentError, TileError, TileKind, kinds, partial_tile,
    read_entries, read_hashes,
};

/// Full tiles kept in memory, each of up to 16 KiB.
const CACHED_TILES: usize = 256;

/// Why a record could not be read, or is not what was signed.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A file is missing, too large or not to be had.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A file that is no tile.
    #[error("{path}: {reason}")]
    Malformed {
        /// The file.
        path: String,
        /// What is wrong with it.
        reason: TileContentError,
    },
    /// The right edge does not lead to the root.
    #[error("the tiles at the right edge of size {size} lead to root {found}, expected {expected}")]
    Root {
        /// Tree size.
        size: u64,
        /// Root of the checkpoint.
        expected: Hash,
        /// Root of the tiles.
        found: Hash,
    },
    /// A full tile or bundle is not the one under the root.
    #[error("{path} hashes to {found}, expected {expected}")]
    Hash {
        /// The file.
        path: String,
        /// Hash in the tile above.
        expected: Hash,
        /// Hash of the file's contents.
        found: Hash,
    },
    /// An entry of a partial bundle is not the one in the leaf-hash tile.
    #[error("entry {index} in {path} hashes to {found}, expected {expected}")]
    Entry {
        /// The file.
        path: String,
        /// Index of the entry in the log.
        index: u64,
        /// Leaf hash under the root.
        expected: Hash,
        /// Hash of the entry found.
        found: Hash,
    },
    /// An index or size beyond the tree.
    #[error("{index} is beyond the tree of size {size}")]
    Beyond {
        /// Index or size asked for.
        index: u64,
        /// Size of the tree.
        size: u64,
    },
    /// Coordinates that no tile has.
    #[error(transparent)]
    Tile(#[from] TileError),
    /// The hashes do not make a frontier.
    #[error(transparent)]
    Frontier(#[from] FrontierError),
    /// The tree does not extend the earlier one.
    #[error(transparent)]
    Consistency(#[from] ConsistencyError),
}

/// The hashes of a tile and of the nodes above them: row 0 is the tile, row 8 its root.
#[derive(Debug)]
struct NodeTile {
    rows: Vec<Vec<Hash>>,
}

impl NodeTile {
    fn new(hashes: Vec<Hash>) -> Self {
        let mut rows = vec![hashes];
        while let Some(row) = rows.last() {
            let (pairs, _) = row.as_chunks::<2>();
            if pairs.is_empty() {
                break;
            }
            rows.push(
                pairs
                    .iter()
                    .map(|[left, right]| node_hash(left, right))
                    .collect(),
            );
        }
        Self { rows }
    }

    fn node(&self, row: usize, at: usize) -> Option<Hash> {
        self.rows.get(row)?.get(at).copied()
    }

    fn hashes(&self) -> &[Hash] {
        self.rows.first().map_or(&[], Vec::as_slice)
    }

    /// Roots of the maximal perfect subtrees, largest first: the last node of every row that
    /// has an odd number of them.
    fn subtrees(&self) -> impl Iterator<Item = Hash> {
        let odd = |row: &&Vec<Hash>| row.len() % 2 == 1;
        self.rows
            .iter()
            .rev()
            .filter(odd)
            .filter_map(|row| row.last().copied())
    }
}

#[derive(Debug, Default)]
struct Cache {
    tiles: HashMap<(u8, u64), Arc<NodeTile>>,
    order: VecDeque<(u8, u64)>,
}

/// Up to 256 consecutive entries that were checked against the root.
#[derive(Clone, Debug)]
pub struct Bundle {
    first: u64,
    bytes: Vec<u8>,
    leaf_hashes: Vec<Hash>,
}

impl Bundle {
    /// Index of the first entry in the log.
    #[must_use]
    pub const fn first(&self) -> u64 {
        self.first
    }

    /// The entries with their indices.
    pub fn entries(&self) -> impl Iterator<Item = (u64, &[u8])> {
        // The width was checked when the bundle was read.
        let width = u16::try_from(self.leaf_hashes.len()).unwrap_or(0);
        let entries = read_entries(&self.bytes, width).unwrap_or_default();
        (self.first..).zip(entries)
    }

    /// The entries' leaf hashes, in order.
    #[must_use]
    pub fn leaf_hashes(&self) -> &[Hash] {
        &self.leaf_hashes
    }

    /// The bundle file's bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// The tree of a given size and root, over a source of tiles.
#[derive(Debug)]
pub struct Tree<S> {
    source: S,
    size: u64,
    root: Hash,
    /// The partial tile of each level, if it has one.
    edges: Vec<Option<Arc<NodeTile>>>,
    cache: Mutex<Cache>,
}

impl<S: TileSource> Tree<S> {
    /// Reads the right edge and checks that it leads to `root`.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn load(source: S, size: u64, root: Hash) -> Result<Self, ReadError> {
        let mut edges = Vec::new();
        for kind in kinds(size) {
            if let TileKind::Hashes { .. } = kind {
                let edge = partial_tile(kind, size).map(|tile| -> Result<_, ReadError> {
                    Ok(Arc::new(NodeTile::new(fetch_hashes(&source, &tile)?)))
                });
                edges.push(edge.transpose()?);
            }
        }
        let tree = Self {
            source,
            size,
            root,
            edges,
            cache: Mutex::default(),
        };
        let found = tree.frontier()?.root();
        if found != root {
            return Err(ReadError::Root {
                size,
                expected: root,
                found,
            });
        }
        Ok(tree)
    }

    /// Number of entries.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root that everything is checked against.
    #[must_use]
    pub const fn root(&self) -> Hash {
        self.root
    }

    /// Where it reads from.
    pub const fn source(&self) -> &S {
        &self.source
    }

    /// The frontier, from the right edge.
    ///
    /// # Errors
    /// [`ReadError::Frontier`]; not after [`Self::load`] succeeded.
    pub fn frontier(&self) -> Result<Frontier, ReadError> {
        let subtrees = self
            .edges
            .iter()
            .rev()
            .flatten()
            .flat_map(|tile| tile.subtrees());
        Ok(Frontier::from_subtrees(self.size, subtrees.collect())?)
    }

    /// The hashes of the partial tile of a level; none if that tile is full or absent.
    pub(crate) fn edge_hashes(&self, level: u8) -> &[Hash] {
        match self.edges.get(usize::from(level)) {
            Some(Some(tile)) => tile.hashes(),
            _ => &[],
        }
    }

    /// The bundle that holds entry `256 * index`, checked.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn bundle(&self, index: u64) -> Result<Bundle, ReadError> {
        let tile = self.tile(TileKind::Entries, index)?;
        let path = || tile.path();
        let bytes = fetch_tile(&self.source, &tile)?;
        let leaf_hashes: Vec<Hash> = read_entries(&bytes, tile.width())
            .map_err(|reason| ReadError::Malformed {
                path: path(),
                reason,
            })?
            .into_iter()
            .map(leaf_hash)
            .collect();
        if tile.is_full() {
            let expected = self.full_tile_root(0, index)?;
            let found = root_of_full(&leaf_hashes);
            if found != expected {
                return Err(ReadError::Hash {
                    path: path(),
                    expected,
                    found,
                });
            }
        } else {
            let pairs = self.edge_hashes(0).iter().zip(&leaf_hashes);
            for (index, (expected, found)) in (tile.first()..).zip(pairs) {
                if expected != found {
                    return Err(ReadError::Entry {
                        path: path(),
                        index,
                        expected: *expected,
                        found: *found,
                    });
                }
            }
        }
        Ok(Bundle {
            first: tile.first(),
            bytes,
            leaf_hashes,
        })
    }

    /// All bundles from the one with entry `from` to the last, in order. The first may start
    /// before `from`.
    pub fn bundles(&self, from: u64) -> impl Iterator<Item = Result<Bundle, ReadError>> {
        let width = u64::from(TILE_WIDTH);
        let bundles = if from < self.size {
            from / width..self.size.div_ceil(width)
        } else {
            0..0
        };
        bundles.map(|index| self.bundle(index))
    }

    /// All entries from index `from` on, in order, with their indices.
    pub fn entries(&self, from: u64) -> impl Iterator<Item = Result<(u64, Vec<u8>), ReadError>> {
        self.bundles(from).flat_map(move |bundle| match bundle {
            Ok(bundle) => bundle
                .entries()
                .filter(|(index, _)| *index >= from)
                .map(|(index, entry)| Ok((index, entry.to_vec())))
                .collect(),
            Err(error) => vec![Err(error)],
        })
    }

    /// One entry.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn entry(&self, index: u64) -> Result<Vec<u8>, ReadError> {
        let bundle = self.bundle(index / u64::from(TILE_WIDTH))?;
        let mut entries = bundle.entries();
        entries
            .find(|(at, _)| *at == index)
            .map(|(_, entry)| entry.to_vec())
            .ok_or(ReadError::Beyond {
                index,
                size: self.size,
            })
    }

    /// Proof that entry `index` is in this tree.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn inclusion_proof(&self, index: u64) -> Result<Vec<Hash>, ReadError> {
        prove_inclusion(self, index, self.size).map_err(|error| self.read_error(error, index))
    }

    /// Proof that this tree extends its first `old` entries.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn consistency_proof(&self, old: u64) -> Result<Vec<Hash>, ReadError> {
        prove_consistency(self, old, self.size).map_err(|error| self.read_error(error, old))
    }

    fn read_error(&self, error: ProofError<ReadError>, index: u64) -> ReadError {
        let size = self.size;
        match error {
            ProofError::Read(error) => error,
            _ => ReadError::Beyond { index, size },
        }
    }

    /// The tile of this kind and index, as wide as this tree makes it.
    fn tile(&self, kind: TileKind, index: u64) -> Result<Tile, ReadError> {
        let width = u64::from(TILE_WIDTH);
        let items = kind.items(self.size);
        let held = index
            .checked_mul(width)
            .and_then(|first| items.checked_sub(first))
            .filter(|held| *held > 0)
            .ok_or(ReadError::Beyond {
                index,
                size: self.size,
            })?;
        let held = u16::try_from(held.min(width)).unwrap_or(TILE_WIDTH);
        Ok(Tile::new(kind, index, held)?)
    }

    /// Root of the full tile (`level`, `index`), from the tile above.
    fn full_tile_root(&self, level: u8, index: u64) -> Result<Hash, ReadError> {
        let (above, at) = Tile::in_parent(index);
        let parent = self.node_tile(level + 1, above)?;
        parent.node(0, at).ok_or(ReadError::Beyond {
            index,
            size: self.size,
        })
    }

    /// A tile of hashes, checked against the tile above it.
    fn node_tile(&self, level: u8, index: u64) -> Result<Arc<NodeTile>, ReadError> {
        let tile = self.tile(TileKind::Hashes { level }, index)?;
        if !tile.is_full() {
            let edge = self.edges.get(usize::from(level)).cloned().flatten();
            return edge.ok_or(ReadError::Beyond {
                index,
                size: self.size,
            });
        }
        let key = (level, index);
        if let Some(cached) = self.lock().tiles.get(&key) {
            return Ok(Arc::clone(cached));
        }
        let expected = self.full_tile_root(level, index)?;
        let read = Arc::new(NodeTile::new(fetch_hashes(&self.source, &tile)?));
        let found = read
            .node(usize::from(TILE_HEIGHT), 0)
            .unwrap_or_else(empty_root);
        if found != expected {
            return Err(ReadError::Hash {
                path: tile.path(),
                expected,
                found,
            });
        }
        let mut cache = self.lock();
        if cache.tiles.insert(key, Arc::clone(&read)).is_none() {
            cache.order.push_back(key);
        }
        if cache.order.len() > CACHED_TILES
            && let Some(oldest) = cache.order.pop_front()
        {
            cache.tiles.remove(&oldest);
        }
        Ok(read)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Cache> {
        // The cache is only ever changed by whole insertions.
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: TileSource> NodeReader for Tree<S> {
    type Error = ReadError;

    fn read_nodes(&self, nodes: &[NodeId]) -> Result<Vec<Hash>, ReadError> {
        let read = |node: &NodeId| {
            let level = node.level / TILE_HEIGHT;
            let row = node.level % TILE_HEIGHT;
            // Nodes of this row in a full tile.
            let per_tile = u64::from(TILE_WIDTH) >> row;
            let tile = self.node_tile(level, node.index / per_tile)?;
            let at = usize::try_from(node.index % per_tile).unwrap_or(usize::MAX);
            tile.node(usize::from(row), at).ok_or(ReadError::Beyond {
                index: node.index,
                size: self.size,
            })
        };
        nodes.iter().map(read).collect()
    }
}

/// Fetches and decodes a hash tile, without checking the hashes.
pub(crate) fn fetch_hashes<S: TileSource + ?Sized>(
    source: &S,
    tile: &Tile,
) -> Result<Vec<Hash>, ReadError> {
    let bytes = fetch_tile(source, tile)?;
    read_hashes(&bytes, tile.width()).map_err(|reason| ReadError::Malformed {
        path: tile.path(),
        reason,
    })
}

/// Root over the 256 hashes of a full tile.
pub(crate) fn root_of_full(hashes: &[Hash]) -> Hash {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        let (pairs, _) = row.as_chunks::<2>();
        row = pairs
            .iter()
            .map(|[left, right]| node_hash(left, right))
            .collect();
    }
    row.first().copied().unwrap_or_else(empty_root)
}
