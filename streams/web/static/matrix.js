import { el, one } from "./dom.js";
import { tally } from "./model.js";
import { nameOf } from "./names.js";

const [ROWS, COLUMNS] = [12, 8];

/** Sources by targets, of the most frequent pairs, so that no row is empty; and how often one acts on the other. */
export function pairs(events) {
  const both = events.filter((event) => event.from.length && event.to.length);
  const counts = tally(both, (event) => event.from.flatMap((a) => event.to.map((b) => `${a} ${b}`)));
  const [sources, targets] = [new Set(), new Set()];
  for (const [a, b] of [...counts.keys()].map((pair) => pair.split(" "))) {
    if ((sources.has(a) || sources.size < ROWS) && (targets.has(b) || targets.size < COLUMNS)) {
      sources.add(a);
      targets.add(b);
    }
  }
  return { sources: [...sources], targets: [...targets], counts };
}

export class Matrix {
  #box = one("#matrix .table");
  #shown = "";

  constructor(choose) {
    this.#box.addEventListener("click", (event) => {
      const cell = event.target.closest("button");
      if (cell) choose({ from: cell.dataset.from, to: cell.dataset.to });
    });
    this.#box.addEventListener("keydown", (event) => this.#move(event));
  }

  show(events, state) {
    const { sources, targets, counts } = pairs(events);
    const now = JSON.stringify([sources, targets, [...counts], state.from, state.to]);
    if (now === this.#shown) return;
    this.#shown = now;
    const most = Math.max(1, ...sources.flatMap((a) => targets.map((b) => counts.get(`${a} ${b}`) ?? 0)));
    const heading = (code, scope) => el("th", { scope, title: nameOf(code) }, code);
    const cell = (from, to) => {
      const count = counts.get(`${from} ${to}`) ?? 0;
      if (!count) return el("td");
      const pressed = String(from === state.from && to === state.to);
      const words = `${nameOf(from)} on ${nameOf(to)}: ${count}`;
      const button = el("button", { type: "button", tabindex: -1, "data-from": from, "data-to": to, "aria-pressed": pressed, "aria-label": words, title: words }, String(count));
      button.style.setProperty("--part", `${Math.round(10 + (36 * count) / most)}%`); // beyond that the number is hard to read
      return el("td", {}, button);
    };
    const held = this.#box.contains(document.activeElement) ? { ...document.activeElement.dataset } : null;
    this.#box.replaceChildren(
      el(
        "table",
        {},
        el("caption", { class: "hidden" }, "Rows act, columns are acted on"),
        el("thead", {}, el("tr", {}, el("td", { class: "quiet" }, "from ↓\nto →"), ...targets.map((code) => heading(code, "col")))),
        el("tbody", {}, ...sources.map((a) => el("tr", {}, heading(a, "row"), ...targets.map((b) => cell(a, b))))),
      ),
    );
    const buttons = [...this.#box.querySelectorAll("button")];
    const same = held && buttons.find((b) => b.dataset.from === held.from && b.dataset.to === held.to);
    const first = same || buttons[0];
    if (first) first.tabIndex = 0;
    if (same) same.focus();
  }

  // One stop for the tabulator; arrow keys go from cell to cell.
  #move(event) {
    const by = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    const now = event.target.closest("td");
    if (!by || !now) return;
    event.preventDefault();
    const rows = [...this.#box.querySelectorAll("tbody tr")];
    let [row, column] = [rows.indexOf(now.parentElement), now.cellIndex];
    do {
      row += by[0];
      column += by[1];
      const next = rows[row]?.cells[column]?.querySelector("button");
      if (next) {
        event.target.tabIndex = -1;
        next.tabIndex = 0;
        next.focus();
        return;
      }
    } while (rows[row]?.cells[column]);
  }
}
