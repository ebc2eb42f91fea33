// How entities and statuses look, on the canvas, in the legend and in lists: shapes, colours, strokes.

// Outlines in a unit circle; the same words draw the canvas (Path2D) and the legend (SVG).
const polygon = (corners, turn = -90, radius = 1, inner = 0) => {
  const count = inner ? corners * 2 : corners;
  const points = Array.from({ length: count }, (_, i) => {
    const angle = ((turn + (360 / count) * i) * Math.PI) / 180;
    const length = inner && i % 2 ? inner : radius;
    return `${(Math.cos(angle) * length).toFixed(3)} ${(Math.sin(angle) * length).toFixed(3)}`;
  });
  return `M${points.join("L")}Z`;
};
const box = (x, y, r) =>
  `M${-x + r} ${-y}H${x - r}A${r} ${r} 0 0 1 ${x} ${-y + r}V${y - r}A${r} ${r} 0 0 1 ${x - r} ${y}H${-x + r}A${r} ${r} 0 0 1 ${-x} ${y - r}V${-y + r}A${r} ${r} 0 0 1 ${-x + r} ${-y}Z`;
const OUTLINES = {
  Person: "M-1 0A1 1 0 1 1 1 0A1 1 0 1 1 -1 0Z",
  Organization: box(0.88, 0.88, 0.22),
  Country: polygon(4, -90, 1.18),
  Place: polygon(3, 90, 1.2),
  Group: polygon(6, 0, 1.08),
  Event: polygon(5, -90, 1.25, 0.58),
  Work: box(0.72, 0.98, 0.1),
  Product: polygon(5, -90, 1.1),
  Other: polygon(8, 22.5, 0.95),
};
const PATHS = Object.fromEntries(Object.entries(OUTLINES).map(([type, outline]) => [type, new Path2D(outline)]));

const DASHES = { stated: [], disputed: [], planned: [9, 6], possible: [2, 6], denied: [3, 4] };

let colours = {};
function readColours() {
  const style = getComputedStyle(document.documentElement);
  const value = (name) => style.getPropertyValue(`--${name}`).trim();
  colours = {
    type: Object.fromEntries([...TYPES, "Other"].map((type) => [type, value(`type-${type.toLowerCase()}`)])),
    status: Object.fromEntries(STATUSES.map(({ key }) => [key, value(`line-${key}`)])),
    paper: value("stage"),
    ink: value("ink"),
    soft: value("soft"),
    faint: value("faint"),
    accent: value("accent"),
    area: Array.from({ length: 6 }, (_, i) => value(`area-${i}`)),
    badge: value("badge"),
  };
}

function shapeIcon(type, size = 14) {
  return svg(
    "svg",
    {
      viewBox: "-1.35 -1.35 2.7 2.7",
      width: size,
      height: size,
      "aria-hidden": "true",
      class: `shape shape-${type.toLowerCase()}`,
    },
    svg("path", { d: OUTLINES[type] }),
  );
}

function strokeIcon(status) {
  const icon = svg("svg", {
    viewBox: "0 0 30 12",
    width: 30,
    height: 12,
    "aria-hidden": "true",
    class: `stroke stroke-${status}`,
  });
  const line = svg("line", { x1: 1, y1: 6, x2: 29, y2: 6 });
  if (DASHES[status].length)
    line.setAttribute("stroke-dasharray", DASHES[status].map((length) => length * 0.6).join(" "));
  icon.append(line);
  const { mark } = STATUS.get(status);
  if (mark) {
    icon.append(svg("circle", { cx: 15, cy: 6, r: 5.5 }));
    icon.append(svg("text", { x: 15, y: 9, "text-anchor": "middle", "font-size": 8.5 }, document.createTextNode(mark)));
  }
  return icon;
}

const badge = (status, words) =>
  h(
    "span",
    { class: `badge badge-${status}` },
    STATUS.get(status).mark ? h("span", { class: "mark", "aria-hidden": "true" }, STATUS.get(status).mark) : "",
    words || STATUS.get(status).label,
  );

