import { el, eachFrame, one } from "./dom.js";
import { side } from "./names.js";

const ROW = 58;
const AROUND = 6;

const time = (at) => new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

function row(event, chosen, fresh) {
  return el(
    "div",
    { id: `e-${event.id}`, role: "option", class: `row ${event.class}${fresh ? " fresh" : ""}`, "aria-selected": String(chosen) },
    el("div", { class: "what", dir: "auto" }, event.headline ?? event.evidence),
    el(
      "div",
      { class: "how" },
      el("b", {}, event.type),
      el("span", { class: "hidden" }, ` ${event.class} `),
      el("span", { class: "who" }, `${side(event.source)} → ${side(event.target)}`),
      el("span", { class: "quiet n", title: "confidence" }, event.confidence.toFixed(2)),
      el("time", { class: "quiet n", datetime: new Date(event.at).toISOString() }, time(event.at)),
    ),
  );
}

/** A list of any length: only the rows in sight stand in the document. */
export class List {
  #box = one("#list");
  #rows = one("#list .rows");
  #newest = one("#newest");
  #events = [];
  #chosen = "";
  #known = new Set();
  #nodes = new Map();
  #missed = 0;
  #draw = eachFrame(() => this.#paint());

  /** `choose` is told an event's id when a person chooses one. */
  constructor(choose) {
    this.choose = choose;
    this.#box.addEventListener("scroll", () => this.#draw(), { passive: true });
    this.#box.addEventListener("keydown", (event) => this.#key(event));
    this.#rows.addEventListener("click", (event) => {
      const found = event.target.closest(".row");
      if (found) choose(found.id.slice(2));
    });
    this.#newest.addEventListener("click", () => {
      this.#box.scrollTop = 0;
      this.#box.focus();
    });
    new ResizeObserver(() => this.#draw()).observe(this.#box);
  }

  /** Show events, newest first. What stands in sight stays there when newer ones come above it. */
  show(events, chosen, { fresh = false } = {}) {
    const top = Math.floor(this.#box.scrollTop / ROW);
    const anchor = top > 0 ? this.#events[top]?.id : undefined;
    if (!fresh) this.#known = new Set(events.map((event) => event.id));
    this.#events = events;
    this.#chosen = chosen;
    this.#rows.style.height = `${events.length * ROW}px`;
    one("#none").hidden = events.length > 0;
    if (anchor) {
      const now = events.findIndex((event) => event.id === anchor);
      if (now > top) {
        this.#box.scrollTop += (now - top) * ROW;
        this.#missed += now - top;
      }
    }
    this.#nodes.clear();
    this.#rows.replaceChildren();
    this.#paint();
  }

  mark(chosen) {
    this.#chosen = chosen;
    this.#nodes.clear();
    this.#rows.replaceChildren();
    this.#paint();
  }

  /** Go so many events on from the chosen one. */
  step(by) {
    const now = this.#events.findIndex((event) => event.id === this.#chosen);
    const last = this.#events.length - 1;
    if (last < 0) return;
    const next = now < 0 ? 0 : Math.min(last, Math.max(0, now + by));
    this.#see(next);
    this.choose(this.#events[next].id);
  }

  focus() {
    this.#box.focus({ preventScroll: true });
  }

  #see(index) {
    const height = this.#box.clientHeight;
    const above = index * ROW < this.#box.scrollTop;
    if (above) this.#box.scrollTop = index * ROW;
    else if ((index + 1) * ROW > this.#box.scrollTop + height) this.#box.scrollTop = (index + 1) * ROW - height;
  }

  #key(event) {
    const page = Math.max(1, Math.floor(this.#box.clientHeight / ROW) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in steps)) return;
    event.preventDefault();
    this.step(steps[event.key]);
  }

  #paint() {
    const first = Math.max(0, Math.floor(this.#box.scrollTop / ROW) - AROUND);
    const end = Math.min(this.#events.length, Math.ceil((this.#box.scrollTop + this.#box.clientHeight) / ROW) + AROUND);
    const wanted = new Set();
    for (let index = first; index < end; index += 1) {
      const event = this.#events[index];
      wanted.add(event.id);
      let node = this.#nodes.get(event.id);
      if (!node) {
        node = row(event, event.id === this.#chosen, !this.#known.has(event.id));
        this.#known.add(event.id);
        this.#nodes.set(event.id, node);
        this.#rows.append(node);
      }
      node.style.transform = `translateY(${index * ROW}px)`;
      node.ariaSetSize = String(this.#events.length);
      node.ariaPosInSet = String(index + 1);
    }
    for (const [id, node] of this.#nodes) {
      if (!wanted.has(id)) {
        node.remove();
        this.#nodes.delete(id);
      }
    }
    if (this.#nodes.has(this.#chosen)) this.#box.setAttribute("aria-activedescendant", `e-${this.#chosen}`);
    else this.#box.removeAttribute("aria-activedescendant");
    if (this.#box.scrollTop < ROW) this.#missed = 0;
    this.#newest.hidden = this.#missed === 0;
    this.#newest.textContent = `↑ ${this.#missed} new`;
  }
}
