"""Who says what a token says: the chain of sources, nearest first, as head tokens of their phrases.

A source is the subject of a verb of saying, writing or denying above the token, the owner of a report or claim whose
content it is, the speaker of the quotation it stands in, or whom "according to", "citing" and "in the words of" name.
The speaker of the token itself ("X accused Y") is no source.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.carry import carried_source
from kg.content import is_report
from kg.cues import Cues, is_cue, of
from kg.falsehood import rejecting_verb
from kg.markers import has_to, is_inverted
from kg.syntax import child, children, conjuncts, subtree
from kg.types import Parse, Token

VERBAL = frozenset({"VERB", "AUX"})
NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM"})
CLAUSAL = frozenset({"ccomp", "xcomp", "parataxis", "csubj", "csubjpass", "oprd", "advcl", "dep"})
MAX_STEPS = 30
LOOK_BACK = 600
"""Tokens: about the length of a screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteSpan:
    """A direct quotation: `text` stands between the marks at [begin:end]; speaker and addressee are head tokens."""

    begin: int
    end: int
    text: str
    speaker: int | None = None
    addressee: int | None = None


def attribution(parse: Parse, i: int, quotations: Sequence[QuoteSpan], cues: Cues) -> tuple[int, ...]:
    """The head tokens of the sources of what token i says, nearest first; empty for the document's own voice."""
    found: list[int] = []
    here = parse.tokens[i]
    around = sorted(
        (q for q in quotations if q.begin <= here.begin and here.end <= q.end), key=lambda q: q.end - q.begin
    )
    at = i
    for _ in range(MAX_STEPS):
        found += [s for s in _named_beside(parse, at, i, cues) if s not in found]
        token = parse.tokens[at]
        g = token.head
        if g == at:
            break
        for quote in [q for q in around if not q.begin <= parse.tokens[g].begin < q.end]:
            found += [] if quote.speaker is None or quote.speaker in found else [quote.speaker]
            around.remove(quote)
        found += [s for s in _sources_above(parse, at, g, cues) if s not in found]
        at = g
    found += [q.speaker for q in around if q.speaker is not None and q.speaker not in found]
    label = _headline_source(parse, i, cues)
    found += [label] if label is not None and label not in found else []
    if not found:
        outlet = carried_source(parse, i, cues)
        found += [outlet] if outlet is not None else []
    return tuple(s for s in found if s != i)


def _headline_source(parse: Parse, i: int, cues: Cues) -> int | None:
    """Who says so in a headline: "Acme: Duke robbed king", "Duke robbed king: Herald", "... - Herald"."""
    sentence = parse.sentences[parse.sentence_of[i]]
    words = parse.tokens[sentence.start : sentence.stop]
    if any(t.text in (".", "?", "!") for t in words[-2:]) or len(words) < 5:
        return None
    colon = next((t.i for t in words[:7] if t.text == ":"), None)
    if colon is not None and colon < i:
        label = parse.tokens[sentence.start : colon]
        return colon - 1 if _is_label(label) and label[-1].entity in ("ORG", "PERSON") else None
    dash = next((t.i for t in reversed(words[-6:]) if t.text in (":", "-", "–", "—")), None)
    if dash is None or dash < i or parse.tokens[dash].text == "-" and not _stands_free(parse, dash):
        return None
    label = parse.tokens[dash + 1 : sentence.stop]
    return sentence.stop - 1 if _is_label(label) and not is_cue(parse, dash - 1, of(cues, "say")) else None


def _is_label(words: Sequence[Token]) -> bool:
    named = [t for t in words if t.pos not in ("DET", "PUNCT")]
    return 0 < len(named) <= 5 and all(t.pos == "PROPN" for t in named)


def _stands_free(parse: Parse, i: int) -> bool:
    """Whether spaces stand on both sides of a mark, which then is a dash and no hyphen."""
    around = parse.document.text[parse.tokens[i].begin - 1 : parse.tokens[i].end + 1]
    return len(around) > 2 and around[0].isspace() and around[-1].isspace()


# ---------------------------------------------------------------- sources above


