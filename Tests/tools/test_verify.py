"""Tests of tools/verify.py and signed_log.py: good evidence, of the programs and of a maker of its own, is taken, and each change
found for what it is."""

import ast
import base64
import contextlib
import functools
import io
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import unittest.mock

import cbor2

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "Tests/tools")]

import signed_log  # noqa: E402
import verify  # noqa: E402
from evidence_maker import NOW, Key, Maker, canonical, committed, noted, salted, seven, sha, unzipped, zipped  # noqa: E402

FIXTURES = ROOT / "Tests/Fixtures/evidence"
PRINTS = dict(line.split() for line in (FIXTURES / "fingerprints").read_text().splitlines())
OTHER = Key("other")
BEFORE, LAST = "engagement before signatures", "engagement last"
WEAK = bytes([1]) + bytes(31)
DEFAULT = Maker()
DEFAULT.archive()
SPACE = DEFAULT.engagement.space


def run(data, *arguments):
    """What verify.py prints about these bytes, and how it ends."""
    out = io.StringIO()
    with tempfile.NamedTemporaryFile() as file, contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        file.write(data)
        file.flush()
        try:
            status = verify.main([file.name, *arguments])
        except SystemExit as end:
            status = end.code
    return status, out.getvalue()


@functools.cache
def outcomes():
    """How each mutation ends and what is told of it, and which calls in the two files told what was wrong: file, callee, line."""
    hits = set()

    class Told(signed_log.Wrong):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            frame, callee = sys._getframe(1), ""
            while frame and frame.f_code.co_filename in (verify.__file__, signed_log.__file__):
                hits.add((frame.f_code.co_filename, callee, frame.f_lineno))
                callee, frame = frame.f_code.co_name, frame.f_back

    good, ends = (FIXTURES / "agreement.zip").read_bytes(), {}
    with unittest.mock.patch.object(signed_log, "Wrong", Told):
        for name, (reason, change) in ARCHIVES.items():
            changed = change(unzipped(good))
            ends[name] = reason, *run(changed if isinstance(changed, bytes) else zipped(changed))
            assert changed != good, name
        for name, (reason, twists) in MADE.items():
            assert name not in ends, name
            ends[name] = reason, *run(Maker(twists).archive())
    return ends, hits


def put(**parts):
    """A change of members; `_1` names key 1."""
    named = {int(k[1:]) if k[0] == "_" else k: v for k, v in parts.items()}
    return lambda value: {k: v for k, v in (value | named).items() if v is not ...}


def drop(name):
    return lambda files: {k: v for k, v in files.items() if k != name}


def file(name, change):
    """A change of one file, which may be new."""
    return lambda files: dict(sorted((files | {name: change(files.get(name, b""))}).items()))


def flip(data):
    return data[:-1] + bytes([data[-1] ^ 1])


def cell(name, value):
    """A change of one value in the cells of the one record that is written."""
    return lambda edits: [[record, kind, cells_with(name, value)(cells)] for record, kind, cells in edits]


def cells_with(name, value):
    return lambda cells: [(f, e, value if f == name else v) for f, e, v in cells if f != name or value is not ...]


def view(index, **parts):
    """A change of the engagement's view (0) or the service's (1)."""
    def change(views):
        sizes = sorted(range(2), key=lambda i: -views[i][2])
        views[sizes[index]] = [parts.get(k, v) for k, v in zip(("space", "epoch", "size", "root"), views[sizes[index]])]
        return sorted(views)
    return change


def scoped(change):
    return lambda d: d | {"scope": [change(part) for part in d["scope"]]}


def only_engagement(d):
    """A document about records of the engagement alone."""
    return d | {k: [part for part in d[k] if part["space"] == d["engagement"]] for k in ("scope", "records")}


def record(index, **parts):
    return lambda d: d | {"records": [r | parts if i == index else r for i, r in enumerate(d["records"])]}


def then(*steps):
    """Statements or changes added to a log: each takes the log and the maker."""
    def change(log):
        for step in steps:
            step(log, log.maker)
        return log
    return change


def statement(org, kind, arguments, signer, space=False, name="added"):
    """A statement by `p` or `c`."""
    def step(log, m):
        log.statement(name, getattr(m, org), kind, arguments(m), getattr(m, signer), log.space if space else None)
    return step


def revoke(millis):
    return statement("c", 2, lambda m: {1: m.c_desk.public, 2: millis}, "c_desk")


def lose(log, m, epoch=0, key=None):
    """Ends an epoch where the log ends."""
    log.server("loss", 1, {1: epoch, 2: len(log.entries), 3: log.root(len(log.entries))}, key or m.log_key)


def change_key(log, m):
    """Another key keeps the log from now on."""
    log.server("another key", 2, {1: OTHER.public}, m.log_key)


def lose_after(log, m):
    """Ends an epoch in which the log's key was changed."""
    lose(log, m, key=OTHER)


def spoilt(line):
    """A signature line of the same key whose signature does not verify."""
    start, signature = line.rstrip("\n").rsplit(" ", 1)
    return f"{start} {base64.b64encode(flip(base64.b64decode(signature))).decode()}\n"


def signature_line(note):
    return note.splitlines(keepends=True)[-1]


def salvage(epoch, space=None, key=None, path=(), kind=1, more=lambda note: ""):
    """An entry as it is salvaged, from a log of an epoch in which it stood alone."""
    def change(entry):
        raw = cbor2.dumps(entry | {1: kind})
        origin = f"sync.example/buntan/{(space or SPACE).hex()}/e{epoch}"
        note = noted(f"{origin}\n1\n{base64.b64encode(sha(bytes(1) + raw)).decode()}\n", origin, key or Key("log"))
        return {1: 4, 2: entry[2] + 5, 3: raw, 5: cbor2.dumps([0, 1, list(path), note + more(note)])}
    return change


def checkpoint(old, new, side="engagement"):
    """A checkpoint with another origin."""
    return {f"{side} checkpoint{part}": lambda value: value.replace(old, new) for part in ("", " name")}


def based(epoch):
    return lambda change: change | {5: [epoch, *change[5][1:]]}


def lost(entry):
    """The provider's signature was in an end of the log that was lost: it stands at 12, behind the end of the epoch."""
    return {"engagement between signatures": then(lose), "engagement p signs entry": entry, "engagement end": based(1),
            "engagement p signs view": lambda _: (0, 11)} | checkpoint("/e0", "/e1")


def rooted(org, key):
    """The arguments of a statement that makes a key a root or recovery key."""
    return {1: key.public, 2: key.sign("root", cbor2.dumps([org, key.public]))}


def partial(payload, *gone):
    """A payload in its form after an erasure of some of its values."""
    return {3: [committed(payload[1], i, value) if i in gone else [salted(payload[1], i), value]
                for i, value in enumerate(payload[2])]}


def with_texts(*lengths, field="f"):
    """One more record in a change, with texts of these lengths."""
    return lambda edits: edits + [[seven(8), "agreement", [("@life", None, True)] + [
        (f"{field}{n or ''}", None, "x" * length) for n, length in enumerate(lengths)]]]


def full(more):
    """A change that is with its values as large as may be, and so many bytes more."""
    def edits(last):
        return {"engagement end edits": with_texts(65536, 65536, 65536, last)}
    maker = Maker(edits(40_000))
    maker.archive()
    raw, payload, _ = maker.engagement.entries[-1]
    return edits(40_000 + (1 << 18) - len(cbor2.loads(raw)[3]) - len(payload) + more)


def one_more(log, m):
    """A second signature by a device that may write but not sign."""
    log.change("again", m.c_pen, [[seven(9), "agreement-signature", [
        ("@life", None, True), ("agreement", None, seven(2)), ("org", None, m.c), ("device", None, m.c_pen.public),
        ("name", None, "Pen"), ("title", None, None), ("views", None, "[]"), ("signature", None, bytes(64))]]])


CHILD = seven(6)


def extra(kind, cells):
    """One more record of the service that is covered and released, beside a part of the scope for its kind where it needs one."""
    digest = sha(b"buntan.covered.v1\0" + cbor2.dumps([DEFAULT.service.space, CHILD, kind, cells])).hex()

    def document(d):
        added = {"space": d["service"], "record": CHILD.hex(), "kind": kind, "digest": digest, "cells": [
            [f, e, {"b": v.hex()} if isinstance(v, bytes) else v] for f, e, v in cells]}
        part = [] if kind.startswith("responsibility.") else [{"space": d["service"], "kind": kind}]
        return d | {"records": sorted(d["records"] + [added], key=lambda r: (r["space"], r["record"])),
                    "scope": sorted(d["scope"] + part, key=lambda p: cbor2.dumps([p["space"], p["kind"], p.get("keys")]))}
    return {"document": document, "service rows": lambda rows: sorted(rows + [[CHILD.hex(), kind, digest]])}


