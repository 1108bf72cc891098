"""Tests of what the independent reader refuses as a release or as the document of an agreement (section 15)."""

import copy
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))

from reader import crypto, documents  # noqa: E402
from reader.profile import Refused, encode  # noqa: E402

VECTORS = pathlib.Path(__file__).resolve().parents[2] / "Protocol/Vectors"
AGREEMENTS = json.loads((VECTORS / "agreements.json").read_text(encoding="utf-8"))
RELEASE = json.loads(AGREEMENTS["releases"][0]["text"])


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


class Documents(unittest.TestCase):
    def setUp(self):
        self.whole, self.clause = (json.loads(entry["text"]) for entry in AGREEMENTS["documents"])
        self.service = self.whole["service"]

    def refused(self, reason, held):
        with self.assertRaises(Refused) as caught:
            documents.read_document(held if isinstance(held, str) else compact(held))
        self.assertEqual(caught.exception.reason, reason)

    def covering(self, cells, kind="responsibility", **changes):
        """The whole matrix with other cells of its row, or a record of another kind in its place, under the digest of these."""
        held = copy.deepcopy(self.whole)
        record = held["records"][2]
        record["kind"] = kind
        plain = sorted((documents.unprinted(cell) for cell in cells), key=encode)
        record["cells"] = sorted(cells, key=lambda cell: encode(documents.unprinted(cell)))
        named = [bytes.fromhex(record["space"]), bytes.fromhex(record["record"]), record["kind"], plain]
        record["digest"] = crypto.H("covered", encode(named)).hex()
        return {**held, **changes}

    def row(self):
        return copy.deepcopy(self.whole["records"][2]["cells"])

    def test_members_are_those_of_the_text_on_every_level(self):
        def parts(held):
            return [held, held["release"], held["terms"], held["scope"][1], held["records"][2]]

        for number in range(5):
            for reason, change in (("unknownKey", lambda part: part.update(another=1)),
                                   ("missingKey", lambda part: part.pop(next(k for k in part if k not in ("format", "keys"))))):
                held = copy.deepcopy(self.clause)
                change(parts(held)[number])
                with self.subTest(number=number, reason=reason):
                    self.refused(reason, held)

    def test_a_text_in_another_form_is_refused(self):
        self.refused("malformed", json.dumps(self.whole, ensure_ascii=False, sort_keys=True))
        self.refused("malformed", compact(self.whole).replace("東", "\\u6771"))
        self.refused("unknownFormat", [])
        self.refused("unknownFormat", {**self.whole, "format": "buntan-agreement-2"})

    def test_ids_are_hexadecimal_in_small_letters_of_their_length(self):
        self.refused("malformed", {**self.whole, "service": self.service.upper()})
        self.refused("wrongLength", {**self.whole, "provider": "00"})
        self.refused("invalid", {**self.whole, "agreement": self.service})

    def test_days_exist_and_terms_are_texts(self):
        for day in ("2026-02-30", "2026-2-3", 0):
            self.refused("malformed", {**self.whole, "validTo": day})
        self.refused("wrongType", {**self.whole, "terms": {"reviewInterval": 1, "timeZone": "Asia/Tokyo"}})

    def test_a_record_in_no_part_of_the_scope_is_refused(self):
        position, row = self.whole["scope"]
        self.refused("invalid", {**self.whole, "scope": [position]})
        self.refused("invalid", {**self.whole, "scope": [{**row, "space": position["space"]}, position]})
        self.refused("invalid", {**self.whole, "scope": []})

    def test_a_record_of_a_child_kind_is_in_the_part_of_its_kind_whatever_the_keys_of_that(self):
        position, row = self.whole["scope"]
        item, keys = [["interval", None, "P1D"]], [position, {**row, "keys": [["other"]]}]
        for kind in ("responsibility.items", "responsibility.items.parts"):
            documents.read_document(compact(self.covering(item, kind)))
            documents.read_document(compact(self.covering(item, kind, scope=keys)))
        for kind in ("responsibilities", "responsibilit.items", "responsibility-position.items", "items"):
            self.refused("invalid", self.covering(item, kind))

    def test_keys_are_beginnings_of_key_values_and_the_last_may_be_one_of_a_value(self):
        position, row = self.whole["scope"]
        for prefix in ([], ["iso"], ["iso27017-2015"], ["iso27017-2015", "12.3.1", "mai"]):
            documents.read_document(compact({**self.whole, "scope": [position, {**row, "keys": [["other"], prefix]}]}))
        for prefix in (["iso", "12.3.1"], ["iso27017-2015", "13."], ["iso27017-2015", "12.3.1", "main", ""]):
            self.refused("invalid", {**self.whole, "scope": [position, {**row, "keys": [prefix]}]})
        self.refused("invalid", {**self.whole, "scope": [position, {**row, "keys": []}]})

    def test_an_exception_is_not_among_the_records(self):
        self.refused("invalid", {**self.whole, "except": [self.whole["records"][2]["record"]]})

    def test_lists_are_sorted_and_distinct(self):
        for member in ("scope", "records"):
            self.refused("unsorted", {**self.whole, member: self.whole[member][::-1]})
            self.refused("unsorted", {**self.whole, member: self.whole[member] + self.whole[member][-1:]})
        self.refused("unsorted", {**self.whole, "except": ["ff" * 16, "00" * 16]})
        held = copy.deepcopy(self.whole)
        held["records"][2]["cells"].reverse()
        self.refused("unsorted", held)
        self.refused("unsorted", self.covering(self.row() + [["allocation", None, "provider"]]))

    def test_keys_come_before_none_and_kinds_by_their_bytes(self):
        part = self.whole["scope"][1]
        documents.read_document(compact({**self.whole, "scope": [self.whole["scope"][0], {**part, "keys": []}, part]}))
        self.refused("unsorted", {**self.whole, "scope": [self.whole["scope"][0], part, {**part, "keys": []}]})

    def test_cells_that_no_agreement_covers_are_refused(self):
        for cell in (["@life", None, True], ["topic", "en", None], ["foundStatuses", "planned", False]):
            with self.subTest(cell):
                self.refused("invalid", self.covering(self.row() + [cell]))
        documents.read_document(compact(self.covering(self.row() + [["derived", None, False]])))

    def test_a_cell_is_a_field_an_element_and_a_value(self):
        for cell in (["topic", "en"], ["topic", 1, "x"], ["topic", None, [1]], ["", None, 1], ["topic", None, 2**53]):
            with self.subTest(cell), self.assertRaises(Refused):
                documents.read_document(compact(self.covering(self.row() + [cell])))

    def test_a_digest_other_than_that_of_the_values_is_refused(self):
        held = copy.deepcopy(self.whole)
        held["records"][2]["digest"] = held["records"][1]["digest"]
        self.refused("bad_digest", held)

    def test_byte_strings_are_printed_in_one_form(self):
        self.assertEqual(documents.unprinted(["a", {"b": "00ff"}]), ["a", b"\x00\xff"])
        for wrong in ({"b": "00FF"}, {"c": "00"}, {"b": "00 ff"}, {"b": "00", "c": 1}, {"b": 0}):
            with self.subTest(wrong), self.assertRaises(Refused):
                documents.unprinted(wrong)


class Releases(unittest.TestCase):
    def refused(self, held):
        with self.assertRaises(Refused):
            documents.read_release(held if isinstance(held, str) else compact(held))

    def test_a_release_is_a_sorted_list_of_records_kinds_and_digests(self):
        other = ["00" * 16, *RELEASE[0][1:]]
        self.assertEqual(len(documents.read_release(compact([other, *RELEASE]))), 2)
        self.assertEqual(documents.read_release("[]"), [])
        for wrong in ([*RELEASE, other], RELEASE * 2, [RELEASE[0], [RELEASE[0][0], "z" * 20, RELEASE[0][2]]], {},
                      [RELEASE[0][:2]], [[*RELEASE[0], ""]], [[RELEASE[0][0], "", RELEASE[0][2]]], [RELEASE[0][::-1]],
                      json.dumps(RELEASE)):
            with self.subTest(wrong):
                self.refused(wrong)


if __name__ == "__main__":
    unittest.main()
