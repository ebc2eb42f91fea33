"""Names that share words or run over commas: "Lang, Roth & Pell", "the Ministries of Trade and Labour", "(D-Ohio)"."""

from __future__ import annotations

from kg.name_context import HYPHENS, Context, Spot, is_capital, is_date
from kg.types import Sentence

LEGAL_FORMS = frozenset("llp l.l.p lp llc l.l.c pllc p.l.l.c plc pc p.c pa p.a a.p.c apc ltd inc".split())
CHAMBERS = frozenset({"house", "senate"})
NICKNAME_MARKS = frozenset({'"', "“", "”", "``", "''"})
PARTNERS = frozenset("associate partner clerk attorney lawyer counsel shareholder".split())
OFFICES = frozenset(
    "ministry department secretariat directorate commission committee subcommittee council bureau office initiative "
    "institute".split()
)
GATHERINGS = frozenset({"group", "force", "panel", "caucus", "partnership", "alliance", "forum", "center", "centre"})
"""More heads of bodies for several matters: "Working Group on X, Y, and Z", "Task Force"."""
OF_MATTERS = frozenset("committee subcommittee department commission agency bureau council institute".split())
STATE_OFFICES = frozenset("governor senator representative congressman congresswoman delegate gov sen rep".split())
TREATIES = frozenset({"agreement", "act"})
ONE = frozenset({"a", "an", "the", "fellow", "another", "moderate", "former", "lifelong", "registered"})
"""Words before one member of a party."""
LONGEST_NICKNAME = 3
LONGEST_CODE = 8
"""Tokens of the longest bracket with a party and a district."""


def series_spots(context: Context) -> list[Spot]:
    """The names of these constructions in text order, none over another."""
    found: list[Spot] = []
    for sentence, style in zip(context.parse.sentences, context.styles, strict=True):
        if style != "prose":
            continue
        i = sentence.start
        while i < sentence.stop:
            spots = (
                _party(context, i, sentence)
                or _party_behind(context, i, sentence)
                or _postal(context, i, sentence)
                or _partisan(context, i, sentence)
                or _nicknamed(context, i, sentence)
                or _couple(context, i, sentence)
                or _case(context, i, sentence)
                or _shared(context, i, sentence)
                or _department(context, i, sentence)
                or _of_matters(context, i, sentence)
                or _firm(context, i, sentence)
            )
            found += spots
            i = spots[-1].stop if spots else i + 1
    return found


# ---------------------------------------------------------------- parties


def _party(context: Context, i: int, sentence: Sentence) -> list[Spot]:
    """The party, and the place behind it: "(D-Ohio)" names a party and a state."""
    tokens = context.parse.tokens
    if tokens[i].text != "(" or i + 2 >= sentence.stop:
        return []
    code = tokens[i + 1].text
    party = context.words.parties.get(context.low(i + 1)) if code[0].isupper() else None
    end = next((k for k in range(i + 2, min(i + LONGEST_CODE, sentence.stop)) if tokens[k].text == ")"), None)
    if party is None or end is None:
        return []
    spots = [Spot(start=i + 1, stop=i + 2, hint="Organization", name=party)]
    if end == i + 2:
        return spots if len(code.rstrip(".")) > 1 or context.parse.tokens[i - 1].entity == "PERSON" else []
    if tokens[i + 2].text not in (*HYPHENS, "-", "—", ",") or end - i < 4 or not is_capital(tokens[i + 3]):
        return []
    return [*spots, Spot(start=i + 3, stop=end, hint="Place")]


def _party_behind(context: Context, i: int, sentence: Sentence) -> list[Spot]:
    """The party and the state between commas: "Ana Ruiz, D-Ohio, said"."""
    tokens = context.parse.tokens
    if tokens[i].text != "," or i + 3 >= sentence.stop or tokens[i + 2].text not in HYPHENS or i == sentence.start:
        return []
    code, k = tokens[i + 1].text, i + 3
    if len(code) > 1 or not code.isupper() or not is_capital(tokens[k]) or not is_capital(tokens[i - 1]):
        return []
    stop = k + 1
    while stop < sentence.stop and is_capital(tokens[stop]):
        stop += 1
    if stop < sentence.stop and tokens[stop].text == "." and tokens[stop].begin == tokens[stop - 1].end:
        stop += stop + 1 < sentence.stop  # "I-Vt., left"
    place = context.gazetteer.place(context.text(k, stop))
    party = context.words.parties.get(code.casefold())
    ended = stop >= sentence.stop or tokens[stop].text in (",", ".", ";", ")")
    if place is None or place.kind != "region" or not ended:
        return []
    return [
        *([Spot(start=i + 1, stop=i + 2, hint="Organization", name=party)] if party else []),
        Spot(start=k, stop=stop, hint="Place"),
    ]


