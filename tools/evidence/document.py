"""The document that both sign (section 15)."""

import re

from .forms import H, ID, KEYS, NAME, TEXT, VALUE, day, encode, hexed, natural, need, sha, unjson

MEMBERS = {"format", "agreement", "engagement", "service", "provider", "customer", "release", "validFrom", "validTo", "terms",
           "scope", "except", "records"}


def document(raw, evidence):
    """The document, if it is one that a reader takes."""
    word = "document"
    need(len(raw) <= 4 << 20, word, "too large")
    need(sha(raw).hex() == evidence["document"], "digest", "the document is not the one that evidence.json names")
    d = unjson(raw, word)
    need(type(d) is dict and d.keys() == MEMBERS and d["format"] == "buntan-agreement-1", word, "other or missing members")
    need(all(hexed(d[k], 16) for k in ("agreement", "engagement", "service", "provider", "customer")), word, "an id that is none")
    need(re.match("^.{12}7.{3}[89ab]", d["agreement"]), word, "its id is no UUIDv7")
    need(all(d[k] == evidence[k] for k in ("agreement", "engagement", "service")), word, "it is of another agreement")
    release, terms, days = d["release"], d["terms"], [d["validFrom"], d["validTo"]]
    need(type(release) is dict and release.keys() == {"record", "digest"} and hexed(release["record"], 16)
         and hexed(release["digest"], 32), word, "its release is of another form")
    need(type(terms) is dict and terms.keys() == {"reviewInterval", "timeZone"} and all(map(TEXT, terms.values())), word,
         "its terms are of another form")
    need(all(d is None or day(d) for d in days), "dates", "a day that does not exist")
    need(None in days or days == sorted(days), "dates", "the last day is before the first")
    need(all(type(d[k]) is list for k in ("scope", "except", "records")), word, "a member that is no list")
    scope = [scope_part(part, d) for part in d["scope"]]
    need(scope and scope == sorted(set(scope)), "scope", "empty or out of order")
    need(all(hexed(e, 16) for e in d["except"]) and d["except"] == sorted(set(d["except"])), "except", "out of order, or no ids")
    order = [covered(record, d) for record in d["records"]]
    need(order == sorted(set(order)), word, "records out of order")
    return d


def scope_part(part, d):
    """Checks a part of the scope; gives what it is sorted by."""
    need(type(part) is dict and {"space", "kind"} <= part.keys() <= {"space", "kind", "keys"} and NAME(part["kind"])
         and part["space"] in (d["engagement"], d["service"]), "scope", "a part of another form, or of another space")
    keys = part.get("keys", [[""]])
    need(type(keys) is list and keys and all(type(k) is list and k and all(map(TEXT, k)) for k in keys), "scope",
         "keys of another form")
    return encode([bytes.fromhex(part["space"]), part["kind"], part.get("keys")])


def printed(v):
    """What a printed value or element is, or `...` if it is none."""
    if type(v) is dict:
        part = v.get("b")
        fits = v.keys() == {"b"} and type(part) is str and len(part) <= 128 and hexed(part, len(part) // 2)
        return bytes.fromhex(part) if fits else ...
    return v if VALUE(v) else ...


def covered(r, d):
    """Checks a record that the document covers; gives what it is sorted by."""
    need(type(r) is dict and r.keys() == {"space", "record", "kind", "digest", "cells"} and hexed(r["space"], 16)
         and hexed(r["record"], 16) and NAME(r["kind"]) and type(r["cells"]) is list, "document", "a record with other members")
    cells, where = [], f"record {r['record']}"
    for cell in r["cells"]:
        need(type(cell) is list and len(cell) == 3, "cells", f"{where}: a cell of another form")
        field, element, value = cell[0], printed(cell[1]), printed(cell[2])
        need(NAME(field) and field != "@life" and (element is None or ID(element) or NAME(element)), "cells",
             f"{where}: a cell that is none or is not covered")
        need(value is not ... and value is not None and not (value is False and element is not None), "cells",
             f"{where}: a value that is none or is not covered")
        need(type(value) is not str or len(value.encode()) <= 65536 or (field == "document" and element is None), "cells",
             f"{where}: a value too long")
        cells.append([field, element, value])
    need(list(map(encode, cells)) == sorted(map(encode, cells)) and len({encode(c[:2]) for c in cells}) == len(cells), "cells",
         f"{where}: cells out of order")
    space, record = bytes.fromhex(r["space"]), bytes.fromhex(r["record"])
    digest = H("covered", encode([space, record, r["kind"], cells])).hex()
    need(digest == r["digest"], "digest", f"{where}: not the digest of its values")
    single = {field: value for field, element, value in cells if element is None}
    if r["kind"] in KEYS:
        need(record == natural(space, r["kind"], single), "key", f"{where}: its id is not that of its key")
    key = [single.get(field) for field in KEYS.get(r["kind"], [])]
    need(any(holds(part, r["space"], r["kind"], key) for part in d["scope"]), "scope", f"{where}: in no part of the scope")
    need(r["record"] not in d["except"], "except", f"{where}: covered, though it is an exception")
    return encode([space, record])


def holds(part, space, kind, key):
    """Whether a part of the scope holds a record of this space, kind and key."""
    def begins(prefix):
        *whole, last = prefix
        n = len(whole)
        return key[:n] == whole and len(key) > n and type(key[n]) is str and key[n].encode().startswith(last.encode())
    return part["space"] == space and (kind + ".").startswith(part["kind"] + ".") and (
        "keys" not in part or any(map(begins, part["keys"])))
