"use strict";
// The list of questions: filters, search and pages of PAGE over the rows in #data (see cards.py).
// Texts become text nodes, never markup. The state is in the address, so that links and the
// browser's back button work.
(() => {
  const PAGE = 50;
  const WAIT = 150; // milliseconds after a key before the search runs
  const get = (id) => document.getElementById(id);
  const rows = JSON.parse(get("data").textContent).sort((a, b) => a.n - b.n);
  const turns = new Map(rows.map((row) => [`${row.turn} ${row.id}`, row]));
  const meanings = new Map(
    [...get("cause").options].map((option) => [option.value, option.dataset.meaning])
  );
  const filters = ["words", "show", "cause", "tag", "order"];
  const usual = { words: "", show: rows.some((row) => row.cause) ? "failing" : "all", cause: "", tag: "", order: "set" };
  const orders = {
    set: (a, b) => a.n - b.n,
    sure: (a, b) => b.confidence - a.confidence,
    unsure: (a, b) => a.confidence - b.confidence,
    slow: (a, b) => (b.ms ?? -1) - (a.ms ?? -1),
  };
  let page = 0;
  let found = [];

  const el = (name, attributes, ...children) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children.filter((child) => child !== null && child !== ""));
    return node;
  };
  const code = (text) => el("code", {}, text);
  const many = (n, thing) => `${n.toLocaleString("en")} ${thing}${n === 1 ? "" : "s"}`;
  const address = (changes) => `#${new URLSearchParams(changes)}`;

  // The answer with the words that were compared with the gold answer marked.
  const given = (row) => {
    const text = row.given ?? "";
    const at = row.short ? text.indexOf(row.short) : -1;
    const parts = at < 0 ? [text] : [text.slice(0, at), el("mark", { title: "short answer" }, row.short), text.slice(at + row.short.length)];
    return el("p", { class: "text", dir: "auto" }, ...parts);
  };

  const expected = (row) => {
    const texts = (list) => el("ul", {}, ...list.map((text) => el("li", { dir: "auto" }, text)));
    const ids = (label, list) => el("p", { class: "dim" }, label, ...list.flatMap((id) => [" ", code(id)]));
    return [
      row.declinable ? el("p", {}, "To be declined: the page does not say.") : null,
      row.all ? el("p", { class: "dim" }, "all of") : null,
      row.all ? texts(row.all) : null,
      row.any?.length > 1 ? el("p", { class: "dim" }, "any of") : null,
      row.any ? texts(row.any) : null,
      row.allOf ? ids("from exactly", row.allOf) : null,
      row.anyOf ? ids(row.anyOf.length > 1 ? "from any of" : "from", row.anyOf) : null,
    ];
  };

  const earlier = (row) => {
    const asked = [];
    for (let turn = 1; turn < row.turn; turn += 1) {
      const before = turns.get(`${turn} ${row.id}`);
      if (before) asked.push(before.question);
    }
    return asked.length ? el("p", { class: "dim" }, "after: ", el("bdi", {}, asked.join(" → "))) : null;
  };

  const quotes = (row) => (row.cites ?? []).flatMap(([id, author, quote]) => [
    el("p", { class: "dim" }, "cited ", code(id), author ? ` ${author}` : ""),
    quote ? el("blockquote", { dir: "auto" }, quote) : null,
  ]);
  const rejected = (row) => (row.rejected ?? []).map(([id, quote, reason]) =>
    el("p", { class: "why" }, "citation taken out: ", code(id), ` ${reason}`, quote ? `: “${quote}”` : "")
  );
  const ranking = (row) => row.found ? [
    el("p", { class: "dim" }, "found, best first; ✓ marks what the set asks for"),
    el("ol", { class: "found" }, ...row.found.map(([id, gold]) =>
      el("li", gold ? { class: "gold" } : {}, code(id), gold ? " ✓" : ""))),
  ] : [];

  const details = (row) => {
    const way = row.wanted && row.wanted !== row.route ? `${row.route} (asked for: ${row.wanted})` : row.route;
    const facts = [
      many((row.cites ?? []).length, "citation"),
      `${many((row.found ?? []).length, "passage")} found`,
      `confidence ${row.confidence.toFixed(2)}`,
      way,
      row.ms === undefined ? "" : `${row.ms.toFixed(1)} ms`,
    ].filter(Boolean).join(" · ");
    const notes = [
      row.short ? `short answer: ${row.short}` : "",
      row.searched ? `searched for: ${row.searched}` : "",
      row.judge === undefined ? "" : `the judge finds it ${row.judge ? "right" : "wrong"}`,
      `answered by: ${row.engine}`,
      ...(row.notes ?? []),
    ].filter(Boolean);
    return el("details", {}, el("summary", {}, facts), ...quotes(row), ...rejected(row), ...ranking(row),
      ...notes.map((note) => el("p", { class: "dim" }, note)));
  };

  const card = (row) => el("article", { class: `card ${row.cause ? "bad" : "good"}`, id: `q-${row.n}`, tabindex: "-1" },
    el("p", { class: "meta" },
      el("span", { class: row.cause ? "badge bad" : "badge" }, row.cause ?? "right"),
      el("a", { class: "plain", href: `#q-${row.n}`, title: "link to this question" }, code(row.id)),
      row.turn > 1 ? `turn ${row.turn}` : "",
      ...(row.tags ?? []).map((tag) => el("a", { class: "tag", href: address({ show: "all", tag }) }, tag))),
    el("h3", { dir: "auto" }, row.question),
    earlier(row),
    row.cause ? el("p", { class: "why" }, meanings.get(row.cause) ?? "") : null,
    el("div", { class: "pair" },
      el("div", {}, el("h4", {}, "Expected"), ...expected(row)),
      el("div", {}, el("h4", {}, row.declined ? "Given: declined" : "Given"), given(row))),
    details(row));

  const searchable = (row) => {
    row.haystack ??= [row.id, row.question, row.given, row.searched, ...(row.any ?? []), ...(row.all ?? []),
      ...(row.anyOf ?? []), ...(row.allOf ?? []), ...(row.cites ?? []).flat()].join("\n").toLowerCase();
    return row.haystack;
  };

  const show = () => {
    const last = Math.max(0, Math.ceil(found.length / PAGE) - 1);
    page = Math.min(Math.max(page, 0), last);
    get("cards").replaceChildren(...found.slice(page * PAGE, (page + 1) * PAGE).map(card));
    const where = `page ${page + 1} of ${last + 1}`;
    get("count").textContent = found.length
      ? `${many(found.length, "question")} of ${rows.length.toLocaleString("en")}${last ? `, ${where}` : ""}`
      : "No question is like that; take a filter away.";
    get("pager").hidden = last === 0;
    get("where").textContent = where;
    get("before").disabled = page === 0;
    get("after").disabled = page === last;
  };

  const choose = () => {
    const state = Object.fromEntries(filters.map((name) => [name, get(name).value]));
    const words = state.words.toLowerCase().split(/\s+/).filter(Boolean);
    found = rows.filter((row) =>
      (state.show === "all" || Boolean(row.cause) === (state.show === "failing")) &&
      (!state.cause || row.cause === state.cause) &&
      (!state.tag || (row.tags ?? []).includes(state.tag)) &&
      words.every((word) => searchable(row).includes(word)));
    found.sort(orders[state.order]);
    page = 0;
  };

  const set = (state) => {
    for (const name of filters) {
      const control = get(name);
      control.value = state[name] ?? usual[name];
      if (control.selectedIndex === -1) control.value = usual[name];
    }
  };

  // What the address asks for: one question (#q-12), filters (#cause=…&tag=…), or a section.
  const follow = () => {
    const wanted = location.hash.slice(1);
    const number = /^q-(\d+)$/.exec(wanted);
    if (number) {
      set({ show: "all" });
      choose();
      page = Math.floor(found.findIndex((row) => row.n === Number(number[1])) / PAGE);
      show();
      const target = get(wanted);
      if (target) {
        target.classList.add("target");
        target.querySelector("details").open = true;
        target.scrollIntoView();
        target.focus({ preventScroll: true });
      }
      return;
    }
    const asked = wanted.includes("=");
    if (asked || !wanted || !found.length) {
      set(asked ? Object.fromEntries(new URLSearchParams(wanted)) : usual);
      choose();
      show();
    }
    if (asked) get("questions").scrollIntoView();
  };

  const changed = () => {
    const state = filters.map((name) => [name, get(name).value]).filter(([name, value]) => value !== usual[name]);
    history.replaceState(null, "", state.length ? address(state) : "#questions");
    choose();
    show();
  };

  const turn = (step) => {
    page += step;
    show();
    get("questions").scrollIntoView();
  };

  let waiting;
  get("words").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(changed, WAIT);
  });
  for (const name of filters.slice(1)) get(name).addEventListener("change", changed);
  get("before").addEventListener("click", () => turn(-1));
  get("after").addEventListener("click", () => turn(1));
  addEventListener("hashchange", follow);
  for (const node of document.querySelectorAll(".only-script")) node.hidden = false;
  follow();
})();
