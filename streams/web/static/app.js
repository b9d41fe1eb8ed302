import { eachFrame, one } from "./dom.js";
import { Detail } from "./detail.js";
import { Feed } from "./feed.js";
import { Filters, matcher, narrows, read, write } from "./filters.js";
import { List } from "./list.js";
import { WorldMap } from "./map.js";
import { Matrix } from "./matrix.js";
import { Model, tally } from "./model.js";
import { useNames } from "./names.js";
import { Status } from "./status.js";
import { Timeline } from "./timeline.js";

const CHARTS_EVERY = 250;

const model = new Model();
let state = read(location.hash);
let map = null;
let paused = null;
let fresh = false;
let chartsDue = 0;

const filters = new Filters((change) => go(change));
const list = new List((id) => go({ event: id }));
const detail = new Detail(() => {
  go({ event: "" });
  list.focus();
});
const timeline = new Timeline(() => charts());
const matrix = new Matrix((pair) => go(pair.from === state.from && pair.to === state.to ? { from: "", to: "" } : pair));
const status = new Status();

/** Change what is asked for; the address follows, so that a view can be kept and shared. */
function go(change) {
  const before = state;
  state = { ...state, ...change };
  history.replaceState(null, "", write(state) || location.pathname);
  if (write({ ...before, event: "" }) === write({ ...state, event: "" })) {
    list.mark(state.event);
    detail.show(model.get(state.event));
  } else render();
}

let shown = [];

function render() {
  performance.mark("filter");
  const all = model.events();
  shown = narrows(state) ? all.filter(matcher(state)) : all;
  filters.show(state);
  list.show(shown, state.event, { fresh });
  detail.show(model.get(state.event));
  one("#count").value = shown.length === all.length
    ? `${all.length.toLocaleString("en")} events`
    : `${shown.length.toLocaleString("en")} of ${all.length.toLocaleString("en")} events`;
  if (fresh) laterCharts();
  else charts();
  fresh = false;
  performance.measure("filter", "filter");
}

/** While events come, the charts are drawn anew a few times a second, not each frame. */
function laterCharts() {
  chartsDue ||= setTimeout(charts, CHARTS_EVERY);
}

function charts() {
  clearTimeout(chartsDue);
  chartsDue = 0;
  map?.show(tally(shown, (event) => event.countries), state.country);
  timeline.show(shown);
  matrix.show(shown, state);
  filters.countries(model.events(), state);
}

const soon = eachFrame(render);

function take(items, live) {
  if (paused && live) {
    paused.push(...items);
    paused.splice(0, paused.length - model.limit);
    one("#pause").textContent = `Go on (${paused.length})`;
    return;
  }
  model.take(items);
  fresh ||= live;
  soon();
}

function pause() {
  const held = paused;
  paused = held ? null : [];
  one("#pause").ariaPressed = String(!held);
  one("#pause").textContent = held ? "Pause" : "Go on";
  if (held) take(held, true);
}

one("#pause").addEventListener("click", pause);
window.addEventListener("hashchange", () => {
  state = read(location.hash);
  render();
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    if (state.event) go({ event: "" });
    else go(read(""));
    list.focus();
  } else if (event.target.matches("input, select")) return;
  else if (event.key === "/") filters.focus();
  else if (event.key === "p") pause();
  else if (event.key === "j" || event.key === "k") {
    list.focus();
    list.step(event.key === "j" ? 1 : -1);
  } else if (event.key === "Enter" && event.target.id === "list" && state.event) detail.focus();
  else return;
  event.preventDefault();
});

const feed = new Feed({
  took: take,
  anew: (limit) => {
    model.clear();
    model.limit = limit;
  },
  state: (words) => status.line(words),
});

async function start() {
  try {
    await feed.start();
  } catch {
    setTimeout(start, 2000);
  }
}

filters.show(state);
start();
const world = await (await fetch("/static/world.json")).json();
useNames(world);
map = new WorldMap(world, (code) => go({ country: state.country === code ? "" : code }));
render();
