#!/usr/bin/env python3
"""Checks evidence of an agreement, without a server, a store or code of Buntan's (verify.py --help).

Written from Protocol/PROTOCOL.md alone; § names the section of it that a check implements. It ends with 0 if everything fits
together, 5 if something is wrong, 2 if called wrongly. In order: forms; hashes, signatures, trees; notes; the archive; one log,
entry by entry; the document; and what was agreed.
"""
import argparse, base64, datetime, hashlib, json, re, struct, sys, zlib  # noqa: E401
from types import SimpleNamespace

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ARCHIVE_BYTES = 1 << 27                         # `evidence_bytes` (§9)
WRITE, SIGN, ADMIN, ALL = 2, 4, 8, 15           # capabilities (§10)

class Wrong(Exception):
    """What is wrong: a word for the kind of thing, and a sentence."""

def need(condition, reason, words):
    if not condition:
        raise Wrong(reason, words)

# Forms are written as in PROTOCOL.md: {key: form} a map, [form, form] an array, [form, ...] one of any length, (form, form)
# either of them, with `...` perhaps absent. Else a form is a test, or the value itself.
def misfit(value, form, at=""):
    """Where a value departs from a form, or None."""
    if isinstance(form, tuple):
        wrong = [misfit(value, one, at) for one in form]
        return None if None in wrong else max(wrong, key=len)       # that of the alternative which fits farthest
    if callable(form):
        return None if form(value) else at
    if isinstance(form, dict) and isinstance(value, dict) and value.keys() <= form.keys():
        parts = [(value.get(key, ...), part, f"{at} {key}") for key, part in form.items()]
    elif isinstance(form, list) and isinstance(value, list) and (form[-1] is ... or len(form) == len(value)):
        parts = [(part, form[0 if form[-1] is ... else index], f"{at} {index}") for index, part in enumerate(value)]
    else:
        return None if type(value) is type(form) and value == form else at
    return next((wrong for part in parts if (wrong := misfit(*part)) is not None), None)

def shaped(value, form, reason, where):
    wrong = misfit(value, form)
    need(wrong is None, reason, f"{where}: not of its layout" + (f" at{wrong}" if wrong else ""))
    return value

def decoded(data):
    """What CBOR says. Tags and indefinite lengths, by which few bytes may stand for very much, do not get to the decoder (§3)."""
    at = 0
    while at < len(data):
        major, short = data[at] >> 5, data[at] & 31
        width = 0 if short < 24 else 1 << short - 24
        if major == 6 or short > 27:
            raise ValueError
        number = int.from_bytes(data[at + 1:at + 1 + width], "big") if width else short
        at += 1 + width + (number if major in (2, 3) else 0)
    return cbor2.loads(data)

def cbor(value): return cbor2.dumps(value, canonical=True)
def canonical(value): return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

def read(data, form, reason, where, loads=decoded, again=cbor):
    """What bytes say: CBOR in the strict profile (§3) or, with `json.loads, canonical`, JSON (§15: RFC 8785). Each value has one
    form in these, so written again it has to be the same bytes; types, ranges and depth are those that the layout allows."""
    try:
        value = loads(data)
        wrong = misfit(value, form)
        same = wrong is not None or again(value) == data
    except Exception:               # whatever a decoder makes of hostile bytes
        same = False
    need(same, reason, f"{where}: not in the one form that its bytes may have")
    return shaped(value, form, reason, where)

def size(least, most): return lambda v: type(v) is bytes and least <= len(v) <= most
def count(least, most): return lambda v: type(v) is int and least <= v <= most
def text(most, form=""): return lambda v: type(v) is str and len(v.encode()) <= most and bool(re.match(form, v))
def many(form, least, most): return lambda v: type(v) is list and least <= len(v) <= most and misfit(v, [form, ...]) is None

def ascending(values):
    """Whether values are sorted (§2): by their encoded bytes, and distinct."""
    raw = [cbor(value) for value in values]
    return all(a < b for a, b in zip(raw, raw[1:]))

def strong(key):
    """A key that is no point of small order (§2): those have one of five y, whatever their sign, and anybody signs under them."""
    p, eighth = 2**255 - 19, 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7
    return KEY(key) and int.from_bytes(key, "little") % 2**255 % p not in (0, 1, p - 1, eighth, p - eighth)

def erasures(value):
    """The lists of `erase` (§9, §10): not empty, sorted, each change once."""
    lists = many([ID, many(INDEX, 1, 500)], 1, 500)
    return lists(value) and ascending(cid for cid, _ in value) and all(ascending(indices) for _, indices in value)

def orderly(cids, edits):
    """What a change's edits keep to beside their layout (§6, §9): each record, and each cell of it, at most once; changes that
    predecessors name sorted, and each named."""
    ops = [op for edit in edits for op in edit[2]]
    return (len(ops) <= 500 and len({edit[0] for edit in edits}) == len(edits)
            and len({(edit[0], *op[:2]) for edit in edits for op in edit[2]}) == len(ops)
            and all(ascending(op[2]) and (len(op[2]) <= 64 or op[0] == "@life") for op in ops)
            and ascending(cids) and {number for op in ops for number, _ in op[2]} == set(range(len(cids))))

