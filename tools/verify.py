#!/usr/bin/env python3
"""Checks evidence of an agreement, without a server, a store or code of Buntan's (verify.py --help).

Written from Protocol/PROTOCOL.md alone. Ends with 0 if all fits together, 5 if something is wrong, 2 if called wrongly.
Where the sections of PROTOCOL.md stand:

  §2 identifiers, order   ascending, strong, fingerprint, organisation   §10 statements   Log.statement, rights, server
  §3 strict CBOR, §9      decoded, read, misfit; layouts: ID to LISTED   §11 genesis      Log.genesis, Log.server
  §4 hashes, signatures   hashed, signed                                 §12 kinds        FIELDS, KEYS, day
  §5 values, record ids   VALUE, natural                                 §13 salvaged     Log.salvaged, Log.change
  §6 changes, payloads    orderly, commitment, Log.change                §15 documents    Evidence.document, covered
  §7 log, notes, proofs   climb, grow, checkpoint, proof, Log.entry          evidence     Archive, Evidence
"""
import argparse, base64, datetime, hashlib, json, re, struct, sys, zlib  # noqa: E401
from types import SimpleNamespace

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ARCHIVE_BYTES = 1 << 27                         # `evidence_bytes` (§9)
WRITE, SIGN, ADMIN, ALL = 2, 4, 8, 15           # capabilities (§10)

class Wrong(Exception):
    """What is wrong, as "reason: words", and whether the words say already where."""

def need(condition, told, placed=False):        # the one way to refuse
    if not condition:
        raise Wrong(told, placed)
def at(place, rule, *arguments):                # what a rule finds wrong is told of this place
    try:
        return rule(*arguments)
    except Wrong as wrong:
        told, placed = wrong.args
        raise Wrong(told if placed else told.replace(": ", f": {place}: ", 1), True) from None
def tried(rule, *arguments):                    # what a rule gives, or None where it cannot be applied
    try:
        return rule(*arguments)
    except (IndexError, InvalidSignature, ValueError):
        return None

# Bytes in which each value has one form: CBOR in the strict profile (§3), and canonical JSON (§15: RFC 8785).
def cbor(value): return cbor2.dumps(value, canonical=True)
def canonical(value): return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
def decoded(data):      # tags and indefinite lengths, by which few bytes stand for very much, do not get to cbor2
    place = 0
    while place < len(data):
        major, short = divmod(data[place], 32)
        width = 0 if short < 24 else 1 << short - 24
        if major == 6 or short > 27:
            raise ValueError
        number = int.from_bytes(data[place + 1:place + 1 + width], "big") if width else short
        place += 1 + width + (number if major in (2, 3) else 0)
    return cbor2.loads(data)

JSON = json.loads, canonical
def read(data, form, reason, loads=decoded, dumps=cbor):
    """What bytes say. Written again they have to be the same; types, ranges and depth are those that a form allows."""
    try:
        value = loads(data)
        same = misfit(value, form) is not None or dumps(value) == data
    except Exception:                           # whatever a decoder makes of hostile bytes
        same = False
    need(same, f"{reason}: not in the one form that its bytes may have")
    return shaped(value, form, reason)
def shaped(value, form, reason):
    wrong = misfit(value, form)
    need(wrong is None, f"{reason}: not of its layout{wrong and ' at' + wrong}")
    return value
def misfit(value, form):
    """Where a value departs from a form, or None. Forms are written as in PROTOCOL.md: {key: form} a map, [form, form]
    an array, [form, ...] one of any length, (form, form) either of them, with `...` perhaps absent; else a test, or the
    value itself."""
    if isinstance(form, tuple):
        wrong = [misfit(value, one) for one in form]
        return None if None in wrong else max(wrong, key=len)           # that of the alternative which fits farthest
    if isinstance(form, dict) and isinstance(value, dict) and value.keys() <= form.keys():
        parts = [(key, value.get(key, ...), part) for key, part in form.items()]
    elif isinstance(form, list) and isinstance(value, list) and (form[-1] is ... or len(form) == len(value)):
        parts = [(index, part, form[0 if form[-1] is ... else index]) for index, part in enumerate(value)]
    else:
        return None if (form(value) if callable(form) else type(value) is type(form) and value == form) else ""
    return next((f" {key}{wrong}" for key, *part in parts if (wrong := misfit(*part)) is not None), None)

