#!/usr/bin/env python3
"""Checks Protocol/Vectors against PROTOCOL.md, whose reader this is: nothing here was taken from the Swift code.

Needs cbor2 and cryptography, as Debian 12 has them or newer. cbor2 is lenient, so strictness comes from encoding
again: bytes that decode to something the profile encodes otherwise are refused. Section numbers are those of PROTOCOL.md.
"""

import base64
import hashlib
import hmac
import io
import json
import pathlib
import sys

import cbor2
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class Refused(Exception):
    """The bytes are not what the document says."""


def need(condition, reason):
    if not condition:
        raise Refused(reason)


# --- section 3: the profile -------------------------------------------------------------------------------------------


def key_order(key):
    """Encoded bytes of an integer key decide: 0, 1, 2, …, then -1, -2, …"""
    return (key < 0, abs(key))


def head(major, argument):
    if argument < 24:
        return bytes([major << 5 | argument])
    for low, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if argument < 1 << (8 * size):
            return bytes([major << 5 | low]) + argument.to_bytes(size, "big")
    raise Refused("an integer beyond 64 bits")


def encode(item):
    """The one form of an item, written from section 3."""
    if item is None:
        return b"\xf6"
    if item is True:
        return b"\xf5"
    if item is False:
        return b"\xf4"
    if type(item) is int:
        need(-(1 << 62) <= item < 1 << 62, "an integer beyond 2^62")
        return head(0, item) if item >= 0 else head(1, -1 - item)
    if type(item) is bytes:
        return head(2, len(item)) + item
    if type(item) is str:
        data = item.encode("utf-8")
        return head(3, len(data)) + data
    if type(item) is list:
        return head(4, len(item)) + b"".join(map(encode, item))
    if type(item) is dict:
        need(all(type(key) is int for key in item), "a key that is no integer")
        return head(5, len(item)) + b"".join(encode(key) + encode(item[key]) for key in sorted(item, key=key_order))
    raise Refused(f"a {type(item).__name__}")


def depth(item):
    if type(item) is list:
        return 1 + max(map(depth, item), default=0)
    if type(item) is dict:
        return 1 + max(map(depth, item.values()), default=0)
    return 0


def decode(data):
    stream = io.BytesIO(data)
    try:
        item = cbor2.CBORDecoder(stream).decode()
    except Exception as error:  # cbor2 raises many kinds; each of them means that it is not CBOR
        raise Refused(str(error)) from error
    need(stream.read() == b"", "bytes behind the item")
    try:
        need(encode(item) == data, "not the one form of the item")
    except (RecursionError, UnicodeEncodeError) as error:
        raise Refused(str(error)) from error
    need(depth(item) <= 8, "too deep")
    return item


# --- sections 2 and 9: parts of layouts -------------------------------------------------------------------------------

COUNT = 1 << 53


def integer(item, low=-(1 << 62), high=(1 << 62) - 1):
    need(type(item) is int and low <= item <= high, "an integer out of range")


def count(item):
    integer(item, 0, COUNT)


def fixed(size):
    def check(item):
        need(type(item) is bytes and len(item) == size, f"not {size} bytes")

    return check


id16, key32, sig64 = fixed(16), fixed(32), fixed(64)


def data(most=None):
    def check(item):
        need(type(item) is bytes and (most is None or len(item) <= most), "not bytes, or too many")

    return check


def text(most):
    def check(item):
        need(type(item) is str and len(item.encode("utf-8")) <= most, "not a text, or too long")

    return check


def name(item):
    need(type(item) is str and 1 <= len(item) <= 64 and all(0x21 <= ord(c) <= 0x7E for c in item), "not a name")


def boolean(item):
    need(type(item) is bool, "not a boolean")


def optional(check):
    return lambda item: None if item is None else check(item)


def one(*values):
    return lambda item: need(type(item) is int and item in values, "another number")


def listed(check, most=None, least=0):
    def run(item):
        need(type(item) is list and len(item) >= least, "not a list, or too short")
        need(most is None or len(item) <= most, "too many")
        for part in item:
            check(part)

    return run


def row(*checks):
    def run(item):
        need(type(item) is list and len(item) == len(checks), "another number of parts")
        for check, part in zip(checks, item):
            check(part)

    return run


def fields(required, allowed=None, open_end=False):
    """A map with these keys. Answers may hold keys above those known."""
    allowed = allowed or {}

    def run(item):
        need(type(item) is dict, "not a map")
        need(all(key in item for key in required), "a missing key")
        known = {**required, **allowed}
        last = max(known, default=-1)
        for key, part in item.items():
            if key in known:
                known[key](part)
            else:
                need(open_end and (key > last or key < 0), "an unknown key")

    return run


def request(required, allowed=None):
    return fields(required, allowed)


def answer(required, allowed=None):
    return fields(required, allowed, open_end=True)


