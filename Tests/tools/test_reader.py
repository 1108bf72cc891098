"""Tests of what the vectors do not exercise in the independent reader: weak keys, proofs of every size, merging."""

import itertools
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: E402

from reader import chains, crypto, logs, text, trees  # noqa: E402
from reader.merging_vectors import ops_of  # noqa: E402
from reader.profile import Refused, encode  # noqa: E402
from reader.records import Author, Record, Records, covered, natural_record, standing  # noqa: E402

SPACE, PROVIDER, OTHER = bytes(range(16)), b"p" * 16, b"o" * 16
DESK, LAPTOP = Author(1, PROVIDER, 1), Author(3, PROVIDER, 1)
KEY = ["iso27017-2015", "12.3.1", "main"]
ROW = natural_record(SPACE, "responsibility", KEY)
CREATION = [("@life", None, True), *zip(("framework", "controlId", "itemKey"), (None,) * 3, KEY)]


def vectors(name):
    path = pathlib.Path(__file__).resolve().parents[2] / f"Protocol/Vectors/{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))


class WeakKeys(unittest.TestCase):
    small = ["01" + "00" * 31, "ec" + "ff" * 30 + "7f", "00" * 32, "00" * 31 + "80",
             "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
             "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
             "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
             "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"]
    in_another_form = ["ee" + "ff" * 30 + "7f", "ed" + "ff" * 30 + "7f", "ed" + "ff" * 31, "01" + "00" * 30 + "80"]

    def test_every_point_of_small_order_is_refused_in_every_form(self):
        for key in self.small + self.in_another_form:
            with self.subTest(key), self.assertRaises(Refused):
                crypto.refuse_weak(bytes.fromhex(key))

    def test_what_is_no_point_is_refused(self):
        with self.assertRaises(Refused):
            crypto.refuse_weak(b"\x02" + bytes(31))

    def test_other_keys_are_taken(self):
        for seed in range(20):
            crypto.refuse_weak(crypto.ed25519_public(bytes([seed]) * 32))

    def test_a_first_root_that_anybody_signs_under_begins_no_chain(self):
        root = bytes.fromhex(self.small[0])
        organisation, device, sealing = crypto.H("org", root)[:16], Ed25519PrivateKey.from_private_bytes(bytes(32)), b"k" * 32
        public = crypto.raw(device.public_key())
        proof = device.sign(crypto.purpose("enrol") + encode([organisation, public, sealing]))
        statement = encode({1: 1, 2: organisation, 3: None, 4: 1, 5: None, 6: root, 7: 1,
                            8: {1: public, 2: sealing, 3: 15, 4: "", 5: proof}, 9: 0})
        crypto.verify(root, "statement", statement, root + bytes(32))
        with self.assertRaises(Refused) as caught:
            chains.Chain(organisation).append(statement, root + bytes(32))
        self.assertEqual(caught.exception.reason, "weak_key")


