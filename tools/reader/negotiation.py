"""The state of each row between a provider and a customer (section 14)."""

from . import crypto
from .profile import encode
from .records import conflicts, covered, natural_record, printed, settled, standing
from .text import KINDS

KEY = KINDS["responsibility"].key
WORDLESS = {*KINDS["responsibility-position"].key, "allocation"}


class Held:
    """A row or a position on it, as a negotiation takes it: one that is deleted counts as missing."""

    def __init__(self, space, record_id, state):
        self.state = None if state is None or standing(state) == "deleted" else state
        self.unsettled = self.state is not None and (standing(state) != "alive" or bool(conflicts(state)))
        self.digest = covered(space, record_id, state) if self.state else None

    def value(self, field):
        return value(self.state, field) if self.state else None

    @property
    def is_wordless(self):
        return self.state is not None and all(field in WORDLESS for field, _, _ in printed(self.state))


MISSING = Held(None, None, None)


def value(state, field):
    """What a settled field without elements holds; nothing where it is not there."""
    heads = next((heads for name, element, heads in state[3] if (name, element) == (field, None)), None)
    return settled(heads) if heads else None


def accepts(row, provider):
    """What a customer writes that has read both; nothing while either is in conflict, and cannot be read."""
    return None if row.unsettled or provider.unsettled else _accepts(row.digest, provider.digest)


def _accepts(row, position):
    return crypto.H("accepts", encode([row, position]))


def row_state(row, provider, customer):
    """The first line of the table that fits."""
    if row.unsettled or provider.unsettled or customer.unsettled:
        return "unsettled"
    ours, theirs = customer.value("allocation"), provider.value("allocation")
    theirs = row.value("allocation") if theirs is None else theirs
    if row.state is None and theirs is None:
        return "unpublished"
    if ours is None:
        return "open"
    if ours != theirs:
        return "disputed"
    if ours == "unallocated":
        return "open"
    read = {accepts(row, provider)} | ({_accepts(row.digest, None)} if provider.is_wordless else set())
    return "agreed" if customer.value("accepts") in read else "reworded"


def row_states(service, engagement):
    """The state of every row that the service's log holds or a position is about, by the row's record id.

    What a deleted row was about only the positions on it still tell. Where they are gone too, there is no row.
    """
    rows = {r: record.state() for r, record in service.records.records.items() if record.kind == "responsibility"}
    positions = {r: record.state() for r, record in engagement.records.records.items()
                 if record.kind == "responsibility-position"}
    keys = {}
    for state in [*rows.values(), *positions.values()]:
        key = key_of(state)
        if key is not None:
            keys[natural_record(service.space, "responsibility", key)] = key
    found = {}
    for record_id in rows.keys() | keys.keys():
        row, sides = Held(service.space, record_id, rows.get(record_id)), [MISSING, MISSING]
        if record_id in keys:
            sides = [_position(engagement.space, positions, [*keys[record_id], side]) for side in ("provider", "customer")]
        if any(held.state for held in (row, *sides)):
            found[record_id] = row_state(row, *sides)
    return found


def key_of(state):
    """The key of a row, or of the row that a position is on; nothing where an end of life took it."""
    lost = {field for field, _ in conflicts(state)}
    key = [None if field in lost else value(state, field) for field in KEY]
    return None if None in key else key


def _position(space, positions, key):
    record_id = natural_record(space, "responsibility-position", key)
    return Held(space, record_id, positions.get(record_id))
