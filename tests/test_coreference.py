"""Who "she", "it", "they", "the minister" and "the pair" are: sentences, a word in them and the names it stands for."""

from __future__ import annotations

import functools

import pytest
from spacy.language import Language

from kg import gazetteer, nlp, ontology
from kg.coreference import References, resolve_references, resolve_speakers
from kg.names import find_names
from kg.quotations import find_quotations
from kg.read import document_of
from kg.reference_reader import NOBODY
from kg.referents import Context, context_of
from kg.roles import find_roles, role_index
from kg.salience import chances, load_weights
from kg.text_reader import read_text

NAMELESS = "(nameless)"


@functools.lru_cache(maxsize=256)
def resolved(text: str, pipeline: Language) -> tuple[Context, References]:
    """The context of a text with only its names, and its references."""
    tables, ours = gazetteer.load(), ontology.load()
    parse = nlp.parse_one(document_of(text), pipeline)
    names = find_names(parse, tables, read_text(parse))
    context = context_of(parse, names.entities, names.mentions, ours.cues)
    quotes = tuple((q.begin, q.end, q.speaker) for q in find_quotations(parse, ours.cues))
    roles = find_roles(context, role_index(ours))
    return context, resolve_references(context, roles, gazetteer=tables, quotes=quotes)


def meant(text: str, word: str, pipeline: Language) -> set[str] | None:
    """The names that the word stands for; `word` may be "he 2" for its second occurrence."""
    said, _, number = word.partition("#")
    context, references = resolved(text, pipeline)
    tokens = [t for t in context.parse.tokens if t.text.casefold() == said.strip().casefold()]
    token = tokens[int(number or 1) - 1]
    names = {e.id: e.name or NAMELESS for e in references.entities}
    for m in references.mentions:
        if m.kind in ("pronoun", "nominal") and m.head == token.i:
            return {names[e] for e in m.entities}
    return None


PERSONS = [
    ("Ilse Vanderpool runs a bakery. She opened it in May.", "she", "Ilse Vanderpool"),
    ("Tomasz Wilk praised his crew.", "his", "Tomasz Wilk"),
    (
        "Peter Lund told the court that Karl Weber was ill. His daughter, Anna Weber, wept.",
        "his",
        "Karl Weber",
    ),
    ("Mary Ashdown met Peter Lund, and she thanked him.", "she", "Mary Ashdown"),
    ("Mary Ashdown met Peter Lund, and she thanked him.", "him", "Peter Lund"),
    ("Peter Lund criticised Mary Ashdown because she was late.", "she", "Mary Ashdown"),
    ("Peter Lund and his wife moved to Bergen.", "his", "Peter Lund"),
    ("Anna Holm said she would resign.", "she", "Anna Holm"),
    ("Anna Holm told Paul Rist that he was wrong.", "he", "Paul Rist"),
    ("John Carver was born in Leeds. He studied law.", "he", "John Carver"),
    ("John Carver, who lost his job, left town.", "his", "John Carver"),
    ("After she won the race, Julia Brandt went home.", "she", "Julia Brandt"),
    ("In his first speech, David Okoro promised reform.", "his", "David Okoro"),
    ("Upon her return, Susan Pell was elected mayor.", "her", "Susan Pell"),
    ("David Okoro washed himself.", "himself", "David Okoro"),
    ("Mr Harding resigned. He blamed the board.", "he", "Harding"),
    ("Mrs Harding resigned. She blamed the board.", "she", "Harding"),
    ("Richard Stone hired Laura Beck. She had run a bank.", "she", "Laura Beck"),
    ("Richard Stone hired Laura Beck. He had run a bank.", "he", "Richard Stone"),
    ("Laura Beck chairs the board. On Monday she fired Richard Stone.", "she", "Laura Beck"),
    ("Paul Rist spoke first. Paul Rist then left. He was tired.", "he", "Paul Rist"),
    ('"He lied to us," said Anna Holm of Paul Rist.', "he", "Paul Rist"),
    ("Emma Frost is a painter. Her work hangs in Oslo.", "her", "Emma Frost"),
    ("Emma Frost, a painter, sold her house.", "her", "Emma Frost"),
    ("Michael Grant joined in 1990. In 1995 he left. Two years later he returned.", "he #2", "Michael Grant"),
    ("Daniel Frey said that Laura Beck had called him.", "him", "Daniel Frey"),
    ("Laura Beck thanked Daniel Frey for his help.", "his", "Daniel Frey"),
    ("Actress Robin Vale won a prize. She thanked nobody.", "she", "Robin Vale"),
    ('Carl Oberg won the race in Graz. "He did his job," said Mario Velt, the director.', "he", "Carl Oberg"),
    (
        "Ada Finch ran a school. She taught Latin and she wrote plays.\n\nKestrel Hall bought it.\n\nIn 1970 she left.",
        "she #3",
        "Ada Finch",
    ),
    (
        "Ralph Dunmore taught law. He wrote. He kept pigs.\n\nSimon Ashcroft is ambassador to Chad. He ran a bank.",
        "he #3",
        "Simon Ashcroft",
    ),
]

