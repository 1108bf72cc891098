"""Checks of keys.json: key pairs, organisations, and points of small order wherever a key is introduced (section 2)."""

from . import codes, crypto
from .book import Wrong, each, fields, hexed, nested, refused, same, unhex
from .messages import LAYOUTS
from .profile import decode, encode

# Where a layout introduces a key: what its map must hold to be of this kind, and the way to the key.
PLACES = (
    ("genesis", {2: 2}, (3, 0, 2)),  # the root of either party
    ("genesis", {2: 2}, (3, 1, 2)),
    ("register request", {}, (2,)),
    ("invitation answer", {}, (4,)),
    ("statement-word", {7: 4}, (8, 1)),
    ("statement-word", {7: 5}, (8, 1)),  # a recovery key
    ("statement-word", {7: 1}, (8, 1)),  # a device
    ("invitation-offer", {}, (7,)),  # an invitation
    ("invitation-offer", {}, (5,)),  # a log key
    ("genesis", {}, (5,)),
    ("server-statement", {3: 2}, (4, 1)),
    ("server-statement", {3: 3}, (4, 2)),
    ("hello answer", {}, (6,)),
)


def keys(book, file):
    fields(file, "about protocol ed25519 x25519 organisations smallOrder")
    introduced = list(places(book))

    def edwards(key):
        fields(key, "name seed public")
        same(crypto.ed25519_public(hexed(key["seed"])), hexed(key["public"]), "public key")
        crypto.refuse_weak(unhex(key["public"]))

    def montgomery(key):
        fields(key, "name x25519 public")
        same(crypto.x25519_public(hexed(key["x25519"])), hexed(key["public"]), "public key")

    def organisation(entry):
        fields(entry, "name rootKey id fingerprint")
        same(hexed(entry["rootKey"]), book.public[f"{entry['name']} root"], "root key")
        same(crypto.H("org", unhex(entry["rootKey"]))[:16], hexed(entry["id"]), "organisation")
        same(crypto.to_base32(unhex(entry["id"]), grouped=True), entry["fingerprint"], "fingerprint")
        same(crypto.from_base32(entry["fingerprint"].upper()), unhex(entry["id"]), "fingerprint read back")

    def small_order(printed):
        key = hexed(printed)
        same(crypto.has_small_order(key), True, "small order")
        reasons = {refused(LAYOUTS[layout], with_key(data, path, key)) for layout, data, path in introduced}
        reasons.add(refused(codes.read, device_code(key)))
        same(reasons, {f"weak_key ({printed[:8]})"}, "reasons")
        return reasons.pop()

    def all_of_them():
        """Eight points; the identity and both of order 4 have a second y below 2^255, x = 0 a second sign: 14 forms."""
        same((len(file["smallOrder"]), len(set(file["smallOrder"]))), (14, 14), "encodings of the points of small order")

    yield from each(edwards, file["ed25519"], "ed25519")
    yield from each(montgomery, file["x25519"], "x25519")
    yield from each(organisation, file["organisations"], "organisations")
    for number, printed in enumerate(file["smallOrder"]):
        yield f"smallOrder[{number}]", lambda printed=printed: small_order(printed)
    yield "smallOrder", all_of_them


def places(book):
    """A good vector for each place."""
    held = [(e["layout"], unhex(e["hex"])) for name, file in book.files.items() if name != "invalid" for e in nested(file)
            if {"layout", "hex"} <= e.keys()]
    entries = [decode(data) for layout, data in held if layout == "entry"]
    held += [("server-statement", entry[3]) for entry in entries if entry[1] == 3]
    for layout, holds, path in PLACES:
        yield layout, next(data for other, data in held if other == layout and holds.items() <= decode(data).items()), path


def with_key(data, path, key):
    value = decode(data)
    holder = value
    for step in path[:-1]:
        holder = holder[step]
    if type(holder[path[-1]]) is not bytes or len(holder[path[-1]]) != 32:
        raise Wrong("no key where one is introduced")
    holder[path[-1]] = key
    return encode(value)


def device_code(device):
    body = device + bytes(96)
    return crypto.to_base32(body + crypto.H("code", body)[:2])
