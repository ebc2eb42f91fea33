"""The marked news passages of scripts/data/passages and scripts/data/items, read by the scripts that train.

A line is a sentence, " || ", and the facts that it states; a blank line ends a passage.  Marks live through a passage:
"[a:P Ana Ruiz] left [b:O Rift Coal] in May. || a left b" and then "[a She] ... ".  A file of items has a passage on
every line.  One passage in ten, drawn by its id, is held out: nothing is trained on it.

Files whose name begins with one of ARTICLE hold whole articles, a sentence or headline on each line.  They and those
whose name begins with one of SOURCED tell two things more: whose word a fact is ("a left b @c", "@?" for sources
without a name, nothing for the author's own) and, with a tilde in front, facts that a line states together with those
before it and of which one side is named only there ("~d speaksFor a").
"""

from __future__ import annotations

import itertools
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"
MARK = re.compile(r"\[([a-z]\d?)(?::([POLCGWUE]))? ([^\[\]]+)\]")
FACT = re.compile(
    r"\s*(~?)([a-z]\d?) ([A-Za-z/]+) ([a-z]\d?)\s*(?:\((planned|possible|denied)\))?\s*(?:@([a-z]\d?|\?))?\s*"
)
SOURCED, ARTICLE = ("r4",), ("r5", "r6", "r7")
CLASSES = {
    "P": "Person", "O": "Organization", "L": "Place", "C": "Country", "G": "Group", "W": "Work", "U": "Product",
    "E": "Event",
}  # fmt: skip
HELD_OUT = 10
"""One passage in so many is held out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """text[begin:end] means `entity`, which is of class `type`."""

    begin: int
    end: int
    entity: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a sentence says: one of the relations holds between two entities, in a mode.

    `source` is the entity whose word it is, "?" for one without a name, "" for the author.  With `across` one of the
    two stands in a sentence before.
    """

    subject: str
    relations: tuple[str, ...]
    object: str
    mode: str
    source: str = ""
    across: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """A sentence with its mentions, by code points of the sentence, and what it says."""

    text: str
    mentions: tuple[Marked, ...]
    facts: tuple[Stated, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Sentences that follow each other, with one space between them."""

    id: str
    sentences: tuple[Marking, ...]

    @property
    def sourced(self) -> bool:
        """Whether it tells whose word the facts are, and the facts over several sentences."""
        return self.id.startswith((*SOURCED, *ARTICLE))

    @property
    def article(self) -> bool:
        """Whether it is a whole article, and each sentence a paragraph."""
        return self.id.startswith(ARTICLE)

    @property
    def text(self) -> str:
        """The whole text."""
        return self._between.join(sentence.text for sentence in self.sentences)

    @property
    def begins(self) -> tuple[int, ...]:
        """Where in the text each sentence begins."""
        lengths = (len(sentence.text) + len(self._between) for sentence in self.sentences)
        return tuple(itertools.accumulate(lengths, initial=0))[:-1]

    @property
    def _between(self) -> str:
        return "\n\n" if self.article else " "

    @property
    def held_out(self) -> bool:
        """Whether nothing may be trained on it."""
        return zlib.crc32(self.id.encode()) % HELD_OUT == 0

    @property
    def names(self) -> dict[str, tuple[str, frozenset[str]]]:
        """Entity -> its class and all its names; an entity without a name is left out."""
        found: dict[str, tuple[str, set[str]]] = {}
        for sentence in self.sentences:
            for m in sentence.mentions:
                words = sentence.text[m.begin : m.end]
                if is_name(words):
                    found.setdefault(m.entity, (m.type, set()))[1].add(words)
        return {entity: (kind, frozenset(names)) for entity, (kind, names) in found.items()}


def is_name(words: str) -> bool:
    """Whether a mention is a name, no pronoun and no role."""
    return any(part[:1].isupper() for part in words.split()) and not PRONOUN.fullmatch(words) and not ROLE.match(words)


PRONOUN = re.compile(
    r"(?i:he|she|it|they|we|i|him|her|them|us|me|his|its|their|our|my|who|whom|whose|which|that|herself|himself|itself"
    r"|themselves)"
)
ROLE = re.compile(r"(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Mm]y|[Oo]ur|[Yy]our|[Tt]his|That|Both) [a-z]")


def passages() -> Iterator[Passage]:
    """All passages, files in the order of their names; then all items."""
    for path in sorted((DATA / "passages").glob("*.txt")):
        for number, lines in enumerate(_groups(path.read_text(encoding="utf-8").splitlines())):
            yield _passage(f"{path.stem}-{number:04d}", lines)
    for path in sorted((DATA / "items").glob("*.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            if line.strip():
                yield _passage(f"{path.stem}:{number}", [line])


def _groups(lines: list[str]) -> Iterator[list[str]]:
    group: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            group.append(line)
        elif group:
            yield group
            group = []


def _passage(name: str, lines: list[str]) -> Passage:
    classes = {mark: CLASSES[kind] for line in lines for mark, kind, _ in MARK.findall(line) if kind}
    return Passage(id=name, sentences=tuple(_marking(line, classes) for line in lines))


def _marking(line: str, classes: dict[str, str]) -> Marking:
    body, _, facts = line.strip().rpartition(" || ")
    text, at = "", 0
    mentions: list[Marked] = []
    for mark in MARK.finditer(body):
        text += body[at : mark.start()]
        at = mark.end()
        if mark[1] in classes:
            mentions.append(
                Marked(begin=len(text), end=len(text) + len(mark[3]), entity=mark[1], type=classes[mark[1]])
            )
        text += mark[3]
    here = {m.entity for m in mentions}
    found = (FACT.fullmatch(fact) for fact in facts.split(";"))
    stated = tuple(
        Stated(
            subject=fact[2], relations=tuple(fact[3].split("/")), object=fact[4], mode=fact[5] or "actual",
            source=fact[6] or "", across=bool(fact[1]),
        )
        for fact in found
        if fact and {fact[2], fact[4]} <= (classes.keys() if fact[1] else here) and fact[2] != fact[4]
    )  # fmt: skip
    return Marking(text=text + body[at:], mentions=tuple(mentions), facts=stated)