# Tests that stand in layouts, and how things are sorted (§2): by their encoded bytes, and distinct.
def size(least, most): return lambda v: type(v) is bytes and least <= len(v) <= most
def count(least, most): return lambda v: type(v) is int and least <= v <= most
def text(most, form=""): return lambda v: type(v) is str and len(v.encode()) <= most and bool(re.match(form, v))
def many(form, low, high): return lambda v: type(v) is list and low <= len(v) <= high and misfit(v, [form, ...]) is None
def ascending(values):
    raw = [cbor(value) for value in values]
    return all(a < b for a, b in zip(raw, raw[1:]))
def erasures(value):    # the lists of `erase` (§9, §10): not empty, sorted, each change once
    lists = many([ID, many(INDEX, 1, 500)], 1, 500)
    return lists(value) and ascending(cid for cid, _ in value) and all(ascending(indices) for _, indices in value)
def strong(key):        # no point of small order (§2): those have one of five y, whatever their sign
    p, eighth = 2**255 - 19, 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7
    return KEY(key) and int.from_bytes(key, "little") % 2**255 % p not in (0, 1, p - 1, eighth, p - eighth)
def day(value):         # a day that exists, as YYYY-MM-DD (§12)
    found = type(value) is str and tried(datetime.date.fromisoformat, value)
    return bool(found) and found.isoformat() == value
def orderly(cids, edits):
    """What edits keep to beside their layout (§6, §9): each record, and each cell of it, at most once; changes that
    predecessors name sorted, and each named."""
    ops = [(edit[0], *op) for edit in edits for op in edit[2]]
    return (len(ops) <= 500 and len({record for record, *_ in edits}) == len(edits)
            and len({op[:3] for op in ops}) == len(ops) and ascending(cids)
            and all(ascending(before) and (len(before) <= 64 or field == "@life") for _, field, _, before in ops)
            and {number for *_, before in ops for number, _ in before} == set(range(len(cids))))

ID, KEY, SIG, TIME = size(16, 16), size(32, 32), size(64, 64), count(-1 << 62, (1 << 62) - 1)
COUNT, SIZE, LEAST, CAPS, INDEX = count(0, 1 << 53), count(1, 1 << 53), count(0, 10**6), count(0, ALL), count(0, 499)
LABEL, TEXT, LONG, MAYBE = text(256), text(65536), text(1 << 22), (text(65536), None, ...)
NAME, SERVER = text(64, r"[!-~]+\Z"), text(255, r"[!-*,-.0-?A-~]+\Z")                           # §2
PLAIN = True, count(1 - (1 << 53), (1 << 53) - 1)                                               # §5
VALUE = *PLAIN, False, None, LONG, size(0, 64)
OP = [NAME, (NAME, ID, None), many([COUNT, INDEX], 0, 2000)]                                    # §6
CHANGE = {1: 1, 2: ID, 3: KEY, 4: ID, 5: [COUNT, SIZE, KEY], 6: TIME, 7: LEAST,
          8: [[ID, ...], many([ID, NAME, many(OP, 1, 500)], 1, 500)], 9: KEY}
PAYLOAD = {1: ID, 2: many(VALUE, 1, 500)}, {3: many(([ID, VALUE], KEY), 1, 500)}
SIGNED = {1: 1, 2: TIME, 3: size(0, 1 << 18), 4: SIG}                                           # §7, §9
ENTRY = (SIGNED, SIGNED | {1: 2, 3: size(0, 1 << 16)}, SIGNED | {1: 3, 3: size(0, 1 << 16)},
         SIGNED | {1: 0, 3: size(0, 1 << 14), 5: (SIG, ...)}, {1: 4, 2: TIME, 3: size(0, 1 << 19), 5: size(0, 1 << 13)})
