"""Whether a clause or phrase is the content of a noun ("the claim that", "plans to") and no mere attribute of it."""

from __future__ import annotations

from kg.cues import Cues, is_cue, of
from kg.markers import has_to, is_infinite
from kg.syntax import child, children
from kg.types import Parse


def is_report(parse: Parse, n: int, cues: Cues) -> bool:
    """Whether noun n is a report, claim or picture: something that has a content."""
    return is_cue(parse, n, of(cues, "say-noun")) or is_cue(parse, n, of(cues, "depiction"))


def is_content(parse: Parse, at: int, n: int, cues: Cues) -> bool:
    """Whether the clause of `at` says what noun n is: "plans to go", "the claim that", "a video of tanks entering"."""
    report = is_report(parse, n, cues) or is_cue(parse, n, of(cues, "false"))
    that = any(parse.tokens[m].text.casefold() == "that" for m in children(parse, at, "mark"))
    if parse.tokens[at].dep == "relcl":
        return report and (
            that or _is_misread_content(parse, at, n) or _tells(parse, at, cues) or _is_set_in(parse, at)
        )
    if has_to(parse, at):
        return True
    if that or parse.tokens[at].dep in ("ccomp", "acl") and not is_infinite(parse, at):
        return that or report
    if report and parse.tokens[at].tag == "VBG":
        return True
    return is_infinite(parse, at) and _is_depicted(parse, n, cues)


def _is_misread_content(parse: Parse, at: int, n: int) -> bool:
    """ "a rumour that the judge had convicted him": "that" read as an object although the verb has one."""
    objects = children(parse, at, "dobj")
    return (
        any(parse.tokens[o].text.casefold() == "that" for o in objects)
        and (len(objects) > 1 or child(parse, at, "attr", "prep") is not None)
        and at > n
    )


def _tells(parse: Parse, at: int, cues: Cues) -> bool:
    """ "a video that claims ...": the report itself is what says it."""
    subject = child(parse, at, "nsubj")
    told = is_cue(parse, at, of(cues, "say")) and child(parse, at, "ccomp", "xcomp") is not None
    return told and subject is not None and parse.tokens[subject].tag in ("WDT", "WP", "IN")


def _is_set_in(parse: Parse, at: int) -> bool:
    """ "the e-mail in which he threatens her"."""
    return any(
        parse.tokens[t].text.casefold() == "which"
        for p in children(parse, at, "prep")
        if parse.tokens[p].text.casefold() == "in"
        for t in children(parse, p, "pobj")
    )


def _is_depicted(parse: Parse, n: int, cues: Cues) -> bool:
    """Whether noun n is what a picture or report shows: "a video of tanks entering"."""
    preposition = parse.tokens[parse.tokens[n].head]
    if parse.tokens[n].dep != "pobj" or preposition.text.casefold() not in ("of", "about"):
        return False
    return is_report(parse, preposition.head, cues)
