//! The TypeScript types are those of the messages.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

#[test]
fn the_generated_types_are_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/wasm/messages.ts");
    let expected = hanpyo_wasm::ops::typescript();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "{} is stale: run `BLESS=1 cargo test -p hanpyo-wasm --test messages`",
        path.display()
    );
}