def day(value):
    """A day that exists, as YYYY-MM-DD (§12)."""
    try:
        return type(value) is str and datetime.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False

ID, KEY, SIG, TIME = size(16, 16), size(32, 32), size(64, 64), count(-1 << 62, (1 << 62) - 1)
COUNT, SIZE, LEAST, CAPS, INDEX = count(0, 1 << 53), count(1, 1 << 53), count(0, 10**6), count(0, ALL), count(0, 499)
LABEL, TEXT, LONG, MAYBE = text(256), text(65536), text(1 << 22), (text(65536), None, ...)
NAME, SERVER = text(64, r"[!-~]+\Z"), text(255, r"[!-*,-.0-?A-~]+\Z")                                           # §2
PLAIN = True, count(1 - (1 << 53), (1 << 53) - 1)                                                               # §5
VALUE = *PLAIN, False, None, LONG, size(0, 64)
OP = [NAME, (NAME, ID, None), many([COUNT, INDEX], 0, 2000)]                                                    # §6
CHANGE = {1: 1, 2: ID, 3: KEY, 4: ID, 5: [COUNT, SIZE, KEY], 6: TIME, 7: LEAST,
          8: [[ID, ...], many([ID, NAME, many(OP, 1, 500)], 1, 500)], 9: KEY}
PAYLOAD = {1: ID, 2: many(VALUE, 1, 500)}, {3: many(([ID, VALUE], KEY), 1, 500)}
SIGNED = {1: 1, 2: TIME, 3: size(0, 1 << 18), 4: SIG}                                                           # §7, §9
ENTRY = (SIGNED, SIGNED | {1: 2, 3: size(0, 1 << 16)}, SIGNED | {1: 3, 3: size(0, 1 << 16)},
         SIGNED | {1: 0, 3: size(0, 1 << 14), 5: (SIG, ...)}, {1: 4, 2: TIME, 3: size(0, 1 << 19), 5: size(0, 1 << 13)})
SALVAGED = [COUNT, COUNT, many(KEY, 0, 64), text(4096)]
ARGUMENTS = {1: {1: strong, 2: KEY, 3: CAPS, 4: LABEL, 5: SIG}, 2: {1: KEY, 2: (TIME, ...)}, 3: {1: KEY, 2: CAPS},   # §10, by type;
             4: {1: strong, 2: SIG}, 5: {1: strong, 2: SIG}, 16: {1: KEY, 2: CAPS}, 17: {1: ID, 2: TIME},            # 22 is for
             18: {1: ID}, 19: {}, 20: {3: LEAST}, 21: {1: erasures}}                                                 # sealed spaces
STATEMENT = tuple({1: 1, 2: ID, 3: ID if kind > 15 else None, 4: SIZE, 5: (KEY, None), 6: KEY, 7: kind, 8: arguments, 9: TIME}
                  for kind, arguments in ARGUMENTS.items())
SERVER_STATEMENT = tuple({1: 1, 2: ID, 3: kind, 4: arguments} for kind, arguments in enumerate((
    {1: COUNT, 2: SIZE, 3: KEY}, {1: strong}, {1: SERVER, 2: strong}, {1: erasures, 2: LABEL}), 1))
POLICY = {1: (1, 2), 2: False, 3: LEAST}                                                                        # §11
INVITATION = {1: 1, 2: ID, 3: ID, 4: SERVER, 5: strong, 6: POLICY, 7: strong, 8: TIME, 9: KEY}
SERVICE = {1: 1, 2: 1, 3: [[1, ID, strong]], 4: (SERVER, None), 5: strong, 6: POLICY, 7: ID, 8: strong}
ENGAGEMENT = SERVICE | {2: 2, 3: [[1, ID, strong], [2, ID, strong]], 4: SERVER, 9: ID, 10: size(0, 4096), 11: SIG}
FIELDS = {                                                                                                      # §12
    "party": {"record": ID, "org": ID}, "release": {"record": ID, "label": TEXT, "message": MAYBE, "document": LONG},
    "agreement-end": {"record": ID, "agreement": ID, "endsOn": day, "message": MAYBE},
    "agreement-signature": {"record": ID, "agreement": ID, "org": ID, "device": KEY, "name": TEXT, "title": MAYBE, "views": TEXT,
                            "signature": SIG}}
ROW = ["framework", "controlId", "itemKey"]
KEYS = {"party": ["org"], "cloud-service": [], "engagement": ["side"], "responsibility": ROW,
        "responsibility-position": ROW + ["side"]}
