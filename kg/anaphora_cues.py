"""Cues that a definite noun or "it" takes up an entity: class, name, description and title, nearness, salience.

Their weights are the table TABLE, which `scripts/train_anaphora.py` writes.  A cue of a noun begins with n, one of "it"
with i.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kg.descriptions import Description, origins
from kg.name_words import load_words
from kg.nominals import ACCUSED, ACCUSING, BODY_KINDS, CLASSES, TRADES, Title, has_age, noun_gender
from kg.reference_reader import NOBODY
from kg.referents import Context
from kg.salience import Place
from kg.syntax import ancestors, children
from kg.types import LocalEntity, Parse

THING = frozenset({"it", "its", "itself"})
TABLE = "anaphora_weights.tsv"
OLD = "old"
"""The noun of "the 42-year-old"."""
NO_THINGS = frozenset({"Person", "Group"})
SUBJECTS = frozenset({"nsubj", "nsubjpass"})
ARGUMENTS = frozenset({*SUBJECTS, "dobj", "pobj", "attr"})
ALLOWED = {
    "Person": frozenset({"Person"}),
    "Organization": frozenset({"Organization", "Work", "Product"}),
    "Country": frozenset({"Country", "Place"}),
    "Place": frozenset({"Place", "Country"}),
}
"""Class of a noun -> the classes of what it may mean: papers are works, makers may be taken for what they make."""
KINDS = (*BODY_KINDS, *TRADES)
LEVELS = (0.3, 1.0, 2.5)
"""Bounds of how many references an entity has had."""
BACK = 150
"""Tokens back in which "a mill" makes "the mill" that one."""
NOWHERE = Place(role="", verb=-1, above=(), quote=None)


@dataclass(slots=True)
class Known:
    """What the text has shown of an entity so far, and where its last mention stands."""

    entity: LocalEntity
    order: int
    """How many entities the text mentioned before it."""
    opened: int
    """The sentence of its first mention."""
    head: int = -1
    sentence: int = -1
    block: int = -1
    form: str = ""
    place: Place = NOWHERE
    count: int = 0
    subject: int = 0
    """How often it was a subject."""
    words: Sequence[str] = ()
    """The lower-case words of all its names, sorted."""
    did: set[str] = field(default_factory=set)
    """Verbs that it is the subject of, or the agent."""
    underwent: set[str] = field(default_factory=set)
    """Verbs that it is the object of."""

    def __post_init__(self) -> None:
        names = {self.entity.name or "", *self.entity.aliases}
        self.words = sorted({w.casefold().strip(".,'’") for name in names for w in name.replace("-", " ").split()})

    def seen(self, head: int, sentence: int, block: int, form: str, place: Place) -> None:
        """Take note of a mention."""
        self.head, self.sentence, self.block, self.form, self.place = head, sentence, block, form, place
        self.count += 1
        self.subject += place.role == "subj"

    def acts(self, parse: Parse, head: int) -> None:
        """Take note of what the mention at `head` does, or is done to it."""
        token = parse.tokens[head]
        verb = parse.tokens[token.head]
        if token.dep == "pobj" and verb.dep == "agent":
            self.did.add(parse.tokens[verb.head].lemma)
        elif verb.pos == "VERB" and token.dep == "nsubj":
            self.did.add(verb.lemma)
        elif verb.pos == "VERB" and token.dep in ("nsubjpass", "dobj"):
            self.underwent.add(verb.lemma)


@dataclass(slots=True)
class About:
    """What a text says of its entities, read up to some token."""

    context: Context
    titles: Sequence[Title]
    told: Sequence[Description]
    nouns: dict[str, set[str]] = field(default_factory=dict)
    """Entity -> the nouns that it is described by."""
    words: dict[str, set[str]] = field(default_factory=dict)
    """Entity -> these nouns with what modifies them."""
    origins: dict[str, set[str]] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)
    """The nouns that some entity is described by."""
    holders: dict[str, dict[str, Title]] = field(default_factory=dict)
    """Head of a title -> its holders with their last such title, the latest last."""
    offices: set[str] = field(default_factory=set)
    """All words of titles."""
    _titles: int = 0
    _told: int = 0

    def read_to(self, i: int) -> None:
        """Take note of what stands before token i."""
        while self._told < len(self.told) and self.told[self._told].token < i:
            d = self.told[self._told]
            self.nouns.setdefault(d.entity, set()).add(d.noun)
            self.words.setdefault(d.entity, set()).update(d.words)
            self.origins.setdefault(d.entity, set()).update(d.origins)
            self.called.add(d.noun)
            self._told += 1
        while self._titles < len(self.titles) and self.titles[self._titles].token < i:
            t = self.titles[self._titles]
            held = self.holders.setdefault(self.context.parse.tokens[t.token].lemma.casefold(), {})
            held.pop(t.holder, None)
            held[t.holder] = t
            self.offices |= t.words
            self._titles += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A definite noun or "it" at token i: its lemma, class by the lexicon, determiner, modifiers and place."""

    i: int
    sentence: int
    block: int
    noun: str
    thing: bool
    kind: str
    """The noun's class, or how "it" stands."""
    determiner: str
    modifiers: frozenset[str]
    states: frozenset[str]
    place: Place
    gender: str = ""
    aged: bool = False
    """Whether it tells an age: "the 61-year-old envoy"."""

    def allows(self, known: Known) -> bool:
        """Whether an entity may be meant at all."""
        kind = known.entity.type
        if self.thing:
            return kind not in NO_THINGS
        if self.noun in ACCUSED and not known.underwent & ACCUSING:
            return False
        return self.kind not in ALLOWED or kind in ALLOWED[self.kind]


