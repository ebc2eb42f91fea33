"""A file of corrections (TOML) -> frozen records: what a reader of the graph knows better than the texts tell.

Every entry is checked by itself here; whether its names occur is checked where they are looked up, in rulings.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from rapidfuzz import fuzz, process

from kg.errors import CorrectionError
from kg.types import EntityType

TYPES: tuple[EntityType, ...] = get_args(EntityType)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Whom a correction means: a name, narrowed by a class or a document, or else an IRI."""

    name: str = ""
    iri: str = ""
    type: EntityType | None = None
    document: str = ""

    def __str__(self) -> str:
        """The reference as a person would say it."""
        kind = f" ({self.type})" if self.type else ""
        return (self.iri or f"'{self.name}'") + kind + (f" of document {self.document}" if self.document else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Names that are one thing ("merge") or all different things ("never-merge")."""

    kind: Literal["merge", "never-merge"]
    names: tuple[Reference, ...]
    reason: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Renaming:
    """A better name for an entity; it also gives the entity its IRI."""

    who: Reference
    to: str
    reason: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retyping:
    """The right class of an entity."""

    who: Reference
    to: EntityType
    reason: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retraction:
    """A fact that does not hold: by subject, predicate and object, in one document or all; or one claim by its IRI."""

    subject: Reference | None
    predicate: str
    object: Reference | None
    document: str
    claim: str
    reason: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """All corrections, in the order of their file.  `where` of each says where it stands: "fixes.toml: [[merge]] 2"."""

    groupings: tuple[Grouping, ...] = ()
    renamings: tuple[Renaming, ...] = ()
    retypings: tuple[Retyping, ...] = ()
    retractions: tuple[Retraction, ...] = ()


NONE = Corrections()

_KEYS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "merge": (("names",), ()),
    "never-merge": (("names",), ()),
    "rename": (("name", "to"), ()),
    "retype": (("name", "type"), ()),
    "retract-claim": ((), ("subject", "predicate", "object", "document", "claim")),
}
"""Kind of entry -> the keys that it must have and those it may have; each may have a reason."""


def load(path: str | Path) -> Corrections:
    """The corrections of a file.  Raises CorrectionError, one line that says where, for what cannot be meant."""
    try:
        text = Path(path).read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorrectionError(f"{path}: is no UTF-8 text (byte {error.start}).") from None
    except OSError as error:
        raise CorrectionError(f"{path}: cannot be read ({error.strerror}).") from None
    return parse(text, str(path))


def parse(text: str, path: str = "corrections") -> Corrections:
    """The corrections of a TOML text; `path` is what messages call it."""
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits, brackets without end
        raise CorrectionError(f"{path}: {_place(str(error))}.") from None
    _only(tables, tuple(_KEYS), path, "kind of correction")
    groupings: list[Grouping] = []
    renamings: list[Renaming] = []
    retypings: list[Retyping] = []
    retractions: list[Retraction] = []
    for kind, (required, optional) in _KEYS.items():
        entries = tables.get(kind, [])
        if not isinstance(entries, list):
            raise CorrectionError(f"{path}: write [[{kind}]] in double brackets, for there may be several.")
        for number, entry in enumerate(entries, 1):
            where = f"{path}: [[{kind}]] {number}"
            if not isinstance(entry, dict):
                raise CorrectionError(f"{where}: must be a table of keys and values.")
            _only(entry, (*required, *optional, "reason"), where, "key")
            for key in required:
                if key not in entry:
                    raise CorrectionError(f"{where}: '{key}' is missing.")
            reason = _text(entry, "reason", where) if "reason" in entry else ""
            if kind in ("merge", "never-merge"):
                names = _references(entry["names"], where)
                rule: Literal["merge", "never-merge"] = "merge" if kind == "merge" else "never-merge"
                groupings.append(Grouping(kind=rule, names=names, reason=reason, where=where))
            elif kind == "rename":
                who = _reference(entry["name"], where)
                renamings.append(Renaming(who=who, to=_text(entry, "to", where), reason=reason, where=where))
            elif kind == "retype":
                who = _reference(entry["name"], where)
                retypings.append(Retyping(who=who, to=_type(entry["type"], where), reason=reason, where=where))
            else:
                retractions.append(_retraction(entry, reason, where))
    return Corrections(
        groupings=tuple(groupings),
        renamings=tuple(renamings),
        retypings=tuple(retypings),
        retractions=tuple(retractions),
    )


def near(word: str, known: Sequence[str], *, limit: int = 3) -> tuple[str, ...]:
    """The known words most like this one, the best first; none that is not like it."""
    choices = sorted(set(known))
    folded = [choice.casefold() for choice in choices]
    found = process.extract(word.casefold(), folded, scorer=fuzz.WRatio, limit=limit, score_cutoff=60)
    return tuple(choices[place] for _, _, place in found)


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """ " Did you mean 'x' or 'y'?", or nothing where nothing is like the word."""
    found = near(word, known)
    return f" Did you mean {' or '.join(repr(name) for name in found)}?" if found else ""


# ---------------------------------------------------------------- checking


def _place(message: str) -> str:
    """The parser's words with the position in front: "line 3, column 7: Invalid value"."""
    words, _, place = message.rpartition(" (at ")
    return f"{place.removesuffix(')')}: {words}" if words else message


def _only(entry: Mapping[str, object], known: tuple[str, ...], where: str, what: str) -> None:
    for key in entry:
        if key not in known:
            hint = did_you_mean(key, known) or f" Known are {', '.join(known)}."
            raise CorrectionError(f"{where}: there is no {what} '{key}'.{hint}")


def _text(entry: Mapping[str, object], key: str, where: str) -> str:
    value = entry[key]
    if not isinstance(value, str) or not value.strip():
        raise CorrectionError(f"{where}: '{key}' must be a text in quotation marks, and not an empty one.")
    return " ".join(value.split())


def _type(value: object, where: str) -> EntityType:
    for kind in TYPES:
        if value == kind:
            return kind
    hint = did_you_mean(str(value), TYPES) or f" Known are {', '.join(TYPES)}."
    raise CorrectionError(f"{where}: there is no class '{value}'.{hint}")


def _references(value: object, where: str) -> tuple[Reference, ...]:
    if not isinstance(value, list) or len(value) < 2:
        raise CorrectionError(f"{where}: 'names' must be a list of two names or more.")
    found = tuple(_reference(item, where) for item in value)
    for place, one in enumerate(found):
        if one in found[:place]:
            raise CorrectionError(f"{where}: {one} stands twice; tell namesakes apart by type, document or IRI.")
    return found


def _reference(value: object, where: str) -> Reference:
    """A text is a name, or an IRI where it looks like one; a table may have name, type and document, or iri."""
    if isinstance(value, str) and value.strip():
        word = " ".join(value.split())
        return Reference(iri=word) if is_iri(word) else Reference(name=word)
    if not isinstance(value, dict):
        raise CorrectionError(f'{where}: {value!r} is no name; write a text, or a table such as {{ name = "X" }}.')
    _only(value, ("name", "iri", "type", "document"), where, "key")
    if ("name" in value) == ("iri" in value):
        raise CorrectionError(f"{where}: who is meant needs either 'name' or 'iri'.")
    if "iri" in value and not is_iri(_text(value, "iri", where)):
        raise CorrectionError(f"{where}: '{value['iri']}' is no IRI; write it in full or as id:some-name.")
    return Reference(
        name=_text(value, "name", where) if "name" in value else "",
        iri=_text(value, "iri", where) if "iri" in value else "",
        type=_type(value["type"], where) if "type" in value else None,
        document=_text(value, "document", where) if "document" in value else "",
    )


def is_iri(word: str) -> bool:
    """Whether a word is an IRI in full or "id:..." rather than a name."""
    return " " not in word and ("://" in word or word.startswith(("id:", "urn:")))


def is_document(word: str, document: str) -> bool:
    """Whether a correction's word means the document of this id: the id, or for a file its name without suffix."""
    return word == document or re.fullmatch(re.escape(word) + "-[0-9a-f]{16}", document) is not None


def _retraction(entry: Mapping[str, object], reason: str, where: str) -> Retraction:
    by_iri = "claim" in entry
    parts = [key for key in ("subject", "predicate", "object") if key in entry]
    if by_iri and (parts or "document" in entry):
        raise CorrectionError(f"{where}: a claim's IRI says all; leave out the other keys.")
    if not by_iri and len(parts) < 3:
        raise CorrectionError(f"{where}: needs 'claim', or 'subject', 'predicate' and 'object'.")
    return Retraction(
        subject=None if by_iri else _reference(entry["subject"], where),
        predicate="" if by_iri else _text(entry, "predicate", where).removeprefix("kg:"),
        object=None if by_iri else _reference(entry["object"], where),
        document=_text(entry, "document", where) if "document" in entry else "",
        claim=_text(entry, "claim", where) if by_iri else "",
        reason=reason,
        where=where,
    )
