"""The command `kg`: each command parses its options, calls one library function and prints."""

from __future__ import annotations

import contextlib
import datetime
import enum
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from kg import cli_cache, cli_doctor, cli_lexicon, cli_names, cli_reports
from kg.errors import KgError
from kg.garbage import collect_rarely

# What is heavy is imported where it is used, so that `kg --help` is quick.

app = typer.Typer(
    name="kg",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with `kg build seeds/ -o output/`, then open output/graph.html in a browser.  `kg doctor` checks the "
    "installation; `kg COMMAND --help` shows examples.",
)

Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT",
        help="Text, HTML, PDF or JSON Lines files, folders of them, addresses of pages, RSS or Atom feeds.",
        show_default=False,
    ),
]
GraphFile = Annotated[
    Path, typer.Argument(metavar="GRAPH", help="A graph.ttl that kg build wrote.", show_default=False)
]
Model = Annotated[
    str | None,
    typer.Option("--model", metavar="NAME", help="Another installed spaCy pipeline, such as en_core_web_lg."),
]
Extra = Annotated[
    list[Path] | None,
    typer.Option("--ontology", metavar="FILE", help="Turtle that adds relations and words; may be repeated."),
]
Store = Annotated[
    Path | None,
    typer.Option(
        "--store", metavar="DIR", help="An on-disk store of the graph, made when it is missing or older than GRAPH."
    ),
]
Timeout = Annotated[
    float, typer.Option("--timeout", min=0.01, metavar="SECONDS", help="A query that takes longer is stopped.")
]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, metavar="N", help="Processes; the result is the same.")]

