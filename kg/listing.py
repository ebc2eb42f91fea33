"""Answers for programs and people: typed records in order, and tables, which a notebook shows as tables."""

from __future__ import annotations

import dataclasses
import html
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, SupportsIndex, TypeVar, overload

Record = TypeVar("Record")
Cell = str | int | float
SHOWN = 200
"""A notebook shows so many rows; all of them are there."""


class Listing(tuple[Record, ...]):
    """Frozen records in a fixed order: a tuple that a notebook shows as a table.

    >>> found = Listing([Place(name="Oslo", people=700_000), Place(name="Bergen", people=290_000)])
    >>> found[0].name
    'Oslo'
    >>> found.dicts()[1]
    {'name': 'Bergen', 'people': 290000}
    """

    __slots__ = ()

    def dicts(self) -> list[dict[str, Any]]:
        """The records as dictionaries: what `pandas.DataFrame` and `json.dumps` take."""
        return [{field.name: getattr(one, field.name) for field in dataclasses.fields(one)} for one in self]  # type: ignore[arg-type]

    @overload
    def __getitem__(self, key: SupportsIndex, /) -> Record: ...
    @overload
    def __getitem__(self, key: slice, /) -> Listing[Record]: ...
    def __getitem__(self, key: SupportsIndex | slice, /) -> Record | Listing[Record]:
        """One record, or a listing of several."""
        return Listing(super().__getitem__(key)) if isinstance(key, slice) else super().__getitem__(key)

    def __repr__(self) -> str:
        return f"Listing of {len(self):,}" + ("".join(f"\n  {one!r}" for one in self[:5]) + "\n  ..." * (len(self) > 5))

    def _repr_html_(self) -> str:
        records = self.dicts()
        # For a reader: no column that is empty throughout, and no IRI, which the id repeats.
        names = [name for name in (records[0] if records else ()) if name != "iri"]
        told = [name for name in names if any(record[name] not in (None, "", ()) for record in records)]
        return table_html(told, ([record[name] for name in told] for record in records), total=len(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under named columns: the answer of a query.  `notes` tell of an empty one what the query names and the
    graph does not have.

    >>> capitals = Table(columns=("name", "people"), rows=(("Oslo", 700_000), ("Bergen", 290_000)))
    >>> capitals.column("name")
    ('Oslo', 'Bergen')
    >>> len(capitals), capitals.dicts()[0]
    (2, {'name': 'Oslo', 'people': 700000})
    >>> print(capitals)
    name   | people
    Oslo   | 700000
    Bergen | 290000
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        return iter(self.rows)

    def column(self, name: str) -> tuple[Cell, ...]:
        """All values of one column.  Raises KeyError for a column that is not there."""
        if name not in self.columns:
            raise KeyError(f"There is no column '{name}'; there are {', '.join(self.columns)}.")
        place = self.columns.index(name)
        return tuple(row[place] for row in self.rows)

    def dicts(self) -> list[dict[str, Cell]]:
        """The rows as dictionaries: what `pandas.DataFrame` and `json.dumps` take."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def __str__(self) -> str:
        lines = [self.columns, *(tuple(map(str, row)) for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        padded = (" | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines)
        return "\n".join((*padded, *self.notes))

    def _repr_html_(self) -> str:
        notes = "".join(f"<p>{html.escape(note)}</p>" for note in self.notes)
        return table_html(self.columns, self.rows, total=len(self.rows)) + notes


def table_html(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, total: int) -> str:
    """An HTML table of rows; every text in it stands as text."""
    if not total:
        return "<p>nothing found</p>"
    head = "".join(f"<th>{html.escape(name.replace('_', ' '))}</th>" for name in columns)
    body = []
    for number, row in enumerate(rows):
        if number == SHOWN:
            body.append(f"<tr><td colspan='{len(columns)}'>... {total - SHOWN:,} more</td></tr>")
            break
        body.append("<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row) + "</tr>")
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        value = ", ".join(map(str, value))
    return "" if value is None else html.escape(str(value))
