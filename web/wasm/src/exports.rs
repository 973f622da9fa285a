//! The exports, and the buffers through which bytes cross the border.
//!
//! Buffers are owned here and found by their address, so that no pointer is ever dereferenced on this side: an
//! address that was not given out, or that was freed, is refused. Names are exported in WebAssembly only: natively
//! `free` would replace the one of the C library.
#![allow(
    unsafe_code,
    reason = "an exported name is an unsafe attribute; there is no unsafe block"
)]

use std::cell::RefCell;
use std::collections::BTreeMap;

use zeroize::Zeroizing;

use crate::ops;
use crate::state::State;

/// Bytes that the page may read and write.
type Buffer = Zeroizing<Vec<u8>>;

#[derive(Default)]
struct Module {
    buffers: BTreeMap<usize, Buffer>,
    state: State,
}

impl Module {
    /// Keeps a buffer; gives its address and length. An empty one has no address of its own.
    fn keep(&mut self, buffer: Buffer) -> (usize, usize) {
        let (address, len) = (buffer.as_ptr() as usize, buffer.len());
        if len > 0 {
            self.buffers.insert(address, buffer);
        }
        (address, len)
    }
}

thread_local! {
    static MODULE: RefCell<Module> = RefCell::default();
}

/// Room for `len` bytes, filled with zeros, until [`free`].
// SAFETY: no other symbol has this name.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn alloc(len: usize) -> usize {
    let buffer = Zeroizing::new(vec![0; len]);
    MODULE.with_borrow_mut(|module| module.keep(buffer).0)
}

/// Wipes and gives back what [`alloc`] or [`call`] gave out.
// SAFETY: no other symbol has this name.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn free(address: usize) {
    MODULE.with_borrow_mut(|module| module.buffers.remove(&address));
}

/// Runs an operation on the request in the first `len` bytes of a buffer, which is wiped and freed. Gives the
/// response as `address << 32 | length`, to be freed by the page.
// SAFETY: no other symbol has this name.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn call(operation: u32, address: usize, len: usize) -> u64 {
    MODULE.with_borrow_mut(|module| {
        let buffer = module.buffers.remove(&address).unwrap_or_default();
        let request = buffer.get(..len).unwrap_or_default();
        let response = ops::dispatch(&mut module.state, operation, request);
        let (address, len) = module.keep(Zeroizing::new(response));
        // Addresses have 32 bits where this runs; natively only tests of `ops` do.
        (address as u64) << 32 | len as u64
    })
}
