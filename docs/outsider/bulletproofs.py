"""The aggregated range proof of docs/BULLETPROOFS.md."""

from functools import cache
from hashlib import shake_256

from curve import IDENTITY, Invalid, L, decode, encode, is_identity, msm, one_way_map, same, scalar


@cache
def _generators(letter, party, bits):
    stream = shake_256(b"GeneratorsChain" + letter + party.to_bytes(4, "little")).digest(64 * bits)
    return [one_way_map(stream[i : i + 64]) for i in range(0, 64 * bits, 64)]


def verify_range_proof(t, values, n, m, value_base, blinding_base, proof):
    """Appends the proof's steps to the transcript and checks both equations, for `values` padded to `m`."""
    values = values + [IDENTITY] * (m - len(values))
    size, rounds = n * m, (n * m).bit_length() - 1
    parts = [proof[i : i + 32] for i in range(0, len(proof), 32)]
    head, numbers, folds, last = parts[:4], parts[4:7], parts[7:-2], parts[-2:]

    t.add("dom-sep", b"rangeproof v1")
    t.add64("n", n)
    t.add64("m", m)
    for value in values:
        t.add("V", encode(value))
    t.add("A", head[0])
    t.add("S", head[1])
    y, z = t.scalar("y"), t.scalar("z")
    t.add("T_1", head[2])
    t.add("T_2", head[3])
    x = t.scalar("x")
    for label, number in zip(("t_x", "t_x_blinding", "e_blinding"), numbers, strict=True):
        t.add(label, number)
    w = t.scalar("w")
    t.add("dom-sep", b"ipp v1")
    t.add64("n", size)
    u = []
    for i in range(rounds):
        t.add("L", folds[2 * i])
        t.add("R", folds[2 * i + 1])
        u.append(t.scalar("u"))

    a_point, s_point, t1, t2 = points = [decode(part) for part in head]
    folds = [decode(part) for part in folds]
    t_x, tau_x, mu = (scalar(part) for part in numbers)
    a, b = (scalar(part) for part in last)
    if any(is_identity(p) for p in points + folds) or y == 0 or 0 in u:
        raise Invalid("range proof: an identity or a challenge 0")

    powers = [pow(y, i, L) for i in range(size)]
    z_powers = [pow(z, 2 + j, L) for j in range(m)]
    delta = (z - z * z) * sum(powers) - pow(z, 3, L) * (2**n - 1) * sum(pow(z, j, L) for j in range(m))
    left = msm(z_powers + [x, x * x], values + [t1, t2])
    if not same(left, msm([t_x - delta, tau_x], [value_base, blinding_base])):
        raise Invalid("range proof, equation 1")

    inverses = [pow(u_t, -1, L) for u_t in u]
    scalars, bases = [1, x, w * (t_x - a * b), -mu], [a_point, s_point, value_base, blinding_base]
    for i in range(rounds):
        scalars += [u[i] * u[i], inverses[i] * inverses[i]]
        bases += folds[2 * i : 2 * i + 2]
    for i in range(size):
        s = 1
        for step in range(1, rounds + 1):
            s = s * (u if i >> rounds - step & 1 else inverses)[step - 1] % L
        j, bit = divmod(i, n)
        scalars.append(-z - a * s)
        bases.append(_generators(b"G", j, n)[bit])
        scalars.append(z + pow(powers[i], -1, L) * (z_powers[j] * 2**bit - b * pow(s, -1, L)))
        bases.append(_generators(b"H", j, n)[bit])
    if not is_identity(msm(scalars, bases)):
        raise Invalid("range proof, equation 2")