def reference(context: Context, i: int, place: Place) -> Reference:
    """The reference at token i."""
    parse = context.parse
    token = parse.tokens[i]
    sentence = parse.sentence_of[i]
    word = token.text.casefold()
    thing = word in THING
    lemma = "it" if thing else OLD if word.endswith("-year-old") else token.lemma.casefold()
    if thing:
        kind = "its" if word == "its" else place.role.rstrip("+")
    else:
        kind = _class_of(context, lemma)
    front = [c for c in parse.children[i] if c < i]
    determiner = next((parse.tokens[c].text.casefold() for c in front if parse.tokens[c].dep in ("det", "poss")), "")
    return Reference(
        i=i, sentence=sentence, block=parse.sentences[sentence].block, noun=lemma, thing=thing, kind=kind,
        determiner=determiner,
        modifiers=_modifiers(context, front),
        states=frozenset() if thing else origins(context, i), place=place,
        gender=noun_gender(context, lemma) or "",
        aged=not thing and (lemma == OLD or has_age(context, i)),
    )  # fmt: skip


def _modifiers(context: Context, front: Sequence[int]) -> frozenset[str]:
    tokens = (context.parse.tokens[c] for c in front if c not in context.at)
    return frozenset(t.lemma.casefold() for t in tokens if t.dep in ("amod", "compound", "nmod")) - {OLD}


def _class_of(context: Context, lemma: str) -> str:
    if lemma == OLD:
        return "Person"
    found = next((kind for cue, kind in CLASSES if lemma in context.cue(cue)), None)
    if found is not None:
        return found
    if lemma in context.cue("nominal-Person") or noun_gender(context, lemma):
        return "Person"
    words = load_words()
    kind = words.nouns.get(lemma) or words.heads.get(lemma)
    return kind or ("Person" if words.is_role(lemma) else "other")


