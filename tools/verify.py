#!/usr/bin/env python3
"""Checks evidence of an agreement, without a server, a store or code of Buntan's (verify.py --help).

Needs signed_log.py beside it, and cbor2 and cryptography. Both files are written from Protocol/PROTOCOL.md alone.
Ends with 0 if all fits together, 5 if something is wrong, 2 if called wrongly.
Where the sections of PROTOCOL.md stand, beside those that signed_log.py reads:

  §2 fingerprint        fingerprint, organisation       §12 kinds        FIELDS, KEYS, day
  §5 values, record ids VALUE, natural                  §15 documents    Evidence.document, covered, inside
  §6 payloads, §9       records                             evidence     Archive, Evidence
"""
import argparse
import base64
import datetime
import json
import re
import struct
import sys
import zlib
from types import SimpleNamespace

from signed_log import (COUNT, ID, KEY, NAME, SIG, SIZE, Log, Wrong, ascending, at, cbor, count, grow, hashed, many,
                        need, proved, read, sha, shaped, signed, size, text, tree, tried)

ARCHIVE_BYTES, DOCUMENT_BYTES, CHANGE_BYTES, VALUE_BYTES = 1 << 27, 1 << 22, 1 << 18, 1 << 16   # §9


def canonical(value):
    """Canonical JSON (§15: RFC 8785)."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

def day(value):
    """A day that exists, as YYYY-MM-DD (§12)."""
    found = type(value) is str and tried(datetime.date.fromisoformat, value)
    return bool(found) and found.isoformat() == value

def existing(typed):
    """A day as a person types it."""
    if not day(typed):
        raise ValueError
    return typed


JSON = json.loads, canonical
TEXT, LONG, MAYBE = text(VALUE_BYTES), text(DOCUMENT_BYTES), (text(VALUE_BYTES), None, ...)
PLAIN = True, count(1 - (1 << 53), (1 << 53) - 1)                                               # §5
VALUE = *PLAIN, False, None, LONG, size(0, 64)
PAYLOAD = {1: ID, 2: many(VALUE, 1, 500)}, {3: many(([ID, VALUE], KEY), 1, 500)}                # §6
FIELDS = {                                                                                      # §12
    "party": {"record": ID, "org": ID}, "release": {"record": ID, "label": TEXT, "message": MAYBE, "document": LONG},
    "agreement-end": {"record": ID, "agreement": ID, "endsOn": day, "message": MAYBE},
    "agreement-signature": {"record": ID, "agreement": ID, "org": ID, "device": KEY, "name": TEXT, "title": MAYBE,
                            "views": TEXT, "signature": SIG}}
ROW = ["framework", "controlId", "itemKey"]
KEYS = {"party": ["org"], "device": ["device"], "known-organisation": ["org"], "cloud-service": [],
        "engagement": ["side"], "responsibility": ROW, "responsibility-position": ROW + ["side"]}
HEX16, HEX32, DIGITS = text(32, r"[0-9a-f]{32}\Z"), text(64, r"[0-9a-f]{64}\Z"), text(128, r"([0-9a-f]{2})*\Z")
SHOWN, FIELD = (*PLAIN, TEXT, {"b": DIGITS}), text(64, r"(?!@life\Z)[!-~]+\Z")                  # §15
CELL = [FIELD, (NAME, {"b": HEX16}), SHOWN], [FIELD, None, (*SHOWN, False)], ["document", None, LONG]
SCOPE = {"space": HEX16, "kind": NAME, "keys": (many(many(LONG, 1, 1 << 22), 1, 1 << 22), ...)}
RECORD = {"space": HEX16, "record": HEX16, "kind": NAME, "digest": HEX32, "cells": many(CELL, 0, 1000)}
EVIDENCE = {"format": "buntan-evidence-1", "agreement": HEX16, "document": HEX32, "engagement": HEX16, "service": HEX16}
DOCUMENT = {"format": "buntan-agreement-1", "agreement": text(32, r"[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}\Z"),
            "engagement": HEX16, "service": HEX16, "provider": HEX16, "customer": HEX16, "validFrom": (day, None),
            "validTo": (day, None), "release": {"record": HEX16, "digest": HEX32}, "scope": many(SCOPE, 1, 1 << 22),
            "terms": {"reviewInterval": LONG, "timeZone": text(DOCUMENT_BYTES, r"(?s).")},
            "except": [HEX16, ...], "records": [RECORD, ...]}
VIEWS, LISTED = [[HEX16, COUNT, SIZE, HEX32], ...], [[HEX16, NAME, HEX32], ...]


# The archive (§15).
def packed(files):
    """The one ZIP archive of these files."""
    body, index = bytearray(), bytearray()
    for name, data in sorted(files.items()):
        form = 10, 0, 0, 0, 33, zlib.crc32(data), len(data), len(data), len(name), 0
        index += struct.pack("<4s6H3I5H2I", b"PK\1\2", 10, *form, 0, 0, 0, 0, len(body)) + name
        body += struct.pack("<4s5H3I2H", b"PK\3\4", *form) + name + data
    return body + index + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, len(files), len(files), len(index), len(body), 0)


class Archive:
    """The files of an archive, each of which has to be asked for."""

    def __init__(self, data):
        files, place, self.taken = {}, 0, set()
        while len(data) <= ARCHIVE_BYTES and data[place:place + 4] == b"PK\3\4" and place + 30 <= len(data):
            length, name = struct.unpack_from("<IH", data, place + 22)
            place += 30 + name + length
            files[data[place - length - name:place - length]] = data[place - length:place]
        need(len(files) < 65536 and packed(files) == data,
             "archive: not in the form in which evidence is exported; ask for the file as it was exported")
        self.files = {name.decode("latin-1"): data for name, data in files.items()}
        part = r"checkpoint|(0|[1-9][0-9]{0,15})\.(entry|payload|proof|consistency\.json)"
        for name in self.files:
            need(re.fullmatch(rf"(evidence|document)\.json|(engagement|service)/({part})", name),
                 f"archive: holds a file {name!r}, which evidence has not")

    def take(self, name, reason):
        need(name in self.files, f"{reason}: {name!r} is missing", placed=True)
        self.taken.add(name)
        return self.files[name]


# What a change brings, and what was agreed (§15).
def natural(space, kind, key):
    """The id of a record that its key gives (§5)."""
    id = bytearray(hashed("record", cbor([space, kind, key]))[:16])
    id[6], id[8] = 0x80 | id[6] & 15, 0x80 | id[8] & 63
    return bytes(id)

def commitment(slot):
    """That to a value with its salt; of an erased value it is there alone (§6)."""
    return sha(b"\0buntan.value.v1\0" + slot[0] + cbor(slot[1])) if type(slot) is list else slot

def records(archive, side, said):
    """The records of a change with their values, those that it means (§6, §9); an erased one is as if absent."""
    raw = archive.take(f"{side}/{said.position}.payload", "payload")
    payload = read(raw, PAYLOAD, "values")
    slots = payload.get(3) or [[hashed("salt", payload[1] + index.to_bytes(4, "big"))[:16], value]
                               for index, value in enumerate(payload[2])]
    good = len(slots) == sum(len(ops) for _, _, ops in said.edits) and tree(list(map(commitment, slots))) == said.root
    need(good, "values: the values are not those of the change")
    values = iter([slot[1] if type(slot) is list else ... for slot in slots])
    found = [SimpleNamespace(id=record, kind=kind, position=said.position, received=said.received, party=said.party,
                             signers=said.signers, cells={(field, element): next(values) for field, element, _ in ops})
             for record, kind, ops in said.edits]
    long = [(cell, value) for it in found for cell, value in it.cells.items() if type(value) is str and not TEXT(value)]
    need(all(cell == ("document", None) for cell, _ in long) and len(long) < 2, "values: a text is too long")
    room = CHANGE_BYTES + sum(len(cbor(value)) for _, value in long) + (34 * len(slots) if 3 in payload else 0)
    need(said.bytes + len(raw) <= room, "values: too large together with their change")
    return found

def begins(key, keys):
    """Whether a key begins with these texts, of which the last may be the beginning of a value."""
    *before, last = key[:len(keys)] or [None]
    return len(key) >= len(keys) and before == keys[:-1] and type(last) is str and last.startswith(keys[-1])

def inside(part, record, row):
    """Whether a part of the scope is about a record; its keys, where it has some, are beginnings of a row's."""
    space, kind, keys = part["space"], part["kind"], part.get("keys")
    among = keys is None or record["kind"] != kind or any(begins(row, each) for each in keys)
    return space == record["space"] and f"{record['kind']}.".startswith(f"{kind}.") and among

