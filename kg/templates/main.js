// Everything together: a change of the state draws what depends on it, and the address follows.

let saying = 0;
function say(text) {
  clearTimeout(saying);
  saying = setTimeout(() => {
    byId("said").textContent = text;
  }, 60);
}

function change(part, { push = true, fit: fits = false, keepPane = false, keepFilters = false } = {}) {
  const before = state;
  const part_ = scopePlaces.part;
  state = { ...state, ...part };
  render(before, { keepPane, keepFilters });
  writeHash(push);
  if (fits || part_ !== scopePlaces.part) fit();
}

function select({ node = null, line = null }, { push = true } = {}) {
  const part = { node, line };
  if (node !== null && isBackbone && connected.has(node) && !shown.nodes.has(node) && !state.opened.includes(node))
    part.opened = [...state.opened, node];
  change(part, { push });
  if (node !== null) {
    showNode(node);
    say(
      `${nameOf(node)}, ${singular[entities[node].type] || spelled(entities[node].type)}, ${counted(entities[node].claims.length, "sentence")}. Enter opens the evidence.`,
    );
  } else if (line)
    say(
      `${nameOf(line.a)} and ${nameOf(line.b)}: ${statementsOf(line.claims)
        .map((statement) => sentenceOf(statement.claims[0]))
        .slice(0, 3)
        .join("; ")}`,
    );
}

const openMore = (id) => change({ opened: [...state.opened, id], node: id, line: null });

function renderScopes() {
  const chip = (words, part) =>
    h(
      "span",
      { class: "chip" },
      ...words,
      h(
        "button",
        { type: "button", "aria-label": "Back to the whole network", on: { click: () => change(part, { fit: true }) } },
        "×",
      ),
    );
  const parts = [];
  if (state.pathTo !== null) {
    const words = shown.way ? [` (${counted(shown.way.length - 1, "step")})`] : [": no path over the facts shown"];
    parts.push(
      chip(
        [
          "Path from ",
          h("b", {}, bdi(nameOf(state.pathFrom))),
          " to ",
          h("b", {}, bdi(nameOf(state.pathTo))),
          ...words,
        ],
        { pathFrom: null, pathTo: null },
      ),
    );
  } else if (state.ego !== null) {
    parts.push(
      chip(
        [
          "Around ",
          h("b", {}, bdi(nameOf(state.ego))),
          `, ${counted(state.steps, "step")}`,
          shown.cut ? `, the ${SCOPE_MOST} best connected of ${figures(SCOPE_MOST + shown.cut)}` : "",
        ],
        { ego: null },
      ),
    );
  } else if (isBackbone) {
    parts.push(
      h(
        "span",
        { class: "chip" },
        `The ${placedAtStart.size} best connected of ${figures(connected.size)}: search or double-click for more`,
        state.opened.length
          ? h(
              "button",
              { type: "button", "aria-label": "Close what was opened", on: { click: () => change({ opened: [] }) } },
              "×",
            )
          : "",
      ),
    );
  }
  byId("scopes").replaceChildren(...parts);
}

function renderCounters() {
  const total = (number, all, one, many) =>
    number === all ? counted(all, one, many) : `${figures(number)} of ${counted(all, one, many)}`;
  const facts = new Set(shown.claims.map((claim) => claim.statement)).size;
  const alone = entities.length - connected.size;
  byId("counters").textContent = [
    `${total(shown.nodes.size, connected.size, "entity", "entities")} and ${total(shown.lines.size, lines.size, "line")} drawn`,
    `${total(facts, statements.size, "fact")} in ${total(shown.claims.length, claims.length, "sentence")}`,
    alone ? `${counted(alone, "name")} without relations (found by search)` : "",
  ]
    .filter(Boolean)
    .join("  ·  ");
  byId("tab-table").querySelector(".count").textContent = figures(shown.claims.length);
  const happenings = shown.claims.map(
    (claim) => claim.event ?? (claim.literal && claim.happened ? `literal ${claim.id}` : undefined),
  );
  const contested = shown.claims.filter((claim) => claim.status === "disputed" || claim.status === "denied");
  const counts = {
    timeline: new Set(happenings.filter((id) => id !== undefined)).size,
    disputes: new Set(contested.map((claim) => claim.statement)).size,
    quotes: quotations.filter(quotationPasses).length,
  };
  for (const [tab, count] of Object.entries(counts))
    byId(`tab-${tab}`).querySelector(".count").textContent = figures(count);
}

