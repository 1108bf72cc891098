"""One log: checkpoint, entries with their proofs, statements, and what each change may do by what stands before it
(sections 6, 7, 10 and 11)."""

import re
import struct

from .archive import FILE, Note, included, tree
from .forms import (BYTES, CAPS, COUNT, H, HASH, ID, INT, LIST, MAP, NAME, ONE, SCHEMA, SERVER, SIG, TEXT, VALUE, base_64, decode,
                    encode, good_key, need, or_null, sha, shape, signed, text, up_to)

WRITE, SIGN, ADMIN = 2, 4, 8
ENTRY = {1: up_to(4), 2: INT, 3: BYTES}
POLICY = {1: up_to(2, 1), 2: lambda v: v is False, 3: SCHEMA}
INVITATION = {1: ONE, 2: ID, 3: ID, 4: SERVER, 5: HASH, 6: MAP, 7: HASH, 8: INT, 9: HASH}
STATEMENT = {1: ONE, 2: ID, 3: or_null(ID), 4: up_to(2**53, 1), 5: or_null(HASH), 6: HASH, 7: COUNT, 8: MAP, 9: INT}
ENROL, REVOKE, SET_CAPS, ROTATE_ROOT, ADD_RECOVERY, RESTRICT, GRANT_READER, END_READER, END_SERVICE, RAISE, ERASE = (
    *range(1, 6), *range(16, 22))
ARGUMENTS = {ENROL: {1: HASH, 2: HASH, 3: CAPS, 4: TEXT, 5: SIG}, REVOKE: {1: HASH}, SET_CAPS: {1: HASH, 2: CAPS},
             ROTATE_ROOT: {1: HASH, 2: SIG}, ADD_RECOVERY: {1: HASH, 2: SIG}, RESTRICT: {1: HASH, 2: CAPS},
             GRANT_READER: {1: ID, 2: INT}, END_READER: {1: ID}, END_SERVICE: {}, RAISE: {3: SCHEMA}, ERASE: {1: LIST}}
SERVER_ARGUMENTS = {1: {1: COUNT, 2: COUNT, 3: HASH}, 2: {1: HASH}, 3: {1: SERVER, 2: HASH}, 4: {1: LIST, 2: TEXT}}
CHANGE = {1: ONE, 2: ID, 3: HASH, 4: ID, 5: LIST, 6: INT, 7: SCHEMA, 8: LIST, 9: HASH}
ELEMENT = or_null(lambda v: ID(v) or NAME(v))
YEAR_AND_MORE = 400 * 86_400_000


class Party:
    """What an organisation has said in a log: about itself, and about the space."""

    def __init__(self, root):
        self.root, self.recovery, self.words, self.local = root, None, [], []
        self.caps, self.revoked, self.compromised, self.restricted, self.readers = {}, set(), {}, {}, set()


