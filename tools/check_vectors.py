#!/usr/bin/python3
"""Checks Protocol/Vectors with nothing but Protocol/PROTOCOL.md behind it.

It shares no code with the programs it checks. Needs cbor2 and cryptography (Debian: python3-cbor2,
python3-cryptography). `-v` prints every check, and for what is broken the reason it was refused for.
"""

import argparse
import collections
import copy
import hashlib
import json
import pathlib
import re
import sys

from reader import agreement_vectors, examples, key_vectors, log_vectors, merging_vectors, plain_vectors
from reader.book import Book, Wrong, nested

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "Protocol" / "Vectors"
FILES = {check.__name__: check for check in (
    key_vectors.keys, plain_vectors.cbor, plain_vectors.values, plain_vectors.hashes, plain_vectors.codes,
    plain_vectors.invalid, log_vectors.changes, log_vectors.statements, log_vectors.spaces, log_vectors.states,
    log_vectors.messages, merging_vectors.merging, agreement_vectors.agreements)}
# What says nothing that bytes could contradict: names for people, and the reasons, which the text does not fix.
WORDS = {"about", "name", "reason"}
# Bytes that only chance or a clock gives, so nothing can tell them from others. Everything else is bound.
FREE = {
    "values": r"cellsInOrder/8/hex",  # an element of another name keeps the order
    "hashes": r"timeOrderedRecordIds/0/random",  # the first six of its bytes give way to the time
    "messages": r"messages/9/hex|unknownKeysInAnswers/0/hex",  # a session's token; what a later version says
    # Bases that may be one larger or smaller, since no predecessor and no other's head comes into view or leaves it; a
    # head named by an op on @life that is gone already, as is the one named instead.
    "merging": r"folds/(0/steps/2|[1235678]/steps/1|3/steps/3|8/steps/2)/baseSize"
               r"|folds/6/steps/2/ops/0/predecessors/0/index",
}


def run(book, name):
    """The checks of one file as (label, reason or None, failure or None)."""
    checks = FILES.get(name)
    if checks is None:
        yield name, None, "a file that this reader does not know"
        return
    try:
        listed = list(checks(book, book.files[name]))
    except Exception as fault:  # a file of another form: whatever goes wrong is a failure
        yield name, None, f"{type(fault).__name__}: {fault}"
        return
    if book.files[name].get("protocol") != 1:
        yield name, None, "not protocol 1"
    for label, check in listed:
        try:
            yield f"{name} {label}", check(), None
        except Exception as fault:
            yield f"{name} {label}", None, f"{type(fault).__name__}: {fault}"


def failures(files, name):
    return {(label, failure) for label, _, failure in run(Book(files), name) if failure}


def leaves(value, path=()):
    """The paths of all texts and numbers in a file."""
    if isinstance(value, (dict, list)):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(part, path + (key,))
    elif isinstance(value, (str, int)) and not isinstance(value, bool) and path[-1] not in WORDS:
        yield path


def changed(value, path):
    """The value with one bit of one byte (or letter) another: which one follows from the path."""
    if isinstance(value, int):
        return value ^ 1
    chance = int.from_bytes(hashlib.sha256("/".join(map(str, path)).encode()).digest()[:4], "big")
    if value and len(value) % 2 == 0 and re.fullmatch("[0-9a-f]+", value):
        data = bytearray.fromhex(value)
        data[chance % len(data)] ^= 1 << chance // 7 % 8
        return data.hex()
    at = chance % len(value) if value else 0
    return value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1:] if value else "00"


def mutations(files):
    """Changes one byte of each good vector in turn; yields what the checks did not notice."""
    for name, file in files.items():
        if name not in FILES or name == "invalid":
            continue
        before = failures(files, name)
        for path in leaves(file):
            if path[0] == "invalid":
                continue
            broken = copy.copy(files)
            broken[name] = copy.deepcopy(file)
            holder = broken[name]
            for key in path[:-1]:
                holder = holder[key]
            holder[path[-1]] = changed(holder[path[-1]], path)
            noticed = not failures(broken, name) <= before
            free = re.fullmatch(FREE.get(name, ""), "/".join(map(str, path))) is not None
            yield name, path, noticed, free


