//! One entry of each type from fixed inputs, and CBOR as a tree that tests can change.

pub(crate) mod samples;
pub(crate) mod tree;
