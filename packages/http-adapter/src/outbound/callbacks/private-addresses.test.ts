import { expect, it } from "vitest";

import { hasPrivateAddress } from "./private-addresses.ts";

const refused: readonly [kind: string, ...addresses: string[]][] = [
  ["loopback", "127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1", "64:ff9b::7f00:1"],
  ["unspecified", "0.0.0.0", "::", "0.1.2.3"],
  ["private", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fdff::1", "64:ff9b::10.0.0.1"],
  ["link-local", "169.254.0.1", "fe80::1", "febf::1", "::ffff:169.254.1.1", "fec0::1"],
  [
    "metadata",
    "169.254.169.254",
    "fd00:ec2::254",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "64:ff9b::a9fe:a9fe",
  ],
  ["shared, benchmark, documentation", "100.64.0.1", "198.18.0.1", "192.0.2.1", "203.0.113.9", "2001:db8::1"],
  ["multicast, broadcast, reserved", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "ff02::1"],
  ["tunnels", "2002:7f00:1::", "2001:0:1::1", "::7f00:1"],
  ["IPv4-translated", "::ffff:0:7f00:1", "::ffff:0:a00:1", "64:ff9b:1::7f00:1"],
  ["not allocated", "100::1", "1fff::1", "4000::1", "5f00::1", "8000::1"],
];

const isPrivateAddress = (address: string) =>
  hasPrivateAddress(new URL(`http://${address.includes(":") ? `[${address}]` : address}`));

it.each(refused)("%s addresses are private", (_, ...addresses) => {
  expect(addresses.filter((address) => !isPrivateAddress(address))).toEqual([]);
});

it("addresses of the internet are public", () => {
  const open = ["1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "172.15.0.1", "172.32.0.1", "192.167.1.1"];
  const others = [
    "169.253.1.1",
    "198.20.0.1",
    "223.255.255.255",
    "2606:4700::1111",
    "64:ff9b::1.1.1.1",
    "::ffff:8.8.8.8",
    "2a00:1450:4001:81b::200e",
    "3ffe::1",
  ];
  expect([...open, ...others].filter(isPrivateAddress)).toEqual([]);
});

it.each([
  ["http://127.0.0.1/", true],
  ["http://0x7f.1/", true],
  ["http://2130706433/", true],
  ["http://0177.0.0.1/", true],
  ["http://127.1/", true],
  ["http://１２７.0.0.1/", true],
  ["http://[::1]/", true],
  ["http://[::ffff:10.0.0.1]:8080/", true],
  ["https://93.184.215.14/", false],
  ["https://[2606:4700::1111]/", false],
  ["https://localhost/", false],
])("the host of %s is a private address: %s", (url, expected) => {
  expect(hasPrivateAddress(new URL(url))).toBe(expected);
});
