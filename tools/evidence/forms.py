"""Bytes: the strict CBOR profile, canonical JSON, layouts, hashes and signatures (sections 2 to 5 and 15)."""

import base64
import contextlib
import datetime
import hashlib
import json
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Wrong(Exception):
    """Something that does not hold: a word for what it is about, and a sentence."""


def need(holds, word, sentence):
    if not holds:
        raise Wrong(word, sentence)


# --- CBOR and JSON ---

def encode(value):
    if value is None or value is True or value is False:
        return {False: b"\xf4", True: b"\xf5", None: b"\xf6"}[value]
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    return head(4, len(value)) + b"".join(map(encode, value))


def head(major, n):
    if n < 24:
        return bytes([major << 5 | n])
    info = next(i for i in range(4) if n < 1 << (8 << i))
    return bytes([major << 5 | 24 + info]) + n.to_bytes(1 << info, "big")


def decode(data, word):
    """The one item that the bytes are. cbor2 takes more than the profile of section 3, so this does not use it."""
    value, end = item(data, 0, 0, word)
    need(end == len(data), word, "bytes after the CBOR")
    return value


def item(data, at, depth, word):
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
    items, keys, last = [], [], b""
    for _ in range(n):
        if major == 5:
            key, end = item(data, at, depth + 1, word)
            need(type(key) is int and data[at:end] > last, word, "CBOR keys out of order")
            last, at = data[at:end], end
            keys.append(key)
        value, at = item(data, at, depth + 1, word)
        items.append(value)
    return (items if major == 4 else dict(zip(keys, items))), at


def text(data, word):
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Wrong(word, "no UTF-8") from None


def canonical(value):
    """RFC 8785 of what section 15 allows."""
    if isinstance(value, dict):
        members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{canonical(key)}:{canonical(part)}" for key, part in members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def whole(digits):
    return int(digits) if len(digits) < 18 and abs(int(digits)) <= 1 << 53 else None


def unjson(data, word):
    """What canonical JSON says. Numbers that it may not hold become null, and so are not what they were."""
    try:
        source = text(data, word) if isinstance(data, bytes) else data
        value = json.loads(source, parse_int=whole, parse_float=lambda _: None, parse_constant=lambda _: None)
        need(canonical(value) == source, word, "JSON is not canonical")
        return value
    except (ValueError, RecursionError):
        raise Wrong(word, "JSON cannot be read") from None


def base_64(line, word):
    try:
        data = base64.b64decode(line, validate=True)
    except ValueError:
        data = b""
    need(data and base64.b64encode(data).decode() == line, word, "base 64 that is none")
    return data


# --- hashes and signatures ---

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


# --- layouts: a check says whether one value is as it should be ---

def octets(size):
    return lambda v: type(v) is bytes and len(v) == size


def up_to(last, first=0):
    return lambda v: type(v) is int and first <= v <= last


def of(kind):
    return lambda v: type(v) is kind


def or_null(check):
    return lambda v: v is None or check(v)


ID, HASH, SIG = octets(16), octets(32), octets(64)
BYTES, LIST, MAP, TEXT, INT = map(of, (bytes, list, dict, str, int))
COUNT, SCHEMA, CAPS, ONE = up_to(2**53), up_to(1_000_000), up_to(15), up_to(1, 1)


def VALUE(v):
    return v is None or type(v) is bool or (type(v) is int and abs(v) < 2**53) or (type(v) is bytes and len(v) <= 64) or (
        type(v) is str and len(v.encode()) <= 4 << 20)


def NAME(v):
    return type(v) is str and re.fullmatch("[!-~]{1,64}", v) is not None


def SERVER(v):
    return type(v) is str and re.fullmatch("(?![^+/@]*[+/@])[!-~]{1,255}", v) is not None


def shape(value, must, word, may=None):
    """The value, if it is a map of exactly these keys, or a list of exactly these parts, each as it should be."""
    if isinstance(must, list):
        fits = type(value) is list and len(value) == len(must) and all(check(v) for check, v in zip(must, value))
        need(fits, word, "not of its layout")
        return value
    checks = must | (may or {})
    need(type(value) is dict and must.keys() <= value.keys() <= checks.keys(), word, "keys missing or unknown")
    need(all(checks[key](part) for key, part in value.items()), word, "a part is not of its layout")
    return value


def hexed(v, size):
    return type(v) is str and re.fullmatch(f"[0-9a-f]{{{2 * size}}}", v) is not None


def day(v):
    with contextlib.suppress(ValueError, TypeError):
        return datetime.date.fromisoformat(v) if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", v) else None


def moment(millis):
    return str(datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=millis))[:16] if 0 <= millis < 1 << 47 else "?"


def fingerprint(organisation):
    letters = base64.b32encode(organisation).decode().rstrip("=").lower()
    return "-".join(letters[i:i + 4] for i in range(0, len(letters), 4))


KEYS = {"party": ["org"], "cloud-service": [], "responsibility": ["framework", "controlId", "itemKey"],
        "responsibility-position": ["framework", "controlId", "itemKey", "side"], "engagement": ["side"]}


def natural(space, kind, values):
    """The id of a record of a kind with a natural key."""
    digest = bytearray(H("record", encode([space, kind, [values.get(field) for field in KEYS[kind]]]))[:16])
    digest[6], digest[8] = digest[6] & 15 | 128, digest[8] & 63 | 128
    return bytes(digest)
