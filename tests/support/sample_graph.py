"""Graphs in the form of VOCABULARY.md for the tests of the view: a small story, a hostile one, a large one."""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass, field

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS, XSD, Namespace

from kg.ids import BASE, ONTOLOGY, digest, slug

KG = Namespace(ONTOLOGY)


def _day(text: str) -> Literal:
    """The text as xsd:date where it is a date, plain otherwise (rdflib would log the bad ones)."""
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return Literal(text)
    return Literal(text, datatype=XSD.date)


@dataclass
class Story:
    """Builds a graph one claim at a time."""

    graph: Graph = field(default_factory=Graph)
    symmetric: frozenset[str] = frozenset({"met", "talkedWith", "alliedWith", "signedAgreementWith"})

    def entity(self, name: str, type_: str, *aliases: str, same_as: str = "", key: str = "") -> URIRef:
        iri = URIRef(BASE + (key or slug(name)))
        self.graph.add((iri, RDF.type, KG[type_]))
        self.graph.add((iri, RDFS.label, Literal(name)))
        for alias in aliases:
            self.graph.add((iri, SKOS.altLabel, Literal(alias)))
        if same_as:
            self.graph.add((iri, OWL.sameAs, URIRef(same_as)))
        return iri

    def document(self, title: str, *, outlet: str = "", date: str = "", url: str = "") -> URIRef:
        iri = URIRef(f"{BASE}document-{digest(title, outlet, date)}")
        self.graph.add((iri, RDF.type, KG.Document))
        self.graph.add((iri, DCTERMS.title, Literal(title)))
        if outlet:
            self.graph.add((iri, DCTERMS.publisher, Literal(outlet)))
        if date:
            self.graph.add((iri, DCTERMS.issued, _day(date)))
        if url:
            self.graph.add((iri, KG.url, Literal(url)))
        return iri

    def evidence(self, document: URIRef, quote: str, begin: int = 0) -> URIRef:
        iri = URIRef(f"{BASE}evidence-{digest(document, quote)}")
        self.graph.add((iri, RDF.type, KG.Evidence))
        self.graph.add((iri, DCTERMS.source, document))
        self.graph.add((iri, KG.begin, Literal(begin)))
        self.graph.add((iri, KG.end, Literal(begin + len(quote))))
        self.graph.add((iri, KG.quote, Literal(quote)))
        return iri

    def event(
        self,
        type_: str,
        who: list[URIRef],
        *,
        start: str = "",
        end: str = "",
        text: str = "",
        place: URIRef | None = None,
    ) -> URIRef:
        iri = URIRef(f"{BASE}event-{digest(type_, *who, start, text)}")
        self.graph.add((iri, RDF.type, KG[type_]))
        for one in who:
            self.graph.add((iri, KG.participant, one))
        if place:
            self.graph.add((iri, KG.place, place))
        if start:
            self.graph.add((iri, KG.startDate, _day(start)))
            self.graph.add((iri, KG.endDate, _day(end or start)))
        if text:
            self.graph.add((iri, KG.timeText, Literal(text)))
        return iri

    def claim(
        self,
        subject: URIRef,
        relation: str,
        object_: URIRef | Literal,
        document: URIRef,
        quote: str,
        *,
        stance: str = "asserts",
        modality: str = "actual",
        by: URIRef | None = None,
        confidence: float = 0.9,
        event: URIRef | None = None,
        unnamed: str = "",
    ) -> URIRef:
        iri = URIRef(f"{BASE}claim-{digest(subject, relation, object_, document, quote, stance)}")
        predicate = KG[relation]
        rows: list[tuple[URIRef, URIRef | Literal]] = [
            (RDF.type, KG.Claim),
            (RDF.subject, subject),
            (RDF.predicate, predicate),
            (RDF.object, object_),
            (KG.stance, KG[stance]),
            (KG.modality, KG[modality]),
            (KG.confidence, Literal(confidence, datatype=XSD.decimal)),
            (KG.evidence, self.evidence(document, quote)),
        ]
        if by:
            rows.append((KG.attributedTo, by))
        if unnamed:
            source = URIRef(f"{BASE}source-{digest(document, unnamed)}")
            rows.append((KG.unnamedSource, source))
            self.graph.add((source, RDF.type, KG.UnnamedSource))
            self.graph.add((source, RDFS.label, Literal(unnamed)))
        if event:
            rows.append((KG.event, event))
            self.graph.add((event, KG.deniedBy if stance == "denies" else KG.assertedBy, by or document))
        for property_, value in rows:
            self.graph.add((iri, property_, value))
        if stance == "asserts" and modality == "actual":
            self.graph.add((subject, predicate, object_))
            if relation in self.symmetric and isinstance(object_, URIRef):
                self.graph.add((object_, predicate, subject))
        return iri

    def tenure(
        self,
        holder: URIRef,
        title: str,
        organization: URIRef | None,
        document: URIRef,
        quote: str,
        tense: str = "current",
    ) -> None:
        iri = URIRef(f"{BASE}tenure-{digest(holder, title, organization)}")
        self.graph.add((iri, RDF.type, KG.Tenure))
        self.graph.add((iri, KG.holder, holder))
        self.graph.add((iri, KG.title, Literal(title)))
        if organization:
            self.graph.add((iri, KG.organization, organization))
        self.graph.add((iri, KG.tense, KG[tense]))
        self.graph.add((iri, KG.evidence, self.evidence(document, quote)))

    def quotation(self, speaker: URIRef | None, text: str, document: URIRef) -> None:
        iri = URIRef(f"{BASE}quotation-{digest(text, document)}")
        self.graph.add((iri, RDF.type, KG.Quotation))
        self.graph.add((iri, KG.text, Literal(text)))
        if speaker:
            self.graph.add((iri, KG.speaker, speaker))
        self.graph.add((iri, KG.evidence, self.evidence(document, text)))


