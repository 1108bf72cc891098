#!/usr/bin/env python3
"""Checks evidence of an agreement by Protocol/PROTOCOL.md alone; it shares no code with the programs it checks.

    verify.py ARCHIVE [--trust FINGERPRINT]... [--at YYYY-MM-DD]

ARCHIVE is what `buntan export evidence` wrote. Give the fingerprints of both parties as each told it to you by a way of
its own: without them everything may fit together and still be made by somebody else. Prints a line for each thing that
holds ("ok"), that is to be known ("note") and that does not hold ("WRONG"), each with a word for its subject.

Ends with 0 if everything holds, 5 if anything does not, 2 for wrong usage. As with the product's own checker, a party
that was not compared because no --trust was given and a day outside the dates are notes. Needs Python 3.11 and the package
cryptography; works without server, store and network.
"""

import argparse
import base64
import binascii
import contextlib
import datetime
import hashlib
import json
import re
import struct
import sys
import zoneinfo

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ARCHIVE_BYTES, MEMBER_BYTES = 256 << 20, 8 << 20
WRITE, SIGN, ADMIN = 2, 4, 8
NAME = re.compile(r"(engagement|service)/(checkpoint|(0|[1-9][0-9]{0,15})(\.entry|\.payload|\.proof|\.consistency\.json))")
KEYS = {"party": ["org"], "cloud-service": [], "responsibility": ["framework", "controlId", "itemKey"], "engagement": ["side"],
        "responsibility-position": ["framework", "controlId", "itemKey", "side"]}


class Wrong(Exception):
    """Something that does not hold: a word for what it is about, and a sentence."""


def need(holds, word, text):
    if not holds:
        raise Wrong(word, text)


# --- bytes: the strict CBOR profile, canonical JSON, hashes, signatures (sections 2 to 4, 15) ---------------------------

def encode(value):
    def head(major, n):
        for info, (size, end) in enumerate(((0, 24), (1, 1 << 8), (2, 1 << 16), (4, 1 << 32), (8, 1 << 64))):
            if n < end:
                return bytes([major << 5 | (23 + info if size else n)]) + (n.to_bytes(size, "big") if size else b"")
    if value is None or value is True or value is False:
        return {False: b"\xf4", True: b"\xf5", None: b"\xf6"}[value]
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    return head(4, len(value)) + b"".join(map(encode, value))


def decode(data, word):
    """The one item that the bytes are, if they are in the profile of section 3."""
    def item(at, depth):
        need(at < len(data), word, "CBOR is cut off")
        major, info, at = data[at] >> 5, data[at] & 31, at + 1
        if major == 7:
            need(info in (20, 21, 22), word, "CBOR of a type that the profile lacks")
            return {20: False, 21: True, 22: None}[info], at
        need(info < 28 and major != 6, word, "CBOR of indefinite length, or a tag")
        size = 0 if info < 24 else 1 << info - 24
        need(at + size <= len(data), word, "CBOR is cut off")
        n, at = (int.from_bytes(data[at:at + size], "big") if size else info), at + size
        need(not size or n >= (24, 1 << 8, 1 << 16, 1 << 32)[info - 24], word, "CBOR is not in its shortest form")
        if major < 2:
            need(n < 1 << 62, word, "CBOR integer out of range")
            return (n if major == 0 else -1 - n), at
        need(n <= len(data) - at, word, "CBOR is cut off")
        if major < 4:
            part = data[at:at + n]
            return (part if major == 2 else text(part, word)), at + n
        need(depth < 8, word, "CBOR too deep")
        result, last = ([] if major == 4 else {}), b""
        for _ in range(n):
            if major == 4:
                value, at = item(at, depth + 1)
                result.append(value)
                continue
            key, end = item(at, depth + 1)
            need(type(key) is int and data[at:end] > last, word, "CBOR keys out of order")
            last = data[at:end]
            result[key], at = item(end, depth + 1)
        return result, at
    value, end = item(0, 0)
    need(end == len(data), word, "bytes after the CBOR")
    return value


def text(data, word):
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Wrong(word, "no UTF-8") from None


def canonical(value):
    if isinstance(value, dict):
        members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{canonical(key)}:{canonical(part)}" for key, part in members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def unjson(data, word):
    try:
        source = text(data, word) if isinstance(data, bytes) else data
        whole = lambda digits: int(digits) if len(digits) < 18 and abs(int(digits)) <= 1 << 53 else None
        value = json.loads(source, parse_int=whole, parse_float=lambda _: None, parse_constant=lambda _: None)
        need(canonical(value) == source, word, "JSON is not canonical")
        return value
    except (ValueError, RecursionError):
        raise Wrong(word, "JSON cannot be read") from None


def sha(data):
    return hashlib.sha256(data).digest()


def labelled(label, data):
    return b"buntan." + label.encode() + b".v1\0" + data


def H(label, data):
    return sha(labelled(label, data))


def good_key(key):
    """No point of small order, and a number below p (RFC 8032)."""
    p, y = 2**255 - 19, int.from_bytes(key, "little") & (1 << 255) - 1
    eighth = int.from_bytes(bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little")
    return y < p and y not in (0, 1, p - 1, eighth, p - eighth)


def verifies(key, signature, data):
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, data)
        return True
    except (InvalidSignature, ValueError):
        return False


