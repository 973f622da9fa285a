//! Voters identify with a one-time code (six digits, minutes, sent by the outbox) and get a session.

pub mod guesses;
pub mod identify;
pub mod one_time_code;
