"""What kind of thing a name names: evidence of its form and of every place it stands, weighed and summed.

Each piece of evidence is a word such as `title`, `prep=in` or `ner=PERSON`; `kg/tables/names_evidence.tsv` says how
much it speaks for each type.  Nothing here decides alone: the types of a document's names are the sums.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Mapping, Sequence

from kg.name_context import HYPHENS, Context, Spot, opens
from kg.name_form import first_name
from kg.name_words import TABLES
from kg.types import EntityType, Sentence, Token

TYPES: tuple[EntityType, ...] = ("Person", "Organization", "Place", "Group", "Work", "Event", "Product")
ARTICLES = frozenset({"the", "a", "an", "this"})
LOCAL = frozenset(
    "near above outside across around through throughout beyond inside behind beneath off toward towards into along "
    "within below".split()
)
EITHER = frozenset(
    "owner owners operator sponsor backer supplier maker lender insurer publisher organizer organiser rivals champions "
    "members neighbours neighbors partners hosts contractor broadcaster employer rival builder competitor competitors "
    "investor developer trader producer miner seller auditor auditors customer broker grocer explorer ally partner "
    "bookseller courier grower brewer retailer consultant distiller importer shipbuilder shipowner consultants "
    "solicitors architects accountants liquidators publishers brewers builders contractors investors lawyers "
    "undertakers growers bankers farmers teachers workers parent landlord".split()
)
"""Roles that people and bodies alike may have: of most one bearer in seven is a body in our marked texts, or more."""
LEAVING = frozenset({"leave", "head", "depart", "sail", "flee", "embark"})
GAMES = frozenset(
    "defeat victory win loss draw match game tie friendly fixture semi-final semifinal quarter-final".split()
)
"""Nouns for what two teams play: "a win over Norvik"."""
LEADING = frozenset(
    "leader leaders head chairman chairwoman chairperson chair president director directors founder founders "
    "co-founder editor rector captain shareholder shareholders headquarters executive member members "
    "treasurer".split()
)
"""What bodies and states have: of 334 names behind one of them and "of" in our marked texts five are persons'."""
OWNED = LEADING - {"head", "member", "members", "treasurer", "editor", "captain"}
"""The same behind an apostrophe, of 147 no person's; but a person has a head, and an author an editor."""
LED = LEADING - {"head", "editor"} | {"owner", "boss", "promoter"}
"""The same behind "whose": of 53 one person's."""
OF_TOWNS = frozenset(
    "priest vicar pastor curate imam rabbi abbot bishop archbishop mayor sheriff villagers residents inhabitants "
    "people streets hills harbour outskirts road coast mouth banks waters shores shore".split()
)
"""Of 211 names with one of them and "of", or one of `SITES` and "at", in front in our marked texts 208 are places."""
SITES = frozenset(
    "mine plant factory camp base prison convent monastery caves quarry yard crossing reactor checkpoint works market "
    "site fire accident crash battle demonstration fishermen residents flooding house farm".split()
)
LEARNED = frozenset(
    "law history physics economics mathematics medicine chemistry philosophy literature engineering music theology "
    "english french german linguistics biology politics classics philology sociology geography".split()
)
TEACHING = frozenset({"read", "teach", "lecture"})
"""What is read at universities, and done there: of 121 names behind one of these and "at" 116 are bodies."""
SEATS = frozenset({"mp", "mps", "member"})
MADE = frozenset(
    "found establish form incorporate dissolve disband own nationalise nationalize privatise privatize".split()
)
MADE_UP = frozenset({("set", "up"), ("take", "over"), ("wind", "up")})
"""What is done to bodies: of 80 names of which one of these or of `MADE` is said in the passive none is a person's."""
SUPERLATIVES = frozenset("largest biggest smallest".split())
ALONE = frozenset("shareholder investor donor landowner creditor buyer collector".split())
"""What a person may be the largest of."""
COPULAS = frozenset({"be", "become", "remain"})
SLOTS = frozenset({"dobj", "pobj", "poss", "conj", "appos", "compound", "attr", "dative"})
HE = frozenset("he she his her him himself herself".split())
HE_OPENS = frozenset({"He", "She", "His", "Her"})
BESIDE = 2
"""Tokens from a name to a pronoun right behind it: "said he", "and his"."""
LONGEST_AGE = 3
YEAR = 4
ADDRESSES = frozenset({"mr", "mrs", "ms", "miss", "dr", "sir", "dame"})


