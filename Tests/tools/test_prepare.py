"""Tests of what a clone does where packages are missing: as root they are installed, otherwise the line to run is printed."""

import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Prepare(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def program(self, name, text):
        path = pathlib.Path(self.folder.name) / name
        path.write_text("#!/bin/sh\n" + text + "\n", encoding="utf-8")
        path.chmod(0o755)

    def run_with(self, user, installed, *command):
        """Runs a command where these packages are installed, as root or not."""
        known = " ".join(installed)
        self.program("id", f"echo {0 if user == 'root' else 1000}")
        self.program("dpkg-query", f'for p in {known} none; do [ "$3" = "$p" ] && printf "install ok installed"; done; true')
        self.program("apt-get", 'echo "apt-get $*" >> "$APT_LOG"')
        log = pathlib.Path(self.folder.name) / "log"
        log.write_text("", encoding="utf-8")
        path = f"{self.folder.name}:{os.environ['PATH']}"
        done = subprocess.run(
            command, env={**os.environ, "PATH": path, "APT_LOG": str(log)}, cwd=ROOT, capture_output=True, text=True, check=False)
        return done, log.read_text(encoding="utf-8").splitlines()

    def test_root_installs_what_is_missing_by_name(self):
        done, calls = self.run_with("root", ["b"], "./.ci/prepare", "a", "b", "c")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(calls, ["apt-get update -qq", "apt-get install -y -qq --no-install-recommends a c"])

    def test_anybody_else_is_told_the_line_to_run(self):
        done, calls = self.run_with("somebody", ["b"], "./.ci/prepare", "a", "b", "c")
        self.assertEqual(done.returncode, 1)
        self.assertIn("sudo apt-get install a c\n", done.stderr)
        self.assertEqual(calls, [])

    def test_nothing_missing_says_nothing(self):
        for user in ("root", "somebody"):
            done, calls = self.run_with(user, ["a", "b"], "./.ci/prepare", "a", "b")
            self.assertEqual((done.returncode, done.stdout, done.stderr, calls), (0, "", "", []))

    def test_all_is_asked_for_before_anything_is_built(self):
        for goal, package in (("demo", "zstd"), ("test", "openssl")):
            done, _ = self.run_with("somebody", ["pkg-config"], "make", goal)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("libsqlite3-dev", done.stderr)
            self.assertIn(package, done.stderr)
            self.assertNotIn("swift build", done.stdout)


if __name__ == "__main__":
    unittest.main()
