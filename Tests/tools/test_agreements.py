"""Tests of how the independent reader takes agreements: a log of the vectors, an agreement over its row, two signatures."""

import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: E402

from reader import agreements, crypto, layouts, trees  # noqa: E402
from reader.logs import Log  # noqa: E402
from reader.profile import Refused, encode  # noqa: E402
from reader.records import covered  # noqa: E402

VECTORS = pathlib.Path(__file__).resolve().parents[2] / "Protocol/Vectors"
LOGS = {v["name"]: v for v in json.loads((VECTORS / "spaces.json").read_text(encoding="utf-8"))["logs"]}
KEYS = {k["name"]: k for k in json.loads((VECTORS / "keys.json").read_text(encoding="utf-8"))["ed25519"]}
ROW = bytes.fromhex("345cab4264d0856f8df001032bf6e8c0")
AGREEMENT = bytes.fromhex("019b76daa8007fffbfffffffffffff01")
RELEASE = bytes.fromhex("019b76daa8007fffbfffffffffffff04")
SIDES = {"provider": ("d367c909ac76049039bc8671b298c16d", 2), "customer": ("9c0ddf48226a3728f45ebe402b6a01a7", 3)}


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def sign(side, label, data):
    seed = bytes.fromhex(KEYS[f"{side} device"]["seed"])
    return Ed25519PrivateKey.from_private_bytes(seed).sign(crypto.purpose(label) + data)


