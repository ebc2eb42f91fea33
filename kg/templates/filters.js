// The left column: legend and filters in one, with what each would let through.

const isOn = (name, value) => !state.off[name].has(value);
const groupsOpen = new Set();

function tally(name) {
  const counts = new Map();
  if (name === "type") {
    for (const entity of entities)
      if (entity.claims.length) counts.set(typeOf(entity), (counts.get(typeOf(entity)) || 0) + 1);
  } else {
    for (const claim of claims) {
      const values = name === "status" ? [claim.status] : name === "relation" ? [claim.relation.name] : claim.outlets;
      for (const value of values) counts.set(value, (counts.get(value) || 0) + 1);
    }
  }
  return counts;
}

function choices(name, title, rows, most) {
  const row = ({ value, label, icon, count }) =>
    h(
      "li",
      {},
      h(
        "label",
        {},
        h("input", { type: "checkbox", checked: isOn(name, value), data: { filter: name, value } }),
        icon || "",
        h("span", { class: "name" }, bdi(brief(label))),
        h("span", { class: "faint" }, figures(count)),
      ),
      rows.length > 1
        ? h(
            "button",
            { type: "button", class: "only", "aria-label": `Only ${brief(label)}`, data: { only: name, value } },
            "only",
          )
        : "",
    );
  const first = rows.slice(0, most);
  const rest = rows.slice(most);
  return h(
    "fieldset",
    { data: { group: name } },
    h("legend", {}, title),
    h("ul", {}, ...first.map(row)),
    rest.length
      ? h(
          "details",
          {
            open: groupsOpen.has(name),
            on: { toggle: (event) => groupsOpen[event.target.open ? "add" : "delete"](name) },
          },
          h("summary", {}, `${rest.length} more`),
          h("ul", {}, ...rest.map(row)),
        )
      : "",
    state.off[name].size ? h("button", { type: "button", class: "all", data: { all: name } }, "show all") : "",
  );
}

// ---- dates: a histogram of the facts by day, month or year, and two handles

// Few facts from long ago would leave no room for the rest: they share the first bar.
const days = claims
  .map((claim) => claim.when)
  .filter(Boolean)
  .sort();
const yearsBetween = (a, b) =>
  Number(b.slice(0, 4)) - Number(a.slice(0, 4)) + (Number(b.slice(5, 7) || 1) - Number(a.slice(5, 7) || 1)) / 12;
const bins = makeBins();
function makeBins() {
  if (!days.length) return [];
  const last = days[days.length - 1];
  const tenth = days[Math.floor(days.length / 10)];
  const first = yearsBetween(days[0], tenth) > 2 * yearsBetween(tenth, last) + 0.1 ? tenth : days[0];
  const span = yearsBetween(first, last);
  const unit = span > 8 ? 4 : span > 0.2 ? 7 : 10;
  const counts = new Map();
  let earlier = 0;
  for (const day of days) {
    if (day < first.slice(0, unit)) earlier += 1;
    else counts.set(day.slice(0, unit), (counts.get(day.slice(0, unit)) || 0) + 1);
  }
  const day = new Date(
    Date.UTC(Number(first.slice(0, 4)), Number(first.slice(5, 7) || 1) - 1, Number(first.slice(8, 10) || 1)),
  );
  if (unit < 10) day.setUTCDate(1);
  if (unit < 7) day.setUTCMonth(0);
  const found = earlier
    ? [{ name: new Date(day - 86400000).toISOString().slice(0, 10), label: "earlier", count: earlier }]
    : [];
  for (let i = 0; i < 400; i += 1) {
    const name = day.toISOString().slice(0, unit);
    found.push({ name, label: showDate(name), count: counts.get(name) || 0 });
    if (name >= last.slice(0, unit)) break;
    if (unit === 4) day.setUTCFullYear(day.getUTCFullYear() + 1);
    else if (unit === 7) day.setUTCMonth(day.getUTCMonth() + 1);
    else day.setUTCDate(day.getUTCDate() + 1);
  }
  return found;
}

function dateFilter() {
  if (bins.length < 2) return "";
  const top = Math.max(...bins.map((bin) => bin.count));
  const from = state.from
    ? Math.max(
        0,
        bins.findIndex((bin) => bin.name >= state.from),
      )
    : 0;
  const found = state.to ? bins.findIndex((bin) => bin.name >= state.to) : bins.length - 1;
  const to = found < 0 ? bins.length - 1 : found;
  const width = 240 / bins.length;
  const bar = Math.min(22, Math.max(width - 1.5, 0.6));
  const bars = svg(
    "svg",
    { viewBox: "0 0 240 46", preserveAspectRatio: "none", class: "bars", "aria-hidden": "true" },
    ...bins.map((bin, i) =>
      svg("rect", {
        x: ((i + 0.5) * width - bar / 2).toFixed(2),
        width: bar.toFixed(2),
        y: (46 - (bin.count ? 3 + (43 * bin.count) / top : 0)).toFixed(1),
        height: (bin.count ? 3 + (43 * bin.count) / top : 0).toFixed(1),
        class: i >= from && i <= to ? "in" : "out",
      }),
    ),
  );
  const slider = (end, value, label) =>
    h("input", {
      type: "range",
      min: 0,
      max: bins.length - 1,
      value,
      "aria-label": label,
      "aria-valuetext": bins[value].label,
      data: { date: end },
    });
  return h(
    "fieldset",
    { data: { group: "date" } },
    h("legend", {}, "When"),
    h("div", { class: "dates" }, bars, slider("from", from, "From"), slider("to", to, "Until")),
    h("p", { class: "range" }, h("span", {}, bins[from].label), h("span", {}, bins[to].label)),
  );
}

