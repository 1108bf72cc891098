#!/usr/bin/env python3
"""Lets other code open the workbooks that are exported: check_books.py FOLDER --stores DIR.

FOLDER has the built program. Of every store in DIR the matrix of each service and engagement is exported as workbooks, in both
languages, with the statement of applicability where there is one. LibreOffice opens each and writes it as a workbook of its own, and
both hold the same cells, read by openpyxl; none of them is a formula. What is read back into the store it came from changes nothing.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import openpyxl

from judged import Judged


def cells(path):
    """What stands in each cell that holds something, by sheet and place; and the places of formulas."""
    book = openpyxl.load_workbook(path)
    found, formulas = {}, []
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is None:
                    continue
                if cell.data_type == "f":
                    formulas.append(f"{sheet.title}!{cell.coordinate}")
                found[(sheet.title, cell.coordinate)] = str(cell.value)
    return found, formulas


FORMS = ["xlsx", "cis-crm", "caiq", "soa"]
QUESTIONS = """\
Question ID,Question,CSP CAIQ Answer,SSRM Control Ownership,CSP Implementation Description,CSC Responsibilities
A&A-01.1,Made up for this check.,Yes,Shared CSP and CSC,=We do.,You do.
A&A-01.2,Made up for this check.,No,CSC-owned,,"Line one
line two"
AIS-01.1,Made up for this check.,NA,,,
"""


def questionnaire(run, scratch):
    """A store whose service has answers to questions: no demonstration has them."""
    store, table = scratch / "questions", scratch / "questions.csv"
    table.write_text(QUESTIONS)
    for words in [["init", "--org", "Example"], ["service", "add", "Answers"], ["import", str(table), "--yes"]]:
        done = run("--store", str(store), *words)
        if done.returncode != 0:
            raise SystemExit(f"{words}: {done.stderr}")
    return store


def main():
    judged = Judged()
    run, check = judged.run, judged.check

    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        written = scratch / "written"
        written.mkdir()
        books = []
        for store in [*judged.stores, questionnaire(run, scratch)]:
            scopes = []
            for command, option in [("services", "-s"), ("engagements", "-e")]:
                listed = run("--store", str(store), command, "--json")
                if listed.returncode == 0:
                    scopes += [(option, item["handle"]) for item in json.loads(listed.stdout)["items"]]
            for option, handle in scopes:
                for form in FORMS:
                    for language in ["en", "ja"]:
                        name = f"{store.name}{option}{handle}-{form}-{language}".replace("/", "~")
                        path = written / f"{name}.xlsx"
                        scope = ["--store", str(store), option, handle]
                        made = run(*scope, "export", form, "-o", str(path), "--lang", language)
                        if made.returncode != 0:
                            # Rows of another framework, nothing in it, or no statement: there is no workbook to look at.
                            known = ["no-rows-of-format", "no-rows-to-export", "no-statement", "nothing-published"]
                            told = json.loads(run(*scope, "export", form, "-o", str(path), "--json").stdout)
                            code = told.get("error", told).get("code")
                            check(name, code in known, f"{code}: {made.stderr.strip()}")
                            continue
                        books.append((name, path))
                        if form != "soa" and option == "-s":
                            again = run(*scope, "import", str(path), "-n", "--json")
                            item = json.loads(again.stdout).get("item", {})
                            # Somebody else's service takes no import.
                            if again.returncode in (0, 1):
                                change = (item.get("added"), item.get("changed"))
                                check(f"{name} read back", change == (0, 0), f"{change} {again.stderr}")
        if books:
            opened = scratch / "opened"
            converted = subprocess.run(
                ["soffice", "--headless", f"-env:UserInstallation=file://{scratch}/profile", "--convert-to", "xlsx", "--outdir", opened]
                + [path for _, path in books],
                capture_output=True,
                text=True,
            )
            check("LibreOffice", converted.returncode == 0, converted.stderr.strip()[-400:])
            for name, path in books:
                ours, formulas = cells(path)
                check(f"{name}: formulas", not formulas, str(formulas[:5]))
                theirs, _ = cells(opened / path.name)
                differing = [place for place in ours.keys() | theirs.keys() if ours.get(place) != theirs.get(place)]
                detail = [(place, ours.get(place), theirs.get(place)) for place in sorted(differing)[:3]]
                check(f"{name}: cells", not differing and len(ours) > 20, f"{len(differing)} of {len(ours)}: {detail}")
        missing = [form for form in FORMS if not any(f"-{form}-" in name for name, _ in books)]
        check("there is a workbook of each form to look at", not missing, str(missing))
    return 0 if judged.end() else 1


if __name__ == "__main__":
    sys.exit(main())