class Agreements(unittest.TestCase):
    def setUp(self):
        self.logs = {}
        for name in ("service", "engagement"):
            log = Log()
            for entry in LOGS[name]["entries"][:6 if name == "service" else 5]:
                log.append(bytes.fromhex(entry["hex"]), bytes.fromhex(entry["payload"]) if entry["payload"] else None)
            self.logs[log.space] = log
            setattr(self, name, log)
        self.changes = 0

    def write(self, side, record, kind, fields, log=None):
        """A change of this side that creates a record, at the end of the log."""
        log, self.changes = log or self.engagement, self.changes + 1
        device, values = bytes.fromhex(KEYS[f"{side} device"]["public"]), [True, *fields.values()]
        payload = {1: bytes(16), 2: values}
        ops = [[field, None, []] for field in ("@life", *fields)]
        change = encode({1: 1, 2: log.space, 3: device, 4: bytes([self.changes]) * 16, 5: [log.epoch, log.size, log.root()],
                         6: 0, 7: 1, 8: [[], [[record, kind, ops]]], 9: trees.root(layouts.opened(payload)[0])})
        log.append(encode({1: 1, 2: 0, 3: change, 4: sign(side, "change", change)}), encode(payload))

    def digest(self):
        return covered(self.service.space, ROW, self.service.records.records[ROW].state()).hex()

    def release(self, *published):
        """Writes a release, and returns how an agreement names it."""
        text = compact(sorted(published))
        self.write("provider", RELEASE, "release", {"label": "1", "document": text}, self.service)
        return {"record": RELEASE.hex(), "digest": crypto.sha256(text.encode()).hex()}

    def document(self, **changes):
        state = self.service.records.records[ROW].state()
        cells = sorted(([field, element, heads[0][4]] for field, element, heads in state[3]
                        if field != "@life" and heads[0][4] is not None), key=encode)
        record = {"space": self.service.space.hex(), "record": ROW.hex(), "kind": "responsibility", "cells": cells,
                  "digest": self.digest()}
        if "release" not in changes:
            changes["release"] = self.release([ROW.hex(), "responsibility", self.digest()])
        return {"format": "buntan-agreement-1", "agreement": AGREEMENT.hex(), "engagement": self.engagement.space.hex(),
                "service": self.service.space.hex(), "provider": SIDES["provider"][0], "customer": SIDES["customer"][0],
                "validFrom": "2026-01-01", "validTo": None, "terms": {"reviewInterval": "P1Y", "timeZone": "Asia/Tokyo"},
                "scope": [{"space": self.service.space.hex(), "kind": "responsibility"}], "except": [],
                "records": [record], **changes}

    def propose(self, **changes):
        self.text = compact(self.document(**changes))
        self.write("provider", AGREEMENT, "agreement", {"document": self.text})

    def sign(self, side, by=None, size=None, **changes):
        organisation, number = bytes.fromhex(SIDES[side][0]), SIDES[side][1]
        size = self.engagement.size if size is None else size
        views = sorted(([log.space, 0, size if log is self.engagement else log.size,
                         log.root(size if log is self.engagement else log.size)] for log in self.logs.values()), key=encode)
        content = agreements.signed_content(self.text, organisation, "名", "", views)
        fields = {"agreement": AGREEMENT, "org": organisation, "device": bytes.fromhex(KEYS[f"{side} device"]["public"]),
                  "name": "名", "views": compact([[s.hex(), e, n, r.hex()] for s, e, n, r in views]),
                  "signature": sign(by or side, "agreement", content), **changes}
        self.write(side, AGREEMENT[:15] + bytes([number]), "agreement-signature", fields)

    def found(self):
        return list(agreements.check_agreements(self.engagement, self.logs))

    def refused(self, reason):
        with self.assertRaises(Refused) as caught:
            self.found()
        self.assertEqual(caught.exception.reason, reason)

    def test_both_signatures_hold_and_nothing_is_stale(self):
        self.propose()
        self.sign("provider")
        self.sign("customer")
        self.assertEqual(self.found(), [(AGREEMENT, "document", []),
                                        (AGREEMENT, "signature", bytes.fromhex(SIDES["provider"][0])),
                                        (AGREEMENT, "signature", bytes.fromhex(SIDES["customer"][0]))])

    def test_a_record_that_vanished_from_the_logs_is_told(self):
        self.propose()
        del self.service.records.records[ROW]
        self.assertEqual([len(stale) for _, _, stale in self.found()], [1])

    def test_a_value_that_was_printed_otherwise_does_not_give_its_digest(self):
        document = self.document()
        document["records"][0]["cells"][0][2] = "other"
        self.propose(records=document["records"])
        self.refused("bad_digest")

    def test_a_release_that_is_another_or_lacks_a_record_is_refused(self):
        good = self.release([ROW.hex(), "responsibility", self.digest()])
        self.propose(release={**good, "digest": "00" * 32})
        self.refused("bad_digest")

    def test_a_release_without_a_covered_record_is_refused(self):
        self.propose(release=self.release())
        self.refused("invalid")

    def test_a_release_that_is_not_there_is_refused(self):
        self.propose(release={"record": ROW.hex(), "digest": "00" * 32})
        self.refused("invalid")

    def test_a_deletion_takes_no_agreement_and_no_signature_back(self):
        self.propose()
        self.sign("customer")
        for log in self.logs.values():
            for record in log.records.records.values():
                if record.kind.startswith("agreement") or record.kind == "release":
                    record.cells = {("@life", None): {(bytes(16), 0): [9, 1, False]}}
        self.assertEqual([what for _, what, _ in self.found()], ["document", "signature"])

    def test_an_agreement_of_another_id_is_refused(self):
        self.propose(agreement=RELEASE.hex())
        self.refused("invalid")

    def test_a_document_about_other_parties_is_refused(self):
        self.propose(customer=SIDES["provider"][0])
        self.refused("invalid")

    def test_a_document_of_another_format_is_refused(self):
        self.propose(format="buntan-agreement-2")
        self.refused("unknownFormat")

    def test_a_signature_by_another_key_is_refused(self):
        self.propose()
        self.sign("customer", by="provider")
        self.refused("bad_signature")

    def test_a_name_other_than_the_one_signed_is_refused(self):
        self.propose()
        self.sign("customer", name="他")
        self.refused("bad_signature")

    def test_a_device_of_the_other_party_may_not_sign(self):
        self.propose()
        self.sign("customer")
        self.engagement.signing = {record: {} for record in self.engagement.signing}
        self.refused("no_right")

    def test_a_view_that_is_no_prefix_is_refused(self):
        self.propose()
        self.sign("customer")
        self.engagement.leaves[2] = bytes(32)
        self.refused("invalid")


if __name__ == "__main__":
    unittest.main()
