"""Whom a text speaks of and never names: "I was born in Graz", "It was founded in 1902" with nothing before it.

Each kind of pronoun that nothing else explains is one nameless entity.  Such entities fill claims of `kg extract`; the
graph, which wants names, leaves them out.  A text that names somebody later gains nothing and loses nothing by them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from kg.referents import Context
from kg.things import is_expletive
from kg.types import EntityType, LocalEntity, Mention

CHAINS: Mapping[str, tuple[str, EntityType]] = MappingProxyType({
    **dict.fromkeys(("i", "me", "my", "mine", "myself"), ("narrator", "Person")),
    **dict.fromkeys(("we", "us", "our", "ours", "ourselves"), ("company", "Organization")),
    **dict.fromkeys(("he", "him", "his", "himself"), ("man", "Person")),
    **dict.fromkeys(("she", "her", "hers", "herself"), ("woman", "Person")),
    **dict.fromkeys(("it", "its", "itself"), ("thing", "Organization")),
})  # fmt: skip
"""Pronoun -> whose chain it belongs to, and the class of what it stands for."""


def unnamed(context: Context, quoted: Iterable[tuple[int, int]]) -> tuple[tuple[Mention, ...], tuple[LocalEntity, ...]]:
    """The pronouns outside quotations that stand for nothing known, and the nameless entities that they make."""
    spans = tuple(quoted)
    number = len(context.entities)
    ids: dict[str, str] = {}
    entities: list[LocalEntity] = []
    mentions: list[Mention] = []
    for token in context.parse.tokens:
        chain = CHAINS.get(token.text.casefold())
        if chain is None or token.i in context.at or token.tag not in ("PRP", "PRP$"):
            continue
        name, kind = chain
        if any(begin <= token.begin < end for begin, end in spans):
            continue
        if name == "thing" and is_expletive(context.parse, token.i):
            continue
        if name not in ids:
            ids[name] = f"e{number + len(ids) + 1}"
            entities.append(LocalEntity(id=ids[name], type=kind, name=None, aliases=()))
        mentions.append(
            Mention(
                begin=token.begin, end=token.end, text=token.text, type=kind, kind="pronoun",
                start=token.i, stop=token.i + 1, head=token.i, entities=(ids[name],),
            )
        )  # fmt: skip
    return tuple(mentions), tuple(entities)