def ascending(parts):
    return all(encode(a) < encode(b) for a, b in zip(parts, parts[1:]))


# --- section 5 --------------------------------------------------------------------------------------------------------


def value(item):
    if item is None or type(item) is bool:
        return
    if type(item) is int:
        return need(abs(item) < 1 << 53, "an integer beyond 2^53")
    if type(item) is str:
        return text(4_194_304)(item)
    data(64)(item)


def element(item):
    name(item) if type(item) is str else id16(item)


cell = row(name, optional(element))

# --- section 6 --------------------------------------------------------------------------------------------------------

base = row(count, lambda item: integer(item, 1, COUNT), key32)


def edits(item):
    row(listed(id16), listed(lambda _: None, 500, 1))(item)
    changes, list_of_edits = item
    need(ascending(changes), "changes that do not ascend")
    used, records, ops_in_all = set(), set(), 0
    for edit in list_of_edits:
        row(id16, name, listed(lambda _: None, 500, 1))(edit)
        record, _, ops = edit
        need(record not in records, "a record twice")
        records.add(record)
        cells = set()
        for op in ops:
            row(name, optional(element), listed(row(count, lambda n: integer(n, 0, 499))))(op)
            field, part, predecessors = op
            need((field, part) not in cells, "a cell twice")
            cells.add((field, part))
            need(len(predecessors) <= (2000 if (field, part) == ("@life", None) else 64), "too many predecessors")
            need(all(a < b for a, b in zip(predecessors, predecessors[1:])), "predecessors that do not ascend")
            for number, _ in predecessors:
                need(number < len(changes), "a predecessor of no change")
                used.add(number)
        ops_in_all += len(ops)
    need(ops_in_all <= 500, "too many ops")
    need(len(used) == len(changes), "a change that no predecessor names")


def change(item):
    common = {1: one(1), 2: id16, 3: key32, 4: id16, 5: base, 6: integer, 7: lambda s: integer(s, 0, 1_000_000), 9: key32}
    need(type(item) is dict, "not a map")
    if type(item.get(8)) is bytes:
        fields({**common, 8: data(262_144), 10: count})(item)
    else:
        fields({**common, 8: edits})(item)


def payload(item):
    def slot(part):
        key32(part) if type(part) is bytes else row(id16, value)(part)

    need(type(item) is dict, "not a map")
    if 3 in item:
        fields({3: listed(slot, 500)})(item)
    else:
        fields({1: id16, 2: listed(value, 500)})(item)


# --- section 7 --------------------------------------------------------------------------------------------------------


def entry(item):
    fields({1: one(0, 1, 2, 3, 4), 2: integer, 3: data()}, {4: sig64, 5: data()})(item)
    kind = item[1]
    need((4 in item) == (kind != 4), "a signature missing, or too many")
    need(5 in item if kind == 4 else 5 not in item or kind == 0, "a proof missing, or too many")


# --- sections 10 and 11 -----------------------------------------------------------------------------------------------

capabilities = one(*range(16))


def erased(item):
    def indices(part):
        listed(lambda n: integer(n, 0, 499), 500, 1)(part)
        need(ascending(part), "indices that do not ascend")

    listed(row(id16, indices), 500, 1)(item)
    need(ascending([part[0] for part in item]), "changes that do not ascend")


ARGUMENTS = {
    1: fields({1: key32, 2: key32, 3: capabilities, 4: text(256), 5: sig64}),
    2: fields({1: key32}, {2: integer}),
    3: fields({1: key32, 2: capabilities}),
    4: fields({1: key32, 2: sig64}),
    5: fields({1: key32, 2: sig64}),
    16: fields({1: key32, 2: capabilities}),
    17: fields({1: id16, 2: integer}),
    18: fields({1: id16}),
    19: fields({}),
    20: fields({3: lambda s: integer(s, 0, 1_000_000)}),
    21: fields({1: erased}),
    22: fields({1: count, 2: listed(row(key32, fixed(32), fixed(48)), 500)}),
}
SERVER_ARGUMENTS = {1: fields({1: count, 2: count, 3: key32}), 2: fields({1: key32}), 3: fields({1: text(255), 2: key32})}


def statement(item):
    fields(
        {1: one(1), 2: id16, 3: optional(id16), 4: lambda n: integer(n, 1, 1 << 40), 5: optional(key32), 6: key32, 7: count,
         8: lambda _: None, 9: integer}
    )(item)
    need(item[7] in ARGUMENTS, "an unknown type")
    ARGUMENTS[item[7]](item[8])
    need((item[3] is None) == (item[7] < 16), "a space too many, or missing")
    need((item[5] is None) == (item[4] == 1), "a predecessor too many, or missing")


def server_statement(item):
    fields({1: one(1), 2: id16, 3: count, 4: lambda _: None})(item)
    need(item[3] in SERVER_ARGUMENTS, "an unknown type")
    SERVER_ARGUMENTS[item[3]](item[4])


