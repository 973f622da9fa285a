"""Edwards25519, ristretto255 (RFC 9496) and Ed25519 verification (RFC 8032), on Python's integers."""

from hashlib import sha512

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)


class Invalid(Exception):
    """Bytes or an equation that the protocol refuses."""


# ---- points: extended coordinates (X, Y, Z, T), x = X/Z, y = Y/Z, xy = T/Z, on -x^2 + y^2 = 1 + d x^2 y^2

IDENTITY = (0, 1, 1, 0)


def add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def double(p):
    a, b, c = p[0] * p[0] % P, p[1] * p[1] % P, 2 * p[2] * p[2] % P
    h = a + b
    e = h - (p[0] + p[1]) ** 2 % P
    g = a - b
    f = c + g
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def neg(p):
    return (-p[0] % P, p[1], p[2], -p[3] % P)


def sub(p, q):
    return add(p, neg(q))


def total(points):
    """The sum of points."""
    result = IDENTITY
    for point in points:
        result = add(result, point)
    return result


def msm(scalars, points):
    """Sum of scalar times point, scalars of any sign, four bits at a time."""
    scalars = [s % L for s in scalars]
    tables = []
    for point in points:
        table = [IDENTITY]
        for _ in range(15):
            table.append(add(table[-1], point))
        tables.append(table)
    result = IDENTITY
    for shift in range(252, -1, -4):
        if result != IDENTITY:
            result = double(double(double(double(result))))
        for scalar, table in zip(scalars, tables, strict=True):
            digit = scalar >> shift & 15
            if digit:
                result = add(result, table[digit])
    return result


def mul(scalar, point):
    return msm([scalar], [point])


# ---- ristretto255, RFC 9496 section 4


def _abs(x):
    return P - x if x & 1 else x


def _sqrt_ratio(u, v):
    """(whether u/v is a square, its root or that of SQRT_M1 u/v, not negative), section 4.2."""
    r = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    check = v * r * r % P
    if check in (-u % P, -u * SQRT_M1 % P):
        r = r * SQRT_M1 % P
    return check in (u % P, -u % P), _abs(r)


INVSQRT_A_MINUS_D = _sqrt_ratio(1, -1 - D)[1]
SQRT_AD_MINUS_ONE = P - _sqrt_ratio(-D - 1, 1)[1]
ONE_MINUS_D_SQ = (1 - D * D) % P
D_MINUS_ONE_SQ = (D - 1) ** 2 % P


def decode(data):
    """A point from its canonical 32 bytes (the identity allowed)."""
    s = int.from_bytes(data, "little")
    if len(data) != 32 or s >= P or s & 1:
        raise Invalid("not a canonical ristretto255 encoding")
    ss = s * s % P
    u1, u2 = (1 - ss) % P, (1 + ss) % P
    v = (-D * u1 * u1 - u2 * u2) % P
    square, inv = _sqrt_ratio(1, v * u2 * u2 % P)
    den_x, den_y = inv * u2 % P, inv * inv * u2 * v % P
    x, y = _abs(2 * s * den_x % P), u1 * den_y % P
    t = x * y % P
    if not square or t & 1 or y == 0:
        raise Invalid("not a ristretto255 point")
    return (x, y, 1, t)


def encode(p):
    """The canonical 32 bytes of a point."""
    x, y, z, t = p
    u1, u2 = (z + y) * (z - y) % P, x * y % P
    inv = _sqrt_ratio(1, u1 * u2 * u2 % P)[1]
    den1, den2 = inv * u1 % P, inv * u2 % P
    z_inv = den1 * den2 * t % P
    den = den2
    if t * z_inv % P & 1:
        x, y, den = y * SQRT_M1 % P, x * SQRT_M1 % P, den1 * INVSQRT_A_MINUS_D % P
    if x * z_inv % P & 1:
        y = -y % P
    return _abs(den * (z - y) % P).to_bytes(32, "little")


def same(p, q):
    """Equality of ristretto255 points, section 4.5."""
    return (p[0] * q[1] - p[1] * q[0]) % P == 0 or (p[1] * q[1] - p[0] * q[0]) % P == 0


def is_identity(p):
    return same(p, IDENTITY)


def _elligator(data):
    t = (int.from_bytes(data, "little") & (2**255 - 1)) % P
    r = SQRT_M1 * t * t % P
    u, c = (r + 1) * ONE_MINUS_D_SQ % P, P - 1
    v = (-1 - r * D) * (r + D) % P
    square, s = _sqrt_ratio(u, v)
    if not square:
        s, c = -_abs(s * t % P) % P, r
    n = (c * (r - 1) * D_MINUS_ONE_SQ - v) % P
    w0, w1, w2, w3 = 2 * s * v, n * SQRT_AD_MINUS_ONE, 1 - s * s, 1 + s * s
    return (w0 * w3 % P, w2 * w1 % P, w1 * w3 % P, w0 * w2 % P)


def one_way_map(data):
    """64 uniform bytes to a point, section 4.3.4."""
    return add(_elligator(data[:32]), _elligator(data[32:]))


def scalar(data):
    """A scalar from its canonical 32 bytes."""
    value = int.from_bytes(data, "little")
    if len(data) != 32 or value >= L:
        raise Invalid("not a canonical scalar")
    return value


# ---- Ed25519 (RFC 8032 section 5.1.7, without cofactor)


def _edwards(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square, x = _sqrt_ratio((y * y - 1) % P, (D * y * y + 1) % P)
    if len(data) != 32 or y >= P or not square or (x == 0 and sign):
        raise Invalid("not a canonical Edwards point")
    if sign:
        x = P - x
    return (x, y, 1, x * y % P)


def _edwards_same(p, q):
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def ed25519_key(data):
    """A public key that is canonical and not of small order."""
    point = _edwards(data)
    if _edwards_same(double(double(double(point))), IDENTITY):
        raise Invalid("a key of small order")
    return point


def ed25519_verify(key, message, signature):
    """Whether a signature is valid, strictly: canonical R and z, neither R nor key of small order."""
    try:
        a, r = ed25519_key(key), ed25519_key(signature[:32])
        s = scalar(signature[32:])
    except Invalid:
        return False
    k = int.from_bytes(sha512(signature[:32] + key + message).digest(), "little") % L
    return _edwards_same(mul(s, BASE), add(r, mul(k, a)))


BASE = _edwards((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
