import { expect, test } from "vitest";

import { isProxyUrl, proxyFor } from "./proxy.ts";

const url = "http://proxy.internal:3128";
const isDirect = (origin: string, ...except: string[]): boolean => proxyFor(origin, { url, except }) === undefined;

test("https servers are reached through the proxy, http servers directly", () => {
  expect(proxyFor("https://graph.facebook.com", { url })).toBe(url);
  expect(proxyFor("http://graph.facebook.com", { url })).toBeUndefined();
  expect(proxyFor("https://graph.facebook.com", undefined)).toBeUndefined();
});

test.each([
  ["*", "https://graph.facebook.com"],
  ["facebook.com", "https://graph.facebook.com"],
  ["facebook.com", "https://facebook.com"],
  [".facebook.com", "https://graph.facebook.com"],
  ["*.facebook.com", "https://graph.facebook.com"],
  ["Graph.Facebook.com", "https://graph.facebook.com"],
  ["graph.facebook.com:443", "https://graph.facebook.com"],
  ["localhost:8443", "https://localhost:8443"],
  ["127.0.0.1", "https://127.0.0.1:8443"],
  ["::1", "https://[::1]:8443"],
  ["[::1]:8443", "https://[::1]:8443"],
  ["127.0.0.0/8", "https://127.9.8.7"],
  ["10.1.2.3/32", "https://10.1.2.3:8443"],
  ["fd00::/8", "https://[fd12:3456::1]"],
  ["0.0.0.0/0", "https://10.0.0.1"],
])("the exception %s includes %s", (entry, origin) => {
  expect(isDirect(origin, "example.org", entry)).toBe(true);
});

test.each([
  ["book.com", "https://graph.facebook.com"],
  ["graph.facebook.com", "https://facebook.com"],
  ["graph.facebook.com:8443", "https://graph.facebook.com"],
  ["localhost:443", "https://localhost:8443"],
  ["", "https://graph.facebook.com"],
  [".", "https://graph.facebook.com"],
  ["::2", "https://[::1]:8443"],
  ["10.0.0.0/8", "https://11.0.0.1"],
  ["10.0.0.0/8", "https://10.example.com"],
  ["0.0.0.0/0", "https://[::1]"],
  ["10.0.0.0/33", "https://10.0.0.1"],
  ["10.0.0.0/", "https://10.0.0.1"],
  ["localhost/8", "https://localhost"],
])("the exception %s does not include %s", (entry, origin) => {
  expect(isDirect(origin, entry)).toBe(false);
});

test.each([
  url,
  "https://proxy",
  "http://user:pass@proxy:3128",
  "http://us%40er:p%3Aw@127.0.0.1:1/",
  "http://[::1]:3128",
])("%s is the URL of a proxy", (text) => {
  expect(isProxyUrl(text)).toBe(true);
});

test.each([
  "",
  "proxy:3128",
  "socks5://proxy",
  "http://proxy/path",
  "http://proxy?x",
  "http://proxy#x",
  "http://pröxy",
  "http://u:%zz@proxy",
  "http://u:%0d%0a@proxy",
])("%s is no URL of a proxy", (text) => {
  expect(isProxyUrl(text)).toBe(false);
});
