import { BlockList, isIP } from "node:net";

/** Link-local addresses, and those at which clouds serve their machines' metadata, credentials included. */
const addresses = new BlockList();
addresses.addSubnet("169.254.0.0", 16, "ipv4");
addresses.addAddress("100.100.100.200", "ipv4");
addresses.addAddress("168.63.129.16", "ipv4");
addresses.addAddress("192.0.0.192", "ipv4");
addresses.addSubnet("fe80::", 10, "ipv6");
addresses.addAddress("fd00:ec2::254", "ipv6");
addresses.addAddress("fd20:ce::254", "ipv6");

const names: ReadonlySet<string> = new Set(["metadata", "metadata.google.internal", "metadata.goog", "instance-data"]);

/** IPv6 notations with an IPv4 address in the last two groups: compatible, mapped, translated (RFC 4291, 6052). */
const embedded = /^::(?:ffff:(?:0:)?)?([0-9a-f]{1,4}):([0-9a-f]{1,4})$|^64:ff9b::([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/** Whether a URL leads to a metadata service or a link-local address, in any notation of the host. */
export function isMetadataUrl(url: string): boolean {
  const host = (URL.canParse(url) ? new URL(url).hostname : "").replace(/^\[|\]$/g, "").replace(/\.+$/, "");
  if (isIP(host) === 4) return addresses.check(host, "ipv4");
  if (isIP(host) === 6) return addresses.check(host, "ipv6") || addresses.check(embeddedIn(host), "ipv4");
  return names.has(host) || host.endsWith(".metadata.google.internal");
}

function embeddedIn(address: string): string {
  const [, ...groups] = embedded.exec(address) ?? [];
  const [high = "0", low = "0"] = groups.filter((group) => group !== undefined);
  const bits = [high, low].map((group) => Number.parseInt(group, 16));
  return bits.flatMap((group) => [group >> 8, group & 255]).join(".");
}
