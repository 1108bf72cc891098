"""What the messages of section 8 must say, given the logs, keys and codes of the other vector files."""

from . import crypto, text, trees
from .chains import Chain
from .layouts import read_change, read_genesis, read_invitation
from .logs import Log, check_payload
from .messages import known_code
from .profile import Refused, decode, encode
from .records import bucket

unhex = bytes.fromhex


def holds(condition, what):
    if not condition:
        raise Refused("saysSomethingElse", what)


def check(book, layout, value):
    CHECKS.get(layout, lambda *_: None)(book, value)


def chain_of(words, root=None):
    """The chain that statements from the first on make."""
    organisation = crypto.H("org", root)[:16]
    chain = Chain(organisation)
    for data, signature in words:
        chain.append(data, signature)
    return chain


def hello(book, value):
    announced = dict(map(tuple, value[3]))
    holds(set(announced) == {k for k, (_, told) in text.LIMITS.items() if told}, "limits")
    holds(all(announced[k] <= text.limit(k) for k in announced), "a limit beyond the text's")
    holds(value[1][0] <= 1 <= value[1][1], "protocol versions")
    holds(value[6] == book.public["server log"], "log key")


def register(book, value):
    chain_of(value[1], value[2])
    kind, nonce = value[3] or (None, None)
    named = {1: ("admission", "nonce"), 2: ("invitation", "invitationId")}.get(kind)
    if named:
        holds(nonce.hex() in [c.get(named[1]) for c in book.files["codes"]["codes"] if c["name"] == named[0]], "ticket")


def session(book, value):
    server = book.message("hello answer", "what a server is")[4]
    crypto.verify(value[1], "session", encode([server, value[2], value[1]]), value[3])
    holds(value[2] == book.message("challenge answer", "what it is to sign")[1], "nonce of the challenge")


def challenge_request(book, value):
    holds(value[1] == book.message("session request", "signed")[1], "device")


def challenge_answer(book, value):
    holds(value[1] == book.message("session request", "signed")[2], "nonce")


def invitation_request(book, value):
    holds(value[1].hex() in [c.get("invitationId") for c in book.files["codes"]["codes"]], "invitation id")


def offer(data, signature):
    invitation = read_invitation(data)
    crypto.verify(invitation[9], "invitation", data, signature)
    return invitation


def invitation_answer(book, value):
    invitation = offer(value[1], value[2])
    chain = chain_of(value[3], value[4])
    holds(invitation[3] == chain.organisation and chain.is_admin(invitation[9]), "an admin of the provider")


def invitations_answer(book, value):
    data = book.message("invite request", "an offer")[1]
    invitation = read_invitation(data)
    for known, service, expires, revoked, engagement in value[1]:
        holds(known == crypto.H("invitation", invitation[7])[:16], "the invitation of the story")
        holds((service, expires) == (invitation[2], invitation[8]), "what the invitation says")
        holds(not revoked and book.logs[engagement].genesis[10] == data, "the engagement that took it up")


def heads_request(book, value):
    holds(value[1].hex() == book.files["hashes"]["heads"]["digest"], "digest of heads")
    for space, held in value.get(2, []):
        held_by_a_client(book, space, *held)


def heads_answer(book, value):
    for space, epoch, size in value.get(1, []):
        holds((epoch, size) == (book.logs[space].epoch, book.logs[space].size), "head")
    for space, page in value.get(2, []):
        brought(book, page)
        holds(checkpointed(book, page[2]).space == space, "the space of a page")


def held_by_a_client(book, space, epoch, size, root):
    log = book.logs[space]
    holds(epoch == log.epoch and root == log.root(size), "what the client holds")


def pull_request(book, value):
    held_by_a_client(book, value[1], value[2], value[3], value[4])


def entries_of(book, space):
    vector = next(v for v in book.files["spaces"]["logs"] if unhex(v["space"]) == space)
    return [(unhex(e["hex"]), unhex(e["payload"]) if e["payload"] is not None else None) for e in vector["entries"]]


def checkpointed(book, note):
    """The log that a checkpoint is over."""
    space = unhex(note.split("\n")[0].split("/")[2])
    book.logs[space].check_checkpoint(note)
    return book.logs[space]


def pull_answer(book, value):
    log = checkpointed(book, value[2])
    size, held = int(value[2].split("\n")[1]), entries_of(book, log.space)
    holds([tuple(e) for e in value[1]] == held[size - len(value[1]):size], "entries up to the checkpoint")


def brought(book, page):
    pull_answer(book, page)
    holds(page[3] is False, "a page up to the log's end")


def push_request(book, value):
    if 3 in value:
        held_by_a_client(book, value[1], *value[3])
    for data, signature, payload in value[2]:
        if len(signature) != 64:
            salvaged(book, value[1], data, signature, payload)
            continue
        change = read_change(data)
        holds(change[2] == value[1], "the space of a change")
        crypto.verify(change[3], "change", data, signature)
        if type(change[8]) is list:
            check_payload(data, change, change[8], payload)


def salvaged(book, space, data, proof, payload):
    """An entry as it stood in a log, with the proof that it did."""
    index, size, path, note = decode(proof)
    log = book.logs[space]
    holds(log.check_checkpoint(note) == size, "the size of the checkpoint")
    holds(trees.root_by_path(trees.leaf(data), index, size, path) == log.root(size), "the proof")
    holds(entries_of(book, space)[index] == (data, payload), "the entry and its payload")


