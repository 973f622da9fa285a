//! Changes of a roll that are too large for one transaction, in parts.
//!
//! The writing thread takes the parts one by one, with what others write between them. Order of effects:
//!
//! 1. the mark, with everything that must hold for the change;
//! 2. parts, each durable, hidden by the mark;
//! 3. the acceptance: what must hold is looked at once more, the roll gets its new version, and the mark goes or
//!    moves on to what the change replaced. From here on everyone sees all of it;
//! 4. what was replaced or cleared is deleted in parts, and the mark goes with the last.
//!
//! A crash leaves the mark. The next start deletes what it hides: before the acceptance nothing has changed then,
//! after it everything has.

use std::thread;
use std::time::Duration;

use super::FileError;
use crate::db::connection::Connection;
use crate::db::roll_changes::{self, Mark};
use crate::db::{Db, DbError};
use crate::ids::{ElectionId, TenantId};
use crate::problem::Problem;
use crate::sequencer::fault;

/// How long to wait before deleting is tried again, when the disk is full for example.
const RETRY: Duration = Duration::from_secs(1);

/// A change that has begun. Its methods block, and whoever began it must end it with [`Self::complete`].
#[must_use]
pub struct Parts {
    db: Db,
    mark: Mark,
}

impl Parts {
    /// Sets the mark that `admit` gives, in one transaction with all that it looks at.
    ///
    /// # Errors
    /// What `admit` returns, or the database fails.
    pub fn begin<F>(db: &Db, admit: F) -> Result<Self, Problem>
    where
        F: FnOnce(&mut Connection) -> Result<Mark, Problem> + Send + 'static,
    {
        let mark = db.write_patiently(move |c| {
            let mark = admit(c)?;
            require_idle(c, (mark.tenant, mark.election))?;
            roll_changes::put(c, &mark)?;
            Ok::<_, Problem>(mark)
        })?;
        Ok(Self {
            db: db.clone(),
            mark,
        })
    }

    /// What is being done.
    #[must_use]
    pub fn mark(&self) -> &Mark {
        &self.mark
    }

    /// Writes one part and returns after it is durable.
    ///
    /// # Errors
    /// What `part` returns, or the database fails.
    pub(super) fn write<F>(&self, part: F) -> Result<(), FileError>
    where
        F: FnOnce(&mut Connection) -> Result<(), FileError> + Send + 'static,
    {
        let mark = self.mark;
        self.db.write_patiently(move |c| {
            if !roll_changes::stands(c, &mark)? {
                return Err(FileError::Changed);
            }
            part(c)
        })?;
        fault::reach("roll-part");
        Ok(())
    }

    /// Writes all parts with `work`, then makes the change valid in the transaction of `accept`, which takes the number
    /// of rows and gives the mark of what is to be deleted now, if anything is. If either fails, nothing has
    /// changed and what was written is deleted.
    ///
    /// # Errors
    /// What `work` or `accept` returns, or the database fails.
    pub fn complete<W, A>(self, work: W, accept: A) -> Result<u64, Problem>
    where
        W: FnOnce(&Self) -> Result<u64, FileError>,
        A: FnOnce(&mut Connection, u64) -> Result<Option<Mark>, Problem> + Send + 'static,
    {
        let mark = self.mark;
        let accepted = work(&self).map_err(Problem::from).and_then(|rows| {
            fault::reach("roll-written");
            self.db.write_patiently(move |c| {
                if !roll_changes::stands(c, &mark)? {
                    return Err(FileError::Changed.into());
                }
                let replaced = accept(c, rows)?;
                match &replaced {
                    Some(replaced) => roll_changes::put(c, replaced)?,
                    None => roll_changes::finish(c, &mark)?,
                }
                Ok::<_, Problem>((rows, replaced))
            })
        });
        match accepted {
            Ok((rows, replaced)) => {
                if let Some(replaced) = replaced {
                    clear_up(&self.db, replaced);
                }
                Ok(rows)
            }
            Err(problem) => {
                clear_up(&self.db, mark);
                Err(problem)
            }
        }
    }

    /// Deletes what the mark hides.
    pub fn delete(self) {
        clear_up(&self.db, self.mark);
    }
}

/// Refuses while a change of the roll is under way.
///
/// # Errors
/// 409 `roll-busy`, or the query fails.
pub(crate) fn require_idle(
    c: &mut Connection,
    owner: (TenantId, ElectionId),
) -> Result<(), Problem> {
    if roll_changes::is_under_way(c, owner)? {
        return Err(Problem::conflict(
            "roll-busy",
            "An import, clearing or assignment of this roll is under way; try again when it has ended.",
        ));
    }
    Ok(())
}

/// Deletes what the mark hides, now or, if the database fails, as soon as it works again.
pub(crate) fn clear_up(db: &Db, mark: Mark) {
    let Err(error) = delete_hidden(db, mark) else {
        return;
    };
    warn(mark, &error);
    let db = db.clone();
    thread::spawn(move || {
        // A server that stops leaves it to its next start.
        while !db.is_closed() {
            thread::sleep(RETRY);
            match delete_hidden(&db, mark) {
                Ok(()) => return,
                Err(error) => warn(mark, &error),
            }
        }
    });
}

fn warn(mark: Mark, error: &DbError) {
    tracing::warn!(
        election.id = %mark.election, roll.job = mark.job.name(), error = %error,
        "what a change of a roll left behind is not deleted yet"
    );
}

fn delete_hidden(db: &Db, mark: Mark) -> Result<(), DbError> {
    loop {
        let deleted = db.write_patiently::<_, DbError, _>(move |c| {
            // Not if it is gone: a commit may have worked and yet have been answered with an error.
            if !roll_changes::stands(c, &mark)? {
                return Ok(0);
            }
            let deleted = roll_changes::delete_part(c, &mark)?;
            if deleted == 0 {
                roll_changes::finish(c, &mark)?;
            }
            Ok(deleted)
        })?;
        fault::reach("roll-deleted");
        if deleted == 0 {
            return Ok(());
        }
    }
}
