//! A voter over Hanpyo's public API, the demonstration and the benchmarks.

pub mod casts;
pub mod cli;
pub mod demo;
pub mod scottish;
pub mod seoul;
pub mod voter;

/// Makes HTTPS work: chooses the provider of TLS's cryptography for this process, once.
pub fn use_tls() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Fails only if another thread was faster, with the same provider.
        drop(rustls::crypto::ring::default_provider().install_default());
    }
}
