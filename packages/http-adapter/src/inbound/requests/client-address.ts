import { BlockList, isIP } from "node:net";

import type { Context } from "hono";

import { incomingOf } from "./incoming.ts";

/** The address of a request's client, for the log. Undefined if the app is not served by Node's server. */
export type ClientAddress = (c: Context) => string | undefined;

/**
 * The peer of the connection, or what trusted proxies say in X-Forwarded-For: its last address that is not a trusted proxy's.
 * Everything before that may be made up. Throws if one of `trustedProxies` is neither an address nor a CIDR range.
 */
export function createClientAddress(trustedProxies: readonly string[] = []): ClientAddress {
  if (trustedProxies.length === 0) return peerOf;
  const trusted = createRanges(trustedProxies);
  const isTrusted = (address: string) => trusted.check(address, familyOf(address));

  return (c) => {
    let address = peerOf(c);
    if (address === undefined || !isTrusted(address)) return address;
    const forwarded = c.req.header("x-forwarded-for")?.split(",") ?? [];
    while (isTrusted(address)) {
      const before = addressIn(forwarded.pop());
      if (before === undefined) break;
      address = before;
    }
    return address;
  };
}

function peerOf(c: Context): string | undefined {
  const address = incomingOf(c)?.socket.remoteAddress;
  return address === undefined ? undefined : plain(address);
}

/** Proxies write addresses with ports too. */
function addressIn(entry = ""): string | undefined {
  const text = entry.trim();
  const [, address = text] = /^\[([^\]]*)\](?::\d+)?$/.exec(text) ?? /^([\d.]+):\d+$/.exec(text) ?? [];
  return isIP(address) === 0 ? undefined : plain(address);
}

/** Without the zone of an IPv6 address, and without the form that an IPv4 address has on an IPv6 socket. */
function plain(address: string): string {
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