def signed(key, label, signature, data, what, word="signature"):
    need(verifies(key, signature, labelled(label, data)), word, f"{what}: the signature '{label}' does not verify")


def octets(*sizes):
    return lambda v: type(v) is bytes and len(v) in sizes


ID, HASH, SIG, BYTES, LIST, MAP, TEXT, INT = octets(16), octets(32), octets(64), *(
    (lambda v, t=t: type(v) is t) for t in (bytes, list, dict, str, int))


def up_to(last, first=0):
    return lambda v: type(v) is int and first <= v <= last


COUNT, SCHEMA, CAPS, ONE = up_to(2**53), up_to(1_000_000), up_to(15), up_to(1, 1)


def shape(value, must, word, may=None):
    """The value, if it is a map of exactly these keys, or a list of exactly these parts, each as it should be."""
    if isinstance(must, list):
        need(type(value) is list and len(value) == len(must) and all(c(v) for c, v in zip(must, value)), word, "not of its layout")
        return value
    checks = must | (may or {})
    need(type(value) is dict and must.keys() <= value.keys() <= checks.keys(), word, "keys missing or unknown")
    need(all(checks[key](part) for key, part in value.items()), word, "a part is not of its layout")
    return value


def printable_name(v, longest=64, without=""):
    return type(v) is str and 1 <= len(v) <= longest and all("!" <= c <= "~" and c not in without for c in v)


def day(v):
    with contextlib.suppress(ValueError, TypeError):
        return datetime.date.fromisoformat(v) if re.fullmatch(r"\d{4}-\d\d-\d\d", v, re.ASCII) else None


def hexed(v, size):
    return type(v) is str and re.fullmatch(f"[0-9a-f]{{{2 * size}}}", v) is not None


def fingerprint(organisation):
    letters = base64.b32encode(organisation).decode().rstrip("=").lower()
    return "-".join(letters[i:i + 4] for i in range(0, len(letters), 4))


def moment(millis):
    return str(datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=millis))[:16] if 0 <= millis < 1 << 47 else "?"


# --- the archive (section 15) -------------------------------------------------------------------------------------------

def zipped(files):
    """The one form of an archive of these files."""
    body, directory = b"", b""
    for name, data in files.items():
        head = struct.pack("<5H3L2H", 10, 0, 0, 0, 33, binascii.crc32(data), len(data), len(data), len(name), 0)
        directory += b"PK\1\2\n\0" + head + struct.pack("<3H2L", 0, 0, 0, 0, len(body)) + name.encode()
        body += b"PK\3\4" + head + name.encode() + data
    end = struct.pack("<4H2LH", 0, 0, len(files), len(files), len(directory), len(body), 0)
    return body + directory + b"PK\5\6" + end


def unzipped(data):
    need(len(data) <= ARCHIVE_BYTES, "archive", "too large")
    files, at, last = {}, 0, ""
    while data[at:at + 4] == b"PK\3\4" and len(data) >= at + 30:
        size, length = struct.unpack_from("<LH", data, at + 22)
        name = data[at + 30:at + 30 + length].decode("latin-1")
        need(name in ("document.json", "evidence.json") or NAME.fullmatch(name), "archive", f"holds a file '{name[:80]}'")
        need(name > last, "archive", f"'{name}' is out of order")
        need(size <= MEMBER_BYTES, "archive", f"'{name}' is too large")
        files[name], at, last = data[at + 30 + length:at + 30 + length + size], at + 30 + length + size, name
    need(len(files) < 1 << 16 and sum(map(len, files.values())) <= len(data), "archive", "too many files")
    need(zipped(files) == data, "archive", "not in the form in which evidence is exported; ask for the file as it was exported")
    return files


# --- trees (RFC 6962, RFC 9162 2.1.3 and 2.1.4) ----------------------------------------------------------------------------

def node(left, right):
    return sha(b"\1" + left + right)


def included(leaf, index, size, path, root):
    if index >= size:
        return False
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


def consistent(first, old, second, new, path):
    if first == second:
        return not path and old == new
    path = ([old] if first & first - 1 == 0 else []) + path
    if not 0 < first < second or not path:
        return False
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == old and sr == new


def base_64(line, word):
    try:
        data = base64.b64decode(line, validate=True)
    except ValueError:
        data = b""
    need(data and base64.b64encode(data).decode() == line, word, "base 64 that is none")
    return data


# --- one log: checkpoint, entries, statements, rights by position (sections 6, 7, 10, 11) ---------------------------------

ARGUMENTS = {1: ({1: HASH, 2: HASH, 3: CAPS, 4: TEXT, 5: SIG}, {}), 2: ({1: HASH}, {2: INT}), 3: ({1: HASH, 2: CAPS}, {}),
             4: ({1: HASH, 2: SIG}, {}), 5: ({1: HASH, 2: SIG}, {}), 16: ({1: HASH, 2: CAPS}, {}), 17: ({1: ID, 2: INT}, {}),
             18: ({1: ID}, {}), 19: ({}, {}), 20: ({3: SCHEMA}, {}), 21: ({1: LIST}, {})}
POLICY = {1: up_to(2, 1), 2: lambda v: v is False, 3: SCHEMA}


