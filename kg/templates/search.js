// Search over all names and other spellings, with suggestions (the ARIA combobox pattern).

let index = null; // made when it is first asked
const indexed = () => {
  index ??= entities.flatMap((entity) =>
    [entity.label, ...entity.aliases].map((name, i) => ({ entity, name, folded: fold(name), own: i === 0 })),
  );
  return index;
};

function findEntities(words, most = 10) {
  const wanted = fold(words.trim());
  if (!wanted) return [];
  const best = new Map();
  for (const { entity, name, folded, own } of indexed()) {
    const at = folded.indexOf(wanted);
    if (at < 0) continue;
    const starts = at === 0 ? 0 : /[\p{L}\p{N}]/u.test(folded[at - 1]) ? 2 : 1;
    const cost = starts * 2 + (own ? 0 : 1) + (folded === wanted ? -3 : 0);
    const before = best.get(entity.id);
    if (!before || cost < before.cost) best.set(entity.id, { entity, name, own, cost });
  }
  return [...best.values()].sort((a, b) => a.cost - b.cost || byRank(a.entity.id, b.entity.id)).slice(0, most);
}

// Makes an input and its list a combobox; `choose(id)` is called with the picked entity.
function combobox(input, list, choose) {
  let matches = [];
  let active = -1;
  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const pick = (match) => {
    input.value = "";
    close();
    choose(match.entity.id);
  };
  const mark = (next) => {
    active = matches.length ? (next + matches.length) % matches.length : -1;
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === active)));
    const option = list.children[active];
    if (option && matches.length) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const suggest = () => {
    matches = findEntities(input.value);
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.replaceChildren(
      ...matches.map((match, i) =>
        h(
          "li",
          {
            role: "option",
            id: `${list.id}-${i}`,
            "aria-selected": "false",
            on: { mousedown: (event) => event.preventDefault(), click: () => pick(match) },
          },
          shapeIcon(typeOf(match.entity)),
          h(
            "span",
            { class: "name" },
            bdi(nameOf(match.entity.id)),
            match.own ? "" : h("span", { class: "faint" }, " also ", bdi(brief(match.name))),
          ),
          h(
            "span",
            { class: "faint" },
            match.entity.claims.length ? counted(match.entity.claims.length, "fact") : "named only",
          ),
        ),
      ),
    );
    const asked = input.value.trim() !== "";
    if (asked && !matches.length)
      list.append(
        h(
          "li",
          { role: "option", "aria-disabled": "true", "aria-selected": "false", class: "none" },
          "No name like that",
        ),
      );
    list.hidden = !asked;
    input.setAttribute("aria-expanded", String(asked));
    if (asked) say(matches.length ? `${counted(matches.length, "suggestion")}` : "No name like that");
  };
  input.addEventListener("input", suggest);
  input.addEventListener("focus", () => {
    if (input.value.trim()) suggest();
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) suggest();
      mark(active + (event.key === "ArrowDown" ? 1 : active < 0 ? 0 : -1));
    } else if (event.key === "Enter") {
      if (matches.length && !list.hidden) pick(matches[Math.max(active, 0)]);
    } else if (event.key === "Escape") {
      if (list.hidden && !input.value) {
        input.blur();
        return;
      }
      input.value = "";
      close();
      event.stopPropagation();
    } else return;
    event.preventDefault();
  });
}