class Chains(unittest.TestCase):
    """What an organisation may not say of itself, though its signature is good."""

    def setUp(self):
        self.keys = {name: Ed25519PrivateKey.from_private_bytes(crypto.sha256(name.encode()))
                     for name in ("root", "next", "help", "desk")}
        self.public = {name: crypto.raw(key.public_key()) for name, key in self.keys.items()}
        self.chain = chains.Chain(crypto.H("org", self.public["root"])[:16])
        self.enrol("desk", b"k" * 32)

    def say(self, kind, arguments, by="root"):
        links = self.chain.links
        statement = encode({1: 1, 2: self.chain.organisation, 3: None, 4: links.number + 1, 5: links.last, 6: self.public[by],
                            7: kind, 8: arguments, 9: 0})
        self.chain.append(statement, self.keys[by].sign(crypto.purpose("statement") + statement))

    def enrol(self, name, sealing):
        proof = self.keys[name].sign(crypto.purpose("enrol") + encode([self.chain.organisation, self.public[name], sealing]))
        self.say(1, {1: self.public[name], 2: sealing, 3: 15, 4: "", 5: proof})

    def give(self, kind, name, by):
        proof = self.keys[name].sign(crypto.purpose("root") + encode([self.chain.organisation, self.public[name]]))
        self.say(kind, {1: self.public[name], 2: proof}, by)

    def refused(self, reason, rule, *arguments):
        with self.assertRaises(Refused) as caught:
            rule(*arguments)
        self.assertIn(reason, str(caught.exception))

    def test_a_sealing_key_of_small_order(self):
        for key in (bytes(32), b"\1" + bytes(31), b"\xec" + b"\xff" * 30 + b"\x7f", bytes(31) + b"\x80"):
            self.refused("weak_key", self.enrol, "next", key)

    def test_a_key_that_is_the_root_or_the_recovery_key_already(self):
        self.give(5, "help", "root")
        for kind, name, by in ((4, "root", "help"), (4, "help", "root"), (5, "help", "help"), (5, "root", "help")):
            self.refused("same_key", self.give, kind, name, by)
        self.give(4, "next", "root")
        self.give(5, "root", "help")

    def test_a_mark_is_another_than_before(self):
        device = self.public["desk"]
        self.say(2, {1: device})
        self.refused("device_revoked", self.say, 2, {1: device})
        self.say(2, {1: device, 2: 5})
        self.refused("device_revoked", self.say, 2, {1: device, 2: 5})
        self.say(2, {1: device, 2: 6})


class ServerStatements(unittest.TestCase):
    """What the vectors' logs have none of, behind the service's."""

    def setUp(self):
        self.log = logs.Log()
        service = next(each for each in vectors("spaces")["logs"] if each["name"] == "service")
        for entry in service["entries"]:
            self.log.append(bytes.fromhex(entry["hex"]), entry["payload"] and bytes.fromhex(entry["payload"]))
        seeds = {key["public"]: bytes.fromhex(key["seed"]) for key in vectors("keys")["ed25519"]}
        self.key = Ed25519PrivateKey.from_private_bytes(seeds[service["logKey"]])

    def say(self, kind, arguments, key=None):
        statement = encode({1: 1, 2: self.log.space, 3: kind, 4: arguments})
        signature = (key or self.key).sign(crypto.purpose("server") + statement)
        self.log.append(encode({1: 3, 2: 0, 3: statement, 4: signature}), None)

    def test_a_legal_order_takes_values_and_leaves_server_and_key(self):
        (cid, index), *_ = self.log.records.ops
        before = self.log.server, self.log.log_key
        held = self.log.records.records[self.log.records.ops[(cid, index)][0]]
        values = encode(held.state())
        self.say(4, {1: [[cid, [index]]], 2: "order 1"})
        self.assertEqual((self.log.server, self.log.log_key), before)
        self.assertNotEqual(encode(held.state()), values)

    def test_an_epoch_may_have_any_later_number(self):
        for ended in (4, 5):
            self.say(1, {1: ended, 2: self.log.size, 3: self.log.root()})
            self.assertEqual(self.log.epoch, ended + 1)
        with self.assertRaises(Refused):
            self.say(1, {1: 5, 2: self.log.size, 3: self.log.root()})

    def test_a_key_is_another_than_before(self):
        with self.assertRaises(Refused):
            self.say(2, {1: self.log.log_key})
        other = Ed25519PrivateKey.from_private_bytes(bytes(32))
        self.say(2, {1: crypto.raw(other.public_key())})
        with self.assertRaises(Refused):
            self.say(3, {1: "sync.example.jp", 2: self.log.log_key})
        self.say(3, {1: "sync.example.jp", 2: self.log.log_key}, other)


