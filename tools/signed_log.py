"""Reads a signed log: its bytes, hashes and signatures, and who had which rights in it. verify.py builds on it.

Written from Protocol/PROTOCOL.md alone. Whatever is not as that text says is refused: `Wrong` is raised.
Where the sections of PROTOCOL.md stand:

  §2 keys, order          strong, ascending               §8 salvaged, §13        Log.salvaged, Log.change
  §3 strict CBOR, §9      decoded, read, misfit           §10 statements, rights  Log.statement, rights, server
  §4 hashes, signatures   hashed, signed                  §11 genesis             Log.genesis, Log.server
  §6 changes              orderly, Log.change             layouts (§5 to §11)     ID to INVITATION
  §7 log, notes, proofs   climb, grow, note, checkpoint, proof, Log.entry
"""
import base64
import hashlib
import re
from types import SimpleNamespace

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WRITE, SIGN, ADMIN, ALL = 2, 4, 8, 15           # capabilities (§10)


class Wrong(Exception):
    """What is wrong, as "reason: words", and whether the words say already where."""


def need(condition, told, placed=False):
    """The one way to refuse."""
    if not condition:
        raise Wrong(told, placed)

def at(place, rule, *arguments):
    """What a rule gives; what it finds wrong is told of this place."""
    try:
        return rule(*arguments)
    except Wrong as wrong:
        told, placed = wrong.args
        raise Wrong(told if placed else told.replace(": ", f": {place}: ", 1), True) from None

def tried(rule, *arguments):
    """What a rule gives, or None where it cannot be applied.

    Bytes that are too short, or no key or signature, are what a rule refuses: whoever asks says which rule it was.
    """
    try:
        return rule(*arguments)
    except (IndexError, InvalidSignature, ValueError):
        return None


# Bytes in which each value has one form: CBOR in the strict profile (§3).
def cbor(value):
    return cbor2.dumps(value, canonical=True)

def decoded(data):
    """What CBOR says. Tags and indefinite lengths, by which few bytes stand for very much, do not get to cbor2."""
    place = 0
    while place < len(data):
        major, short = divmod(data[place], 32)
        width = 0 if short < 24 else 1 << short - 24
        if major == 6 or short > 27:
            raise ValueError
        number = int.from_bytes(data[place + 1:place + 1 + width], "big") if width else short
        place += 1 + width + (number if major in (2, 3) else 0)
    return cbor2.loads(data)

def read(data, form, reason, loads=decoded, dumps=cbor):
    """What bytes say. Written again they have to be the same; types, ranges and depth are those that a form allows."""
    try:
        value = loads(data)
        same = misfit(value, form) is not None or dumps(value) == data
    except Exception:                           # whatever a decoder makes of hostile bytes
        same = False
    need(same, f"{reason}: not in the one form that its bytes may have")
    return shaped(value, form, reason)

def shaped(value, form, reason):
    wrong = misfit(value, form)
    need(wrong is None, f"{reason}: not of its layout{wrong and ' at' + wrong}")
    return value

def misfit(value, form):
    """Where a value departs from a form, or None. Forms are written as in PROTOCOL.md: {key: form} a map, [form, form]
    an array, [form, ...] one of any length, (form, form) either of them, with `...` perhaps absent; else a test, or the
    value itself."""
    if isinstance(form, tuple):
        wrong = [misfit(value, one) for one in form]
        return None if None in wrong else max(wrong, key=len)           # that of the alternative which fits farthest
    if isinstance(form, dict) and isinstance(value, dict) and value.keys() <= form.keys():
        parts = [(key, value.get(key, ...), part) for key, part in form.items()]
    elif isinstance(form, list) and isinstance(value, list) and (form[-1] is ... or len(form) == len(value)):
        parts = [(index, part, form[0 if form[-1] is ... else index]) for index, part in enumerate(value)]
    else:
        return None if (form(value) if callable(form) else type(value) is type(form) and value == form) else ""
    return next((f" {key}{wrong}" for key, *part in parts if (wrong := misfit(*part)) is not None), None)


