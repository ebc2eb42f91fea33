"""Stance and modality of what a trigger word says: asserted or denied; actual, planned or possible.

The trigger's own markers come first.  Then the walk goes up the tree: each governor does something to its complement
("refused to" denies it, "plans to" plans it, "said that" leaves it alone), told by the cue classes of the ontology.
What negates or hedges a governor reaches the complement only where the governor is transparent ("did not begin to");
never through a relative clause, most adjuncts or a factive verb, and weakened through reported speech.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kg.content import is_content, is_report
from kg.contrast import is_excluded, is_taken_back
from kg.cues import Cues, is_cue, is_group, of
from kg.falsehood import is_called_false, says_false, shows_what_is_false
from kg.markers import (
    NOMINAL,
    VERBAL,
    Effect,
    Value,
    has_to,
    hedge,
    is_asked,
    is_infinite,
    is_inverted,
    is_negated,
    is_negative_phrase,
    keep,
    negate,
    noun_effect,
    opens_with_condition,
    plan,
    verb_effect,
)
from kg.syntax import child, children
from kg.types import Modality, Parse, Stance

CLAUSES = frozenset({"xcomp", "ccomp", "csubj", "csubjpass", "oprd", "parataxis"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Factuality:
    """How a text presents a happening: `denies` for what it says is not so; else actual, planned or possible."""

    stance: Stance
    modality: Modality


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """Where the walk is: the value so far and the token reached; `content` after a clause or phrase that a noun has for
    its content; `reported` above a verb of saying; `sealed` when nothing above matters any more."""

    value: Value
    at: int
    content: bool = False
    reported: bool = False
    sealed: bool = False

    def to(
        self, at: int, value: Value, *, content: bool = False, reported: bool = False, strong: bool = False
    ) -> _State:
        """The state one step up.  Above a report only a denial of the report itself counts in full."""
        if self.reported and not strong and value != self.value:
            value = "possible" if self.value == "actual" and value in ("denied", "possible") else self.value
        return _State(value=value, at=at, content=content, reported=self.reported or reported)


def factuality(parse: Parse, i: int, cues: Cues, arguments: tuple[int, ...] = ()) -> Factuality:
    """Stance and modality of what token i (verb, event noun, participle, adjective, head of a noun phrase) says.

    `arguments` are the head tokens of the participants: "it was A, not B, that won" denies it of B alone.
    """
    # "president-elect": the parser may take the second half for a verb.
    elect = (
        parse.tokens[i].text.casefold() in of(cues, "prospective-noun") and i > 0 and parse.tokens[i - 1].text == "-"
    )
    verbal = parse.tokens[i].pos in VERBAL and not elect
    own = verb_effect(parse, i, cues) if verbal else noun_effect(parse, i, cues)
    state = _State(value=own("actual"), at=i)
    if state.value == "actual" and opens_with_condition(parse, i):
        state = replace(state, value="possible")
    if any(is_excluded(parse, a, cues) for a in arguments):
        state = replace(state, value=negate(state.value))
    if is_taken_back(parse, i, cues):
        state = replace(state, value="denied")
    passed = {i}
    while (above := _rise(parse, state, cues)) is not None and (above.sealed or above.at not in passed):
        state = above
        passed.add(state.at)
        if state.value in ("planned", "possible") and not state.reported and is_taken_back(parse, state.at, cues):
            state = replace(state, value="denied")
        if state.sealed:
            break
    if not state.sealed and state.value in ("actual", "planned") and is_asked(parse, i, cues):
        return Factuality(stance="asserts", modality="possible")
    if state.value == "denied":
        return Factuality(stance="denies", modality="actual")
    return Factuality(stance="asserts", modality=state.value)


# ---------------------------------------------------------------- one step up the tree


def _rise(parse: Parse, state: _State, cues: Cues) -> _State | None:
    """The state after the governor has had its say; None when what stands above has no bearing."""
    token = parse.tokens[state.at]
    g, dep = _governor(parse, state.at, cues)
    above = parse.tokens[g]
    if g == state.at or _is_parted(parse, state.at, g) or token.pos in VERBAL and is_inverted(parse, state.at):
        return None
    if (
        dep == "parataxis"
        and child(parse, state.at, "nsubj", "nsubjpass") is not None
        and not is_cue(parse, g, of(cues, "say") | of(cues, "deny"))
    ):
        return None  # a clause of its own that the parser only set beside the other
    if dep in CLAUSES and above.pos in VERBAL:
        return _from_clause(parse, state, g, cues)
    if dep in ("xcomp", "ccomp", "advcl", "acl", "relcl") and above.pos in ("ADJ", "ADV"):
        return _from_adjective(parse, state, g, cues)
    if dep in ("acl", "relcl", "ccomp", "xcomp", "advcl") and above.pos in NOMINAL:
        return _from_noun(parse, state, g, cues)
    if dep == "advcl" and above.pos in VERBAL:
        return _from_adverbial(parse, state, g, cues)
    if dep in ("pcomp", "pobj", "prep") or dep == "xcomp" and above.pos == "ADP":
        return _from_preposition(parse, state, cues)
    if dep == "conj":
        return _from_conjunct(parse, state, g, cues)
    if dep in ("attr", "acomp") and above.pos in VERBAL:
        return state.to(g, verb_effect(parse, g, cues, skip=state.at)(state.value), content=state.content)
    if dep in ("dobj", "nsubj", "nsubjpass", "dative", "npadvmod") and above.pos in VERBAL and token.pos in NOMINAL:
        return _from_argument(parse, state, g, cues)
    if dep == "amod" and token.pos in VERBAL and above.dep == "pobj":
        return state.to(g, state.value)
    return None


def _governor(parse: Parse, at: int, cues: Cues) -> tuple[int, str]:
    """The governor of a token and the relation, with one repair: a that-clause announced by "it is true" or "it is
    conceivable" belongs there, even where an aside or a semicolon led the parser astray."""
    token = parse.tokens[at]
    if token.pos not in VERBAL or not any(
        parse.tokens[m].text.casefold() == "that" for m in children(parse, at, "mark")
    ):
        return token.head, token.dep
    lost = token.head >= at or token.dep == "relcl" and not is_cue(parse, token.head, of(cues, "say-noun"))
    if not lost and not (token.dep == "ccomp" and is_cue(parse, token.head, of(cues, "say"))):
        return token.head, token.dep
    start = parse.sentences[parse.sentence_of[at]].start
    for v in range(start, min(at, start + 12)):
        subject = child(parse, v, "nsubj", "expl")
        if parse.tokens[v].lemma == "be" and subject is not None and parse.tokens[subject].text.casefold() == "it":
            if child(parse, v, "acomp", "attr") is not None and child(parse, v, "ccomp") is None:
                return v, "ccomp"
    return token.head, token.dep


