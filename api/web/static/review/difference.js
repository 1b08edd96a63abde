/** What of a text went, stayed and came, by words: the longest common subsequence. */

/** `[["same" | "gone" | "new", words], …]` that lead from `before` to `after`. */
export function difference(before, after) {
  const [a, b] = [before, after].map((text) => text.split(/\s+/).filter(Boolean));
  const common = lengths(a, b);
  const found = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) found.push(["same", a[i++], j++]);
    else if (i < a.length && (j === b.length || common[i + 1][j] >= common[i][j + 1])) found.push(["gone", a[i++]]);
    else found.push(["new", b[j++]]);
  }
  return joined(found);
}

/** `table[i][j]`: how many words the rests from i and from j share in order. */
function lengths(a, b) {
  const table = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i][j] = a[i] === b[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
    }
  }
  return table;
}

function joined(words) {
  const runs = [];
  for (const [kind, word] of words) {
    if (runs.at(-1)?.[0] === kind) runs.at(-1)[1] += ` ${word}`;
    else runs.push([kind, word]);
  }
  return runs;
}
