/**
 * Cut a text into pieces, each with the kinds of spans that cover it.
 *
 * Spans count code points; a JavaScript string counts UTF-16 units, two for most emoji.
 * @param {string} text
 * @param {Record<string, [number, number][]>} spans by kind
 * @returns {{text: string, kinds: string[]}[]}
 */
export function pieces(text, spans) {
  const points = [...text];
  const kinds = points.map(() => []);
  for (const [kind, list] of Object.entries(spans ?? {})) {
    for (const [start, end] of list) {
      for (let at = start; at < Math.min(end, points.length); at += 1) {
        if (!kinds[at].includes(kind)) kinds[at].push(kind);
      }
    }
  }
  const found = [];
  points.forEach((point, at) => {
    const last = found.at(-1);
    if (last && last.kinds.join() === kinds[at].join()) last.text += point;
    else found.push({ text: point, kinds: kinds[at] });
  });
  return found;
}
