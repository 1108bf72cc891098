"""RFC 6962 trees and proofs, checkpoints as signed notes, proofs as files (section 7)."""

import base64
import re

from .crypto import sha256, verify_raw
from .profile import Refused
from .text import limit


def leaf(entry):
    return sha256(b"\x00" + entry)


def root(leaves):
    """The root over leaf hashes."""
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    split = _split(len(leaves))
    return sha256(b"\x01" + root(leaves[:split]) + root(leaves[split:]))


def frontier(leaves):
    """The roots of the complete trees that a log falls into, the largest first."""
    hashes, at = [], 0
    for bit in reversed(range(len(leaves).bit_length())):
        if len(leaves) >> bit & 1:
            hashes.append(root(leaves[at:at + (1 << bit)]))
            at += 1 << bit
    return hashes


def _split(count):
    return 1 << (count - 1).bit_length() - 1


def root_by_path(leaf_hash, index, size, path):
    """The root that an inclusion proof leads to."""
    if not 0 <= index < size:
        raise Refused("bad_proof", f"index {index} of {size}")
    if size == 1:
        if path:
            raise Refused("bad_proof", "too many hashes")
        return leaf_hash
    if not path:
        raise Refused("bad_proof", "too few hashes")
    split = _split(size)
    if index < split:
        return sha256(b"\x01" + root_by_path(leaf_hash, index, split, path[:-1]) + path[-1])
    return sha256(b"\x01" + path[-1] + root_by_path(leaf_hash, index - split, size - split, path[:-1]))


def check_consistency(old_size, old_root, size, root_hash, path):
    """Refuses a proof that does not show the smaller log as a beginning of the other (RFC 9162 section 2.1.4.2)."""
    if not 0 < old_size <= size:
        raise Refused("bad_proof", f"from {old_size} to {size}")
    if old_size == size:
        if path or old_root != root_hash:
            raise Refused("bad_proof", "of one size")
        return
    if old_size & old_size - 1 == 0:
        path = [old_root, *path]
    if not path:
        raise Refused("bad_proof", "too few hashes")
    first, second = old_size - 1, size - 1
    while first & 1:
        first, second = first >> 1, second >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if second == 0:
            raise Refused("bad_proof", "too many hashes")
        if first & 1 or first == second:
            old, new = sha256(b"\x01" + sibling + old), sha256(b"\x01" + sibling + new)
            while first and not first & 1:
                first, second = first >> 1, second >> 1
        else:
            new = sha256(b"\x01" + new + sibling)
        first, second = first >> 1, second >> 1
    if (old, new, second) != (old_root, root_hash, 0):
        raise Refused("bad_proof")


def origin(server, space, epoch):
    return f"{server or 'local'}/buntan/{space.hex()}/e{epoch}"


def read_note(note, expected_origin, key):
    """Returns size and root of a checkpoint that bears a good signature by the key."""
    if len(note.encode()) > limit("note_bytes"):
        raise Refused("tooMany", "bytes of a checkpoint")
    body, separator, signatures = note.partition("\n\n")
    lines = body.split("\n")
    if not separator or len(lines) != 3 or not signatures.endswith("\n"):
        raise Refused("badNote", "lines")
    if lines[0] != expected_origin:
        raise Refused("badNote", f"origin {lines[0]}")
    if re.fullmatch("0|[1-9][0-9]*", lines[1]) is None:
        raise Refused("badNote", "size")
    root_hash = _base64(lines[2])
    if len(root_hash) != 32:
        raise Refused("badNote", "root")
    key_id = sha256(lines[0].encode() + b"\x0a\x01" + key)[:4]
    for line in signatures[:-1].split("\n"):
        dash, _, rest = line.partition(" ")
        signer, _, encoded = rest.partition(" ")
        if dash != "—":
            raise Refused("badNote", "signature line")
        blob = _base64(encoded)
        if signer == lines[0] and blob[:4] == key_id:
            verify_raw(key, (body + "\n").encode(), blob[4:])
            return int(lines[1]), root_hash
    raise Refused("bad_signature", "no signature by this log key")


def read_proof(proof):
    """Returns index, hashes and checkpoint of a C2SP tlog-proof."""
    head, separator, note = proof.partition("\n\n")
    lines = head.split("\n")
    if not separator or lines[0] != "c2sp.org/tlog-proof@v1" or not re.fullmatch("index (0|[1-9][0-9]*)", lines[1]):
        raise Refused("badProof", "lines")
    return int(lines[1][6:]), [_base64(line) for line in lines[2:]], note


def _base64(line):
    try:
        data = base64.b64decode(line, validate=True)
    except ValueError:
        raise Refused("badNote", "base 64") from None
    if base64.b64encode(data).decode() != line:
        raise Refused("badNote", "base 64 in another form")
    return data