def fingerprint(org):
    """As it is shown (§2)."""
    return "-".join(re.findall(".{1,4}", base64.b32encode(org).decode().lower().rstrip("=")))

def organisation(typed):
    """Of a fingerprint, as a person types it (§2)."""
    letters = re.sub("[- ]", "", typed).upper()
    org = base64.b32decode(letters + "=" * (-len(letters) % 8))
    if not typed.isascii() or len(org) != 16 or fingerprint(org).replace("-", "") != letters.lower():
        raise ValueError
    return org

def covered(record, document):
    """A record has the digest of the values printed (§14) and the id of its key, is in the scope, and no exception."""
    space, id, kind = bytes.fromhex(record["space"]), bytes.fromhex(record["record"]), record["kind"]
    cells = [[bytes.fromhex(part["b"]) if type(part) is dict else part for part in cell] for cell in record["cells"]]
    need(ascending(cell[:2] for cell in cells), "cells: out of order")
    need(hashed("covered", cbor([space, id, kind, cells])).hex() == record["digest"], "digest: not that of its values")
    plain = {field: value for field, element, value in cells if element is None}
    key = [plain.get(field) for field in KEYS.get(kind, ())]
    need(kind not in KEYS or natural(space, kind, key) == id, "key: its id is not that of its key")
    need(record["record"] not in document["except"], "except: is covered, though an exception")
    row = [plain.get(field) for field in ROW]           # without the side of a position
    need(any(inside(part, record, row) for part in document["scope"]), "scope: in no part of it")


