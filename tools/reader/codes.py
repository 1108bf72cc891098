"""Codes that people hand over (section 11): told apart by length and by whether a server follows."""

from . import crypto
from .layouts import SERVER
from .profile import Refused
from .text import limit


def read(code):
    """What a code is for, and what it holds."""
    letters, at, server = code.partition("@")
    server = server.strip() if at else None
    if at:
        SERVER(server)
    data = crypto.from_base32(letters)
    if at and len(data) == 16:
        return {"for": "organisation", "organisation": data, "server": server}
    body, check = data[:-2], data[-2:]
    label = len(body) - 128
    if at and len(body) == 32:
        found = {"for": "invitation", "seed": body[:16], "organisation": body[16:], "server": server}
    elif not at and len(body) == 16:
        found = {"for": "admission", "nonce": body}
    elif not at and 0 <= label <= limit("label_bytes"):
        found = {"for": "device request", "device": body[:32], "sealingKey": body[32:64], "proof": body[64:128],
                 "label": body[128:]}
    else:
        raise Refused("notACode", f"{len(data)} bytes {'with' if at else 'without'} a server")
    if crypto.H("code", body)[:2] != check:
        raise Refused("mistyped", "the check does not hold")
    if "label" in found:
        try:
            found["label"] = found["label"].decode()
        except UnicodeDecodeError:
            raise Refused("invalidText", "the label") from None
        crypto.refuse_weak(found["device"])
    return found


def invitation_key(seed):
    key_seed = crypto.H("invitation-seed", seed)
    public = crypto.ed25519_public(key_seed)
    return {"keySeed": key_seed, "publicKey": public, "invitationId": crypto.H("invitation", public)[:16]}


def read_recovery(code):
    data = crypto.from_base32(code)
    if len(data) != 18 or crypto.H("recovery-code", data[:16])[:2] != data[16:]:
        raise Refused("mistyped", "a recovery code")
    return data[:16]


def write_recovery(seed):
    return crypto.to_base32(seed + crypto.H("recovery-code", seed)[:2], grouped=True)
