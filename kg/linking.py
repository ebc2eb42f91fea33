"""Profiles that are one thing: connected components over links, never against a must-not link.

Everything is decided over sorted profiles and links, so the order of the documents does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from kg.blocking import pairs
from kg.gazetteer import Gazetteer, fold
from kg.matching import THRESHOLD, Match, compare
from kg.profiles import Profile, skeleton


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Link:
    """Why two names were joined ("same") or kept apart ("apart")."""

    left: str
    right: str
    verdict: Literal["same", "apart"]
    reason: str
    score: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """Positions of the profiles that are one thing, and the links that say why, both sorted.  `unsure` are the
    positions of bare names that may be several people."""

    components: tuple[tuple[int, ...], ...]
    links: tuple[Link, ...]
    unsure: frozenset[int]


def link(profiles: Sequence[Profile], gazetteer: Gazetteer) -> Linked:
    """The components of profiles sorted by key."""
    return _Linker(profiles, gazetteer).run()


class _Linker:
    """The state of one run: a forest of components, and the comparisons made so far."""

    def __init__(self, profiles: Sequence[Profile], gazetteer: Gazetteer) -> None:
        self._profiles = profiles
        self._gazetteer = gazetteer
        self._parent = list(range(len(profiles)))
        self._component: dict[int, list[int]] = {i: [i] for i in range(len(profiles))}
        self._matches: dict[tuple[int, int], Match] = {}
        self._links: set[Link] = set()
        self._unsure: set[int] = set()
        self._full: dict[int, tuple[Profile, ...]] = {}
        """Root -> the profiles of its component with full names, before any bare name has joined."""

    def run(self) -> Linked:
        full = [i for i, profile in enumerate(self._profiles) if not profile.bare]
        compared = [(full[a], full[b]) for a, b in pairs([self._profiles[i] for i in full], self._gazetteer)]
        for left, right in compared:
            self._note_contradiction(left, right)
        good = [(pair, match) for pair in compared if (match := self._match(*pair)).score >= THRESHOLD]
        good = [(pair, match) for pair, match in good if not match.apart]
        self._join_strong([item for item in good if item[1].weaker == "both"])
        self._join_weak([item for item in good if item[1].weaker != "both"])
        self._join_bare([i for i, profile in enumerate(self._profiles) if profile.bare], full)
        components = sorted(tuple(sorted(members)) for members in self._component.values())
        return Linked(components=tuple(components), links=tuple(sorted(self._links)), unsure=frozenset(self._unsure))

    # -------------------------------------------------------- comparing and joining

    def _match(self, left: int, right: int) -> Match:
        pair = (min(left, right), max(left, right))
        if pair not in self._matches:
            self._matches[pair] = compare(self._profiles[pair[0]], self._profiles[pair[1]], self._gazetteer)
        return self._matches[pair]

    def _note(self, left: int, right: int, verdict: Literal["same", "apart"], reason: str, score: float) -> None:
        a, b = sorted((self._profiles[left].name, self._profiles[right].name))
        self._links.add(Link(left=a, right=b, verdict=verdict, reason=reason, score=round(score, 2)))

    def _note_contradiction(self, left: int, right: int) -> None:
        """Keep the reason for pairs that a reader might take for one."""
        match = self._match(left, right)
        if match.apart:
            self._note(left, right, "apart", match.reason, match.score)

    def _root(self, i: int) -> int:
        while self._parent[i] != i:
            self._parent[i] = self._parent[self._parent[i]]
            i = self._parent[i]
        return i

    def _join(self, left: int, right: int, match: Match) -> bool:
        """Join two components unless any of their members contradict each other."""
        a, b = sorted((self._root(left), self._root(right)))
        if a != b:
            for i in self._component[a]:
                for j in self._component[b]:
                    if self._match(i, j).apart:
                        self._note(i, j, "apart", self._match(i, j).reason, 0.0)
                        return False
            self._unite(a, b)
        self._note(left, right, "same", match.reason, match.score)
        return True

    def _unite(self, a: int, b: int) -> None:
        """Make the component of `b` part of that of `a`, whose root stays."""
        a, b = self._root(a), self._root(b)
        if a != b:
            self._parent[b] = a
            self._component[a] += self._component.pop(b)

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
                if self._match(a, b).apart:
                    score_a, score_b = self._match(middle, a).score, self._match(middle, b).score
                    for other, own, rival in ((a, score_a, score_b), (b, score_b, score_a)):
                        if own <= rival:
                            dropped.add((min(middle, other), max(middle, other)))
                            names = " or ".join(sorted((self._profiles[a].name, self._profiles[b].name)))
                            self._note(middle, other, "apart", f"may be {names}", own)
        for (left, right), match in sorted(good, key=lambda item: (-item[1].score, item[0])):
            if (left, right) not in dropped:
                self._join(left, right, match)

    def _join_weak(self, good: list[tuple[tuple[int, int], Match]]) -> None:
        """Join an acronym or a short form to the one thing it can stand for."""
        targets: dict[int, dict[int, tuple[int, Match]]] = defaultdict(dict)
        for (left, right), match in sorted(good, key=lambda item: (-item[1].score, item[0])):
            weak, strong = (left, right) if match.weaker == "left" else (right, left)
            targets[weak].setdefault(self._root(strong), (strong, match))
        decided: list[tuple[int, int, Match]] = []
        for weak in sorted(targets):
            found = list(targets[weak].values())
            best = max(match.score for _, match in found)
            found = [(strong, match) for strong, match in found if match.score == best]
            if len(found) == 1:
                decided.append((weak, *found[0]))
                continue
            names = " or ".join(sorted(self._profiles[strong].name for strong, _ in found))
            for strong, match in found:
                self._note(weak, strong, "apart", f"may be {names}", match.score)
        for weak, strong, match in decided:
            self._join(weak, strong, match)

    # -------------------------------------------------------- bare names

    def _join_bare(self, bare: list[int], full: list[int]) -> None:
        """Join each document's bare surname (or "the foreign ministry") to the only bearer in the corpus."""
        exact: dict[tuple[str, str], set[int]] = defaultdict(set)
        by_sound: dict[tuple[str, str], set[int]] = defaultdict(set)
        by_first: dict[tuple[str, str], set[int]] = defaultdict(set)
        for i in full:
            for word in _bare_words(self._profiles[i]):
                exact[self._profiles[i].family, word].add(self._root(i))
                by_sound[self._profiles[i].family, skeleton(word)].add(self._root(i))
            person = self._profiles[i].person
            if person is not None and person.given:
                by_first["person", person.given[0]].add(self._root(i))
        for i in full:
            root = self._root(i)
            self._full[root] = (*self._full.get(root, ()), self._profiles[i])
        left_over: list[int] = []
        for i in bare:
            profile = self._profiles[i]
            word = _bare_word(profile)
            found = self._fitting(profile, exact[profile.family, word])
            reason = f"the only {profile.name} of the corpus with a full name"
            if not exact[profile.family, word] and len(skeleton(word)) >= 3:
                found = self._fitting(profile, by_sound[profile.family, skeleton(word)])
                reason = f"{reason}, spelled otherwise"
            if not found and not exact[profile.family, word]:
                document = profile.members[0][0]
                first = by_first[profile.family, word]
                found = self._fitting(profile, {root for root in first if self._occurs(root, document)})
                reason = "the only one of that first name in the document"
            if len(found) == 1:
                self._unite(found[0], i)
                self._note(i, found[0], "same", reason, 0.85)
            elif found:
                self._unsure.add(i)
                names = " or ".join(sorted(self._profiles[root].name for root in found)[:6])
                for root in found[:6]:
                    self._note(i, root, "apart", f"may be {names}", 0.5)
            elif exact[profile.family, word]:
                self._unsure.add(i)
            else:
                left_over.append(i)
        self._join_left_over(left_over)

    def _occurs(self, root: int, document: str) -> bool:
        return any(document == other for profile in self._full[root] for other, _ in profile.members)

    def _fitting(self, profile: Profile, roots: Iterable[int]) -> list[int]:
        """The components that a bare name may join: gender and suffix agree; if several, those with a role, an
        organisation or a country in common."""
        fits: list[int] = []
        for root in sorted(roots):
            genders = {member.gender for member in self._full[root] if member.gender}
            if not (profile.gender and genders and profile.gender not in genders):
                fits.append(root)
        if profile.person is not None and len(fits) > 1:
            suffix = profile.person.suffix
            same = [root for root in fits if suffix in self._suffixes(root)]
            fits = same or fits
        if len(fits) > 1:
            sharing = [root for root in fits if self._shares(profile, root)]
            fits = sharing if len(sharing) == 1 else fits
        return fits

    def _suffixes(self, root: int) -> set[str]:
        return {member.person.suffix for member in self._full[root] if member.person is not None}

    def _shares(self, profile: Profile, root: int) -> bool:
        """Whether a document gives the bare name a role or an organisation that another gives the full one.

        A vice president and a president of one surname are more likely one than the president and a sister.
        """
        offices = {role.rsplit(" ", 1)[-1] for role in profile.roles}
        return any(
            profile.organizations & member.organizations
            or any(role.rsplit(" ", 1)[-1] in offices for role in member.roles)
            for member in self._full[root]
        )

    def _join_left_over(self, left_over: list[int]) -> None:
        """Bare names without any bearer: one surname is one person, unless it is both a man's and a woman's."""
        groups: dict[tuple[str, str], list[int]] = defaultdict(list)
        for i in left_over:
            profile = self._profiles[i]
            suffix = profile.person.suffix if profile.person else ""
            groups[profile.family, f"{skeleton(_bare_word(profile))} {suffix}"].append(i)
        for group in groups.values():
            genders = {self._profiles[i].gender for i in group if self._profiles[i].gender}
            for gender in [*sorted(filter(None, genders)), None]:
                same = [i for i in group if len(genders) < 2 or self._profiles[i].gender == gender]
                for i in same[1:]:
                    self._unite(same[0], i)
                    self._note(same[0], i, "same", "the same name, and no fuller one in the corpus", 0.8)


def _bare_word(profile: Profile) -> str:
    if profile.person is not None:
        return profile.person.family
    return " ".join(sorted(profile.organization.core)) if profile.organization else profile.name


def _bare_words(profile: Profile) -> tuple[str, ...]:
    """The bare names that a full name can be called by: the family name, and single words that a document uses."""
    if profile.person is not None:
        return tuple(sorted({profile.person.family, *_single_words(profile)}))
    if profile.organization is not None and profile.organization.national:
        return (" ".join(sorted(profile.organization.core)),)
    return ()


def _single_words(profile: Profile) -> Iterable[str]:
    first = profile.person.given[:1] if profile.person else ()
    return (word for form, _ in profile.forms if " " not in form and (word := fold(form)) not in first)


def _couples(items: list[int]) -> Iterable[tuple[int, int]]:
    ordered = sorted(set(items))[:40]
    return ((a, b) for place, a in enumerate(ordered) for b in ordered[place + 1 :])