def _sources_above(parse: Parse, at: int, g: int, cues: Cues) -> list[int]:
    """The sources that governor g names for its dependent `at`."""
    token, above = parse.tokens[at], parse.tokens[g]
    if any(t.text == ";" for t in parse.tokens[min(at, g) : max(at, g)]):
        return []
    if (
        token.dep == "prep"
        and above.pos in VERBAL
        and child(parse, at, "pcomp") is not None
        and (is_cue(parse, g, of(cues, "accuse")) or token.text == "as" and is_cue(parse, g, of(cues, "cite")))
    ):
        return speakers(parse, g, cues)
    if token.dep == "ccomp" and is_cue(parse, g, of(cues, "hear")) and not _is_relative(parse, at):
        return _heard_from(parse, g, cues)
    if token.dep == "ccomp" and _is_relative(parse, at):
        # "follows an Echo story last week that broke ...": a relative clause hung on the main verb.
        told = child(parse, g, "dobj")
        return owners(parse, told, cues) if told is not None and told < at and is_report(parse, told, cues) else []
    if is_predicate(parse, g) and (token.dep in CLAUSAL or token.dep == "acomp") and _says(parse, g, cues):
        if has_to(parse, at) and not is_cue(parse, g, of(cues, "claim")) and child(parse, g, "nsubjpass") is None:
            # Who vows or is urged to do a thing does not say that it is done.
            if all(parse.tokens[a].lemma != "have" for a in children(parse, at, "aux")):
                return []
        return (
            [] if token.dep == "advcl" and not _is_reported_condition(parse, at, g, cues) else speakers(parse, g, cues)
        )
    if above.pos in VERBAL and token.dep == "dobj" and is_cue(parse, g, of(cues, "convey")):
        # "conveyed her country's support for": one's own support needs no source.
        return speakers(parse, g, cues) if child(parse, at, "poss") is not None else []
    if above.pos in VERBAL and token.dep in ("dobj", "nsubjpass") and not is_report(parse, at, cues):
        # "denied a meeting", "confirmed the visit", "reaffirmed its support for".
        return speakers(parse, g, cues) if any(is_cue(parse, g, of(cues, k)) for k in ("deny", "assert")) else []
    if above.pos in NOMINAL and token.dep in ("acl", "ccomp", "relcl", "prep", "appos"):
        if is_report(parse, g, cues) or is_cue(parse, g, of(cues, "false")):
            rejecter = rejecting_verb(parse, g, cues)
            return (
                [s for s in speakers(parse, rejecter, cues) if s != g]
                if rejecter is not None
                else owners(parse, g, cues)
            )
        if token.dep == "relcl" and _is_told_clause(parse, at, g, cues):
            return _people(parse, g, cues)
    return []


def _heard_from(parse: Parse, v: int, cues: Cues) -> list[int]:
    """The sources of what is heard: "heard from X that ..."; an outlet that "has learned" it says so itself."""
    for p in children(parse, v, "prep"):
        if parse.tokens[p].text.casefold() == "from":
            return _people(parse, child(parse, p, "pobj"), cues)
    subject = child(parse, v, "nsubj")
    tells = subject is not None and parse.tokens[subject].entity == "ORG" and parse.tokens[v].lemma != "hear"
    return _people(parse, subject, cues) if tells else []


def is_predicate(parse: Parse, v: int) -> bool:
    """Whether token v is a verb, or a word with a subject that was tagged as a noun ("the ministry notes, ...")."""
    return parse.tokens[v].pos in VERBAL or child(parse, v, "nsubj") is not None


def _says(parse: Parse, v: int, cues: Cues) -> bool:
    return any(is_cue(parse, v, of(cues, kind)) for kind in ("say", "write", "deny", "cite"))


def _is_relative(parse: Parse, v: int) -> bool:
    subject = child(parse, v, "nsubj")
    return subject is not None and parse.tokens[subject].tag == "WDT"


