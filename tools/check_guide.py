#!/usr/bin/env python3
"""Runs the commands of docs/guide.md with the programs of a folder: check_guide.py FOLDER

Every line of a block marked `sh` is run as it stands, by a shell, in an empty folder beside a link to Tests, one after
another. Lines of a block marked `sh stop` are run while the server is stopped. Words in capitals stand for what an earlier
line printed; a recovery code that was printed lies in the file STORE.code afterwards. A line that fails fails the check.
"""
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

programs = pathlib.Path(sys.argv[1]).resolve()
root = pathlib.Path(__file__).resolve().parent.parent
blocks = re.findall(r"^```sh( server| stop)?\n(.*?)^```", (root / "docs/guide.md").read_text(), re.M | re.S)
PRINTED = {
    "INVITATION": (" invite ", r"\S+@\S+"), "REQUEST": (" device request ", r"\b[a-z2-7]{100,}\b"),
    "GAP": (" gaps", r"(?<=--gap )[a-z2-7]{4,}"), "JOIN": (" device add ", r"\S+@\S+"), "REMOVAL": (" edit asset-removal ", r"(?<=asset-removal )[a-z2-7]{4,}(?= made)"),
    "SCOPED": (" edit scope-statement ", r"(?<=scope-statement )[a-z2-7]{4,}(?= made)"),
    "AUDIT": (" edit internal-audit ", r"(?<=internal-audit )[a-z2-7]{4,}(?= made)"),
    "FINDING": (" edit audit-finding ", r"(?<=audit-finding )[a-z2-7]{4,}(?= made)"),
    "MINUTES": (" edit evidence ", r"(?<=evidence )[a-z2-7]{4,}(?= made)"),
    "DIGEST": (" --print --json", r'(?<="digest": ")[0-9a-f]{64}'), "KENSA": (" kensa org", r"\b([a-z2-7]{4}-){3,}[a-z2-7]{1,4}\b"),
    "REVIEW": (" review start", r"(?<=review )[a-z2-7]{4,}(?= of )"), "DECISION": (" todo", r"(?<=review done )[a-z2-7]{4,}"),
}

with tempfile.TemporaryDirectory() as folder:
    os.symlink(root / "Tests", f"{folder}/Tests")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    world = {"PATH": f"{programs}:{os.environ['PATH']}", "HOME": folder, "LC_ALL": "C.UTF-8", "COLUMNS": "100"}
    server, words, ran, serving = None, {}, 0, ""

    def run(line):
        done = subprocess.run(line, shell=True, cwd=folder, env=world, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"guide: {line}\nended with {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def start():
        global server
        server = subprocess.Popen(f"exec {serving} --listen 127.0.0.1:{port}", shell=True, cwd=folder, env=world,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                return socket.create_connection(("127.0.0.1", port)).close()
            except OSError:
                time.sleep(0.05)

    def stop():
        server.send_signal(signal.SIGTERM)
        server.wait(30)

    try:
        for kind, block in blocks:
            if kind == " stop":
                stop()
            for line in filter(None, (line.strip() for line in block.splitlines())):
                if kind == " server":
                    serving = line
                    start()
                    continue
                line = line.replace("127.0.0.1:8620", f"127.0.0.1:{port}")
                if "FINGERPRINT" in line:
                    words["FINGERPRINT"] = re.search(r'"fingerprint": "([^"]+)"', run("buntan --store desk org --json")).group(1)
                for word, value in words.items():
                    line = re.sub(rf"\b{word}\b", value, line)
                output = run(line)
                ran += 1
                for word, (command, pattern) in PRINTED.items():
                    if command in line and (found := re.search(pattern, output)):
                        words[word] = found.group()
                if code := re.search(r"\b([a-z2-7]{4}-){7}[a-z2-7]\b", output):
                    store = re.search(r"--store (\S+)", line).group(1)
                    pathlib.Path(folder, f"{store}.code").write_text(code.group())
            if kind == " stop":
                start()
    finally:
        if server:
            stop()
    if ran < 40:
        sys.exit(f"guide: only {ran} lines were run")
    print(f"guide: {ran} lines run")
