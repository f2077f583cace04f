"""Progress on stderr, only where it is a terminal."""

from __future__ import annotations

import sys
import time


class Progress:
    def __init__(self, what: str, total: int):
        self.what = what
        self.total = total
        self.shown = sys.stderr.isatty()
        self.started = time.monotonic()
        self.last = 0.0

    def step(self, done: int, note: str = "") -> None:
        now = time.monotonic()
        if not self.shown or (now - self.last < 0.5 and done < self.total):
            return
        self.last = now
        left = (now - self.started) / max(done, 1) * (self.total - done)
        sys.stderr.write(f"\r{self.what} {done}/{self.total}, {left:.0f} s left {note}\x1b[K")
        sys.stderr.flush()

    def done(self) -> None:
        if self.shown:
            sys.stderr.write("\n")
