"""Tests of tools/check_store.py on a store made of the vectors, whole and broken."""

import contextlib
import io
import json
import pathlib
import shutil
import sqlite3
import sys
import tempfile
import unittest
import unittest.mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import check_store  # noqa: E402
from reader.logs import Log  # noqa: E402
from reader.profile import encode  # noqa: E402

LOGS = json.loads((ROOT / "Protocol/Vectors/spaces.json").read_text(encoding="utf-8"))["logs"]
TABLES = """CREATE TABLE space (space_id); CREATE TABLE entry (space_id, pos, bytes);
CREATE TABLE payload (space_id, pos, bytes); CREATE TABLE record (space_id, record, state); CREATE TABLE outbox_record (record, space_id)"""


class CheckStore(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def store(self, name, logs=("service", "engagement", "draft"), size=None, change=""):
        """Writes a store of the vectors' logs up to a size, then changes it by SQL."""
        path = self.folder / name
        with contextlib.closing(sqlite3.connect(path)) as database, database:
            database.executescript(TABLES)
            for vector in (v for v in LOGS if v["name"] in logs):
                log, space = Log(), bytes.fromhex(vector["space"])
                database.execute("INSERT INTO space VALUES (?)", (space,))
                for position, entry in enumerate(vector["entries"][:size]):
                    data = bytes.fromhex(entry["hex"])
                    payload = bytes.fromhex(entry["payload"]) if entry["payload"] else None
                    log.append(data, payload)
                    database.execute("INSERT INTO entry VALUES (?, ?, ?)", (space, position, data))
                    if payload:
                        database.execute("INSERT INTO payload VALUES (?, ?, ?)", (space, position, payload))
                for record, held in log.records.records.items():
                    database.execute("INSERT INTO record VALUES (?, ?, ?)", (space, record, encode(held.state())))
            database.executescript(change)
        return path

    def matrix(self, state):
        path = self.folder / "matrix.json"
        path.write_text(json.dumps({"items": [{"id": "345cab42-64d0-856f-8df0-01032bf6e8c0", "state": state}]}))
        return path

    def run_on(self, *arguments):
        out = io.StringIO()
        with unittest.mock.patch.object(sys, "argv", ["check_store.py", *map(str, arguments)]), contextlib.redirect_stdout(out):
            return check_store.main(), out.getvalue()

    def test_a_store_that_holds_what_its_logs_give_has_no_faults(self):
        code, printed = self.run_on(self.store("a"))
        self.assertEqual(code, 0, printed)
        entries = sum(len(v["entries"]) for v in LOGS if v["name"] in ("service", "engagement", "draft"))
        self.assertIn(f"3 logs (1 sealed), {entries} entries, 2 records compared, 0 faults", printed)

    def test_one_changed_byte_of_an_entry_a_payload_or_a_state_is_a_fault(self):
        flip = "substr({0}, 1, length({0}) - 1) || x'00'"
        for number, (table, where) in enumerate([("entry", "bytes"), ("payload", "bytes"), ("record", "state")]):
            change = (f"UPDATE {table} SET {where} = CAST({flip.format(where)} AS BLOB) "
                      f"WHERE rowid = (SELECT max(rowid) FROM {table})")
            with self.subTest(table):
                self.assertEqual(self.run_on(self.store(f"s{number}", ("service",), change=change))[0], 1)

    def test_an_entry_or_a_record_left_out_is_a_fault(self):
        for number, change in enumerate(["DELETE FROM entry WHERE pos = 3", "DELETE FROM record", "DELETE FROM payload"]):
            with self.subTest(change):
                self.assertEqual(self.run_on(self.store(f"d{number}", change=change))[0], 1)

    def test_a_record_that_waits_to_be_sent_is_passed_over(self):
        change = "INSERT INTO outbox_record SELECT record, space_id FROM record; UPDATE record SET state = x'80'"
        self.assertEqual(self.run_on(self.store("u", change=change))[0], 0)

    def test_a_shorter_log_is_the_beginning_of_the_longer(self):
        code, printed = self.run_on(self.store("long"), self.store("short", size=5))
        self.assertEqual(code, 0, printed)
        self.assertIn("3 logs in two stores", printed)

    def test_a_store_without_entries_proves_nothing(self):
        self.assertEqual(self.run_on(self.store("empty", ()))[0], 1)

    def test_the_state_of_a_row_is_that_of_the_text(self):
        before = self.store("before", size=5)
        for state, code in (("disputed", 0), ("agreed", 1), ("open", 1)):
            self.assertEqual(self.run_on(before, "--matrix", self.matrix(state))[0], code, state)
        withdrawn = self.store("withdrawn", size=6)
        for state, code in (("open", 0), ("disputed", 1)):
            self.assertEqual(self.run_on(withdrawn, "--matrix", self.matrix(state))[0], code, state)


if __name__ == "__main__":
    unittest.main()
