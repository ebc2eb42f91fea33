// The network tab: vis-network with positions from the file, our own shapes, and what a click or a key does there.

const names = new Map(); // id -> the name as the canvas writes it
const home = new Map(); // id -> {x, y}, in the whole network
let places = home; // where things stand now: a part of the network has places of its own
const sizes = new Map();
const communityOf = new Map();
let network = null;
let visNodes = null;
let visLines = null;
let shown = null;
let areas = [];

function startNetwork() {
  for (const node of drawable) {
    names.set(node.id, node.label);
    sizes.set(node.id, node.size);
    if (node.x !== undefined) {
      home.set(node.id, { x: node.x, y: node.y });
      communityOf.set(node.id, node.community);
    }
  }
  visNodes = new vis.DataSet();
  visLines = new vis.DataSet();
}

function createNetwork() {
  const options = JSON.parse(read("options"));
  options.nodes.ctxRenderer = ({ ctx, id, x, y }) => {
    const node = { id, size: sizeAt(sizes.get(id), network ? network.getScale() : 1) };
    return {
      drawNode: () => drawShape(ctx, node, x, y),
      nodeDimensions: { width: node.size * 2, height: node.size * 2 },
    };
  };
  if (lines.size > 1500) Object.assign(options.interaction, { hideEdgesOnDrag: true, hideEdgesOnZoom: true });
  network = new vis.Network(byId("canvas"), { nodes: visNodes, edges: visLines }, options);
  // The stage around it takes the focus; the canvas must not.
  byId("canvas")
    .querySelectorAll("[tabindex]")
    .forEach((element) => {
      element.tabIndex = -1;
    });
  network.on("beforeDrawing", (ctx) => {
    drawn.clear();
    drawAreas(ctx, areas);
  });
  network.on("afterDrawing", (ctx) => {
    const view = byId("canvas").getBoundingClientRect();
    const ratio = ctx.canvas.width / view.width;
    const toScreen = screenOf();
    ctx.save();
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    const scale = network.getScale();
    const taken = boxes();
    for (const [x, y, r] of markSpots(toScreen, scale, shown.lines)) taken.add([x - r, y - r, x + r, y + r]);
    drawNames(ctx, toScreen, scale, view.width, view.height, taken, false);
    drawMarks(ctx, toScreen, scale, shown.lines, taken);
    if (bright && drawn.size < 200) drawNames(ctx, toScreen, scale, view.width, view.height, taken, true);
    ctx.restore();
    if (!window.kgReady)
      requestAnimationFrame(() => {
        window.kgReady = true;
      });
  });
  network.on("click", ({ nodes, edges }) => {
    if (nodes.length) select({ node: nodes[0] });
    else if (edges.length) select({ line: lines.get(edges[0]) });
    else select({});
  });
  network.on("doubleClick", ({ nodes }) => {
    if (nodes.length && isBackbone) openMore(nodes[0]);
  });
  network.on("hoverNode", ({ node }) => hover(node, null));
  network.on("blurNode", () => hover(null, null));
  network.on("hoverEdge", ({ edge }) => hover(null, lines.get(edge)));
  network.on("blurEdge", () => hover(null, null));
  network.on("dragging", ({ nodes }) => {
    if (nodes.length) keepPlaces(nodes);
  });
  network.on("dragEnd", ({ nodes }) => {
    if (nodes.length) keepPlaces(nodes);
  });
  if (window.ResizeObserver)
    new ResizeObserver(() => {
      const { clientWidth, clientHeight } = byId("stage");
      if (fitted && fit.size !== `${clientWidth} ${clientHeight}`) fit(false); // it is told of the first size too
    }).observe(byId("stage"));
  network.on("zoom", () => {
    fitted = false;
  });
  network.on("dragStart", () => {
    fitted = false;
  });
}

function screenOf() {
  const origin = network.canvasToDOM({ x: 0, y: 0 });
  const scale = network.getScale();
  return (x, y) => [origin.x + x * scale, origin.y + y * scale];
}

function keepPlaces(ids) {
  for (const [id, { x, y }] of Object.entries(network.getPositions(ids))) places.set(Number(id), { x, y });
  findAreas();
}

function hover(node, line) {
  cursor.hover = node;
  cursor.hoverLine = line;
  byId("stage").classList.toggle("pointing", node !== null || line !== null);
  const tip = byId("tip");
  tip.hidden = !line;
  if (line) {
    const passed = shown.lines.has(line) ? shown.lines.get(line).claims : line.claims;
    const unlike = [...new Set(passed.map((claim) => claim.statement))];
    tip.replaceChildren(
      ...unlike.slice(0, 4).map((statement) => h("div", { dir: "auto" }, sentenceOf(statement.claims[0]))),
      unlike.length > 4 ? h("div", { class: "faint" }, `and ${unlike.length - 4} more`) : "",
    );
  }
  network.redraw();
}

