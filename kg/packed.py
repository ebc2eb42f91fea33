"""A gzip file as a stream of what it holds, which stops where a small file would unpack to a flood."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import BinaryIO, cast

RATIO = 200
"""Text packs to a fifth or a tenth, very repetitive text to a fiftieth; a file made to do harm to a thousandth."""
FREE = 16_000_000
"""Bytes that any file may unpack to."""


def open_packed(path: Path) -> BinaryIO:
    """The unpacked bytes of a gzip file.

    Raises OSError when it cannot be opened; reading raises OSError too when it is no gzip file or unpacks to more than
    RATIO times its size, EOFError when it is cut off, zlib.error when it is damaged.
    """
    return io.BufferedReader(cast(io.RawIOBase, _Bounded(path)), 1 << 16)


class _Bounded(io.RawIOBase):
    def __init__(self, path: Path) -> None:
        self._left = max(FREE, RATIO * path.stat().st_size)
        self._stream = gzip.open(path, "rb")  # noqa: SIM115  # closed with this one

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        found = self._stream.read(len(buffer))
        self._left -= len(found)
        if self._left < 0:
            raise OSError(f"it unpacks to more than {RATIO} times its size")
        buffer[: len(found)] = found
        return len(found)

    def close(self) -> None:
        self._stream.close()
        super().close()
