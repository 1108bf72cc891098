"""The examples of PROTOCOL.md, which must be what the vectors hold."""

import re

from . import notation, text
from .book import Wrong, nested, same
from .messages import MESSAGES
from .profile import Refused, decode


def examples(book):
    """One check for each line in diagnostic notation: some vector's bytes must be what it prints."""
    pool = [(entry.get("layout"), decode(bytes.fromhex(entry["hex"])))
            for name, file in book.files.items() if name != "invalid" for entry in nested(file)
            if "hex" in entry and "reason" not in entry]
    pool += [(None, decode(value[3])) for layout, value in pool if layout == "entry"]
    for entry in nested(list(book.files.values())):
        pool += [(key, decoded) for key in ("state", "payload") for decoded in _decoded(entry.get(key))]
    shown = set()
    for part in re.split(r"^(?=#{2,3} )", text.TEXT, flags=re.M):
        title = part.splitlines()[0].strip("# ")
        for block in re.findall(r"^```\n(.*?)^```", part, flags=re.M | re.S):
            for side, pattern in _patterns(block):
                shown.update(method + side for method in title.split(" and "))
                yield f"PROTOCOL.md {title}{side}", lambda t=title, s=side, p=pattern: _held(pool, t, s, p)
    yield "PROTOCOL.md methods", lambda: same(set(MESSAGES) - shown, {"error answer"}, "methods without an example")


def _decoded(data):
    if isinstance(data, str):
        try:
            return [decode(bytes.fromhex(data))]
        except Refused:  # a sealed payload
            return []
    return []


def _patterns(block):
    """What of a block is notation: layouts are not, for they hold words."""
    for line in re.sub(r"\n +", " ", block).splitlines():
        source = line.removeprefix("payload: ")
        try:
            value, rest = notation.parse(source)
            found = [("", value)]
            if rest.strip().startswith("→"):
                answer, _ = notation.parse(rest.strip()[1:])
                found = [(" request", value), (" answer", answer)]
        except ValueError:
            continue
        if source.startswith(("{", "[")):
            yield from found


def _held(pool, title, side, pattern):
    methods = [method + side for method in title.split(" and ")] if side else []
    for layout, value in pool:
        if (layout in methods or not side) and notation.fits(pattern, value):
            return
    raise Wrong("no vector holds what the text prints")
