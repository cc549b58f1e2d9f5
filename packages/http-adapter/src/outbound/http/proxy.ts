/** An HTTP proxy for https servers. */
export interface ProxyOptions {
  /** `http://` or `https://`, with a user name and password if it asks for them. */
  readonly url: string;
  /**
   * Servers to which no request goes through it: host names, which include their subdomains, addresses, either with a port, or `*`
   * for all. Default: none.
   */
  readonly except?: readonly string[];
}

/** Whether a value can be the URL of a proxy. */
export function isProxyUrl(text: string): boolean {
  const url = /^[\x21-\x7e]+$/.test(text) ? URL.parse(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) return false;
  return (
    url.pathname === "/" && url.search === "" && url.hash === "" && canDecode(url.username) && canDecode(url.password)
  );
}

function canDecode(text: string): boolean {
  try {
    return /^[^\p{Cc}]*$/u.test(decodeURIComponent(text));
  } catch {
    return false;
  }
}

/** The URL of the proxy for an origin; undefined if requests go there directly, as they always do to http servers. */
export function proxyFor(origin: string, proxy: ProxyOptions | undefined): string | undefined {
  const url = new URL(origin);
  if (!proxy || url.protocol !== "https:") return undefined;
  return proxy.except?.some((entry) => matches(entry, url)) ? undefined : proxy.url;
}

function matches(entry: string, { hostname, port }: URL): boolean {
  if (entry === "*") return true;
  const [, name = "", ofPort] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(bracketed(entry.toLowerCase())) ?? [];
  if (name === "" || (ofPort !== undefined && ofPort !== (port || "443"))) return false;
  return hostname === name || hostname.endsWith(`.${name}`);
}

/** An IPv6 address, as a URL has it. */
function bracketed(entry: string): string {
  return entry.includes("[") || entry.indexOf(":") === entry.lastIndexOf(":") ? entry : `[${entry}]`;
}
