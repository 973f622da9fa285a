//! Every entry that a test appends is checked against docs/protocol.cddl by a library, in the place that all of
//! them pass.

use std::sync::LazyLock;

use cddl::ast::CDDL;
use cddl::cddl_from_str;
use cddl::validator::Validator;
use cddl::validator::cbor::CBORValidator;
use cddl::validator::cbor_value::decode_cbor;
use hanpyo_ledger::entry::EntryType;

const TEXT: &str = include_str!("../../../docs/protocol.cddl");

/// The CDDL with the rule of one entry type before the others, which makes it the one to validate against.
static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let rule = |entry: EntryType| match entry {
        EntryType::Manifest => "manifest-entry",
        other => other.name(),
    };
    let text = |entry| format!("start = {}\n{TEXT}", rule(entry));
    EntryType::ALL.iter().copied().map(text).collect()
});

static RULES: LazyLock<Vec<CDDL<'static>>> = LazyLock::new(|| {
    let parse = |text: &'static String| cddl_from_str(text, true).unwrap();
    TEXTS.iter().map(parse).collect()
});

/// Panics with what the library says if an entry does not conform.
pub fn assert_conforms(bytes: &[u8]) {
    let entry = EntryType::peek(bytes).unwrap();
    let rules = &RULES[usize::from(entry.number()) - 1];
    let item = decode_cbor(bytes).unwrap();
    let validated = CBORValidator::new(rules, item, None).validate();
    validated
        .unwrap_or_else(|error| panic!("{} is not as in protocol.cddl: {error}", entry.name()));
}