def cues(
    context: Context, r: Reference, candidates: Sequence[Known], about: About, had: Mapping[str, float]
) -> list[list[str]]:
    """For each candidate, latest first, the cues that hold of it and reference r, then those of none of them.

    `had` says how many references of this noun each entity has had so far.
    """
    scene = _scene(context, r, candidates, about, had)
    rows = []
    for k in candidates:
        row = [*_near(context, scene, k), *_salient(scene, k)]
        row += _thing(context, scene, k) if r.thing else _named(context, scene, k)
        rows.append(row)
    return [*rows, [*_none(scene), *(_no_thing if r.thing else _no_noun)(context, scene)]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """What all candidates of one reference have in common, worked out once."""

    r: Reference
    p: str
    """What begins the cues of this kind of reference."""
    q: str
    """The same with its class."""
    about: About
    had: Mapping[str, float]
    titles: Mapping[str, Sequence[str]]
    """Holder of a title with this noun -> how it fits."""
    rank: Mapping[str, int]
    """Entities by how lately they were mentioned, each among those of its class."""
    most: Mapping[str, int]
    """Class -> how often its commonest entity was mentioned."""
    first: Mapping[str, int]
    """Class -> the order of the one that the text mentioned first."""
    leading: str
    """The main subject of the sentence before, if it is a candidate."""
    candidates: int
    compatible: int
    """How many candidates are of the noun's class."""


def _scene(
    context: Context, r: Reference, candidates: Sequence[Known], about: About, had: Mapping[str, float]
) -> _Scene:
    rank: dict[str, int] = {}
    seen: dict[str, int] = {}
    most: dict[str, int] = {}
    first: dict[str, int] = {}
    for k in candidates:
        kind = k.entity.type
        rank[k.entity.id] = seen.get(kind, 0)
        seen[kind] = seen.get(kind, 0) + 1
        most[kind] = max(most.get(kind, 0), k.count)
        first[kind] = min(first.get(kind, k.order), k.order)
    lately = (k for k in candidates if k.sentence == r.sentence - 1)
    leading = (k.entity.id for k in lately if k.place.role == "subj" and len(k.place.above) == 1)
    kinds = {r.kind, "Country"} if r.kind == "Place" else {r.kind}
    p = "i" if r.thing else "n"
    return _Scene(
        r=r, p=p, q=f"{p}{r.kind}", about=about, had=had, titles={} if r.thing else _titles(context, r, about),
        rank=rank, most=most, first=first, leading=next(leading, ""), candidates=len(candidates),
        compatible=sum(1 for k in candidates if r.kind not in ALLOWED or k.entity.type in kinds),
    )  # fmt: skip


def _titles(context: Context, r: Reference, about: About) -> dict[str, list[str]]:
    front = (r.modifiers - context.cue("former")) | {r.noun}
    former = bool(r.modifiers & context.cue("former"))
    found: dict[str, list[str]] = {}
    for holder, title in about.holders.get(r.noun, {}).items():
        how = "full" if front <= title.words else "head"
        bodies = "same" if not r.states or r.states & title.bodies else "other"
        found[holder] = [f"{how}:{len(front)}:{bodies}:{title.former == former}"]
    if found:
        found[next(reversed(found))] += ["last", f"last:{min(len(found), 3)}"]
    return found


def _near(context: Context, s: _Scene, k: Known) -> Iterator[str]:
    r, p, q = s.r, s.p, s.q
    back = r.sentence - k.sentence
    near = min(back, 6) if back < 10 else 7 if back < 25 else 8
    rank = min(s.rank[k.entity.id], 5)
    role = k.place.role
    yield f"{p}rank:{rank}"
    yield f"{q}rank:{rank}:{min(back, 2)}"
    yield f"{p}back:{near}"
    yield f"{q}back:{min(back, 4)}"
    yield f"{p}role:{role}:{min(back, 2)}"
    yield f"{p}role:{role}:{r.place.role}:{min(back, 1)}"
    yield f"{p}form:{k.form}:{min(back, 2)}"
    yield f"{p}blocks:{min(r.block - k.block, 3)}:{min(back, 2)}"
    if k.entity.id == s.leading:
        yield f"{q}leading"
        yield f"{p}leading:{r.place.role}"
    if back == 0:
        yield f"{p}near:{min((r.i - k.head).bit_length(), 6)}"
        if k.place.verb >= 0 and k.place.verb == r.place.verb:
            yield f"{p}clause:{role}:{r.place.role}"
        elif k.place.verb in r.place.above:
            yield f"{p}above:{role}:{r.place.role}"
        if k.head in ancestors(context.parse, r.i):
            yield f"{p}inside"
    if (k.place.quote is None) != (r.place.quote is None):
        yield f"{p}quote:{k.place.quote is None}"


def _salient(s: _Scene, k: Known) -> Iterator[str]:
    r, p, q, e = s.r, s.p, s.q, k.entity
    yield f"{p}count:{min(k.count, 6)}"
    yield f"{p}subject:{min(k.subject, 3)}"
    if k.count == s.most[e.type] and k.count > 1:
        yield f"{p}most:{e.type}"
        yield f"{q}most"
    if k.order == s.first[e.type]:
        yield f"{p}first:{e.type}"
        yield f"{q}first"
    if k.order == 0:
        yield f"{p}opens"
    if k.opened == k.sentence and k.count == 1:
        yield f"{p}fresh:{min(r.sentence - k.sentence, 3)}"
    yield f"{q}:{e.type}"
    total = sum(s.had.values())
    own = s.had.get(e.id, 0.0)
    level = sum(own >= x for x in LEVELS)
    others = total - own - s.had.get(NOBODY, 0.0)
    yield f"{p}had:{level}:{sum(others >= x for x in LEVELS)}"
    yield f"{q}had:{level}"


def _named(context: Context, s: _Scene, k: Known) -> Iterator[str]:
    r, e = s.r, k.entity
    yield f"nl:{r.noun}:{e.type}"
    if r.noun in k.words:
        yield "nin-name"
        yield f"nin-name:{e.type}"
    elif len(r.noun) > 3 and e.type != "Person" and any(r.noun in w for w in k.words):
        yield "npart-name"
    if e.type != "Person":
        for w in k.words:
            if len(w) > 2:
                yield f"np:{r.noun}:{w}"
        told = {*s.about.words.get(e.id, ()), *k.words}
        kinds = {c for c in KINDS if r.noun in context.cue(c)}
        if kinds:
            own = {c for c in KINDS if told & context.cue(c)}
            yield f"nkind:{'same' if kinds & own else 'other' if own else 'silent'}"
    for verb in sorted(k.did):
        yield f"nv:{r.noun}:{verb}"
        if r.noun.endswith(("er", "or")) and len(verb) > 2 and r.noun.startswith(verb.removesuffix("e")):
            yield "ndoer"
    for verb in sorted(k.underwent):
        yield f"nu:{r.noun}:{verb}"
    yield from _described(s, k)
    if r.gender and e.type == "Person":
        yield f"ngender:{'same' if e.gender == r.gender else 'unknown' if e.gender is None else 'other'}"
    yield f"ndet:{r.determiner}:{e.type}"
    if r.determiner != "the":
        yield f"ndet:{r.determiner}:{r.noun}:{e.type}"


def _described(s: _Scene, k: Known) -> Iterator[str]:
    """What the text calls the entity, where from, and which titles it has."""
    r, e = s.r, k.entity
    nouns = s.about.nouns.get(e.id, set())
    if r.noun in nouns:
        yield "ntold"
        yield f"ntold:{e.type}"
    elif r.noun in s.about.called:
        yield "ntold-other"
    for d in sorted(nouns):
        if d and d != r.noun:
            yield f"nd:{r.noun}:{d}"
            yield "nd"
    if r.modifiers:
        shared = len(r.modifiers & {*s.about.words.get(e.id, ()), *k.words})
        yield f"nmods:{min(shared, 2)}:{min(len(r.modifiers), 2)}"
    if r.states:
        of = s.about.origins.get(e.id, set())
        yield f"nstates:{'same' if r.states <= of else 'other' if of else 'none'}:{e.type}"
        if e.id in r.states:
            yield "nstate-itself"
    for how in s.titles.get(e.id, ()):
        yield f"ntitle:{how}"
    if s.titles and e.id not in s.titles and e.type == "Person":
        yield "ntitle:others"


def _thing(context: Context, s: _Scene, k: Known) -> Iterator[str]:
    """How far other things stand between the candidate and "it", and how it owns what is its."""
    r, parse = s.r, context.parse
    back = r.sentence - k.sentence
    yield f"it:{k.entity.type}:{r.kind}:{min(back, 2)}"
    if back > 1:
        return
    rivals = [t for t in parse.tokens[k.head + 1 : r.i] if t.tag == "NN" and t.i not in context.at]
    yield f"irivals:{min(sum(t.dep in ARGUMENTS for t in rivals), 4)}:{back}"
    yield f"isubjects:{min(sum(t.dep in SUBJECTS for t in rivals), 2)}:{back}:{r.kind}"
    if r.kind == "its":
        head, owned = parse.tokens[k.head], parse.tokens[parse.tokens[r.i].head]
        if owned.dep == "conj" and owned.head == head.i:
            yield "ibeside"
        if back == 0 and r.place.verb >= 0 and head.head == r.place.verb and head.dep in SUBJECTS:
            yield "iagent"


def _none(s: _Scene) -> Iterator[str]:
    """That the reference takes up none of the candidates."""
    r, p = s.r, s.p
    yield f"{p}none"
    yield f"{p}none:{r.kind}"
    yield f"{p}none:{r.kind}:{min(s.candidates, 4)}"
    yield f"{p}none-at:{min(r.sentence, 3)}"
    yield f"{p}none-role:{r.place.role}"
    none = s.had.get(NOBODY, 0.0)
    some = sum(s.had.values()) - none
    yield f"{p}none-had:{sum(none >= x for x in LEVELS)}:{sum(some >= x for x in LEVELS)}"
    if r.place.quote is not None:
        yield f"{p}none-quoted"


def _no_thing(context: Context, s: _Scene) -> Iterator[str]:
    """That "it" is something without a name: what its verb is, and what the subjects near are."""
    r, parse = s.r, context.parse
    start = parse.sentences[r.sentence].start
    before = parse.sentences[max(0, r.sentence - 1)].start
    yield f"inone-verb:{parse.tokens[parse.tokens[r.i].head].lemma}"
    here = next((t for t in reversed(parse.tokens[start : r.i]) if t.dep in SUBJECTS), None)
    there = next((t for t in parse.tokens[before:start] if t.dep in SUBJECTS), None)
    for where, subject in (("subject", here), ("before", there)):
        if subject is not None:
            yield f"inone-{where}:{subject.tag if subject.i not in context.at else 'name'}:{r.kind}"


def _no_noun(context: Context, s: _Scene) -> Iterator[str]:
    """That the noun is something without a name: how it is told apart, and whether the text has brought it up."""
    r, parse = s.r, context.parse
    yield f"nnone-l:{r.noun}"
    yield f"nnone-det:{r.determiner}"
    yield f"nnone-det:{r.determiner}:{r.kind}"
    yield f"nnone-fit:{min(s.compatible, 4)}:{r.kind}"
    yield f"nnone-mods:{min(len(r.modifiers), 2)}"
    for m in sorted(r.modifiers):
        yield f"nnone-m:{m}"
    comma = r.i + 1 < len(parse.tokens) and parse.tokens[r.i + 1].text == ","
    for c in parse.children[r.i]:
        dep = parse.tokens[c].dep
        if dep == "prep" and c > r.i:
            word = parse.tokens[c].text.casefold()
            yield f"nnone-prep:{word}:{c == r.i + 1}"
            yield f"nnone-prep:{word}:{r.kind}"
        elif dep in ("relcl", "acl", "appos", "nummod"):
            yield f"nnone-{dep}:{comma}"
    yield f"nnone-called:{r.noun in s.about.called}"
    yield f"nnone-title:{bool(s.titles)}"
    if r.aged:
        yield "nnone-aged"
    if parse.tokens[r.i].text[:1].isupper():
        yield "nnone-upper"
    if _is_new(context, r):
        yield f"nnone-new:{r.kind}"
        yield "nnone-new"


def _is_new(context: Context, r: Reference) -> bool:
    """Whether the text spoke of "a mill", of no name, before it says "the mill"."""
    parse = context.parse
    return any(
        t.tag == "NN"
        and t.lemma.casefold() == r.noun
        and t.i not in context.at
        and any(parse.tokens[c].text.casefold() in ("a", "an") for c in children(parse, t.i, "det"))
        and not any(x in context.at for x in (*children(parse, t.i, "appos", "compound"), t.head))
        for t in parse.tokens[max(0, r.i - BACK) : r.i]
    )
