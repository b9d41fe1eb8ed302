import { el, one, svg } from "./dom.js";
import { CLASSES } from "./names.js";

const [SECOND, HOUR, DAY] = [1000, 3_600_000, 86_400_000];
const STEPS = [
  SECOND, 5 * SECOND, 15 * SECOND, 60 * SECOND, 300 * SECOND, 900 * SECOND, HOUR, 6 * HOUR,
  DAY, 2 * DAY, 7 * DAY, 30 * DAY, 91 * DAY, 365 * DAY, 3650 * DAY,
];
const [LEAST, MOST, WIDTH, HEIGHT] = [12, 48, 600, 120];

/**
 * Count events by class in equal spans of time.
 *
 * Few events lie far off (a jubilee, a deadline in ten years): the two outermost hundredths are counted
 * as `earlier` and `later`, not shown, so that the others have room. A short time is shown with what was
 * before it.
 */
export function bins(events, when, least) {
  const times = events.map(when).filter(Number.isFinite).sort((a, b) => a - b);
  if (!times.length) return null;
  const [low, high] = [times[Math.floor(times.length * 0.02)], times[Math.ceil(times.length * 0.98) - 1]];
  const step = STEPS.find((size) => size >= least && (high - low) / size < MOST) ?? STEPS.at(-1);
  const length = Math.max(LEAST, Math.floor(high / step) - Math.floor(low / step) + 1);
  const first = (Math.floor(high / step) + 1 - length) * step;
  const counts = Array.from({ length }, () => [0, 0, 0]);
  let [earlier, later] = [0, 0];
  for (const event of events) {
    const at = Math.floor((when(event) - first) / step);
    if (at < 0) earlier += 1;
    else if (at >= counts.length) later += 1;
    else if (Number.isFinite(at)) counts[at][CLASSES.indexOf(event.class)] += 1;
  }
  return { first, step, counts, earlier, later };
}

function label(at, step) {
  const day = new Date(at);
  if (step >= DAY) return day.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  return day.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", second: step < 60 * SECOND ? "2-digit" : undefined });
}

/** How long a bar is, in words. */
function span(step) {
  const [size, one, many] = [[DAY, "a day", "days"], [HOUR, "an hour", "hours"], [60 * SECOND, "a minute", "min"], [SECOND, "a second", "s"]]
    .find(([size]) => step >= size);
  return step === size ? one : `in ${step / size} ${many}`;
}

const highest = (counts) => Math.max(...counts.map((bin) => bin[0] + bin[1] + bin[2]));

function bars({ first, step, counts }) {
  const most = highest(counts);
  const wide = WIDTH / counts.length;
  return counts.map((bin, at) => {
    let top = HEIGHT;
    const parts = bin.map((count, kind) => {
      const high = (count / most) * HEIGHT;
      top -= high;
      return count ? svg("rect", { class: CLASSES[kind], x: at * wide, y: top, width: Math.max(1, wide - 2), height: high }) : null;
    });
    const words = CLASSES.map((name, kind) => `${name} ${bin[kind]}`).join(", ");
    return svg("g", {}, svg("title", {}, `${label(first + at * step, step)}: ${words}`), ...parts);
  });
}

export class Timeline {
  #box = one("#timeline .chart");
  #choice = one("#timeline select");

  constructor(again) {
    this.#choice.addEventListener("input", again);
  }

  show(events) {
    const happened = this.#choice.value === "happened";
    const found = bins(events, happened ? (event) => event.happened : (event) => event.at, happened ? DAY : SECOND);
    if (!found) {
      this.#box.replaceChildren();
      return;
    }
    const [first, last] = [found.first, found.first + (found.counts.length - 1) * found.step].map((at) => label(at, found.step));
    this.#box.replaceChildren(
      svg(
        "svg",
        { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": `Events by time, ${first} to ${last}` },
        ...bars(found),
      ),
      el(
        "div",
        { class: "ends quiet" },
        el("span", {}, found.earlier ? `${found.earlier} earlier · ${first}` : first),
        el("span", {}, `up to ${highest(found.counts).toLocaleString("en")} ${span(found.step)}`),
        el("span", {}, found.later ? `${last} · ${found.later} later` : last),
      ),
    );
  }
}
