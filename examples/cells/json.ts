/** Parses JSON so that `JSON.stringify` writes each number as it was: a cell must see what the caller wrote. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, keepNumbers) as unknown;
  } catch {
    return undefined;
  }
}

/** The fields of an object, none of anything else. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function keepNumbers(_: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === "number" && context?.source !== undefined ? json.rawJSON(context.source) : value;
}

/** TypeScript does not know it yet. */
const json = JSON as unknown as { rawJSON(text: string): unknown };
