//! Entries as trees of CBOR items, to change any one of them.

use minicbor::data::Type;
use minicbor::{Decoder, Encoder};

/// A CBOR item of the kinds that entries are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Unsigned integer.
    Uint(u64),
    /// Byte string.
    Bytes(Vec<u8>),
    /// Text.
    Text(String),
    /// Boolean.
    Bool(bool),
    /// Null.
    Null,
    /// Array.
    Array(Vec<Value>),
}

/// A changed entry, and where it was changed: places from the outermost array inwards.
#[derive(Clone, Debug)]
pub struct Mutation {
    /// `[1, 0]` is the first item of the payload.
    pub path: Vec<usize>,
    /// What was done.
    pub what: &'static str,
    /// The entry's bytes, not signed again.
    pub bytes: Vec<u8>,
}

impl Value {
    /// Reads an entry.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Self {
        Self::read(&mut Decoder::new(bytes))
    }

    fn read(d: &mut Decoder<'_>) -> Self {
        match d.datatype().unwrap() {
            Type::U8 | Type::U16 | Type::U32 | Type::U64 => Self::Uint(d.u64().unwrap()),
            Type::Bytes => Self::Bytes(d.bytes().unwrap().to_vec()),
            Type::String => Self::Text(d.str().unwrap().to_owned()),
            Type::Bool => Self::Bool(d.bool().unwrap()),
            Type::Null => {
                d.null().unwrap();
                Self::Null
            }
            Type::Array => {
                let length = d.array().unwrap().unwrap();
                Self::Array((0..length).map(|_| Self::read(d)).collect())
            }
            other => panic!("{other:?} does not occur in entries"),
        }
    }

    /// Deterministic encoding.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut encoder = Encoder::new(Vec::new());
        self.write(&mut encoder);
        encoder.into_writer()
    }

    fn write(&self, e: &mut Encoder<Vec<u8>>) {
        match self {
            Self::Uint(number) => {
                e.u64(*number).unwrap();
            }
            Self::Bytes(bytes) => {
                e.bytes(bytes).unwrap();
            }
            Self::Text(text) => {
                e.str(text).unwrap();
            }
            Self::Bool(value) => {
                e.bool(*value).unwrap();
            }
            Self::Null => {
                e.null().unwrap();
            }
            Self::Array(items) => {
                e.array(items.len() as u64).unwrap();
                items.iter().for_each(|item| item.write(e));
            }
        }
    }

    fn at(&mut self, path: &[usize]) -> &mut Self {
        match (self, path) {
            (value, []) => value,
            (Self::Array(items), [place, rest @ ..]) => items[*place].at(rest),
            (other, _) => panic!("{other:?} is no array"),
        }
    }

    fn paths(&self, prefix: &[usize], all: &mut Vec<Vec<usize>>) {
        all.push(prefix.to_vec());
        if let Self::Array(items) = self {
            for (place, item) in items.iter().enumerate() {
                item.paths(&[prefix, &[place]].concat(), all);
            }
        }
    }

    /// Every way in which this one item is changed.
    fn changes(&self) -> Vec<(&'static str, Self)> {
        match self {
            Self::Uint(number) => {
                let mut changes = vec![("one more", Self::Uint(number + 1))];
                if let Some(less) = number.checked_sub(1) {
                    changes.push(("one less", Self::Uint(less)));
                }
                changes
            }
            Self::Bytes(bytes) => {
                let flip = |place: usize| {
                    let mut bytes = bytes.clone();
                    bytes[place] ^= 1;
                    Self::Bytes(bytes)
                };
                let mut changes = vec![
                    ("first byte", flip(0)),
                    ("middle byte", flip(bytes.len() / 2)),
                    ("last byte", flip(bytes.len() - 1)),
                ];
                changes.push(("zeros", Self::Bytes(vec![0; bytes.len()])));
                changes.push(("shorter", Self::Bytes(bytes[1..].to_vec())));
                changes
            }
            Self::Text(text) => vec![("text", Self::Text(format!("{text}!")))],
            Self::Bool(value) => vec![("other", Self::Bool(!value))],
            Self::Null => vec![("zero instead of null", Self::Uint(0))],
            Self::Array(items) => {
                let mut changes = Vec::new();
                if let Some(last) = items.last() {
                    let mut longer = items.clone();
                    longer.push(last.clone());
                    changes.push(("last item twice", Self::Array(longer)));
                    let shorter = items[..items.len() - 1].to_vec();
                    changes.push(("last item missing", Self::Array(shorter)));
                }
                if let [one, two, rest @ ..] = items.as_slice()
                    && one != two
                {
                    let swapped = [&[two.clone(), one.clone()], rest].concat();
                    changes.push(("first items swapped", Self::Array(swapped)));
                }
                changes
            }
        }
    }

    /// The entry with each of its items changed in several ways, one at a time. The entry type stays.
    #[must_use]
    pub fn mutations(entry: &[u8]) -> Vec<Mutation> {
        let value = Self::decode(entry);
        let mut paths = Vec::new();
        value.paths(&[], &mut paths);
        let mut mutations = Vec::new();
        for path in paths
            .into_iter()
            .filter(|path| !path.is_empty() && path[0] != 0)
        {
            for (what, changed) in value.clone().at(&path).changes() {
                let mut mutated = value.clone();
                *mutated.at(&path) = changed;
                mutations.push(Mutation {
                    path: path.clone(),
                    what,
                    bytes: mutated.encode(),
                });
            }
        }
        mutations
    }
}