// ---- the canvas: areas below, shapes, names and marks above

const cursor = { hover: null, hoverLine: null };
const drawn = new Map(); // id -> {x, y, size} of the frame being drawn, in network units
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif';

// Entities that stay bright while something is selected; null when nothing is.
let bright = null;

// Shapes grow slower than the picture, so that they stay visible from afar and do not swell close by.
const sizeAt = (size, scale) => size * Math.min(2, Math.max(0.6, scale ** -0.4));

function drawShape(ctx, node, x, y) {
  const entity = entities[node.id];
  const type = typeOf(entity);
  const dim = bright && !bright.has(node.id);
  const picked = state.node === node.id || (state.line && (state.line.a === node.id || state.line.b === node.id));
  drawn.set(node.id, { x, y, size: node.size });
  ctx.save();
  ctx.translate(x, y);
  if (picked || cursor.hover === node.id) {
    ctx.beginPath();
    ctx.arc(0, 0, node.size * 1.18 + 7, 0, 2 * Math.PI);
    ctx.globalAlpha = picked ? 0.28 : 0.16;
    ctx.fillStyle = colours.accent;
    ctx.fill();
    if (picked) {
      ctx.globalAlpha = 1;
      ctx.lineWidth = 2;
      ctx.strokeStyle = colours.accent;
      ctx.stroke();
    }
  }
  ctx.globalAlpha = dim ? 0.4 : 1;
  ctx.scale(node.size, node.size);
  ctx.lineJoin = "round";
  ctx.lineWidth = 5 / node.size;
  ctx.strokeStyle = colours.paper;
  ctx.stroke(PATHS[type]);
  ctx.fillStyle = colours.type[type];
  ctx.fill(PATHS[type]);
  ctx.restore();
}

