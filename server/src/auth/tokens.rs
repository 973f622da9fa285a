//! Signed tokens (EdDSA JWT) and refresh tokens.

use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Secret;
use crate::clock::{Clock, MINUTE, Millis, SECOND};
use crate::config::Config;
use crate::db::sessions::{SessionId, TokenHash};
use crate::ids::{ElectionId, RollId, StaffId, TenantId};

/// Audience of staff access tokens.
const STAFF: &str = "staff";
/// Audience of voter sessions.
const VOTER: &str = "voter";
/// Longest token looked at, in bytes.
const MAX_TOKEN: usize = 2_048;

/// Why a token is not taken. Clients hear only "unauthorized".
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Signature, issuer, audience or form.
    #[error("token refused: {0}")]
    Refused(String),
    /// Not yet or no longer valid, leeway included.
    #[error("token outside its time")]
    Time,
    /// Signing failed.
    #[error("token could not be signed: {0}")]
    Sign(String),
}

/// Claims that every token carries; times in seconds, RFC 7519.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Registered {
    iss: String,
    aud: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: String,
}

/// Claims of a staff access token. What the account may do is looked up, not claimed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffClaims {
    /// The account.
    pub sub: StaffId,
    /// The session, base64url.
    pub sid: String,
}

impl StaffClaims {
    /// The session's identifier.
    #[must_use]
    pub fn session(&self) -> Option<SessionId> {
        BASE64URL_NOPAD
            .decode(self.sid.as_bytes())
            .ok()?
            .try_into()
            .ok()
    }
}

/// Claims of a voter session: everything the cast path needs without asking the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoterClaims {
    /// Row of the electoral roll.
    pub sub: RollId,
    /// Tenant.
    pub tid: TenantId,
    /// Election.
    pub eid: ElectionId,
    /// Index of the voter's credential in the roll chunks.
    pub idx: u32,
    /// When the voter identified, in seconds; extensions keep it.
    pub auth_time: i64,
}

#[derive(Serialize, Deserialize)]
struct Signed<C> {
    #[serde(flatten)]
    registered: Registered,
    #[serde(flatten)]
    own: C,
}

/// A signed token and its end.
#[derive(Debug)]
pub struct Issued {
    /// Compact JWT.
    pub token: Secret,
    /// When it ends.
    pub expires_at: Millis,
}

/// Signs and checks tokens.
#[derive(Clone)]
pub struct Tokens {
    inner: Arc<Inner>,
}

struct Inner {
    encoding: EncodingKey,
    decoding: DecodingKey,
    staff: Validation,
    voter: Validation,
    issuer: String,
    leeway: Millis,
    staff_life: Millis,
    voter_life: Millis,
    voter_limit: Millis,
    clock: Clock,
}

impl Tokens {
    /// Takes key, issuer and life times.
    ///
    /// # Errors
    /// The key cannot be encoded.
    pub fn new(key: &SigningKey, config: &Config, clock: Clock) -> Result<Self, TokenError> {
        let der = key
            .to_pkcs8_der()
            .map_err(|e| TokenError::Sign(e.to_string()))?;
        let issuer = config.http.public_url_text().to_owned();
        Ok(Self {
            inner: Arc::new(Inner {
                encoding: EncodingKey::from_ed_der(der.as_bytes()),
                decoding: DecodingKey::from_ed_der(key.verifying_key().as_bytes()),
                staff: validation(&issuer, STAFF),
                voter: validation(&issuer, VOTER),
                issuer,
                leeway: Millis::from(config.auth.leeway_seconds) * SECOND,
                staff_life: Millis::from(config.auth.access_minutes) * MINUTE,
                voter_life: Millis::from(config.voter.session_minutes) * MINUTE,
                voter_limit: Millis::from(config.voter.session_limit_minutes) * MINUTE,
                clock,
            }),
        })
    }

    /// An access token for `staff` in `session`.
    ///
    /// # Errors
    /// Signing fails.
    pub fn issue_staff(&self, staff: StaffId, session: &SessionId) -> Result<Issued, TokenError> {
        let own = StaffClaims {
            sub: staff,
            sid: BASE64URL_NOPAD.encode(session),
        };
        let now = self.inner.clock.now();
        self.sign(STAFF, own, now, now + self.inner.staff_life)
    }

    /// Checks an access token. Whether its session still lives is for the caller to ask.
    ///
    /// # Errors
    /// It is no valid access token now.
    pub fn check_staff(&self, token: &str) -> Result<StaffClaims, TokenError> {
        self.check(token, &self.inner.staff)
    }

    /// A voter session that ends after the usual life, but not beyond the limit since
    /// [`VoterClaims::auth_time`]. `None` if that limit has passed.
    ///
    /// # Errors
    /// Signing fails.
    pub fn issue_voter(&self, claims: VoterClaims) -> Result<Option<Issued>, TokenError> {
        let now = self.inner.clock.now();
        let limit = claims.auth_time * SECOND + self.inner.voter_limit;
        let expires_at = (now + self.inner.voter_life).min(limit);
        if expires_at <= now {
            return Ok(None);
        }
        self.sign(VOTER, claims, now, expires_at).map(Some)
    }

    /// Checks a voter session.
    ///
    /// # Errors
    /// It is no valid voter session now.
    pub fn check_voter(&self, token: &str) -> Result<VoterClaims, TokenError> {
        self.check(token, &self.inner.voter)
    }