# Tests that stand in layouts.
def size(least, most): return lambda v: type(v) is bytes and least <= len(v) <= most
def count(least, most): return lambda v: type(v) is int and least <= v <= most
def text(most, form=""): return lambda v: type(v) is str and len(v.encode()) <= most and bool(re.match(form, v))
def many(form, low, high): return lambda v: type(v) is list and low <= len(v) <= high and misfit(v, [form, ...]) is None

def ascending(values):
    """Whether they are sorted (§2): by their encoded bytes, and distinct."""
    raw = [cbor(value) for value in values]
    return all(a < b for a, b in zip(raw, raw[1:]))

def erasures(value):
    """The lists of `erase` (§9, §10): not empty, sorted, each change once."""
    lists = many([ID, many(INDEX, 1, 500)], 1, 500)
    return lists(value) and ascending(cid for cid, _ in value) and all(ascending(indices) for _, indices in value)

P, EIGHTH = 2**255 - 19, 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7
TWISTED = (0xb8495f16056286fdb1329ceb8d09da6ac49ff1fae35616aeb8413b7c7aebe0,
           0x57119fd0dd4e22d8868e1c58c45c44045bef839c55b1d0b1248c50a3bc959c5f)
def no_point(*small):
    """A key that is no point of small order (§2): those have one of five coordinates, whatever the highest bit."""
    return lambda key: KEY(key) and int.from_bytes(key, "little") % 2**255 % P not in small
strong, sealing = no_point(0, 1, P - 1, EIGHTH, P - EIGHTH), no_point(0, 1, P - 1, *TWISTED)    # Ed25519 and X25519

def orderly(cids, edits):
    """What edits keep to beside their layout (§6, §9): each record, and each cell of it, at most once; changes that
    predecessors name sorted, and each named."""
    ops = [(edit[0], *op) for edit in edits for op in edit[2]]
    return (len(ops) <= 500 and len({record for record, *_ in edits}) == len(edits)
            and len({op[:3] for op in ops}) == len(ops) and ascending(cids)
            and all(ascending(before) and (len(before) <= 64 or field == "@life") for _, field, _, before in ops)
            and {number for *_, before in ops for number, _ in before} == set(range(len(cids))))


ID, KEY, SIG, TIME = size(16, 16), size(32, 32), size(64, 64), count(-1 << 62, (1 << 62) - 1)
COUNT, SIZE, LEAST, CAPS, INDEX = count(0, 1 << 53), count(1, 1 << 53), count(0, 10**6), count(0, ALL), count(0, 499)
NAME, SERVER, LABEL = text(64, r"[!-~]+\Z"), text(255, r"[!-*,-.0-?A-~]+\Z"), text(256)         # §2, §9
OP = [NAME, (NAME, ID, None), many([COUNT, INDEX], 0, 2000)]                                    # §6
CHANGE = {1: 1, 2: ID, 3: KEY, 4: ID, 5: [COUNT, SIZE, KEY], 6: TIME, 7: LEAST,
          8: [[ID, ...], many([ID, NAME, many(OP, 1, 500)], 1, 500)], 9: KEY}
SIGNED = {1: 1, 2: TIME, 3: size(0, 1 << 18), 4: SIG}                                           # §7, §9
ENTRY = (SIGNED, SIGNED | {1: 2, 3: size(0, 1 << 16)}, SIGNED | {1: 3, 3: size(0, 1 << 16)},
         SIGNED | {1: 0, 3: size(0, 1 << 14), 5: (SIG, ...)}, {1: 4, 2: TIME, 3: size(0, 1 << 19), 5: size(0, 1 << 13)})
SALVAGED = [COUNT, COUNT, many(KEY, 0, 64), text(4096)]
ARGUMENTS = {1: {1: strong, 2: sealing, 3: CAPS, 4: LABEL, 5: SIG}, 2: {1: KEY, 2: (TIME, ...)},     # §10, by type; 22
             3: {1: KEY, 2: CAPS}, 4: {1: strong, 2: SIG}, 5: {1: strong, 2: SIG},              # is for sealed spaces
             16: {1: KEY, 2: CAPS}, 17: {1: ID, 2: TIME}, 18: {1: ID}, 19: {}, 20: {3: LEAST}, 21: {1: erasures}}
