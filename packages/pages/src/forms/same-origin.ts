/**
 * Whether a request was made by a page of this very origin, or by no page at all. Browsers say in `Sec-Fetch-Site` where a request
 * comes from, except old ones and those that do not trust the connection: their forms have an `Origin`, or `null`. A program such as
 * curl says nothing. `origin` is that of the page: scheme, host and port.
 */
export function isSameOrigin(headers: Pick<Headers, "get">, origin: string): boolean {
  const site = headers.get("sec-fetch-site") || undefined;
  if (site !== undefined) return site === "same-origin" || site === "none";
  const from = headers.get("origin");
  return from === null ? headers.get("referer") === null : from === origin;
}