def spot_evidence(context: Context, spot: Spot) -> list[str]:
    """What one occurrence shows: the model's label, the words in front and behind, its place in the clause."""
    sentence = context.parse.sentences[context.parse.sentence_of[spot.start]]
    found = _label(context, spot)
    if spot.title:
        found.append("title" if spot.title.split()[-1] in context.words.titles else "title=role")
    if spot.hint:
        found.append(f"hint={spot.hint}")
    found += [*_before(context, spot, sentence), *_after(context, spot, sentence.stop), *_clause(context, spot)]
    found += _pronouns(context, spot, sentence)
    if sentence.kind == "dateline":
        before = [token.text for token in context.parse.tokens[sentence.start : spot.start]]
        found.append(
            "dateline=credit" if before[-1:] == ["("] else "dateline=place" if "(" not in before else "dateline"
        )
    double = any(token.text in HYPHENS for token in context.parse.tokens[spot.start : spot.stop])  # "Ana Roe-Vale"
    if not double and any(word.endswith("-either") for word in found):
        found.append(f"either&{_shape(context, spot).split('-')[0]}")
    return found


def _pronouns(context: Context, spot: Spot, sentence: Sentence) -> list[str]:
    """Evidence of "he" and "she" around a name with no other name between.

    Of single names in our marked texts ten times as many persons as bodies open a sentence before one that opens with
    "he"; behind a clause with "his" five times as many, in front of "said he" or "and his" four times, of "he" later
    twice.
    """
    tokens, found = context.parse.tokens, []
    front, behind = tokens[sentence.start : spot.start], tokens[spot.stop : sentence.stop]
    others = any(t.tag[:3] == "NNP" for t in front)
    named = next((t.i for t in behind if t.tag[:3] == "NNP"), sentence.stop)
    near = next((t.i for t in behind if t.text.casefold() in HE and t.i < named), None)
    before = any(t.text.casefold() in HE for t in front)
    subject = tokens[head_of(context, spot)].dep in ("nsubj", "nsubjpass")  # not "told Norvik Posten he"
    beside = near is not None and near < spot.stop + BESIDE
    if near is not None and subject and not before and (beside or not others):
        found.append("he-beside" if beside else "he-behind")
    if before and not others and front[-1].text == ",":
        found.append("he-in-front")
    if not front and named == sentence.stop < len(tokens) and tokens[sentence.stop].text in HE_OPENS:
        found.append("he-next")
    return found


def _label(context: Context, spot: Spot) -> list[str]:
    inner = context.parse.tokens[spot.start : spot.stop]
    labels = Counter(t.entity for t in inner if t.entity)
    if not labels:
        return [f"{_shape(context, spot)}&none"]
    label = labels.most_common(1)[0][0]
    exact = inner[0].entity_starts and all(t.entity == label for t in inner)
    return [f"ner={label}" if exact else f"ner~{label}", f"{_shape(context, spot)}&{label}"]


def _shape(context: Context, spot: Spot) -> str:
    """A name's build in one word, to be read together with the model's label."""
    words, gazetteer = context.words, context.gazetteer
    names = [context.low(k) for k in range(spot.start, spot.stop) if context.parse.tokens[k].text[0].isalpha()]
    if len(names) < 2:
        return "single"
    ordinary = [words.is_common(low) for low in names]
    last = "head" if names[-1] in words.heads else "ordinary" if ordinary[-1] else "strange"
    first = first_name(names[0], gazetteer, words)
    return f"{first}-{last}-{'two' if len(names) == 2 else 'more'}"


