"""Hashes and signatures that name their purpose, weak keys, base32, HPKE and sealing (sections 2, 4, 6, 10)."""

import base64
import functools
import hashlib
import hmac
import re

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from . import text
from .profile import Refused, encode


def sha256(data):
    return hashlib.sha256(data).digest()


def purpose(label):
    return b"buntan." + label.encode() + b".v1\x00"


def H(label, data):
    if label not in text.HASH_LABELS:
        raise Refused("unknownLabel", label)
    return sha256(purpose(label) + data)


@functools.lru_cache(maxsize=None)
def verify(key, label, data, signature):
    """Refuses a signature that does not hold for this purpose."""
    if label not in text.SIGNATURE_LABELS:
        raise Refused("unknownLabel", label)
    verify_raw(key, purpose(label) + data, signature)


def verify_raw(key, data, signature):
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, data)
    except (InvalidSignature, ValueError):
        raise Refused("bad_signature", key[:4].hex()) from None


def raw(public):
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw)


def ed25519_public(seed):
    return raw(Ed25519PrivateKey.from_private_bytes(seed).public_key())


def x25519_public(private):
    return raw(X25519PrivateKey.from_private_bytes(private).public_key())


P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


@functools.lru_cache(maxsize=None)
def has_small_order(key):
    """Whether the point that a key encodes, in one form or another, makes the identity eight times; refuses no point."""
    y = int.from_bytes(key, "little")
    sign, y = y >> 255, (y & (2**255 - 1)) % P
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x * x % P != square:
        raise Refused("no_point", key[:4].hex())
    point = (P - x if x % 2 != sign else x, y)
    for _ in range(3):
        point = _double(*point)
    return point[0] % P == 0 and point[1] % P == 1


def refuse_weak(key):
    """Refuses an Ed25519 key that is no point, or a point of small order."""
    if has_small_order(key):
        raise Refused("weak_key", key[:4].hex())


def refuse_weak_sealing(key):
    """Refuses an X25519 key with which everybody comes to one secret."""
    try:
        X25519PrivateKey.from_private_bytes(bytes(32)).exchange(X25519PublicKey.from_public_bytes(key))
    except ValueError:
        raise Refused("weak_key", key[:4].hex()) from None


def _double(x, y):
    t = D * x * x * y * y % P
    return 2 * x * y * pow(1 + t, -1, P) % P, (y * y + x * x) * pow(1 - t, -1, P) % P


def from_base32(letters):
    """Base32 as people type it: case, hyphens and blanks are ignored, nothing else is."""
    bare = re.sub(r"[-\s]", "", letters).lower()
    if re.fullmatch("[a-z2-7]*", bare) is None or len(bare) % 8 in (1, 3, 6):
        raise Refused("notACode", "letters")
    data = base64.b32decode(bare.upper() + "=" * (-len(bare) % 8))
    if to_base32(data) != bare:
        raise Refused("notACode", "stray bits")
    return data


def to_base32(data, grouped=False):
    letters = base64.b32encode(data).decode().rstrip("=").lower()
    return "-".join(re.findall(".{1,4}", letters)) if grouped else letters


# HPKE (RFC 9180), base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.

KEM, SUITE = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x02"


def _extract(suite, salt, label, data):
    return hmac.new(salt or bytes(32), b"HPKE-v1" + suite + label + data, hashlib.sha256).digest()


def _expand(suite, secret, label, data, length):
    """One block of HKDF-Expand is enough: nothing here is longer than 32 bytes."""
    info = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + data
    return hmac.new(secret, info + b"\x01", hashlib.sha256).digest()[:length]


def hpke_open(private, enc, ciphertext, info):
    own = X25519PrivateKey.from_private_bytes(private)
    shared = own.exchange(X25519PublicKey.from_public_bytes(enc))
    secret = _expand(KEM, _extract(KEM, b"", b"eae_prk", shared), b"shared_secret", enc + raw(own.public_key()), 32)
    context = b"\x00" + _extract(SUITE, b"", b"psk_id_hash", b"") + _extract(SUITE, b"", b"info_hash", info)
    schedule = _extract(SUITE, secret, b"secret", b"")
    key, nonce = _expand(SUITE, schedule, b"key", context, 32), _expand(SUITE, schedule, b"base_nonce", context, 12)
    return _open(key, nonce, ciphertext, b"")


def unwrap_space_key(private, enc, ciphertext, space, epoch):
    return hpke_open(private, enc, ciphertext, encode(["buntan.space-key.v1", space, epoch]))


def unseal(key, sealed, what, space, cid, epoch):
    """Opens the `edits` or the `payload` of a sealed change."""
    return _open(key, sealed[:12], sealed[12:], encode([what, space, cid, epoch]))


def _open(key, nonce, ciphertext, associated):
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, associated)
    except (InvalidTag, ValueError):
        raise Refused("cannotOpen") from None
