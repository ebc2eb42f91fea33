// Places of a part of the network (so many steps round somebody, a way between two), computed here from what is
// shown: the same part always looks the same.  Lengths on the page come near to numbers of steps (stress
// majorisation, one node at a time), whoever it is about stands in the middle, and names get room.

// Between two names; where many stand, not every name can be written.
const roomFor = (count) => (count > 80 ? { x: 78, y: 52 } : { x: 118, y: 62 });

function scopePlaces({ nodes, lines: shownLines, way }) {
  if (way || state.ego === null) return wayPlaces(way || [...nodes].sort(byRank));
  const near = new Map([state.ego, ...[...nodes].sort(byRank)].map((id) => [id, []]));
  for (const line of shownLines.keys()) {
    near.get(line.a).push(line.b);
    near.get(line.b).push(line.a);
  }
  for (const list_ of near.values()) list_.sort(byRank);
  const ids = [state.ego, ...[...near.keys()].filter((id) => id !== state.ego)];
  const index_ = new Map(ids.map((id, i) => [id, i]));
  const steps = ids.map((id) => stepsFrom(id, near, index_));
  const points = startPoints(ids, near, index_, steps[0]);
  majorise(points, steps);
  spread(points, Math.max(1, ...steps[0]));
  return new Map(ids.map((id, i) => [id, { x: Math.round(points[i][0]), y: Math.round(points[i][1]) }]));
}

// A way is a chain, read from left to right, or downwards where the page is narrow.
function wayPlaces(way) {
  const upright = byId("stage").clientWidth < 600;
  return new Map(
    way.map((id, i) => {
      const [along, aside] = [i * (upright ? 120 : 240), (i % 2 ? 1 : -1) * 36];
      return [id, upright ? { x: aside, y: along } : { x: along, y: aside }];
    }),
  );
}

function stepsFrom(start, near, index_) {
  const steps = new Float32Array(index_.size).fill(4); // what is not joined stands a little apart
  steps[index_.get(start)] = 0;
  let edge = [start];
  const seen = new Set(edge);
  for (let step = 1; edge.length; step += 1) {
    const next = [];
    for (const id of edge) {
      for (const other_ of near.get(id)) {
        if (seen.has(other_)) continue;
        seen.add(other_);
        steps[index_.get(other_)] = step;
        next.push(other_);
      }
    }
    edge = next;
  }
  return steps;
}

// Rings by steps; on each, those who know each other side by side.
function startPoints(ids, near, index_, fromEgo) {
  const order = [];
  const seen = new Set([ids[0]]);
  for (const id of ids.slice(1)) {
    if (seen.has(id)) continue;
    const stack = [id];
    while (stack.length) {
      const one = stack.pop();
      if (seen.has(one)) continue;
      seen.add(one);
      order.push(one);
      stack.push(...[...near.get(one)].reverse());
    }
  }
  const points = ids.map(() => [0, 0]);
  order.forEach((id, turn) => {
    const i = index_.get(id);
    const angle = (2 * Math.PI * turn) / order.length + 0.3;
    points[i] = [Math.cos(angle) * fromEgo[i], Math.sin(angle) * fromEgo[i]];
  });
  return points;
}

function majorise(points, steps) {
  const count = points.length;
  const rounds = Math.max(12, Math.min(80, Math.round(6e6 / (count * count))));
  for (let round = 0; round < rounds; round += 1) {
    for (let i = 1; i < count; i += 1) {
      let [sum, x, y] = [0, 0, 0];
      for (let j = 0; j < count; j += 1) {
        if (i === j) continue;
        const wanted = steps[i][j];
        const weight = (j === 0 ? 0.15 * count + 1 : 1) / (wanted * wanted);
        const [dx, dy] = [points[i][0] - points[j][0], points[i][1] - points[j][1]];
        const length = Math.hypot(dx, dy) || 1e-6;
        sum += weight;
        x += weight * (points[j][0] + (wanted * dx) / length);
        y += weight * (points[j][1] + (wanted * dy) / length);
      }
      points[i] = [x / sum, y / sum];
    }
  }
}

// To the page's units, then apart until no name stands on another.
function spread(points, steps) {
  const room = roomFor(points.length);
  const stretch = Math.max(130, (0.5 * Math.sqrt(points.length * room.x * room.y)) / steps);
  for (const point of points) {
    point[0] *= stretch * 1.3;
    point[1] *= stretch;
  }
  for (let round = 0; round < 120; round += 1) {
    let moved = false;
    const cells = new Map();
    points.forEach(([x, y], i) => {
      const key = `${Math.floor(x / room.x)},${Math.floor(y / room.y)}`;
      if (!cells.has(key)) cells.set(key, []);
      cells.get(key).push(i);
    });
    points.forEach((point, i) => {
      const [column, row] = [Math.floor(point[0] / room.x), Math.floor(point[1] / room.y)];
      for (let c = column - 1; c <= column + 1; c += 1) {
        for (let r = row - 1; r <= row + 1; r += 1) {
          for (const j of cells.get(`${c},${r}`) || []) {
            if (j <= i) continue;
            const [dx, dy] = [points[j][0] - point[0], points[j][1] - point[1]];
            const [overX, overY] = [room.x - Math.abs(dx), room.y - Math.abs(dy)];
            if (overX <= 0 || overY <= 0) continue;
            moved = true;
            // The shorter way out; whoever stands in the middle stays.
            const sideways = overX / room.x < overY / room.y;
            const push = sideways ? [(dx < 0 ? -1 : 1) * overX, 0] : [0, (dy < 0 ? -1 : 1) * overY];
            const share = i === 0 ? 0 : 0.5;
            point[0] -= push[0] * share;
            point[1] -= push[1] * share;
            points[j][0] += push[0] * (1 - share);
            points[j][1] += push[1] * (1 - share);
          }
        }
      }
    });
    if (!moved) break;
  }
}