# What is wrong with the archive the programs made, and how it begins to be told.
ARCHIVES = {
    "nothing at all": ("archive: ", lambda f: b""),
    "no archive": ("archive: ", lambda f: b"PK\3\4" + b"\xff" * 40),
    "a file of another name": ("archive: holds a file 'readme.txt'", file("readme.txt", lambda _: b"")),
    "a position with a nought before it": ("archive: holds a file 'engagement/00.entry'",
        file("engagement/00.entry", lambda _: b"")),
    "files out of order": ("archive: not in the form in which evidence is exported; ask for the file as it was exported", lambda f: dict(sorted(f.items(), reverse=True))),
    "a time": ("archive: not in the form", lambda f: zipped(f, date_time=(2026, 11, 26, 1, 2, 2))),
    "attributes": ("archive: not in the form", lambda f: zipped(f, external_attr=0o644 << 16)),
    "comments": ("archive: not in the form", lambda f: zipped(f, comment=b"x")),
    "extra fields": ("archive: not in the form", lambda f: zipped(f, extra=b"\1\0\0\0")),
    "bytes behind": ("archive: not in the form", lambda f: zipped(f) + b"\0"),
    "bytes before": ("archive: ", lambda f: b"\0" + zipped(f)),
    "cut off": ("archive: not in the form", lambda f: zipped(f)[:-1]),
    "another check sum": ("archive: not in the form",
        lambda f: (lambda z: z[:14] + bytes([z[14] ^ 1]) + z[15:])(zipped(f))),
    "no document": ("archive: 'document.json' is missing", drop("document.json")),
    "no evidence.json": ("archive: 'evidence.json'", drop("evidence.json")),
    "a payload of nothing": ("archive: 'engagement/3.payload' belongs", file("engagement/3.payload", lambda _: b"\xa0")),
    "a consistency proof of nothing": ("archive: 'engagement/5.consistency.json' belongs",
        file("engagement/5.consistency.json", lambda _: b"[]")),
    "evidence.json with a blank": ("evidence: evidence.json: not in the one form that its bytes may have",
        file("evidence.json", lambda d: d.replace(b",", b", ", 1))),
    "evidence.json of another format": ("evidence: evidence.json: not of its layout at format",
        file("evidence.json", lambda d: d.replace(b"evidence-1", b"evidence-2"))),
    "evidence.json not a map": ("evidence: evidence.json: not of its layout", file("evidence.json", lambda d: b"[]")),
    "evidence.json of another agreement": ("document: it is of another agreement",
        file("evidence.json", lambda d: d.replace(b'"01a2', b'"01a3'))),
    "evidence.json of another engagement": ("document: it is of another agreement",
        file("evidence.json", lambda d: re.sub(rb'(engagement":")...', rb"\g<1>000", d))),
    "a document one byte off": ("digest: the document is not",
        file("document.json", lambda d: d.replace(b"every day", b"every dax"))),
    "no checkpoint": ("checkpoint: 'service/checkpoint' is missing", drop("service/checkpoint")),
    "no genesis": ("genesis: engagement: no genesis", drop("engagement/0.entry")),
    "a statement of the founding left out": ("founding: engagement",
        lambda f: drop("engagement/3.entry")(drop("engagement/3.proof")(f))),
    "a server statement left out": ("checkpoint: service: not signed by the log key in force",
        lambda f: drop("service/3.entry")(drop("service/3.proof")(f))),
    "an entry one bit off": ("inclusion: engagement 13", file("engagement/13.entry", flip)),
    "no proof": ("proof: 'engagement/13.proof' is missing", drop("engagement/13.proof")),
    "a proof one bit off": ("inclusion: engagement 13", file("engagement/13.proof", lambda d: d.replace(b"\nURa", b"\nURb"))),
    "a proof one hash short": ("inclusion: engagement 13",
        file("engagement/13.proof", lambda d: re.sub(rb"\nURa[^\n]*", b"", d))),
    "a proof one hash long": ("inclusion: engagement 13",
        file("engagement/13.proof", lambda d: re.sub(rb"(\nURa[^\n]*)", rb"\1\1", d))),
    "a proof of another index": ("proof: engagement 13: another format or index",
        file("engagement/13.proof", lambda d: d.replace(b"index 13", b"index 12"))),
    "a proof with another checkpoint": ("proof: engagement 13: with another checkpoint",
        file("engagement/13.proof", lambda d: d + b"\n")),
    "a checkpoint of another size": ("proof: engagement 0: with another",
        file("engagement/checkpoint", lambda d: d.replace(b"\n14\n", b"\n15\n"))),
    "no values": ("payload: 'engagement/13.payload' is missing", drop("engagement/13.payload")),
    "other values": ("values: engagement 13: the values are not",
        file("engagement/13.payload", lambda d: d.replace(b"Taro", b"Jiro"))),
    "values with bytes behind": ("values: engagement 13: not in the one form that its bytes may have", file("engagement/13.payload", lambda d: d + b"\0")),
    "values not in their shortest form": ("values: engagement 13: not in the one form that its bytes may have",
        file("engagement/13.payload", lambda d: b"\xa2\x18\x01" + d[2:])),
    "a proof of consistency one bit off": ("views: the signature in entry 12: its view",
        file("engagement/11.consistency.json", lambda d: d.replace(b'["9', b'["8'))),
    "no proof of consistency": ("views: 'engagement/13.consistency.json' is missing", drop("engagement/13.consistency.json")),
    "a proof of consistency that is none": ("views: the signature in entry 13: not of its layout",
        file("engagement/13.consistency.json", lambda d: b"{}")),
    "no entry of the release": ("release: the entry that holds it is missing",
        lambda f: {k: v for k, v in f.items() if not k.startswith("service/5.")}),
    "no signature of the provider": ("signature: none by the provider",
        lambda f: {k: v for k, v in f.items() if "/13." not in k}),
    "an entry out of the service's log": ("inclusion: engagement 13", lambda f: f | {"engagement/13.entry": f["service/5.entry"]}),
}