HEX16, HEX32, FIELD = text(32, r"[0-9a-f]{32}\Z"), text(64, r"[0-9a-f]{64}\Z"), text(64, r"(?!@life\Z)[!-~]+\Z")    # §15
SHOWN = *PLAIN, TEXT, {"b": text(128, r"([0-9a-f]{2})*\Z")}
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
def named(label, data): return b"buntan." + label.encode() + b".v1\0" + data
def hashed(label, data): return sha(named(label, data))
def node(left, right): return sha(b"\1" + left + right)
def half(size): return 1 << (size - 1).bit_length() - 1         # the largest power of two below the size

def ed25519(key, signature, message):
    """Whether a signature verifies (RFC 8032)."""
    try:
        return Ed25519PublicKey.from_public_bytes(key).verify(signature, message) is None
    except (InvalidSignature, ValueError):
        return False

def signed(key, signature, label, data, reason, where):
    need(ed25519(key, signature, named(label, data)), reason, f"{where}: the signature {label!r} does not verify")

def tree(leaves):
    """The root over leaf hashes: MTH."""
    k = half(len(leaves)) if len(leaves) > 1 else 0
    return node(tree(leaves[:k]), tree(leaves[k:])) if k else leaves[0]

def climb(index, size, leaf, path):
    """The root that a leaf hash and its inclusion proof give: PATH."""
    if size == 1:
        return leaf
    k, other = half(size), path.pop()
    return node(climb(index, k, leaf, path), other) if index < k else node(other, climb(index - k, size - k, leaf, path))

def grow(old, size, root, path, whole=True):
    """The root over the first leaves, which is known, and that over all, as a consistency proof gives them: SUBPROOF."""
    if old == size:
        return [root] * 2 if whole else [path.pop()] * 2
    k, other = half(size), path.pop()
    first, both = grow(old, k, root, path, whole) if old <= k else grow(old - k, size - k, root, path, False)
    return [first, node(both, other)] if old <= k else [node(other, first), node(other, both)]

def proved(rule, first, size, known, path, expected):
    """Whether a rule, `climb` or `grow`, makes what is expected of all hashes of a path."""
    path = list(path)
    try:
        return rule(first, size, known, path) == expected and not path
    except IndexError:
        return False

# Notes (§7): C2SP signed-note, tlog-checkpoint and tlog-proof. Base 64 has one form: no stray bits, and padded.
BASE64 = r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?"
HASH64, SIGNATURE = r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=", rf"\u2014 ([^\s+]+) (?=\S{{8}})({BASE64})\n"

def note(data, reason, where):
    """The text of a signed note, and the name and bytes of each signature."""
    form = rf"([^\0-\t\v-\x1f\ufffd]*\n)\n((?:{SIGNATURE})+)"
    parts = len(data) <= 4096 and re.fullmatch(form, data.decode(errors="replace"))
    need(parts, reason, f"{where}: not a signed note, or too long")
    return parts[1], [(name, base64.b64decode(raw)) for name, raw in re.findall(SIGNATURE, parts[2])]

def checkpoint(data, reason, where):
    """The three lines of a checkpoint, and its signatures."""
    body, signatures = note(data, reason, where)
    lines = re.fullmatch(rf"(.+)\n(0|[1-9][0-9]{{0,15}})\n({HASH64})\n", body)
    need(lines, reason, f"{where}: not the three lines of a checkpoint")
    return SimpleNamespace(raw=data, text=body.encode(), signatures=signatures, origin=lines[1], size=int(lines[2]),
                           root=base64.b64decode(lines[3]))

def vouched(point, origin, key):
    """Whether a key signed a checkpoint under this origin. Other signatures are passed over."""
    name = origin, sha(origin.encode() + b"\n\1" + key)[:4]
    return point.origin == origin and any((of, raw[:4]) == name and ed25519(key, raw[4:], point.text) for of, raw in point.signatures)

def proof(data, index, point, where):
    """The hashes of an inclusion proof in a file that ends with this checkpoint."""
    need(data.endswith(b"\n\n" + point.raw), "proof", f"{where}: with another checkpoint")
    lines = re.fullmatch(rf"c2sp\.org/tlog-proof@v1\nindex {index}\n((?:{HASH64}\n)*)\n", data[:-len(point.raw)].decode(errors="replace"))
    need(lines, "proof", f"{where}: another format or index")
    return [base64.b64decode(line) for line in lines[1].split()]

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
        files, at, self.taken = {}, 0, set()
        while len(data) <= ARCHIVE_BYTES and data[at:at + 4] == b"PK\3\4" and at + 30 <= len(data):
            length, name = struct.unpack_from("<IH", data, at + 22)
            at += 30 + name + length
            files[data[at - length - name:at - length]] = data[at - length:at]
        need(len(files) < 65536 and packed(files) == data, "archive",
             "not in the form in which evidence is exported; ask for the file as it was exported")
        self.files = {name.decode("latin-1"): data for name, data in files.items()}
        parts = r"checkpoint|(0|[1-9][0-9]{0,15})\.(entry|payload|proof|consistency\.json)"
        for name in self.files:
            need(re.fullmatch(rf"(evidence|document)\.json|(engagement|service)/({parts})", name), "archive",
                 f"holds a file {name!r}, which evidence has not")

    def take(self, name, reason):
        need(name in self.files, reason, f"{name!r} is missing")
        self.taken.add(name)
        return self.files[name]

