"""Makes whole evidence with keys of its own, and lets a test change any one thing of it before it is signed and hashed.

Written from Protocol/PROTOCOL.md, apart from tools/verify.py: encoding is cbor2's, trees and proofs follow the recursive
definitions of RFC 6962. `Maker({"name": change}).archive()` calls `change` with the thing made under that name.
"""

import base64
import hashlib
import io
import json
import zipfile

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

NOW = 1_800_000_000_000


def sha(data):
    return hashlib.sha256(data).digest()


def labelled(label, data):
    return b"buntan." + label.encode() + b".v1\0" + data


def hashed(label, data):
    return sha(labelled(label, data))


class Key:
    def __init__(self, name):
        self.private = Ed25519PrivateKey.from_private_bytes(sha(name.encode()))
        self.public = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def sign(self, label, data):
        return self.private.sign(labelled(label, data))


def salted(seed, index):
    return hashed("salt", seed + index.to_bytes(4, "big"))[:16]


def committed(seed, index, value):
    return sha(b"\0buntan.value.v1\0" + salted(seed, index) + cbor2.dumps(value))


def tree(leaves):
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha(b"\1" + tree(leaves[:k]) + tree(leaves[k:]))


def path(m, leaves):
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return path(m, leaves[:k]) + [tree(leaves[k:])] if m < k else path(m - k, leaves[k:]) + [tree(leaves[:k])]


