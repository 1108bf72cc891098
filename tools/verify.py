#!/usr/bin/env python3
"""Checks evidence of an agreement by Protocol/PROTOCOL.md alone; it shares no code with the programs it checks.

    verify.py ARCHIVE [--trust FINGERPRINT]... [--at YYYY-MM-DD]

ARCHIVE is what `buntan export evidence` wrote. Give the fingerprints of both parties as each told it to you by a way of
its own: without them everything may fit together and still be made by somebody else. Prints a line for each thing that
holds ("ok"), that is to be known ("note") and that does not hold ("WRONG"), each with a word for its subject.

Ends with 0 if everything holds, 5 if anything does not, 2 for wrong usage. A party that was not compared because no
--trust was given for it, and a day outside the dates, are notes. Needs Python 3.11, the package `cryptography` and the folder
`evidence` beside this file; no server, store or network.
"""

import argparse
import base64
import contextlib
import datetime
import sys
import zoneinfo

from evidence.archive import ARCHIVE_BYTES, consistent, unzipped
from evidence.document import document
from evidence.forms import (COUNT, HASH, ID, NAME, SIG, TEXT, Wrong, day, encode, fingerprint, hexed, moment, natural, need,
                            or_null, sha, signed, unjson)
from evidence.log import Log


class Verifier:
    """One archive; `say` is handed each line as (mark, word, sentence)."""

    def __init__(self, data, trusted, at, say):
        self.trusted, self.at, self.say = trusted, at, say
        self.valid, self.failed, self.ends, self.release = {}, {}, [], None
        with self.part():
            self.files = unzipped(data)
            self.check()

    @contextlib.contextmanager
    def part(self):
        """What goes wrong in a part is told, and the next part goes on."""
        try:
            yield
        except Wrong as wrong:
            self.say("WRONG", *wrong.args)

    def check(self):
        e, self.raw = unjson(self.files["evidence.json"], "evidence"), self.files["document.json"]
        need(type(e) is dict and e.keys() == {"agreement", "document", "engagement", "format", "service"}
             and e["format"] == "buntan-evidence-1" and hexed(e["document"], 32)
             and all(hexed(e[k], 16) for k in ("agreement", "engagement", "service")), "evidence",
             "evidence.json has other members")
        self.d, logs = None, []
        with self.part():
            self.d = document(self.raw, e)
            count = len(self.d["records"])
            self.say("ok", "document", f"{e['document'][:16]}, as named; {count} records, each with the digest of its values")
        for side, kind in (("engagement", 2), ("service", 1)):
            with self.part():
                log = Log(side, self.files, bytes.fromhex(e[side]), kind)
                logs.append(log)
                count = sum(name.endswith(".entry") for name in log.used)
                self.say("ok", "log", f"{side} {e[side]}: {count} entries are in the {log.size} of root {log.root.hex()[:16]}, "
                         f"which log key {log.key.hex()[:16]} leads to")
        fits = False
        if self.d and len(logs) == 2:
            with self.part():
                self.engagement, self.service = logs
                self.parties()
                fits = True
        if not fits:
            self.say("note", "unchecked", "signatures, release, ends and fingerprints, for what is wrong above")
            return
        for log in logs:
            for position, received, org, made in log.changes:
                with self.part():
                    known = [self.made(log, position, received, org, record, *what) for record, what in made.items()]
                    need(any(known), "archive", f"{log.side}/{position}.entry holds nothing of this agreement")
        self.signatures()
        with self.part():
            self.released()
        unused = sorted(self.files.keys() - {"evidence.json", "document.json"} - logs[0].used - logs[1].used)
        if unused:
            self.say("WRONG", "archive", f"'{unused[0]}' belongs to nothing in this evidence")
        self.fingerprints()
        self.dates()

    def parties(self):
        provider, customer = (bytes.fromhex(self.d[k]) for k in ("provider", "customer"))
        self.sides = {provider: "provider", customer: "customer"}
        need(list(self.engagement.parties) == [provider, customer] and self.engagement.service == self.service.space
             and self.service.provider == provider, "parties", "the logs are not of the document's parties and service")
        both = zip(self.engagement.parties[provider].words, self.service.parties[provider].words)
        need(all(a == b for a, b in both), "statement", "the provider says one thing in one log, another in the other")

    def made(self, log, position, received, org, record, kind, cells):
        """Reads a record that an entry made; says whether it belongs to this agreement."""
        where, agreement = f"entry {position}", cells.get(("agreement", None))
        ours = log is self.engagement and agreement == bytes.fromhex(self.d["agreement"])
        if ours and kind == "agreement-signature":
            try:
                good = self.signature(position, received, org, cells)
                self.valid.setdefault(org, []).append(good)
            except Wrong as wrong:
                self.failed.setdefault(org, []).append(wrong)
            return True
        if ours and kind == "agreement-end":
            self.ends.append((day(field(cells, "endsOn", day, "end", where)), org))
            return True
        own = record == natural(log.space, "party", {"org": org}) and cells.get(("org", None)) == org
        if log is self.engagement and kind == "party" and own:
            names = [v for (name, _), v in cells.items() if name == "legalName" and TEXT(v)]
            self.say("note", "name", f"the {self.sides[org]}, in its own words: {' / '.join(names)}")
            return True
        if log is self.service and kind == "release" and record.hex() == self.d["release"]["record"]:
            self.release = cells
            return True
        return False

    def signature(self, position, received, org, cells):
        """Checks one signature under the document."""
        where = f"the signature in entry {position}"
        def take(name, check):
            return field(cells, name, check, "signature", where)
        need(take("org", ID) == org, "signature", f"{where}: stands in an entry of another organisation")
        device, name, title = take("device", HASH), take("name", TEXT), take("title", or_null(TEXT)) or ""
        views = unjson(take("views", TEXT), "views")
        need(type(views) is list and all(type(v) is list and len(v) == 4 and hexed(v[0], 16) and COUNT(v[1]) and COUNT(v[2])
                                         and hexed(v[3], 32) for v in views), "views", f"{where}: views of another form")
        views = [[bytes.fromhex(v[0]), v[1], v[2], bytes.fromhex(v[3])] for v in views]
        need(views == sorted(views) and len({v[0] for v in views}) == len(views), "views", f"{where}: views out of order")
        signed(device, "agreement", take("signature", SIG), encode([sha(self.raw), org, name, title, views]), where)
        need((org, device) in self.engagement.signers[position], "rights", f"{where}: its device had no right to sign there")
        logs = {log.space: log for log in (self.engagement, self.service)}
        scope = {bytes.fromhex(part["space"]) for part in self.d["scope"]}
        need(scope <= {v[0] for v in views}, "views", f"{where}: no view of a space in scope")
        need({v[0] for v in views} <= logs.keys(), "views", f"{where}: a view of a space that is not here")
        for space, epoch, size, root in views:
            log = logs[space]
            seen = log.size if log is self.service else position
            need(epoch <= log.epoch, "views", f"{where}: a view of an epoch to come")
            left = next((left for ended, left in log.cuts if ended >= epoch), size)
            if size > left:
                log.used.add(f"{log.side}/{size}.consistency.json")
                continue  # it saw what an ended epoch has lost, with which nothing can be compared
            need(0 < size <= min(seen, log.size), "views", f"{where}: a view larger than the log that it can have seen")
            path = []
            if size < log.size:
                path = unjson(log.take(f"{size}.consistency.json", "views"), "views")
                need(type(path) is list and all(hexed(h, 32) for h in path), "views", f"{where}: a proof of another form")
            need(consistent(size, root, log.size, log.root, list(map(bytes.fromhex, path))), "views",
                 f"{where}: its view of the {log.side}'s log is no beginning of that log")
        by = f"{name}, {title}" if title else name
        line = f"by {by} for {fingerprint(org)} in entry {position}, received {moment(received)}"
        return device, received, f"{line}, device {device.hex()[:16]} with the right to sign there"

    def signatures(self):
        for org, side in self.sides.items():
            valid, failed = self.valid.get(org, []), self.failed.get(org, [])
            for wrong in failed:
                self.say("note" if valid else "WRONG", *wrong.args)
            if not valid and not failed:
                self.say("WRONG", "signature", f"none by the {side}: the agreement is half-signed or only proposed")
            for _, _, line in valid:
                self.say("ok", "signature", line)
            marks = [log.parties[org].compromised for log in (self.engagement, self.service) if org in log.parties]
            doubtful = [any(device in mark and mark[device] < received for mark in marks) for device, received, _ in valid]
            if doubtful and all(doubtful):
                self.say("WRONG", "compromised", f"contested: the {side}'s device was marked so before its signature came")

    def released(self):
        need(self.release, "release", "the entry that holds it is missing")
        listing = field(self.release, "document", TEXT, "release", "the release")
        need(sha(listing.encode()).hex() == self.d["release"]["digest"], "release", "not with the digest that the document names")
        rows = unjson(listing, "release")
        need(type(rows) is list and all(type(r) is list and len(r) == 3 and hexed(r[0], 16) and NAME(r[1]) and hexed(r[2], 32)
                                        for r in rows), "release", "its list is of another form")
        need([r[0] for r in rows] == sorted({r[0] for r in rows}), "release", "its list is out of order")
        held = {tuple(row) for row in rows}
        for r in self.d["records"]:
            need(r["space"] != self.d["service"] or (r["record"], r["kind"], r["digest"]) in held, "release",
                 f"it does not hold record {r['record']} as covered")
        label = field(self.release, "label", TEXT, "release", "the release")
        self.say("ok", "release", f"{label}: {self.d['release']['digest'][:16]}, holds every covered record of the service")

    def fingerprints(self):
        for org, side in self.sides.items():
            if org in self.trusted:
                self.say("ok", "fingerprint", f"{side} {fingerprint(org)}, as given")
            else:
                self.say("note", "fingerprint", f"{side} {fingerprint(org)} was not compared: anybody could have taken its part")
        for given in self.trusted - self.sides.keys():
            self.say("WRONG", "fingerprint", f"{fingerprint(given)} was given and is of neither party")

    def dates(self):
        for end, org in self.ends:
            self.say("note", "end", f"ended by the {self.sides[org]}, the last day being {end}")
        first, ends = day(self.d["validFrom"]), [day(self.d["validTo"]), *(end for end, _ in self.ends)]
        last = min(filter(None, ends), default=None)
        at, zone = self.at, datetime.timezone.utc
        with contextlib.suppress(Exception):        # the zone is whatever the document says
            zone = zoneinfo.ZoneInfo(self.d["terms"]["timeZone"])
        at = at or datetime.datetime.now(zone).date()
        holds = (first is None or first <= at) and (last is None or at <= last)
        self.say("ok" if holds else "note", "dates",
                 f"{'holds' if holds else 'does not hold'} on {at}; {first or 'no first day'} to {last or 'no last day'}")


