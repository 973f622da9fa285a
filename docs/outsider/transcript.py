"""Labelled hashes (PROTOCOL.md section 2) and merlin transcripts over STROBE-128 (section 4)."""

from hashlib import sha256, sha512

from curve import L, one_way_map


def _labelled(label, message):
    label = label.encode()
    return bytes([len(label)]) + label + message


def labelled_hash(label, message):
    return sha256(_labelled(label, message)).digest()


def hash_to_scalar(label, message):
    return int.from_bytes(sha512(_labelled(label, message)).digest(), "little") % L


def hash_to_point(label, message):
    return one_way_map(sha512(_labelled(label, message)).digest())


def le64(number):
    return number.to_bytes(8, "little")


# ---- Keccak-f[1600] (FIPS 202)

_MASK = 2**64 - 1
_ROTATIONS = [[0, 36, 3, 41, 18], [1, 44, 10, 45, 2], [62, 6, 43, 15, 61], [28, 55, 25, 21, 56], [27, 20, 39, 8, 14]]


def _round_constants():
    constants, lfsr = [], 1
    for _ in range(24):
        constant = 0
        for j in range(7):
            if lfsr & 1:
                constant |= 1 << (1 << j) - 1
            lfsr = lfsr << 1 ^ (0x171 if lfsr & 0x80 else 0)
        constants.append(constant)
    return constants


_CONSTANTS = _round_constants()


def _rotate(x, n):
    return (x << n | x >> 64 - n) & _MASK


def keccak_f(state):
    """The permutation, on a bytearray of 200 bytes in place."""
    a = [[int.from_bytes(state[8 * (x + 5 * y) :][:8], "little") for y in range(5)] for x in range(5)]
    for constant in _CONSTANTS:
        c = [a[x][0] ^ a[x][1] ^ a[x][2] ^ a[x][3] ^ a[x][4] for x in range(5)]
        d = [c[x - 1] ^ _rotate(c[(x + 1) % 5], 1) for x in range(5)]
        b = [[0] * 5 for _ in range(5)]
        for x in range(5):
            for y in range(5):
                b[y][(2 * x + 3 * y) % 5] = _rotate(a[x][y] ^ d[x], _ROTATIONS[x][y])
        a = [[b[x][y] ^ (~b[(x + 1) % 5][y] & b[(x + 2) % 5][y]) for y in range(5)] for x in range(5)]
        a[0][0] ^= constant
    for x in range(5):
        for y in range(5):
            state[8 * (x + 5 * y) : 8 * (x + 5 * y) + 8] = a[x][y].to_bytes(8, "little")


# ---- STROBE-128, the operations that merlin uses

_RATE = 166
_I, _A, _C, _M = 1, 2, 4, 16


class Strobe:
    def __init__(self, protocol):
        self.state = bytearray(b"\x01\xa8\x01\x00\x01\x60STROBEv1.0.2".ljust(200, b"\0"))
        keccak_f(self.state)
        self.position = self.begin = 0
        self.meta_ad(protocol, False)

    def _permute(self):
        self.state[self.position] ^= self.begin
        self.state[self.position + 1] ^= 0x04
        self.state[_RATE + 1] ^= 0x80
        keccak_f(self.state)
        self.position = self.begin = 0

    def _absorb(self, data):
        for byte in data:
            self.state[self.position] ^= byte
            self.position += 1
            if self.position == _RATE:
                self._permute()

    def _operation(self, flags, more):
        if more:
            return
        before, self.begin = self.begin, self.position + 1
        self._absorb(bytes([before, flags]))
        if flags & _C and self.position:
            self._permute()

    def meta_ad(self, data, more):
        self._operation(_M | _A, more)
        self._absorb(data)

    def ad(self, data, more):
        self._operation(_A, more)
        self._absorb(data)

    def prf(self, length):
        self._operation(_I | _A | _C, False)
        out = bytearray()
        for _ in range(length):
            out.append(self.state[self.position])
            self.state[self.position] = 0
            self.position += 1
            if self.position == _RATE:
                self._permute()
        return bytes(out)


class Transcript:
    """`T` of PROTOCOL.md section 4."""

    def __init__(self, label):
        self.strobe = Strobe(b"Merlin v1.0")
        self.add("dom-sep", label.encode())

    def add(self, label, message):
        self.strobe.meta_ad(label.encode(), False)
        self.strobe.meta_ad(len(message).to_bytes(4, "little"), True)
        self.strobe.ad(message, False)

    def add64(self, label, number):
        self.add(label, le64(number))

    def _challenge(self, label, length):
        self.strobe.meta_ad(label.encode(), False)
        self.strobe.meta_ad(length.to_bytes(4, "little"), True)
        return self.strobe.prf(length)

    def scalars(self, label, count):
        data = self._challenge(label, 64 * count)
        return [int.from_bytes(data[i : i + 64], "little") % L for i in range(0, 64 * count, 64)]

    def scalar(self, label):
        return self.scalars(label, 1)[0]