class Proofs(unittest.TestCase):
    def path(self, leaves, index):
        """By the definition of RFC 6962 section 2.1.1, the other way round than the reader goes."""
        if len(leaves) == 1:
            return []
        split = 1
        while split * 2 < len(leaves):
            split *= 2
        if index < split:
            return self.path(leaves[:split], index) + [trees.root(leaves[split:])]
        return self.path(leaves[split:], index - split) + [trees.root(leaves[:split])]

    def test_each_leaf_of_each_small_tree_is_included_and_no_other(self):
        for size in range(1, 18):
            leaves = [trees.leaf(bytes([i])) for i in range(size)]
            for index in range(size):
                path = self.path(leaves, index)
                self.assertEqual(trees.root_by_path(leaves[index], index, size, path), trees.root(leaves))
                self.assertNotEqual(trees.root_by_path(trees.leaf(b"x"), index, size, path), trees.root(leaves))
                with self.assertRaises(Refused):
                    trees.root_by_path(leaves[index], index, size, path + [bytes(32)])
                with self.assertRaises(Refused):
                    trees.root_by_path(leaves[index], size, size, path)

    def grown(self, old, leaves, whole=True):
        """By the definition of RFC 6962 section 2.1.2."""
        if old == len(leaves):
            return [] if whole else [trees.root(leaves)]
        split = 1
        while split * 2 < len(leaves):
            split *= 2
        if old <= split:
            return self.grown(old, leaves[:split], whole) + [trees.root(leaves[split:])]
        return self.grown(old - split, leaves[split:], False) + [trees.root(leaves[:split])]

    def test_each_small_tree_is_the_beginning_of_each_larger_and_no_other_is(self):
        for size in range(1, 18):
            leaves = [trees.leaf(bytes([i])) for i in range(size)]
            for old in range(1, size + 1):
                path, roots = self.grown(old, leaves), (trees.root(leaves[:old]), trees.root(leaves))
                trees.check_consistency(old, roots[0], size, roots[1], path)
                broken = [(old, bytes(32), size, roots[1], path), (old, roots[0], size, bytes(32), path),
                          (old, roots[0], size, roots[1], path + [bytes(32)]), (0, trees.root([]), size, roots[1], path),
                          (size + 1, roots[0], size, roots[1], path)]
                broken += [(old, roots[0], size, roots[1], path[:at] + path[at + 1:]) for at in range(len(path))]
                broken += [(old, roots[0], size, roots[1], path[:at] + [bytes(32)] + path[at + 1:]) for at in range(len(path))]
                for proof in broken:
                    with self.assertRaises(Refused):
                        trees.check_consistency(*proof)


