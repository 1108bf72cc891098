"""The vector files, what one of them needs of another, and the words of a check.

A check is a function without arguments; it raises if the vector does not hold, and returns the reason where
it holds because broken bytes were refused. Whatever a file or an entry holds that is not known here fails,
so that nothing passes unread.
"""

import functools

from . import crypto
from .chains import Chain
from .logs import Log
from .messages import LAYOUTS
from .profile import Refused, decode


class Wrong(Exception):
    """A vector that says something else than this reader finds."""


def same(found, said, what):
    if found != said:
        raise Wrong(f"{what}: found {_short(found)}, the vector says {_short(said)}")


def _short(value):
    return (value.hex() if type(value) is bytes else repr(value))[:80]


def fields(entry, required, optional=()):
    missing = set(required.split()) - set(entry)
    extra = set(entry) - set(required.split()) - set(optional.split() if optional else ())
    if missing or extra:
        raise Wrong(f"fields missing {sorted(missing)}, unknown {sorted(extra)}")


unhex = bytes.fromhex


def hexed(data):
    same(data, data.lower(), "hexadecimal in small letters")
    return unhex(data)


class Book:
    """All vector files, and what one of them needs of another."""

    def __init__(self, files):
        self.files = files

    @functools.cached_property
    def public(self):
        return {k["name"]: unhex(k["public"]) for k in self.files["keys"]["ed25519"]}

    @functools.cached_property
    def private_sealing(self):
        return {unhex(k["public"]): unhex(k["x25519"]) for k in self.files["keys"]["x25519"]}

    @functools.cached_property
    def organisations(self):
        return {o["name"]: unhex(o["id"]) for o in self.files["keys"]["organisations"]}

    @functools.cached_property
    def logs(self):
        """The logs of spaces.json by space, read from their genesis on; a log that is broken is left out."""
        found = {}
        for vector in self.files["spaces"]["logs"]:
            try:
                found[unhex(vector["space"])] = read_log(self, vector)
            except (Refused, ValueError, KeyError, TypeError):
                pass
        return found

    @functools.cached_property
    def chains(self):
        found = {}
        for vector in self.files["statements"]["chains"]:
            words = [(unhex(s["hex"]), unhex(s["signature"])) for s in vector["statements"]]
            if decode(words[0][0])[3] is None:
                chain = found[vector["organisation"]] = Chain(self.organisations[vector["organisation"]])
                for data, signature in words:
                    chain.append(data, signature)
        return found

    def message(self, layout, name):
        return decode(unhex(next(m["hex"] for m in self.files["messages"]["messages"]
                                 if (m["layout"], m["name"]) == (layout, name))))


def read_log(book, vector, size=None):
    log = Log(book.private_sealing)
    for entry in vector["entries"][:size]:
        log.append(unhex(entry["hex"]), unhex(entry["payload"]) if entry["payload"] is not None else None)
    return log


def signed(book, entry):
    """An object with its signature: the layout, the purpose, the key and its name. Returns what it holds."""
    data = hexed(entry["hex"])
    value = LAYOUTS[entry["layout"]](data)
    same(hexed(entry["key"]), book.public[entry["signer"]], f"key of {entry['signer']}")
    crypto.verify(unhex(entry["key"]), entry["label"], data, hexed(entry["signature"]))
    return value


SIGNED = "name layout hex label key signer signature"


def each(check, entries, where):
    for number, entry in enumerate(entries):
        yield f"{where}[{number}] {entry.get('name', '')}".rstrip(), functools.partial(check, entry)


def refused(read, data):
    """The reason for which bytes are refused; that they are taken is the failure."""
    try:
        read(data)
    except Refused as refusal:
        return str(refusal)
    raise Wrong("accepted, and must be refused")


def nested(value):
    """All objects of a file."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from nested(part)