def _postal(context: Context, i: int, sentence: Sentence) -> list[Spot]:
    """The state behind an office-holder or a body: "Governor Jane Roe (OH)", "Elm College (TX)"; not what the letters
    of the body make, as in "Meadow Institute (MI)"."""
    tokens = context.parse.tokens
    state = context.words.postal.get(tokens[i + 1].text) if i + 2 < sentence.stop else None
    if state is None or tokens[i].text != "(" or tokens[i + 2].text != ")":
        return []
    front = range(max(sentence.start, i - LONGEST_CODE), i)
    letters = "".join(tokens[k].text[0] for k in front if is_capital(tokens[k]))
    body = context.low(i - 1) in context.words.heads and not letters.endswith(tokens[i + 1].text)
    office = any(context.low(k) in STATE_OFFICES for k in front)
    return [Spot(start=i + 1, stop=i + 2, hint="Place", name=state)] if office or body else []


def _partisan(context: Context, i: int, sentence: Sentence) -> list[Spot]:
    """The party of a lawmaker, by the word for its people: "Labour MP", "Democratic Senator", "a Republican"."""
    tokens = context.parse.tokens
    opens = i <= sentence.start + 1  # "The" is no part of a name
    if not is_capital(tokens[i]) or not opens and is_capital(tokens[i - 1]) and not _titled(context, i - 1):
        return []
    for size in (2, 1):
        stop = i + size
        if stop >= sentence.stop or size == 2 and not is_capital(tokens[i + 1]):
            continue
        party = context.words.partisans.get(" ".join(context.low(k) for k in range(i, stop)))
        if party is not None:
            name, one = party
            after = tokens[stop]
            before = context.low(i - 1) if i > sentence.start else ""
            person = _titled(context, stop) or not is_capital(after) and context.words.is_role(context.low(stop))
            member = one and before in ONE and not is_capital(after) and after.text not in HYPHENS
            called = one and is_capital(after) and context.gazetteer.is_first_name(after.text)  # "the Tory Ida Holm"
            return [Spot(start=i, stop=stop, hint="Organization", name=name)] if person or member or called else []
    return []


def _titled(context: Context, k: int) -> bool:
    return context.low(k).rstrip(".") in context.words.titles or context.low(k) in context.words.titles


# ---------------------------------------------------------------- nicknames, lawsuits


def _nicknamed(context: Context, i: int, sentence: Sentence) -> list[Spot]:
    """A person with a nickname inside the name: C. B. “Sully” Sullenberger, Ana “The Hammer” Ruiz."""
    tokens = context.parse.tokens
    if tokens[i].text not in NICKNAME_MARKS:
        return []
    inside = range(i + 2, min(i + LONGEST_NICKNAME + 2, sentence.stop))
    close = next((k for k in inside if tokens[k].text in NICKNAME_MARKS), None)
    if close is None:
        return []
    start = i
    while (
        start > sentence.start
        and (is_capital(tokens[start - 1]) or tokens[start - 1].text == ".")
        and not (context.low(start - 1) in context.words.titles or is_date(context, start - 1))
    ):
        start -= 1
    stop = close + 1
    while stop < sentence.stop and is_capital(tokens[stop]) and not is_date(context, stop):
        stop += 1
    while start < i - 1 and context.words.is_role(tokens[start].text):
        start += 1  # "Boxer Ray"
    named = context.gazetteer.is_first_name(tokens[start].text) or len(tokens[start].text.rstrip(".")) == 1
    if not is_capital(tokens[i + 1]) or start == i or stop == close + 1 or not named:
        return []
    title = context.low(start - 1) if start > sentence.start and context.low(start - 1) in context.words.titles else ""
    return [Spot(start=start, stop=stop, hint="Person", title=title)]


