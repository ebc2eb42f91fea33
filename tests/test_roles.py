"""Titles and roles -> claims and positions."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from claims import read, said
from spacy.language import Language

from kg import gazetteer, nlp, ontology
from kg.extraction import uncalibrated
from kg.positions import with_likely_bodies
from kg.read import document_of
from kg.role_words import role_index

ROWS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "The Salt Party's provincial secretary, Ana Silva, spoke.",
        ("Ana Silva worksFor Salt Party",),
        ("Ana Silva leads Salt Party",),
    ),
    ("Borealis Group chief executive Maria Lopez resigned.", ("Maria Lopez leads Borealis Group",), ()),
    (
        "Maria Lopez and Pavel Novak wait. The Senate should move their nominations forward.",
        (),
        ("Maria Lopez appointed Pavel Novak",),
    ),
    (
        "U.S. Attorney Maria Lopez spoke.",
        ("Maria Lopez worksFor United States",),
        ("Maria Lopez citizenOf United States",),
    ),
    ("Maria Lopez handed the shop to her son, Pavel Novak.", ("Pavel Novak relativeOf Maria Lopez",), ()),
    ("Maria Lopez, chief executive of Borealis Group, resigned.", ("Maria Lopez leads Borealis Group",), ()),
    ("Kenyan President Ana Silva spoke.", ("Ana Silva leads Kenya",), ("Ana Silva citizenOf Kenya",)),
    ("Ana Silva is the president of Kenya.", ("Ana Silva leads Kenya",), ()),
    ("The president of Kenya, Ana Silva, spoke.", ("Ana Silva leads Kenya",), ()),
    ("President Maria Lopez of Kenya arrived.", ("Maria Lopez leads Kenya",), ()),
    (
        "Ana Silva, the president of Kenya and the founder of the Harbour Institute, spoke.",
        ("Ana Silva leads Kenya", "Ana Silva founded Harbour Institute"),
        ("Ana Silva leads Harbour Institute",),
    ),
    ("Maria Lopez served as ambassador to Kenya.", ("Maria Lopez worksFor Kenya",), ()),
    (
        "Maria Lopez was appointed director of the Harbour Institute.",
        ("Maria Lopez leads Harbour Institute", "Harbour Institute appointed Maria Lopez"),
        (),
    ),
    ("Maria Lopez resigned as director of the Harbour Institute.", ("Maria Lopez resignedFrom Harbour Institute",), ()),
    (
        "Maria Lopez will become director of the Harbour Institute.",
        ("planned Maria Lopez leads Harbour Institute",),
        ("Maria Lopez leads Harbour Institute",),
    ),
    ("Harbour Institute spokesman Pavel Novak denied it.", ("Pavel Novak speaksFor Harbour Institute",), ()),
    (
        "Pavel Novak, a spokesman for the Harbour Institute, denied it.",
        ("Pavel Novak speaksFor Harbour Institute",),
        (),
    ),
    (
        "The Harbour Institute's Pavel Novak denied it.",
        ("Pavel Novak worksFor Harbour Institute",),
        ("Harbour Institute owns Pavel Novak",),
    ),
    ("Pavel Novak of the Harbour Institute denied it.", ("Pavel Novak worksFor Harbour Institute",), ()),
    ("Maria Lopez, a dental nurse from Graz, spoke.", ("Maria Lopez livesIn Graz",), ("Maria Lopez worksFor Graz",)),
    ("The Jamaican-born sprinter Ana Silva won.", ("Ana Silva bornIn Jamaica",), ("Ana Silva citizenOf Jamaica",)),
    ("Maria Lopez, wife of Pavel Novak, teaches.", ("Maria Lopez spouseOf Pavel Novak",), ()),
    ("Pavel Novak's sister Ana Silva teaches.", ("Ana Silva relativeOf Pavel Novak",), ()),
    ("French novelist Claire Petit died.", ("Claire Petit citizenOf France",), ("Claire Petit worksFor France",)),
    (
        "New Zealand barrister Maria Lopez spoke.",
        ("Maria Lopez citizenOf New Zealand",),
        ("Maria Lopez worksFor New Zealand",),
    ),
    (
        "Maria Lopez was an associate at Harbour & Moss LLP.",
        ("Maria Lopez worksFor Harbour & Moss LLP",),
        ("Maria Lopez alliedWith Harbour & Moss LLP",),
    ),
    ("French ambassador Claire Petit died.", ("Claire Petit worksFor France",), ("Claire Petit citizenOf France",)),
    ("Maria Lopez (chair, Borealis Group) would not comment.", ("Maria Lopez leads Borealis Group",), ()),
    (
        "Deputy director of the Harbour Institute Ana Silva spoke.",
        ("Ana Silva worksFor Harbour Institute",),
        ("Ana Silva leads Harbour Institute",),
    ),
    (
        "Pavel Novak and Ana Silva, president and fellow of the Harbour Institute respectively, spoke.",
        ("Pavel Novak leads Harbour Institute", "Ana Silva worksFor Harbour Institute"),
        ("Ana Silva leads Harbour Institute",),
    ),
    ("With Maria Lopez as captain, Tema Mariners won.", ("Maria Lopez leads Tema Mariners",), ()),
    (
        "Ana Silva, of Ohio, to be Ambassador to Kenya.",
        ("planned Ana Silva worksFor Kenya",),
        ("Ana Silva worksFor Kenya",),
    ),
    ("Ana Silva, Chief Executive, Borealis Group", ("Ana Silva leads Borealis Group",), ()),
    (
        "Harbour Bank's economist Maria Lopez and strategist Pavel Novak expect no change.",
        ("Maria Lopez worksFor Harbour Bank", "Pavel Novak worksFor Harbour Bank"),
        (),
    ),
    ("While in Kenya, Maria Lopez met President Ana Silva.", ("Ana Silva leads Kenya",), ("Maria Lopez leads Kenya",)),
    (
        "Maria Lopez flew to Kenya, where she was received by President Ana Silva.",
        ("Ana Silva leads Kenya",),
        ("Maria Lopez leads Kenya",),
    ),
    # holders that are no persons
    (
        "Harbour Bank's owner, Borealis Group, blamed the drought.",
        ("Borealis Group owns Harbour Bank",),
        ("Harbour Bank owns Borealis Group",),
    ),
    ("Russia's ally Belarus sent trucks.", ("Belarus alliedWith Russia",), ()),
    ("Tallinn, the capital of Estonia, was quiet.", ("Tallinn locatedIn Estonia",), ("Estonia locatedIn Tallinn",)),
    ("Estonia's capital, Tallinn, was quiet.", ("Tallinn locatedIn Estonia",), ()),
    ('"The Salt Ledger", a novel by Ana Silva, sold well.', ("Ana Silva authored The Salt Ledger",), ()),
    ('Ana Silva, author of "The Salt Ledger", spoke.', ("Ana Silva authored The Salt Ledger",), ()),
    (
        "Borealis Group's rival Harbour Bank closed.",
        ("Harbour Bank competedWith Borealis Group",),
        ("Harbour Bank leads Borealis Group",),
    ),
    (
        "The Farmers' Party, an ally of the Civic Union, will abstain.",
        ("Farmers' Party alliedWith Civic Union",),
        ("Farmers' Party leads Civic Union",),
    ),
    # one of many, and many
    (
        "Ana Silva is one of the founding members of the Reef Watch Network.",
        ("Ana Silva memberOf Reef Watch Network",),
        (),
    ),
    (
        "As one of the founding members of the Reef Watch Network, Palau hosts the meeting.",
        ("Palau memberOf Reef Watch Network",),
        (),
    ),
    (
        "Allies of Kenya, including Ghana and Uganda, agreed.",
        ("Ghana alliedWith Kenya", "Uganda alliedWith Kenya"),
        ("Ghana alliedWith Uganda",),
    ),
    ("Kenya and Ghana are allies.", ("Kenya alliedWith Ghana",), ()),
    ("Kenya and Ghana are not allies.", ("not Kenya alliedWith Ghana",), ("Kenya alliedWith Ghana",)),
    ("Ana Silva and Maria Silva are sisters.", ("Ana Silva relativeOf Maria Silva",), ()),
    ("Twins Ana Silva and Maria Silva graduated.", ("Ana Silva relativeOf Maria Silva",), ()),
    ("The brothers Pavel Novak and Ivan Novak left.", ("Pavel Novak relativeOf Ivan Novak",), ()),
    ("Kofi Mensah, whose opponent was Ana Silva, won.", ("Ana Silva competedWith Kofi Mensah",), ()),
    (
        "The deal was signed by the presidents of Kenya and Ghana, Ana Silva and Kofi Mensah.",
        ("Ana Silva leads Kenya", "Kofi Mensah leads Ghana"),
        ("Ana Silva leads Ghana", "Kofi Mensah leads Kenya"),
    ),
    (
        "Ana Silva and Pavel Novak, spokesmen for Kaze Motors and Norrland Steel respectively, spoke.",
        ("Ana Silva speaksFor Kaze Motors", "Pavel Novak speaksFor Norrland Steel"),
        ("Ana Silva speaksFor Norrland Steel",),
    ),
    # several roles, several bodies
    (
        "Former diplomat and outgoing president of the Harbour Institute Ana Silva spoke.",
        ("Ana Silva leads Harbour Institute",),
        ("Ana Silva worksFor Harbour Institute",),
    ),
    (
        "Ana Silva is Director of the Cybersecurity Project at the Harbour School's Elm Centre.",
        ("Ana Silva leads Cybersecurity Project", "Ana Silva worksFor Elm Centre"),
        ("Ana Silva leads Elm Centre", "Ana Silva worksFor Harbour School"),
    ),
    (
        (
            "Ana Silva has served as Chair of the Harbour Association, "
            "President of the Borealis Council, and Chair of the Ocean Forum."
        ),
        ("Ana Silva leads Harbour Association", "Ana Silva leads Borealis Council", "Ana Silva leads Ocean Forum"),
        (),
    ),
    (
        "Jane Doe, Director of the Office of Civil Rights, U.S. Department of Health, attended.",
        ("Jane Doe leads Office of Civil Rights", "Jane Doe worksFor U.S. Department of Health"),
        ("Jane Doe leads U.S. Department of Health",),
    ),
    (
        "Ana Silva, managing director of corporate reputation at Borealis Group, spoke.",
        ("Ana Silva worksFor Borealis Group",),
        ("Ana Silva leads Borealis Group",),
    ),
    (
        "Assistant Secretary for Fisheries Policy at the Department of Transportation Jane Doe attended.",
        ("Jane Doe worksFor Department of Transportation",),
        ("Jane Doe leads Department of Transportation",),
    ),
    (
        "Co-founder and chief executive of Borealis Group Ana Silva spoke.",
        ("Ana Silva founded Borealis Group", "Ana Silva leads Borealis Group"),
        (),
    ),
    (
        "French director of the International Monetary Fund Claire Petit spoke.",
        ("Claire Petit leads International Monetary Fund",),
        ("Claire Petit leads France",),
    ),
    ("Director of the Harbour Institute General Jane Doe spoke.", ("Jane Doe leads Harbour Institute",), ()),
    # when, and who is meant
    (
        "The governor-designate of the Central Bank of Kenya, Ana Silva, spoke.",
        ("planned Ana Silva leads Central Bank of Kenya",),
        ("Ana Silva leads Central Bank of Kenya",),
    ),
    (
        "Maria Lopez will replace Ana Silva as editor of the Harbour Gazette.",
        ("Ana Silva leads Harbour Gazette", "planned Maria Lopez leads Harbour Gazette"),
        ("Maria Lopez leads Harbour Gazette",),
    ),
    (
        "Ana Silva has been nominated as ambassador to Kenya.",
        ("planned Ana Silva worksFor Kenya",),
        ("Ana Silva worksFor Kenya",),
    ),
    (
        "Catarina Lopes will join Ocean Data as an analyst.",
        ("planned Catarina Lopes worksFor Ocean Data",),
        ("Catarina Lopes worksFor Ocean Data",),
    ),
    ("As chief executive of Borealis Group, Ana Silva opened two mines.", ("Ana Silva leads Borealis Group",), ()),
    ("The director of the Harbour Institute is Ana Silva.", ("Ana Silva leads Harbour Institute",), ()),
    (
        "Ana Silva is not the director of the Harbour Institute.",
        ("not Ana Silva leads Harbour Institute",),
        ("Ana Silva leads Harbour Institute",),
    ),
    (
        "Ana Silva worked as an engineer at Borealis Group.",
        ("Ana Silva worksFor Borealis Group",),
        ("Ana Silva leads Borealis Group",),
    ),
    (
        "Ana Silva, an adviser to President Pavel Novak, spoke.",
        ("Ana Silva worksFor Pavel Novak",),
        ("Pavel Novak worksFor Ana Silva",),
    ),
    # what must not be said
    ("Borealis Group elected new leaders.", (), ("Borealis Group leads Borealis Group",)),
    (
        "Wade Kessler, husband of a cousin of Lorna Dufresne, got the house.",
        (),
        ("Wade Kessler spouseOf Lorna Dufresne",),
    ),
    ("Padraig Looby, chairman of the Harbour Prize jury, spoke.", (), ("Padraig Looby leads Harbour Prize",)),
    (
        "The Vice President and President Ana Silva of Kenya spoke.",
        ("Ana Silva leads Kenya",),
        ("Ana Silva worksFor Kenya",),
    ),
    ("Ana Silva met the director of the Harbour Institute.", (), ("Ana Silva leads Harbour Institute",)),
)

TENSES = (
    ("Former Borealis Group chairman Pavel Novak died.", "chairman", "former"),
    ("Borealis Bank fired chairman Pavel Novak.", "chairman", "former"),
    ("Pavel Novak, a 72-year-old doctor at Borealis Hospital, spoke.", "doctor", "current"),
    ("Borealis Bank hired chairman Pavel Novak.", "chairman", "current"),
    ("Ana Silva was the president of Kenya.", "president", "former"),
    ("Ana Silva is the president of Kenya.", "president", "current"),
    ("Maria Lopez resigned as director of the Harbour Institute.", "director", "former"),
    ("Maria Lopez will become director of the Harbour Institute.", "director", "future"),
    ("Maria Lopez, an executive vice president of Borealis Group, spoke.", "executive vice president", "current"),
    ("President-elect of Kenya Ana Silva spoke.", "President-elect", "future"),
    ("Ana Silva, then the Borealis Group chairwoman, spoke.", "chairwoman", "former"),
    ("During her time as chief executive of Borealis Group, Ana Silva opened two mines.", "chief executive", "former"),
    ("While serving as chair of the Harbour Council, Ana Silva wrote a letter.", "chair", "former"),
    ("Ana Silva, who serves as envoy to Kenya, spoke.", "envoy", "current"),
    ("The outgoing president of Kenya, Ana Silva, spoke.", "outgoing president", "current"),
    ("Ana Silva, chairman and chief executive of Borealis Group, spoke.", "chairman and chief executive", "current"),
    ("Borealis Group's new chairman Pavel Novak spoke.", "chairman", "current"),
    ("Senior director for Russia at the Harbour Council Ana Silva spoke.", "Senior director for Russia", "current"),
    ("Ana Silva, a member of the Harbour Council, spoke.", "member", "current"),
    ("Prime Minister Ana Silva of Kenya spoke. Prime Minister Silva left.", "Prime Minister", "current"),
)

TITLES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Deputy Assistant to the President and Deputy Budget Advisor Jane Doe attended.",
        ("Deputy Assistant to the President and Deputy Budget Advisor",),
    ),
    ("Deputy Secretary of Defense Dr. Jane Doe spoke.", ("Deputy Secretary of Defense",)),
    (
        "They met Jane Doe, Deputy Secretary of State for Budgets and Buildings.",
        ("Deputy Secretary of State for Budgets and Buildings",),
    ),
    ("Senators Pavel Novak and Ana Silva voted against it.", ("Senator", "Senator")),
    ("Opposition leaders such as Ana Silva and Pavel Novak were held.", ("Opposition leader", "Opposition leader")),
    ("Sen. Ana Silva voted against it.", ("Senator",)),
    ("Ana Silva, 42, a brother of Pavel Novak, spoke.", ()),
    ("It left at 7:27 p.m. Vice President Ana Silva watched.", ("Vice President",)),
    ("Maj. Gen. Ana Silva spoke.", ("Major General",)),
    ("Borealis Group named Ana Silva chief executive on Monday.", ("chief executive",)),
    ("Pavel Novak, a teacher for 30 years, spoke.", ("teacher",)),
    ("The president of Kenya and a fellow leftist, Ana Silva, spoke.", ("president",)),
    ("Kenya sent 100 firefighters, and its president, Ana Silva, spoke.", ("president",)),
    ("Ana Silva was hailed as a leading voice of reason.", ()),
    ("Borealis Group employee Ana Silva spoke.", ()),
    ("Ana Silva is not the director of the Harbour Institute.", ()),
    ("The director spoke to Ana Silva.", ()),
)


@pytest.mark.parametrize(("text", "titles"), TITLES, ids=[row[0] for row in TITLES])
def test_titles(pipeline: Language, text: str, titles: tuple[str, ...]) -> None:
    assert tuple(p.title for p in read(pipeline, text).positions) == titles


def test_a_title_in_front_of_a_name_has_no_time_of_its_own(pipeline: Language) -> None:
    claims = read(pipeline, "Borealis Group chairman Pavel Novak spoke in 2019.").claims
    assert [c.time for c in claims if c.predicate == "leads"] == [None]


def test_a_role_that_a_verb_gives_has_the_time_of_the_verb(pipeline: Language) -> None:
    claims = read(pipeline, "Pavel Novak became chairman of Borealis Group in 2019.").claims
    assert [c.time is not None for c in claims if c.predicate == "leads"] == [True]


@pytest.mark.parametrize(("text", "expected", "forbidden"), ROWS, ids=[row[0] for row in ROWS])
def test_role_claims(pipeline: Language, text: str, expected: tuple[str, ...], forbidden: tuple[str, ...]) -> None:
    found = said(pipeline, text)
    assert set(expected) <= found
    assert not set(forbidden) & found


@pytest.mark.parametrize(("text", "title", "tense"), TENSES, ids=[row[0] for row in TENSES])
def test_position(pipeline: Language, text: str, title: str, tense: str) -> None:
    positions = read(pipeline, text).positions
    assert [(p.title, p.tense) for p in positions] == [(title, tense)]
    assert positions[0].organization is not None


BARE_OFFICES: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "Kenya voted. Mombasa, Kenya's port, was calm. Kenya waited. President Ana Silva thanked Kenya.",
        ("Ana Silva leads Kenya",),
        (),
    ),
    (
        "Kenya voted. Kenya waited. Kenya slept. Norway paid. President Ana Silva slept. Norway left. Norway won.",
        (),
        ("Ana Silva leads Kenya", "Ana Silva leads Norway"),
    ),
    (
        "Kenya voted. Kenya waited. President Pavel Novak of Kenya left. President Ana Silva thanked Kenya.",
        ("Pavel Novak leads Kenya",),
        ("Ana Silva leads Kenya",),
    ),
    (
        "Statement by President Ana Silva on Kenya\n\nKenya voted. Kenya waited. Kenya was calm.",
        (),
        ("Ana Silva leads Kenya",),
    ),
    (
        "Maria Lopez landed in Nairobi for talks with President Ana Silva. Kenya was calm. Norway, Norway and Norway.",
        ("Ana Silva leads Kenya",),
        ("Ana Silva leads Norway",),
    ),
    (
        "Kestrel Foods grew. Kestrel Foods hired. Kestrel Foods paid, Chief Executive Ana Silva said.",
        ("Ana Silva leads Kestrel Foods",),
        (),
    ),
    (
        "NAIROBI, Kenya (AP) — President Ana Silva waited. U.S. envoy Pavel Novak wrote on Twitter.",
        ("Ana Silva leads Kenya",),
        ("Ana Silva leads United States",),
    ),
    (
        "The Senate met. Vice President Pavel Novak left for the U.S. Naval Academy and the White House.",
        ("Pavel Novak worksFor United States",),
        (),
    ),
    ("President Ana Silva met a Danish liberal.", (), ("Ana Silva leads Denmark",)),
    (
        "A ferry sank off Mombasa, Kenya. The transport minister, Ana Silva, blamed a Danish firm.",
        ("Ana Silva leads Kenya",),
        ("Ana Silva leads Denmark",),
    ),
    (
        "LIMA (AP) — Peru's Congress met. Pavel Novak, then finance minister, had left for Norway.",
        ("Pavel Novak leads Peru",),
        ("Pavel Novak leads Norway",),
    ),
    (
        "Kenya paid. President Ana Silva of Kenya slept. Kenya and Norway met. President Pavel Novak left.",
        ("Ana Silva leads Kenya",),
        ("Pavel Novak leads Kenya",),
    ),
    ("Kenya voted. Kenya paid. Vice-chancellor Ana Silva closed the library.", (), ("Ana Silva worksFor Kenya",)),
    ("Kenya voted. Kenya paid. Party secretary Ana Silva slept.", (), ("Ana Silva leads Kenya",)),
    ("Germany waited. Germany paid. Germany slept. Queen Ana skipped church.", (), ("Ana leads Germany",)),
    ("Kenya waited. Kenya paid. Kenya slept. Chancellor Ana Silva left.", (), ("Ana Silva leads Kenya",)),
    ("Germany waited. Germany paid. Germany slept. Chancellor Ana Silva left.", ("Ana Silva leads Germany",), ()),
    ("US President Ana Silva spoke.", ("Ana Silva leads United States",), ()),
    (
        "South African defence minister Ana Silva left.",
        ("Ana Silva leads South Africa",),
        ("Ana Silva leads Africa",),
    ),
    (
        "BRASÍLIA — The Senate met in Brazil. Vice President Ana Silva waited for U.S. envoy Pavel Novak.",
        ("Ana Silva worksFor Brazil",),
        (),
    ),
    (
        "The Russian Defense Ministry paid. U.S. Defense Secretary Ana Silva told nobody.",
        ("Ana Silva leads United States",),
        ("Ana Silva leads Russian Defense Ministry",),
    ),
    (
        "The U.S. Government paid on time. Vice President Ana Silva thanked Kenya.",
        ("Ana Silva worksFor United States",),
        (),
    ),
    ("Prime Minister Ana Silva of the Harbour Party spoke.", (), ("Ana Silva leads Harbour Party",)),
    (
        "Maria Lopez of Elm School and Pavel Novak, author of Tales of Salt, gave speeches.",
        ("Pavel Novak authored Tales of Salt",),
        ("Maria Lopez authored Tales of Salt",),
    ),
    (
        "Ana Silva is a reporter for the Cairo-based station Borealis TV.",
        ("Ana Silva worksFor Borealis TV",),
        ("Ana Silva worksFor Cairo",),
    ),
    (
        "Norvik Airlines, the largest operator, and American Airlines, led by Pavel Novak, agreed.",
        ("Pavel Novak leads American Airlines",),
        ("Pavel Novak leads Norvik Airlines", "Pavel Novak leads United States"),
    ),
    (
        "Norvik United sacked manager Pavel Novak on Tuesday.",
        ("Pavel Novak leads Norvik United", "Pavel Novak left Norvik United"),
        (),
    ),
    (
        "Elm Rovers hired coach Pavel Novak.",
        ("Elm Rovers appointed Pavel Novak", "Pavel Novak worksFor Elm Rovers"),
        (),
    ),
    (
        "The Ashby Police Department was silent. Police Chief Ana Silva slept.",
        ("Ana Silva leads Ashby Police Department",),
        (),
    ),
    (
        "President Ana Silva of Kenya and her Norwegian counterpart, Pavel Novak, met.",
        ("Ana Silva leads Kenya", "Pavel Novak leads Norway"),
        ("Pavel Novak leads Kenya",),
    ),
    (
        "President Ana Silva of Kenya praised her successor, Pavel Novak.",
        ("Ana Silva leads Kenya", "Pavel Novak leads Kenya"),
        (),
    ),
    ("Ana Silva praised her counterpart, Pavel Novak.", (), ("Pavel Novak worksFor Kenya",)),
    (
        "The critic Ana Silva of the Harbour Times slept.",
        ("Ana Silva worksFor Harbour Times",),
        ("Ana Silva criticized Harbour Times",),
    ),
    (
        "Kenya met Peru. Assistant Secretary of Defense Ana Silva praised Kenya.",
        ("Ana Silva worksFor Department of Defense",),
        (),
    ),
    ("The Uyghur scholar Ana Silva was freed.", ("Ana Silva memberOf Uyghur",), ("Ana Silva worksFor Uyghur",)),
    # lawmakers sit in the chamber that the text names
    ("The Senate voted. Sen. Ana Silva spoke.", ("Ana Silva memberOf Senate",), ()),
    ("The Senate voted. U.S. Senator Ana Silva of Ohio spoke.", ("Ana Silva memberOf Senate",), ()),
    (
        "The Florida Senate voted before the Ohio Senate. Senator Ana Silva spoke.",
        (),
        ("Ana Silva memberOf Florida Senate", "Ana Silva memberOf Ohio Senate"),
    ),
    (
        "The House of Representatives voted. Rep. Ana Silva spoke.",
        ("Ana Silva memberOf House of Representatives",),
        ("Ana Silva worksFor House of Representatives",),
    ),
    ("The House voted. Ana Silva is currently the Representative of Kenya to NATO.", (), ("Ana Silva memberOf House",)),
    ("The European Parliament voted. The British MP Ana Silva spoke.", (), ("Ana Silva memberOf European Parliament",)),
    ("The European Parliament voted. MEP Ana Silva spoke.", ("Ana Silva memberOf European Parliament",), ()),
    # posts that name a department of the United States
    (
        "Deputy Secretary of State for Budget Affairs Ana Silva spoke.",
        ("Ana Silva worksFor State Department",),
        ("Ana Silva leads State Department",),
    ),
    ("Secretary of State Ana Silva spoke.", ("Ana Silva leads State Department",), ()),
    ("OSLO - Secretary of State Ana Silva spoke.", ("Ana Silva leads State Department",), ()),
    ("Transportation Secretary Ana Silva spoke.", ("Ana Silva leads Department of Transportation",), ()),
    (
        "The Secretary of Housing and Urban Development, Ana Silva, spoke.",
        ("Ana Silva leads Department of Housing and Urban Development",),
        (),
    ),
    (
        "The Defense Department was silent. Assistant Secretary of Defense Ana Silva spoke.",
        ("Ana Silva worksFor Defense Department",),
        ("Ana Silva worksFor Department of Defense",),
    ),
    (
        "Britain's Secretary of State for Health, Ana Silva, spoke.",
        ("Ana Silva leads United Kingdom",),
        ("Ana Silva leads State Department",),
    ),
    ("Secretary of State for Health Ana Silva spoke.", (), ("Ana Silva leads State Department",)),
    ("Ohio Secretary of State Ana Silva spoke.", ("Ana Silva leads Ohio",), ("Ana Silva leads State Department",)),
    ("Ohio's Secretary of State, Ana Silva, spoke.", (), ("Ana Silva leads State Department",)),
    ("Philippine Agriculture Secretary Ana Silva spoke.", (), ("Ana Silva leads Department of Agriculture",)),
    ("Mexico is dry. Agriculture Secretary Ana Silva spoke.", (), ("Ana Silva leads Department of Agriculture",)),
    ("Energy Secretary Ana Silva spoke.", (), ("Ana Silva leads Department of Energy",)),
    (
        "Borealis Group closed. Pavel Novak, its head of sales, wept.",
        ("Pavel Novak worksFor Borealis Group",),
        ("Pavel Novak leads Borealis Group",),
    ),
)


@pytest.mark.parametrize(("text", "expected", "forbidden"), BARE_OFFICES, ids=[row[0] for row in BARE_OFFICES])
def test_bare_offices(pipeline: Language, text: str, expected: tuple[str, ...], forbidden: tuple[str, ...]) -> None:
    found = said(pipeline, text)
    assert set(expected) <= found
    assert not set(forbidden) & found


TERMS: tuple[tuple[str, str, str, str | None, str | None], ...] = (
    ("Ana Silva has been director of the Harbour Council since 2014.", "director", "current", "since 2014", None),
    ("Ana Silva, director of the Harbour Council since 2014, left.", "director", "current", "since 2014", None),
    ("Ana Silva was director of the Harbour Council until 2014.", "director", "former", None, "until 2014"),
    ("Ana Silva, the mayor of Graz until 2014, spoke.", "mayor", "former", None, "until 2014"),
    (
        "Ana Silva was mayor of Graz from 2010 to 2014.",
        "mayor", "former", "from 2010 to 2014", "from 2010 to 2014",
    ),
    ("Ana Silva, mayor of Graz from 2010 to 2014, spoke.", "mayor", "former", "from 2010 to 2014", "from 2010 to 2014"),
    ("Ana Silva was elected mayor of Graz in 2019.", "mayor", "current", "in 2019", None),
    ("Ana Silva took office as mayor of Graz in 2019.", "mayor", "current", "in 2019", None),
    ("Ana Silva stepped down as mayor of Graz in 2019.", "mayor", "former", None, "in 2019"),
    ("Ana Silva, a one-time mayor of Graz, spoke.", "mayor", "former", None, None),
    ("Ana Silva, mayor of Graz at the time, spoke.", "mayor", "former", None, None),
    ("Ana Silva, the mayor of Graz, spoke on Monday.", "mayor", "current", None, None),
    ("Ana Silva, the mayor of Graz, left in 2014.", "mayor", "current", None, None),
    # posts that a verb tells of
    ("Ana Silva chaired the Harbour Council until 2005.", "chair", "former", None, "until 2005"),
    ("Ana Silva, who heads the Harbour Council, spoke.", "head", "current", None, None),
    ("Ana Silva will chair the Harbour Council.", "chair", "future", None, None),
    ("Ana Silva served on the Harbour Council.", "member", "former", None, None),
    ("Ana Silva, Candidate for the Harbour Council", "Candidate", "future", None, None),
)  # fmt: skip


@pytest.mark.parametrize(("text", "title", "tense", "since", "until"), TERMS, ids=[row[0] for row in TERMS])
def test_terms_in_office(
    pipeline: Language, text: str, title: str, tense: str, since: str | None, until: str | None
) -> None:
    (position,) = read(pipeline, text).positions
    assert (position.title, position.tense) == (title, tense)
    assert (position.since.text if position.since else None) == since
    assert (position.until.text if position.until else None) == until


@pytest.mark.parametrize(
    "text",
    [
        "Ana Silva never chaired the Harbour Council.",
        "Ana Silva heads for Graz.",
        "Ana Silva served on the Harbour Court.",
        "Ana Silva may chair the Harbour Council.",
        "The board chaired by nobody met Ana Silva.",
        "Four nominees for the Board of Governors, Ana Silva among them, wait.",
    ],
)
def test_verbs_that_give_no_post(pipeline: Language, text: str) -> None:
    assert read(pipeline, text).positions == ()


@pytest.mark.parametrize(
    ("until", "tense"), [("until 2014", "former"), ("until 2030", "current")], ids=["over", "to come"]
)
def test_a_term_is_over_when_its_end_lies_before_the_documents_date(pipeline: Language, until: str, tense: str) -> None:
    positions = read(pipeline, f"Ana Silva, the mayor of Graz {until}, spoke.", dt.date(2023, 5, 1)).positions
    assert [p.tense for p in positions] == [tense]


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Sgt. Denise Okafor met Lt. Col. Ana Roe.",
         {("Denise Okafor", "Sergeant", None), ("Ana Roe", "Lieutenant Colonel", None)}),
        ("1st Lt. Joris Haan and Capt. Lee Moe left.",
         {("Joris Haan", "Lieutenant", None), ("Lee Moe", "Captain", None)}),
        ("The Uzbek-born investor Timur Volkov left.", {("Timur Volkov", "investor", None)}),
        ("A Polish man, Jan Nowak, left.", set()),
        ("Jolanta Biel, who has run Borealis Group since the sale, stays.",
         {("Jolanta Biel", "head", "Borealis Group")}),
        ("Anna Roe directed the Optics Institute until 2019.", {("Anna Roe", "director", "Optics Institute")}),
        ("Anna Roe never led the Optics Institute.", set()),
        ("The plan was welcomed by the Rainforest Foundation, whose director for Peru, Anna Roe, agreed.",
         {("Anna Roe", "director", "Rainforest Foundation")}),
        ("The inquiry is led by a retired judge, Dame Anna Roe.", {("Anna Roe", "judge", None)}),
        ("Anna Roe will chair a commission.", {("Anna Roe", "chair of the commission", None)}),
        ("Anna Roe chairs the Salt Party's human rights caucus.", {("Anna Roe", "chair", "Salt Party")}),
        ("Anna Roe, who sits on the supervisory board of Borealis Group, agreed.",
         {("Anna Roe", "member", "Borealis Group")}),
        ("Anna Roe will join the board of Borealis Group.", {("Anna Roe", "member", "Borealis Group")}),
        ("Anna Roe will join the choir of Borealis Group.", set()),
        ("The violinist Anna Roe and Jan Holm, a clerk, left.",
         {("Anna Roe", "violinist", None), ("Jan Holm", "clerk", None)}),
        ("Anna Roe, the chief executive of Borealis Group, took over from Jan Holm in May.",
         {("Anna Roe", "chief executive", "Borealis Group"), ("Jan Holm", "chief executive", "Borealis Group")}),
        ("Borealis Group appointed Anna Roe chief executive, replacing Jan Holm.",
         {("Anna Roe", "chief executive", "Borealis Group"), ("Jan Holm", "chief executive", "Borealis Group")}),
        ("Anna Roe becomes chair of Borealis Group on Monday. She will succeed Jan Holm.",
         {("Anna Roe", "chair", "Borealis Group"), ("Jan Holm", "chair", "Borealis Group")}),
        ("The vicar of Norvik, Anna Roe, replaced the organist Ines Holm.",
         {("Anna Roe", "vicar", "Norvik"), ("Ines Holm", "organist", None)}),
        ("The striker Anna Roe replaced Ines Holm after an hour.", {("Anna Roe", "striker", None)}),
        ("Anna Roe, chair of Borealis Group, did not succeed Jan Holm.", {("Anna Roe", "chair", "Borealis Group")}),
        ("President Carlos Mesa of Bolivia met his Chilean counterpart, Ricardo Roe.",
         {("Carlos Mesa", "President", "Bolivia"), ("Ricardo Roe", "President", "Chile")}),
        ("The bank's head of research, Dr. Olga Ruiz, agreed.", {("Olga Ruiz", "head of research", None)}),
    ],
)  # fmt: skip
def test_ranks_occupations_and_verbs_tell_positions(
    text: str, held: set[tuple[str, str, str | None]], pipeline: Language
) -> None:
    extraction = read(pipeline, text)
    names = {entity.id: entity.name for entity in extraction.entities}
    told = {(names[p.holder], p.title, names.get(p.organization or "")) for p in extraction.positions}
    assert told == held


def test_a_body_that_is_unlikely_is_no_body_of_the_post(pipeline: Language) -> None:
    found = read(pipeline, "Anna Roe, the chair of Borealis Group, left.")
    (position,) = found.positions
    claims = [c for c in found.claims if c.object == position.organization]
    assert with_likely_bodies([position], claims, claims) == (position,)
    assert with_likely_bodies([position], claims, []) == (replace(position, organization=None),)
    two = (position, replace(position, organization="e9"))
    assert with_likely_bodies(two, claims, []) == two


def test_roles_without_holders_beside_each_other(pipeline: Language) -> None:
    text = (
        "Officers of the Chadian army and the rival Tibesti Shield Forces met, two diplomats and a rebel official said."
    )
    assert read(pipeline, text).positions == ()


@pytest.mark.parametrize(("title", "body"), [("Readout of a call with Kenya", None), ("Kenya votes", "Kenya")])
def test_a_readout_is_known_by_its_title_too(title: str, body: str | None, pipeline: Language) -> None:
    text = "President Ana Silva thanked Kenya. Kenya waited. Kenya was calm."
    parse, known = nlp.parse_one(document_of(text, title=title), pipeline), ontology.load()
    found = uncalibrated(parse, known, gazetteer.load(), role_index(known), reading={}).extraction
    names = {entity.id: entity.name for entity in found.entities}
    assert [names.get(p.organization or "") for p in found.positions] == [body]


def test_a_field_that_is_a_party_too_is_no_name_of_its_department(pipeline: Language) -> None:
    found = {entity.name: entity.aliases for entity in read(pipeline, "Secretary of Labor Ana Silva spoke.").entities}
    assert found["Department of Labor"] == ()