# What is wrong with evidence made for it, signed and hashed as it should be, and how it begins to be told.
MADE = {
    # The document.
    "a member more": ("document: document.json: not of its layout", {"document": put(more=1)}),
    "a member less": ("document: document.json: not of its layout at terms", {"document": put(terms=...)}),
    "members in another order": ("document: document.json: not of its layout", {"document bytes": lambda d: b'{"z":1,"a":2}'}),
    "a number with a point": ("document: document.json: not of its layout at except 0",
        {"document bytes": lambda d: d.replace(b'"except":[]', b'"except":[1.0]')}),
    "a member twice": ("document: document.json: not in the one form that its bytes may have",
        {"document bytes": lambda d: d.replace(b'"except":[]', b'"except":[],"except":[]')}),
    "too deep": ("document: document.json: not in the one form that its bytes may have", {"document bytes": lambda d: b"[" * 100_000}),
    "an escape too many": ("document: document.json: not in the one form that its bytes may have", {"document bytes": lambda d: d.replace(b"Asia/", b"Asia\\/")}),
    "a text of half a letter": ("document: document.json: not in the one form that its bytes may have",
        {"document bytes": lambda d: d.replace(b"Asia", b"\\ud800")}),
    "bytes that are no text": ("document: document.json: not in the one form that its bytes may have", {"document bytes": lambda d: b"\xff"}),
    "another format": ("document: document.json: not of its layout at format", {"document": put(format="buntan-agreement-2")}),
    "an id that is no UUIDv7": ("document: document.json: not of its layout at agreement", {"document": put(agreement=(b"\1" * 16).hex())}),
    "capital letters": ("document: document.json: not of its layout at provider", {"document": lambda d: d | {"provider": "A" + d["provider"][1:]}}),
    "a day that is none": ("document: document.json: not of its layout at validTo", {"document": put(validTo="2027-02-29")}),
    "a day in other words": ("document: document.json: not of its layout at validFrom", {"document": put(validFrom="20270101")}),
    "terms with another member": ("document: document.json: not of its layout at terms",
        {"document": put(terms={"reviewInterval": "P1Y", "timeZone": "UTC", "x": "y"})}),
    "another provider": ("parties: the logs are not",
        {"document": lambda d: d | {"provider": d["customer"], "customer": d["provider"]}}),
    "a release of another digest": ("release: not with the digest",
        {"document": lambda d: d | {"release": d["release"] | {"digest": "0" * 64}}}),
    "a release of another record": ("release: the entry that holds it is missing",
        {"document": lambda d: d | {"release": d["release"] | {"record": seven(7).hex()}}}),
    "a scope of another kind": ("scope: record", {"document": scoped(lambda p: p | {"kind": "respons"})}),
    "a scope of other keys": ("scope: record", {"document": scoped(lambda p: p | {"keys": [["iso-27017", "13"]]})}),
    "a scope whose keys have the side of a position": ("scope: record",
        {"document": scoped(lambda p: p | {"keys": [["iso-27017", "12.3.1", "main", "customer"]]})}),
    "a zone without a name": ("document: document.json: not of its layout at terms timeZone",
        {"document": put(terms={"reviewInterval": "P365D", "timeZone": ""})}),
    "a device under another id than that of its key": ("key: record", extra("device", [["label", None, "x"], ["device", None, b"d" * 32]])),
    "an organisation under another id than that of its key": ("key: record", extra("known-organisation", [["org", None, b"o" * 16]])),
    "a scope whose keys are longer": ("scope: record",
        {"document": scoped(lambda p: p | {"keys": [["iso-27017", "12.3.1", "main", "customer", "x"]]})}),
    "a scope whose first key is a beginning": ("scope: record",
        {"document": scoped(lambda p: p | {"keys": [["iso", "12.3.1"]]})}),
    "keys without text": ("document: document.json: not of its layout at scope", {"document": scoped(lambda p: p | {"keys": [[]]})}),
    "a scope out of order": ("scope: out of order, or a part of another space", {"document": lambda d: d | {"scope": d["scope"][::-1]}}),
    "an empty scope": ("document: document.json: not of its layout at scope", {"document": put(scope=[], records=[])}),
    "a last day before the first": ("dates: the last day is before the first", {"document": put(validFrom="2029-01-01")}),
    "a provider that is a stranger": ("parties: the logs are not", {"document": put(provider="0" * 32)}),
    "a view twice": ("views: the signature in entry 10: views out of order", {"engagement c signs views": lambda v: [v[0], *v]}),
    "a document that is too large": ("document: too large", {"document bytes": lambda d: d + b" " * (9 << 20)}),
    "a document that is somewhat too large": ("document: too large", {"document bytes": lambda d: d + b" " * (5 << 20)}),
    "parties that are strangers": ("parties: the logs are not", {"document": put(provider="0" * 32, customer="f" * 32)}),
    "a value that is too large": ("document: document.json: not of its layout at records 0 cells",
        {"responsibility cells": lambda c: [["a", None, 2**53 + 1]] + c}),
    "bytes that are too long": ("document: document.json: not of its layout at records 0 cells", {"responsibility cells": lambda c: [["a", None, b"x" * 65]] + c}),
    "a scope of another space beside its own": ("scope: out of order, or a part of another space",
        {"document": lambda d: d | {"scope": [{"space": "0" * 32, "kind": "responsibility"}] + d["scope"]}}),
    "a record of too many cells": ("document: document.json: not of its layout at records 0 cells", {
        "responsibility cells": lambda c: [[f"{n:03}", None, 1] for n in range(997)] + c}),
    "a scope twice": ("scope: out of order, or a part of another space", {"document": lambda d: d | {"scope": d["scope"][:1] + d["scope"]}}),
    "a scope of another space": ("scope: out of order, or a part of another space", {"document": scoped(lambda p: p | {"space": "0" * 32})}),
    "exceptions out of order": ("except: out of order", {"document": put(**{"except": ["f" * 32, "0" * 32]})}),
    "an exception that is covered": ("except: record", {"document": lambda d: d | {"except": [d["records"][0]["record"]]}}),
    "records out of order": ("document: records out of order", {"document": lambda d: d | {"records": d["records"][::-1]}}),
    "a record twice": ("document: records out of order",
        {"document": lambda d: d | {"records": d["records"][:1] + d["records"]}}),
    "another digest": ("digest: record", {"document": record(0, digest="0" * 64)}),
    "another kind of record": ("digest: record", {"document": record(0, kind="responsibility-other")}),
    "a life among the cells": ("document: document.json: not of its layout at records 0 cells", {"responsibility cells": lambda c: [["@life", None, True]] + c}),
    "an empty value": ("document: document.json: not of its layout at records 0 cells", {"responsibility cells": lambda c: [["a", None, None]] + c}),
    "an element that is false": ("document: document.json: not of its layout at records 0 cells", {"responsibility cells": lambda c: [["a", "b", False]] + c}),
    "cells out of order": ("cells: record", {"responsibility cells": lambda c: c[::-1]}),
    "a cell twice": ("cells: record", {"responsibility cells": lambda c: [["a", None, "x"], ["a", None, "y"]] + c}),
    "a text that is too long": ("document: document.json: not of its layout at records 0 cells", {"responsibility cells": lambda c: [["a", None, "x" * 65537]] + c}),
    "bytes in capital letters": ("document: document.json: not of its layout at records 1 cells", {"responsibility-position record": lambda r: r | {"cells": [
        [f, e, {"b": v["b"].upper() + "AA"} if isinstance(v, dict) else v] for f, e, v in r["cells"]]}}),
    "a field whose name is none": ("document: document.json: not of its layout at records 0 cells", {"responsibility cells": lambda c: [["a b", None, 1]] + c}),
    "another key than the id is of": ("key: record",
        {"responsibility cells": lambda c: [[f, e, "12.3.2" if f == "controlId" else v] for f, e, v in c]}),
    # The release.
    "a release without the record": ("release: it does not hold record",
        {"service rows": lambda r: [[(b"\1" * 16).hex(), "responsibility", r[0][2]]]}),
    "a release with the record as it was": ("release: it does not hold record",
        {"service rows": lambda r: [[r[0][0], r[0][1], "0" * 64]]}),
    "a release with the record as of another kind": ("release: it does not hold record",
        {"service rows": lambda r: [[r[0][0], "relief", r[0][2]]]}),
    "a release that lists a record twice": ("release: its list", {"service rows": lambda r: r * 2}),
    "a release that is no canonical list": ("release: service 5: not in the one form that its bytes may have", {"service listing": lambda t: t + " "}),
    "a release without its label": ("release: service 5: not of its layout at label", {"service release edits": cell("label", ...)}),
    "a release of another kind": ("archive: service/5.entry holds nothing",
        {"service release edits": lambda e: [[e[0][0], "relief", e[0][2]]]}),
    "a release by another": ("rights: service 5: its device", {"service release device": lambda _: OTHER}),
    # The genesis and the invitation.
    "a genesis of another type": ("genesis: engagement 0: not of its layout at 2", {"engagement genesis": put(_2=3)}),
    "a genesis with a key more": ("genesis: engagement 0: not of its layout", {"engagement genesis": put(_12=1)}),
    "a genesis with an invitation in a service": ("genesis: service 0: not of its layout", {"service genesis": put(_10=b"")}),
    "a party that is not of its root": ("genesis: engagement 0: a party not of its key, or twice",
        {"engagement genesis": lambda g: g | {3: [g[3][0], [2, b"\1" * 16, g[3][1][2]]]}}),
    "twice the same party": ("genesis: engagement 0: a party not of its key, or twice",
        {"engagement genesis": lambda g: g | {3: [g[3][0], [2, *g[3][0][1:]]]}}),
    "parties in the other order": ("genesis: engagement 0: not of its layout at 3 0 0", {"engagement genesis": lambda g: g | {3: g[3][::-1]}}),
    "a service of two parties": ("genesis: service 0: not of its layout at 3", {
        "service genesis": lambda g: g | {3: g[3] + [[2, *g[3][0][1:]]]}}),
    "an invitation by another organisation": ("invitation: engagement 0: it is for another engagement", {"engagement invitation": put(_3=b"\1" * 16)}),
    "a weak invitation key": ("invitation: engagement 0: not of its layout at 7", {"engagement invitation": put(_7=WEAK)}),
    "a sealed engagement": ("genesis: engagement 0: not of its layout at 6 2", {"engagement genesis": put(_6={1: 1, 2: True, 3: 1})}),
    "a weak log key": ("genesis: service 0: not of its layout at 5", {"service genesis": put(_5=WEAK)}),
    "a genesis signed by another": ("genesis: engagement 0: the signature 'genesis'",
        {"engagement genesis signer": lambda _: OTHER}),
    "an acceptance by another": ("invitation: engagement 0: the signature 'accept' does not verify", {"engagement accepter": lambda _: OTHER}),
    "an acceptance missing": ("entry: engagement 0", {"engagement genesis entry": put(_5=...)}),
    "an invitation by another": ("invitation: engagement 0: the signature 'invitation' does not verify", {"engagement inviter": lambda _: OTHER}),
    "an invitation to another service": ("invitation: engagement 0: it is for another engagement", {"engagement invitation": put(_2=b"\1" * 16)}),
    "an invitation of another policy": ("invitation: engagement 0: it is for another engagement",
        {"engagement invitation": put(_6={1: 2, 2: False, 3: 1})}),
    "an invitation of a device that is no admin": ("founding: engagement",
        {"engagement invitation": lambda i: i | {9: OTHER.public}, "engagement inviter": lambda _: OTHER}),
    "another service in the engagement's genesis": ("parties: the logs are not",
        {"engagement genesis": put(_9=b"\1" * 16), "engagement invitation": put(_2=b"\1" * 16)}),
    "something before the founding": ("founding: engagement",
        {"engagement genesis": put(_8=Key("c pen").public), "engagement genesis signer": lambda _: Key("c pen")}),
    "a genesis of another space": ("genesis: service 0: its bytes", {
        "document": lambda d: only_engagement(d) | {"service": "0" * 32},
        "evidence": lambda e: canonical(json.loads(e) | {"service": "0" * 32})}),
    "a founding that never comes": ("founding: service: its device is made no admin",
        {"files": lambda f: {k: v for k, v in f.items() if not re.match("service/[1-9]", k)}}),
    # Statements.
    "a statement left out": ("statement: engagement 8: number 4 does not follow",
        {"files": lambda f: drop("engagement/7.entry")(drop("engagement/7.proof")(f))}),
    "a statement by another key": ("statement: engagement 3: its signer may not",
        {"engagement c enrols pen": put(_6=OTHER.public), "engagement c enrols pen signer": lambda _: OTHER}),
    "a statement with another's signature": ("statement: engagement 3: the signature 'statement'",
        {"engagement c enrols pen signer": lambda _: OTHER}),
    "a number twice": ("statement: engagement 3: number 1 does not follow", {"engagement c enrols pen": put(_4=1)}),
    "another chain": ("statement: engagement 3: number 2 does not follow", {"engagement c enrols pen": put(_5=b"\1" * 32)}),
    "the first statement by a device": ("statement: engagement 2: its signer",
        {"engagement c enrols": put(_6=Key("c desk").public), "engagement c enrols signer": lambda _: Key("c desk")}),
    "a statement by a stranger": ("statement: engagement 3: by no party", {"engagement c enrols pen": put(_2=b"\1" * 16)}),
    "a statement of an unknown type": ("statement: engagement 3: not of its layout at 7",
        {"engagement c enrols pen": put(_7=9)}),
    "a space's key in the open": ("statement: engagement 9: not of its layout at 3",
        {BEFORE: then(statement("c", 22, lambda m: {1: 1, 2: []}, "c_desk", True))}),
    "a statement about another space": ("statement: engagement 4: for another space",
        {"engagement c restricts": put(_3=b"\1" * 16)}),
    "about itself, with a space": ("statement: engagement 3: not of its layout at 3",
        {"engagement c enrols pen": put(_3=b"\1" * 16)}),
    "more than its signer holds": ("statement: engagement 9: grants what",
        {"engagement c enrols pen arguments": put(_3=11), "engagement c restricts arguments": put(_2=15),
                                   BEFORE: then(statement("c", 3, lambda m: {1: m.c_pen.public, 2: 15}, "c_pen"))}),
    "an enrolment without the device's word": ("statement: engagement 3: the signature 'enrol'",
        {"engagement c enrols pen arguments": put(_5=bytes(64))}),
    "a device enrolled again": ("statement: engagement 9: enrols a device again", {BEFORE: then(
        lambda log, m: log.enrol("added", m.c, m.c_pen, 1, m.c_desk))}),
    "a first statement that enrols nobody": ("statement: engagement 1: its signer may not say it", {
        "engagement p enrols": lambda s: s | {7: 5, 8: rooted(s[2], OTHER)}}),
    "a weak recovery key": ("statement: engagement 7: not of its layout at 8 1", {"engagement c recovers arguments": put(_1=WEAK)}),
    "an end of the service in its own log": ("statement: service 7: not this party's, or said before", {
        "service last": then(statement("p", 19, lambda m: {}, "p_desk", True))}),
    "an erasure of a change twice": ("statement: engagement 9: not of its layout at 8 1", {
        BEFORE: then(statement("c", 21, lambda m: {1: [[b"\1" * 16, [0]], [b"\1" * 16, [1]]]}, "c_desk", True))}),
    "an erasure out of order": ("statement: engagement 9: not of its layout at 8 1", {
        BEFORE: then(statement("c", 21, lambda m: {1: [[b"\1" * 16, [1, 0]]]}, "c_desk", True))}),
    "an erasure of an op that no change has": ("statement: engagement 9: not of its layout at 8 1", {
        BEFORE: then(statement("c", 21, lambda m: {1: [[b"\1" * 16, [500]]]}, "c_desk", True))}),
    "a legal order that is too large": ("entry: engagement 9: not of its layout", {BEFORE: then(lambda log, m: log.server(
        "order", 4, {1: [[bytes([n]) * 16, list(range(500))] for n in range(53)], 2: "order 1"}, m.log_key))}),
    "a weak device": ("statement: engagement 3: not of its layout at 8 1", {"engagement c enrols pen arguments": put(_1=WEAK)}),
    "a weak sealing key": ("statement: engagement 3: not of its layout at 8 2", {"engagement c enrols pen arguments": put(_2=WEAK)}),
    "a root that is the root already": ("statement: engagement 9: gives a key that is one already",
        {BEFORE: then(statement("c", 4, lambda m: rooted(m.c, m.root_2), "root_2"))}),
    "a root that is the recovery key": ("statement: engagement 9: gives a key that is one already",
        {BEFORE: then(statement("c", 4, lambda m: rooted(m.c, m.recovery), "root_2"))}),
    "a recovery key that is the root": ("statement: engagement 9: gives a key that is one already",
        {BEFORE: then(statement("c", 5, lambda m: rooted(m.c, m.root_2), "recovery"))}),
    "a mark that is there already": ("statement: engagement 10: about a device that was not enrolled, or was revoked",
        {BEFORE: then(*[statement("c", 2, lambda m: {1: m.c_pen.public, 2: NOW}, "root_2")] * 2)}),
    "a restriction that an admin takes back beyond what it holds": ("statement: engagement 11: grants what", {BEFORE: then(
        lambda log, m: log.enrol("added", m.c, OTHER, 11, m.root_2),
        *[lambda log, m, caps=caps: log.statement("restricts", m.c, 16, {1: m.c_pen.public, 2: caps}, OTHER, log.space)
          for caps in (3, 7)])}),
    "rights of a device unknown": ("statement: engagement 9: about a device",
        {BEFORE: then(statement("c", 3, lambda m: {1: OTHER.public, 2: 1}, "c_desk"))}),
    "a restriction of a device that is the other's here": ("statement: engagement 10: about a device", {BEFORE: then(
        lambda log, m: log.enrol("added", m.c, m.p_desk, 15, m.root_2),
        statement("c", 16, lambda m: {1: m.p_desk.public, 2: 1}, "c_desk", True))}),
    "a right that is none": ("statement: engagement 3: not of its layout at 8 3", {"engagement c enrols pen arguments": put(_3=16)}),
    "a recovery key without its word": ("statement: engagement 7: the signature 'root'",
        {"engagement c recovers arguments": put(_2=bytes(64))}),
    "a root rotated by a device": ("statement: engagement 8: its signer",
        {"engagement c rotates": put(_6=Key("c desk").public), "engagement c rotates signer": lambda _: Key("c desk")}),
    "a recovery key replaced by the root": ("statement: engagement 9: its signer",
        {BEFORE: then(statement(
        "c", 5, lambda m: rooted(m.c, OTHER), "root_2"))}),
    "the root that was replaced": ("statement: engagement 9: its signer",
        {BEFORE: then(statement("c", 3, lambda m: {1: m.c_pen.public, 2: 1}, "c_root"))}),
    "an end of the service by the customer": ("statement: engagement 9: not this party's",
        {BEFORE: then(statement("c", 19, lambda m: {}, "c_desk", True))}),
    "a reader that is a party": ("statement: engagement 9: no reader, or for too long",
        {BEFORE: then(statement("c", 17, lambda m: {1: m.p, 2: NOW + 1}, "c_desk", True))}),
    "a reader for too long": ("statement: engagement 9: no reader, or for too long",
        {BEFORE: then(statement("c", 17, lambda m: {1: b"\1" * 16, 2: NOW * 2}, "c_desk", True))}),
    "a reader for no time": ("statement: engagement 9: no reader",
        {BEFORE: then(statement("c", 17, lambda m: {1: b"\1" * 16, 2: NOW}, "c_desk", True))}),
    "an end of what was not granted": ("statement: engagement 9: ends what was not",
        {BEFORE: then(statement("c", 18, lambda m: {1: b"\1" * 16}, "c_desk", True))}),
    "an end of the service twice": ("statement: engagement 10: not this party's",
        {BEFORE: then(*[statement("p", 19, lambda m: {}, "p_desk", True)] * 2)}),
    "a device revoked again to no end": ("statement: engagement 10: about a device that was not enrolled, or was revoked",
        {BEFORE: then(
        *[statement("c", 2, lambda m: {1: m.c_pen.public}, "c_desk")] * 2)}),
    "rights of a device that was revoked": ("statement: engagement 10: about a device that was not enrolled, or was revoked",
        {BEFORE: then(
        statement("c", 2, lambda m: {1: m.c_pen.public}, "c_desk"),
        statement("c", 3, lambda m: {1: m.c_pen.public, 2: 1}, "c_desk"))}),
    "a word about the space by an admin restricted there": ("statement: engagement 10: its signer",
        {BEFORE: then(
        statement("c", 16, lambda m: {1: m.c_desk.public, 2: 7}, "c_desk", True),
        statement("c", 20, lambda m: {3: 2}, "c_desk", True))}),
    "a word about the space by the other's device": ("statement: engagement 10: its signer",
        {BEFORE: then(
        lambda log, m: log.enrol("added", m.c, m.p_desk, 15, m.root_2), statement("c", 20, lambda m: {3: 5}, "p_desk", True))}),
    "a policy that lowers": ("statement: engagement 9: does not raise",
        {BEFORE: then(statement("c", 20, lambda m: {3: 0}, "c_desk", True))}),
    "an erasure of nothing": ("statement: engagement 9: not of its layout at 8 1",
        {BEFORE: then(statement("c", 21, lambda m: {1: []}, "c_desk", True))}),
    "a provider with two chains": ("statement: the provider says one thing", {"service p enrols arguments": put(_4="other")}),
    # Server statements and checkpoints.
    "a server statement by another": ("server: service 3: the signature 'server' does not verify", {"service key signer": lambda _: OTHER}),
    "a server statement of another space": ("server: service 3: for another space",
        {"service key": put(_2=b"\1" * 16)}),
    "a key that the log has already": ("server: engagement 9: gives the log the key that it has",
        {BEFORE: then(lambda log, m: log.server("added", 2, {1: m.log_key.public}, m.log_key))}),
    "a weak new key": ("server: service 3: not of its layout at 4 1", {"service key": put(_4={1: WEAK})}),
    "a move to no server": ("server: service 2: not of its layout at 4 1", {"service move": put(_4={1: "a/b", 2: b"\1" * 32})}),
    "an epoch that ends elsewhere": ("server: engagement 9: ends an epoch that had ended, or elsewhere",
        {BEFORE: then(lambda log, m: log.server("added", 1, {1: 0, 2: 3, 3: log.root(3)}, m.log_key))}),
    "a checkpoint by another": ("checkpoint: engagement: not signed by", {"engagement checkpoint key": lambda _: OTHER}),
    "a checkpoint under the key before last": ("checkpoint: service: not signed by",
        {"service checkpoint key": lambda _: Key("first")}),
    "a checkpoint under the key before, which a loss follows": ("checkpoint: engagement: not signed by",
        {LAST: then(change_key, lose_after), **checkpoint("/e0", "/e1")}),
    "a checkpoint with a bad signature of its key behind the good one": ("checkpoint: service: not signed by",
        {"service note": lambda n: n + spoilt(signature_line(n))}),
    "a checkpoint with a bad signature of its key before the good one": ("checkpoint: service: not signed by",
        {"service note": lambda n: n.replace(signature_line(n), spoilt(signature_line(n)) + signature_line(n))}),
    "a checkpoint with a short signature of its key": ("checkpoint: service: not signed by",
        {"service note": lambda n: n + n.splitlines()[-1][:-72] + "\n"}),
    "a checkpoint with a key id and no signature": ("checkpoint: service: not a signed note, or too long",
        {"service note": lambda n: n + "\u2014 o AAAAAA==\n"}),
    "a checkpoint with a control character in a name": ("checkpoint: service: not a signed note, or too long",
        {"service note": lambda n: n + "\u2014 a\u0001b AAAAAAAA\n"}),
    "a checkpoint with a deletion in a name": ("checkpoint: service: not a signed note, or too long",
        {"service note": lambda n: n + "\u2014 a\u007fb AAAAAAAA\n"}),
    "a checkpoint of another origin": ("checkpoint: service: not signed by",
        {"service checkpoint": lambda h: h.replace("sync.", "sink."),
         "service checkpoint name": lambda o: o.replace("sync.", "sink.")}),
    "a checkpoint of a later epoch": ("checkpoint: service: not signed by",
        {"service checkpoint": lambda h: h.replace("/e0", "/e1"), "service checkpoint name": lambda o: o.replace("/e0", "/e1")}),
    "a checkpoint of the epoch that the last entry ends": ("checkpoint: engagement: not signed by", {LAST: then(lose)}),
    "a checkpoint that is too long": ("checkpoint: service: not a signed note, or too long", {"service note": lambda n: n + "\u2014 a AAAA\n" * 400}),
    "a checkpoint whose root is short": ("checkpoint: service: not the three lines of a checkpoint",
        {"service checkpoint": lambda h: re.sub(r"\n[^\n]+\n$", "\nAAAA\n", h)}),
    "a checkpoint with a line more": ("checkpoint: service: not the three lines of a checkpoint", {"service checkpoint": lambda h: h + "more\n"}),
    "a checkpoint of no signature": ("checkpoint: service: not a signed note, or too long", {"service note": lambda n: n[:n.index("\u2014")]}),
    "a checkpoint with a separator in a name": ("checkpoint: service: not a signed note, or too long", {"service note": lambda n: n + "\u2014 a\u2028b AAAA\n",
                                               "files": file("service/0.proof", lambda d: d.replace(b"=\n", b"\n", 1))}),
    "a checkpoint signed in loose base 64": ("checkpoint: service: not the three lines of a checkpoint", {"service note": lambda n: n.replace("=\n\n", "!\n\n")}),
    "a checkpoint of another root": ("inclusion: service 0",
        {"service checkpoint": lambda h: re.sub(r"\n[^\n]+\n$", "\n" + "A" * 43 + "=\n", h)}),
    "a checkpoint of fewer entries": ("inclusion: service 0: not in the log of the checkpoint",
        {"service checkpoint": lambda h: re.sub(r"\n7\n", "\n3\n", h)}),
    # Entries and changes.
    "an entry with a key more": ("entry: engagement 11: not of its layout", {"engagement p signs entry": put(_6=1)}),
    "an entry of a kind unknown": ("entry: engagement 11: not of its layout at 1", {"engagement p signs entry": put(_1=5)}),
    "a salvaged entry without its proof": ("entry: engagement 11: not of its layout",
        {"engagement p signs entry": put(_1=4, _4=...)}),
    "a salvaged entry whose proof is none": ("salvaged: engagement 12: not of its layout",
        lost(lambda entry: salvage(0)(entry) | {5: b"\0"})),
    "a salvaged entry of an epoch that goes on": ("salvaged: engagement 11: not of an epoch",
        {"engagement p signs entry": salvage(0)}),
    "a salvaged entry of another space": ("salvaged: engagement 12: not under the key and origin of this log", lost(salvage(0, space=b"\1" * 16))),
    "a salvaged entry under a stranger's key": ("salvaged: engagement 12: not under the key", lost(salvage(0, key=OTHER))),
    "a salvaged entry under a key that the log has given up": ("salvaged: engagement 13: not under the key", lost(salvage(0)) | {
        "engagement between signatures": then(lose, change_key), "engagement checkpoint key": lambda _: OTHER}),
    "a salvaged entry under a server's name that the log has given up": ("salvaged: engagement 13: not under the key", lost(salvage(0)) | {
        "engagement between signatures": then(lose, lambda log, m: log.server("moves", 3, {1: "other.example", 2: m.log_key.public}, m.log_key)),
        **{f"engagement checkpoint{part}": lambda v: v.replace("/e0", "/e1").replace("sync.", "other.") for part in ("", " name")}}),
    "a salvaged entry whose checkpoint has a bad signature of its key as well": ("salvaged: engagement 12: not under the key",
        lost(salvage(0, more=lambda note: spoilt(signature_line(note))))),
    "a salvaged signature whose name was erased": ("signature: the signature in entry 12: not of its layout at name",
        lost(salvage(0)) | {"engagement p signs payload": lambda p: partial(p, 4)}),
    "a salvaged change by a device that could write only later": ("rights: engagement 13: its device", lost(salvage(0)) | {
        "engagement between signatures": then(lose, lambda log, m: log.enrol("added", m.p, OTHER, 5, m.p_root)),
        "engagement p signs device": lambda _: OTHER,
        LAST: then(lambda log, m: log.statement("later", m.p, 3, {1: OTHER.public, 2: 7}, m.p_root))}),
    "a salvaged entry that is not in its log": ("salvaged: engagement 12: not in that log", lost(salvage(0, path=[b"\1" * 32]))),
    "a salvaged word of the log's key": ("salvaged: engagement 12: not of its layout at 1", lost(salvage(0, kind=3))),
    "a salvaged change by a stranger": ("rights: engagement 12: its device",
        lost(salvage(0)) | {"engagement p signs device": lambda _: OTHER}),
    "a salvaged signature whose device was marked before": ("compromised: contested: the provider's device", lost(salvage(0)) | {
        LAST: then(statement("p", 2, lambda m: {1: m.p_desk.public, 2: NOW + 12_002}, "p_desk"))}),
    "a salvaged signature whose device lost the right": ("rights: the signature in entry 13", lost(salvage(0)) | {
        "engagement between signatures": then(lose, statement("p", 3, lambda m: {1: m.p_desk.public, 2: 11}, "p_desk"))}),
    "a salvaged signature whose device was stolen": ("compromised: contested: the provider's device", lost(salvage(0)) | {
        "engagement between signatures": then(lose, statement("p", 2, lambda m: {1: m.p_desk.public, 2: NOW}, "p_root")),
        "engagement end device": lambda _: DEFAULT.c_desk}),
    "a salvaged signature whose device lost the right before it was revoked": ("rights: the signature in entry 14", lost(salvage(0)) | {
        "engagement between signatures": then(lose, statement("p", 3, lambda m: {1: m.p_desk.public, 2: 3}, "p_root"),
                                              statement("p", 2, lambda m: {1: m.p_desk.public}, "p_root")),
        "engagement end device": lambda _: DEFAULT.c_desk}),
    "an epoch that had ended": ("server: engagement 10: ends an epoch that had ended, or elsewhere", {BEFORE: then(lose, lose)}),
    "a second genesis": ("entry: engagement 11", {"engagement p signs entry": put(_1=0)}),
    "an entry with a float": ("entry: engagement 11: not of its layout at 2", {"engagement p signs entry": put(_2=1.5)}),
    "an entry with a tag": ("entry: engagement 11: not in the one form that its bytes may have",
        {"engagement p signs entry": put(_2=cbor2.CBORTag(0, "x"))}),
    "an entry of indefinite length": ("entry: engagement 11: not in the one form that its bytes may have",
        {"engagement p signs bytes": lambda b: b"\xbf" + b[1:] + b"\xff"}),
    "an entry with a key twice": ("entry: engagement 11: not in the one form that its bytes may have",
        {"engagement p signs bytes": lambda b: b"\xa5\x01\x01" + b[1:]}),
    "an entry too deep": ("entry: engagement 11: not in the one form that its bytes may have", {"engagement p signs bytes": lambda b: b"\x81" * 5000 + b"\0"}),
    "an entry that claims a length": ("entry: engagement 11: not in the one form that its bytes may have", {"engagement p signs bytes": lambda b: b"\x9b" + b"\x7f" * 8}),
    "a change by another's signature": ("change: engagement 11: the signature 'change'",
        {"engagement p signs signer": lambda _: OTHER}),
    "a change of another space": ("change: engagement 11: for another space", {"engagement p signs": put(_2=b"\1" * 16)}),
    "a change on what was to come": ("change: engagement 11: its base", {"engagement p signs": put(_5=[0, 12, b"\1" * 32])}),
    "a change on another epoch": ("change: engagement 11: its base", {"engagement p signs": based(1)}),
    "a change with a record twice": ("change: engagement 12: its edits", {"engagement end edits": lambda e: e * 2}),
    "a change with a cell twice": ("change: engagement 12: its edits", {
        "engagement end edits": lambda e: [[*e[0][:2], e[0][2] + e[0][2][:1]]]}),
    "a change without edits": ("change: engagement 11: not of its layout at 8 1", {"engagement p signs": put(_8=[[], []])}),
    "a change that names what it does not use": ("change: engagement 11: its edits",
        {"engagement p signs": lambda c: c | {8: [[b"\1" * 16], c[8][1]]}}),
    "another values root": ("values: engagement 11: the values are not", {"engagement p signs": put(_9=b"\1" * 32)}),
    "a value too many": ("values: engagement 11: the values are not those of the change", {"engagement p signs payload": lambda p: p | {2: p[2] + [1]}}),
    "a value that is none": ("values: engagement 11: not of its layout at 2",
        {"engagement p signs payload": lambda p: p | {2: [2**60] + p[2][1:]}}),
    "a text that is too long for its field": ("values: engagement 12: a text is too long", {
        "engagement end edits": lambda e: [[*e[0][:2], e[0][2] + [("message", None, "x" * 65537)]]]}),
    "two texts of a change that are too long for another field": ("values: engagement 12: a text is too long", {
        "engagement end edits": lambda e: e + [[seven(n), "agreement", [
            ("@life", None, True), ("document", None, "x" * 65537)]] for n in (8, 9)]}),
    "a document that is an element": ("values: engagement 12: a text is too long", {
        "engagement end edits": lambda e: e + [[seven(8), "agreement", [("document", "en", "x" * 65537)]]]}),
    "a change that is one byte too large with its values": ("values: engagement 12: too large together", full(1)),
    "a party's word under another id": ("archive: engagement/5.entry holds nothing", {
        "engagement party edits": lambda e: [[b"\1" * 16, *e[0][1:]]]}),
    "too many predecessors": ("change: engagement 12: its edits", {"engagement end": lambda c: c | {8: [[b"\1" * 16], [
        [r, k, [[f, e, [[0, i] for i in range(65)]] for f, e, _ in ops]] for r, k, ops in c[8][1]]]}}),
    "an erased signature": ("signature: the signature in entry 11: not of its layout at signature",
        {"engagement p signs payload": lambda p: partial(p, 7)}),
    "a change that concerns nobody": ("archive: engagement/12.entry holds nothing",
        {"engagement end edits": cell("agreement", seven(8))}),
    "a party's word by another": ("archive: engagement/5.entry holds nothing",
        {"engagement party edits": cell("org", b"\1" * 16)}),
    # Signatures.
    "a signature by another key": ("rights: the signature in entry 11: its device",
        {"engagement p signs with": lambda _: OTHER}),
    "a signature by a device without the right": ("rights: the signature in entry 10: its device",
        {"engagement c signs with": lambda _: Key("c pen")}),
    "a signature by the other party's device": ("rights: the signature in entry 10: its device",
        {"engagement c signs with": lambda _: Key("p desk")}),
    "a signature whose device lost the right before": ("rights: the signature in entry 11",
        {BEFORE: then(statement("c", 3, lambda m: {1: m.c_desk.public, 2: 11}, "c_desk"))}),
    "a signature whose device is restricted here": ("rights: the signature in entry 11",
        {BEFORE: then(statement("c", 16, lambda m: {1: m.c_desk.public, 2: 11}, "c_desk", True))}),
    "a change by a device that was revoked": ("rights: engagement 11: its device has no right to write",
        {BEFORE: then(revoke(NOW * 2))}),
    "a signature for the other party": ("signature: the signature in entry 10: stands in an entry of another",
        {"engagement c signs cells": cells_with("org", sha(b"x")[:16])}),
    "a signature under another name": ("signature: the signature in entry 10: the signature 'agreement'",
        {"engagement c signs cells": cells_with("name", "Somebody")}),
    "a signature under another title": ("signature: the signature in entry 10: the signature 'agreement'",
        {"engagement c signs cells": cells_with("title", None)}),
    "a signature one bit off": ("signature: the signature in entry 10: the signature 'agreement'",
        {"engagement c signs cells": lambda c: c[:-1] + [(*c[-1][:2], flip(c[-1][2]))]}),
    "a signature without a name": ("signature: the signature in entry 10: not of its layout at name",
        {"engagement c signs cells": cells_with("name", ...)}),
    "a signature without life": ("signature: none by the customer", {"engagement c signs cells": cells_with("@life", False)}),
    "a signature of another agreement": ("signature: none by the customer",
        {"engagement c signs cells": cells_with("agreement", seven(8))}),
    "views that are no canonical text": ("views: the signature in entry 10: not in the one form that its bytes may have",
        {"engagement c signs cells": lambda c: [(f, e, v + " " if f == "views" else v) for f, e, v in c]}),
    "views out of order": ("views: the signature in entry 10: views out of order",
        {"engagement c signs views": lambda v: v[::-1]}),
    "views of one log alone": ("views: the signature in entry 10: views out of order, none of a space in scope, or one of a space that is not here",
        {"engagement c signs views": lambda v: [max(v, key=lambda w: w[2])]}),
    "views of a third log": ("views: the signature in entry 10: views out of order, none of a space in scope, or one of a space that is not here",
        {"engagement c signs views": lambda v: sorted(v + [[b"\1" * 16, 0, 1, b"\1" * 32]])}),
    "a view of another root": ("views: the signature in entry 10: its view",
        {"engagement c signs views": view(0, root=b"\1" * 32)}),
    "a view of another root of the service": ("views: the signature in entry 10: its view of the service's",
        {"engagement c signs views": view(1, root=b"\1" * 32)}),
    "a view of a later epoch": ("views: the signature in entry 10: a view of an epoch to come",
        {"engagement c signs views": view(0, epoch=1)}),
    "a view larger than the log": ("views: the signature in entry 10: a view larger",
        {"engagement c signs views": view(1, size=99)}),
    "a view past its own entry of an epoch that ended": ("views: the signature in entry 12: a view larger", {
        "engagement between signatures": then(lose), "engagement p signs entry": salvage(0), "engagement end": based(1),
        "engagement p signs views": view(0, size=13), **checkpoint("/e0", "/e1")}),
    "a view past its own entry": ("views: the signature in entry 10: a view larger",
        {"engagement c signs views": view(0, size=12)}),
    "a device marked as compromised in the service's log": ("compromised: contested: the provider's device", {
        "service last": then(statement("p", 2, lambda m: {1: m.p_desk.public, 2: NOW}, "p_root"))}),
    "a device marked as compromised": ("compromised: contested: the customer's device", {LAST: then(revoke(NOW))}),
    # Ends.
    "an end on a day that is none": ("end: entry 12: not of its layout at endsOn", {"engagement end edits": cell("endsOn", "2028-13-01")}),
    "an end with a message that is no text": ("end: entry 12: not of its layout at message", {
        "engagement end edits": lambda e: [[*e[0][:2], e[0][2] + [("message", None, 5)]]]}),
    "an end without a day": ("end: entry 12: not of its layout at endsOn", {"engagement end edits": cell("endsOn", ...)}),
    "an end by a stranger": ("rights: engagement 12: its device", {"engagement end device": lambda _: OTHER}),
}