def verdicts(book, value):
    for verdict in value[1]:
        if verdict[0] == 3:
            known_code(verdict[1])
        elif value[2] is not None:
            holds(verdict[1] < int(value[2].split("\n")[1]), "a checkpoint that covers the positions")
    if value[2] is not None:
        checkpointed(book, value[2])
    if 3 in value:
        brought(book, value[3])
        holds(value[3][2] == value[2], "one checkpoint")


def statement_request(book, value):
    words = [(unhex(s["hex"]), unhex(s["signature"])) for c in book.files["statements"]["chains"] for s in c["statements"]]
    holds(all(tuple(word) in words for word in value[1]), "statements of a chain")


def create_request(book, value):
    genesis = read_genesis(value[1])
    crypto.verify(genesis[8], "genesis", value[1], value[2])
    holds((3 in value) == (genesis[2] == 2), "an acceptance")
    if 3 in value:
        offer(genesis[10], genesis[11])
        crypto.verify(read_invitation(genesis[10])[7], "accept", value[1], value[3])


def create_answer(book, value):
    holds(checkpointed(book, value[2]).space == value[1], "the space")


def replay_request(book, value):
    """From position 0: the log, under the key and origin before the move that it ends with. From another: what was lost."""
    if value[2] > 0:
        return restored(book, value)
    log = Log(book.private_sealing)
    for data, payload in value[3]:
        log.append(data, payload)
    holds(log.space == value[1] and log.genesis[4] is None, "a space without a server")
    size, root = trees.read_note(value[4], *log.origins[0])
    holds((size, root) == (log.size, log.root()), "the checkpoint")
    holds(log.origins[-1][1] == book.public["server log"], "the move")


def restored(book, value):
    """Entries of a log that its keeper had signed, as a beginning of what it signed."""
    log = checkpointed(book, value[4])
    end = value[2] + len(value[3])
    holds([tuple(e) for e in value[3]] == entries_of(book, value[1])[value[2]:end], "the entries")
    trees.check_consistency(end, log.root(end), int(value[4].split("\n")[1]), log.root(int(value[4].split("\n")[1])), value.get(5, []))


def replay_answer(book, value):
    holds(value[1] == len(book.message("replay request", "drafts move to a server")[3]), "size now held")


def service_states(book, space):
    """The records of a space, as its whole log leaves them, in order of id."""
    log = book.logs[space]
    return sorted((record_id, encode(record.state())) for record_id, record in log.records.records.items())


def snapshot_answer(book, value):
    """Records of the service that the vectors hold, signed with its place by the server."""
    space = book.message("snapshot request", "records of a space")[1]
    log, entries = book.logs[space], entries_of(book, space)
    holds((value[1], value[2], value[3]) == (log.epoch, log.size, log.root()), "the log's place")
    holds(trees.frontier(log.leaves) == value[6], "the frontier")
    after = None if 8 in value else book.message("snapshot request", "those that follow")[2]
    wanted = [s for s in service_states(book, space) if after is None or s[0] > after]
    held = [(record_id, encode(state)) for record_id, state in value[4]]
    holds(held == wanted[:len(held)] and value[5] == (len(held) < len(wanted)), "the records, in order")
    if 8 in value:
        holds([tuple(w) for w in value[8]] == [(n, e) for n, (e, payload) in enumerate(entries) if payload is None], "entries that are no changes")
    words = crypto.sha256(encode(value[8])) if 8 in value else None
    content = encode([space, value[1], value[2], value[3], after, crypto.sha256(encode(value[4])), value[5], words])
    crypto.verify(book.public["server log"], "snapshot", content, value[7])


def digest_answer(book, value):
    space = book.message("digest request", "what the records come to")[1]
    contents = [b""] * 1024
    for record_id, data in service_states(book, space):
        contents[bucket(record_id)] += record_id + crypto.sha256(data)
    holds(value[3] == [crypto.H("bucket", content) for content in contents], "the buckets")
    holds((value[1], value[2]) == (book.logs[space].epoch, book.logs[space].size), "the log's place")


def error(book, value):
    known_code(value[1])
    holds((3 in value) <= (value[1] == "rate_limited") and (4 in value) <= (value[1] == "epoch_changed"), "keys of the code")
    holds((5 in value) <= (value[1] == "no_session") and (6 in value) <= (5 in value), "keys of a revocation")
    if 5 in value:
        words = [(unhex(s["hex"]), unhex(s["signature"])) for c in book.files["statements"]["chains"] for s in c["statements"]]
        said = [tuple(word) for word in (*value.get(6, ()), value[5])]
        places = [words.index(word) if word in words else None for word in said]
        holds(None not in places and places == list(range(places[0], places[0] + len(places))), "statements that follow one another")


CHECKS = {
    "hello answer": hello, "register request": register, "challenge request": challenge_request,
    "challenge answer": challenge_answer, "session request": session, "invitation request": invitation_request,
    "invitation answer": invitation_answer, "invite request": lambda _, v: offer(v[1], v[2]) and None,
    "invitations answer": invitations_answer, "revoke_invitation request": invitation_request,
    "heads request": heads_request, "heads answer": heads_answer, "wait request": heads_request,
    "wait answer": heads_answer, "pull request": pull_request, "pull answer": pull_answer,
    "push request": push_request, "push answer": verdicts, "statement request": statement_request,
    "statement answer": verdicts, "create_space request": create_request, "create_space answer": create_answer,
    "replay request": replay_request, "replay answer": replay_answer, "snapshot answer": snapshot_answer,
    "digest answer": digest_answer, "error answer": error,
}
