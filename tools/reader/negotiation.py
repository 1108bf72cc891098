"""The state of each row between a provider and a customer (section 14)."""

from . import crypto
from .profile import Refused, encode
from .records import covered, natural_record, settled

KEY = ("framework", "controlId", "itemKey")


def row_states(service, engagement):
    """The state of every living row of the service's log, by record id, as the engagement has it."""
    found = {}
    for record_id, record in service.records.records.items():
        state = record.state()
        if record.kind == "responsibility" and not _deleted(state):
            found[record_id] = _row_state(service.space, record_id, state, engagement)
    return found


def _row_state(space, record_id, row, engagement):
    key = [_value(row, field) for field in KEY]
    (provider_id, provider), (customer_id, customer) = (_position(engagement, key, side) for side in ("provider", "customer"))
    if _in_conflict(row) or _in_conflict(provider) or _in_conflict(customer):
        return "unsettled"
    ours, theirs = _value(customer, "allocation"), _value(provider, "allocation")
    theirs = _value(row, "allocation") if theirs is None else theirs
    if ours is None:
        return "open"
    if ours != theirs:
        return "disputed"
    read = [covered(space, record_id, row), covered(engagement.space, provider_id, provider) if provider else None]
    return "agreed" if _value(customer, "accepts") == crypto.H("accepts", encode(read)) else "reworded"


def _position(engagement, key, side):
    record_id = natural_record(engagement.space, "responsibility-position", [*key, side])
    record = engagement.records.records.get(record_id)
    return record_id, record.state() if record else None


def _cell(state, field):
    return next((heads for name, element, heads in state[3] if (name, element) == (field, None)), None) if state else None


def _value(state, field):
    heads = _cell(state, field)
    return settled(heads) if heads else None


def _in_conflict(state):
    try:
        for _, _, heads in state[3] if state else []:
            settled(heads)
    except Refused:
        return True
    return False


def _deleted(state):
    heads = _cell(state, "@life")
    return len(state[3]) == 1 and not _in_conflict(state) and settled(heads) is False
