"""What the checks of exports have in common: a program that is run, checks that are counted, and what they end with."""

import argparse
import pathlib
import subprocess
import sys


class Judged:
    """The built program in a folder, the stores it is run on, and what was found wrong."""

    def __init__(self):
        parser = argparse.ArgumentParser()
        parser.add_argument("folder")
        parser.add_argument("--stores", required=True, type=pathlib.Path)
        options = parser.parse_args()
        self.program = str(pathlib.Path(options.folder, "buntan").resolve())
        self.stores = sorted(path.parent for path in options.stores.glob("*/store.db"))
        self.checks, self.wrong = 0, []

    def run(self, *words):
        return subprocess.run([self.program, "--no-input", *words], capture_output=True, text=True)

    def check(self, name, is_right, said=""):
        self.checks += 1
        if not is_right:
            self.wrong.append(f"{name}: {said}")

    def end(self):
        """Says what was wrong; whether nothing was."""
        for line in self.wrong:
            print(line, file=sys.stderr)
        print(f"{self.checks} checks, {len(self.wrong)} wrong")
        return not self.wrong
