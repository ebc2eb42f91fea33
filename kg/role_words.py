"""Role phrases on the surface: which words of a text are a title or a role, whatever the parser makes of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kg.ontology import Ontology
from kg.referents import Context, Referent
from kg.types import LexicalEntry, Tense

INNER_PREPOSITIONS = frozenset({"of", "in", "for", "at", "to", "on", "with", "by"})
PERSONS = frozenset({"Person", "Group"})
BODIES = frozenset("board boards council cabinet committee college court house chamber panel conference".split())
MAX_WORDS = 7
HEADS = frozenset({"NOUN", "PROPN", "ADJ"})
"""What the last word of a role is by its part of speech."""
MODIFYING = frozenset({"JJ", "NN", "NNP", "VBN", "HYPH"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role phrase: its words tokens[start:stop], its title, for whom (`bodies`) and who holds it (`holders`)."""

    entries: tuple[LexicalEntry, ...]
    start: int
    stop: int
    head: int
    title: str
    bodies: tuple[Referent, ...]
    holders: tuple[Referent, ...]
    tense: Tense
    trigger: int
    """The token whose factuality decides: the copula or naming verb, else the role's head."""
    how: str
    derived: bool = False
    """Whether it follows from another role of the same words and is no position of its own."""
    employers: tuple[Referent, ...] = ()
    """Bodies around the one that is led: in "head of the Cyber Project at the Elm Centre" the centre."""
    title_at: tuple[int, int] = (0, 0)
    """The tokens of the title, from its first modifier to its last word."""
    plural: bool = False
    part: bool = False
    """Whether it is a post for a part of the body's work: "director of operations at X" does not lead X."""

    @property
    def timed(self) -> bool:
        """Whether the time of the trigger's clause is the role's: "became head in May", not "head X said in May"."""
        return self.how == "copula"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleIndex:
    """Role entries by their words in English order, ("deputy", "secretary", "of", "state"), and who may hold them."""

    entries: Mapping[tuple[str, ...], tuple[LexicalEntry, ...]]
    holders: Mapping[str, frozenset[str]]
    """By an entry's name the classes of its holder; none for anything."""
    openings: frozenset[str]
    """The first words of the entries of several words."""
    mutual: frozenset[str]
    """The relations that hold both ways: brothers are brothers of one another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleWords:
    """tokens[start:stop] are the words of these entries; `allowed` are the classes of those who may hold the role."""

    start: int
    stop: int
    entries: tuple[LexicalEntry, ...]
    plural: bool
    allowed: frozenset[str]
    last: str
    """The last word as a title has it: in the singular, written out."""


def role_index(ontology: Ontology) -> RoleIndex:
    """What the role entries of the lexicon say, made ready for looking up."""
    index: dict[tuple[str, ...], list[LexicalEntry]] = {}
    holders: dict[str, frozenset[str]] = {}
    for entries in ontology.roles.values():
        for entry in entries:
            holders[entry.name] = _holder_classes(ontology, entry)
            for words in entry.words:
                head, rest = words[0], words[1:]
                inner = next((n for n, word in enumerate(rest) if word in INNER_PREPOSITIONS), len(rest))
                index.setdefault((*rest[:inner], head, *rest[inner:]), []).append(entry)
    return RoleIndex(
        entries={words: tuple(dict.fromkeys(entries)) for words, entries in index.items()},
        holders=holders,
        openings=frozenset(words[0] for words in index if len(words) > 1),
        mutual=frozenset(name for name, relation in ontology.relations.items() if relation.symmetric),
    )


def _holder_classes(ontology: Ontology, entry: LexicalEntry) -> frozenset[str]:
    if entry.position:
        return PERSONS
    relation = ontology.relations[entry.relation]
    if is_reversed(entry):
        return entry.object_types or relation.range
    return entry.subject_types or relation.domain


def tells_nationality(context: Context, role: Role, body: Referent) -> bool:
    """Whether a state or people in front of an occupation tells whose citizen its holder is ("the French novelist X"),
    and not for whom it is held ("the French ambassador", "France's chief scout")."""
    tokens = context.parse.tokens
    if {tokens[role.head].lemma.casefold(), *role.title.casefold().split()[-1:]} & context.cue("state-role"):
        return False  # a counterpart's title stands elsewhere
    if tokens[role.head].text == "Attorney" and tokens[body.token].tag.startswith("NNP"):
        return False  # "United States Attorney": an office, where "the American attorney" is a lawyer
    between = tokens[body.token + 1 : role.title_at[0]]
    in_front = (
        body.type in ("Country", "Group") and body.token < role.title_at[0] and all(t.tag in MODIFYING for t in between)
    )
    return body.demonym or in_front


def is_reversed(entry: LexicalEntry) -> bool:
    """Whether the body is the relation's subject: whose book it is wrote it."""
    return any(frame.subject == "org" for frame in entry.frames)