CacheFolder = Annotated[
    Path | None,
    typer.Option("--cache", metavar="DIR", help="Where extractions are kept, in place of the usual folder."),
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Keep no extractions and use none.")]
CacheSize = Annotated[
    int, typer.Option("--cache-size", min=1, metavar="MB", help="The most that the cache keeps, in megabytes.")
]
Keep = Annotated[
    Path | None,
    typer.Option("--keep", metavar="DIR", help="Where fetched documents are kept, and read from with earlier ones."),
]
AllowPrivate = Annotated[bool, typer.Option("--allow-private", help="Also fetch from loopback and private addresses.")]
DocumentSize = Annotated[
    float, typer.Option("--document-size", min=0.001, metavar="MB", help="The largest document that is read.")
]
FetchSize = Annotated[
    float, typer.Option("--fetch-size", min=0.001, metavar="MB", help="The largest page or feed that is fetched.")
]
FetchTime = Annotated[
    float, typer.Option("--fetch-time", min=0.01, metavar="SECONDS", help="The longest that one fetch may take.")
]


class Format(enum.StrEnum):
    """How the answer of a query is written."""

    table = "table"
    csv = "csv"
    json = "json"
    markdown = "markdown"
    turtle = "turtle"


class Engine(enum.StrEnum):
    """What does the work of a build."""

    local = "local"
    spark = "spark"


class Carrier(enum.StrEnum):
    """A format that a graph is exported in."""

    turtle = "turtle"
    ntriples = "ntriples"
    trig = "trig"
    nquads = "nquads"
    jsonld = "jsonld"
    rdfxml = "rdfxml"
    turtle12 = "turtle12"
    graphml = "graphml"
    gexf = "gexf"
    cytoscape = "cytoscape"
    csv = "csv"
    parquet = "parquet"


class Dump(enum.StrEnum):
    """A format that a graph is imported from."""

    turtle = "turtle"
    ntriples = "ntriples"
    trig = "trig"
    nquads = "nquads"
    jsonld = "jsonld"
    rdfxml = "rdfxml"


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is no day; write it as 2023-07-06.") from None


def _base(text: str | None) -> str | None:
    from kg.run import checked_base

    try:
        return text and checked_base(text)
    except KgError as error:
        raise typer.BadParameter(str(error)) from None


def _told_by(format_of: Callable[[Path], str], path: Path) -> str:
    """The format that a suffix names; one that names none is wrong usage."""
    try:
        return format_of(path)
    except KgError as error:
        raise typer.BadParameter(str(error)) from None


Day = Annotated[
    datetime.date | None,
    typer.Option("--date", parser=_day, metavar="YYYY-MM-DD", help="The day of documents that tell none."),
]


@app.callback(invoke_without_command=True)
def kg(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """Builds a knowledge graph from news text: who met, visited, leads, accuses whom, and who says so."""
    if version:
        from kg import __version__

        print(f"kg {__version__}")
        raise typer.Exit


@app.command()
def build(
    inputs: Inputs,
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="DIR", help="Folder for graph.ttl and graph.html.", show_default=False),
    ],
    base: Annotated[
        str | None, typer.Option("--base", callback=_base, metavar="IRI", help="What the IRIs of the data begin with.")
    ] = None,
    date: Day = None,
    model: Model = None,
    ontology: Extra = None,
    jobs: Jobs = 1,
    corrections: Annotated[
        Path | None, typer.Option("--corrections", metavar="FILE", help="What is known better than the texts tell.")
    ] = None,
    keep_ids: Annotated[
        Path | None, typer.Option("--keep-ids", metavar="GRAPH", help="An earlier graph.ttl whose IRIs are to stay.")
    ] = None,
    cache: CacheFolder = None,
    no_cache: NoCache = False,
    cache_size: CacheSize = 1000,
    document_size: DocumentSize = 20,
    keep: Keep = None,
    allow_private: AllowPrivate = False,
    fetch_size: FetchSize = 20,
    fetch_time: FetchTime = 30,
    engine: Annotated[
        Engine, typer.Option("--engine", help="What does the work: this machine, or a cluster of Apache Spark.")
    ] = Engine.local,
    master: Annotated[
        str, typer.Option("--master", metavar="URL", help="The cluster: spark://HOST:7077, or local[N].")
    ] = "local[*]",
) -> None:
    """Reads articles and writes one graph: DIR/graph.ttl and its network view, DIR/graph.html.

    A file `name.json` beside `name.txt` may give title, date, url and publisher.  A document that cannot be read
    is skipped and named at the end.  The same documents give the same bytes, in whatever order they come.

    What a document says is kept in a cache (see `kg cache`), so that the next build extracts only what is new.
    Pages and the articles of feeds are fetched into DIR/fetched, or the folder of --keep, and stay in the graph.

    **Examples**

    - `kg build seeds/ -o output/`

    - `kg build a.txt b.html --date 2023-07-06 -o output/two`

    - `kg build wire.jsonl --jobs 4 --base https://example.org/id/ -o output/wire`

    - `kg build articles/ --ontology mine.ttl -o output/mine`

    - `kg build https://example.org/news/feed.xml -o output/daily`

    - `kg build articles/ --corrections corrections.toml --keep-ids output/mine/graph.ttl -o output/mine`
    """
    from kg.cache import default_folder
    from kg.fetch import Web
    from kg.ids import BASE, DEFAULT_MODEL
    from kg.run import build as build_graph
    from kg.show import progress_bar, show_summary

    with progress_bar() as progress:
        built = build_graph(
            inputs,
            out=out,
            base=base or BASE,
            date=date,
            model=model or DEFAULT_MODEL,
            ontology_files=ontology or (),
            jobs=jobs,
            corrections=corrections,
            keep_ids=keep_ids,
            cache=None if no_cache else cache or default_folder(),
            cache_limit=cache_size * 1_000_000,
            document_limit=round(document_size * 1_000_000),
            keep=keep,
            web=Web(private=allow_private, size=round(fetch_size * 1_000_000), seconds=fetch_time),
            master=master if engine is Engine.spark else None,
            progress=progress,
        )
    show_summary(built)


