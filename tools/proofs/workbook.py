"""Reads a CIS/CRM workbook from its ZIP and XML, and recounts what it says.

A workbook holds the provider's own summary (CIS: statuses and originations as marks) and the customer's
matrix (CRM: may the control be inherited, and what is left to do). Sheets are found by their heads.
"""

import collections
import posixpath
import re
import xml.etree.ElementTree as ElementTree
import zipfile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
LARGEST_PART = 256 * 1024 * 1024

STATUSES = {"implemented": "implemented", "partially implemented": "partially-implemented", "planned": "planned",
            "alternative implementation": "alternative-implementation", "n/a": "n-a", "not applicable": "n-a"}
ORIGINATIONS = {"service provider corporate": "sp-corporate", "service provider system specific": "sp-system",
                "service provider hybrid": "sp-hybrid", "configured by customer": "customer-configured",
                "provided by customer": "customer-provided", "shared": "shared",
                "inherited from pre-existing": "inherited"}
PROVIDER = {"sp-corporate", "sp-system", "sp-hybrid"}
CUSTOMER = {"customer-configured", "customer-provided"}
CONTROL = re.compile(r"([A-Z]{2})-0*(\d+)((?:\((?:\d+|[a-z]+)\))*)")


def sheets(path):
    """The sheets in order, as (name, {row number: {column letters: text}})."""
    with zipfile.ZipFile(path) as archive:
        strings = _strings(archive)
        targets = {r.get("Id"): r.get("Target") for r in _xml(archive, "xl/_rels/workbook.xml.rels")}
        for sheet in _xml(archive, "xl/workbook.xml").iter(MAIN + "sheet"):
            part = posixpath.normpath(posixpath.join("/xl", targets[sheet.get(LINK)])).lstrip("/")
            if "/worksheets/" in part:
                yield sheet.get("name"), _cells(_xml(archive, part), strings)


def _xml(archive, part):
    if archive.getinfo(part).file_size > LARGEST_PART:
        raise ValueError(f"{part} is too large")
    return ElementTree.fromstring(archive.read(part))


def _strings(archive):
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    return [_text(item) for item in _xml(archive, "xl/sharedStrings.xml").iter(MAIN + "si")]


def _text(item):
    """Runs joined; phonetic runs hold readings, not text."""
    runs = [child for child in item if child.tag in (MAIN + "t", MAIN + "r")]
    return "".join(t.text or "" for run in runs for t in run.iter(MAIN + "t"))


def _cells(sheet, strings):
    rows = {}
    for number, row in enumerate(sheet.iter(MAIN + "row"), 1):
        cells = {}
        for cell in row.iter(MAIN + "c"):
            value = cell.find(MAIN + "v")
            if cell.get("t") == "inlineStr":
                text = _text(cell.find(MAIN + "is"))
            elif value is None or value.text is None:
                continue
            else:
                text = strings[int(value.text)] if cell.get("t") == "s" else value.text
            if text.strip():
                cells[re.match("[A-Z]+", cell.get("r")).group()] = text
        rows[int(row.get("r", number))] = cells
    return rows


def folded(text):
    return " ".join(text.split()).lower()


def control_id(text):
    """`AC-02 (03) (a)` as `AC-2(3)(a)`; nothing if it is no control's id."""
    match = CONTROL.fullmatch(re.sub(r"\s", "", text))
    if match is None:
        return None
    brackets = re.sub(r"\(0*(\d+)\)", r"(\1)", match[3])
    return f"{match[1]}-{int(match[2])}{brackets}"


class Sheet:
    """A CIS or CRM sheet: its name, its kind, and its rows in order."""

    def __init__(self, name, kind, rows):
        self.name, self.kind, self.rows = name, kind, rows


def read(path):
    """The CIS and CRM sheets of a workbook."""
    found = []
    for name, cells in sheets(path):
        if "example" in name.lower():
            continue
        head = next((n for n in sorted(cells)[:10] if any(folded(t) == "control id" for t in cells[n].values())), None)
        if head is None:
            continue
        heads = {column: folded(text) for column, text in cells[head].items()}
        if any("implementation status" in text for text in heads.values()):
            found.append(Sheet(name, "CIS", list(_cis(cells, head))))
        elif any("nherited" in text for text in heads.values()):
            found.append(Sheet(name, "CRM", list(_crm(cells, head, heads))))
    return found


def _identified(cells, head, column):
    for number in sorted(cells):
        identity = control_id(cells[number].get(column, "")) if number > head else None
        if identity is not None:
            yield number, identity, cells[number]


def _cis(cells, head):
    column = next(c for c, text in cells[head].items() if folded(text) == "control id")
    below = {c: folded(text) for c, text in cells.get(head + 1, {}).items()}
    statuses = {c: STATUSES[text] for c, text in below.items() if text in STATUSES}
    originations = {c: code for c, text in below.items()
                    for begin, code in ORIGINATIONS.items() if text.startswith(begin)}
    for number, identity, row in _identified(cells, head, column):
        marked = {c for c, text in row.items() if text.strip().lower() == "x"}
        yield {"id": identity, "row": number, "statuses": {statuses[c] for c in marked & set(statuses)},
               "originations": {originations[c] for c in marked & set(originations)}}


