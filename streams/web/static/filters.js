import { CLASSES, TYPES, nameOf } from "./names.js";
import { el, one } from "./dom.js";
import { tally } from "./model.js";

const PLAIN = ["country", "type", "q", "from", "to", "event"];

/** What the address says: `#class=trade&country=CHN&q=tariff&event=…`. */
export function read(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const chosen = (given.get("class") ?? "").split(",").filter((name) => CLASSES.includes(name));
  return {
    classes: new Set(chosen.length ? chosen : CLASSES),
    ...Object.fromEntries(PLAIN.map((name) => [name, given.get(name) ?? ""])),
  };
}

export function write(state) {
  const given = new URLSearchParams();
  if (state.classes.size < CLASSES.length) given.set("class", [...state.classes].join(","));
  for (const name of PLAIN) if (state[name]) given.set(name, state[name]);
  return given.size ? `#${given}` : "";
}

/** A function that tells whether an event is asked for. */
export function matcher(state) {
  const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
  return (event) =>
    state.classes.has(event.class)
    && (!state.type || event.type === state.type)
    && (!state.country || event.countries.has(state.country))
    && (!state.from || event.from.includes(state.from))
    && (!state.to || event.to.includes(state.to))
    && words.every((word) => event.words.includes(word));
}

export const narrows = (state) => write({ ...state, event: "" }) !== "";

/** The form: shows a state, and tells each change of it. */
export class Filters {
  #form = one("#filters");
  #change;

  constructor(change) {
    this.#change = change;
    const { type } = this.#form.elements;
    type.append(...TYPES.map((name) => el("option", { value: name }, name)));
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#form.addEventListener("input", () => this.#tell());
    this.#form.addEventListener("reset", (event) => {
      event.preventDefault();
      change(read(""));
    });
    for (const button of this.#buttons()) {
      button.addEventListener("click", () => this.#toggle(button));
    }
    one("#pair").addEventListener("click", (event) => {
      if (event.target.closest("button")) change({ from: "", to: "" });
    });
  }

  #buttons() {
    return [...this.#form.querySelectorAll("[data-class]")];
  }

  #toggle(button) {
    const on = new Set(this.#buttons().filter((b) => b.ariaPressed === "true").map((b) => b.dataset.class));
    // From all: only this one. The last one off: all again.
    if (on.size === CLASSES.length) on.clear();
    if (!on.delete(button.dataset.class)) on.add(button.dataset.class);
    this.#change({ classes: on.size ? on : new Set(CLASSES) });
  }

  #tell() {
    const { country, type, q } = this.#form.elements;
    this.#change({ country: country.value, type: type.value, q: q.value });
  }

  focus() {
    this.#form.elements.q.focus();
    this.#form.elements.q.select();
  }

  show(state) {
    const { country, type, q } = this.#form.elements;
    for (const button of this.#buttons()) button.ariaPressed = String(state.classes.has(button.dataset.class));
    if (q.value !== state.q) q.value = state.q;
    type.value = state.type;
    this.#offer(state.country);
    country.value = state.country;
    one("#reset").hidden = !narrows(state);
    const pair = state.from || state.to;
    const words = pair ? `${nameOf(state.from) || "any"} → ${nameOf(state.to) || "any"} ×` : "";
    one("#pair").replaceChildren(...(pair ? [el("button", { type: "button", title: "Every pair" }, words)] : []));
  }

  #offer(code) {
    const { country } = this.#form.elements;
    if (code && ![...country.options].some((option) => option.value === code)) {
      country.append(el("option", { value: code }, nameOf(code)));
    }
  }

  /** Offer the countries that occur; not while the list is open under someone's hand. */
  countries(events, state) {
    const { country } = this.#form.elements;
    if (document.activeElement === country) return;
    const found = [...tally(events, (event) => event.countries)].map(([code, count]) => [nameOf(code), code, count]);
    const options = found.sort((a, b) => (a[0] < b[0] ? -1 : 1));
    const first = country.options[0];
    country.replaceChildren(first, ...options.map(([name, code, n]) => el("option", { value: code }, `${name} (${n})`)));
    this.#offer(state.country);
    country.value = state.country;
  }
}