RAISES = statement("p", 3, lambda m: {1: m.p_desk.public, 2: 15}, "p_root", name="raises")


def move(log, m):
    log.server("added", 3, {1: "other.example", 2: OTHER.public}, m.log_key)


# What evidence may have otherwise, and still fits together.
FINE = {
    "a key that takes over with the last entry": {
        LAST: then(lambda log, m: log.server("added", 2, {1: OTHER.public}, m.log_key))},
    "a move with the last entry, under the old key": {LAST: then(move)},
    "a move with the last entry, under the new key": {
        LAST: then(move), "engagement checkpoint key": lambda _: OTHER, **checkpoint("sync.", "other.")},
    "an epoch that ends behind the signatures": {LAST: then(lose), **checkpoint("/e0", "/e1")},
    "an epoch that ends between the signatures": {
        "engagement between signatures": then(lambda log, m: lose(log, m, 4)),
        "engagement p signs view": lambda v: (5, v[1]), "engagement p signs": based(5), **checkpoint("/e0", "/e5")},
    "a signature that was lost and salvaged": lost(salvage(0)),
    "a salvaged signature in the form after an erasure": lost(salvage(0)) | {"engagement p signs payload": partial},
    "a salvaged signature under the key that took over before the loss": lost(salvage(0, key=OTHER)) | {
        "engagement between signatures": then(change_key, lose_after), "engagement checkpoint key": lambda _: OTHER},
    "a salvaged signature whose checkpoint bears other signatures as well": lost(
        salvage(0, more=lambda note: signature_line(note) + "\u2014 other.example/x AAAAAAAA\n")),
    "a key that takes over with the last entry, behind a loss": {LAST: then(lose, change_key), **checkpoint("/e0", "/e1")},
    "a key that takes over with the last entry, whose own signature is bad": {
        LAST: then(change_key), "engagement note": lambda n: n + spoilt(signature_line(noted(
            n[:n.index("\n\n") + 1], n[:n.index("\n")], OTHER)))},
    "a checkpoint signed twice by its key": {"engagement note": lambda n: n + signature_line(n)},
    "a scope of whole keys": {"document": scoped(lambda p: p | {"keys": [["iso-27017", "12.3.1", "main"]]})},
    "keys that are longer than those of any record, beside others": {"document": scoped(
        lambda p: p | {"keys": [["iso-27017"] * 65, ["iso-27017"], ["x" * 70_000]]})},
    "terms that are longer than a value": {"document": put(terms={"reviewInterval": "x" * 70_000, "timeZone": "Asia/Tokyo" * 7_000})},
    "a change that is as large as may be with its values": full(0),
    "the same after an erasure, whose form takes more room": full(0) | {"engagement end payload": partial},
    "a text in a document that is not counted": {"engagement end edits": with_texts(1 << 22, field="document")},
    "a founder that is no admin any more when the inviter becomes one": {
        "service p enrols arguments": put(_3=7), "engagement p enrols arguments": put(_3=7), "service founding": then(RAISES),
        "engagement founding": then(statement("c", 3, lambda m: {1: m.c_desk.public, 2: 7}, "c_root", name="lowers"), RAISES),
        **{f"engagement c {does}": put(_6=DEFAULT.c_root.public) for does in ("enrols pen", "restricts")},
        **{f"engagement c {does} signer": lambda _: DEFAULT.c_root for does in ("enrols pen", "restricts")}},
    "a restriction taken back by who holds it": {BEFORE: then(
        *[statement("c", 16, lambda m, caps=caps: {1: m.c_pen.public, 2: caps}, "c_desk", True) for caps in (1, 15)])},
    "a salvaged signature whose device was revoked since": lost(salvage(0)) | {
        "engagement between signatures": then(lose, statement("p", 2, lambda m: {1: m.p_desk.public}, "p_root")),
        "engagement end device": lambda _: DEFAULT.c_desk},
    "a salvaged signature whose device lost the right to write as well": lost(salvage(0)) | {
        "engagement between signatures": then(lose, statement("p", 3, lambda m: {1: m.p_desk.public, 2: 1}, "p_root")),
        "engagement end device": lambda _: DEFAULT.c_desk},
    "a statement that was lost and salvaged": {
        BEFORE: then(lose, statement("c", 3, lambda m: {1: m.c_pen.public, 2: 1}, "c_desk")),
        "engagement added entry": salvage(0, kind=2), **checkpoint("/e0", "/e1")},
    "a signature on a view of the engagement alone": {
        "document": only_engagement,
        **{f"engagement {who} signs views": lambda views: [max(views, key=lambda v: v[2])] for who in "cp"}},
    "a device that signed and was revoked later": {
        LAST: then(statement("c", 2, lambda m: {1: m.c_desk.public}, "root_2"))},
    "a mark that was put right": {
        LAST: then(revoke(NOW), statement("c", 2, lambda m: {1: m.c_desk.public, 2: NOW * 2}, "root_2"))},
    "an admin restricted here, about itself": {BEFORE: then(
        statement("c", 16, lambda m: {1: m.c_desk.public, 2: 7}, "c_desk", True),
        statement("c", 3, lambda m: {1: m.c_pen.public, 2: 1}, "c_desk"))},
    "a device of both, about itself": {BEFORE: then(
        lambda log, m: log.enrol("added", m.c, m.p_desk, 15, m.root_2),
        statement("c", 3, lambda m: {1: m.c_pen.public, 2: 1}, "p_desk"))},
    "an entry by another device of the signer's": {"engagement c signs device": lambda _: Key("c pen")},
    "a second end": {LAST: then(lambda log, m: log.change("again", m.c_desk, [[seven(8), "agreement-end", [
        ("@life", None, True), ("agreement", None, seven(2)), ("endsOn", None, "2029-01-01")]]]))},
    "an element that is an id": {"responsibility cells": lambda c: [["a", b"x" * 16, True]] + c},
    "statements that change nothing of it": {BEFORE: then(
        statement("c", 17, lambda m: {1: b"\1" * 16, 2: NOW + 400 * 86_400_000}, "c_desk", True),
        statement("c", 18, lambda m: {1: b"\1" * 16}, "root_2", True),
        statement("c", 20, lambda m: {3: 2}, "c_desk", True),
        statement("c", 21, lambda m: {1: [[b"\1" * 16, [0, 499]], [b"\2" * 16, [0]]]}, "c_desk", True),
        statement("p", 19, lambda m: {}, "p_desk", True),
        lambda log, m: log.server("a legal order", 4, {1: [[b"\1" * 16, [0]]], 2: "order 1"}, m.log_key))},
    "a mark from the moment in which the signature came": {
        LAST: then(statement("c", 2, lambda m: {1: m.c_desk.public, 2: NOW + 10_000}, "c_desk"))},
    "a view of more than was left of an epoch that ended": {
        "engagement between signatures": then(lose), "engagement p signs entry": salvage(0), "engagement end": based(1),
        "engagement p signs views": view(0, size=12, root=b"\2" * 32), **checkpoint("/e0", "/e1")},
    "a view of more of the service than its log holds since its epoch ended": {
        "service last": then(lose), **checkpoint("/e0", "/e1", "service"),
        "engagement p signs views": view(1, size=9, root=b"\2" * 32)},
    "a party whose name was erased": {"engagement party payload": lambda p: partial(p, 2)},
    "an end with a field of a later version": {"engagement end edits": lambda e: [[*e[0][:2], e[0][2] + [("zeal", None, 1)]]]},
    "another signature on the checkpoint": {"engagement note": lambda n: n + "\u2014 other.example/x AAAAAAAA\n"},
    "as many signatures on it as it has room for": {"engagement note": lambda n: n + "\u2014 o AAAAAAAA\n" * 200},
    "a second signature that does not count": {LAST: then(one_more)},
    "a second signature in the other party's name": {
        LAST: then(lambda log, m: m.sign("again", m.c, m.p_desk, seven(9), "Taro"))},
    "a record of a child kind, whatever the keys": extra("responsibility.note", [["note", None, "x"]]),
    "a second signature by a device that was stolen": {LAST: then(
        lambda log, m: log.enrol("added", m.c, OTHER, 15, m.root_2), lambda log, m: m.sign("again", m.c, OTHER, seven(9), "Pen"),
        statement("c", 2, lambda m: {1: OTHER.public, 2: NOW}, "root_2", name="revoked"))},
}