function renderFilters() {
  const kept =
    document.activeElement && byId("filters").contains(document.activeElement)
      ? { ...document.activeElement.dataset }
      : null;
  const top = byId("filters").childElementCount ? byId("filters").scrollTop : 0;
  const count = Object.fromEntries(FILTERS.map((name) => [name, tally(name)]));
  const sorted = (name) => [...count[name]].sort((a, b) => b[1] - a[1] || compare(a[0], b[0]));
  const label = new Map(relations.map((relation) => [relation.name, relation.label]));
  const sure = claims.some((claim) => claim.confidence !== undefined);
  byId("filters").replaceChildren(
    ...[
      h(
        "div",
        { class: "filters-head" },
        h("h2", {}, "Show"),
        h("button", { type: "button", class: "all", data: { reset: "" }, disabled: !filtersOn() }, "Reset"),
      ),
      choices(
        "type",
        "Who and what",
        [...TYPES, "Other"]
          .filter((type) => count.type.has(type))
          .map((type) => ({
            value: type,
            label: plural[type],
            icon: shapeIcon(type, 16),
            count: count.type.get(type),
          })),
        9,
      ),
      choices(
        "status",
        "How it stands",
        STATUSES.filter(({ key }) => count.status.has(key)).map(({ key, label: words }) => ({
          value: key,
          label: words,
          icon: strokeIcon(key),
          count: count.status.get(key),
        })),
        5,
      ),
      dateFilter(),
      choices(
        "relation",
        "Relations",
        sorted("relation").map(([value, number]) => ({ value, label: label.get(value) || value, count: number })),
        8,
      ),
      count.outlet.size > 1
        ? choices(
            "outlet",
            "Outlets",
            sorted("outlet").map(([value, number]) => ({ value, label: value, count: number })),
            6,
          )
        : "",
      sure
        ? h(
            "fieldset",
            { data: { group: "confidence" } },
            h("legend", {}, "At least so sure"),
            h(
              "div",
              { class: "sure-range" },
              h("input", {
                type: "range",
                min: 0,
                max: 100,
                step: 5,
                value: Math.round(state.confidence * 100),
                "aria-label": "At least so sure, in percent",
                data: { confidence: "" },
              }),
              h("output", {}, `${Math.round(state.confidence * 100)} %`),
            ),
          )
        : "",
    ].filter((part) => part !== ""),
  );
  if (top) byId("filters").scrollTop = top;
  if (kept) {
    const again = [...byId("filters").querySelectorAll("input, button")].find(
      (element) => JSON.stringify({ ...element.dataset }) === JSON.stringify(kept),
    );
    if (again) again.focus();
  }
}

function startFilters() {
  const column = byId("filters");
  column.addEventListener("change", ({ target }) => {
    const { filter, value } = target.dataset;
    if (!filter) return;
    const off = new Set(state.off[filter]);
    if (target.checked) off.delete(value);
    else off.add(value);
    change({ off: { ...state.off, [filter]: off } });
  });
  column.addEventListener("click", ({ target }) => {
    const { only, all, value } = target.dataset;
    if (only)
      change({ off: { ...state.off, [only]: new Set([...tally(only).keys()].filter((name) => name !== value)) } });
    else if (all) change({ off: { ...state.off, [all]: new Set() } });
  });
  // While a handle is dragged the column stays as it is: only bars and words follow.
  column.addEventListener("input", ({ target }) => {
    if (target.dataset.date) {
      const handles = ["from", "to"].map((end) => column.querySelector(`[data-date=${end}]`));
      const [low, high] = handles.map((handle) => Number(handle.value)).sort((a, b) => a - b);
      change(
        { from: low > 0 ? bins[low].name : "", to: high < bins.length - 1 ? bins[high].name : "" },
        { push: false, keepFilters: true },
      );
      target.setAttribute("aria-valuetext", bins[Number(target.value)].label);
      column
        .querySelectorAll(".bars rect")
        .forEach((bar, i) => bar.setAttribute("class", i >= low && i <= high ? "in" : "out"));
      column.querySelectorAll(".range span").forEach((span, i) => {
        span.textContent = bins[[low, high][i]].label;
      });
    } else if (target.dataset.confidence !== undefined) {
      change({ confidence: Number(target.value) / 100 }, { push: false, keepFilters: true });
      column.querySelector("output").textContent = `${target.value} %`;
    } else return;
    column.querySelector("[data-reset]").disabled = !filtersOn();
  });
}