RIVALS = [
    ("The prime minister said he would meet Paul Rist.", "he"),
    ("A woman in Oslo said she had seen nothing. Anna Holm disagreed.", "she"),
]

NOT_PERSONS = [
    ("Peter Lund lives in Bergen. She is a nurse.", "she"),
    ("Kestrel Foods said the harvest was late. He was dismissed.", "he"),
    ("The Nordlys Bank lent money. She spent it.", "she"),
    ("The rain fell on Paris. His coat was wet.", "his"),
]

THINGS = [
    ("Fennimore Robotics will cut jobs, it said on Wednesday.", "it", "Fennimore Robotics"),
    ("Solvane Motors plans to move its plant to Lisbon.", "its", "Solvane Motors"),
    ("Norway recalled its ambassador.", "its", "Norway"),
    ("Norway says it never sold missiles to France.", "it", "Norway"),
    ("Kestrel Foods and its rival Harrow Mills both lost.", "its", "Kestrel Foods"),
    ("Ruritania is small. It is raining in Norway, where it rains daily.", "it", None),
    ("It is clear that Kestrel Foods will close.", "it", None),
    ("It seems that Norway agreed.", "it", None),
    ("Norway invited Sweden but did not let it vote.", "it", "Sweden or none"),
    ("Kestrel Foods sued it.", "it", None),
    ("Peter Lund bought a boat. It sank.", "it", None),
    ("Kestrel Foods lost the case. The court said it was late.", "it", None),
]

GROUPS = [
    ("Anna Holm and Paul Rist met in Oslo. They agreed on a plan.", "they", {"Anna Holm", "Paul Rist"}),
    ("Anna Holm and Paul Rist met. The pair agreed on a plan.", "pair", {"Anna Holm", "Paul Rist"}),
    ("John Carver and Paul Rist met. Both men left early.", "men", {"John Carver", "Paul Rist"}),
    ("John Carver met Paul Rist in Oslo. The two leaders agreed on a plan.", "leaders", {"John Carver", "Paul Rist"}),
    ("Norway and Sweden signed a treaty. The two countries share a border.", "countries", {"Norway", "Sweden"}),
    ("Norway and Sweden signed a treaty. Their ministers smiled.", "their", {"Norway", "Sweden"}),
    (
        "The delegation included Anna Holm, Paul Rist and John Carver. The delegation met Laura Beck.",
        "delegation #2",
        {"Anna Holm", "Paul Rist", "John Carver"},
    ),
    (
        "The officials named in it are Anna Holm, Paul Rist and John Carver. The Holm-led group met Laura Beck.",
        "group",
        {"Anna Holm", "Paul Rist", "John Carver"},
    ),
    ("Anna Holm arrived. Paul Rist met the Holm-led group in Oslo.", "group", {"Anna Holm"}),
    (
        (
            "The group included diplomat and Council on Coastal Affairs president Anna Holm, as well as former "
            "officials Paul Rist and John Carver, who has written for the Herald. The group met Laura Beck."
        ),
        "group #2",
        {"Anna Holm", "Paul Rist", "John Carver"},
    ),
    (
        "The team included advisers to President Ogden, Anna Holm and Paul Rist. The team met Laura Beck.",
        "team #2",
        {"Anna Holm", "Paul Rist"},
    ),
    (
        "The talks involved security officials, including Anna Holm and Paul Rist. The officials flew home.",
        "officials #2",
        {"Anna Holm", "Paul Rist"},
    ),
    ("Anna Holm and Paul Rist have a child. The parents took her to India.", "parents", {"Anna Holm", "Paul Rist"}),
    ("Bertha Ogden eloped with Archie Lund, and they married that night.", "they", {"Bertha Ogden", "Archie Lund"}),
    ("Anna Holm, Paul Rist and John Carver met. The two agreed.", "two", None),
    ("Officials met in Oslo. They agreed on a plan.", "they", None),
    ("Anna Holm and Paul Rist met the strikers. The strikers left when they were told.", "they", None),
    ("Anna Holm lives in Oslo. The pair agreed.", "pair", None),
]