def _couple(context: Context, i: int, sentence: Sentence) -> list[Spot]:
    """Two people with one surname: "Ana and Tom Vale" are Ana Vale and Tom Vale."""
    tokens = context.parse.tokens
    if i + 3 >= sentence.stop or tokens[i + 1].text not in ("and", "&") or not tokens[i + 3].text[0].isupper():
        return []
    alone = i == sentence.start or not tokens[i - 1].text[0].isupper() and tokens[i - 1].text not in HYPHENS
    given = all(context.gazetteer.gender(tokens[k].text) for k in (i, i + 2))
    behind = tokens[i + 4].text if i + 4 < sentence.stop else "."
    plain = not context.common(i + 3) and not context.gazetteer.is_first_name(tokens[i + 3].text)
    seen = all(tokens[k].entity == "PERSON" for k in (i + 2, i + 3))
    if not alone or not given or not (plain or seen) or behind[0].isupper() or behind in HYPHENS:
        return []
    if any(t.text == tokens[i].text and tokens[t.i - 1].text[0].isupper() for t in tokens[1:] if t.i != i):
        return []  # the text has told who he is: "Carl Thomas sang. Thomas and Ana Vale left."
    name = f"{tokens[i].text} {tokens[i + 3].text}"
    return [Spot(start=i, stop=i + 1, hint="Person", name=name), Spot(start=i + 2, stop=i + 4, hint="Person")]


def _case(context: Context, i: int, sentence: Sentence) -> list[Spot]:
    """A lawsuit called after its parties: "Roe v. Wade", "Alder Corp., Inc. v. Roe"."""
    tokens = context.parse.tokens
    if i + 1 >= sentence.stop or tokens[i].text not in ("v.", "v", "vs.", "vs") or i == sentence.start:
        return []
    start, stop = i, i + 1
    while start > sentence.start and (
        is_capital(tokens[start - 1])
        or tokens[start - 1].text in ("of", ".")
        or tokens[start - 1].text == ","
        and _legal(context, start)
    ):
        start -= 1
    while start < i and tokens[start].tag == "IN":
        start += 1  # "In Roe v. Wade"
    while stop < sentence.stop and (is_capital(tokens[stop]) or tokens[stop].text == "of" and stop + 1 < sentence.stop):
        stop += 1
    if stop + 1 < sentence.stop and tokens[stop].text == "," and _legal(context, stop + 1):
        stop += 2
    return [Spot(start=start, stop=stop, hint="Work")] if start < i and stop > i + 1 else []


# ---------------------------------------------------------------- bodies that share a word


def _shared(context: Context, i: int, sentence: Sentence) -> list[Spot]:
    token = context.parse.tokens[i]
    shared = context.words.plurals.get(context.low(i)) if is_capital(token) else None
    if shared is not None and shared[1] != "front":
        return _behind(context, i, shared[0], sentence)
    return _in_front(context, i, sentence)


def _behind(context: Context, i: int, head: str, sentence: Sentence) -> list[Spot]:
    """ "Ministries of Trade, Labour, and Public Works"."""
    tokens = context.parse.tokens
    if i + 2 >= sentence.stop or tokens[i + 1].text not in ("of", "on"):
        return []
    link = tokens[i + 1].text
    pieces = _pieces(context, i + 2, sentence, f"{head} {link} ")
    return [
        Spot(start=i if n == 0 else start, stop=stop, hint="Organization", name=f"{head} {link} {text}")
        for n, (start, stop, text) in enumerate(pieces)
    ]  # fmt: skip


def _department(context: Context, i: int, sentence: Sentence) -> list[Spot]:
    """One body of several matters: "the Department for Culture, Media and Sport"."""
    tokens = context.parse.tokens
    if context.low(i) not in OFFICES | GATHERINGS or not is_capital(tokens[i]) or i + 4 >= sentence.stop:
        return []
    if tokens[i + 1].text not in ("of", "for", "on"):
        return []
    k, runs, joint = i + 2, 0, ""
    while k < sentence.stop and is_capital(tokens[k]):
        while k < sentence.stop and is_capital(tokens[k]):
            if not context.common(k) or is_date(context, k):
                return []
            k += 1
        runs += 1
        if joint.endswith("and") or k >= sentence.stop:
            break
        joint, end = tokens[k].text, k + 1
        if joint == "," and end < sentence.stop and tokens[end].text == "and":
            joint, end = ", and", end + 1
        if joint not in (",", "and", ", and") or end >= sentence.stop or not is_capital(tokens[end]):
            return []
        k = end
    if runs < 3 or not joint.endswith("and"):
        return []
    if k + 1 < sentence.stop and tokens[k].text == "for" and is_capital(tokens[k + 1]):
        k += 2  # "... and Economic Opportunity for Farmers"
        while k < sentence.stop and is_capital(tokens[k]):
            k += 1
    start = i
    while start > sentence.start and is_capital(tokens[start - 1]) and context.low(start - 1) not in context.words.stop:
        start -= 1
    return [Spot(start=start, stop=k, hint="Organization")]


