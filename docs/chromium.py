"""Headless Chromium over its debugging pipe, with the standard library only: screenshots, and what a page does.

Used by docs/pictures.py and by the tests marked ``browser``. Nothing is fetched: names do not resolve, and the profile
is fresh and thrown away.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--disable-extensions", "--disable-default-apps", "--disable-dev-shm-usage",
    "--hide-scrollbars", "--mute-audio", "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe",
)  # fmt: skip
TIMEOUT_S = 60.0


def find_chromium(environ: Mapping[str, str]) -> str | None:
    """The program: the variable CHROMIUM, else ``chromium`` on the PATH; None where there is none."""
    return environ.get("CHROMIUM") or shutil.which("chromium")


class Chromium:
    """One browser with one tab; a context manager."""

    def __init__(self, program: str) -> None:
        self._profile = tempfile.mkdtemp(prefix="chromium-")
        commands, self._to_browser = os.pipe()
        self._from_browser, answers = os.pipe()
        # Chromium reads commands on descriptor 3 and answers on 4.
        high = [fcntl.fcntl(fd, fcntl.F_DUPFD, 10) for fd in (commands, answers)]

        def wire() -> None:
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self._process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={self._profile}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(3, 4),
            preexec_fn=wire,  # noqa: PLW1509 -- no threads here
        )
        for fd in (commands, answers, *high):
            os.close(fd)
        self._buffer = b""
        self._last_id = 0
        self.events: list[dict[str, Any]] = []
        self._session = ""
        page = next(
            t for t in self._call("Target.getTargets")["targetInfos"] if t["type"] == "page"
        )
        attached = self._call("Target.attachToTarget", targetId=page["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._call(f"{domain}.enable")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(10)
        os.close(self._to_browser)
        os.close(self._from_browser)
        shutil.rmtree(self._profile, ignore_errors=True)

    def view(self, *, width: int, height: int, scheme: str = "light", scale: float = 1) -> None:
        """Set the window in CSS pixels and the colour scheme, "light" or "dark"."""
        self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=scale, mobile=False,
        )  # fmt: skip
        self._call(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": scheme}],
        )

    def open(self, path: Path, fragment: str = "") -> None:
        """Load a file and wait until it is there; what it did meanwhile is in ``events``."""
        self.events.clear()
        loader = self._call("Page.navigate", url=path.resolve().as_uri() + fragment).get("loaderId")
        end = time.monotonic() + TIMEOUT_S
        while loader and not self._is_loaded(
            loader
        ):  # another fragment of the same page loads nothing
            self._receive(end)

    def _is_loaded(self, loader: str) -> bool:
        names = [
            e["method"]
            for e in self.events
            if e["method"] == "Page.loadEventFired"
            or (e["method"] == "Page.frameNavigated" and e["params"]["frame"]["loaderId"] == loader)
        ]
        # The load event of the page before may still come in after the command.
        return names[-2:] == ["Page.frameNavigated", "Page.loadEventFired"]

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        result = self._call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"]["text"])
        return result["result"].get("value")

    def screenshot(self, *, is_full_page: bool = False) -> bytes:
        """PNG of the window, or of the whole page."""
        data = self._call(
            "Page.captureScreenshot", format="png", captureBeyondViewport=is_full_page
        )["data"]
        return base64.b64decode(data)

    @property
    def complaints(self) -> list[str]:
        """Errors and warnings of the console since the page was opened."""
        return [
            json.dumps(e["params"])
            for e in self.events
            if e["method"] in ("Runtime.exceptionThrown", "Log.entryAdded")
            or (e["method"] == "Runtime.consoleAPICalled" and e["params"]["type"] in ("error", "warning"))
        ]  # fmt: skip

    @property
    def requests(self) -> list[str]:
        """The URLs that the page asked for, itself included."""
        sent = (e for e in self.events if e["method"] == "Network.requestWillBeSent")
        return [e["params"]["request"]["url"] for e in sent]

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        self._last_id += 1
        message: dict[str, Any] = {"id": self._last_id, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to_browser, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + TIMEOUT_S
        while True:
            answer = self._receive(end)
            if answer.get("id") == self._last_id:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                result: dict[str, Any] = answer["result"]
                return result

    def _receive(self, end: float) -> dict[str, Any]:
        """The next message; an event is also noted."""
        while b"\0" not in self._buffer:
            ready, _, _ = select.select(
                [self._from_browser], [], [], max(0, end - time.monotonic())
            )
            data = os.read(self._from_browser, 1 << 20) if ready else b""
            if not data:
                raise TimeoutError(f"Chromium said nothing for {TIMEOUT_S:.0f} s")
            self._buffer += data
        raw, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(raw)
        if "method" in message:
            self.events.append(message)
        return message
