"use strict";
// The page that asks the endpoint: everything that an answer holds is shown as text, never as markup.
(() => {
  const at = (id) => document.getElementById(id);
  const query = at("query"),
    ready = at("ready"),
    state = at("state"),
    answer = at("answer");
  const stop = at("stop"),
    parameters = at("arguments");
  const base = document.currentScript.dataset.base;
  let running = null;

  function tell(text, bad) {
    state.textContent = text;
    state.className = bad ? "bad" : "";
  }

  function element(name, text) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // IRIs of the graph lead to their page here, others only where they are of the web.
  function shown(term) {
    if (!term) return document.createTextNode("");
    if (term.type !== "uri") return document.createTextNode(term.value);
    const ours = term.value.startsWith(base);
    if (!ours && !/^https?:\/\//.test(term.value)) return document.createTextNode(term.value);
    const link = element("a", ours ? "id:" + term.value.slice(base.length) : term.value);
    link.href = ours ? "/id/" + term.value.slice(base.length).split("/").map(encodeURIComponent).join("/") : term.value;
    link.rel = "noreferrer";
    return link;
  }

  function table(found) {
    const names = found.head.vars;
    const made = element("table"),
      head = element("tr"),
      body = element("tbody");
    for (const name of names) {
      const cell = element("th", name);
      cell.scope = "col";
      head.append(cell);
    }
    for (const row of found.results.bindings) {
      const line = element("tr");
      for (const name of names) {
        const cell = element("td");
        cell.dir = "auto";
        cell.append(shown(row[name]));
        line.append(cell);
      }
      body.append(line);
    }
    const top = element("thead");
    top.append(head);
    made.append(top, body);
    return made;
  }

  async function ask(accept, signal) {
    const response = await fetch("/sparql", {
      method: "POST",
      headers: { "Content-Type": "application/sparql-query", Accept: accept },
      body: query.value,
      signal,
    });
    if (!response.ok) throw new Error((await response.text()).trim() || response.statusText);
    return response;
  }

  async function run() {
    if (running) running.abort();
    const mine = (running = new AbortController());
    stop.disabled = false;
    answer.replaceChildren();
    tell("Running …");
    const begin = performance.now();
    try {
      const response = await ask("application/sparql-results+json, text/turtle;q=0.9", mine.signal);
      if (response.headers.get("content-type").startsWith("text/turtle")) {
        answer.append(element("pre", await response.text()));
        tell("");
        return;
      }
      const found = await response.json();
      const took = ((performance.now() - begin) / 1000).toFixed(2) + " s";
      if ("boolean" in found) {
        tell((found.boolean ? "yes" : "no") + ", " + took);
        return;
      }
      const count = found.results.bindings.length;
      answer.append(table(found));
      tell((count === 1 ? "1 answer" : count.toLocaleString("en") + " answers") + ", " + took);
    } catch (error) {
      if (running === mine) tell(error.name === "AbortError" ? "Stopped." : error.message, error.name !== "AbortError");
    } finally {
      if (running === mine) {
        running = null;
        stop.disabled = true;
      }
    }
  }

  async function fill() {
    const given = new URLSearchParams();
    for (const field of parameters.querySelectorAll("input")) given.set(field.name, field.value);
    const response = await fetch("/queries/" + encodeURIComponent(ready.value) + "?" + given);
    query.value = await response.text();
  }

  ready.addEventListener("change", async () => {
    const chosen = ready.selectedOptions[0];
    at("description").textContent = chosen.title;
    parameters.replaceChildren();
    if (!ready.value) return;
    for (const name of chosen.dataset.parameters.split(" ").filter(Boolean)) {
      const field = element("input");
      field.name = name;
      field.placeholder = name;
      field.setAttribute("aria-label", name);
      field.addEventListener("input", fill);
      parameters.append(field);
    }
    await fill();
  });
  at("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  query.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
  });
  stop.addEventListener("click", () => running && running.abort());
  at("save").addEventListener("click", async () => {
    const form = new URLSearchParams({ query: query.value, format: at("format").value });
    try {
      const response = await fetch("/sparql", { method: "POST", body: form });
      if (!response.ok) throw new Error((await response.text()).trim());
      const link = element("a");
      link.href = URL.createObjectURL(await response.blob());
      link.download = "answer." + at("format").value.replace("turtle", "ttl");
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    } catch (error) {
      tell(error.message, true);
    }
  });
  window.kgReady = true;
})();
