"""A headless Chromium for tests, driven over its debugging protocol: typed into, clicked, and watched."""

import itertools
import json
import shutil
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
)
DESK, PHONE = (1280, 900), (390, 844)
# Seconds that a page may take for anything
PATIENCE = 20


class Tab:
    """One tab; remembers console errors and requests."""

    def __init__(self, address: str):
        import websocket

        self.socket = websocket.create_connection(address, timeout=PATIENCE, suppress_origin=True)
        self.ids = itertools.count(1)
        self.errors, self.requests = [], []
        for domain in ("Page", "Runtime", "Log", "Network", "DOM"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters) -> dict:
        number = next(self.ids)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while (message := json.loads(self.socket.recv())).get("id") != number:
            if "method" in message:  # not the answer to a call that was given up
                self.note(message)
        return message["result"]

    def note(self, event: dict) -> None:
        if event["method"] == "Log.entryAdded" and event["params"]["entry"]["level"] == "error":
            self.errors.append(event["params"]["entry"]["text"])
        if event["method"] == "Runtime.exceptionThrown":
            self.errors.append(event["params"]["exceptionDetails"]["text"])
        if event["method"] == "Network.requestWillBeSent":
            self.requests.append(event["params"]["request"]["url"])

    def open(self, page: Path | str, size, dark=False) -> None:
        width, height = size
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", media="", features=[scheme])
        self.errors.clear()
        self.requests.clear()
        self.call("Page.navigate", url=page if isinstance(page, str) else page.as_uri())
        while self.value("document.readyState") != "complete":
            time.sleep(0.02)

    def value(self, expression: str):
        """What an expression gives; a promise is waited for."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        return answer["result"].get("value")

    def wait(self, condition: str):
        """Wait until an expression holds; gives back its value."""
        for _ in range(PATIENCE * 50):
            if found := self.value(condition):
                return found
            time.sleep(0.02)
        raise AssertionError(f"never true: {condition}; errors: {self.errors}")

    def type(self, text: str) -> None:
        """Type into what has the focus."""
        self.call("Input.insertText", text=text)

    def press(self, key: str, code: int, text: str = "", modifiers: int = 0) -> None:
        """Press and release one key."""
        common = {"key": key, "code": key, "windowsVirtualKeyCode": code, "modifiers": modifiers}
        self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **common)
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def click(self, selector: str) -> None:
        """Click on the middle of an element with the mouse."""
        box = self.value(
            f"(() => {{ const element = document.querySelector({json.dumps(selector)});"
            "element.scrollIntoView({block: 'center', behavior: 'instant'});"
            "const box = element.getBoundingClientRect();"
            "return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    def fill(self, selector: str, text: str) -> None:
        """Click into a field, select what is there and type over it."""
        self.click(selector)
        self.value(f"document.querySelector({json.dumps(selector)}).select()")
        if text:
            self.type(text)
        else:
            self.press("Delete", 46)


@contextmanager
def opened(profile: Path):
    """A tab of a browser of its own, whose files are in ``profile``."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    browser = subprocess.Popen([CHROMIUM, *FLAGS, f"--user-data-dir={profile}", "about:blank"], **quiet)
    try:
        port = profile / "DevToolsActivePort"
        for _ in range(400):
            if port.exists() and port.read_text().count("\n"):
                break
            time.sleep(0.05)
        with urllib.request.urlopen(f"http://127.0.0.1:{port.read_text().splitlines()[0]}/json") as answer:
            pages = [target for target in json.load(answer) if target["type"] == "page"]
        tab = Tab(pages[0]["webSocketDebuggerUrl"])
        yield tab
        tab.socket.close()
    finally:
        browser.terminate()
        browser.wait(timeout=PATIENCE)
