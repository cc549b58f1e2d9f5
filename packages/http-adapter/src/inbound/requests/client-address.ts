import { BlockList, isIP } from "node:net";

/** The address of a request's client, for the log, from the address of the peer and from X-Forwarded-For. */
export type ClientAddress = (peer: string | undefined, forwardedFor: string | undefined) => string | undefined;

/**
 * The peer of the connection, or what trusted proxies say in X-Forwarded-For: its last address that is not a trusted proxy's.
 * Everything before that may be made up. Throws if one of `trustedProxies` is neither an address nor a CIDR range.
 */
export function createClientAddress(trustedProxies: readonly string[] = []): ClientAddress {
  if (trustedProxies.length === 0) return plainPeer;
  const trusted = createRanges(trustedProxies);
  const isTrusted = (address: string) => trusted.check(address, familyOf(address));

  return (peer, forwardedFor) => {
    let address = plainPeer(peer);
    if (address === undefined || !isTrusted(address)) return address;
    const forwarded = forwardedFor?.split(",") ?? [];
    while (isTrusted(address)) {
      const before = addressIn(forwarded.pop());
      if (before === undefined) break;
      address = before;
    }
    return address;
  };
}

function plainPeer(peer: string | undefined): string | undefined {
  return peer === undefined ? undefined : plain(peer);
}

/** Proxies write addresses with ports too. */
function addressIn(entry = ""): string | undefined {
  const text = entry.trim();
  const [, address = text] = /^\[([^\]]*)\](?::\d+)?$/.exec(text) ?? /^([\d.]+):\d+$/.exec(text) ?? [];
  return isIP(address) === 0 ? undefined : plain(address);
}

/** Without the zone of an IPv6 address, and without the form that an IPv4 address has on an IPv6 socket. */
function plain(address: string): string {
  if (!address.includes(":")) return address;
  return address.replace(/%.*$/, "").replace(/^::ffff:(?=[\d.]+$)/i, "");
}

function createRanges(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", prefix] = range.split("/");
    if (!isAddressRange(range)) throw new TypeError("trustedProxies: must be addresses or CIDR ranges");
    if (prefix === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(prefix), familyOf(address));
  }
  return list;
}

/** Whether a text is an IP address, or a range such as `10.0.0.0/8`. */
export function isAddressRange(text: string): boolean {
  const [, address = "", prefix = "0"] = /^([^/%]+)(?:\/([0-9]{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  return version !== 0 && Number(prefix) <= (version === 4 ? 32 : 128);
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 4 ? "ipv4" : "ipv6";
}
