//! A voter over Hanpyo's public API, the demonstration and the benchmarks.

pub mod casts;
pub mod demo;
pub mod scottish;
pub mod seoul;
pub mod voter;
