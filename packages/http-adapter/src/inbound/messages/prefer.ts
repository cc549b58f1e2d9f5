/** The preferences of a `Prefer` header (RFC 7240). Unknown ones are ignored, as the RFC requires. */
export interface Preferences {
  readonly respondAsync: boolean;
  readonly waitSeconds?: number;
}

/** Undefined if `wait` is not a number of seconds. */
export function parsePrefer(header: string | undefined): Preferences | undefined {
  if (header === undefined) return none;
  let respondAsync = false;
  let waitSeconds: number | undefined;
  for (const preference of header.split(",")) {
    const [token = ""] = preference.split(";");
    const [name = "", value] = token.split("=").map((part) => part.trim().replace(/^"(.*)"$/, "$1"));
    if (name.toLowerCase() === "respond-async") respondAsync = true;
    if (name.toLowerCase() !== "wait" || waitSeconds !== undefined) continue;
    if (value === undefined || !/^[0-9]{1,9}$/.test(value)) return undefined;
    waitSeconds = Number(value);
  }
  return { respondAsync, ...(waitSeconds !== undefined && { waitSeconds }) };
}

const none: Preferences = { respondAsync: false };
