// How facts are told: each with the sentence, document and speaker that it comes from.

// The quote with the names of both ends marked; nothing but text and <mark>.
function marked(quote, ends) {
  const wanted = new Map();
  ends
    .filter((id) => id !== undefined)
    .forEach((id, i) => {
      const entity = entities[id];
      const forms = [entity.label, ...entity.aliases];
      if (entity.type === "Person") forms.push(...forms.map((form) => form.split(" ").pop()));
      for (const form of forms) if (form.length > 1 && form.length < 120) wanted.set(form.toLowerCase(), i);
    });
  if (!wanted.size) return [quote];
  const forms = [...wanted.keys()]
    .sort((a, b) => b.length - a.length)
    .map((form) => form.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${forms.join("|")})(?![\\p{L}\\p{N}])`, "giu");
  const parts = [];
  let last = 0;
  for (const found of quote.matchAll(pattern)) {
    parts.push(
      quote.slice(last, found.index),
      h("mark", { class: `end-${wanted.get(found[0].toLowerCase()) ?? 0}` }, found[0]),
    );
    last = found.index + found[0].length;
  }
  parts.push(quote.slice(last));
  return parts.filter((part) => part !== "");
}

const goTo = (id, words) =>
  h("button", { type: "button", class: "go", on: { click: () => select({ node: id }) } }, bdi(words || nameOf(id)));
const list = (elements) => elements.flatMap((element, i) => (i ? [", ", element] : [element]));

function sourceLine(piece) {
  const { source } = piece;
  if (!source) return h("span", { class: "faint" }, "document unknown");
  const title = source.title || source.iri.split("/").pop();
  return h(
    "span",
    { class: "source" },
    source.outlet ? h("b", {}, bdi(source.outlet)) : "",
    source.date ? h("time", { datetime: source.date }, showDate(source.date)) : "",
    isWeb(source.url)
      ? h(
          "a",
          { href: source.url, target: "_blank", rel: "noopener noreferrer", referrerpolicy: "no-referrer" },
          bdi(title),
          h("span", { class: "unseen" }, " (opens the article)"),
        )
      : h("cite", {}, bdi(title)),
  );
}

// What is so long that it scrolls can be reached by keyboard.
const ifLong = (text, most) => ({ dir: "auto", tabindex: text.length > most ? 0 : null });
const quoteText = (piece, ends) => h("blockquote", ifLong(piece.quote || "", 800), ...marked(piece.quote || "", ends));

// One claim: badges, the sentence, who says so, where.
function claimBlock(claim) {
  const signs = [];
  if (claim.denies) signs.push(badge("denied", "Denies this"));
  if (claim.modality !== "actual" && claim.modality !== claim.status) signs.push(badge(claim.modality));
  if (claim.derived) signs.push(h("span", { class: "badge" }, "Derived"));
  const happening = claim.event === undefined ? null : events[claim.event];
  const facts = [];
  const sayers = [...claim.speakers.map((id) => goTo(id)), ...claim.unnamed];
  if (sayers.length) facts.push(h("span", {}, claim.denies ? "denied by " : "according to ", ...list(sayers)));
  if (happening && (happening.text || happening.start)) {
    const day = showSpan(happening.start, happening.end);
    facts.push(
      h(
        "span",
        {},
        "when: ",
        h("b", {}, day || bdi(happening.text)),
        day && happening.text && happening.text !== day
          ? h("span", { class: "faint" }, " (“", bdi(happening.text), "”)")
          : "",
      ),
    );
  }
  if (happening && happening.where.length)
    facts.push(h("span", {}, "where: ", ...list(happening.where.map((id) => goTo(id)))));
  if (claim.level && claim.level !== "explicit")
    facts.push(h("span", {}, claim.level === "resolved" ? "read from a pronoun or role" : claim.level));
  if (claim.confidence !== undefined) {
    facts.push(
      h(
        "span",
        { class: "sure", title: "How sure the reading of the sentence is" },
        h(
          "span",
          { class: "meter", "aria-hidden": "true" },
          h("i", { style: `width:${Math.round(claim.confidence * 100)}%` }),
        ),
        `${Math.round(claim.confidence * 100)} % sure`,
      ),
    );
  }
  const quotes = claim.evidence.map((piece) =>
    h("figure", { class: "quote" }, quoteText(piece, [claim.s, claim.o]), h("figcaption", {}, sourceLine(piece))),
  );
  if (!quotes.length)
    quotes.push(
      h(
        "p",
        { class: "faint" },
        claim.unbacked
          ? "Background knowledge: no document of this graph says so."
          : "No sentence is stored for this fact.",
      ),
    );
  return h(
    "div",
    { class: `claim${claim.denies ? " denies" : ""}` },
    signs.length ? h("p", { class: "signs" }, ...signs) : "",
    ...quotes,
    facts.length ? h("p", { class: "meta" }, ...facts) : "",
  );
}

// One statement with all its claims; the first are open, the others fold away.
function statementBlock(statement, from, passing, folded) {
  const seen = statement.claims.filter((claim) => !passing || passing.has(claim));
  const claim = seen[0];
  const direct = from === undefined || claim.s === from;
  const words = brief(claim.relation.label);
  const away = direct ? claim.o : claim.s;
  const title =
    from === undefined
      ? [
          goTo(claim.s),
          h("span", { class: "relation" }, ` ${words} `),
          claim.literal ? bdi(objectText(claim)) : goTo(claim.o),
        ]
      : direct || claim.relation.symmetric
        ? [h("span", { class: "relation" }, `${words} `), claim.literal ? bdi(objectText(claim)) : goTo(away)]
        : [goTo(claim.s), h("span", { class: "relation" }, ` ${words} `), bdi(nameOf(from), { class: "self" })];
  // Of a dispute both sides stand open.
  const denial = seen.find(({ denies }) => denies);
  if (denial && denial !== claim) seen.splice(1, 0, ...seen.splice(seen.indexOf(denial), 1));
  const open = folded ? (denial ? 2 : 1) : 3;
  const rest = seen.slice(open);
  return h(
    "section",
    { class: `statement is-${statement.status}` },
    h(
      "h3",
      {},
      ...title,
      statement.status === "stated" ? "" : badge(statement.status),
      seen.length > 1 ? h("span", { class: "count" }, `${seen.length}×`) : "",
    ),
    ...seen.slice(0, open).map(claimBlock),
    rest.length
      ? h("details", {}, h("summary", {}, counted(rest.length, "more sentence")), ...rest.map(claimBlock))
      : "",
  );
}

const byWeight = (a, b) =>
  STATUS.get(a.status).order - STATUS.get(b.status).order ||
  b.claims.length - a.claims.length ||
  (a.key < b.key ? -1 : 1);
const statementsOf = (list_) =>
  [...new Set(list_.map((claim) => claim.statement))].sort(
    (a, b) =>
      b.claims.length - a.claims.length ||
      STATUS.get(a.status).order - STATUS.get(b.status).order ||
      (a.key < b.key ? -1 : 1),
  );
