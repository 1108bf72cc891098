"""A headless Chromium, spoken to over a pipe with nothing but the standard library: it opens a page, measures, takes pictures, prints."""

import base64
import itertools
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

PROGRAMS = ["chromium", "chromium-browser", "google-chrome"]


def program():
    """The browser's path, or None where there is none."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


class BrowserFault(Exception):
    """The browser did not do what it was asked for."""


class Browser:
    """One process with one page. What the page asks of the network or tells its console is kept."""

    def __init__(self):
        path = program()
        if path is None:
            raise BrowserFault("no chromium here: apt-get install chromium")
        self.folder = tempfile.TemporaryDirectory(prefix="check-report-")
        commands, self.commands = os.pipe()
        self.answers, answers = os.pipe()
        arguments = [
            path, "--headless=new", "--remote-debugging-pipe", f"--user-data-dir={self.folder.name}", "--no-first-run", "--disable-gpu",
            "--disable-dev-shm-usage", "--disable-background-networking", "--disable-extensions", "--mute-audio", "--hide-scrollbars",
            # Whatever a page asks for by name is nowhere.
            "--host-resolver-rules=MAP * ~NOTFOUND", "about:blank",
        ]
        if os.geteuid() == 0:
            arguments.insert(1, "--no-sandbox")

        # The browser reads commands at 3 and answers at 4.
        def place():
            # Copies first: one of the two may stand where the other has to.
            low, high = os.dup(commands), os.dup(answers)
            os.dup2(low, 3)
            os.dup2(high, 4)

        self.log = open(pathlib.Path(self.folder.name) / "log", "wb")
        self.process = subprocess.Popen(
            arguments, preexec_fn=place, close_fds=False, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        os.close(commands)
        os.close(answers)
        self.numbers = itertools.count(1)
        self.buffer = b""
        self.events = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network", "DOM", "Accessibility"]:
            self.ask(domain + ".enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.ask("Browser.close", session=None)
        except BrowserFault:
            pass  # It is gone already.
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.commands)
        os.close(self.answers)
        self.log.close()
        self.folder.cleanup()

    def receive(self):
        while b"\0" not in self.buffer:
            part = os.read(self.answers, 1 << 20)
            if not part:
                log = pathlib.Path(self.folder.name, "log").read_text("utf-8", "replace")
                raise BrowserFault("the browser ended: " + log[-600:])
            self.buffer += part
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def ask(self, method, session="page", **parameters):
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": parameters}
        if session and hasattr(self, "session"):
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            try:
                data = data[os.write(self.commands, data):]
            except BrokenPipeError as fault:
                raise BrowserFault("the browser has gone") from fault
        while True:
            answer = self.receive()
            if answer.get("id") == number:
                if "error" in answer:
                    raise BrowserFault(f"{method}: {answer['error']}")
                return answer["result"]
            if "method" in answer:
                self.events.append(answer)

    def wait(self, method):
        while True:
            for index, event in enumerate(self.events):
                if event["method"] == method:
                    return self.events.pop(index)
            message = self.receive()
            if "method" in message:
                self.events.append(message)

    # What a check asks for.

    def open(self, path, width, height=900, dark=False):
        """Opens a file at a width, light or dark; at a width of a phone as a phone does."""
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2 if width < 600 else 1,
            mobile=width < 600)
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.events.clear()
        self.ask("Page.navigate", url=pathlib.Path(path).resolve().as_uri())
        self.wait("Page.loadEventFired")

    def requests(self):
        """The addresses that the page asked for since it was opened."""
        self.evaluate("0")
        return [event["params"]["request"]["url"] for event in self.events if event["method"] == "Network.requestWillBeSent"]

    def complaints(self):
        """What the browser or the page wrote to the console."""
        self.evaluate("0")
        said = []
        for event in self.events:
            parameters = event["params"]
            if event["method"] == "Log.entryAdded":
                said.append(parameters["entry"]["text"])
            elif event["method"] == "Runtime.exceptionThrown":
                said.append(parameters["exceptionDetails"]["text"])
            elif event["method"] == "Runtime.consoleAPICalled":
                said.append(f"console.{parameters['type']}")
        return said

    def evaluate(self, script):
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in answer:
            raise BrowserFault(answer["exceptionDetails"]["exception"]["description"])
        return answer["result"].get("value")

    def roles(self):
        """The roles of what a screen reader is told of, each with how many there are."""
        counts = {}
        for node in self.ask("Accessibility.getFullAXTree")["nodes"]:
            if not node.get("ignored"):
                role = node["role"]["value"]
                counts[role] = counts.get(role, 0) + 1
        return counts

    def picture(self, path, whole=False, most=12000):
        size = self.ask("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], most), "scale": 1}
        options = {"clip": clip, "captureBeyondViewport": True} if whole else {}
        data = self.ask("Page.captureScreenshot", format="png", **options)["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))

    def print(self, path):
        """Prints the page as its style says; returns the bytes."""
        answer = self.ask("Page.printToPDF", preferCSSPageSize=True, printBackground=True, generateTaggedPDF=True)
        data = base64.b64decode(answer["data"])
        pathlib.Path(path).write_bytes(data)
        return data
