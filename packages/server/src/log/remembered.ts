/** Returns what `create` makes of a text. What it made of a short text is remembered for a while. */
export interface Remembered<T> {
  (text: string): T;
  clear(): void;
}

const mostTexts = 500;
const longestText = 100;

/** For texts of which a few come again and again. */
export function remembered<T>(create: (text: string) => T): Remembered<T> {
  const results = new Map<string, T>();

  function resultOf(text: string): T {
    const known = results.get(text);
    if (known !== undefined) return known;
    const created = create(text);
    if (text.length > longestText) return created;
    if (results.size === mostTexts) results.clear();
    results.set(text, created);
    return created;
  }

  return Object.assign(resultOf, { clear: () => results.clear() });
}