@app.command()
def extract(
    inputs: Inputs,
    date: Day = None,
    model: Model = None,
    ontology: Extra = None,
    jobs: Jobs = 1,
    cache: CacheFolder = None,
    no_cache: NoCache = False,
    cache_size: CacheSize = 1000,
    document_size: DocumentSize = 20,
    keep: Keep = None,
    allow_private: AllowPrivate = False,
    fetch_size: FetchSize = 20,
    fetch_time: FetchTime = 30,
) -> None:
    """Prints what each document says, one JSON line a document: mentions, claims, positions, quotations.

    Every begin and end counts code points of the document's text.  A document that cannot be read is named on
    standard error; the others are printed.

    **Examples**

    - `kg extract article.txt | python -m json.tool`

    - `kg extract wire.jsonl > facts.jsonl`

    - `kg extract seeds/ | jq -r '.claims[].predicate' | sort | uniq -c`
    """
    from kg.cache import default_folder
    from kg.fetch import Web
    from kg.ids import DEFAULT_MODEL
    from kg.lines import line_of
    from kg.run import extract_each
    from kg.types import Skip

    printed = 0
    found = extract_each(
        inputs,
        date=date,
        model=model or DEFAULT_MODEL,
        ontology_files=ontology or (),
        jobs=jobs,
        cache=None if no_cache else cache or default_folder(),
        cache_limit=cache_size * 1_000_000,
        document_limit=round(document_size * 1_000_000),
        keep=keep,
        web=Web(private=allow_private, size=round(fetch_size * 1_000_000), seconds=fetch_time),
        report=lambda note: _say(f"{note.path}: {note.text}"),
    )
    with contextlib.closing(found):
        for record in found:
            if isinstance(record, Skip):
                _say(f"skipped {record.path}: {record.reason}")
            else:
                print(line_of(record), flush=True)
                printed += 1
    if not printed:  # each document has had its line
        raise typer.Exit(1)


@app.command()
def query(
    graph: GraphFile,
    sparql: Annotated[
        str,
        typer.Argument(
            metavar="SPARQL", help="A query, a file that holds one, or the name of a ready one.", show_default=False
        ),
    ],
    form: Annotated[
        Format, typer.Option("--format", "-f", help="How the answer is written; turtle is for CONSTRUCT and DESCRIBE.")
    ] = Format.table,
    store: Store = None,
    timeout: Timeout = 60.0,
) -> None:
    """Asks a graph in SPARQL, or one of the ready questions.

    The prefixes kg:, id:, rdf:, rdfs:, skos:, dcterms:, xsd: and owl: need no declaration.  Ready questions are
    who-met-whom, who-leads-what, who-accuses-whom, positions-of, quotations-of, who-says-what-about, sources-of,
    facts-between, disputed, corroborated, plans, timeline, network-of, common-contacts, co-participants,
    most-connected and open-claims.

    **Examples**

    - `kg query output/graph.ttl who-met-whom`

    - `kg query output/graph.ttl 'positions-of Ingrid Solberg' --format markdown`

    - `kg query output/graph.ttl 'SELECT ?who { ?x rdfs:label "Ingrid Solberg" ; kg:met ?who }'`

    - `kg query output/graph.ttl question.rq --format csv`

    - `kg query large.ttl timeline --store large.store --timeout 300`
    """
    from kg import query as queries
    from kg.limits import MEGABYTE, Limits
    from kg.show import show_answer

    limits = Limits(seconds=timeout, memory=8192 * MEGABYTE, size=1024 * MEGABYTE)
    result = queries.query(graph, sparql, store=store, limits=limits)
    for note in result.notes:
        _say(note)
    if form is Format.table:
        show_answer(result)
        return
    write = {
        Format.csv: queries.to_csv,
        Format.json: queries.to_json,
        Format.markdown: queries.to_markdown,
        Format.turtle: queries.to_turtle,
    }[form]
    print(write(result).replace("\r\n", "\n").rstrip("\n"))


