//! The command `issue`: from a roll to voting codes.

use std::path::Path;

use hanpyo_tally::authority::issue::{self, Issuing};
use hanpyo_tally::authority::order;
use hanpyo_tally::authority::roll::{Roll, RollLimits};
use hanpyo_tally::authority::state::AuthorityState;
use hanpyo_tally::cli::{BoardArgs, Failure, PassphraseArgs, Progress};
use hanpyo_tally::election::KeyedElection;
use hanpyo_tally::files;
use rand::rngs::OsRng;
use sha2::{Digest, Sha256};
use url::Url;

use super::{booth, code_book, in_file, open_csv, open_secret, read_board};

/// Who votes.
struct Voters {
    roll: Roll,
    /// Credential index of each voter, if the other authority drew the order.
    order: Option<Vec<u32>>,
    /// Hash of both.
    hash: [u8; 32],
}

/// The command `issue`.
pub(super) struct Issue<'a> {
    pub(super) secret: &'a PassphraseArgs,
    pub(super) board: &'a BoardArgs,
    pub(super) roll: &'a Path,
    pub(super) order: Option<&'a Path>,
    pub(super) out: &'a Path,
    pub(super) booth: Option<Url>,
}

impl Issue<'_> {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut file = open_secret(self.secret)?;
        let board = read_board(self.secret, self.board)?;
        let keyed = board.keyed_election().map_err(Failure::refused)?;
        let election = keyed.election;
        let number = election.authority(file.key()).map_err(Failure::refused)?;
        let authorities = election.keys.authorities();
        let second = authorities == 2 && number.get() == 2;
        if second != self.order.is_some() {
            return Err(Failure::input(if second {
                "this is the second authority: --order names the order.csv of the first"
            } else {
                "--order is only for the second of two authorities"
            }));
        }
        println!(
            "election {} with fingerprint {}",
            election.manifest.title.ko.as_str(),
            election.fingerprint()
        );
        let Voters {
            roll,
            order: given,
            hash,
        } = self.read_roll(&keyed)?;
        let voters = u32::try_from(roll.len()).map_err(Failure::input)?;
        let issued = file
            .state()
            .issue(&keyed, hash, voters, &mut OsRng)
            .map_err(Failure::refused)?;
        if file.state().issue.is_none() && board.checker().credentials() > 0 {
            return Err(Failure::refused(
                "the board has a roll already, which this secret file did not issue",
            ));
        }
        if file.state().issue.is_none() {
            // On disk before the first code is anywhere: whatever happens, nobody gets two codes.
            let state = AuthorityState {
                issue: Some(issued.clone()),
                ..file.state().clone()
            };
            file.save(state).map_err(Failure::input)?;
        }
        let order = given.unwrap_or_else(|| order::permutation(issued.order_seed(), voters));
        let booth = booth(self.booth.clone(), &keyed)?;
        let codes = code_book(&keyed, issued.code_seed(), number, authorities);
        files::create_folder(self.out)?;
        let _lock = files::Lock::beside(&self.out.join(issue::LETTERS))?;
        let issuing = Issuing {
            roll: &roll,
            order: &order,
            codes: &codes,
            authority: number,
            manifest: &election.hash,
            keys: &election.keys,
            key: file.key(),
            fingerprint: &election.fingerprint(),
            booth: &booth,
        };
        self.write(&issuing, u64::from(voters), authorities, second)
    }

    /// The voters and, if the first authority drew it, their order.
    fn read_roll(&self, keyed: &KeyedElection<'_>) -> Result<Voters, Failure> {
        let manifest = &keyed.election.manifest;
        let limits = RollLimits {
            styles: manifest.styles.len(),
            units: manifest.units.len(),
        };
        let roll = Roll::read(open_csv(self.roll)?, limits).map_err(in_file(self.roll))?;
        let Some(path) = self.order else {
            let hash = roll.hash();
            return Ok(Voters {
                roll,
                order: None,
                hash,
            });
        };
        let (ordered, indices) =
            Roll::read_order(open_csv(path)?, limits).map_err(in_file(path))?;
        roll.same_voters(&ordered).map_err(|difference| {
            Failure::input(format!(
                "{} and {} differ: {difference}",
                self.roll.display(),
                path.display()
            ))
        })?;
        let mut hash = Sha256::new_with_prefix(ordered.hash());
        for index in &indices {
            hash.update(index.to_le_bytes());
        }
        Ok(Voters {
            roll: ordered,
            order: Some(indices),
            hash: hash.finalize().into(),
        })
    }

    fn write(
        &self,
        issuing: &Issuing<'_>,
        voters: u64,
        authorities: usize,
        second: bool,
    ) -> Result<(), Failure> {
        let mut bar = Progress::start("voting codes", voters);
        issuing
            .write_letters(self.out, &mut |more| bar.add(more))
            .map_err(Failure::input)?;
        bar.finish();
        let mut bar = Progress::start("public credentials", voters);
        let mut written = vec![issue::LETTERS];
        if authorities == 2 {
            issuing
                .write_halves(self.out, &mut |more| bar.add(more))
                .map_err(Failure::input)?;
            issuing.write_order(self.out).map_err(Failure::input)?;
            written.extend([issue::HALVES, issue::ORDER]);
        } else {
            issuing
                .write_credentials(self.out, &mut |more| bar.add(more))
                .map_err(Failure::input)?;
            written.push(issue::CREDENTIALS);
        }
        bar.finish();
        if !second {
            issuing.write_assignment(self.out).map_err(Failure::input)?;
            written.push(issue::ASSIGNMENT);
        }
        println!(
            "{voters} codes issued; in {}: {}",
            self.out.display(),
            written.join(", ")
        );
        Ok(())
    }
}
