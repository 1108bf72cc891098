"""What an organisation says about its devices and rights, one statement after another (section 10)."""

from . import crypto
from .layouts import read_statement
from .profile import Refused, encode

READ, WRITE, SIGN, ADMIN = 1, 2, 4, 8
DAY = 86_400_000


class Links:
    """Numbers that follow one another, each with the hash of the statement before."""

    def __init__(self):
        self.number, self.last = 0, None

    def follow(self, statement, data):
        number, before = statement[4], statement[5]
        if number > self.number + 1:
            raise Refused("unknown_pred", "statement_gap")
        if number <= self.number:
            raise Refused("invalid", "statement_known")
        if before != self.last:
            raise Refused("invalid", "statement_fork")
        self.number, self.last = number, crypto.sha256(data)


class Chain:
    """An organisation's word about itself: its root, its recovery key, its devices."""

    def __init__(self, organisation):
        self.organisation, self.links = organisation, Links()
        self.root = self.recovery = None
        self.capabilities, self.sealing, self.revoked = {}, {}, {}

    def may(self, device):
        """The capabilities of a device: none if it is unknown or revoked."""
        return 0 if device in self.revoked else self.capabilities.get(device, 0)

    def is_admin(self, device):
        return self.may(device) & ADMIN != 0

    def append(self, data, signature):
        statement = read_statement(data)
        signer, kind, arguments = statement[6], statement[7], statement[8]
        if statement[2] != self.organisation or kind >= 16:
            raise Refused("not_owner", "a statement of another chain")
        crypto.verify(signer, "statement", data, signature)
        if self.root is None:
            if kind != 1 or crypto.H("org", signer)[:16] != self.organisation:
                raise Refused("invalid", "the first statement enrols a device and is signed by the first root")
            crypto.refuse_weak(signer)
            root = signer
        else:
            root = self.root
            self._check_signer(signer, kind)
        granting = 15 if signer == root else self.may(signer)
        if kind == 1:
            device, sealing, capabilities, _, proof = (arguments[k] for k in (1, 2, 3, 4, 5))
            crypto.refuse_weak_sealing(sealing)
            crypto.verify(device, "enrol", encode([self.organisation, device, sealing]), proof)
            if device in self.capabilities:
                raise Refused("invalid", "device_enrolled")
            self._refuse_more(capabilities, 0, granting)
        elif kind in (2, 3) and arguments[1] not in self.capabilities:
            raise Refused("invalid", "device_unknown")
        elif kind == 2:
            if arguments[1] in self.revoked and arguments.get(2) in (None, self.revoked[arguments[1]]):
                raise Refused("invalid", "device_revoked")
        elif kind == 3:
            self._refuse_more(arguments[2], self.capabilities[arguments[1]], granting)
            if arguments[1] in self.revoked:
                raise Refused("invalid", "device_revoked")
        elif kind in (4, 5):
            if arguments[1] in (root, self.recovery):
                raise Refused("invalid", "same_key")
            crypto.verify(arguments[1], "root", encode([self.organisation, arguments[1]]), arguments[2])
        self.links.follow(statement, data)
        self.root = root
        if kind == 1:
            self.capabilities[device], self.sealing[device] = capabilities, sealing
        elif kind == 2:
            self.revoked[arguments[1]] = arguments.get(2)
        elif kind == 3:
            self.capabilities[arguments[1]] = arguments[2]
        elif kind == 4:
            self.root = arguments[1]
        else:
            self.recovery = arguments[1]
        return statement

    def _check_signer(self, signer, kind):
        if kind == 4:
            allowed = signer in (self.root, self.recovery)
        elif kind == 5:
            allowed = signer == (self.recovery or self.root)
        else:
            allowed = signer == self.root or self.is_admin(signer)
        if not allowed:
            raise Refused("no_right", f"type {kind}")

    @staticmethod
    def _refuse_more(wanted, held, granting):
        """An admin grants only what it holds itself."""
        if wanted & ~held & ~granting:
            raise Refused("no_right", "granting more than one holds")


class SpaceWord:
    """What one organisation says about one space: restrictions, readers, policy, erasures, keys."""

    def __init__(self, chain, space, genesis):
        self.chain, self.space, self.genesis = chain, space, genesis
        self.links, self.restricted, self.readers = Links(), {}, {}
        self.service_ended, self.key_holders = False, {}

    def may(self, device):
        return self.chain.may(device) & self.restricted.get(device, 15)

    def append(self, data, signature, least_schema, epoch):
        """Checks and takes one statement. What concerns the log itself is the caller's to carry out."""
        statement = read_statement(data)
        signer, kind, arguments = statement[6], statement[7], statement[8]
        if statement[2] != self.chain.organisation or statement[3] != self.space or kind < 16:
            raise Refused("not_owner", "a statement of another chain")
        crypto.verify(signer, "statement", data, signature)
        if signer != self.chain.root and not self.may(signer) & ADMIN:
            raise Refused("no_right", f"type {kind}")
        granting = 15 if signer == self.chain.root else self.may(signer)
        parties = {organisation: side for side, organisation, _ in self.genesis[3]}
        if kind == 16:
            if arguments[1] not in self.chain.capabilities:
                raise Refused("invalid", "device_unknown")
            Chain._refuse_more(arguments[2], self.restricted.get(arguments[1], 15), granting)
        elif kind == 17:
            if self.genesis[2] != 2 or arguments[1] in parties or arguments[2] > statement[9] + 400 * DAY:
                raise Refused("invalid", "a reader's grant")
        elif kind == 19 and (self.genesis[2] != 2 or parties[statement[2]] != 1):
            raise Refused("invalid", "only the provider ends its service, in the engagement")
        elif kind == 20 and arguments[3] < least_schema:
            raise Refused("invalid", "policy only raises the least schema")
        elif kind == 22:
            self._check_keys(arguments, epoch)
        self.links.follow(statement, data)
        if kind == 16:
            self.restricted[arguments[1]] = arguments[2]
        elif kind == 17:
            self.readers[arguments[1]] = arguments[2]
        elif kind == 18:
            self.readers.pop(arguments[1], None)
        elif kind == 19:
            self.service_ended = True
        elif kind == 22:
            self.key_holders.setdefault(arguments[1], set()).update(device for device, _, _ in arguments[2])
        return statement

    def _check_keys(self, arguments, epoch):
        if not self.genesis[6][2]:
            raise Refused("invalid", "keys of a space that is not sealed")
        if arguments[1] > max([*self.key_holders, epoch * 100_000]) + 1:
            raise Refused("invalid", "a key epoch left out")
        devices = {device for device, _, _ in arguments[2]}
        if devices & self.key_holders.get(arguments[1], set()) or devices - set(self.chain.capabilities):
            raise Refused("invalid", "a key for a device that has it, or is another's")
