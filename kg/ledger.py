"""resolution.json, which a build leaves beside graph.ttl: who is who and why, to explain names and to keep ids.

One JSON object: `entities` (id, label, type, names, members), `links` (why names were joined or kept apart),
`replaced` (earlier ids, each with the one that stands for it now) and `remarks` (what corrections did).  All lists are
sorted and one record takes one line, so that two builds can be compared with diff.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.corrections import did_you_mean, is_iri, near
from kg.entities import LINK_ORDER, Entity, Known, Link, Remark, Resolution
from kg.errors import GraphError
from kg.gazetteer import fold
from kg.types import EntityType

FILE = "resolution.json"
FORMAT = 1
KEPT = 12
"""So many links of an entity with others are kept, those of the likest names first: a Smith is kept apart from all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """An entity with the reasons for its names, as sentences: why they are one, and why others are kept apart."""

    id: str
    label: str
    type: EntityType
    names: tuple[str, ...]
    documents: tuple[str, ...]
    joined: tuple[str, ...]
    apart: tuple[str, ...]
    corrected: tuple[str, ...]
    replaces: tuple[str, ...]
    """Earlier ids that this one stands for now."""


def ledger_text(resolution: Resolution) -> bytes:
    """The content of resolution.json."""
    entities = (
        {"id": e.id, "label": e.label, "type": e.type, "aliases": e.aliases, "members": e.members}
        for e in resolution.entities
    )
    links = (
        {"left": k.left, "right": k.right, "verdict": k.verdict, "reason": k.reason, "score": k.score,
         "ids": (k.left_id, k.right_id)}
        for k in _telling(resolution.links)
    )  # fmt: skip
    replaced = (
        {"id": k.id, "by": k.by, "label": k.label, "type": k.type, "members": k.members} for k in resolution.replaced
    )
    remarks = ({"id": remark.id, "text": remark.text} for remark in resolution.remarks)
    parts: dict[str, Iterable[Mapping[str, object]]]
    parts = {"entities": entities, "links": links, "replaced": replaced, "remarks": remarks}
    body = ",\n".join(f'"{name}": {_lines(records)}' for name, records in parts.items())
    return f'{{"format": {FORMAT},\n{body}}}\n'.encode()


def _lines(records: Iterable[Mapping[str, object]]) -> str:
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    return "[\n" + ",\n".join(lines) + "\n]" if lines else "[]"


def _telling(links: Iterable[Link]) -> Iterator[Link]:
    """All links inside entities, and of those with others the best of each entity."""
    told: dict[str, int] = defaultdict(int)
    chosen: set[Link] = set()
    ordered = sorted(
        links, key=lambda link: (not _of_correction(link), -link.score, -_likeness(link), LINK_ORDER(link))
    )
    for link in ordered:
        if link.verdict == "same":
            chosen.add(link)
        elif min(told[link.left_id], told[link.right_id]) < KEPT:
            chosen.add(link)
            told[link.left_id] += 1
            told[link.right_id] += 1
    return iter(sorted(chosen, key=LINK_ORDER))


def _of_correction(link: Link) -> bool:
    return link.reason.startswith("a correction")


def _likeness(link: Link) -> int:
    """How many letters two names begin with in common: first names that differ late are taken for one."""
    pairs = zip(fold(link.left), fold(link.right), strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(link.left), len(link.right)))


def ledger_of(path: Path) -> Resolution:
    """The resolution that a build left beside a graph file (or in the file of that name itself), without `of`'s order.

    Raises GraphError when there is none or it is not one of ours.
    """
    file = path if path.suffix == ".json" else path.with_name(FILE)
    if not path.exists():
        raise GraphError(f"{path}: there is no such file.")
    if not file.exists():
        raise GraphError(f"{path}: no {FILE} lies beside it; kg build writes both, so build it again.")
    try:
        content = json.loads(file.read_bytes())
        if content["format"] != FORMAT:
            raise GraphError(f"{file}: has another format than this version of kg writes; build it again.")
        return _resolution(content)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise GraphError(f"{file}: is no resolution that kg build has written ({type(error).__name__}).") from error
    except OSError as error:
        raise GraphError(f"{file}: cannot be read ({error.strerror}).") from error


