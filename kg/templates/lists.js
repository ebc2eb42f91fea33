// The tabs that need no picture: all facts as a table, the timeline, the disputes, the quotations.

const ROWS = 200; // so many at a time
const speakersText = (claim) => [...claim.speakers.map((id) => entities[id].label), ...claim.unnamed].join(", ");
const COLUMNS = [
  { key: "subject", label: "Who", text: (claim) => entities[claim.s].label },
  { key: "relation", label: "Relation", text: (claim) => claim.relation.label },
  { key: "object", label: "Whom or what", text: objectText },
  {
    key: "status",
    label: "Status",
    text: (claim) => STATUS.get(claim.status).label,
    order: (claim) => STATUS.get(claim.status).order,
  },
  { key: "sentence", label: "Sentence", text: (claim) => (claim.evidence[0] ? claim.evidence[0].quote || "" : "") },
  { key: "speaker", label: "Says who", text: speakersText },
  { key: "when", label: "When", text: (claim) => claim.happened, order: (claim) => claim.happened || "9999" },
  {
    key: "outlet",
    label: "Outlet",
    text: (claim) => claim.outlets.filter((outlet) => outlet !== NO_OUTLET).join(", "),
  },
  {
    key: "published",
    label: "Published",
    text: (claim) => claim.published,
    order: (claim) => claim.published || "9999",
  },
  {
    key: "confidence",
    label: "Sure",
    text: (claim) => (claim.confidence === undefined ? "" : `${Math.round(claim.confidence * 100)} %`),
    order: (claim) => claim.confidence ?? 2,
  },
];
const inColumn = Object.fromEntries(COLUMNS.map(({ key, text }) => [key, text]));
const compare = new Intl.Collator("en", { sensitivity: "base", numeric: true }).compare;

const matches = (words) => {
  const wanted = fold(state.query.trim()).split(/\s+/).filter(Boolean);
  const text = fold(words);
  return wanted.every((word) => text.includes(word));
};
const claimWords = (claim) => COLUMNS.map((column) => column.text(claim)).join(" ");

function queryBox(what) {
  const input = h("input", {
    type: "search",
    class: "query",
    "aria-label": `Narrow the ${what} by words`,
    placeholder: `Narrow the ${what} by words …`,
    value: state.query,
  });
  input.value = state.query;
  input.addEventListener("input", () => {
    change({ query: input.value }, { push: false, keepPane: true });
    fillPane();
  });
  return h("div", { class: "pane-tools" }, input, h("span", { class: "faint", id: "pane-count" }));
}

function pane(name, what, fill) {
  const section = byId(`pane-${name}`);
  const body = h("div", { class: "pane-body" });
  section.replaceChildren(queryBox(what), body);
  fillPane = () => {
    body.replaceChildren(...[fill()].flat());
  };
  fillPane();
}
let fillPane = () => {};
const paneCount = (text) => {
  byId("pane-count").textContent = text;
};

function inPieces(all, make, parent) {
  let done = 0;
  const button = h("button", { type: "button", class: "more" });
  const more = () => {
    parent.append(...all.slice(done, done + ROWS).map(make));
    done = Math.min(all.length, done + ROWS);
    button.hidden = done >= all.length;
    button.textContent = `Show ${Math.min(ROWS, all.length - done)} more of ${figures(all.length - done)}`;
  };
  button.addEventListener("click", more);
  more();
  return button;
}

function sortedFacts() {
  const column = COLUMNS.find(({ key }) => key === state.sort) || COLUMNS[0];
  const value = column.order || column.text;
  const facts = shown.claims
    .filter((claim) => !state.query || matches(claimWords(claim)))
    .map((claim) => [value(claim), claim]);
  const way = state.down ? -1 : 1;
  facts.sort(([a, x], [b, y]) => way * (typeof a === "number" ? a - b : compare(a, b)) || x.id - y.id);
  return facts.map(([, claim]) => claim);
}

