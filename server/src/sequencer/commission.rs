//! What the commission signs here: opening, closing, and the joint key that all trustees have confirmed.

use std::sync::Arc;

use hanpyo_ledger::entry::bounded::List;
use hanpyo_ledger::entry::{
    Attempt, Close, EncodedPoint, Entry, Hash, JointKey, Open, Payload, Seconds,
};
use hanpyo_ledger::signature::{SignatureError, SigningKey};

use super::append::Appended;
use super::error::{LedgerError, StopReason};
use super::ledger::Ledger;
use crate::clock::SECOND;

impl Ledger {
    /// Signs `payload` as the commission and appends it.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn append_as_commission<T>(
        self: &Arc<Self>,
        payload: T,
    ) -> Result<Appended, LedgerError>
    where
        T: Payload,
        hanpyo_ledger::entry::Signed<T>: Into<Entry>,
    {
        let bytes = self.sign_as_commission(payload)?;
        self.append(vec![bytes]).await
    }

    /// The entry of `payload`, signed by the commission alone.
    ///
    /// # Errors
    /// The entry is too long.
    pub(crate) fn sign_as_commission<T>(&self, payload: T) -> Result<Vec<u8>, LedgerError>
    where
        T: Payload,
        hanpyo_ledger::entry::Signed<T>: Into<Entry>,
    {
        let keys: [&SigningKey; 1] = [&self.keys.commission];
        let signed = self.manifest.keys().sign(payload, &keys);
        let signed = signed.map_err(|error| match error {
            SignatureError::WrongKey { .. } => StopReason::OtherKey("commission").into(),
            _ => LedgerError::Refused("the commission alone does not sign such entries"),
        })?;
        Ok(signed.into().encode()?)
    }

    /// Now, in seconds, as entries state it.
    pub(crate) fn now(&self) -> Seconds {
        Seconds::new(u64::try_from(self.clock.now() / SECOND).unwrap_or(0))
    }

    /// Opens voting.
    ///
    /// # Errors
    /// [`LedgerError`]; the record checker knows when it is too early.
    pub async fn open_voting(self: &Arc<Self>) -> Result<Appended, LedgerError> {
        let time = self.now();
        self.append_as_commission(Open { time }).await
    }

    /// Closes voting: no ballot is taken from now on, those that are durable are sequenced, then
    /// comes the `close` entry.
    ///
    /// # Errors
    /// [`LedgerError`]; too early before closing time and grace are over.
    pub async fn close_voting(self: &Arc<Self>) -> Result<Appended, LedgerError> {
        let time = self.now();
        self.append_as_commission(Close { time }).await
    }

    /// Appends the joint key if all trustees have confirmed it and it is not there yet.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn append_joint_key(self: &Arc<Self>) -> Result<Option<Appended>, LedgerError> {
        let Some(payload) = self.joint_key() else {
            return Ok(None);
        };
        let bytes = self.sign_as_commission(payload)?;
        // Not all have confirmed yet: nothing to do.
        if self.record().check(&bytes, &self.source()).is_err() {
            return Ok(None);
        }
        self.append(vec![bytes]).await.map(Some)
    }

    fn joint_key(&self) -> Option<JointKey> {
        let record = self.record();
        let checker = record.checker();
        if checker.ballot_context().is_some() {
            return None;
        }
        let outcome = checker.ceremony()?;
        let shares = outcome.verification_shares().iter();
        let shares: Vec<EncodedPoint> = shares.map(|share| (*share.as_bytes()).into()).collect();
        Some(JointKey {
            attempt: Attempt::try_from(checker.ceremony_attempt()?).ok()?,
            transcript: Hash(*outcome.transcript_hash()),
            joint_key_point: (*outcome.joint_key().as_bytes()).into(),
            shares: List::try_from(shares).ok()?,
        })
    }
}
