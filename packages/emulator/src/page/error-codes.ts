import { supportedErrorCodes, titleOf } from "../graph/graph-error.ts";

/** Meta's error codes that the emulator can answer, with their titles, to choose from. */
export const errorOptions: readonly (readonly [string, string])[] = supportedErrorCodes.map((code) => [
  String(code),
  `${code} · ${titleOf(code)}`,
]);

/** A failure in words. */
export function errorWords({ code, details }: { readonly code: number; readonly details?: string }): string {
  return `${code}: ${titleOf(code)}${details === undefined || details === titleOf(code) ? "" : `. ${details}`}`;
}
