#!/usr/bin/python3
"""Reads stores of the client or the server as an independent reader of the protocol would, changing nothing.

Every entry of every log is checked from its bytes, in order; the records that follow from them must be byte for
byte those that the store holds; where two stores hold one log, one must be the beginning of the other. With
`--matrix`, the state of each row is computed from an engagement and compared with what `buntan matrix --json`
printed. Needs cbor2 and cryptography.
"""

import argparse
import json
import pathlib
import sqlite3
import sys
import uuid

from reader import agreements, negotiation
from reader.logs import Log
from reader.profile import Refused, encode

PREFIX = "SELECT pos, bytes FROM entry WHERE space_id = ? ORDER BY pos"


class Store:
    """The logs of one store, read from the first entry on, and what does not hold."""

    def __init__(self, path):
        self.path, self.logs, self.faults, self.compared, self.agreements = path, {}, [], 0, []
        database = sqlite3.connect(f"{pathlib.Path(path).resolve().as_uri()}?mode=ro", uri=True)
        for space, in database.execute("SELECT space_id FROM space ORDER BY space_id").fetchall():
            self.logs[space] = self._log(database, space)
        database.close()
        for log in (log for log in self.logs.values() if log.genesis):
            try:
                self.agreements += list(agreements.check_agreements(log, self.logs))
            except (Refused, KeyError, ValueError, TypeError) as refusal:
                self.faults.append(f"{log.space.hex()} an agreement: {type(refusal).__name__} {refusal}")

    def _log(self, database, space):
        log, payloads = Log(), dict(database.execute("SELECT pos, bytes FROM payload WHERE space_id = ?", (space,)))
        try:
            for position, data in database.execute(PREFIX, (space,)):
                if position != log.size:
                    raise Refused("gap", f"position {position}")
                log.append(data, payloads.get(position))
            if log.space != space:
                raise Refused("anotherSpace")
        except Refused as refusal:
            self.faults.append(f"{space.hex()} entry {log.size}: {refusal}")
            return log
        if not log.genesis[6][2]:
            self._states(database, log)
        return log

    def _states(self, database, log):
        """What waits in a client's outbox shows in its records but not in the log: those are passed over."""
        held = dict(database.execute("SELECT record, state FROM record WHERE space_id = ?", (log.space,)))
        waiting = database.execute("SELECT record FROM outbox_record WHERE space_id = ?", (log.space,))
        unsent = {record for record, in waiting}
        found = {record: encode(state.state()) for record, state in log.records.records.items()}
        for record in sorted(set(held) | set(found)):
            if record not in unsent:
                self.compared += 1
                if held.get(record) != found.get(record):
                    self.faults.append(f"{log.space.hex()} record {record.hex()}: another state than the log gives")


def check_prefixes(stores):
    """Two stores that hold one log: the shorter is the beginning of the longer."""
    pairs = 0
    for number, one in enumerate(stores):
        for other in stores[number + 1:]:
            for space in set(one.logs) & set(other.logs):
                pairs += 1
                size = min(one.logs[space].size, other.logs[space].size)
                if one.logs[space].leaves[:size] != other.logs[space].leaves[:size]:
                    one.faults.append(f"{space.hex()}: another history than in {other.path}")
    return pairs


def check_matrix(store, path):
    """Compares the states of rows; returns how many were compared and how many agree in the sense of section 14."""
    with open(path, encoding="utf-8") as source:
        printed = {uuid.UUID(item["id"]).bytes: item["state"] for item in json.load(source)["items"]}
    best = None
    for engagement in store.logs.values():
        genesis = engagement.genesis
        service = store.logs.get(genesis[9]) if genesis and genesis[2] == 2 else None
        if service is not None and service.genesis:
            states = negotiation.row_states(service, engagement)
            wrong = [r for r in set(states) | set(printed) if states.get(r) != printed.get(r)]
            if best is None or len(wrong) < len(best[1]):
                best = states, wrong
    if best is None or not printed:
        store.faults.append(f"{path}: no engagement whose service is here, or no rows")
        return {}
    states, wrong = best
    store.faults += [f"row {r.hex()}: {states.get(r)}, printed {printed.get(r)}" for r in sorted(wrong)]
    return {state: list(states.values()).count(state) for state in sorted(set(states.values()))}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("stores", nargs="+")
    arguments.add_argument("--matrix", help="what `buntan matrix --json` printed of the first store")
    options = arguments.parse_args()
    stores = [Store(path) for path in options.stores]
    pairs = check_prefixes(stores)
    if options.matrix:
        rows = check_matrix(stores[0], options.matrix)
        print(f"{options.matrix}: {sum(rows.values())} rows, {', '.join(f'{n} {state}' for state, n in rows.items())}")
    for store in stores:
        sealed = sum(log.genesis[6][2] for log in store.logs.values() if log.genesis)
        print(f"{store.path}: {len(store.logs)} logs ({sealed} sealed), {sum(log.size for log in store.logs.values())} entries, "
              f"{store.compared} records compared, {len(store.faults)} faults")
        for agreement in sorted({agreement for agreement, _, _ in store.agreements}):
            said = [about for held, what, about in store.agreements if (held, what) == (agreement, "signature")]
            stale = next(about for held, what, about in store.agreements if (held, what) == (agreement, "document"))
            print(f"agreement {agreement.hex()}: {len(set(said))} parties' valid signatures, "
                  f"{len(stale)} of its records otherwise now")
        for fault in store.faults[:20]:
            print(f"FAULT {fault}")
        if not any(log.size for log in store.logs.values()):
            store.faults.append("nothing to read")
            print("FAULT nothing to read")
    if len(stores) > 1:
        print(f"{pairs} logs in two stores")
    return 1 if any(store.faults for store in stores) else 0


if __name__ == "__main__":
    sys.exit(main())
