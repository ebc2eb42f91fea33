// What is looked at: one plain record, kept in the address after "#", and what of the graph it lets through.

const FILTERS = ["type", "relation", "status", "outlet"];
const START = {
  tab: "network",
  node: null,
  line: null,
  from: "",
  to: "",
  confidence: 0,
  ego: null,
  steps: 1,
  pathFrom: null,
  pathTo: null,
  opened: [],
  query: "",
  sort: "subject",
  down: false,
};
const freshState = () => ({ ...START, off: Object.fromEntries(FILTERS.map((name) => [name, new Set()])), opened: [] });
let state = freshState();

const TABS = ["network", "table", "timeline", "disputes", "quotes"];
const drawable = read("nodes");
const placedAtStart = new Set(drawable.filter((node) => node.x !== undefined).map((node) => node.id));
const connected = new Set(drawable.map((node) => node.id));
const isBackbone = placedAtStart.size < connected.size;
const OPEN_STEP = 40; // so many neighbours come with each click
const SCOPE_MOST = 400; // more than that is a hairball

// ---- what passes

const passesFilters = (claim) =>
  !state.off.status.has(claim.status) &&
  !state.off.relation.has(claim.relation.name) &&
  !state.off.type.has(typeOf(entities[claim.s])) &&
  (claim.literal || !state.off.type.has(typeOf(entities[claim.o]))) &&
  (!state.off.outlet.size || claim.outlets.some((outlet) => !state.off.outlet.has(outlet))) &&
  (!state.confidence || (claim.confidence ?? 1) >= state.confidence) &&
  (!state.from || (claim.when && claim.when >= state.from)) &&
  (!state.to || (claim.when && claim.when.slice(0, state.to.length) <= state.to));

const byRank = (a, b) => (entities[a].rank ?? 1e9) - (entities[b].rank ?? 1e9) || a - b;

function neighboursOf(id, passing) {
  return [...entities[id].lines]
    .filter(([, line]) => line.claims.some((claim) => passing.has(claim)))
    .map(([neighbour]) => neighbour)
    .sort(byRank);
}

function around(start, steps, passing) {
  const found = new Set([start]);
  let edge = [start];
  for (let step = 0; step < steps; step += 1) {
    const next = [];
    for (const id of edge) {
      for (const neighbour of neighboursOf(id, passing)) {
        if (!found.has(neighbour)) {
          found.add(neighbour);
          next.push(neighbour);
        }
      }
    }
    edge = next;
  }
  return found;
}

function shortestWay(start, goal, passing) {
  const cameFrom = new Map([[start, null]]);
  let edge = [start];
  while (edge.length && !cameFrom.has(goal)) {
    const next = [];
    for (const id of edge) {
      for (const neighbour of neighboursOf(id, passing)) {
        if (!cameFrom.has(neighbour)) {
          cameFrom.set(neighbour, id);
          next.push(neighbour);
        }
      }
    }
    edge = next;
  }
  if (!cameFrom.has(goal)) return null;
  const way = [];
  for (let id = goal; id !== null; id = cameFrom.get(id)) way.unshift(id);
  return way;
}

