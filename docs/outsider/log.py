"""The transparency log (PROTOCOL.md section 11): tree, checkpoint, and the files of a board."""

import base64
import os
import re
from hashlib import sha256

from curve import Invalid, ed25519_verify


def leaf_hash(entry):
    return sha256(b"\0" + entry).digest()


def node_hash(left, right):
    return sha256(b"\1" + left + right).digest()


def root(leaves):
    """RFC 6962's tree hash of leaf hashes."""
    if not leaves:
        return sha256().digest()
    while len(leaves) > 1:
        pairs = [node_hash(*leaves[i : i + 2]) for i in range(0, len(leaves) - 1, 2)]
        leaves = pairs + leaves[len(leaves) & ~1 :]
    return leaves[0]


def base64_bytes(text):
    """Standard base64 that re-encodes to itself."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Invalid("not base64") from error
    if base64.b64encode(data).decode() != text:
        raise Invalid("not canonical base64")
    return data


class VerifierKey:
    """`<name>+<8 hex digits>+<base64 of type and key>`, an Ed25519 log key (type 1)."""

    def __init__(self, text):
        match = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+(\S+)", text.strip())
        if not match:
            raise Invalid("not a verifier key")
        self.name, key_id, material = match[1], bytes.fromhex(match[2]), base64_bytes(match[3])
        if len(material) != 33 or material[0] != 1:
            raise Invalid("not the Ed25519 key of a log")
        if sha256(self.name.encode() + b"\n" + material).digest()[:4] != key_id:
            raise Invalid("the key's identifier is another")
        self.id, self.key = key_id, material[1:]


def open_checkpoint(note, vkey):
    """(size, root) of a checkpoint that the log's key signed."""
    text, separator, signatures = note.partition("\n\n")
    text += "\n"
    lines = text.split("\n")
    if not separator or len(lines) != 4 or not re.fullmatch(r"0|[1-9][0-9]*", lines[1]):
        raise Invalid("not a checkpoint of three lines")
    if lines[0] != vkey.name:
        raise Invalid("the checkpoint of another log")
    for line in signatures.split("\n")[:-1]:
        match = re.fullmatch(r"— (\S+) (\S+)", line)
        if not match:
            raise Invalid("not a signature line")
        signature = base64_bytes(match[2])
        if match[1] == vkey.name and signature[:4] == vkey.id:
            if not ed25519_verify(vkey.key, text.encode(), signature[4:]):
                raise Invalid("the log's signature does not verify")
            return int(lines[1]), base64_bytes(lines[2])
    raise Invalid("not signed by the log")


# ---- a board as a folder


def _path(kind, number, width):
    groups = [f"{number % 1000:03}"]
    while number >= 1000:
        number //= 1000
        groups.insert(0, f"x{number % 1000:03}")
    return f"tile/{kind}/{'/'.join(groups)}" + (f".p/{width}" if width < 256 else "")


def _tile(folder, kind, number, width):
    """A tile's bytes; a full tile may stand in for a partial one."""
    for path in (_path(kind, number, width), _path(kind, number, 256)):
        if os.path.exists(os.path.join(folder, path)):
            with open(os.path.join(folder, path), "rb") as file:
                return file.read()
    raise Invalid(f"{_path(kind, number, width)} is missing")


def read_folder(folder, size):
    """All entries of a board's files, and the faults of its hash tiles."""
    entries = []
    for number in range((size + 255) // 256):
        width = min(256, size - 256 * number)
        data, bundle = _tile(folder, "entries", number, width), []
        while data and len(bundle) < width:
            length = int.from_bytes(data[:2], "big")
            if len(data) < 2 + length:
                raise Invalid(f"entry bundle {number} ends early")
            bundle.append(data[2 : 2 + length])
            data = data[2 + length :]
        if len(bundle) != width:
            raise Invalid(f"entry bundle {number} is too short")
        entries += bundle
    faults, level, hashes = [], 0, [leaf_hash(entry) for entry in entries]
    while hashes:
        for number in range((len(hashes) + 255) // 256):
            part = hashes[256 * number : 256 * (number + 1)]
            if _tile(folder, str(level), number, len(part))[: 32 * len(part)] != b"".join(part):
                faults.append(f"tile {level}/{number} is not that of the entries")
        hashes = [root(hashes[i : i + 256]) for i in range(0, len(hashes) & ~255, 256)]
        level += 1
    return entries, faults