# One log. What a statement keeps to beside its signer's right to say it, by type, and what is wrong if it does not (§10).
RULES = {
    1: (lambda log, party, args, time: args[1] not in party.caps, "enrols a device again"),
    2: (lambda log, party, args, time: args[1] in party.caps and (args[1] not in party.revoked or 2 in args),
        "about a device that was not enrolled, or was revoked"),
    3: (lambda log, party, args, time: args[1] in party.caps and args[1] not in party.revoked,
        "about a device that was not enrolled, or was revoked"),
    17: (lambda log, party, args, time: log.engaged and args[1] not in log.parties and 0 < args[2] - time <= 400 * 86_400_000,
         "no reader, or for too long"),
    18: (lambda log, party, args, time: args[1] in party.readers, "ends what was not granted"),
    19: (lambda log, party, args, time: log.engaged and party.name == "provider" and not log.ended, "not this party's, or said before"),
    20: (lambda log, party, args, time: args[3] > log.least, "does not raise the least schema")}
RULES[16] = RULES[3]

class Log:
    """A log as the archive shows it; each entry is judged by those before it (§10: rights by position)."""
    def __init__(self, archive, side, space):
        self.archive, self.side, self.space, self.where, self.engaged = archive, side, space, side, side == "engagement"
        self.point = checkpoint(archive.take(f"{side}/checkpoint", "checkpoint"), "checkpoint", side)
        self.parties, self.owners, self.writers, self.admins, self.changes = {}, {}, set(), [], []
        self.story = []                             # from which position on which device had which rights
        self.epoch, self.cuts, self.places, self.since, self.ended = 0, [], [], 0, False
        found = (re.fullmatch(rf"{side}/(\d+)\.entry", name) for name in archive.files)
        self.positions = sorted(int(name[1]) for name in found if name)
        self.need(self.positions[:1] == [0], "genesis", "no genesis")
        for index, self.position in enumerate(self.positions):
            self.where = f"{side} {self.position}"
            self.entry(index)
        need(not self.admins, "founding", f"{side}: its device is made no admin")
        near = self.places[-2 if self.since == self.point.size - 1 else -1:]        # two where the last entry announces a key
        need(any(vouched(self.point, self.origin(server, self.epoch), key) for server, key in near), "checkpoint",
             f"{side}: not signed by the log key in force")

    def need(self, condition, reason, words): need(condition, reason, f"{self.where}: {words}")

    def origin(self, server, epoch): return f"{server or 'local'}/buntan/{self.space.hex()}/e{epoch}"

    def rights(self, device, party, here=True):
        """What a device may do for a party by its chain and, here, if it was first enrolled as its, within its restriction (§10)."""
        caps = 0 if device in party.revoked else party.caps.get(device, 0)
        return caps if not here else caps & party.limits.get(device, ALL) if self.owners.get(device) is party else 0

    def entry(self, index):
        """An entry is in the tree and has its layout and signature, and the founding stands before all else (§7)."""
        raw, path = (self.archive.take(f"{self.side}/{self.position}.{part}", part) for part in ("entry", "proof"))
        path, size = proof(path, self.position, self.point, self.where), self.point.size
        self.need(self.position < size and proved(climb, self.position, size, sha(b"\0" + raw), path, self.point.root), "inclusion",
                  "not in the log of the checkpoint")
        entry = read(raw, ENTRY, "entry", self.where)
        self.received, self.old, self.accepted = entry[2], entry[1] == 4, None
        entry = self.salvaged(entry) if self.old else entry
        kind, raw = entry[1], entry[3]
        self.need((kind == 0) == (index == 0), "entry", "a genesis that is not the first entry, or another that is")
        self.need(not self.admins or kind == 2 and index == self.position, "founding", "stands before the founding is complete")
        name, form, key = (("genesis", ENGAGEMENT if self.engaged else SERVICE, 8), ("change", CHANGE, 3), ("statement", STATEMENT, 6),
                           ("server", SERVER_STATEMENT, None))[kind]
        word = read(raw, form, name, self.where)
        signed(word[key] if key else self.places[-1][1], entry[4], name, raw, name, self.where)
        self.need(kind == 0 or word[3 if kind == 2 else 2] in (self.space, None), name, "for another space")
        getattr(self, name)(word, raw, entry.get(5))
        self.admins = [] if all(self.rights(*each) & ADMIN for each in self.admins) else self.admins
        if kind == 2:
            self.story.append((self.position + 1, {device: self.rights(device, party) for device, party in self.owners.items()}))
        self.writers |= {device for device, party in self.owners.items() if self.rights(device, party) & WRITE}

    def genesis(self, word, raw, accept):
        """It gives the space's id, its parties are those of their keys, and an engagement was offered and accepted (§11)."""
        self.need(hashed("space", raw)[:16] == self.space, "genesis", "its bytes do not give the space's id")
        for name, (_, org, root) in zip(("provider", "customer"), word[3]):
            self.need(hashed("org", root)[:16] == org and org not in self.parties, "genesis", "a party not of its key, or twice")
            self.parties[org] = SimpleNamespace(name=name, id=org, root=root, recovery=None, words=[], chains={}, caps={},
                                                limits={}, revoked={}, readers={})
        parties = list(self.parties.values())
        self.places, self.admins = [(word[4], word[5])], [(word[8], parties[-1])]
        self.least, self.service = word[6][3], word.get(9)
        self.need((accept is not None) == self.engaged, "entry", "an acceptance missing, or one too many")
        if self.engaged:
            offer = read(word[10], INVITATION, "invitation", self.where)
            self.need([offer[key] for key in range(2, 7)] == [word[9], parties[0].id, word[4], word[5], word[6]], "invitation",
                      "it is for another engagement")
            signed(offer[9], word[11], "invitation", word[10], "invitation", self.where)
            signed(offer[7], accept, "accept", raw, "invitation", self.where)
            self.admins.append((offer[9], parties[0]))

    def statement(self, word, raw, _):
        """It is the next of its chain, its signer may say it, and it keeps to the rules (§10)."""
        party, about, kind, args, signer = self.parties.get(word[2]), word[3], word[7], word[8], word[6]
        self.need(party, "statement", "by no party of this space")
        self.need((word[4] - 1, word[5]) == party.chains.get(about, (0, None)), "statement", f"number {word[4]} does not follow")
        held = ALL if signer == party.root else self.rights(signer, party, about is not None)
        may = {4: signer in (party.root, party.recovery), 5: signer == (party.recovery or party.root)}.get(kind, held & ADMIN)
        self.need(may and (party.words or kind == 1 and signer == party.root), "statement", "its signer may not say it")
        rule, words = RULES.get(kind, (None, ""))
        self.need(not rule or rule(self, party, args, word[9]), "statement", words)
        party.chains[about] = word[4], sha(raw)
        party.words += [raw] if about is None else []
        about, caps = args.get(1), args.get(3 if kind == 1 else 2)
        kept = {1: party.caps, 2: party.revoked, 3: party.caps, 16: party.limits, 17: party.readers}.get(kind)
        if kept is not None:
            had = 0 if kind == 1 else kept.get(about, ALL)
            self.need(kind in (2, 17) or not caps & ~had & ~held, "statement", "grants what its signer does not hold")
            kept[about] = caps
        if kind in (1, 4, 5):
            label, told = ("enrol", [party.id, about, args[2]]) if kind == 1 else ("root", [party.id, about])
            signed(about, args[5 if kind == 1 else 2], label, cbor(told), "statement", self.where)
        if kind == 1: self.owners.setdefault(about, party)
        elif kind == 4: party.root = about
        elif kind == 5: party.recovery = about
        elif kind == 18: del party.readers[about]
        elif kind == 19: self.ended = True
        elif kind == 20: self.least = args[3]

    def server(self, word, raw, _):
        """A word of the log's key: an epoch ends here, or another key or server keeps the log from here on (§10, §11)."""
        kind, args = word[3], word[4]
        if kind == 1:
            self.need(args[1] >= self.epoch and args[2] == self.position, "server", "ends an epoch that had ended, or elsewhere")
            self.epoch = args[1] + 1
            self.cuts.append((self.epoch, self.position))
        elif kind < 4:
            self.places.append((args[1], args[2]) if kind == 3 else (self.places[-1][0], args[1]))
            self.since = self.position

    def salvaged(self, entry):
        """What stood in an epoch that ended counts here, if a checkpoint of that epoch proves it (§7, §13)."""
        index, size, path, end = read(entry[5], SALVAGED, "salvaged", self.where)
        point = checkpoint(end.encode(), "salvaged", self.where)
        epoch = int((re.search(r"/e(0|[1-9][0-9]{0,15})\Z", point.origin) or [0, self.epoch])[1])
        self.need(epoch < self.epoch and point.size == size, "salvaged", "not of an epoch that ended")
        self.need(any(vouched(point, self.origin(server, epoch), key) for server, key in self.places), "salvaged",
                  "not under a key and an origin of this log")
        self.need(index < size and proved(climb, index, size, sha(b"\0" + entry[3]), path, point.root), "salvaged",
                  "not in that log")
        self.accepted = min(index, next(at for after, at in self.cuts if epoch < after))
        return read(entry[3], ENTRY[:2], "salvaged", self.where)      # a change or a statement

    def signed_then(self, device):
        """Whether a device had the right to sign when what was salvaged was accepted: wherever it might write since (§15)."""
        last = [caps for start, caps in self.story if start <= self.accepted][-1:]
        since = [caps.get(device, 0) for caps in last + [caps for start, caps in self.story if start > self.accepted]]
        return all(caps & SIGN for caps in since if caps & WRITE) and any(caps & WRITE for caps in since)

    def change(self, word, raw, _):
        """Its author may write, its base was there, its edits are in order (§6, §13), and its values are those it means."""
        device, (epoch, size, _), (cids, edits) = word[3], word[5], word[8]
        party, ops = self.owners.get(device), [op for edit in edits for op in edit[2]]
        self.need(party and (self.rights(device, party) & WRITE or self.old and device in self.writers), "rights",
                  "its device has no right to write")
        self.need(self.old or epoch < self.epoch or epoch == self.epoch and size <= self.position, "change", "its base is to come")
        self.need(orderly(cids, edits), "change", "its edits are not in order")
        payload = read(self.archive.take(f"{self.side}/{self.position}.payload", "payload"), PAYLOAD, "values", self.where)
        slots = payload.get(3) or [[hashed("salt", payload[1] + index.to_bytes(4, "big"))[:16], value]
                                   for index, value in enumerate(payload[2])]
        leaves = [slot if type(slot) is bytes else sha(b"\0buntan.value.v1\0" + slot[0] + cbor(slot[1])) for slot in slots]
        self.need(len(slots) == len(ops) and tree(leaves) == word[9], "values", "the values are not those of the change")
        values = iter([... if type(slot) is bytes else slot[1] for slot in slots])        # an erased one is as one that is absent
        records = [(record, kind, {(field, element): next(values) for field, element, _ in ops}) for record, kind, ops in edits]
        self.need(all(TEXT(value) or type(value) is not str or cell == ("document", None)
                      for _, _, cells in records for cell, value in cells.items()), "values", "a text is too long")
        rights = {each: (owner, self.rights(each, owner) | (SIGN if self.old and self.signed_then(each) else 0))
                  for each, owner in self.owners.items()}
        self.changes.append(SimpleNamespace(position=self.position, where=self.where, received=self.received, party=party,
                                            rights=rights, records=records, used=False))

