"""What a word's own clause marks about it: negation, modality, condition, question, a time to come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from kg.cues import Cues, is_cue, of
from kg.dates import time_of
from kg.syntax import ancestors, child, children, subtree
from kg.types import Parse

Value = Literal["actual", "planned", "possible", "denied"]
Effect = Callable[[Value], Value]

VERBAL = frozenset({"VERB", "AUX"})
NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM"})
QUOTE_MARKS = frozenset({'"', "“", "”"})
INVERTING = frozenset({"had", "should", "were"})


# ---------------------------------------------------------------- effects


def keep(value: Value) -> Value:
    """The value as it is."""
    return value


def negate(value: Value) -> Value:
    """Denied; a denial denied is a fact again."""
    return "actual" if value == "denied" else "denied"


def deny(_: Value) -> Value:
    """Denied, whatever it was."""
    return "denied"


def plan(value: Value) -> Value:
    """What would be a fact is a plan."""
    return "planned" if value == "actual" else value


def hedge(value: Value) -> Value:
    """What would be a fact or a plan is a possibility."""
    return "denied" if value == "denied" else "possible"


def doubt(_: Value) -> Value:
    """A possibility, even of what is negated: "whether he did not"."""
    return "possible"


# ---------------------------------------------------------------- verbs


def verb_effect(parse: Parse, v: int, cues: Cues, *, skip: int = -1) -> Effect:
    """What the markers of verb v do to what it says; those on its argument `skip` are left out of account."""
    negated = is_negated(parse, v, cues, skip=skip)
    if _is_condition(parse, v, cues):
        return deny if _is_counterfactual(parse, v, cues) and not negated else doubt
    if any(is_cue(parse, c, of(cues, "near")) for c in children(parse, v, "advmod")):
        return deny
    modal = _modal_effect(parse, v, cues, negated)
    if modal is not None:
        return modal
    if negated:
        return negate
    if any(is_cue(parse, c, of(cues, "possible-adverb")) for c in children(parse, v, "advmod")):
        return doubt
    if _is_command(parse, v):
        return hedge
    if _is_future_present(parse, v, cues) or _is_headline_future(parse, v):
        return plan
    return keep


def _modal_effect(parse: Parse, v: int, cues: Cues, negated: bool) -> Effect | None:
    words = [parse.tokens[a].text.casefold() for a in auxiliaries(parse, v)]
    conditional = _has_condition(parse, v)
    if of(cues, "future-modal") & set(words):
        return negate if negated else hedge if conditional else plan
    if "would" in words or {"'d", "’d"} & set(words) and parse.tokens[v].tag == "VB":
        if "have" in words:
            return doubt
        if negated and not conditional:
            return negate
        return plan if not conditional and _is_reported_past(parse, v, cues) else hedge
    if of(cues, "modal") & set(words):
        return negate if negated and not conditional and {"could", "can", "ca"} & set(words) else hedge
    return None


def auxiliaries(parse: Parse, v: int) -> list[int]:
    """Auxiliaries of verb v; a bare verb form after "and" shares those of the verb before it."""
    own = children(parse, v, "aux", "auxpass")
    token = parse.tokens[v]
    head = parse.tokens[token.head]
    if token.dep == "conj" and head.pos in VERBAL and not own and child(parse, v, "nsubj", "nsubjpass") is None:
        shared = auxiliaries(parse, token.head)
        tags = {parse.tokens[a].tag for a in shared}
        if token.tag == "VB" and tags & {"MD", "TO"} or token.tag in ("VB", "VBN", "VBG") and token.tag == head.tag:
            return shared
    return own


def has_to(parse: Parse, v: int) -> bool:
    """Whether verb v is a to-infinitive."""
    return any(parse.tokens[a].tag == "TO" for a in auxiliaries(parse, v))


def is_infinite(parse: Parse, v: int) -> bool:
    """Whether verb v is an infinitive or participle rather than a finite verb."""
    if has_to(parse, v):
        return True
    return not {parse.tokens[a].tag for a in (*auxiliaries(parse, v), v)} & {"VBD", "VBZ", "VBP", "MD"}


def is_negated(parse: Parse, v: int, cues: Cues, *, skip: int = -1) -> bool:
    """Whether verb v is negated in its own clause: not, never, no longer, at no point, a "no" on subject or object."""
    found = 0
    for c in parse.children[v]:
        token = parse.tokens[c]
        word = token.text.casefold()
        if c == skip:
            continue
        if token.dep == "neg" or token.dep in ("advmod", "preconj", "det") and word in ("not", "never", "neither"):
            found += not _is_minimised(parse, c, cues)
        elif token.dep == "cc" and c < v and word in ("nor", "neither"):
            found += 1
        elif token.dep == "advmod" and word in ("longer", "more"):
            found += "no" in _words(parse, c)
        elif token.dep in ("nsubj", "nsubjpass", "dobj", "attr", "dative"):
            found += is_negative_phrase(parse, c, cues)
        elif token.dep == "prep":
            target = child(parse, c, "pobj")
            found += (
                target is not None
                and "no" in _words(parse, target)
                and is_cue(parse, target, of(cues, "negative-adverbial"))
            )
    token = parse.tokens[v]
    if not found and token.dep == "conj" and parse.tokens[token.head].pos in VERBAL:
        return _shares_negation(parse, v, cues)
    return found % 2 == 1


def _shares_negation(parse: Parse, v: int, cues: Cues) -> bool:
    """ "did not meet or call him": a bare form, or what follows "or", is under the same negation."""
    head = parse.tokens[v].head
    if child(parse, v, "nsubj", "nsubjpass") is not None or not is_negated(parse, head, cues):
        return False
    joined = {parse.tokens[c].text.casefold() for c in children(parse, head, "cc") if c < v}
    if joined & {"but", "yet"} or children(parse, v, "aux", "auxpass"):
        return False
    return bool(joined & {"or", "nor"}) or parse.tokens[v].tag == parse.tokens[head].tag == "VB"


def _is_minimised(parse: Parse, negator: int, cues: Cues) -> bool:
    """ "not only", "not so much", "A, not B, did", "did not do so until May": the clause stands."""
    following = parse.tokens[negator + 1 : negator + 2]
    if following and following[0].text.casefold() in of(cues, "minimiser"):
        return True
    apart = negator > 0 and parse.tokens[negator - 1].text in (",", "and", "but")
    if apart and following and following[0].pos in ("DET", "PROPN", "NOUN", "PRON", "ADJ", "ADP"):
        return True
    verb = parse.tokens[negator].head
    return any(
        parse.tokens[c].text.casefold() == "until" or "until" in _words(parse, c)
        for c in children(parse, verb, "prep", "advcl")
        if c > verb
    )


def _words(parse: Parse, i: int) -> set[str]:
    return {parse.tokens[c].text.casefold() for c in parse.children[i]}


def is_negative_phrase(parse: Parse, i: int, cues: Cues) -> bool:
    """Whether a noun phrase is empty: "nobody", "no talks", "none of them", "not one of the firms", "neither side"."""
    token = parse.tokens[i]
    if token.text.casefold() in of(cues, "negator") and token.pos in ("PRON", "DET", "NOUN", "CCONJ"):
        return True
    before = (c for c in children(parse, i, "det", "neg", "preconj", "predet", "advmod", "nummod") if c < i)
    marks = {parse.tokens[c].text.casefold() for c in before}
    if marks & {"no", "neither"}:
        return True
    return "not" in marks and token.pos in ("NUM", "PRON", "NOUN") and token.dep != "attr"


# ---------------------------------------------------------------- conditions and questions


def _is_condition(parse: Parse, v: int, cues: Cues) -> bool:
    """Whether the clause of v is a condition or an open question: if, unless, whether, "had he gone"."""
    marks = [parse.tokens[c].text.casefold() for c in children(parse, v, "mark", "advmod")]
    if "even" not in marks and set(marks) & of(cues, "conditional"):
        return True
    return is_inverted(parse, v)


def is_inverted(parse: Parse, v: int) -> bool:
    """ "Had X met Y, ...", "Should the court side with him, ...": a condition by the order of its words."""
    sentence = parse.sentences[parse.sentence_of[v]]
    subject = child(parse, v, "nsubj", "nsubjpass")
    first = next((c for c in parse.children[v] if parse.tokens[c].dep != "punct"), None)
    if first is None or parse.tokens[first].text.casefold() not in INVERTING or subject is not None and subject < first:
        return False
    if parse.tokens[first].dep not in ("aux", "auxpass") or any(t.text == "?" for t in parse.tokens[v : sentence.stop]):
        return False
    return subject is not None and _starts_clause(parse, first)


def _starts_clause(parse: Parse, i: int) -> bool:
    before = parse.tokens[i - 1] if i else None
    return before is None or parse.sentence_of[i - 1] != parse.sentence_of[i] or before.pos in ("PUNCT", "CCONJ")


def opens_with_condition(parse: Parse, i: int) -> bool:
    """Whether token i stands in the opening "Had ...," or "Should ...," of its sentence, however that was parsed."""
    sentence = parse.sentences[parse.sentence_of[i]]
    words = [t for t in parse.tokens[sentence.start : sentence.stop] if t.pos != "PUNCT"]
    if not words or words[0].text not in ("Had", "Should", "Were"):
        return False
    tokens = parse.tokens[sentence.start : sentence.stop]
    comma = next((t.i for t in tokens if t.text == "," and t.i > i), None)
    earlier = any(t.text == "," for t in tokens if t.i < i)
    return comma is not None and not earlier and all(t.text != "?" for t in tokens)


def _is_counterfactual(parse: Parse, v: int, cues: Cues) -> bool:
    """ "if he had met her", of an event: the text takes it that it did not happen."""
    token = parse.tokens[v]
    if (
        is_cue(parse, v, of(cues, "stative"))
        or token.tag not in ("VBN", "VBD")
        or token.dep in ("ccomp", "xcomp")
        and not is_inverted(parse, v)
    ):
        return False
    marks = {parse.tokens[c].text.casefold() for c in children(parse, v, "mark", "aux", "auxpass", "advmod")}
    return "had" in marks and "whether" not in marks


def _has_condition(parse: Parse, v: int) -> bool:
    """Whether verb v depends on a condition of its own: "if the depot closes"; "even if" sets none."""
    for c in children(parse, v, "advcl", "prep"):
        words = {parse.tokens[m].text.casefold() for m in children(parse, c, "mark", "advmod")}
        if words & {"if", "unless"} and "even" not in words or is_inverted(parse, c):
            return True
    return False


def _is_reported_past(parse: Parse, v: int, cues: Cues) -> bool:
    """Whether "would" is a "will" told in the past: "said he would", "plans under which it would"."""
    subject = child(parse, v, "nsubj", "nsubjpass")
    if subject is not None and parse.tokens[subject].text.casefold() in ("i", "we", "you"):
        return False
    if parse.tokens[v].lemma in ("like", "love", "prefer", "rather") or "rather" in _words(parse, v):
        return False
    return any(
        parse.tokens[a].tag in ("VBD", "VBN")
        and (is_cue(parse, a, of(cues, "say")) or is_cue(parse, a, of(cues, "plan-verb")))
        for a in ancestors(parse, v)
    )


def is_asked(parse: Parse, i: int, cues: Cues) -> bool:
    """Whether token i is in what a question asks: "Did X meet Y?".  "Why" and "when" take for granted that it is so."""
    sentence = parse.sentences[parse.sentence_of[i]]
    tokens = parse.tokens[i + 1 : sentence.stop]
    closing = next((t for t in tokens if t.text in (".", "!", "?", ";")), None)
    if closing is None or closing.text != "?":
        return False
    if sum(t.text in QUOTE_MARKS for t in tokens if t.i < closing.i) % 2 == 1:
        return False
    at = i
    starts = next((t.pos == "AUX" for t in parse.tokens[sentence.start : i] if t.pos != "PUNCT"), False)
    for a in (i, *ancestors(parse, i)):
        token = parse.tokens[a]
        if any(parse.tokens[c].tag == "WRB" for c in children(parse, a, "advmod")) or is_cue(
            parse, a, of(cues, "factive")
        ):
            return False
        if any(is_cue(parse, c, of(cues, "factive")) for c in children(parse, a, "acomp", "attr") if c != at):
            return False
        if (
            token.dep in ("relcl", "acl", "appos")
            and not _is_cleft(parse, a)
            and not (starts and token.tag in ("VBN", "VBG"))
        ):
            return False
        if a == i and token.dep in ("compound", "poss", "nmod"):
            return False
        at = a
    return True


def _is_cleft(parse: Parse, v: int) -> bool:
    """ "it was X that did": the clause looks like an attribute of X but is the statement."""
    focus = parse.tokens[v].head
    copula = parse.tokens[focus].head
    subject = child(parse, copula, "nsubj")
    return parse.tokens[copula].lemma == "be" and subject is not None and parse.tokens[subject].text.casefold() == "it"


def _is_command(parse: Parse, v: int) -> bool:
    token = parse.tokens[v]
    if token.tag != "VB" or token.dep not in ("ROOT", "ccomp"):
        return False
    return not any(
        parse.tokens[c].dep in ("nsubj", "nsubjpass", "aux", "auxpass", "csubj", "expl", "neg")
        for c in parse.children[v]
    )


# ---------------------------------------------------------------- times to come


def _is_future_present(parse: Parse, v: int, cues: Cues) -> bool:
    """ "meets next week", "is playing tomorrow", "takes office in August": a present tense with a time to come."""
    marks = auxiliaries(parse, v)
    tags = {parse.tokens[a].tag for a in (*marks, v)}
    if tags & {"VBD", "TO", "MD"} or not tags & {"VBZ", "VBP"} or any(parse.tokens[a].lemma == "have" for a in marks):
        return False
    if has_future(parse, v, cues):
        return True
    date = parse.document.date
    when = time_of(parse, v, date) if date is not None else None
    return when is not None and date is not None and when.start is not None and when.start > date


def has_future(parse: Parse, i: int, cues: Cues) -> bool:
    """Whether a time to come hangs on token i: next week, tomorrow, later this year."""
    for c in children(parse, i, "npadvmod", "advmod", "prep", "poss", "nmod", "compound"):
        for j in subtree(parse, c)[:4]:
            token = parse.tokens[j]
            if token.text.casefold() in of(cues, "future") and (
                token.entity in ("DATE", "TIME") or token.text.casefold() == "tomorrow"
            ):
                return True
    return False


def _is_headline_future(parse: Parse, v: int) -> bool:
    """ "Court to sentence broker": the infinitive of headlines."""
    first = child(parse, v, "aux")
    if parse.tokens[v].dep != "ROOT" or first is None or parse.tokens[first].tag != "TO":
        return False
    return child(parse, v, "nsubj", "nsubjpass") is not None


# ---------------------------------------------------------------- nouns


def noun_effect(parse: Parse, n: int, cues: Cues) -> Effect:
    """What the words in front of noun n, or a time to come behind it, do to what it says."""
    for c in children(parse, n, "amod", "advmod", "compound", "nmod"):
        if is_cue(parse, c, of(cues, "failed-adjective")):
            return deny
    if any(parse.tokens[m].text.casefold() in of(cues, "conditional") for m in children(parse, n, "mark")):
        return doubt
    for c in (c for c in children(parse, n, "det", "neg", "advmod", "preconj", "amod") if c < n):
        word = parse.tokens[c].text.casefold()
        if (
            word in ("no", "neither", "never")
            or word == "not"
            and not _is_minimised(parse, c, cues)
            or word == "more"
            and "no" in _words(parse, c)
        ):
            return negate
    for c in children(parse, n, "amod", "advmod", "compound", "nmod"):
        word = parse.tokens[c].text.casefold()
        if word in of(cues, "plan-adjective") | of(cues, "future"):
            return plan
        if word in of(cues, "possible-adjective"):
            return hedge
    if parse.tokens[n].text.casefold().rstrip("s") in of(cues, "prospective-noun") or has_future(parse, n, cues):
        return plan
    return keep
