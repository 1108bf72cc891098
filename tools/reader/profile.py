"""The strict CBOR profile (section 3), and shapes that bytes in it must have.

cbor2 is a lenient decoder. What it reads is accepted only if it consists of the profile's types and
encodes to the same bytes again: each value has one form, so a second form cannot survive that.
"""

import io

import cbor2

NESTING = 8
LEAST, GREATEST = -(2**62), 2**62 - 1
COUNT = 2**53


class Refused(Exception):
    """Bytes or rules that this text forbids: the reason, and what it is about."""

    def __init__(self, reason, about=""):
        super().__init__(f"{reason} ({about})" if about else reason)
        self.reason = reason


def encode(value):
    return cbor2.dumps(value)


def decode(data):
    """Returns the one item that the bytes are, or refuses them."""
    stream = io.BytesIO(data)
    try:
        value = cbor2.CBORDecoder(stream).decode()
    except Refused:
        raise
    except (cbor2.CBORDecodeError, EOFError, ValueError, TypeError, OverflowError, MemoryError, RecursionError) as fault:
        raise Refused("notCBOR", type(fault).__name__) from None
    if stream.tell() != len(data):
        raise Refused("trailingBytes")
    _walk(value, 0)
    if encode(value) != data:
        raise Refused("notTheOneForm")
    return value


def _walk(value, depth):
    kind = type(value)
    if kind is int:
        if not LEAST <= value <= GREATEST:
            raise Refused("outOfRange", "an integer")
    elif kind in (list, dict):
        if depth == NESTING:
            raise Refused("tooDeep")
        if kind is dict:
            keys = list(value)
            if any(type(key) is not int for key in keys):
                raise Refused("wrongType", "a map key")
            if any(encode(a) >= encode(b) for a, b in zip(keys, keys[1:])):
                raise Refused("unorderedKeys")
            value = list(value.keys()) + list(value.values())
        for part in value:
            _walk(part, depth + 1)
    elif not (value is None or kind in (bool, bytes, str)):
        raise Refused("unsupportedType", kind.__name__)


# Shapes: functions that take a decoded value, refuse it or return nothing.


def integer(least=LEAST, greatest=GREATEST):
    def check(value):
        if type(value) is not int:
            raise Refused("wrongType", "an integer was expected")
        if not least <= value <= greatest:
            raise Refused("outOfRange", f"{value}")

    return check


def fmt(number):
    """The format at key 1."""

    def check(value):
        if type(value) is not int:
            raise Refused("wrongType", "a format was expected")
        if value != number:
            raise Refused("unknownFormat", f"{value}")

    return check


def octets(least, greatest=None):
    greatest = least if greatest is None else greatest

    def check(value):
        if type(value) is not bytes:
            raise Refused("wrongType", "bytes were expected")
        if not least <= len(value) <= greatest:
            raise Refused("wrongLength", f"{len(value)} bytes")

    return check


def text(greatest, least=0):
    def check(value):
        if type(value) is not str:
            raise Refused("wrongType", "a text was expected")
        if not least <= len(value.encode()) <= greatest:
            raise Refused("tooMany", f"a text of {len(value.encode())} bytes")

    return check


def name(greatest=64, without=""):
    """Printable ASCII without blank, 1 to `greatest` bytes."""

    def check(value):
        if type(value) is not str:
            raise Refused("wrongType", "a name was expected")
        if len(value.encode()) > greatest:
            raise Refused("tooMany", "a name too long")
        if not value or any(not "!" <= c <= "~" or c in without for c in value):
            raise Refused("invalidText", repr(value))

    return check


def boolean(value):
    if type(value) is not bool:
        raise Refused("wrongType", "a boolean was expected")


def null(value):
    if value is not None:
        raise Refused("wrongType", "null was expected")


def either(*shapes):
    """The first shape that fits; otherwise the refusal that says most (any but of the type)."""

    def check(value):
        refusals = []
        for shape in shapes:
            try:
                return shape(value)
            except Refused as refusal:
                refusals.append(refusal)
        raise next((r for r in refusals if r.reason != "wrongType"), refusals[0])

    return check


def optional(shape):
    return either(null, shape)


def parts(*shapes):
    """An array of exactly these."""

    def check(value):
        if type(value) is not list:
            raise Refused("wrongType", "an array was expected")
        if len(value) != len(shapes):
            raise Refused("wrongLength", f"{len(value)} parts instead of {len(shapes)}")
        for shape, part in zip(shapes, value):
            shape(part)

    return check


def many(shape, least, greatest, ordered=False):
    def check(value):
        if type(value) is not list:
            raise Refused("wrongType", "an array was expected")
        if len(value) < least:
            raise Refused("wrongLength", f"{len(value)} elements")
        if len(value) > greatest:
            raise Refused("tooMany", f"{len(value)} elements")
        for part in value:
            shape(part)
        if ordered:
            ascending(value)

    return check


def ascending(values, key=encode):
    keys = [key(value) for value in values]
    if any(a >= b for a, b in zip(keys, keys[1:])):
        raise Refused("unsorted")


def keyed(required, optional_keys=None, answer=False):
    """A map. Answers may hold keys above the known ones, and nothing else may hold others."""
    known = {**required, **(optional_keys or {})}

    def check(value):
        if type(value) is not dict:
            raise Refused("wrongType", "a map was expected")
        for key in value:
            if key not in known and not (answer and key > max(known, default=0)):
                raise Refused("unknownKey", f"{key}")
        for key in required:
            if key not in value:
                raise Refused("missingKey", f"{key}")
        for key, shape in known.items():
            if key in value:
                shape(value[key])

    return check