# What was agreed (§15).
def natural(space, kind, key):
    """The id of a record that its key gives (§5)."""
    id = bytearray(hashed("record", cbor([space, kind, key]))[:16])
    id[6], id[8] = 0x80 | id[6] & 15, 0x80 | id[8] & 63
    return bytes(id)

def begins(keys, key):
    """Whether key values begin with a list of texts, of which the last may be the beginning of a value, byte by byte."""
    start = key[:len(keys)]
    return [type(value) for value in start] == [str] * len(keys) and (
        start[:-1] == keys[:-1] and start[-1].encode().startswith(keys[-1].encode()))

def covered(record, document):
    """A record has the digest of the values printed and the id of its key, and is in the scope and no exception."""
    where, space, kind = f"record {record['record']}", bytes.fromhex(record["space"]), record["kind"]
    cells = [[bytes.fromhex(part["b"]) if isinstance(part, dict) else part for part in cell] for cell in record["cells"]]
    need(ascending(cell[:2] for cell in cells), "cells", f"{where}: out of order")
    digest = hashed("covered", cbor([space, bytes.fromhex(record["record"]), kind, cells])).hex()
    need(digest == record["digest"], "digest", f"{where}: not that of its values")
    plain = {field: value for field, element, value in cells if element is None}
    key = [plain.get(field) for field in KEYS.get(kind, ())]
    need(kind not in KEYS or natural(space, kind, key).hex() == record["record"], "key", f"{where}: its id is not that of its key")
    need(record["record"] not in document["except"], "except", f"{where}: is covered, though an exception")
    need(any(part["space"] == record["space"] and f"{kind}.".startswith(f"{part['kind']}.")
             and ("keys" not in part or kind != part["kind"] or any(begins(keys, key) for keys in part["keys"])) for part in document["scope"]),
         "scope", f"{where}: in no part of it")

