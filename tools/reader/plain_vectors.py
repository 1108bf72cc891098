"""Checks of the vectors that need no log: CBOR, values, hashes, codes, and what must be refused."""

import uuid

from . import codes as handed
from . import crypto, notation, text, trees
from .book import Wrong, each, fields, hexed, nested, refused, same, unhex
from .layouts import commitment, opened, read_payload, salt
from .messages import LAYOUTS
from .profile import decode, encode
from .records import natural_record, time_ordered_record


# cbor.json


def cbor(_, file):
    fields(file, "about protocol valid invalid")

    def valid(entry):
        fields(entry, "hex item appendixA")
        value = decode(hexed(entry["hex"]))
        pattern, comment = notation.parse(entry["item"])
        if not notation.fits(pattern, value) or comment and not comment.startswith(", "):
            raise Wrong(f"{value!r} is not {entry['item']}")

    def invalid(entry):
        fields(entry, "hex item appendixA reason")
        return refused(decode, unhex(entry["hex"]))

    yield from each(valid, file["valid"], "valid")
    yield from each(invalid, file["invalid"], "invalid")


# values.json


def values(_, file):
    fields(file, "about protocol values cellsInOrder commitments payloads erased")
    said, erased = file["commitments"], file["erased"]
    good = lambda: [decode(unhex(v["hex"])) for v in file["values"]]  # noqa: E731

    def laid_out(entry):
        fields(entry, "name layout hex")
        LAYOUTS[entry["layout"]](hexed(entry["hex"]))

    def cell(entry):
        laid_out(entry)
        same(decode(unhex(entry["hex"]))[0], entry["name"], "field")

    def order():
        cells = [unhex(c["hex"]) for c in file["cellsInOrder"]]
        same(cells, sorted(set(cells)), "cells in order")

    def commitments():
        fields(said, "seed salts commitments")
        seed = hexed(said["seed"])
        same([salt(seed, i).hex() for i in range(len(said["salts"]))], said["salts"], "salts")
        same([commitment(salt(seed, i), v).hex() for i, v in enumerate(good())], said["commitments"], "commitments")

    def payload(entry):
        fields(entry, "count hex valuesRoot")
        found = read_payload(hexed(entry["hex"]))
        same(found[1], unhex(said["seed"]), "seed")
        same((len(found[2]), found[2]), (entry["count"], good()[:entry["count"]]), "values")
        same(trees.root(opened(found)[0]).hex(), entry["valuesRoot"], "values root")

    def erasure():
        fields(erased, "indices hex valuesRoot")
        found = read_payload(hexed(erased["hex"]))
        gone = [i for i, slot in enumerate(found[3]) if type(slot) is bytes]
        same(gone, erased["indices"], "erased values")
        same([slot[1] for slot in found[3] if type(slot) is list],
             [v for i, v in enumerate(good()) if i not in gone], "values left")
        same(trees.root(opened(found)[0]).hex(), erased["valuesRoot"], "values root")
        same(erased["valuesRoot"], file["payloads"][-1]["valuesRoot"], "values root before the erasure")

    yield from each(laid_out, file["values"], "values")
    yield from each(cell, file["cellsInOrder"], "cellsInOrder")
    yield "cellsInOrder", order
    yield "commitments", commitments
    yield from each(payload, file["payloads"], "payloads")
    yield "erased", erasure


# hashes.json


