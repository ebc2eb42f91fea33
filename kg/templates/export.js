// What is shown, to take away: a picture, a table, Turtle.

function save(blob, ending) {
  const name = `${
    fold(page.title)
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "")
      .slice(0, 60) || "graph"
  }.${ending}`;
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  say(`${name} saved`);
}

function savePicture() {
  const canvas = byId("canvas").querySelector("canvas");
  const ratio = canvas.width / canvas.getBoundingClientRect().width;
  const copy = h("canvas");
  copy.width = canvas.width;
  copy.height = canvas.height + 44 * ratio;
  const ctx = copy.getContext("2d");
  ctx.fillStyle = colours.paper;
  ctx.fillRect(0, 0, copy.width, copy.height);
  ctx.drawImage(canvas, 0, 0);
  ctx.scale(ratio, ratio);
  ctx.textBaseline = "middle";
  let x = 16;
  const y = canvas.height / ratio + 22;
  const types = [...TYPES, "Other"].filter((type) => [...shown.nodes].some((id) => typeOf(entities[id]) === type));
  for (const type of types) {
    ctx.save();
    ctx.translate(x + 6, y);
    ctx.scale(6, 6);
    ctx.fillStyle = colours.type[type];
    ctx.fill(PATHS[type]);
    ctx.restore();
    ctx.font = `12px ${FONT}`;
    ctx.fillStyle = colours.soft;
    ctx.fillText(plural[type], x + 18, y);
    x += 34 + ctx.measureText(plural[type]).width;
  }
  ctx.textAlign = "right";
  ctx.font = `600 12px ${FONT}`;
  ctx.fillStyle = colours.ink;
  ctx.fillText(page.title.slice(0, 80), copy.width / ratio - 16, y);
  copy.toBlob((blob) => save(blob, "png"), "image/png");
}

// A cell that a spreadsheet would run as a formula gets an apostrophe in front.
const cell = (text) => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replace(/"/g, '""')}"`;
function toCsv() {
  const columns = [
    ...COLUMNS,
    { label: "Stance", text: (claim) => (claim.denies ? "denies" : "asserts") },
    { label: "Modality", text: (claim) => claim.modality },
    {
      label: "Document",
      text: (claim) =>
        claim.evidence[0] && claim.evidence[0].source
          ? claim.evidence[0].source.title || claim.evidence[0].source.iri
          : "",
    },
    {
      label: "URL",
      text: (claim) => (claim.evidence[0] && claim.evidence[0].source && claim.evidence[0].source.url) || "",
    },
  ];
  const rows = sortedFacts().map((claim) => columns.map((column) => cell(column.text(claim))).join(","));
  return `\ufeff${[columns.map((column) => cell(column.label)).join(","), ...rows].join("\r\n")}\r\n`;
}

const iriOf = (text) => `<${text.replace(/[^\x21-\uffff]|[<>"{}|^`\\]/g, (letter) => encodeURIComponent(letter))}>`;
const literal = (text) =>
  `"${text
    .replace(/[\\"]/g, "\\$&")
    .replace(/\n/g, "\\n")
    .replace(/\r/g, "\\r")
    .replace(/\t/g, "\\t")
    .replace(/[\u0000-\u001f\u007f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`)}"`;
function toTurtle() {
  const space = (relations.find((relation) => !relation.open) || { iri: "https://kg.example/ontology#x" }).iri.replace(
    /[^#/]*$/,
    "",
  );
  const term = (name) => iriOf(space + name);
  const date = (text) =>
    `${literal(text)}^^<http://www.w3.org/2001/XMLSchema#${{ 4: "gYear", 7: "gYearMonth", 10: "date" }[text.length] || "string"}>`;
  const out = [
    "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .",
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .",
    "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
    "@prefix dcterms: <http://purl.org/dc/terms/> .",
    "",
  ];
  const facts = sortedFacts();
  const used = new Set(facts.flatMap((claim) => [claim.s, ...(claim.literal ? [] : [claim.o]), ...claim.speakers]));
  for (const id of [...used].sort((a, b) => a - b)) {
    const entity = entities[id];
    out.push(
      `${iriOf(entity.iri)} a ${term(entity.type)} ; rdfs:label ${literal(entity.label)}${entity.aliases.map((alias) => ` ; skos:altLabel ${literal(alias)}`).join("")} .`,
    );
  }
  const pieces = new Set();
  const plain = new Set();
  for (const claim of facts) {
    const object = claim.literal ? date(claim.value) : iriOf(entities[claim.o].iri);
    if (!claim.denies && claim.modality === "actual") {
      plain.add(`${iriOf(entities[claim.s].iri)} ${iriOf(claim.relation.iri)} ${object} .`);
      if (claim.relation.symmetric && !claim.literal)
        plain.add(`${object} ${iriOf(claim.relation.iri)} ${iriOf(entities[claim.s].iri)} .`);
    }
    if (claim.unbacked) continue;
    const parts = [
      `a ${term("Claim")}`,
      `rdf:subject ${iriOf(entities[claim.s].iri)}`,
      `rdf:predicate ${iriOf(claim.relation.iri)}`,
      `rdf:object ${object}`,
      `${term("stance")} ${term(claim.denies ? "denies" : "asserts")}`,
      `${term("modality")} ${term(claim.modality)}`,
    ];
    if (claim.confidence !== undefined) parts.push(`${term("confidence")} ${claim.confidence.toFixed(2)}`);
    for (const id of claim.speakers) parts.push(`${term("attributedTo")} ${iriOf(entities[id].iri)}`);
    for (const piece of claim.evidence) {
      pieces.add(piece);
      parts.push(`${term("evidence")} ${iriOf(piece.iri)}`);
    }
    out.push(`${iriOf(claim.iri)} ${parts.join(" ; ")} .`);
  }
  const sources = new Set();
  for (const piece of pieces) {
    const parts = [`a ${term("Evidence")}`, `${term("quote")} ${literal(piece.quote || "")}`];
    if (piece.source) {
      sources.add(piece.source);
      parts.push(`dcterms:source ${iriOf(piece.source.iri)}`);
    }
    if (piece.end !== undefined) parts.push(`${term("begin")} ${piece.begin}`, `${term("end")} ${piece.end}`);
    out.push(`${iriOf(piece.iri)} ${parts.join(" ; ")} .`);
  }
  for (const source of sources) {
    const parts = [`a ${term("Document")}`];
    if (source.title) parts.push(`dcterms:title ${literal(source.title)}`);
    if (source.date) parts.push(`dcterms:issued ${date(source.date)}`);
    if (source.outlet) parts.push(`dcterms:publisher ${literal(source.outlet)}`);
    out.push(`${iriOf(source.iri)} ${parts.join(" ; ")} .`);
  }
  return `${[...out, ...[...plain].sort()].join("\n")}\n`;
}

function exportAs(kind) {
  if (kind === "png") {
    if (state.tab !== "network") change({ tab: "network" });
    requestAnimationFrame(() => requestAnimationFrame(savePicture));
  } else if (kind === "csv") save(new Blob([toCsv()], { type: "text/csv;charset=utf-8" }), "csv");
  else save(new Blob([toTurtle()], { type: "text/turtle;charset=utf-8" }), "ttl");
}