def otherwise(value, junk):
    """The value with each part of it in turn replaced, and with a part more or less."""
    yield junk
    if isinstance(value, (dict, list)):
        for key in value if isinstance(value, dict) else range(len(value)):
            for part in otherwise(value[key], junk):
                copy = value.copy()
                copy[key] = part
                yield copy
            copy = value.copy()
            copy.pop(key)
            yield copy
        yield value | {"more": junk} if isinstance(value, dict) else value + [junk]


def other_forms():
    """Evidence in whose texts one part is of another form: the text's name, its value, the other one, and the twists for it."""
    texts = {"cells": {}, "service rows": {}, "document": {}, "evidence": {}}
    Maker({"document": lambda d: texts["document"].update(value=d) or d, "evidence": lambda e: texts["evidence"].update(
        value=json.loads(e)) or e, "service rows": lambda r: texts["service rows"].update(value=r) or r,
        "engagement c signs cells": lambda c: texts["cells"].update(value=json.loads(dict((f, v) for f, _, v in c)["views"])) or c}
    ).archive()
    makers = {"document": lambda v: {"document": lambda _: v}, "service rows": lambda v: {"service rows": lambda _: v},
              "evidence": lambda v: {"evidence": lambda _: canonical(v)},
              "cells": lambda v: {"engagement c signs cells": cells_with("views", canonical(v))}}
    for name, value in ((name, found["value"]) for name, found in texts.items()):
        for junk in (None, "x", -1, {}):
            for part in otherwise(value, junk):
                if part != value or type(part) is not type(value):
                    yield name, value, part, makers[name](part)