SALVAGED = [COUNT, COUNT, many(KEY, 0, 64), text(4096)]
ARGUMENTS = {1: {1: strong, 2: KEY, 3: CAPS, 4: LABEL, 5: SIG}, 2: {1: KEY, 2: (TIME, ...)},    # §10, by type; 22 is
             3: {1: KEY, 2: CAPS}, 4: {1: strong, 2: SIG}, 5: {1: strong, 2: SIG},              # for sealed spaces
             16: {1: KEY, 2: CAPS}, 17: {1: ID, 2: TIME}, 18: {1: ID}, 19: {}, 20: {3: LEAST}, 21: {1: erasures}}
STATEMENT = tuple({1: 1, 2: ID, 3: ID if kind > 15 else None, 4: SIZE, 5: (KEY, None), 6: KEY,
                   7: kind, 8: arguments, 9: TIME} for kind, arguments in ARGUMENTS.items())
SERVER_STATEMENT = tuple({1: 1, 2: ID, 3: kind, 4: arguments} for kind, arguments in enumerate((
    {1: COUNT, 2: SIZE, 3: KEY}, {1: strong}, {1: SERVER, 2: strong}, {1: erasures, 2: LABEL}), 1))
POLICY = {1: (1, 2), 2: False, 3: LEAST}                                                        # §11
INVITATION = {1: 1, 2: ID, 3: ID, 4: SERVER, 5: strong, 6: POLICY, 7: strong, 8: TIME, 9: KEY}
SERVICE = {1: 1, 2: 1, 3: [[1, ID, strong]], 4: (SERVER, None), 5: strong, 6: POLICY, 7: ID, 8: strong}
ENGAGEMENT = SERVICE | {2: 2, 3: [[1, ID, strong], [2, ID, strong]], 4: SERVER, 9: ID, 10: size(0, 4096), 11: SIG}
FIELDS = {                                                                                      # §12
    "party": {"record": ID, "org": ID}, "release": {"record": ID, "label": TEXT, "message": MAYBE, "document": LONG},
    "agreement-end": {"record": ID, "agreement": ID, "endsOn": day, "message": MAYBE},
    "agreement-signature": {"record": ID, "agreement": ID, "org": ID, "device": KEY, "name": TEXT, "title": MAYBE,
                            "views": TEXT, "signature": SIG}}
ROW = ["framework", "controlId", "itemKey"]
KEYS = {"party": ["org"], "cloud-service": [], "engagement": ["side"], "responsibility": ROW,
        "responsibility-position": ROW + ["side"]}
HEX16, HEX32, DIGITS = text(32, r"[0-9a-f]{32}\Z"), text(64, r"[0-9a-f]{64}\Z"), text(128, r"([0-9a-f]{2})*\Z")
SHOWN, FIELD = (*PLAIN, TEXT, {"b": DIGITS}), text(64, r"(?!@life\Z)[!-~]+\Z")                  # §15
CELL = [FIELD, (NAME, {"b": HEX16}), SHOWN], [FIELD, None, (*SHOWN, False)], ["document", None, LONG]
SCOPE = {"space": HEX16, "kind": NAME, "keys": (many(many(TEXT, 1, 64), 1, 1 << 20), ...)}
RECORD = {"space": HEX16, "record": HEX16, "kind": NAME, "digest": HEX32, "cells": many(CELL, 0, 1000)}
EVIDENCE = {"format": "buntan-evidence-1", "agreement": HEX16, "document": HEX32, "engagement": HEX16, "service": HEX16}
DOCUMENT = {"format": "buntan-agreement-1", "agreement": text(32, r"[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}\Z"),
            "engagement": HEX16, "service": HEX16, "provider": HEX16, "customer": HEX16, "validFrom": (day, None),
            "validTo": (day, None), "release": {"record": HEX16, "digest": HEX32}, "scope": many(SCOPE, 1, 1 << 20),
            "terms": {"reviewInterval": TEXT, "timeZone": TEXT}, "except": [HEX16, ...], "records": [RECORD, ...]}