    fn sign<C: Serialize>(
        &self,
        audience: &str,
        own: C,
        now: Millis,
        expires_at: Millis,
    ) -> Result<Issued, TokenError> {
        let registered = Registered {
            iss: self.inner.issuer.clone(),
            aud: audience.to_owned(),
            iat: now / SECOND,
            nbf: now / SECOND,
            exp: expires_at / SECOND,
            jti: BASE64URL_NOPAD.encode(&super::random::<16>()),
        };
        let claims = Signed { registered, own };
        let token = jsonwebtoken::encode(
            &Header::new(Algorithm::EdDSA),
            &claims,
            &self.inner.encoding,
        )
        .map_err(|e| TokenError::Sign(e.to_string()))?;
        Ok(Issued {
            token: Secret::new(token),
            expires_at: expires_at / SECOND * SECOND,
        })
    }

    fn check<C: DeserializeOwned>(
        &self,
        token: &str,
        validation: &Validation,
    ) -> Result<C, TokenError> {
        if token.len() > MAX_TOKEN {
            return Err(TokenError::Refused("too long".to_owned()));
        }
        let signed = jsonwebtoken::decode::<Signed<C>>(token, &self.inner.decoding, validation)
            .map_err(|e| TokenError::Refused(e.to_string()))?
            .claims;
        let now = self.inner.clock.now();
        let Registered { nbf, exp, .. } = signed.registered;
        let begins = nbf.saturating_mul(SECOND).saturating_sub(self.inner.leeway);
        let ends = exp.saturating_mul(SECOND).saturating_add(self.inner.leeway);
        if begins <= now && now < ends {
            Ok(signed.own)
        } else {
            Err(TokenError::Time)
        }
    }
}

/// Times are checked here and not by the library, which would ask the system's clock.
fn validation(issuer: &str, audience: &str) -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[audience]);
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud"]);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation
}

/// A new refresh token, and its hash to store.
#[must_use]
pub fn new_refresh_token() -> (Secret, TokenHash) {
    let text = BASE64URL_NOPAD.encode(&super::random::<32>());
    let hash = hash_refresh_token(&text);
    (Secret::new(text), hash)
}

/// The stored form of a refresh token: 256 random bits need no slow hash.
#[must_use]
pub fn hash_refresh_token(token: &str) -> TokenHash {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Sources;

    fn tokens(seed: u8, url: &str, clock: &Clock) -> Tokens {
        let flags = vec![("http.public_url".to_owned(), url.to_owned())];
        let config = Config::load(&Sources {
            flags,
            ..Sources::default()
        })
        .unwrap();
        Tokens::new(&SigningKey::from_bytes(&[seed; 32]), &config, clock.clone()).unwrap()
    }

    fn voter(clock: &Clock) -> VoterClaims {
        VoterClaims {
            sub: RollId(7),
            tid: TenantId(1),
            eid: ElectionId(2),
            idx: 3,
            auth_time: clock.now() / SECOND,
        }
    }

    #[test]
    fn tokens_hold_for_their_audience_issuer_key_and_time() {
        let clock = Clock::system();
        let ours = tokens(1, "https://vote.example", &clock);
        let session = [9; 16];
        let token = ours.issue_staff(StaffId(5), &session).unwrap().token;
        let claims = ours.check_staff(token.expose()).unwrap();
        assert_eq!((claims.sub, claims.session()), (StaffId(5), Some(session)));

        assert!(ours.check_voter(token.expose()).is_err(), "wrong audience");
        let other_key = tokens(2, "https://vote.example", &clock);
        assert!(other_key.check_staff(token.expose()).is_err(), "wrong key");
        let other_issuer = tokens(1, "https://other.example", &clock);
        assert!(
            other_issuer.check_staff(token.expose()).is_err(),
            "wrong issuer"
        );

        clock.advance(10 * MINUTE + 29 * SECOND);
        assert!(ours.check_staff(token.expose()).is_ok(), "leeway");
        clock.advance(2 * SECOND);
        assert!(matches!(
            ours.check_staff(token.expose()),
            Err(TokenError::Time)
        ));
        clock.advance(-12 * MINUTE);
        assert!(
            matches!(ours.check_staff(token.expose()), Err(TokenError::Time)),
            "too early"
        );
    }

    #[test]
    fn a_changed_or_unsigned_token_is_refused() {
        let clock = Clock::system();
        let ours = tokens(1, "https://vote.example", &clock);
        let token = ours.issue_voter(voter(&clock)).unwrap().unwrap().token;
        let parts: Vec<&str> = token.expose().split('.').collect();
        let payload =
            String::from_utf8(BASE64URL_NOPAD.decode(parts[1].as_bytes()).unwrap()).unwrap();
        let changed = BASE64URL_NOPAD.encode(payload.replace("\"idx\":3", "\"idx\":4").as_bytes());
        assert_ne!(changed, parts[1]);
        let forged = format!("{}.{changed}.{}", parts[0], parts[2]);
        assert!(ours.check_voter(&forged).is_err());
        let none = BASE64URL_NOPAD.encode(br#"{"typ":"JWT","alg":"none"}"#);
        assert!(ours.check_voter(&format!("{none}.{}.", parts[1])).is_err());
        assert!(ours.check_voter(&"x".repeat(5_000)).is_err());
    }

    #[test]
    fn extensions_end_at_the_limit_since_identification() {
        let clock = Clock::system();
        let ours = tokens(1, "https://vote.example", &clock);
        let claims = voter(&clock);
        clock.advance(230 * MINUTE);
        let issued = ours.issue_voter(claims.clone()).unwrap().unwrap();
        assert!(issued.expires_at <= claims.auth_time * SECOND + 240 * MINUTE);
        clock.advance(11 * MINUTE);
        assert!(ours.issue_voter(claims).unwrap().is_none());
    }
}