function renderTable() {
  pane("table", "facts", () => {
    const facts = sortedFacts();
    paneCount(counted(facts.length, "row"));
    const body = h("tbody");
    const more = inPieces(
      facts,
      (claim) =>
        h(
          "tr",
          { class: `is-${claim.status}`, data: { claim: claim.id } },
          h("th", { scope: "row" }, goTo(claim.s)),
          h(
            "td",
            {},
            claim.line
              ? h(
                  "button",
                  { type: "button", class: "go relation", on: { click: () => select({ line: claim.line }) } },
                  bdi(brief(claim.relation.label)),
                )
              : bdi(brief(claim.relation.label)),
          ),
          h("td", {}, claim.literal ? bdi(brief(objectText(claim))) : goTo(claim.o)),
          h(
            "td",
            {},
            badge(claim.status),
            claim.denies && claim.status === "disputed" ? h("span", { class: "faint" }, " (denies)") : "",
          ),
          h(
            "td",
            { class: "sentence" },
            h("span", ifLong(inColumn.sentence(claim), 300), ...marked(inColumn.sentence(claim), [claim.s, claim.o])),
          ),
          h("td", {}, bdi(brief(speakersText(claim)))),
          h(
            "td",
            { class: "date" },
            claim.event === undefined ? "" : showSpan(events[claim.event].start, events[claim.event].end),
          ),
          h("td", {}, bdi(brief(inColumn.outlet(claim)))),
          h("td", { class: "date" }, showDate(claim.published)),
          h("td", { class: "number" }, inColumn.confidence(claim)),
        ),
      body,
    );
    const heads = COLUMNS.map((column) =>
      h(
        "th",
        { scope: "col", "aria-sort": state.sort === column.key ? (state.down ? "descending" : "ascending") : "none" },
        h(
          "button",
          {
            type: "button",
            data: { sort: column.key },
            on: {
              click: () => {
                change({ sort: column.key, down: state.sort === column.key && !state.down }, { push: false });
                byId("pane-table").querySelector(`[data-sort="${column.key}"]`).focus();
              },
            },
          },
          column.label,
          h(
            "span",
            { "aria-hidden": "true", class: "arrow" },
            state.sort === column.key ? (state.down ? "▼" : "▲") : "",
          ),
        ),
      ),
    );
    return [
      h(
        "div",
        { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table of facts" },
        h(
          "table",
          { class: "facts" },
          h("caption", { class: "unseen" }, "All facts that pass the filters, one row a sentence"),
          h("thead", {}, h("tr", {}, ...heads)),
          body,
        ),
      ),
      more,
    ];
  });
}

// What stands on the timeline: events, and dates that are facts themselves (born, founded).
function timelineEntries() {
  const inList = new Set(shown.claims);
  const entries = [];
  for (const event of events) {
    const own = event.claims.filter((claim) => inList.has(claim));
    if (own.length)
      entries.push({
        start: event.start || "",
        span: showSpan(event.start, event.end),
        type: event.type,
        event,
        claims: own,
      });
  }
  for (const claim of shown.claims) {
    if (claim.literal && claim.happened)
      entries.push({
        start: claim.value,
        span: showDate(claim.value),
        type: claim.relation.label,
        event: null,
        claims: [claim],
      });
  }
  return entries
    .filter((entry) => !state.query || matches(entry.claims.map(claimWords).join(" ")))
    .sort((a, b) => (a.start || "9999").localeCompare(b.start || "9999") || a.claims[0].id - b.claims[0].id);
}

function renderTimeline() {
  pane("timeline", "events", () => {
    const entries = timelineEntries();
    const dated = entries.filter((entry) => entry.start);
    paneCount(`${counted(entries.length, "event")}, ${dated.length} with a date`);
    if (!entries.length) return h("p", { class: "none" }, "No event passes these filters.");
    const root = h("div", { class: "timeline" });
    let month = null;
    let group = null;
    const more = inPieces(
      entries,
      (entry) => {
        const name = entry.start
          ? /^[0-9]{4}$/.test(entry.span)
            ? entry.span
            : showDate(entry.start.slice(0, 7))
          : "Without a date";
        const parts = [];
        if (name !== month) {
          month = name;
          parts.push(h("h3", {}, name));
        }
        const facts = [...new Set(entry.claims.map((claim) => claim.statement))];
        const people = entry.event ? entry.event.who : [];
        const named = new Set(entry.claims.flatMap((claim) => [claim.s, claim.o]));
        const others = people.filter((id) => !named.has(id));
        const outlets = [...new Set(entry.claims.flatMap((claim) => claim.outlets))].filter(
          (outlet) => outlet !== NO_OUTLET,
        );
        const worst = facts.map((fact) => fact.status).sort((a, b) => STATUS.get(b).order - STATUS.get(a).order)[0];
        parts.push(
          h(
            "article",
            { class: `moment is-${worst}` },
            h(
              "p",
              { class: "day" },
              entry.span || (entry.event && entry.event.text ? bdi(`“${entry.event.text}”`) : ""),
            ),
            h(
              "div",
              {},
              h("p", { class: "kicker" }, spelled(entry.type), worst === "stated" ? "" : badge(worst)),
              ...facts.map((fact) => h("p", { class: "fact" }, factButton(fact.claims[0]))),
              h(
                "p",
                { class: "faint" },
                ...[
                  entry.event && entry.event.where.length
                    ? h("span", {}, "in ", ...list(entry.event.where.map((id) => goTo(id))))
                    : null,
                  others.length ? h("span", {}, "with ", ...list(others.map((id) => goTo(id)))) : null,
                  outlets.length ? h("span", {}, bdi(outlets.join(", "))) : null,
                  h("span", {}, counted(entry.claims.length, "sentence")),
                ]
                  .filter(Boolean)
                  .flatMap((part, i) => (i ? [" · ", part] : [part])),
              ),
            ),
          ),
        );
        group = h("div", {}, ...parts);
        return group;
      },
      root,
    );
    return [root, more];
  });
}

function renderDisputes() {
  pane("disputes", "disputes", () => {
    const inList = new Set(shown.claims);
    const open = [...statements.values()]
      .filter(
        ({ status, claims: own }) =>
          (status === "disputed" || status === "denied") &&
          own.some((claim) => inList.has(claim)) &&
          (!state.query || matches(own.map(claimWords).join(" "))),
      )
      .sort(byWeight);
    paneCount(counted(open.length, "disputed or denied fact"));
    if (!open.length) return h("p", { class: "none" }, "Nobody denies anything here.");
    const root = h("div", { class: "disputes" });
    const more = inPieces(
      open,
      (statement) => {
        const own = statement.claims.filter((claim) => inList.has(claim));
        const side = (name, words, denies) => {
          const part = own.filter((claim) => Boolean(claim.denies) === denies);
          return h(
            "div",
            { class: `side ${name}` },
            h("h4", {}, words, h("span", { class: "count" }, String(part.length))),
            ...(part.length ? part.map(claimBlock) : [h("p", { class: "faint" }, "nobody in these documents")]),
          );
        };
        return h(
          "article",
          { class: `dispute is-${statement.status}` },
          h("h3", {}, factButton(own[0]), badge(statement.status)),
          h("div", { class: "sides" }, side("yes", "Says so", false), side("no", "Denies it", true)),
        );
      },
      root,
    );
    return [root, more];
  });
}

// Outlets, dates and the part of the network bear on quotations as well.
function quotationPasses({ speaker, evidence: pieces }) {
  const sources = pieces.map((piece) => piece.source).filter(Boolean);
  const day = sources.map((source) => source.date || "").sort()[0] || "";
  return (
    (!shown.scope || shown.scope.has(speaker)) &&
    (!state.off.outlet.size || sources.some((source) => !state.off.outlet.has(source.outlet || NO_OUTLET))) &&
    (speaker === undefined || !state.off.type.has(typeOf(entities[speaker]))) &&
    (!state.from || (day && day >= state.from)) &&
    (!state.to || (day && day.slice(0, state.to.length) <= state.to))
  );
}

function renderQuotes() {
  pane("quotes", "quotations", () => {
    const words = (quotation) =>
      [
        quotation.text,
        quotation.speaker === undefined ? "" : entities[quotation.speaker].label,
        ...quotation.evidence.map((piece) => (piece.source ? `${piece.source.outlet} ${piece.source.title}` : "")),
      ].join(" ");
    const all = quotations
      .filter((quotation) => quotationPasses(quotation) && (!state.query || matches(words(quotation))))
      .sort(
        (a, b) =>
          compare(
            a.speaker === undefined ? "\uffff" : entities[a.speaker].label,
            b.speaker === undefined ? "\uffff" : entities[b.speaker].label,
          ) || a.id - b.id,
      );
    paneCount(counted(all.length, "quotation"));
    if (!all.length) return h("p", { class: "none" }, "No quotation has these words.");
    const root = h("div", { class: "quotes" });
    const more = inPieces(all, (quotation) => quotationBlock(quotation, true), root);
    return [root, more];
  });
}

const RENDER = { table: renderTable, timeline: renderTimeline, disputes: renderDisputes, quotes: renderQuotes };