def proof(m, leaves, whole=True):
    if m == len(leaves):
        return [] if whole else [tree(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m <= k:
        return proof(m, leaves[:k], whole) + [tree(leaves[k:])]
    return proof(m - k, leaves[k:], False) + [tree(leaves[:k])]


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def zipped(files, **form):
    """An archive as evidence has it; `form` sets attributes of each member otherwise."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.create_version, info.extract_version, info.external_attr = 0, 10, 10, 0
            for attribute, value in form.items():
                setattr(info, attribute, value)
            archive.writestr(info, data)
            info.external_attr = form.get("external_attr", 0)       # writestr sets what was 0
    return out.getvalue()


def unzipped(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def natural(space, kind, key):
    digest = bytearray(hashed("record", cbor2.dumps([space, kind, key]))[:16])
    digest[6], digest[8] = 0x80 | digest[6] & 15, 0x80 | digest[8] & 63
    return bytes(digest)


def seven(n):
    return bytes.fromhex(f"019400000000700080000000{n:08x}")


def noted(head, origin, key):
    """A checkpoint: its three lines, and the signature of a key under the name of an origin."""
    mark = sha(origin.encode() + b"\n\1" + key.public)[:4]
    return f"{head}\n\u2014 {origin} {base64.b64encode(mark + key.private.sign(head.encode())).decode()}\n"


class Log:
    """A log as it grows; `keep` says which entries go into the archive."""

    def __init__(self, maker, side):
        self.maker, self.side, self.entries, self.chains = maker, side, [], {}

    def twist(self, name, value):
        return self.maker.twist(f"{self.side} {name}", value)

    def add(self, name, kind, word, signature=None, extension=None, payload=None, keep=True):
        entry = {1: kind, 2: NOW + 1000 * len(self.entries), 3: word, 4: signature, 5: extension}
        entry = {key: part for key, part in entry.items() if part is not None}
        raw = self.twist(f"{name} bytes", cbor2.dumps(self.twist(f"{name} entry", entry)))
        self.entries.append([raw, payload, keep])
        return len(self.entries) - 1

    def statement(self, name, org, kind, arguments, signer, space=None):
        chain = self.chains.setdefault((org, space), [])
        last, arguments = sha(chain[-1]) if chain else None, self.twist(f"{name} arguments", arguments)
        word = self.twist(name, {1: 1, 2: org, 3: space, 4: len(chain) + 1, 5: last, 6: signer.public, 7: kind, 8: arguments,
                                 9: NOW})
        raw = cbor2.dumps(word)
        chain.append(raw)
        self.add(name, 2, raw, self.twist(f"{name} signer", signer).sign("statement", raw))

    def enrol(self, name, org, device, caps, signer):
        sealing = sha(device.public)
        belongs = device.sign("enrol", cbor2.dumps([org, device.public, sealing]))
        self.statement(name, org, 1, {1: device.public, 2: sealing, 3: caps, 4: "desk", 5: belongs}, signer)

    def server(self, name, kind, arguments, signer):
        raw = cbor2.dumps(self.twist(name, {1: 1, 2: self.space, 3: kind, 4: arguments}))
        self.add(name, 3, raw, self.twist(f"{name} signer", signer).sign("server", raw))

    def change(self, name, device, edits, keep=True):
        """`edits` are [record, kind, [(field, element, value), …]]."""
        edits = self.twist(f"{name} edits", edits)
        values = [value for _, _, cells in edits for _, _, value in cells]
        seed = sha(name.encode())[:16]
        payload = self.twist(f"{name} payload", {1: seed, 2: values})
        leaves = [committed(seed, i, value) for i, value in enumerate(values)]
        base = [0, len(self.entries), self.root(len(self.entries))]
        parts = [[record, kind, [[field, element, []] for field, element, _ in cells]] for record, kind, cells in edits]
        device = self.twist(f"{name} device", device)
        raw = cbor2.dumps(self.twist(name, {1: 1, 2: self.space, 3: device.public, 4: seed, 5: base, 6: NOW, 7: 1, 8: [[], parts],
                                            9: tree(leaves)}))
        signature = self.twist(f"{name} signer", device).sign("change", raw)
        return self.add(name, 1, raw, signature, payload=cbor2.dumps(payload), keep=keep)

    def filler(self):
        self.add("filler", 1, b"", b"\0" * 64, keep=False)

    def leaves(self):
        return [sha(b"\0" + raw) for raw, _, _ in self.entries]

    def root(self, size):
        return tree(self.leaves()[:size])

    def finish(self, origin, key):
        leaves = self.leaves()
        head = self.twist("checkpoint", f"{origin}\n{len(leaves)}\n{base64.b64encode(tree(leaves)).decode()}\n")
        key, origin = self.twist("checkpoint key", key), self.twist("checkpoint name", origin)
        self.note = self.twist("note", noted(head, origin, key))
        files = {f"{self.side}/checkpoint": self.note.encode()}
        for position, (raw, payload, keep) in enumerate(self.entries):
            if keep:
                files[f"{self.side}/{position}.entry"] = raw
                hashes = [base64.b64encode(h).decode() for h in path(position, leaves)]
                lines = ["c2sp.org/tlog-proof@v1", f"index {position}", *hashes]
                files[f"{self.side}/{position}.proof"] = ("\n".join(lines) + "\n\n" + self.note).encode()
                if payload:
                    files[f"{self.side}/{position}.payload"] = payload
        return files


class Maker:
    def __init__(self, twists=None):
        self.twists, self.met = twists or {}, set()
        self.p_root, self.p_desk = Key("p root"), Key("p desk")
        self.c_root, self.root_2, self.c_desk, self.c_pen = Key("c root"), Key("c root 2"), Key("c desk"), Key("c pen")
        self.own_key, self.first_key, self.log_key = Key("own"), Key("first"), Key("log")
        self.invited, self.recovery = Key("invited"), Key("recovery")
        self.p, self.c = hashed("org", self.p_root.public)[:16], hashed("org", self.c_root.public)[:16]

    def twist(self, name, value):
        if name in self.twists:
            self.met.add(name)
            return self.twists[name](value)
        return value

    def archive(self):
        self.service, self.engagement = Log(self, "service"), Log(self, "engagement")
        files = self.make_service() | self.make_engagement()
        files["document.json"], files["evidence.json"] = self.raw, self.twist("evidence", canonical(self.evidence)).encode()
        files = self.twist("files", dict(sorted(files.items())))
        data = self.twist("archive", zipped(files))
        unmet = self.twists.keys() - self.met
        assert not unmet, unmet
        return data

    def make_service(self):
        log = self.service
        genesis = log.twist("genesis", {1: 1, 2: 1, 3: [[1, self.p, self.p_root.public]], 4: None, 5: self.own_key.public,
                                        6: {1: 1, 2: False, 3: 1}, 7: b"s" * 16, 8: self.p_desk.public})
        raw = cbor2.dumps(genesis)
        log.space = hashed("space", raw)[:16]
        log.add("genesis", 0, raw, log.twist("genesis signer", self.p_desk).sign("genesis", raw))
        log.enrol("p enrols", self.p, self.p_desk, 15, self.p_root)
        log.twist("founding", log)
        log.server("move", 3, {1: "sync.example", 2: self.first_key.public}, self.own_key)
        log.server("key", 2, {1: self.log_key.public}, self.first_key)
        log.filler()
        key = ["iso-27017", "12.3.1", "main"]
        cells = [["itemKey", None, "main"], ["controlId", None, "12.3.1"], ["framework", None, "iso-27017"],
                 ["allocation", None, "provider"]]
        self.row = self.record(log.space, natural(log.space, "responsibility", key), "responsibility", cells)
        self.rows = log.twist("rows", [[self.row["record"], "responsibility", self.row["digest"]]])
        listing = log.twist("listing", canonical(self.rows))
        log.change("release", self.p_desk, [[seven(1), "release", [
            ("@life", None, True), ("label", None, "2026.1"), ("document", None, listing)]]])
        self.listing = sha(listing.encode()).hex()
        log.filler()
        log.twist("last", log)
        return log.finish(f"sync.example/buntan/{log.space.hex()}/e0", self.log_key)

    def record(self, space, record, kind, cells):
        cells = self.twist(f"{kind} cells", cells)
        digest = hashed("covered", cbor2.dumps([space, record, kind, cells])).hex()
        shown = [[{"b": part.hex()} if isinstance(part, bytes) else part for part in cell] for cell in cells]
        return self.twist(f"{kind} record", {"space": space.hex(), "record": record.hex(), "kind": kind, "digest": digest,
                                             "cells": shown})

    def make_engagement(self):
        log = self.engagement
        policy = {1: 1, 2: False, 3: 1}
        offer = log.twist("invitation", {1: 1, 2: self.service.space, 3: self.p, 4: "sync.example", 5: self.log_key.public,
                                         6: policy, 7: self.invited.public, 8: NOW, 9: self.p_desk.public})
        invitation = cbor2.dumps(offer)
        invited = log.twist("inviter", self.p_desk).sign("invitation", invitation)
        parties = [[1, self.p, self.p_root.public], [2, self.c, self.c_root.public]]
        genesis = log.twist("genesis", {1: 1, 2: 2, 3: parties, 4: "sync.example", 5: self.log_key.public, 6: policy,
                                        7: b"e" * 16, 8: self.c_desk.public, 9: self.service.space, 10: invitation, 11: invited})
        raw = cbor2.dumps(genesis)
        log.space = hashed("space", raw)[:16]
        log.add("genesis", 0, raw, log.twist("genesis signer", self.c_desk).sign("genesis", raw),
                log.twist("accepter", self.invited).sign("accept", raw))
        log.enrol("p enrols", self.p, self.p_desk, 15, self.p_root)
        log.enrol("c enrols", self.c, self.c_desk, 15, self.c_root)
        log.twist("founding", log)
        log.enrol("c enrols pen", self.c, self.c_pen, 3, self.c_desk)
        log.statement("c restricts", self.c, 16, {1: self.c_pen.public, 2: 7}, self.c_desk, log.space)
        log.change("party", self.c_pen, [[natural(log.space, "party", [self.c]), "party", [
            ("org", None, self.c), ("@life", None, True), ("legalName", "ja", "会社")]]])
        log.filler()
        steps = ("c recovers", 5, self.recovery, self.c_root), ("c rotates", 4, self.root_2, self.recovery)
        for name, kind, key, signer in steps:
            log.statement(name, self.c, kind, {1: key.public, 2: key.sign("root", cbor2.dumps([self.c, key.public]))}, signer)
        log.twist("before signatures", log)
        self.raw = self.document(log.space)
        log.filler()
        self.sign("c signs", self.c, self.c_desk, seven(3), "Hanako")
        log.twist("between signatures", log)
        self.sign("p signs", self.p, self.p_desk, seven(4), "Taro")
        log.change("end", self.p_desk, [[seven(5), "agreement-end", [
            ("@life", None, True), ("agreement", None, seven(2)), ("endsOn", None, "2028-03-31")]]])
        log.twist("last", log)
        files = log.finish(f"sync.example/buntan/{log.space.hex()}/e0", self.log_key)
        for side, size in self.sizes:
            held = self.service if side == "service" else log
            if size < len(held.entries):
                files[f"{side}/{size}.consistency.json"] = canonical([h.hex() for h in proof(size, held.leaves())]).encode()
        return files

    def document(self, engagement):
        key = ["iso-27017", "12.3.1", "main", "customer"]
        cells = [["side", None, "customer"], ["accepts", None, b"\1" * 32], ["itemKey", None, "main"],
                 ["controlId", None, "12.3.1"], ["framework", None, "iso-27017"], ["allocation", None, "provider"]]
        position = self.record(engagement, natural(engagement, "responsibility-position", key), "responsibility-position", cells)
        service = self.service.space.hex()
        parts = sorted([{"space": service, "kind": "responsibility", "keys": [["iso-27017", "12."]]},
                        {"space": engagement.hex(), "kind": "responsibility-position"}], key=lambda part: part["space"])
        records = sorted([self.row, position], key=lambda r: (r["space"], r["record"]))
        document = {"format": "buntan-agreement-1", "agreement": seven(2).hex(), "engagement": engagement.hex(),
                    "service": service, "provider": self.p.hex(), "customer": self.c.hex(),
                    "release": {"record": seven(1).hex(), "digest": self.listing}, "validFrom": "2027-01-01",
                    "validTo": "2028-12-31", "terms": {"reviewInterval": "P365D", "timeZone": "Asia/Tokyo"},
                    "scope": parts, "except": [], "records": records}
        document = self.twist("document", document)
        raw = self.twist("document bytes", canonical(document).encode())
        self.sizes = set()
        self.evidence = {"format": "buntan-evidence-1", "agreement": seven(2).hex(), "document": sha(raw).hex(),
                         "engagement": engagement.hex(), "service": service}
        return raw

    def sign(self, name, org, device, record, person):
        log = self.engagement
        epoch, size = log.twist(f"{name} view", (0, len(log.entries)))
        views = sorted([[log.space, epoch, size, log.root(size)], [self.service.space, 0, 6, self.service.root(6)]])
        views = log.twist(f"{name} views", views)
        self.sizes |= {("service" if v[0] == self.service.space else "engagement", v[2]) for v in views}
        signer = log.twist(f"{name} with", device)
        signature = signer.sign("agreement", cbor2.dumps([sha(self.raw), org, person, "Director", views]))
        shown = canonical([[v[0].hex(), v[1], v[2], v[3].hex()] for v in views])
        cells = [("@life", None, True), ("agreement", None, seven(2)), ("org", None, org), ("device", None, signer.public),
                 ("name", None, person), ("title", None, "Director"), ("views", None, shown), ("signature", None, signature)]
        log.change(name, device, [[record, "agreement-signature", log.twist(f"{name} cells", cells)]])
