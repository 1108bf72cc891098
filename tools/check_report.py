#!/usr/bin/env python3
"""Opens reports in a real browser and holds them against what is promised: check_report.py FOLDER [--stores DIR] [--pictures DIR].

FOLDER has the built programs. Reports of every store in DIR are made, and one of a store whose texts are meant to do harm. Each is
opened in both languages at the widths of a phone and of a desktop, light and dark, and printed: no overflow, no request, no script,
headings in order, names, contrast, focus, pages of A4, the same roles at every width. Pictures are kept where DIR is named.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from headless import Browser

WIDTHS = [360, 768, 1280]
ROLES = ["table", "row", "columnheader", "rowheader", "cell", "heading"]
MEASURE = (pathlib.Path(__file__).parent / "report_page.js").read_text(encoding="utf-8")

# What people could type, or a machine on their behalf.
HOSTILE = [
    "<script>document.title='x'</script><img src=x onerror=alert(1)>",
    "\"' onmouseover=alert(1) x='`{{7*7}}",
    "</td></tr></table></section><h1>End</h1>",
    "\u202egnp.exe\u2066 \u0007\u001b[31m\u200b",
    "W" * 400,
    "👩‍💻🏳️‍🌈 𠮷野家 分担、バックアップは毎日。" * 4,
    "| a | b |\n|---|---|\n[x](javascript:alert(1)) ![i](https://example.invalid/p.png) https://example.invalid",
    "]]> &amp; &lt;b&gt; &#x3c;",
]


def wrong_with(browser, path, width, dark=False):
    """What is wrong with a page at a width."""
    browser.open(path, width, dark=dark)
    wrong = list(browser.evaluate(MEASURE))
    own = pathlib.Path(path).resolve().as_uri()
    wrong += [f"asked for {address[:80]}" for address in browser.requests() if address != own]
    wrong += [f"console: {text[:160]}" for text in browser.complaints()]
    return wrong


def sheets(pdf):
    """The sizes of a printed file's pages in points."""
    boxes = re.findall(rb"/MediaBox\s*\[\s*([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)\s*\]", pdf)
    return [(float(box[2]) - float(box[0]), float(box[3]) - float(box[1])) for box in boxes]


def wrong_print(pdf):
    """What is wrong with a printed file: there are pages, and each is of A4."""
    sizes = sheets(pdf)
    if not sizes:
        return ["no pages"]
    return [f"a page of {w:.0f} by {h:.0f} points" for w, h in sizes if abs(w - 595.3) > 2 or abs(h - 841.9) > 2][:3]


class Reports:
    """Makes reports with the program that is checked."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def run(self, store, *words):
        environment = {**os.environ, "HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder / "config"), "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            [self.program, "--store", str(store), *words], env=environment, capture_output=True, text=True, encoding="utf-8", check=False,
            stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            raise SystemExit(f"check_report: {' '.join(words)} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    def places(self, store):
        """What can be reported on in a store, as options."""
        engagements = json.loads(self.run(store, "engagements", "--json"))["items"]
        services = json.loads(self.run(store, "services", "--json"))["items"]
        return (
            [("engagement", ["-e", item["handle"]]) for item in engagements]
            + [("service", ["-s", item["handle"]]) for item in services if item.get("isOwn")]
            + [("organisation", ["--organisation"])])

    def hostile(self):
        """A store full of texts that try to be more than texts."""
        store = self.folder / "hostile"
        self.run(store, "init", "--org", HOSTILE[0], "--org-ja", HOSTILE[5])
        self.run(store, "service", "add", HOSTILE[2])
        table = self.folder / "hostile.csv"
        quoted = ['"' + text.replace('"', '""') + '"' for text in HOSTILE]
        lines = [f"f,A-{index},shared,{text},{text}" for index, text in enumerate(quoted, 1) if "\u0007" not in text]
        table.write_text(
            "Framework,Control ID,Allocation,Customer action (en),Customer action (ja)\n" + "\n".join(lines) + "\n", encoding="utf-8")
        self.run(store, "import", str(table), "--yes")
        for index, text in enumerate(HOSTILE, 1):
            if "\u0007" not in text:
                self.run(store, "note", f"A-{min(index, 3)}", text)
        self.run(store, "edit", "jurisdiction", "--set", "country=JP", "--set", f"lawName/en={HOSTILE[1]}")
        return store


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder")
    options.add_argument("--stores")
    options.add_argument("--pictures")
    given = options.parse_args()
    faults, checks = [], 0
    with tempfile.TemporaryDirectory() as temporary, Browser() as browser:
        folder = pathlib.Path(temporary)
        pictures = pathlib.Path(given.pictures or temporary) / "pictures"
        pictures.mkdir(parents=True, exist_ok=True)
        reports = Reports(str(pathlib.Path(given.folder).resolve() / "buntan"), folder)
        # A server's folder has a store as well, and no keys of a device.
        found = sorted(pathlib.Path(given.stores).glob("*/store.db")) if given.stores else []
        stores = [path.parent for path in found if (path.parent / "keys").is_dir()]
        for store in stores + [reports.hostile()]:
            for number, (kind, place) in enumerate(reports.places(store)):
                for language in ["en", "ja"]:
                    name = f"{store.name}-{kind}-{number}-{language}"
                    page = pictures / f"{name}.html"
                    reports.run(store, "report", "-o", str(page), "--lang", language, *place)
                    first = reports.run(store, "report", "--format", "json", "--lang", language, *place)
                    json.loads(first)
                    reports.run(store, "report", "-o", str(pictures / f"{name}.md"), "--lang", language, *place)
                    told = []
                    for width in WIDTHS:
                        # What is dark stands on the width no more than what is light.
                        for dark in [False, True] if width != 768 else [False]:
                            faults += [f"{name} {width}{' dark' if dark else ''}: {text}" for text in wrong_with(browser, page, width, dark)]
                            checks += 1
                        # What a screen reader is told does not hang on the width.
                        if page.stat().st_size < 300_000:
                            roles = browser.roles()
                            told.append({role: roles.get(role, 0) for role in ROLES})
                        if given.pictures and width != 768:
                            browser.open(page, width)
                            browser.picture(pictures / f"{name}-{width}.png", whole=True, most=6000)
                    if any(roles != told[0] for roles in told):
                        faults.append(f"{name}: other roles at other widths: {told}")
                    browser.open(page, 1280)
                    faults += [f"{name} printed: {text}" for text in wrong_print(browser.print(pictures / f"{name}.pdf"))]
                    checks += 1
    for fault in faults[:60]:
        print("check_report: " + fault, file=sys.stderr)
    if faults:
        sys.exit(1)
    print(f"check_report: {checks} checks of reports in a browser")


if __name__ == "__main__":
    main()