function renderTabs() {
  for (const name of TABS) {
    const on = state.tab === name;
    byId(`tab-${name}`).setAttribute("aria-selected", String(on));
    byId(`tab-${name}`).tabIndex = on ? 0 : -1;
    byId(`pane-${name}`).hidden = !on;
  }
}

function render(before, { keepPane = false, keepFilters = false } = {}) {
  const next = computeShown();
  renderTabs();
  syncNetwork(next);
  renderScopes();
  renderCounters();
  if (!keepFilters) renderFilters();
  const same =
    before &&
    before.node === state.node &&
    before.line === state.line &&
    before.off === state.off &&
    before.from === state.from &&
    before.to === state.to &&
    before.confidence === state.confidence &&
    before.ego === state.ego &&
    before.pathTo === state.pathTo &&
    before.pathFrom === state.pathFrom &&
    before.steps === state.steps &&
    before.opened === state.opened;
  if (!same) renderPanel();
  document.body.classList.toggle("wide", state.tab !== "network" && state.node === null && !state.line);
  const paneSame =
    same ||
    (before &&
      before.tab === state.tab &&
      before.off === state.off &&
      before.from === state.from &&
      before.to === state.to &&
      before.confidence === state.confidence &&
      before.ego === state.ego &&
      before.pathTo === state.pathTo &&
      before.steps === state.steps);
  const listed =
    before &&
    before.tab === state.tab &&
    before.sort === state.sort &&
    before.down === state.down &&
    before.query === state.query &&
    paneSame &&
    before.pathTo === state.pathTo;
  if (RENDER[state.tab] && !keepPane && !listed) RENDER[state.tab]();
  if (state.tab === "network" && network && before && before.tab !== "network") {
    network.setSize("100%", "100%");
    network.redraw();
    if (fitted) fit(false);
  }
}

// ---- colours

const darkBySystem = window.matchMedia("(prefers-color-scheme: dark)");
let theme = null;
try {
  theme = localStorage.getItem("kg-theme");
} catch {
  theme = null;
}
function applyTheme() {
  const dark = theme ? theme === "dark" : darkBySystem.matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  byId("theme-button").setAttribute("aria-pressed", String(dark));
  readColours();
}

