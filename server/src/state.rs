//! What every handler can reach.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::HttpRequest;
use hanpyo_web_assets::Pages;
use tokio::sync::Semaphore;

use crate::auth::{KeyError, Keys, PasswordError, Passwords, RateLimit, TokenError, Tokens};
use crate::cast::CastQueue;
use crate::clock::{Clock, HOUR, MINUTE, Millis, SECOND};
use crate::config::Config;
use crate::db::{Db, DbError};
use crate::frozen::FrozenElections;
use crate::ids::{ElectionId, RollId};
use crate::outbox::{Outbox, OutboxError};
use crate::problem::Problem;
use crate::public_api::events::EventCache;
use crate::sequencer::{LedgerError, Ledgers};
use crate::voter::guesses::Guesses;
use crate::voter::one_time_code::CodeHasher;
use crate::voters_api::messages::MessageRuns;

/// Objections from one address in a row, and the time until one more.
const OBJECTION_BURST: u32 = 5;
const OBJECTION_REFILL: Millis = 10 * MINUTE;

/// Ballots that prove nothing that one credential may send in a row. Each of them costs a search in
/// the batch that it spoils.
const INVALID_CASTS: u32 = 20;
/// Time until it may send one more.
const INVALID_CAST_REFILL: Millis = 10 * SECOND;

/// Shared by all workers, behind `actix_web::web::Data`.
pub struct AppState {
    /// The settings.
    pub config: Config,
    /// The time.
    pub clock: Clock,
    /// The database.
    pub db: Db,
    /// Signs and checks tokens.
    pub tokens: Tokens,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
    /// Approved elections by the slugs of public paths.
    pub frozen: FrozenElections,
    /// Hashes one-time codes.
    pub code_hasher: CodeHasher,
    /// Takes messages to voters.
    pub outbox: Arc<Outbox>,
    /// The ledgers of all elections.
    pub ledgers: Arc<Ledgers>,
    /// Takes ballots.
    pub cast: CastQueue,
    /// Codes sent, by row of the roll.
    pub codes_sent: RateLimit<RollId>,
    /// Tries of codes.
    pub guesses: Guesses,
    /// Requests for a code under way.
    pub identify_turns: Arc<Semaphore>,
    /// Objections, by client address.
    pub objection_tries: RateLimit<IpAddr>,
    /// Runs of invitations and reminders under way.
    pub message_runs: MessageRuns,
    /// What roles did, for the public pages.
    pub events: EventCache,
    /// The web pages.
    pub pages: Arc<Pages>,
    /// Tries to log in, by tenant slug and log-in name.
    pub login_tries: RateLimit<(String, String)>,
    /// Tries to log in, by client address.
    pub address_tries: RateLimit<IpAddr>,
    /// Requests of voters for codes and sessions, by client address.
    pub voter_tries: RateLimit<IpAddr>,
    /// Ballots that proved nothing, by election and credential.
    pub invalid_casts: RateLimit<(ElectionId, u32)>,
    /// Whether it was said that proxies are not configured.
    proxy_warned: AtomicBool,
}

/// Why the state could not be built.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// A key file.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The token key.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The ledgers.
    #[error(transparent)]
    Ledgers(#[from] LedgerError),
    /// The outbox.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    /// argon2's parameters.
    #[error(transparent)]
    Password(#[from] PasswordError),
}

impl AppState {
    /// Opens everything in the data folder.
    ///
    /// # Errors
    /// The folder was not made by `init`, or something in it is unusable.
    pub fn open(config: Config, clock: Clock) -> Result<Arc<Self>, StateError> {
        let db = Db::open(&config.storage.database(), &config.storage)?;
        let keys = Keys::load(&config.storage.keys_dir())?;
        let tokens = Tokens::new(&keys.token, &config, clock.clone())?;
        let passwords = Passwords::new(&config.auth)?;
        let outbox = Arc::new(Outbox::open(&config.outbox, &config.storage)?);
        let ledgers = Ledgers::open(
            db.clone(),
            clock.clone(),
            config.ledger.clone(),
            config.storage.clone(),
        )?;
        let cast = CastQueue::start(db.clone(), &config.ledger);
        let pages = config.http.web_dir.as_ref();
        let pages = Arc::new(pages.map_or_else(Pages::site, Pages::folder));
        if !pages.is_built() {
            tracing::warn!("this program was built without its web pages; it serves the API only");
        }
        let auth = &config.auth;
        let seconds = |s: u32| Millis::from(s) * SECOND;
        Ok(Arc::new(Self {
            login_tries: RateLimit::new(auth.login_burst, seconds(auth.login_refill_seconds)),
            address_tries: RateLimit::new(auth.address_burst, seconds(auth.address_refill_seconds)),
            voter_tries: RateLimit::new(
                config.voter.address_burst,
                SECOND / Millis::from(config.voter.address_per_second),
            ),
            invalid_casts: RateLimit::new(INVALID_CASTS, INVALID_CAST_REFILL),
            proxy_warned: AtomicBool::new(false),
            frozen: FrozenElections::default(),
            code_hasher: CodeHasher::new(keys.code),
            ledgers,
            pages,
            events: EventCache::default(),
            objection_tries: RateLimit::new(OBJECTION_BURST, OBJECTION_REFILL),
            message_runs: MessageRuns::default(),
            cast,
            outbox,
            codes_sent: RateLimit::new(
                config.voter.codes_per_hour,
                HOUR / Millis::from(config.voter.codes_per_hour.max(1)),
            ),
            guesses: Guesses::new(&config.voter),
            identify_turns: Arc::new(Semaphore::new(config.voter.identify_queue)),
            config,
            clock,
            db,
            tokens,
            passwords,
        }))
    }

    /// Counts a voter's request for a code or a session, or a posted challenge, against its address. Loopback is not
    /// limited: that is the operator's own proxy, whose clients nobody told apart.
    ///
    /// # Errors
    /// 429: too many from this address.
    pub fn count_voter(&self, request: &HttpRequest) -> Result<(), Problem> {
        let address = self.client_address(request);
        if address.is_loopback() {
            return Ok(());
        }
        let taken = self.voter_tries.take(&address, self.clock.now());
        taken.map_err(Problem::wait)
    }

    /// The client's address for rate limits, never for logs. IPv6 counts by /64, because one
    /// client commonly has all of it.
    #[must_use]
    pub fn client_address(&self, request: &HttpRequest) -> IpAddr {
        let peer = request.peer_addr().map(|address| address.ip());
        let forwarded = match self.config.http.trusted_proxies {
            0 => {
                self.warn_of_proxy(request);
                None
            }
            // Each trusted proxy appends the address it saw; what stands left of them is the
            // client's own claim.
            hops => request
                .headers()
                .get_all("x-forwarded-for")
                .filter_map(|value| value.to_str().ok())
                .flat_map(|value| value.split(','))
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .nth(hops - 1)
                .and_then(|text| text.trim().parse().ok()),
        };
        let address = forwarded
            .or(peer)
            .unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED));
        match address {
            IpAddr::V6(v6) if v6.to_ipv4_mapped().is_none() && !v6.is_loopback() => {
                IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)))
            }
            other => other.to_canonical(),
        }
    }

    /// Clients may send the header themselves, so it changes nothing and is told once.
    fn warn_of_proxy(&self, request: &HttpRequest) {
        let forwarded = request.headers().contains_key("x-forwarded-for");
        if forwarded && !self.proxy_warned.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "a request has X-Forwarded-For but http.trusted_proxies is 0: if a proxy is in \
                 front, all its clients share the limits of one address"
            );
        }
    }
}