def _before(context: Context, spot: Spot, sentence: Sentence) -> list[str]:
    tokens, words = context.parse.tokens, context.words
    at, found = spot.start - 1, []
    if at >= sentence.start and tokens[at].text.casefold() in ARTICLES:
        found.append("article" if tokens[at].text != "The" or opens(context.parse, at) else "the-capital")
        alone = spot.stop >= sentence.stop or tokens[spot.stop].tag not in ("NN", "NNS", "NNP", "NNPS", "JJ", "HYPH")
        if alone and tokens[at].text.casefold() == "the":
            found.append("the-alone")  # "the Batallón Esmeralda"
        at -= 1
    if at < sentence.start:
        return found
    before, low = tokens[at], tokens[at].text.casefold()
    if before.tag in ("NN", "NNS", "NNP", "RP") and before.text.islower():
        if (noun := _common_noun(context, before)) in words.nouns:
            found.append(f"noun={words.nouns[noun]}")
        if words.is_role(low) or low in words.titles:
            found.append("role-before-either" if low in EITHER else "role-before")
    elif before.tag == "IN" or low in ("to", "in", "at", "from"):
        found.append("prep=local" if low in LOCAL else f"prep={low}")
        verb = words.verbs.get(tokens[before.head].lemma.casefold())
        if verb and before.head != at:
            found.append(f"{low}~{verb}")
        owns = spot.stop < sentence.stop and tokens[spot.stop].tag == "POS"
        found += _learned_at(tokens, at, sentence.start) if not owns else []  # "at Graz's Academy"
        found += _of_place(tokens, at, sentence.start)
        if low == "as" and at > sentence.start + 1 and tokens[at - 1].text == "such":
            found += _kind(context, tokens[at - 2], "noun=", "role-before")  # "papers such as Norvik Posten"
        if low == "for" and tokens[before.head].lemma in LEAVING:
            found.append("left-for")
        if tokens[before.head].lemma.casefold() in GAMES:
            found.append(f"game~{low}")
        if low == "at" and at > sentence.start and words.is_role(tokens[at - 1].text):
            found.append("role~at")  # "a lawyer at Vale Orr"
        if low == "of" and at > sentence.start and tokens[at - 1].entity == "PERSON":
            found.append("person-of")  # "Joan Vale of Piper Orr"
        if low == "of" and at > sentence.start and tokens[at - 1].text in LEADING:
            found.append("of=leader")  # "the leader of Norvik"
        if low == "of" and at > sentence.start:
            found += _kind(context, tokens[at - 1], "of=", "of=role")
    elif before.tag == "POS" and at > sentence.start and tokens[at - 1].entity == "PERSON":
        found.append("of-person")
    elif low == "," and at > sentence.start and tokens[at - 1].text.islower():
        found += _kind(context, _governing_role(context, tokens[at - 1]), "noun=", "role-before")
    return found


def _learned_at(tokens: tuple[Token, ...], at: int, start: int) -> list[str]:
    """Evidence of "read history at", "teaches at"."""
    learned = at > start and tokens[at - 1].text.casefold() in LEARNED
    taught = tokens[at].text == "at" and (learned or tokens[tokens[at].head].lemma in TEACHING)
    return ["learned-at"] if taught else []


def _of_place(tokens: tuple[Token, ...], at: int, start: int) -> list[str]:
    """Evidence of what stands in front of the preposition `at`: "the mayor of", "the mine at", "Jane Doe, 42, of"."""
    if at <= start:
        return []
    low, before = tokens[at].text.casefold(), tokens[at - 1].text
    if low == "of" and before.casefold() in OF_TOWNS or low == "at" and before in SITES:
        return ["of-town"]
    if low == "for" and before.casefold() in SEATS:
        return ["seat-for"]
    if low == "of" and before == "," and at - 2 >= start:
        return ["age-of" if tokens[at - 2].text.isdigit() else "comma-of"]
    return []


def _kind(context: Context, token: Token, prefix: str, role: str) -> list[str]:
    """Evidence of a common noun: that it means a person, or which type of thing it means."""
    words, low = context.words, _common_noun(context, token)
    if words.is_role(low) or prefix == "of=" and low in words.titles:
        return [f"{role}-either" if low in EITHER else role]
    return [prefix + words.nouns[low]] if low in words.nouns else []


def _governing_role(context: Context, noun: Token) -> Token:
    """The role that the noun is behind a preposition of, else the noun: "the head of the agency, Jane Doe"."""
    tokens = context.parse.tokens
    over = tokens[noun.head]
    above = tokens[over.head]
    one = any(tokens[c].text.casefold() in ("a", "an") for c in context.parse.children[noun.i])  # "of a rival, Norvik"
    behind = noun.dep == "pobj" and over.dep == "prep" and above.tag == "NN" and above.text.islower() and not one
    return above if behind and context.words.is_role(above.text) and above.text not in EITHER else noun