policy = fields({1: one(1, 2), 2: boolean, 3: lambda s: integer(s, 0, 1_000_000)})


def genesis(item):
    fields(
        {1: one(1), 2: one(1, 2, 3), 3: listed(row(one(1, 2), id16, key32), 2), 4: optional(text(255)), 5: key32, 6: policy, 7: id16,
         8: key32},
        {9: id16, 10: data(4096), 11: sig64},
    )(item)
    engagement = item[2] == 2
    need([party[0] for party in item[3]] == ([1, 2] if engagement else [1]), "other parties")
    need(len({party[1] for party in item[3]}) == len(item[3]), "an organisation twice")
    for key in (9, 10, 11):
        need((key in item) == engagement, "a key too many, or missing")
    need(not engagement or item[4] is not None, "an engagement without server")


invitation = fields(
    {1: one(1), 2: id16, 3: id16, 4: text(255), 5: key32, 6: policy, 7: key32, 8: integer, 9: key32}
)

# --- section 8 --------------------------------------------------------------------------------------------------------

statements = listed(row(data(65_536), sig64), 1000)
entries = listed(row(data(), optional(data())), 262_144)
heads = listed(row(id16, count, count), 100_000)
note = text(4096)
detail = text(1024)


def verdict(item):
    need(type(item) is list and item, "no verdict")
    if item[0] == 3:
        return row(one(3), text(64), optional(detail))(item)
    row(one(1, 2), count)(item)


def limits(item):
    listed(row(name, count), 1000)(item)
    need(ascending([limit[0] for limit in item]), "limits that do not ascend")


verdicts = answer({1: listed(verdict, 1000), 2: optional(note)})
nothing = answer({})
LAYOUTS = {
    "value": value,
    "cell": cell,
    "edits": edits,
    "change": change,
    "payload": payload,
    "entry": entry,
    "genesis": genesis,
    "invitation-offer": invitation,
    "statement-word": statement,
    "server-statement": server_statement,
    "hello request": request({}),
    "hello answer": answer({1: row(count, count), 2: count, 3: limits, 4: text(255), 5: integer, 6: key32}),
    "register request": request({1: statements, 2: key32, 3: optional(row(one(1, 2), id16))}),
    "register answer": nothing,
    "challenge request": request({1: key32}),
    "challenge answer": answer({1: key32}),
    "session request": request({1: key32, 2: key32, 3: sig64}),
    "session answer": answer({1: data(256), 2: integer}),
    "invitation request": request({1: id16}),
    "invitation answer": answer({1: data(4096), 2: sig64, 3: statements, 4: key32}),
    "invite request": request({1: data(4096), 2: sig64}),
    "invite answer": nothing,
    "heads request": request({1: key32}),
    "heads answer": answer({}, {1: heads}),
    "wait request": request({1: key32}),
    "wait answer": answer({}, {1: heads}),
    "pull request": request({1: id16, 2: count, 3: count, 4: key32, 5: lambda n: integer(n, 1, 4_194_304)}),
    "pull answer": answer({1: entries, 2: note, 3: boolean}),
    "push request": request({1: id16, 2: listed(row(data(), sig64, data()), 1000)}),
    "push answer": verdicts,
    "statement request": request({1: statements}),
    "statement answer": verdicts,
    "create_space request": request({1: data(16_384), 2: sig64}, {3: sig64}),
    "create_space answer": answer({1: id16, 2: note}),
    "replay request": request({1: id16, 2: count, 3: entries, 4: note}),
    "replay answer": answer({1: count}),
    "error answer": answer({1: text(64)}, {2: detail, 3: count, 4: listed(row(count, count, key32))}),
}


def read(layout, data_):
    item = decode(data_)
    LAYOUTS[layout](item)
    return item


# --- section 4 --------------------------------------------------------------------------------------------------------


def prefixed(label, content):
    return b"buntan." + label.encode() + b".v1\0" + content


def sha(content):
    return hashlib.sha256(content).digest()


def H(label, content):
    return sha(prefixed(label, content))


def verify(key, message, signature):
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise Refused("a signature that does not hold") from error


def verify_labelled(key, label, content, signature):
    verify(key, prefixed(label, content), signature)
    for other in ("change", "statement", "x"):
        if other != label:
            try:
                verify(key, prefixed(other, content), signature)
            except Refused:
                continue
            raise Refused("a signature that holds under two labels")


# --- trees and values -------------------------------------------------------------------------------------------------


def root(leaves):
    """RFC 6962 section 2.1, by its recursive definition."""
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha(b"\x01" + root(leaves[:split]) + root(leaves[split:]))


def path(position, leaves):
    """RFC 6962 section 2.1.1."""
    if len(leaves) <= 1:
        return []
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if position < split:
        return path(position, leaves[:split]) + [root(leaves[split:])]
    return path(position - split, leaves[split:]) + [root(leaves[:split])]


