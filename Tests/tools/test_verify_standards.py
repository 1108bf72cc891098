"""Tests of the functions of tools/verify.py and signed_log.py against what others have published, C2SP and the RFCs, and against Protocol/Vectors."""

import base64
import hashlib
import json
import pathlib
import sys
import unittest

import cbor2

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools")]

import signed_log  # noqa: E402
import verify  # noqa: E402

# The example of https://c2sp.org/signed-note.
NOTE = """\
Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

\u2014 quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
"""

# The example of https://c2sp.org/tlog-checkpoint.
CHECKPOINT = """\
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
"""

# The example of https://c2sp.org/tlog-proof, up to its checkpoint, whose signatures are abridged there.
PROOF = """\
c2sp.org/tlog-proof@v1
extra YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6kYXJ3aW4tYXJ
index 73894
gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=
EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=
RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=
AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=

"""

# The example of golang.org/x/mod/sumdb/note, from which signed-note comes: here the key is known.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_NOTE = """\
If you think cryptography is the answer to your problem,
then you don't know what your problem is.

\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""

# RFC 8032 section 7.1: TEST 1, TEST 2, TEST 3 and TEST SHA(abc), as public key, message and signature.
ED25519 = [
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
    ("ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704")]

# The tree that implementations of RFC 6962 have been tested with from the beginning: its leaves, the roots of its first 1, 2, …
# leaves, inclusion proofs as (index, size, hashes), and consistency proofs as (old, new, hashes).
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
         "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
         "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"]
N10, N11, N12 = ROOTS[1], "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", \
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
N13, N21 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0", \
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
L1, L4 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7", \
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
INCLUSION = [(0, 1, []), (0, 8, [L1, N11, N21]), (5, 8, [L4, N13, ROOTS[3]]), (2, 3, [N10]), (1, 5, [ROOTS[0], N11, L4])]
CONSISTENCY = [(1, 1, []), (1, 8, [L1, N11, N21]), (6, 8, [N12, N13, ROOTS[3]]), (2, 5, [N11, L4])]


def vectors(name):
    return json.loads((ROOT / "Protocol/Vectors" / f"{name}.json").read_text())


def raw(texts):
    return [bytes.fromhex(text) for text in texts]


def profile(depth=0):
    """The form of any item of the profile, less deep the further in."""
    inner = () if depth == 8 else (lambda v: isinstance(v, list) and signed_log.misfit(v, [profile(depth + 1), ...]) is None,
                                   lambda v: isinstance(v, dict) and all(type(key) is int for key in v)
                                   and all(signed_log.misfit(part, profile(depth + 1)) is None for part in v.values()))
    return (None, True, False, signed_log.TIME, lambda v: type(v) in (str, bytes), *inner)


