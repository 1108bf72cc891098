"""The messages of section 8, and every layout under the name that the vectors give it."""

from .layouts import BASE, DETAIL, ID, KEY, NAME, NOTE, SCHEMA, SERVER, SIG, TIME, count, fresh_key, read_cell, read_change
from .layouts import read_entry, read_genesis, read_invitation, read_payload, read_server_statement, read_state, read_statement, read_value
from .profile import Refused, boolean, decode, either, encode, integer, keyed, many, null, octets, optional, parts
from .text import CODES, limit


def nested(read, greatest):
    """Bytes that hold a layout of their own, which is read as well."""

    def check(value):
        octets(0, greatest)(value)
        read(value)

    return check


SIGNED_STATEMENT = parts(nested(read_statement, limit("statement_bytes")), SIG)
STATEMENTS = many(SIGNED_STATEMENT, 1, limit("statements_per_request"))
OFFER = nested(read_invitation, limit("invitation_bytes"))
POSITIONS = many(parts(ID, count, count), 0, limit("spaces_per_list"), ordered=True)
# The payload of a sealed change is encrypted, so a page alone cannot tell whether it is in the profile.
PAGE = many(parts(nested(read_entry, limit("body_bytes")), optional(octets(1, limit("body_bytes")))), 0, limit("entries_per_page"))
CHANGED = parts(nested(read_change, limit("change_bytes")), SIG, octets(1, limit("body_bytes")))
PROOF = parts(count, count, many(KEY, 0, limit("path_hashes")), NOTE)
SALVAGED = parts(nested(read_entry, limit("body_bytes")), nested(lambda data: PROOF(decode(data)), limit("body_bytes")),
                 optional(octets(1, limit("body_bytes"))))
PUSHED = either(CHANGED, SALVAGED)


def state(value):
    """A record's state stands in a page as it is, in its one form."""
    read_state(encode(value))


def verdict(value):
    if type(value) is not list or not value:
        raise Refused("wrongType", "a verdict")
    integer(1, 3)(value[0])
    shape = parts(integer(), NAME, DETAIL) if value[0] == 3 else parts(integer(), count)
    shape(value)


LOG_PAGE = keyed({1: PAGE, 2: NOTE, 3: boolean}, answer=True)
HELD = limit("held_per_request")
VERDICTS = keyed({1: many(verdict, 0, limit("changes_per_push")), 2: optional(NOTE)}, {3: LOG_PAGE}, answer=True)
TICKET = either(null, parts(integer(1, 2), ID))
NOTHING, DONE = keyed({}), keyed({}, answer=True)
HEADS_ANSWER = keyed({}, {1: POSITIONS, 2: many(parts(ID, LOG_PAGE), 0, HELD)}, answer=True)
MESSAGES = {
    "hello request": NOTHING,
    "hello answer": keyed({1: parts(count, count), 2: SCHEMA,
                           3: many(parts(NAME, count), 0, limit("announced_limits"), ordered=True),
                           4: SERVER, 5: TIME, 6: fresh_key}, answer=True),
    "register request": keyed({1: STATEMENTS, 2: fresh_key, 3: TICKET}),
    "register answer": DONE,
    "challenge request": keyed({1: KEY}),
    "challenge answer": keyed({1: KEY}, answer=True),
    "session request": keyed({1: KEY, 2: KEY, 3: SIG}),
    "session answer": keyed({1: octets(1, limit("token_bytes")), 2: TIME}, answer=True),
    "invitation request": keyed({1: ID}),
    "invitation answer": keyed({1: OFFER, 2: SIG, 3: STATEMENTS, 4: fresh_key}, answer=True),
    "invite request": keyed({1: OFFER, 2: SIG}),
    "invite answer": DONE,
    "invitations request": NOTHING,
    "invitations answer": keyed({1: many(parts(ID, ID, TIME, boolean, optional(ID)), 0, limit("invitations_per_list"),
                                         ordered=True)}, answer=True),
    "revoke_invitation request": keyed({1: ID}),
    "revoke_invitation answer": DONE,
    "heads request": keyed({1: KEY}, {2: many(parts(ID, BASE), 0, HELD)}),
    "heads answer": HEADS_ANSWER,
    "wait request": keyed({1: KEY}),
    "wait answer": HEADS_ANSWER,
    "pull request": keyed({1: ID, 2: count, 3: count, 4: KEY, 5: integer(1, limit("page_bytes"))}),
    "pull answer": LOG_PAGE,
    "push request": keyed({1: ID, 2: many(PUSHED, 0, limit("changes_per_push"))}, {3: BASE}),
    "push answer": VERDICTS,
    "statement request": keyed({1: STATEMENTS}),
    "statement answer": VERDICTS,
    "create_space request": keyed({1: nested(read_genesis, limit("genesis_bytes")), 2: SIG}, {3: SIG}),
    "create_space answer": keyed({1: ID, 2: NOTE}, answer=True),
    "replay request": keyed({1: ID, 2: count, 3: PAGE, 4: NOTE}, {5: many(KEY, 1, limit("path_hashes"))}),
    "replay answer": keyed({1: count}, answer=True),
    "snapshot request": keyed({1: ID, 2: optional(ID), 3: integer(1, limit("page_bytes"))}),
    "snapshot answer": keyed({1: count, 2: count, 3: KEY, 4: many(parts(ID, state), 0, limit("entries_per_page")), 5: boolean,
                              6: many(KEY, 0, limit("path_hashes")), 7: SIG},
                             {8: many(parts(count, nested(read_entry, limit("body_bytes"))), 0, limit("words_per_snapshot"))}, answer=True),
    "digest request": keyed({1: ID}),
    "digest answer": keyed({1: count, 2: count, 3: many(KEY, limit("state_buckets"), limit("state_buckets"))}, answer=True),
    "error answer": keyed({1: NAME}, {2: DETAIL, 3: count, 4: many(BASE, 1, limit("ended_epochs")),
                                5: SIGNED_STATEMENT, 6: many(SIGNED_STATEMENT, 1, limit("leading_statements"))},
                          answer=True),
}


def message(layout):
    def read(data):
        value = decode(data)
        MESSAGES[layout](value)
        return value

    return read


def known_code(code):
    if code not in CODES:
        raise Refused("unknownCode", code)


LAYOUTS = {
    "value": read_value,
    "cell": read_cell,
    "payload": read_payload,
    "change": read_change,
    "statement-word": read_statement,
    "server-statement": read_server_statement,
    "invitation-offer": read_invitation,
    "genesis": read_genesis,
    "entry": read_entry,
    **{layout: message(layout) for layout in MESSAGES},
}
