import { el, one, svg } from "./dom.js";
import { nameOf } from "./names.js";

const LEVELS = 6;

/** The world, each country as dark as events name it. */
export class WorldMap {
  #shapes = new Map();
  #top = one("#map .top");
  #scale = one("#map .scale");
  #drawing;
  #shown = "";

  constructor(world, choose) {
    this.#drawing = svg("svg", { viewBox: `0 0 ${world.width} ${world.height}`, role: "img" });
    for (const [code, [name, ...where]] of Object.entries(world.countries)) {
      if (!where.length) continue;
      const title = svg("title", {}, name);
      const shape = where.length === 1
        ? svg("path", { d: where[0], "data-code": code }, title)
        : svg("circle", { cx: where[0], cy: where[1], r: 7, "data-code": code }, title);
      this.#shapes.set(code, { shape, title, small: where.length > 1, level: -1, count: -1 });
      this.#drawing.append(shape);
    }
    one("#map .world").replaceChildren(this.#drawing);
    const tell = (event) => {
      const code = event.target.closest("[data-code]")?.dataset.code;
      if (code) choose(code);
    };
    this.#drawing.addEventListener("click", tell);
    this.#top.addEventListener("click", tell);
  }

  /** Take counts by code, largest first. */
  show(counts, chosen) {
    const most = counts.values().next().value ?? 0;
    for (const [code, place] of this.#shapes) {
      const count = counts.get(code) ?? 0;
      const level = count ? 1 + Math.round(((LEVELS - 1) * Math.log(count)) / Math.log(Math.max(2, most))) : 0;
      place.shape.toggleAttribute("data-chosen", code !== "" && code === chosen);
      if (place.count === count && place.level === level) continue;
      Object.assign(place, { count, level });
      place.shape.setAttribute("class", `l${Math.min(LEVELS, level)}${place.small ? " small" : ""}`);
      place.title.textContent = `${nameOf(code)}: ${count}`;
    }
    this.#scale.hidden = !most;
    this.#scale.lastElementChild.textContent = most.toLocaleString("en");
    const top = [...counts].slice(0, 10);
    this.#drawing.setAttribute(
      "aria-label",
      `World map. Most events: ${top.slice(0, 5).map(([code, count]) => `${nameOf(code)} ${count}`).join(", ")}`,
    );
    this.#buttons(top, chosen);
  }

  #buttons(top, chosen) {
    const now = JSON.stringify([top, chosen]);
    if (now === this.#shown) return;
    this.#shown = now;
    const held = this.#top.contains(document.activeElement) && document.activeElement.dataset.code;
    this.#top.replaceChildren(
      ...top.map(([code, count]) =>
        el(
          "button",
          { type: "button", "data-code": code, "aria-pressed": String(code === chosen), title: code },
          `${nameOf(code)} `,
          el("span", { class: "quiet" }, count.toLocaleString("en")),
        ),
      ),
    );
    if (held) this.#top.querySelector(`[data-code="${CSS.escape(held)}"]`)?.focus();
  }
}
