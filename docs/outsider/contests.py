"""Contests and their proofs (PROTOCOL.md section 5), and ballots (section 6)."""

from bulletproofs import verify_range_proof
from curve import BASE, Invalid, add, decode, encode, is_identity, msm, mul, same, scalar, sub, total
from encoding import decode_cbor
from transcript import Transcript, hash_to_point, labelled_hash, le64

H = hash_to_point("hanpyo/v1/value-generator", b"")
CAST, CHALLENGE = 1, 2


def point(data):
    """A point that stands in an entry: not the identity."""
    p = decode(data)
    if is_identity(p):
        raise Invalid("the identity where it is not allowed")
    return p


def pieces(data, size):
    if len(data) % size:
        raise Invalid(f"a length that is no multiple of {size}")
    return [data[i : i + size] for i in range(0, len(data), size)]


def ciphertexts(data):
    """R and C, as points, of every 64 bytes."""
    return [(point(c[:32]), point(c[32:])) for c in pieces(data, 64)]


class Contest:
    """One contest: its parameters and what follows from them."""

    def __init__(self, kind, k, a, b, c):
        self.kind, self.k, self.a, self.b, self.c = kind, k, a, b, c

    @property
    def parameters(self):
        return b"".join(map(le64, (self.kind, self.k, self.a, self.b, self.c)))

    @property
    def unanswered(self):
        return self.kind == 3 and bool(self.c & 4)

    @property
    def size(self):
        """N, the number of ciphertexts."""
        return self.k * (self.b if self.kind == 4 else 2 if self.unanswered else 1)

    @property
    def largest(self):
        """The largest value of one position."""
        return self.a if self.kind == 3 else 1

    @property
    def bits_and_capacity(self):
        """n and M of a score contest's range proof, section 5.3."""
        bits = next(n for n in (8, 16, 32) if max(self.a, self.b) < 2**n)
        values = 2 * self.k + (1 if self.c & 1 else 0)
        return bits, 1 << (values - 1).bit_length()

    @property
    def range_proof_length(self):
        if self.kind != 3:
            return 0
        bits, capacity = self.bits_and_capacity
        return 32 * (9 + 2 * ((bits * capacity).bit_length() - 1))

    def problems(self):
        """What the table of section 5 and the sentence after it do not allow."""
        k, a, b, c = self.k, self.a, self.b, self.c
        ok = {
            1: lambda: a <= 1 and b == 0 and c == 0,
            2: lambda: a <= b <= k and b >= 1 and c == 0,
            3: lambda: 1 <= a <= 2**31 and c < 8 and c & 3 != 3 and (0 < b <= k * a and b < 2**32 if c & 3 else b == 0),
            4: lambda: a <= b <= k and b >= 1 and c == 0,
        }[self.kind]()
        if k < 2 or not ok:
            yield "parameters outside the table of section 5"
        elif self.kind == 3 and self.bits_and_capacity[1] > 64:
            yield "a range proof of more than 64 values"
        elif 64 * self.size + self.proof_length > 65535:
            yield "ciphertexts and proof above 65,535 bytes"

    def shape(self):
        """The number of values of each statement, in order."""
        if self.kind == 1:
            return [self.k + self.a]
        if self.kind == 2:
            return [2] * self.k + [self.b - self.a + 1]
        if self.kind == 3:
            return [2] * (self.k if self.unanswered else 0) + [1] * (1 if self.c & 2 else 0)
        low, d = self.a, self.b
        rows = [self.k + (1 if m > low else 0) for m in range(1, d + 1)]
        return rows + [2] * max(0, d - 1 - low) + ([1] if low == self.k else [2] * self.k)

    def statements(self, cts, rho):
        """[(X, Y, values)] of section 5.2."""
        k = self.k

        def weighted(weights, items):
            return msm(weights, [x for x, _ in items]), msm(weights, [y for _, y in items])

        def summed(items):
            return total(x for x, _ in items), total(y for _, y in items)

        if self.kind == 1:
            return [(*weighted(rho, cts), rho + [0] * self.a)]
        if self.kind == 2:
            return [(*e, [0, 1]) for e in cts] + [(*summed(cts), list(range(self.a, self.b + 1)))]
        if self.kind == 3:
            answered = [(*e, [0, 1]) for e in cts[k:]] if self.unanswered else []
            return answered + ([(*summed(cts[:k]), [self.b])] if self.c & 2 else [])
        low, d = self.a, self.b
        rows = [cts[k * m : k * (m + 1)] for m in range(d)]
        result = []
        for m, row in enumerate(rows):
            weights = rho[k * m : k * (m + 1)]
            result.append((*weighted(weights, row), weights + ([0] if m + 1 > low else [])))
        sums = [summed(row) for row in rows]
        for m in range(low, d - 1):
            result.append((sub(sums[m][0], sums[m + 1][0]), sub(sums[m][1], sums[m + 1][1]), [0, 1]))
        columns = [summed([row[i] for row in rows]) for i in range(k)]
        if low == k:
            sigma = rho[k * d :]
            return result + [(*weighted(sigma, columns), [sum(sigma)])]
        return result + [(*column, [0, 1]) for column in columns]

    @property
    def proof_length(self):
        link = 128 if self.kind == 3 else 0
        return self.range_proof_length + link + sum(64 * m + 32 * (m - 1) + 32 * m for m in self.shape())

    def verify(self, t, number, joint_key, data, proof):
        """Runs steps 1 to 6 of section 5.4 on the transcript and checks every equation."""
        if len(data) != 64 * self.size or len(proof) != self.proof_length:
            raise Invalid("ciphertexts or proof of another length")
        cts = ciphertexts(data)
        t.add64("contest", number)
        t.add("parameters", self.parameters)
        t.add("ciphertexts", data)
        sigma = self.k if self.kind == 4 and self.a == self.k else 0
        rho = t.scalars("weights", self.size + sigma)
        range_proof, proof = proof[: self.range_proof_length], proof[self.range_proof_length :]
        if self.kind == 3:
            bits, capacity = self.bits_and_capacity
            verify_range_proof(t, self._committed(cts), bits, capacity, H, joint_key, range_proof)
            t.add("range-proof", range_proof)

        shape, link = self.shape(), 2 if self.kind == 3 else 0
        cut = 32 * (link + 2 * sum(shape))
        commitments, rest = proof[:cut], proof[cut:]
        t.add("commitments", commitments)
        c = t.scalar("challenge")
        t.add("responses", rest)

        commitments = [point(x) for x in pieces(commitments, 32)]
        numbers = [scalar(x) for x in pieces(rest, 32)]
        challenges = []
        for m in shape:
            sent, numbers = numbers[: m - 1], numbers[m - 1 :]
            challenges.append(sent + [c - sum(sent)])
        if link:
            (t1, t2), commitments = commitments[:2], commitments[2:]
            (z_r, z_v), numbers = numbers[:2], numbers[2:]
            r_star, c_star = (msm(rho, [e[i] for e in cts]) for i in (0, 1))
            if not same(mul(z_r, BASE), add(t1, mul(c, r_star))):
                raise Invalid("the link: z_r G = t_1 + c R*")
            if not same(msm([z_v, z_r], [H, joint_key]), add(t2, mul(c, c_star))):
                raise Invalid("the link: z_v H + z_r K = t_2 + c C*")
        for s, (x, y, values) in enumerate(self.statements(cts, rho), 1):
            for j, (value, c_j) in enumerate(zip(values, challenges[s - 1], strict=True), 1):
                (a, b), commitments = commitments[:2], commitments[2:]
                z, *numbers = numbers
                if not same(mul(z, BASE), add(a, mul(c_j, x))):
                    raise Invalid(f"statement {s}, value {j}: z G = a + c X")
                if not same(mul(z, joint_key), add(b, mul(c_j, msm([1, -value], [y, H])))):
                    raise Invalid(f"statement {s}, value {j}: z K = b + c (Y - w H)")

    def _committed(self, cts):
        """V_1 .. V_m of section 5.3, before the padding."""
        k, parts = self.k, [c for _, c in cts]
        limits = [mul(self.a, parts[k + i] if self.unanswered else H) for i in range(k)]
        values = parts[:k] + [sub(limit, c) for limit, c in zip(limits, parts, strict=False)]
        return values + ([sub(mul(self.b, H), total(parts[:k]))] if self.c & 1 else [])

    def permits(self, v):
        """Whether a plaintext is in the last column of section 5's table."""
        k, a, b = self.k, self.a, self.b
        if len(v) != self.size:
            return False
        if self.kind == 3:
            scores, answered = v[:k], v[k:] or [1] * k
            return (
                all(x <= 1 for x in answered)
                and all(x <= a * y for x, y in zip(scores, answered, strict=True))
                and (not self.c & 1 or sum(scores) <= b)
                and (not self.c & 2 or sum(scores) == b)
            )
        if any(x > 1 for x in v):
            return False
        if self.kind == 1:
            return sum(v) == 1 or (a == 1 and sum(v) == 0)
        if self.kind == 2:
            return a <= sum(v) <= b
        rows = [sum(v[k * m : k * (m + 1)]) for m in range(b)]
        used = sum(rows)
        return used >= a and rows == [1] * used + [0] * (b - used) and all(sum(v[i::k]) <= 1 for i in range(k))


