"""Stretches of text between quotation marks, whatever they turn out to be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.types import Parse

CLOSING = {"“": "”", "«": "»", "„": "“", '"': '"', "‘": "’", "'": "'"}
MARK = re.compile("[" + "".join({**CLOSING, **dict.fromkeys(CLOSING.values())}) + "]")
OPENS_BEFORE = re.compile(r"[\s(\[—–\-/:“‘\"'«]$")
APOSTROPHE_WORDS = re.compile(r"['’](?:\d|em\b|til\b|cause\b|tis\b|twas\b|n\b|s\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch between marks: text[begin:end]; `open` when its closing mark is missing (a paragraph that goes on)."""

    begin: int
    end: int
    block: int
    depth: int
    open: bool


def marked_stretches(parse: Parse) -> Iterator[Marked]:
    """The marked stretches of a document's parsed blocks, in text order, those inside others behind them."""
    text = parse.document.text
    blocks = [b for b in parse.document.blocks if b.kind != "furniture"]
    for number, block in enumerate(blocks):
        yield from _pairs(text, block.begin, block.end, number)


def _pairs(text: str, begin: int, end: int, block: int) -> list[Marked]:
    """The marked stretches of one block.  An apostrophe is no mark; an opening mark without its fellow runs to the
    end of the block when it opens it (the convention for quotations over paragraphs), else it is dropped."""
    found: list[Marked] = []
    stack: list[tuple[str, int]] = []
    marks = [match.start() for match in MARK.finditer(text, begin, end)]
    straight = [at for at in marks if text[at] == '"']
    paired = len(straight) % 2 == 0 and all(text[at] != "“" for at in marks)
    for at in marks:
        mark = text[at]
        if mark == '"' and paired:
            # An even number of straight marks is read in turn, whatever spaces stand around them.
            nth = straight.index(at)
            if nth % 2 == 1:
                found += (
                    [Marked(straight[nth - 1] + 1, at, block, 0, False)]
                    if text[straight[nth - 1] + 1 : at].strip()
                    else []
                )
                stack = []
            else:
                stack = [(mark, at)]
        elif stack and _closes(text, at, stack[-1][0], begin, end):
            _, opened = stack.pop()
            if text[opened + 1 : at].strip():
                found.append(Marked(opened + 1, at, block, len(stack), False))
        elif len(stack) > 1 and mark == CLOSING[stack[-2][0]] and mark not in "'’":
            stack.pop()
            _, opened = stack.pop()
            found.append(Marked(opened + 1, at, block, len(stack), False))
        elif mark in CLOSING and _opens(text, at, begin, end, bool(stack)):
            stack.append((mark, at))
    if stack and stack[0][0] in '“"«':
        lead = text[begin : stack[0][1]].rstrip()
        if not lead or lead[-1] in ",:" or stack[0][0] == "“":
            found.append(Marked(stack[0][1] + 1, end, block, 0, True))
    return sorted(found, key=lambda m: (m.begin, -m.end))


def _opens(text: str, at: int, begin: int, end: int, inside: bool) -> bool:
    mark = text[at]
    before, after = text[max(begin, at - 1) : at], text[at + 1 : min(end, at + 2)]
    if not after or after.isspace():
        return False
    if mark in "“«„":
        return True
    if before and not OPENS_BEFORE.search(before):
        return False
    if mark in "'‘":
        if APOSTROPHE_WORDS.match(text, at) or text[at : at + 2] == "‘s":
            return False
        return (after.isalnum() or after in '“".…[(') and (inside or _single_closes_later(text, at, end))
    return True


def _single_closes_later(text: str, at: int, end: int) -> bool:
    fellow = CLOSING[text[at]]
    return any(_closes(text, j, text[at], at, end) for j in range(at + 2, end) if text[j] == fellow)


def _closes(text: str, at: int, opened: str, begin: int, end: int) -> bool:
    mark = text[at]
    if mark != CLOSING[opened] and not (opened == "“" and mark == '"') and not (opened == '"' and mark == "”"):
        return False
    before, after = text[max(begin, at - 1) : at], text[at + 1 : min(end, at + 2)]
    if mark in "'’":
        # Between letters, or after a plural's s with more to come, it is an apostrophe.
        if after.isalnum() or before.isspace():
            return False
        if before in "sS" and after == " " and re.search(r"[,.!?]['’](?!\w)", text[at + 1 : end]):
            return False
        return True
    if mark == '"':
        return not before.isspace() or not after or after.isspace()
    return True