def _is_reported_condition(parse: Parse, at: int, g: int, cues: Cues) -> bool:
    """ "If he had gone, X says, he would ...": the parser makes the condition an adjunct of the verb of saying."""
    subject = child(parse, g, "nsubj")
    marks = {parse.tokens[m].text.casefold() for m in children(parse, at, "mark")}
    before = subject is not None and at < subject and parse.tokens[min(subtree(parse, subject)) - 1].text == ","
    return before and (bool(marks & of(cues, "conditional")) or is_inverted(parse, at))


def _is_told_clause(parse: Parse, at: int, n: int, cues: Cues) -> bool:
    """ "It is conceivable, said X, that ...": the clause hangs on X by mistake, who is the subject of saying."""
    told = parse.tokens[n].dep in ("nsubj", "dobj") and is_cue(parse, parse.tokens[n].head, of(cues, "say"))
    return told and any(parse.tokens[m].text.casefold() == "that" for m in children(parse, at, "mark"))


def owners(parse: Parse, n: int, cues: Cues) -> list[int]:
    """Whose report n is: "X's claim", "an allegation by X", "a report in X", "a Reuters report"."""
    owner = child(parse, n, "poss")
    if owner is not None:
        return _people(parse, owner, cues)
    for c in children(parse, n, "acl"):
        by = child(parse, c, "agent")
        if by is not None and parse.tokens[c].tag == "VBN":
            return _people(parse, child(parse, by, "pobj"), cues)
    for c in children(parse, n, "prep", "agent"):
        word = parse.tokens[c].text.casefold()
        if word in ("by", "from", "in", "of", "on"):
            target = child(parse, c, "pobj")
            host = child(parse, target, "poss") if target is not None else None
            if host is not None and word in ("in", "on"):
                return _people(parse, host, cues)  # "a note on X's website"
            allowed = ("PROPN",) if word in ("of", "in", "on") else ("PROPN", "NOUN", "PRON")
            if target is not None and parse.tokens[target].pos in allowed and not is_report(parse, target, cues):
                return _people(parse, target, cues)
    named = [c for c in children(parse, n, "compound", "nmod") if parse.tokens[c].pos == "PROPN"][-1:]
    verb = parse.tokens[n].head
    written = is_cue(parse, verb, of(cues, "write")) or is_cue(parse, verb, of(cues, "support"))
    if not named and parse.tokens[n].dep == "dobj" and written:
        return speakers(parse, verb, cues)
    return named


def speakers(parse: Parse, v: int, cues: Cues) -> list[int]:
    """Who says verb v: its subject with all that is coordinated, the by-phrase of a passive, or who it inherits."""
    by = child(parse, v, "agent")
    if by is not None:
        return _people(parse, child(parse, by, "pobj"), cues)
    if child(parse, v, "nsubjpass", "auxpass") is not None:
        return []
    quoted = quoted_person(parse, v, cues)
    if quoted is not None:
        return _people(parse, quoted, cues)
    own = child(parse, v, "nsubj")
    if own is not None and parse.tokens[own].text.casefold() == "it" and is_cue(parse, v, of(cues, "say")):
        return [own]
    behind = child(parse, v, "dobj", "attr", "oprd")
    if own is None and behind is not None and behind > v and child(parse, v, "ccomp") in range(v):
        # "..., complained X": the parser takes the speaker behind the verb for an object.
        return _people(parse, behind, cues)
    return _people(parse, _subject(parse, v), cues)


def quoted_person(parse: Parse, v: int, cues: Cues) -> int | None:
    """Whose words they are in "the Herald quoted X as saying ...", of which v is "saying"."""
    preposition = parse.tokens[v].head
    quoting = parse.tokens[preposition].head
    if parse.tokens[v].dep != "pcomp" or parse.tokens[preposition].text.casefold() != "as":
        return None
    return child(parse, quoting, "dobj", "nsubjpass") if is_cue(parse, quoting, of(cues, "cite")) else None