# ---- ballots


def confirmation_code(mh, body):
    return labelled_hash("hanpyo/v1/confirmation-code", mh + body)


def verify_ballot(mh, joint_key, contests, credential, style, body, signature, decision):
    """Proofs and signature of a body (bytes). `contests`: {number: Contest} of the style, in its order."""
    index, _, pairs = decode_cbor(body)
    if len(pairs) != len(contests):
        raise Invalid("another number of contests than the style")
    t = Transcript("hanpyo/v1/ballot")
    t.add("manifest", mh)
    t.add("G", encode(BASE))
    t.add("H", encode(H))
    t.add("K", encode(joint_key))
    t.add64("credential-index", index)
    t.add("P", encode(credential))
    t.add64("style", style)
    for (number, contest), (data, proof) in zip(contests.items(), pairs, strict=True):
        contest.verify(t, number, joint_key, data, proof)
    t.add("decision", bytes([decision]))
    t.add("body", body)
    t.add("signature-commitment", signature[:32])
    c = t.scalar("signature-challenge")
    a, z = point(signature[:32]), scalar(signature[32:])
    if not same(mul(z, BASE), add(a, mul(c, credential))):
        raise Invalid("the signature: z G = A + c P")


def verify_opening(joint_key, contests, body, opening):
    """Re-encrypts what an opening (decoded CBOR) states and compares it with the body."""
    pairs = decode_cbor(body)[2]
    if not len(pairs) == len(contests) == len(opening):
        raise Invalid("another number of contests than the style")
    for contest, (data, _), (values, nonces) in zip(contests.values(), pairs, opening, strict=True):
        nonces = [scalar(x) for x in pieces(nonces, 32)]
        if not contest.permits(values) or len(nonces) != len(values) or 0 in nonces:
            raise Invalid("the opening is not a permitted selection")
        again = b"".join(
            encode(mul(r, BASE)) + encode(msm([v, r], [H, joint_key])) for v, r in zip(values, nonces, strict=True)
        )
        if again != data:
            raise Invalid("the opening encrypts to another ciphertext")
