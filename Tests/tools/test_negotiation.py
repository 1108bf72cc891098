"""Tests of the states of rows that the vectors do not hold, and of rows found through their positions (section 14)."""

import pathlib
import sys
import types
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))

from reader import negotiation  # noqa: E402
from reader.layouts import ERASED  # noqa: E402
from reader.records import Record, covered, natural_record  # noqa: E402

SERVICE, ENGAGEMENT, OWNER = b"s" * 16, b"e" * 16, b"o" * 16
KEY = ["iso27017-2015", "12.3.1", "main"]
ROW = natural_record(SERVICE, "responsibility", KEY)
SIDES = {side: natural_record(ENGAGEMENT, "responsibility-position", [*KEY, side]) for side in ("provider", "customer")}


class Negotiation(unittest.TestCase):
    def setUp(self):
        self.rows, self.positions = {}, {}
        self.row(allocation="shared")

    def put(self, records, record_id, kind, key, fields):
        record = records[record_id] = Record(kind, OWNER)
        given = {"@life": True, **dict(zip((*negotiation.KEY, "side"), key)), **fields}
        for number, (field, value) in enumerate(given.items()):
            cell = field if isinstance(field, tuple) else (field, None)
            record.cells[cell] = {(bytes(16), number): [20, 1, value]}
        return record

    def row(self, **fields):
        return self.put(self.rows, ROW, "responsibility", KEY, fields)

    def position(self, side, others=(), **fields):
        return self.put(self.positions, SIDES[side], "responsibility-position", [*KEY, side], {**fields, **dict(others)})

    def conflict(self, record, cell, value):
        record.cells[cell][b"c" * 16, 0] = [21, 2, value]

    def end(self, record, *left):
        """Ends a record's life; these cells were edited elsewhere."""
        record.cells = {cell: record.cells[cell] for cell in left}
        record.cells["@life", None] = {(b"d" * 16, 0): [22, 1, False]}

    def states(self):
        logs = (types.SimpleNamespace(space=space, records=types.SimpleNamespace(records=records))
                for space, records in ((SERVICE, self.rows), (ENGAGEMENT, self.positions)))
        return negotiation.row_states(*logs)

    def state(self):
        found = self.states()
        self.assertEqual(set(found), {ROW})
        return found[ROW]

    def read(self, *sides):
        """What a customer that read the row and these sides' positions writes."""
        row = covered(SERVICE, ROW, self.rows[ROW].state()) if ROW in self.rows else None
        read = [covered(ENGAGEMENT, SIDES[side], self.positions[SIDES[side]].state()) for side in sides]
        return negotiation._accepts(row, *read or [None])

    def test_a_deleted_row_with_a_position_is_unpublished_and_without_one_no_row(self):
        self.end(self.rows[ROW])
        self.assertEqual(self.states(), {})
        self.position("customer", allocation="shared")
        self.assertEqual(self.state(), "unpublished")
        self.end(self.positions[SIDES["customer"]])
        self.assertEqual(self.states(), {})

    def test_the_provider_may_hold_an_allocation_without_a_row(self):
        self.rows.clear()
        self.position("provider", allocation="shared")
        self.assertEqual(self.state(), "open")
        self.position("customer", allocation="customer")
        self.assertEqual(self.state(), "disputed")
        self.position("customer", allocation="shared", accepts=negotiation._accepts(None, None))
        self.assertEqual(self.state(), "agreed")
        self.position("provider", allocation=None)
        self.assertEqual(self.state(), "unpublished")

    def test_what_both_sides_leave_to_nobody_is_open(self):
        self.row(allocation="unallocated")
        self.position("customer", allocation="unallocated", accepts=self.read())
        self.assertEqual(self.state(), "open")
        self.position("provider", allocation="shared")
        self.assertEqual(self.state(), "disputed")

    def test_a_row_without_an_allocation_is_there(self):
        self.row(allocation=None)
        self.assertEqual(self.state(), "open")
        self.position("customer", allocation="shared")
        self.assertEqual(self.state(), "disputed")

    def test_a_record_contested_or_edited_after_its_end_is_unsettled(self):
        self.position("customer", allocation="shared")
        self.position("provider", allocation="shared")
        for records, record_id in ((self.rows, ROW), *((self.positions, SIDES[side]) for side in SIDES)):
            held = records[record_id]
            cells = dict(held.cells)
            self.end(held, ("allocation", None))
            self.assertEqual(self.state(), "unsettled")
            held.cells = {**cells, ("@life", None): dict(cells["@life", None])}
            self.conflict(held, ("@life", None), False)
            self.assertEqual(self.state(), "unsettled")
            held.cells = cells

    def test_a_row_that_lost_its_key_is_unsettled_without_any_position(self):
        self.end(self.rows[ROW], ("allocation", None))
        self.assertEqual(self.state(), "unsettled")

    def test_an_erased_value_is_a_conflict(self):
        self.position("customer", allocation="shared", accepts=self.read())
        self.assertEqual(self.state(), "agreed")
        next(iter(self.rows[ROW].cells["allocation", None].values()))[2] = ERASED
        self.assertEqual(self.state(), "unsettled")

    def test_a_deleted_position_of_the_provider_counts_as_missing(self):
        self.end(self.position("provider", allocation="customer"))
        self.position("customer", allocation="shared", accepts=self.read())
        self.assertEqual(self.state(), "agreed")

    def test_a_position_without_words_may_have_been_read_or_not(self):
        for cell, wordless in ((("boundaryNote", "en"), True), (("responsible", b"r" * 16), True), (("canFulfil", None), False)):
            value = {"boundaryNote": None, "responsible": False, "canFulfil": "yes"}[cell[0]]
            self.position("provider", allocation="shared", others={cell: value})
            self.position("customer", allocation="shared", accepts=self.read("provider"))
            self.assertEqual(self.state(), "agreed")
            self.position("customer", allocation="shared", accepts=self.read())
            self.assertEqual(self.state(), "agreed" if wordless else "reworded", cell)

    def test_what_can_be_accepted_must_be_readable(self):
        row = negotiation.Held(SERVICE, ROW, self.rows[ROW].state())
        self.assertEqual(negotiation.accepts(row, negotiation.MISSING), self.read())
        self.conflict(self.rows[ROW], ("allocation", None), "customer")
        self.assertIsNone(negotiation.accepts(negotiation.Held(SERVICE, ROW, self.rows[ROW].state()), negotiation.MISSING))


if __name__ == "__main__":
    unittest.main()
