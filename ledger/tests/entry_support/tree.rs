//! A CBOR item as a tree: what a test changes before it encodes it again.

use minicbor::data::Type;
use minicbor::{Decoder, Encoder};

/// The items that occur in entries, and two that must not.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Item {
    Uint(u64),
    Bytes(Vec<u8>),
    Text(String),
    Array(Vec<Item>),
    Bool(bool),
    Null,
    Float(f64),
    Tagged(Box<Item>),
}

/// Where an item is: positions in the arrays from the outside in.
pub(crate) type Path = Vec<usize>;

/// Another way to write a head than the deterministic one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Disturbance {
    /// The argument in 1, 2, 4 or 8 bytes though fewer would do.
    Wide(u32),
    /// Without a length, up to a break.
    Indefinite,
}

impl Disturbance {
    pub(crate) const ALL: [Self; 5] = [
        Self::Wide(1),
        Self::Wide(2),
        Self::Wide(4),
        Self::Wide(8),
        Self::Indefinite,
    ];
}

/// The disturbed head; none if it would be the deterministic one or cannot be.
fn head(major: u8, argument: u64, how: Disturbance) -> Option<Vec<u8>> {
    let Disturbance::Wide(width) = how else {
        return Some(vec![major << 5 | 31]);
    };
    let shortest = match argument {
        0..=23 => 0,
        24..=0xff => 1,
        0x100..=0xffff => 2,
        0x1_0000..=0xffff_ffff => 4,
        _ => 8,
    };
    if width <= shortest {
        return None;
    }
    let bytes = argument.to_be_bytes();
    let information = match width {
        1 => 24,
        2 => 25,
        4 => 26,
        _ => 27,
    };
    let mut head = vec![major << 5 | information];
    head.extend(&bytes[8 - width as usize..]);
    Some(head)
}

