"""A page in a browser, and all that it did which it should not do."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page


@dataclass
class Watched:
    """A page, and all that it did which it should not do."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def open(self, file: Path, hash_: str = "") -> Page:
        """Opens the file and waits until it is drawn and answers."""
        self.page.goto(file.as_uri() + (f"#{hash_}" if hash_ else ""), wait_until="commit")
        self.ready()
        return self.page

    def ready(self) -> float:
        """Waits for the first frame; polled, because the page's policy forbids what wait_for_function does."""
        start = time.monotonic()
        while not self.page.evaluate("!!window.kgReady"):
            if time.monotonic() - start > 30:
                raise AssertionError(f"the page did not get ready: {self.complaints}")
            time.sleep(0.02)
        return time.monotonic() - start

    def where(self, call: str) -> tuple[float, float]:
        """Where something stands on the screen, once the picture has stopped moving."""
        before: Any = None
        for _ in range(60):
            point = self.page.evaluate(f"kgView.{call}")
            if point == before:
                return point[0], point[1]
            before = point
            time.sleep(0.05)
        raise AssertionError("the picture does not stop moving")

    def shown(self) -> dict[str, Any]:
        """What the page says is drawn."""
        return dict(self.page.evaluate("kgView.shown()"))


Watch = Callable[..., Watched]
Views = Callable[[str], Path]
