"""A whole record: order and signatures of its entries, ceremony, roll, ballots (PROTOCOL.md sections 10.1, 10.3, 10.4)."""

import ceremony
from contests import CAST, CHALLENGE, pieces, point, verify_ballot, verify_opening
from counting import Counting, Failure
from curve import Invalid, add, decode, ed25519_verify, encode, same
from encoding import array_items, decode_cbor
from log import leaf_hash, root
from manifest import Manifest
from transcript import hash_to_point, labelled_hash, le64

(MANIFEST, COMMITMENT, OPENING, SHARES, CONFIRMATION, COMPLAINT, RESTART, JOINT_KEY, DRILL, HALF_COMMITMENT, HALF_CHUNK,
 ROLL_CHUNK, ROLL_SEALED, REVOCATION, RE_ISSUE, OPEN, BALLOT, POSTED_CHALLENGE, STRIKE, PAPER_TURNOUT, RE_DATING,
 ASSETS, CLOSE, ENCRYPTED_TALLY, PARTIAL, CONTEST_RESULT, RESULT, VOID) = range(1, 29)  # fmt: skip

# The phases in their order; each is entered by the entry that is named in `Record.take`.
BEGINNING, CEREMONY, DRILLS, ROLL, SEALED, VOTING, CLOSED, ENDED = range(8)
BOUND = 2**48


class Credential:
    def __init__(self, style, weight, unit):
        self.style, self.weight, self.unit = style, weight, unit
        self.public = None  # if its bytes are no point
        self.revoked = self.struck = False
        self.reissued = None
        self.counter = self.challenges = 0
        self.counted = None  # the ciphertexts of the ballot that counts, per contest


def entry_type(entry):
    """The type number that an entry claims, whatever follows."""
    return next((kind for kind in (BALLOT, POSTED_CHALLENGE) if entry[1:2] == bytes([kind])), None)


