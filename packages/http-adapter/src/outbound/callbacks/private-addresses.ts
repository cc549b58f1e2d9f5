import { lookup, type LookupAddress, type LookupAllOptions } from "node:dns";
import { BlockList, isIP, isIPv6, type LookupFunction } from "node:net";

/** The code of the error of a name that leads to a private address. */
export const privateAddressCode = "ERR_PRIVATE_ADDRESS";

// The special-purpose registries of IANA, with the address of Azure's host (168.63.129.16), which is a public one.
const notPublic = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["168.63.129.16", 32],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const) {
  notPublic.addSubnet(network, prefix, "ipv4");
}
// In IPv6 only 2000::/3 is on the public internet (RFC 4291), but for these.
for (const [network, prefix] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const) {
  notPublic.addSubnet(network, prefix, "ipv6");
}

const globalUnicast = new BlockList();
globalUnicast.addSubnet("2000::", 3, "ipv6");

/** IPv4 addresses in IPv6: mapped, and as NAT64 reaches them (RFC 6052). */
const embedsIpv4 = new BlockList();
embedsIpv4.addSubnet("::ffff:0:0", 96, "ipv6");
embedsIpv4.addSubnet("64:ff9b::", 96, "ipv6");

/** Whether an IP address is loopback, private, link-local or otherwise not on the public internet, as a cloud's metadata service. */
function isPrivateAddress(text: string): boolean {
  const [address = ""] = text.split("%");
  if (!isIPv6(address)) return notPublic.check(address, "ipv4");
  if (embedsIpv4.check(address, "ipv6")) return isPrivateAddress(lastFourBytes(address));
  return !globalUnicast.check(address, "ipv6") || notPublic.check(address, "ipv6");
}

function lastFourBytes(address: string): string {
  const tail = address.slice(address.lastIndexOf("::") + 2).split(":");
  if (tail.at(-1)?.includes(".")) return tail.at(-1) ?? "";
  const [high = 0, low = 0] = [tail.at(-2) ?? "0", tail.at(-1) ?? "0"].map((group) =>
    Number.parseInt(group || "0", 16),
  );
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** Whether the host of a URL is itself an address that is private. A name is only known once it is looked up. */
export function hasPrivateAddress({ hostname }: URL): boolean {
  const address = hostname.replace(/^\[|\]$/g, "");
  return isIP(address) !== 0 && isPrivateAddress(address);
}

/** Whether the host of a URL leads to a private address without a lookup. */
export function isPrivateHost(url: URL): boolean {
  return hasPrivateAddress(url) || /^(.*\.)?localhost\.?$/.test(url.hostname);
}

/** Whether the host of a URL leads to a private address now, so that `lookupPublic` refuses it. A name that is not found does not. */
export async function leadsToPrivateAddress(url: URL, lookUp: LookupFunction = lookupPublic): Promise<boolean> {
  if (isPrivateHost(url)) return true;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  lookUp(url.hostname.replace(/^\[|\]$/g, ""), {}, (error) => resolve(error?.code === privateAddressCode));
  return promise;
}

/**
 * Looks a name up for a connection, and fails if any of its addresses is private. The connection goes to the very addresses that
 * were checked, so an answer that changes later does not matter.
 */
export const lookupPublic = publicAddressesOf((hostname, options, done) => lookup(hostname, options, done));

/** The same with another source of addresses. @internal */
export function publicAddressesOf(addressesOf: AddressLookup): LookupFunction {
  return (hostname, options, done) => {
    addressesOf(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, []);
      if (addresses.some(({ address }) => isPrivateAddress(address))) {
        return done(Object.assign(new Error("private address"), { code: privateAddressCode }), []);
      }
      const [first] = addresses;
      if (options.all || !first) return done(null, addresses);
      done(null, first.address, first.family);
    });
  };
}

type AddressLookup = (
  hostname: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;
