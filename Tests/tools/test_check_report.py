"""Tests of what judges reports: a page that is right is let pass, and each thing that is wrong with one is found."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))

import check_report  # noqa: E402
import headless  # noqa: E402

GOOD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>T</title>
<style>body{background:#fff;color:#222}.scroll{overflow-x:auto}table{min-width:40rem}a:focus,div:focus{outline:3px solid #036}
@page{size:A4}</style></head><body><main><h1>One</h1><h2 id="two">Two</h2><p><a href="#two">down</a></p>
<div class="scroll" role="region" tabindex="0" aria-label="Rows"><table><caption>Rows</caption>
<thead><tr><th scope="col">A</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table></div></main></body></html>"""

# What is replaced in the good page, by what, and what has to be said of it.
CASES = {
    "overflow": ("<h2 ", "<div>" + "x" * 200 + "</div><h2 ", "px wide on"),
    "contrast": ("color:#222", "color:#999", "contrast 2.8"),
    "heading": ("<h2 id=\"two\">Two</h2>", "<h3 id=\"two\">Two</h3>", "follows on level 1"),
    "headings": ("<h2 id=\"two\">Two</h2>", "<h1 id=\"two\">Two</h1>", "2 first headings"),
    "caption": ("<caption>Rows</caption>", "", "has no caption"),
    "scope": (" scope=\"col\"", "", "without a scope"),
    "image": ("<p>", "<p><svg width='1' height='1'></svg>", "has no name"),
    "link": ("href=\"#two\"", "href=\"#three\"", "leads nowhere"),
    "away": ("href=\"#two\"", "href=\"https://example.invalid\"", "leads to https"),
    "focus": ("a:focus,", "a:focus{outline:none}", "shows no focus"),
    "keyboard": (" tabindex=\"0\"", "", "not by the keyboard"),
    "script": ("<p>", "<p><script></script>", "a script"),
    "console": ("<p>", "<p><script>1</script>", "console: "),
    "request": ("default-src 'none'", "img-src *", None),
    "language": (" lang=\"en\"", "", "no language"),
    "cells": ("<td>1</td>", "<td>1</td><td>2</td>", "2 cells under 1 heads"),
}


@unittest.skipIf(headless.program() is None, "no chromium here")
class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.browser = headless.Browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.__exit__()
        cls.folder.cleanup()

    def page(self, text):
        path = pathlib.Path(self.folder.name) / "page.html"
        path.write_text(text, encoding="utf-8")
        return path

    def test_a_right_page_passes_at_every_width(self):
        for width in check_report.WIDTHS:
            self.assertEqual(check_report.wrong_with(self.browser, self.page(GOOD), width), [])

    def test_each_fault_is_found(self):
        for name, (old, new, said) in CASES.items():
            with self.subTest(name):
                self.assertIn(old, GOOD)
                text = GOOD.replace(old, new)
                if name == "request":
                    text, said = text.replace("<p>", "<p><img alt='i' src='http://example.invalid/p.png'>"), "asked for http"
                wrong = check_report.wrong_with(self.browser, self.page(text), 360)
                self.assertTrue(any(said in line for line in wrong), f"{name}: {wrong}")

    def test_dark_is_looked_at_too(self):
        text = GOOD.replace("</style>", "@media (prefers-color-scheme:dark){body{background:#111}}</style>")
        self.assertEqual(check_report.wrong_with(self.browser, self.page(text), 1280), [])
        self.assertTrue(any("contrast" in line for line in check_report.wrong_with(self.browser, self.page(text), 1280, dark=True)))

    def test_paper(self):
        self.browser.open(self.page(GOOD), 1280)
        printed = pathlib.Path(self.folder.name) / "page.pdf"
        self.assertEqual(check_report.wrong_print(self.browser.print(printed)), [])
        self.browser.open(self.page(GOOD.replace("size:A4", "size:A5")), 1280)
        self.assertIn("points", check_report.wrong_print(self.browser.print(printed))[0])
        self.assertEqual(check_report.wrong_print(b""), ["no pages"])


if __name__ == "__main__":
    unittest.main()
