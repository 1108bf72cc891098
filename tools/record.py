#!/usr/bin/env python3
"""Passes HTTP on to a server and keeps every byte that comes back: record.py PORT SERVER FOLDER

Answers are asked for without compression, so that what is kept can be searched. One file an answer, headers included.
"""
import http.client
import http.server
import itertools
import pathlib
import sys
import urllib.parse

port, server, folder = int(sys.argv[1]), urllib.parse.urlsplit(sys.argv[2]), pathlib.Path(sys.argv[3])
folder.mkdir(parents=True, exist_ok=True)
numbers = itertools.count(1)


class Recorder(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "accept-encoding", "connection")}
        link = http.client.HTTPConnection(server.hostname, server.port, timeout=90)
        try:
            link.request(self.command, self.path, body, headers)
            answer = link.getresponse()
            content = answer.read()
        except OSError:
            # As from a network that is off: no answer at all.
            self.close_connection = True
            return
        finally:
            link.close()
        name = f"{next(numbers):04d}-{self.path.rsplit('/', 1)[-1] or 'root'}"
        kept = "".join(f"{k}: {v}\r\n" for k, v in answer.getheaders()).encode() + b"\r\n" + content
        (folder / name).write_bytes(kept)
        self.send_response(answer.status)
        for key, value in answer.getheaders():
            if key.lower() not in ("transfer-encoding", "content-length", "connection", "date", "server"):
                self.send_header(key, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = pass_on

    def log_message(self, *words):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", port), Recorder).serve_forever()
