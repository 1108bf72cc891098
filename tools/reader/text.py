"""What PROTOCOL.md holds as tables: limits, codes, labels, and the registry of kinds and fields."""

import datetime
import json
import pathlib
import re

from .profile import Refused

PROTOCOL = pathlib.Path(__file__).resolve().parents[2] / "Protocol" / "PROTOCOL.md"
TEXT = PROTOCOL.read_text(encoding="utf-8")


def section(number):
    return re.search(rf"^## {number}\. .*?(?=^## |\Z)", TEXT, re.M | re.S).group(0)


def rows(part, columns):
    """The cells of all table rows with this many columns, without heads and rules."""
    found = [[c.strip() for c in line.strip().strip("|").split("|")] for line in part.splitlines() if line.startswith("|")]
    return [r for r in found if len(r) == columns and not set("".join(r)) <= set("-: ")]


def quoted(cell):
    return re.findall(r"`([^`]+)`", cell)


LIMITS = {quoted(r[0])[0]: (int(r[1]), r[2] == "✓") for r in rows(section(9), 4) if quoted(r[0])}
CODES = {quoted(r[0])[0] for r in rows(section(8), 4) if quoted(r[0])}
HASHES, SIGNATURES = section(4).split("| label of a signature |")
HASH_LABELS = {quoted(r[0])[0] for r in rows(HASHES, 3) if quoted(r[0])}
SIGNATURE_LABELS = {quoted(r[0])[0] for r in rows(SIGNATURES, 3) if quoted(r[0])}


def limit(label):
    return LIMITS[label][0]


class Field:
    def __init__(self, cells):
        self.name = quoted(cells[0])[0]
        self.type, _, codes = cells[1].partition(":")
        self.codes = [c.strip() for c in codes.split(",")] if codes else []
        self.merge, self.writer, self.required = cells[2], cells[3], "required" in cells[4]

    def check_element(self, element):
        """Refuses an element that the field's merge behaviour does not have."""
        if self.merge in ("register", "write-once"):
            fits = element is None
        elif self.merge == "languages":
            fits = element in ("en", "ja")
        else:
            fits = element is not None and fits_type(self.type, self.codes, element)
        if not fits:
            raise Refused("invalid", f"element {element!r} of {self.name}")

    def check_value(self, value):
        if value is None:
            if self.required and self.merge == "write-once":
                raise Refused("invalid", f"{self.name} must not be empty")
        elif not (type(value) is bool if self.merge == "set" else fits_type(self.type, self.codes, value)):
            raise Refused("invalid", f"value of {self.name}")


BYTES_OF = {"organisation": 16, "record": 16, "space": 16, "device": 32, "digest": 32, "signature": 64}


def fits_type(kind, codes, value):
    if kind in BYTES_OF:
        return type(value) is bytes and len(value) == BYTES_OF[kind]
    if kind in ("int", "bool"):
        return type(value) is (int if kind == "int" else bool)
    if type(value) is not str:
        return False
    if kind == "enum":
        return value in codes
    if kind == "country":
        return re.fullmatch("[A-Z]{2}", value) is not None
    if kind == "date":
        try:
            return datetime.date.fromisoformat(value).isoformat() == value
        except ValueError:
            return False
    if kind == "dateTime":
        return moment(value)
    if kind == "duration":
        return duration(value)
    if kind == "decimal":
        found = re.fullmatch(r"(?!-0\Z)-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?", value)
        return found is not None and sum(character.isdigit() for character in value) <= 64
    if kind == "code":
        return re.fullmatch(r"[!-+\--~]{1,64}", value) is not None
    if kind == "document":
        return canonical(value)
    return kind in ("string", "text")


def moment(value):
    """Whether a text is a moment in UTC in its normal form: to the second, with a fraction only where there is one."""
    found = re.fullmatch(r"([0-9-]{10}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{0,8}[1-9])?Z", value)
    try:
        return found is not None and datetime.datetime.fromisoformat(found[1]).isoformat() == found[1]
    except ValueError:
        return False


def duration(value):
    """Whether a text is a length of time in its normal form: no part of 0 but a lone one, and weeks alone."""
    number = "(0|[1-9][0-9]{0,9})"
    day = f"(?:{number}Y)?(?:{number}M)?(?:{number}D)?"
    found = re.fullmatch(f"P(?:{number}W|{day}(?:T(?=.)(?:{number}H)?(?:{number}M)?(?:{number}S)?)?)", value)
    parts = [part for part in found.groups() if part is not None] if found else []
    return bool(parts) and (len(parts) == 1 or "0" not in parts)


def canonical(document):
    """Whether a text is canonical JSON (section 15): RFC 8785 without any number but integers."""

    def ordered(value):
        if isinstance(value, dict):
            return {k: ordered(value[k]) for k in sorted(value, key=lambda k: k.encode("utf-16-be"))}
        if isinstance(value, float):
            raise ValueError
        return [ordered(v) for v in value] if isinstance(value, list) else value

    try:
        return json.dumps(ordered(json.loads(document)), ensure_ascii=False, separators=(",", ":")) == document
    except ValueError:
        return False


class Kind:
    def __init__(self, name, part):
        head = re.search(r"Created by: (.*?)\. In: (.*?)\. Key: (.*?)\. Since: (\d+)\.", part)
        self.name = name
        self.creators = head.group(1).split(", ")
        self.spaces = head.group(2).split(", ")
        inner = head.group(3)
        self.key = None if inner.startswith("none") else [f for f in inner.strip("[]").split(", ") if f]
        self.fields = {f.name: f for f in map(Field, (r for r in rows(part, 5) if quoted(r[0])))}


KINDS = {}
for part in re.split(r"^### ", section(12), flags=re.M)[1:]:
    kind = Kind(quoted(part.splitlines()[0])[0], part)
    KINDS[kind.name] = kind