def _crm(cells, head, heads):
    column = next(c for c, text in heads.items() if text == "control id")
    flag = next(c for c, text in heads.items() if "inherited" in text and c != column)
    text = next((c for c, head in heads.items()
                 if re.search("specific inheritance|responsibilit", head) and c not in (column, flag)), None)
    for number, identity, row in _identified(cells, head, column):
        found = row.get(flag, "").strip()
        yield {"id": identity, "row": number, "flag": found.lower().capitalize(), "text": row.get(text, "")}


class Matrix:
    """What a workbook says, row by row: the customer's matrix with the marks of the summary beside it."""

    def __init__(self, path, sheet=None):
        found = read(path)
        matrices = [s for s in found if s.kind == "CRM" and sheet in (None, s.name)]
        summaries = [s for s in found if s.kind == "CIS"]
        if not matrices:
            matrices = [s for s in summaries if sheet in (None, s.name)]
        if len(matrices) != 1:
            raise ValueError(f"{path} has {len(matrices)} matrices: name one of {[s.name for s in matrices or found]}")
        self.sheet = matrices[0]
        self.derived = self.sheet.kind == "CIS"
        beside = [s for s in summaries if len(summaries) == 1 or s.name.replace("CIS", "CRM") == self.sheet.name]
        marks = {}
        for row in beside[0].rows if beside else []:
            marks.setdefault(row["id"], row)
        self.summary = beside[0] if beside else None
        self.rows, seen = [], collections.Counter()
        for row in self.sheet.rows:
            seen[row["id"]] += 1
            own = marks.get(row["id"], {})
            item = "main" if seen[row["id"]] == 1 else f"main~{seen[row['id']]}"
            merged = {"flag": "", "text": "", "statuses": set(), "originations": set(), **own, **row, "item": item}
            self.rows.append({**merged, "allocation": allocation(merged, self.derived)})
        self.duplicates = sorted(identity for identity, count in seen.items() if count > 1)

    def by_id(self):
        return {(row["id"], row["item"]): row for row in self.rows}


def allocation(row, derived):
    """Who does it, by the flag; where there is no matrix, by the marks. Marks never override a flag."""
    flag, marks = row["flag"], row["originations"]
    if flag == "Yes":
        return "supplier" if marks == {"inherited"} else "provider"
    if flag in ("Partial", "No"):
        return {"Partial": "shared", "No": "customer"}[flag]
    if "n-a" in row["statuses"]:
        return "not-applicable"
    if not derived:
        return "unallocated"
    if "shared" in marks or marks & PROVIDER and marks & CUSTOMER:
        return "shared"
    if marks & CUSTOMER:
        return "customer"
    if marks & PROVIDER:
        return "provider"
    return "supplier" if marks else "unallocated"


def counts(path, sheet=None):
    """The counts of one matrix, in a form that prints as JSON."""
    matrix = Matrix(path, sheet)
    summary = matrix.summary.rows if matrix.summary else []
    flags = collections.Counter(row["flag"] or "empty" for row in matrix.rows)
    return {
        "sheet": matrix.sheet.name,
        "rows": len(matrix.rows),
        "distinct": len({row["id"] for row in matrix.rows}),
        "controls": len({re.sub(r"\([a-z]+\)", "", row["id"]) for row in matrix.rows}),
        "duplicates": matrix.duplicates,
        "flags": {flag: flags[flag] for flag in ("Yes", "Partial", "No", "empty", *sorted(set(flags) - {
            "Yes", "Partial", "No", "empty"}))},
        "allocations": dict(sorted(collections.Counter(row["allocation"] for row in matrix.rows).items())),
        "summaryRows": len(summary),
        "statuses": dict(sorted(collections.Counter(s for row in summary for s in row["statuses"]).items())),
        "notApplicableByFlag": dict(sorted(collections.Counter(
            row["flag"] or "empty" for row in matrix.rows if "n-a" in row["statuses"]).items())),
        "originations": dict(sorted(collections.Counter(o for row in summary for o in row["originations"]).items())),
        "severalOriginations": sum(len(row["originations"]) > 1 for row in summary),
        "noOrigination": sum(not row["originations"] for row in summary),
        "severalStatuses": sum(len(row["statuses"]) > 1 for row in summary),
    }


def differences(before, after, sheet=None):
    """What changed between two workbooks; texts are compared with their blanks folded."""
    old, new = Matrix(before, sheet).by_id(), Matrix(after, sheet).by_id()
    common = [key for key in new if key in old]

    def changed(what, form):
        both = [(key, form(old[key][what]), form(new[key][what])) for key in common]
        return [{"id": key[0], "item": key[1], "from": was, "to": now} for key, was, now in both if was != now]

    return {
        "rows": [len(old), len(new)],
        "added": [identity for identity, item in new if (identity, item) not in old],
        "removed": [identity for identity, item in old if (identity, item) not in new],
        "flags": changed("flag", str),
        "texts": changed("text", lambda text: " ".join(text.split())),
        "allocations": changed("allocation", str),
        "statuses": changed("statuses", sorted),
        "originations": changed("originations", sorted),
    }