def salt(seed, index):
    return H("salt", seed + index.to_bytes(4, "big"))[:16]


def commitment(salt_, item):
    return sha(b"\x00buntan.value.v1\x00" + salt_ + encode(item))


def commitments(item):
    if 3 in item:
        return [part if type(part) is bytes else commitment(*part) for part in item[3]]
    return [commitment(salt(item[1], index), part) for index, part in enumerate(item[2])]


def open_hpke(secret, enc, ciphertext, info):
    """RFC 9180 base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM."""

    def extract(salt_, key):
        return hmac.new(salt_ or bytes(32), key, "sha256").digest()

    def expand(key, context, length):
        result, block, counter = b"", b"", 1
        while len(result) < length:
            block = hmac.new(key, block + context + bytes([counter]), "sha256").digest()
            result, counter = result + block, counter + 1
        return result[:length]

    def labelled_extract(suite, salt_, label, key):
        return extract(salt_, b"HPKE-v1" + suite + label + key)

    def labelled_expand(suite, key, label, context, length):
        return expand(key, length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + context, length)

    private = X25519PrivateKey.from_private_bytes(secret)
    shared = private.exchange(X25519PublicKey.from_public_bytes(enc))
    kem = b"KEM" + (0x20).to_bytes(2, "big")
    context = enc + private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    shared = labelled_expand(kem, labelled_extract(kem, b"", b"eae_prk", shared), b"shared_secret", context, 32)
    suite = b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (0x20, 1, 2))
    schedule = b"\0" + labelled_extract(suite, b"", b"psk_id_hash", b"") + labelled_extract(suite, b"", b"info_hash", info)
    secret = labelled_extract(suite, shared, b"secret", b"")
    key = labelled_expand(suite, secret, b"key", schedule, 32)
    nonce = labelled_expand(suite, secret, b"base_nonce", schedule, 12)
    return AESGCM(key).decrypt(nonce, ciphertext, b"")


# --- section 2: text forms --------------------------------------------------------------------------------------------


def base32(content):
    return base64.b32encode(content).decode().rstrip("=").lower()


def unbase32(letters):
    letters = letters.replace("-", "").replace(" ", "").upper()
    try:
        content = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except ValueError as error:
        raise Refused("not base32") from error
    need(base32(content).upper() == letters, "stray bits")
    return content


def grouped(letters):
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def read_code(text_):
    letters, _, server = text_.strip().partition("@")
    content, server = unbase32(letters.strip()), server.strip()
    if len(content) == 16 and server:
        return ("organisation", content, server)
    body, check = content[:-2], content[-2:]
    need(len(content) >= 18 and H("code", body)[:2] == check, "a slip")
    if len(body) == 16 and not server:
        return ("admission", body, server)
    if len(body) == 32 and server:
        return ("invitation", body, server)
    if 128 <= len(body) <= 384 and not server:
        return ("device request", body, server)
    raise Refused("a code for nothing")


# --- the checks -------------------------------------------------------------------------------------------------------

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "Protocol" / "Vectors"
counted = {"good": 0, "refused": 0, "hashes": 0, "signatures": 0}


def load(file):
    return json.loads((FOLDER / f"{file}.json").read_text(encoding="utf-8"))


def x(text_):
    return bytes.fromhex(text_)


def same(found, expected, what):
    counted["hashes"] += 1
    if found != expected:
        raise AssertionError(f"{what}: computed {found!r}, the vector says {expected!r}")


def good(vector):
    counted["good"] += 1
    try:
        return read(vector["layout"], x(vector["hex"]))
    except Refused as error:
        raise AssertionError(f"{vector['layout']}, {vector['name']}: refused ({error})") from error


def refused(what, run):
    try:
        run()
    except Refused:
        counted["refused"] += 1
        return
    raise AssertionError(f"{what}: taken, though it must be refused")


def signed(vector):
    item = good(vector)
    verify_labelled(x(vector["key"]), vector["label"], x(vector["hex"]), x(vector["signature"]))
    counted["signatures"] += 1
    return item


def check_keys():
    file = load("keys")
    for pair in file["ed25519"]:
        public = Ed25519PrivateKey.from_private_bytes(x(pair["seed"])).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        same(public.hex(), pair["public"], pair["name"])
    for pair in file["x25519"]:
        public = X25519PrivateKey.from_private_bytes(x(pair["x25519"])).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        same(public.hex(), pair["public"], pair["name"])
    for organisation in file["organisations"]:
        found = H("org", x(organisation["rootKey"]))[:16]
        same(found.hex(), organisation["id"], organisation["name"])
        same(grouped(base32(found)), organisation["fingerprint"], organisation["name"])