def small() -> Graph:
    """Two invented stories: harbour talks between two countries, and a takeover fight over a shipyard."""
    s = Story()
    marta = s.entity(
        "Marta Keller", "Person", "Keller", "Minister Keller", same_as="https://www.wikidata.org/entity/Q1"
    )
    ivo = s.entity("Ivo Brandt", "Person", "Brandt")
    lena = s.entity("Léna Óskarsdóttir", "Person", "Lena Oskarsdottir", "Óskarsdóttir")
    paul = s.entity("Paul Adeyemi", "Person", "Adeyemi")
    tom = s.entity("Tom Hale", "Person", "Hale")
    sofia = s.entity("Sofia Marin", "Person", "Marin")
    omar = s.entity("Omar Haddad", "Person", "Haddad")
    norland = s.entity("Norland", "Country")
    sudria = s.entity("Sudria", "Country", same_as="https://sws.geonames.org/1/")
    capital = s.entity("Port Almar", "Place", "Almar")
    island = s.entity("Grey Island", "Place")
    ministry = s.entity("Norland Foreign Ministry", "Organization", "the ministry")
    yard = s.entity("Almar Shipyards", "Organization", "Almar Yards", "the shipyard")
    fund = s.entity("Blue Anchor Capital", "Organization", "Blue Anchor")
    union = s.entity("Dockworkers' Union", "Organization", "the union")
    paper = s.entity("The Morning Ledger", "Organization", "Ledger")
    court = s.entity("Harbour Court", "Organization")
    fishers = s.entity("Sudrians", "Group")
    book = s.entity("The Quiet Strait", "Work")
    ferry = s.entity("Aurora ferry", "Product")
    forum = s.entity("Strait Forum", "Event")
    s.entity("Old Lighthouse", "Place", "the lighthouse")
    ledger = s.document(
        "Ministers meet over the strait",
        outlet="The Morning Ledger",
        date="2024-03-05",
        url="https://ledger.example/strait",
    )
    gazette = s.document(
        "Sudria says no talks took place",
        outlet="Sudria Gazette",
        date="2024-03-07",
        url="https://gazette.example/a?b=1&c=2",
    )
    wire = s.document("Shipyard takeover heads to court", outlet="Coast Wire", date="2024-05-21")
    late = s.document(
        "What next for the strait", outlet="The Morning Ledger", date="2024-06-02", url="https://ledger.example/next"
    )
    talks = s.event("Meeting", [marta, ivo], start="2024-03-04", text="on Monday", place=capital)
    s.graph.add((talks, KG.status, KG.disputed))
    s.claim(
        marta,
        "met",
        ivo,
        ledger,
        "Marta Keller met Ivo Brandt in Port Almar on Monday, the ministry said.",
        by=ministry,
        confidence=0.94,
        event=talks,
    )
    s.claim(
        ivo,
        "met",
        marta,
        late,
        "Brandt had met Keller in March, three diplomats recalled.",
        confidence=0.88,
        event=talks,
        unnamed="three diplomats",
    )
    s.claim(
        ivo,
        "met",
        marta,
        gazette,
        "“I never met Minister Keller,” Brandt told reporters.",
        stance="denies",
        by=ivo,
        confidence=0.9,
        event=talks,
    )
    s.claim(marta, "talkedWith", ivo, late, "Keller spoke with Brandt by telephone on Saturday.", confidence=0.86)
    s.claim(marta, "criticized", ivo, late, "Keller criticised Brandt for leaving the table.", confidence=0.8)
    s.claim(
        marta,
        "leads",
        ministry,
        ledger,
        "Keller, who heads the Norland Foreign Ministry, arrived by sea.",
        confidence=0.97,
    )
    s.claim(
        marta,
        "visited",
        capital,
        ledger,
        "Marta Keller met Ivo Brandt in Port Almar on Monday, the ministry said.",
        confidence=0.9,
    )
    s.claim(
        marta, "visited", island, late, "Keller will visit Grey Island in July.", modality="planned", confidence=0.84
    )
    s.claim(ivo, "visited", island, late, "Brandt may visit Grey Island as well.", modality="possible", confidence=0.6)
    s.claim(ivo, "worksFor", sudria, gazette, "Brandt negotiates for Sudria.", confidence=0.8)
    s.claim(
        lena,
        "speaksFor",
        ministry,
        ledger,
        "Léna Óskarsdóttir, a spokeswoman of the ministry, declined to comment.",
        confidence=0.95,
    )
    s.claim(lena, "met", omar, late, "Óskarsdóttir met Omar Haddad of the fishermen's league.", confidence=0.9)
    s.claim(omar, "memberOf", fishers, late, "Haddad, a Sudrian, has fished the strait for decades.", confidence=0.7)
    s.claim(
        norland,
        "signedAgreementWith",
        sudria,
        late,
        "Norland and Sudria signed a fisheries accord in May.",
        confidence=0.92,
        event=s.event("Agreement", [norland, sudria], start="2024-05-01", end="2024-05-31", text="in May"),
    )
    s.claim(sudria, "accused", norland, gazette, "Sudria accused Norland of spreading rumours.", confidence=0.9)
    s.claim(capital, "locatedIn", norland, ledger, "Port Almar, Norland", confidence=0.99)
    s.claim(island, "locatedIn", sudria, late, "Grey Island, which belongs to Sudria, has no harbour.", confidence=0.9)
    s.claim(
        fund,
        "acquired",
        yard,
        wire,
        "Blue Anchor Capital bought Almar Shipyards in April.",
        event=s.event("Acquisition", [fund, yard], start="2024-04-01", end="2024-04-30", text="in April"),
        confidence=0.93,
    )
    s.claim(
        paul,
        "leads",
        fund,
        wire,
        "Paul Adeyemi, the chief executive of Blue Anchor, welcomed the ruling.",
        confidence=0.96,
    )
    s.claim(
        tom, "leads", union, wire, "Tom Hale, president of the Dockworkers' Union, vowed to appeal.", confidence=0.96
    )
    s.claim(
        union,
        "sued",
        fund,
        wire,
        "The union sued Blue Anchor on 14 May.",
        event=s.event("Lawsuit", [union, fund], start="2024-05-14", text="on 14 May"),
        confidence=0.94,
    )
    s.claim(union, "opposes", fund, wire, "The Dockworkers' Union opposes Blue Anchor and its plans.", confidence=0.85)
    s.claim(tom, "accused", paul, wire, "Hale accused Adeyemi of breaking his word.", confidence=0.9)
    s.claim(
        paul,
        "met",
        tom,
        wire,
        "Adeyemi denied that he had met Hale before the vote.",
        stance="denies",
        by=paul,
        confidence=0.85,
    )
    s.claim(
        yard,
        "launched",
        ferry,
        wire,
        "The shipyard launched the Aurora ferry last week.",
        confidence=0.9,
        event=s.event("Launch", [yard, ferry], start="2024-05-13", end="2024-05-19", text="last week"),
    )
    s.claim(
        yard, "basedIn", capital, wire, "Almar Shipyards, based in Port Almar, employs 900 people.", confidence=0.97
    )
    s.claim(sofia, "worksFor", paper, ledger, "Sofia Marin reports for The Morning Ledger.", confidence=0.9)
    s.claim(sofia, "authored", book, late, "Sofia Marin, author of The Quiet Strait, doubts it.", confidence=0.95)
    s.claim(marta, "participatedIn", forum, late, "Keller took part in the Strait Forum.", confidence=0.9)
    s.claim(
        sudria,
        "foundedOn",
        Literal("1921", datatype=XSD.gYear),
        late,
        "Sudria, founded in 1921, turned inward.",
        confidence=0.9,
    )
    s.claim(
        sofia,
        "bornOn",
        Literal("1975-03-02", datatype=XSD.date),
        late,
        "Marin was born on 2 March 1975.",
        confidence=0.9,
    )
    s.claim(court, "supports", union, wire, "The Harbour Court sided with the union for now.", confidence=0.66)
    shrugged = KG["shrug-off"]
    s.graph.add((shrugged, RDFS.subPropertyOf, KG.relatedTo))
    s.graph.add((shrugged, RDFS.label, Literal("shrugged off")))
    s.claim(paul, "shrug-off", court, wire, "Adeyemi shrugged off the Harbour Court.", confidence=0.7)
    s.tenure(
        marta, "foreign minister", ministry, ledger, "Keller, who heads the Norland Foreign Ministry, arrived by sea."
    )
    s.tenure(tom, "president", union, wire, "Tom Hale, president of the Dockworkers' Union, vowed to appeal.")
    s.tenure(omar, "league chairman", None, late, "Haddad, a former league chairman, smiled.", "former")
    s.quotation(ivo, "I never met Minister Keller", gazette)
    s.quotation(tom, "We will see them in court, and we will see them at the gates.", wire)
    s.quotation(None, "The sea keeps no minutes.", late)
    return s.graph


