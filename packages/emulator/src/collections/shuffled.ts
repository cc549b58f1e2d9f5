/** Another order, always the same for the same length. Of two items or more, none keeps its place (Sattolo's algorithm). */
export function shuffled<T>(items: readonly T[]): T[] {
  const all = [...items];
  let state = 0x9e3779b9;
  for (let last = all.length - 1; last > 0; last -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * last);
    [all[last], all[other]] = [all[other] as T, all[last] as T];
  }
  return all;
}
