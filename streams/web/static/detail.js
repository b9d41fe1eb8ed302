import { el, one } from "./dom.js";
import { nameOf } from "./names.js";
import { pieces } from "./spans.js";

const KINDS = ["trigger", "source", "target", "place", "date"];

function actor({ name, country, role }) {
  const more = [country && nameOf(country) !== name ? nameOf(country) : "", role ?? ""].filter(Boolean);
  return el("li", {}, el("bdi", {}, name), more.length ? el("span", { class: "quiet" }, ` ${more.join(", ")}`) : null);
}

const actors = (list) => el("ul", {}, ...(list ?? []).map(actor), ...(list?.length ? [] : [el("li", { class: "quiet" }, "–")]));

function evidence(event) {
  return pieces(event.evidence, event.spans).map(({ text, kinds }) =>
    kinds.length ? el("mark", { class: kinds.join(" "), title: kinds.join(", ") }, text) : text,
  );
}

/** A link to a web address; what has another scheme is text. */
function source(event) {
  let web = false;
  try {
    web = ["http:", "https:"].includes(new URL(event.url).protocol);
  } catch {
    // not an address
  }
  const words = event.site ?? event.url ?? "";
  return web
    ? el("a", { href: event.url, rel: "noopener noreferrer nofollow", target: "_blank" }, `${words} ↗`)
    : el("span", {}, words);
}

const days = (date) => (date ? (date[0] === date[1] ? date[0] : `${date[0]} – ${date[1]}`) : null);

function facts(event) {
  const place = event.place && [event.place.name, event.place.country && nameOf(event.place.country)];
  const rows = [
    ["Source", actors(event.source)],
    ["Target", actors(event.target)],
    ["Place", place && el("bdi", {}, [...new Set(place.filter(Boolean))].join(", "))],
    ["Date", days(event.date)],
    ["Mode", event.mode],
    ["Modality", event.modality],
    ["Confidence", event.confidence.toFixed(2)],
    ["Published", event.published && `${event.published.slice(0, 16).replace("T", " ")} UTC`],
  ];
  return rows.filter(([, value]) => value).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]);
}

/** Show one event, or how to choose one. */
export class Detail {
  #section = one("#detail");
  #body = one("#detail .body");
  #start = [...this.#body.childNodes];
  #shown = null;

  constructor(close) {
    one("#detail .close").addEventListener("click", close);
  }

  show(event) {
    if (event === this.#shown) return;
    this.#shown = event ?? null;
    this.#section.toggleAttribute("data-open", Boolean(event));
    if (!event) {
      this.#body.replaceChildren(...this.#start);
      return;
    }
    const used = KINDS.filter((kind) => event.spans?.[kind]?.length);
    this.#body.replaceChildren(
      el("p", { class: `kind ${event.class}` }, `${event.class} · ${event.type}`),
      event.headline && event.headline !== event.evidence ? el("h3", { dir: "auto" }, event.headline) : "",
      el("blockquote", { class: "evidence", dir: "auto", lang: event.language }, ...evidence(event)),
      el("p", { class: "legend quiet" }, ...used.flatMap((kind) => [el("mark", { class: kind }, kind), " "])),
      el("dl", {}, ...facts(event)),
      el("p", { class: "where" }, source(event), el("code", { class: "quiet", title: "Event id" }, event.id)),
    );
  }

  focus() {
    (this.#body.querySelector("a") ?? this.#section).focus();
  }
}