def _is_parted(parse: Parse, at: int, g: int) -> bool:
    """Whether a semicolon parts the two: clauses side by side, not one in the other."""
    if parse.tokens[at].dep not in ("ccomp", "parataxis", "conj", "advcl"):
        return False
    return any(t.text == ";" for t in parse.tokens[min(at, g) : max(at, g)])


def _from_clause(parse: Parse, state: _State, g: int, cues: Cues) -> _State | None:
    """Up from a complement clause to its verb."""
    at, value = state.at, state.value
    verb = parse.tokens[g]
    infinite = parse.tokens[at].pos not in VERBAL or is_infinite(parse, at)
    predicate = _predicate(parse, g, at)
    if shows_what_is_false(parse, g, cues):
        return state.to(g, "denied", strong=True)
    if verb.lemma == "be" and predicate is not None:
        return _from_predicate(parse, state, g, predicate, cues)
    if (
        verb.lemma in ("be", "have", "remain")
        and infinite
        and any(t.text.casefold() == "yet" for t in parse.tokens[g:at])
    ):
        return state.to(g, "denied")
    if verb.lemma == "let" and any(parse.tokens[c].text.casefold() == "alone" for c in parse.children[g]):
        return state.to(g, "denied")
    if infinite and has_to(parse, at) and (verb.lemma == "be" or verb.lemma == "go" and verb.tag == "VBG"):
        return state.to(g, verb_effect(parse, g, cues)(plan(value)))
    if is_cue(parse, g, of(cues, "brand")) and says_false(parse, g, at, cues):
        return state.to(g, "denied", strong=True)
    refuses = is_cue(parse, g, of(cues, "refuse")) and infinite
    denies = is_cue(parse, g, of(cues, "deny"))
    if refuses or denies:
        return _from_refusal(parse, state, g, cues, denies=denies)
    return _from_attitude(parse, state, g, cues, infinite=infinite)


def _from_predicate(parse: Parse, state: _State, g: int, predicate: int, cues: Cues) -> _State:
    """Up from "it is ADJECTIVE that", "X is due to"."""
    infinite = is_infinite(parse, state.at) or parse.tokens[state.at].pos not in VERBAL
    if is_cue(parse, predicate, of(cues, "factive")) and not infinite:
        return replace(state, sealed=True)
    value = _word_effect(parse, predicate, cues, infinite=infinite)(state.value)
    return state.to(g, verb_effect(parse, g, cues, skip=predicate)(value), strong=not infinite)