def check_profile():
    file = load("cbor")
    for vector in file["valid"]:
        counted["good"] += 1
        try:
            item = decode(x(vector["hex"]))
        except Refused as error:
            raise AssertionError(f"{vector['item']}: refused ({error})") from error
        try:
            meant = json.loads(vector["item"])
        except ValueError:
            continue  # diagnostic notation that JSON has not, or words
        same(item, meant, vector["item"])
    for vector in file["invalid"]:
        refused(vector["item"], lambda: decode(x(vector["hex"])))
    appendix = sum(vector["appendixA"] for vector in file["valid"] + file["invalid"])
    need(appendix == 81, f"{appendix} items of RFC 8949 appendix A, not 81")


def check_hashes():
    file = load("hashes")
    for vector in file["labels"]:
        same(H(vector["label"], x(vector["content"])).hex(), vector["hash"], vector["label"])
    for vector in file["changeIds"]:
        same(H("cid", x(vector["device"]) + x(vector["nonce"]))[:16].hex(), vector["cid"], "change id")
    for vector in file["naturalRecordIds"]:
        key = decode(x(vector["key"]))
        found = bytearray(H("record", encode([x(vector["space"]), vector["kind"], key]))[:16])
        found[6], found[8] = 0x80 | found[6] & 0x0F, 0x80 | found[8] & 0x3F
        same(found.hex(), vector["record"], vector["kind"])
        same(vector["uuid"].replace("-", ""), vector["record"], "uuid")
    for vector in file["timeOrderedRecordIds"]:
        record = x(vector["record"])
        same(int.from_bytes(record[:6], "big"), vector["millis"], "UUIDv7")
        same((record[6] >> 4, record[8] >> 6), (7, 2), "UUIDv7")
    listed_ = [[x(one_["space"]), one_["epoch"], one_["size"]] for one_ in file["heads"]["list"]]
    same(H("heads", encode(sorted(listed_, key=encode))).hex(), file["heads"]["digest"], "heads")
    same(H("heads", encode([])).hex(), file["heads"]["digestOfNone"], "heads")


def check_values():
    file = load("values")
    for vector in file["values"]:
        good(vector)
    cells = [vector["hex"] for vector in file["cellsInOrder"]]
    for vector in file["cellsInOrder"]:
        good(vector)
    need(all(x(a)[1:] < x(b)[1:] for a, b in zip(cells, cells[1:])), "cells out of order")
    seed = x(file["commitments"]["seed"])
    values = [decode(x(vector["hex"])) for vector in file["values"]]
    for index, item in enumerate(values):
        same(salt(seed, index).hex(), file["commitments"]["salts"][index], f"salt {index}")
        same(commitment(salt(seed, index), item).hex(), file["commitments"]["commitments"][index], f"commitment {index}")
    for vector in file["payloads"]:
        item = read("payload", x(vector["hex"]))
        same(item, {1: seed, 2: values[: vector["count"]]}, "payload")
        same(root(commitments(item)).hex(), vector["valuesRoot"], f"values root of {vector['count']}")
    item = read("payload", x(file["erased"]["hex"]))
    same(root(commitments(item)).hex(), file["erased"]["valuesRoot"], "values root after an erasure")
    same(file["erased"]["valuesRoot"], file["payloads"][-1]["valuesRoot"], "an erasure leaves the root")
    same([at for at, part in enumerate(item[3]) if type(part) is bytes], file["erased"]["indices"], "erased")


def check_payload(item, payload_):
    ops = sum(len(edit[2]) for edit in item)
    same(len(commitments(payload_)), ops, "a value an op")


def check_changes():
    for vector in load("changes")["changes"]:
        item = signed(vector)
        same(vector["key"], item[3].hex(), "the device signs")
        cid = H("cid", item[3] + item[4])[:16]
        same(cid.hex(), vector["cid"], "change id")
        edits_, payload_ = item[8], x(vector["payload"])
        if type(edits_) is bytes:
            cipher = AESGCM(x(vector["spaceKey"]))

            def open_(sealed, purpose):
                return cipher.decrypt(sealed[:12], sealed[12:], encode([purpose, item[2], cid, item[10]]))

            same(open_(edits_, "edits").hex(), vector["openedEdits"], "sealed edits")
            payload_ = open_(payload_, "payload")
            same(payload_.hex(), vector["openedPayload"], "sealed payload")
            edits_ = decode(x(vector["openedEdits"]))
            edits(edits_)
            try:
                cipher.decrypt(item[8][:12], item[8][12:], encode(["payload", item[2], cid, item[10]]))
                raise AssertionError("edits that open as a payload")
            except InvalidTag:
                pass
        payload_ = read("payload", payload_)
        same(root(commitments(payload_)), item[9], "values root")
        check_payload(edits_[1], payload_)


