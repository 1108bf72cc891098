"""A log read as a client reads it: every entry checked, rights by position, records folded (sections 7, 10, 11, 13)."""

import hashlib

from . import crypto, trees
from .chains import SIGN, WRITE, Chain, SpaceWord
from .layouts import check_edits, check_sizes, opened, read_entry, read_change, read_genesis, read_invitation
from .layouts import read_payload, read_server_statement, read_statement
from .profile import Refused, decode
from .records import Author, Records


class Log:
    def __init__(self, private_keys=()):
        self.private_keys = private_keys
        self.leaves, self.epoch, self.origins = [], 0, []
        self.changes, self.passed_over = set(), []
        self.signing = {}  # who could sign when a signature under an agreement came
        self.genesis = None

    @property
    def size(self):
        return len(self.leaves)

    def root(self, size=None):
        return trees.root(self.leaves if size is None else self.leaves[:size])

    def append(self, data, payload):
        """Takes the next entry, or refuses it: then the log is read no further."""
        entry = read_entry(data)
        if self.genesis is None and entry[1] != 0:
            raise Refused("invalid", "a log begins with its genesis")
        if (payload is not None) != (entry[1] == 1):
            raise Refused("invalid", "a payload beside something else than a change, or none beside one")
        if entry[1] in (1, 4) and not self._founded:
            raise Refused("invalid", "before the genesis device is an admin")
        (self._genesis, self._change, self._statement, self._server, self._salvaged)[entry[1]](entry, payload)
        self.leaves.append(trees.leaf(data))
        self.origins.append((trees.origin(self.server, self.space, self.epoch), self.log_key))

    def check_checkpoint(self, note):
        """Checks a checkpoint over a prefix of the log; returns its size."""
        size = int(note.split("\n")[1])
        if not 1 <= size <= self.size:
            raise Refused("badNote", "a size the log does not have")
        signed, root = trees.read_note(note, *self.origins[size - 1])
        if root != self.root(signed):
            raise Refused("rootMismatch")
        return signed

    def _genesis(self, entry, _):
        if self.genesis is not None:
            raise Refused("invalid", "a second genesis")
        genesis = read_genesis(entry[3])
        crypto.verify(genesis[8], "genesis", entry[3], entry[4])
        self.space = crypto.H("space", entry[3])[:16]
        self.server, self.log_key, self.least_schema = genesis[4], genesis[5], genesis[6][3]
        self.sides = {organisation: side for side, organisation, _ in genesis[3]}
        self.chains = {organisation: Chain(organisation) for organisation in self.sides}
        self.words = {o: SpaceWord(chain, self.space, genesis) for o, chain in self.chains.items()}
        self.owner_of_device, self.author_of_device = {}, {}
        self.records, self.space_keys = Records(self.space, genesis[2]), {}
        self.invitation = None
        if genesis[2] == 2:
            self.invitation = read_invitation(genesis[10])
            crypto.verify(self.invitation[9], "invitation", genesis[10], genesis[11])
            crypto.verify(self.invitation[7], "accept", entry[3], entry[5])
        self.genesis, self._founded = genesis, False

    def _statement(self, entry, _):
        statement = read_statement(entry[3])
        organisation, kind, arguments = statement[2], statement[7], statement[8]
        if organisation not in self.chains:
            raise Refused("not_owner", "an organisation that is no party")
        if kind < 16:
            self.chains[organisation].append(entry[3], entry[4])
            if kind == 1 and arguments[1] not in self.owner_of_device:
                self.owner_of_device[arguments[1]] = organisation
                self.author_of_device[arguments[1]] = self.size
            self._founded = self._founded or self._is_founded()
            return
        if not self._founded:
            raise Refused("invalid", "before the genesis device is an admin")
        self.words[organisation].append(entry[3], entry[4], self.least_schema, self.epoch)
        if kind == 20:
            self.least_schema = arguments[3]
        elif kind == 21:
            self.records.erase(arguments[1])
        elif kind == 22:
            self._unwrap(organisation, arguments)

    def _is_founded(self):
        """Whether the statements so far make the genesis device an admin, and that of the invitation too."""
        admins = [o for o, chain in self.chains.items() if chain.is_admin(self.genesis[8])]
        offered = self.invitation is None or self.chains[self.invitation[3]].is_admin(self.invitation[9])
        return bool(admins) and offered

    def _unwrap(self, organisation, arguments):
        sealing = self.chains[organisation].sealing
        for device, enc, ciphertext in arguments[2]:
            private = self.private_keys.get(sealing[device]) if self.private_keys else None
            if private is not None:
                key = crypto.unwrap_space_key(private, enc, ciphertext, self.space, arguments[1])
                if self.space_keys.setdefault(arguments[1], key) != key:
                    raise Refused("invalid", "two keys of one epoch")

    def _change(self, entry, payload):
        change = read_change(entry[3])
        device, (epoch, size, root) = change[3], change[5]
        if change[2] != self.space:
            raise Refused("malformed", "a change of another space")
        crypto.verify(device, "change", entry[3], entry[4])
        organisation = self.owner_of_device.get(device)
        if organisation is None or not self.words[organisation].may(device) & WRITE:
            raise Refused("no_right", "write")
        if epoch != self.epoch:
            raise Refused("epoch_changed")
        if size > self.size or root != self.root(size):
            raise Refused("base_mismatch")
        if change[7] < self.least_schema:
            raise Refused("schema_unknown", "older than the space asks for")
        cid = crypto.H("cid", device + change[4])[:16]
        if cid in self.changes:
            raise Refused("cid_reused")
        edits = change[8]
        if (type(edits) is bytes) != self.genesis[6][2]:
            raise Refused("malformed", "sealed or not")
        plain = payload
        if type(edits) is bytes:
            check_bound(change, payload)
            if not self.changes.issuperset(change.get(12, [])):
                raise Refused("unknown_pred", "what a sealed change follows on")
            try:
                edits, plain = open_sealed(change, payload, cid, self.space_keys.get(change[10]))
                values = None if edits is None else check_payload(entry[3], change, edits, plain)
            except Refused as refusal:
                # Its author signed what is not sound: nobody else could tell, and it changes nothing.
                self.passed_over.append((self.size, str(refusal)))
                edits = None
            if edits is None:
                self.changes.add(cid)
                return
        else:
            values = check_payload(entry[3], change, edits, plain)
        author = Author(self.author_of_device[device], organisation, self.sides[organisation])
        self.changes.add(cid)
        try:
            self.records.apply(cid, size, edits, values, author, self.size)
        except Refused as refusal:
            if not self.genesis[6][2]:
                raise
            # The server of a sealed space could not check this: the entry stands and changes nothing.
            self.passed_over.append((self.size, str(refusal)))
            return
        for record_id, kind, _ in edits[1]:
            if kind == "agreement-signature":
                self.signing.setdefault(record_id, self._signers())

    def _signers(self):
        """The devices that may sign for each party at this position."""
        return {organisation: {device for device in word.chain.capabilities if word.may(device) & SIGN}
                for organisation, word in self.words.items()}

    def _server(self, entry, _):
        statement = read_server_statement(entry[3])
        kind, arguments = statement[3], statement[4]
        if statement[2] != self.space:
            raise Refused("malformed", "a statement of another space")
        crypto.verify(self.log_key, "server", entry[3], entry[4])
        if kind == 1:
            if arguments[1] < self.epoch or arguments[2] != self.size or arguments[3] != self.root():
                raise Refused("invalid", "an epoch that ended elsewhere")
            self.epoch = arguments[1] + 1
        elif kind == 2:
            if arguments[1] == self.log_key:
                raise Refused("invalid", "a key that the log has")
            self.log_key = arguments[1]
        elif kind == 3:
            self.server, self.log_key = arguments[1], arguments[2]
        else:
            self.records.erase(arguments[1])

    def _salvaged(self, entry, _):
        """What ended with an epoch and was taken over. The old log's key is not known here, nor needed."""
        raise Refused("notRead", "salvaged entries within a log")

    def check_salvaged(self, data):
        """Checks that an old entry stood in this log, as the log that ended, by its proof."""
        entry = read_entry(data)
        index, size, hashes, note = decode(entry[5])
        if self.check_checkpoint(note) != size:
            raise Refused("bad_proof", "another size")
        if trees.root_by_path(trees.leaf(entry[3]), index, size, hashes) != self.root(size):
            raise Refused("bad_proof")
        return index


def check_bound(change, payload):
    """The payload of a sealed change as it travels, whose hash the change signs."""
    if hashlib.sha256(payload).digest() != change[11]:
        raise Refused("bad_signature", "the payload")


def open_sealed(change, payload, cid, key):
    """The edits and the payload in the open, if the key is known."""
    if key is None:
        return None, None
    space, epoch = change[2], change[10]
    edits = decode(crypto.unseal(key, change[8], "edits", space, cid, epoch))
    check_edits(edits)
    if not set(edits[0]) <= set(change.get(12, [])):
        raise Refused("invalid", "a predecessor that the change does not list")
    return edits, crypto.unseal(key, payload, "payload", space, cid, epoch)


def check_payload(change_bytes, change, edits, payload):
    """The values of a change, whose root the change signs."""
    commitments, values = opened(read_payload(payload))
    if trees.root(commitments) != change[9]:
        raise Refused("bad_signature", "the values root")
    check_sizes(change_bytes, payload, edits, values)
    return values
