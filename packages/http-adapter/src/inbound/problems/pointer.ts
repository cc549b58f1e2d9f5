/** Deeper than any field that has a meaning here. */
const deepest = 32;

/** No control character, no mark that turns the text around it, and short. */
const plainName = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{1,128}$/u;

/** A JSON pointer (RFC 6901). */
export function pointerOf(path: readonly (string | number)[]): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** A pointer whose names are the caller's own: as far as they can be shown. */
export function plainPointer(path: readonly (string | number)[]): string {
  const odd = path.findIndex((step) => typeof step === "string" && !plainName.test(step));
  return pointerOf(path.slice(0, odd === -1 ? deepest : Math.min(odd, deepest)));
}