def _resolution(content: Mapping[str, Any]) -> Resolution:
    entities = tuple(
        Entity(
            id=e["id"], label=e["label"], type=e["type"], aliases=tuple(e["aliases"]), same_as=(), members=_members(e)
        )
        for e in content["entities"]
    )
    links = tuple(
        Link(left=k["left"], right=k["right"], verdict=k["verdict"], reason=k["reason"], score=k["score"],
             left_id=k["ids"][0], right_id=k["ids"][1])
        for k in content["links"]
    )  # fmt: skip
    replaced = tuple(
        Known(id=k["id"], by=k["by"], label=k["label"], type=k["type"], members=_members(k))
        for k in content["replaced"]
    )
    remarks = tuple(Remark(id=remark["id"], text=remark["text"]) for remark in content["remarks"])
    of = {member: entity.id for entity in entities for member in entity.members}
    return Resolution(entities=entities, of=of, links=links, replaced=replaced, remarks=remarks)


def _members(record: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((str(document), str(local)) for document, local in record["members"])


# ---------------------------------------------------------------- explaining


def explain(graph: str | Path, name: str) -> tuple[Explanation, ...]:
    """Why the names of an entity were joined or kept apart, for each entity of this name (or of this IRI).

    `graph` is a graph.ttl with the resolution.json of its build beside it.  Raises GraphError when there is none, and
    for an unknown name, with the nearest.
    """
    resolution = ledger_of(Path(graph))
    return tuple(_explanation(resolution, entity) for entity in _called(resolution, name))


def _called(resolution: Resolution, name: str) -> list[Entity]:
    """The entities of a name; those that have it as label first."""
    if is_iri(name):
        local = name.removeprefix("id:").rpartition("/")[2].rpartition("#")[2]
        by = {known.id: known.by for known in resolution.replaced}.get(local, local)
        found = [entity for entity in resolution.entities if entity.id == by]
        if not found:
            nearest = near(local, [entity.id for entity in resolution.entities])
            hint = f" Did you mean {' or '.join(f'id:{word}' for word in nearest)}?" if nearest else ""
            raise GraphError(f"No entity has the IRI {name}.{hint}")
        return found
    key = fold(name)
    found = [entity for entity in resolution.entities if key in map(fold, entity.names)]
    if not found:
        hint = did_you_mean(name, [form for entity in resolution.entities for form in entity.names])
        raise GraphError(f"Nothing is called '{name}'.{hint}")
    return sorted(found, key=lambda entity: (fold(entity.label) != key, entity.id))


def _explanation(resolution: Resolution, entity: Entity) -> Explanation:
    label = {other.id: other for other in resolution.entities}
    joined: dict[str, None] = {}
    apart: dict[str, None] = {}
    for link in resolution.links:
        if entity.id not in (link.left_id, link.right_id):
            continue
        if link.verdict == "same":
            joined[_joined(link)] = None
        else:
            mine = link.left_id == entity.id
            own, other = (link.left, link.right) if mine else (link.right, link.left)
            apart[_apart(own, other, label[link.right_id if mine else link.left_id], link.reason)] = None
    linked = {n for k in resolution.links if k.verdict == "same" for n in (k.left, k.right) if k.left_id == entity.id}
    for name in entity.aliases:
        if name not in linked:
            joined[f"“{name}” is what a document itself calls it beside another name."] = None
    return Explanation(
        id=entity.id,
        label=entity.label,
        type=entity.type,
        names=entity.names,
        documents=tuple(sorted({document for document, _ in entity.members})),
        joined=tuple(joined),
        apart=tuple(apart),
        corrected=tuple(remark.text for remark in resolution.remarks if remark.id == entity.id),
        replaces=tuple(known.id for known in resolution.replaced if known.by == entity.id),
    )


def _joined(link: Link) -> str:
    if link.left == link.right:
        return f"“{link.left}” is one throughout: {link.reason}."
    return f"“{link.left}” and “{link.right}” are one: {link.reason}."


def _apart(own: str, other: str, who: Entity, reason: str) -> str:
    bearer = f"id:{who.id}" if other == who.label else f"{who.label}, id:{who.id}"
    if reason.startswith("may be "):
        return f"“{own}” is not joined with “{other}” ({bearer}): one of them {reason}."
    return f"“{own}” is kept apart from “{other}” ({bearer}): {reason}."