class Log:
    """A log of the archive, read from its genesis on."""

    def __init__(self, side, files, space, kind):
        self.side, self.files, self.space, self.kind, self.used = side, files, space, kind, set()
        self.parties, self.owner, self.changes, self.signers = {}, {}, [], {}
        self.founded, self.service_ended, self.writers = False, False, set()
        self.note, checkpoint = self.take("checkpoint"), Note(self.take("checkpoint"), side)
        self.size, self.root = checkpoint.size, checkpoint.root
        positions = sorted(int(m[3]) for m in map(FILE.fullmatch, files) if m and m[1] == side and m[4] == ".entry")
        need(positions[:1] == [0], "genesis", f"{side}: no genesis")
        need(positions[-1] < self.size, "inclusion", f"{side}: entry {positions[-1]} is beyond the checkpoint")
        for expected, position in enumerate(positions):
            before = (self.origin(), self.key) if position else None
            self.entry(position, self.take(f"{position}.entry"), position == expected)
        need(self.founded, "founding", f"{side}: the founding devices are not made admins")
        in_force = [(self.origin(), self.key)] + ([before] if before and positions[-1] == self.size - 1 else [])
        need(any(checkpoint.by(origin, key) for origin, key in in_force), "checkpoint",
             f"{side}: not signed by the log key in force under the origin in force")

    def take(self, name, word=None):
        name = f"{self.side}/{name}"
        need(name in self.files, word or re.split("[./]", name)[-1], f"'{name}' is missing")
        self.used.add(name)
        return self.files[name]

    # --- the checkpoint and the proofs under it ---

    def origin(self):
        return f"{self.server}/buntan/{self.space.hex()}/e{self.epoch}"

    def proof(self, position, raw, where):
        head, _, rest = self.take(f"{position}.proof").partition(b"\n\n")
        lines = text(head, "proof").split("\n")
        need(lines[:2] == ["c2sp.org/tlog-proof@v1", f"index {position}"], "proof", f"{where}: another format or index")
        need(rest == self.note, "proof", f"{where}: with another checkpoint")
        path = [base_64(line, "proof") for line in lines[2:]]
        need(included(sha(b"\0" + raw), position, self.size, path, self.root), "inclusion", f"{where}: not in the log")

    # --- entries ---

    def entry(self, position, raw, follows):
        """Reads one entry. Between those that do not follow one another stand changes: all else is in the archive."""
        where = f"{self.side} {position}"
        self.proof(position, raw, where)
        entry = shape(decode(raw, "entry"), ENTRY, "entry", {4: SIG, 5: BYTES})
        kind, old = entry[1], entry[1] == 4
        need((kind == 0) == (position == 0) and (4 in entry) != old and (5 in entry) == (old or (kind == 0 and self.kind == 2)),
             "entry", f"{where}: not of its layout")
        if old:
            entry = self.salvaged(entry[3], entry[5], where) | {2: entry[2]}
            kind = entry[1]
        need(self.founded or (follows and kind != 1), "founding", f"{self.side}: a change stands before the devices are admins")
        if kind == 0:
            self.genesis(entry[3], entry[4], entry.get(5), where)
        elif kind == 1:
            self.change(position, entry, self.take(f"{position}.payload"), old, where)
        elif kind == 2:
            self.statement(entry[3], entry[4], where)
        else:
            self.server_statement(position, entry[3], entry[4], where)
        self.founded = self.founded or all(self.may(org, device, ADMIN) for org, device in self.founders)

    def salvaged(self, raw, proof, where):
        """The entry that an epoch held which has ended, by its proof."""
        word = "salvaged"
        index, size, path, note = shape(decode(proof, word), [COUNT, COUNT, LIST, TEXT], word)
        checkpoint = Note(note.encode(), where)
        need(len(path) <= 64 and all(map(HASH, path)) and size == checkpoint.size, word, f"{where}: not of its layout")
        need(included(sha(b"\0" + raw), index, size, path, checkpoint.root), word, f"{where}: not in the log that ended")
        epoch = re.fullmatch(f"[^/]+/buntan/{self.space.hex()}/e(0|[1-9][0-9]{{0,15}})", checkpoint.origin)
        need(epoch and int(epoch[1]) < self.epoch, word, f"{where}: not of an epoch that has ended")
        need(any(checkpoint.by(f"{server}/buntan/{self.space.hex()}/e{epoch[1]}", key) for server, key in self.keepers), word,
             f"{where}: not under a key of the log")
        return shape(decode(raw, "entry"), {1: up_to(2, 1), 2: INT, 3: BYTES, 4: SIG}, "entry")

    def genesis(self, raw, signature, accepted, where):
        need(len(raw) <= 16384, "genesis", f"{where}: too large")
        layout = {1: ONE, 2: up_to(self.kind, self.kind), 3: LIST, 4: or_null(SERVER), 5: HASH, 6: MAP, 7: ID, 8: HASH}
        if self.kind == 2:
            layout |= {4: SERVER, 9: ID, 10: BYTES, 11: SIG}
        g = shape(decode(raw, "genesis"), layout, "genesis")
        shape(g[6], POLICY, "genesis")
        need(H("space", raw)[:16] == self.space, "genesis", f"{self.side}: its bytes do not give the space's id")
        need(len(g[3]) == self.kind, "genesis", f"{self.side}: not the parties of its type")
        for side, part in enumerate(g[3], 1):
            shape(part, [up_to(side, side), ID, HASH], "genesis")
            need(H("org", part[2])[:16] == part[1], "genesis", f"{self.side}: a party is not that of its root key")
            self.parties[part[1]] = Party(part[2])
        need(len(self.parties) == self.kind, "genesis", f"{self.side}: twice the same party")
        need(all(map(good_key, [g[5], g[8], *(part[2] for part in g[3])])), "genesis", f"{self.side}: a weak key")
        signed(g[8], "genesis", signature, raw, where, "genesis")
        self.server, self.key, self.epoch = g[4] or "local", g[5], 0
        self.cuts = []  # (epoch that has ended, entries left of it), in the order of the log
        self.keepers = {(self.server, self.key)}
        self.provider, self.service, self.least, self.founders = g[3][0][1], g.get(9), g[6][3], {(g[3][-1][1], g[8])}
        if self.kind == 2:
            self.invitation(g, raw, accepted)

    def invitation(self, g, raw, accepted):
        need(len(g[10]) <= 4096, "invitation", "too large")
        i = shape(decode(g[10], "invitation"), INVITATION, "invitation")
        shape(i[6], POLICY, "invitation")
        need(i[2] == g[9] and i[3] == self.provider and [i[4], i[5], i[6]] == [g[4], g[5], g[6]], "invitation",
             "it is for another service, provider, server or policy")
        need(good_key(i[7]), "invitation", "a weak key")
        signed(i[9], "invitation", g[11], g[10], "the invitation", "invitation")
        signed(i[7], "accept", accepted, raw, "the genesis", "invitation")
        self.founders.add((self.provider, i[9]))

    def may(self, org, device, bit):
        """What a device may do in this space, by all that has been read so far."""
        party = self.parties[org]
        caps = party.caps.get(device, 0) & party.restricted.get(device, 15)
        return self.owner.get(device) == org and device not in party.revoked and caps & bit != 0

    # --- statements ---

    def statement(self, raw, signature, where):
        word = "statement"
        need(len(raw) <= 65536, word, f"{where}: too large")
        s = shape(decode(raw, word), STATEMENT, word)
        org, signer, kind, a = s[2], s[6], s[7], s[8]
        need(org in self.parties and kind in ARGUMENTS, word, f"{where}: by no party of this space, or of no type known there")
        party, own = self.parties[org], kind < 16
        chain = party.words if own else party.local
        need(s[3] == (None if own else self.space), word, f"{where}: about another space")
        need(s[4] == len(chain) + 1, word, f"{where}: number {s[4]} where {len(chain) + 1} is due")
        need(s[5] == (sha(chain[-1]) if chain else None), word, f"{where}: does not follow the one before")
        shape(a, ARGUMENTS[kind], word, {2: INT} if kind == REVOKE else None)
        signed(signer, "statement", signature, raw, where, word)
        # What it says about itself is judged by its own chain alone, which is the same in every log.
        caps = party.caps.get(signer, 0) & (15 if own else party.restricted.get(signer, 15))
        admin = caps & ADMIN and signer not in party.revoked and (own or self.owner.get(signer) == org)
        root = signer == party.root
        by = {ROTATE_ROOT: root or signer == party.recovery, ADD_RECOVERY: signer == (party.recovery or party.root)}
        need(by.get(kind, root or admin), word, f"{where}: its signer may not make it")
        need(chain or not own or (root and kind == ENROL), word, f"{where}: its signer may not make it the first one")
        if kind in (ENROL, REVOKE, SET_CAPS, RESTRICT):
            self.about_device(org, kind, a, 15 if root else caps, where)
        elif kind in (ROTATE_ROOT, ADD_RECOVERY):
            need(good_key(a[1]), word, f"{where}: a weak key")
            signed(a[1], "root", a[2], encode([org, a[1]]), where, word)
            party.root, party.recovery = (a[1], party.recovery) if kind == ROTATE_ROOT else (party.root, a[1])
        elif kind == RAISE:
            need(a[3] > self.least, word, f"{where}: does not raise the least schema")
            self.least = a[3]
        elif kind == ERASE:
            lists = [a[1]] + [shape(part, [ID, LIST], word)[1] for part in a[1]]
            need(all(COUNT(n) for part in lists[1:] for n in part), word, f"{where}: no index")
            sorted_lists = all(part == sorted(part) and len(set(map(encode, part))) == len(part) for part in lists)
            need(all(lists) and sorted_lists, word, f"{where}: a list empty or out of order")
            need(len({part[0] for part in a[1]}) == len(a[1]), word, f"{where}: a change twice")
        else:
            self.about_engagement(org, kind, a, s[9], where)
        chain.append(raw)

    def about_device(self, org, kind, a, held, where):
        word, party, device = "statement", self.parties[org], a[1]
        if kind == ENROL:
            need(good_key(device), word, f"{where}: a weak key")
            need(device not in party.caps, word, f"{where}: enrols a device again")
            need(len(a[4].encode()) <= 256, word, f"{where}: too long a label")
            signed(device, "enrol", a[5], encode([org, device, a[2]]), where, word)
        else:
            need(device in party.caps, word, f"{where}: about a device that is not enrolled")
            again = kind == REVOKE and 2 in a
            need(again or device not in party.revoked, word, f"{where}: about a device that was revoked")
        if kind == REVOKE:
            party.revoked.add(device)
            party.compromised |= {device: a[2]} if 2 in a else {}
            return
        had = {ENROL: 0, SET_CAPS: party.caps.get(device, 0), RESTRICT: party.restricted.get(device, 15)}[kind]
        given = a[3] if kind == ENROL else a[2]
        need(given & ~had & ~held == 0, word, f"{where}: grants what its signer does not hold")
        (party.restricted if kind == RESTRICT else party.caps)[device] = given
        if kind == ENROL:
            self.owner.setdefault(device, org)
        if self.may(org, device, WRITE):
            self.writers.add((org, device))

    def about_engagement(self, org, kind, a, time, where):
        word, readers = "statement", self.parties[org].readers
        need(self.kind == 2, word, f"{where}: not of this kind of space")
        if kind == END_SERVICE:
            need(org == self.provider and not self.service_ended, word, f"{where}: not this party's to say, or said before")
            self.service_ended = True
        elif kind == GRANT_READER:
            need(a[1] not in self.parties and 0 < a[2] - time <= YEAR_AND_MORE, word, f"{where}: no reader, or for too long")
            readers.add(a[1])
        else:
            need(a[1] in readers, word, f"{where}: ends what was not granted")
            readers.remove(a[1])

    def server_statement(self, position, raw, signature, where):
        word = "server-statement"
        s = shape(decode(raw, word), {1: ONE, 2: ID, 3: up_to(4, 1), 4: MAP}, word)
        need(s[2] == self.space, word, f"{where}: for another space")
        signed(self.key, "server", signature, raw, where, word)
        a = shape(s[4], SERVER_ARGUMENTS[s[3]], word)
        if s[3] == 1:
            need(a[1] >= self.epoch and a[2] == position, word, f"{where}: ends an epoch that had ended, or elsewhere")
            self.epoch = a[1] + 1
            self.cuts.append((a[1], a[2]))
            return
        if s[3] == 4:       # an erasure by a legal order: what it takes is told by the payloads
            return
        self.server, self.key = (self.server, a[1]) if s[3] == 2 else (a[1], a[2])
        need(good_key(self.key), word, f"{where}: a weak key")
        self.keepers.add((self.server, self.key))

    # --- changes ---

    def change(self, position, entry, payload, old, where):
        word, raw = "change", entry[3]
        c = shape(decode(raw, word), CHANGE, word)
        need(c[2] == self.space, word, f"{where}: for another space")
        epoch, size, _ = shape(c[5], [COUNT, up_to(2**53, 1), HASH], word)
        need(old or epoch < self.epoch or (epoch == self.epoch and size <= position), word,
             f"{where}: its base is not of the log before it")
        signed(c[3], "change", entry[4], raw, where, word)
        org = self.owner.get(c[3])
        # What an epoch that has ended held was accepted once: its author must have been one who could write.
        may = org and ((org, c[3]) in self.writers if old else self.may(org, c[3], WRITE))
        need(may, "rights", f"{where}: its device has no right to write")
        records = edits(c[8], where)
        values = open_payload(payload, c[9], sum(len(ops) for _, ops in records.values()), where)
        made = {}           # what this change created: the kind and the values by cell of each record
        for record, (kind, ops) in records.items():
            got = {cell: values[n] for cell, (n, heads) in ops.items() if not heads}
            if got.get(("@life", None)) is True:
                made[record] = kind, got
        devices = {v for _, got in made.values() for v in got.values() if HASH(v) and v in self.owner}
        self.signers[position] = {(self.owner[d], d) for d in devices if self.may(self.owner[d], d, SIGN)}
        self.changes.append((position, entry[2], org, made))


