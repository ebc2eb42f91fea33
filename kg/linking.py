"""Profiles that are one thing: connected components over links, never against a must-not link.

Everything is decided over sorted profiles and links, so the order of the documents does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from kg.bearers import Bearers, bare_word
from kg.blocking import pairs
from kg.entities import Verdict
from kg.gazetteer import Gazetteer
from kg.matching import THRESHOLD, Match, compare
from kg.profiles import Profile, skeleton
from kg.rulings import NO_RULINGS, Rulings

NAMED = 6
"""So many candidates are named where a name may be several people's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Why the profiles at two positions were joined or kept apart."""

    left: int
    right: int
    verdict: Verdict
    reason: str
    score: float


_ORDER = attrgetter("left", "right", "verdict", "reason", "score")
"""The order of notes; as a key it is several times quicker than comparing the records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """Positions of the profiles that are one thing, and the notes that say why, both sorted.  `unsure` are the
    positions of bare names that may be several people."""

    components: tuple[tuple[int, ...], ...]
    notes: tuple[Note, ...]
    unsure: frozenset[int]


Comparer = Callable[[Sequence[Profile]], Mapping[tuple[int, int], Match]]
"""Compares all profiles that share a block; an engine does it where there are many."""


def link(
    profiles: Sequence[Profile],
    gazetteer: Gazetteer,
    rulings: Rulings = NO_RULINGS,
    *,
    comparer: Comparer | None = None,
) -> Linked:
    """The components of profiles sorted by key; what the rulings demand goes before what names say."""
    return _Linker(profiles, gazetteer, rulings).run(comparer)


class _Forest:
    """Sets of positions that grow together; the smallest position of a set is its root."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))
        self.members: dict[int, list[int]] = {i: [i] for i in range(size)}

    def root(self, i: int) -> int:
        while self._parent[i] != i:
            self._parent[i] = self._parent[self._parent[i]]
            i = self._parent[i]
        return i

    def unite(self, left: int, right: int) -> tuple[int, int]:
        """The root of the united set, and the root that was lost (the same where nothing was to unite)."""
        a, b = sorted((self.root(left), self.root(right)))
        if a != b:
            self._parent[b] = a
            one, other = self.members[a], self.members.pop(b)
            if len(one) < len(other):  # the longer list takes the shorter, so that growing is no square of work
                one, other = other, one
            one += other
            self.members[a] = one
        return a, b


