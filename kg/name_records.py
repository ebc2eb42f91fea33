"""Records that clustering names passes around."""

from __future__ import annotations

from dataclasses import dataclass

from kg.gazetteer import Gender
from kg.types import EntityType


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One name as it stands: its words, its type, the gender its title shows, its sentence and paragraph.

    It `opens` the paragraph when it is the first thing there, but for a title or an article.
    """

    text: str
    type: EntityType
    gender: Gender | None
    sentence: int
    paragraph: int
    opens: bool
    article: bool
    title: str
    country: str | None
    """The country that a demonym stands for, None for any other name."""


class Sets:
    """Disjoint sets of keys, each named by its first member."""

    def __init__(self) -> None:
        self.parent: dict[str, str] = {}

    def find(self, key: str) -> str:
        """The name of the key's set; an unknown key becomes a set of its own."""
        self.parent.setdefault(key, key)
        while self.parent[key] != key:
            self.parent[key] = self.parent[self.parent[key]]
            key = self.parent[key]
        return key

    def join(self, a: str, b: str) -> None:
        """Make one set of the sets of two keys, named like the first."""
        a, b = self.find(a), self.find(b)
        if a != b:
            self.parent[b] = a