NOUNS = [
    ("Prime Minister Anna Holm spoke first. The prime minister was tired.", "minister #2", "Anna Holm"),
    ("Anna Holm, the president of Norway, spoke. The president was tired.", "president #2", "Anna Holm"),
    ("Former CIA director Anna Holm spoke. The former CIA director was tired.", "director #2", "Anna Holm"),
    ("Kestrel Foods closed. The company blamed the rain.", "company", "Kestrel Foods"),
    ("The Harbour Council met. The council voted on Friday.", "council #2", "Harbour Council"),
    ("Paul Rist scored twice. The 42-year-old had been ill.", "old", "Paul Rist"),
    ("Paul Rist lives in Oslo. The president was tired.", "president", None),
    ("President Anna Holm met President Paul Rist. The president was tired.", "president", None),
    ("Kestrel Foods sued Harrow Mills. A company in Oslo paid.", "company", None),
    ("Paul Rist lives in Oslo. The company blamed the rain.", "company", NAMELESS),
]

FURTHER_UP = [
    (
        "Halden Paper makes cartons. It will close its mill at Brattvik in May. Demand fell. The company blamed China.",
        "company", "Halden Paper",
    ),
    (
        ("The Lantern Festival opened on Friday. Thousands came by train. Music played until midnight.\n\n"
        "The festival runs until Sunday."),
        "festival #2", "Lantern Festival",
    ),
    (
        "Orsta Bank was fined on Monday. Nordea lent it money in 2019. Shares in the bank fell by a fifth.",
        "bank #2", "Orsta Bank",
    ),
    ("Anna Holm lives in Sudbury. She owns a bakery. She has never left the town.", "town", "Sudbury"),
    ("Harrow Mills hired Kestrel Foods in May. The weather was bad. A company in Oslo paid.", "company", None),
    ("Kestrel Foods opened a shop. The roof of the shop leaked.", "roof", None),
    ("Anna Holm praised Kestrel Foods. The rest of the world laughed.", "world", None),
    ("Harrow Mills sued Paul Rist. The couple laughed.", "couple", None),
]  # fmt: skip

DESCRIBED = [
    ("Paul Rist praised his notary, Dr. Anna Holm. The notary was tired.", "notary #2", "Anna Holm"),
    ("Paul Rist praised Anna Holm in Oslo. The defendant wept.", "defendant", None),
    ("Van Aalst, the Dutch brewer, grew. Kestrel Foods sued. The brewer lost.", "brewer #2", "Van Aalst"),
    ("They blamed the weather bureau METEO. The bureau disagreed.", "bureau #2", "METEO"),
    ("Kestrel Foods is a lender. Harrow Mills sued Kestrel Foods. The lender lost.", "lender #2", "Kestrel Foods"),
    (
        "The German retailer Kaufland and the French retailer Auchan met. The German retailer paid.",
        "retailer #3",
        "Kaufland",
    ),
    ("The owner, Kestrel Foods, said it would pay.", "it", "Kestrel Foods"),
    (
        "Kestrel Foods closed. The Energy Ministry was silent. The ministry said that the company lied.",
        "company",
        "Kestrel Foods",
    ),
    ("Police arrested Paul Rist in Oslo. Judge Anna Holm spoke. The suspect wept.", "suspect", "Paul Rist"),
    ("Paul Rist praised Anna Holm in Oslo. The suspect wept.", "suspect", None),
    ("Anna Holm is an envoy. The 61-year-old envoy has wept.", "envoy #2", "Anna Holm"),
    ("Kestrel Foods sued Harrow Mills. The Oslo-based company lost.", "company", None),
    ("Prime Minister Anna Holm spoke first. The premier was tired.", "premier", "Anna Holm"),
]

