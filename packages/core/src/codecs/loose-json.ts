/** The fields of a JSON object of which nothing is known. */
export type LooseFields = Readonly<Record<string, unknown>>;

/** Undefined for a text that is not JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The fields of an object; none of any other value. */
export function fieldsOf(value: unknown): LooseFields {
  return typeof value === "object" && value !== null ? (value as LooseFields) : {};
}

/** The items of an array; none of any other value. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