function start() {
  applyTheme();
  state = fromHash(location.hash);
  startNetwork();
  if (
    isBackbone &&
    state.node !== null &&
    !placedAtStart.has(state.node) &&
    connected.has(state.node) &&
    !state.opened.includes(state.node)
  )
    state.opened = [...state.opened, state.node];
  render(null);
  createNetwork();
  fit(false);
  if (state.node !== null && !shown.scope) showNode(state.node);
  startFilters();

  combobox(byId("find"), byId("found"), (id) => {
    if (shown.scope && !shown.nodes.has(id)) state = { ...state, ego: null, pathFrom: null, pathTo: null };
    select({ node: id });
    byId("panel").querySelector("h2").focus();
  });
  document.querySelector(".tabs").addEventListener("click", ({ target }) => {
    const tab = target.closest("[data-tab]");
    if (tab) change({ tab: tab.dataset.tab });
  });
  document.querySelector(".tabs").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const to =
      event.key === "Home"
        ? 0
        : event.key === "End"
          ? TABS.length - 1
          : step
            ? (TABS.indexOf(state.tab) + step + TABS.length) % TABS.length
            : -1;
    if (to < 0) return;
    change({ tab: TABS[to] });
    byId(`tab-${TABS[to]}`).focus();
    event.preventDefault();
  });
  byId("stage").addEventListener("keydown", stageKey);
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!(target.closest && target.closest("#export-menu"))) byId("export-menu").open = false;
    if (!button) return;
    const { zoom, reset, skip } = button.dataset;
    if (zoom === "fit") fit();
    else if (zoom) zoomBy(zoom === "in" ? 1.3 : 1 / 1.3);
    if (reset !== undefined) change({ off: freshState().off, from: "", to: "", confidence: 0 }, { fit: true });
    if (skip !== undefined) {
      change({ tab: "table" });
      byId("pane-table").focus();
    }
    if (button.dataset.export) {
      byId("export-menu").open = false;
      exportAs(button.dataset.export);
    }
  });
  byId("filter-button").addEventListener("click", () => {
    const open = document.body.classList.toggle("show-filters");
    byId("filter-button").setAttribute("aria-expanded", String(open));
  });
  byId("link-button").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      say("Link copied");
      byId("link-button").textContent = "Copied";
    } catch {
      say("The link is in the address bar");
      byId("link-button").textContent = "See address bar";
    }
    setTimeout(() => {
      byId("link-button").textContent = "Copy link";
    }, 1600);
  });
  byId("theme-button").addEventListener("click", () => {
    theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("kg-theme", theme);
    } catch {
      /* a page without storage keeps it until reload */
    }
    applyTheme();
    looks.clear();
    syncNetwork(shown);
  });
  darkBySystem.addEventListener("change", () => {
    applyTheme();
    looks.clear();
    syncNetwork(shown);
  });
  // Paper is light.
  const recolour = (name) => {
    document.documentElement.dataset.theme = name;
    readColours();
    looks.clear();
    syncNetwork(shown);
  };
  window.addEventListener("beforeprint", () => recolour("light"));
  window.addEventListener("afterprint", () =>
    recolour(byId("theme-button").getAttribute("aria-pressed") === "true" ? "dark" : "light"),
  );
  byId("help-button").addEventListener("click", () => byId("help").showModal());
  window.addEventListener("popstate", () => {
    const before = state;
    const part_ = scopePlaces.part;
    state = fromHash(location.hash);
    render(before);
    if (part_ !== scopePlaces.part) fit();
  });
  document.addEventListener("keydown", (event) => {
    if (byId("help").open || event.ctrlKey || event.metaKey || event.altKey) return;
    const writing =
      /^(input|textarea|select)$/i.test(event.target.tagName) &&
      event.target.type !== "checkbox" &&
      event.target.type !== "range";
    if (event.key === "Escape" && !writing) {
      if (byId("export-menu").open) byId("export-menu").open = false;
      else if (document.body.classList.contains("show-filters")) byId("filter-button").click();
      else if (state.node !== null || state.line) {
        select({});
        byId("stage").focus();
      } else if (shown.scope) {
        change({ ego: null, pathFrom: null, pathTo: null });
        byId("stage").focus();
      }
      return;
    }
    if (writing) return;
    if (event.key === "/") {
      byId("find").focus();
      event.preventDefault();
    } else if (event.key === "?") byId("help").showModal();
    else if (/^[1-5]$/.test(event.key)) {
      change({ tab: TABS[Number(event.key) - 1] });
      byId(`tab-${state.tab}`).focus();
    }
  });
  // For checks from outside: where things stand on the screen.
  window.kgView = {
    nameOf: (key) => byKey.get(key).label,
    nodePoint: (key) => stagePoint(places.get(byKey.get(key).id)),
    linePoint: (a, b) => {
      const [p, q] = [a, b].map((key) => places.get(byKey.get(key).id));
      return stagePoint({ x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 });
    },
    shown: () => ({ nodes: [...shown.nodes].map(keyOf).sort(), lines: shown.lines.size, claims: shown.claims.length }),
  };
}

function stagePoint(place) {
  const { x, y } = network.canvasToDOM(place);
  const view = byId("canvas").getBoundingClientRect();
  return [view.x + x, view.y + y];
}

start();
// The network says so itself, once its first frame is drawn.
if (state.tab !== "network")
  requestAnimationFrame(() => {
    window.kgReady = true;
  });