def hashes(book, file):
    fields(file, "about protocol labels changeIds naturalRecordIds timeOrderedRecordIds heads")

    def label(entry):
        fields(entry, "label content hash")
        same(crypto.H(entry["label"], hexed(entry["content"])).hex(), entry["hash"], entry["label"])

    def change_id(entry):
        fields(entry, "device nonce cid nextNonce")
        same(crypto.H("next-change", hexed(entry["nonce"]))[:16].hex(), entry["nextNonce"], "next nonce")
        same(crypto.H("cid", hexed(entry["device"]) + hexed(entry["nonce"]))[:16].hex(), entry["cid"], "change id")

    def natural(entry):
        fields(entry, "space kind key record uuid")
        key = decode(hexed(entry["key"]))
        kind = text.KINDS[entry["kind"]]
        same(len(key), len(kind.key), "key fields")
        for field, value in zip(kind.key, key):
            kind.fields[field].check_value(value)
        found = natural_record(hexed(entry["space"]), entry["kind"], key)
        same(found.hex(), entry["record"], "record id")
        same(str(uuid.UUID(bytes=found)), entry["uuid"], "UUID")
        same(uuid.UUID(entry["uuid"]).version, 8, "version")

    def timed(entry):
        fields(entry, "millis random record")
        same(time_ordered_record(entry["millis"], hexed(entry["random"])).hex(), entry["record"], "record id")
        same(uuid.UUID(entry["record"]).version, 7, "version")

    def heads():
        fields(file["heads"], "list digest digestOfNone")
        held = sorted([hexed(h["space"]), h["epoch"], h["size"]] for h in file["heads"]["list"])
        same(crypto.H("heads", encode(held)).hex(), file["heads"]["digest"], "digest of heads")
        same(crypto.H("heads", encode([])).hex(), file["heads"]["digestOfNone"], "digest of no heads")
        for space, epoch, size in held:
            same((epoch, size), (book.logs[space].epoch, book.logs[space].size), "head")

    yield from each(label, file["labels"], "labels")
    yield from each(change_id, file["changeIds"], "changeIds")
    yield from each(natural, file["naturalRecordIds"], "naturalRecordIds")
    yield from each(timed, file["timeOrderedRecordIds"], "timeOrderedRecordIds")
    yield "heads", heads


# codes.json


def codes(book, file):
    fields(file, "about protocol codes recovery invalid")

    def code(entry):
        found = handed.read(entry["text"])
        same(found.pop("for"), entry["name"], "what the code is for")
        if entry["name"] == "device request":
            content = encode([hexed(entry["organisation"]), found["device"], found["sealingKey"]])
            crypto.verify(found["device"], "enrol", content, found["proof"])
            found["organisation"] = unhex(entry["organisation"])
        if entry["name"] == "invitation":
            found.update(handed.invitation_key(found["seed"]))
        same({"name": entry["name"], "text": entry["text"],
              **{k: v.hex() if type(v) is bytes else v for k, v in found.items()}}, entry, "content")

    def recovery():
        entry = file["recovery"]
        fields(entry, "seed text keySeed publicKey")
        seed = handed.read_recovery(entry["text"])
        same(seed.hex(), entry["seed"], "seed")
        same(handed.write_recovery(seed), entry["text"], "text")
        key_seed = crypto.H("recovery-seed", seed)
        same((key_seed.hex(), crypto.ed25519_public(key_seed).hex()), (entry["keySeed"], entry["publicKey"]), "key")
        same(unhex(entry["publicKey"]), book.public["provider recovery"], "recovery key")

    def invalid(entry):
        fields(entry, "text reason")
        return refused(handed.read, entry["text"])

    yield from each(code, file["codes"], "codes")
    yield "recovery", recovery
    yield from each(invalid, file["invalid"], "invalid")


# invalid.json


def invalid(book, file):
    fields(file, "about protocol layouts")
    good = {e["layout"] for name, other in book.files.items() if name != "invalid" for e in nested(other) if "layout" in e}
    good |= {"payload"}  # values.json and changes.json hold good ones without naming the layout

    def layout(entry):
        fields(entry, "name layout hex reason")
        if entry["layout"] not in good:
            raise Wrong("no good vector of this layout: a decoder that refuses all would pass")
        return refused(LAYOUTS[entry["layout"]], unhex(entry["hex"]))

    yield from each(layout, file["layouts"], "layouts")