// A free place beside the neighbour that already stands, on a ring round it; the same clicks give the same picture.
function findPlace(id) {
  if (places.has(id)) return;
  const anchor = [...entities[id].lines.keys()].sort(byRank).find((neighbour) => places.has(neighbour));
  const centre = anchor === undefined ? { x: 0, y: 0 } : places.get(anchor);
  const cells = findPlace.cells;
  const cell = (x, y) => `${Math.round(x / 64)},${Math.round(y / 64)}`;
  if (!cells.size) for (const { x, y } of places.values()) cells.add(cell(x, y));
  for (let turn = 0; ; turn += 1) {
    const angle = turn * 2.399963 + id;
    const distance = 90 + 14 * Math.sqrt(turn) * (turn > 40 ? 2 : 1);
    const spot = {
      x: Math.round(centre.x + 1.25 * distance * Math.cos(angle)),
      y: Math.round(centre.y + distance * Math.sin(angle)),
    };
    if (!cells.has(cell(spot.x, spot.y)) || turn > 4000) {
      cells.add(cell(spot.x, spot.y));
      places.set(id, spot);
      if (anchor !== undefined) communityOf.set(id, communityOf.get(anchor));
      return;
    }
  }
}
findPlace.cells = new Set();

function findAreas() {
  const groups = new Map();
  for (const id of shown.nodes) {
    const number = communityOf.get(id);
    if (!groups.has(number)) groups.set(number, []);
    const { x, y } = places.get(id);
    groups.get(number).push([x, y]);
  }
  areas =
    shown.scope || groups.size < 2
      ? []
      : [...groups]
          .filter(([, points]) => points.length > 2)
          .sort(([a, p], [b, q]) => q.length - p.length || a - b)
          .map(([number, points]) => ({ number, points }));
}

function lineLook(line, { claims: passed, status }) {
  const lively = state.line === line || state.node === line.a || state.node === line.b;
  const dim = bright && !lively;
  const forward = passed.some((claim) => claim.s === line.a && !claim.relation.symmetric);
  const thin = Math.max(0.45, Math.min(0.8, 1 - shown.lines.size / 1200)); // many lines: each fainter
  const back = passed.some((claim) => claim.s === line.b && !claim.relation.symmetric);
  return {
    id: line.id,
    from: line.a,
    to: line.b,
    dashes: DASHES[status].length ? DASHES[status] : false,
    width: Math.min(5.5, 1.7 + 0.8 * Math.log2(passed.length)) + (state.line === line ? 1.6 : 0),
    color: {
      color: colours.status[status],
      hover: colours.accent,
      highlight: colours.accent,
      opacity: dim
        ? 0.2
        : lively || status !== "stated"
          ? 1
          : communityOf.get(line.a) === communityOf.get(line.b)
            ? thin
            : thin * 0.7,
    },
    arrows: forward === back ? "" : forward ? "to" : "from", // words are read quicker than records
  };
}

const looks = new Map(); // line id -> its look as text, to update only what changed
function syncNetwork(next) {
  shown = next;
  bright = null;
  const whole_ = shown.way || (shown.scope && state.node === state.ego); // all of it is what is asked for
  if (whole_ && !state.line) bright = null;
  else if (state.node !== null && shown.nodes.has(state.node)) {
    bright = new Set([state.node]);
    for (const line of shown.lines.keys())
      if (line.a === state.node || line.b === state.node) bright.add(other(line, state.node));
  } else if (state.line && shown.lines.has(state.line)) bright = new Set([state.line.a, state.line.b]);
  const before = places;
  if (shown.scope) {
    const part = [
      state.ego,
      ...(shown.way || []),
      "n",
      ...shown.nodes,
      "l",
      ...[...shown.lines.keys()].map((line) => line.id),
    ].join();
    if (part !== scopePlaces.part) {
      scopePlaces.part = part;
      places = scopePlaces(shown);
    }
  } else {
    scopePlaces.part = "";
    places = home;
    [...shown.nodes].sort(byRank).forEach(findPlace);
  }
  findAreas();
  const staleNodes = visNodes.getIds().filter((id) => !shown.nodes.has(id));
  const shownIds = new Set([...shown.lines.keys()].map((line) => line.id));
  const staleLines = visLines.getIds().filter((id) => !shownIds.has(id));
  visLines.remove(staleLines);
  staleLines.forEach((id) => looks.delete(id));
  visNodes.remove(staleNodes);
  if (places !== before) visNodes.update(visNodes.getIds().map((id) => ({ id, ...places.get(id) })));
  visNodes.add(
    [...shown.nodes]
      .filter((id) => !visNodes.get(id))
      .sort(byRank)
      .map((id) => ({ id, size: sizes.get(id), ...places.get(id) })),
  );
  const changed = [];
  for (const [line, seen] of shown.lines) {
    const look = lineLook(line, seen);
    const words = JSON.stringify(look);
    if (looks.get(line.id) !== words) {
      looks.set(line.id, words);
      changed.push(look);
    }
  }
  visLines.update(changed);
  byId("nothing").hidden = shown.nodes.size > 0;
  if (network) network.redraw();
}

