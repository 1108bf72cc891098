"""CBOR diagnostic notation, as PROTOCOL.md and the vectors print it, compared with decoded values."""

import re

ANYTHING = object()  # what `…` stands for


class Bytes:
    """h'42b0…16': how the bytes begin, and how many there are."""

    def __init__(self, begin, length):
        self.begin, self.length = begin, length

    def __eq__(self, other):
        return type(other) is bytes and other.startswith(self.begin) and self.length in (None, len(other))


TOKEN = re.compile(r"""\s*(?:(?P<bytes>h'(?P<hex>[0-9a-f]*)(?P<cut>…(?P<length>\d+))?')|(?P<text>"(?:[^"\\]|\\.)*")
    |(?P<int>-?\d+)|(?P<word>true|false|null)|(?P<more>…)|(?P<mark>[\[\]{},:]))""", re.X)
ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}|\\u([0-9a-f]{4})|\\(.)")


def parse(source):
    """Returns the value at the start of the notation, and what follows it."""
    value, at = _value(source, 0)
    return value, source[at:]


def _token(source, at):
    match = TOKEN.match(source, at)
    if match is None:
        raise ValueError(f"no notation: {source[at:at + 20]!r}")
    return match, match.end()


def _value(source, at):
    match, at = _token(source, at)
    if match["bytes"]:
        begin = bytes.fromhex(match["hex"])
        return (Bytes(begin, int(match["length"])) if match["cut"] else begin), at
    if match["text"]:
        return ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else m[3], match["text"][1:-1]), at
    if match["int"]:
        return int(match["int"]), at
    if match["word"]:
        return {"true": True, "false": False, "null": None}[match["word"]], at
    if match["more"]:
        return ANYTHING, at
    if match["mark"] == "[":
        return _list(source, at, "]", _value)
    if match["mark"] == "{":
        pairs, at = _list(source, at, "}", _pair)
        return dict(pairs), at
    raise ValueError(f"no value: {source[at:at + 20]!r}")


def _pair(source, at):
    key, at = _value(source, at)
    match, at = _token(source, at)
    if match["mark"] != ":":
        raise ValueError("no colon")
    value, at = _value(source, at)
    return (key, value), at


def _list(source, at, end, item):
    found = []
    match, after = _token(source, at)
    if match["mark"] == end:
        return found, after
    while True:
        value, at = item(source, at)
        found.append(value)
        match, at = _token(source, at)
        if match["mark"] == end:
            return found, at
        if match["mark"] != ",":
            raise ValueError(f"no comma: {source[at:at + 20]!r}")


def fits(pattern, value):
    """Whether a decoded value is what the notation says, `…` standing for anything."""
    if pattern is ANYTHING:
        return True
    if isinstance(pattern, Bytes):
        return pattern == value
    if type(pattern) is not type(value):
        return False
    if type(pattern) is dict:
        return list(pattern) == list(value) and all(fits(p, value[k]) for k, p in pattern.items())
    if type(pattern) is str and pattern.endswith("…"):
        return value.startswith(pattern[:-1])
    if type(pattern) is not list:
        return pattern == value
    if ANYTHING in pattern:
        at = next(i for i, p in enumerate(pattern) if p is ANYTHING)
        begin, end = pattern[:at], pattern[at + 1:]
        if len(value) < len(begin) + len(end):
            return False
        return fits(begin, value[:len(begin)]) and fits(end, value[len(value) - len(end):])
    return len(pattern) == len(value) and all(fits(p, v) for p, v in zip(pattern, value))
