"""The text of a SPARQL query: what it names, what is refused before an engine sees it, what an error message means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process

from kg.errors import QueryError

_WORDS = re.compile(
    r"""
      <(?P<iri>(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*)>      # an IRI
    | (?P<text>
        \"{3}(?:[^"\\]|\\.|\"{1,2}(?!\"))*\"{3} | '{3}(?:[^'\\]|\\.|'{1,2}(?!'))*'{3}   # long strings
      | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*'                          # strings
      )
    | \#[^\n\r]*                                                                  # a comment
    | \\.                                                       # an escaped character of a prefixed name
    | [?$]\w+                                                                     # a variable
    | (?P<prefix>[\w.-]*):(?P<local>[\w.:%-]*)                                   # a prefixed name
    | (?P<word>\w+)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"})
FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})


class RefusedError(QueryError):
    """A query asks for what no query may do here: write, call another machine, open another graph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """What a query names: an IRI, a prefixed name (`prefix`, then `value` is the local part) or a string."""

    kind: Literal["iri", "prefixed", "string"]
    value: str
    prefix: str = ""


def check(text: str) -> None:
    """Raises RefusedError for an update, for SERVICE, which would call other machines, and for FROM, which would
    ask another graph; QueryError for what is no query."""
    words = [found["word"].upper() for found in _WORDS.finditer(text) if found["word"]]
    first = next((word for word in words if word in FORMS or word in UPDATES), "")
    if first in UPDATES:
        raise RefusedError(f"{first} is refused: a query only reads the graph.")
    # SPARQL 1.1, section 19.2: a parser may read \\u0053 as S everywhere, in keywords too.
    plain = _ESCAPE.sub(_character, text)
    if _has_keyword("SERVICE", text) or _has_keyword("SERVICE", plain):
        raise RefusedError("SERVICE is refused: a query asks this graph alone and calls no other machine.")
    if _has_keyword("FROM", text) or _has_keyword("FROM", plain):
        raise RefusedError("FROM is refused: there is this one graph, and a query opens no other file or address.")
    if not first:
        raise QueryError(_no_query(words))


def _has_keyword(keyword: str, text: str) -> bool:
    """Whether a keyword occurs, glued to a number or a default prefix too ("5SERVICE", "SERVICE:x")."""
    declared = {prefix.upper() for prefix in _declarations(text)}
    for found in _WORDS.finditer(text):
        word = (found["word"] or "").upper()
        prefix = (found["prefix"] or "").upper()
        if keyword == "SERVICE" and keyword in (word or prefix):  # a call of another machine: rather one too many
            return True
        if re.fullmatch(rf"[\d.]*{keyword}", word) or (prefix == keyword and prefix not in declared):
            return True
    return False


def _declarations(text: str) -> dict[str, str]:
    """The prefixes that a query declares."""
    return dict(re.findall(r"(?i)\bPREFIX\s+([\w.-]*):\s*<([^<>]*)>", text))


def _no_query(words: list[str]) -> str:
    near = nearest(words[0], FORMS) if words else None
    guess = f" Did you mean {near}?" if near else ""
    return f"This is no query: a query opens with SELECT, ASK, CONSTRUCT or DESCRIBE.{guess}"


def _character(found: re.Match[str]) -> str:
    code = int(found[1] or found[2], 16)
    return chr(code) if code < 0x110000 else found[0]


def names_in(text: str) -> Iterator[Name]:
    """The IRIs, prefixed names and strings of a query, those of its prologue left out; a name whose prefix the query
    declares itself comes as IRI."""
    declared = _declarations(text)
    begin = max((found.end() for found in re.finditer(_PROLOGUE, text)), default=0)
    for found in _WORDS.finditer(text, begin):
        if found["iri"] is not None:
            yield Name(kind="iri", value=found["iri"])
        elif found["text"] is not None:
            yield Name(kind="string", value=_unquoted(found["text"]))
        elif found["prefix"] in declared:
            yield Name(kind="iri", value=declared[found["prefix"]] + found["local"])
        elif found["prefix"] is not None:
            yield Name(kind="prefixed", value=found["local"], prefix=found["prefix"])


_PROLOGUE = r"(?i)\b(?:PREFIX\s+[\w.-]*:|BASE)\s*<[^<>]*>"


def _unquoted(text: str) -> str:
    marks = 3 if text.startswith(('"""', "'''")) and len(text) >= 6 else 1
    return re.sub(r"\\([\"'\\])", r"\1", text[marks:-marks])


def replaced(text: str, variables: dict[str, str]) -> str:
    """The query with variables ("?name") replaced by terms, outside of strings, IRIs and comments."""
    return _WORDS.sub(lambda found: variables.get(found[0], found[0]), text)


def explain(message: str, text: str, *, prefixes: Iterable[str] = ()) -> str:
    """One line for a syntax error: where, near what, and why as far as the parser tells it in words; for an unknown
    prefix also the nearest known one."""
    found = re.match(r"error at (\d+):(\d+): (.*)", message, re.DOTALL)
    if found is None:
        return f"The query is not valid SPARQL: {' '.join(message.split())}."
    line, column, why = int(found[1]), int(found[2]), " ".join(found[3].split())
    lines = text.splitlines()
    rest = lines[line - 1][column - 1 :].split() if line <= len(lines) else []
    near = f"near '{' '.join(rest)[:40]}'" if rest else "at its end"
    if "Prefix not found" in why:
        why = _unknown_prefix(lines[line - 1][: column - 1] if line <= len(lines) else "", prefixes)
    else:
        why = re.sub(r", \['.*|\['.*", " ...", why)[:120]
    return f"The query is not valid SPARQL: line {line}, column {column}, {near}: {why}."


def _unknown_prefix(before: str, prefixes: Iterable[str]) -> str:
    called = re.search(r"([\w.-]*):[\w.:%-]*$", before.rstrip())
    if called is None:
        return "unknown prefix"
    guess = nearest(called[1], prefixes)
    return f"unknown prefix '{called[1]}:'" + (f", did you mean '{guess}:'" if guess else "")


def nearest(word: str, known: Iterable[str], *, cutoff: float = 60.0) -> str | None:
    """The known word most like this one, whatever the case; None when none is like it.  The first of equals."""
    choices = sorted(known)
    found = process.extractOne(
        word.casefold(), [choice.casefold() for choice in choices], scorer=fuzz.ratio, score_cutoff=cutoff
    )
    return choices[found[2]] if found else None