class Evidence(unittest.TestCase):
    def setUp(self):
        self.good = (FIXTURES / "agreement.zip").read_bytes()
        self.trust = ["--trust", PRINTS["provider"], "--trust", PRINTS["customer"]]

    def made(self, twists=None):
        maker = Maker(twists)
        return maker.archive(), [a for org in (maker.p, maker.c) for a in ("--trust", verify.fingerprint(org))]

    def test_what_the_programs_made_is_accepted(self):
        self.assertEqual(zipped(unzipped(self.good)), self.good)
        status, told = run(self.good, *self.trust, "--at", "2027-01-01")
        self.assertEqual(status, 0, told)
        self.assertNotIn("WRONG", told)
        for line in ("ok document: ", "ok log: engagement ", "ok log: service ", "in its own words: Kaisha K.K. / 会社株式会社",
                     "ok signature: by Taro Sato, Head of Security for ", "ok signature: by Hanako Suzuki, CISO for ",
                     "ok release: 2026.1", "ok fingerprint: provider nq4e", "ok fingerprint: customer chku",
                     "ok dates: holds on 2027-01-01", "everything fits together"):
            self.assertIn(line, told)

    def test_what_this_test_made_is_accepted(self):
        data, trust = self.made()
        status, told = run(data, *trust, "--at", "2027-06-01")
        self.assertEqual(status, 0, told)
        self.assertIn("note end: ended by the provider, the last day being 2028-03-31", told)

    def test_each_mutation_is_found_for_what_it_is(self):
        ends, _ = outcomes()
        self.assertGreaterEqual(len(ends), 200)
        for name, (reason, status, told) in ends.items():
            with self.subTest(name):
                self.assertIn("\nWRONG " + reason, "\n" + told)
                self.assertEqual(status, 5)

    def test_no_reason_is_untested(self):
        """Each call by which one of the two files can tell that something is wrong told so of some mutation."""
        ends, hits = outcomes()
        checks = {"need", "at", "signed", "shaped", "read", "take"}
        for file in verify.__file__, signed_log.__file__:
            tree = ast.walk(ast.parse(pathlib.Path(file).read_text()))
            calls = [node for node in tree if isinstance(node, ast.Call) and not ast.unparse(node).startswith("file.read(")]
            named = [(getattr(call.func, "attr", getattr(call.func, "id", "")), call.lineno, call.end_lineno) for call in calls]
            for name, first, last in named:
                if name in checks:
                    with self.subTest(f"{name} in line {first} of {file}"):
                        self.assertTrue(any((file, name, line) in hits for line in range(first, last + 1)))

    def test_each_part_of_another_form_is_found(self):
        words = {"document": "document|dates|scope|except|cells|digest|parties|release|key|views",
                 "service rows": "release", "evidence": "evidence|digest|document|genesis", "cells": "views|signature"}
        may_change = "validFrom", "validTo", "terms", "scope", "records", "except"       # another document, but a document
        for name, value, part, twists in other_forms():
            status, told = run(Maker(twists).archive())
            if status == 0:
                self.assertEqual((name, part | {k: value[k] for k in may_change}), ("document", value))
            else:
                self.assertRegex(told, f"(?m)^WRONG ({words[name]}): ", (name, part))

    def test_sizes(self):
        with unittest.mock.patch("verify.ARCHIVE_BYTES", 9):
            status, told = run(self.good)
            self.assertIn("WRONG archive: not in the form in which evidence is exported", told)
            self.assertEqual(status, 5)

    def test_days(self):
        data, trust = self.made()
        for day, holds in {"2026-12-31": False, "2027-01-01": True, "2028-03-31": True, "2028-04-01": False}.items():
            status, told = run(data, *trust, "--at", day)
            self.assertEqual(status, 0)
            self.assertIn(f"{'ok dates: holds' if holds else 'note dates: does not hold'} on {day}", told)

    def test_fingerprints(self):
        status, told = run(self.good)
        self.assertEqual(status, 0)
        self.assertEqual(told.count("note fingerprint: "), 2)
        loud = PRINTS["provider"].upper().replace("-", "")
        status, told = run(self.good, "--trust", loud, "--trust", "aaaa-aaaa-aaaa-aaaa-aaaa-aaaa-aa")
        self.assertEqual(status, 5)
        self.assertIn("WRONG fingerprint: aaaa-aaaa-aaaa-aaaa-aaaa-aaaa-aa was given", told)
        self.assertIn("note fingerprint: customer chku", told)

    def test_usage(self):
        for arguments in (["--trust", "chku"], ["--trust", PRINTS["customer"].replace("s", "\u017f")],
                          ["--trust", PRINTS["customer"][:-1] + "j"], ["--trust", "1" * 26],
                          ["--at", "2027-02-30"], ["--at", "now"], ["--more"]):
            self.assertEqual(run(self.good, *arguments)[0], 2, arguments)
        with contextlib.redirect_stderr(io.StringIO()):
            self.assertEqual(verify.main(["/nowhere/at/all.zip"]), 2)

    def test_stages_that_the_programs_made(self):
        for name, status, line in (("half-signed", 5, "WRONG signature: none by the provider"),
                                   ("contested", 5, "WRONG compromised: contested: the customer's"),
                                   ("ended", 0, "note end: ended by the provider, the last day being 2027-03-31")):
            ended, told = run((FIXTURES / f"{name}.zip").read_bytes(), *self.trust)
            self.assertEqual(ended, status, told)
            self.assertIn(line, told)

    def test_a_bad_signature_beside_a_good_one_is_passed_over(self):
        data, trust = self.made({LAST: then(one_more)})
        status, told = run(data, *trust)
        self.assertEqual(status, 0, told)
        self.assertIn("note signature: the signature in entry 13", told)

    def test_what_may_be_otherwise(self):
        for name, twists in FINE.items():
            with self.subTest(name):
                data, trust = self.made(twists)
                status, told = run(data, *trust, "--at", "2028-03-31")
                self.assertEqual(status, 0, told)
                self.assertIn("ok dates: holds on 2028-03-31; 2027-01-01 to 2028-03-31", told)

    def test_hostile_bytes_end_without_a_trace(self):
        for start in range(0, len(self.good), 97):
            status, _ = run(self.good[:start] + bytes([self.good[start] ^ 0x55]) + self.good[start + 1:])
            self.assertEqual(status, 5)
        files = unzipped(self.good)
        for name, data in files.items():
            for changed in (b"", b"\xff", data[:len(data) // 2], data + data, b"{}", b"[]", b"null", b"\xa0", b"\x80", b"[[[1]]]"):
                if changed != data:
                    self.assertEqual(run(zipped(files | {name: changed}))[0], 5, (name, changed))

    def test_the_two_files_are_all_of_it(self):
        """Copied into another folder they run from anywhere, with two libraries beside Python's own."""
        with tempfile.TemporaryDirectory() as folder:
            for file in verify.__file__, signed_log.__file__:
                shutil.copy(file, folder)
                used = [name for node in ast.walk(ast.parse(pathlib.Path(file).read_text())) for name in (
                    [alias.name for alias in node.names] if isinstance(node, ast.Import)
                    else [node.module] if isinstance(node, ast.ImportFrom) else [])]
                beside = {name.split(".")[0] for name in used} - sys.stdlib_module_names
                self.assertLessEqual(beside, {"cbor2", "cryptography", "signed_log"})
            done = subprocess.run([sys.executable, f"{folder}/verify.py", FIXTURES / "agreement.zip", *self.trust], cwd="/",
                                  env={"PYTHONDONTWRITEBYTECODE": "1"}, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertTrue(done.stdout.endswith("everything fits together\n"), done.stdout)

    def test_nothing_that_is_printed_makes_a_line(self):
        data, trust = self.made({"engagement party edits": cell("legalName", "x\nok all: \x1b[1m\u202e")})
        status, told = run(data, *trust)
        self.assertEqual(status, 0, told)
        self.assertNotIn("\x1b", told)
        self.assertNotIn("\u202e", told)
        self.assertIn("x\ufffdok all: ", told)


if __name__ == "__main__":
    unittest.main()
