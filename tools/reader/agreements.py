"""Agreements and the signatures under them, as they stand in a log (section 15)."""

import json

from . import crypto, text
from .profile import Refused, encode
from .records import covered, settled

MEMBERS = {"format", "agreement", "engagement", "service", "provider", "customer", "release", "validFrom", "validTo", "terms",
           "scope", "except", "records"}
FIELDS = ("agreement", "org", "device", "name", "title", "views", "signature")


def unprinted(value):
    """A value as CBOR has it: a byte string is printed as {"b": hexadecimal}."""
    if isinstance(value, dict):
        if set(value) != {"b"} or value["b"] != value["b"].lower():
            raise Refused("malformed", "a byte string")
        return bytes.fromhex(value["b"])
    return [unprinted(part) for part in value] if isinstance(value, list) else value


def read_document(document):
    """The document, with the digest of each record recomputed from the values printed beside it."""
    if not text.canonical(document):
        raise Refused("malformed", "no canonical JSON")
    held = json.loads(document)
    if held.get("format") != "buntan-agreement-1" or set(held) != MEMBERS:
        raise Refused("unknownFormat", f"an agreement with {sorted(set(held) ^ MEMBERS)}")
    places = [(record["space"], record["record"]) for record in held["records"]]
    if places != sorted(set(places)):
        raise Refused("unsorted", "records")
    for record in held["records"]:
        cells = [unprinted(cell) for cell in record["cells"]]
        if [encode(cell) for cell in cells] != sorted({encode(cell) for cell in cells}):
            raise Refused("unsorted", "cells")
        named = [bytes.fromhex(record["space"]), bytes.fromhex(record["record"]), record["kind"], cells]
        if crypto.H("covered", encode(named)).hex() != record["digest"]:
            raise Refused("bad_digest", record["record"])
    return held


def signed_content(document, organisation, name, title, views):
    """What a party signs: the digest of the document, who signs, and the logs it had before it."""
    if views != sorted(views, key=encode):
        raise Refused("unsorted", "views")
    return encode([crypto.sha256(document.encode()), organisation, name, title, views])


def fields_of(record):
    return {field: settled(heads) for field, element, heads in record.state()[3] if element is None}


def check_agreements(log, logs):
    """Checks every agreement of an engagement's log and each signature; yields what was found, or refuses."""
    documents = {}
    for record_id, record in log.records.records.items():
        if record.kind == "agreement":
            document = fields_of(record)["document"]
            held = read_document(document)
            parties = [organisation.hex() for _, organisation, _ in log.genesis[3]]
            if [held["agreement"], held["engagement"], held["service"], held["provider"], held["customer"]] != [
                    record_id.hex(), log.space.hex(), log.genesis[9].hex(), *parties]:
                raise Refused("invalid", "an agreement about something else")
            documents[record_id] = document
            yield record_id, "document", [r for r in held["records"] if not _as_now(r, logs)]
    for record_id, record in log.records.records.items():
        if record.kind == "agreement-signature":
            held = fields_of(record)
            _check_signature(log, logs, documents, record_id, held)
            yield held["agreement"], "signature", held["org"]


def _as_now(printed, logs):
    """Whether the record's digest is what it is in these logs now."""
    space, record_id = bytes.fromhex(printed["space"]), bytes.fromhex(printed["record"])
    record = logs[space].records.records.get(record_id) if space in logs else None
    return record is not None and covered(space, record_id, record.state()) == bytes.fromhex(printed["digest"])


def _check_signature(log, logs, documents, record_id, held):
    """A signature holds if it verifies, its device had `sign` there, and its views are prefixes of the logs."""
    views = [[bytes.fromhex(space), epoch, size, bytes.fromhex(root)] for space, epoch, size, root in json.loads(held["views"])]
    if not text.canonical(held["views"]):
        raise Refused("malformed", "views")
    for space, _, size, root in views:
        seen = logs.get(space)
        if seen is not None and (size > seen.size or seen.root(size) != root):
            raise Refused("invalid", "a view that is no prefix of the log")
    content = signed_content(documents[held["agreement"]], held["org"], held["name"], held.get("title") or "", views)
    crypto.verify(held["device"], "agreement", content, held["signature"])
    if held["device"] not in log.signing[record_id].get(held["org"], ()):
        raise Refused("no_right", "sign")
