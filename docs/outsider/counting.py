"""The tally: groups, partial decryptions, results (PROTOCOL.md sections 9, 10.3 from 9 on, and 10.5)."""

from fractions import Fraction

import ceremony
from contests import H, pieces
from curve import IDENTITY, Invalid, add, decode, encode, mul, same
from transcript import le64


class Failure(Exception):
    """A failed check: its number and what was wrong."""

    def __init__(self, check, text):
        super().__init__(text)
        self.check = check


def groups_of(parents, ballots, floor, computable):
    """The groups of section 9.2, each a sorted list of units; None if the contest is withheld.

    `ballots`: {unit: {weight: number of counted ballots}}."""

    def size(units):
        return sum(sum(ballots[u].values()) for u in units)

    def publishable(units):
        if computable:
            return size(units) >= floor
        weights = {weight for u in units for weight in ballots[u]}
        return all(sum(ballots[u].get(weight, 0) for u in units) >= floor for weight in weights)

    def settle(groups, rest):
        """Step 2."""
        if rest and publishable(rest):
            return [*groups, rest], []
        for group in sorted(groups, key=lambda group: (size(group), min(group))) if rest else ():
            if publishable(group + rest):
                return [group + rest if other is group else other for other in groups], []
        return groups, rest

    root = len(parents)
    gathered = {unit: ([], [unit] if unit in ballots else []) for unit in range(root)}
    gathered[root] = ([], [])
    children = {unit: [] for unit in range(root + 1)}
    for unit, parent in enumerate(parents):
        children[root if parent is None else parent].append(unit)
    for unit in [*range(root - 1, -1, -1), root]:  # a child has a higher number than its parent
        groups, rest = gathered[unit]
        for child in children[unit]:
            groups, rest = groups + gathered[child][0], rest + gathered[child][1]
        gathered[unit] = settle(groups, rest)
    groups, rest = gathered[root]
    if rest:
        everything = [unit for group in groups for unit in group] + rest
        if not publishable(everything):
            return None
        groups = [everything]
    return sorted(sorted(group) for group in groups)