@app.command()
def validate(
    graph: GraphFile,
    shapes: Annotated[
        Path | None, typer.Option("--shapes", metavar="FILE", help="SHACL shapes in place of the ontology's own.")
    ] = None,
    ontology: Extra = None,
    documents: Annotated[
        list[Path] | None,
        typer.Option("--documents", metavar="INPUT", help="What the graph was built of; may be repeated."),
    ] = None,
) -> None:
    """Checks a graph against the SHACL shapes of the ontology, and what shapes cannot say.

    Quotes must fit their offsets, every plain triple its claims.  With --documents each quote must stand in its
    document at its offsets.  Each problem is a line; there are none or the exit status is 1.

    **Examples**

    - `kg validate output/graph.ttl`

    - `kg validate output/graph.ttl --documents seeds/`

    - `kg validate output/mine/graph.ttl --ontology mine.ttl --shapes mine-shapes.ttl`
    """
    from kg.errors import GraphError
    from kg.shapes import validate as check
    from kg.show import plain

    report = check(graph, shapes=shapes, ontology_files=ontology or (), documents=documents or ())
    for problem in report.problems:
        value = f" [{problem.value}]" if problem.value else ""
        words = f' "{problem.sentence}"' if problem.sentence else ""
        print(" ".join(plain(f"{problem.shape}: <{problem.node}> {problem.message}{value}{words}").split()))
    if not report.conforms:
        count = len(report.problems)
        raise GraphError(f"{graph}: does not conform, {count:,} problem{'' if count == 1 else 's'}.")
    print(f"{graph}: conforms, {sum(count for _, count in report.checked):,} nodes checked")


@app.command()
def export(
    graph: GraphFile,
    out: Annotated[
        Path,
        typer.Option(
            "--out", "-o", metavar="FILE", help="The file to write; a folder for csv and parquet.", show_default=False
        ),
    ],
    form: Annotated[
        Carrier | None, typer.Option("--format", "-f", help="The format, where the suffix of FILE does not tell it.")
    ] = None,
    all_claims: Annotated[
        bool, typer.Option("--all-claims", help="In a network, also what is denied, planned or possible.")
    ] = False,
) -> None:
    """Writes a graph in the format of another program: a triple store, Gephi, Cytoscape, Neo4j, a notebook.

    The suffix of FILE names the format: .nt, .trig, .nq, .jsonld, .rdf, .ttl, .graphml, .gexf, .cyjs.  trig and
    nquads keep a named graph for each document.  graphml, gexf and cytoscape hold the entities and a link for each
    claim between two of them that stands as fact.

    **Examples**

    - `kg export output/graph.ttl -o graph.nq`

    - `kg export output/graph.ttl -o network.gexf`

    - `kg export output/graph.ttl -o neo4j --format csv`

    - `kg export output/graph.ttl -o tables --format parquet`
    """
    from kg.formats import export as carry
    from kg.formats import format_of

    for path in carry(graph, out, form=form or _told_by(format_of, out), all_claims=all_claims):
        _say(f"Wrote {path}")


@app.command("import")
def import_(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE", help="RDF: Turtle, N-Triples, N-Quads, TriG, JSON-LD, RDF/XML; .gz too.", show_default=False
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="The graph.ttl to write.", show_default=False)
    ],
    form: Annotated[
        Dump | None, typer.Option("--format", "-f", help="The format, where the suffixes of the files do not tell it.")
    ] = None,
    base: Annotated[
        str | None, typer.Option("--base", callback=_base, metavar="IRI", help="What the IRIs of the data begin with.")
    ] = None,
    ontology: Extra = None,
    check: Annotated[
        bool, typer.Option("--check/--no-check", help="Check the shapes and quotes as kg validate does.")
    ] = True,
) -> None:
    """Reads a graph back from RDF files, another store's dump too, and writes it as kg build does.

    All files and all their named graphs become one graph.  It must follow the vocabulary.  Nothing is fetched:
    contexts of JSON-LD by address and entities of XML are refused.

    **Examples**

    - `kg import dump.nq.gz -o graph.ttl`

    - `kg import talks.jsonld takeover.rdf -o both.ttl`

    - `kg import large.nt -o large.ttl --no-check`
    """
    from kg.imports import format_of, import_graph

    for file in files:
        _ = form or _told_by(format_of, file)  # wrong usage is told before the work
    imported = import_graph(files, out, form=form, base=base, ontology_files=ontology or (), check=check)
    _say(f"Wrote {out}: {len(imported.graph):,} triples of {imported.statements:,} statements")