def _subject(parse: Parse, v: int, depth: int = 0) -> int | None:
    own = child(parse, v, "nsubj", "csubj")
    if own is not None:
        token = parse.tokens[own]
        if parse.tokens[v].dep == "relcl" and token.tag in ("WP", "WDT"):
            return parse.tokens[v].head
        return own
    token = parse.tokens[v]
    if depth > 6 or token.head == v or child(parse, v, "nsubjpass") is not None:
        return child(parse, v, "nsubjpass")
    head = parse.tokens[token.head]
    if token.dep == "acl":
        return token.head
    if head.pos in VERBAL and token.dep in ("advcl", "xcomp", "conj", "ccomp"):
        return _subject(parse, token.head, depth + 1)
    if token.dep == "pcomp" and parse.tokens[head.head].pos in VERBAL:
        return _subject(parse, head.head, depth + 1)
    return None


def _people(parse: Parse, i: int | None, cues: Cues) -> list[int]:
    """Token i and what is coordinated with it, without the empty "it" and "there"; a spokesman is followed by whom he
    speaks for."""
    if i is None or parse.tokens[i].text.casefold() in ("it", "there", "that", "this", "which"):
        return []
    found: list[int] = []
    for c in conjuncts(parse, i):
        if parse.tokens[c].pos == "NOUN" and is_report(parse, c, cues):
            last = _last_subject(parse, c) if is_cue(parse, c, of(cues, "mouthpiece")) else None
            bare = [last] if last is not None else last_source(parse, c, cues)
            found += owners(parse, c, cues) or bare or [c]
        elif parse.tokens[c].pos in NOMINAL:
            named = _named(parse, c)
            found += [named, *(principals(parse, c, cues) if named == c else [])]
    return found


def principals(parse: Parse, i: int, cues: Cues) -> list[int]:
    """Whom the unnamed spokesman, ministry or lawyer of token i speaks for; of a bare spokesman whom the text before
    is about."""
    if parse.tokens[i].pos != "NOUN" or not is_cue(parse, i, of(cues, "voice")):
        return []
    named = _principals(parse, i) or _principals_of_bearer(parse, i, cues)
    if named or not is_cue(parse, i, of(cues, "mouthpiece")):
        return named
    last = _last_subject(parse, i)
    return [last] if last is not None else []


