//! Reading ahead: entry bundles in order, checked and compared with the leaf hash tiles, while earlier
//! ones are verified. What waits is bounded in entries and bytes.

use std::sync::mpsc::SyncSender;

use hanpyo_ledger::log::fsck::Problem;
use hanpyo_ledger::log::merkle::Hash;
use hanpyo_ledger::log::source::{SourceError, TileSource, fetch_tile};
use hanpyo_ledger::log::tile::{TILE_WIDTH, Tile, TileKind, read_entries, read_hashes};
use hanpyo_ledger::log::tree::{ReadError, Tree};
use rayon::ThreadPool;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

/// Entries handed over together: what the checker verifies in one go.
const BATCH_ENTRIES: usize = 8192;
/// Bytes handed over together, unless one bundle alone has more.
const BATCH_BYTES: usize = 8 << 20;

/// Consecutive entries.
pub(crate) struct Batch {
    bundles: Vec<Bundle>,
    /// Leaf hash tiles that are missing or differ from the entries.
    pub(crate) problems: Vec<Problem>,
}

impl Batch {
    /// The entries from index `from` on.
    pub(crate) fn entries(&self, from: u64) -> Vec<&[u8]> {
        let mut all = Vec::new();
        for bundle in &self.bundles {
            let skip = usize::try_from(from.saturating_sub(bundle.first)).unwrap_or(usize::MAX);
            all.extend(bundle.entries().into_iter().skip(skip));
        }
        all
    }
}

/// The entries under one leaf hash tile.
struct Bundle {
    first: u64,
    width: u16,
    bytes: Vec<u8>,
    problem: Option<Problem>,
}

impl Bundle {
    fn entries(&self) -> Vec<&[u8]> {
        // The width was checked when the bundle was read.
        read_entries(&self.bytes, self.width).unwrap_or_default()
    }
}

/// How entries are had.
pub(crate) enum Access<'a, S> {
    /// Each bundle is checked against the signed root before it is given out.
    Signed(&'a Tree<S>),
    /// The hash tiles are spoilt, but all entries together were found to lead to the signed root.
    Plain {
        /// Where they are.
        source: &'a S,
        /// Size of the tree.
        size: u64,
    },
}

impl<S> Clone for Access<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Access<'_, S> {}

impl<S: TileSource> Access<'_, S> {
    pub(crate) fn size(&self) -> u64 {
        match self {
            Self::Signed(tree) => tree.size(),
            Self::Plain { size, .. } => *size,
        }
    }

    /// Bytes of the bundle, which were checked, and its leaf hashes if they were computed.
    pub(crate) fn bundle(&self, index: u64) -> Result<(Vec<u8>, u16, Vec<Hash>), ReadError> {
        let tile = tile_at(TileKind::Entries, index, self.size())?;
        match self {
            Self::Signed(tree) => {
                let bundle = tree.bundle(index)?;
                let hashes = bundle.leaf_hashes().to_vec();
                Ok((bundle.bytes().to_vec(), tile.width(), hashes))
            }
            Self::Plain { source, .. } => {
                let bytes = fetch_tile(*source, &tile)?;
                match read_entries(&bytes, tile.width()) {
                    Ok(_) => Ok((bytes, tile.width(), Vec::new())),
                    Err(reason) => Err(ReadError::Malformed {
                        path: tile.path(),
                        reason,
                    }),
                }
            }
        }
    }

    fn read(&self, index: u64) -> Result<Bundle, ReadError> {
        let (bytes, width, leaf_hashes) = self.bundle(index)?;
        let problem = match self {
            // The partial tile was checked as a part of the right edge.
            Self::Signed(tree) if width == TILE_WIDTH => {
                leaf_tile_problem(tree.source(), index, &leaf_hashes)?
            }
            _ => None,
        };
        Ok(Bundle {
            first: index * u64::from(TILE_WIDTH),
            width,
            bytes,
            problem,
        })
    }
}

