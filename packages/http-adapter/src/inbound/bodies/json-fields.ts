/** The fields of a JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** A JSON object. Undefined for anything else. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}