def _of_matters(context: Context, i: int, sentence: Sentence) -> list[Spot]:
    """One body or treaty of three matters or more: "the Grain Markets, Assets, and Rural Roads Subcommittee"."""
    tokens, words = context.parse.tokens, context.words
    if not is_capital(tokens[i]) or i > sentence.start and is_capital(tokens[i - 1]):
        return []
    k, begin, matters, joint = i, i, 0, ""
    while k < sentence.stop and is_capital(tokens[k]):
        while k < sentence.stop and is_capital(tokens[k]):
            if not context.common(k) or is_date(context, k) or context.low(k) in words.titles:
                return []
            k += 1
        matters += 1
        if "and" in joint:
            break
        if context.gazetteer.organization(context.text(begin, k)) or context.low(k - 1) in words.singles | CHAMBERS:
            return []
        joint, begin = _joint(context, k, sentence), k + 1
        if not joint:
            return []
        begin += joint == ", and"
        k = begin
    if matters < 3 or k - begin < 2 or "and" not in joint or context.low(k - 1) not in (*OF_MATTERS, *TREATIES):
        return []
    return [Spot(start=i, stop=k, hint="Organization" if context.low(k - 1) in OF_MATTERS else "Work")]


def _joint(context: Context, k: int, sentence: Sentence) -> str:
    """The comma or "and" at token k, "" for neither."""
    words = [token.text for token in context.parse.tokens[k : min(k + 2, sentence.stop)]]
    return ", and" if words == [",", "and"] else words[0] if words and words[0] in (",", "and") else ""


def _in_front(context: Context, i: int, sentence: Sentence) -> list[Spot]:
    """ "Senate Farm and Trade Policy Committees", "Trade and Labour Departments"."""
    tokens = context.parse.tokens
    if not is_capital(tokens[i]) or i > sentence.start and is_capital(tokens[i - 1]):
        return []
    stop, joined = i, False
    while stop < sentence.stop and (is_capital(tokens[stop]) or _joins(context, stop, sentence)):
        joined = joined or tokens[stop].text == "and"
        stop += 1
    last = stop - 1
    shared = context.words.plurals.get(context.low(last)) if joined else None
    if shared is None or shared[1] == "of":
        return []
    pieces = _pieces(context, i, sentence, "", last)
    if len(pieces) < 2:
        return []
    spots: list[Spot] = []
    chamber = ""
    for n, (start, end, text) in enumerate(pieces):
        opening = text.split(maxsplit=1)[0]
        if opening.casefold() in CHAMBERS and " " in text:
            chamber, name = opening + " ", text
        else:
            name = chamber + text
        stop = last + 1 if n == len(pieces) - 1 else end
        spots.append(Spot(start=start, stop=stop, hint="Organization", name=f"{name} {shared[0]}"))
    return spots


def _joins(context: Context, k: int, sentence: Sentence) -> bool:
    tokens = context.parse.tokens
    following = k + 1 < sentence.stop and (
        is_capital(tokens[k + 1]) or tokens[k + 1].text == "and" and k + 2 < sentence.stop and is_capital(tokens[k + 2])
    )
    return tokens[k].text in (",", "and") and following


