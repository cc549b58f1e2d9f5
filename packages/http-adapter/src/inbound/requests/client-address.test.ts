import { IncomingMessage } from "node:http";
import { Socket } from "node:net";

import { describe, expect, it } from "vitest";

import { createTestApp } from "../../../test/app.ts";
import { isAddressRange } from "./client-address.ts";

/** The address in the log of a request from this peer. */
async function loggedFor(peer: string, forwarded: string | undefined, trustedProxies?: readonly string[]) {
  const { app, lines } = createTestApp(trustedProxies ? { trustedProxies } : {});
  const socket = new Socket();
  Object.defineProperty(socket, "remoteAddress", { value: peer });
  const incoming = Object.assign(new IncomingMessage(socket), { url: "/healthz", httpVersionMajor: 2 });
  const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
  await app.request("/healthz", { headers }, { incoming });
  return lines.find(({ fields }) => fields["path"] === "/healthz")?.fields["client_address"];
}

const proxies = ["10.0.0.0/8", "192.0.2.7", "2001:db8::/32"];

describe("the address of a client", () => {
  it.each([
    ["its peer's", "203.0.113.5", undefined, "203.0.113.5"],
    ["an IPv4 peer's on an IPv6 socket", "::ffff:203.0.113.5", undefined, "203.0.113.5"],
    ["the peer's if that is no proxy, whatever it says", "203.0.113.5", "198.51.100.1", "203.0.113.5"],
    ["what a proxy says", "10.1.2.3", "198.51.100.1", "198.51.100.1"],
    ["what a proxy on an IPv6 socket says", "::ffff:10.1.2.3", "198.51.100.1", "198.51.100.1"],
    ["what a proxy by its address says", "192.0.2.7", "198.51.100.1", "198.51.100.1"],
    ["not what its neighbor says", "192.0.2.8", "198.51.100.1", "192.0.2.8"],
    ["what an IPv6 proxy says", "2001:db8::1", "2001:db9::5", "2001:db9::5"],
    ["what a proxy on the same link says", "2001:db8::1%eth0", "fe80::1%eth1", "fe80::1"],
    ["the last one that is no proxy's", "10.1.2.3", "1.1.1.1, 198.51.100.1, 10.9.9.9", "198.51.100.1"],
    ["the first proxy's, if all are proxies", "10.1.2.3", "10.0.0.9, 10.0.0.8", "10.0.0.9"],
    ["the last proxy's, if it says nothing", "10.1.2.3", undefined, "10.1.2.3"],
    ["the last proxy's, if it says no address", "10.1.2.3", "198.51.100.1, unknown", "10.1.2.3"],
    ["the last proxy's, if it says nonsense", "10.1.2.3", "<script>", "10.1.2.3"],
    ["an address without its port", "10.1.2.3", "198.51.100.1:4711", "198.51.100.1"],
    ["an IPv6 address without brackets and port", "10.1.2.3", "[2001:db9::5]:4711", "2001:db9::5"],
    ["an IPv6 address", "10.1.2.3", "2001:db9::5", "2001:db9::5"],
  ])("is %s", async (_, peer, forwarded, expected) => {
    expect(await loggedFor(peer, forwarded, proxies)).toBe(expected);
  });

  it("is the peer's if no proxies are trusted", async () => {
    expect(await loggedFor("10.1.2.3", "198.51.100.1")).toBe("10.1.2.3");
    expect(await loggedFor("10.1.2.3", "198.51.100.1", [])).toBe("10.1.2.3");
  });

  it("is read in time from a header of 16 KB", async () => {
    const forwarded = `198.51.100.1,${"10.0.0.1,".repeat(1800)}10.0.0.2`;
    expect(await loggedFor("10.1.2.3", forwarded, proxies)).toBe("198.51.100.1");
  });

  it("is not known without Node's server", async () => {
    const { app, lines } = createTestApp({ trustedProxies: proxies });
    await app.request("/healthz", { headers: { "x-forwarded-for": "198.51.100.1" } });
    expect(lines.find(({ fields }) => fields["path"] === "/healthz")?.fields).toHaveProperty(
      "client_address",
      undefined,
    );
  });
});

it("only addresses and ranges are trusted", () => {
  for (const right of [...proxies, "::1", "0.0.0.0/0", "::/0", "10.0.0.1/32"]) expect(isAddressRange(right)).toBe(true);
  const wrong = [
    "",
    "10.0.0",
    "10.0.0.0/33",
    "::/129",
    "10.0.0.0/",
    "10.0.0.0/8/8",
    "10.0.0.0/-1",
    "proxy",
    "fe80::1%eth0",
  ];
  for (const each of wrong) {
    expect(isAddressRange(each)).toBe(false);
    expect(() => createTestApp({ trustedProxies: [each] })).toThrow(/^trustedProxies: /);
  }
});
