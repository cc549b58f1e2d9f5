import { BlockList, isIP } from "node:net";

/** An HTTP proxy for https servers. */
export interface ProxyOptions {
  /** `http://` or `https://`, with a user name and password if it asks for them. */
  readonly url: string;
  /**
   * Servers to which no request goes through it: host names, which include their subdomains, addresses, either with a port, ranges
   * of addresses such as `10.0.0.0/8`, which include no name, or `*` for all. Default: none.
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
  if (entry.includes("/")) return isInRange(hostname.replace(/^\[(.*)\]$/, "$1"), entry);
  const [, name = "", ofPort] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(bracketed(entry.toLowerCase())) ?? [];
  if (name === "" || (ofPort !== undefined && ofPort !== (port || "443"))) return false;
  return hostname === name || hostname.endsWith(`.${name}`);
}

function isInRange(address: string, range: string): boolean {
  const [first = "", length = ""] = range.split("/");
  const version = isIP(first);
  const isRange = version !== 0 && /^\d{1,3}$/.test(length) && Number(length) <= (version === 4 ? 32 : 128);
  if (!isRange || isIP(address) !== version) return false;
  const family = version === 4 ? "ipv4" : "ipv6";
  const list = new BlockList();
  list.addSubnet(first, Number(length), family);
  return list.check(address, family);
}

/** An IPv6 address, as a URL has it. */
function bracketed(entry: string): string {
  return entry.includes("[") || entry.indexOf(":") === entry.lastIndexOf(":") ? entry : `[${entry}]`;
}
