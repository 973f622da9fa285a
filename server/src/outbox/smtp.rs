//! Mail through a relay, with a bounded queue and a few tries.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;

use super::{Message, OutboxError};
use crate::auth::read_secret;
use crate::config::{SmtpConfig, SmtpEncryption};

/// Wait after the first failed try; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// Hands messages to tasks that speak SMTP.
pub struct SmtpOutbox {
    /// `None` once closed.
    queue: Mutex<Option<mpsc::Sender<Message>>>,
    relaying: Mutex<Option<JoinHandle<()>>>,
}

struct Relay {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    attempts: u32,
}

impl SmtpOutbox {
    pub(super) fn open(config: &SmtpConfig) -> Result<Self, OutboxError> {
        let setting = |setting| move |reason: String| OutboxError::Setting { setting, reason };
        let host = config.host.as_str();
        let builder = match config.encryption {
            SmtpEncryption::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(host),
            SmtpEncryption::Starttls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(host),
            SmtpEncryption::None => Ok(AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(
                host,
            )),
        };
        let pool = PoolConfig::new().max_size(config.connections);
        let mut builder = builder
            .map_err(|error| setting("outbox.smtp.host")(error.to_string()))?
            .port(config.port)
            .pool_config(pool);
        if let (Some(user), Some(file)) = (&config.user, &config.password_file) {
            let password = read_secret(file)
                .map_err(|error| setting("outbox.smtp.password_file")(error.to_string()))?;
            let password = std::str::from_utf8(&password)
                .map_err(|error| setting("outbox.smtp.password_file")(error.to_string()))?;
            builder = builder.credentials(Credentials::new(
                user.clone(),
                password.trim_end().to_owned(),
            ));
        }
        let from = config
            .from
            .parse()
            .map_err(|error: lettre::address::AddressError| {
                setting("outbox.smtp.from")(error.to_string())
            })?;
        let relay = Arc::new(Relay {
            transport: builder.build(),
            from,
            attempts: config.attempts,
        });
        let (queue, messages) = mpsc::channel(config.queue);
        let relaying = tokio::spawn(relay_all(relay, messages, config.connections));
        Ok(Self {
            queue: Mutex::new(Some(queue)),
            relaying: Mutex::new(Some(relaying)),
        })
    }

    pub(super) fn send(&self, message: Message) -> Result<(), OutboxError> {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let queue = queue.as_ref().ok_or(OutboxError::Closed)?;
        queue.try_send(message).map_err(|refusal| match refusal {
            TrySendError::Full(_) => OutboxError::Full,
            TrySendError::Closed(_) => OutboxError::Closed,
        })
    }

    /// Waits until everything taken is delivered or given up.
    pub(super) async fn close(&self) {
        drop(
            self.queue
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
        let relaying = self
            .relaying
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(relaying) = relaying
            && relaying.await.is_err()
        {
            tracing::error!("the mail relay ended with a panic");
        }
    }
}

/// Sends with so many messages under way at once as there are connections.
async fn relay_all(relay: Arc<Relay>, mut messages: mpsc::Receiver<Message>, connections: u32) {
    let turns = Arc::new(Semaphore::new(usize::try_from(connections).unwrap_or(1)));
    while let Some(message) = messages.recv().await {
        // Nobody closes the semaphore.
        let Ok(turn) = Arc::clone(&turns).acquire_owned().await else {
            return;
        };
        let relay = Arc::clone(&relay);
        tokio::spawn(async move {
            relay.deliver(&message).await;
            drop(turn);
        });
    }
    // All turns are free again when the last message is done.
    drop(turns.acquire_many(connections).await);
}

/// What may be logged of a failure: servers like to repeat the recipient's address in their answers.
fn reason(error: &lettre::transport::smtp::Error) -> String {
    match error.status() {
        Some(status) => format!("the mail server answered {status}"),
        None => error.to_string(),
    }
}

impl Relay {
    /// A message that cannot be delivered is logged without its address; the voter asks again.
    async fn deliver(&self, message: &Message) {
        let Ok(to) = message.to.parse::<Mailbox>() else {
            tracing::warn!("a voter's contact is no e-mail address; the message is dropped");
            return;
        };
        let mail = lettre::Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(message.subject.as_str())
            .header(ContentType::TEXT_PLAIN)
            .body(message.text.as_str().to_owned());
        let mail = match mail {
            Ok(mail) => mail,
            Err(error) => {
                tracing::error!(error = %error, "a message could not be built");
                return;
            }
        };
        let mut pause = FIRST_PAUSE;
        for attempt in 1..=self.attempts {
            match self.transport.send(mail.clone()).await {
                Ok(_) => return,
                Err(error) if error.is_permanent() || attempt == self.attempts => {
                    tracing::error!(smtp.attempt = attempt, error = %reason(&error), "a message could not be sent");
                    return;
                }
                Err(_) => tokio::time::sleep(pause).await,
            }
            pause = pause.saturating_mul(2);
        }
    }
}
