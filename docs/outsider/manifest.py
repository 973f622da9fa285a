"""The manifest and its rules (PROTOCOL.md section 10.2)."""

import re

from contests import Contest
from curve import Invalid, ed25519_key
from log import VerifierKey
from transcript import labelled_hash


def _head(length):
    return 1 if length < 24 else 2 if length < 256 else 3 if length < 65536 else 5


def _bytes(length):
    return _head(length) + length


class Manifest:
    def __init__(self, payload_bytes, payload):
        self.hash = labelled_hash("hanpyo/v1/manifest", payload_bytes)
        (self.protocol, self.origin, _, _, profile, schedule, contests, styles, units, counting, roles, witnesses) = (
            payload[:12]
        )
        self.test = payload[14]
        _, _, self.quorum_of_turnout, self.gate, self.voting_seconds, self.revoting_allowed = profile
        self.windows, self.grace, self.override = schedule
        self.contests = [Contest(kind[0], len(options), *kind[1:]) for _, options, kind, _ in contests]
        self.options = [options for _, options, _, _ in contests]
        self.rules = [tuple(rule) for _, _, _, rule in contests]
        self.styles = [style[1] for style in styles]
        self.parents = [unit[1] for unit in units]
        self.floor, self.votes_computable, self.revoting = counting
        self.vkey, self.acknowledgement, self.commission, authorities, trustees, self.t, self.tally = roles
        self.authorities = [key for _, key in authorities]
        self.trustees = [key for _, key in trustees]
        self.policy, self.faulty = witnesses

    @property
    def n(self):
        return len(self.trustees)

    def contests_of(self, style):
        return {number: self.contests[number] for number in self.styles[style]}

    def key(self, role):
        """The public key of `commission`, `tally`, `("trustee", i)` or `("authority", i)`; None if there is none."""
        if isinstance(role, str):
            return getattr(self, role)
        keys = self.trustees if role[0] == "trustee" else self.authorities
        return keys[role[1] - 1] if 1 <= role[1] <= len(keys) else None

    def problems(self):
        """What breaks a rule of section 10.2."""
        if self.protocol != 1 or not re.fullmatch(r"[a-z0-9.:-]+/[a-z0-9-]+/[a-z0-9-]+", self.origin):
            yield "rule 1: protocol or origin"
        yield from self._schedule()
        yield from self._contests()
        yield from self._styles()
        for unit, parent in enumerate(self.parents):
            if parent is not None and parent >= unit:
                yield f"rule 5: the parent of unit {unit}"
        if self.floor < 5 and not (self.test or self.votes_computable):
            yield "rule 5: a floor below 5"
        yield from self._keys()
        if self.revoting and not self.revoting_allowed:
            yield "rule 8: re-voting is not allowed by the profile"
        for fraction in (self.quorum_of_turnout, self.gate):
            if fraction and fraction[0] > fraction[1]:
                yield "rule 8: a fraction above 1"

    def _schedule(self):
        times = [time for window in self.windows for time in window]
        if any(a > b for a, b in zip(times, times[1:])) or any(a >= b for a, b in self.windows):
            yield "rule 2: windows empty, out of order or overlapping"
        given = sum(b - a for a, b in self.windows)
        if self.voting_seconds is not None and self.override is None and given != self.voting_seconds:
            yield "rule 2: the windows do not add up to the profile's voting seconds"

    def _contests(self):
        for number, contest in enumerate(self.contests):
            yield from (f"rule 3: contest {number}: {problem}" for problem in contest.problems())
            for language in (0, 1):
                names = [option[language] for option in self.options[number] if option[language]]
                if len(set(names)) != len(names):
                    yield f"rule 3: contest {number}: two options of one name"
            rule, seats = self.rules[number]
            kinds = {1: (1,), 2: (1, 2), 3: (3,), 4: (4,), 5: (4,)}[rule]
            if (
                contest.kind not in kinds
                or (rule == 1 and (contest.k != 2 or seats != 1))
                or not 1 <= seats <= contest.k
            ):
                yield f"rule 3: contest {number}: the rule does not fit the kind"

    def _styles(self):
        for number, style in enumerate(self.styles):
            if sorted(set(style)) != style or any(contest >= len(self.contests) for contest in style):
                yield f"rule 4: contests of style {number}"
                return
            body = 1 + 5 + 5 + _head(len(style))
            opening = _head(len(style))
            for contest in (self.contests[c] for c in style):
                body += 1 + _bytes(64 * contest.size) + _bytes(contest.proof_length)
                opening += 1 + _head(contest.size) + contest.size * _head(contest.largest) + _bytes(32 * contest.size)
            ballot = 1 + 1 + body + 2 + 64
            if max(ballot, ballot + opening) > 65535:
                yield f"rule 4: the ballots of style {number} do not fit an entry"
        if {contest for style in self.styles for contest in style} != set(range(len(self.contests))):
            yield "rule 4: a contest that stands in no style"

    def _keys(self):
        if not 2 <= self.t < self.n <= 32:
            yield "rule 6: 2 <= t < n <= 32"
        if 2 * self.t <= self.n and not self._has_witness_quorum():
            yield "rule 6: two quorums without a common trustee and no witnesses"
        keys = [self.acknowledgement, self.commission, *self.authorities, *self.trustees, self.tally]
        try:
            log = VerifierKey(self.vkey)
            keys.append(log.key)
            if log.name != self.origin:
                yield "rule 6: the log's key bears another name"
            for key in keys:
                ed25519_key(key)
        except Invalid as error:
            yield f"rule 6: {error}"
        if len(set(keys)) != len(keys):
            yield "rule 6: two roles with one key"
        yield from self._policy()

    def _policy_lines(self):
        return [line.split() for line in self.policy.split("\n") if line.strip() and not line.startswith("#")]

    def _has_witness_quorum(self):
        return ["quorum", "none"] not in self._policy_lines()

    def _policy(self):
        lines = self._policy_lines()
        if not lines or lines[0][:2] != ["log", self.vkey]:
            yield "rule 7: the policy does not name this log first"
        quorums = [line[1:] for line in lines if line[0] == "quorum"]
        groups = {line[1]: (line[2], line[3:]) for line in lines if line[0] == "group" and len(line) > 3}
        witnesses = {line[1] for line in lines if line[0] == "witness"}
        if quorums == [["none"]]:
            return
        if len(quorums) != 1 or len(quorums[0]) != 1 or quorums[0][0] not in groups:
            yield "rule 7: the quorum is not a group"
            return
        threshold, members = groups[quorums[0][0]]
        w, f = len(members), self.faulty
        q = {"all": w, "any": 1}.get(threshold) or int(threshold)
        if not set(members) <= witnesses or not (2 * q > w + f and q <= w - f):
            yield "rule 7: the quorum's size"
