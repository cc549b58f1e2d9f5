/** Texts that differ from run to run: an example stands for any other of its form. */
const forms: readonly RegExp[] = [
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/,
  /^\d{4}-\d{2}-\d{2}$/,
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  /^wamid\.[A-Za-z0-9+/=]+$/,
  /^\d{10,}$/,
  /^key_[0-9a-f]+$/,
];

/** A documented answer with the times and ids of a real one, to compare both. */
export function withFactsOf(documented: unknown, actual: unknown): unknown {
  if (typeof documented === "string" && typeof actual === "string") {
    return forms.some((form) => form.test(documented) && form.test(actual)) ? actual : documented;
  }
  if (Array.isArray(documented) && Array.isArray(actual)) {
    return documented.map((item, index) => withFactsOf(item, actual[index]));
  }
  if (!isObject(documented) || !isObject(actual)) return documented;
  return Object.fromEntries(
    Object.entries(documented).map(([name, value]) => [name, withFactsOf(value, actual[name])]),
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
