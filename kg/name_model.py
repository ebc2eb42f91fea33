"""How likely a name names a person, an organisation, a place ...: a logistic regression over signs of the name.

A *sign* is a word such as `form=known-strange`, `last=council` or `next=who`.  The signs of the name's own words count
once, those of its surroundings over all its occurrences together.  `kg/tables/name_class_weights.tsv` holds what each
sign speaks for; `scripts/train_names.py` learns it.
"""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from kg.name_chunks import PARTICLES
from kg.name_context import NAME_LABELS, QUOTES, Context, Spot
from kg.name_form import first_name, form_evidence
from kg.name_types import TYPES, head_of, spot_evidence
from kg.name_words import TABLES
from kg.types import EntityType, Sentence, Token

TABLE = TABLES / "name_class_weights.tsv"
SCALE = 50
"""Weights are stored as whole numbers, this many to one unit of log odds."""
LONGEST_FORM = 5
SHORTEST_STEM = 4
"""Letters of the shortest word whose ending is looked at."""
ROUNDING = 4
_START, _END = "<", ">"


def class_scores(signs: Mapping[str, float]) -> dict[EntityType, float]:
    """The natural logarithm of the probability of each type for a name with these signs."""
    columns, table = _weights()
    known = [(columns[sign], value) for sign, value in signs.items() if sign in columns]
    values = np.array([value for _, value in known], dtype=np.float64)
    sums = (table[[row for row, _ in known]] * values[:, None]).sum(axis=0) / SCALE if known else np.zeros(len(TYPES))
    sums -= sums.max()
    total = math.log(float(np.exp(sums).sum()))
    return {kind: round(float(s) - total, ROUNDING) for kind, s in zip(TYPES, sums, strict=True)}


def chances_of(score: Mapping[EntityType, float]) -> dict[EntityType, float]:
    """The probabilities that logarithmic scores stand for."""
    top = max(score.values())
    raised = {kind: math.exp(value - top) for kind, value in score.items()}
    total = sum(raised.values())
    return {kind: value / total for kind, value in raised.items()}


def signs_of(context: Context, spots: Sequence[Spot], full: Sequence[str] = ()) -> dict[str, float]:
    """All signs of a name that stands at these spots, with their values.

    A sign of its words has the value 1, one of its surroundings its count over the root of the number of spots.
    `full` are longer names of the document that the name may be short for ("Ruth Alvarez" for "Alvarez").
    """
    text = context.called(spots[0])
    own = [*form_evidence(text, context.gazetteer, context.words), *form_signs(context, text)]
    for longer in full:
        how = "tail-of" if longer.casefold().endswith(text.casefold()) else "part-of"
        own += [f"{how}={sign}" for sign in _build(context, longer)]
    labels = Counter(t.entity for s in spots for t in context.parse.tokens[s.start : s.stop] if t.entity)
    own.append("label=" + (labels.most_common(1)[0][0] if labels else "none"))
    found = dict.fromkeys(["bias", *own], 1.0)
    around: Counter[str] = Counter()
    for spot in spots:
        around.update([*spot_evidence(context, spot), *_place_signs(context, spot)])
    root = len(spots) ** 0.5
    for sign, count in around.items():
        found[sign] = found.get(sign, 0.0) + count / root
    return found


# ---------------------------------------------------------------- the name's own words


def form_signs(context: Context, text: str) -> list[str]:
    """Signs in the words of a name: which they are, how they end, which tables know them."""
    parts = text.split()
    lows = [part.casefold().strip(".,'’\"") for part in parts]
    ordinary = {low for low in lows if low in context.words.heads or low in PARTICLES or context.words.is_common(low)}
    found = [f"word={low}" for low in dict.fromkeys(lows) if low in ordinary]
    found += _build(context, text)
    last = next((low for low in reversed(lows) if any(c.isalpha() for c in low)), "")
    if len(lows) > 1:
        found += [f"closes={last}"] * (last in ordinary) + [f"opens={lows[0]}"] * (lows[0] in ordinary)
        if lows[-1].isdigit():
            found.append("numbered")
    if len(last) >= SHORTEST_STEM:
        which = ("one" if len(lows) == 1 else "end") + ("" if context.words.is_common(last) else "~")
        found += [f"{which}={last[-n:]}" for n in (2, 3, 4)]
        if which.endswith("~"):
            found.append(f"{which}={_START}{last[:3]}")
    for low in lows[:-1]:
        if len(low) >= SHORTEST_STEM and not context.words.is_common(low):
            found.append(f"inner={low[-3:]}")
    return list(dict.fromkeys(found))


def _build(context: Context, text: str) -> list[str]:
    """The name word by word: first name, place, demonym, ordinary word, capitals, initial, strange."""
    kinds = [_kind_of(context, part) for part in text.split()]
    several = min(len(kinds), LONGEST_FORM)
    return [f"build={'-'.join(kinds[:LONGEST_FORM])}", f"ends={'-'.join(kinds[-2:])}|{several}", f"count={several}"]


