"""Searches every byte below folders, also of what is compressed in them."""

import bz2
import lzma
import os
import shutil
import stat
import subprocess
import zlib

DEPTH = 3
STEP = 512
# From so many forms on it is quicker to tell first which of them cannot lie in some bytes, this much at a time.
MANY = 200
CHUNK = 1024 * 1024
FRAME = 16 * 1024 * 1024
LARGEST = 512 * 1024 * 1024
ZSTD = b"\x28\xb5\x2f\xfd"


class Search:
    """What was looked through, and what was found in it."""

    def __init__(self, needles, per_place=3):
        self.needles, self.per_place = needles, per_place
        self.files = self.bytes = self.streams = self.unopened = 0
        self.hits, self.found = [], set()
        self.windows = {wanted: _windows(wanted) for needle in needles for _, wanted in needle.forms}
        self.longest = max(map(len, self.windows), default=0)

    def folder(self, folder):
        if not os.path.isdir(folder):
            raise ValueError(f"{folder} is no folder")
        for directory, folders, names in os.walk(folder):
            folders.sort()
            for name in sorted(names):
                self.file(os.path.join(directory, name), folder)
            for name in folders:
                self._look(os.path.join(directory, name), "name", os.fsencode(name))

    def file(self, path, root):
        self._look(path, "name", os.fsencode(os.path.basename(path)))
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return
        with open(path, "rb") as source:
            data = source.read()
        self.files += 1
        self._data(path, "", data, 0)

    def _data(self, path, within, data, depth):
        self.bytes += len(data)
        self._look(path, within, data)
        if depth < DEPTH:
            for name, inner in self._streams(data):
                self.streams += 1
                self._data(path, f"{within} {name}".strip(), inner, depth + 1)

    def _look(self, path, within, data):
        likely = self._likely(data)
        for needle in self.needles:
            told = 0
            for form, wanted in needle.forms:
                at = data.find(wanted) if wanted in likely else -1
                while at >= 0:
                    self.found.add(needle.label)
                    told += 1
                    if told <= self.per_place:
                        self.hits.append({"file": path, "within": within, "offset": at, "needle": needle.label, "form": form})
                    at = data.find(wanted, at + 1) if told < self.per_place else -1

    def _likely(self, data):
        """The forms that may lie in these bytes: each other one has four bytes in a row that stand nowhere here."""
        if len(self.windows) < MANY:
            return self.windows
        likely = set()
        for at in range(0, len(data), CHUNK):
            there = _windows(data[at:at + CHUNK + self.longest])
            likely.update(wanted for wanted, windows in self.windows.items() if windows <= there)
        return likely

    def _streams(self, whole):
        """What is compressed in these bytes, wherever it begins."""
        data = memoryview(whole)
        for at in _places(whole, b"PK\x03\x04"):
            if whole[at + 8:at + 10] == b"\x08\x00":
                begin = at + 30 + sum(int.from_bytes(whole[i:i + 2], "little") for i in (at + 26, at + 28))
                yield from self._inflated(f"zip at {at}", zlib.decompressobj(-15), data[begin:])
        for at in _places(whole, b"\x1f\x8b\x08"):
            yield from self._inflated(f"gzip at {at}", zlib.decompressobj(31), data[at:])
        for begin in (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"):
            for at in _places(whole, begin):
                yield from self._inflated(f"zlib at {at}", zlib.decompressobj(15), data[at:])
        for at in _places(whole, b"BZh"):
            yield from self._inflated(f"bzip2 at {at}", bz2.BZ2Decompressor(), data[at:])
        for at in _places(whole, b"\xfd7zXZ\x00"):
            yield from self._inflated(f"xz at {at}", lzma.LZMADecompressor(), data[at:])
        for at in _places(whole, ZSTD):
            yield from self._zstd(f"zstd at {at}", data[at:at + FRAME])

    def _inflated(self, name, stream, data):
        """What comes out before the stream ends or breaks: a broken stream still tells what it begins with."""
        parts, size = [], 0
        try:
            for at in range(0, len(data), STEP):
                part = stream.decompress(data[at:at + STEP])
                parts.append(part)
                size += len(part)
                if stream.eof:
                    break
                if size > LARGEST:
                    self.unopened += 1
                    break
        except (zlib.error, OSError, lzma.LZMAError, EOFError):
            pass
        if size:
            yield name, b"".join(parts)

    def _zstd(self, name, data):
        """By the program `zstd`; what cannot be opened is counted and told."""
        program = shutil.which("zstd")
        if program is None:
            self.unopened += 1
            return
        done = subprocess.run([program, "-d", "-c", "--memory=128MB"], input=data, capture_output=True, check=False)
        if done.stdout:
            yield name, done.stdout
        else:
            self.unopened += 1


def _windows(data):
    """Every four bytes in a row."""
    there = set()
    for shift in range(min(4, max(0, len(data) - 3))):
        there.update(memoryview(data)[shift:len(data) - (len(data) - shift) % 4].cast("I"))
    return there


def _places(data, begin):
    at = data.find(begin)
    while at >= 0:
        yield at
        at = data.find(begin, at + 1)