VIEWS, LISTED = [[HEX16, COUNT, SIZE, HEX32], ...], [[HEX16, NAME, HEX32], ...]

# Hashes and signatures (§4), and trees (§7: the definitions of RFC 6962 section 2.1, read backwards).
def sha(data): return hashlib.sha256(data).digest()
def labelled(label, data): return b"buntan." + label.encode() + b".v1\0" + data
def hashed(label, data): return sha(labelled(label, data))
def ed25519(key, signature, message):
    return tried(lambda: Ed25519PublicKey.from_public_bytes(key).verify(signature, message) is None) is True
def signed(key, signature, label, data):
    reason = {"enrol": "statement", "root": "statement", "accept": "invitation", "agreement": "signature"}
    good = ed25519(key, signature, labelled(label, data))
    need(good, f"{reason.get(label, label)}: the signature {label!r} does not verify")
def commitment(slot): return sha(b"\0buntan.value.v1\0" + slot[0] + cbor(slot[1])) if type(slot) is list else slot  # §6
def node(left, right): return sha(b"\1" + left + right)
def half(size): return 1 << (size - 1).bit_length() >> 1        # the largest power of two below the size; 0 for 1
def tree(leaves):                                               # the root over leaf hashes: MTH
    k = half(len(leaves))
    return node(tree(leaves[:k]), tree(leaves[k:])) if k else leaves[0]
def climb(index, size, leaf, path):                             # the root that an inclusion proof gives: PATH
    if size == 1:
        return leaf
    k, by = half(size), path.pop()
    return node(climb(index, k, leaf, path), by) if index < k else node(by, climb(index - k, size - k, leaf, path))
def grow(old, size, root, path, whole=True):                    # the two roots that a consistency proof gives: SUBPROOF
    if old == size:
        return [root] * 2 if whole else [path.pop()] * 2
    k, by = half(size), path.pop()
    first, both = grow(old, k, root, path, whole) if old <= k else grow(old - k, size - k, root, path, False)
    return [first, node(both, by)] if old <= k else [node(by, first), node(by, both)]
def proved(rule, first, size, known, path, expected):           # by `climb` or `grow`, with all hashes of a path
    path = list(path)
    return tried(rule, first, size, known, path) == expected and not path

# Notes (§7): C2SP signed-note, tlog-checkpoint and tlog-proof. Base 64 has one form: no stray bits, and padded.
BASE64 = r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?"
HASH64, SIGNATURE = r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=", rf"\u2014 ([^\s+]+) (?=\S{{8}})({BASE64})\n"
def note(data, reason):                         # the text of a signed note, and the name and bytes of each signature
    form = rf"([^\0-\t\v-\x1f\ufffd]*\n)\n((?:{SIGNATURE})+)"
    parts = len(data) <= 4096 and re.fullmatch(form, data.decode(errors="replace"))
    need(parts, f"{reason}: not a signed note, or too long")
    return parts[1], [(name, base64.b64decode(raw)) for name, raw in re.findall(SIGNATURE, parts[2])]
def checkpoint(data, reason):                   # the three lines of a checkpoint, and its signatures
    body, signatures = note(data, reason)
    lines = re.fullmatch(rf"(.+)\n(0|[1-9][0-9]{{0,15}})\n({HASH64})\n", body)
    need(lines, f"{reason}: not the three lines of a checkpoint")
    return SimpleNamespace(raw=data, text=body.encode(), signatures=signatures, origin=lines[1], size=int(lines[2]),
                           root=base64.b64decode(lines[3]))
def vouched(point, origin, key):                # whether this key signed it under this origin; others are passed over
    name = origin, sha(origin.encode() + b"\n\1" + key)[:4]
    good = ((by, raw[:4]) == name and ed25519(key, raw[4:], point.text) for by, raw in point.signatures)
    return point.origin == origin and any(good)
