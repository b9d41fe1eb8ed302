import { el, one } from "./dom.js";

const EVERY = 5000;
const WORDS = { ok: "up to date", behind: "behind", stalled: "standing still", unreachable: "broker unreachable", starting: "reading" };

const lag = (topics) => Math.max(0, ...topics.map((topic) => topic.seconds));

/** The corner: whether the page is live, and whether the service keeps up. */
export class Status {
  #box = one("#status");
  #words = one("#status [role=status]");
  #line = "connecting";
  #told = null;

  constructor() {
    const ask = () => {
      if (!document.hidden) this.#ask();
    };
    ask();
    setInterval(ask, EVERY);
    document.addEventListener("visibilitychange", ask);
  }

  line(words) {
    this.#line = words;
    this.#show();
  }

  async #ask() {
    try {
      this.#told = await (await fetch("/api/status")).json();
    } catch {
      this.#told = null;
    }
    this.#show();
  }

  #show() {
    const told = this.#told;
    const state = this.#line !== "live" ? "connecting" : (told?.state ?? "unreachable");
    this.#box.dataset.state = state;
    const waiting = told ? told.lag.reduce((sum, topic) => sum + topic.records, 0) : 0;
    const health = told ? WORDS[told.state] ?? told.state : "no answer";
    const behind = waiting ? ` · ${waiting.toLocaleString("en")} waiting, ${Math.round(lag(told.lag))} s` : "";
    const words = this.#line === "live" ? `${health}${behind}` : "connecting";
    if (this.#words.textContent !== words) this.#words.textContent = words;
    if (told) this.#table(told);
  }

  #table(told) {
    const rows = told.lag.map((topic) =>
      el("tr", {}, el("th", { scope: "row" }, topic.topic), el("td", { class: "n" }, String(topic.records)), el("td", { class: "n" }, `${topic.seconds} s`)),
    );
    this.#box.lastElementChild.replaceChildren(
      el("table", {}, el("thead", {}, el("tr", {}, el("th", {}, "topic"), el("th", { class: "n" }, "waiting"), el("th", { class: "n" }, "for"))), el("tbody", {}, ...rows)),
      el("p", { class: "quiet" }, `group ${told.group}, lag ${lag(told.lag)} s, ${told.events} of at most ${told.limit} events, Dateline ${told.version}`),
      told.words ? el("p", {}, told.words) : "",
    );
  }
}
