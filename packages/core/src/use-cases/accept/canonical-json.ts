/**
 * The canonical form of a JSON value (RFC 8785): equal values give equal text, whatever the order of their keys. Leaves out each
 * field whose value is in `absent`.
 */
export function canonicalJson(value: unknown, absent: readonly unknown[] = [undefined]): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null, absent)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => !absent.includes(member))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member, absent)}`);
  return `{${members.join(",")}}`;
}