def proof(data, index, point):                  # the hashes of an inclusion proof, which ends with a checkpoint
    need(data.endswith(b"\n\n" + point.raw), "proof: with another checkpoint")
    form = rf"c2sp\.org/tlog-proof@v1\nindex {index}\n((?:{HASH64}\n)*)\n"
    lines = re.fullmatch(form, data[:-len(point.raw)].decode(errors="replace"))
    need(lines, "proof: another format or index")
    return [base64.b64decode(line) for line in lines[1].split()]
def included(entry, index, path, point):
    return index < point.size and proved(climb, index, point.size, sha(b"\0" + entry), path, point.root)

# The archive (§15).
def packed(files):                              # the one ZIP archive of these files
    body, index = bytearray(), bytearray()
    for name, data in sorted(files.items()):
        form = 10, 0, 0, 0, 33, zlib.crc32(data), len(data), len(data), len(name), 0
        index += struct.pack("<4s6H3I5H2I", b"PK\1\2", 10, *form, 0, 0, 0, 0, len(body)) + name
        body += struct.pack("<4s5H3I2H", b"PK\3\4", *form) + name + data
    return body + index + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, len(files), len(files), len(index), len(body), 0)

class Archive:                                  # its files, each of which has to be asked for
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

class Log:
    """A log as the archive shows it; each entry is judged by those before it (§10: rights by position)."""
    def __init__(self, archive, side, space):
        self.archive, self.side, self.space, self.engaged = archive, side, space, side == "engagement"
        self.parties, self.owners, self.admins = {}, {}, []
        self.epoch, self.cuts, self.places, self.since, self.ended = 0, [], [], 0, False
        self.story = []                 # from which position on which device had which rights
        self.records, self.changes, self.used = [], set(), set()
        self.point = at(side, checkpoint, archive.take(f"{side}/checkpoint", "checkpoint"), "checkpoint")
        self.positions = sorted(map(int, re.findall(rf"{side}/(\d+)\.entry", " ".join(archive.files))))
        need(self.positions[:1] == [0], f"genesis: {side}: no genesis")
        for index, self.position in enumerate(self.positions):
            at(f"{side} {self.position}", self.entry, index)
        need(not self.admins, f"founding: {side}: its device is made no admin")
        near = self.places[-2 if self.since == self.point.size - 1 else -1:]    # two where the last entry gives a key
        need(self.vouched(self.point, self.epoch, near), f"checkpoint: {side}: not signed by the log key in force")

    def vouched(self, point, epoch, places):    # by one of these log keys, under the origin of this log (§7)
        origins = ((f"{server or 'local'}/buntan/{self.space.hex()}/e{epoch}", key) for server, key in places)
        return any(vouched(point, origin, key) for origin, key in origins)

    def rights(self, device, party, here=True):
        """What a device may do for a party by its chain and, here, if it first enrolled it, as restricted (§10)."""
        caps = 0 if device in party.revoked else party.caps.get(device, 0)
        return caps if not here else caps & party.limits.get(device, ALL) if self.owners.get(device) is party else 0

    def entry(self, index):
        """An entry is in the tree, of its layout, and signed, and the founding stands before all else (§7)."""
        raw, path = (self.archive.take(f"{self.side}/{self.position}.{part}", part) for part in ("entry", "proof"))
        path = proof(path, self.position, self.point)
        need(included(raw, self.position, path, self.point), "inclusion: not in the log of the checkpoint")
        entry = read(raw, ENTRY, "entry")
        self.received, self.old = entry[2], entry[1] == 4
        entry = self.salvaged(entry) if self.old else entry
        kind, raw = entry[1], entry[3]
        need((kind == 0) == (index == 0), "entry: a genesis that is not the first entry, or another that is")
        founded = not self.admins or kind == 2 and index == self.position
        need(founded, "founding: stands before the founding is complete")
        name, form, signer = (("genesis", ENGAGEMENT if self.engaged else SERVICE, 8), ("change", CHANGE, 3),
                              ("statement", STATEMENT, 6), ("server", SERVER_STATEMENT, None))[kind]
        word = read(raw, form, name)
        signed(word[signer] if signer else self.places[-1][1], entry[4], name, raw)
        need(kind == 0 or word[3 if kind == 2 else 2] in (self.space, None), f"{name}: for another space")
        getattr(self, name)(word, raw, entry.get(5))

    def genesis(self, word, raw, accept):
        """It gives the space's id, its parties those of their keys, an engagement is offered and accepted (§11)."""
        need(hashed("space", raw)[:16] == self.space, "genesis: its bytes do not give the space's id")
        for name, (_, org, root) in zip(("provider", "customer"), word[3]):
            good = hashed("org", root)[:16] == org and org not in self.parties
            need(good, "genesis: a party not of its key, or twice")
            self.parties[org] = SimpleNamespace(name=name, id=org, root=root, recovery=None, words=[], chains={},
                                                caps={}, limits={}, revoked={}, readers={})
        first, last = list(self.parties.values())[0], self.parties[org]
        self.places, self.admins = [(word[4], word[5])], [(word[8], last)]
        self.least, self.service = word[6][3], word.get(9)
        need((accept is not None) == self.engaged, "entry: an acceptance missing, or one too many")
        if self.engaged:
            offer = read(word[10], INVITATION, "invitation")
            same = [offer[key] for key in range(2, 7)] == [word[9], first.id, word[4], word[5], word[6]]
            need(same, "invitation: it is for another engagement")
            signed(offer[9], word[11], "invitation", word[10])
            signed(offer[7], accept, "accept", raw)
            self.admins.append((offer[9], first))

    def statement(self, word, raw, _):
        """It is the next of its chain, its signer may say it, and it keeps to the rules of its type (§10)."""
        party, space, signer, kind, args = self.parties.get(word[2]), word[3], word[6], word[7], word[8]
        it, caps = args.get(1), args.get(3 if kind == 1 else 2)     # what it is about, and what that has from now on
        need(party, "statement: by no party of this space")
        follows = (word[4] - 1, word[5]) == party.chains.get(space, (0, None))
        need(follows, f"statement: number {word[4]} does not follow")
        held = ALL if signer == party.root else self.rights(signer, party, space is not None)
        may = {4: signer in (party.root, party.recovery), 5: signer == (party.recovery or party.root)}
        first = kind == 1 and signer == party.root
        need(may.get(kind, held & ADMIN) and (party.words or first), "statement: its signer may not say it")
        need(kind != 1 or it not in party.caps, "statement: enrols a device again")
        known = kind not in (2, 3, 16) or it in party.caps and (it not in party.revoked or kind == 2 and 2 in args)
        need(known, "statement: about a device that was not enrolled, or was revoked")
        reader = kind != 17 or self.engaged and it not in self.parties and 0 < caps - word[9] <= 400 * 86_400_000
        need(reader, "statement: no reader, or for too long")
        need(kind != 18 or it in party.readers, "statement: ends what was not granted")
        ends = kind != 19 or self.engaged and party.name == "provider" and not self.ended
        need(ends, "statement: not this party's, or said before")
        need(kind != 20 or args[3] > self.least, "statement: does not raise the least schema")
        party.chains[space] = word[4], sha(raw)
        party.words += [raw] if space is None else []
        kept = {1: party.caps, 2: party.revoked, 3: party.caps, 16: party.limits, 17: party.readers}.get(kind)
        if kept is not None:
            had = 0 if kind == 1 else kept.get(it, ALL)
            need(kind in (2, 17) or not caps & ~had & ~held, "statement: grants what its signer does not hold")
            kept[it] = caps
        if kind == 1:
            signed(it, args[5], "enrol", cbor([party.id, it, args[2]]))
            self.owners.setdefault(it, party)
        elif kind in (4, 5):
            signed(it, args[2], "root", cbor([party.id, it]))
            party.root, party.recovery = (it, party.recovery) if kind == 4 else (party.root, it)
        elif kind == 18:
            del party.readers[it]
        self.ended, self.least = self.ended or kind == 19, args[3] if kind == 20 else self.least
        self.admins = [] if all(self.rights(*each) & ADMIN for each in self.admins) else self.admins
        rights = {device: self.rights(device, party) for device, party in self.owners.items()}
        self.story.append((self.position + 1, rights))

    def server(self, word, raw, _):
        """A word of the log's key: an epoch ends here, or another key or server keeps the log from now (§10, §11)."""
        kind, args = word[3], word[4]
        if kind == 1:
            ends = args[1] >= self.epoch and args[2] == self.position
            need(ends, "server: ends an epoch that had ended, or elsewhere")
            self.epoch = args[1] + 1
            self.cuts.append((self.epoch, self.position))
        elif kind < 4:
            self.places.append((args[1], args[2]) if kind == 3 else (self.places[-1][0], args[1]))
            self.since = self.position

    def salvaged(self, entry):
        """What stood in an epoch that ended counts here, if a checkpoint of that epoch proves it (§7, §13)."""
        index, size, path, end = read(entry[5], SALVAGED, "salvaged")
        point = checkpoint(end.encode(), "salvaged")
        epoch = int((re.search(r"/e(0|[1-9][0-9]{0,15})\Z", point.origin) or [0, self.epoch])[1])
        need(epoch < self.epoch and point.size == size, "salvaged: not of an epoch that ended")
        need(self.vouched(point, epoch, self.places), "salvaged: not under a key and an origin of this log")
        need(included(entry[3], index, path, point), "salvaged: not in that log")
        self.accepted = min(index, next(cut for after, cut in self.cuts if epoch < after))
        return read(entry[3], ENTRY[:2], "salvaged")                # a change or a statement

    def signed_then(self, device):
        """Whether a device had `sign` when what was salvaged was accepted: wherever it had `write` since (§15)."""
        last = [rights for start, rights in self.story if start <= self.accepted][-1:]
        since = last + [rights for start, rights in self.story if start > self.accepted]
        writing = [rights[device] for rights in since if rights.get(device, 0) & WRITE]
        return bool(writing) and all(caps & SIGN for caps in writing)

    def change(self, word, raw, _):
        """Its author may write, its base was there, its edits are in order, its values are those it means (§6, §13)."""
        device, (epoch, size, _), (cids, edits) = word[3], word[5], word[8]
        party = self.owners.get(device)
        wrote = self.old and any(rights.get(device, 0) & WRITE for _, rights in self.story)
        need(party and (self.rights(device, party) & WRITE or wrote), "rights: its device has no right to write")
        was = self.old or epoch < self.epoch or epoch == self.epoch and size <= self.position
        need(was, "change: its base is to come")
        need(orderly(cids, edits), "change: its edits are not in order")
        payload = read(self.archive.take(f"{self.side}/{self.position}.payload", "payload"), PAYLOAD, "values")
        slots = payload.get(3) or [[hashed("salt", payload[1] + index.to_bytes(4, "big"))[:16], value]
                                   for index, value in enumerate(payload[2])]
        good = len(slots) == sum(len(ops) for _, _, ops in edits) and tree(list(map(commitment, slots))) == word[9]
        need(good, "values: the values are not those of the change")
        values = iter([slot[1] if type(slot) is list else ... for slot in slots])       # an erased one is as if absent
        signers = {each for each, owner in self.owners.items() if owner is party
                   and (self.rights(each, party) & SIGN or self.old and self.signed_then(each))}
        for record, kind, ops in edits:
            cells = {(field, element): next(values) for field, element, _ in ops}
            texts = [value for cell, value in cells.items() if type(value) is str and cell != ("document", None)]
            need(all(map(TEXT, texts)), "values: a text is too long")
            self.records.append(SimpleNamespace(id=record, kind=kind, cells=cells, party=party, signers=signers,
                                                position=self.position, received=self.received))
        self.changes.add(self.position)