/// The tile in this place, as wide as a log of `size` entries makes it.
fn tile_at(kind: TileKind, index: u64, size: u64) -> Result<Tile, ReadError> {
    let first = index.saturating_mul(u64::from(TILE_WIDTH));
    let held = kind.items(size).saturating_sub(first);
    if held == 0 {
        return Err(ReadError::Beyond { index, size });
    }
    let width = u16::try_from(held).map_or(TILE_WIDTH, |held| held.min(TILE_WIDTH));
    Ok(Tile::new(kind, index, width)?)
}

/// Compares a full tile of leaf hashes with the hashes of the entries.
fn leaf_tile_problem<S: TileSource>(
    source: &S,
    index: u64,
    expected: &[Hash],
) -> Result<Option<Problem>, ReadError> {
    let tile = Tile::new(TileKind::Hashes { level: 0 }, index, TILE_WIDTH)?;
    let path = tile.path();
    let bytes = match source.fetch(&path, tile.max_len()) {
        Ok(bytes) => bytes,
        Err(SourceError::NotFound { .. }) => return Ok(Some(Problem::Missing { path })),
        Err(error @ SourceError::TooLarge { .. }) => {
            let reason = error.to_string();
            return Ok(Some(Problem::Unreadable { path, reason }));
        }
        Err(error) => return Err(error.into()),
    };
    let found = match read_hashes(&bytes, TILE_WIDTH) {
        Ok(found) => found,
        Err(reason) => return Ok(Some(Problem::Malformed { path, reason })),
    };
    let mut pairs = expected.iter().zip(&found).enumerate();
    let differs = pairs.find(|(_, (expected, found))| expected != found);
    Ok(differs.map(|(position, (expected, found))| Problem::Hash {
        path,
        position,
        expected: *expected,
        found: *found,
    }))
}

/// Reads all bundles from the one with entry `from` on and hands them over, in order; after an error
/// nothing more. Returns when all is handed over or nobody listens any more.
pub(crate) fn read_ahead<S: TileSource + Sync>(
    access: Access<'_, S>,
    from: u64,
    readers: Option<&ThreadPool>,
    out: &SyncSender<Result<Batch, ReadError>>,
) {
    let width = u64::from(TILE_WIDTH);
    let count = access.size().div_ceil(width);
    let window = readers.map_or(1, |pool| {
        u64::try_from(pool.current_num_threads()).unwrap_or(1)
    });
    let mut next = from / width;
    let mut batch = Vec::new();
    let mut bytes = 0;
    while next < count {
        let end = count.min(next.saturating_add(window));
        let read: Vec<Result<Bundle, ReadError>> = match readers {
            Some(pool) => pool.install(|| {
                let indices = next..end;
                indices.into_par_iter().map(|at| access.read(at)).collect()
            }),
            None => vec![access.read(next)],
        };
        next = end;
        for bundle in read {
            match bundle {
                Ok(bundle) => {
                    bytes += bundle.bytes.len();
                    batch.push(bundle);
                }
                Err(error) => {
                    // Whoever does not take the one will not take the other.
                    if hand_over(&mut batch, out) {
                        out.send(Err(error)).unwrap_or_default();
                    }
                    return;
                }
            }
        }
        let full = batch.len() * usize::from(TILE_WIDTH) >= BATCH_ENTRIES || bytes >= BATCH_BYTES;
        if full || next == count {
            bytes = 0;
            if !hand_over(&mut batch, out) {
                return;
            }
        }
    }
}

/// Whether somebody still listens.
fn hand_over(batch: &mut Vec<Bundle>, out: &SyncSender<Result<Batch, ReadError>>) -> bool {
    if batch.is_empty() {
        return true;
    }
    let mut bundles = std::mem::take(batch);
    let problems = bundles
        .iter_mut()
        .filter_map(|bundle| bundle.problem.take())
        .collect();
    out.send(Ok(Batch { bundles, problems })).is_ok()
}