VOICES = [
    ('"We warned them," said Kremlin spokesman Paul Rist.', "we", "Kremlin"),
    ("Paul Rist builds boats.\n\nQ: You live in Oslo?\n\nA: I left Oslo.", "i", "Paul Rist"),
    ("Paul Rist builds boats.\n\nQ: You live in Oslo?\n\nA: I left Oslo.", "you", "Paul Rist"),
    ("ANNA HOLM: I left Oslo.\n\nPAUL RIST: I stayed with Anna Holm and Paul Rist.", "i #2", "Paul Rist"),
    (
        "Why Oslo matters\n\nBy Anna Holm\n\nI do not doubt that Paul Rist means well.\n\nAnna Holm teaches law.",
        "i",
        "Anna Holm",
    ),
    ('"We agree," a neighbour said.', "we", None),
]

WITHOUT_NAMES = [
    ("She was born in Bergen.", "she"),
    ("He studied at the University of Leeds.", "he"),
    ("The company was founded in 1990.", "company"),
    ("The singer was born in 1950. She died in 2001.", "singer"),
]


@pytest.mark.parametrize(("text", "word", "name"), PERSONS)
def test_he_and_she(text: str, word: str, name: str, pipeline: Language) -> None:
    assert meant(text, word, pipeline) == {name}


@pytest.mark.parametrize(("text", "word"), NOT_PERSONS)
def test_nobody_of_the_wrong_class_or_gender(text: str, word: str, pipeline: Language) -> None:
    assert meant(text, word, pipeline) in (None, {NAMELESS})


@pytest.mark.parametrize(("text", "word"), RIVALS)
def test_unnamed_persons_are_rivals(text: str, word: str, pipeline: Language) -> None:
    assert meant(text, word, pipeline) in (None, {NAMELESS})


@pytest.mark.parametrize(("text", "word", "name"), THINGS)
def test_it(text: str, word: str, name: str | None, pipeline: Language) -> None:
    if name == "Sweden or none":
        assert meant(text, word, pipeline) in (None, {"Sweden"})
    else:
        assert meant(text, word, pipeline) == ({name} if name else None)


@pytest.mark.parametrize(("text", "word", "names"), GROUPS)
def test_groups(text: str, word: str, names: set[str] | None, pipeline: Language) -> None:
    assert meant(text, word, pipeline) == names


@pytest.mark.parametrize(("text", "word", "name"), NOUNS)
def test_definite_nouns(text: str, word: str, name: str | None, pipeline: Language) -> None:
    assert meant(text, word, pipeline) == ({name} if name else None)


@pytest.mark.parametrize(("text", "word", "name"), DESCRIBED)
def test_nouns_take_up_what_was_so_described(text: str, word: str, name: str | None, pipeline: Language) -> None:
    assert meant(text, word, pipeline) == ({name} if name else None)


@pytest.mark.parametrize(("text", "word", "name"), FURTHER_UP)
def test_nouns_take_up_what_the_text_is_about(text: str, word: str, name: str | None, pipeline: Language) -> None:
    assert meant(text, word, pipeline) == ({name} if name else None)


def test_how_sure_references_are(pipeline: Language) -> None:
    ours, tables = ontology.load(), gazetteer.load()
    parse = nlp.parse_one(document_of("Paul Rist praised Anna Holm. His wife met her. Harrow Mills sued it."), pipeline)
    names = find_names(parse, tables, read_text(parse))
    context = context_of(parse, names.entities, names.mentions, ours.cues)
    ids = {e.name: e.id for e in names.entities}
    at = {t.text: t.i for t in parse.tokens}
    read = {
        at["wife"]: {ids["Anna Holm"]: 0.7, NOBODY: 0.3},
        at["it"]: {ids["Harrow Mills"]: 0.99, NOBODY: 0.01},
    }
    found = resolve_references(context, (), gazetteer=tables, read=read)
    assert found.chances[at["wife"]] == 0.7, "no ranker weighs a relative: the reader's own chance"
    assert 0.5 <= found.chances[at["her"]] <= 1
    assert at["it"] not in found.chances, "what cannot be meant is not, however sure the reader is"
    none = resolve_references(context, (), gazetteer=tables, read={at["wife"]: {NOBODY: 0.7, ids["Anna Holm"]: 0.3}})
    assert at["wife"] not in none.chances


