"""The key ceremony (PROTOCOL.md section 8) and proofs of equal logarithms (8.1)."""

from contests import pieces, point
from curve import BASE, IDENTITY, Invalid, L, add, encode, is_identity, msm, mul, same, scalar, sub, total
from transcript import Transcript, hash_to_scalar, labelled_hash, le64


def verify_equality(label, context, base, u, v, proof):
    """That log_G u = log_base v."""
    c, z = scalar(proof[:32]), scalar(proof[32:])
    t = Transcript(label)
    t.add("context", context)
    for name, p in (("B", base), ("U", u), ("V", v)):
        t.add(name, encode(p))
    t.add("commitments", encode(msm([z, -c], [BASE, u])) + encode(msm([z, -c], [base, v])))
    if t.scalar("challenge") != c:
        raise Invalid("the proof of equal logarithms does not hold")


class Opening:
    """Trustee i's opening bytes o_i, its proof verified."""

    def __init__(self, mh, attempt, trustee, t, n, data):
        if len(data) != 32 * (3 * t + 3):
            raise Invalid("an opening of another length")
        self.bytes = data
        parts = pieces(data, 32)
        logs, commitments, responses = parts[: t + 1], parts[t + 1 : 2 * t + 2], parts[2 * t + 2 :]
        self.coefficient_bytes = b"".join(logs[:-1])
        points = [point(part) for part in logs]
        self.coefficients, self.transport = points[:-1], points[-1]
        transcript = Transcript("hanpyo/v1/ceremony-opening")
        transcript.add("manifest", mh)
        for label, number in (("attempt", attempt), ("trustee", trustee), ("quorum", t), ("trustees", n)):
            transcript.add64(label, number)
        transcript.add("coefficients", self.coefficient_bytes)
        transcript.add("transport-key", logs[-1])
        transcript.add("commitments", b"".join(commitments))
        c = transcript.scalar("challenge")
        for a, b, z in zip(points, commitments, responses, strict=True):
            if not same(mul(scalar(z), BASE), add(point(b), mul(c, a))):
                raise Invalid("the proof of knowledge does not hold")

    def share_point(self, j):
        """f_i(j) G."""
        return msm([pow(j, m, L) for m in range(len(self.coefficients))], self.coefficients)


def commitment(mh, attempt, trustee, data):
    return labelled_hash("hanpyo/v1/ceremony-commitment", mh + le64(attempt) + le64(trustee) + data)


def shares_of(data, n):
    """[(E, m)] of a share list, in order of recipient."""
    if len(data) != 64 * (n - 1):
        raise Invalid("a share list of another length")
    return [(point(part[:32]), scalar(part[32:])) for part in pieces(data, 64)]


def transcript_hash(mh, attempt, openings, shares):
    data = b"".join(openings[i].bytes for i in sorted(openings)) + b"".join(shares[i] for i in sorted(shares))
    return labelled_hash("hanpyo/v1/ceremony-transcript", mh + le64(attempt) + data)


def keys_of(openings):
    """K and [X_1 .. X_n]."""
    joint = total(opening.coefficients[0] for opening in openings.values())
    verification = [total(opening.share_point(j) for opening in openings.values()) for j in sorted(openings)]
    if any(is_identity(key) for key in [joint, *verification]):
        raise Invalid("the identity as a key")
    return joint, verification


def verify_complaint(mh, attempt, complainant, accused, shared, proof, openings, shares):
    """Verifies the proof and names the culprit."""
    n = len(openings)
    recipients = [j for j in range(1, n + 1) if j != accused]
    e, masked = shares_of(shares[accused], n)[recipients.index(complainant)]
    context = mh + le64(attempt) + le64(accused) + le64(complainant)
    s = point(shared)
    verify_equality("hanpyo/v1/complaint", context, e, openings[complainant].transport, s, proof)
    mask = hash_to_scalar("hanpyo/v1/share-mask", shared + context + openings[accused].coefficient_bytes)
    true_share = same(mul(masked - mask, BASE), openings[accused].share_point(complainant))
    return complainant if true_share else accused


def combine(decryptions):
    """xR from {trustee: D}."""
    result = IDENTITY
    for j, d in decryptions.items():
        weight = 1
        for i in decryptions:
            if i != j:
                weight = weight * i * pow(i - j, -1, L) % L
        result = add(result, mul(weight, d))
    return result


def plain_point(ciphertext, decryptions):
    """vH."""
    return sub(ciphertext[1], combine(decryptions))