def check_chain(vectors):
    before = None
    for number, vector in enumerate(vectors, 1):
        item = signed(vector)
        same(item[6].hex(), vector["key"], "the signer signs")
        same(item[4], number, "number")
        same(item[5], before, "the statement before")
        before = sha(x(vector["hex"]))
        organisation, arguments = item[2], item[8]
        if item[7] == 1:
            proof = encode([organisation, arguments[1], arguments[2]])
            verify_labelled(arguments[1], "enrol", proof, arguments[5])
            counted["signatures"] += 1
        if item[7] in (4, 5):
            verify_labelled(arguments[1], "root", encode([organisation, arguments[1]]), arguments[2])
            counted["signatures"] += 1


def check_statements():
    file = load("statements")
    types = set()
    for chain in file["chains"]:
        check_chain(chain["statements"])
        types |= {decode(x(vector["hex"]))[7] for vector in chain["statements"]}
    same(types, set(ARGUMENTS), "every type of statement")
    wrapped = file["wrappedKey"]
    info = encode(["buntan.space-key.v1", x(wrapped["space"]), wrapped["keyEpoch"]])
    found = open_hpke(x(wrapped["x25519"]), x(wrapped["enc"]), x(wrapped["ciphertext"]), info)
    same(found.hex(), wrapped["spaceKey"], "wrapped key")


def check_checkpoint(note_, origin, key, size, root_):
    text_, _, signatures = note_.partition("\n\n")
    text_ += "\n"
    same(text_, f"{origin}\n{size}\n{base64.b64encode(root_).decode()}\n", "checkpoint")
    key_id = sha(origin.encode() + b"\n\x01" + key)[:4]
    lines = signatures.split("\n")
    same(lines.pop(), "", "a note ends in a newline")
    for line in lines:
        dash, name_, blob = line.split(" ")
        same((dash, name_), ("—", origin), "signature line")
        blob = base64.b64decode(blob, validate=True)
        same(blob[:4], key_id, "key id")
        verify(key, text_.encode(), blob[4:])
        counted["signatures"] += 1


def check_genesis(item, log_entry):
    for _, organisation, key in item[3]:
        same(H("org", key)[:16], organisation, "organisation")
    verify_labelled(item[8], "genesis", log_entry[3], log_entry[4])
    if item[2] == 2:
        offer = read("invitation-offer", item[10])
        verify_labelled(offer[9], "invitation", item[10], item[11])
        verify_labelled(offer[7], "accept", log_entry[3], log_entry[5])
        same([offer[key] for key in (2, 4, 5, 6)], [item[key] for key in (9, 4, 5, 6)], "the invitation's copy")
        same(offer[3], item[3][0][1], "the provider invites")
        counted["signatures"] += 2


def check_log(log):
    start = signed(log["genesis"])
    space = H("space", x(log["genesis"]["hex"]))[:16]
    same(space.hex(), log["space"], "space")
    if "acceptance" in log:
        signed(log["acceptance"])
    log_key, server, leaves, inviter = start[5], start[4], [], None
    admins = set()
    for position, vector in enumerate(log["entries"]):
        item, content = good(vector), decode(x(vector["hex"]))[3]
        leaves.append(sha(b"\0" + x(vector["hex"])))
        same(leaves[-1].hex(), vector["leafHash"], "leaf")
        same(root(leaves).hex(), vector["rootAfter"], "root")
        if item[1] == 0:
            same(position, 0, "the genesis stands first")
            check_genesis(read("genesis", content), item)
        elif item[1] == 1:
            inner = read("change", content)
            verify_labelled(inner[3], "change", content, item[4])
            same(inner[2], space, "the change's space")
            same(inner[5][2], root(leaves[: inner[5][1]]), "the change's base")
            if type(inner[8]) is not bytes:
                same(root(commitments(read("payload", x(vector["payload"])))), inner[9], "values root")
        elif item[1] == 2:
            inner = read("statement-word", content)
            verify_labelled(inner[6], "statement", content, item[4])
            if inner[7] == 1 and inner[8][3] & 8:
                admins.add(inner[8][1])
        else:
            inner = read("server-statement", content)
            verify_labelled(log_key, "server", content, item[4])
            same(inner[2], space, "the server statement's space")
            if inner[3] == 2:
                log_key = inner[4][1]
            if inner[3] == 3:
                server, log_key = inner[4][1], inner[4][2]
        counted["signatures"] += 1
    need(start[8] in admins, "the founding device is no admin")
    origin = f"{server or 'local'}/buntan/{space.hex()}/e0"
    same(origin, log["origin"], "origin")
    same(log_key.hex(), log["logKey"], "log key")
    check_checkpoint(log["checkpoint"], origin, log_key, len(leaves), root(leaves))
    for vector in log["inclusion"]:
        hashes = path(vector["position"], leaves)
        same([one_.hex() for one_ in hashes], vector["hashes"], "inclusion")
        lines = "".join(base64.b64encode(one_).decode() + "\n" for one_ in hashes)
        same(
            f"c2sp.org/tlog-proof@v1\nindex {vector['position']}\n{lines}\n{log['checkpoint']}", vector["tlogProof"], "tlog-proof"
        )
    return leaves


