"""Agreements and the signatures under them, as they stand in a log (section 15)."""

import json

from . import crypto, text
from .documents import check_release, octets, read_document
from .layouts import ERASED
from .profile import Refused, encode
from .records import covered


def signed_content(document, organisation, name, title, views):
    """What a party signs: the digest of the document, who signs, and the logs it had before it."""
    if views != sorted(views, key=encode):
        raise Refused("unsorted", "views")
    return encode([crypto.sha256(document.encode()), organisation, name, title, views])


def fields_of(record):
    """The fields as the change that made the record wrote them: a deletion takes nothing back."""
    if ERASED in record.first.values():
        raise Refused("invalid", "an erased value")
    return record.first


def check_parties(log, held):
    """An agreement is about the engagement in whose log it stands: its service and its parties."""
    parties = [organisation.hex() for _, organisation, _ in log.genesis[3]]
    if [held["engagement"], held["service"], held["provider"], held["customer"]] != [
            log.space.hex(), log.genesis[9].hex(), *parties]:
        raise Refused("invalid", "an agreement about something else")


def check_agreements(log, logs):
    """Checks every agreement of an engagement's log and each signature; yields what was found, or refuses."""
    documents = {}
    for record_id, record in log.records.records.items():
        if record.kind == "agreement":
            document = fields_of(record)["document"]
            held = read_document(document)
            check_parties(log, held)
            if held["agreement"] != record_id.hex():
                raise Refused("invalid", "an agreement of another id")
            if log.genesis[9] in logs:
                check_release(held, _release(logs[log.genesis[9]], octets(held["release"]["record"])))
            documents[record_id] = document
            yield record_id, "document", [r for r in held["records"] if not _as_now(r, logs)]
    for record_id, record in log.records.records.items():
        if record.kind == "agreement-signature":
            held = fields_of(record)
            _check_signature(log, logs, documents, record_id, held)
            yield held["agreement"], "signature", held["org"]


def _release(service, record_id):
    record = service.records.records.get(record_id)
    if record is None or record.kind != "release":
        raise Refused("invalid", "a release that is not there")
    return fields_of(record)["document"]


def _as_now(printed, logs):
    """Whether the record's digest is what it is in these logs now."""
    space, record_id = octets(printed["space"]), octets(printed["record"])
    record = logs[space].records.records.get(record_id) if space in logs else None
    return record is not None and covered(space, record_id, record.state()) == octets(printed["digest"])


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