def _from_refusal(parse: Parse, state: _State, g: int, cues: Cues, *, denies: bool) -> _State:
    """ "did not refuse to" did it; "did not deny that" leaves it open; "may refuse to" is open, too."""
    infinite = is_infinite(parse, state.at)
    if is_negated(parse, g, cues):
        return state.to(g, "possible" if denies else state.value, strong=denies)
    value = negate(state.value) if infinite and not denies else "denied"
    if verb_effect(parse, g, cues)("actual") == "possible":
        value = "possible"
    return state.to(g, value, strong=denies)


def _from_attitude(parse: Parse, state: _State, g: int, cues: Cues, *, infinite: bool) -> _State:
    """Up from what somebody wants, fears, thinks, says or knows."""
    at, value = state.at, state.value
    say = is_cue(parse, g, of(cues, "say")) or is_cue(parse, g, of(cues, "write"))
    if is_cue(parse, g, of(cues, "plan-verb")) and (infinite and has_to(parse, at) or not infinite and not say):
        return state.to(g, _mood(parse, g, cues)(plan(value)))
    if is_cue(parse, g, of(cues, "possible-verb")) and (infinite or not say):
        return state.to(g, _mood(parse, g, cues)(hedge(value)))
    if is_cue(parse, g, of(cues, "factive")) and not has_to(parse, at):
        return replace(state, sealed=True)
    if is_cue(parse, g, of(cues, "think")):
        return state.to(g, _mood(parse, g, cues)(value))
    if say:
        # "did not say that he had" leaves it open.
        open_ = not infinite and is_negated(parse, g, cues)
        return state.to(g, hedge(value) if open_ else value, reported=not infinite)
    if infinite:
        return state.to(g, verb_effect(parse, g, cues)(value))
    return state.to(g, value, reported=True)


def _mood(parse: Parse, v: int, cues: Cues) -> Effect:
    """A negated wish or thought denies its object; a hedged or asked one leaves it as it is."""
    return negate if is_negated(parse, v, cues) else keep


def _predicate(parse: Parse, g: int, at: int) -> int | None:
    """What "it is ... that" says of the clause: the adjective or noun."""
    return next((c for c in children(parse, g, "acomp", "attr", "oprd") if c != at), None)


def _word_effect(parse: Parse, i: int, cues: Cues, *, infinite: bool) -> Effect:
    """What an adjective or noun does to its complement: untrue, possible, ready to; denial, chance, plan."""
    token = parse.tokens[i]
    noun = token.pos in NOMINAL
    if is_cue(parse, i, of(cues, "deny-noun" if noun else "deny-adjective")):
        return negate
    if not infinite and is_cue(parse, i, of(cues, "false")):
        return negate
    if is_cue(parse, i, of(cues, "possible-noun" if noun else "possible-adjective")):
        return hedge
    if infinite and is_cue(parse, i, of(cues, "plan-noun" if noun else "plan-adjective")):
        return plan
    if token.tag == "VBN" and is_cue(parse, i, of(cues, "plan-verb")):
        return plan
    return keep


def _from_adjective(parse: Parse, state: _State, g: int, cues: Cues) -> _State:
    infinite = is_infinite(parse, state.at)
    if is_cue(parse, g, of(cues, "factive")) and not infinite:
        return replace(state, sealed=True)
    value = _word_effect(parse, g, cues, infinite=infinite)(state.value)
    if any(parse.tokens[c].dep == "neg" for c in parse.children[g]):
        value = negate(value)
    return state.to(g, value, strong=not infinite)


# ---------------------------------------------------------------- nouns and their content


def _from_noun(parse: Parse, state: _State, n: int, cues: Cues) -> _State | None:
    """Up from a clause that hangs on a noun, if it is its content ("plans to", "the claim that")."""
    at, value = state.at, state.value
    infinite = is_infinite(parse, at)
    if not is_content(parse, at, n, cues):
        return None
    if infinite and has_to(parse, at) or not infinite:
        value = _word_effect(parse, n, cues, infinite=infinite)(value)
    if is_called_false(parse, n, cues):
        return state.to(n, "denied", content=True, strong=True)
    certain = parse.tokens[n].lemma in ("doubt", "question") and is_negative_phrase(parse, n, cues)
    return state.to(n, state.value if certain else noun_effect(parse, n, cues)(value), content=True)


# ---------------------------------------------------------------- adjuncts and prepositions


