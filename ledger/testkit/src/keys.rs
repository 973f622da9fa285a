//! Every role's secret key.

use hanpyo_ledger::log::key::KeyName;
use hanpyo_ledger::log::signer::{Cosigner, LogSigner};
use hanpyo_ledger::signature::{Role, SigningKey};
use rand_core::{CryptoRng, RngCore};

use crate::spec::ElectionSpec;

/// The keys of all roles, as no single party ever holds them.
pub struct Keys {
    /// Log.
    pub log: LogSigner,
    /// Acknowledgements.
    pub acknowledgement: SigningKey,
    /// Commission.
    pub commission: SigningKey,
    /// Authorities.
    pub authorities: Vec<SigningKey>,
    /// Trustees.
    pub trustees: Vec<SigningKey>,
    /// Tally operator.
    pub tally: SigningKey,
    /// Witnesses.
    pub witnesses: Vec<Cosigner>,
}

impl Keys {
    pub(crate) fn generate(spec: &ElectionSpec, rng: &mut (impl RngCore + CryptoRng)) -> Self {
        let log = KeyName::new(spec.origin()).unwrap();
        let log = LogSigner::generate(log, rng).unwrap();
        let mut several = |count| (0..count).map(|_| SigningKey::generate(rng)).collect();
        let (authorities, trustees) = (several(spec.authorities), several(spec.trustees));
        let witness = |number, rng: &mut _| {
            let name = KeyName::new(format!("witness-{number}.example")).unwrap();
            Cosigner::generate(name, rng).unwrap()
        };
        Self {
            log,
            acknowledgement: SigningKey::generate(rng),
            commission: SigningKey::generate(rng),
            authorities,
            trustees,
            tally: SigningKey::generate(rng),
            witnesses: (0..spec.witnesses).map(|n| witness(n, rng)).collect(),
        }
    }

    /// The signing key of a role; of one that does not exist, that of the commission, as good as any.
    #[must_use]
    pub fn of(&self, role: Role) -> &SigningKey {
        let key = match role {
            Role::Commission => None,
            Role::Authority(number) => self.authorities.get(number.position()),
            Role::Trustee(number) => self.trustees.get(number.position()),
            Role::Tally => Some(&self.tally),
        };
        key.unwrap_or(&self.commission)
    }

    /// The witness policy: all but one must cosign, or quorum `none`.
    pub(crate) fn policy(&self) -> String {
        let mut policy = format!("log {}\n", self.log.verifier_key());
        if self.witnesses.is_empty() {
            policy.push_str("quorum none\n");
            return policy;
        }
        let mut group = format!("group all {}", self.witnesses.len() - 1);
        for (number, witness) in self.witnesses.iter().enumerate() {
            policy.push_str(&format!("witness w{number} {}\n", witness.verifier_key()));
            group.push_str(&format!(" w{number}"));
        }
        policy + &group + "\nquorum all\n"
    }
}
