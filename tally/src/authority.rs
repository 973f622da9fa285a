//! The credential authority: voting codes for a roll, their public credentials for the board.

pub mod order;
pub mod roll;