def old() -> Graph:
    """The small story and one fact of 1888."""
    s = Story(small())
    pact = [s.entity("Norland", "Country"), s.entity("Sudria", "Country")]
    event = s.event("Agreement", pact, start="1888-05-01", text="in 1888")
    paper = s.document("Looking back", outlet="Coast Wire", date="2024-06-03")
    s.claim(pact[0], "signedAgreementWith", pact[1], paper, "Norland and Sudria signed a pact in 1888.", event=event)
    return s.graph


HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    '<a href="javascript:alert(3)">href</a>',
    "</script><script>alert(4)</script>",
    "\"'><svg/onload=alert(5)>",
    "evil \u202etxt.exe\u202c \u2066bidi\u2069 \u200fmark",
    "{{ 7*7 }} {% raw %} ${alert(6)} `x`",
    "<!--<script>",
    "line\u2028separator\u2029and\x00nul\x1besc",
    '=HYPERLINK("http://x","y")',
    "Z" * 10_000,
    "\ud83d lone surrogate",
    "(unclosed [class *star+ \\",
    "__proto__",
    "constructor",
    "ﷺ 👩‍👩‍👧‍👦 नमस्ते 漢字",
    " ",
)


HOSTILE_IRIS = (
    "javascript:alert(11)",
    f"{BASE}</script><script>alert(12)</script>",
    f'{BASE}"><img src=x onerror=alert(13)>',
    f"{BASE}\u202eevil\u2066",
    f"{BASE}{'y' * 10_000}",
    "data:text/html,<script>alert(14)</script>",
    f"{BASE}#node=nobody&tab=table",
    f"{BASE}%3Cscript%3Ealert(15)%3C/script%3E",
    "no-scheme at all",
)


