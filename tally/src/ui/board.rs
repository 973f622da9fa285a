//! Where the board is, and what pages show of it.

use std::path::Path;
use std::time::Duration;

use hanpyo_ledger::entry::Seconds;
use hanpyo_ledger::manifest::{self, Officer};
use hanpyo_ledger::record::{Phase, Turnout};

use super::messages::{
    Bilingual, BoardView, Counted, ElectionView, FingerprintWords, FractionView, OfficerView,
    PhaseView, Refusal, RefusalCode, TurnoutView,
};
use super::worker::JobHandle;
use crate::board::Board;
use crate::cli::{BoardArgs, Failure, PostArgs};
use crate::election::Election;
use crate::session::Session;
use crate::words;

/// How often a program looks at the board while it waits.
pub const PAUSE: Duration = Duration::from_secs(2);

/// Where the board is and where entries are posted.
#[derive(Debug)]
pub struct Place {
    /// The board.
    pub board: BoardArgs,
    /// The API.
    pub post: PostArgs,
}

impl Place {
    /// A place as typed in.
    ///
    /// # Errors
    /// Address or key make no sense.
    pub fn parse(board: String, vkey: String, api: Option<String>) -> Result<Self, Refusal> {
        let board = BoardArgs {
            board: board.trim().to_owned(),
            vkey: vkey.trim().to_owned(),
        };
        let place = Self {
            board,
            post: PostArgs { api },
        };
        place.check()?;
        Ok(place)
    }

    /// A place as named on the command line, if one was.
    ///
    /// # Errors
    /// Address or key make no sense.
    pub fn of_arguments(
        board: Option<(String, String)>,
        post: PostArgs,
    ) -> Result<Option<Self>, Failure> {
        board
            .map(|(board, vkey)| Self::parse(board, vkey, post.api))
            .transpose()
            .map_err(|refusal| Failure::input(refusal.detail))
    }

    /// Refuses what makes no sense.
    ///
    /// # Errors
    /// Address or key make no sense.
    pub fn check(&self) -> Result<(), Refusal> {
        let bad = |failure| Refusal::new(RefusalCode::BadAddress, failure);
        self.board.place().map_err(bad)?;
        self.post.client(&self.board).map_err(bad)?;
        (self.board.open()).map_err(|error| Refusal::new(RefusalCode::BadKey, error))?;
        Ok(())
    }

    /// The board, read and verified from its first entry on, with progress; it must extend what was verified with
    /// this secret file before.
    ///
    /// # Errors
    /// The board cannot be read or relied on.
    pub fn read<View>(
        &self,
        secret: &Path,
        job: &JobHandle<View>,
        prepare: impl FnOnce(&mut Board),
    ) -> Result<Session, Refusal> {
        let mut board = self.board.open()?;
        prepare(&mut board);
        board.remember_beside(secret)?;
        let client = self.post.client(&self.board)?;
        job.progress(Counted::Verified, 0, 0);
        board.refresh(&mut |done, total| job.progress(Counted::Verified, done, total))?;
        Ok(Session::new(board, client, PAUSE))
    }

    /// What pages show: `number` finds which officer has the secret file's key.
    #[must_use]
    pub fn view(
        &self,
        board: Option<&Board>,
        number: impl FnOnce(&Election) -> Option<u8>,
    ) -> BoardView {
        let checker = board.map(Board::checker);
        let election = board.and_then(|board| {
            let election = board.election().ok()?;
            Some(election_view(board, election, number(election)))
        });
        BoardView {
            place: self.board.board.clone(),
            vkey: self.board.vkey.clone(),
            size: checker.map_or(0, hanpyo_ledger::record::RecordChecker::size),
            root: checker.map_or_else(String::new, |checker| checker.root().to_string()),
            phase: checker.map_or(PhaseView::Empty, |checker| checker.phase().into()),
            turnout: (checker.filter(|checker| checker.phase() >= Phase::Sealed))
                .and_then(hanpyo_ledger::record::RecordChecker::turnout)
                .map(Into::into),
            election,
        }
    }
}

fn election_view(board: &Board, election: &Election, number: Option<u8>) -> ElectionView {
    let manifest = &election.manifest;
    let windows = &manifest.schedule.windows;
    let last = windows.last().map_or(0, |window| window.closes.get());
    let short = election.hash.as_bytes().get(..16).unwrap_or_default();
    ElectionView {
        title: (&manifest.title).into(),
        origin: manifest.origin.as_str().to_owned(),
        fingerprint: data_encoding::HEXLOWER.encode(short),
        words: FingerprintWords {
            ko: words::korean(short),
            en: words::english(short),
        },
        manifest_hash: election.hash.to_string(),
        test: manifest.test,
        opens: windows.first().map_or(0, |window| window.opens.get()),
        closes: board.checker().closes().map_or(last, Seconds::get),
        trustees: officers(&manifest.roles.trustees),
        quorum: manifest.roles.quorum.get(),
        authorities: officers(&manifest.roles.authorities),
        number,
        gate: manifest.profile.count_gate.as_ref().map(Into::into),
    }
}

fn officers(officers: &[Officer]) -> Vec<OfficerView> {
    let view = |(number, officer): (u8, &Officer)| OfficerView {
        number,
        name: officer.name.as_str().to_owned(),
    };
    (1..).zip(officers).map(view).collect()
}

impl From<&manifest::Bilingual> for Bilingual {
    fn from(text: &manifest::Bilingual) -> Self {
        Self {
            ko: text.ko.as_str().to_owned(),
            en: text.en.as_str().to_owned(),
        }
    }
}

impl From<&manifest::Fraction> for FractionView {
    fn from(fraction: &manifest::Fraction) -> Self {
        Self {
            numerator: fraction.numerator.get(),
            denominator: fraction.denominator.get(),
        }
    }
}

impl From<Turnout> for TurnoutView {
    fn from(turnout: Turnout) -> Self {
        Self {
            ballots: turnout.ballots,
            paper: turnout.paper,
            electorate: turnout.electorate,
        }
    }
}

impl From<Phase> for PhaseView {
    fn from(phase: Phase) -> Self {
        match phase {
            Phase::Empty => Self::Empty,
            Phase::Ceremony => Self::Ceremony,
            Phase::Drill => Self::Drill,
            Phase::Roll => Self::Roll,
            Phase::Sealed => Self::Sealed,
            Phase::Voting => Self::Open,
            Phase::Closed => Self::Closed,
            Phase::Decrypting | Phase::Results => Self::Tally,
            Phase::Finished => Self::Finished,
            Phase::Void => Self::Void,
            Phase::Unusable => Self::Unusable,
        }
    }
}
