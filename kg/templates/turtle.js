// The facts shown as Turtle in the words of VOCABULARY.md, with all that the page knows of them: what it makes can be
// queried, and viewed again, like the graph that it comes from.

const iriOf = (text) =>
  `<${(/^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `urn:name:${text}`).replace(/[\u0000-\u0020<>"{}|^`\\]/g, (letter) => encodeURIComponent(letter))}>`;
const literal = (text) =>
  `"${text
    .replace(/[\\"]/g, "\\$&")
    .replace(/\n/g, "\\n")
    .replace(/\r/g, "\\r")
    .replace(/\t/g, "\\t")
    .replace(/[\u0000-\u001f\u007f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`)}"`;
const decimal = (number) => (Number.isInteger(number) ? number.toFixed(1) : String(number));
const KINDS_OF_DATES = { 4: "gYear", 7: "gYearMonth", 10: "date" };
const date = (text) =>
  /^\d{4}(-\d\d){0,2}$/.test(text)
    ? `${literal(text)}^^<http://www.w3.org/2001/XMLSchema#${KINDS_OF_DATES[text.length]}>`
    : literal(text);

function toTurtle() {
  const term = (name) => iriOf(page.terms + name);
  const entityIri = (id) => iriOf(entities[id].iri);
  const facts = sortedFacts();
  const own = new Set(facts);
  const happenings = new Set(facts.map((claim) => claim.event).filter((event) => event !== undefined));
  const ends = new Set(facts.flatMap((claim) => [claim.s, ...(claim.literal ? [] : [claim.o])]));
  if (!facts.length && state.node !== null) ends.add(state.node);
  const offices = tenures.filter((tenure) => ends.has(tenure.holder));
  const said = quotations.filter((quotation) => ends.has(quotation.speaker) && quotationPasses(quotation));

  const used = new Set(ends);
  const pieces = new Set();
  const out = [
    "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .",
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .",
    "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
    "@prefix owl: <http://www.w3.org/2002/07/owl#> .",
    "@prefix dcterms: <http://purl.org/dc/terms/> .",
    "",
  ];
  // `rows` of a property and its values; entities and evidence that they name are told as well.
  const tell = (iri, kind, rows) =>
    out.push(
      `${iriOf(iri)} a ${term(kind)}${rows
        .filter(([, value]) => value !== "" && value !== undefined)
        .map(([property, value]) => ` ;\n    ${property} ${value}`)
        .join("")} .`,
    );
  const who = (name, ids) =>
    (ids || []).map((id) => {
      used.add(id);
      return [term(name), entityIri(id)];
    });
  const proof = (list_) =>
    list_.map((piece) => {
      pieces.add(piece);
      return [term("evidence"), iriOf(piece.iri)];
    });
  const text = (name, value) => [term(name), value ? literal(value) : ""];
  const day = (name, value) => [term(name), value ? date(value) : ""];

  const nameless = (claim, n) => `${claim.iri}-source-${n + 1}`; // the page knows the words alone

  const plain = new Set();
  for (const claim of facts) {
    const object = claim.literal ? date(claim.value) : entityIri(claim.o);
    const relation = iriOf(claim.relation.iri);
    if (!claim.denies && claim.modality === "actual") {
      plain.add(`${entityIri(claim.s)} ${relation} ${object} .`);
      if (claim.relation.symmetric && !claim.literal) plain.add(`${object} ${relation} ${entityIri(claim.s)} .`);
    }
    if (claim.unbacked) continue;
    tell(claim.iri, "Claim", [
      ["rdf:subject", entityIri(claim.s)],
      ["rdf:predicate", relation],
      ["rdf:object", object],
      [term("event"), claim.event === undefined ? "" : iriOf(events[claim.event].iri)],
      [term("stance"), term(claim.denies ? "denies" : "asserts")],
      [term("modality"), term(claim.modality)],
      [term("confidence"), claim.confidence === undefined ? "" : decimal(claim.confidence)],
      ...who("attributedTo", claim.speakers),
      ...claim.unnamed.map((words, n) => [term("unnamedSource"), iriOf(nameless(claim, n))]),
      ...proof(claim.evidence),
    ]);
    claim.unnamed.forEach((words, n) => tell(nameless(claim, n), "UnnamedSource", [["rdfs:label", literal(words)]]));
  }
  for (const event of [...happenings].map((id) => events[id])) {
    const some = event.claims.some((claim) => !own.has(claim)); // told in part: whoever is left out stays out
    const kept = (ids) => (some ? (ids || []).filter((id) => used.has(id)) : ids);
    tell(event.iri, event.type, [
      ...who("participant", kept(event.who)),
      ...who("place", event.where),
      day("startDate", event.start),
      day("endDate", event.end),
      text("timeText", event.text),
      ...who("assertedBy", kept(event.asserted)),
      ...who("deniedBy", kept(event.denied)),
      [term("status"), event.disputed ? term("disputed") : ""],
    ]);
  }
  for (const tenure of offices)
    tell(tenure.iri, "Tenure", [
      ...who("holder", [tenure.holder]),
      text("title", tenure.title),
      ...who("organization", tenure.organization === undefined ? [] : [tenure.organization]),
      [term("tense"), tenure.tense ? term(tenure.tense) : ""],
      day("startDate", tenure.start),
      day("endDate", tenure.end),
      ...proof(tenure.evidence),
    ]);
  for (const quotation of said)
    tell(quotation.iri, "Quotation", [
      ...who("speaker", [quotation.speaker]),
      text("text", quotation.text),
      ...proof(quotation.evidence),
    ]);
  const sources = new Set();
  for (const piece of pieces) {
    if (piece.source) sources.add(piece.source);
    tell(piece.iri, "Evidence", [
      ["dcterms:source", piece.source ? iriOf(piece.source.iri) : ""],
      [term("begin"), piece.end === undefined ? "" : piece.begin || 0],
      [term("end"), piece.end],
      text("quote", piece.quote),
    ]);
  }
  for (const source of sources)
    tell(source.iri, "Document", [
      ["dcterms:title", source.title ? literal(source.title) : ""],
      ["dcterms:issued", source.date ? date(source.date) : ""],
      ["dcterms:publisher", source.outlet ? literal(source.outlet) : ""],
      ["rdfs:seeAlso", isWeb(source.url) ? iriOf(source.url) : ""],
    ]);
  for (const id of [...used].sort((a, b) => a - b)) {
    const entity = entities[id];
    tell(entity.iri, entity.type, [
      ["rdfs:label", literal(entity.label)],
      ...entity.aliases.map((alias) => ["skos:altLabel", literal(alias)]),
      ...entity.links.filter(isWeb).map((link) => ["owl:sameAs", iriOf(link)]),
    ]);
  }
  for (const relation of new Set(facts.map((claim) => claim.relation)))
    if (relation.open)
      out.push(
        `${iriOf(relation.iri)} rdfs:label ${literal(relation.label)} ; rdfs:subPropertyOf ${term("relatedTo")} .`,
      );
  return `${[...out, ...[...plain].sort()].join("\n")}\n`;
}