def edits(value, where):
    """The records of a change: of each its kind, and of each cell the number of its op and the heads it names."""
    word, wrong = "change", f"{where}: its edits are not of their layout"
    named, parts = shape(value, [LIST, LIST], word)
    need(parts and all(map(ID, named)) and named == sorted(set(named)), word, wrong)
    records, ops, used = {}, 0, set()
    for record, kind, cells in [shape(part, [ID, NAME, LIST], word) for part in parts]:
        need(cells and record not in records, word, wrong)
        records[record] = kind, {}
        for field, element, heads in [shape(op, [NAME, ELEMENT, LIST], word) for op in cells]:
            pairs = [tuple(shape(head, [up_to(len(named) - 1), COUNT], word)) for head in heads]
            need((field, element) not in records[record][1] and pairs == sorted(set(pairs)), word, wrong)
            used |= {number for number, _ in pairs}
            records[record][1][field, element], ops = (ops, pairs), ops + 1
    need(used == set(range(len(named))) and ops <= 500, word, wrong)
    return records


def open_payload(payload, root, n, where):
    """The values of a payload in either form; one that was erased is `...`."""
    word, p = "values", decode(payload, "values")
    if type(p) is dict and 3 in p:
        slots = [slot if HASH(slot) else shape(slot, [ID, VALUE], word) for slot in shape(p, {3: LIST}, word)[3]]
    else:
        seed, values = (shape(p, {1: ID, 2: LIST}, word)[key] for key in (1, 2))
        need(all(map(VALUE, values)), word, f"{where}: a value that is none")
        slots = [[H("salt", seed + struct.pack(">L", i))[:16], value] for i, value in enumerate(values)]
    need(len(slots) == n, word, f"{where}: not one value for each op")
    leaves = [slot if HASH(slot) else sha(b"\0buntan.value.v1\0" + slot[0] + encode(slot[1])) for slot in slots]
    need(tree(leaves) == root, word, f"{where}: the values are not those that the change commits to")
    return [... if HASH(slot) else slot[1] for slot in slots]