def controls(files):
    """What a reader that passes over things would let through; yields what this one did not notice."""
    held = [entry for name, file in files.items() if name != "invalid" for entry in nested(file)]
    for layout in sorted({entry["layout"] for entry in files["invalid"]["layouts"]} - {"payload"}):
        among = {**next(entry for entry in held if entry.get("layout") == layout), "reason": "none"}
        entry = {key: among[key] for key in ("name", "layout", "hex", "reason")}
        yield f"a good {layout} among the broken", {"invalid": {**files["invalid"], "layouts": [entry]}}
    for name, file in files.items():
        yield f"an unknown member in {name}", {name: {**file, "another": []}}
        yield f"an entry of another form in {name}", {name: with_unknown(file)}
    yield "an unknown file", {"another": {"protocol": 1}}


def with_unknown(value):
    """The value with one more member in the first object within a list or member of it."""
    copied = copy.deepcopy(value)
    next(o for o in nested(list(copied.values())) if o)["another"] = 1
    return copied


def check_files(book, verbose):
    """Prints what the checks of each file say; returns how many held and how many failed."""
    passed = failed = 0
    for name in sorted(set(FILES) | set(book.files)):
        results = list(run(book, name)) if name in book.files else [(name, None, "the file is missing")]
        reasons = collections.Counter(reason.split(" ")[0] for _, reason, _ in results if reason)
        broken = sum(failure is not None for _, _, failure in results)
        for label, reason, failure in results:
            if failure:
                print(f"FAILED {label}: {failure}")
            elif verbose:
                print(f"ok {label}{': refused, ' + reason if reason else ''}")
        listed = ", ".join(f"{reason} {count}" for reason, count in sorted(reasons.items()))
        print(f"{name}: {len(results) - broken - reasons.total()} held, {reasons.total()} refused as they must be"
              f"{' (' + listed + ')' if listed else ''}, {broken} failed")
        passed, failed = passed + len(results) - broken, failed + broken
    return passed, failed


def check_examples(book):
    passed = failed = 0
    for label, check in examples.examples(book):
        try:
            check()
            passed += 1
        except Wrong as fault:
            print(f"FAILED {label}: {fault}")
            failed += 1
    print(f"examples in PROTOCOL.md: {passed} held, {failed} failed")
    return passed, failed


def check_this_reader(files, verbose):
    """Whether the checks can fail at all: each good byte changed in turn, and what must not be passed over."""
    noticed = free = missed = 0
    for name, path, seen, may_pass in mutations(files):
        noticed, free, missed = noticed + seen, free + (may_pass and not seen), missed + (not seen and not may_pass)
        if not seen and (verbose or not may_pass):
            kind = "unbound" if may_pass else "FAILED"
            print(f"{kind} {name} {'/'.join(map(str, path))}: a changed byte goes unnoticed")
    for control, replaced in controls(files):
        seen = any(failures({**files, **replaced}, name) for name in replaced)
        noticed, missed = noticed + seen, missed + (not seen)
        if not seen:
            print(f"FAILED control: {control} goes unnoticed")
    print(f"broken on purpose: {noticed} noticed, {missed} missed; {free} changed bytes that nothing binds")
    return noticed, missed


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("-v", "--verbose", action="store_true")
    arguments.add_argument("--folder", type=pathlib.Path, default=FOLDER)
    options = arguments.parse_args()
    files = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(options.folder.glob("*"))}
    book = Book(files)
    counts = [check_files(book, options.verbose), check_examples(book)]
    for log in book.logs.values():
        for position, reason in log.passed_over:
            print(f"note: in the sealed space {log.space.hex()} entry {position} stands and changes nothing: {reason}")
    if not any(failed for _, failed in counts):
        counts.append(check_this_reader(files, options.verbose))
    passed, failed = map(sum, zip(*counts))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
