"""Checks of the vectors that stand in logs, or say something about them."""

import functools

from . import conversation, crypto, trees
from .book import SIGNED, Wrong, each, fields, hexed, read_log, same, signed, unhex
from .chains import Chain, Links
from .layouts import read_state
from .logs import Log, check_bound, check_payload, open_sealed
from .messages import LAYOUTS
from .profile import decode, encode
from .records import bucket, covered


# changes.json


def changes(book, file):
    fields(file, "about protocol changes")

    def change(entry):
        fields(entry, SIGNED + " payload cid", "spaceKey openedEdits openedPayload")
        held = signed(book, entry)
        cid = crypto.H("cid", held[3] + held[4])[:16]
        same(cid.hex(), entry["cid"], "change id")
        edits, payload = held[8], hexed(entry["payload"])
        same(type(edits) is bytes, "spaceKey" in entry, "sealed")
        if type(edits) is bytes:
            check_bound(held, payload)
            edits, payload = open_sealed(held, payload, cid, hexed(entry["spaceKey"]))
            same(encode(edits).hex(), entry["openedEdits"], "opened edits")
            same(payload.hex(), entry["openedPayload"], "opened payload")
            same(unhex(entry["spaceKey"]), book.logs[held[2]].space_keys[held[10]], "the key wrapped for the devices")
        check_payload(unhex(entry["hex"]), held, edits, payload)
        if cid not in book.logs[held[2]].changes:
            raise Wrong("no log holds it")

    yield from each(change, file["changes"], "changes")


# statements.json


def statements(book, file):
    fields(file, "about protocol chains wrappedKey")
    wrapped = file["wrappedKey"]

    def chain(vector):
        fields(vector, "organisation statements")
        organisation = book.organisations[vector["organisation"]]
        own, links = Chain(organisation), Links()
        for number, entry in enumerate(vector["statements"], 1):
            fields(entry, SIGNED)
            statement, data = signed(book, entry), unhex(entry["hex"])
            same(entry["name"], f"statement {number}, type {statement[7]}", "name")
            same(statement[2], organisation, "organisation")
            same(statement[6], unhex(entry["key"]), "signer")
            if statement[7] < 16:
                own.append(data, unhex(entry["signature"]))
            else:
                links.follow(statement, data)
                if data not in book_entries(book, statement[3]):
                    raise Wrong("the log of its space lacks it, where its rights are checked")

    def wrapped_key():
        fields(wrapped, "space keyEpoch spaceKey x25519 enc ciphertext")
        space, epoch = hexed(wrapped["space"]), wrapped["keyEpoch"]
        found = crypto.unwrap_space_key(*(hexed(wrapped[k]) for k in ("x25519", "enc", "ciphertext")), space, epoch)
        same(found.hex(), wrapped["spaceKey"], "space key")
        same(found, book.logs[space].space_keys[epoch], "the key in the log")

    yield from each(chain, file["chains"], "chains")
    yield "wrappedKey", wrapped_key


# spaces.json


def spaces(book, file):
    fields(file, "about protocol emptyRoot invitation logs salvaged epochStatement")

    def empty():
        same(trees.root([]).hex(), file["emptyRoot"], "root of nothing")

    def invitation():
        fields(file["invitation"], SIGNED)
        held = signed(book, file["invitation"])
        same(held[7], book.public["invitation"], "the invitation's key")
        same(held[9], unhex(file["invitation"]["key"]), "the device that signs")

    def genesis(vector):
        fields(vector, "name space genesis entries origin logKey checkpoint inclusion consistency", "acceptance")
        fields(vector["genesis"], SIGNED)
        held = signed(book, vector["genesis"])
        same(held[8], unhex(vector["genesis"]["key"]), "the device that founds")
        same(crypto.H("space", unhex(vector["genesis"]["hex"]))[:16].hex(), vector["space"], "space")
        first = decode(unhex(vector["entries"][0]["hex"]))
        same(first[3], unhex(vector["genesis"]["hex"]), "the genesis in the log")
        same(first[4], unhex(vector["genesis"]["signature"]), "its signature in the log")
        same(held[2] == 2, "acceptance" in vector, "an engagement is accepted")
        if held[2] == 2:
            fields(vector["acceptance"], SIGNED)
            signed(book, vector["acceptance"])
            same(vector["acceptance"]["hex"], vector["genesis"]["hex"], "what is accepted")
            same(first[5], unhex(vector["acceptance"]["signature"]), "the acceptance in the log")
            same(held[10], unhex(file["invitation"]["hex"]), "the invitation")
            same(held[11], unhex(file["invitation"]["signature"]), "its signature")

    def entry(log, vector, number):
        held = vector["entries"][number]
        fields(held, "name layout hex payload leafHash rootAfter")
        same(held["layout"], "entry", "layout")
        same(held["name"], f"entry {number}", "name")
        log.append(hexed(held["hex"]), hexed(held["payload"]) if held["payload"] is not None else None)
        same(log.leaves[-1].hex(), held["leafHash"], "leaf")
        same(log.root().hex(), held["rootAfter"], "root")

    def checkpoint(log, vector):
        same(log.origins[-1], (vector["origin"], hexed(vector["logKey"])), "origin and log key in force")
        same(log.check_checkpoint(vector["checkpoint"]), len(vector["entries"]), "size of the checkpoint")

    def inclusion(log, vector, proof):
        fields(proof, "position hashes tlogProof")
        position, path = proof["position"], [hexed(h) for h in proof["hashes"]]
        same(trees.root_by_path(log.leaves[position], position, log.size, path), log.root(), "root by the proof")
        same(trees.read_proof(proof["tlogProof"]), (position, path, vector["checkpoint"]), "the proof as a file")

    def consistency(log, proof):
        fields(proof, "from hashes")
        size = proof["from"]
        trees.check_consistency(size, log.root(size), log.size, log.root(), [hexed(h) for h in proof["hashes"]])

    def salvaged():
        fields(file["salvaged"], "name layout hex")
        same(file["salvaged"]["layout"], "entry", "layout")
        log = book.logs[decode(unhex(file["epochStatement"]["hex"]))[2]]
        index = log.check_salvaged(hexed(file["salvaged"]["hex"]))
        if index < decode(unhex(file["epochStatement"]["hex"]))[4][2]:
            raise Wrong("taken over though it was not lost")

    def epoch():
        fields(file["epochStatement"], SIGNED)
        held = signed(book, file["epochStatement"])
        log = book.logs[held[2]]
        same((held[3], held[4][1]), (1, log.epoch), "an end of the epoch")
        same(held[4][3], log.root(held[4][2]), "root where the epoch was cut")
        if unhex(file["epochStatement"]["key"]) not in [key for _, key in log.origins]:
            raise Wrong("not a key of this log")

    yield "emptyRoot", empty
    yield "invitation", invitation
    for vector in file["logs"]:
        at, log = f"logs {vector['name']}", Log(book.private_sealing)
        yield f"{at} genesis", functools.partial(genesis, vector)
        for number in range(len(vector["entries"])):
            yield f"{at} entry {number}", functools.partial(entry, log, vector, number)
        yield f"{at} checkpoint", functools.partial(checkpoint, log, vector)
        for number, proof in enumerate(vector["inclusion"]):
            yield f"{at} inclusion[{number}]", functools.partial(inclusion, log, vector, proof)
        for number, proof in enumerate(vector["consistency"]):
            yield f"{at} consistency[{number}]", functools.partial(consistency, log, proof)
    yield "salvaged", salvaged
    yield "epochStatement", epoch


