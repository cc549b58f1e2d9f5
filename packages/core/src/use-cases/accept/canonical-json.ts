/**
 * The canonical form of a JSON value (RFC 8785): equal values give equal text, whatever the order of their keys. Leaves out each
 * field whose value is in `absent`.
 */
export function canonicalJson(value: unknown, absent: readonly unknown[] = onlyUndefined): string {
  if (typeof value !== "object" || value === null || value instanceof Date) return JSON.stringify(value);
  return Array.isArray(value) ? canonicalArray(value, absent) : canonicalObject(value, absent);
}

const onlyUndefined = [undefined];

function canonicalArray(items: readonly unknown[], absent: readonly unknown[]): string {
  let text = "";
  for (const item of items) text += `${text && ","}${canonicalJson(item ?? null, absent)}`;
  return `[${text}]`;
}

function canonicalObject(object: object, absent: readonly unknown[]): string {
  let text = "";
  // By UTF-16 code units.
  for (const key of Object.keys(object).sort()) {
    const member = (object as Readonly<Record<string, unknown>>)[key];
    if (!absent.includes(member)) text += `${text && ","}${JSON.stringify(key)}:${canonicalJson(member, absent)}`;
  }
  return `{${text}}`;
}