def role_words(context: Context, index: RoleIndex) -> Iterator[RoleWords]:
    """The role phrases of the text, left to right, the longest at each place; none inside a name."""
    tokens = context.parse.tokens
    i = 0
    while i < len(tokens):
        skipped = _inside_name(context, i) or tokens[i].text == "-" or _makes_a_body(context, i)
        skipped = skipped or _is_fellow(context, i)
        found = None if skipped else _longest(context, index, i)
        if found:
            yield found
        i = found.stop if found else i + 1


def _longest(context: Context, index: RoleIndex, i: int) -> RoleWords | None:
    tokens, sentence = context.parse.tokens, context.parse.sentence_of
    words = MAX_WORDS if _full(tokens[i].text) in index.openings else 1
    if words == 1 and tokens[i].pos not in HEADS:
        return None
    for stop in range(min(i + words, len(tokens)), i, -1):
        last = tokens[stop - 1]
        if last.pos not in HEADS or sentence[stop - 1] != sentence[i]:
            continue
        if last.pos == "ADJ" and stop == i + 1 and not (last.dep == "amod" and _inside_name(context, stop)):
            continue  # "rival Acme", not "private companies"
        before = tuple(_full(t.text) for t in tokens[i : stop - 1] if t.text not in ("-", "."))
        for ending, plural in _endings(last.text, last.lemma, last.tag).items():
            entries = index.entries.get((*before, ending))
            if entries is not None:
                classes = [index.holders[e.name] for e in entries]
                allowed = frozenset[str]() if not all(classes) else frozenset().union(*classes)
                same = last.text.casefold().startswith(ending)  # "MPs"
                shown = last.text[: len(ending)] if same else ending.title() if last.text[:1].isupper() else ending
                return RoleWords(start=i, stop=stop, entries=entries, plural=plural, allowed=allowed, last=shown)
    return None


@lru_cache(maxsize=20_000)
def _endings(word: str, lemma: str, tag: str) -> Mapping[str, bool]:
    """Forms under which a role's last word may stand in the lexicon, and whether it is a plural then."""
    text = _full(word)
    forms = {text: tag in ("NNS", "NNPS")}
    forms.setdefault(lemma.casefold(), tag in ("NNS", "NNPS"))
    forms.setdefault(text.removesuffix("s"), True)
    forms.setdefault(f"{text.removesuffix('ies')}y" if text.endswith("ies") else text, True)
    forms.setdefault(text.replace("men", "man"), True)
    return forms


@lru_cache(maxsize=20_000)
def _full(word: str) -> str:
    """The word in lower case, a short form of a title written out: "Sen." is senator."""
    word = word.casefold()
    return short_titles().get(word, word)


@lru_cache(maxsize=1)
def short_titles() -> Mapping[str, str]:
    """Short forms of titles, with their dot, and the words they are short for."""
    rows = (Path(__file__).parent / "tables" / "title_forms.tsv").read_text(encoding="utf-8").splitlines()
    return dict(row.split("\t") for row in rows if row and not row.startswith("#"))


def _is_fellow(context: Context, i: int) -> bool:
    """Whether "fellow" only says that somebody is one too: "a fellow leftist"."""
    tokens = context.parse.tokens
    noun = i + 1 < len(tokens) and tokens[i + 1].tag in ("NN", "NNS", "JJ") and tokens[i + 1].text.islower()
    return tokens[i].text == "fellow" and noun


def _makes_a_body(context: Context, i: int) -> bool:
    """Whether the role at token i tells of whom a body is made: "the Board of Governors", "a council of ministers"."""
    tokens = context.parse.tokens
    return (
        i > 1
        and tokens[i - 1].text == "of"
        and tokens[i].tag in ("NNS", "NNPS")
        and (tokens[i - 2].text.casefold() in BODIES)
    )


def _inside_name(context: Context, i: int) -> bool:
    mention = context.at.get(i)
    return mention is not None and mention.kind == "name"
