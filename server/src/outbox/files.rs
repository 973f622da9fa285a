//! One file a message, written under a dotted name and renamed when it is whole.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use data_encoding::HEXLOWER;
use zeroize::Zeroizing;

use super::{Message, OutboxError};
use crate::auth::random;

/// Messages that may wait for the disk.
const QUEUE: usize = 20_000;

/// Writes messages on a thread of its own.
pub struct FileOutbox {
    /// `None` once closed.
    queue: Mutex<Option<SyncSender<Message>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl FileOutbox {
    pub(super) fn open(dir: PathBuf) -> Result<Self, OutboxError> {
        fs::create_dir_all(&dir).map_err(|source| OutboxError::Folder {
            path: dir.clone(),
            source,
        })?;
        let (queue, messages) = sync_channel(QUEUE);
        let thread = thread::Builder::new()
            .name("outbox".to_owned())
            .spawn({
                let dir = dir.clone();
                move || write_all(&dir, &messages)
            })
            .map_err(|source| OutboxError::Folder { path: dir, source })?;
        Ok(Self {
            queue: Mutex::new(Some(queue)),
            thread: Mutex::new(Some(thread)),
        })
    }

    pub(super) fn send(&self, message: Message) -> Result<(), OutboxError> {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let queue = queue.as_ref().ok_or(OutboxError::Closed)?;
        queue.try_send(message).map_err(|refusal| match refusal {
            TrySendError::Full(_) => OutboxError::Full,
            TrySendError::Disconnected(_) => OutboxError::Closed,
        })
    }

    /// Waits until everything taken is written.
    pub(super) fn close(&self) {
        drop(
            self.queue
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the outbox ended with a panic");
        }
    }
}

/// Ends when the outbox is closed or dropped and everything taken is written.
fn write_all(dir: &Path, messages: &Receiver<Message>) {
    let mut number = 0_u64;
    for message in messages {
        number += 1;
        if let Err(error) = write(dir, number, &message) {
            tracing::error!(outbox.error = %error, "a message to a voter could not be written");
        }
    }
}

/// A lost message costs the voter another request, so it is not synced to disk.
fn write(dir: &Path, number: u64, message: &Message) -> io::Result<()> {
    let name = format!("{number:010}-{}.eml", HEXLOWER.encode(&random::<8>()));
    let unfinished = dir.join(format!(".{name}"));
    let text = Zeroizing::new(format!(
        "To: {}\nSubject: {}\nContent-Type: text/plain; charset=utf-8\n\n{}",
        one_line(&message.to),
        one_line(&message.subject),
        message.text.as_str()
    ));
    // Only this user may read it: it holds an address and a code.
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&unfinished)?;
    file.write_all(text.as_bytes())?;
    fs::rename(&unfinished, dir.join(name))
}

/// Nothing in a header may begin another one.
fn one_line(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_control())
        .collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_message_is_one_whole_file_and_headers_cannot_be_injected() {
        let dir = tempfile::tempdir().unwrap();
        let outbox = FileOutbox::open(dir.path().join("outbox")).unwrap();
        let text = Zeroizing::new("code 123456\n".to_owned());
        let to = "voter@example.org\nBcc: other@example.org".to_owned();
        outbox
            .send(Message {
                to,
                subject: "s".to_owned(),
                text,
            })
            .unwrap();
        outbox.close();
        let files: Vec<_> = fs::read_dir(dir.path().join("outbox")).unwrap().collect();
        assert_eq!(files.len(), 1);
        let file = files[0].as_ref().unwrap().path();
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
        let message = fs::read_to_string(file).unwrap();
        assert!(message.starts_with("To: voter@example.orgBcc: other@example.org\nSubject: s\n"));
        assert!(message.ends_with("\n\ncode 123456\n"));
    }
}
