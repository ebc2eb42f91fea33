// The evidence panel: of the selected line or entity all facts, and with nothing selected where to begin.

function head(kicker, title, icon) {
  return h(
    "header",
    { class: "panel-head" },
    h(
      "button",
      {
        type: "button",
        class: "close",
        "aria-label": "Close the evidence",
        on: {
          click: () => {
            if (state.node !== null || state.line) select({});
            else change({ pathFrom: null, pathTo: null });
            byId("stage").focus();
          },
        },
      },
      "×",
    ),
    h("p", { class: "kicker" }, icon || "", kicker),
    h("h2", { tabindex: "-1", dir: "auto" }, ...title),
  );
}

function folding(sections, most, what) {
  if (sections.length <= most) return sections.map((make) => make());
  const rest = h("details", { class: "rest" }, h("summary", {}, `${sections.length - most} more ${what}`));
  rest.addEventListener("toggle", () => {
    if (rest.childElementCount === 1) rest.append(...sections.slice(most).map((make) => make()));
  });
  return [...sections.slice(0, most).map((make) => make()), rest];
}

function linePanel(line) {
  const passed = line.claims.filter((claim) => shown.passing.has(claim));
  const used = passed.length ? passed : line.claims;
  const all = statementsOf(used);
  const hidden = line.claims.length - used.length;
  return [
    head(`${counted(all.length, "fact")} · ${counted(used.length, "sentence")}`, [
      goTo(line.a),
      h("span", { class: "and" }, " and "),
      goTo(line.b),
    ]),
    ...folding(
      all.map((statement) => () => statementBlock(statement, undefined, new Set(used), false)),
      12,
      "facts",
    ),
    hidden ? h("p", { class: "faint" }, `${counted(hidden, "sentence")} hidden by the filters.`) : "",
  ];
}

function tenureBlock(tenure) {
  const span = [tenure.start && `since ${showDate(tenure.start)}`, tenure.end && `until ${showDate(tenure.end)}`]
    .filter(Boolean)
    .join(", ");
  return h(
    "li",
    {},
    h(
      "div",
      {},
      h("b", {}, bdi(tenure.title)),
      tenure.organization === undefined ? "" : [", ", goTo(tenure.organization)],
      tenure.tense && tenure.tense !== "current" ? h("span", { class: "badge" }, tenure.tense) : "",
      span ? h("span", { class: "faint" }, ` ${span}`) : "",
    ),
    ...tenure.evidence
      .slice(0, 1)
      .map((piece) =>
        h(
          "details",
          {},
          h("summary", {}, "sentence"),
          h(
            "figure",
            { class: "quote" },
            quoteText(piece, [tenure.holder, tenure.organization]),
            h("figcaption", {}, sourceLine(piece)),
          ),
        ),
      ),
  );
}

const quotationBlock = (quotation, withSpeaker) =>
  h(
    "figure",
    { class: "quote said" },
    h("blockquote", ifLong(quotation.text || "", 800), "“", quotation.text || "", "”"),
    h(
      "figcaption",
      {},
      withSpeaker && quotation.speaker !== undefined ? h("span", { class: "speaker" }, goTo(quotation.speaker)) : "",
      ...quotation.evidence.slice(0, 1).map(sourceLine),
    ),
  );

function nodePanel(id) {
  const entity = entities[id];
  const seen = entity.claims.filter((claim) => shown.passing.has(claim));
  const used = seen.length ? seen : entity.claims;
  const all = statementsOf(used);
  const near = neighboursOf(id, shown.passing);
  const unseen = isBackbone && !shown.scope ? near.filter((neighbour) => !shown.nodes.has(neighbour)).length : 0;
  const steps = [1, 2, 3].map((count) =>
    h(
      "button",
      {
        type: "button",
        "aria-pressed": String(state.ego === id && state.steps === count),
        on: {
          click: () =>
            state.ego === id && state.steps === count
              ? change({ ego: null })
              : change({ ego: id, steps: count, pathFrom: null, pathTo: null, tab: "network" }, { fit: true }),
        },
      },
      String(count),
    ),
  );
  const wayInput = h("input", {
    type: "text",
    id: "way",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    "aria-expanded": "false",
    "aria-controls": "way-found",
    "aria-autocomplete": "list",
    "aria-label": `Shortest path from ${brief(entity.label)} to`,
    placeholder: "path to …",
  });
  const wayList = h("ul", { id: "way-found", role: "listbox", "aria-label": "Matching names", hidden: true });
  combobox(wayInput, wayList, (goal) => showWay(id, goal));
  const roles = entity.tenures;
  return [
    head(
      [
        singular[entity.type] || spelled(entity.type),
        entity.claims.length
          ? ` · ${counted(all.length, "fact")} · ${counted(near.length, "neighbour")}`
          : " · named, without relations",
      ].join(""),
      [bdi(brief(entity.label, 160))],
      shapeIcon(typeOf(entity)),
    ),
    entity.label.length > 160 ? h("p", { class: "aliases", tabindex: 0 }, entity.label) : "",
    entity.aliases.length
      ? h(
          "p",
          { class: "aliases", ...ifLong(entity.aliases.slice(0, 12).join(), 400) },
          h("span", { class: "faint" }, "also "),
          ...list(entity.aliases.slice(0, 12).map((alias) => bdi(brief(alias)))),
          entity.aliases.length > 12 ? ` and ${entity.aliases.length - 12} more` : "",
        )
      : "",
    entity.links.length
      ? h(
          "p",
          { class: "aliases" },
          ...list(
            entity.links
              .filter(isWeb)
              .map((link) =>
                h(
                  "a",
                  { href: link, target: "_blank", rel: "noopener noreferrer", referrerpolicy: "no-referrer" },
                  new URL(link).hostname.replace(/^www\./, ""),
                ),
              ),
          ),
        )
      : "",
    connected.has(id)
      ? h(
          "div",
          { class: "actions" },
          h(
            "div",
            { class: "segments", role: "group", "aria-label": "Show only what is so many steps around" },
            h("span", {}, "Steps around"),
            ...steps,
          ),
          h("div", { class: "find small" }, wayInput, wayList),
          unseen
            ? h(
                "button",
                { type: "button", class: "more", on: { click: () => openMore(id) } },
                `Show ${Math.min(unseen, OPEN_STEP)} of ${counted(unseen, "hidden neighbour")}`,
              )
            : "",
        )
      : "",
    roles.length
      ? h("section", { class: "roles" }, h("h3", {}, "Positions"), h("ul", {}, ...roles.map(tenureBlock)))
      : "",
    ...folding(
      all.map((statement) => () => statementBlock(statement, id, new Set(used), true)),
      15,
      "facts",
    ),
    entity.claims.length > used.length
      ? h("p", { class: "faint" }, `${counted(entity.claims.length - used.length, "sentence")} hidden by the filters.`)
      : "",
    entity.quotations.length
      ? h(
          "section",
          { class: "sayings" },
          h("h3", {}, "In their own words"),
          ...folding(
            entity.quotations.map((quotation) => () => quotationBlock(quotation, false)),
            5,
            "quotations",
          ),
        )
      : "",
  ];
}