def _kind_of(context: Context, part: str) -> str:
    words, gazetteer = context.words, context.gazetteer
    low = part.casefold().strip(".,'’\"")
    if not low:
        return "mark"
    if low in PARTICLES or low in ("of", "for", "and", "the", "on", "in", "&"):
        return low if low in ("of", "for", "and", "the", "on", "in", "&") else "particle"
    if len(part.rstrip(".")) == 1:
        return "initial"
    if any(c.isdigit() for c in part):
        return "digit"
    if low in words.heads:
        return words.heads[low]
    first = first_name(low, gazetteer, words)
    if first in ("known", "rare"):
        return first
    if gazetteer.demonym(part):
        return "demonym"
    if place := gazetteer.place(part):
        return place.kind
    if part.isupper() and len(part) > 1:
        return "capitals"
    if words.is_common(low):
        return "plural" if low.endswith("s") and not low.endswith("ss") else "ordinary"
    return "camel" if any(c.isupper() for c in part[1:]) else "strange"


# ---------------------------------------------------------------- where it stands


def _place_signs(context: Context, spot: Spot) -> list[str]:
    """Signs of one occurrence: its neighbours, what governs it, what it governs, what it is coordinated with."""
    tokens = context.parse.tokens
    sentence = context.parse.sentences[context.parse.sentence_of[spot.start]]
    found = [*_neighbours(tokens, spot, sentence), *_tree(context, spot)]
    if spot.title:
        found.append(f"titled={spot.title.split()[-1]}")
    if sentence.kind != "prose" or context.styles[sentence.index] != "prose":
        found.append("heading")
    return found


def _neighbours(tokens: tuple[Token, ...], spot: Spot, sentence: Sentence) -> list[str]:
    def shown(i: int) -> str:
        if not sentence.start <= i < sentence.stop:
            return _START if i < spot.start else _END
        token = tokens[i]
        if token.entity in NAME_LABELS or token.pos == "PROPN":
            return token.entity or "PROPN"
        return "#" if token.text[0].isdigit() else token.lemma.casefold() if token.text not in QUOTES else '"'

    one, two = shown(spot.start - 1), shown(spot.stop)
    before, after = shown(spot.start - 2), shown(spot.stop + 1)
    found = [f"prev={one}", f"next={two}", f"prev2={before} {one}", f"next2={two} {after}"]
    if one == "the":
        found.append(f"prev-the={before}")
    if one == '"' and two in ('"', ",", "."):
        found.append("quoted")
    return found


def _tree(context: Context, spot: Spot) -> list[str]:
    tokens, head = context.parse.tokens, head_of(context, spot)
    token, governor = tokens[head], tokens[tokens[head].head]
    found = [f"tag={token.tag}"]
    if token.dep == "pobj" and governor.head != governor.i:
        above = tokens[governor.head]
        found += [f"under={above.lemma.casefold()} {governor.text.casefold()}", f"in={governor.text.casefold()}"]
    elif token.dep in ("conj", "appos"):
        found.append(f"beside={token.dep} {governor.entity or governor.lemma.casefold()}")
    else:
        found += [f"under={token.dep} {governor.lemma.casefold()}", f"dep={token.dep} {governor.pos}"]
    for child in context.parse.children[head]:
        below = tokens[child]
        if spot.start <= child < spot.stop or below.dep in ("punct", "det", "case"):
            continue
        if below.dep in ("conj", "appos"):
            found.append(f"has-{below.dep}={below.entity or below.lemma.casefold()}")
        elif below.dep in ("relcl", "acl", "amod", "prep", "compound"):
            found.append(f"below={below.dep} {below.lemma.casefold()}")
    return found


# ---------------------------------------------------------------- names that are short for others


def longer_names(context: Context, spots: Sequence[Spot]) -> dict[str, tuple[str, ...]]:
    """The names of several words at these spots by their first and last word in lower case, each list in text order."""
    found: dict[str, dict[str, None]] = {}
    for spot in spots:
        text = context.called(spot)
        parts = text.casefold().split()
        if len(parts) > 1:
            for part in dict.fromkeys((parts[0], parts[-1])):
                found.setdefault(part, {})[text] = None
    return {part: tuple(texts) for part, texts in found.items()}


@functools.lru_cache(maxsize=1)
def _weights() -> tuple[Mapping[str, int], npt.NDArray[np.int32]]:
    columns: dict[str, int] = {}
    rows: list[list[int]] = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            sign, *values = line.split("\t")
            columns[sign] = len(rows)
            rows.append([int(value or 0) for value in values] + [0] * (len(TYPES) - len(values)))
    return columns, np.array(rows, dtype=np.int32).reshape(len(rows), len(TYPES))