def hostile() -> Graph:
    """Every text of the graph tries to be something else than text."""
    s = Story()
    urls = (
        "javascript:alert(9)",
        'https://ok.example/"onmouseover=alert(1)',
        "data:text/html,<script>alert(1)</script>",
        "https://fine.example/x",
    )
    previous = None
    for number, text in enumerate(HOSTILE):
        who = s.entity(
            text,
            ("Person", "Organization", "Ship", "Place")[number % 4],
            text[::-1],
            same_as="javascript:alert(8)",
            key=f"hostile-{number}",
        )
        paper = s.document(
            text, outlet=text, date=("2024-01-02", "not a date", "2024-13-99")[number % 3], url=urls[number % 4]
        )
        if previous is not None:
            event = s.event("Meeting", [who, previous], start=("2024-01-02", "0000-00-00")[number % 2], text=text)
            s.claim(who, "met", previous, paper, f"{text} met {HOSTILE[number - 1]}", by=who, event=event)
            s.claim(who, f"open-{number}", previous, paper, text, stance="denies", by=who)
            s.graph.add((KG[f"open-{number}"], RDFS.label, Literal(text)))
            s.tenure(who, text, previous, paper, text)
        s.quotation(who, text, paper)
        previous = who
    # IRIs too are texts of others: of entities, classes, relations, documents, with and without a name.
    for number, iri in enumerate(HOSTILE_IRIS):
        one = URIRef(iri)
        s.graph.add((one, RDF.type, URIRef(iri) if number % 2 else KG.Person))
        if number % 3:
            s.graph.add((one, RDFS.label, Literal(f"Known by a bad IRI {number}")))
        s.graph.add((one, OWL.sameAs, one))
        claim = s.claim(one, f"by-{number}", previous, one, iri, by=one)
        s.graph.remove((claim, RDF.predicate, None))
        s.graph.add((claim, RDF.predicate, one))
        previous = one
    return s.graph


