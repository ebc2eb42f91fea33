// The page's records, joined up: entities, claims, the lines that claims draw, statements that claims repeat.

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const page = read("page");
// IRIs of the graph's own base stand without it.
const whole = (iri) => (/^[a-z][a-z0-9+.-]*:/i.test(iri || "") ? iri : page.base + (iri || ""));
const { entities, relations, documents, evidence, claims, events, tenures, quotations } = page;

const STATUSES = [
  { key: "stated", label: "Stated as fact", mark: "" },
  { key: "disputed", label: "Disputed", mark: "!" },
  { key: "planned", label: "Planned", mark: "" },
  { key: "possible", label: "Possible", mark: "" },
  { key: "denied", label: "Denied", mark: "✕" },
];
const STATUS = new Map(STATUSES.map((status, order) => [status.key, { ...status, order }]));

const TYPES = ["Person", "Organization", "Country", "Place", "Group", "Event", "Work", "Product"];
const typeOf = (entity) => (TYPES.includes(entity.type) ? entity.type : "Other");
const plural = {
  Person: "People",
  Organization: "Organisations",
  Country: "Countries",
  Place: "Places",
  Group: "Groups",
  Event: "Events",
  Work: "Works",
  Product: "Products",
  Other: "Other",
};
const singular = { ...Object.fromEntries(TYPES.map((type) => [type, type])), Organization: "Organisation" };

const byKey = new Map();
entities.forEach((entity, id) => {
  Object.assign(entity, {
    id,
    iri: whole(entity.iri || entity.key),
    aliases: entity.aliases || [],
    links: entity.links || [],
  });
  Object.assign(entity, { claims: [], lines: new Map(), tenures: [], quotations: [] });
  byKey.set(entity.key, entity);
});
relations.forEach((relation, id) => Object.assign(relation, { id, claims: 0 }));
documents.forEach((document_, id) =>
  Object.assign(document_, { id, iri: whole(document_.iri), outlet: document_.outlet || "" }),
);
evidence.forEach((piece) => Object.assign(piece, { iri: whole(piece.iri), source: documents[piece.document] || null }));
events.forEach((event, id) =>
  Object.assign(event, { id, iri: whole(event.iri), who: event.who || [], where: event.where || [], claims: [] }),
);

const lines = new Map(); // one line a pair of entities, whatever the number of facts
const statements = new Map(); // claims of the same subject, relation and object
const lineKey = (a, b) => (a < b ? `${a}-${b}` : `${b}-${a}`);
const NO_OUTLET = "(no outlet)";

claims.forEach((claim, id) => {
  Object.assign(claim, {
    id,
    iri: whole(claim.iri),
    status: claim.status || "stated",
    modality: claim.modality || "actual",
  });
  claim.evidence = (claim.evidence || []).map((number) => evidence[number]);
  claim.speakers = claim.speakers || [];
  claim.unnamed = claim.unnamed || [];
  claim.relation = relations[claim.r];
  claim.relation.claims += 1;
  claim.literal = claim.o === undefined;
  const happening = claim.event === undefined ? null : events[claim.event];
  if (happening) happening.claims.push(claim);
  const sources = claim.evidence.map((piece) => piece.source).filter(Boolean);
  claim.outlets = [...new Set(sources.map((source) => source.outlet || NO_OUTLET))];
  if (!claim.outlets.length) claim.outlets.push(NO_OUTLET);
  claim.published =
    sources
      .map((source) => source.date || "")
      .filter(Boolean)
      .sort()[0] || "";
  claim.happened = (happening && happening.start) || (claim.literal && /^\d{4}/.test(claim.value) ? claim.value : "");
  claim.when = claim.literal ? claim.published : claim.happened || claim.published;

  entities[claim.s].claims.push(claim);
  let [from, to] = [claim.s, claim.o];
  if (!claim.literal && claim.o !== claim.s) {
    entities[claim.o].claims.push(claim);
    const key = lineKey(claim.s, claim.o);
    if (!lines.has(key)) {
      const line = { id: key, a: Math.min(claim.s, claim.o), b: Math.max(claim.s, claim.o), claims: [] };
      lines.set(key, line);
      entities[line.a].lines.set(line.b, line);
      entities[line.b].lines.set(line.a, line);
    }
    claim.line = lines.get(key);
    claim.line.claims.push(claim);
    if (claim.relation.symmetric && to < from) [from, to] = [to, from];
  }
  const key = `${from}|${claim.r}|${claim.literal ? claim.value : to}`;
  if (!statements.has(key)) statements.set(key, { key, status: claim.status, claims: [] });
  claim.statement = statements.get(key);
  claim.statement.claims.push(claim);
});
// Whoever says so comes before whoever denies it, the earlier report before the later.
for (const statement of statements.values())
  statement.claims.sort(
    (a, b) =>
      Boolean(a.denies) - Boolean(b.denies) ||
      (a.published || "9999").localeCompare(b.published || "9999") ||
      a.id - b.id,
  );
