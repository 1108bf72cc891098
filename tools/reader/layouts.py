"""Every layout of sections 5 to 7, 10, 11 and 14: the shape, and what one object alone must satisfy.

Each is a function from bytes to the decoded value.
"""

from . import crypto
from .profile import COUNT, Refused, ascending, boolean, decode, either, encode, fmt, integer, keyed, many, name, null
from .profile import octets, optional, parts, text
from .text import limit

ID, KEY, SIG = octets(16), octets(32), octets(64)
count = integer(0, COUNT)
TIME = integer()
NAME = name(limit("name_bytes"))
SERVER = name(limit("server_name_bytes"), without="+/@")
SCHEMA = integer(0, 1_000_000)
CAPABILITIES = integer(0, 15)
NOTE = text(limit("note_bytes"), least=1)
OPS = limit("ops_per_change")
POLICY = keyed({1: integer(1, 2), 2: boolean, 3: SCHEMA})
DETAIL = optional(text(limit("detail_bytes")))


def fresh_key(value):
    """An Ed25519 key where it is introduced."""
    KEY(value)
    crypto.refuse_weak(value)


# Values, cells, payloads (sections 5 and 6).


def value_shape(value):
    kind = type(value)
    if value is None or kind is bool:
        return
    if kind is int:
        if abs(value) >= 2**53:
            raise Refused("outOfRange", "a value")
    elif kind is str:
        text(limit("document_bytes"))(value)
    elif kind is bytes:
        octets(0, limit("value_byte_string"))(value)
    else:
        raise Refused("wrongType", "a value")


CELL_ELEMENT = either(null, NAME, ID)
PAYLOAD_NEW = keyed({1: ID, 2: many(value_shape, 1, OPS)})
PAYLOAD_ERASED = keyed({3: many(either(KEY, parts(ID, value_shape)), 1, OPS)})


def read_value(data):
    value = decode(data)
    value_shape(value)
    return value


def read_cell(data):
    cell = decode(data)
    parts(NAME, CELL_ELEMENT)(cell)
    return cell


def read_payload(data):
    payload = decode(data)
    (PAYLOAD_ERASED if type(payload) is dict and 3 in payload else PAYLOAD_NEW)(payload)
    return payload


# Changes (section 6).

BASE = parts(count, integer(1, COUNT), KEY)
PREDECESSORS = many(parts(count, integer(0, OPS - 1)), 0, limit("life_predecessors"), ordered=True)
OP = parts(NAME, CELL_ELEMENT, PREDECESSORS)
EDITS = parts(many(ID, 0, OPS * limit("predecessors"), ordered=True), many(parts(ID, NAME, many(OP, 1, OPS)), 1, OPS))
CHANGE = {1: fmt(1), 2: ID, 3: KEY, 4: ID, 5: BASE, 6: TIME, 7: SCHEMA, 9: KEY}
CHANGE_OPEN = keyed({**CHANGE, 8: EDITS})
FOLLOWED = many(ID, 1, OPS * limit("predecessors"), ordered=True)
CHANGE_SEALED = keyed({**CHANGE, 8: octets(28, limit("change_bytes")), 10: integer(1, COUNT), 11: KEY}, {12: FOLLOWED})


def check_edits(edits):
    EDITS(edits)
    changes, listed = edits
    named = set()
    distinct(record for record, _, _ in listed)
    if sum(len(ops) for _, _, ops in listed) > OPS:
        raise Refused("tooMany", "ops")
    for _, _, ops in listed:
        distinct(encode([field, element]) for field, element, _ in ops)
        for field, _, predecessors in ops:
            if field != "@life" and len(predecessors) > limit("predecessors"):
                raise Refused("tooMany", "predecessors")
            for number, _ in predecessors:
                if number >= len(changes):
                    raise Refused("outOfRange", "a predecessor of no change")
                named.add(number)
    if len(named) != len(changes):
        raise Refused("unsorted", "a change that no predecessor names")


def distinct(values):
    values = list(values)
    if len(set(values)) != len(values):
        raise Refused("unsorted", "the same twice")