@app.command()
def serve(
    graph: GraphFile,
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, metavar="N", help="0 takes a free port.")] = 8000,
    store: Store = None,
    timeout: Timeout = 30.0,
    running: Annotated[
        int | None, typer.Option("--running", min=1, metavar="N", help="Queries at once; as many as processors.")
    ] = None,
) -> None:
    """Serves a graph: SPARQL endpoint, query page, network view, and a page behind every IRI.

    It only reads, and listens on this machine alone unless --host says otherwise.  Ctrl-C stops it.

    **Examples**

    - `kg serve output/graph.ttl`

    - `kg serve output/graph.ttl --port 8080 --timeout 10`

    - `kg serve large.ttl --store large.store`
    """
    from kg.limits import Limits
    from kg.serve import serve as run

    def ready(address: str, triples: int) -> None:
        print(f"Serving {triples:,} triples of {graph} at {address}", flush=True)
        print(f"SPARQL endpoint {address}sparql; Ctrl-C stops", flush=True)

    run(graph, host=host, port=port, store=store, limits=Limits(seconds=timeout), running=running, ready=ready)


@app.command()
def stats(
    graph: GraphFile,
    top: Annotated[int, typer.Option("--top", min=1, metavar="N", help="Rows of each list.")] = 10,
) -> None:
    """Counts a graph and finds its central names, communities and brokers, over the facts between entities.

    **Examples**

    - `kg stats output/graph.ttl`

    - `kg stats output/graph.ttl --top 3`
    """
    from kg.analyse import stats as count
    from kg.show import show_stats

    show_stats(count(graph, top=top))


@app.command()
def path(
    graph: GraphFile,
    start: Annotated[str, typer.Argument(metavar="A", help="A name or an IRI.", show_default=False)],
    end: Annotated[str, typer.Argument(metavar="B", help="Another.", show_default=False)],
    most: Annotated[int, typer.Option("--most", min=1, metavar="N", help="So many of the shortest paths.")] = 3,
) -> None:
    """Shows the shortest paths of facts from one name to another, with the sentences along the way.

    **Examples**

    - `kg path output/graph.ttl "Ingrid Solberg" "Halden Shipping"`
    """
    from kg.analyse import paths
    from kg.show import show_paths

    show_paths(paths(graph, start, end, most=most))


@app.command()
def view(
    graph: GraphFile,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="The HTML file to write.", show_default=False)
    ],
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT", help="The heading of the page.")] = None,
    focus: Annotated[
        str | None, typer.Option("--focus", metavar="NAME", help="Show only what lies around this name.")
    ] = None,
    hops: Annotated[int, typer.Option("--hops", min=1, metavar="N", help="How many steps around the focus.")] = 2,
    since: Annotated[
        str | None, typer.Option("--since", metavar="YYYY-MM-DD", help="Leave out older documents.")
    ] = None,
) -> None:
    """Writes the network view of a graph as one HTML file that needs no network.

    **Examples**

    - `kg view output/graph.ttl -o network.html --title "Private talks"`

    - `kg view output/graph.ttl -o solberg.html --focus "Ingrid Solberg" --hops 1`
    """
    from kg.run import write_view

    write_view(graph, out, title=title, focus=focus, hops=hops, since=_day(since) if since is not None else None)
    _say(f"Wrote {out}")


cli_names.register(app)
cli_reports.register(app)
cli_cache.register(app)
cli_doctor.register(app)
cli_lexicon.register(app)

# ---------------------------------------------------------------- the way in and out


def _say(line: str) -> None:
    """One line on standard error; a name in it may hold anything."""
    print("kg: " + re.sub(r"[\x00-\x1f\x7f-\x9f]+|\s+", " ", line), file=sys.stderr)


def main() -> None:
    """Runs the command line.  Exit status: 0 done, 1 the work failed, 2 wrong usage, 130 interrupted."""
    collect_rarely()
    try:
        try:
            app()
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()  # here, where an error still can be told
    except KgError as error:
        _say(str(error))
        sys.exit(1)
    except OSError as error:  # standard output cannot be written: its disk is full, nobody reads the pipe any more
        if not isinstance(error, BrokenPipeError):
            _say(f"the output cannot be written ({error.strerror or error}).")
        with open(os.devnull, "w") as nowhere:  # noqa: PTH123  # what is left in the buffer has to go somewhere
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        sys.exit(1)
