//! What the pages compute: a thin export of `hanpyo-crypto` and `hanpyo-ledger` as plain WebAssembly.
//!
//! The module has no imports. It exports `alloc(len) -> pointer`, `free(pointer)` and
//! `call(operation, pointer, len) -> pointer << 32 | len`; requests and responses are CBOR ([`wire`]). Randomness
//! comes in with requests. Secrets stay behind handles ([`state`]) and are wiped when a handle is destroyed.
//!
//! | module | what it knows |
//! |---|---|
//! | [`exports`] | the three exports; nothing else knows of pointers |
//! | [`wire`] | how messages are encoded, and their TypeScript types |
//! | [`failure`] | what a page learns when an operation fails |
//! | [`state`] | what handles stand for |
//! | [`ops`] | the operations, one a file |
//! | `bare` | what the standard library does elsewhere (without feature `std`) |
//! | `observer` | following a record (feature `observer`) |
//!
//! `web/src/wasm/messages.ts` is generated from these types; a test compares it.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(all(target_arch = "wasm32", not(feature = "std")))]
mod bare;
pub mod exports;
pub mod failure;
#[cfg(feature = "observer")]
pub mod observer;
pub mod ops;
pub mod state;
pub mod wire;