tenures.forEach((tenure) => {
  tenure.iri = whole(tenure.iri);
  tenure.evidence = (tenure.evidence || []).map((number) => evidence[number]);
  entities[tenure.holder].tenures.push(tenure);
});
quotations.forEach((quotation, id) => {
  Object.assign(quotation, { id, iri: whole(quotation.iri) });
  quotation.evidence = (quotation.evidence || []).map((number) => evidence[number]);
  if (quotation.speaker !== undefined) entities[quotation.speaker].quotations.push(quotation);
});

const other = (line, id) => (line.a === id ? line.b : line.a);
const brief = (text, most = 80) => (text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text);
const nameOf = (id) => brief(entities[id].label);
const objectText = (claim) => (claim.literal ? showDate(claim.value) : entities[claim.o].label);
const sentenceOf = (claim) => `${nameOf(claim.s)} ${brief(claim.relation.label)} ${brief(objectText(claim))}`;

// ---- words

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function showDate(text) {
  const parts = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?/.exec(text || "");
  if (!parts) return text || "";
  const month = parts[2] ? MONTHS[Number(parts[2]) - 1] || parts[2] : "";
  return [parts[3] ? String(Number(parts[3])) : "", month, parts[1]].filter(Boolean).join(" ");
}

const lastOfMonth = (day) => new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0)).getUTCDate();

// A span in as few words as it has: a day, "Apr 2024", "Mar – May 2024", "1994", or two days.
function showSpan(start, end) {
  if (!start || !end || start === end) return showDate(start || end);
  const [one, year] = [start.slice(0, 4), end.slice(0, 4)];
  if (start.endsWith("-01") && end.length === 10 && Number(end.slice(8)) === lastOfMonth(end)) {
    if (start.endsWith("-01-01") && end.endsWith("-12-31")) return one === year ? year : `${one} – ${year}`;
    const [from, to] = [showDate(start.slice(0, 7)), showDate(end.slice(0, 7))];
    return from === to ? to : `${one === year ? from.slice(0, 3) : from} – ${to}`;
  }
  return `${one === year ? showDate(start).replace(` ${year}`, "") : showDate(start)} – ${showDate(end)}`;
}

const spelled = (name) => name.replace(/([a-z])([A-Z])/g, "$1 $2").replace(/^./, (letter) => letter.toUpperCase());
// 12,345: thousands apart, the same in every browser's language.
const figures = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");
const counted = (number, one, many = `${one}s`) => `${figures(number)} ${number === 1 ? one : many}`;
const isWeb = (url) => /^https?:\/\/[^\s]+$/i.test(url || "");

// ---- building elements: text is only ever set as text

function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "on") for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler);
    else if (key === "data") Object.assign(element.dataset, value);
    else if (key === "style")
      element.style.cssText = value; // the page lets no style attribute pass
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";
function svg(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

const bdi = (text, attributes = {}) => h("bdi", attributes, text);
const byId = (id) => document.getElementById(id);
