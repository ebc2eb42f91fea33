"""States inside the names of bodies: "Swiss Harbour Party" names Switzerland too, if only in passing."""

from __future__ import annotations

from dataclasses import replace

from kg.gazetteer import Gazetteer
from kg.types import LocalEntity, Mention, Parse


def states_in_names(
    parse: Parse, entities: tuple[LocalEntity, ...], mentions: tuple[Mention, ...], gazetteer: Gazetteer
) -> tuple[tuple[LocalEntity, ...], tuple[Mention, ...]]:
    """The entities with the states that open an organisation's name added, and the mentions of these states.

    Such a mention is a demonym inside the name's; the name stays one.
    """
    by_name = {e.name: e for e in entities if e.type == "Country" and e.name}
    found: list[Mention] = []
    for mention in mentions:
        if mention.kind != "name" or mention.type != "Organization" or mention.stop - mention.start < 2:
            continue
        opening = _opening(parse, mention, gazetteer)
        if opening is None:
            continue
        country, stop = opening
        entity = by_name.get(country)
        begin, end = parse.tokens[mention.start].begin, parse.tokens[stop - 1].end
        text = parse.document.text[begin:end]
        if entity is None:
            number = len(entities) + len(by_name.keys() - {e.name for e in entities}) + 1
            entity = LocalEntity(id=f"e{number}", type="Country", name=country, aliases=(), country=country)
        if text not in entity.aliases:
            entity = replace(entity, aliases=tuple(sorted({*entity.aliases, text})))
        by_name[country] = entity
        found.append(
            Mention(
                begin=begin, end=end, text=text, type="Country", kind="demonym",
                start=mention.start, stop=stop, head=stop - 1, entities=(entity.id,),
            )
        )  # fmt: skip
    known = {e.id for e in entities}
    updated = {e.id: e for e in by_name.values()}
    together = (*(updated.get(e.id, e) for e in entities), *(e for e in by_name.values() if e.id not in known))
    return together, tuple(found)


def _opening(parse: Parse, mention: Mention, gazetteer: Gazetteer) -> tuple[str, int] | None:
    """The state that the first one or two words of a name mean, and where they end; no possessive is part of a name."""
    for size in (2, 1):
        stop = mention.start + size
        if stop >= mention.stop or parse.tokens[stop].text in ("-", "–", "/", "&", "and"):
            continue
        words = parse.document.text[parse.tokens[mention.start].begin : parse.tokens[stop - 1].end]
        country = gazetteer.demonym(words)
        if country is None:
            record = gazetteer.country(words)
            country = record.name if record is not None else None
        if country is not None:
            return country, stop
    return None