def _from_adverbial(parse: Parse, state: _State, g: int, cues: Cues) -> _State | None:
    """Up from an adverbial clause: what is planned or open of the main verb is so of its purpose and its times."""
    at, value = state.at, state.value
    marks = {parse.tokens[m].text.casefold() for m in children(parse, at, "mark", "advmod", "prep", "cc")}
    if "without" in marks or {"rather", "than"} <= marks:
        return state.to(g, negate(value))
    if "that" in marks and child(parse, g, "mark") is not None:
        # "denied everything: that ..., that ...": a row of contents.
        return _rise(parse, replace(state, at=g), cues)
    if marks & (of(cues, "conditional") | {"as", "because", "although", "though", "while", "since"}):
        return None
    if parse.tokens[at].tag == "VBG" and not marks and is_group(parse, g, of(cues, "refuse")) and at > g:
        return _from_clause(parse, state, g, cues)
    if has_to(parse, at):
        attitude = any(is_cue(parse, g, of(cues, kind)) for kind in ("plan-verb", "possible-verb")) or is_group(
            parse, g, of(cues, "refuse")
        )
        if attitude or parse.tokens[g].lemma == "be":
            return _from_clause(parse, state, g, cues)
        own = verb_effect(parse, g, cues)
        return state.to(g, own(value)) if own("actual") in ("planned", "possible") else None
    if marks & {"when", "after", "before", "once", "until"} and verb_effect(parse, g, cues)("actual") in (
        "planned",
        "possible",
    ):
        return state.to(g, verb_effect(parse, g, cues)(value))
    return None


def _from_preposition(parse: Parse, state: _State, cues: Cues) -> _State | None:
    """Up through a preposition: "plans for a visit", "accused of killing", "without meeting", "in talks"."""
    at, value = state.at, state.value
    token = parse.tokens[at]
    p = at if token.dep == "prep" else token.head
    word = parse.tokens[p].text.casefold()
    h = parse.tokens[p].head
    if h == p:
        return None
    for c in children(parse, p, "advmod"):
        word = f"{parse.tokens[c].text.casefold()} {word}"
    if parse.tokens[h].dep in ("prep", "advmod") and parse.tokens[h].pos in ("ADP", "ADV", "SCONJ"):
        word = f"{parse.tokens[h].text.casefold()} {word}"
        h = parse.tokens[h].head
    phrase = token.dep == "pobj"
    if word in ("without", "instead of", "rather than") and not (phrase and child(parse, at, "poss") is not None):
        # "Without its sponsor" supposes one; "without a meeting" does not.
        return state.to(h, negate(value)) if not phrase or _is_indefinite(parse, at) else None
    if phrase and word in ("ahead of", "pending"):
        return state.to(h, plan(value))
    if parse.tokens[h].pos in NOMINAL:
        return _from_noun_phrase(parse, state, h, word, cues, phrase=phrase)
    if parse.tokens[h].pos == "ADJ":
        effect = _word_effect(parse, h, cues, infinite=True)
        negated = any(parse.tokens[c].dep == "neg" for c in parse.children[h])
        return (
            state.to(h, negate(effect(value)) if negated else effect(value))
            if not phrase or effect is not keep
            else None
        )
    if parse.tokens[h].pos in VERBAL:
        return _from_verb_phrase(parse, state, h, word, cues, phrase=phrase)
    return None


def _is_indefinite(parse: Parse, n: int) -> bool:
    return (
        all(parse.tokens[d].text.casefold() in ("a", "an", "any") for d in children(parse, n, "det", "poss"))
        and parse.tokens[n].pos == "NOUN"
    )


def _from_noun_phrase(parse: Parse, state: _State, n: int, word: str, cues: Cues, *, phrase: bool) -> _State | None:
    """Up to a noun that has the phrase for its content: "plans for", "the possibility of", "reports of"."""
    if phrase and word not in ("of", "for", "about", "on", "to", "over", "in", "as"):
        return None
    effect = _word_effect(parse, n, cues, infinite=True)
    value = effect(state.value)
    if is_report(parse, n, cues):
        return state.to(n, "denied" if is_called_false(parse, n, cues) else value, content=True, strong=True)
    if effect is keep:
        return None
    return state.to(n, noun_effect(parse, n, cues)(value), content=True)


def _is_idiom(parse: Parse, v: int, words: frozenset[str], preposition: str, *, phrase: bool) -> bool:
    """Whether verb v makes one of these groups of words, and a phrase's preposition is part of it.

    "called for a visit"; in "talked about plans on a visit" the visit is no part of "talk about".
    """
    if not is_group(parse, v, words):
        return False
    lemma = parse.tokens[v].lemma
    return not phrase or any(preposition in group[1:] for group in map(str.split, words) if group[0] == lemma)