def check_spaces():
    file = load("spaces")
    same(sha(b"").hex(), file["emptyRoot"], "root of nothing")
    signed(file["invitation"])
    logs = {log["name"]: check_log(log) for log in file["logs"]}
    same({decode(x(log["genesis"]["hex"]))[2] for log in file["logs"]}, {1, 2, 3}, "every type of space")
    salvaged = good(file["salvaged"])
    index, size, hashes, old = decode(salvaged[5])
    same(path(index, logs["engagement"]), hashes, "a salvaged entry's proof")
    same(sha(b"\0" + salvaged[3]), logs["engagement"][index], "a salvaged entry")
    same(old.split("\n")[1], str(size), "a salvaged entry's checkpoint")
    signed(file["epochStatement"])


def check_codes():
    file = load("codes")
    for vector in file["codes"]:
        kind, body, server = read_code(vector["text"])
        same(kind, vector["name"], "what a code is for")
        if kind == "invitation":
            same(body.hex(), vector["seed"] + vector["organisation"], kind)
            seed = H("invitation-seed", x(vector["seed"]))
            same(seed.hex(), vector["keySeed"], "invitation seed")
            public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
            same(public.hex(), vector["publicKey"], "invitation key")
            same(H("invitation", public)[:16].hex(), vector["invitationId"], "invitation id")
        elif kind == "device request":
            same(body, x(vector["device"] + vector["sealingKey"] + vector["proof"]) + vector["label"].encode(), kind)
            proof = encode([x(vector["organisation"]), x(vector["device"]), x(vector["sealingKey"])])
            verify_labelled(x(vector["device"]), "enrol", proof, x(vector["proof"]))
        elif kind == "organisation":
            same(body.hex(), vector["organisation"], kind)
        else:
            same(body.hex(), vector["nonce"], kind)
        if server:
            same(server, vector["server"], "server")
        check = b"" if kind == "organisation" else H("code", body)[:2]
        letters = base32(body + check)
        letters = grouped(letters) if kind == "organisation" else letters
        same(letters + (f"@{server}" if server else ""), vector["text"], "a code's text")
    recovery = file["recovery"]
    seed = x(recovery["seed"])
    same(grouped(base32(seed + H("recovery-code", seed)[:2])), recovery["text"], "recovery code")
    same(H("recovery-seed", seed).hex(), recovery["keySeed"], "recovery seed")
    public = Ed25519PrivateKey.from_private_bytes(x(recovery["keySeed"])).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    same(public.hex(), recovery["publicKey"], "recovery key")
    for vector in file["invalid"]:
        refused(vector["text"], lambda: read_code(vector["text"]))


def check_parts(layout, item):
    """What stands inside of a message is good too."""

    def check_words(words):
        for content, signature in words:
            verify_labelled(read("statement-word", content)[6], "statement", content, signature)
            counted["signatures"] += 1

    def check_carried(carried):
        for content, payload_ in carried:
            log_entry = read("entry", content)
            if log_entry[1] == 1:
                inner = read("change", log_entry[3])
                verify_labelled(inner[3], "change", log_entry[3], log_entry[4])
                if type(inner[8]) is not bytes:
                    same(root(commitments(read("payload", payload_))), inner[9], "values root")
            else:
                same(payload_, None, "only changes have payloads")

    if layout in ("register request", "statement request"):
        check_words(item[1])
    elif layout == "invitation answer":
        offer = read("invitation-offer", item[1])
        verify_labelled(offer[9], "invitation", item[1], item[2])
        check_words(item[3])
        same(H("org", item[4])[:16], offer[3], "the provider's root key")
    elif layout == "invite request":
        verify_labelled(read("invitation-offer", item[1])[9], "invitation", item[1], item[2])
    elif layout == "session request":
        verify_labelled(item[1], "session", encode(["sync.example.jp", item[2], item[1]]), item[3])
    elif layout == "pull request" and item[3] == 0:
        same((item[2], item[4]), (0, sha(b"")), "from nothing")
    elif layout == "pull answer":
        check_carried(item[1])
    elif layout == "push request":
        for content, signature, payload_ in item[2]:
            inner = read("change", content)
            verify_labelled(inner[3], "change", content, signature)
            same((inner[2], inner[9]), (item[1], root(commitments(read("payload", payload_)))), "a change that is pushed")
            counted["signatures"] += 1
    elif layout == "create_space request":
        inner = read("genesis", item[1])
        verify_labelled(inner[8], "genesis", item[1], item[2])
        same(3 in item, inner[2] == 2, "an acceptance for an engagement")
        if 3 in item:
            verify_labelled(read("invitation-offer", inner[10])[7], "accept", item[1], item[3])
    elif layout == "replay request":
        check_carried(item[3])
        inner = read("genesis", read("entry", item[3][0][0])[3])
        leaves = [sha(b"\0" + content) for content, _ in item[3]]
        same((item[1], item[2]), (H("space", read("entry", item[3][0][0])[3])[:16], 0), "the space handed over")
        check_checkpoint(item[4], f"{inner[4] or 'local'}/buntan/{item[1].hex()}/e0", inner[5], len(leaves), root(leaves))


