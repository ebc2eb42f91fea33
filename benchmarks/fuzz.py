"""Fuzzes what reads foreign bytes: readers, extraction, graph, queries, corrections, ontology, cache, imports.

    python benchmarks/fuzz.py --minutes 10                     # every target in turn, inputs changed at random
    python benchmarks/fuzz.py --minutes 5 html rdfxml          # these alone
    python benchmarks/fuzz.py --engine atheris --minutes 5 text # guided by coverage: pip install atheris

A fault is an error that is no KgError, an input that takes too long, or an output that breaks a rule of
tests/support/hostile.py.  Each is told once, with the input that made it in the folder of --keep; the exit status is
then 1.  The minutes are those of the processor.  The same --seed gives the same inputs in the same order.
"""

# ruff: noqa: E501, ISC004  # files of foreign formats are written as they are

from __future__ import annotations

import argparse
import contextlib
import gzip
import hashlib
import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import traceback
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]

SECONDS = 10.0
"""An input that takes longer is a fault: none is larger than LARGEST."""
LARGEST = 64_000
MEMORY = 6 << 30
"""Bytes of address space: what grows without bound ends in a MemoryError, which is a fault."""

NEWS = (
    "Minister Anna Berg met Bo Dahl in Elvik on Monday, April 3, 2023. She denied that Northland had attacked Sandby.\n"
    '\n"We will not sign," said Mr. Dahl, president of the Elm Institute. Berg\'s spokesman told the Harbour Times that '
    "both sides plan to meet again; the U.S. and Russia were not invited.\n\nBy Dov Stern\n"
)
PAGE = (
    "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>Talks</title><meta property='article:published_"
    f"time' content='2023-04-03'></head><body><nav><ul><li><a href='/'>Home</a></ul></nav><article><h1>Talks</h1><p>"
    f"{NEWS}</p><blockquote>{NEWS}</blockquote><table><tr><td>{NEWS}</table></article></body></html>"
)
PDF = b"""%PDF-1.4
1 0 obj
<< /Type /Catalog /Pages 2 0 R >>
endobj
2 0 obj
<< /Type /Pages /Kids [4 0 R] /Count 1 >>
endobj
3 0 obj
<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>
endobj
4 0 obj
<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 3 0 R >> >> >>
endobj
5 0 obj
<< /Length 62 >>
stream
BT /F1 11 Tf 14 TL 40 760 Td (Anna Berg met Bo Dahl.) Tj T* ET
endstream
endobj
trailer
<< /Size 6 /Root 1 0 R >>
startxref
0
%%EOF
"""
TURTLE = """@prefix id: <https://kg.example/id/> . @prefix kg: <https://kg.example/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix lex: <https://kg.example/lexicon/en#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
id:anna-berg a kg:Person ; rdfs:label "Anna Berg" ; kg:met id:bo-dahl . id:bo-dahl a kg:Person ; rdfs:label "Bo Dahl"@en .
kg:trained a owl:ObjectProperty ; rdfs:subPropertyOf kg:relatedTo ; rdfs:label "trained" ; rdfs:domain kg:Person .
lex:train a kg:VerbEntry ; kg:says kg:trained ; kg:word "train", "school up" ; kg:frame "subj obj" ; kg:confidence 0.8 .
"""
TRIPLES = (
    '<https://kg.example/id/a> <http://www.w3.org/2000/01/rdf-schema#label> "Anna \\u0042erg"@en .\n'
    "<https://kg.example/id/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://kg.example/ontology#Person> .\n"
)
CORRECTIONS = """[[merge]]
names = ["Ana Moss", { name = "A. Moss", type = "Person", document = "d1" }]
reason = "the same"
[[never-merge]]
names = ["Georgia", { iri = "id:georgia-2" }]
[[rename]]
name = "Moss"
to = "Ana Moss"
[[retype]]
name = "Elvik"
type = "Place"
[[retract-claim]]
subject = "Ana Moss"
predicate = "met"
object = "Bo Dahl"
"""
SEEDS: Mapping[str, tuple[str | bytes, ...]] = {
    "text": (NEWS, NEWS.encode("utf-16"), NEWS.replace("'", "’").encode("cp1252")),
    "html": (PAGE,),
    "lines": (json.dumps({"id": "a", "text": NEWS, "title": "T", "date": "2023-04-03", "url": "u"}) + "\n",),
    "packed-lines": (gzip.compress(json.dumps({"id": "a", "text": NEWS}).encode() + b"\n", mtime=0),),
    "pdf": (PDF, PDF.replace(b"/Length 62", b"/Filter /FlateDecode /Length 62")),
    "unnamed": (NEWS, PAGE, PDF),
    "sidecar": (json.dumps({"title": "T", "date": "3 April 2023", "url": "https://x.example", "publisher": "P"}),),
    "extraction": (NEWS,),
    "build": (NEWS + NEWS.replace("Anna Berg", "A. Berg"),),
    "query": (
        "SELECT ?who { ?x rdfs:label 'Anna Berg' ; kg:met+ ?who FILTER(regex(str(?who), 'a')) } ORDER BY ?who",
        "positions-of Anna Berg", "facts-between 'Anna Berg' 'Bo Dahl'", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ),
    "graph": (TURTLE,),
    "corrections": (CORRECTIONS,),
    "ontology": (TURTLE,),
    "record": (zlib.compress(b"\x96\x90\x90\x90\x90\x90\x90"), zlib.compress(b"\x96\x91\x87\xa2id\xa2e1\xa4type")),
    "cache": (b"SQLite format 3\x00\x10\x00\x01\x01\x00\x40\x20\x20" + bytes(200),),
    "ledger": ('{"format": 1,\n"entities": [{"id": "a", "label": "A", "type": "Person", "aliases": [], "members": '
               '[["d1", "e1"]]}],\n"links": [],\n"replaced": [],\n"remarks": []}\n',),
    "feed": ("<?xml version='1.0'?><rss version='2.0'><channel><title>N</title><item><title>T</title><link>https://x."
             "example/a</link><pubDate>Mon, 03 Apr 2023 10:00:00 GMT</pubDate></item></channel></rss>",),
    "turtle": (TURTLE,),
    "ntriples": (TRIPLES,),
    "trig": ("@prefix id: <https://kg.example/id/> . GRAPH id:g { " + TRIPLES + " }",),
    "nquads": (TRIPLES.replace(" .\n", " <urn:x:g> .\n"),),
    "jsonld": ('{"@context": {"kg": "https://kg.example/ontology#", "name": {"@id": "http://www.w3.org/2000/01/'
               'rdf-schema#label", "@language": "en"}}, "@graph": [{"@id": "urn:x:a", "@type": "kg:Person", "name": '
               '"A", "kg:met": {"@id": "urn:x:b"}}]}',),
    "rdfxml": ('<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:rdfs="http:'
               '//www.w3.org/2000/01/rdf-schema#" xmlns:kg="https://kg.example/ontology#"><kg:Person rdf:about="urn:x:a"'
               '><rdfs:label xml:lang="en">A</rdfs:label><kg:met rdf:resource="urn:x:b"/></kg:Person></rdf:RDF>',),
    "gzip": (b"\xff" + TRIPLES.encode(), b"\x00" + gzip.compress(TRIPLES.encode(), mtime=0)),
}  # fmt: skip
OWN_WORDS: Mapping[str, tuple[str, ...]] = {
    "pdf": ("/Kids [4 0 R 4 0 R]", "/Parent 5 0 R", "/Filter [/FlateDecode /FlateDecode]", "/Filter /LZWDecode",
            "/Filter /ASCII85Decode", "/Count 99999999", "/Encrypt << /V 4 >>", "/ToUnicode 5 0 R", "/Prev 0", "0 R",
            "/W [1 9 1]", "/Length 5 0 R", "/Type /ObjStm", "endobj", "-1", "1e999"),
    "rdfxml": ("<!DOCTYPE r [<!ENTITY a 'b'>]>", "&a;", "<rdf:Description>", "rdf:parseType='Literal'", "rdf:nodeID='a'",
               "xml:base='http://['", "rdf:ID='a'", "<rdf:li/>", "<?xml-stylesheet href='x'?>"),
    "jsonld": ('"@context":', '"@context": null,', '"@id": "",', '"@list": [[1]],', '"@reverse": {"a": 1},', "1e999",
               '"@import": "https://x.example",', '"@type": "@json",', '"@container": "@graph",', "[[[[", "{{{{"),
    "turtle": ("<< <urn:a> <urn:b> 1 >>", "@base <x:y> .", "[ ", "( 1 2 )", "owl:imports <http://127.0.0.1/> .", "^^xsd:date",
               "<urn:x:\\u0020>", "@en--ltr", "1e999", '"""'),
    "html": ("<div>" * 50, "<table>" * 20, "<script>", "<style>", "<svg>", "<base href='//x'>", "<meta charset=utf-7>",
             "<time datetime='0000-99-99'>", "<iframe srcdoc=", "<template>", "<p>" * 9, "<![CDATA["),
    "query": ("SERVICE <http://127.0.0.1/>", "FROM <file:///etc/passwd>", "LOAD", "kg:met*", "(" * 40, "{" * 40, "OPTIONAL",
              "BIND(", "MINUS", "VALUES", "regex(?x, '(a*)*b')", "\\u0053ERVICE", "?a ?b ?c . ?d ?e ?f .", "UNION", "LIMIT 0"),
    "corrections": ("[[", "]]", "nan", "inf", "2023-04-03", "0x", "'''", "[merge]", "names = []", "{ a.b.c = 1 }", "a.b = 1"),
}  # fmt: skip
KIN = {"unnamed": "pdf", "graph": "turtle", "ontology": "turtle", "trig": "turtle", "ntriples": "turtle",
       "nquads": "turtle", "gzip": "turtle", "feed": "rdfxml", "ledger": "jsonld", "lines": "jsonld",
       "sidecar": "jsonld"}  # fmt: skip