def _pieces(
    context: Context, i: int, sentence: Sentence, front: str, last: int | None = None
) -> list[tuple[int, int, str]]:
    """The coordinated runs of capitalised words from i on (up to `last`): where each starts and stops, its words."""
    tokens = context.parse.tokens
    runs: list[tuple[int, int]] = []
    joints: list[str] = []
    k, stop = i, sentence.stop if last is None else last
    while k < stop and is_capital(tokens[k]) and not is_date(context, k):
        if runs and context.low(k) in context.words.plurals:
            break
        end = k
        while end < stop and is_capital(tokens[end]):
            end += 1
        runs.append((k, end))
        joint = end
        while joint < stop and tokens[joint].text in (",", "and", "of", "the"):
            joint += 1
        joints.append(" ".join(t.text for t in tokens[end:joint]))
        if joint == end:
            break
        k = joint
    if len(runs) < 2 or "and" not in " ".join(joints[:-1]).split():
        return []
    commas = any("," in joint for joint in joints[:-1])
    pieces: list[tuple[int, int]] = []
    for n, run in enumerate(runs):
        whole = front + context.text(pieces[-1][0], run[1]) if pieces else ""
        inner = n > 0 and joints[n - 1] == "and" and front and context.gazetteer.organization(whole) is not None
        oxford = n > 0 and joints[n - 1] == "and" and commas and ", and" in joints[n:-1]
        if inner or oxford or _chamber_piece(context, runs, n, joints):
            pieces[-1] = (pieces[-1][0], run[1])
        else:
            pieces.append(run)
    return [(a, b, context.text(a, b)) for a, b in pieces] if len(pieces) > 1 else []


def _chamber_piece(context: Context, runs: list[tuple[int, int]], n: int, joints: list[str]) -> bool:
    """Whether run n still belongs to the committee of the first chamber: "House Farm and Trade and Senate ..."."""
    if n == 0 or n + 1 >= len(runs) or joints[n - 1] != "and":
        return False
    opens_next = context.low(runs[n + 1][0]) in CHAMBERS
    return opens_next and context.low(runs[n][0]) not in CHAMBERS


# ---------------------------------------------------------------- firms


def _firm(context: Context, i: int, sentence: Sentence) -> list[Spot]:
    """A firm called after its partners: surnames with commas before the "&", or "and" before a legal form."""
    tokens = context.parse.tokens
    if not is_capital(tokens[i]) or i > sentence.start and is_capital(tokens[i - 1]) or is_date(context, i):
        return []
    stop, commas, joined = i, 0, ""
    while stop < sentence.stop:
        text = tokens[stop].text
        if is_capital(tokens[stop]) and not context.gazetteer.country(text):
            stop += 1
        elif text in ("&", "and") and joined in ("", text) and _partner_follows(context, stop, sentence):
            joined = text
            stop += 1
        elif text == "," and not joined and _goes_on(context, stop, sentence):
            commas += 1
            stop += 1
        else:
            break
    if not joined:
        return []
    formed = _legal(context, stop - 1)
    if stop + 1 < sentence.stop and tokens[stop].text == "," and _legal(context, stop + 1):
        stop, formed = stop + 2, True
    if not (joined == "&" and (commas or formed) or joined == "and" and (formed or _at_firm(context, i, commas))):
        return []
    start = _first_partner(context, i, stop) if commas else i
    if any(context.low(k) in context.words.titles for k in range(start, stop)):
        return []
    return [Spot(start=start, stop=stop, hint="Organization")]


def _partner_follows(context: Context, k: int, sentence: Sentence) -> bool:
    return k + 1 < sentence.stop and is_capital(context.parse.tokens[k + 1]) and not _legal(context, k - 1)


def _legal(context: Context, k: int) -> bool:
    return context.low(k) in LEGAL_FORMS and is_capital(context.parse.tokens[k])


def _goes_on(context: Context, k: int, sentence: Sentence) -> bool:
    """Whether the comma at k stands between partners: one capitalised word to the next comma, "&" or "and"."""
    tokens = context.parse.tokens
    at = k + 1
    if at < sentence.stop and tokens[at].text in ("&", "and"):
        return True
    run = at
    while run < sentence.stop and is_capital(tokens[run]):
        run += 1
    return run - at in (1, 2) and run < sentence.stop and tokens[run].text in (",", "&", "and")


def _at_firm(context: Context, i: int, commas: int) -> bool:
    """Whether partners with commas only stand where a lawyer worked: "a law clerk at Shaw, Bild, and Etten"."""
    tokens = context.parse.tokens
    return commas > 1 and i > 1 and tokens[i - 1].text in ("at", "with") and context.low(i - 2) in PARTNERS


def _first_partner(context: Context, i: int, stop: int) -> int:
    """Where the firm starts: its first partner in front of a comma bears one name, other words belong to no partner."""
    tokens = context.parse.tokens
    first = next(k for k in range(i, stop) if tokens[k].text == ",")
    return i if first - i <= 2 else first + 1  # "Lang, Roth & Pell", "Van Ness, Roth & Pell"