def _common_noun(context: Context, token: Token) -> str:
    """A common noun, folded, with its other half where the tables know both as one: "start-up"."""
    tokens, i, word = context.parse.tokens, token.i, token.text.casefold()
    if i + 2 < len(tokens) and tokens[i + 1].text in HYPHENS:
        whole = f"{word}-{tokens[i + 2].text.casefold()}"
    elif i > 1 and tokens[i - 1].text in HYPHENS:
        whole = f"{tokens[i - 2].text.casefold()}-{word}"
    else:
        return word
    return whole if whole in context.words.nouns else word


def _clause(context: Context, spot: Spot) -> list[str]:
    tokens, words = context.parse.tokens, context.words
    head = head_of(context, spot)
    token, governor = tokens[head], tokens[tokens[head].head]
    verb = words.verbs.get(governor.lemma.casefold(), "other")
    found: list[str] = []
    if token.dep in ("nsubj", "nsubjpass"):
        made = token.dep == "nsubjpass" and _is_made(context, governor)
        found.append("nsubjpass=made" if made else f"{token.dep}={verb}")
        several = any(tokens[c].dep == "conj" for c in context.parse.children[head])
        auxiliary = any(tokens[c].text in ("have", "are", "were") for c in context.parse.children[governor.i])
        if governor.tag == "VBP" or auxiliary and not several:
            found.append("plural-verb")
        if token.dep == "nsubj" and governor.lemma in COPULAS and not several:
            found += _predicate(context, governor)
    elif token.dep in SLOTS:
        found.append(f"dep={token.dep}")
    if token.dep == "dobj":
        found.append(f"obj={verb}")
    if token.dep == "appos" and governor.text.islower():
        comma = spot.start > 0 and tokens[spot.start - 1].text == ","
        found += _kind(context, _governing_role(context, governor) if comma else governor, "noun=", "role-before")
    for child in context.parse.children[head]:
        if tokens[child].dep == "appos" and tokens[child].text.islower():
            found += _kind(context, tokens[child], "appos=", "appos=role")
    return found


def _predicate(context: Context, copula: Token) -> list[str]:
    """Evidence of what its subject is said to be: "Norvik is a bank", "Vale was one of three lawyers"."""
    tokens, children = context.parse.tokens, context.parse.children
    noun = next((tokens[c] for c in children[copula.i] if tokens[c].dep == "attr"), None)
    if noun is not None and noun.text == "one":
        of = next((c for c in children[noun.i] if tokens[c].text == "of"), None)
        noun = next((tokens[c] for c in children[of] if tokens[c].dep == "pobj"), None) if of is not None else None
    if noun is None or not noun.text.islower():
        return []
    titled = ["appos=role"] if noun.text in context.words.titles else []
    return titled or _kind(context, noun, "appos=", "appos=role")


def _is_made(context: Context, verb: Token) -> bool:
    """Whether the verb in the passive says what is done to bodies alone."""
    lemma = verb.lemma.casefold()
    particles = (context.parse.tokens[c].text for c in context.parse.children[verb.i])
    return lemma in MADE or any((lemma, particle) in MADE_UP for particle in particles)


def _after(context: Context, spot: Spot, stop: int) -> list[str]:
    tokens = context.parse.tokens
    rest = tokens[spot.stop : min(spot.stop + 4, stop)]
    if not rest:
        return ["at-end"]
    first = rest[0]
    second = rest[1] if len(rest) > 1 else None
    if first.tag == "POS" or first.text in ("'s", "’s"):
        led = ["has=leader"] if _names_noun(tokens, spot.stop + 1, stop, OWNED) else []
        return ["possessor", *led, *(_possessed(context, second, rest[2:]) if second is not None else [])]
    alone = spot.stop - spot.start == 1
    if alone and first.text in ("in", "near") and second is not None and context.gazetteer.place(second.text):
        return ["in-place"]  # "left Arvik in Norway"
    if first.text in (",", "(") and second is not None:
        return _after_comma(context, spot.stop + 1, second, stop)
    if first.text in ("who", "whom"):
        return ["who"]
    if second is not None and first.text.isdigit() and len(first.text) == YEAR and second.text.islower():
        first, second = second, rest[2] if len(rest) > 2 else None  # "the Alder 2011 conference"
    if first.text.islower() and first.tag in ("NN", "NNS"):
        role = first.text in context.words.titles or context.words.is_role(first.text)
        if role and second is not None and _is_person(context, second):
            return ["mod=role", "mod=role-of-person"]  # "Brenford striker Joan Vale"
        return ["mod=role"] if role else _kind(context, first, "mod=", "mod=role") or ["mod=other"]
    if first.text == "-" and first.begin == tokens[spot.stop - 1].end:
        return ["hyphen-after"]
    return []