class Merging(unittest.TestCase):
    def setUp(self):
        self.records, self.position = Records(SPACE, 1), 4
        self.change("creation", [(f, e, [], v) for f, e, v in CREATION] + [("allocation", None, [], "provider")])

    def change(self, name, ops, author=DESK, size=4, kind="responsibility"):
        """Applies ops (field, element, predecessors as (name, index), value) at the next position."""
        cids = sorted({self.cid(of) for _, _, named, _ in ops for of, _ in named})
        listed = [[f, e, [[cids.index(self.cid(of)), i] for of, i in named]] for f, e, named, _ in ops]
        edits = [cids, [[ROW, kind, listed]]]
        self.records.apply(self.cid(name), size, edits, [v for *_, v in ops], author, self.position)
        self.position += 1

    @staticmethod
    def cid(name):
        return name.encode().ljust(16, b".")

    def record(self):
        return self.records.records[ROW]

    def values(self, field):
        return sorted(head[2] for head in self.record().cells[field, None].values())

    def digest(self):
        return covered(SPACE, ROW, self.record().state())

    def refused(self, reason, *arguments, **named):
        with self.assertRaises(Refused) as caught:
            self.change(*arguments, **named)
        self.assertEqual(caught.exception.reason, reason)

    def test_concurrent_values_stand_side_by_side_until_one_names_both(self):
        self.change("desk", [("allocation", None, [("creation", 4)], "shared")], size=5)
        self.change("laptop", [("allocation", None, [("creation", 4)], "customer")], LAPTOP, size=5)
        self.assertEqual(self.values("allocation"), ["customer", "shared"])
        self.assertIsNone(self.digest())
        self.change("choice", [("allocation", None, [("desk", 0), ("laptop", 0)], "shared")], size=7)
        self.assertEqual(self.values("allocation"), ["shared"])
        self.assertIsNotNone(self.digest())

    def test_an_end_of_life_removes_the_heads_it_names_and_no_others(self):
        self.change("edit", [("topic", "en", [], "backup")], LAPTOP, size=5)
        self.change("end", [("@life", None, [("creation", i) for i in range(5)], False)], size=5)
        left = {cell for cell, heads in self.record().cells.items() if heads}
        self.assertEqual(left, {("@life", None), ("topic", "en")})
        self.assertIsNone(self.digest())

    def test_an_unseen_head_elsewhere_sets_the_seam_and_a_base_behind_it_clears_it(self):
        self.change("edit", [("topic", "en", [], "backup")], LAPTOP, size=5)
        self.change("blind", [("allocation", None, [("creation", 4)], "shared")], size=5)
        self.assertEqual(self.record().seam, 6)
        self.change("half", [("allocation", None, [("blind", 0)], "customer")], size=6)
        self.assertEqual(self.record().seam, 6)
        self.change("seeing", [("allocation", None, [("half", 0)], "shared")], size=8)
        self.assertIsNone(self.record().seam)

    def test_a_head_of_the_same_device_is_never_unseen(self):
        self.change("edit", [("topic", "en", [], "backup")], size=5)
        self.change("blind", [("allocation", None, [("creation", 4)], "shared")], size=5)
        self.assertIsNone(self.record().seam)

    def test_a_key_field_may_be_written_again_with_its_first_value_only(self):
        self.change("again", [(f, e, [], v) for f, e, v in CREATION], LAPTOP)
        self.refused("invalid", "other", [("controlId", None, [], "12.3.2")])

    def test_what_the_registry_does_not_have_is_refused(self):
        self.refused("schema_unknown", "a", [("unheard", None, [], "x")])
        self.refused("invalid", "b", [("allocation", None, [], "everybody")])
        self.refused("invalid", "c", [("allocation", "en", [], "shared")])
        self.refused("invalid", "d", [("topic", "fr", [], "sauvegarde")])
        self.refused("invalid", "e", [("foundStatuses", "implemented", [], "yes")])
        self.refused("invalid", "f", [("lastReviewedOn", None, [], "2026-02-30")])

    def test_another_organisation_writes_nothing_and_unseen_ops_are_not_named(self):
        self.refused("not_owner", "a", [("topic", "en", [], "x")], Author(9, OTHER, 1))
        self.refused("unknown_pred", "b", [("allocation", None, [("nobody", 0)], "shared")])
        self.refused("unknown_pred", "c", [("allocation", None, [("creation", 4)], "shared")], LAPTOP, size=4)
        self.refused("invalid", "d", [("allocation", None, [("creation", 1)], "shared")], size=5)

    def test_an_op_of_the_same_change_is_no_predecessor(self):
        self.refused("unknown_pred", "a", [("topic", "en", [], "x"), ("@life", None, [("a", 0)], True)])

    def test_two_ends_of_life_are_one_and_life_is_never_empty(self):
        every = [("creation", i) for i in range(5)]
        self.change("end", [("@life", None, every, False)], size=5)
        self.change("other end", [("@life", None, every, False)], LAPTOP, size=5)
        self.assertEqual(standing(self.record().state()), "deleted")
        self.refused("invalid", "empty", [("@life", None, [("end", 0), ("other end", 0)], None)], size=7)

    def test_a_record_is_created_alive_under_the_id_of_its_key(self):
        self.records = Records(SPACE, 1)
        self.refused("unknown_record", "a", [("topic", "en", [], "x")])
        wrong = [(f, e, [], "12.3.2" if f == "controlId" else v) for f, e, v in CREATION]
        self.refused("invalid", "b", wrong)

    def test_an_erased_value_equals_no_other(self):
        self.assertIsNotNone(self.digest())
        self.records.erase([(self.cid("creation"), [4])])
        self.assertIsNone(self.digest())
        self.assertEqual([len(h) for c in self.record().state()[3] if c[0] == "allocation" for h in c[2]], [4])

    def test_cells_come_in_the_order_of_their_bytes(self):
        cells = [encode(cell[:2]) for cell in self.record().state()[3]]
        self.assertEqual(cells, sorted(cells))