// ---- moving about

let fitted = true;
const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const glide = () => (calm() ? false : { duration: 350, easingFunction: "easeOutQuad" });
// On a phone the evidence covers the lower part of the network.
const sheet = () => window.matchMedia("(max-width: 700px)").matches && byId("panel").classList.contains("open");

function fit(animated = true) {
  if (!network || !shown.nodes.size || state.tab !== "network") return;
  const spots = [...shown.nodes].map((id) => places.get(id));
  const { width, height } = byId("stage").getBoundingClientRect();
  if (!width || !height) return;
  fitted = true;
  fit.size = `${byId("stage").clientWidth} ${byId("stage").clientHeight}`;
  const [left, right] = [Math.min(...spots.map(({ x }) => x)), Math.max(...spots.map(({ x }) => x))];
  const [top, bottom] = [Math.min(...spots.map(({ y }) => y)), Math.max(...spots.map(({ y }) => y))];
  const top_ = byId("scopes").childElementCount ? 46 : 0; // what says which part is shown
  const free = (sheet() ? height * 0.42 : height) - top_;
  const room = [width - Math.min(180, width * 0.24), free - Math.min(110, free * 0.24)]; // names stick out
  const scale = Math.min(1.5, room[0] / Math.max(right - left, 1), room[1] / Math.max(bottom - top, 1));
  network.moveTo({
    position: { x: (left + right) / 2, y: (top + bottom) / 2 },
    scale,
    offset: { x: 0, y: top_ + (free - height) / 2 },
    animation: animated ? glide() : false,
  });
}

// Moves only when the entity would be hard to see.
function showNode(id) {
  if (!network || !shown.nodes.has(id) || state.tab !== "network") return;
  const { x, y } = network.canvasToDOM(places.get(id));
  const { width, height } = byId("stage").getBoundingClientRect();
  const free = sheet() ? height * 0.42 : height;
  if (x < 60 || y < 60 || x > width - 60 || y > free - 60 || network.getScale() < 0.3) {
    fitted = false;
    network.moveTo({
      position: places.get(id),
      scale: Math.max(network.getScale(), 0.7),
      offset: { x: 0, y: (free - height) / 2 },
      animation: glide(),
    });
  }
}

function zoomBy(factor) {
  fitted = false;
  network.moveTo({ scale: Math.min(4, Math.max(0.05, network.getScale() * factor)) });
}

// The next entity in the direction of an arrow key: neighbours first, then whoever stands there.
function nextTowards(id, dx, dy) {
  if (id === null || !shown.nodes.has(id)) return [...shown.nodes].sort(byRank)[0] ?? null;
  const here = places.get(id);
  const near = new Set(neighboursOf(id, shown.passing));
  let best = null;
  for (const candidate of shown.nodes) {
    if (candidate === id) continue;
    const [x, y] = [places.get(candidate).x - here.x, places.get(candidate).y - here.y];
    const length = Math.hypot(x, y) || 1;
    const along = (x * dx + y * dy) / length;
    if (along < 0.5) continue;
    const cost = (length / along) * (near.has(candidate) ? 1 : 2.5);
    if (!best || cost < best.cost) best = { candidate, cost };
  }
  return best ? best.candidate : null;
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
function stageKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (ARROWS[event.key]) {
    const next = nextTowards(state.node, ...ARROWS[event.key]);
    if (next !== null) select({ node: next }, { push: false });
  } else if (event.key === "Enter" || event.key === " ") {
    if (state.node === null && !state.line) select({ node: nextTowards(null) });
    const heading = byId("panel").querySelector("h2");
    if (heading) heading.focus();
  } else if (event.key === "+" || event.key === "=") zoomBy(1.3);
  else if (event.key === "-") zoomBy(1 / 1.3);
  else if (event.key === "0") fit();
  else return;
  event.preventDefault();
}
