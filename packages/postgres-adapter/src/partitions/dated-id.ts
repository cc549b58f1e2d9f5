/** What all ids (UUIDv7) that are made at this time or later sort after, and all earlier ones before. `id_at` in SQL is the same. */
export function idAt(timeMs: number): string {
  const hex = timeMs.toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}

/** When an id was made; undefined for one that is no UUIDv7. */
export function timeOfId(id: string): number | undefined {
  const [, high, low] = dated.exec(id) ?? [];
  return high === undefined || low === undefined ? undefined : Number.parseInt(high + low, 16);
}

const dated = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
