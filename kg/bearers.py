"""Who may be meant by a bare name: the bearers of a surname (or of "the foreign ministry") that have a full name.

The answer is kept for each kind of question, so that a surname of many bearers in many documents is no square of work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.gazetteer import fold
from kg.profiles import Profile, contradict, skeleton


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The components that a bare name may join, sorted, and why if it is just one; `shared` says that full names
    with this very word exist."""

    roots: tuple[int, ...]
    reason: str
    shared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bearer:
    """What the full names of one component tell."""

    genders: frozenset[str]
    suffixes: frozenset[str]
    births: frozenset[int]
    features: frozenset[str]


class Bearers:
    """The components with full names by the bare words that they can be called by."""

    def __init__(self, components: Mapping[int, Sequence[Profile]]) -> None:
        self._bearers = {root: _bearer(profiles) for root, profiles in components.items()}
        self._called: dict[tuple[str, ...], set[int]] = defaultdict(set)
        for root, profiles in components.items():
            for profile in profiles:
                for word in bare_words(profile):
                    self._called["word", profile.family, word].add(root)
                    self._called["sound", profile.family, skeleton(word)].add(root)
                if profile.person is not None and profile.person.given:
                    for document in profile.documents:
                        self._called["first", profile.person.given[0], document].add(root)
        self._fits: dict[tuple[object, ...], tuple[int, ...]] = {}
        self._sharing: dict[tuple[object, ...], tuple[int, ...]] = {}
        self._having: dict[tuple[object, ...], Mapping[str, list[int]]] = {}

    def find(self, profile: Profile) -> Found:
        """The components that this bare name may join: gender, suffix and year of birth agree; if several, the one
        with an office, an organisation or the year in common."""
        word = bare_word(profile)
        exact = ("word", profile.family, word)
        shared = exact in self._called
        if shared:
            reason = f"the only {profile.name} of the corpus with a full name"
            return Found(roots=self._fitting(profile, exact), reason=reason, shared=True)
        if len(skeleton(word)) >= 3:
            roots = self._fitting(profile, ("sound", profile.family, skeleton(word)))
            if roots:
                reason = f"the only {profile.name} of the corpus with a full name, spelled otherwise"
                return Found(roots=roots, reason=reason, shared=False)
        roots = self._fitting(profile, ("first", word, profile.members[0][0])) if profile.family == "person" else ()
        return Found(roots=roots, reason="the only one of that first name in the document", shared=False)

    def _fitting(self, profile: Profile, key: tuple[str, ...]) -> tuple[int, ...]:
        suffix = profile.person.suffix if profile.person is not None else None
        question = (key, profile.gender, suffix, profile.births)
        if question not in self._fits:
            self._fits[question] = self._agreeing(profile, suffix, sorted(self._called.get(key, ())))
        fits = self._fits[question]
        if len(fits) < 2:
            return fits
        features = _features((profile,))
        narrower = (question, features)
        if narrower not in self._sharing:
            if question not in self._having:
                self._having[question] = self._by_feature(fits)
            self._sharing[narrower] = _sharers(fits, features, self._having[question])
        return self._sharing[narrower]

    def _agreeing(self, profile: Profile, suffix: str | None, roots: Iterable[int]) -> tuple[int, ...]:
        fits: list[int] = []
        for root in roots:
            bearer = self._bearers[root]
            other_gender = profile.gender and bearer.genders and profile.gender not in bearer.genders
            if not other_gender and not contradict(profile.births, bearer.births):
                fits.append(root)
        if suffix is not None and len(fits) > 1:
            fits = [root for root in fits if suffix in self._bearers[root].suffixes] or fits
        return tuple(fits)

    def _by_feature(self, fits: tuple[int, ...]) -> Mapping[str, list[int]]:
        having: dict[str, list[int]] = defaultdict(list)
        for root in fits:
            for feature in self._bearers[root].features:
                having[feature].append(root)
        return having


def _sharers(fits: tuple[int, ...], features: frozenset[str], having: Mapping[str, list[int]]) -> tuple[int, ...]:
    """The one of these that has something in common with the bare name; all of them if none has, or several."""
    sharing: set[int] = set()
    for feature in features:
        sharing.update(having.get(feature, ())[:2])
        if len(sharing) > 1:
            return fits
    return tuple(sharing) or fits


def _bearer(profiles: Sequence[Profile]) -> _Bearer:
    return _Bearer(
        genders=frozenset(profile.gender for profile in profiles if profile.gender),
        suffixes=frozenset(profile.person.suffix for profile in profiles if profile.person is not None),
        births=frozenset().union(*(profile.births for profile in profiles)),
        features=_features(profiles),
    )


def _features(profiles: Iterable[Profile]) -> frozenset[str]:
    """What is known beside names: offices, organisations and years of birth.

    A vice president and a president of one surname are more likely one than the president and a sister.
    """
    found: set[str] = set()
    for profile in profiles:
        found.update(f"office {role.rsplit(' ', 1)[-1]}" for role in profile.roles)
        found.update(f"of {organization}" for organization in profile.organizations)
        found.update(f"born {year}" for year in profile.births)
    return frozenset(found)


def bare_word(profile: Profile) -> str:
    """The word of a bare name: the family name, or the words of "foreign ministry"."""
    if profile.person is not None:
        return profile.person.family
    return " ".join(sorted(profile.organization.core)) if profile.organization else profile.name


def bare_words(profile: Profile) -> tuple[str, ...]:
    """The bare names that a full name can be called by: the family name, and single words that a document uses."""
    if profile.person is not None:
        return tuple(sorted({profile.person.family, *_single_words(profile)}))
    if profile.organization is not None and profile.organization.national:
        return (" ".join(sorted(profile.organization.core)),)
    return ()


def _single_words(profile: Profile) -> Iterable[str]:
    first = profile.person.given[:1] if profile.person else ()
    return (word for form, _ in profile.forms if " " not in form and (word := fold(form)) not in first)
