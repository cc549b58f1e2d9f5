import { expect, it } from "vitest";

import { leadsToPrivateAddress, publicAddressesOf } from "./private-addresses.ts";

const addresses: Readonly<Record<string, readonly string[]>> = {
  "crm.internal": ["10.0.0.5"],
  "both.example.com": ["93.184.215.14", "fd00::1"],
  "crm.example.com": ["93.184.215.14", "2606:4700::1111"],
};

const lookUp = publicAddressesOf((name, _, done) => {
  const found = addresses[name];
  if (!found) return done(new Error("ENOTFOUND"), []);
  done(
    null,
    found.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
  );
});

it.each([
  ["http://crm.internal/", true],
  ["https://both.example.com/", true],
  ["https://crm.example.com/", false],
  ["https://not-found.example.com/", false],
  ["http://localhost:4000/", true],
  ["http://[::1]:4000/", true],
])("%s leads to a private address: %s", async (url, expected) => {
  expect(await leadsToPrivateAddress(new URL(url), lookUp)).toBe(expected);
});
