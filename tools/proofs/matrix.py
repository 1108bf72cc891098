"""Compares what a workbook says with the matrix that `buntan matrix --json` printed."""

import json

from .workbook import Matrix, control_id


class Unreadable(Exception):
    pass


def printed(path, framework=None):
    """The items of a printed matrix by (control id, item key)."""
    with open(path, encoding="utf-8") as source:
        report = json.load(source)
    if not isinstance(report.get("items"), list):
        raise Unreadable(f"{path} has no items")
    if report.get("more") is not None:
        raise Unreadable(f"{path} is cut: more follows")
    found = {}
    for item in report["items"]:
        row = item["row"]
        if framework is not None and row["framework"] != framework:
            continue
        key = (control_id(row["controlId"]) or row["controlId"], row["itemKey"])
        if key in found:
            raise Unreadable(f"{path} prints {key[0]} {key[1]} twice")
        found[key] = item
    return found


def compare(workbook, path, side="provider", sheet=None, framework=None, texts=False):
    """The differences, row by row; nothing if the two say the same."""
    said = Matrix(workbook, sheet).by_id()
    shown = printed(path, framework)
    differences = [{"row": list(key), "is": "only in the workbook"} for key in said if key not in shown]
    differences += [{"row": list(key), "is": "only in the matrix"} for key in shown if key not in said]
    for key in said:
        if key not in shown:
            continue
        row, item = said[key], shown[key]
        found = item.get("allocation", item.get(side)) if side == "provider" else item.get(side)
        if found != row["allocation"]:
            differences.append({"row": list(key), "is": "allocation", "workbook": row["allocation"], "matrix": found})
        if texts:
            field = "providerStatement" if row["flag"] == "Yes" else "customerAction"
            held = [_folded(text) for text in (item.get(field) or {}).values()]
            if (_folded(row["text"]) or None) not in (held or [None]):
                differences.append({"row": list(key), "is": field, "workbook": row["text"], "matrix": item.get(field)})
    return len(said), len(shown), differences


def _folded(text):
    return " ".join(text.split())