def _possessed(context: Context, owned: Token, rest: Sequence[Token]) -> list[str]:
    """Evidence of what stands behind an apostrophe: "Norvik's Mr. Vale", "Norvik's keeper Joan Vale"."""
    if owned.text.islower():
        role = context.words.is_role(owned.text) or owned.text in context.words.titles
        person = role and bool(rest) and _is_person(context, rest[0])
        return [
            *(_kind(context, owned, "has=", "has=role") or ["has=other"]),
            *(["has=role-of-person"] if person else []),
        ]
    return ["has=person"] if _is_person(context, owned) else []


def _is_person(context: Context, token: Token) -> bool:
    """Whether a person's name begins here: a form of address, or a first name that is no ordinary word."""
    low = token.text.casefold().rstrip(".")
    named = first_name(token.text, context.gazetteer, context.words) in ("known", "rare")
    return token.text[0].isupper() and (low in ADDRESSES or named)


def _after_comma(context: Context, at: int, second: Token, stop: int) -> list[str]:
    tokens = context.parse.tokens
    if second.text.isdigit() and len(second.text) <= LONGEST_AGE:
        return ["age"]
    if second.text in ("who", "whom"):
        return ["who"]
    if second.text == "based":
        return ["based"]  # "Norvik, based in Arvik"
    if second.text in ("which", "where", "whose"):
        led = second.text == "whose" and _names_noun(tokens, at + 1, stop, LED)
        return [second.text, *(["whose=leader"] if led else [])]
    if second.text in ("in", "near", "outside") and at + 1 < stop and context.gazetteer.place(tokens[at + 1].text):
        return ["comma-in"]  # "Halden, in Norway"
    if second.text in ("a", "an", "the", "his", "her"):
        noun = next((m for m in range(at + 1, min(at + 7, stop)) if _ends_noun(tokens, m, stop)), None)
        if noun is None:
            return []
        most = any(t.text in SUPERLATIVES for t in tokens[at + 1 : noun])
        kinds = _kind(context, tokens[noun], "appos=", "appos=role")
        return [*kinds, *(["appos=largest"] if most and tokens[noun].text not in ALONE else [])]
    if second.text.islower() and context.words.is_role(second.text):
        return ["appos=role"]
    return ["comma-place"] if second.text[0].isupper() and context.gazetteer.place(second.text) else []


def _names_noun(tokens: tuple[Token, ...], start: int, stop: int, nouns: frozenset[str]) -> bool:
    """Whether the noun phrase that begins here ends in one of these: "sporting director"."""
    end = next((m for m in range(start, min(start + 6, stop)) if _ends_noun(tokens, m, stop)), None)
    return end is not None and tokens[end].text in nouns and all(t.text[0].islower() for t in tokens[start:end])


def _ends_noun(tokens: tuple[Token, ...], m: int, stop: int) -> bool:
    return tokens[m].tag in ("NN", "NNS") and (m + 1 >= stop or tokens[m + 1].tag not in ("NN", "NNS"))


def head_of(context: Context, spot: Spot) -> int:
    """The token of the spot whose governor is outside it; the last one where several are."""
    tokens = context.parse.tokens
    inside = [
        k for k in range(spot.start, spot.stop) if not spot.start <= tokens[k].head < spot.stop or tokens[k].head == k
    ]
    nouns = [k for k in inside if tokens[k].pos in ("PROPN", "NOUN", "ADJ")]
    return (nouns or inside or [spot.stop - 1])[0]


def weigh(evidence: Mapping[str, float]) -> dict[EntityType, float]:
    """The sum of the evidence for each type; each piece counts by its value."""
    table = _weights()
    score: dict[EntityType, float] = dict.fromkeys(TYPES, 0.0)
    for word, value in evidence.items():
        for kind, weight in table.get(word, ()):
            score[kind] += value * weight
    return score


@functools.lru_cache(maxsize=1)
def _weights() -> dict[str, tuple[tuple[EntityType, float], ...]]:
    rows: dict[str, list[tuple[EntityType, float]]] = {}
    for line in (TABLES / "names_evidence.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            word, kind, weight = line.split("\t")
            rows.setdefault(word, []).append((kind, float(weight)))  # type: ignore[arg-type]
    return {word: tuple(found) for word, found in rows.items()}