class Types(unittest.TestCase):
    """Texts in the one form that their type has (section 12)."""

    forms = {
        "dateTime": ("2026-03-31T09:12:00Z 2024-02-29T00:00:00.5Z 2026-03-31T09:12:00.123456789Z",
                     "2026-03-31 2026-03-31T09:12Z 2026-03-31T09:12:00 2026-03-31T09:12:00+09:00 2026-03-31t09:12:00z "
                     "2026-02-29T00:00:00Z 2026-03-31T24:00:00Z 2026-03-31T09:12:60Z 2026-03-31T09:12:00.50Z 2026-03-31T09:12:00.Z "
                     "2026-03-31T09:12:00.1234567891Z"),
        "duration": ("P1D PT4H P1DT12H P7Y P30D P2W P1Y2M3DT4H5M6S P0D PT0S PT9999999999S",
                     "P PT P1DT 1D P1 PT1D P1H P01D P1Y0D P0Y0D P1W1D P1D1M P1D1D P1.5D p1d PT10000000000S P1DT1H1D"),
        "decimal": ("0 1 -1 10 0.5 -0.25 99.95 " + "9" * 64, "-0 +1 01 1.0 1. .5 1e3 1,5 -0.0 " + "9" * 65),
        "code": ("A.12.3.1 aes-256 ! ~ " + "c" * 64, "a,b é " + "c" * 65),
        "country": ("JP ZZ", "jp JPN J"),
    }

    def test_each_type_has_one_form(self):
        for kind, (taken, refused) in self.forms.items():
            for wanted, texts in ((True, taken.split(" ")), (False, [*refused.split(" "), "", " ", "\n"])):
                for value in texts:
                    with self.subTest(kind=kind, value=value):
                        self.assertIs(text.fits_type(kind, [], value), wanted)
                        self.assertIs(text.fits_type(kind, [], value + "\n"), False)

    def test_every_type_that_the_registry_names_is_known(self):
        """A type that the reader does not know fits no value: it would call good entries wrong."""
        known = {*self.forms, *text.BYTES_OF, "int", "bool", "enum", "date", "document", "string", "text"}
        named = {field.type for kind in text.KINDS.values() for field in kind.fields.values()}
        self.assertLessEqual(named, known)
        self.assertLessEqual(set(self.forms), named | {"decimal"})


class Order(unittest.TestCase):
    def test_the_heads_are_those_of_the_set_of_changes_in_whatever_order_they_come(self):
        others = 0
        for fold in vectors("merging")["folds"]:
            orders = [order for order in itertools.permutations(fold["steps"]) if self.follows(order)]
            self.assertEqual(len({self.heads(fold["kind"], order) for order in orders}), 1, fold["name"])
            others += len(orders) - 1
        self.assertGreater(others, 0)

    @staticmethod
    def follows(order):
        """Whether each change follows those it names."""
        return all(predecessor["change"] in [earlier["change"] for earlier in order[:at]]
                   for at, step in enumerate(order) for op in step["ops"] for predecessor in op["predecessors"])

    @staticmethod
    def heads(kind, order):
        records, record = Records(SPACE, 1), Record(kind, PROVIDER)
        for step in order:
            records.fold(ROW, record, list(ops_of(step)), step["baseSize"], step["author"], step["position"])
        return encode(record.state()[3])


if __name__ == "__main__":
    unittest.main()
