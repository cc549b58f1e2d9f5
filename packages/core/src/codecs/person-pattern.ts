/**
 * Matches a kept text that mentions a person by one of their names: the digits of a number that stand by themselves, or a user id.
 * Numbers with spaces in them are not recognized.
 */
export function personPattern(names: readonly string[]): RegExp {
  const patterns = names.map((name) => name.replace(/^\+/, "").replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`(?<![0-9A-Za-z])(?:${patterns.join("|")})(?![0-9A-Za-z])`);
}
