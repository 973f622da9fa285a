//! Signals in the middle: everything ends, nothing is left.

use super::{Place, Running};

fn interrupted(at: &str, signal: &str) {
    let place = Place::new();
    let out = place.path("record");
    let mut demo = Running::start(place.demo(&[
        ("SCALE", "100000"),
        ("EXIT", "1"),
        ("OUT", out.to_str().unwrap()),
    ]));
    demo.until(at);
    let (code, last) = demo.signal(signal);
    assert_eq!(code, Some(130), "{last}");
    assert!(last.starts_with("interrupted"), "{last}");
    place.is_clean();
    assert!(!out.exists(), "there is no record to keep");
}

#[test]
fn ctrl_c_while_the_trustees_make_the_key() {
    interrupted("3. Three trustees make the key", "-INT");
}

#[test]
fn sigterm_during_voting() {
    interrupted("5. Voting", "-TERM");
}
