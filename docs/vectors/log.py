#!/usr/bin/env python3
"""Writes log.json: test vectors of the transparency log, from the definitions alone.

RFC 6962 section 2.1 is written out recursively, the C2SP formats by string formatting.
Nothing is shared with the Rust code. Needs the package `cryptography`:

    python3 docs/vectors/log.py > docs/vectors/log.json
"""

import base64
import hashlib
import json
import struct

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def sha(data):
    return hashlib.sha256(data).digest()


def b64(data):
    return base64.b64encode(data).decode()


def leaf_hash(entry):
    return sha(b"\x00" + entry)


def split(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(leaves):
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return sha(b"\x01" + mth(leaves[:k]) + mth(leaves[k:]))


def path(m, leaves):
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return path(m, leaves[:k]) + [mth(leaves[k:])]
    return path(m - k, leaves[k:]) + [mth(leaves[:k])]


def subproof(m, leaves, complete):
    if m == len(leaves):
        return [] if complete else [mth(leaves)]
    k = split(len(leaves))
    if m <= k:
        return subproof(m, leaves[:k], complete) + [mth(leaves[k:])]
    return subproof(m - k, leaves[k:], False) + [mth(leaves[:k])]


def tile_path(kind, index, width):
    digits = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        digits.insert(0, f"x{index % 1000:03d}")
    return f"tile/{kind}/" + "/".join(digits) + (f".p/{width}" if width < 256 else "")


def tiles(size):
    """Path and position of every tile of a tree: (path, level or None for entries, first, width)."""
    out = []
    for kind in ["entries", 0, 1, 2, 3, 4, 5, 6, 7]:
        level = 0 if kind == "entries" else kind
        hashes = size // 256**level
        for index in range((hashes + 255) // 256):
            width = min(256, hashes - index * 256)
            out.append((tile_path(kind, index, width), kind, index * 256, width))
    return out


def tile_bytes(entries, kind, first, width):
    if kind == "entries":
        return b"".join(struct.pack(">H", len(e)) + e for e in entries[first : first + width])
    leaves = [leaf_hash(e) for e in entries]
    span = 256**kind
    return b"".join(mth(leaves[i * span : (i + 1) * span]) for i in range(first, first + width))


class Key:
    def __init__(self, name, kind, seed):
        self.name, self.kind = name, kind
        self.secret = Ed25519PrivateKey.from_private_bytes(seed)
        public = self.secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        material = bytes([kind]) + public
        self.id = sha(name.encode() + b"\n" + material)[:4]
        self.vkey = f"{name}+{self.id.hex()}+{b64(material)}"
        self.skey = f"PRIVATE+KEY+{name}+{self.id.hex()}+{b64(bytes([kind]) + seed)}"

    def line(self, text, time=0):
        if self.kind == 1:
            signature = self.secret.sign(text.encode())
        else:
            message = f"cosignature/v1\ntime {time}\n{text}".encode()
            signature = struct.pack(">Q", time) + self.secret.sign(message)
        return f"\u2014 {self.name} {b64(self.id + signature)}\n"


def main():
    # The eight leaves that certificate-transparency implementations test with.
    leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
    leaves.append("606162636465666768696a6b6c6d6e6f")
    entries = [bytes.fromhex(leaf) for leaf in leaves]
    hashes = [leaf_hash(entry) for entry in entries]
    root = mth(hashes)
    # Widely published root of these leaves.
    assert root.hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"

    origin = "vote.example/seoul/2011"
    log = Key(origin, 1, bytes(range(32)))
    w1 = Key("witness.example/party-a", 4, bytes(range(32, 64)))
    w2 = Key("witness.example/party-b", 4, bytes(range(64, 96)))
    text = f"{origin}\n8\n{b64(root)}\n"
    cosignatures = [w1.line(text, 1314144000), w2.line(text, 1314144060)]
    checkpoint = text + "\n" + log.line(text) + "".join(cosignatures)
    proof = [b64(h) + "\n" for h in path(3, hashes)]
    receipt = f"c2sp.org/tlog-proof@v1\nextra {b64(entries[3])}\nindex 3\n" + "".join(proof) + "\n" + checkpoint
    consistency = [b64(h) + "\n" for h in subproof(3, hashes, True)]
    request = "old 3\n" + "".join(consistency) + "\n" + text + "\n" + log.line(text)
    policy = (
        f"log {log.vkey} https://board.example/seoul/2011/\n"
        f"witness A {w1.vkey}\n"
        f"witness B {w2.vkey} https://witness.example/b\n"
        "group parties 2 A B\n"
        "quorum parties\n"
    )

    small = [f"entry {i}".encode() for i in range(600)]
    vectors = {
        "rfc6962": {
            "entries": leaves,
            "leaf_hashes": [h.hex() for h in hashes],
            "roots": [mth(hashes[:n]).hex() for n in range(9)],
            "inclusion": [
                {"index": m, "size": n, "proof": [h.hex() for h in path(m, hashes[:n])]}
                for n in range(1, 9)
                for m in range(n)
            ],
            "consistency": [
                {"old": m, "new": n, "proof": [h.hex() for h in subproof(m, hashes[:n], True)]}
                for n in range(1, 9)
                for m in range(1, n + 1)
            ],
        },
        "tiles": {
            "index_1234067": tile_path(0, 1234067, 256),
            "paths": {str(size): [t[0] for t in tiles(size)] for size in [0, 1, 255, 256, 257]},
            "counts": {str(size): len(tiles(size)) for size in [65535, 65536, 65537, 70000, 10000000]},
            "entries": "entry <i> in ASCII, i = 0..599",
            "root": mth([leaf_hash(e) for e in small]).hex(),
            "sha256": {t[0]: sha(tile_bytes(small, *t[1:])).hex() for t in tiles(600)},
        },
        "keys": [{"skey": k.skey, "vkey": k.vkey} for k in (log, w1, w2)],
        "checkpoint": checkpoint,
        "cosigned_message": f"cosignature/v1\ntime 1314144000\n{text}",
        "receipt": receipt,
        "policy": policy,
        "add_checkpoint": {"request": request, "response": "".join(cosignatures), "conflict": "3\n"},
        # Printed in the specifications; their keys are not, so these only parse.
        "c2sp_examples": {
            "tlog-cosignature": (
                "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
                "\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
                "\u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
            ),
            "tlog-cosignature time": 1679315147,
            "tlog-witness request": (
                "old 20852014\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\njrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n"
                "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n\n"
                "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
                "\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
                "\u2014 example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=\n"
            ),
            "tlog-witness response": (
                "\u2014 witness.example/w1 CMp+6LWBU0anHGH5aNDTJkH/gj79sG+T6+iP2ThYN5krrDJbR1HDnucjL39QsZTSvVjyQLrdk3DXDqI5G2HgLatVs0pWh6Up69HVOw==\n"
                "\u2014 witness.example/w1 I7rEps0pvK2UqkS2gSpVUDhrhVtQV9lgF6pRrWAvjJHjyWpW7VcE3SiOlVlbQNt64vWhO+DlkL0+UfzuOBMh9ChdMkP1vi/lCAsmlw==\n"
                "\u2014 witness.example/w2 AWui8Sk55XjYLOijihBjhqEH6nS1ndDymE0a+6idX7pLcnoB+dhnz0854aLZgrrKbYKA7nC3HNJhm/kWl7oJlqU3rXXvpysAdyP3wQ==\n"
            ),
            # golang.org/x/mod/sumdb/note documents this note with its keys.
            "note skey": "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
            "note vkey": "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "note": (
                "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
                "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
            ),
        },
    }
    print(json.dumps(vectors, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