def _last_subject(parse: Parse, i: int) -> int | None:
    """The organisation or state that was the last subject before token i, in its paragraph or the one before."""
    block = parse.sentences[parse.sentence_of[i]].block
    for j in range(i - 1, max(-1, i - LOOK_BACK // 4), -1):
        token = parse.tokens[j]
        if parse.sentences[parse.sentence_of[j]].block < block - 1:
            return None
        subject = token.dep in ("nsubj", "nsubjpass") and token.pos == "PROPN"
        if subject and token.entity in ("ORG", "GPE", "NORP"):
            return j
    return None


def last_source(parse: Parse, i: int, cues: Cues) -> list[int]:
    """The last outlet or author named before token i: whom "the report" and "reportedly" go back to."""
    for j in range(i - 1, max(-1, i - LOOK_BACK), -1):
        token = parse.tokens[j]
        if token.pos in VERBAL and is_cue(parse, j, of(cues, "publish")):
            subject = child(parse, j, "nsubj")
            if subject is not None and parse.tokens[subject].pos == "PROPN":
                return [subject]
        elif token.pos == "NOUN" and is_cue(parse, j, of(cues, "coverage")):
            owners = [c for c in children(parse, j, "compound", "nmod", "poss") if parse.tokens[c].pos == "PROPN"]
            if owners:
                return owners[-1:]
        elif token.text.casefold() == "according":
            target = next((t for t in subtree(parse, j) if parse.tokens[t].dep == "pobj"), None)
            if target is not None and parse.tokens[target].pos == "PROPN":
                return [target]
    return []


def _named(parse: Parse, i: int) -> int:
    """The name in apposition to a common noun ("her biographer, Remi Cloutier"), else token i."""
    if parse.tokens[i].pos != "NOUN":
        return i
    return next((c for c in children(parse, i, "appos") if parse.tokens[c].pos == "PROPN"), i)


def _principals(parse: Parse, i: int) -> list[int]:
    """Whom a spokesman, ministry or organiser stands for: possessor, "of" or "at" phrase, name or nationality."""
    owner = child(parse, i, "poss")
    if owner is not None:
        return [owner]
    for p in children(parse, i, "prep"):
        if parse.tokens[p].text.casefold() in ("of", "at", "for", "in", "from", "with", "by"):
            target = child(parse, p, "pobj")
            if target is not None and parse.tokens[target].pos in ("PROPN", "PRON"):
                return [target]
    return [
        c
        for c in children(parse, i, "compound", "nmod", "amod")
        if parse.tokens[c].pos == "PROPN" or parse.tokens[c].entity == "NORP"
    ][-1:]


def _principals_of_bearer(parse: Parse, i: int, cues: Cues) -> list[int]:
    """Whose the page or letter is on which a message stands: "a notice on the Harbour Trust website"."""
    for p in children(parse, i, "prep"):
        target = child(parse, p, "pobj") if parse.tokens[p].text.casefold() in ("on", "in", "at") else None
        if target is not None and parse.tokens[target].pos == "NOUN" and is_cue(parse, target, of(cues, "voice")):
            return _principals(parse, target)
    return []


# ---------------------------------------------------------------- sources beside


def _named_beside(parse: Parse, at: int, i: int, cues: Cues) -> list[int]:
    """The sources that dependents of `at` name for the whole of it: "according to X", "citing X", ", X said,"."""
    found = [s for s in credited(parse, at, cues) if s != i]
    for c in parse.children[at]:
        token = parse.tokens[c]
        if c == i or token.begin <= parse.tokens[i].begin and i in subtree(parse, c):
            continue
        if token.text.casefold() in of(cues, "according"):
            found += sources_of_phrase(parse, c, cues)
        elif token.dep == "advmod" and is_cue(parse, c, of(cues, "hearsay")):
            found += last_source(parse, parse.sentences[parse.sentence_of[c]].start, cues)
        elif token.dep in ("advcl", "acl") and token.tag == "VBG" and is_cue(parse, c, of(cues, "cite")):
            found += _people(parse, child(parse, c, "dobj"), cues)
        elif (
            token.pos in VERBAL
            and token.dep in ("parataxis", "ccomp", "advcl", "dep", "intj")
            and _is_aside(parse, c, cues)
        ):
            found += speakers(parse, c, cues)
    return found


def sources_of_phrase(parse: Parse, i: int, cues: Cues) -> list[int]:
    """The sources that the phrase of token i ("according", "per") names."""
    return _people(parse, next((t for t in subtree(parse, i) if parse.tokens[t].dep == "pobj"), None), cues)


def credited(parse: Parse, i: int, cues: Cues) -> list[int]:
    """Whose words they are by a phrase on token i: "in the words of X", "by X's own account", "in X's view"."""
    found: list[int] = []
    for p in children(parse, i, "prep"):
        noun = child(parse, p, "pobj")
        if noun is None or parse.tokens[p].text.casefold() not in ("in", "by", "on", "to", "from"):
            continue
        if not is_cue(parse, noun, of(cues, "credit")):
            continue
        owner = child(parse, noun, "poss")
        of_phrase = next((c for c in children(parse, noun, "prep") if parse.tokens[c].text.casefold() == "of"), None)
        if owner is None and of_phrase is not None:
            owner = child(parse, of_phrase, "pobj")
        found += _people(parse, owner, cues)
    return found


def _is_aside(parse: Parse, v: int, cues: Cues) -> bool:
    """Whether verb of saying v is only put in: ", X said,", "as X reported", "as reported by X"."""
    if not (is_cue(parse, v, of(cues, "say")) or is_cue(parse, v, of(cues, "write"))):
        return False
    if child(parse, v, "ccomp", "xcomp", "dobj") is not None:
        return False
    marks = {parse.tokens[m].text.casefold() for m in children(parse, v, "mark", "advmod", "prep")}
    if parse.tokens[v].dep == "advcl":
        return "as" in marks and "not" not in {parse.tokens[m].text.casefold() for m in parse.children[v]}
    return child(parse, v, "nsubj") is not None and not marks & {"that", "if", "whether"}
