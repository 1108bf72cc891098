"""Tests of tools/prove.py: what it counts on real workbooks, and that a search finds what it must."""

import base64
import contextlib
import gzip
import io
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import prove  # noqa: E402
from proofs import forms, search, workbook  # noqa: E402

MARCH = ROOT / "Tests/Fixtures/cloudgov/cloudgov-platform_2021-03-15.xlsx"
JULY = ROOT / "Tests/Fixtures/cloudgov/cloudgov-platform_2021-07-21.xlsx"
TEXT = "社外秘: 復旧手順 <P-12> & key=ü"
BYTES = bytes.fromhex("42b054783a7e570b20fecad32b5075c2")


def run(*arguments):
    """Exit code and what was printed."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = prove.main([str(argument) for argument in arguments])
    return code, out.getvalue() + err.getvalue()


def book(path, rows, cis=None):
    """Writes a workbook with a CRM sheet and, if given, a CIS sheet; cells are inline texts."""

    def sheet(lines):
        cells = "".join(
            f'<row r="{n}">' + "".join(
                f'<c r="{chr(65 + c)}{n}" t="inlineStr"><is><t>{text}</t><rPh sb="0" eb="1"><t>よみ</t></rPh></is></c>'
                for c, text in enumerate(line)) + "</row>"
            for n, line in enumerate(lines, 1))
        return f'<worksheet xmlns="{workbook.MAIN[1:-1]}"><sheetData>{cells}</sheetData></worksheet>'

    parts = {"CRM": [["Title"], ["Control ID", "Can Be Inherited from CSP", "Specific Inheritance"], *rows]}
    if cis is not None:
        parts["CIS"] = [["Control ID", "Implementation Status", "", "Control Origination"],
                        ["", "Implemented", "N/A", "Service Provider Corporate (X)", "Inherited from pre-existing", "Shared"],
                        *cis]
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(path, "w") as archive:
        names = "".join(f'<sheet name="{n}" sheetId="{i}" r:id="r{i}"/>' for i, n in enumerate(parts, 1))
        archive.writestr("xl/workbook.xml", f'<workbook xmlns="{workbook.MAIN[1:-1]}" xmlns:r="{relations}"><sheets>'
                                            f"{names}</sheets></workbook>")
        links = "".join(f'<Relationship Id="r{i}" Target="worksheets/s{i}.xml"/>' for i in range(1, len(parts) + 1))
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{links}</Relationships>")
        for i, lines in enumerate(parts.values(), 1):
            archive.writestr(f"xl/worksheets/s{i}.xml", sheet(lines))


class InFolder(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)


class Counting(InFolder):
    def test_a_real_workbook_has_the_counts_that_its_readme_gives(self):
        code, printed = run("count", MARCH, "--json")
        found = json.loads(printed)
        self.assertEqual(code, 0)
        self.assertEqual((found["rows"], found["controls"], found["duplicates"]), (616, 325, []))
        self.assertEqual(found["flags"], {"Yes": 107, "Partial": 138, "No": 371, "empty": 0})
        self.assertEqual(found["statuses"], {"alternative-implementation": 9, "implemented": 588, "n-a": 31,
                                             "partially-implemented": 1})
        self.assertEqual((found["severalOriginations"], found["noOrigination"]), (129, 2))
        self.assertEqual(found["notApplicableByFlag"], {"No": 25, "Partial": 2, "Yes": 4})

    def test_two_real_workbooks_differ_in_thirteen_flags_and_twenty_one_texts(self):
        code, printed = run("diff", MARCH, JULY, "--json")
        found = json.loads(printed)
        self.assertEqual(code, 0)
        self.assertEqual({key: len(found[key]) for key in ("added", "removed", "flags", "texts", "statuses", "originations")},
                         {"added": 0, "removed": 0, "flags": 13, "texts": 21, "statuses": 0, "originations": 0})
        self.assertIn({"id": "AU-4", "item": "main", "from": "Partial", "to": "Yes"}, found["flags"])

    def test_a_workbook_does_not_differ_from_itself(self):
        found = json.loads(run("diff", MARCH, MARCH, "--json")[1])
        self.assertFalse(any(found[key] for key in ("added", "removed", "flags", "texts", "statuses", "originations")))

    def test_ids_are_read_in_every_spelling(self):
        for written, read in [("AC-02 (03) (a)", "AC-2(3)(a)"), ("AC-1 (c)", "AC-1(c)"), ("SC-10", "SC-10"),
                              ("Control ID", None), ("AC-", None), ("AC-2(3", None)]:
            self.assertEqual(workbook.control_id(written), read, written)

    def test_allocations_follow_the_flag_and_only_without_a_matrix_the_marks(self):
        for flag, statuses, marks, derived, expected in [
                ("Yes", set(), {"inherited"}, False, "supplier"), ("Yes", set(), {"inherited", "shared"}, False, "provider"),
                ("Yes", {"n-a"}, set(), False, "provider"), ("No", set(), {"sp-system"}, False, "customer"),
                ("Partial", set(), set(), False, "shared"), ("", {"n-a"}, {"sp-system"}, False, "not-applicable"),
                ("", set(), {"sp-system"}, False, "unallocated"), ("", set(), {"sp-system"}, True, "provider"),
                ("", set(), {"sp-system", "customer-provided"}, True, "shared"), ("", set(), {"shared"}, True, "shared"),
                ("", set(), {"customer-provided"}, True, "customer"), ("", set(), {"inherited"}, True, "supplier"),
                ("", set(), set(), True, "unallocated")]:
            row = {"flag": flag, "statuses": statuses, "originations": marks}
            self.assertEqual(workbook.allocation(row, derived), expected, (flag, statuses, marks, derived))

    def test_an_id_that_is_repeated_is_told_and_readings_are_no_text(self):
        path = self.folder / "book.xlsx"
        book(path, [["AC-01 (a)", "Yes", "甲"], ["AC-1(a)", "no", "乙"], ["AC-2", "", ""]],
             cis=[["AC-1(a)", "x", "", "", "X"], ["AC-2", "", "X"]])
        found = workbook.Matrix(path)
        self.assertEqual(found.duplicates, ["AC-1(a)"])
        self.assertEqual([(r["item"], r["flag"], r["text"], r["allocation"]) for r in found.rows],
                         [("main", "Yes", "甲", "supplier"), ("main~2", "No", "乙", "customer"),
                          ("main", "", "", "not-applicable")])

    def test_a_file_that_is_no_workbook_could_not_be_looked_at(self):
        path = self.folder / "not.xlsx"
        path.write_bytes(b"nothing")
        self.assertEqual(run("count", path)[0], 2)


class Comparing(InFolder):
    def matrix(self, change=lambda items: items, more=None):
        rows = workbook.Matrix(MARCH).rows
        items = [{"row": {"framework": "f", "controlId": row["id"], "itemKey": row["item"]}, "provider": row["allocation"],
                  "customerAction": {"en": row["text"]} if row["flag"] != "Yes" and row["text"] else {},
                  "providerStatement": {"en": row["text"]} if row["flag"] == "Yes" and row["text"] else {}} for row in rows]
        path = self.folder / "matrix.json"
        path.write_text(json.dumps({"items": change(items), "more": more}), encoding="utf-8")
        return path

    def test_a_matrix_that_says_the_same_holds(self):
        code, printed = run("compare", MARCH, self.matrix(), "--texts")
        self.assertEqual((code, printed.strip()), (0, "616 rows in the workbook, 616 in the matrix, 0 differences"))

    def test_another_allocation_a_missing_row_and_one_too_many_are_told(self):
        def change(items):
            items[3]["provider"] = {"heads": []}
            items[4]["row"]["controlId"] = "ZZ-1"
            return items

        code, printed = run("compare", MARCH, self.matrix(change), "--json")
        self.assertEqual(code, 1)
        self.assertEqual(sorted(d["is"] for d in json.loads(printed)["differences"]),
                         ["allocation", "only in the matrix", "only in the workbook"])

    def test_another_text_is_told_where_texts_are_compared(self):
        def change(items):
            items[0]["customerAction"] = {"ja": "別"}
            return items

        self.assertEqual(run("compare", MARCH, self.matrix(change))[0], 0)
        self.assertEqual(run("compare", MARCH, self.matrix(change), "--texts")[0], 1)

    def test_the_wrong_workbook_does_not_hold(self):
        code, printed = run("compare", JULY, self.matrix())
        self.assertEqual(code, 1)
        self.assertIn("13 differences", printed)

    def test_a_matrix_that_is_cut_or_prints_a_row_twice_is_not_compared(self):
        self.assertEqual(run("compare", MARCH, self.matrix(more="x"))[0], 2)
        self.assertEqual(run("compare", MARCH, self.matrix(lambda items: items + items[:1]))[0], 2)


def planted():
    """Every form by hand, not by the code under test: (name, needle, what lies in the file)."""
    text = TEXT.encode()
    yield "utf-8", TEXT, text
    yield "utf-16 little", TEXT, TEXT.encode("utf-16-le")
    yield "utf-16 big", TEXT, TEXT.encode("utf-16-be")
    yield "json", TEXT, json.dumps({"a": TEXT}).encode()
    yield "xml", TEXT, TEXT.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode()
    decomposed = "u\u0308"
    yield "nfd", TEXT, TEXT.replace("ü", decomposed).encode()
    hexed = "hex:" + BYTES.hex()
    yield "raw bytes", hexed, BYTES
    yield "uuid", hexed, b"42b05478-3a7e-570b-20fe-cad32b5075c2"
    yield "UUID", hexed, b"42B05478-3A7E-570B-20FE-CAD32B5075C2"
    yield "fingerprint", hexed, b"ikyf-i6b2-pzlq-wih6-zljs-wudv-yi"
    yield "base32", hexed, b"ikyfi6b2pzlqwih6zljswudvyi"
    for name, needle, data in (("text", TEXT, text), ("bytes", hexed, BYTES)):
        yield f"hex of {name}", needle, data.hex().encode()
        yield f"HEX of {name}", needle, data.hex().upper().encode()
        for shift in range(3):
            inner = b"\xfb\xff\xfe"[:shift] + data + b"\xff\xee\xdd"
            yield f"base64 of {name}, {shift} before", needle, base64.b64encode(inner)
            yield f"base64url of {name}, {shift} before", needle, base64.urlsafe_b64encode(inner)
        for shift in range(5):
            inner = b"\x01\x02\x03\x04"[:shift] + data + b"\xff"
            yield f"base32 of {name}, {shift} before", needle, base64.b32encode(inner).lower()
        yield f"gzip of {name}", needle, gzip.compress(b"before " * 9 + data)
        yield f"zlib of {name}", needle, zlib.compress(data)
        yield f"gzip in gzip of {name}", needle, b"x" + gzip.compress(b"y" + gzip.compress(data))
        yield f"cut gzip of {name}", needle, gzip.compress(data + bytes(range(256)) * 9)[:-40]
        broken = gzip.compress(data + bytes(i * i % 251 for i in range(9000)))
        yield f"gzip of {name}, broken behind it", needle, broken[:600] + bytes(90)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a", data)
        yield f"zip of {name}", needle, packed.getvalue()
        if shutil.which("zstd"):
            done = subprocess.run(["zstd", "-c"], input=b"before " * 9 + data, capture_output=True, check=True)
            yield f"zstd of {name}", needle, done.stdout + b"and something behind"
    long = "".join(chr(0x4E00 + i * 7 % 900) for i in range(60))
    yield "a long text over two pages", long, long.encode()[:90] + bytes(8) + long.encode()[90:]


class Searching(InFolder):
    def setUp(self):
        super().setUp()
        self.server, self.control = self.folder / "server" / "deep", self.folder / "control"
        self.server.mkdir(parents=True)
        self.control.mkdir()
        (self.server / "empty").write_bytes(b"")
        (self.server / "clean").write_bytes(bytes(range(256)) * 50 + "公開".encode())

    def needles(self, *lines):
        path = self.folder / "needles"
        path.write_text("# what must not be there\n\n" + "\n".join(lines) + "\n", encoding="utf-8")
        return path

    def search(self, *options):
        return run("search", self.server.parent, *options)

    def test_every_planted_form_is_found_and_its_place_told(self):
        for name, needle, data in planted():
            with self.subTest(name):
                (self.server / "planted").write_bytes(bytes(range(128, 137)) + data + b"\x00after")
                code, printed = self.search("--needles", self.needles(needle))
                self.assertEqual(code, 1, printed)
                self.assertIn("FOUND", printed)
                self.assertIn(str(self.server / "planted"), printed)

    def test_what_is_one_byte_another_is_not_found(self):
        for name, needle, data in planted():
            if name in ("utf-8", "raw bytes", "hex of bytes", "uuid"):
                with self.subTest(name):
                    at = len(data) // 2
                    (self.server / "planted").write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1:])
                    self.assertEqual(self.search("--needles", self.needles(needle))[0], 0)

    def test_the_offset_is_that_of_the_bytes(self):
        (self.server / "planted").write_bytes(b"12345" + BYTES)
        printed = json.loads(self.search("--needles", self.needles("hex:" + BYTES.hex()), "--json")[1])
        self.assertEqual([(hit["offset"], hit["form"]) for hit in printed["hits"]], [(5, "raw")])

    def test_among_many_needles_each_is_found_wherever_it_lies(self):
        """Also at the ends, and across what is looked at in one go."""
        wanted = [bytes([at]) * 3 + BYTES for at in range(12)]
        places = [0, 1, 2, 3, search.CHUNK - 1, search.CHUNK - len(BYTES), search.CHUNK, 2 * search.CHUNK - 2]
        for needle, place in zip(wanted, places):
            (self.server / f"planted-{place}").write_bytes(bytes(place) + needle)
        others = [bytes([200, at]) + BYTES for at in range(40)]
        needles = self.needles(*("hex:" + needle.hex() for needle in wanted + others))
        printed = json.loads(self.search("--needles", needles, "--json")[1])
        self.assertEqual(
            sorted((hit["offset"], hit["needle"]) for hit in printed["hits"]),
            sorted((place, "hex:" + needle.hex()) for needle, place in zip(wanted, places)))

    def test_a_name_of_a_file_or_folder_is_looked_at_too(self):
        for make in (lambda p: p.mkdir(), lambda p: p.write_bytes(b"")):
            place = self.server / f"log-{BYTES.hex()}"
            make(place)
            self.assertEqual(self.search("--needles", self.needles("hex:" + BYTES.hex()))[0], 1)
            place.rmdir() if place.is_dir() else place.unlink()

    def test_a_clean_folder_holds_where_the_control_finds_everything(self):
        (self.control / "store").write_bytes(TEXT.encode() + gzip.compress(BYTES))
        needles = self.needles("text:" + TEXT, "hex:" + BYTES.hex())
        code, printed = self.search("--needles", needles, "--must-find", self.control)
        self.assertEqual(code, 0, printed)
        self.assertIn("2 of 2 needles found", printed)

    def test_a_needle_that_the_control_lacks_fails(self):
        (self.control / "store").write_bytes(BYTES)
        code, printed = self.search("--needles", self.needles(TEXT, "hex:" + BYTES.hex()), "--must-find", self.control)
        self.assertEqual(code, 1)
        self.assertIn(f"NOT FOUND where it must be: {TEXT}", printed)

    def test_what_cannot_prove_anything_is_refused(self):
        self.assertEqual(self.search("--needles", self.needles("# nothing"))[0], 2)
        self.assertEqual(self.search("--needles", self.needles("ab"))[0], 2)
        self.assertEqual(run("search", self.folder / "absent", "--needles", self.needles(TEXT))[0], 2)
        (self.folder / "hollow").mkdir()
        self.assertEqual(run("search", self.folder / "hollow", "--needles", self.needles(TEXT))[0], 2)

    def test_encoded_letters_are_those_of_any_neighbourhood(self):
        for shift in range(3):
            letters = dict(forms.of_bytes(BYTES))[f"base64/{shift}"]
            for before, after in ((b"\x00\x00", b"\x00"), (b"\xff\xff", b"\xff")):
                self.assertIn(letters, base64.b64encode(before[:shift] + BYTES + after))


if __name__ == "__main__":
    unittest.main()