class Party:
    """What an organisation has said in a log: about itself, and about the space."""

    def __init__(self, root):
        self.root, self.recovery, self.words, self.local = root, None, [], []
        self.caps, self.revoked, self.compromised, self.restricted = {}, set(), {}, {}


class Log:
    """A log of the archive, read from its genesis on. What each change may do follows from what stands before it."""

    def __init__(self, side, files, space, kind):
        self.side, self.files, self.space, self.used = side, files, space, set()
        self.parties, self.owner, self.changes, self.signers = {}, {}, [], {}
        note = self.take("checkpoint")
        self.size, self.root, origin, signatures = self.checkpoint(note)
        positions = sorted(int(m[3]) for m in map(NAME.fullmatch, files) if m and m[1] == side and m[4] == ".entry")
        need(positions[:1] == [0], "genesis", f"{side}: no genesis")
        need(positions[-1] < self.size, "inclusion", f"{side}: entry {positions[-1]} is beyond the checkpoint")
        self.founded = False
        for expected, position in enumerate(positions):
            raw = self.take(f"{position}.entry")
            self.proof(position, raw, note)
            entry = shape(decode(raw, "entry"), {1: up_to(3), 2: INT, 3: BYTES, 4: SIG}, "entry", {5: SIG})
            need((entry[1] == 0) == (position == 0) and (5 in entry) == (entry[1] == 0 and kind == 2), "entry",
                 f"{side} {position}: not of its layout")
            if position != expected or entry[1] == 1:
                need(self.founded, "founding", f"{side}: something stands before the founding devices are admins")
            self.before, where = (self.origin(), self.key) if position else None, f"{side} {position}"
            if entry[1] == 0:
                self.genesis(entry, kind)
            elif entry[1] == 1:
                self.change(position, entry, self.take(f"{position}.payload"), where)
            elif entry[1] == 2:
                self.statement(position, entry[3], entry[4], where)
            else:
                self.server_statement(position, entry[3], entry[4], where)
            self.founded = self.founded or all(self.may(org, device, ADMIN) for org, device in self.founders)
        need(self.founded, "founding", f"{side}: the founding devices are not made admins")
        in_force = [(self.origin(), self.key)]
        if positions[-1] == self.size - 1 and self.size > 1:
            in_force.append(self.before)
        need(any(o == origin and self.note_signed(signatures, o, key, note) for o, key in in_force), "checkpoint",
             f"{side}: not signed by the log key in force under the origin in force")

    def take(self, name, word=None):
        name = f"{self.side}/{name}"
        need(name in self.files, word or name.split(".")[-1].split("/")[-1], f"'{name}' is missing")
        self.used.add(name)
        return self.files[name]

    def origin(self):
        return f"{self.server}/buntan/{self.space.hex()}/e{self.epoch}"

    def checkpoint(self, note):
        need(len(note) <= 4096, "checkpoint", f"{self.side}: too long")
        parts = re.fullmatch("([^\n]+)\n([1-9][0-9]{0,15})\n([^\n]+)\n\n((?:\u2014 [^ \n]+ [^ \n]+\n)+)", text(note, "checkpoint"))
        need(parts, "checkpoint", f"{self.side}: not a note of three lines with signatures")
        root = base_64(parts[3], "checkpoint")
        need(len(root) == 32, "checkpoint", f"{self.side}: a root of another length")
        return int(parts[2]), root, parts[1], [line.split(" ")[1:] for line in parts[4].splitlines()]

    def note_signed(self, signatures, origin, key, note):
        body, key_id = note[:note.index(b"\n\n") + 1], sha(origin.encode() + b"\n\1" + key)[:4]
        blobs = [base_64(signature, "checkpoint") for name, signature in signatures if name == origin]
        return any(len(blob) == 68 and blob[:4] == key_id and verifies(key, blob[4:], body) for blob in blobs)

    def proof(self, position, raw, note):
        head, _, rest = self.take(f"{position}.proof").partition(b"\n\n")
        lines = text(head, "proof").split("\n")
        need(lines[:2] == ["c2sp.org/tlog-proof@v1", f"index {position}"], "proof", f"{self.side} {position}: another format or index")
        need(rest == note, "proof", f"{self.side} {position}: with another checkpoint")
        path = [base_64(line, "proof") for line in lines[2:]]
        need(included(sha(b"\0" + raw), position, self.size, path, self.root), "inclusion",
             f"{self.side} {position}: not in the log under the checkpoint")

    def genesis(self, entry, kind):
        raw = entry[3]
        need(len(raw) <= 16384, "genesis", f"{self.side}: too large")
        invited = {9: ID, 10: BYTES, 11: SIG} if kind == 2 else {}
        server = lambda v: printable_name(v, 255, "+/@") or (v is None and kind == 1)
        g = self.g = shape(decode(raw, "genesis"), {1: ONE, 2: up_to(kind, kind), 3: LIST, 4: server, 5: HASH, 6: MAP, 7: ID,
                                                   8: HASH} | invited, "genesis")
        shape(g[6], POLICY, "genesis")
        need(H("space", raw)[:16] == self.space, "genesis", f"{self.side}: its bytes do not give the space's id")
        need(len(g[3]) == kind, "genesis", f"{self.side}: not the parties of its type")
        for side, part in enumerate(g[3], 1):
            shape(part, [up_to(side, side), ID, HASH], "genesis")
            need(H("org", part[2])[:16] == part[1], "genesis", f"{self.side}: a party is not that of its root key")
            self.parties[part[1]] = Party(part[2])
        need(len(self.parties) == kind, "genesis", f"{self.side}: twice the same party")
        self.provider, self.server, self.key, self.epoch = g[3][0][1], g[4] or "local", g[5], 0
        self.epochs, self.least = [(0, 0)], g[6][3]
        need(all(map(good_key, [g[5], g[8], *(part[2] for part in g[3])])), "genesis", f"{self.side}: a weak key")
        signed(g[8], "genesis", entry[4], raw, f"{self.side} 0", "genesis")
        self.founders = {(g[3][-1][1], g[8])}
        if kind == 2:
            need(len(g[10]) <= 4096, "invitation", "too large")
            i = shape(decode(g[10], "invitation"), {1: ONE, 2: ID, 3: ID, 4: TEXT, 5: HASH, 6: MAP, 7: HASH, 8: INT, 9: HASH}, "invitation")
            need(i[2] == g[9] and i[3] == self.provider and [i[4], i[5], i[6]] == [g[4], g[5], g[6]] and type(i[6][2]) is bool,
                 "invitation", "it is for another service, provider, server or policy")
            need(good_key(i[7]), "invitation", "a weak key")
            signed(i[9], "invitation", g[11], g[10], "the invitation", "invitation")
            signed(i[7], "accept", entry[5], raw, f"{self.side} 0", "invitation")
            self.founders.add((self.provider, i[9]))

    def may(self, org, device, bit, here=True):
        party = self.parties[org]
        caps = party.caps.get(device, 0) & (party.restricted.get(device, 15) if here else 15)
        return self.owner.get(device) == org and device not in party.revoked and caps & bit != 0

    def statement(self, position, raw, signature, where):
        need(len(raw) <= 65536, "statement", f"{where}: too large")
        s = shape(decode(raw, "statement"), {1: ONE, 2: ID, 3: lambda v: v is None or ID(v), 4: up_to(2**53, 1),
                                             5: lambda v: v is None or HASH(v), 6: HASH, 7: COUNT, 8: MAP, 9: INT}, "statement")
        org, signer, kind, a = s[2], s[6], s[7], s[8]
        need(org in self.parties and kind in ARGUMENTS, "statement", f"{where}: by no party of this space, or of no known type")
        party, own = self.parties[org], kind < 16
        chain = party.words if own else party.local
        need(s[3] == (None if own else self.space), "statement", f"{where}: about another space")
        need(s[4] == len(chain) + 1, "statement", f"{where}: number {s[4]} where {len(chain) + 1} is due")
        need(s[5] == (sha(chain[-1]) if chain else None), "statement", f"{where}: does not follow the one before")
        shape(a, ARGUMENTS[kind][0], "statement", ARGUMENTS[kind][1])
        signed(signer, "statement", signature, raw, where, "statement")
        root, admin = signer == party.root, self.may(org, signer, ADMIN, here=not own)
        by = {4: root or signer == party.recovery, 5: signer == (party.recovery or party.root)}.get(kind, root or admin)
        need(by and (chain or not own or (root and kind == 1)), "statement", f"{where}: its signer may not make it")
        held = 15 if root else party.caps.get(signer, 0) & (15 if own else party.restricted.get(signer, 15))
        device, had = a.get(1), 0
        if kind in (1, 4, 5):
            need(good_key(device), "statement", f"{where}: a weak key")
        if kind in (2, 3, 16):
            need(device in party.caps, "statement", f"{where}: about a device that is not enrolled")
            need(kind == 2 or device not in party.revoked, "statement", f"{where}: about a device that was revoked")
            had = party.caps[device] if kind == 3 else party.restricted.get(device, 15)
        if kind in (1, 3, 16):
            given = a[3] if kind == 1 else a[2]
            need(given & ~had & ~held == 0, "statement", f"{where}: grants what its signer does not hold")
        if kind == 1:
            need(device not in party.caps, "statement", f"{where}: enrols a device again")
            need(len(a[4].encode()) <= 256, "statement", f"{where}: too long a label")
            signed(device, "enrol", a[5], encode([org, device, a[2]]), where, "statement")
            party.caps[device] = a[3]
            self.owner.setdefault(device, org)
        elif kind == 2:
            party.revoked.add(device)
            party.compromised |= {device: a[2]} if 2 in a else {}
        elif kind in (3, 16):
            (party.caps if kind == 3 else party.restricted)[device] = a[2]
        elif kind in (4, 5):
            signed(a[1], "root", a[2], encode([org, a[1]]), where, "statement")
            party.root, party.recovery = (a[1], party.recovery) if kind == 4 else (party.root, a[1])
        elif kind == 20:
            need(a[3] > self.least, "statement", f"{where}: does not raise the least schema")
            self.least = a[3]
        elif kind == 21:
            lists = [a[1]] + [shape(part, [ID, LIST], "statement")[1] for part in a[1]]
            need(all(part and part == sorted(part) and len({encode(p) for p in part}) == len(part) for part in lists)
                 and all(COUNT(n) for part in lists[1:] for n in part), "statement", f"{where}: a list out of order")
        else:
            need(len(self.parties) == 2 and (kind != 19 or org == self.provider), "statement", f"{where}: not of this space or party")
            need(kind != 17 or (a[1] not in self.parties and a[2] - s[9] <= 400 * 86_400_000), "statement", f"{where}: a reader it cannot be")
        chain.append(raw)

    def server_statement(self, position, raw, signature, where):
        word = "server-statement"
        s = shape(decode(raw, word), {1: ONE, 2: ID, 3: up_to(3, 1), 4: MAP}, word)
        need(s[2] == self.space, word, f"{where}: for another space")
        signed(self.key, "server", signature, raw, where, word)
        server = lambda v: printable_name(v, 255, "+/@")
        a = shape(s[4], {1: {1: COUNT, 2: COUNT, 3: HASH}, 2: {1: HASH}, 3: {1: server, 2: HASH}}[s[3]], word)
        if s[3] == 1:
            need(a[1] == self.epoch and a[2] == position, word, f"{where}: ends another epoch, or elsewhere")
            self.epoch += 1
            self.epochs.append((position + 1, self.epoch))
            return
        self.server, self.key = (self.server, a[1]) if s[3] == 2 else (a[1], a[2])
        need(good_key(self.key), word, f"{where}: a weak key")

    def epoch_at(self, size):
        return [epoch for first, epoch in self.epochs if first <= size][-1]

    def change(self, position, entry, payload, where):
        word, raw = "change", entry[3]
        c = shape(decode(raw, word), {1: ONE, 2: ID, 3: HASH, 4: ID, 5: LIST, 6: INT, 7: SCHEMA, 8: LIST, 9: HASH}, word)
        need(c[2] == self.space, word, f"{where}: for another space")
        epoch, size, _ = shape(c[5], [COUNT, up_to(2**53, 1), HASH], word)
        need(size <= position and epoch == self.epoch, word, f"{where}: its base is not of the log before it")
        signed(c[3], "change", entry[4], raw, where, word)
        org = self.owner.get(c[3])
        need(org and self.may(org, c[3], WRITE), "rights", f"{where}: its device has no right to write")
        named, edits = shape(c[8], [LIST, LIST], word)
        need(named == sorted(set(named)) and all(map(ID, named)) and edits, word, f"{where}: its edits are not of their layout")
        records, cells, used = {}, [], set()
        for record, kind, ops in [shape(edit, [ID, printable_name, LIST], word) for edit in edits]:
            need(ops and record not in records, word, f"{where}: its edits are not of their layout")
            records[record] = kind, {}
            for field, element, heads in [shape(op, [printable_name, lambda v: v is None or ID(v) or printable_name(v), LIST], word) for op in ops]:
                need((field, element) not in records[record][1] and heads == sorted(heads), word, f"{where}: its edits are not of their layout")
                used |= {tuple(shape(head, [up_to(len(named) - 1), COUNT], word)) for head in heads}
                records[record][1][field, element] = len(cells), heads
                cells.append((field, element))
        need({number for number, _ in used} == set(range(len(named))) and len(cells) <= 500, word, f"{where}: its predecessors are not of their layout")
        values = self.values(payload, c[9], len(cells), where)
        made = {}           # what this change created: the values by field of each record
        for record, (kind, ops) in records.items():
            got = {cell: values[n] for cell, (n, heads) in ops.items() if not heads}
            if got.get(("@life", None)) is True:
                made[record] = kind, got
        self.signers[position] = {(o, device) for device, o in self.owner.items() if self.may(o, device, SIGN)}
        self.changes.append((position, entry[2], c[3], org, made))

    def values(self, payload, root, n, where):
        """The values of a payload in either form, an erased one left out as `...`."""
        p = decode(payload, "values")
        if type(p) is dict and 3 in p:
            slots = [slot if HASH(slot) else shape(slot, [ID, VALUE], "values") for slot in shape(p, {3: LIST}, "values")[3]]
        else:
            shape(p, {1: ID, 2: LIST}, "values")
            need(all(map(VALUE, p[2])), "values", f"{where}: a value that is none")
            slots = [[H("salt", p[1] + struct.pack(">L", i))[:16], value] for i, value in enumerate(p[2])]
        need(len(slots) == n, "values", f"{where}: not one value for each op")
        leaves = [slot if HASH(slot) else sha(b"\0buntan.value.v1\0" + slot[0] + encode(slot[1])) for slot in slots]
        need(tree(leaves) == root, "values", f"{where}: the values are not those that the change commits to")
        return [... if HASH(slot) else slot[1] for slot in slots]