def check_messages():
    file = load("messages")
    seen = {vector["layout"] for vector in file["messages"]}
    for vector in file["messages"]:
        good(vector)
    same(seen, {layout for layout in LAYOUTS if layout.endswith((" request", " answer"))}, "every message")
    for vector in file["messages"]:
        check_parts(vector["layout"], decode(x(vector["hex"])))
    greeting = {vector["layout"]: decode(x(vector["hex"])) for vector in file["messages"]}
    same(H("heads", encode(max((decode(x(v["hex"])).get(1, []) for v in file["messages"] if v["layout"] == "heads answer"), key=len))),
         greeting["heads request"][1], "digest of heads")
    proof = file["sessionProof"]
    content = encode([proof["serverName"], x(proof["nonce"]), x(proof["device"])])
    same(content.hex(), proof["hex"], "session proof")
    verify_labelled(x(proof["key"]), "session", content, x(proof["signature"]))
    counted["signatures"] += 1
    for vector in file["unknownKeysInAnswers"]:
        known = {key: part for key, part in good(vector).items() if key in (1,)}
        same(encode(known).hex(), vector["known"], "what is known of an answer")


def check_states():
    file = load("states")
    for vector in file["records"]:
        data_ = x(vector["state"])
        state = decode(data_)

        def head_(item):
            need(type(item) is list and len(item) in (4, 5), "not a head")
            row(id16, lambda n: integer(n, 0, 499), optional(count), count)(item[:4])
            if len(item) == 5:
                value(item[4])

        row(name, id16, optional(count), listed(row(name, optional(element), listed(head_, 2000, 1)), 1000))(state)
        cells = state[3]
        need(ascending([one_[:2] for one_ in cells]), "cells out of order")
        for one_ in cells:
            need(ascending([part[:2] for part in one_[2]]), "heads out of order")
        same(sha(data_).hex(), vector["stateHash"], "state")
        same(int.from_bytes(sha(x(vector["record"]))[:2], "big") >> 6, vector["bucket"], "bucket")
        covered, settled = [], True
        for field, part, heads_ in cells:
            if field == "@life":
                settled = settled and all(len(h) == 5 and h[4] is True for h in heads_)
                continue
            if any(len(h) == 4 for h in heads_) or len({encode(h[4]) for h in heads_}) > 1:
                settled = False
                continue
            item = heads_[0][4]
            if item is None or (item is False and part is not None):
                continue
            covered.append([field, part, item])
        if settled:
            found = H("covered", encode([x(vector["space"]), x(vector["record"]), state[0], covered])).hex()
            same(found, vector["covered"], "covered digest")
        else:
            same(None, vector["covered"], "nothing to cover")
    for vector in file["accepts"]:
        parts = [None if vector[key] is None else x(vector[key]) for key in ("row", "providerPosition")]
        same(H("accepts", encode(parts)).hex(), vector["accepts"], "accepts")


def check_agreements():
    for vector in load("agreements")["signatures"]:
        views = sorted(([x(v["space"]), v["epoch"], v["size"], x(v["root"])] for v in vector["views"]), key=encode)
        same(sha(vector["document"].encode()).hex(), vector["documentDigest"], "document")
        content = encode([x(vector["documentDigest"]), x(vector["organisation"]), vector["name"], vector["title"], views])
        same(content.hex(), vector["hex"], "what is signed")
        verify_labelled(x(vector["key"]), "agreement", content, x(vector["signature"]))
        counted["signatures"] += 1


def check_invalid():
    broken = load("invalid")["layouts"]
    for vector in broken:
        refused(f"{vector['layout']}, {vector['name']}", lambda: read(vector["layout"], x(vector["hex"])))


def main():
    failed = False
    checks = [
        check_keys, check_profile, check_hashes, check_values, check_changes, check_statements, check_spaces, check_codes, check_messages,
        check_states, check_agreements, check_invalid,
    ]
    for check in checks:
        try:
            check()
        except (AssertionError, Refused, KeyError) as error:
            failed = True
            print(f"{check.__name__}: {error}", file=sys.stderr)
    files = {path_.stem for path_ in FOLDER.glob("*.json")}
    known = {check.__name__.removeprefix("check_") for check in checks} - {"profile"} | {"cbor"}
    if files != known:
        failed = True
        print(f"files without a check, or checks without a file: {files ^ known}", file=sys.stderr)
    print(", ".join(f"{number} {what}" for what, number in counted.items()))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
