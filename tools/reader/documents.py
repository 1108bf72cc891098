"""Releases and the documents of agreements: what their texts must be (section 15)."""

import json
import re

from . import crypto
from .layouts import CELL_ELEMENT, NAME, value_shape
from .profile import Refused, ascending, encode, parts
from .records import is_printed, refuse_untimed
from .text import KINDS, canonical, fits_type

FORMAT = "buntan-agreement-1"
NAMED = ("agreement", "engagement", "service", "provider", "customer")
MEMBERS = {"format", *NAMED, "release", "validFrom", "validTo", "terms", "scope", "except", "records"}
CELL = parts(NAME, CELL_ELEMENT, value_shape)


def read_release(document):
    """What a release publishes, as [record, kind, covered digest]."""
    held = _items(_read(document))
    for published in held:
        _items(published, of=str)
        if len(published) != 3:
            raise Refused("wrongLength", "what a release publishes")
    held = [[octets(record, 16), kind, octets(digest, 32)] for record, kind, digest in held]
    for _, kind, _ in held:
        NAME(kind)
    ascending(held, key=lambda published: encode([part.hex() if type(part) is bytes else part for part in published]))
    ascending([record for record, _, _ in held])
    return held


def read_document(document):
    """The document of an agreement; refuses what no agreement may be."""
    held = _read(document)
    if type(held) is not dict or held.get("format") != FORMAT:
        raise Refused("unknownFormat")
    _object(held, MEMBERS)
    for member in NAMED:
        octets(held[member], 16)
    refuse_untimed(octets(held["agreement"], 16))
    _object(held["release"], {"record", "digest"})
    octets(held["release"]["record"], 16)
    octets(held["release"]["digest"], 32)
    _object(held["terms"], {"reviewInterval", "timeZone"})
    _items(list(held["terms"].values()), of=str)
    if not held["terms"]["timeZone"]:
        raise Refused("invalid", "a zone without a name")
    for day in (held["validFrom"], held["validTo"]):
        if day is not None and not fits_type("date", [], day):
            raise Refused("malformed", "a day")
    ascending([_read_scope(part) for part in _items(held["scope"])])
    ascending([octets(record, 16) for record in _items(held["except"])])
    ascending([_read_record(held, record) for record in _items(held["records"])])
    return held


def _read_scope(part):
    """A part of the scope as it is sorted: [space, kind, keys / null]."""
    _object(part, {"space", "kind"}, {"keys"})
    NAME(part["kind"])
    for prefix in _items(part.get("keys", [])):
        _items(prefix, of=str)
    return [octets(part["space"], 16), part["kind"], part.get("keys")]


def _read_record(document, record):
    """A record as it is sorted, once its place in the scope and its digest are checked."""
    _object(record, {"space", "record", "kind", "digest", "cells"})
    NAME(record["kind"])
    space, record_id, digest = octets(record["space"], 16), octets(record["record"], 16), octets(record["digest"], 32)
    cells = [unprinted(cell) for cell in _items(record["cells"])]
    for cell in cells:
        CELL(cell)
        if not is_printed(*cell):
            raise Refused("invalid", f"a cell of {cell[0]} that no agreement covers")
    ascending(cells)
    ascending([cell[:2] for cell in cells])
    if record["record"] in document["except"]:
        raise Refused("invalid", "a record that is an exception")
    if not any(_is_in(part, record, cells) for part in document["scope"]):
        raise Refused("invalid", "a record that is in no part of the scope")
    if crypto.H("covered", encode([space, record_id, record["kind"], cells])) != digest:
        raise Refused("bad_digest", record["record"])
    return [space, record_id]


def _is_in(part, record, cells):
    """Whether a part of the scope is about a record, which may be of a child kind: that has no row's key, and all are meant."""
    if part["space"] != record["space"]:
        return False
    if record["kind"].startswith(part["kind"] + "."):
        return True
    if part["kind"] != record["kind"]:
        return False
    values = {field: value for field, element, value in cells if element is None}
    key = [values.get(field) for field in ("framework", "controlId", "itemKey")]
    return "keys" not in part or any(_begins(key, prefix) for prefix in part["keys"])


def _begins(key, prefix):
    """Whether key values begin with these texts, the last of which may be the beginning of a value."""
    if not prefix:
        return True
    *whole, last = prefix
    at = len(whole)
    return at < len(key) and key[:at] == whole and type(key[at]) is str and key[at].startswith(last)


def check_release(held, document):
    """The release that an agreement names has this text, and holds every covered record of the service."""
    if crypto.sha256(document.encode()).hex() != held["release"]["digest"]:
        raise Refused("bad_digest", "the release")
    published = [[record.hex(), kind, digest.hex()] for record, kind, digest in read_release(document)]
    for record in held["records"]:
        if record["space"] == held["service"] and [record[k] for k in ("record", "kind", "digest")] not in published:
            raise Refused("invalid", "a record that the release does not hold")


def unprinted(value):
    """A value as CBOR has it: a byte string is printed as {"b": hexadecimal}."""
    if type(value) is dict:
        _object(value, {"b"})
        return octets(value["b"])
    return [unprinted(part) for part in value] if type(value) is list else value


def octets(printed, length=None):
    """Ids, hashes and keys are hexadecimal."""
    if type(printed) is not str or re.fullmatch("([0-9a-f]{2})*", printed) is None:
        raise Refused("malformed", "hexadecimal")
    if length not in (None, len(printed) // 2):
        raise Refused("wrongLength", f"{len(printed) // 2} bytes")
    return bytes.fromhex(printed)


def _read(document):
    if not canonical(document):
        raise Refused("malformed", "no canonical JSON")
    return json.loads(document)


def _object(value, required, optional=frozenset()):
    if type(value) is not dict:
        raise Refused("wrongType", "an object was expected")
    if set(value) - required - optional:
        raise Refused("unknownKey", f"{sorted(set(value) - required - optional)}")
    if required - set(value):
        raise Refused("missingKey", f"{sorted(required - set(value))}")


def _items(value, of=object):
    if type(value) is not list or not all(isinstance(part, of) for part in value):
        raise Refused("wrongType", "a list was expected")
    return value
