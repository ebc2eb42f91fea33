"""An Extraction <-> bytes: compact, the same for the same record, and safe to read (every type is checked).

What is written is what the document says; the document itself is known to whoever asks.
"""

from __future__ import annotations

import zlib

import msgspec

from kg.types import Claim, Document, Extraction, LocalEntity, Mention, OpenTriple, Position, Quotation, Whole

_Said = tuple[
    tuple[LocalEntity, ...],
    tuple[Mention, ...],
    tuple[Claim, ...],
    tuple[Position, ...],
    tuple[Quotation, ...],
    tuple[OpenTriple, ...],
    Whole | None,
]
LARGEST = 256_000_000
"""Bytes of the largest record that is unpacked; no document of the largest size that is read says more."""

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Said)


class BrokenRecordError(Exception):
    """The bytes are no record of this program, or damaged."""


def to_bytes(extraction: Extraction) -> bytes:
    """What an extraction says without its document: MessagePack, deflated, which also sums the bytes up."""
    said = (
        extraction.entities,
        extraction.mentions,
        extraction.claims,
        extraction.positions,
        extraction.quotations,
        extraction.open,
        extraction.whole,
    )
    return zlib.compress(_ENCODER.encode(said), 1)


def from_bytes(record: bytes, document: Document) -> Extraction:
    """The extraction that to_bytes wrote of this document.  Raises BrokenRecordError."""
    try:
        unpack = zlib.decompressobj()
        packed = unpack.decompress(record, LARGEST)
        if not unpack.eof:
            raise BrokenRecordError("the record is cut off")
        entities, mentions, claims, positions, quotations, opened, whole = _DECODER.decode(packed)
    except (zlib.error, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BrokenRecordError(str(error)) from error
    return Extraction(
        document=document,
        entities=entities,
        mentions=mentions,
        claims=claims,
        positions=positions,
        quotations=quotations,
        open=opened,
        whole=whole,
    )
