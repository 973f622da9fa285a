//! Checks the public record of a Hanpyo election (docs/PROTOCOL.md section 13) from a web server or a
//! folder, and mirrors it. The program is `hanpyo-verify`; docs/VERIFIER.md describes it.
//!
//! Everything that decides is in the record checker of `hanpyo-ledger`, which all programs share. This
//! crate reads a record, hands it to the checker and says what came out.
//!
//! | module | what it does |
//! |---|---|
//! | [`board`] | where a record is: a folder or a web server |
//! | [`request`] | what to check, against which policy, and what to look for |
//! | `log` | the files of the log: signed, complete, equal to what the entries make (check 1) |
//! | `read` | reads ahead while ballots are verified |
//! | `earlier` | entries that the checker asks for again |
//! | `witnesses`, `given` | policies; receipts, acknowledgements and codes (check 12) |
//! | [`mod@verify`] | one run over a record |
//! | [`report`] | the outcome as data: JSON |
//! | [`text`], [`lang`] | the outcome for people, in Korean and English |
//! | [`mirror`] | copies of a record |
//! | [`fsck`] | the files of a copy only |
//! | [`assets`] | the voting pages that a server sends, against those announced |
//! | [`cli`] | the command line |
//!
//! ```
//! use hanpyo_ledger::log::memory::MemoryStore;
//! use hanpyo_ledger::log::source::StoreSource;
//! use hanpyo_ledger::log::writer::TileWriter;
//! use hanpyo_testkit::{Election, ElectionSpec, checkpoint};
//! use hanpyo_verify::report::Verdict;
//! use hanpyo_verify::request::Request;
//! use hanpyo_verify::verify::verify;
//! use indicatif::ProgressBar;
//!
//! // A whole election, published to memory.
//! let mut election = Election::new(ElectionSpec::yes_no(6));
//! election.complete();
//! let board = MemoryStore::new();
//! let (_, tiles) = TileWriter::new().append(&election.entries)?;
//! for file in tiles.files {
//!     board.overwrite(&file.tile.path(), file.bytes);
//! }
//! board.overwrite("checkpoint", checkpoint(&election, 0).to_bytes());
//!
//! let request = Request::new(election.keys.log.verifier_key().clone());
//! let verified = verify(&StoreSource(&board), &request, &ProgressBar::hidden())?;
//! assert_eq!(verified.report("memory", false).verdict, Verdict::Pass);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod assets;
pub mod board;
pub mod cli;
mod earlier;
pub mod error;
pub mod fsck;
mod given;
pub mod lang;
mod log;
pub mod mirror;
mod read;
pub mod report;
pub mod request;
pub mod text;
pub mod verify;
mod witnesses;
