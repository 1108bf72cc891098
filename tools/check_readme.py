#!/usr/bin/env python3
"""Runs the first five minutes of README.md with the programs of a folder: check_readme.py FOLDER

Every line of a block marked `sh` is run as it stands, by a shell, in an empty folder beside a link to Tests; the address
of the server, the invitation's code and the auditor's fingerprint are put in their places. A line that fails fails the check.
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
blocks = re.findall(r"^```sh( server)?\n(.*?)^```", (root / "README.md").read_text(), re.M | re.S)

with tempfile.TemporaryDirectory() as folder:
    os.symlink(root / "Tests", f"{folder}/Tests")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    world = {"PATH": f"{programs}:{os.environ['PATH']}", "HOME": folder, "LC_ALL": "C.UTF-8", "COLUMNS": "100"}
    server, code, fingerprint, ran = None, "", "", 0
    try:
        for is_server, block in blocks:
            for line in filter(None, (line.strip() for line in block.splitlines())):
                line = re.sub(r"\bCODE\b", code, line.replace("127.0.0.1:8620", f"127.0.0.1:{port}"))
                line = re.sub(r"\bFINGERPRINT\b", fingerprint, line)
                if is_server:
                    server = subprocess.Popen(f"exec {line} --listen 127.0.0.1:{port}", shell=True, cwd=folder, env=world,
                                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                    for _ in range(200):
                        try:
                            socket.create_connection(("127.0.0.1", port)).close()
                            break
                        except OSError:
                            time.sleep(0.05)
                    continue
                done = subprocess.run(line, shell=True, cwd=folder, env=world, stdin=subprocess.DEVNULL, capture_output=True, text=True)
                ran += 1
                if done.returncode:
                    sys.exit(f"README: {line}\nended with {done.returncode}\n{done.stdout}{done.stderr}")
                if line.endswith(" disputes") and "AC-2(5)" not in done.stdout:
                    sys.exit(f"README: {line}\nshows no dispute on what was proposed:\n{done.stdout}")
                if found := re.search(r"\S+@\S+", done.stdout) if " invite " in line else None:
                    code = found.group()
                if found := re.search(r"(?:[a-z2-7]{4}-){6}[a-z2-7]{2}", done.stdout) if " org " in line else None:
                    fingerprint = found.group()
    finally:
        if server:
            server.send_signal(signal.SIGTERM)
            server.wait(30)
    if ran < 15:
        sys.exit(f"README: only {ran} lines were run")
    print(f"README: {ran} lines run")
