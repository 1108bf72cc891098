"""The forms in which something may lie in bytes: raw, hexadecimal, base 64, base 32, escaped, and parts of it."""

import base64
import json
import unicodedata
import uuid
import xml.sax.saxutils

# Fewer letters of an encoded form would be found by chance.
LEAST_BYTES, LEAST_LETTERS = 4, 8
# A long text may be cut by pages of a database: then this much of it still lies together.
PART = 24


class Needle:
    """Something to look for: its name for people, and its forms as (name of the form, bytes)."""

    def __init__(self, label, data, forms):
        self.label, self.data, self.forms = label, data, forms


def read_needles(path):
    """One needle a line: `hex:` and bytes, or a text, with or without `text:`; `#` begins a comment."""
    with open(path, encoding="utf-8") as source:
        lines = [line.rstrip("\r\n") for line in source]
    needles = []
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("hex:"):
            data = bytes.fromhex(line[4:].replace("-", "").strip())
            forms = of_bytes(data)
        else:
            text = line.removeprefix("text:")
            data = text.encode()
            forms = of_text(text)
        if len(data) < LEAST_BYTES:
            raise ValueError(f"too short to look for: {line!r}")
        needles.append(Needle(line, data, forms))
    return needles


def of_bytes(data):
    forms = {"raw": data, **_encoded(data)}
    if len(data) == 16:
        forms["uuid"] = str(uuid.UUID(bytes=data)).encode()
        forms["UUID"] = str(uuid.UUID(bytes=data)).upper().encode()
        letters = base64.b32encode(data).decode().rstrip("=").lower()
        forms["fingerprint"] = "-".join(letters[i:i + 4] for i in range(0, len(letters), 4)).encode()
    return distinct(forms)


def of_text(text):
    forms = {}
    for name, form in (("", text), ("nfd ", unicodedata.normalize("NFD", text)), ("nfc ", unicodedata.normalize("NFC", text))):
        forms[f"{name}utf-8"] = form.encode()
        forms[f"{name}utf-16le"] = form.encode("utf-16-le")
        forms[f"{name}utf-16be"] = form.encode("utf-16-be")
        forms[f"{name}json"] = json.dumps(form)[1:-1].encode()
        forms[f"{name}json raw"] = json.dumps(form, ensure_ascii=False)[1:-1].encode()
        forms[f"{name}xml"] = xml.sax.saxutils.escape(form).encode()
    forms.update(_encoded(text.encode()))
    data = text.encode()
    if len(data) >= 2 * PART:
        for at in range(0, len(data) - PART + 1, PART):
            forms[f"part at {at}"] = data[at:at + PART]
    return distinct(forms)


def _encoded(data):
    forms = {"hex": data.hex().encode(), "HEX": data.hex().upper().encode()}
    for shift in range(3):
        letters = _inner(base64.b64encode, data, shift, 3, 4)
        forms[f"base64/{shift}"] = letters
        forms[f"base64url/{shift}"] = letters.translate(bytes.maketrans(b"+/", b"-_"))
    for shift in range(5):
        letters = _inner(base64.b32encode, data, shift, 5, 8)
        forms[f"BASE32/{shift}"], forms[f"base32/{shift}"] = letters, letters.lower()
    return {name: form for name, form in forms.items() if len(form) >= LEAST_LETTERS}


def _inner(encode, data, shift, group, letters):
    """The letters that only this data decides, wherever in a group of bytes it begins."""
    bits = 8 * group // letters
    padded = bytes(shift) + data + bytes(-(shift + len(data)) % group)
    first = -(-shift * 8 // bits)
    last = (shift + len(data)) * 8 // bits
    return encode(padded)[first:last]


def distinct(forms):
    """Each run of bytes once, under its first name."""
    named = {}
    for name, form in forms.items():
        named.setdefault(form, name)
    return [(name, form) for form, name in named.items()]