def large(entities: int = 300, *, claims_each: int = 3, seed: int = 1) -> Graph:
    """A graph of many entities in loose groups, some of them hubs."""
    s = Story()
    chance = random.Random(seed)
    types = ("Person", "Person", "Person", "Organization", "Place", "Country", "Group")
    who = [
        s.entity(f"Name {number} of many", types[number % len(types)], f"N. {number}", key=f"name-{number}")
        for number in range(entities)
    ]
    papers = [
        s.document(f"Report {number}", outlet=f"Outlet {number % 7}", date=f"20{10 + number % 14}-0{1 + number % 9}-15")
        for number in range(max(3, entities // 20))
    ]
    relations = ("met", "visited", "leads", "memberOf", "accused", "supports", "worksFor")
    for number in range(entities * claims_each):
        first = int(entities * chance.random() ** 2.2)
        near = chance.random() < 0.75
        second = (first + chance.randint(1, 25)) % entities if near else int(entities * chance.random() ** 2.2)
        if first != second:
            relation, pair = relations[number % 7], [who[first], who[second]]
            kind, day = {"met": "Meeting", "visited": "Visit"}.get(relation, ""), f"2023-{1 + number % 12:02}-11"
            s.claim(
                who[first],
                relation,
                who[second],
                papers[chance.randrange(len(papers))],
                f"Name {first} of many did something to Name {second} of many, sentence {number}.",
                stance="denies" if number % 29 == 0 else "asserts",
                modality=("actual", "actual", "actual", "planned", "possible")[number % 5],
                confidence=0.5 + (number % 50) / 100,
                event=s.event(kind, pair, start=day, text="on the eleventh") if kind else None,
            )
    return s.graph
