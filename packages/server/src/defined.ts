/** Removes the properties that are undefined. */
export function defined<T extends object>(properties: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  const entries = Object.entries(properties).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof T]?: Exclude<T[Name], undefined> };
}