# states.json


def states(book, file):
    fields(file, "about protocol records accepts")

    def record(entry):
        fields(entry, "name space record state stateHash bucket covered")
        space, record_id = hexed(entry["space"]), hexed(entry["record"])
        data = hexed(entry["state"])
        state = read_state(data)
        same(crypto.sha256(data).hex(), entry["stateHash"], "hash of the state")
        same(bucket(record_id), entry["bucket"], "bucket")
        found = covered(space, record_id, state)
        same(found.hex() if found else None, entry["covered"], "covered digest")
        named = {head[0] for _, _, heads in state[3] for head in heads}
        if named <= set(book.logs[space].changes) and data not in folded(book, space, record_id):
            raise Wrong("no prefix of the log folds to this state")
        if not named & set(book.logs[space].changes) and entry["covered"] is not None:
            raise Wrong("no log holds its changes")

    def accepts(entry):
        fields(entry, "row providerPosition accepts")
        read = [hexed(entry[k]) if entry[k] is not None else None for k in ("row", "providerPosition")]
        same(crypto.H("accepts", encode(read)).hex(), entry["accepts"], "accepts")
        for digest in filter(None, (entry["row"], entry["providerPosition"])):
            if digest not in [r["covered"] for r in file["records"]]:
                raise Wrong("no record is covered so")

    yield from each(record, file["records"], "records")
    yield from each(accepts, file["accepts"], "accepts")


# messages.json


def messages(book, file):
    fields(file, "about protocol messages sessionProof unknownKeysInAnswers")

    def message(entry):
        fields(entry, "name layout hex")
        value = LAYOUTS[entry["layout"]](hexed(entry["hex"]))
        conversation.check(book, entry["layout"], value)

    def session_proof():
        proof = file["sessionProof"]
        fields(proof, "serverName nonce device hex label key signature")
        content = encode([proof["serverName"], hexed(proof["nonce"]), hexed(proof["device"])])
        same(content.hex(), proof["hex"], "what is signed")
        same((proof["label"], proof["key"]), ("session", proof["device"]), "purpose and key")
        crypto.verify(unhex(proof["key"]), proof["label"], content, hexed(proof["signature"]))

    def unknown_keys(entry):
        fields(entry, "name layout hex known")
        value, known = (LAYOUTS[entry["layout"]](hexed(entry[k])) for k in ("hex", "known"))
        same({k: value[k] for k in known}, known, "what a reader of today finds")
        if not set(value) - set(known):
            raise Wrong("no key that is not known")

    yield from each(message, file["messages"], "messages")
    yield "sessionProof", session_proof
    yield from each(unknown_keys, file["unknownKeysInAnswers"], "unknownKeysInAnswers")
    yield "every method and direction", lambda: same(
        {m["layout"] for m in file["messages"]}, {k for k in LAYOUTS if k.endswith((" request", " answer"))}, "messages")


def book_entries(book, space):
    vector = next(v for v in book.files["spaces"]["logs"] if unhex(v["space"]) == space)
    return {decode(unhex(e["hex"]))[3] for e in vector["entries"]}


def folded(book, space, record_id):
    """The states that a record had, one for each prefix of its log that holds it."""
    vector = next(v for v in book.files["spaces"]["logs"] if unhex(v["space"]) == space)
    for size in range(1, len(vector["entries"]) + 1):
        record = read_log(book, vector, size).records.records.get(record_id)
        if record is not None:
            yield encode(record.state())