def documented(archive):
    """The document has the digest named, is of this agreement, in order, and gives each digest from the values printed."""
    named = read(archive.take("evidence.json", "archive"), EVIDENCE, "evidence", "evidence.json", json.loads, canonical)
    raw = archive.take("document.json", "archive")
    need(sha(raw).hex() == named["document"], "digest", "the document is not the one that is named")
    need(len(raw) <= 1 << 22, "document", "too large")
    document = read(raw, DOCUMENT, "document", "document.json", json.loads, canonical)
    need(all(document[name] == named[name] for name in ("agreement", "engagement", "service")), "document",
         "it is of another agreement")
    need((document["validFrom"] or "") <= (document["validTo"] or "9999"), "dates", "the last day is before the first")
    parts = [[part["space"], part["kind"], part.get("keys")] for part in document["scope"]]
    need(ascending(parts) and {space for space, _, _ in parts} <= {document["engagement"], document["service"]}, "scope",
         "out of order, or a part of another space")
    need(ascending(document["except"]), "except", "out of order")
    need(ascending([each["space"], each["record"]] for each in document["records"]), "document", "records out of order")
    for record in document["records"]:
        covered(record, document)
    return document, sha(raw)

def fingerprint(org):
    """A fingerprint, as it is shown (§2)."""
    return "-".join(re.findall(".{1,4}", base64.b32encode(org).decode().lower().rstrip("=")))