class Published(unittest.TestCase):
    def test_a_note_of_c2sp_is_read(self):
        text, [(name, signature)] = signed_log.note(NOTE.encode(), "note")
        self.assertEqual(text, NOTE[:NOTE.index("\n\n\u2014") + 1])         # the empty line within belongs to the text
        self.assertEqual((name, len(signature), signature[:4].hex()), ("quasimodo.example/salvatore", 68, "367ba04b"))

    def test_a_checkpoint_of_c2sp_is_read(self):
        point = signed_log.checkpoint(CHECKPOINT.encode(), "checkpoint")
        self.assertEqual((point.origin, point.size), ("example.com/behind-the-sofa", 20852163))
        self.assertEqual(base64.b64encode(point.root).decode(), CHECKPOINT.splitlines()[2])
        self.assertEqual([name for name, _ in point.signatures], ["example.com/behind-the-sofa"])
        self.assertFalse(signed_log.vouched(point, point.origin, bytes.fromhex(ED25519[0][0])))

    def test_a_proof_of_c2sp_is_read_without_its_extra_line(self):
        """Evidence has none (§7): what belongs to a proof but is not authenticated would give one archive many forms."""
        point = signed_log.checkpoint(CHECKPOINT.encode(), "checkpoint")
        lines = PROOF.splitlines(keepends=True)
        hashes = signed_log.proof("".join(lines[:1] + lines[2:]).encode() + point.raw, 73894, point)
        self.assertEqual([base64.b64encode(each).decode() + "\n" for each in hashes], lines[3:8])
        with self.assertRaises(signed_log.Wrong):
            signed_log.proof(PROOF.encode() + point.raw, 73894, point)

    def test_a_signed_note_verifies_under_its_key(self):
        name, mark, key = NEUMANN.split("+", 2)
        key = base64.b64decode(key)
        self.assertEqual(hashlib.sha256(name.encode() + b"\n" + key).digest()[:4].hex(), mark)
        text, [(by, signature)] = signed_log.note(NEUMANN_NOTE.encode(), "note")
        self.assertEqual((by, signature[:4].hex()), (name, mark))
        self.assertTrue(signed_log.ed25519(key[1:], signature[4:], text.encode()))
        self.assertFalse(signed_log.ed25519(key[1:], signature[4:], text.encode() + b"\n"))

    def test_what_is_no_note(self):
        end = NOTE[NOTE.index("\u2014"):]
        for text in ("", "\n", end, "text\n" + end, NOTE[:-1], NOTE + "\n", NOTE + "more\n", NOTE.replace("sera", "se\tra"),
                     NOTE.replace("sera", "se\rra"), NOTE.replace("/salvatore", "+salvatore"), NOTE.replace("/salvatore", "\u2028x"),
                     NOTE.replace("quasimodo.example/salvatore", ""), NOTE.replace("NtIc=", "NtId="), NOTE.replace("NtIc=", "NtIc"),
                     NOTE.replace("\u2014 ", "- "), NOTE.replace("\u2014 ", "\u2014  "), "text\n\n\u2014 name AAAA\n",
                     "text\n\n\u2014 name AAAAAA==\n", "text\n\n\u2014 na\x01me AAAAAAAA\n"):
            with self.assertRaises(signed_log.Wrong, msg=text):
                signed_log.note(text.encode(), "note")
        with self.assertRaises(signed_log.Wrong):
            signed_log.note(NOTE.encode().replace(b"sera", b"se\xffra"), "note")
        with self.assertRaises(signed_log.Wrong):
            signed_log.note(NOTE.encode().replace(b"quasimodo.example", b"quasimodo\xffexample"), "note")

    def test_what_is_no_checkpoint(self):
        for old, new in (("20852163", "020852163"), ("20852163", "-1"), ("20852163", ""), ("20852163", "1e6"), ("example.com/behind-the-sofa\n", "\n"),
                         ("q2I=\n", "q2I=\nmore\n"), ("q2I=", "q2J="), ("q2I=", "q2I"), ("CsUY", ""), ("\n20852163", "\r\n20852163")):
            with self.assertRaises(signed_log.Wrong, msg=new):
                signed_log.checkpoint(CHECKPOINT.replace(old, new, 1).encode(), "checkpoint")

    def test_sixteen_signatures_are_read(self):
        _, found = signed_log.note((CHECKPOINT + CHECKPOINT.splitlines(keepends=True)[-1] * 15).encode(), "note")
        self.assertEqual(len(found), 16)

    def test_ed25519_of_rfc_8032(self):
        for key, message, signature in ED25519:
            key, message, signature = raw((key, message, signature))
            self.assertTrue(signed_log.ed25519(key, signature, message))
            self.assertTrue(signed_log.strong(key))
            for bit in range(0, 512, 31):
                changed = bytearray(signature)
                changed[bit // 8] ^= 1 << bit % 8
                self.assertFalse(signed_log.ed25519(key, bytes(changed), message))
            self.assertFalse(signed_log.ed25519(key, signature, message + b"\0"))
            order = 2**252 + 27742317777372353535851937790883648493             # S and S + L: only the first is a signature
            larger = (int.from_bytes(signature[32:], "little") + order).to_bytes(32, "little")
            self.assertFalse(signed_log.ed25519(key, signature[:32] + larger, message))

    def test_trees_of_rfc_6962(self):
        leaves, roots = [signed_log.sha(b"\0" + leaf) for leaf in raw(LEAVES)], raw(ROOTS)
        for size in range(1, 9):
            self.assertEqual(signed_log.tree(leaves[:size]), roots[size - 1])
        for rule, proofs in (signed_log.climb, INCLUSION), (signed_log.grow, CONSISTENCY):
            for first, size, path in proofs:
                known = leaves[first] if rule is signed_log.climb else roots[first - 1]
                expected = roots[size - 1] if rule is signed_log.climb else [known, roots[size - 1]]
                path = raw(path)
                self.assertTrue(signed_log.proved(rule, first, size, known, path, expected), (first, size))
                self.assertFalse(signed_log.proved(rule, first, size, known, path + [bytes(32)], expected))
                self.assertFalse(signed_log.proved(rule, first, size, known, path + path[:1], expected) and path)
                for index in range(len(path)):
                    self.assertFalse(signed_log.proved(rule, first, size, known, path[:index] + path[index + 1:], expected))
                    self.assertFalse(signed_log.proved(rule, first, size, known, path[:index] + [bytes(32)] + path[index + 1:], expected))


class Vectors(unittest.TestCase):
    FORMS = {"value": verify.VALUE, "payload": verify.PAYLOAD, "change": signed_log.CHANGE, "statement-word": signed_log.STATEMENT,
             "server-statement": signed_log.SERVER_STATEMENT, "invitation-offer": signed_log.INVITATION, "entry": signed_log.ENTRY,
             "genesis": (signed_log.SERVICE, signed_log.ENGAGEMENT)}
    # Refused by what stands before them, or beside them: by the checks of a chain and of a genesis.
    LATER = {"the first with one before it", "the second with none before it", "an organisation on both sides"}

    def taken(self, layout, data):
        try:
            value = signed_log.read(data, self.FORMS[layout], "vector")
        except signed_log.Wrong:
            return False
        return layout != "change" or signed_log.orderly(*value[8])

    def test_the_profile(self):
        for item in vectors("cbor")["valid"]:
            data = bytes.fromhex(item["hex"])
            self.assertEqual(cbor2.dumps(signed_log.read(data, profile(), "cbor"), canonical=True), data)
        for item in vectors("cbor")["invalid"]:
            with self.assertRaises(signed_log.Wrong, msg=item):
                signed_log.read(bytes.fromhex(item["hex"]), profile(), "cbor")

    def test_few_bytes_do_not_stand_for_many(self):
        """A list that is shared (tags 28 and 29) thirty times over would unfold to 2^30 items."""
        data = b"\xd8\x1c\x80"
        for _ in range(30):
            data = b"\xd8\x1c\x82" + data + b"\xd8\x1d\x00"
        for bomb in (data, b"\x81" * 100_000 + b"\0", b"\x9b" + b"\x7f" * 8, b"\x5b" + b"\x7f" * 8, b"\xbf" * 1000, b"\xd8\x23\x61("):
            with self.assertRaises(signed_log.Wrong):
                signed_log.read(bomb, lambda _: True, "cbor")

    def test_layouts_that_are_broken(self):
        tried = 0
        for item in vectors("invalid")["layouts"]:
            if item["layout"] in self.FORMS and item["name"] not in self.LATER:
                tried += 1
                self.assertFalse(self.taken(item["layout"], bytes.fromhex(item["hex"])), item["name"])
        self.assertGreater(tried, 100)

    def test_layouts_that_are_good(self):
        items = vectors("values")["values"] + [{"layout": "payload", **each} for each in vectors("values")["payloads"]]
        items += [{"layout": "payload", **vectors("values")["erased"]}, vectors("spaces")["invitation"], vectors("spaces")["salvaged"]]
        items += [each for chain in vectors("statements")["chains"] for each in chain["statements"]] + [vectors("spaces")["epochStatement"]]
        for log in vectors("spaces")["logs"]:
            items += log["entries"] + ([] if log["name"] == "draft" else [log["genesis"]])
        sealed = [each for each in items if each["layout"] == "statement-word" and cbor2.loads(bytes.fromhex(each["hex"]))[7] == 22]
        self.assertEqual(len(sealed), 1)
        for item in items:
            self.assertEqual(self.taken(item["layout"], bytes.fromhex(item["hex"])), item not in sealed, item.get("name"))

    def test_keys_and_names(self):
        keys = vectors("keys")
        self.assertFalse(any(signed_log.strong(key) for key in raw(keys["smallOrder"])))
        self.assertTrue(all(signed_log.strong(bytes.fromhex(key["public"])) for key in keys["ed25519"]))
        for org in keys["organisations"]:
            id = bytes.fromhex(org["id"])
            self.assertEqual(signed_log.hashed("org", bytes.fromhex(org["rootKey"]))[:16], id)
            self.assertEqual((verify.fingerprint(id), verify.organisation(org["fingerprint"].upper())), (org["fingerprint"], id))
        for item in vectors("hashes")["labels"]:
            self.assertEqual(signed_log.hashed(item["label"], bytes.fromhex(item["content"])).hex(), item["hash"])
        for item in vectors("hashes")["naturalRecordIds"]:
            made = verify.natural(bytes.fromhex(item["space"]), item["kind"], cbor2.loads(bytes.fromhex(item["key"])))
            self.assertEqual(made.hex(), item["record"])

    def test_logs(self):
        for log in vectors("spaces")["logs"]:
            leaves = [signed_log.sha(b"\0" + bytes.fromhex(entry["hex"])) for entry in log["entries"]]
            for size, entry in enumerate(log["entries"], 1):
                self.assertEqual(signed_log.tree(leaves[:size]).hex(), entry["rootAfter"])
            point, key = signed_log.checkpoint(log["checkpoint"].encode(), "checkpoint"), bytes.fromhex(log["logKey"])
            self.assertEqual((point.size, point.root), (len(leaves), signed_log.tree(leaves)))
            self.assertTrue(signed_log.vouched(point, log["origin"], key))
            self.assertFalse(signed_log.vouched(point, log["origin"][:-1] + "1", key))
            for item in log["inclusion"]:
                position = item["position"]
                path = signed_log.proof(item["tlogProof"].encode(), position, point)
                self.assertEqual(path, raw(item["hashes"]))
                self.assertTrue(signed_log.proved(signed_log.climb, position, point.size, leaves[position], path, point.root))
            for item in log["consistency"]:
                root = signed_log.tree(leaves[:item["from"]])
                self.assertTrue(signed_log.proved(signed_log.grow, item["from"], point.size, root, raw(item["hashes"]), [root, point.root]))

    def test_documents_and_signatures(self):
        found = vectors("agreements")
        for item in found["documents"]:
            document = signed_log.read(item["text"].encode(), verify.DOCUMENT, "document", json.loads, verify.canonical)
            for record in document["records"]:
                verify.covered(record, document)
        for item in found["releases"]:
            signed_log.read(item["text"].encode(), verify.LISTED, "release", json.loads, verify.canonical)
        for item in found["signatures"]:
            signed_log.signed(bytes.fromhex(item["key"]), bytes.fromhex(item["signature"]), item["label"], bytes.fromhex(item["hex"]))


if __name__ == "__main__":
    unittest.main()
