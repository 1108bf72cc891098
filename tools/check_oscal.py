#!/usr/bin/env python3
"""Lets other code judge the OSCAL that is exported: check_oscal.py FOLDER --stores DIR.

FOLDER has the built program. Of every store in DIR the plans of each engagement are exported for oneself, the counterpart and everybody,
read by compliance-trestle, which is fetched from PyPI, and reconciled with each other; what is read back into the store it came from
changes nothing. Ends with 3 where trestle cannot be had, after everything else has been looked at.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import venv

from judged import Judged

TRESTLE = ["compliance-trestle==5.2.0", "jsonschema==4.23.0"]
# The schemas of OSCAL 1.2.3, as they are published.
SCHEMAS = pathlib.Path(__file__).resolve().parent.parent / "../shared/data/oscal-schema"
NO_TRESTLE = 3


def trestle_in(folder):
    """The program of trestle in an environment of its own; None where it cannot be had."""
    try:
        venv.create(folder, with_pip=True)
        subprocess.run([f"{folder}/bin/pip", "install", "-q", *TRESTLE], check=True, timeout=300)
    except (subprocess.SubprocessError, OSError) as fault:
        print(f"trestle cannot be had: {fault}", file=sys.stderr)
        return None
    return f"{folder}/bin/trestle"


# Run where jsonschema is: names the schema and a document, prints what is wrong with it.
VALIDATE = r"""
import json, sys
import jsonschema
text = open(sys.argv[1]).read()
# Python's patterns have no classes of Unicode: letters, and digits, as nearly as it can say them.
text = text.replace(r"\\p{L}", r"[^\\W\\d_]").replace(r"\\p{N}", r"\\d")
faults = jsonschema.Draft7Validator(json.loads(text)).iter_errors(json.load(open(sys.argv[2])))
print("; ".join(f"{list(fault.absolute_path)}: {fault.message[:120]}" for fault in list(faults)[:5]))
"""


def invalid_by(trestle, plans):
    """What the published schemas have against any of the documents."""
    python = pathlib.Path(trestle).parent / "python"
    wrong = []
    for document in sorted(plans.glob("*.json")):
        model = "catalog" if document.stem == "catalog" else "ssp"
        told = subprocess.run(
            [python, "-c", VALIDATE, SCHEMAS / f"oscal_{model}_schema.json", document], capture_output=True, text=True
        )
        if told.returncode != 0 or told.stdout.strip():
            wrong.append(f"{document.name}: {told.stdout.strip()}{told.stderr.strip()[-400:]}")
    return wrong


def read_by(trestle, plans, workspace):
    """What trestle says against any of the documents."""
    workspace.mkdir()
    subprocess.run([trestle, "init"], cwd=workspace, check=True, capture_output=True)
    shutil.copy(plans / "catalog.json", workspace / "catalog.json")
    wrong = []
    for document in sorted(plans.glob("*.json")):
        read = subprocess.run(
            [trestle, "import", "-f", document, "-o", document.stem], cwd=workspace, capture_output=True, text=True
        )
        if read.returncode != 0:
            wrong.append(f"{document.name}: {(read.stdout + read.stderr).strip()[-400:]}")
    return wrong


def main():
    judged = Judged()
    run, check = judged.run, judged.check

    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        trestle = trestle_in(scratch / "trestle")
        exported = 0
        for store in judged.stores:
            listed = run("--store", str(store), "engagements", "--json")
            if listed.returncode != 0:
                continue
            for engagement in json.loads(listed.stdout)["items"]:
                handle = engagement["handle"]
                for audience in ["counterpart", "public", "myself"]:
                    plans = scratch / f"{store.name}-{handle}-{audience}"
                    made = run("--store", str(store), "export", "oscal", "-e", handle, "--audience", audience, "-o", str(plans))
                    if made.returncode != 0:
                        # Nothing published, or nothing to write: there is no plan to look at.
                        continue
                    exported += 1
                    name = f"{store.name} {handle} {audience}"
                    if trestle:
                        said = read_by(trestle, plans, scratch / f"workspace-{exported}")
                        check(f"{name}: read by trestle", not said, "; ".join(said))
                        wrong = invalid_by(trestle, plans)
                        check(f"{name}: valid by the schemas", not wrong, "; ".join(wrong))
                    customer = plans / "customer-ssp.json"
                    if customer.exists():
                        found = run("reconcile", str(plans / "provider-ssp.json"), str(customer), "--json")
                        kinds = {one["kind"] for one in json.loads(found.stdout)["item"]["findings"]}
                        check(f"{name}: references", kinds <= {"unanswered"}, f"{sorted(kinds)}")
                    if engagement["side"] == "provider":
                        plan = str(plans / "provider-ssp.json")
                        back = run("--store", str(store), "import", plan, "-n", "--json", "-s", engagement["service"])
                        counts = json.loads(back.stdout or "{}").get("item", {})
                        check(f"{name}: read back", counts.get("added") == 0, f"{back.stderr}{counts.get('added')}")
        check("stores with engagements", exported > 1, f"{exported}")
    if not judged.end():
        return 1
    return 0 if trestle else NO_TRESTLE


if __name__ == "__main__":
    sys.exit(main())