STATEMENT = tuple({1: 1, 2: ID, 3: ID if kind > 15 else None, 4: SIZE, 5: (KEY, None), 6: KEY,
                   7: kind, 8: arguments, 9: TIME} for kind, arguments in ARGUMENTS.items())
SERVER_STATEMENT = tuple({1: 1, 2: ID, 3: kind, 4: arguments} for kind, arguments in enumerate((
    {1: COUNT, 2: SIZE, 3: KEY}, {1: strong}, {1: SERVER, 2: strong}, {1: erasures, 2: LABEL}), 1))
POLICY = {1: (1, 2), 2: False, 3: LEAST}                                                        # §11
INVITATION = {1: 1, 2: ID, 3: ID, 4: SERVER, 5: strong, 6: POLICY, 7: strong, 8: TIME, 9: KEY}
SERVICE = {1: 1, 2: 1, 3: [[1, ID, strong]], 4: (SERVER, None), 5: strong, 6: POLICY, 7: ID, 8: strong}
ENGAGEMENT = SERVICE | {2: 2, 3: [[1, ID, strong], [2, ID, strong]], 4: SERVER, 9: ID, 10: size(0, 4096), 11: SIG}


# Hashes and signatures (§4).
def sha(data): return hashlib.sha256(data).digest()
def labelled(label, data): return b"buntan." + label.encode() + b".v1\0" + data
def hashed(label, data): return sha(labelled(label, data))

def ed25519(key, signature, message):
    return tried(lambda: Ed25519PublicKey.from_public_bytes(key).verify(signature, message) is None) is True

def signed(key, signature, label, data):
    reason = {"enrol": "statement", "root": "statement", "accept": "invitation", "agreement": "signature"}
    good = ed25519(key, signature, labelled(label, data))
    need(good, f"{reason.get(label, label)}: the signature {label!r} does not verify")


# Trees (§7): the definitions of RFC 6962 section 2.1, read backwards. A path is taken from its end.
def node(left, right): return sha(b"\1" + left + right)
def half(size): return 1 << (size - 1).bit_length() >> 1        # the largest power of two below the size; 0 for 1

def tree(leaves):
    """The root over leaf hashes: MTH."""
    k = half(len(leaves))
    return node(tree(leaves[:k]), tree(leaves[k:])) if k else leaves[0]

def climb(index, size, leaf, path):
    """The root that an inclusion proof gives: PATH."""
    if size == 1:
        return leaf
    k, by = half(size), path.pop()
    return node(climb(index, k, leaf, path), by) if index < k else node(by, climb(index - k, size - k, leaf, path))

def grow(old, size, root, path, whole=True):
    """The two roots that a consistency proof gives: SUBPROOF."""
    if old == size:
        return [root] * 2 if whole else [path.pop()] * 2
    k, by = half(size), path.pop()
    first, both = grow(old, k, root, path, whole) if old <= k else grow(old - k, size - k, root, path, False)
    return [first, node(both, by)] if old <= k else [node(by, first), node(by, both)]

def proved(rule, first, size, known, path, expected):
    """Whether `climb` or `grow` gives what is expected, with all hashes of a path."""
    path = list(path)
    return tried(rule, first, size, known, path) == expected and not path


# Notes (§7): C2SP signed-note, tlog-checkpoint and tlog-proof. Base 64 has one form: no stray bits, and padded.
BASE64 = r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?"
HASH64, SIGNATURE = r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=", rf"\u2014 ([^\s+\0-\x1f\x7f]+) ({BASE64})\n"

def note(data, reason):
    """The text of a signed note, and of each signature the name and the bytes: a key's id, and what it signed."""
    form = rf"([^\0-\t\v-\x1f]*\n)\n((?:{SIGNATURE})+)"
    parts = len(data) <= 4096 and re.fullmatch(form, tried(data.decode) or "")
    signatures = [(name, base64.b64decode(raw)) for name, raw in re.findall(SIGNATURE, parts[2])] if parts else []
    good = parts and all(len(raw) > 4 for _, raw in signatures)
    need(good, f"{reason}: not a signed note, or too long")
    return parts[1], signatures