def field(cells, name, check, word, where):
    """The value of a record's field, which no element names."""
    value = cells.get((name, None))
    need(value is not ..., word, f"{where}: its {name} was erased")
    need(check(value), word, f"{where}: its {name} is missing or of another type")
    return value


def trusted_fingerprint(given):
    letters = given.replace("-", "").replace(" ", "").upper()
    with contextlib.suppress(ValueError):
        organisation = base64.b32decode(letters + "======")
        if len(letters) == 26 and fingerprint(organisation).replace("-", "").upper() == letters:
            return organisation
    raise argparse.ArgumentTypeError(f"'{given}' is no fingerprint")


def given_day(given):
    if not day(given):
        raise argparse.ArgumentTypeError(f"'{given}' is no day")
    return day(given)


def main(arguments=None):
    options = argparse.ArgumentParser(description="Checks evidence of an agreement.")
    options.add_argument("archive")
    options.add_argument("--trust", action="append", default=[], type=trusted_fingerprint, metavar="FINGERPRINT")
    options.add_argument("--at", type=given_day, metavar="YYYY-MM-DD")
    options = options.parse_args(arguments)
    try:
        with open(options.archive, "rb") as file:
            data = file.read(ARCHIVE_BYTES + 1)
    except OSError as error:
        print(f"verify.py: {options.archive}: {error.strerror}", file=sys.stderr)
        return 2
    wrong = 0
    def say(mark, word, sentence):
        nonlocal wrong
        wrong += mark == "WRONG"
        print(f"{mark} {word}: " + "".join(c if c.isprintable() else "\ufffd" for c in sentence))
    Verifier(data, set(options.trust), options.at, say)
    print(f"does not verify: {wrong} wrong" if wrong else "everything fits together")
    return 5 if wrong else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(main())
