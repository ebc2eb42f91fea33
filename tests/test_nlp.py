"""The quicker components and the other matrix products change no annotation, and no document another's parse."""

from __future__ import annotations

import pytest
import spacy
from shared_folder import ROOT
from spacy.language import Language
from spacy.tokens import Doc
from threadpoolctl import threadpool_info

from kg import nlp
from kg.nlp import parse, parse_one
from kg.quick_pipes import quicken
from kg.read import document_of, read
from kg.types import Document

HARD = (
    "She ain't goin' nowhere, y'all.",
    "I'm not sure they've ever met; he'd better go, hadn't he?",
    "  Two  spaces ,  and\ttabs \n in New  York City on May 5, 2021 .",
    "The U.S.-led talks in Addis Ababa cost $1.5 billion, or 20% of it.",
    "Nothin' doing. Whatcha want? 'Cause I said so, ol' man. Gonna rain, innit?",
    "AP - Jean-Luc O’Neill, Ph.D., of the Universidad de São Paulo and of A&B Co., resigned.",
    "",
    " ",
    "Paris",
    "London. Ruth Hale. The Bank of England. 12 March. Monday",
)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    found = [record for record in read([ROOT / "seeds"]) if isinstance(record, Document)]
    return [*HARD, *(" ".join(d.text[b.begin : b.end].split()) for d in found for b in d.blocks)]


@pytest.fixture(scope="module")
def plain() -> Language:
    """The pipeline as it comes."""
    return spacy.load(nlp.DEFAULT_MODEL)


def _annotations(doc: Doc) -> list[tuple[object, ...]]:
    return [
        (
            t.text, t.lemma_, t.pos_, t.tag_, t.dep_, t.head.i, t.ent_type_, t.ent_iob_, str(t.morph),
            t.is_sent_start,
        )
        for t in doc
    ]  # fmt: skip


def test_the_tuned_pipeline_annotates_as_it_comes(pipeline: Language, plain: Language, texts: list[str]) -> None:
    tokenizer = pipeline.tokenizer  # ours cuts words a little differently; that is no tuning
    expected = list(plain.pipe(map(tokenizer, texts), batch_size=32))
    found = list(pipeline.pipe(map(tokenizer, texts), batch_size=32))
    assert sum(map(len, expected)) > 1000
    for one, other in zip(found, expected, strict=True):
        assert _annotations(one) == _annotations(other)
        assert [(e.start, e.end, e.label_) for e in one.ents] == [(e.start, e.end, e.label_) for e in other.ents]


def test_both_quick_components_are_in_place(pipeline: Language) -> None:
    assert "quick_attribute_ruler" in pipeline.pipe_names
    assert "quick_ner" in pipeline.pipe_names
    assert not {"attribute_ruler", "ner"} & set(pipeline.pipe_names)


def test_a_rule_that_looks_at_something_else_keeps_the_ruler_of_spacy() -> None:
    blank = spacy.blank("en")
    ruler = blank.add_pipe("attribute_ruler")
    ruler.add([[{"SHAPE": "Xx"}]], {"LEMMA": "x"})  # type: ignore[attr-defined]
    quicken(blank)
    assert blank.pipe_names == ["attribute_ruler"]


def test_rules_of_two_words_and_later_rules_win() -> None:
    blank, quick = spacy.blank("en"), spacy.blank("en")
    for one in (blank, quick):
        ruler = one.add_pipe("attribute_ruler")
        for patterns, attributes, index in (
            ([[{"LOWER": "new"}]], {"LEMMA": "fresh", "POS": "ADJ"}, 0),
            ([[{"LOWER": "new"}, {"LOWER": {"IN": ["york", "delhi"]}}]], {"LEMMA": "new york"}, 0),
            ([[{"LOWER": {"NOT_IN": ["new"]}}, {"LOWER": "york"}]], {"LEMMA": "old york"}, 1),
            ([[{"LOWER": {"REGEX": "^x+$"}}]], {"POS": "X"}, 0),
        ):
            ruler.add(patterns, attributes, index=index)  # type: ignore[attr-defined]
    quicken(quick)
    assert quick.pipe_names == ["quick_attribute_ruler"]
    for text in ("New York is new", "in York", "New Delhi", "York", "xxx and xy"):
        assert [(t.lemma_, t.pos_) for t in quick(text)] == [(t.lemma_, t.pos_) for t in blank(text)]


def test_a_parse_does_not_depend_on_the_documents_beside(pipeline: Language, texts: list[str]) -> None:
    documents = [document_of(text, id=str(n)) for n, text in enumerate(texts) if text.strip()]
    together = list(parse(documents, pipeline))
    assert together == [parse_one(document, pipeline) for document in documents]
    assert together[::-1] == list(parse(documents[::-1], pipeline))


def test_matrices_are_multiplied_by_one_thread_and_only_meanwhile(pipeline: Language) -> None:
    before = [library["num_threads"] for library in threadpool_info()]
    ours = {library.filepath for library in nlp._libraries().lib_controllers if library.user_api == "blas"}
    with nlp.one_thread():
        assert {one["num_threads"] for one in threadpool_info() if one["filepath"] in ours} == {1}
    assert [library["num_threads"] for library in threadpool_info()] == before


@pytest.mark.parametrize(
    ("text", "verb", "subject", "object_"),
    [
        ("Norvik United sacked manager José Mora on Tuesday.", "sacked", "United", "Mora"),
        ("Russia jailed critic Pavel Novak for three years.", "jailed", "Russia", "Novak"),
        ("Chelsea sacked coach Thomas Tuchel after a defeat in Graz.", "sacked", "Chelsea", "Tuchel"),
        ("Barcelona beat rivals Real Madrid 5-1.", "beat", "Barcelona", "Madrid"),
    ],
)
def test_a_role_without_an_article_hides_no_clause(
    text: str, verb: str, subject: str, object_: str, pipeline: Language
) -> None:
    tokens = nlp.parse_one(document_of(text), pipeline).tokens
    root = next(t for t in tokens if t.text == verb)
    assert root.dep == "ROOT"
    assert {(t.dep, t.text) for t in tokens if t.head == root.i} >= {("nsubj", subject), ("dobj", object_)}


@pytest.mark.parametrize(
    "text", ["Graz born painter Pavel Novak.", "Kenya based banker Ana Silva said so.", "Police asked Ana Silva twice."]
)
def test_other_noun_phrases_stay_as_they_are_parsed(text: str, pipeline: Language) -> None:
    parse = nlp.parse_one(document_of(text), pipeline)
    with nlp.one_thread():
        assert [t.dep for t in parse.tokens] == [t.dep_ for t in pipeline(text)]