class Counting:
    """From `close` to the result. `record` gives manifest, keys, roll, turnout and the tree at close."""

    def __init__(self, record):
        self.record = record
        self.begun = False

    def begin(self):
        """At close: the groups and sums of every contest, and whether the gate holds."""
        m = self.record.manifest
        self.begun, self.gate = True, self._share(m.gate)
        self.groups, self.withheld, self.sums, self.sizes = [], [], [], []
        for number in range(len(m.contests)):
            ballots = {}
            for credential in self.record.counted:
                if number in credential.counted:
                    unit = ballots.setdefault(credential.unit, {})
                    unit[credential.weight] = unit.get(credential.weight, 0) + 1
            groups = groups_of(m.parents, ballots, m.floor, m.votes_computable)
            self.withheld.append(groups is None)
            self.groups.append(groups or [])
            self.sizes.append([sum(sum(ballots[unit].values()) for unit in group) for group in groups or []])
            self.sums.append([self._sum(number, set(group)) for group in groups or []])
        self.tallied = [0] * len(m.contests)  # groups stated so far
        self.stated = [False] * len(m.contests)
        self.decryptions = {}  # (contest, group): {trustee: [D]} of valid ones
        self.decrypted = {}  # (contest, group): trustees
        self.results_begun = False
        self.values = [[] for _ in m.contests]
        self.totals = [None] * len(m.contests)

    def _share(self, fraction):
        return not fraction or self.record.turnout * fraction[1] >= fraction[0] * self.record.electorate

    def _sum(self, number, units):
        size = self.record.manifest.contests[number].size
        sums = [(IDENTITY, IDENTITY)] * size
        for credential in self.record.counted:
            if credential.unit in units and number in credential.counted:
                for p, (r, c) in enumerate(credential.counted[number]):
                    w = credential.weight
                    sums[p] = (add(sums[p][0], mul(w, r)), add(sums[p][1], mul(w, c)))
        return sums

    def _need(self, condition, text):
        if not condition or not self.begun:
            raise Failure(2, text)

    # ---- entries

    def encrypted_tally(self, number, in_all, first, groups):
        self._need(self.begun and self.gate and not self.decrypted and number < len(self.stated), "no tally here")
        self._need(all(self.stated[:number]) and not self.stated[number], "the contests' tallies in order")
        self._need(first == self.tallied[number], "the groups of a tally in order")
        self.tallied[number] += len(groups)
        self.stated[number] = self.tallied[number] >= in_all
        expected = list(zip(self.groups[number], self.sizes[number], self.sums[number], strict=True))
        if in_all != len(expected) or self.tallied[number] > in_all or (in_all and not groups):
            self.record.fail(9, f"{len(groups)} groups from {first} of {in_all} instead of {len(expected)}")
        for offset, (units, ballots, sums) in enumerate(groups[: len(expected) - first]):
            own_units, own_ballots, own_sums = expected[first + offset]
            own_bytes = b"".join(encode(part) for pair in own_sums for part in pair)
            if (units, ballots, sums) != (own_units, own_ballots, own_bytes):
                self.record.fail(9, f"group {first + offset} of contest {number} is not the one computed")

    def partial(self, trustee, number, first, groups):
        record = self.record
        self._need(self.begun and self.gate and all(self.stated) and not self.results_begun, "no decryption here")
        exist = number < len(self.groups) and first + len(groups) <= len(self.groups[number])
        if not exist or trustee > record.manifest.n:
            raise Failure(10, "no such contest, group or trustee")
        for group in range(first, first + len(groups)):
            done = self.decrypted.setdefault((number, group), set())
            self._need(trustee not in done, "a second decryption of a group by a trustee")
        for group, (decryptions, proofs) in enumerate(groups, first):
            self.decrypted[number, group].add(trustee)
            try:
                points = self._verified(trustee, number, group, decryptions, proofs)
                self.decryptions.setdefault((number, group), {})[trustee] = points
            except Invalid as error:
                record.fail(10, f"contest {number}, group {group}: {error}")

    def _verified(self, trustee, number, group, decryptions, proofs):
        record, sums = self.record, self.sums[number][group]
        if len(decryptions) != 32 * len(sums) or len(proofs) != 64 * len(sums):
            raise Invalid("another number of positions")
        tree, size = record.tree
        points = [decode(part) for part in pieces(decryptions, 32)]
        for p, (d, proof) in enumerate(zip(points, pieces(proofs, 64), strict=True)):
            context = record.manifest.hash + tree + b"".join(map(le64, (size, number, group, p, trustee)))
            share = record.verification[trustee - 1]
            ceremony.verify_equality("hanpyo/v1/partial-decryption", context, sums[p][0], share, d, proof)
        return points

    def contest_result(self, number, groups, totals):
        m = self.record.manifest
        expected = len(self.groups[number]) if self.begun and number < len(self.groups) else 0
        self._need(self.begun and self.gate and all(self.stated) and number < len(self.totals), "no result here")
        self._need(all(t is not None for t in self.totals[:number]) and self.totals[number] is None, "results in order")
        due = [(c, g) for c, own in enumerate(self.groups) for g in range(len(own))]
        complete = [j for j in range(1, m.n + 1) if all(j in self.decrypted.get(at, ()) for at in due)]
        self._need(len(complete) >= m.t, "a result before the quorum decrypted all")
        self.results_begun = True
        done = self.values[number]
        if (expected > len(done) and not groups) or len(done) + len(groups) > expected:
            raise Failure(10, "another number of groups than the tally")
        start = len(done)
        done += groups
        if len(done) == expected:
            self.totals[number] = totals
        for g in range(start, len(done)):
            self._check_values(number, g, done)
        if len(done) == expected:
            self._check_totals(number, totals, done)
        elif totals:
            self.record.fail(11, "totals before the contest's last entry")

    def _check_values(self, number, group, done):
        """Compares values with what any t valid decryptions open to."""
        values, sums = done[group], self.sums[number][group]
        valid = dict(sorted(self.decryptions.get((number, group), {}).items())[: self.record.manifest.t])
        if len(valid) < self.record.manifest.t or len(values) != len(sums):
            self.record.fail(10, f"group {group}: not decrypted by the quorum, or another number of values")
            return
        for p, value in enumerate(values):
            plain = ceremony.plain_point(sums[p], {j: points[p] for j, points in valid.items()})
            if not same(plain, mul(value, H)):
                self.record.fail(10, f"group {group}, position {p}: the decryption is not {value}")

    def _check_totals(self, number, totals, done):
        size = self.record.manifest.contests[number].size
        expected = [] if self.withheld[number] else [sum(v[p] for v in done if p < len(v)) for p in range(size)]
        if totals != expected:
            self.record.fail(11, f"totals {totals} instead of {expected}")

    def result(self, ballots, paper, electorate, outcomes):
        record = self.record
        self._need(self.begun and (not self.gate or all(t is not None for t in self.totals)), "no result here")
        record.finish()
        stated, own = (ballots, paper, electorate), (len(record.counted), sum(record.paper), record.electorate)
        if stated != own:
            record.fail(11, f"turnout {stated} instead of {own}")
        expected = [list(self._outcome(number)) for number in range(len(self.groups))]
        if outcomes != expected:
            record.fail(11, f"outcomes {outcomes} instead of {expected}")

    # ---- section 10.5

    def _outcome(self, number):
        m = self.record.manifest
        if not self.gate:
            return 3, []
        if not self._share(m.quorum_of_turnout):
            return 1, []
        if self.withheld[number]:
            return 4, []
        contest, (rule, seats) = m.contests[number], m.rules[number]
        values = self.values[number]
        totals = [sum(v[p] for v in values) for p in range(contest.size)]
        k = contest.k
        if rule == 1:
            return self._majority(totals)
        if rule == 3:
            everybody = sum(c.weight for c in self.record.counted if number in c.counted)
            answered = totals[k:] or [everybody] * k
            return self._best([Fraction(s, a) if a else Fraction(-1) for s, a in zip(totals, answered)], seats)
        if rule == 4:
            rows = [totals[i : i + k] for i in range(0, len(totals), k)]
            return self._best([sum((k - m) * row[i] for m, row in enumerate(rows, 1)) for i in range(k)], seats)
        return self._best(totals[:k], seats)

    def _majority(self, votes):
        winners = [option for option, count in enumerate(votes) if 2 * count > sum(votes)]
        return (0, winners) if winners else (2 if sum(votes) else 5, [])

    def _best(self, scores, seats):
        last = sorted(scores, reverse=True)[seats - 1]
        above = [option for option, score in enumerate(scores) if score > last]
        level = [option for option, score in enumerate(scores) if score == last]
        if len(above) + len(level) > seats:
            return 2, above
        return 0, sorted(above + level)
