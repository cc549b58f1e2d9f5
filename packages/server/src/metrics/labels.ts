/** The label that all further values share once a label has `mostValues`. */
export const otherValues = "other";
const mostValues = 100;

/**
 * Creates something for each value of a label, once, so that an event costs no label object. The number of values has a limit:
 * each value is a time series that Prometheus keeps.
 */
export function perValue<T>(create: (label: string) => T, limit = mostValues): (value: string) => T {
  const created = new Map<string, T>();
  let other: T | undefined;
  return (value) => {
    const known = created.get(value);
    if (known !== undefined) return known;
    if (created.size >= limit) return (other ??= create(otherValues));
    const fresh = create(labelOf(value));
    created.set(value, fresh);
    return fresh;
  };
}

/** Creates something for each set of label values, once. */
export function perSeries<T>(create: (values: readonly string[]) => T): (values: readonly string[]) => T {
  const created = new Map<string, T>();
  return (values) => {
    const key = JSON.stringify(values);
    const known = created.get(key);
    if (known !== undefined) return known;
    const fresh = create(values);
    created.set(key, fresh);
    return fresh;
  };
}

/** `CredentialRefused` and `credential refused` become `credential_refused`. A route or a method stays as it is. */
function labelOf(value: string): string {
  if (/^(?:\/|[A-Z]+$)/.test(value)) return value;
  return value.replaceAll(/(?<=[a-z])(?=[A-Z])| /g, "_").toLowerCase();
}
