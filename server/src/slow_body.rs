//! A limit for the time that a request's body may take: whoever sends one byte a minute must not hold memory for
//! hours. Bodies of any size arrive in time at [`LEAST_BYTES_PER_SECOND`] and more.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::{Error, HttpMessage as _};

use actix_web::error::PayloadError;
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use futures_util::Stream;
use tokio::time::{Instant, Sleep};

use crate::state::AppState;

/// Slowest rate at which a body may come after `http.body_seconds`.
const LEAST_BYTES_PER_SECOND: u64 = 64 * 1024;

/// Middleware: the body fails when it is too slow.
///
/// # Errors
/// Those of inner middleware, unchanged.
pub(crate) async fn hurry(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let seconds = request
        .app_data::<Data<AppState>>()
        .map(|state| state.config.http.body_seconds);
    if let Some(seconds) = seconds {
        let payload = match request.take_payload() {
            Payload::None => Payload::None,
            payload => {
                let hurried = Hurried::new(payload, Duration::from_secs(seconds));
                let payload: Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>> =
                    Box::pin(hurried);
                Payload::Stream { payload }
            }
        };
        request.set_payload(payload);
    }
    next.call(request).await
}

struct Hurried {
    body: Payload,
    start: Instant,
    grace: Duration,
    received: u64,
    too_late: Pin<Box<Sleep>>,
}

impl Hurried {
    fn new(body: Payload, grace: Duration) -> Self {
        let start = Instant::now();
        Self {
            body,
            start,
            grace,
            received: 0,
            too_late: Box::pin(tokio::time::sleep_until(start + grace)),
        }
    }
}

impl Stream for Hurried {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let polled = Pin::new(&mut self.body).poll_next(context);
        if let Poll::Ready(Some(Ok(chunk))) = &polled {
            let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
            self.received = self.received.saturating_add(length);
            let earned = Duration::from_secs(self.received / LEAST_BYTES_PER_SECOND);
            let end = self.start + self.grace + earned;
            self.too_late.as_mut().reset(end);
        }
        if polled.is_pending() && self.too_late.as_mut().poll(context).is_ready() {
            return Poll::Ready(Some(Err(PayloadError::Io(io::ErrorKind::TimedOut.into()))));
        }
        polled
    }
}