function showWay(from, to) {
  change({ pathFrom: from, pathTo: to, ego: null, node: null, line: null, tab: "network" }, { fit: true });
  byId("panel").querySelector("h2").focus();
  say(
    shown.way
      ? `${counted(shown.way.length - 1, "step")}: ${shown.way.map(nameOf).join(", ")}`
      : "No path over the facts shown",
  );
}

// Of a way, every step with its sentences.
function wayPanel() {
  const way = shown.way || [];
  const steps = way.slice(1).map((id, i) => entities[id].lines.get(way[i]));
  return [
    head(steps.length ? `Shortest path · ${counted(steps.length, "step")}` : "Shortest path", [
      goTo(state.pathFrom),
      h("span", { class: "and" }, " to "),
      goTo(state.pathTo),
    ]),
    shown.way ? "" : h("p", {}, "The facts that pass the filters do not join the two."),
    ...steps.flatMap((line, i) => {
      const used = line.claims.filter((claim) => shown.passing.has(claim));
      return [
        h("p", { class: "kicker step" }, `Step ${i + 1}`),
        ...folding(
          statementsOf(used).map((statement) => () => statementBlock(statement, undefined, new Set(used), true)),
          2,
          "facts",
        ),
      ];
    }),
  ];
}

// Nothing selected: what there is, and where to begin.
function overviewPanel() {
  const top = [...connected].sort(byRank).slice(0, 8);
  const outlets = new Set(documents.map((source) => source.outlet).filter(Boolean));
  const disputed = [...statements.values()]
    .filter((statement) => statement.status === "disputed" || statement.status === "denied")
    .sort(byWeight);
  const dates = documents
    .map((source) => source.date || "")
    .filter(Boolean)
    .sort();
  const figure = (number, words) => h("div", {}, h("b", {}, figures(number)), h("span", {}, words));
  return [
    h(
      "header",
      { class: "panel-head" },
      h("p", { class: "kicker" }, dates.length ? showSpan(dates[0], dates[dates.length - 1]) : "Overview"),
      h("h2", { tabindex: "-1" }, "What the documents say"),
    ),
    h(
      "div",
      { class: "figures" },
      figure(documents.length, documents.length === 1 ? "document" : "documents"),
      figure(outlets.size, outlets.size === 1 ? "outlet" : "outlets"),
      figure(entities.length, "names"),
      figure(statements.size, "facts"),
    ),
    h("p", { class: "faint" }, "Click a line or a shape: the sentences behind it open here."),
    top.length
      ? h(
          "section",
          {},
          h("h3", {}, "Most connected"),
          h(
            "ol",
            { class: "top-list" },
            ...top.map((id) =>
              h(
                "li",
                {},
                shapeIcon(typeOf(entities[id])),
                goTo(id),
                h("span", { class: "faint" }, counted(entities[id].lines.size, "neighbour")),
              ),
            ),
          ),
        )
      : "",
    disputed.length
      ? h(
          "section",
          {},
          h("h3", {}, "Disputed or denied"),
          h(
            "ul",
            { class: "plain" },
            ...disputed
              .slice(0, 6)
              .map((statement) => h("li", {}, factButton(statement.claims[0]), badge(statement.status))),
          ),
        )
      : "",
  ];
}

const factButton = (claim) =>
  h(
    "button",
    { type: "button", class: "go", on: { click: () => select(claim.line ? { line: claim.line } : { node: claim.s }) } },
    bdi(sentenceOf(claim)),
  );

function renderPanel() {
  const panel = byId("panel");
  const onWay = state.pathTo !== null;
  const content = state.line
    ? linePanel(state.line)
    : state.node !== null
      ? nodePanel(state.node)
      : onWay
        ? wayPanel()
        : overviewPanel();
  panel.replaceChildren(...content.filter((part) => part !== ""));
  panel.classList.toggle("open", Boolean(state.line) || state.node !== null || onWay);
  if (panel.dataset.used) panel.scrollTop = 0;
  panel.dataset.used = "yes";
}