def checkpoint(data, reason):
    """The three lines of a checkpoint, and its signatures."""
    body, signatures = note(data, reason)
    lines = re.fullmatch(rf"(.+)\n(0|[1-9][0-9]{{0,15}})\n({HASH64})\n", body)
    need(lines, f"{reason}: not the three lines of a checkpoint")
    return SimpleNamespace(raw=data, text=body.encode(), signatures=signatures, origin=lines[1], size=int(lines[2]),
                           root=base64.b64decode(lines[3]))

def vouched(point, origin, key):
    """Whether this key signed it under this origin, in each line of its name and id; others are passed over."""
    name = origin, sha(origin.encode() + b"\n\1" + key)[:4]
    own = [raw[4:] for by, raw in point.signatures if (by, raw[:4]) == name]
    return point.origin == origin and own != [] and all(ed25519(key, each, point.text) for each in own)

def proof(data, index, point):
    """The hashes of an inclusion proof, which ends with a checkpoint."""
    need(data.endswith(b"\n\n" + point.raw), "proof: with another checkpoint")
    form = rf"c2sp\.org/tlog-proof@v1\nindex {index}\n((?:{HASH64}\n)*)\n"
    lines = re.fullmatch(form, data[:-len(point.raw)].decode(errors="replace"))
    need(lines, "proof: another format or index")
    return [base64.b64decode(line) for line in lines[1].split()]

def included(entry, index, path, point):
    return index < point.size and proved(climb, index, point.size, sha(b"\0" + entry), path, point.root)


