const FIRST = 200;
const MORE = 1000;

async function json(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

/** The newest events at once, then each as it comes, and the older ones when there is time. */
export class Feed {
  #took;
  #anew;
  #state;
  #round = 0;

  /** `took(items, fresh)` gets events; `anew(limit)` says that those before are void; `state(words)` how the line is. */
  constructor({ took, anew, state }) {
    this.#took = took;
    this.#anew = anew;
    this.#state = state;
  }

  async start() {
    const place = await this.#snapshot();
    const stream = new EventSource(`/api/stream?after=${place}`);
    stream.addEventListener("open", () => this.#state("live"));
    stream.addEventListener("error", () => this.#state(stream.readyState === EventSource.CLOSED ? "closed" : "connecting"));
    stream.addEventListener("events", (message) => this.#took(JSON.parse(message.data), true));
    stream.addEventListener("reset", () => this.#snapshot());
  }

  async #snapshot() {
    this.#round += 1;
    const first = await json(`/api/events?limit=${FIRST}`);
    this.#anew(first.limit);
    this.#took(first.events, false);
    if (first.more) this.#older(first.events.at(-1).n, this.#round);
    return `${first.boot}-${first.last}`;
  }

  async #older(before, round) {
    let [number, more] = [before, true];
    while (more && round === this.#round) {
      await new Promise((done) => (window.requestIdleCallback ?? setTimeout)(done));
      const page = await json(`/api/events?before=${number}&limit=${MORE}`);
      if (round !== this.#round) return;
      this.#took(page.events, false);
      number = page.events.at(-1)?.n;
      more = page.more;
    }
  }
}
