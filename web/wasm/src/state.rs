//! What handles stand for. A handle is never used again after it is destroyed.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::sync::Arc;

use hanpyo_crypto::ballot::PreparedBallot;
use hanpyo_crypto::credential::CredentialSecret;
use hanpyo_ledger::entry::{CredentialIndex, StyleNumber};
use hanpyo_ledger::voter::VotingElection;
use rand_chacha::ChaCha20Rng;

use crate::failure::{ErrorCode, Failure};

/// A voter with a credential.
pub struct Credential {
    /// The election it is for.
    pub election: Arc<VotingElection>,
    /// Its secret.
    pub secret: CredentialSecret,
    /// Its index in the roll.
    pub index: CredentialIndex,
    /// Its ballot style.
    pub style: StyleNumber,
}

/// An encrypted ballot before the voter's decision.
pub struct Ballot {
    /// The ballot, with its opening.
    pub prepared: PreparedBallot,
    /// Its ballot style.
    pub style: StyleNumber,
    /// For the signature.
    pub rng: ChaCha20Rng,
}

/// What a handle stands for.
pub enum Object {
    /// An election that may be voted in.
    Election(Arc<VotingElection>),
    /// A voter's credential.
    Credential(Box<Credential>),
    /// A ballot before its decision.
    Ballot(Box<Ballot>),
    /// A record that is followed.
    #[cfg(feature = "observer")]
    Observer(Box<crate::observer::Observer>),
    /// A helper of an observer.
    #[cfg(feature = "observer")]
    Verifier(Box<crate::observer::Verifier>),
}

/// Everything a module remembers between calls.
#[derive(Default)]
pub struct State {
    objects: BTreeMap<u32, Object>,
    last: u32,
}

impl State {
    /// Nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            objects: BTreeMap::new(),
            last: 0,
        }
    }

    /// Keeps an object; gives its handle.
    pub fn keep(&mut self, object: Object) -> u32 {
        // Two to the 32 objects are never made in the life of a page.
        self.last = self.last.saturating_add(1);
        self.objects.insert(self.last, object);
        self.last
    }

    /// Forgets an object, wiping its secrets.
    ///
    /// # Errors
    /// [`ErrorCode::Handle`] if there is none.
    pub fn remove(&mut self, handle: u32) -> Result<Object, Failure> {
        self.objects.remove(&handle).ok_or_else(|| no_such(handle))
    }

    /// The election behind a handle.
    ///
    /// # Errors
    /// [`ErrorCode::Handle`].
    pub fn election(&self, handle: u32) -> Result<&Arc<VotingElection>, Failure> {
        match self.objects.get(&handle) {
            Some(Object::Election(election)) => Ok(election),
            _ => Err(no_such(handle)),
        }
    }

    /// The credential behind a handle.
    ///
    /// # Errors
    /// [`ErrorCode::Handle`].
    pub fn credential(&self, handle: u32) -> Result<&Credential, Failure> {
        match self.objects.get(&handle) {
            Some(Object::Credential(credential)) => Ok(credential),
            _ => Err(no_such(handle)),
        }
    }

    /// Takes a ballot: it is decided about once.
    ///
    /// # Errors
    /// [`ErrorCode::Handle`]; whatever else the handle stands for stays.
    pub fn take_ballot(&mut self, handle: u32) -> Result<Ballot, Failure> {
        match self.objects.get(&handle) {
            Some(Object::Ballot(_)) => match self.remove(handle)? {
                Object::Ballot(ballot) => Ok(*ballot),
                _ => Err(no_such(handle)),
            },
            _ => Err(no_such(handle)),
        }
    }

    /// The observer behind a handle.
    ///
    /// # Errors
    /// [`ErrorCode::Handle`].
    #[cfg(feature = "observer")]
    pub fn observer(&mut self, handle: u32) -> Result<&mut crate::observer::Observer, Failure> {
        match self.objects.get_mut(&handle) {
            Some(Object::Observer(observer)) => Ok(observer),
            _ => Err(no_such(handle)),
        }
    }

    /// The helper behind a handle.
    ///
    /// # Errors
    /// [`ErrorCode::Handle`].
    #[cfg(feature = "observer")]
    pub fn verifier(&mut self, handle: u32) -> Result<&mut crate::observer::Verifier, Failure> {
        match self.objects.get_mut(&handle) {
            Some(Object::Verifier(verifier)) => Ok(verifier),
            _ => Err(no_such(handle)),
        }
    }
}

fn no_such(handle: u32) -> Failure {
    Failure::new(
        ErrorCode::Handle,
        format_args!("handle {handle} does not stand for what is needed here"),
    )
}
