/** Words to search in, countries that take part, times as numbers: computed once for each event. */
function prepare(event) {
  const codes = (actors) => [...new Set((actors ?? []).map((actor) => actor.country).filter(Boolean))];
  const actors = [...(event.source ?? []), ...(event.target ?? [])];
  event.from = codes(event.source);
  event.to = codes(event.target);
  event.countries = new Set([...event.from, ...event.to]);
  if (event.place?.country) event.countries.add(event.place.country);
  const words = [event.headline, event.evidence, event.site, event.place?.name, event.type, ...event.countries];
  event.words = [...words, ...actors.map((actor) => actor.name)].join("\n").toLowerCase();
  event.happened = Date.parse(event.date?.[0] ?? event.published ?? "");
  return event;
}

/** The last events, unique by id, newest first. */
export class Model {
  limit = 10_000;
  #byId = new Map();
  #sorted = null;

  get size() {
    return this.#byId.size;
  }

  get(id) {
    return this.#byId.get(id);
  }

  /** Take events as the server sends them, and words that one is gone. */
  take(items) {
    for (const item of items) {
      if (item.gone !== undefined) this.#byId.delete(item.gone);
      else if (!(this.#byId.get(item.id)?.n >= item.n)) this.#byId.set(item.id, prepare(item));
    }
    this.#sorted = null;
    if (this.#byId.size > this.limit) {
      for (const old of this.events().slice(this.limit)) this.#byId.delete(old.id);
      this.#sorted = null;
    }
  }

  clear() {
    this.#byId.clear();
    this.#sorted = null;
  }

  events() {
    this.#sorted ??= [...this.#byId.values()].sort((a, b) => b.n - a.n);
    return this.#sorted;
  }
}

/** Count by key, largest first. */
export function tally(events, keys) {
  const counts = new Map();
  for (const event of events) for (const key of keys(event)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return new Map([...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)));
}
