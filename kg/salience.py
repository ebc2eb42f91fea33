"""How likely each earlier mention is what "he" or "she" stands for: a small log-linear model over syntactic cues.

The cues are those of Lappin & Leass (1994) and the binding conditions; their weights are the table
`tables/pronoun_weights.tsv`, which `scripts/train_coreference.py` writes.  Scoring is pure Python.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Literal

from kg.frames import surface_subject
from kg.syntax import ancestors
from kg.types import Parse

Gender = Literal["male", "female"]
Form = Literal["name", "pronoun", "noun"]

WEIGHTS = "pronoun_weights.tsv"
NOBODY = "?"
"""The candidate that stands for somebody the text has not mentioned."""
OBJECTS = frozenset({"dobj", "dative", "iobj"})
SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
REFLEXIVE = frozenset({"himself", "herself", "itself", "themselves"})
SAYING = frozenset("say tell add ask note argue warn write recall insist explain claim".split())
SHARES = (0.05, 0.2, 0.5, 0.8)
"""Bounds of the share that an entity has had of the text's pronouns, from hardly any to nearly all."""
VERBAL = frozenset({"VERB", "AUX"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A mention of a person that a pronoun may take up.  `share` says how likely it is which entity; an entity that
    begins with "?" has no name.  `gender` is what the entity's name, title or noun shows, `sure` how well."""

    head: int
    sentence: int
    form: Form
    entity: str
    share: Mapping[str, float]
    gender: Gender | None
    sure: str
    first: bool
    """Whether it is the first person named in the text."""
    fresh: bool = False
    """Whether the text mentions the entity here for the first time."""
    doubt: str = ""
    """For a name that was taken for a place or the like but may be a person's: what it was taken for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a token stands: its grammatical role, its verb and the verbs above it, whether it is in a quotation."""

    role: str
    verb: int
    above: tuple[int, ...]
    quote: int | None


# ---------------------------------------------------------------- places


def place_of(parse: Parse, i: int, quotes: Sequence[tuple[int, int]] = ()) -> Place:
    """The place of token i; quotes are (begin, end) offsets."""
    top = _top_conjunct(parse, i)
    verbs = tuple(a for a in ancestors(parse, top) if parse.tokens[a].pos in VERBAL)
    begin = parse.tokens[i].begin
    return Place(
        role=role_of(parse, i),
        verb=verbs[0] if verbs else -1,
        above=verbs,
        quote=next((n for n, (b, e) in enumerate(quotes) if b <= begin < e), None),
    )


def _top_conjunct(parse: Parse, i: int) -> int:
    while (
        parse.tokens[i].dep == "conj"
        and parse.tokens[i].head != i
        and parse.tokens[parse.tokens[i].head].pos not in VERBAL
    ):
        i = parse.tokens[i].head
    return i


def role_of(parse: Parse, i: int) -> str:
    """A coarse grammatical role: subj, obj, poss, agent, pobj, appos, root, attr, other; + for later conjuncts."""
    top = _top_conjunct(parse, i)
    dep = parse.tokens[top].dep
    if dep in SUBJECTS:
        role = "subj"
    elif dep in OBJECTS:
        role = "obj"
    elif dep == "pobj":
        role = "agent" if parse.tokens[parse.tokens[top].head].dep == "agent" else "pobj"
    else:
        role = {"poss": "poss", "appos": "appos", "ROOT": "root", "attr": "attr", "compound": "compound"}.get(
            dep, "other"
        )
    return role + ("+" if top != i else "")


def is_owned(parse: Parse, i: int, head: int) -> bool:
    """Whether the name at `head` is what "his" owns, or part of it: "his wife Y" is not Y's."""
    if parse.tokens[i].dep != "poss" or head < i:
        return False
    owned = parse.tokens[i].head
    return (
        owned == head
        or any(c == head for c in parse.children[owned] if parse.tokens[c].dep in ("appos", "compound", "conj"))
        or (
            i < head
            and parse.tokens[head].dep == "appos"
            and all(parse.tokens[k].text != ";" for k in range(i, head))
            and owned in ancestors(parse, head)
        )
    )


def is_below(parse: Parse, i: int, head: int) -> bool:
    """Whether the name at `head` stands in the clause whose subject the pronoun at token i is: "he is the son of X"
    tells of two (principle C of binding theory)."""
    token = parse.tokens[i]
    return token.dep in ("nsubj", "nsubjpass") and i < head and token.head in ancestors(parse, head)


# ---------------------------------------------------------------- cues


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """What all candidates of one pronoun have in common, worked out once."""

    i: int
    here: Place
    kind: str
    """The pronoun's own role, or that it is reflexive."""
    now: int
    gender: Gender
    rank: Mapping[str, int]
    """Fitting entities by how lately they were mentioned."""
    most: int
    often: int
    agent: int | None
    last_pronoun: int
    shown: bool
    """Whether some name before shows the pronoun's gender."""
    about: frozenset[str]
    """Entities mentioned in the pronoun's own sentence."""
    speakers: frozenset[str]
    style: str
    """"p" for a text in paragraphs, "s" for one of a paragraph or two."""
    block: int
    """The pronoun's paragraph."""
    local: frozenset[str]
    """Fitting entities that this paragraph mentions before the pronoun."""
    latest: Mapping[str, int]
    """The last mention of each entity before the pronoun."""
    leading: str
    """The main subject of the sentence before, if it is a person."""
    had: Mapping[str, float]
    """How many pronouns of this gender each entity has had so far."""
    all_had: float
    had_others: Mapping[str, float]
    """The same of the other gender."""


def cues(
    parse: Parse,
    i: int,
    here: Place,
    gender: Gender,
    candidates: Sequence[Candidate],
    places: Mapping[int, Place],
    counts: Mapping[str, int],
    totals: Mapping[str, int],
    speaking: Mapping[int, frozenset[str]],
    had: Mapping[Gender, Mapping[str, float]],
) -> list[list[str]]:
    """For each candidate the cues that hold of it and pronoun i, then those of nobody at all.

    `counts` says how often an entity was mentioned so far, `totals` how often the whole text names it, `speaking` who
    speaks in each quotation, `had` how many pronouns of a gender an entity has had so far.
    """
    before = sorted((c for c in candidates if c.head < i), key=lambda c: -c.head)
    agreeing = [c for c in before if c.gender in (None, gender)]
    fitting = list(dict.fromkeys(c.entity for c in agreeing))
    named = [e for e in fitting if not e.startswith(NOBODY)]
    now = parse.sentence_of[i]
    block = parse.sentences[now].block
    scene = _Scene(
        i=i,
        here=here,
        kind="refl" if parse.tokens[i].text.casefold() in REFLEXIVE else here.role.rstrip("+"),
        now=now,
        gender=gender,
        rank={e: n for n, e in enumerate(fitting)},
        most=max((counts.get(e, 0) for e in named), default=0),
        often=max((totals.get(e, 0) for e in named), default=0),
        agent=_agent(parse, i),
        last_pronoun=next((c.head for c in before if c.form == "pronoun" and c.gender == gender), -1),
        shown=any(c.gender == gender and c.form == "name" for c in before),
        about=frozenset(c.entity for c in candidates if c.sentence == now),
        speakers=speaking.get(here.quote, frozenset()) if here.quote is not None else frozenset(),
        style="p" if parse.sentences[-1].block - parse.sentences[0].block > 2 else "s",
        block=block,
        local=frozenset(c.entity for c in agreeing if parse.sentences[c.sentence].block == block),
        latest={c.entity: c.head for c in reversed(before)},
        leading=next((c.entity for c in reversed(before) if c.sentence == now - 1 and _leads(places[c.head])), ""),
        had=had[gender],
        all_had=sum(had[gender].values()),
        had_others=had["female" if gender == "male" else "male"],
    )
    found: list[list[str]] = []
    seen: set[tuple[str, int]] = set()
    for c in candidates:
        at = places[c.head]
        row = [f"form:{c.form}", f"gender:{_agreement(c, gender)}:{c.sure}"]
        row += _forward(parse, scene, c, at) if c.head > i else _backward(parse, scene, c, at)
        row += _standing(scene, c, counts.get(c.entity, 0), totals.get(c.entity, 0))
        row += _carried(scene, c)
        row += _told(parse, scene, c, at)
        row += _beside(parse, scene, c, at)
        if (c.entity, c.sentence) in seen:
            row.append("repeated")
        seen.add((c.entity, c.sentence))
        found.append(row)
    return [*found, _nobody(scene, before, len(named))]


def _standing(scene: _Scene, c: Candidate, count: int, total: int) -> Iterator[str]:
    """How much the text is about the candidate."""
    named = not c.entity.startswith(NOBODY)
    yield f"count:{min(count, 5)}" if named else "nameless"
    commonest = named and count == scene.most and scene.most > 1
    if commonest:
        yield "commonest"
    if named and scene.often > 1 and total == scene.often:
        yield "commonest-in-text"
    if c.first:
        yield "first"
        if commonest:
            yield "topic"
    if c.doubt:
        yield f"doubt:{c.doubt}"
    if c.gender is None and scene.shown:
        yield "rival-shown"
    if c.form != "name":
        yield f"{c.form}:{c.sure}"


def _carried(scene: _Scene, c: Candidate) -> Iterator[str]:
    """How far the text's pronouns have been the candidate's so far."""
    own, other = scene.had.get(c.entity, 0.0), scene.had_others.get(c.entity, 0.0)
    if other > max(own, 0.5):
        yield "mass-other"
    share = own / scene.all_had if scene.all_had > 0.5 else 0.0
    level = sum(share >= bound for bound in SHARES)
    where = "here" if c.entity in scene.local else "away" if scene.local else "none"
    yield f"mass:{level}:{min(int(scene.all_had), 8).bit_length()}"
    yield f"mass:{level}:{scene.kind}"
    yield f"mass:{level}:{where}:{scene.style}"
    yield f"{where}:{scene.kind}"
    if scene.here.quote is not None:
        yield f"quoted-mass:{level}"
        yield f"quoted-rank:{min(scene.rank.get(c.entity, 4), 4)}"


def _told(parse: Parse, scene: _Scene, c: Candidate, at: Place) -> Iterator[str]:
    """How the candidate's mention goes with the flow of sentences and paragraphs."""
    back = scene.now - c.sentence
    yield f"blocks:{max(-1, min(scene.block - parse.sentences[c.sentence].block, 4))}:{scene.style}"
    if c.entity == scene.leading:
        yield f"leading:{scene.kind}:{scene.style}"
    if c.head < scene.i and scene.latest[c.entity] != c.head:
        yield f"older:{c.form}"
        yield f"older:{min(back, 3)}"
    if c.form == "name":
        yield f"fresh:{c.fresh}:{at.role}:{max(-1, min(back, 2))}"
    says, says_too = _says(parse, at.verb, at.role), _says(parse, scene.here.verb, scene.kind)
    if says or says_too:
        yield f"says:{says}:{says_too}:{max(-1, min(back, 2))}"


def _leads(at: Place) -> bool:
    return at.role == "subj" and len(at.above) == 1


def _says(parse: Parse, verb: int, role: str) -> bool:
    return verb >= 0 and role == "subj" and parse.tokens[verb].lemma in SAYING


def _beside(parse: Parse, scene: _Scene, c: Candidate, at: Place) -> Iterator[str]:
    """How the candidate goes with the pronoun's clause, chain of pronouns and quotation."""
    if scene.agent is not None and (c.head == scene.agent or _top_conjunct(parse, c.head) == scene.agent):
        yield f"agent:{scene.kind}"
        yield f"agent:{scene.kind}:{c.head == scene.agent}"
    if c.head == scene.last_pronoun:
        yield f"last-pronoun:{at.role}:{scene.kind}:{min(scene.now - c.sentence, 2)}"
    if c.entity in scene.about and c.sentence != scene.now:
        yield "again-here"
    if scene.here.quote is None:
        if at.quote is not None:
            yield "from-quote"
    elif c.entity in scene.speakers:
        yield "speaker"
    elif at.quote == scene.here.quote:
        yield "same-quote"


def _nobody(scene: _Scene, before: Sequence[Candidate], named: int) -> list[str]:
    sure = sum(1 for c in before if c.gender == scene.gender and c.form == "name")
    close = sum(1 for c in before if c.sentence == scene.now and c.gender in (None, scene.gender))
    return [
        "nobody",
        f"nobody:{min(named, 3)}",
        f"nobody:{scene.kind}",
        f"nobody-at:{min(scene.now, 2)}",
        f"nobody-sure:{min(sure, 2)}",
        f"nobody-here:{min(close, 2)}",
    ]


def _agent(parse: Parse, i: int) -> int | None:
    """Who does what the pronoun's verb says, control and shared subjects undone; None for the subject itself."""
    token = parse.tokens[i]
    at = next((a for a in ancestors(parse, i) if parse.tokens[a].pos in VERBAL), None)
    if at is None or token.dep in SUBJECTS and token.head == at:
        return None
    return surface_subject(parse, at, lambda _: True)


def _agreement(c: Candidate, gender: Gender) -> str:
    return "unknown" if c.gender is None else "same" if c.gender == gender else "other"


def _backward(parse: Parse, scene: _Scene, c: Candidate, at: Place) -> Iterator[str]:
    i, here, kind, now = scene.i, scene.here, scene.kind, scene.now
    back = now - c.sentence
    rank = min(scene.rank.get(c.entity, 4), 4)
    yield f"rank:{rank}"
    yield f"rank:{rank}:{min(back, 2)}"
    near = min(back, 4)
    yield f"back:{near}"
    yield f"role:{at.role}:{min(near, 2)}"
    yield f"role:{at.role}:{kind}:{min(near, 1)}"
    if at.role.rstrip("+") == here.role.rstrip("+"):
        yield f"parallel:{kind}:{min(near, 2)}"
    if near and at.role == "subj":
        yield f"depth:{min(len(at.above), 3)}:{min(near, 2)}"
        if kind == "subj" and len(at.above) == len(here.above) == 1:
            yield f"main-to-main:{min(near, 2)}"
    if near == 1 and parse.sentences[now].block != parse.sentences[c.sentence].block:
        yield "paragraph"
    head = parse.tokens[c.head]
    if head.i + 1 < len(parse.tokens) and parse.tokens[head.i + 1].text in ("'s", "’s", "'"):
        yield "genitive"
    if near == 0:
        yield f"near:{min((i - c.head).bit_length(), 6)}"
        yield from _same_sentence(parse, i, here, kind, c, at)


def _same_sentence(parse: Parse, i: int, here: Place, kind: str, c: Candidate, at: Place) -> Iterator[str]:
    chain = [i, *ancestors(parse, i)]
    if c.head in chain:
        step = chain[chain.index(c.head) - 1]
        yield f"inside:{parse.tokens[step].dep}:{kind}"
    if at.verb >= 0 and at.verb == here.verb:
        yield f"clause:{at.role}:{kind}"
        yield f"clause:{at.role}:{kind}:{_own(parse, i)}"
    elif at.verb >= 0 and at.verb in here.above:
        step = here.above[here.above.index(at.verb) - 1]
        dep = parse.tokens[step].dep
        own = _has_other_subject(parse, step, i)
        yield f"up:{at.role}:{dep}:{kind}"
        yield f"up:{at.role}:{dep}:{kind}:{own}"
        yield f"up:{at.role}:{min(here.above.index(at.verb), 3)}"
    elif here.verb >= 0 and here.verb in at.above:
        step = at.above[at.above.index(here.verb) - 1]
        yield f"down:{at.role}:{parse.tokens[step].dep}:{kind}"
    else:
        yield f"side:{at.role}:{kind}"


def _own(parse: Parse, i: int) -> str:
    """What "his" belongs to, as its verb sees it; for other pronouns the preposition."""
    token = parse.tokens[i]
    return role_of(parse, token.head) if token.dep == "poss" else "self"


def _has_other_subject(parse: Parse, verb: int, i: int) -> bool:
    return any(parse.tokens[c].dep in SUBJECTS and c != i for c in parse.children[verb])


def _forward(parse: Parse, scene: _Scene, c: Candidate, at: Place) -> Iterator[str]:
    i, here, kind, now = scene.i, scene.here, scene.kind, scene.now
    ahead = c.sentence - now
    yield f"ahead:{min(ahead, 2)}"
    yield f"ahead:{at.role}:{kind}:{min(ahead, 1)}"
    if ahead == 0:
        if at.verb >= 0 and at.verb in here.above and at.verb != here.verb:
            step = here.above[here.above.index(at.verb) - 1]
            yield f"cataphora:{at.role}:{parse.tokens[step].dep}:{kind}"
        elif at.verb == here.verb:
            yield f"ahead-clause:{at.role}:{kind}"
            yield f"ahead-clause:{at.role}:{kind}:{_fronted(parse, i, at.verb)}"
        else:
            yield f"ahead-other:{at.role}"
    else:
        yield f"ahead-text:{min(now, 1)}"


def _fronted(parse: Parse, i: int, verb: int) -> str:
    """What the pronoun's phrase is to the verb: "prep" in "Upon her return, X was ..."."""
    at = i
    for a in ancestors(parse, i):
        if a == verb:
            break
        at = a
    return parse.tokens[at].dep


# ---------------------------------------------------------------- scores


@functools.lru_cache(maxsize=2)
def load_weights(table: str = WEIGHTS) -> Mapping[str, float]:
    """Cue -> weight, from a table of the package."""
    text = resources.files("kg").joinpath("tables", table).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    rows = (line.split("\t") for line in lines[1:])
    return {cue: float(weight) for cue, weight in rows}


def chances(rows: Iterable[Iterable[str]], weights: Mapping[str, float]) -> list[float]:
    """The probability of each row of cues: they sum to one."""
    scores = [sum(weights.get(cue, 0.0) for cue in row) for row in rows]
    top = max(scores)
    raised = [math.exp(score - top) for score in scores]
    total = sum(raised)
    return [r / total for r in raised]
