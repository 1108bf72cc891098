#!/usr/bin/python3
"""Proves, or refutes, what a demonstration says of itself, with code of its own and the standard library alone.

  count WORKBOOK                        what a CIS/CRM workbook says, counted from its ZIP and XML
  diff BEFORE AFTER                     what changed between two workbooks
  compare WORKBOOK MATRIX.json          whether `buntan matrix --json` says what the workbook does
  search FOLDER... --needles FILE       whether anything that must not be there lies in any file below

Exit code 0: holds; 1: does not hold; 2: could not be looked at.
"""

import argparse
import json
import sys
import zipfile

from proofs import forms, matrix, search, workbook


def count(options):
    found = workbook.counts(options.workbook, options.sheet)
    if options.json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return 0
    for name, value in found.items():
        if isinstance(value, dict):
            value = ", ".join(f"{key} {number}" for key, number in value.items())
        print(f"{name}: {', '.join(value) if isinstance(value, list) else value}")
    return 0


def diff(options):
    found = workbook.differences(options.before, options.after, options.sheet)
    if options.json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return 0
    print(f"rows: {found['rows'][0]} before, {found['rows'][1]} after; "
          f"{len(found['added'])} added, {len(found['removed'])} removed")
    for what in ("flags", "allocations", "texts", "statuses", "originations"):
        print(f"{what}: {len(found[what])} changed")
        for change in found[what]:
            name = change["id"] + ("" if change["item"] == "main" else " " + change["item"])
            print(f"  {name}" + ("" if what == "texts" else f": {_shown(change['from'])} → {_shown(change['to'])}"))
    return 0


def _shown(value):
    return (", ".join(value) if isinstance(value, list) else value) or "empty"


def compare(options):
    said, shown, differences = matrix.compare(
        options.workbook, options.matrix, options.side, options.sheet, options.framework, options.texts)
    if options.json:
        print(json.dumps({"workbook": said, "matrix": shown, "differences": differences}, ensure_ascii=False, indent=2))
    else:
        for difference in differences:
            name = " ".join(difference["row"])
            both = f": {difference['workbook']!r} in the workbook, {difference['matrix']!r} in the matrix" \
                if "workbook" in difference else ""
            print(f"{name}: {difference['is']}{both}")
        print(f"{said} rows in the workbook, {shown} in the matrix, {len(differences)} differences")
    if not said:
        raise ValueError("the workbook has no rows: nothing was compared")
    return 1 if differences else 0


def look(options):
    needles = forms.read_needles(options.needles)
    if not needles:
        raise ValueError("no needles: nothing was looked for")
    forbidden, control = search.Search(needles), search.Search(needles)
    for searched, folders in ((forbidden, options.folders), (control, options.must_find or [])):
        for folder in folders:
            before = searched.files
            searched.folder(folder)
            if searched.files == before:
                raise ValueError(f"no files in {folder}: nothing was looked through")
    missing = [n.label for n in needles if n.label not in control.found] if options.must_find else []
    if options.json:
        print(json.dumps({"files": forbidden.files, "bytes": forbidden.bytes, "streams": forbidden.streams,
                          "unopened": forbidden.unopened, "needles": len(needles), "hits": forbidden.hits,
                          "controlFiles": control.files, "notFoundInControl": missing}, ensure_ascii=False, indent=2))
    else:
        for hit in forbidden.hits:
            within = f" in {hit['within']}" if hit["within"] else ""
            print(f"FOUND {hit['file']}{within} at {hit['offset']}: {hit['needle']} as {hit['form']}")
        for label in missing:
            print(f"NOT FOUND where it must be: {label}")
        print(f"{len(needles)} needles in {sum(len(n.forms) for n in needles)} forms; {forbidden.files} files, "
              f"{forbidden.bytes} bytes, {forbidden.streams} compressed streams, {forbidden.unopened} that could not be "
              f"opened; {len(forbidden.hits)} hits, {len(forbidden.found)} needles found")
        if options.must_find:
            print(f"control: {control.files} files, {len(control.found)} of {len(needles)} needles found")
    if forbidden.unopened:
        raise ValueError(f"{forbidden.unopened} compressed streams could not be opened")
    return 1 if forbidden.hits or missing else 0


def parser():
    top = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = top.add_subparsers(required=True)

    def command(name, action, *paths):
        made = commands.add_parser(name)
        made.set_defaults(action=action)
        for path in paths:
            made.add_argument(path)
        made.add_argument("--json", action="store_true")
        return made

    command("count", count, "workbook").add_argument("--sheet")
    command("diff", diff, "before", "after").add_argument("--sheet")
    made = command("compare", compare, "workbook", "matrix")
    made.add_argument("--side", choices=["provider", "customer"], default="provider")
    made.add_argument("--sheet")
    made.add_argument("--framework")
    made.add_argument("--texts", action="store_true", help="the texts as well, by the rule of the flags")
    made = command("search", look)
    made.add_argument("folders", nargs="+")
    made.add_argument("--needles", required=True, help="one a line: `hex:` and bytes, or a text")
    made.add_argument("--must-find", action="append", metavar="FOLDER", help="where every needle must be found")
    return top


def main(arguments=None):
    options = parser().parse_args(arguments)
    try:
        return options.action(options)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, matrix.Unreadable) as fault:
        print(f"prove.py: {fault}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