def organisation(typed):
    """The organisation of a fingerprint, as a person types it (§2)."""
    letters = re.sub("[- ]", "", typed).upper()
    org = base64.b32decode(letters + "=" * (-len(letters) % 8))
    if not typed.isascii() or len(org) != 16 or fingerprint(org).replace("-", "") != letters.lower():
        raise ValueError
    return org

class Evidence:
    """One archive. Each check tells what it found, and raises what is wrong."""
    def __init__(self, data, trusted, on):
        self.data, self.trusted, self.on, self.ends = data, trusted, on, []

    def document(self):
        self.archive = Archive(self.data)
        self.agreed, self.digest = documented(self.archive)
        self.id = bytes.fromhex(self.agreed["agreement"])
        records = f"{len(self.agreed['records'])} records, each with the digest of its values"
        yield "ok", f"document: {self.digest.hex()[:16]}, as named; {records}"

    def logs(self):
        """Each log fits together, they are of the document's parties, and the provider says one thing in both."""
        logs = [Log(self.archive, side, bytes.fromhex(self.agreed[side])) for side in ("engagement", "service")]
        for log in logs:
            yield "ok", (f"log: {log.side} {log.space.hex()}: {len(log.positions)} entries are in the {log.point.size} of root "
                         f"{log.point.root.hex()[:16]}, which log key {log.places[-1][1].hex()[:16]} signed")
        self.log, self.service = logs
        self.parties, (other,) = (list(log.parties.values()) for log in logs)
        provider, customer = self.parties
        named = [self.agreed["provider"], self.agreed["customer"], self.agreed["provider"], self.agreed["service"]]
        need([id.hex() for id in (provider.id, customer.id, other.id, self.log.service)] == named, "parties",
             "the logs are not those of the document's parties and service")
        need(all(map(bytes.__eq__, provider.words, other.words)), "statement", "the provider says one thing here and another there")
        provider.revoked = max(provider, other, key=lambda party: len(party.words)).revoked      # by the statements of either log

    def made(self, log, kind, party, **wanted):
        """The changes by which a party made a record of a kind, and its fields: as they were made they count."""
        for change in log.changes:
            for record, its, cells in change.records:
                fields = {name: cells.get((name, None), ...) for name in FIELDS[kind]} | {"record": record}
                made = its == kind and change.party is party and cells.get(("@life", None)) is True
                if made and wanted.items() <= fields.items():
                    change.used = True
                    yield change, fields, cells

    def names(self):
        """What the parties call themselves, by their own word alone."""
        for party in self.parties:
            record = natural(self.log.space, "party", [party.id])
            for _, _, cells in self.made(self.log, "party", party, org=party.id, record=record):
                names = [cells[cell] for cell in sorted(cells, key=str) if cell[0] == "legalName" and type(cells[cell]) is str]
                yield "note", f"name: the {party.name}, in its own words: {' / '.join(names) or 'nothing'}"

    def signatures(self):
        """Each party has signed. A signature that is not valid takes nothing from one that is."""
        for party in self.parties:
            told, wrong = [], [("signature", f"none by the {party.name}: half-signed, or only proposed")]
            for change, fields, _ in self.made(self.log, "agreement-signature", party, agreement=self.id):
                try:
                    told.append(self.signature(change, fields))
                except Wrong as found:
                    wrong.append(found.args)
            yield from [("ok", f"signature: {words}") for words in told]
            for reason, words in wrong[1:] or wrong[len(told):]:
                yield ("note", f"signature: {words}") if told else ("WRONG", f"{reason}: {words}")

    def signature(self, change, fields):
        """It is of the party whose entry holds it, by a device that may sign there, on views that are beginnings of the logs."""
        where, logs = f"the signature in entry {change.position}", {log.space.hex(): log for log in (self.log, self.service)}
        shaped(fields, FIELDS["agreement-signature"], "signature", where)
        views = read(fields["views"].encode(), VIEWS, "views", where, json.loads, canonical)
        spaces = [space for space, _, _, _ in views]
        self.archive.taken |= {f"{logs[space].side}/{size}.consistency.json" for space, _, size, _ in views if space in logs}
        need(fields["org"] == change.party.id, "signature", f"{where}: stands in an entry of another organisation")
        need(ascending(spaces) and {part["space"] for part in self.agreed["scope"]} <= set(spaces) <= logs.keys(), "views",
             f"{where}: views out of order, none of a space in scope, or one of a space that is not here")
        for space, epoch, size, root in views:
            self.view(logs[space], epoch, size, bytes.fromhex(root), change, where)
        owner, rights = change.rights.get(fields["device"], (None, 0))
        need(owner is change.party and rights & SIGN, "rights", f"{where}: its device has no right to sign there")
        title = "" if fields["title"] in (None, ...) else fields["title"]
        seen = [[bytes.fromhex(space), epoch, size, bytes.fromhex(root)] for space, epoch, size, root in views]
        signed(fields["device"], fields["signature"], "agreement", cbor([self.digest, fields["org"], fields["name"], title, seen]),
               "signature", where)
        mark = change.party.revoked.get(fields["device"])
        need(mark is None or mark >= change.received, "compromised",
             f"contested: the {change.party.name}'s device was marked so before its signature came")
        when = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=min(max(change.received, 0), 1 << 47))
        return (f"by {fields['name']}{title and ', ' + title} for {fingerprint(fields['org'])} in entry {change.position}, "
                f"received {when:%Y-%m-%d %H:%M}, device {fields['device'].hex()[:16]} with the right to sign there")

    def view(self, log, epoch, size, root, change, where):
        """It is a beginning of its log. One of more than was left of an epoch that ended can be compared with nothing."""
        name = f"{log.side}/{size}.consistency.json"
        need(epoch <= log.epoch, "views", f"{where}: a view of an epoch to come")
        need(log is self.service or size <= change.position, "views", f"{where}: a view larger than the log before it")
        if size > min((at for after, at in log.cuts if epoch < after), default=size):
            return
        need(size <= log.point.size, "views", f"{where}: a view larger than its log")
        path = [] if size == log.point.size else read(
            self.archive.take(name, "views"), [HEX32, ...], "views", where, json.loads, canonical)
        need(proved(grow, size, log.point.size, root, map(bytes.fromhex, path), [root, log.point.root]), "views",
             f"{where}: its view of the {log.side}'s log is not a beginning of it")

    def release(self):
        """It has the digest named, and holds every covered record of the service."""
        named, label = self.agreed["release"], None
        for change, fields, _ in self.made(self.service, "release", *self.service.parties.values(), record=bytes.fromhex(named["record"])):
            shaped(fields, FIELDS["release"], "release", change.where)
            text, label = fields["document"].encode(), fields["label"]
            need(sha(text).hex() == named["digest"], "release", "not with the digest that the document names")
            rows = read(text, LISTED, "release", change.where, json.loads, canonical)
            need(ascending(row[0] for row in rows), "release", "its list is out of order")
            held = {tuple(row) for row in rows}
            for record in self.agreed["records"]:
                need(record["space"] != self.agreed["service"] or (record["record"], record["kind"], record["digest"]) in held,
                     "release", f"it does not hold record {record['record']} as covered")
        need(label is not None, "release", "the entry that holds it is missing")
        yield "ok", f"release: {label}: {named['digest'][:16]}, holds every covered record of the service"

    def end(self):
        """A party may end it; of several last days the first counts."""
        for party in self.parties:
            for change, fields, _ in self.made(self.log, "agreement-end", party, agreement=self.id):
                shaped(fields, FIELDS["agreement-end"], "end", f"entry {change.position}")
                self.ends.append(fields["endsOn"])
                yield "note", f"end: ended by the {party.name}, the last day being {fields['endsOn']}"

    def fingerprints(self):
        """Which parties are those whose fingerprints were given."""
        for org in set(self.trusted) - {party.id for party in self.parties}:
            yield "WRONG", f"fingerprint: {fingerprint(org)} was given and is of neither party"
        for party in self.parties:
            given = party.id in self.trusted
            yield "ok" if given else "note", f"fingerprint: {party.name} {fingerprint(party.id)}" + (
                ", as given" if given else " was not compared: anybody could have taken its part")

    def days(self):
        """Whether it holds on a day."""
        first, last = self.agreed["validFrom"], min(filter(None, [self.agreed["validTo"], *self.ends]), default=None)
        holds = (first or "") <= self.on <= (last or "9999-12-31")
        yield "ok" if holds else "note", (f"dates: {'holds' if holds else 'does not hold'} on {self.on}; "
                                          f"{first or 'no first day'} to {last or 'no last day'}")

    def leftovers(self):
        """The archive holds nothing beside what was asked for."""
        for name in sorted(self.archive.files.keys() - self.archive.taken):
            yield "WRONG", f"archive: {name!r} belongs to nothing in this evidence"
        for change in self.log.changes + self.service.changes:
            if not change.used:
                yield "WRONG", f"archive: {change.where.replace(' ', '/')}.entry holds nothing of this agreement"

def main(arguments=None):
    parser = argparse.ArgumentParser(description="Checks evidence of an agreement.")
    parser.add_argument("archive")
    parser.add_argument("--trust", metavar="FINGERPRINT", type=organisation, action="append", default=[])
    parser.add_argument("--at", metavar="YYYY-MM-DD", type=lambda on: on if day(on) else int("x"), default=str(datetime.date.today()))
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
            lines = [("WRONG", ": ".join(found.args))]
        wrong += sum(level == "WRONG" for level, _ in lines)
        for level, words in lines:
            print(level, "".join(letter if letter.isprintable() else "\ufffd" for letter in words))
        if wrong and check in ("document", "logs"):         # what follows would rest on it
            break
    print(f"does not verify: {wrong} wrong" if wrong else "everything fits together")
    return 5 if wrong else 0

if __name__ == "__main__":
    sys.exit(main())