def read_change(data):
    if len(data) > limit("change_bytes"):
        raise Refused("tooMany", "bytes of a change")
    change = decode(data)
    if type(change) is dict and type(change.get(8)) is bytes:
        CHANGE_SEALED(change)
    else:
        CHANGE_OPEN(change)
        check_edits(change[8])
    return change


# Statements (section 10), server statements.


def erase_shape(value):
    if value == []:
        raise Refused("unsorted", "nothing to erase")
    many(parts(ID, many(integer(0, OPS - 1), 0, OPS, ordered=True)), 1, OPS)(value)
    ascending([cid for cid, _ in value])
    if any(not indices for _, indices in value):
        raise Refused("unsorted", "nothing of a change to erase")


def wrapped_shape(value):
    many(parts(KEY, KEY, octets(48)), 1, limit("wrapped_keys_per_statement"))(value)
    distinct(device for device, _, _ in value)


ARGUMENTS = {
    1: keyed({1: fresh_key, 2: KEY, 3: CAPABILITIES, 4: text(limit("label_bytes")), 5: SIG}),
    2: keyed({1: KEY}, {2: TIME}),
    3: keyed({1: KEY, 2: CAPABILITIES}),
    4: keyed({1: fresh_key, 2: SIG}),
    5: keyed({1: fresh_key, 2: SIG}),
    16: keyed({1: KEY, 2: CAPABILITIES}),
    17: keyed({1: ID, 2: TIME}),
    18: keyed({1: ID}),
    19: keyed({}),
    20: keyed({3: SCHEMA}),
    21: keyed({1: erase_shape}),
    22: keyed({1: integer(1, COUNT), 2: wrapped_shape}),
}
STATEMENT = keyed({1: fmt(1), 2: ID, 3: optional(ID), 4: integer(1, COUNT), 5: optional(KEY), 6: KEY,
                   7: integer(), 8: keyed({}, answer=True), 9: TIME})


def read_statement(data):
    if len(data) > limit("statement_bytes"):
        raise Refused("tooMany", "bytes of a statement")
    statement = decode(data)
    STATEMENT(statement)
    if statement[7] not in ARGUMENTS:
        raise Refused("unknownFormat", f"type {statement[7]}")
    if (statement[3] is None) != (statement[7] < 16):
        raise Refused("outOfRange", "a space where there must be none, or none where there must be one")
    if (statement[5] is None) != (statement[4] == 1):
        raise Refused("missingKey", "the statement before")
    ARGUMENTS[statement[7]](statement[8])
    return statement


SERVER_ARGUMENTS = {1: keyed({1: count, 2: count, 3: KEY}), 2: keyed({1: fresh_key}), 3: keyed({1: SERVER, 2: fresh_key}),
                    4: keyed({1: erase_shape, 2: text(limit("reference_bytes"))})}
SERVER_STATEMENT = keyed({1: fmt(1), 2: ID, 3: integer(), 4: keyed({}, answer=True)})


def read_server_statement(data):
    statement = decode(data)
    SERVER_STATEMENT(statement)
    if statement[3] not in SERVER_ARGUMENTS:
        raise Refused("unknownFormat", f"type {statement[3]}")
    SERVER_ARGUMENTS[statement[3]](statement[4])
    return statement


# Invitations, genesis (section 11).

INVITATION = keyed({1: fmt(1), 2: ID, 3: ID, 4: SERVER, 5: fresh_key, 6: POLICY, 7: fresh_key, 8: TIME, 9: KEY})
PARTY = parts(integer(1, 2), ID, fresh_key)
GENESIS = {1: fmt(1), 2: integer(1, 3), 3: many(PARTY, 1, 2), 4: optional(SERVER), 5: fresh_key, 6: POLICY, 7: ID, 8: KEY}


def read_invitation(data):
    if len(data) > limit("invitation_bytes"):
        raise Refused("tooMany", "bytes of an invitation")
    invitation = decode(data)
    INVITATION(invitation)
    return invitation