class Evidence:
    """One archive. Each check tells what it found, and raises what is wrong."""

    def __init__(self, data, trusted, on):
        self.data, self.trusted, self.on, self.ends = data, trusted, on, []
        self.records, self.used = {}, {"engagement": set(), "service": set()}

    def document(self):
        """It has the digest named, is of this agreement, in order, and gives each digest from the values printed."""
        archive = self.archive = Archive(self.data)
        named = at("evidence.json", read, archive.take("evidence.json", "archive"), EVIDENCE, "evidence", *JSON)
        raw = archive.take("document.json", "archive")
        self.digest, self.id = sha(raw), bytes.fromhex(named["agreement"])
        need(self.digest.hex() == named["document"], "digest: the document is not the one that is named")
        need(len(raw) <= DOCUMENT_BYTES, "document: too large")
        document = self.agreed = at("document.json", read, raw, DOCUMENT, "document", *JSON)
        same = all(document[name] == named[name] for name in ("agreement", "engagement", "service"))
        need(same, "document: it is of another agreement")
        days = (document["validFrom"] or "") <= (document["validTo"] or "9999")
        need(days, "dates: the last day is before the first")
        parts = [[part["space"], part["kind"], part.get("keys")] for part in document["scope"]]
        need(ascending(parts) and {part[0] for part in parts} <= {document["engagement"], document["service"]},
             "scope: out of order, or a part of another space")
        need(ascending(document["except"]), "except: out of order")
        records = document["records"]
        need(ascending([each["space"], each["record"]] for each in records), "document: records out of order")
        for record in records:
            at(f"record {record['record']}", covered, record, document)
        yield "ok", (f"document: {self.digest.hex()[:16]}, as named; {len(records)} records, "
                     "each with the digest of its values")

    def logs(self):
        """Each log fits together, they are of the document's parties, and the provider says one thing in both."""
        agreed = {name: bytes.fromhex(self.agreed[name]) for name in ("engagement", "service", "provider", "customer")}
        self.log, self.service = (Log(self.archive, side, agreed[side]) for side in ("engagement", "service"))
        for log in (self.log, self.service):
            self.records[log.side] = [record for said in log.changes for record in at(
                f"{log.side} {said.position}", records, self.archive, log.side, said)]
            root, key = log.point.root.hex()[:16], log.places[-1][1].hex()[:16]
            yield "ok", (f"log: {log.side} {log.space.hex()}: {len(log.positions)} entries are in the {log.point.size} "
                         f"of root {root}, which log key {key} signed")
        self.parties = provider, customer = list(self.log.parties.values())
        other, = self.service.parties.values()
        need((provider.id, customer.id, other.id, self.log.service)
             == tuple(agreed[name] for name in ("provider", "customer", "provider", "service")),
             "parties: the logs are not those of the document's parties and service")
        same = all(map(bytes.__eq__, provider.words, other.words))
        need(same, "statement: the provider says one thing here and another there")
        longest = max(provider, other, key=lambda party: len(party.words))
        provider.revoked = longest.revoked      # by the statements of either log

    def made(self, log, kind, party, **wanted):
        """The records of a kind that a party made, with their fields: as they were made they count."""
        for it in self.records[log.side]:
            it.fields = {name: it.cells.get((name, None), ...) for name in FIELDS[kind]} | {"record": it.id}
            made = it.kind == kind and it.party is party and it.cells.get(("@life", None)) is True
            if made and wanted.items() <= it.fields.items():
                self.used[log.side].add(it.position)
                yield it

    def names(self):
        """What the parties call themselves, by their own word alone."""
        for party in self.parties:
            record = natural(self.log.space, "party", [party.id])
            for it in self.made(self.log, "party", party, org=party.id, record=record):
                names = [it.cells[cell] for cell in sorted(it.cells, key=str) if cell[0] == "legalName"]
                names = " / ".join(name for name in names if type(name) is str)
                yield "note", f"name: the {party.name}, in its own words: {names or 'nothing'}"

    def signatures(self):
        """Each party has signed. A signature that is not valid takes nothing from one that is."""
        for party in self.parties:
            good, wrong = [], []
            for it in self.made(self.log, "agreement-signature", party, agreement=self.id):
                try:
                    good.append(at(f"the signature in entry {it.position}", self.signature, it))
                except Wrong as found:
                    wrong.append(found.args[0])
            if not good and not wrong:
                wrong = [f"signature: none by the {party.name}: half-signed, or only proposed"]
            yield from [("ok", f"signature: {words}") for words in good]
            yield from [("note", "signature: " + told.split(": ", 1)[1]) if good else ("WRONG", told) for told in wrong]

    def signature(self, it):
        """It is of the party whose entry holds it, by a device that may sign there, on views that begin the logs."""
        fields = shaped(it.fields, FIELDS["agreement-signature"], "signature")
        org, device, name, title = (fields[field] for field in ("org", "device", "name", "title"))
        views = [[bytes.fromhex(space), epoch, size, bytes.fromhex(root)]
                 for space, epoch, size, root in read(fields["views"].encode(), VIEWS, "views", *JSON)]
        logs, spaces = {log.space: log for log in (self.log, self.service)}, [view[0] for view in views]
        sized = [(logs[space].side, size) for space, _, size, _ in views if space in logs]
        self.archive.taken |= {f"{side}/{size}.consistency.json" for side, size in sized}
        need(org == it.party.id, "signature: stands in an entry of another organisation")
        scope = {bytes.fromhex(part["space"]) for part in self.agreed["scope"]}
        need(ascending(spaces) and scope <= set(spaces) <= logs.keys(),
             "views: views out of order, none of a space in scope, or one of a space that is not here")
        for space, *view in views:
            self.view(logs[space], *view, it.position)
        need(device in it.signers, "rights: its device has no right to sign there")
        title = "" if title in (None, ...) else title
        signed(device, fields["signature"], "agreement", cbor([self.digest, org, name, title, views]))
        mark, words = it.party.revoked.get(device), "device was marked so before its signature came"
        need(mark is None or mark >= it.received, f"compromised: contested: the {it.party.name}'s {words}", placed=True)
        when = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=min(max(it.received, 0), 1 << 47))
        return (f"by {name}{title and ', ' + title} for {fingerprint(org)} in entry {it.position}, "
                f"received {when:%Y-%m-%d %H:%M}, device {device.hex()[:16]} with the right to sign there")

    def view(self, log, epoch, size, root, position):
        """It begins its log. One of more than was left of an epoch that ended can be compared with nothing."""
        need(epoch <= log.epoch, "views: a view of an epoch to come")
        need(log is self.service or size <= position, "views: a view larger than the log before it")
        if size > min((cut for after, cut in log.cuts if epoch < after), default=size):
            return
        need(size <= log.point.size, "views: a view larger than its log")
        path, name = [], f"{log.side}/{size}.consistency.json"
        if size < log.point.size:
            path = map(bytes.fromhex, read(self.archive.take(name, "views"), [HEX32, ...], "views", *JSON))
        need(proved(grow, size, log.point.size, root, path, [root, log.point.root]),
             f"views: its view of the {log.side}'s log is not a beginning of it")

    def release(self):
        """With the digest named, and every covered record of the service."""
        named, label, (provider,) = self.agreed["release"], None, self.service.parties.values()
        for it in self.made(self.service, "release", provider, record=bytes.fromhex(named["record"])):
            place = f"service {it.position}"
            at(place, shaped, it.fields, FIELDS["release"], "release")
            text, label = it.fields["document"].encode(), it.fields["label"]
            need(sha(text).hex() == named["digest"], "release: not with the digest that the document names")
            rows = at(place, read, text, LISTED, "release", *JSON)
            need(ascending(row[0] for row in rows), "release: its list is out of order")
            held = {tuple(row) for row in rows}
            for record in self.agreed["records"]:
                row = tuple(record[name] for name in ("record", "kind", "digest"))
                need(record["space"] != self.agreed["service"] or row in held,
                     f"release: it does not hold record {row[0]} as covered")
        need(label is not None, "release: the entry that holds it is missing")
        yield "ok", f"release: {label}: {named['digest'][:16]}, holds every covered record of the service"

    def end(self):
        """By a party; of several last days the first counts."""
        for party in self.parties:
            for it in self.made(self.log, "agreement-end", party, agreement=self.id):
                fields = at(f"entry {it.position}", shaped, it.fields, FIELDS["agreement-end"], "end")
                self.ends.append(fields["endsOn"])
                yield "note", f"end: ended by the {party.name}, the last day being {fields['endsOn']}"

    def fingerprints(self):
        """Which parties are those whose fingerprints were given."""
        for org in set(self.trusted) - {party.id for party in self.parties}:
            yield "WRONG", f"fingerprint: {fingerprint(org)} was given and is of neither party"
        for party in self.parties:
            level, words = ("ok", ", as given") if party.id in self.trusted else (
                "note", " was not compared: anybody could have taken its part")
            yield level, f"fingerprint: {party.name} {fingerprint(party.id)}{words}"

    def days(self):
        """Whether it holds on a day."""
        first, last = self.agreed["validFrom"], min(filter(None, [self.agreed["validTo"], *self.ends]), default=None)
        holds = (first or "") <= self.on <= (last or "9999-12-31")
        level, words = ("ok", "holds") if holds else ("note", "does not hold")
        yield level, f"dates: {words} on {self.on}; {first or 'no first day'} to {last or 'no last day'}"

    def leftovers(self):
        """Nothing is there beside what was asked for."""
        for name in sorted(self.archive.files.keys() - self.archive.taken):
            yield "WRONG", f"archive: {name!r} belongs to nothing in this evidence"
        for log in (self.log, self.service):
            for position in sorted({said.position for said in log.changes} - self.used[log.side]):
                yield "WRONG", f"archive: {log.side}/{position}.entry holds nothing of this agreement"


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Checks evidence of an agreement.")
    parser.add_argument("archive")
    parser.add_argument("--trust", metavar="FINGERPRINT", type=organisation, action="append", default=[])
    parser.add_argument("--at", metavar="YYYY-MM-DD", type=existing, default=str(datetime.date.today()))
    options = parser.parse_args(arguments)
    try:
        with open(options.archive, "rb") as file:
            evidence = Evidence(file.read(ARCHIVE_BYTES + 1), options.trust, options.at)
    except OSError as error:
        print(f"verify.py: {options.archive}: {error.strerror}", file=sys.stderr)
        return 2
    wrong = 0
    for check in "document", "logs", "names", "signatures", "release", "end", "fingerprints", "days", "leftovers":
        try:
            lines = list(getattr(evidence, check)())
        except Wrong as found:
            lines = [("WRONG", found.args[0])]
        wrong += sum(level == "WRONG" for level, _ in lines)
        for level, words in lines:
            print(level, "".join(letter if letter.isprintable() else "\ufffd" for letter in words))
        if wrong and check in ("document", "logs"):                 # what follows would rest on it
            break
    print(f"does not verify: {wrong} wrong" if wrong else "everything fits together")
    return 5 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
