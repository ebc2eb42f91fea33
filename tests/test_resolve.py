"""Which names of several documents are one entity.

A case is a list of documents; a document is a list of names, "Type: name | alias | ..." with an optional gender
after "/" and country after "@".  Expected is the grouping: names of one line are one entity.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from kg import gazetteer
from kg.resolve import Entity, Resolution, explain, known_of, resolve
from kg.types import Document, EntityType, Extraction, LocalEntity, Position

TABLES = gazetteer.load()

SHORT: dict[str, EntityType] = {
    "P": "Person",
    "O": "Organization",
    "L": "Place",
    "C": "Country",
    "G": "Group",
    "W": "Work",
    "E": "Event",
}


def entity(number: int, line: str) -> LocalEntity:
    kind, _, rest = line.partition(": ")
    rest, _, country = rest.partition(" @")
    rest, _, gender = rest.partition(" /")
    names = rest.split(" | ")
    return LocalEntity(
        id=f"e{number}",
        type=SHORT[kind],
        name=names[0],
        aliases=tuple(sorted(set(names))),
        gender={"m": "male", "f": "female"}.get(gender),  # type: ignore[arg-type]
        country=country or None,
    )


def extraction(name: str, lines: list[str], positions: tuple[Position, ...] = ()) -> Extraction:
    return Extraction(
        document=Document(id=name, text="", blocks=()),
        entities=tuple(entity(number, line) for number, line in enumerate(lines, start=1)),
        mentions=(),
        claims=(),
        positions=positions,
        quotations=(),
    )


def resolved(*documents: list[str]) -> Resolution:
    return resolve((extraction(f"d{n}", lines) for n, lines in enumerate(documents, start=1)), TABLES)


def groups(resolution: Resolution, *documents: list[str]) -> list[list[str]]:
    """The first names of the local entities, grouped by entity."""
    found: dict[str, set[str]] = {}
    for n, lines in enumerate(documents, start=1):
        for number, line in enumerate(lines, start=1):
            name = line.partition(": ")[2].partition(" /")[0].partition(" @")[0].partition(" | ")[0]
            found.setdefault(resolution.of[f"d{n}", f"e{number}"], set()).add(name)
    return sorted(sorted(group) for group in found.values())


def only(resolution: Resolution) -> Entity:
    (entity,) = resolution.entities
    return entity


ONE = [
    # persons
    ["P: Richard Haass", "P: Haass"],
    ["P: Richard Haass", "P: Richard Haas"],
    ["P: Richard Haass", "P: Haas"],
    ["P: Richard Haass", "P: Richard N. Haass"],
    ["P: Richard Haass", "P: R. Haass"],
    ["P: Sergey Lavrov", "P: Sergei Lavrov", "P: Foreign Minister Sergey Lavrov", "P: Lavrov"],
    ["P: Volodymyr Zelensky", "P: Volodymyr Zelenskyy", "P: Zelenskiy", "P: President Zelensky"],
    ["P: Volodymyr Zelensky", "P: Vladimir Zelensky"],
    ["P: William Burns", "P: Bill Burns", "P: William J. Burns", "P: CIA Director | Burns | William Burns"],
    ["P: Joe Biden", "P: Joseph Biden", "P: Joseph R. Biden", "P: President Biden", "P: Mr. Biden"],
    ["P: Mitt Romney", "P: Willard Mitt Romney"],
    ["P: George H.W. Bush", "P: George Herbert Walker Bush", "P: George H. W. Bush"],
    ["P: Xi Jinping", "P: Xi", "P: President Xi Jinping"],
    ["P: Kim Jong Un", "P: Kim Jong-un", "P: Kim"],
    ["P: Moon Jae-in", "P: President Moon"],
    ["P: Lee Hsien Loong", "P: Lee"],
    ["P: Ursula von der Leyen", "P: von der Leyen"],
    ["P: J.D. Vance", "P: JD Vance", "P: Vance"],
    ["P: Mohammed Al-Sudani", "P: Mohamed al-Sudani"],
    ["P: Martin Luther King Jr.", "P: Martin Luther King"],
    ["P: Lech Wałęsa", "P: Lech Walesa"],
    ["P: Pope Francis", "P: Pope Francis | Francis"],
    ["P: Wang Yi", "P: Yi Wang"],
    ["P: Zelensky", "P: Zelenskyy"],
    ["P: Joe Biden | President Biden", "P: Joseph R. Biden, Jr. | President Biden"],
    ["P: King Charles", "P: King Charles III", "P: Charles"],
    ["P: Jean-Claude Juncker", "P: Jean Claude Juncker"],
    ["P: Abdel Fattah el-Sisi", "P: Abdel-Fattah al-Sissi", "P: Sisi"],
    ["P: Andrés Manuel López Obrador", "P: López Obrador"],
    ["P: Luiz Inácio Lula da Silva | Lula", "P: Lula"],
    ["P: Mohammed bin Salman", "P: Crown Prince Mohammed bin Salman"],
    ["P: Michael Stone", "P: Micheal Stone"],
    ["O: United Nations", "O: Untied Nations"],
    ["P: Dick Cheney", "P: Richard B. Cheney"],
    # places
    ["L: Kyiv", "L: Kiev", "L: Kyiv, Ukraine"],
    ["C: United States", "C: US", "C: U.S.", "C: the United States", "C: America"],
    ["C: United Kingdom", "C: Britain", "L: UK"],
    ["L: Washington", "L: Washington, D.C."],
    ["L: New York", "L: New York City"],
    ["C: Turkey", "C: Türkiye"],
    # organisations
    ["O: Council on Foreign Relations", "O: CFR"],
    ["O: Harbour Institute for Sea Trade", "O: HIST", "O: Harbour Institute"],
    ["O: Green Lakes Trust", "O: GLT"],
    ["O: Coast Partnership for Calm Seas", "O: Coast Partnership"],
    ["O: Labour Party", "O: British Labour Party"],
    ["O: U.S. State Department", "O: State Department", "O: US Department of State"],
    ["O: NBC", "O: NBC News"],
    ["O: New York Times", "O: The New York Times", "O: NYT"],
    ["O: Russian Foreign Ministry", "O: Foreign Ministry @Russia", "O: Russia's Foreign Ministry"],
    ["O: Polish Foreign Ministry", "O: Foreign Ministry"],
    ["O: Danish Ministry of Defence", "O: Danish Defense Ministry", "O: Ministry of Defence of Denmark"],
    ["O: Marlow Foundation", "O: The Marlow Foundation"],
    ["O: Tarn Motors Inc.", "O: Tarn Motors"],
    ["O: Wagner Group", "O: Wagner"],
    ["O: Foreign Affairs", "W: Foreign Affairs"],
    ["O: Environmental Protection Agency", "O: U.S. Environmental Protection Agency", "O: EPA"],
    ["O: Justice Dept.", "O: Department of Justice", "O: U.S. Justice Department"],
    ["O: Conservative Party", "O: British Conservative Party"],
    ["O: Ministry of Defence", "O: British Ministry of Defence", "O: MoD"],
    ["O: Organisation for Tidal Energy", "O: Organization for Tidal Energy"],
    # others
    ["G: Republicans", "G: Republican"],
    ["W: The Long Harbour", "W: Long Harbour"],
]  # fmt: skip


@pytest.mark.parametrize("names", ONE, ids=[names[0] for names in ONE])
def test_spellings_of_one_thing_are_one_entity(names: list[str]) -> None:
    documents = [[name] for name in names]
    assert len(groups(resolved(*documents), *documents)) == 1


TWO = [
    ["P: George W. Bush", "P: George H.W. Bush"],
    ["P: Bill Clinton", "P: Hillary Clinton"],
    ["P: Mr. Clinton", "P: Mrs. Clinton"],
    ["P: Dan Smith", "P: Dana Smith"],
    ["P: Donald Trump", "P: Donald Trump Jr."],
    ["P: Hamad bin Isa Al Khalifa", "P: Salman bin Hamad Al Khalifa"],
    ["P: Queen Elizabeth I", "P: Queen Elizabeth II"],
    ["P: Henry Ash | President Ash", "P: Henry Ash Jr."],
    ["O: EPA", "O: Eastern Plains Association"],
    ["O: SC", "O: Southern Command"],
    ["O: Conservative Party @Canada", "O: British Conservative Party"],
    ["P: Robert Kennedy", "P: Robert F. Kennedy Jr."],
    ["P: Michael R. Gordon", "P: Michael T. Gordon"],
    ["P: Julian Castro", "P: Joaquin Castro"],
    ["P: Sam Johnson", "P: Sam Johnston"],
    ["P: Pope Francis", "P: Robert Francis"],
    ["P: Volodymyr Zelensky", "P: Vladimir Putin"],
    ["P: Jordan Lake", "L: Jordan"],
    ["P: Chris Marsh /m", "P: Chris Marsh Bell /f"],
    ["L: Washington", "O: Washington Post"],
    ["L: New York", "O: New York Times"],
    ["L: Kansas City", "O: Kansas City"],
    ["L: Washington", "L: Washington state"],
    ["C: Georgia", "L: Georgia @United States"],
    ["L: Kharkiv", "L: Kharkiv region"],
    ["L: Moscow", "O: Kremlin"],
    ["O: Foreign Affairs", "O: Foreign Ministry"],
    ["O: Russian Foreign Ministry", "O: Ukrainian Foreign Ministry"],
    ["O: Labour Party", "O: Labor Party @Australia"],
    ["O: Bank of America", "O: Bank of China"],
    ["O: Green Lakes Trust", "O: Green Lakes Tribune"],
    ["O: House of Commons", "O: House of Lords"],
    ["O: Oxford University", "L: Oxford"],
    ["C: North Korea", "C: South Korea"],
    ["C: Niger", "C: Nigeria"],
    ["O: World Health Organization", "O: World Trade Organization"],
    ["O: Republican Party", "O: Democratic Party"],
    ["O: British Airways", "O: Airways"],
    ["O: Danish Supreme Court", "O: Supreme Court of Norway"],
    ["O: Central Bank of Kenya", "O: Central Bank of Ghana"],
    ["O: Bank of Iran", "O: Bank of Iraq"],
    ["P: Dina Moss", "P: Dian Moss"],
    ["W: Silent River", "W: Silent Rivers Run"],
]


@pytest.mark.parametrize("names", TWO, ids=[" / ".join(names) for names in TWO])
def test_two_things_stay_two(names: list[str]) -> None:
    documents = [[name] for name in names]
    assert len(groups(resolved(*documents), *documents)) == len(names)


def test_a_bare_surname_joins_nobody_where_several_bear_it() -> None:
    documents = [["P: George W. Bush"], ["P: George H.W. Bush"], ["P: Bush"], ["P: Bush"], ["P: George Bush"]]
    found = resolved(*documents)
    assert len(found.entities) == 5
    assert any(link.verdict == "apart" and "may be" in link.reason for link in found.links)


def test_a_bare_surname_with_a_gender_joins_the_spouse_of_that_gender() -> None:
    documents = [["P: Bill Clinton", "P: Hillary Clinton"], ["P: Clinton /f"], ["P: Mr. Clinton"], ["P: Clinton"]]
    assert groups(resolved(*documents), *documents) == [
        ["Bill Clinton", "Mr. Clinton"],
        ["Clinton"],
        ["Clinton", "Hillary Clinton"],
    ]


def test_a_role_in_common_settles_a_bare_surname() -> None:
    def position(title: str) -> tuple[Position, ...]:
        return (Position(holder="e1", title=title, organization=None, tense="current", evidence=(0, 0)),)

    found = resolve(
        [
            extraction("d1", ["P: Anna Kovac"], position("mayor")),
            extraction("d2", ["P: Ivo Kovac"], position("coach")),
            extraction("d3", ["P: Kovac"], position("mayor")),
        ],
        TABLES,
    )
    assert found.of["d3", "e1"] == found.of["d1", "e1"] != found.of["d2", "e1"]


def test_two_names_of_one_document_are_not_joined_by_a_middle_name_or_a_beginning() -> None:
    together = ["P: Cole Brook", "P: Edward Cole Brook", "O: Harbour Service", "O: Harbour Service for the North"]
    assert len(resolved(together).entities) == 4
    assert len(resolved(*([name] for name in together)).entities) == 2


def test_an_acronym_of_two_joins_neither_unless_a_document_defines_it() -> None:
    documents = [["O: Green Lakes Trust"], ["O: Great London Theatre"], ["O: GLT"]]
    assert len(resolved(*documents).entities) == 3
    documents[0] = ["O: Green Lakes Trust | GLT"]
    assert groups(resolved(*documents), *documents) == [["GLT", "Green Lakes Trust"], ["Great London Theatre"]]


def test_the_foreign_ministry_of_nobody_in_particular_joins_neither_of_two() -> None:
    documents = [["O: Danish Foreign Ministry"], ["O: Swedish Foreign Ministry"], ["O: Foreign Ministry"]]
    assert len(resolved(*documents).entities) == 3


def test_an_entity_without_a_name_does_not_reach_the_result() -> None:
    nameless = LocalEntity(id="e1", type="Person", name=None, aliases=())
    document = Extraction(
        document=Document(id="d1", text="", blocks=()),
        entities=(nameless,),
        mentions=(),
        claims=(),
        positions=(),
        quotations=(),
    )
    assert resolve([document], TABLES) == Resolution(entities=(), of={})


def test_the_label_is_the_usual_full_name_and_all_other_forms_are_aliases() -> None:
    found = only(resolved(["P: Ana Marlow"], ["P: Ana Marlow"], ["P: Ana T. Marlow"], ["P: Marlow | Ms. Marlow"]))
    assert (found.id, found.label) == ("ana-marlow", "Ana Marlow")
    assert found.aliases == ("Ana T. Marlow", "Marlow", "Ms. Marlow")


def test_places_name_the_outside_identifier_of_the_table() -> None:
    found = only(resolved(["L: Kiev"]))
    assert (found.id, found.label, found.aliases) == ("kyiv", "Kyiv", ("Kiev",))
    assert found.same_as == ("https://sws.geonames.org/703448/",)


def test_a_country_typed_as_a_place_is_a_country() -> None:
    assert only(resolved(["L: Russia"], ["C: Russia"])).type == "Country"


@pytest.mark.parametrize(
    ("documents", "ids"),
    [
        ([["C: Georgia"], ["L: Georgia @United States"]], ["georgia", "georgia-region"]),
        ([["L: Georgia @United States"]], ["georgia-region"]),
        ([["L: Kansas City"], ["O: Kansas City"]], ["kansas-city", "kansas-city-organization"]),
        ([["L: New York"], ["L: New York State"]], ["new-york", "new-york-region"]),
    ],
)
def test_ids_tell_namesakes_apart_by_their_kind(documents: list[list[str]], ids: list[str]) -> None:
    assert [entity.id for entity in resolved(*documents).entities] == ids


def test_the_id_comes_from_the_table_and_the_label_from_the_documents() -> None:
    found = only(resolved(["O: U.S. Army"], ["O: United States Army"]))
    assert (found.id, found.label, found.aliases) == ("us-army", "U.S. Army", ("United States Army",))


def test_known_ids_stay_when_a_document_brings_a_fuller_name() -> None:
    first = resolved(["P: Marlow"])
    assert only(first).id == "marlow"
    both = [extraction("d1", ["P: Marlow"]), extraction("d2", ["P: Ana Marlow"])]
    later = resolve(both, TABLES, known=known_of(first))
    assert (only(later).id, only(later).label) == ("marlow", "Ana Marlow")


@pytest.mark.parametrize(
    ("documents", "left", "verdict", "words"),
    [
        ([["P: Bill Moss"], ["P: William Moss"]], "Bill Moss", "same", "short for"),
        ([["P: Ana Haass"], ["P: Ana Haas"]], "Ana Haas", "same", "spelling"),
        ([["O: Green Lakes Trust"], ["O: GLT"]], "GLT", "same", "acronym"),
        ([["P: George W. Bush"], ["P: George H.W. Bush"]], "George H.W. Bush", "apart", "middle names"),
        ([["P: Bill Moss"], ["P: Hilda Moss"]], "Bill Moss", "apart", "first names"),
        ([["P: Alex Moss /m"], ["P: Alex J. Moss /f"]], "Alex J. Moss", "apart", "a woman"),
        ([["P: Ana Moss"], ["P: Moss"]], "Ana Moss", "same", "the only"),
    ],
)
def test_links_say_why(documents: list[list[str]], left: str, verdict: str, words: str) -> None:
    links = [link for link in resolved(*documents).links if link.left == left]
    assert [link.verdict for link in links] == [verdict]
    assert words in links[0].reason


def test_explain_tells_of_all_links_of_a_thing() -> None:
    found = resolved(["P: Bill Moss"], ["P: William Moss"], ["P: Hilda Moss"], ["P: Ana Reed"], ["P: A. Reed"])
    reasons = [link.reason for link in explain(found, "bill moss")]
    assert len(reasons) == 3
    assert sum("contradict" in reason for reason in reasons) == 2
    assert explain(found, "Nobody") == ()


@pytest.mark.parametrize("names", [["P: Haass"], ["P: Haass", "P: Richard Haass"], ["O: Foreign Ministry"]])
def test_one_name_in_thousands_of_documents_is_no_square_of_work(names: list[str]) -> None:
    documents = [[names[n % len(names)]] for n in range(4000)]
    start = time.process_time()
    only(resolved(*documents))
    assert time.process_time() - start < 5  # 0.3 on an idle machine


GOLDEN = Path(__file__).parent / "golden" / "resolution"


def test_a_week_of_names_is_resolved_as_the_golden_file_says() -> None:
    """KG_RENEW_GOLDEN=1 writes the file anew; read the difference before you commit it."""
    documents: dict[str, list[str]] = {}
    for line in (GOLDEN / "documents.txt").read_text("utf-8").splitlines():
        if line.startswith("# "):
            documents[line[2:]] = []
        else:
            documents[list(documents)[-1]].append(line)
    found = resolve((extraction(name, lines) for name, lines in documents.items()), TABLES)
    lines = []
    for entity in found.entities:
        lines.append(f"{entity.id} ({entity.type}) {entity.label}")
        lines += [f"    also {alias}" for alias in entity.aliases]
        lines += [f"    same as {iri}" for iri in entity.same_as]
        lines += [f"    in {document}: {documents[document][int(local[1:]) - 1]}" for document, local in entity.members]
    said = (f"{link.left} / {link.right}: {link.verdict}, {link.reason} ({link.score})" for link in found.links)
    lines += dict.fromkeys(said)
    content = "\n".join(lines) + "\n"
    if os.environ.get("KG_RENEW_GOLDEN"):
        (GOLDEN / "entities.txt").write_text(content, "utf-8")
    assert content == (GOLDEN / "entities.txt").read_text("utf-8")
