"""Direct quotations with their speakers, from the marks in the text and the words around them."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.attribution import (
    VERBAL,
    QuoteSpan,
    attribution,
    credited,
    is_predicate,
    quoted_person,
    sources_of_phrase,
    speakers,
)
from kg.cues import Cues, is_cue, of
from kg.marks import Marked, marked_stretches
from kg.syntax import ancestors, child, children, subtree
from kg.types import Parse

FULL_WORDS = 4
"""A shorter stretch in marks is a quotation only where somebody is said to use it."""

WORD = re.compile(r"\w+(?:['’]\w+)*")


def find_quotations(parse: Parse, cues: Cues) -> tuple[QuoteSpan, ...]:
    """The direct quotations of a document in text order; titles, names and scare quotes are left out."""
    marked = list(marked_stretches(parse))
    page = _Page.of(parse, marked, cues)
    found: list[QuoteSpan] = []
    previous: tuple[Marked, QuoteSpan] | None = None
    for m in marked:
        here = page.within(m) if m.depth else page
        quote = here.quotation(m, previous)
        if quote is not None:
            found.append(quote)
            previous = (m, quote) if m.depth == 0 else previous
    return tuple(found)


# ---------------------------------------------------------------- speakers


@dataclass(frozen=True, slots=True)
class _Page:
    """A parse with the places of its marks: what speakers are looked for in."""

    parse: Parse
    cues: Cues
    begins: tuple[int, ...]
    quoted: frozenset[int]
    """Tokens inside or on the marks of an outer stretch."""

    @staticmethod
    def of(parse: Parse, marked: Sequence[Marked], cues: Cues) -> _Page:
        begins = tuple(t.begin for t in parse.tokens)
        quoted: set[int] = set()
        for m in marked:
            if m.depth == 0:
                quoted.update(range(bisect.bisect_left(begins, m.begin - 1), bisect.bisect_left(begins, m.end + 1)))
        return _Page(parse, cues, begins, frozenset(quoted))

    def within(self, m: Marked) -> _Page:
        """The page as a stretch inside another sees it: who speaks it may stand in the outer one."""
        start, stop = bisect.bisect_left(self.begins, m.begin - 1), bisect.bisect_left(self.begins, m.end + 1)
        return replace(self, quoted=frozenset(range(start, stop)))

    def quotation(self, m: Marked, previous: tuple[Marked, QuoteSpan] | None) -> QuoteSpan | None:
        """The quotation of a marked stretch with who speaks it; None for a title, a name or mere distance."""
        text = self.parse.document.text[m.begin : m.end]
        start = bisect.bisect_left(self.begins, m.begin)
        stop = bisect.bisect_left(self.begins, m.end)
        if start >= stop:
            return None
        words = WORD.findall(text)
        title = _is_title(text, words)
        verb = self._verb(start, stop, text, title=title)
        who, addressee = (self._speaker(verb), self._addressee(verb)) if verb is not None else (None, None)
        if not title and len(words) < 2 * FULL_WORDS:
            who = self._credited(start, stop) or who
        if who is None and not title:
            who = (
                self._named_before(start)
                or self._named_after(stop)
                or self._according_after(stop)
                or self._owner_of_verdict(start, stop)
            )
        if who is None and not title:
            sources = attribution(self.parse, self._root(start, stop), (), self.cues)
            who = next((s for s in sources if s not in self.quoted or m.depth), None)
        if who is None and m.depth == 0 and not title and (len(words) >= FULL_WORDS or text.rstrip()[-1:] in ".,!?"):
            who = self._near(m, start, stop, previous)
        if who is not None and self.parse.tokens[who].text.casefold() == "it":
            who = self._speaker_before(m, previous) or who
        if who is None and (title or len(words) < FULL_WORDS or m.depth):
            return None
        return QuoteSpan(begin=m.begin, end=m.end, text=text, speaker=self._person(who), addressee=addressee)

    def _speaker_before(self, m: Marked, previous: tuple[Marked, QuoteSpan] | None) -> int | None:
        """Who spoke just before, in this paragraph or the last: whom "it added" means."""
        return previous[1].speaker if previous is not None and previous[0].block >= m.block - 1 else None

    def _root(self, start: int, stop: int) -> int:
        """The token of the stretch that governs the others."""
        for i in range(start, stop):
            if not start <= self.parse.tokens[i].head < stop or self.parse.tokens[i].head == i:
                if self.parse.tokens[i].dep != "punct":
                    return i
        return start

    def _verb(self, start: int, stop: int, text: str, *, title: bool) -> int | None:
        """The verb by which somebody is said to say the stretch."""
        last = start - 2
        if last >= 0 and last not in self.quoted and is_predicate(self.parse, last) and self._same_block(last, start):
            words = ("say", "write", "cite", "characterise")
            if (
                not title
                and any(is_cue(self.parse, last, of(self.cues, kind)) for kind in words)
                and self._speaker(last) is not None
            ):
                return last
        after = self._verb_after(stop, text) if not title or text.rstrip()[-1:] in ",?!" else None
        if after is not None:
            return after
        before = self._verb_before(start, title)
        if before is not None:
            return before
        if title:
            return None
        return self._verb_above(start, stop)

    def _speaker(self, v: int) -> int | None:
        for preposition in children(self.parse, v, "prep"):
            for saying in children(self.parse, preposition, "pcomp"):
                if (whose := quoted_person(self.parse, saying, self.cues)) is not None:
                    return whose  # "...," she quoted X as saying
        return next((s for s in speakers(self.parse, v, self.cues) if s not in self.quoted), None) or self._inverted(v)

    def _credited(self, start: int, stop: int) -> int | None:
        """Whose words a fragment is said to be: "in the phrase of X"."""
        root = self._root(start, stop)
        for a in (root, *ancestors(self.parse, root)):
            named = credited(self.parse, a, self.cues)
            if named:
                return named[0]
            for p in children(self.parse, a, "prep"):
                # "For X, the deal was ..." opens the sentence.
                holder = child(self.parse, p, "pobj")
                opens = p == self.parse.sentences[self.parse.sentence_of[p]].start
                if opens and self.parse.tokens[p].text in ("For", "To") and holder is not None:
                    apposed = next((c for c in children(self.parse, holder, "appos")), holder)
                    return next((h for h in (holder, apposed) if self.parse.tokens[h].entity == "PERSON"), None)
        return None

    def _person(self, i: int | None) -> int | None:
        """Whose answer, verdict or words token i stands for, else token i itself."""
        if i is None or self.parse.tokens[i].pos != "NOUN" or not is_cue(self.parse, i, of(self.cues, "credit")):
            return i
        owner = child(self.parse, i, "poss")
        for p in children(self.parse, i, "prep"):
            if owner is None and self.parse.tokens[p].text.casefold() in ("of", "from", "by"):
                owner = child(self.parse, p, "pobj")
        return owner if owner is not None else i

    def _inverted(self, v: int) -> int | None:
        """ "said X" where the parser took X for an object."""
        token = self.parse.tokens[v]
        if token.dep == "amod" and token.head > v and token.head not in self.quoted:
            return token.head
        if child(self.parse, v, "nsubj") is not None:
            return None
        after = [c for c in children(self.parse, v, "dobj", "attr", "oprd") if c > v and c not in self.quoted]
        return after[0] if after else self._name_behind(v)

    def _name_behind(self, v: int) -> int | None:
        """ "said mediator X, hours after ...": the name right behind the verb, which the parser gave to another."""
        tokens = self.parse.tokens
        if not self._is_saying(v) or v == 0 or v - 1 not in self.quoted and tokens[v - 1].text != ",":
            return None
        stop = v + 1
        while stop < min(v + 10, len(tokens)) and (
            tokens[stop].pos in ("NOUN", "PROPN", "ADJ", "DET") or tokens[stop].tag == "HYPH"
        ):
            stop += 1
        return stop - 1 if stop > v + 1 and tokens[stop - 1].pos == "PROPN" and stop - 1 not in self.quoted else None

    def _addressee(self, v: int) -> int | None:
        for c in children(self.parse, v, "dobj", "dative"):
            token = self.parse.tokens[c]
            if token.pos == "ADP":
                return child(self.parse, c, "pobj")
            spoken_to = is_cue(self.parse, v, of(self.cues, "address")) and token.pos in ("NOUN", "PROPN", "PRON")
            if spoken_to and c not in self.quoted and self._inverted(v) != c:
                return c
        if not self._is_saying(v):
            return None
        for c in children(self.parse, v, "prep"):
            if self.parse.tokens[c].text.casefold() == "to":
                return child(self.parse, c, "pobj")
        return None

    def _is_saying(self, v: int) -> bool:
        return any(is_cue(self.parse, v, of(self.cues, kind)) for kind in ("say", "write"))

    def _verb_after(self, stop: int, text: str) -> int | None:
        """ "...", said X; "...", X told Y: the verb behind the closing mark, its subject being first there or next."""
        tokens = self.parse.tokens
        at = stop
        while at < len(tokens) and (
            at in self.quoted
            and tokens[at].pos == "PUNCT"
            or tokens[at].text in ('"', "”", "’", "'", ",", "-", "–", "—")
        ):
            at += 1
        if at >= len(tokens) or at in self.quoted or not self._same_block(stop - 1, at):
            return None
        ends = text.rstrip()[-1:]
        sentence = self.parse.sentences[self.parse.sentence_of[at]]
        for v in range(at, min(sentence.stop, at + 30)):
            if v in self.quoted or tokens[v].text in (";", ":", "."):
                return None
            saying = self._is_saying(v)
            if (
                tokens[v].pos not in VERBAL
                or tokens[v].dep in ("aux", "auxpass", "relcl", "acl", "amod")
                and not (saying and v == at)
            ):
                continue
            if tokens[v].lemma == "be":
                # '"...," is how X puts it'
                return next(
                    (c for c in children(self.parse, v, "ccomp", "advcl", "acl", "attr") if self._is_saying(c)), None
                )
            subject = child(self.parse, v, "nsubj")
            first = (
                v == at
                or subject is not None
                and subject not in self.quoted
                and min(subtree(self.parse, subject)) <= at <= v
            )
            if (
                not first
                and subject is None
                and v > at
                and all(
                    tokens[j].pos in ("PROPN", "NOUN", "PRON", "DET", "ADJ", "ADV", "AUX", "PUNCT", "ADP")
                    for j in range(at, v)
                )
            ):
                first = ends in ",?!"
            if not first:
                return None
            if saying and (ends in ",?!…—-" or v == at or child(self.parse, v, "ccomp") is None or ends not in "."):
                return v
            teller = self._speaker(v)
            known = teller is not None and (tokens[teller].pos in ("PROPN", "PRON") or v == at)
            if ends in ",?!" and tokens[v].tag in ("VBD", "VBZ", "VBP") and self._ends_clause(v) and known:
                return v
            return None
        return None

    def _ends_clause(self, v: int) -> bool:
        return child(self.parse, v, "dobj", "acomp") is None

    def _verb_before(self, start: int, title: bool) -> int | None:
        """X said: "..." - the nearest verb of saying before the opening mark, in the same sentence."""
        tokens = self.parse.tokens
        mark = start - 1
        if mark <= 0 or not self._same_block(mark, mark - 1):
            return None
        last = mark - 1
        lead = tokens[last].text
        if last in self.quoted or title and lead not in (",", ":"):
            return None
        floor = max(self.parse.sentences[self.parse.sentence_of[last]].start, last - 40)
        for v in range(last, floor - 1, -1):
            if v in self.quoted or tokens[v].text in (";", "."):
                return None
            if not is_predicate(self.parse, v) or tokens[v].dep in ("aux", "auxpass"):
                continue
            if self._is_saying(v) and (lead in (",", ":", "-", "–", "—") or v == last or v >= last - 4 and not title):
                return v
            if lead == ":" and tokens[v].dep == "ROOT":
                return v
            told = next((c for c in children(self.parse, v, "csubj", "nsubj") if self._is_saying(c)), None)
            if tokens[v].lemma == "be" and told is not None:
                # 'What X actually said was "..."'
                return told
            if lead not in (",", ":"):
                return None
        return None

    def _verb_above(self, start: int, stop: int) -> int | None:
        """The verb of characterising or saying that a fragment depends on: called him "a fool"."""
        root = self._root(start, stop)
        wishing: int | None = None
        for a in ancestors(self.parse, root):
            if start <= a < stop:
                continue
            if self.parse.tokens[a].pos in VERBAL:
                if wishing is None and is_cue(self.parse, a, of(self.cues, "wishing")):
                    wishing = a if self._speaker(a) is not None else None
                if self._is_saying(a) or is_cue(self.parse, a, of(self.cues, "characterise")):
                    return a if self._speaker(a) is not None else None
                if self.parse.tokens[a].dep in ("relcl", "acl"):
                    return wishing
        return wishing

    def _named_before(self, start: int) -> int | None:
        """NAME: "..." - a label without a verb."""
        tokens = self.parse.tokens
        if start < 3 or not tokens[start - 2].text.endswith(":"):
            return None
        last = start - 3
        if tokens[start - 2].text == "):" or tokens[last].text == ")":  # "Jane Doe (Acme): ..."
            last = next((j - 1 for j in range(last, max(last - 8, 0), -1) if tokens[j].text == "("), last)
        if tokens[last].pos not in ("PROPN", "NOUN", "PRON"):
            return None
        floor = self.parse.sentences[self.parse.sentence_of[last]].start
        return None if any(t.pos in VERBAL for t in tokens[floor:last]) else last

    def _named_after(self, stop: int) -> int | None:
        """ "..." - NAME: a signature behind a dash, to the end of the paragraph."""
        tokens = self.parse.tokens
        if stop + 2 >= len(tokens) or tokens[stop + 1].text not in ("-", "–", "—", "--"):
            return None
        end = next((j for j in range(stop + 2, len(tokens)) if not self._same_block(j, stop)), len(tokens))
        names = [t.i for t in tokens[stop + 2 : end] if t.text not in (".", ",")]
        return names[-1] if 0 < len(names) <= 5 and all(tokens[j].pos == "PROPN" for j in names) else None

    def _according_after(self, stop: int) -> int | None:
        """ "...," according to X."""
        tokens = self.parse.tokens
        for j in range(stop + 1, min(stop + 4, len(tokens))):
            if tokens[j].text.casefold() in of(self.cues, "according"):
                found = sources_of_phrase(self.parse, j, self.cues)
                return found[0] if found else None
            if tokens[j].text != ",":
                return None
        return None

    def _owner_of_verdict(self, start: int, stop: int) -> int | None:
        """ "..." was the reaction of X; "..." These were X's words; X's advice was to "..."."""
        tokens = self.parse.tokens
        after = next((t.i for t in tokens[stop : stop + 4] if t.pos != "PUNCT"), None)
        if after is not None and tokens[after].tag == "DT" and self._same_block(after, start):
            after = tokens[after].head if tokens[after].dep == "nsubj" else None
        above = next(iter(ancestors(self.parse, self._root(start, stop))), None)
        for verb, slot in ((after, "attr"), (above, "nsubj")):
            noun = child(self.parse, verb, slot) if verb is not None and tokens[verb].lemma == "be" else None
            if noun is not None and noun not in self.quoted:
                owner = self._person(noun)
                if owner is not None and owner != noun and owner not in self.quoted:
                    return owner
        return None

    def _near(self, m: Marked, start: int, stop: int, previous: tuple[Marked, QuoteSpan] | None) -> int | None:
        """The speaker of a quotation that is a sentence by itself: who spoke just before, else the subject of the
        sentence before it, else that of the sentence after it."""
        whole = start - 1 <= self.parse.sentences[self.parse.sentence_of[start]].start or self._begins_sentence(start)
        if previous is not None and previous[1].speaker is not None:
            earlier, quote = previous
            if earlier.open and m.block <= earlier.block + 1:
                return quote.speaker
            if earlier.block == m.block and self._continues(earlier, m):
                return quote.speaker
            if m.block == earlier.block + 1 and self._fills_block(m):
                return quote.speaker
        if not whole:
            return None
        before = self._subject_of_sentence(start - 2, m)
        if before is not None:
            return before
        return self._subject_of_sentence(stop + 1, m)

    def _fills_block(self, m: Marked) -> bool:
        """Whether the paragraph is nothing but this quotation."""
        block = [b for b in self.parse.document.blocks if b.kind != "furniture"][m.block]
        text = self.parse.document.text
        return not (text[block.begin : m.begin - 1] + text[m.end + 1 : block.end]).strip(" .\xa0\n")

    def _begins_sentence(self, start: int) -> bool:
        return start < 2 or self.parse.tokens[start - 2].text in (".", "?", "!", ":", "”", '"')

    def _continues(self, earlier: Marked, m: Marked) -> bool:
        """Whether between two stretches stands at most the clause that gives the first its speaker."""
        between = self.parse.document.text[earlier.end + 1 : m.begin - 1]
        return len(re.findall(r"[.!?](?:\s|$)", between)) <= 1 and len(between) < 160

    def _subject_of_sentence(self, i: int, m: Marked) -> int | None:
        """The subject of the main verb of the sentence around token i, if that sentence is in the same block."""
        tokens = self.parse.tokens
        if not 0 <= i < len(tokens):
            return None
        sentence = self.parse.sentences[self.parse.sentence_of[i]]
        if not self._same_block(i, bisect.bisect_left(self.begins, m.begin)):
            return None
        for v in range(sentence.start, sentence.stop):
            if tokens[v].pos in VERBAL and v not in self.quoted and self._is_saying(v) and tokens[v].dep != "relcl":
                teller = self._speaker(v)
                if teller is not None and tokens[teller].pos in ("PROPN", "PRON"):
                    return teller
        for j in range(sentence.start, sentence.stop):
            token = tokens[j]
            if (
                token.dep in ("nsubj", "nsubjpass")
                and tokens[token.head].dep not in ("relcl", "acl", "advcl")
                and j not in self.quoted
            ):
                animate = token.entity in ("PERSON", "ORG", "NORP") or token.pos == "PRON" or token.pos == "PROPN"
                if animate and token.text.casefold() not in ("it", "that", "this", "there", "one"):
                    return j
                break
        people = (
            t.i for t in tokens[sentence.start : sentence.stop] if t.entity == "PERSON" and t.i not in self.quoted
        )
        return next((i for i in people if tokens[i].dep != "compound"), None)

    def _same_block(self, i: int, j: int) -> bool:
        sentences, sentence_of = self.parse.sentences, self.parse.sentence_of
        return 0 <= i < len(sentence_of) and sentences[sentence_of[i]].block == sentences[sentence_of[j]].block


def _is_title(text: str, words: Sequence[str]) -> bool:
    """Whether a stretch looks like the name of a work: every longer word has a capital, and no sentence ends."""
    if not words or text.rstrip()[-1:] in ".,!?…":
        return False
    longer = [w for w in words if len(w) > 3]
    return all(w[0].isupper() or w[0].isdigit() for w in longer or words) and words[0][0].isupper()