// What the state lets through: claims (for the lists), nodes and lines (for the network).
function computeShown() {
  const passing = new Set(claims.filter(passesFilters));
  let scope = null; // null: no ego network, no path
  let way = null;
  let cut = 0;
  if (state.pathFrom !== null && state.pathTo !== null) {
    way = shortestWay(state.pathFrom, state.pathTo, passing);
    scope = new Set(way || [state.pathFrom, state.pathTo]);
  } else if (state.ego !== null) {
    scope = around(state.ego, state.steps, passing);
    if (scope.size > SCOPE_MOST) {
      cut = scope.size - SCOPE_MOST;
      const root = state.ego;
      scope = new Set([
        root,
        ...[...scope]
          .filter((id) => id !== root)
          .sort(byRank)
          .slice(0, SCOPE_MOST - 1),
      ]);
    }
  }
  const inScope = (claim) => !scope || (scope.has(claim.s) && (claim.literal || scope.has(claim.o)));
  const listed = claims.filter((claim) => passing.has(claim) && inScope(claim));

  let candidates = scope || placedAtStart;
  if (!scope && isBackbone) {
    candidates = new Set(placedAtStart);
    const times = new Map();
    for (const id of state.opened) times.set(id, (times.get(id) || 0) + 1);
    for (const [id, count] of times) {
      candidates.add(id);
      neighboursOf(id, passing)
        .filter((neighbour) => !placedAtStart.has(neighbour))
        .slice(0, count * OPEN_STEP)
        .forEach((neighbour) => candidates.add(neighbour));
    }
  }
  const nodes = new Set();
  const shownLines = new Map(); // line -> its claims that pass, and what they come to
  for (const line of lines.values()) {
    if (!candidates.has(line.a) || !candidates.has(line.b)) continue;
    if (way && Math.abs(way.indexOf(line.a) - way.indexOf(line.b)) !== 1) continue;
    const passed = line.claims.filter((claim) => passing.has(claim));
    if (!passed.length) continue;
    const seen = {
      claims: passed,
      status: statusOf(passed),
      kinds: new Set(passed.map((claim) => claim.statement)).size,
    };
    shownLines.set(line, seen);
    nodes.add(line.a).add(line.b);
  }
  if (scope) {
    for (const id of [state.ego, state.pathFrom, state.pathTo]) {
      if (id !== null && scope.has(id) && connected.has(id)) nodes.add(id);
    }
  }
  return { passing, claims: listed, nodes, lines: shownLines, way, scope, cut };
}

// ---- the address

const keyOf = (id) => entities[id].key;
function toHash() {
  const parts = [];
  const put = (name, value) =>
    parts.push(`${name}=${encodeURIComponent(value).replace(/%20/g, "+").replace(/%2C/g, ",")}`);
  if (state.tab !== START.tab) put("tab", state.tab);
  if (state.node !== null) put("node", keyOf(state.node));
  if (state.line) {
    put("a", keyOf(state.line.a));
    put("b", keyOf(state.line.b));
  }
  for (const name of FILTERS) {
    for (const value of [...state.off[name]].sort()) put(`no-${name}`, value);
  }
  for (const name of ["from", "to", "confidence", "query"]) if (state[name]) put(name, state[name]);
  if (state.ego !== null) {
    put("around", keyOf(state.ego));
    put("steps", state.steps);
  }
  if (state.pathFrom !== null && state.pathTo !== null) {
    put("path-from", keyOf(state.pathFrom));
    put("path-to", keyOf(state.pathTo));
  }
  for (const id of state.opened) put("open", keyOf(id));
  if (state.sort !== START.sort) put("sort", state.sort);
  if (state.down) put("down", 1);
  return parts.join("&");
}

function fromHash(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const fresh = freshState();
  const entity = (name) => {
    const found = byKey.get(given.get(name));
    return found ? found.id : null;
  };
  if (TABS.includes(given.get("tab"))) fresh.tab = given.get("tab");
  fresh.node = entity("node");
  const [a, b] = [entity("a"), entity("b")];
  if (a !== null && b !== null) fresh.line = lines.get(lineKey(a, b)) || null;
  for (const name of FILTERS) fresh.off[name] = new Set(given.getAll(`no-${name}`));
  for (const name of ["from", "to"])
    if (/^\d{4}(-\d\d){0,2}$/.test(given.get(name) || "")) fresh[name] = given.get(name);
  fresh.confidence = Math.min(1, Math.max(0, Number(given.get("confidence")) || 0));
  fresh.query = given.get("query") || "";
  fresh.ego = entity("around");
  fresh.steps = Math.min(3, Math.max(1, Number(given.get("steps")) || 1));
  fresh.pathFrom = entity("path-from");
  fresh.pathTo = entity("path-to");
  if (fresh.pathFrom === null || fresh.pathTo === null) fresh.pathFrom = fresh.pathTo = null;
  fresh.opened = given
    .getAll("open")
    .map((key) => byKey.get(key))
    .filter(Boolean)
    .map((found) => found.id);
  if (COLUMNS.some((column) => column.key === given.get("sort"))) fresh.sort = given.get("sort");
  fresh.down = given.get("down") === "1";
  return fresh;
}

function writeHash(push) {
  const hash = toHash();
  if (hash === location.hash.slice(1)) return;
  try {
    history[push ? "pushState" : "replaceState"](null, "", hash ? `#${hash}` : "#");
  } catch {
    location.hash = hash; // a frame without an address of its own
  }
}

const filtersOn = () => FILTERS.some((name) => state.off[name].size) || state.from || state.to || state.confidence > 0;
