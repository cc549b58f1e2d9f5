/**
 * Whether a request was made by a page of this very origin, or by no page at all. A form of another site sends `Origin`
 * (or `null`), and browsers say in `Sec-Fetch-Site` where a request comes from. `origin` is that of the page: scheme, host
 * and port, as the browser knows it.
 */
export function isSameOrigin(headers: Headers, origin: string): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") return false;
  const from = headers.get("origin");
  return from === null ? site !== null || headers.get("referer") === null : from === origin;
}