def tree(leaves):
    if len(leaves) < 2:
        return leaves[0] if leaves else sha(b"")
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node(tree(leaves[:split]), tree(leaves[split:]))


def VALUE(v):
    return v is None or type(v) is bool or (type(v) is int and abs(v) < 2**53) or (type(v) is bytes and len(v) <= 64) or (
        type(v) is str and len(v.encode()) <= 4 << 20)


# --- the document, signatures, release, ends (section 15) -------------------------------------------------------------------

def cell_value(v):
    """A printed value or element as it is, or `...` if it is none."""
    if type(v) is dict:
        part = v.get("b")
        return bytes.fromhex(part) if v.keys() == {"b"} and type(part) is str and len(part) <= 128 and hexed(part, len(part) // 2) else ...
    return ... if type(v) is list or not VALUE(v) else v


def document(raw, evidence):
    """The document, if it is as a reader takes it."""
    word = "document"
    need(len(raw) <= 4 << 20, word, "too large")
    need(sha(raw).hex() == evidence["document"], "digest", "the document is not the one that evidence.json names")
    d = unjson(raw, word)
    members = "format agreement engagement service provider customer release validFrom validTo terms scope except records"
    need(type(d) is dict and d.keys() == set(members.split()) and d["format"] == "buntan-agreement-1", word, "other or missing members")
    need(all(hexed(d[k], 16) for k in ("agreement", "engagement", "service", "provider", "customer")), word, "an id that is none")
    need(d["agreement"][12] == "7" and d["agreement"][16] in "89ab", word, "its id is no UUIDv7")
    need(all(d[k] == evidence[k] for k in ("agreement", "engagement", "service")), word, "it is of another agreement than evidence.json")
    need(type(d["release"]) is dict and d["release"].keys() == {"record", "digest"} and hexed(d["release"]["record"], 16)
         and hexed(d["release"]["digest"], 32), word, "its release")
    need(all(d[k] is None or day(d[k]) for k in ("validFrom", "validTo")), "dates", "a day that does not exist")
    terms = d["terms"]
    need(type(terms) is dict and terms.keys() == {"reviewInterval", "timeZone"} and all(map(TEXT, terms.values())), word, "its terms")
    need(all(type(d[k]) is list for k in ("scope", "except", "records")), word, "other members")
    parts = []
    for part in d["scope"]:
        need(type(part) is dict and {"space", "kind"} <= part.keys() <= {"space", "kind", "keys"} and printable_name(part["kind"])
             and part["space"] in (d["engagement"], d["service"]), "scope", "a part of another form, or of another space")
        keys = part.get("keys", [[""]])
        need(type(keys) is list and keys and all(type(k) is list and k and all(map(TEXT, k)) for k in keys), "scope", "keys of another form")
        parts.append(encode([bytes.fromhex(part["space"]), part["kind"], part.get("keys")]))
    need(parts == sorted(set(parts)), "scope", "out of order")
    need(all(hexed(e, 16) for e in d["except"]) and d["except"] == sorted(set(d["except"])), "except", "out of order, or no ids")
    order = [covered(r, d) for r in d["records"]]
    need(order == sorted(set(order)), word, "records out of order")
    return d


def covered(r, d):
    """Checks a record that the document covers; gives what it is sorted by."""
    need(type(r) is dict and r.keys() == {"space", "record", "kind", "digest", "cells"} and hexed(r["space"], 16) and hexed(r["record"], 16)
         and printable_name(r["kind"]) and type(r["cells"]) is list, "document", "a record with other members")
    cells, where = [], f"record {r['record']}"
    for cell in r["cells"]:
        need(type(cell) is list and len(cell) == 3, "cells", f"{where}: a cell of another form")
        field, element, value = cell[0], cell_value(cell[1]), cell_value(cell[2])
        need(printable_name(field) and field != "@life" and (element is None or ID(element) or printable_name(element)), "cells",
             f"{where}: a cell that is none or is not covered")
        need(value is not ... and value is not None and not (value is False and element is not None), "cells", f"{where}: a value not covered")
        need(type(value) is not str or len(value.encode()) <= 65536 or (field == "document" and element is None), "cells", f"{where}: a value too long")
        cells.append([field, element, value])
    need([encode(c) for c in cells] == sorted({encode(c) for c in cells}) and len({encode(c[:2]) for c in cells}) == len(cells), "cells",
         f"{where}: cells out of order")
    space, record = bytes.fromhex(r["space"]), bytes.fromhex(r["record"])
    need(H("covered", encode([space, record, r["kind"], cells])).hex() == r["digest"], "digest", f"{where}: not the digest of its values")
    plain_cells = {field: value for field, element, value in cells if element is None}
    if r["kind"] in KEYS:
        need(record == natural(space, r["kind"], plain_cells), "key", f"{where}: its id is not that of its key")
    key = [plain_cells.get(field) for field in KEYS.get(r["kind"], [])]
    def holds(prefix):
        n = len(prefix) - 1
        return len(key) > n and key[:n] == prefix[:n] and type(key[n]) is str and key[n].encode().startswith(prefix[n].encode())
    need(any(part["space"] == r["space"] and (r["kind"] + ".").startswith(part["kind"] + ".")
             and ("keys" not in part or any(map(holds, part["keys"]))) for part in d["scope"]), "scope", f"{where}: in no part of the scope")
    need(r["record"] not in d["except"], "except", f"{where}: covered, though it is an exception")
    return encode([space, record])


def natural(space, kind, values):
    digest = bytearray(H("record", encode([space, kind, [values.get(field) for field in KEYS[kind]]]))[:16])
    digest[6], digest[8] = digest[6] & 15 | 128, digest[8] & 63 | 128
    return bytes(digest)


def field(cells, name, check, word, where, missing=None):
    value = cells.get((name, None), missing)
    need(value is not ..., word, f"{where}: its {name} was erased")
    need(check(value), word, f"{where}: its {name} is missing or of another type")
    return value


def signature(entry, cells, d, raw, logs):
    """Checks one signature under the document; gives the party and what is to be told."""
    position, received, author, org, _ = entry
    where = f"the signature in entry {position}"
    take = lambda name, check, missing=None: field(cells, name, check, "signature", where, missing)
    need(take("org", ID) == org, "signature", f"{where}: stands in an entry of another organisation")
    device, name, title = take("device", HASH), take("name", TEXT), take("title", lambda v: v is None or TEXT(v)) or ""
    views = unjson(take("views", TEXT), "views")
    need(type(views) is list and all(type(v) is list and len(v) == 4 and hexed(v[0], 16) and COUNT(v[1]) and COUNT(v[2]) and hexed(v[3], 32)
                                     for v in views), "views", f"{where}: of another form")
    views = [[bytes.fromhex(v[0]), v[1], v[2], bytes.fromhex(v[3])] for v in views]
    need(views == sorted(views) and len({v[0] for v in views}) == len(views), "views", f"{where}: views out of order")
    signed(device, "agreement", take("signature", SIG), encode([sha(raw), org, name, title, views]), where)
    need({bytes.fromhex(part["space"]) for part in d["scope"]} <= {v[0] for v in views} <= logs.keys(), "views",
         f"{where}: not on a view of each space in scope, or on one of another")
    engagement = logs[bytes.fromhex(d["engagement"])]
    need((org, device) in engagement.signers[position], "rights", f"{where}: its device had no right to sign there")
    for space, epoch, size, root in views:
        log = logs[space]
        need(size <= log.size and (log is not engagement or size <= position), "views", f"{where}: a view larger than the log it can have seen")
        need(size and epoch == log.epoch_at(size), "views", f"{where}: a view of another epoch")
        path = []
        if size < log.size:
            path = [bytes.fromhex(h) if hexed(h, 32) else b"" for h in listed(unjson(log.take(f"{size}.consistency.json", "views"), "views"))]
        need(consistent(size, root, log.size, log.root, path), "views", f"{where}: its view of the {log.side}'s log is no beginning of that log")
    return org, device, received, f"by {name}, {title} for {fingerprint(org)}, device {device.hex()[:16]}, entry {position}, received {moment(received)}"


def listed(value):
    need(type(value) is list and all(map(TEXT, value)), "views", "a proof of another form")
    return value


def verify(data, trusted, at, say):
    """Checks an archive; hands each line to `say` as (mark, word, text)."""
    @contextlib.contextmanager
    def part():
        try:
            yield
        except Wrong as wrong:
            say("WRONG", *wrong.args)
    with part():
        files = unzipped(data)
        need({"evidence.json", "document.json"} <= files.keys(), "archive", "'evidence.json' or 'document.json' is missing")
        evidence = unjson(files["evidence.json"], "evidence")
        need(type(evidence) is dict and evidence.keys() == {"agreement", "document", "engagement", "format", "service"}
             and evidence["format"] == "buntan-evidence-1" and hexed(evidence["document"], 32)
             and all(hexed(evidence[k], 16) for k in ("agreement", "engagement", "service")), "evidence", "evidence.json: other members")
        d = None
        with part():
            d = document(files["document.json"], evidence)
            say("ok", "document", f"{evidence['document'][:16]}, as named; {len(d['records'])} records with the digests of their values")
        logs = {}
        for side, kind in (("engagement", 2), ("service", 1)):
            with part():
                log = logs[bytes.fromhex(evidence[side])] = Log(side, files, bytes.fromhex(evidence[side]), kind)
                say("ok", "log", f"{side} {evidence[side]}: {len(log.used) // 2} entries included in {log.size} under root {log.root.hex()[:16]}, signed by log key {log.key.hex()[:16]}")
        if d and len(logs) == 2:
            conclude(files, d, logs, trusted, at, say, part)
        else:
            say("note", "unchecked", "parties, signatures, release and ends were not checked, for what is wrong above")


def conclude(files, d, logs, trusted, at, say, part):
    engagement, service = (logs[bytes.fromhex(d[side])] for side in ("engagement", "service"))
    agreement, provider, customer = (bytes.fromhex(d[k]) for k in ("agreement", "provider", "customer"))
    with part():
        need(list(engagement.parties) == [provider, customer] and engagement.g[9] == service.space and service.provider == provider, "parties",
             "the logs are not of the document's parties and service")
        mine, other = engagement.parties[provider].words, service.parties[provider].words
        need(all(a == b for a, b in zip(mine, other)), "statement", "the provider says one thing in the engagement's log, another in the service's")
    sides = {provider: "provider", customer: "customer"}
    valid, failed, ends, releases = {}, {}, [], []
    for log in logs.values():
        for entry in log.changes:
            with part():
                position, received, author, org, made = entry
                known = False
                for record, (kind, cells) in made.items():
                    if log is engagement and kind == "agreement-signature" and cells.get(("agreement", None)) in (agreement, ...):
                        known = True
                        try:
                            good = signature(entry, cells, d, files["document.json"], logs)
                            valid.setdefault(org, []).append(good)
                        except Wrong as wrong:
                            failed.setdefault(org, []).append(wrong)
                    elif log is engagement and kind == "agreement-end" and cells.get(("agreement", None)) == agreement:
                        known = True
                        ends.append((day(field(cells, "endsOn", day, "end", f"entry {position}")), org))
                    elif log is engagement and kind == "party" and cells.get(("org", None)) == org:
                        known = record == natural(log.space, kind, {"org": org})
                        say("note", "name", f"{sides[org]}, in its own words: " + " / ".join(str(v) for (f, _), v in cells.items() if f == "legalName"))
                    elif log is service and kind == "release" and record.hex() == d["release"]["record"]:
                        known = True
                        releases.append(cells)
                need(known, "archive", f"{log.side}/{position}.entry holds nothing of this agreement")
    for org, side in sides.items():
        for wrong in failed.get(org, []):
            say("note" if org in valid else "WRONG", *wrong.args)
        if org not in valid and org not in failed:
            say("WRONG", "signature", f"none by the {side}: the agreement is half-signed or only proposed")
        for _, device, received, line in valid.get(org, []):
            say("ok", "signature", line)
        doubts = [max((log.parties[org].compromised.get(device) is not None and log.parties[org].compromised[device] < received)
                      for log in logs.values() if org in log.parties) for _, device, received, _ in valid.get(org, [])]
        if doubts and all(doubts):
            say("WRONG", "compromised", f"the {side}'s signing device was marked as compromised before its signature was received: contested")
    with part():
        need(releases, "release", "the entry that holds it is missing")
        listing = field(releases[0], "document", TEXT, "release", "the release")
        need(sha(listing.encode()).hex() == d["release"]["digest"], "release", "not with the digest that the document names")
        rows = unjson(listing, "release")
        need(type(rows) is list and all(type(r) is list and len(r) == 3 and hexed(r[0], 16) and printable_name(r[1]) and hexed(r[2], 32) for r in rows)
             and [r[0] for r in rows] == sorted({r[0] for r in rows}), "release", "its list is of another form")
        missing = [r["record"] for r in d["records"] if r["space"] == d["service"] and [r["record"], r["kind"], r["digest"]] not in rows]
        need(not missing, "release", f"it does not hold record {missing[:1]} as covered")
        say("ok", "release", f"{releases[0].get(('label', None))}: {d['release']['digest'][:16]}, holds every covered record of the service")
    unused = sorted(files.keys() - {"evidence.json", "document.json"} - {f"{log.side}/{n.split('/')[1]}" for log in logs.values() for n in log.used})
    if unused:
        say("WRONG", "archive", f"'{unused[0]}' belongs to nothing in this evidence")
    for org, side in sides.items():
        if org in trusted:
            say("ok", "fingerprint", f"{side} {fingerprint(org)}, as given")
        else:
            say("note", "fingerprint", f"{side} {fingerprint(org)} was not compared: anybody could have taken its part")
    for given in trusted - sides.keys():
        say("WRONG", "fingerprint", f"{fingerprint(given)} was given and is of neither party")
    first, last = day(d["validFrom"]), min(filter(None, [day(d["validTo"]), *(end for end, _ in ends)]), default=None)
    for end, org in ends:
        say("note", "end", f"ended by the {sides[org]}, the last day being {end}")
    if at is None:
        zone = datetime.timezone.utc
        with contextlib.suppress(Exception):
            zone = zoneinfo.ZoneInfo(d["terms"]["timeZone"])
        at = datetime.datetime.now(zone).date()
    holds = (first is None or first <= at) and (last is None or at <= last)
    say("ok" if holds else "note", "dates", f"{'holds' if holds else 'does not hold'} on {at}; {first or 'no first day'} to {last or 'no last day'}")


def trusted_fingerprint(given):
    letters = given.replace("-", "").replace(" ", "").upper()
    with contextlib.suppress(ValueError):
        organisation = base64.b32decode(letters + "======")
        if len(letters) == 26 and fingerprint(organisation).replace("-", "").upper() == letters:
            return organisation
    raise argparse.ArgumentTypeError(f"'{given}' is no fingerprint")


def given_day(given):
    if not day(given):
        raise argparse.ArgumentTypeError(f"'{given}' is no day")
    return day(given)


def main(arguments=None):
    options = argparse.ArgumentParser(description="Checks evidence of an agreement.")
    options.add_argument("archive")
    options.add_argument("--trust", action="append", default=[], type=trusted_fingerprint, metavar="FINGERPRINT")
    options.add_argument("--at", type=given_day, metavar="DATE")
    options = options.parse_args(arguments)
    try:
        with open(options.archive, "rb") as file:
            data = file.read(ARCHIVE_BYTES + 1)
    except OSError as error:
        print(f"verify: {options.archive}: {error.strerror}", file=sys.stderr)
        return 2
    found = []
    def say(mark, word, line):
        found.append(mark)
        print(f"{mark} {word}: " + "".join(c if c.isprintable() else "\ufffd" for c in line).encode(errors="replace").decode())
    verify(data, set(options.trust), options.at, say)
    wrong = found.count("WRONG")
    print(f"does not verify: {wrong} wrong" if wrong else "everything fits together")
    return 5 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
