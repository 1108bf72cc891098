"""Checks of the vectors about agreements (section 15)."""

import functools

from . import crypto, text
from .agreements import check_parties, signed_content
from .book import Wrong, each, fields, hexed, same, unhex
from .chains import SIGN
from .documents import check_release, read_document, read_release


def agreements(book, file):
    fields(file, "about protocol releases documents signatures")
    releases = {entry["digest"]: entry["text"] for entry in file["releases"]}

    def digest(entry):
        fields(entry, "name text digest")
        same(crypto.sha256(entry["text"].encode()).hex(), entry["digest"], "digest of the text")

    def release(entry):
        digest(entry)
        read_release(entry["text"])

    def document(entry):
        digest(entry)
        held = read_document(entry["text"])
        check_parties(book.logs[unhex(held["engagement"])], held)
        check_release(held, releases[held["release"]["digest"]])

    def signature(entry):
        fields(entry, "document documentDigest organisation name title views hex label key signature")
        same(crypto.sha256(entry["document"].encode()).hex(), entry["documentDigest"], "digest of the document")
        views = []
        for view in entry["views"]:
            fields(view, "space epoch size root")
            log = book.logs[hexed(view["space"])]
            same((view["epoch"], hexed(view["root"])), (log.epoch, log.root(view["size"])), "a view that is a prefix")
            views.append([unhex(view["space"]), view["epoch"], view["size"], unhex(view["root"])])
        organisation = hexed(entry["organisation"])
        content = signed_content(entry["document"], organisation, entry["name"], entry["title"], views)
        same(content.hex(), entry["hex"], "what is signed")
        crypto.verify(hexed(entry["key"]), entry["label"], content, hexed(entry["signature"]))
        same(entry["label"], "agreement", "label")
        if not any(log.words[organisation].may(unhex(entry["key"])) & SIGN
                   for log in book.logs.values() if organisation in log.words):
            raise Wrong("a device that may not sign for this organisation")

    def under_a_document(entry):
        signature(entry)
        same(entry["document"] in [other["text"] for other in file["documents"]], True, "a document of this file")
        held = read_document(entry["document"])
        same(entry["organisation"] in (held["provider"], held["customer"]), True, "a party")
        same({view["space"] for view in entry["views"]}, {part["space"] for part in held["scope"]}, "a view of each space in scope")

    def under_no_agreement(entry):
        signature(entry)
        same(text.canonical(entry["document"]), True, "canonical JSON")

    yield from each(release, file["releases"], "releases")
    yield from each(document, file["documents"], "documents")
    yield "signatures[0]", functools.partial(under_no_agreement, file["signatures"][0])
    yield from each(under_a_document, file["signatures"][1:], "signatures after it")