function hull(points) {
  const sorted = [...points].sort((p, q) => p[0] - q[0] || p[1] - q[1]);
  const half = (list) => {
    const chain = [];
    for (const p of list) {
      while (chain.length > 1) {
        const [a, b] = chain.slice(-2);
        if ((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0) break;
        chain.pop();
      }
      chain.push(p);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

function drawAreas(ctx, areas) {
  ctx.save();
  ctx.lineJoin = "round";
  for (const { number, points } of areas) {
    const corners = hull(points);
    ctx.beginPath();
    corners.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
    ctx.closePath();
    ctx.lineWidth = 76;
    ctx.strokeStyle = ctx.fillStyle = colours.area[number % 6];
    ctx.stroke();
    ctx.fill();
  }
  ctx.restore();
}

// Widths of names by font: measuring is the dear part of writing.
const widths = new Map();
function widthOf(ctx, text) {
  const key = `${ctx.font}|${text}`;
  if (!widths.has(key)) widths.set(key, ctx.measureText(text).width);
  return widths.get(key);
}

// Boxes on the screen by the cells that they touch, so that asking who is in the way stays quick.
const CELL = 72;
function boxes() {
  const cells = new Map();
  const eachCell = ([x1, y1, x2, y2], visit) => {
    for (let c = Math.floor(x1 / CELL); c <= Math.floor(x2 / CELL); c += 1)
      for (let r = Math.floor(y1 / CELL); r <= Math.floor(y2 / CELL); r += 1) if (visit(c * 100003 + r)) return true;
    return false;
  };
  const touches = ([x1, y1, x2, y2], [a, b, c, d]) => x1 < c && x2 > a && y1 < d && y2 > b;
  return {
    add: (box) =>
      eachCell(box, (key) => {
        const held = cells.get(key);
        if (held) held.push(box);
        else cells.set(key, [box]);
        return false;
      }),
    hit: (box) => eachCell(box, (key) => (cells.get(key) || []).some((one) => touches(box, one))),
    count: (box) => {
      const found = new Set();
      eachCell(box, (key) => {
        for (const one of cells.get(key) || []) if (touches(box, one)) found.add(one);
        return false;
      });
      return found.size;
    },
  };
}

// Greedy placing of names without overlaps, in screen pixels: the important ones first, each where it is free.
// `taken` are boxes that hold something already; the names written are added.  While something is selected the
// names of the others are written faintly, in a second call.
function drawNames(ctx, toScreen, scale, width, height, taken, faint) {
  const shapes = boxes();
  const chosen = (id) =>
    id === state.node || id === cursor.hover || (state.line && (state.line.a === id || state.line.b === id));
  const order = [...drawn.keys()].sort(
    (a, b) => chosen(b) - chosen(a) || (bright ? bright.has(b) - bright.has(a) : 0) || byRank(a, b),
  );
  const spots = new Map();
  for (const id of order) {
    const { x, y, size } = drawn.get(id);
    const [sx, sy] = toScreen(x, y);
    const radius = (chosen(id) ? size * 1.18 + 8 : size * 1.1) * scale + 2; // with the ring round the chosen one
    spots.set(id, [sx, sy, radius]);
    if (faint || !bright || bright.has(id))
      shapes.add([sx - radius * 0.8, sy - radius * 0.8, sx + radius * 0.8, sy + radius * 0.8]);
  }
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  for (const id of order) {
    const [sx, sy, radius] = spots.get(id);
    if (sx < -80 || sy < -30 || sx > width + 80 || sy > height + 30) continue;
    const dim = Boolean(bright && !bright.has(id) && !chosen(id));
    if (dim !== faint) continue;
    const big = chosen(id) || (entities[id].rank ?? 1e9) < (width < 500 ? 4 : 8);
    const size = big ? 14 : radius > 11 ? 13 : 12;
    ctx.font = `${big ? 650 : 450} ${size}px ${FONT}`;
    const text = names.get(id);
    const half = widthOf(ctx, text) / 2;
    const at = (x, y, align) => {
      const left = align === "center" ? x - half : align === "left" ? x : x - 2 * half;
      return { x, y, align, box: [left - 3, y - size * 0.62, left + 2 * half + 3, y + size * 0.62] };
    };
    const [dx, dy] = [radius + 5, radius + size * 0.78];
    const around = [
      at(sx, sy + dy, "center"),
      at(sx, sy - dy, "center"),
      at(sx + dx, sy, "left"),
      at(sx - dx, sy, "right"),
      at(sx + dx * 0.7, sy - dy * 0.75, "left"),
      at(sx + dx * 0.7, sy + dy * 0.75, "left"),
      at(sx - dx * 0.7, sy - dy * 0.75, "right"),
      at(sx - dx * 0.7, sy + dy * 0.75, "right"),
    ].filter(({ box }) => !taken.hit(box));
    const inside = around.filter(({ box }) => box[0] >= 0 && box[2] <= width);
    const among = inside.length || !chosen(id) ? inside : around;
    let spot = among.find(({ box }) => !shapes.hit(box));
    // The most important names may cover small shapes, as few as can be; the chosen one anything.
    if (!spot && !faint && (big || (bright && bright.size < 40)))
      spot = among.sort((a, b) => shapes.count(a.box) - shapes.count(b.box))[0] || null;
    if (!spot && chosen(id)) spot = at(sx, sy + dy, "center");
    if (!spot) continue;
    const { x, y, align, box } = spot;
    taken.add(box);
    ctx.textAlign = align;
    ctx.lineWidth = 4;
    ctx.strokeStyle = colours.paper;
    ctx.globalAlpha = faint ? 0.5 : 0.92;
    ctx.strokeText(text, x, y);
    ctx.globalAlpha = faint ? 0.5 : 1;
    ctx.fillStyle = big && !faint ? colours.ink : colours.soft;
    ctx.fillText(text, x, y);
  }
  ctx.globalAlpha = 1;
}

// Where the marks of denied and disputed lines will stand, so that no name is written there.
// Many marks at once are mere dots.
const isSmall = (shownLines, scale) => shownLines.size > 300 && scale < 0.9;

function markSpots(toScreen, scale, shownLines) {
  const spots = [];
  for (const [line, { status }] of shownLines) {
    const [a, b] = [drawn.get(line.a), drawn.get(line.b)];
    if (a && b && STATUS.get(status).mark && (!bright || (bright.has(line.a) && bright.has(line.b))))
      spots.push([...toScreen((a.x + b.x) / 2, (a.y + b.y) / 2), isSmall(shownLines, scale) ? 4 : 9]);
  }
  return spots;
}

// Marks in the middle of lines: how many facts, denied or disputed; the relation's words while selected.
function drawMarks(ctx, toScreen, scale, shownLines, taken) {
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  const few = shownLines.size <= 30;
  const counting = scale > 0.75;
  for (const [line, { claims: passed, status, kinds }] of shownLines) {
    const lively = state.line === line || cursor.hoverLine === line || state.node === line.a || state.node === line.b;
    const { mark } = STATUS.get(status);
    if ((bright && !lively) || !(mark || lively || few || (counting && kinds > 1))) continue;
    const [a, b] = [drawn.get(line.a), drawn.get(line.b)];
    if (!a || !b) continue;
    const [ax, ay] = toScreen(a.x, a.y);
    const [bx, by] = toScreen(b.x, b.y);
    const length = Math.hypot(ax - bx, ay - by);
    const [x, y] = [(ax + bx) / 2, (ay + by) / 2];
    let right = x;
    const small = mark && !lively && isSmall(shownLines, scale);
    const spot = [x - 10, y - 10, x + 10, y + 10];
    // A count gives way to names and to other counts.
    const counts =
      kinds > 1 &&
      (lively || counting) &&
      length > 40 &&
      (state.line === line || cursor.hoverLine === line || !taken.hit(spot));
    if ((mark && length > 26) || counts) {
      if (!mark) taken.add(spot);
      const text = mark || String(kinds);
      const radius = small ? 3.5 : mark ? 8 : 8.5;
      ctx.beginPath();
      ctx.arc(x, y, radius, 0, 2 * Math.PI);
      ctx.fillStyle = mark ? colours.status[status] : colours.paper;
      ctx.fill();
      ctx.lineWidth = 1.5;
      ctx.strokeStyle = mark ? colours.paper : colours.status.stated;
      ctx.stroke();
      ctx.font = `700 ${mark ? 10.5 : 10}px ${FONT}`;
      ctx.fillStyle = mark ? colours.badge : colours.soft;
      if (!small) ctx.fillText(text, x, y + 0.5);
      right = x + radius;
    }
    if ((lively || few) && length > 70) {
      const words = [...new Set(passed.map((claim) => claim.relation.label))];
      const text = words.length > 1 ? `${words[0]} +${words.length - 1}` : words[0];
      ctx.font = `italic 450 11.5px ${FONT}`;
      const half = ctx.measureText(text).width / 2;
      const middle = right > x ? right + 4 + half : x;
      const area = [middle - half - 2, y - 8, middle + half + 2, y + 8];
      if (half * 2 > length * 0.95 && state.line !== line && cursor.hoverLine !== line) continue;
      if (taken.hit(area) && state.line !== line) continue;
      taken.add(area);
      ctx.lineWidth = 4;
      ctx.strokeStyle = colours.paper;
      ctx.strokeText(text, middle, y);
      ctx.fillStyle = colours.soft;
      ctx.fillText(text, middle, y);
    }
  }
}

// The status that a line shows for the claims that pass: what is sure wins, a dispute is never hidden.
function statusOf(passed) {
  const found = new Set(passed.map((claim) => claim.status));
  return ["disputed", "stated", "planned", "possible", "denied"].find((status) => found.has(status));
}