def read_genesis(data):
    if len(data) > limit("genesis_bytes"):
        raise Refused("tooMany", "bytes of a genesis")
    genesis = decode(data)
    keyed(GENESIS, {9: ID, 10: octets(0, limit("invitation_bytes")), 11: SIG})(genesis)
    engagement, private = genesis[2] == 2, genesis[2] == 3
    if [side for side, _, _ in genesis[3]] != ([1, 2] if engagement else [1]):
        raise Refused("wrongLength", "parties")
    distinct(organisation for _, organisation, _ in genesis[3])
    for _, organisation, root in genesis[3]:
        if crypto.H("org", root)[:16] != organisation:
            raise Refused("invalid", "an organisation that is not of its root key")
    for key in (9, 10, 11):
        if (key in genesis) != engagement and not (key == 9 and private):
            raise Refused("missingKey", f"key {key} of this type of space")
    if genesis[6][2] and not private:
        raise Refused("invalid", "sealed")
    if engagement:
        if genesis[4] is None:
            raise Refused("missingKey", "a server")
        invitation = read_invitation(genesis[10])
        if [invitation[k] for k in (2, 4, 5, 6)] != [genesis[k] for k in (9, 4, 5, 6)]:
            raise Refused("invalid", "another invitation")
        if invitation[3] != genesis[3][0][1]:
            raise Refused("invalid", "an invitation of another organisation")
    return genesis


# Entries (section 7).

CONTENT = {0: read_genesis, 1: read_change, 2: read_statement, 3: read_server_statement}
PROOF = parts(count, count, many(KEY, 0, 64), NOTE)
LARGEST = limit("body_bytes")


def read_entry(data):
    entry = decode(data)
    keyed({1: integer(0, 4), 2: TIME, 3: octets(1, LARGEST)}, {4: octets(64), 5: octets(1, LARGEST)})(entry)
    kind = entry[1]
    if (4 in entry) != (kind != 4):
        raise Refused("missingKey", "key 4")
    if kind == 4:
        if 5 not in entry:
            raise Refused("missingKey", "key 5")
        read_entry(entry[3])
        PROOF(decode(entry[5]))
        return entry
    if 5 in entry and kind != 0:
        raise Refused("missingKey", "key 5")
    content = CONTENT[kind](entry[3])
    if kind == 0:
        if (5 in entry) != (content[2] == 2):
            raise Refused("missingKey", "the invitation's signature")
        if 5 in entry:
            SIG(entry[5])
    return entry


# Record states (section 14).

HEAD = either(parts(ID, integer(0, OPS - 1), optional(count), count, value_shape),
              parts(ID, integer(0, OPS - 1), optional(count), count))
STATE = parts(NAME, ID, optional(count),
              many(parts(NAME, CELL_ELEMENT, many(HEAD, 1, limit("heads_per_record"))), 1, limit("cells_per_record")))


def read_state(data):
    state = decode(data)
    STATE(state)
    ascending([cell[:2] for cell in state[3]])
    for _, _, heads in state[3]:
        ascending([head[:2] for head in heads])
    return state


# What follows from a payload alone, and from a change with its payload (sections 6 and 9).


def commitment(salt, value):
    return crypto.sha256(b"\x00buntan.value.v1\x00" + salt + encode(value))


def salt(seed, index):
    return crypto.H("salt", seed + index.to_bytes(4, "big"))[:16]


ERASED = object()


def opened(payload):
    """The commitments of a payload, and its values: `ERASED` where only the commitment is left."""
    if 1 in payload:
        return [commitment(salt(payload[1], i), v) for i, v in enumerate(payload[2])], payload[2]
    slots = payload[3]
    commitments = [slot if type(slot) is bytes else commitment(*slot) for slot in slots]
    return commitments, [ERASED if type(slot) is bytes else slot[1] for slot in slots]


def check_sizes(change_bytes, payload_bytes, edits, values):
    """`change_bytes`, `value_bytes`, and one document a change."""
    cells = [(field, element) for _, _, ops in edits[1] for field, element, _ in ops]
    if len(cells) != len(values):
        raise Refused("wrongLength", "values are not one an op")
    documents = 0
    for (field, element), value in zip(cells, values):
        if type(value) is str and len(value.encode()) > limit("value_bytes"):
            if (field, element) != ("document", None) or documents:
                raise Refused("tooMany", "a text too long")
            documents = len(value.encode())
    if len(change_bytes) + len(payload_bytes) - documents > limit("change_bytes"):
        raise Refused("tooMany", "bytes of change and payload")


