// What is shown, to take away: a picture and a table (facts as Turtle: turtle.js).

function save(blob, ending) {
  const name = `${
    fold(page.title)
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "")
      .slice(0, 60) || "graph"
  }.${ending}`;
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  say(`${name} saved`);
}

function savePicture() {
  const canvas = byId("canvas").querySelector("canvas");
  const ratio = canvas.width / canvas.getBoundingClientRect().width;
  const copy = h("canvas");
  copy.width = canvas.width;
  copy.height = canvas.height + 44 * ratio;
  const ctx = copy.getContext("2d");
  ctx.fillStyle = colours.paper;
  ctx.fillRect(0, 0, copy.width, copy.height);
  ctx.drawImage(canvas, 0, 0);
  ctx.scale(ratio, ratio);
  ctx.textBaseline = "middle";
  let x = 16;
  const y = canvas.height / ratio + 22;
  const types = [...TYPES, "Other"].filter((type) => [...shown.nodes].some((id) => typeOf(entities[id]) === type));
  for (const type of types) {
    ctx.save();
    ctx.translate(x + 6, y);
    ctx.scale(6, 6);
    ctx.fillStyle = colours.type[type];
    ctx.fill(PATHS[type]);
    ctx.restore();
    ctx.font = `12px ${FONT}`;
    ctx.fillStyle = colours.soft;
    ctx.fillText(plural[type], x + 18, y);
    x += 34 + ctx.measureText(plural[type]).width;
  }
  ctx.textAlign = "right";
  ctx.font = `600 12px ${FONT}`;
  ctx.fillStyle = colours.ink;
  ctx.fillText(page.title.slice(0, 80), copy.width / ratio - 16, y);
  copy.toBlob((blob) => save(blob, "png"), "image/png");
}

// A cell that a spreadsheet would run as a formula gets an apostrophe in front.
const cell = (text) => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replace(/"/g, '""')}"`;
function toCsv() {
  const columns = [
    ...COLUMNS,
    { label: "Stance", text: (claim) => (claim.denies ? "denies" : "asserts") },
    { label: "Modality", text: (claim) => claim.modality },
    {
      label: "Document",
      text: (claim) =>
        claim.evidence[0] && claim.evidence[0].source
          ? claim.evidence[0].source.title || claim.evidence[0].source.iri
          : "",
    },
    {
      label: "URL",
      text: (claim) => (claim.evidence[0] && claim.evidence[0].source && claim.evidence[0].source.url) || "",
    },
  ];
  const rows = sortedFacts().map((claim) => columns.map((column) => cell(column.text(claim))).join(","));
  return `\ufeff${[columns.map((column) => cell(column.label)).join(","), ...rows].join("\r\n")}\r\n`;
}

function exportAs(kind) {
  if (kind === "png") {
    if (state.tab !== "network") change({ tab: "network" });
    requestAnimationFrame(() => requestAnimationFrame(savePicture));
  } else if (kind === "csv") save(new Blob([toCsv()], { type: "text/csv;charset=utf-8" }), "csv");
  else save(new Blob([toTurtle()], { type: "text/turtle;charset=utf-8" }), "ttl");
}
