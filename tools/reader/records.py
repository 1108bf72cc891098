"""Records: folding changes to states, and the digests over them (sections 5, 13 and 14)."""

from . import crypto
from .layouts import ERASED
from .profile import Refused, encode
from .text import KINDS, limit

SPACE_TYPES = {1: "service", 2: "engagement", 3: "private"}
SIDES = {1: "provider", 2: "customer"}
LIFE = ("@life", None)


def natural_record(space, kind, key):
    record = bytearray(crypto.H("record", encode([space, kind, key]))[:16])
    record[6] = record[6] & 0x0F | 0x80
    record[8] = record[8] & 0x3F | 0x80
    return bytes(record)


def time_ordered_record(millis, chance):
    record = bytearray(millis.to_bytes(6, "big") + chance[6:])
    record[6] = record[6] & 0x0F | 0x70
    record[8] = record[8] & 0x3F | 0x80
    return bytes(record)


def refuse_untimed(record_id):
    if record_id[6] >> 4 != 7 or record_id[8] >> 6 != 2:
        raise Refused("invalid", "not a UUIDv7")


class Author:
    """Who makes a change: the number of its device in the log, its organisation, its side."""

    def __init__(self, number, organisation, side):
        self.number, self.organisation, self.side = number, organisation, side


class Record:
    def __init__(self, kind, owner):
        self.kind, self.owner, self.seam, self.cells = kind, owner, None, {}
        self.first = {}  # the first value of each write-once cell

    def state(self):
        cells = [
            [field, element, [[cid, index, *head] if head[2] is not ERASED else [cid, index, *head[:2]]
                              for (cid, index), head in sorted(heads.items())]]
            for (field, element), heads in self.cells.items() if heads
        ]
        return [self.kind, self.owner, self.seam, sorted(cells, key=lambda cell: encode(cell[:2]))]


