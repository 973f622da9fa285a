//! The exports, and the buffers through which bytes cross the border.
//!
//! Buffers are owned here and found by their address, so that no pointer is ever dereferenced on this side: an
//! address that was not given out, or that was freed, is refused. Names are exported in WebAssembly only: natively
//! `free` would replace the one of the C library.
#![allow(
    unsafe_code,
    reason = "an exported name is an unsafe attribute, and a static needs to be told that there is one thread"
)]

use alloc::vec;
use alloc::vec::Vec;

use alloc::collections::BTreeMap;
use core::cell::RefCell;

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
    #[cfg(not(feature = "std"))]
    const fn new() -> Self {
        Self {
            buffers: BTreeMap::new(),
            state: State::new(),
        }
    }

    /// Keeps a buffer; gives its address and length. An empty one has no address of its own.
    fn keep(&mut self, buffer: Buffer) -> (usize, usize) {
        let (address, len) = (buffer.as_ptr() as usize, buffer.len());
        if len > 0 {
            self.buffers.insert(address, buffer);
        }
        (address, len)
    }
}

/// Runs on the one module there is.
#[cfg(feature = "std")]
fn with_module<T>(run: impl FnOnce(&mut Module) -> T) -> T {
    std::thread_local! {
        static MODULE: RefCell<Module> = RefCell::default();
    }
    MODULE.with_borrow_mut(run)
}

/// Runs on the one module there is.
#[cfg(not(feature = "std"))]
fn with_module<T>(run: impl FnOnce(&mut Module) -> T) -> T {
    struct OneThread(RefCell<Module>);
    // SAFETY: WebAssembly without shared memory has one thread, and it is built for nothing else.
    unsafe impl Sync for OneThread {}
    static MODULE: OneThread = OneThread(RefCell::new(Module::new()));
    run(&mut MODULE.0.borrow_mut())
}

/// Room for `len` bytes, filled with zeros, until [`free`].
// SAFETY: no other symbol has this name.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn alloc(len: usize) -> usize {
    let buffer = Zeroizing::new(vec![0; len]);
    with_module(|module| module.keep(buffer).0)
}

/// Wipes and gives back what [`alloc()`] or [`call`] gave out.
// SAFETY: no other symbol has this name.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn free(address: usize) {
    with_module(|module| module.buffers.remove(&address));
}

/// Runs an operation on the request in the first `len` bytes of a buffer, which is wiped and freed. Gives the
/// response as `address << 32 | length`, to be freed by the page.
// SAFETY: no other symbol has this name.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn call(operation: u32, address: usize, len: usize) -> u64 {
    with_module(|module| {
        let buffer = module.buffers.remove(&address).unwrap_or_default();
        let request = buffer.get(..len).unwrap_or_default();
        let response = ops::dispatch(&mut module.state, operation, request);
        let (address, len) = module.keep(Zeroizing::new(response));
        // Addresses have 32 bits where this runs; natively only tests of `ops` do.
        (address as u64) << 32 | len as u64
    })
}
