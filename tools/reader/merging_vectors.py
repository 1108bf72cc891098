"""Checks of the vectors about records that fold, and rows that are negotiated (section 14)."""

from . import negotiation
from .book import Wrong, each, fields, hexed, same
from .layouts import CELL_ELEMENT, NAME, read_state, read_value
from .profile import Refused, encode
from .records import Record, Records, conflicts, natural_record, standing
from .text import KINDS


def merging(book, file):
    fields(file, "about protocol folds rows")

    def fold(entry):
        fields(entry, "name kind owner steps")
        for step, state in folded(entry):
            same(encode(state).hex(), step["state"], f"state at {step['position']}")
            read_state(hexed(step["state"]))
            same(standing(state), step["standing"], f"standing at {step['position']}")
            same([dict(zip(("field", "element"), cell)) for cell in conflicts(state)], step["conflicts"], "conflicts")

    def row(entry):
        fields(entry, "name service engagement row providerPosition customerPosition accepts is")
        service, engagement = hexed(entry["service"]), hexed(entry["engagement"])
        genesis = book.logs[engagement].genesis
        same((genesis[2], genesis[9]), (2, service), "an engagement about the service")
        (_, provider, _), (_, customer, _) = genesis[3]
        states = [_state(entry[member], kind, owner) for member, kind, owner in (
            ("row", "responsibility", provider), ("providerPosition", "responsibility-position", provider),
            ("customerPosition", "responsibility-position", customer))]
        same(len({encode(key) for key in map(_row_key, states) if key}), 1, "rows that the three are about")
        held = [_held(service if state and state[0] == "responsibility" else engagement, state) for state in states]
        found = negotiation.accepts(*held[:2])
        same(found.hex() if found else None, entry["accepts"], "accepts")
        same(negotiation.row_state(*held), entry["is"], "state of the row")

    yield from each(fold, file["folds"], "folds")
    yield from each(row, file["rows"], "rows")


def folded(entry):
    """Each step of a fold with the record's state behind it."""
    records, record = Records(None, 1), Record(entry["kind"], hexed(entry["owner"]))
    for step in entry["steps"]:
        fields(step, "change position author baseSize ops state standing conflicts")
        size, position = step["baseSize"], step["position"]
        if not 1 <= size <= position:
            raise Refused("base_mismatch")
        written = list(ops_of(step))
        records.check_named(entry["name"], written, size, step["author"])
        records.fold(entry["name"], record, written, size, step["author"], position)
        yield step, record.state()


def ops_of(step):
    for index, op in enumerate(step["ops"]):
        fields(op, "field element predecessors value")
        NAME(op["field"])
        CELL_ELEMENT(op["element"])
        for predecessor in op["predecessors"]:
            fields(predecessor, "change index")
        named = [(hexed(predecessor["change"]), predecessor["index"]) for predecessor in op["predecessors"]]
        same(named, sorted(set(named)), "predecessors ascending and distinct")
        yield (op["field"], op["element"]), (hexed(step["change"]), index), named, read_value(hexed(op["value"]))


def _state(printed, kind, owner):
    """A state of a row or a position; what stands at one position of a log is one change of one author."""
    if printed is None:
        return None
    state = read_state(hexed(printed))
    same(state[:2], [kind, owner], "kind and owner")
    heads = [head for _, _, heads in state[3] for head in heads]
    for part in (0, 2):
        if len({head[part] for head in heads}) != len({(head[0], head[2], head[3]) for head in heads}):
            raise Wrong("two changes at one position, or one at two")
    return state


def _row_key(state):
    return negotiation.key_of(state) if state else None


def _held(space, state):
    """A record of this space, whose id is that of its key; a deleted one has none left, and needs none."""
    if state is None or standing(state) == "deleted":
        return negotiation.MISSING
    key = [negotiation.value(state, field) for field in KINDS[state[0]].key]
    if None in key:
        raise Wrong("a record without its key")
    return negotiation.Held(space, natural_record(space, state[0], key), state)