class Log:
    """A log as an archive shows it; each entry is judged by those before it (§10: rights by position)."""

    def __init__(self, archive, side, space):
        self.archive, self.side, self.space, self.engaged = archive, side, space, side == "engagement"
        self.parties, self.owners = {}, {}
        self.admins = []                # who has to be made an admin before the founding is complete
        self.epoch, self.cuts, self.places, self.since, self.ended = 0, [], [], 0, False
        self.story = []                 # from which position on which device had which rights
        self.changes = []               # what was written in it, and by whom
        self.point = at(side, checkpoint, archive.take(f"{side}/checkpoint", "checkpoint"), "checkpoint")
        self.positions = sorted(map(int, re.findall(rf"{side}/(\d+)\.entry", " ".join(archive.files))))
        need(self.positions[:1] == [0], f"genesis: {side}: no genesis")
        for index, self.position in enumerate(self.positions):
            at(f"{side} {self.position}", self.entry, index)
        need(not self.admins, f"founding: {side}: its device is made no admin")
        near = self.places[-2 if self.since == self.point.size - 1 else -1:]    # two where the last entry gives a key
        need(any(self.vouched(self.point, self.epoch, *place) for place in near),
             f"checkpoint: {side}: not signed by the log key in force")

    def vouched(self, point, epoch, server, key):
        """Whether this log's key signed a checkpoint, under the origin of this log in an epoch (§7)."""
        return vouched(point, f"{server or 'local'}/buntan/{self.space.hex()}/e{epoch}", key)

    def rights(self, device, party, here=True):
        """What a device may do for a party by its chain and, here, if it first enrolled it, as restricted (§10)."""
        caps = 0 if device in party.revoked else party.caps.get(device, 0)
        return caps if not here else caps & party.limits.get(device, ALL) if self.owners.get(device) is party else 0

    def entry(self, index):
        """An entry is in the tree, of its layout, and signed, and the founding stands before all else (§7)."""
        raw, path = (self.archive.take(f"{self.side}/{self.position}.{part}", part) for part in ("entry", "proof"))
        path = proof(path, self.position, self.point)
        need(included(raw, self.position, path, self.point), "inclusion: not in the log of the checkpoint")
        entry = read(raw, ENTRY, "entry")
        self.received, self.old = entry[2], entry[1] == 4
        entry = self.salvaged(entry) if self.old else entry
        kind, raw = entry[1], entry[3]
        need((kind == 0) == (index == 0), "entry: a genesis that is not the first entry, or another that is")
        founded = not self.admins or kind == 2 and index == self.position
        need(founded, "founding: stands before the founding is complete")
        name, form, signer = (("genesis", ENGAGEMENT if self.engaged else SERVICE, 8), ("change", CHANGE, 3),
                              ("statement", STATEMENT, 6), ("server", SERVER_STATEMENT, None))[kind]
        word = read(raw, form, name)
        signed(word[signer] if signer else self.places[-1][1], entry[4], name, raw)
        need(kind == 0 or word[3 if kind == 2 else 2] in (self.space, None), f"{name}: for another space")
        getattr(self, name)(word, raw, entry.get(5))

    def genesis(self, word, raw, accept):
        """It gives the space's id, its parties those of their keys, an engagement is offered and accepted (§11)."""
        need(hashed("space", raw)[:16] == self.space, "genesis: its bytes do not give the space's id")
        for name, (_, org, root) in zip(("provider", "customer"), word[3]):
            good = hashed("org", root)[:16] == org and org not in self.parties
            need(good, "genesis: a party not of its key, or twice")
            self.parties[org] = SimpleNamespace(name=name, id=org, root=root, recovery=None, words=[], chains={},
                                                caps={}, limits={}, revoked={}, readers={})
        first, last = list(self.parties.values())[0], self.parties[org]
        self.places, self.admins = [(word[4], word[5])], [(word[8], last)]
        self.least, self.service = word[6][3], word.get(9)
        need((accept is not None) == self.engaged, "entry: an acceptance missing, or one too many")
        if self.engaged:
            offer = read(word[10], INVITATION, "invitation")
            same = [offer[key] for key in range(2, 7)] == [word[9], first.id, word[4], word[5], word[6]]
            need(same, "invitation: it is for another engagement")
            signed(offer[9], word[11], "invitation", word[10])
            signed(offer[7], accept, "accept", raw)
            self.admins.append((offer[9], first))

    def statement(self, word, raw, _):
        """It is the next of its chain, its signer may say it, and it may be said of what it is about (§10)."""
        party, space, signer, kind, args = self.parties.get(word[2]), word[3], word[6], word[7], word[8]
        it, caps = args.get(1), args.get(3 if kind == 1 else 2)     # what it is about, and what that has from now on
        need(party, "statement: by no party of this space")
        follows = (word[4] - 1, word[5]) == party.chains.get(space, (0, None))
        need(follows, f"statement: number {word[4]} does not follow")
        held = ALL if signer == party.root else self.rights(signer, party, space is not None)
        may = {4: signer in (party.root, party.recovery), 5: signer == (party.recovery or party.root)}
        first = kind == 1 and signer == party.root
        need(may.get(kind, held & ADMIN) and (party.words or first), "statement: its signer may not say it")
        need(kind != 1 or it not in party.caps, "statement: enrols a device again")
        news = kind == 2 and caps not in (None, party.revoked.get(it))      # a mark, or another one
        own = kind in (2, 3, 16) and it in party.caps and (kind != 16 or self.owners[it] is party)
        known = kind not in (2, 3, 16) or own and (it not in party.revoked or news)
        need(known, "statement: about a device that was not enrolled, or was revoked")
        fresh = kind not in (4, 5) or it not in (party.root, party.recovery)
        need(fresh, "statement: gives a key that is one already")
        reader = kind != 17 or self.engaged and it not in self.parties and 0 < caps - word[9] <= 400 * 86_400_000
        need(reader, "statement: no reader, or for too long")
        need(kind != 18 or it in party.readers, "statement: ends what was not granted")
        ends = kind != 19 or self.engaged and party.name == "provider" and not self.ended
        need(ends, "statement: not this party's, or said before")
        need(kind != 20 or args[3] > self.least, "statement: does not raise the least schema")
        party.chains[space] = word[4], sha(raw)
        party.words += [raw] if space is None else []
        self.follow(party, kind, args, it, caps, held)

    def follow(self, party, kind, args, it, caps, held):
        """What it says counts from the next position on; nobody grants what it does not hold (§10)."""
        kept = {1: party.caps, 2: party.revoked, 3: party.caps, 16: party.limits, 17: party.readers}.get(kind)
        if kept is not None:
            had = 0 if kind == 1 else kept.get(it, ALL)
            need(kind in (2, 17) or not caps & ~had & ~held, "statement: grants what its signer does not hold")
            kept[it] = caps
        if kind == 1:
            signed(it, args[5], "enrol", cbor([party.id, it, args[2]]))
            self.owners.setdefault(it, party)
        elif kind in (4, 5):
            signed(it, args[2], "root", cbor([party.id, it]))
            party.root, party.recovery = (it, party.recovery) if kind == 4 else (party.root, it)
        elif kind == 18:
            del party.readers[it]
        self.ended, self.least = self.ended or kind == 19, args[3] if kind == 20 else self.least
        self.admins = [each for each in self.admins if not self.rights(*each) & ADMIN]
        rights = {device: self.rights(device, party) for device, party in self.owners.items()}
        self.story.append((self.position + 1, rights))

    def server(self, word, raw, _):
        """A word of the log's key: an epoch ends here, or another key or server keeps the log from now (§10, §11)."""
        kind, args = word[3], word[4]
        if kind == 1:
            ends = args[1] >= self.epoch and args[2] == self.position
            need(ends, "server: ends an epoch that had ended, or elsewhere")
            self.epoch = args[1] + 1
            self.cuts.append((self.epoch, self.position))
        elif kind < 4:
            server, key = self.places[-1]
            need(kind == 3 or args[1] != key, "server: gives the log the key that it has")
            self.places.append((args[1], args[2]) if kind == 3 else (server, args[1]))
            self.since = self.position

    def salvaged(self, entry):
        """What stood in an epoch that ended counts here, if a checkpoint of that epoch proves it (§7, §13)."""
        index, size, path, end = read(entry[5], SALVAGED, "salvaged")
        point = checkpoint(end.encode(), "salvaged")
        epoch = int((re.search(r"/e(0|[1-9][0-9]{0,15})\Z", point.origin) or [0, self.epoch])[1])
        need(epoch < self.epoch and point.size == size, "salvaged: not of an epoch that ended")
        need(self.vouched(point, epoch, *self.places[-1]), "salvaged: not under the key and origin of this log")
        need(included(entry[3], index, path, point), "salvaged: not in that log")
        self.accepted = min(index, next(cut for after, cut in self.cuts if epoch < after))
        return read(entry[3], ENTRY[:2], "salvaged")                # a change or a statement

    def signed_then(self, device):
        """Whether a device had `sign` when what was salvaged was accepted: wherever it had `write` since (§15)."""
        last = [rights for start, rights in self.story if start <= self.accepted][-1:]
        since = last + [rights for start, rights in self.story if start > self.accepted]
        writing = [rights[device] for rights in since if rights.get(device, 0) & WRITE]
        return bool(writing) and all(caps & SIGN for caps in writing)

    def change(self, word, raw, _):
        """Its author may write, its base was there, and its edits are in order (§6, §13)."""
        device, (epoch, size, _), (cids, edits) = word[3], word[5], word[8]
        party = self.owners.get(device)
        wrote = self.old and any(rights.get(device, 0) & WRITE for _, rights in self.story)
        need(party and (self.rights(device, party) & WRITE or wrote), "rights: its device has no right to write")
        was = self.old or epoch < self.epoch or epoch == self.epoch and size <= self.position
        need(was, "change: its base is to come")
        need(orderly(cids, edits), "change: its edits are not in order")
        signers = {each for each, owner in self.owners.items() if owner is party
                   and (self.rights(each, party) & SIGN or self.old and self.signed_then(each))}
        self.changes.append(SimpleNamespace(position=self.position, received=self.received, party=party,
                                            signers=signers, edits=edits, root=word[9], bytes=len(raw)))
