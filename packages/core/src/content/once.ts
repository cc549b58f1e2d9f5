/** Makes a value when it is first asked for. A process pays only for the schemas of what it sends. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