class _Linker:
    """The state of one run.  `_named` are sets that names alone have joined: inside them nothing contradicts.
    `_whole` are the same with what corrections join, which may contradict by name: sisters-in-law become one."""

    def __init__(self, profiles: Sequence[Profile], gazetteer: Gazetteer, rulings: Rulings) -> None:
        self._profiles = profiles
        self._gazetteer = gazetteer
        self._named = _Forest(len(profiles))
        self._whole = _Forest(len(profiles))
        self._matches: dict[tuple[int, int], Match] = {}
        self._notes: set[Note] = set()
        self._unsure: set[int] = set()
        self._reasons = [ruling.reason for ruling in rulings.apart]
        self._sides: dict[int, frozenset[tuple[int, int]]] = {}
        """Root in `_whole` -> the sides of never-merge rulings that stand in it."""
        self._apply(rulings)

    def run(self, comparer: Comparer | None = None) -> Linked:
        full = [i for i, profile in enumerate(self._profiles) if not profile.bare]
        named = [self._profiles[i] for i in full]
        matches = comparer(named) if comparer is not None else {}
        self._matches |= {(full[a], full[b]): match for (a, b), match in matches.items()}
        found = pairs(named, self._gazetteer) if comparer is None else sorted(matches)
        compared = [(full[a], full[b]) for a, b in found]
        for left, right in compared:
            self._note_contradiction(left, right)
        good = [(pair, match) for pair in compared if (match := self._match(*pair)).score >= THRESHOLD]
        good = [(pair, match) for pair, match in good if not match.apart]
        self._join_strong([item for item in good if item[1].weaker == "both"])
        self._join_weak([item for item in good if item[1].weaker != "both"])
        self._join_bare([i for i, profile in enumerate(self._profiles) if profile.bare], full)
        components = sorted(tuple(sorted(members)) for members in self._whole.members.values())
        return Linked(
            components=tuple(components), notes=tuple(sorted(self._notes, key=_ORDER)), unsure=frozenset(self._unsure)
        )

    # -------------------------------------------------------- corrections

    def _apply(self, rulings: Rulings) -> None:
        """Join what is ruled to be one, and mark the sides of what is ruled to be two."""
        if not rulings.together and not rulings.apart:
            return
        at = {member: i for i, profile in enumerate(self._profiles) for member in profile.members}
        for number, ruling in enumerate(rulings.apart):
            sides = [sorted({at[member] for member in side}) for side in (ruling.one, ruling.other)]
            for side, positions in enumerate(sides):
                for i in positions:
                    self._sides[i] = self._sides.get(i, frozenset()) | {(number, side)}
            for left in sides[0][:NAMED]:
                for right in sides[1][:NAMED]:
                    self._note(left, right, "apart", ruling.reason, 0.0)
        for joined in rulings.together:
            first, *others = sorted({at[member] for member in joined.members})
            for i in others:
                self._unite(first, i)
                self._note(first, i, "same", joined.reason, 1.0)

    def _forbidden(self, left: int, right: int) -> str | None:
        """The reason of the ruling that keeps the sets of two positions apart."""
        if not self._sides:
            return None
        one = self._sides.get(self._whole.root(left), frozenset())
        other = self._sides.get(self._whole.root(right), frozenset())
        found = [number for number, side in one if (number, 1 - side) in other]
        return self._reasons[min(found)] if found else None

    # -------------------------------------------------------- comparing and joining

    def _match(self, left: int, right: int) -> Match:
        pair = (min(left, right), max(left, right))
        if pair not in self._matches:
            self._matches[pair] = compare(self._profiles[pair[0]], self._profiles[pair[1]], self._gazetteer)
        return self._matches[pair]

    def _apart(self, left: int, right: int) -> str | None:
        """Why two positions cannot be one, or None."""
        if self._whole.root(left) == self._whole.root(right):
            return None
        match = self._match(left, right)
        return match.reason if match.apart else self._forbidden(left, right)

    def _note(self, left: int, right: int, verdict: Verdict, reason: str, score: float) -> None:
        a, b = sorted((left, right), key=lambda i: (self._profiles[i].name, i))
        self._notes.add(Note(left=a, right=b, verdict=verdict, reason=reason, score=round(score, 2)))

    def _note_contradiction(self, left: int, right: int) -> None:
        """Keep the reason for pairs that a reader might take for one."""
        match = self._match(left, right)
        if match.apart and self._whole.root(left) != self._whole.root(right):
            self._note(left, right, "apart", match.reason, match.score)

    def _join(self, left: int, right: int, match: Match) -> None:
        """Join two sets unless a ruling or any of their names contradict each other."""
        a, b = sorted((self._named.root(left), self._named.root(right)))
        if a != b:
            reason = self._forbidden(a, b)
            if reason is not None:
                self._note(left, right, "apart", reason, 0.0)
                return
            for i in self._named.members[a]:
                for j in self._named.members[b]:
                    if self._match(i, j).apart and self._whole.root(i) != self._whole.root(j):
                        self._note(i, j, "apart", self._match(i, j).reason, 0.0)
                        return
            self._named.unite(a, b)
            self._unite(a, b)
        self._note(left, right, "same", match.reason, match.score)

    def _unite(self, left: int, right: int) -> None:
        kept, lost = self._whole.unite(left, right)
        if kept != lost and self._sides:
            self._sides[kept] = self._sides.get(kept, frozenset()) | self._sides.pop(lost, frozenset())

    # -------------------------------------------------------- full names

    def _join_strong(self, good: list[tuple[tuple[int, int], Match]]) -> None:
        """Join by certain links, the best first.

        A name that fits two which cannot be one (George Bush: George W. or George H. W.) joins the better, or none.
        """
        beside: dict[int, list[int]] = defaultdict(list)
        for (left, right), _ in good:
            beside[left].append(right)
            beside[right].append(left)
        dropped: set[tuple[int, int]] = set()
        for middle in sorted(beside):
            for a, b in _couples(beside[middle]):
                if self._apart(a, b) is not None:
                    score_a, score_b = (self._strength(middle, i) for i in (a, b))
                    for other, own, rival in ((a, score_a, score_b), (b, score_b, score_a)):
                        if own <= rival:
                            dropped.add((min(middle, other), max(middle, other)))
                            self._note(middle, other, "apart", f"may be {self._names((a, b))}", own[0])
        for (left, right), match in sorted(good, key=lambda item: (-item[1].score, -item[1].support, item[0])):
            if (left, right) not in dropped:
                self._join(left, right, match)

    def _strength(self, left: int, right: int) -> tuple[float, int]:
        """How surely two positions are one; nothing at all where a ruling keeps them apart."""
        match = self._match(left, right)
        return (match.score, match.support) if self._forbidden(left, right) is None else (0.0, 0)

    def _names(self, positions: Iterable[int]) -> str:
        """Their names, and where known the years of birth, for namesakes are told apart by them."""
        found = (self._profiles[i] for i in positions)
        born = (f"{p.name} (born {min(p.births)})" if p.births else p.name for p in found)
        return " or ".join(sorted(born)[:NAMED])

    def _join_weak(self, good: list[tuple[tuple[int, int], Match]]) -> None:
        """Join an acronym or a short form to the one thing it can stand for."""
        targets: dict[int, dict[int, tuple[int, Match]]] = defaultdict(dict)
        for (left, right), match in sorted(good, key=lambda item: (-item[1].score, item[0])):
            weak, strong = (left, right) if match.weaker == "left" else (right, left)
            if self._forbidden(weak, strong) is None:
                targets[weak].setdefault(self._whole.root(strong), (strong, match))
        decided: list[tuple[int, int, Match]] = []
        for weak in sorted(targets):
            found = list(targets[weak].values())
            best = max(match.score for _, match in found)
            found = [(strong, match) for strong, match in found if match.score == best]
            if len(found) == 1:
                decided.append((weak, *found[0]))
                continue
            names = self._names(strong for strong, _ in found)
            for strong, match in found:
                self._note(weak, strong, "apart", f"may be {names}", match.score)
        for weak, strong, match in decided:
            self._join(weak, strong, match)

    # -------------------------------------------------------- bare names

    def _join_bare(self, bare: list[int], full: list[int]) -> None:
        """Join each document's bare surname (or "the foreign ministry") to the only bearer in the corpus."""
        components: dict[int, list[Profile]] = defaultdict(list)
        for i in full:
            components[self._whole.root(i)].append(self._profiles[i])
        bearers = Bearers(components)
        left_over: list[int] = []
        joined: list[tuple[int, int, str]] = []
        for i in bare:
            if self._whole.root(i) in components:  # a correction has said who it is
                continue
            found = bearers.find(self._profiles[i])
            roots = (
                tuple(root for root in found.roots if self._forbidden(root, i) is None) if self._sides else found.roots
            )
            if len(roots) == 1:
                joined.append((i, roots[0], found.reason))
            elif roots:
                self._unsure.add(i)
                names = self._names(roots[:NAMED])
                for root in roots[:NAMED]:
                    self._note(i, root, "apart", f"may be {names}", 0.5)
            elif found.shared:
                self._unsure.add(i)
            else:
                left_over.append(i)
        for i, root, reason in joined:
            if self._forbidden(i, root) is None:
                self._unite(root, i)
                self._note(i, root, "same", reason, 0.85)
        self._join_left_over(left_over)

    def _join_left_over(self, left_over: list[int]) -> None:
        """Bare names without any bearer: one surname is one person, unless it is both a man's and a woman's."""
        groups: dict[tuple[str, str], list[int]] = defaultdict(list)
        for i in left_over:
            profile = self._profiles[i]
            suffix = profile.person.suffix if profile.person else ""
            groups[profile.family, f"{skeleton(bare_word(profile))} {suffix}"].append(i)
        for group in groups.values():
            genders = {self._profiles[i].gender for i in group if self._profiles[i].gender}
            for gender in [*sorted(filter(None, genders)), None]:
                same = [i for i in group if len(genders) < 2 or self._profiles[i].gender == gender]
                for i in same[1:]:
                    if self._forbidden(same[0], i) is None:
                        self._unite(same[0], i)
                        self._note(same[0], i, "same", "the same name, and no fuller one in the corpus", 0.8)


def _couples(items: list[int]) -> Iterable[tuple[int, int]]:
    ordered = sorted(set(items))[:40]
    return ((a, b) for place, a in enumerate(ordered) for b in ordered[place + 1 :])