# What was agreed (§15).
def natural(space, kind, key):                  # the id of a record that its key gives (§5)
    id = bytearray(hashed("record", cbor([space, kind, key]))[:16])
    id[6], id[8] = 0x80 | id[6] & 15, 0x80 | id[8] & 63
    return bytes(id)
def begins(keys, key):                          # with these texts, of which the last may be the beginning of a value
    *before, last = key[:len(keys)] or [None]
    return len(key) >= len(keys) and before == keys[:-1] and type(last) is str and last.startswith(keys[-1])
def inside(part, space, kind, key):             # whether a part of the scope is about a record
    keys = part.get("keys") if kind == part["kind"] else None
    return (part["space"] == space and f"{kind}.".startswith(f"{part['kind']}.")
            and (keys is None or any(begins(each, key) for each in keys)))
def fingerprint(org):                           # as it is shown (§2)
    return "-".join(re.findall(".{1,4}", base64.b32encode(org).decode().lower().rstrip("=")))
def organisation(typed):                        # of a fingerprint, as a person types it (§2)
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
    need(any(inside(part, record["space"], kind, key) for part in document["scope"]), "scope: in no part of it")

class Evidence:
    """One archive. Each check tells what it found, and raises what is wrong."""
    def __init__(self, data, trusted, on):
        self.data, self.trusted, self.on, self.ends = data, trusted, on, []

    def document(self):
        """It has the digest named, is of this agreement, in order, and gives each digest from the values printed."""
        archive = self.archive = Archive(self.data)
        named = at("evidence.json", read, archive.take("evidence.json", "archive"), EVIDENCE, "evidence", *JSON)
        raw = archive.take("document.json", "archive")
        self.digest, self.id = sha(raw), bytes.fromhex(named["agreement"])
        need(self.digest.hex() == named["document"], "digest: the document is not the one that is named")
        need(len(raw) <= 1 << 22, "document: too large")
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
        for it in log.records:
            it.fields = {name: it.cells.get((name, None), ...) for name in FIELDS[kind]} | {"record": it.id}
            made = it.kind == kind and it.party is party and it.cells.get(("@life", None)) is True
            if made and wanted.items() <= it.fields.items():
                log.used.add(it.position)
                yield it

    def names(self):                            # what the parties call themselves, by their own word alone
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

    def release(self):                          # with the digest named, and every covered record of the service
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

    def end(self):                              # by a party; of several last days the first counts
        for party in self.parties:
            for it in self.made(self.log, "agreement-end", party, agreement=self.id):
                fields = at(f"entry {it.position}", shaped, it.fields, FIELDS["agreement-end"], "end")
                self.ends.append(fields["endsOn"])
                yield "note", f"end: ended by the {party.name}, the last day being {fields['endsOn']}"

    def fingerprints(self):                     # which parties are those whose fingerprints were given
        for org in set(self.trusted) - {party.id for party in self.parties}:
            yield "WRONG", f"fingerprint: {fingerprint(org)} was given and is of neither party"
        for party in self.parties:
            level, words = ("ok", ", as given") if party.id in self.trusted else (
                "note", " was not compared: anybody could have taken its part")
            yield level, f"fingerprint: {party.name} {fingerprint(party.id)}{words}"

    def days(self):                             # whether it holds on a day
        first, last = self.agreed["validFrom"], min(filter(None, [self.agreed["validTo"], *self.ends]), default=None)
        holds = (first or "") <= self.on <= (last or "9999-12-31")
        level, words = ("ok", "holds") if holds else ("note", "does not hold")
        yield level, f"dates: {words} on {self.on}; {first or 'no first day'} to {last or 'no last day'}"

    def leftovers(self):                        # nothing is there beside what was asked for
        for name in sorted(self.archive.files.keys() - self.archive.taken):
            yield "WRONG", f"archive: {name!r} belongs to nothing in this evidence"
        for log in (self.log, self.service):
            for position in sorted(log.changes - log.used):
                yield "WRONG", f"archive: {log.side}/{position}.entry holds nothing of this agreement"

def main(arguments=None):
    parser = argparse.ArgumentParser(description="Checks evidence of an agreement.")
    parser.add_argument("archive")
    parser.add_argument("--trust", metavar="FINGERPRINT", type=organisation, action="append", default=[])
    parser.add_argument("--at", metavar="YYYY-MM-DD", type=lambda on: on if day(on) else int("x"),
                        default=str(datetime.date.today()))
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