class Records:
    """The records of one log."""

    def __init__(self, space, space_type):
        self.space, self.space_type = space, SPACE_TYPES[space_type]
        self.records, self.ops = {}, {}

    def apply(self, cid, size, edits, values, author, position):
        """Folds one change that stands at this position, or refuses it (steps 10 to 13)."""
        names, at = edits[0], 0
        planned = []
        for record_id, kind, ops in edits[1]:
            part, written = values[at:at + len(ops)], []
            record = self._record(record_id, kind, ops, part, author)
            for index, ((field, element, predecessors), value) in enumerate(zip(ops, part), at):
                named = [(names[number], i) for number, i in predecessors]
                self._check_op(record, kind, field, element, value, author)
                written.append(((field, element), (cid, index), named, value))
            self.check_named(record_id, written, size, author.number)
            planned.append((record_id, record, written))
            at += len(ops)
        before = {id(heads): len(heads) for _, record, _ in planned for heads in record.cells.values()}
        for record_id, record, written in planned:
            self.fold(record_id, record, written, size, author.number, position)
        for _, record, _ in planned:
            self._check_heads(record, before)

    def check_named(self, record_id, written, size, author):
        """Step 12, for ops as (cell, op, the ops it names, value)."""
        for cell, _, named, _ in written:
            for op in named:
                if op not in self.ops:
                    raise Refused("unknown_pred", cell[0])
                of_record, of_cell, position, by = self.ops[op]
                if of_record != record_id or cell not in (LIFE, of_cell):
                    raise Refused("invalid", "a predecessor in another cell")
                if position >= size and by != author:
                    raise Refused("unknown_pred", "a predecessor that the base does not cover")

    def fold(self, record_id, record, written, size, author, position):
        """Makes the ops heads in place of those they name, and sets or clears the seam (section 14)."""
        self.records[record_id] = record
        for cell, op, named, value in written:
            record.first.setdefault(cell[0], value)
            for heads in record.cells.values() if cell == LIFE else [record.cells.get(cell, {})]:
                for predecessor in named:
                    heads.pop(predecessor, None)
            record.cells.setdefault(cell, {})[op] = [position, author, value]
            self.ops[op] = (record_id, cell, position, author)
        others = {cell: heads for cell, heads in record.cells.items() if cell not in [w[0] for w in written]}
        if any(head[0] >= size and head[1] != author for heads in others.values() for head in heads.values()):
            record.seam = position
        elif record.seam is not None and size > record.seam:
            record.seam = None

    def _record(self, record_id, kind_name, ops, values, author):
        kind = KINDS.get(kind_name)
        if kind is None:
            raise Refused("schema_unknown", kind_name)
        if record_id in self.records:
            record = self.records[record_id]
            if record.kind != kind_name:
                raise Refused("invalid", "another kind")
            if record.owner != author.organisation:
                raise Refused("not_owner")
            return record
        given = {(field, element): value for (field, element, _), value in zip(ops, values)}
        if given.get(LIFE) is not True:
            raise Refused("unknown_record")
        if self.space_type not in kind.spaces:
            raise Refused("invalid", f"{kind_name} in a space of type {self.space_type}")
        if self.space_type != "private" and SIDES[author.side] not in kind.creators:
            raise Refused("not_owner", f"{kind_name} is not created by this side")
        if kind.key is None:
            refuse_untimed(record_id)
        else:
            key = [given.get((field, None)) for field in kind.key]
            if None in key or natural_record(self.space, kind_name, key) != record_id:
                raise Refused("invalid", "not the id of its key")
            if "side" in kind.key and given[("side", None)] != SIDES[author.side]:
                raise Refused("invalid", "another side than the author's")
        return Record(kind_name, author.organisation)

    @staticmethod
    def _check_op(record, kind, field, element, value, author):
        if field == "@life":
            if element is not None or not (value is ERASED or type(value) is bool):
                raise Refused("invalid", "@life")
        else:
            schema = KINDS[kind].fields.get(field)
            if schema is None:
                raise Refused("schema_unknown", field)
            schema.check_element(element)
            if value is not ERASED:
                schema.check_value(value)
            if schema.writer != "owner" and schema.writer != SIDES[author.side]:
                raise Refused("not_owner", field)
            first = record.first.get(field, value)
            if schema.merge == "write-once" and ERASED not in (first, value) and encode(first) != encode(value):
                raise Refused("invalid", f"{field} is written once")

    @staticmethod
    def _check_heads(record, before):
        """A change that leaves fewer heads than it found is never refused for them."""
        found = sum(before.get(id(heads), 0) for heads in record.cells.values())
        left = sum(map(len, record.cells.values()))
        if left >= found and left > limit("heads_per_record"):
            raise Refused("too_many_heads", "of a record")
        for heads in record.cells.values():
            if len(heads) > limit("heads_per_cell") and len(heads) >= before.get(id(heads), 0):
                raise Refused("too_many_heads")
        if len(record.cells) > limit("cells_per_record"):
            raise Refused("too_large", "cells of a record")

    def erase(self, erasures):
        """Takes the values of these ops out of the records."""
        for cid, indices in erasures:
            for index in indices:
                if (cid, index) not in self.ops:
                    raise Refused("invalid", "an erasure of what is not there")
                record_id, cell, _, _ = self.ops[(cid, index)]
                head = self.records[record_id].cells[cell].get((cid, index))
                if head is not None:
                    head[2] = ERASED


# What follows from a state as read from its bytes.


def bucket(record_id):
    return int.from_bytes(crypto.sha256(record_id)[:2], "big") >> 6


def settled(heads):
    """The value of a cell whose heads all have the same one; erased values equal no other."""
    values = [head[4] if len(head) == 5 else ERASED for head in heads]
    if ERASED in values or any(encode(value) != encode(values[0]) for value in values[1:]):
        raise Refused("inConflict")
    return values[0]


def conflicts(state):
    """The cells whose heads do not all have the same value."""
    found = []
    for field, element, heads in state[3]:
        try:
            settled(heads)
        except Refused:
            found.append([field, element])
    return found


def standing(state):
    """How a record stands; nothing where the value of `@life` was erased."""
    if ["@life", None] in conflicts(state):
        return "contested"
    life = next(settled(heads) for field, element, heads in state[3] if (field, element) == LIFE)
    if life is False:
        return "deleted" if len(state[3]) == 1 else "deleted here, edited there"
    return "alive" if life is True else None


def printed(state):
    """The cells that an agreement covers: all but `@life`, *empty* ones and elements that are not in their set."""
    cells = [[field, element, settled(heads)] for field, element, heads in state[3] if field != "@life"]
    return sorted((cell for cell in cells if is_printed(*cell)), key=encode)


def is_printed(field, element, value):
    return field != "@life" and value is not None and not (value is False and element is not None)


def covered(space, record_id, state):
    """What an agreement covers of a record, or nothing if it is not alive, in conflict or erased."""
    if standing(state) != "alive" or conflicts(state):
        return None
    return crypto.H("covered", encode([space, record_id, state[0], printed(state)]))