impl Item {
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let mut d = Decoder::new(bytes);
        let item = Self::read(&mut d);
        assert_eq!(d.position(), bytes.len(), "bytes after the item");
        item
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
            other => panic!("{other} in an entry"),
        }
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write(&mut Encoder::new(&mut bytes));
        bytes
    }

    fn write(&self, e: &mut Encoder<&mut Vec<u8>>) {
        match self {
            Self::Uint(n) => e.u64(*n),
            Self::Bytes(bytes) => e.bytes(bytes),
            Self::Text(text) => e.str(text),
            Self::Bool(value) => e.bool(*value),
            Self::Null => e.null(),
            Self::Float(value) => e.f64(*value),
            Self::Tagged(item) => {
                e.tag(minicbor::data::Tag::new(24)).unwrap();
                return item.write(e);
            }
            Self::Array(items) => {
                e.array(items.len() as u64).unwrap();
                return items.iter().for_each(|item| item.write(e));
            }
        }
        .unwrap();
    }

    /// The encoding with the head of the item at `path` written in another way.
    pub(crate) fn encode_disturbed(&self, path: &[usize], how: Disturbance) -> Option<Vec<u8>> {
        let (before, after) = self.around(path);
        let (major, argument, content) = match self.at(path) {
            Self::Uint(n) => (0, *n, Vec::new()),
            Self::Bytes(bytes) => (2, bytes.len() as u64, bytes.clone()),
            Self::Text(text) => (3, text.len() as u64, text.clone().into_bytes()),
            Self::Array(items) => {
                let content = items.iter().flat_map(Self::encode).collect();
                (4, items.len() as u64, content)
            }
            _ => return None,
        };
        let head = head(major, argument, how)?;
        let end = match (how, major) {
            (Disturbance::Indefinite, 0) => return None,
            // An indefinite string consists of definite chunks.
            (Disturbance::Indefinite, 2 | 3) => {
                let chunk = match major {
                    2 => Self::Bytes(content),
                    _ => Self::Text(String::from_utf8(content).unwrap()),
                };
                return Some([before, head, chunk.encode(), vec![0xff], after].concat());
            }
            (Disturbance::Indefinite, _) => vec![0xff],
            _ => vec![],
        };
        Some([before, head, content, end, after].concat())
    }

    /// The encoded bytes before and after the item at `path`.
    fn around(&self, path: &[usize]) -> (Vec<u8>, Vec<u8>) {
        let marker = Self::Bytes(b"here is the place of the item that is disturbed".to_vec());
        let marked = self.with(path, marker.clone()).encode();
        let marker = marker.encode();
        let at = marked
            .windows(marker.len())
            .position(|w| w == marker)
            .unwrap();
        (marked[..at].to_vec(), marked[at + marker.len()..].to_vec())
    }

    /// Paths of all items, the outermost first.
    pub(crate) fn paths(&self) -> Vec<Path> {
        let mut paths = vec![vec![]];
        if let Self::Array(items) = self {
            for (position, item) in items.iter().enumerate() {
                paths.extend(item.paths().into_iter().map(|mut path| {
                    path.insert(0, position);
                    path
                }));
            }
        }
        paths
    }

    pub(crate) fn at(&self, path: &[usize]) -> &Self {
        path.iter().fold(self, |item, position| match item {
            Self::Array(items) => &items[*position],
            other => panic!("no array: {other:?}"),
        })
    }

    /// The same tree with another item at `path`.
    pub(crate) fn with(&self, path: &[usize], item: Self) -> Self {
        let Some((first, rest)) = path.split_first() else {
            return item;
        };
        let Self::Array(items) = self else {
            panic!("no array: {self:?}");
        };
        let mut items = items.clone();
        items[*first] = items[*first].with(rest, item);
        Self::Array(items)
    }

    /// Other items that stand in its place in the tests: values at the edges of ranges, other
    /// lengths, other types.
    pub(crate) fn variants(&self) -> Vec<Self> {
        let mut variants = match self {
            Self::Uint(n) => {
                let edges = [0, 1, 2, 3, 5, 6, 31, 32, 33, 255, 256, 257, 65_535, 65_536];
                let wide = [86_400, 86_401, 1_000_000, 1_000_001, u64::from(u32::MAX)];
                let wider = [1 << 32, 1 << 48, (1 << 48) + 1, u64::MAX];
                let near = [n.saturating_sub(1), n.saturating_add(1)];
                let all = edges.into_iter().chain(wide).chain(wider).chain(near);
                all.map(Self::Uint).collect()
            }
            Self::Bytes(bytes) => {
                let mut flipped = bytes.clone();
                if let Some(byte) = flipped.first_mut() {
                    *byte ^= 1;
                }
                let lengths = [0, 31, 32, 33, 63, 64, 65, 127, 128, 159, 160, 287, 288];
                let near = [bytes.len().saturating_sub(1), bytes.len() + 1];
                let resized = lengths.into_iter().chain(near).map(|length| {
                    let mut bytes = bytes.clone();
                    bytes.resize(length, 7);
                    bytes
                });
                resized.chain([flipped]).map(Self::Bytes).collect()
            }
            Self::Text(text) => {
                // 2 characters, 4 bytes in UTF-8.
                let long = |length: usize| "가x".chars().cycle().take(length / 2).collect();
                vec![
                    Self::Text(String::new()),
                    Self::Text(format!("{text}x")),
                    Self::Text(long(256)),
                    Self::Text(long(4096)),
                    Self::Text(long(4100)),
                ]
            }
            Self::Array(items) => {
                let mut shorter = items.clone();
                let last = shorter.pop();
                let mut longer = items.clone();
                longer.extend(last);
                vec![
                    Self::Array(vec![]),
                    Self::Array(shorter),
                    Self::Array(longer),
                ]
            }
            Self::Bool(value) => vec![Self::Bool(!value)],
            Self::Null => vec![Self::Uint(0), Self::Uint(1), Self::Bytes(vec![7; 32])],
            Self::Float(_) | Self::Tagged(_) => vec![],
        };
        variants.extend([
            Self::Null,
            Self::Bool(true),
            Self::Float(1.0),
            Self::Text("1".to_owned()),
            Self::Bytes(vec![1]),
            Self::Tagged(Box::new(self.clone())),
        ]);
        variants.retain(|variant| variant != self);
        variants
    }
}
