//! The security headers of every page and asset.

/// What a page may do: scripts, styles, images and connections of its own origin, WebAssembly, one
/// trusted-types policy for the worker's address. Nothing inline, nothing from elsewhere.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; \
    script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; \
    style-src 'self'; img-src 'self'; require-trusted-types-for 'script'; \
    trusted-types hanpyo; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Two years: what browsers remember of "only over https".
pub const STRICT_TRANSPORT_SECURITY: &str = "max-age=63072000; includeSubDomains";

/// Headers of every answer, as (name, value).
pub const ALWAYS: &[(&str, &str)] = &[
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];