# ---------------------------------------------------------------- inputs


class Inputs:
    """Endless inputs of one target: seeds changed at random, and changed again."""

    def __init__(self, target: str, seed: int) -> None:
        from hostile import CHARACTERS, MARKUP

        self._random = random.Random(f"{target} {seed}")  # noqa: S311  # to be repeated, not to be secret
        self._seeds = [_bytes(text) for text in SEEDS[target]]
        own = OWN_WORDS.get(target) or OWN_WORDS.get(KIN.get(target, ""), ())
        self._words = [_bytes(word) for word in (*CHARACTERS, *MARKUP, *own)]
        self._words += [b"\x00", b"\xff", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\n", b"\r", b" ", b"9" * 400]

    def __iter__(self) -> Iterator[bytes]:
        while True:
            data = self._random.choice(self._seeds)
            for _ in range(self._random.choice((0, 1, 1, 2, 3, 5, 9))):
                data = self._changed(data)[:LARGEST]
            yield data

    def _changed(self, data: bytes) -> bytes:
        rng = self._random
        a, b = sorted((rng.randint(0, len(data)), rng.randint(0, len(data))))
        if rng.random() < 0.6:
            b = min(b, a + rng.choice((1, 2, 4, 16, 80)))
        kind = rng.randrange(7)
        word = rng.choice(self._words)
        if kind == 0:
            return data[:a] + word + data[a:]
        if kind == 1:
            return data[:a] + word * rng.choice((2, 10, 100, 2000)) + data[b:]
        if kind == 2:
            return data[:a] + data[b:]
        if kind == 3:
            return data[:b] + data[a:b] * rng.choice((1, 5, 50, 1000)) + data[b:]
        if kind == 4:
            return data[:a] + bytes((data[a] ^ (1 << rng.randrange(8)),)) + data[a + 1 :] if a < len(data) else data
        if kind == 5:
            other = rng.choice(self._seeds)
            cut = rng.randint(0, len(other))
            return data[:a] + other[cut:]
        return data[:a] + bytes(rng.randrange(256) for _ in range(rng.choice((1, 4, 32)))) + data[b:]


def _bytes(text: str | bytes) -> bytes:
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text


# ---------------------------------------------------------------- running


class TooSlow(BaseException):  # past every `except Exception`
    """An input took longer than SECONDS."""


def _too_slow(_number: int, _frame: FrameType | None) -> None:
    raise TooSlow


def fault_of(target: str, data: bytes, folder: Path) -> str:
    """What is wrong with an input, as a traceback; nothing where all is well."""
    from hostile import TARGETS

    try:
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        TARGETS[target](data, folder)
    except (Exception, TooSlow):  # noqa: BLE001  # to find them all is what a fuzzer is for
        return traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return ""


def at_random(target: str, seconds: float, seed: int, keep: Path) -> tuple[int, Counter[str]]:
    """Runs inputs for so many seconds of the processor; gives how many, and the faults by the place they came from."""
    faults: Counter[str] = Counter()
    count = 0
    begin = _spent()
    with tempfile.TemporaryDirectory(prefix="kg-fuzz-") as folder:
        for data in Inputs(target, seed):
            if _spent() - begin > seconds:
                break
            trouble = fault_of(target, data, Path(folder))
            count += 1
            if trouble:
                place = _place(trouble)
                faults[place] += 1
                if faults[place] == 1:
                    _keep(target, data, trouble, keep)
    return count, faults


def guided(target: str, seconds: float, seed: int, keep: Path) -> None:
    """Lets atheris choose the inputs by what they reach in kg; ends the process."""
    import atheris

    # What parses languages is native or too large to be worth watching.
    with atheris.instrument_imports(include=["kg", "pypdf", "feedparser", "tomllib"], enable_loader_override=False):
        import hostile
    with tempfile.TemporaryDirectory(prefix="kg-fuzz-") as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for number, text in enumerate(SEEDS[target]):
            (corpus / str(number)).write_bytes(_bytes(text))
        words = Path(folder) / "words"
        words.write_text("".join(f'"{_quoted(word)}"\n' for word in Inputs(target, seed)._words), "ascii")  # noqa: SLF001
        options = [f"-max_total_time={seconds:.0f}", f"-timeout={SECONDS:.0f}", f"-seed={seed}", f"-dict={words}",
                   f"-max_len={LARGEST // 4}", f"-artifact_prefix={keep}/{target}-", "-verbosity=0", "-rss_limit_mb=6000",
                   "-print_final_stats=1"]  # fmt: skip
        run = hostile.TARGETS[target]
        atheris.Setup([sys.argv[0], *options, str(corpus)], lambda data: run(data, Path(folder)))
        atheris.Fuzz()


def _quoted(word: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word[:60])


def _spent() -> float:
    """Seconds that the processor has worked for this process and its children."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def _place(trouble: str) -> str:
    """The error's class and words, without what varies from input to input, and the last place in kg that it passed."""
    lines = [line.strip() for line in trouble.splitlines()]
    own = [line for line in lines if line.startswith("File ") and ("/kg/" in line or "hostile.py" in line)]
    words = next((line for line in reversed(lines) if re.match(r"[\w.]+(?:: |$)", line)), lines[-1])
    words = re.sub(r"[0-9]+|'.*|\".*|/\S*", "_", words)[:70]
    return f"{words}  [{', '.join(own[-1].split(', ')[:2]).replace(str(ROOT), '') if own else '?'}]"


def _keep(target: str, data: bytes, trouble: str, keep: Path) -> None:
    name = f"{target}-{hashlib.sha256(data).hexdigest()[:12]}"
    (keep / name).write_bytes(data)
    (keep / f"{name}.trace").write_text(trouble, "utf-8", "replace")
    print(f"FAULT {target}: {_place(trouble)}\n      {keep / name} ({len(data):,} bytes)", flush=True)


def main() -> int:
    """Runs the targets; 1 where there was a fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"all of them by default: {', '.join(SEEDS)}")
    parser.add_argument("--minutes", type=float, default=10.0, help="processor minutes for all targets together")
    parser.add_argument("--engine", choices=("random", "atheris"), default="random")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "kg-faults")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    unknown = [name for name in options.targets if name not in SEEDS]
    if unknown:
        parser.error(f"there is no target '{unknown[0]}'; there are: {', '.join(SEEDS)}")
    names = options.targets or list(SEEDS)
    options.keep.mkdir(parents=True, exist_ok=True)
    seconds = 60 * options.minutes / len(names)
    if options.alone:
        guided(names[0], seconds, options.seed, options.keep)
        return 0
    signal.signal(signal.SIGALRM, _too_slow)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    bad = 0
    for name in names:
        begin = _spent()
        if options.engine == "atheris":
            command = [sys.executable, __file__, name, "--alone", f"--minutes={seconds / 60}", f"--seed={options.seed}",
                       f"--keep={options.keep}", "--engine=atheris"]  # fmt: skip
            status = subprocess.run(command, check=False, env={**os.environ, "OMP_NUM_THREADS": "1"}).returncode  # noqa: S603
            bad += status != 0
            print(f"{name:<14} {_spent() - begin:7.1f} s, {'FAULT' if status else 'no fault'}", flush=True)
            continue
        count, faults = at_random(name, seconds, options.seed, options.keep)
        bad += len(faults)
        print(f"{name:<14} {count:8,} inputs {_spent() - begin:7.1f} s, {len(faults)} kinds of fault", flush=True)
    print(f"{_spent() / 60:.1f} minutes of the processor, {bad} faults")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
