"""What definite nouns and "it" take up: "the company", "the mill", "its director" -> a name further up, or none.

One walk through the text.  Each reference weighs the entities mentioned so far by the cues of kg/anaphora_cues.py; what
is likely enough counts as a mention for the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from kg.anaphora_cues import OLD, TABLE, THING, About, Known, Reference, cues, reference
from kg.descriptions import Description
from kg.nominals import Title, held_by, is_bound
from kg.reference_reader import NOBODY, Meant, with_reader
from kg.referents import Context
from kg.salience import Place, chances, load_weights, place_of
from kg.syntax import child, children
from kg.things import is_expletive
from kg.types import Mention, Token

DETERMINERS = frozenset({"the", "this", "that"})
OWNERS = frozenset({"his", "her", "its", "their"})
OFFICES = frozenset({"president", "premier", "chancellor", "minister", "king", "queen", "pope", "governor"})
"""Posts that somebody holds somewhere, whoever the text names."""
SEVERAL = frozenset({"pair", "duo", "couple", "trio", "quartet"})
"""Singular nouns for several: kg/groups.py reads them."""
MOST = 20
"""Entities weighed at most, those mentioned last: keeps the work linear in the length of the text."""
REACH = 60
"""Sentences back in which an antecedent is looked for."""
LEAST = 0.5
"""What is likelier than this counts as a mention."""
HELD = 0.95
"""How sure it is that a bare title means its holder: that often it did in the texts held out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was weighed for the reference at token i: the chance of each entity, the last one, NOBODY, that it takes up
    none; and the cues of each, in that order, nothing where a title alone decides."""

    token: int
    share: Mapping[str, float]
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def best(self) -> tuple[str, float]:
        """The likeliest entity, or NOBODY, with its chance."""
        return max(self.share.items(), key=lambda one: one[1])


def is_reference(context: Context, i: int) -> bool:
    """Whether token i is an "it" or a definite singular noun that no name stands beside."""
    parse = context.parse
    token = parse.tokens[i]
    word = token.text.casefold()
    if word in THING and token.tag in ("PRP", "PRP$"):
        return word != "it" or not is_expletive(parse, i)
    lemma = token.lemma.casefold()
    if lemma in SEVERAL or token.tag not in ("NN", "NNP") and not word.endswith("-year-old") and lemma != OLD:
        return False
    if token.dep in ("compound", "oprd", "nmod", "amod"):
        return False
    if any(parse.tokens[c].lemma == "base" for c in children(parse, i, "amod")):
        return False  # "the Graz-based firm" may be any of those named
    front = child(parse, i, "det", "poss")
    if front is None or front in context.at or parse.tokens[front].text.casefold() not in DETERMINERS | OWNERS:
        return False
    if parse.tokens[front].dep == "poss" and lemma in context.cue("kin"):
        return False
    return not any(
        parse.tokens[c].dep in ("appos", "compound", "nmod") and c in context.at and context.at[c].kind == "name"
        for c in parse.children[i]
    )


def _is_somebodys(token: Token, about: About) -> bool:
    """Whether a noun for an office of state is said of anybody so far: there is always a president somewhere."""
    noun = token.lemma.casefold()
    return noun not in OFFICES or noun in about.offices or noun in about.called


@dataclass(slots=True)
class _Walk:
    context: Context
    quotes: Sequence[tuple[int, int]]
    known: dict[str, Known] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)
    had: dict[str, dict[str, float]] = field(default_factory=dict)
    """For each noun, and for "it", how many each entity has had so far, NOBODY those that took up none."""

    def place(self, i: int) -> Place:
        if i not in self.places:
            self.places[i] = place_of(self.context.parse, i, self.quotes)
        return self.places[i]

    def see(self, entity: str, head: int, form: str) -> None:
        parse = self.context.parse
        sentence = parse.sentence_of[head]
        known = self.known.pop(entity, None)
        if known is None:
            known = Known(entity=self.context.entities[entity], order=len(self.known), opened=sentence)
        known.acts(parse, head)
        known.seen(head, sentence, parse.sentences[sentence].block, form, self.place(head))
        self.known[entity] = known  # the latest stands last

    def candidates(self, r: Reference) -> list[Known]:
        parse = self.context.parse
        found: list[Known] = []
        for known in reversed(self.known.values()):
            if r.sentence - known.sentence > REACH or len(found) == MOST:
                break
            bound = known.sentence == r.sentence and is_bound(parse, r.i, known.head)
            if not bound and r.allows(known):
                found.append(known)
        return found


def take_up(
    context: Context,
    titles: Sequence[Title],
    told: Sequence[Description],
    weights: Mapping[str, float] | None = None,
    quotes: Sequence[tuple[int, int, int | None]] = (),
    read: Mapping[int, Meant] = MappingProxyType({}),
) -> Iterator[Taken]:
    """What each reference takes up, in text order; `read` is whom the trained reader takes a token to mean."""
    used = load_weights(TABLE) if weights is None else weights
    walk = _Walk(context, [q[:2] for q in quotes])
    about = About(context, titles, told)
    names = _names(context)
    n = 0
    for token in context.parse.tokens:
        while n < len(names) and names[n].start <= token.i:
            walk.see(names[n].entities[0], names[n].head, names[n].kind)
            n += 1
        if token.i in context.at:
            continue
        holder = held_by(context, token.i, titles)
        if holder is not None:
            walk.see(holder, token.i, "noun")
            yield Taken(token=token.i, share={holder: HELD, NOBODY: 1 - HELD})
            continue
        about.read_to(token.i)
        if not is_reference(context, token.i) or not _is_somebodys(token, about):
            continue
        r = reference(context, token.i, walk.place(token.i))
        found = walk.candidates(r)
        had = walk.had.setdefault(r.noun, {})
        rows = cues(context, r, found, about, had)
        share = dict(zip([*(k.entity.id for k in found), NOBODY], chances(rows, used), strict=True))
        if token.i in read:
            share = with_reader(share, read[token.i])
        taken = Taken(token=token.i, share=share, rows=tuple(map(tuple, rows)))
        yield taken
        best, likely = taken.best
        had[best] = had.get(best, 0.0) + likely
        if best != NOBODY and likely >= LEAST:
            walk.see(best, token.i, "it" if r.thing else "noun")


def _names(context: Context) -> list[Mention]:
    """The names and demonyms of one entity, in text order."""
    named = {m.start: m for m in context.at.values() if m.kind in ("name", "demonym") and len(m.entities) == 1}
    return sorted(named.values(), key=lambda m: m.start)
