
(() => {
  "use strict";

  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (id) => document.getElementById(id);
  document.documentElement.classList.add("scripts");

  const themes = ["system", "light", "dark"];
  let theme = 0;
  one("theme").addEventListener("click", () => {
    theme = (theme + 1) % themes.length;
    one("theme").textContent = `Theme: ${themes[theme]}`;
    if (theme === 0) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = themes[theme];
  });

  const cells = all("td[data-cell]").map((td) => ({
    td,
    button: td.querySelector("button"),
    article: one(`d${td.dataset.cell}`),
    values: td.dataset.values.split(","),
    text: `${one(`c${td.dataset.cell}`).textContent} ${td.textContent}`.toLowerCase(),
  }));
  const tables = all(".panels table");

  const matches = (cell, wanted) =>
    (!wanted.word || cell.td.dataset.word === wanted.word) &&
    (!wanted.only || cell.td.classList.contains("differs")) &&
    wanted.values.every(([dimension, value]) => cell.values[dimension] === value) &&
    wanted.parts.every((part) => cell.text.includes(part));

  const wanted = () => ({
    word: one("word").value,
    only: one("only").checked,
    values: all("select[data-dimension]")
      .filter((select) => select.value !== "")
      .map((select) => [Number(select.dataset.dimension), select.value]),
    parts: one("search").value.toLowerCase().split(/\s+/).filter(Boolean),
  });

  /* Rows and columns without a cell that matches make room for those that have one. */
  const tidy = (table) => {
    const shown = (td) => td.dataset.cell !== undefined && !td.classList.contains("out");
    const rows = [...table.tBodies[0].rows];
    rows.forEach((row) => { row.hidden = ![...row.cells].some(shown); });
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      if (column === 0) return;
      const hidden = !rows.some((row) => shown(row.cells[column]));
      [head, ...rows.map((row) => row.cells[column])].forEach((cell) => { cell.hidden = hidden; });
    });
    table.closest("section").hidden = rows.every((row) => row.hidden);
    rove(table);
  };

  const filter = () => {
    const now = wanted();
    let count = 0;
    cells.forEach((cell) => {
      const match = matches(cell, now);
      cell.td.classList.toggle("out", !match);
      if (cell.article) cell.article.hidden = !match;
      if (match) count += 1;
    });
    tables.forEach(tidy);
    one("count").textContent = `${count} of ${cells.length} cells`;
  };

  /* One stop for the Tab key in each table; the arrow keys move between its cells. */
  const reachable = (table) =>
    all("td[data-cell]:not(.out):not([hidden]) > button", table).filter((button) => !button.closest("tr").hidden);
  const rove = (table, chosen) => {
    const buttons = reachable(table);
    const current = chosen || buttons.find((button) => button.tabIndex === 0) || buttons[0];
    all("td > button", table).forEach((button) => { button.tabIndex = button === current ? 0 : -1; });
  };
  const steps = {
    ArrowRight: (row, column) => [row, column + 1],
    ArrowLeft: (row, column) => [row, column - 1],
    ArrowDown: (row, column) => [row + 1, column],
    ArrowUp: (row, column) => [row - 1, column],
  };
  const next = (table, from, step) => {
    const rows = [...table.tBodies[0].rows];
    const buttons = new Set(reachable(table));
    let [row, column] = step(rows.indexOf(from.closest("tr")), from.closest("td").cellIndex);
    while (rows[row]?.cells[column]) {
      const button = rows[row].cells[column].querySelector("button");
      if (buttons.has(button)) return button;
      [row, column] = step(row, column);
    }
    return null;
  };
  const target = (table, event) => {
    const buttons = reachable(table);
    if (event.key in steps) return next(table, event.target, steps[event.key]);
    const row = buttons.filter((button) => event.ctrlKey || button.closest("tr") === event.target.closest("tr"));
    if (event.key === "Home") return row[0];
    if (event.key === "End") return row[row.length - 1];
    return null;
  };
  tables.forEach((table) => {
    table.setAttribute("role", "grid");
    table.addEventListener("keydown", (event) => {
      if (!event.target.matches("td > button")) return;
      const button = target(table, event);
      if (!button) return;
      event.preventDefault();
      rove(table, button);
      button.focus();
    });
    table.addEventListener("focusin", (event) => {
      if (event.target.matches("td > button")) rove(table, event.target);
    });
  });

  all(".card a").forEach((link) => link.addEventListener("click", () => link.closest(".card").hidePopover()));
  one("filter").addEventListener("input", filter);
  one("filter").addEventListener("submit", (event) => event.preventDefault());
  one("filter").addEventListener("reset", () => setTimeout(filter));
  filter();
})();
