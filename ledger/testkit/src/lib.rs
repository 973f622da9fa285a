//! Whole elections in one process, for tests.