class Record:
    """Takes entries one after another and keeps what they amount to.

    What is wrong with an entry is either noted (`fail`), and the entry has its effect all the same, or raised as
    `Failure`, and it has none (section 13, "Reading on")."""

    def __init__(self, schema):
        self.schema = schema
        self.failures = []  # (check, entry, text)
        self.leaves = []
        self.phase = BEGINNING
        self.manifest = None
        self.attempt = 0
        self.roll, self.keys_seen, self.half_sums = [], set(), []
        self.half_commitments, self.half_lists = {}, {}
        self.bodies, self.nonces = set(), set()
        self.closing, self.paper = None, None
        self.void = False

    # ---- one entry

    def take(self, entry):
        index = len(self.leaves)
        self.leaves.append(leaf_hash(entry))
        try:
            try:
                value = decode_cbor(entry)
                self.schema.check("entry", value)
            except Invalid as error:
                check = {BALLOT: 6, POSTED_CHALLENGE: 8}.get(entry_type(entry), 2) if self.phase == VOTING else 2
                raise Failure(check, str(error)) from error
            self._entry(index, value, array_items(entry))
        except Failure as failure:
            self.fail(failure.check, str(failure), index)

    def fail(self, check, text, index=None):
        self.failures.append((check, len(self.leaves) - 1 if index is None else index, text))

    def _entry(self, index, value, parts):
        kind, payload = value[0], value[1]
        if (index == 0) != (kind == MANIFEST):
            raise Failure(2, "the manifest is entry 0")
        if kind == MANIFEST:
            self.manifest = Manifest(parts[1], payload)
            self.counting = Counting(self)
            for problem in self.manifest.problems():
                self.fail(3, problem)
        if self.manifest is None:
            raise Failure(2, "no manifest")
        self._need(self.phase != ENDED, "after the end of the record")
        if kind == VOID:
            self.phase, self.void = ENDED, True
        elif kind == MANIFEST:
            self.phase, self.closing = CEREMONY, self.manifest.windows[-1][1]
            self._attempt(1)
        elif kind in (BALLOT, POSTED_CHALLENGE):
            self._need(self.phase == VOTING, "voting is not open")
            (self._ballot if kind == BALLOT else self._challenge)(value, parts[1])
            return
        else:
            self._handlers[kind](self, *payload)
        self._signatures(kind, payload, parts[1], value[2])

    def _need(self, condition, text):
        """The order of section 10.3."""
        if not condition:
            raise Failure(2, text)

    def _signatures(self, kind, payload, payload_bytes, signatures):
        authorities = [("authority", a + 1) for a in range(len(self.manifest.authorities))]
        if kind in (COMMITMENT, OPENING, SHARES, CONFIRMATION, COMPLAINT):
            roles = [("trustee", payload[1])]
        elif kind in (DRILL, PARTIAL):
            roles = [("trustee", payload[0])]
        elif kind in (HALF_COMMITMENT, HALF_CHUNK):
            roles = [("authority", payload[0])]
        elif kind == ROLL_CHUNK:
            roles = authorities
        elif kind in (ROLL_SEALED, REVOCATION, RE_ISSUE):
            roles = [*authorities, "commission"]
        elif kind in (ENCRYPTED_TALLY, CONTEST_RESULT, RESULT):
            roles = ["tally"]
        else:
            roles = ["commission"]
        digest = labelled_hash("hanpyo/v1/role-signature", self.manifest.hash + bytes([kind]) + payload_bytes)
        keys = [self.manifest.key(role) for role in roles]
        if len(keys) != len(signatures) or not all(
            key and ed25519_verify(key, digest, signature) for key, signature in zip(keys, signatures, strict=True)
        ):
            self.fail(2, "the signatures are not those of the entry's roles")

    # ---- key ceremony

    def _attempt(self, number):
        self.attempt = number
        self.commitments, self.openings, self.opened, self.shares, self.confirmed = {}, {}, set(), {}, {}
        self.complained = self.unsound = False

    def _round(self, attempt, trustee, ready, done):
        in_order = self.phase == CEREMONY and attempt == self.attempt and not self.complained
        self._need(
            in_order and ready and trustee <= self.manifest.n and trustee not in done, "out of the ceremony's order"
        )

    def _commitment(self, attempt, trustee, value):
        self._round(attempt, trustee, not self.opened, self.commitments)
        self.commitments[trustee] = value

    def _opening(self, attempt, trustee, data):
        m = self.manifest
        self._round(attempt, trustee, len(self.commitments) == m.n and not self.shares, self.opened)
        self.opened.add(trustee)
        try:
            if ceremony.commitment(m.hash, attempt, trustee, data) != self.commitments[trustee]:
                raise Invalid("the opening does not match its commitment")
            self.openings[trustee] = ceremony.Opening(m.hash, attempt, trustee, m.t, m.n, data)
        except Invalid as error:
            self.fail(4, str(error))

    def _shares(self, attempt, trustee, data):
        n = self.manifest.n
        self._round(attempt, trustee, len(self.opened) == n and not self.confirmed, self.shares)
        self.shares[trustee] = data
        try:
            ceremony.shares_of(data, n)
        except Invalid as error:
            self.unsound = True
            self.fail(4, str(error))

    def _outcome(self):
        """(transcript hash, K, [X_j]) as every reader computes them; None if the attempt is not sound."""
        n, mh = self.manifest.n, self.manifest.hash
        if self.unsound or len(self.openings) != n:
            return None
        try:
            return ceremony.transcript_hash(mh, self.attempt, self.openings, self.shares), *ceremony.keys_of(
                self.openings
            )
        except Invalid:
            return None

    def _confirmation(self, attempt, trustee, transcript, key):
        self._round(attempt, trustee, len(self.shares) == self.manifest.n, self.confirmed)
        self.confirmed[trustee] = (transcript, key)
        outcome = self._outcome()
        if outcome is None or (transcript, key) != (outcome[0], encode(outcome[1])):
            self.fail(4, "a confirmation of another outcome")

    def _complaint(self, attempt, complainant, accused, shared, proof):
        n = self.manifest.n
        self._round(attempt, complainant, len(self.shares) == n, ())
        try:
            if accused == complainant or accused > n or self.unsound or len(self.openings) != n:
                raise Invalid("nothing to judge by")
            ceremony.verify_complaint(
                self.manifest.hash, attempt, complainant, accused, shared, proof, self.openings, self.shares
            )
        except Invalid as error:
            raise Failure(4, f"the complaint: {error}") from error
        self.complained = True

    def _restart(self, attempt, _reason):
        self._need(self.phase == CEREMONY and attempt == self.attempt + 1, "no restart of the ceremony here")
        self._attempt(attempt)

    def _joint_key(self, attempt, transcript, key, shares):
        self._need(
            self.phase == CEREMONY
            and attempt == self.attempt
            and len(self.confirmed) == self.manifest.n
            and not self.complained,
            "no joint key before all confirmations",
        )
        outcome = self._outcome()
        if outcome is None:
            self.phase = ENDED
            raise Failure(4, "the ceremony is not sound; nothing can be read on")
        self.phase, self.drills = DRILLS, set()
        self.transcript_hash, self.joint_key, self.verification = outcome
        if (transcript, key, shares) != (
            self.transcript_hash,
            encode(self.joint_key),
            [encode(x) for x in self.verification],
        ):
            self.fail(4, "another joint key than the ceremony's")

    def _drill(self, trustee, decryption, proof):
        self._need(self.phase == DRILLS and trustee <= self.manifest.n and trustee not in self.drills, "no drill here")
        self.drills.add(trustee)
        if len(self.drills) == self.manifest.n:
            self.phase = ROLL
        context = self.manifest.hash + self.transcript_hash
        base = hash_to_point("hanpyo/v1/drill-point", context)
        try:
            ceremony.verify_equality(
                "hanpyo/v1/drill",
                context + le64(trustee),
                base,
                self.verification[trustee - 1],
                point(decryption),
                proof,
            )
        except Invalid as error:
            self.fail(4, f"the drill: {error}")

    # ---- roll

    @property
    def _two(self):
        return len(self.manifest.authorities) == 2

    def _half_place(self, subject):
        """Half lists of the roll stand before it, those of a re-issue between seal and close."""
        roll = self.phase == ROLL and not self.roll
        self._need(self._two and (roll if subject is None else self.phase in (SEALED, VOTING)), "no half list here")
        if subject is not None:
            self._replaceable(subject)

    def _half_commitment(self, authority, subject, value):
        self._half_place(subject)
        known = self.half_commitments.setdefault(subject, {})
        if authority in known:
            raise Failure(5, "a second commitment to a half list")
        known[authority] = value

    def _half_chunk(self, authority, subject, first, data):
        self._half_place(subject)
        known = self.half_lists.setdefault(subject, {1: b"", 2: b""})
        if len(self.half_commitments.get(subject, ())) < 2:
            raise Failure(5, "a half list before both commitments")
        if (
            32 * first != len(known[authority])
            or len(data) % 32
            or (subject is not None and (known[authority] or data[32:]))
        ):
            raise Failure(5, "a half list out of order or of another length")
        known[authority] += data

    def _half_sums(self, subject):
        """P_1 + P_2 for every index, None where there is none; the commitments checked."""
        lists = self.half_lists.get(subject, {1: b"", 2: b""})
        for authority, data in lists.items():
            number = 2**64 - 1 if subject is None else subject
            message = self.manifest.hash + bytes([authority]) + le64(number) + data
            if labelled_hash("hanpyo/v1/half-list", message) != self.half_commitments.get(subject, {}).get(authority):
                self.fail(5, f"the half list of authority {authority} is not the one committed to")
        if len(lists[1]) != len(lists[2]):
            self.fail(5, "half lists of different lengths")
        return [self._half_sum(a, b) for a, b in zip(pieces(lists[1], 32), pieces(lists[2], 32), strict=False)]

    @staticmethod
    def _half_sum(one, two):
        try:
            return add(point(one), point(two))
        except Invalid:
            return None

    def _roll_chunk(self, first, rows):
        self._need(self.phase == ROLL, "no roll chunk here")
        if first != len(self.roll):
            raise Failure(5, "a roll chunk out of order")
        if self._two and not self.roll:
            self.half_sums = self._half_sums(None)
        for row in rows:
            index = len(self.roll)
            self._credential(*row, self.half_sums[index] if index < len(self.half_sums) else None)

    def _credential(self, public, style, weight, unit, expected):
        """Appends a row; with two authorities it must be `expected`, the sum of the halves."""
        index, m = len(self.roll), self.manifest
        credential = Credential(style, weight, unit)
        self.roll.append(credential)
        if style >= len(m.styles) or unit >= len(m.parents):
            self.fail(5, f"credential {index}: no such style or unit")
        if public in self.keys_seen:
            self.fail(5, f"credential {index}: the same key as another")
        self.keys_seen.add(public)
        try:
            credential.public = point(public)
        except Invalid as error:
            self.fail(5, f"credential {index}: {error}")
        if self._two and (expected is None or credential.public is None or not same(expected, credential.public)):
            self.fail(5, f"credential {index} is not the sum of its halves")

    def _roll_sealed(self, count, per_unit):
        m = self.manifest
        self._need(self.phase == ROLL, "no seal here")
        self.phase, self.paper = SEALED, [0] * len(m.parents)
        self.electorate = len(self.roll)
        units = [sum(c.unit == unit for c in self.roll) for unit in range(len(m.parents))]
        if (count, per_unit) != (len(self.roll), units) or (self._two and len(self.half_sums) != count):
            self.fail(5, "the seal states other numbers")
        for number, contest in enumerate(m.contests):
            weights = (c.weight for c in self.roll if c.style < len(m.styles) and number in m.styles[c.style])
            if contest.largest * sum(weights) > BOUND:
                self.fail(5, f"the sums of contest {number} could exceed 2^48")

    def _standing(self, index):
        """A credential that may be revoked or struck."""
        if index >= len(self.roll):
            raise Failure(5, f"no credential {index}")
        credential = self.roll[index]
        if credential.revoked or credential.struck or credential.counted:
            raise Failure(5, f"credential {index} is revoked or struck, or has voted")
        return credential

    def _replaceable(self, index):
        if index >= len(self.roll) or not self.roll[index].revoked or self.roll[index].reissued is not None:
            raise Failure(5, f"credential {index} is not a revoked one without a successor")

    def _revocation(self, index, _reason):
        self._need(self.phase in (SEALED, VOTING), "no revocation here")
        self._standing(index).revoked = True

    def _re_issue(self, old, new, public):
        self._need(self.phase in (SEALED, VOTING), "no re-issue here")
        self._replaceable(old)
        if new != len(self.roll):
            raise Failure(5, "a re-issue takes the next index")
        revoked = self.roll[old]
        revoked.reissued = new
        sums = self._half_sums(old) if self._two else []
        self._credential(public, revoked.style, revoked.weight, revoked.unit, sums[0] if len(sums) == 1 else None)

    # ---- voting

    def _open(self, time):
        self._need(self.phase == SEALED, "no opening here")
        self.phase = VOTING
        if time < self.manifest.windows[0][0]:
            self.fail(11, "opened before the first window")

    def _shape(self, body):
        """(credential, contests of its style); the shape of the body is checked by the proofs."""
        if body[0] >= len(self.roll) or self.roll[body[0]].public is None:
            raise Invalid(f"no credential {body[0]}")
        credential = self.roll[body[0]]
        if credential.style >= len(self.manifest.styles):
            raise Invalid(f"credential {body[0]} has no ballot style")
        return credential, self.manifest.contests_of(credential.style)

    def _ballot(self, value, body_bytes):
        _, body, signature = value
        m = self.manifest
        try:
            credential, contests = self._shape(body)
            verify_ballot(
                m.hash, self.joint_key, contests, credential.public, credential.style, body_bytes, signature, CAST
            )
        except Invalid as error:
            raise Failure(6, str(error)) from error
        nonces = {part[:32] for data, _ in body[2] for part in pieces(data, 64)}
        reasons = [
            ("its body occurred before", body_bytes in self.bodies),
            ("a nonce point occurred before", not nonces.isdisjoint(self.nonces)),
            ("its counter is not above the last", body[1] <= credential.counter),
            ("its credential is revoked or struck", credential.revoked or credential.struck),
            ("its credential has voted", credential.counted is not None and not m.revoting),
        ]
        self.bodies.add(body_bytes)
        self.nonces |= nonces
        excluded = [text for text, holds in reasons if holds]
        if excluded:
            raise Failure(7, f"the ballot is excluded: {excluded[0]}")
        credential.counter = body[1]
        credential.counted = {
            number: [(decode(part[:32]), decode(part[32:])) for part in pieces(data, 64)]
            for number, (data, _) in zip(contests, body[2], strict=True)
        }

    def _challenge(self, value, body_bytes):
        _, body, signature, opening = value
        m = self.manifest
        try:
            credential, contests = self._shape(body)
            if credential.challenges >= 5:
                raise Invalid("a sixth challenge of the credential")
            if body_bytes in self.bodies:
                raise Invalid("its body occurred before")
            verify_ballot(
                m.hash, self.joint_key, contests, credential.public, credential.style, body_bytes, signature, CHALLENGE
            )
            verify_opening(self.joint_key, contests, body_bytes, opening)
        except Invalid as error:
            raise Failure(8, str(error)) from error
        credential.challenges += 1
        self.bodies.add(body_bytes)

    @property
    def counted(self):
        """The credentials whose ballot counts."""
        return [credential for credential in self.roll if credential.counted]

    def _strike(self, index):
        self._need(self.phase == VOTING, "no strike here")
        self._standing(index).struck = True

    def _paper_turnout(self, per_unit):
        self._need(self.phase == VOTING, "no paper turnout here")
        if len(per_unit) != len(self.paper) or any(a < b for a, b in zip(per_unit, self.paper, strict=True)):
            raise Failure(11, "paper turnout of other units or less than before")
        gone = [0] * len(per_unit)
        for credential in self.roll:
            if credential.struck or (credential.revoked and credential.reissued is None):
                gone[credential.unit] += 1
        if any(votes > electors for votes, electors in zip(per_unit, gone, strict=True)):
            raise Failure(11, "more paper votes in a unit than it has electors who cannot vote here")
        self.paper = per_unit

    def _re_dating(self, closes, _reason):
        self._need(self.phase in (SEALED, VOTING), "no re-dating here")
        if closes <= self.closing:
            raise Failure(11, "a re-dating to an earlier time")
        self.closing = closes

    def _assets(self, _value, _reason):
        self._need(self.phase == VOTING, "no asset amendment here")

    def _close(self, time):
        self._need(self.phase == VOTING, "no closing here")
        self.phase = CLOSED
        self.tree = (root(self.leaves), len(self.leaves))
        self.counting.begin()
        if time < self.closing + self.manifest.grace:
            self.fail(11, "closed before closing time and grace were over")
        if self.turnout > self.electorate:
            self.fail(11, "more votes than the electorate")

    def finish(self):
        """After the result."""
        self.phase = ENDED

    @property
    def turnout(self):
        return len(self.counted) + sum(self.paper)

    _handlers = {
        COMMITMENT: _commitment, OPENING: _opening, SHARES: _shares, CONFIRMATION: _confirmation, COMPLAINT: _complaint,
        RESTART: _restart, JOINT_KEY: _joint_key, DRILL: _drill, HALF_COMMITMENT: _half_commitment, HALF_CHUNK: _half_chunk,
        ROLL_CHUNK: _roll_chunk, ROLL_SEALED: _roll_sealed, REVOCATION: _revocation, RE_ISSUE: _re_issue, OPEN: _open,
        STRIKE: _strike, PAPER_TURNOUT: _paper_turnout, RE_DATING: _re_dating, ASSETS: _assets, CLOSE: _close,
        ENCRYPTED_TALLY: lambda self, *payload: self.counting.encrypted_tally(*payload),
        PARTIAL: lambda self, *payload: self.counting.partial(*payload),
        CONTEST_RESULT: lambda self, *payload: self.counting.contest_result(*payload),
        RESULT: lambda self, *payload: self.counting.result(*payload),
    }  # fmt: skip