def _from_verb_phrase(parse: Parse, state: _State, v: int, word: str, cues: Cues, *, phrase: bool) -> _State | None:
    """Up to a verb that has the phrase for its complement: "kept from", "stopped short of", "called for"."""
    value = state.value
    if (
        word == "with"
        and parse.tokens[v].lemma == "do"
        and parse.tokens[parse.tokens[v].head].text.casefold() == "nothing"
    ):
        return state.to(v, "denied")
    if is_cue(parse, v, of(cues, "prevent")) and word.endswith("from"):
        return state.to(v, value if is_negated(parse, v, cues) else "denied")
    if (
        _is_idiom(parse, v, of(cues, "refuse"), word, phrase=phrase)
        or not phrase
        and is_cue(parse, v, of(cues, "refuse"))
    ):
        return state.to(v, value if is_negated(parse, v, cues) else "denied")
    if (
        _is_idiom(parse, v, of(cues, "plan-verb"), word, phrase=phrase)
        or not phrase
        and is_cue(parse, v, of(cues, "plan-verb"))
    ):
        return state.to(v, _mood(parse, v, cues)(plan(value)))
    if (
        _is_idiom(parse, v, of(cues, "possible-verb"), word, phrase=phrase)
        or not phrase
        and is_cue(parse, v, of(cues, "possible-verb"))
    ):
        return state.to(v, _mood(parse, v, cues)(hedge(value)))
    if phrase and is_cue(parse, v, of(cues, "support")) and word in ("in", "on", "for", "into"):
        return state.to(v, verb_effect(parse, v, cues)(value), content=state.content)
    if (
        not phrase
        and word in ("after", "before", "by", "on", "upon")
        and verb_effect(parse, v, cues)("actual") in ("planned", "possible")
    ):
        return state.to(v, verb_effect(parse, v, cues)(value))
    return None


# ---------------------------------------------------------------- conjuncts and arguments


def _from_conjunct(parse: Parse, state: _State, g: int, cues: Cues) -> _State | None:
    """Up from a second conjunct: it shares what governs the first."""
    at = state.at
    token, first = parse.tokens[at], parse.tokens[g]
    if token.pos in VERBAL and first.pos in VERBAL:
        if child(parse, at, "nsubj", "nsubjpass") is not None and first.dep not in ("ccomp", "advcl", "acl"):
            return None
        if is_infinite(parse, g) and not is_infinite(parse, at):
            return None
        return _rise(parse, replace(state, at=g), cues)
    if token.pos in NOMINAL and first.pos in NOMINAL:
        shared = (
            noun_effect(parse, g, cues)(state.value) if state.value == "actual" and not state.content else state.value
        )
        return _rise(parse, replace(state, at=g, value=shared), cues)
    return None


def _from_argument(parse: Parse, state: _State, g: int, cues: Cues) -> _State | None:
    """Up from an event noun, or a noun with content, to the verb it is an argument of."""
    at, value = state.at, state.value
    dep = parse.tokens[at].dep
    obj = dep in ("dobj", "nsubjpass")
    if is_report(parse, at, cues) and (state.content or not obj):
        return None
    negated = is_negated(parse, g, cues, skip=at)
    if obj and is_cue(parse, g, of(cues, "postpone")):
        return state.to(g, plan(value))
    if obj and negated and is_cue(parse, g, of(cues, "permit")):
        return state.to(g, "denied")
    # A criticism that is rejected was made; a visit that is rejected was not.
    said = is_report(parse, at, cues) or is_cue(parse, at, of(cues, "speech-act"))
    cancels = is_cue(parse, g, of(cues, "cancel")) and not said
    if cancels and (obj or is_group(parse, g, of(cues, "cancel"))):
        open_ = (
            negated
            and is_cue(parse, g, of(cues, "deny"))
            or verb_effect(parse, g, cues, skip=at)("actual") == "possible"
        )
        return state.to(g, "possible" if open_ else value if negated else "denied")
    if dep == "nsubj" and is_cue(parse, g, of(cues, "collapse")) and value in ("planned", "possible"):
        return state.to(g, "denied")
    if obj and is_cue(parse, g, of(cues, "plan-object")):
        return state.to(g, _mood(parse, g, cues)(plan(value)))
    if obj and is_cue(parse, g, of(cues, "possible-object")):
        return state.to(g, _mood(parse, g, cues)(hedge(value)))
    light = is_cue(parse, g, of(cues, "support" if obj else "happen")) and not (
        obj and is_cue(parse, g, of(cues, "presuppose"))
    )
    if light or state.content and obj:
        return state.to(g, verb_effect(parse, g, cues, skip=at)(value))
    return None