@pytest.mark.parametrize(("text", "word", "name"), VOICES)
def test_first_and_second_person(text: str, word: str, name: str | None, pipeline: Language) -> None:
    ours = ontology.load()
    context, references = resolved(text, pipeline)
    everybody = context_of(context.parse, references.entities, references.mentions, ours.cues)
    roles = find_roles(everybody, role_index(ours))
    spans = find_quotations(context.parse, ours.cues)
    at = everybody.at
    speeches = [(q.begin, q.end, at[q.speaker].entities if q.speaker in at else ()) for q in spans]
    said, _, number = word.partition("#")
    tokens = [t.i for t in context.parse.tokens if t.text.casefold() == said.strip()]
    names = {e.id: e.name for e in references.entities}
    found = {m.head: names[m.entities[0]] for m in resolve_speakers(everybody, speeches, roles)}
    assert found.get(tokens[int(number or 1) - 1]) == name


def test_what_owns_as_bodies_do_is_no_person(pipeline: Language) -> None:
    _, references = resolved(
        "Brevonex cut its dividend. Its rival Dorvane said shareholders of Tolvano sold.", pipeline
    )
    assert {e.type for e in references.entities if e.name == "Brevonex"} == {"Organization"}


@pytest.mark.parametrize(("text", "word"), WITHOUT_NAMES)
def test_a_cluster_without_a_name(text: str, word: str, pipeline: Language) -> None:
    assert meant(text, word, pipeline) == {NAMELESS}


def test_a_nameless_chain_is_one_entity_without_aliases(pipeline: Language) -> None:
    _, references = resolved("She was born in Bergen. Later she studied law, and her brother died.", pipeline)
    nameless = [e for e in references.entities if e.name is None]
    assert len(nameless) == 1
    assert nameless[0].aliases == ()
    assert sum(m.entities == (nameless[0].id,) for m in references.mentions) >= 2


def test_names_keep_their_mentions_and_ids(pipeline: Language) -> None:
    context, references = resolved("Mary Ashdown met Peter Lund, and she thanked him.", pipeline)
    assert [e.id for e in references.entities][: len(context.entities)] == list(context.entities)
    for mention in context.at.values():
        assert mention in references.mentions


def test_no_he_or_she_is_anything_but_a_person(pipeline: Language) -> None:
    text = "Norway sued Kestrel Foods in Oslo. She lost. Anna Holm paid; her bank, the Nordlys Bank, sold his boat."
    _, references = resolved(text, pipeline)
    kinds = {e.id: e.type for e in references.entities}
    gendered = [m for m in references.mentions if m.text.casefold() in ("he", "she", "his", "her", "him")]
    assert {kinds[e] for m in gendered for e in m.entities} <= {"Person"}


def test_first_person_is_the_speaker_of_the_innermost_quotation(pipeline: Language) -> None:
    context, references = resolved('"I warned them," said Anna Holm. I agree.', pipeline)
    holm = next(e.id for e in references.entities if e.name == "Anna Holm")
    found = resolve_speakers(context, [(0, 16, (holm,))])
    assert [(m.text, m.entities) for m in found] == [("I", (holm,))]


def test_references_are_the_same_each_time(pipeline: Language) -> None:
    text = "Anna Holm told Paul Rist that he was wrong. Both left. She wept; the pair never met again."
    first = resolved(text, pipeline)[1]
    resolved.cache_clear()
    assert resolved(text, pipeline)[1] == first


def test_weights_are_a_table_of_cues() -> None:
    weights = load_weights()
    assert 300 < len(weights) < 2500
    assert weights["gender:other:full"] < weights["gender:same:full"]


def test_chances_sum_to_one() -> None:
    found = chances([["a", "b"], ["c"], []], {"a": 2.0, "b": -1.0, "c": 900.0})
    assert sum(found) == pytest.approx(1.0)
    assert found[1] == pytest.approx(1.0)
