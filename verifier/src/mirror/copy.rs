//! Copying entries and computing the tiles over them.

use std::collections::BTreeMap;

use hanpyo_ledger::log::checkpoint::SignedCheckpoint;
use hanpyo_ledger::log::files::FolderSource;
use hanpyo_ledger::log::source::{SourceError, TileSource};
use hanpyo_ledger::log::tile::{TILE_WIDTH, Tile, TileKind, partial_tile};
use hanpyo_ledger::log::tree::{Bundle, ReadError, Tree};
use hanpyo_ledger::log::writer::{TileFile, TileWriter};
use indicatif::ProgressBar;
use rayon::ThreadPoolBuilder;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use super::folder::Folder;
use crate::error::{CannotRun, FolderProblem};

/// Bundles put in place together: few waits for the disk, and at most 256 MiB in memory.
const WINDOW: u64 = 16;

/// Takes bundles that an earlier run copied from the folder; everything else from the log. Both are
/// checked against the signed root by the tree that reads through this.
pub(super) struct LocalFirst<'s, S> {
    pub(super) local: FolderSource,
    pub(super) remote: &'s S,
}

impl<S: TileSource> TileSource for LocalFirst<'_, S> {
    fn fetch(&self, path: &str, limit: usize) -> Result<Vec<u8>, SourceError> {
        if path.starts_with("tile/entries/") {
            match self.local.fetch(path, limit) {
                Err(SourceError::NotFound { .. } | SourceError::TooLarge { .. }) => {}
                found => return found,
            }
        }
        self.remote.fetch(path, limit)
    }
}

/// What was done.
pub(super) struct Copied {
    /// Bundles fetched.
    pub(super) fetched: u64,
    /// Spoilt files replaced.
    pub(super) replaced: u64,
}

/// Copies all entries after those of `had` and writes all tiles of `tree`. The inner error is the
/// log's fault or that of the network.
pub(super) fn copy<S: TileSource + Sync>(
    tree: &Tree<LocalFirst<'_, S>>,
    had: Option<&SignedCheckpoint>,
    folder: &Folder<'_>,
    parallel_reads: usize,
    progress: &ProgressBar,
) -> Result<Result<Copied, ReadError>, CannotRun> {
    let pool = ThreadPoolBuilder::new()
        .num_threads(parallel_reads.max(1))
        .build()?;
    let mut writer = match had.map(SignedCheckpoint::checkpoint) {
        Some(had) => match resume(folder, had.size, had.root) {
            Ok(writer) => writer,
            Err(error) => return Err(spoilt(folder, &error)),
        },
        None => TileWriter::new(),
    };
    let mut copied = Copied {
        fetched: 0,
        replaced: 0,
    };
    let width = u64::from(TILE_WIDTH);
    let count = tree.size().div_ceil(width);
    // The partial tiles at each level as last written; those of the final size go to disk.
    let mut edge: BTreeMap<TileKind, TileFile> = BTreeMap::new();
    progress.set_length(tree.size());
    progress.set_position(writer.frontier().size());
    let mut next = writer.frontier().size() / width;
    while next < count && writer.frontier().size() < tree.size() {
        let end = count.min(next + WINDOW);
        let bundles: Vec<_> = pool.install(|| {
            let indices = next..end;
            let read = indices
                .into_par_iter()
                .map(|index| bundle(tree, index, folder));
            read.collect()
        });
        next = end;
        let mut window = Vec::new();
        for read in bundles {
            match read? {
                Ok(read) => {
                    copied.fetched += u64::from(read.fetched);
                    copied.replaced += u64::from(read.removed);
                    window.push(read.bundle);
                }
                Err(error) => return Ok(Err(error)),
            }
        }
        let from = writer.frontier().size();
        let entries: Vec<&[u8]> = window
            .iter()
            .flat_map(Bundle::entries)
            .filter(|(index, _)| *index >= from)
            .map(|(_, entry)| entry)
            .collect();
        let (after, batch) = match writer.append(&entries) {
            Ok(appended) => appended,
            Err(error) => {
                let error = std::io::Error::other(error.to_string());
                return Err(spoilt_by(folder, error.into()));
            }
        };
        writer = after;
        let (full, partial): (Vec<_>, Vec<_>) = batch
            .files
            .into_iter()
            .partition(|file| file.tile.is_full());
        copied.replaced += put(folder, &full)?;
        edge.extend(partial.into_iter().map(|file| (file.tile.kind(), file)));
        progress.set_position(writer.frontier().size());
    }
    // Every bundle was checked against the root, so this holds unless the program is wrong.
    let found = writer.frontier().root();
    if found != tree.root() {
        return Ok(Err(ReadError::Root {
            size: tree.size(),
            expected: tree.root(),
            found,
        }));
    }
    let at_edge = |file: &TileFile| partial_tile(file.tile.kind(), tree.size()) == Some(file.tile);
    let edge: Vec<TileFile> = edge.into_values().filter(at_edge).collect();
    copied.replaced += put(folder, &edge)?;
    progress.finish_and_clear();
    Ok(Ok(copied))
}

fn put(folder: &Folder<'_>, files: &[TileFile]) -> Result<u64, CannotRun> {
    let files: Vec<(String, &[u8])> = files
        .iter()
        .map(|file| (file.tile.path(), file.bytes.as_slice()))
        .collect();
    folder.put_all(&files)
}

/// Goes on after what the folder holds whole.
fn resume(
    folder: &Folder<'_>,
    size: u64,
    root: hanpyo_ledger::log::Hash,
) -> Result<TileWriter, ReadError> {
    TileWriter::from_tree(&Tree::load(folder.source(), size, root)?)
}

fn spoilt(folder: &Folder<'_>, error: &ReadError) -> CannotRun {
    let reason = format!("{error}; rename it to checkpoint.pending to have all files looked at");
    let file = "checkpoint";
    spoilt_by(folder, FolderProblem::Spoilt { file, reason })
}

fn spoilt_by(folder: &Folder<'_>, reason: FolderProblem) -> CannotRun {
    CannotRun::Folder {
        folder: folder.source().root().display().to_string(),
        reason,
    }
}

/// A bundle that was checked.
struct Read {
    bundle: Bundle,
    fetched: bool,
    /// Whether the folder had a spoilt one.
    removed: bool,
}

fn bundle<S: TileSource>(
    tree: &Tree<LocalFirst<'_, S>>,
    index: u64,
    folder: &Folder<'_>,
) -> Result<Result<Read, ReadError>, CannotRun> {
    let full = Tile::new(TileKind::Entries, index, TILE_WIDTH);
    let tile = full.ok().map(|full| {
        partial_tile(TileKind::Entries, tree.size())
            .filter(|partial| partial.index() == index)
            .unwrap_or(full)
    });
    let path = tile.map_or(String::new(), |tile| tile.path());
    let had = folder.source().root().join(&path).is_file();
    match tree.bundle(index) {
        Ok(bundle) => Ok(Ok(Read {
            bundle,
            fetched: !had,
            removed: false,
        })),
        Err(ReadError::Source(error)) => Ok(Err(error.into())),
        Err(error) if !had => Ok(Err(error)),
        Err(_) => {
            let removed = folder.remove(&path)?;
            Ok(tree.bundle(index).map(|bundle| Read {
                bundle,
                fetched: true,
                removed,
            }))
        }
    }
}
