"""The archive (section 15), and the trees and proofs in it (section 7, RFC 6962, RFC 9162 2.1.3 and 2.1.4)."""

import binascii
import re
import struct

from .forms import base_64, need, sha, text, verifies

ARCHIVE_BYTES, MEMBER_BYTES = 256 << 20, 8 << 20
FILE = re.compile(r"(engagement|service)/(checkpoint|(0|[1-9][0-9]{0,15})(\.entry|\.payload|\.proof|\.consistency\.json))")
TOP = {"document.json", "evidence.json"}


def zipped(files):
    """The one form of an archive of these files."""
    body, directory = bytearray(), bytearray()
    for name, data in files.items():
        head = struct.pack("<5H3L2H", 10, 0, 0, 0, 33, binascii.crc32(data), len(data), len(data), len(name), 0)
        directory += b"PK\1\2\n\0" + head + struct.pack("<3H2L", 0, 0, 0, 0, len(body)) + name.encode()
        body += b"PK\3\4" + head + name.encode() + data
    end = struct.pack("<4H2LH", 0, 0, len(files), len(files), len(directory), len(body), 0)
    return bytes(body + directory + b"PK\5\6" + end)


def unzipped(data):
    """The files of an archive that is in its one form: read from the front, written again, and compared."""
    need(len(data) <= ARCHIVE_BYTES, "archive", "too large")
    files, at, last = {}, 0, ""
    while data[at:at + 4] == b"PK\3\4" and len(data) >= at + 30:
        size, length = struct.unpack_from("<LH", data, at + 22)
        start = at + 30 + length
        name = data[at + 30:start].decode("latin-1")
        need(name in TOP or FILE.fullmatch(name), "archive", f"holds a file '{name[:80]}'")
        need(name > last, "archive", f"'{name}' is out of order")
        need(size <= MEMBER_BYTES, "archive", f"'{name}' is too large")
        files[name], at, last = data[start:start + size], start + size, name
    need(len(files) < 1 << 16, "archive", "too many files")
    need(zipped(files) == data, "archive", "not in the form in which evidence is exported; ask for the file as it was exported")
    need(TOP <= files.keys(), "archive", "'evidence.json' or 'document.json' is missing")
    return files


class Note:
    """A checkpoint as it stands in a signed note."""

    FORM = re.compile("([^\n]+)\n([1-9][0-9]{0,15})\n([^\n]+)\n\n((?:\u2014 [^ \n]+ [^ \n]+\n)+)")

    def __init__(self, note, where):
        need(len(note) <= 4096, "checkpoint", f"{where}: too long")
        parts = self.FORM.fullmatch(text(note, "checkpoint"))
        need(parts, "checkpoint", f"{where}: not a note of three lines with signatures")
        self.body, self.origin, self.size = note[:note.index(b"\n\n") + 1], parts[1], int(parts[2])
        self.root = base_64(parts[3], "checkpoint")
        need(len(self.root) == 32, "checkpoint", f"{where}: a root of another length")
        lines = [line.split(" ") for line in parts[4].split("\n")[:-1]]
        self.signatures = [(name, base_64(blob, "checkpoint")) for _, name, blob in lines]

    def by(self, origin, key):
        """Whether it is of this origin, and signed by this key."""
        key_id = sha(origin.encode() + b"\n\1" + key)[:4]
        return origin == self.origin and any(name == origin and len(blob) == 68 and blob[:4] == key_id
                                             and verifies(key, blob[4:], self.body) for name, blob in self.signatures)


def node(left, right):
    return sha(b"\1" + left + right)


def tree(leaves):
    if len(leaves) < 2:
        return leaves[0] if leaves else sha(b"")
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node(tree(leaves[:split]), tree(leaves[split:]))


def included(leaf, index, size, path, root):
    if index >= size:
        return False
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


def consistent(first, old, second, new, path):
    """Whether the log of `first` entries with root `old` is a beginning of that of `second` with root `new`."""
    if first == second:
        return not path and old == new
    path = ([old] if first & first - 1 == 0 else []) + path
    if not 0 < first < second or not path:
        return False
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == old and sr == new
