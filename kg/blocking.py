"""Block keys: profiles that share none are never compared, so that the work grows with the names, not their square."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from kg.gazetteer import Gazetteer, fold, is_acronym
from kg.profiles import Profile, skeleton

LIMIT = 60
"""A larger block is a common name: there only neighbours in alphabetical order are compared."""
WINDOW = 12


def block_keys(profile: Profile, gazetteer: Gazetteer) -> tuple[str, ...]:
    """The keys of a profile, sorted: family name by sound, family name with first name, words, letters and acronyms."""
    keys: set[str] = set()
    if profile.person is not None and not profile.person.bare:
        name = profile.person
        keys.add(f"family:{skeleton(name.family)}")
        for first in name.given[:2]:
            for root in (first, *map(fold, gazetteer.nicknames(first))):
                variant = gazetteer.name_variants.get(root, root)
                keys.add(f"person:{skeleton(name.family)} {skeleton(variant)}")
        if name.given:
            keys.add("swapped:" + " ".join(sorted((name.given[0], name.family))))
    if profile.organization is not None:
        name_words = profile.organization
        keys.add("core:" + " ".join(sorted(name_words.core)))
        keys.add("letters:" + "".join(sorted("".join(name_words.core))))
        keys.add("start:" + " ".join(name_words.words[:2]))
        if len(name_words.core) <= 2:
            keys.add("stem:" + (name_words.core[0] if name_words.core else ""))
        keys |= {f"acronym:{acronym}" for acronym in name_words.initials}
        for form, _ in profile.forms:
            if is_acronym(form):
                keys.add("acronym:" + form.replace(".", ""))
    family = profile.family
    keys |= {f"form:{fold(form).removesuffix('s')}" for form, _ in profile.forms if " " in form or family != "person"}
    return tuple(sorted(f"{family}/{key}" for key in keys))


def pairs(profiles: Sequence[Profile], gazetteer: Gazetteer) -> Iterator[tuple[int, int]]:
    """The pairs of positions to compare, each once, sorted; `profiles` are sorted by key."""
    blocks: dict[str, list[int]] = defaultdict(list)
    for position, profile in enumerate(profiles):
        for key in block_keys(profile, gazetteer):
            blocks[key].append(position)
    found: set[tuple[int, int]] = set()
    for block in blocks.values():
        found.update(block_pairs(block))
    return iter(sorted(found))


def block_pairs(block: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The pairs to compare of one block, in the order of its positions."""
    reach = len(block) if len(block) <= LIMIT else WINDOW
    for place, left in enumerate(block):
        for right in block[place + 1 : place + 1 + reach]:
            yield left, right
