"""Deterministic CBOR (the subset of PROTOCOL.md section 10.1), and a reader of protocol.cddl that checks values against it."""

import re

from curve import Invalid

# ---- CBOR


def _head(data, at):
    if at >= len(data):
        raise Invalid("CBOR ends early")
    major, n = data[at] >> 5, data[at] & 31
    at += 1
    if n >= 24:
        if n > 27:
            raise Invalid("an indefinite or reserved CBOR head")
        length = 1 << n - 24
        if at + length > len(data):
            raise Invalid("CBOR ends early")
        n, shortest = int.from_bytes(data[at : at + length], "big"), (24, 2**8, 2**16, 2**32)[n - 24]
        if n < shortest:
            raise Invalid("a CBOR head that is not the shortest")
        at += length
    return major, n, at


_DEEPEST = 16


def _item(data, at, depth=0):
    if depth > _DEEPEST:
        raise Invalid("CBOR nested too deeply")
    start = at
    major, n, at = _head(data, at)
    if major == 0:
        return n, at
    if major in (2, 3):
        if at + n > len(data):
            raise Invalid("CBOR ends early")
        chunk = data[at : at + n]
        if major == 2:
            return chunk, at + n
        try:
            return chunk.decode("utf-8"), at + n
        except UnicodeDecodeError as error:
            raise Invalid("text that is not UTF-8") from error
    if major == 4:
        items = []
        for _ in range(n):
            item, at = _item(data, at, depth + 1)
            items.append(item)
        return items, at
    if data[start] in (0xF4, 0xF5, 0xF6):
        return {0xF4: False, 0xF5: True, 0xF6: None}[data[start]], at
    raise Invalid(f"CBOR of a kind that does not occur: {data[start]:#x}")


def decode_cbor(data):
    value, end = _item(data, 0)
    if end != len(data):
        raise Invalid("bytes after the CBOR item")
    return value


def array_items(data):
    """The encodings of the items of a CBOR array, as they stand."""
    major, n, at = _head(data, 0)
    if major != 4:
        raise Invalid("not a CBOR array")
    parts = []
    for _ in range(n):
        _, end = _item(data, at)
        parts.append(data[at:end])
        at = end
    return parts


# ---- CDDL (RFC 8610): the part that protocol.cddl uses

_TOKEN = re.compile(r"\s*(?:;[^\n]*\n?\s*)*([\[\]\(\)=/,:?]|\.\.|\.size|\d*\*\d*|\d+|[A-Za-z][A-Za-z0-9-]*)")


class Schema:
    """Rules by name; a type is a function from a value to whether it belongs."""

    def __init__(self, text):
        self.rules = {}
        self.tokens = []
        at = 0
        text = re.sub(r";[^\n]*", "", text).strip()
        while at < len(text):
            match = _TOKEN.match(text, at)
            if not match:
                raise ValueError(f"CDDL not understood at {text[at : at + 40]!r}")
            self.tokens.append(match.group(1))
            at = match.end()
        self.tokens.append("")
        while self.tokens[0]:
            name, equals = self.tokens.pop(0), self.tokens.pop(0)
            if equals != "=":
                raise ValueError(f"CDDL: {name} without =")
            self.rules[name] = self._choice()

    def check(self, rule, value):
        if not self.rules[rule](value):
            raise Invalid(f"not a {rule} of protocol.cddl")

    def _choice(self):
        choices = [self._type()]
        while self.tokens[0] == "/":
            self.tokens.pop(0)
            choices.append(self._type())
        return lambda value: any(choice(value) for choice in choices)

    def _type(self):
        token = self.tokens.pop(0)
        if token == "[":
            return self._array()
        if token.isdigit():
            low = high = int(token)
            if self.tokens[0] == "..":
                self.tokens.pop(0)
                high = int(self.tokens.pop(0))
            return lambda value: type(value) is int and low <= value <= high
        basic = {"uint": int, "bytes": bytes, "tstr": str, "bool": bool, "null": type(None)}.get(token)
        if basic is None:
            return lambda value: self.rules[token](value)
        if self.tokens[0] != ".size":
            return lambda value: type(value) is basic
        self.tokens.pop(0)
        if self.tokens[0] == "(":
            self.tokens.pop(0)
            low, dots, high, close = (self.tokens.pop(0) for _ in range(4))
            assert (dots, close) == ("..", ")")
        else:
            low = high = self.tokens.pop(0)
        low, high = int(low), int(high)

        def sized(value):
            if type(value) is not basic:
                return False
            return low <= len(value.encode() if basic is str else value) <= high

        return sized

    def _array(self):
        parts = []
        while self.tokens[0] != "]":
            low = high = 1
            if "*" in self.tokens[0]:
                ends = self.tokens.pop(0).split("*")
                low, high = int(ends[0] or 0), int(ends[1]) if ends[1] else None
            if self.tokens[1] == ":":
                del self.tokens[:2]
            parts.append((low, high, self._choice()))
            if self.tokens[0] == ",":
                self.tokens.pop(0)
        self.tokens.pop(0)

        def matches(value):
            if type(value) is not list:
                return False
            at = 0
            for low, high, kind in parts:
                count = 0
                while at < len(value) and (high is None or count < high) and kind(value[at]):
                    at, count = at + 1, count + 1
                if count < low:
                    return False
            return at == len(value)

        return matches
