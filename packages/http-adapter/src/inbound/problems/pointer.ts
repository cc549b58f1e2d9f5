/** No known field is nested deeper. */
const deepest = 32;

/** Short, without control characters and bidirectional marks. */
const plainName = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{1,128}$/u;

/** A JSON pointer (RFC 6901). */
export function pointerOf(path: readonly (string | number)[]): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** A pointer made of the caller's own names. It ends before the first name that is not safe to show. */
export function plainPointer(path: readonly (string | number)[]): string {
  const odd = path.findIndex((step) => typeof step === "string" && !plainName.test(step));
  return pointerOf(path.slice(0, odd === -1 ? deepest : Math.min(odd, deepest)));
}
