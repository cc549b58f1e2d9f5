/** Whether a value has named fields: an object or an array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** The records in the array at `key`; none where there is no array. */
export function recordsAt(value: unknown, key: string): readonly Readonly<Record<string, unknown>>[] {
  const items = isRecord(value) ? value[key] : undefined;
  return Array.isArray(items) ? items.filter(isRecord) : [];
}
