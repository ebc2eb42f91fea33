"""Cues that a definite noun or "it" takes up an entity: class, name, description and title, nearness, salience.

Their weights are the table `tables/anaphora_weights.tsv`, which `scripts/train_anaphora.py` writes.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kg.descriptions import Description, origins
from kg.name_words import TABLES, load_words
from kg.nominals import ACCUSED, ACCUSING, BODY_KINDS, CLASSES, TRADES, Title, has_age, is_bound
from kg.referents import Context
from kg.salience import Place
from kg.syntax import ancestors, children
from kg.types import LocalEntity, Parse

THING = frozenset({"it", "its", "itself"})
TABLE = TABLES / "anaphora_weights.tsv"
NO_THINGS = frozenset({"Person", "Group"})
SUBJECTS = frozenset({"nsubj", "nsubjpass"})
ALLOWED = {
    "Person": frozenset({"Person"}),
    "Organization": frozenset({"Organization", "Work", "Product"}),
    "Country": frozenset({"Country", "Place"}),
    "Place": frozenset({"Place", "Country"}),
}
"""Class of a noun -> the classes of what it may mean."""
KINDS = (*BODY_KINDS, *TRADES)
LEVELS = (0.3, 1.0, 2.5)


NOWHERE = Place(role="", verb=-1, above=(), quote=None)


@dataclass(slots=True)
class Known:
    """What the text has shown of an entity so far."""

    entity: LocalEntity
    order: int
    """How many entities the text mentioned before it."""
    opened: int
    head: int = -1
    sentence: int = -1
    block: int = -1
    form: str = ""
    place: Place = NOWHERE
    count: int = 0
    subject: int = 0
    words: frozenset[str] = frozenset()
    did: set[str] = field(default_factory=set)
    """Verbs that it is the subject of, or the agent."""
    underwent: set[str] = field(default_factory=set)
    """Verbs that it is the object of."""

    def __post_init__(self) -> None:
        names = {self.entity.name or "", *self.entity.aliases}
        self.words = frozenset(w.casefold().strip(".,'’") for name in names for w in name.replace("-", " ").split())

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
    lemma = "it" if thing else "old" if word.endswith("-year-old") else token.lemma.casefold()
    if thing:
        kind = "its" if word == "its" else place.role.rstrip("+")
    else:
        kind = _class_of(context, lemma)
    front = [c for c in parse.children[i] if c < i]
    determiner = next((parse.tokens[c].text.casefold() for c in front if parse.tokens[c].dep in ("det", "poss")), "")
    gender = (
        "male" if lemma in context.cue("nominal-male") else "female" if lemma in context.cue("nominal-female") else ""
    )
    return Reference(
        i=i, sentence=sentence, block=parse.sentences[sentence].block, noun=lemma, thing=thing, kind=kind,
        determiner=determiner,
        modifiers=_modifiers(context, front),
        states=frozenset() if thing else origins(context, i), place=place, gender=gender,
        aged=not thing and (lemma == "old" or has_age(context, i)),
    )  # fmt: skip


def _modifiers(context: Context, front: Sequence[int]) -> frozenset[str]:
    tokens = (context.parse.tokens[c] for c in front if c not in context.at)
    return frozenset(t.lemma.casefold() for t in tokens if t.dep in ("amod", "compound", "nmod")) - {"old"}


def _class_of(context: Context, lemma: str) -> str:
    if lemma == "old":
        return "Person"
    found = next((kind for cue, kind in CLASSES if lemma in context.cue(cue)), None)
    if found is not None:
        return found
    if (
        lemma in context.cue("nominal-Person")
        or lemma in context.cue("nominal-male")
        or lemma in context.cue("nominal-female")
    ):
        return "Person"
    words = load_words()
    kind = words.nouns.get(lemma) or words.heads.get(lemma)
    return kind or ("Person" if words.is_role(lemma) else "other")


def cues(
    context: Context,
    r: Reference,
    candidates: Sequence[Known],
    had: Mapping[str, float],
    titles: Sequence[Title],
    told: Sequence[Description],
) -> list[list[str]]:
    """For each candidate, latest first, the cues that hold of it and reference r, then those of none of them."""
    scene = _scene(context, r, candidates, had, titles, told)
    rows = []
    for k in candidates:
        row = [*_near(context, scene, k), *_salient(scene, k)]
        row += _thing(context, scene, k) if r.thing else _named(context, scene, k)
        rows.append(row)
    rows.append([*_none(context, scene)])
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    r: Reference
    p: str
    """What begins the cues of this kind of reference."""
    rank: Mapping[str, int]
    """Entities by how lately they were mentioned, each among those of its class."""
    most: Mapping[str, int]
    """Class -> how often its commonest entity was mentioned."""
    first: Mapping[str, int]
    leading: str
    had: Mapping[str, float]
    nouns: Mapping[str, frozenset[str]]
    """Entity -> the nouns that it was described by."""
    words: Mapping[str, frozenset[str]]
    origins: Mapping[str, frozenset[str]]
    called: bool
    """Whether some entity was called by this noun."""
    titles: Mapping[str, tuple[str, ...]]
    candidates: int
    compatible: int


def _scene(
    context: Context,
    r: Reference,
    candidates: Sequence[Known],
    had: Mapping[str, float],
    titles: Sequence[Title],
    told: Sequence[Description],
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
    nouns: dict[str, set[str]] = {}
    words: dict[str, set[str]] = {}
    of: dict[str, set[str]] = {}
    for d in told:
        if d.token >= r.i:
            break
        nouns.setdefault(d.entity, set()).add(d.noun)
        words.setdefault(d.entity, set()).update(d.words)
        of.setdefault(d.entity, set()).update(d.origins)
    holders: dict[str, list[str]] = {}
    if not r.thing:
        front = (r.modifiers - context.cue("former")) | {r.noun}
        former = bool(r.modifiers & context.cue("former"))
        last = ""
        for t in titles:
            if t.token >= r.i:
                break
            if context.parse.tokens[t.token].lemma.casefold() != r.noun:
                continue
            how = "full" if {w.casefold() for w in front} <= t.words else "head"
            bodies = "same" if not r.states or r.states & t.bodies else "other"
            holders.setdefault(t.holder, [])
            holders[t.holder] = [f"{how}:{len(front)}:{bodies}:{t.former == former}"]
            last = t.holder
        if last:
            holders[last].append("last")
            holders[last].append(f"last:{min(len(holders), 3)}")
    leading = next(
        (
            k.entity.id
            for k in candidates
            if k.sentence == r.sentence - 1 and k.place.role == "subj" and len(k.place.above) == 1
        ),
        "",
    )
    p = "i" if r.thing else "n"
    kinds = {
        "Organization": {"Organization"},
        "Country": {"Country"},
        "Place": {"Place", "Country"},
        "Person": {"Person"},
    }.get(r.kind)
    return _Scene(
        r=r, p=p, rank=rank, most=most, first=first, leading=leading, had=had,
        nouns={e: frozenset(x) for e, x in nouns.items()}, words={e: frozenset(x) for e, x in words.items()},
        origins={e: frozenset(x) for e, x in of.items()}, called=any(r.noun in x for x in nouns.values()),
        titles={e: tuple(x) for e, x in holders.items()}, candidates=len(candidates),
        compatible=sum(1 for k in candidates if kinds is None or k.entity.type in kinds),
    )  # fmt: skip


def _near(context: Context, s: _Scene, k: Known) -> Iterator[str]:
    r, p = s.r, s.p
    q = f"{p}{r.kind}"
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
        if is_bound(context.parse, r.i, k.head):
            yield f"{p}bound"
        if k.head in ancestors(context.parse, r.i):
            yield f"{p}inside"
    if (k.place.quote is None) != (r.place.quote is None):
        yield f"{p}quote:{k.place.quote is None}"


def _salient(s: _Scene, k: Known) -> Iterator[str]:
    r, p, e = s.r, s.p, k.entity
    q = f"{p}{r.kind}"
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
    others = total - own - s.had.get("", 0.0)
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
        told = s.words.get(e.id, frozenset()) | k.words
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
    nouns = s.nouns.get(e.id, frozenset())
    if r.noun in nouns:
        yield "ntold"
        yield f"ntold:{e.type}"
    elif s.called:
        yield "ntold-other"
    for d in sorted(nouns):
        if d and d != r.noun:
            yield f"nd:{r.noun}:{d}"
            yield "nd"
    shared = len(r.modifiers & (s.words.get(e.id, frozenset()) | k.words))
    if r.modifiers:
        yield f"nmods:{min(shared, 2)}:{min(len(r.modifiers), 2)}"
    if r.states:
        of = s.origins.get(e.id, frozenset())
        yield f"nstates:{'same' if r.states <= of else 'other' if of else 'none'}:{e.type}"
        if e.id in r.states:
            yield "nstate-itself"
    for how in s.titles.get(e.id, ()):
        yield f"ntitle:{how}"
    if s.titles and e.id not in s.titles and e.type == "Person":
        yield "ntitle:others"


def _thing(context: Context, s: _Scene, k: Known) -> Iterator[str]:
    r = s.r
    yield f"it:{k.entity.type}:{r.kind}:{min(r.sentence - k.sentence, 2)}"
    parse = context.parse
    back = r.sentence - k.sentence
    if back <= 1:
        between = sum(
            1 for t in parse.tokens[k.head + 1 : r.i]
            if t.tag == "NN" and t.i not in context.at and t.dep in ("nsubj", "nsubjpass", "dobj", "pobj", "attr")
        )  # fmt: skip
        yield f"irivals:{min(between, 4)}:{back}"
        subjects = sum(
            1 for t in parse.tokens[k.head + 1 : r.i] if t.tag == "NN" and t.i not in context.at and t.dep in SUBJECTS
        )
        yield f"isubjects:{min(subjects, 2)}:{back}:{r.kind}"
        head = parse.tokens[k.head]
        owner = parse.tokens[r.i].head
        if r.kind == "its" and parse.tokens[owner].dep == "conj" and parse.tokens[owner].head == head.i:
            yield "ibeside"
        if r.kind == "its" and back == 0 and r.place.verb >= 0 and head.head == r.place.verb and head.dep in SUBJECTS:
            yield "iagent"


def _none(context: Context, s: _Scene) -> Iterator[str]:
    r, p = s.r, s.p
    parse = context.parse
    token = parse.tokens[r.i]
    q = f"{p}none:{r.kind}"
    yield f"{p}none"
    yield q
    yield f"{q}:{min(s.candidates, 4)}"
    yield f"{p}none-at:{min(r.sentence, 3)}"
    yield f"{p}none-role:{r.place.role}"
    none = s.had.get("", 0.0)
    yield f"{p}none-had:{sum(none >= x for x in LEVELS)}:{sum(sum(s.had.values()) - none >= x for x in LEVELS)}"
    if r.place.quote is not None:
        yield f"{p}none-quoted"
    if r.thing:
        yield f"inone-verb:{parse.tokens[token.head].lemma}"
        subject = next(
            (t for t in reversed(parse.tokens[parse.sentences[r.sentence].start : r.i]) if t.dep in SUBJECTS), None
        )
        if subject is not None:
            yield f"inone-subject:{subject.tag if subject.i not in context.at else 'name'}:{r.kind}"
        before = [
            t
            for t in parse.tokens[parse.sentences[max(0, r.sentence - 1)].start : parse.sentences[r.sentence].start]
            if t.dep in SUBJECTS
        ]
        if before:
            yield f"inone-before:{before[0].tag if before[0].i not in context.at else 'name'}:{r.kind}"
        return
    yield f"nnone-l:{r.noun}"
    yield f"nnone-det:{r.determiner}"
    yield f"nnone-det:{r.determiner}:{r.kind}"
    yield f"nnone-fit:{min(s.compatible, 4)}:{r.kind}"
    yield f"nnone-mods:{min(len(r.modifiers), 2)}"
    for m in sorted(r.modifiers):
        yield f"nnone-m:{m}"
    for c in parse.children[r.i]:
        dep = parse.tokens[c].dep
        if dep == "prep" and c > r.i:
            word = parse.tokens[c].text.casefold()
            yield f"nnone-prep:{word}:{c == r.i + 1}"
            yield f"nnone-prep:{word}:{r.kind}"
        elif dep in ("relcl", "acl", "appos", "nummod"):
            yield f"nnone-{dep}:{parse.tokens[r.i + 1].text == ',' if r.i + 1 < len(parse.tokens) else False}"
    yield f"nnone-called:{s.called}"
    yield f"nnone-title:{bool(s.titles)}"
    if r.aged:
        yield "nnone-aged"
    if token.text[:1].isupper():
        yield "nnone-upper"
    if _is_new(context, r):
        yield f"nnone-new:{r.kind}"
        yield "nnone-new"


def _is_new(context: Context, r: Reference) -> bool:
    """Whether the text spoke of "a mill", of no name, before it says "the mill"."""
    parse = context.parse
    for t in parse.tokens[max(0, r.i - 150) : r.i]:
        if t.lemma.casefold() == r.noun and t.tag == "NN" and t.i not in context.at:
            for c in children(parse, t.i, "det"):
                if parse.tokens[c].text.casefold() in ("a", "an") and not any(
                    x in context.at for x in (*children(parse, t.i, "appos", "compound"), t.head)
                ):
                    return True
    return False


@functools.lru_cache(maxsize=1)
def load_weights() -> Mapping[str, float]:
    """The learned weights of the cues."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith(("#", "cue\t")))
    return {cue: float(weight) for cue, weight in rows}
