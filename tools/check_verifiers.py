#!/usr/bin/env python3
"""Holds `buntan verify` and tools/verify.py to one verdict: check_verifiers.py FOLDER

FOLDER holds the programs. Both judge every archive of Tests/tools/test_verify.py, good ones and all that are wrong in one
thing, and some that differ in any part of their texts. They share no code: what one refuses and the other takes is a fault of one.
"""
import concurrent.futures
import os
import pathlib
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(root / "tools"), str(root / "Tests/tools")]

import test_verify as cases  # noqa: E402

GOOD, WRONG, NO_EVIDENCE = 0, (1, 5), 6         # the exit statuses of `buntan verify`; 6 of a file that is no evidence at all
EACH = 1 if "--all" in sys.argv else 7         # of those of another form, so many are left out
program = pathlib.Path(sys.argv[1]).resolve() / "buntan"


def archives():
    """Each archive by name, with whether it is good where that is known."""
    good = (cases.FIXTURES / "agreement.zip").read_bytes()
    yield "evidence of the programs", good, True
    yield "evidence of the maker", cases.Maker().archive(), True
    for name, status in (("half-signed", False), ("contested", False), ("ended", True)):
        yield name, (cases.FIXTURES / f"{name}.zip").read_bytes(), status
    for name, (_, change) in cases.ARCHIVES.items():
        changed = change(cases.unzipped(good))
        yield name, changed if isinstance(changed, bytes) else cases.zipped(changed), False
    for name, (_, twists) in cases.MADE.items():
        yield name, cases.Maker(twists).archive(), False
    for name, twists in cases.FINE.items():
        yield name, cases.Maker(twists).archive(), True
    for number, (name, _, _, twists) in enumerate(cases.other_forms()):
        if number % EACH == 0:
            yield f"{name} of another form, {number}", cases.Maker(twists).archive(), None


def judged(case):
    """What is wrong with how the two judge an archive, or None."""
    name, data, is_good = case
    by_tools = cases.run(data)[0] == 0
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "evidence.zip"
        file.write_bytes(data)
        done = subprocess.run([program, "--store", f"{folder}/none", "verify", file], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, env={"HOME": folder, "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"})
    if done.returncode not in (GOOD, *WRONG, NO_EVIDENCE):
        return f"{name}: buntan verify ended with {done.returncode}: {done.stdout}{done.stderr}"
    by_program = done.returncode == GOOD
    if by_program != by_tools or is_good not in (None, by_program):
        told = {True: "takes it", False: "refuses it"}
        return f"{name}: buntan verify {told[by_program]}, verify.py {told[by_tools]}\n{done.stdout}{done.stderr}"
    return None


def main():
    listed = list(archives())
    with concurrent.futures.ProcessPoolExecutor() as pool:
        faults = [fault for fault in pool.map(judged, listed, chunksize=8) if fault]
    for fault in faults:
        print(f"check_verifiers: {fault}", file=sys.stderr)
    print(f"{len(listed)} archives judged alike" if not faults else f"{len(faults)} of {len(listed)} archives judged otherwise")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
