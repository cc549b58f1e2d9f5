import { expect, test } from "vitest";

import { profileOf } from "./provider-profile.ts";

const url = "https://waba-v2.360dialog.io";

test("a provider without paths has those of Meta's version", () => {
  const profile = profileOf({ url: "https://proxy.example.com/meta/" }, "v25.0");
  expect(profile).toMatchObject({
    origin: "https://proxy.example.com",
    authHeader: "authorization",
    authPrefix: "Bearer ",
  });
  expect(profile?.pathOf("messages", "123")).toBe("/meta/v25.0/123/messages");
  expect(profile?.pathOf("media", "123")).toBe("/meta/v25.0/123/media");
  expect(profile?.pathOf("marketing_messages")).toBe("/meta/v25.0/{phone_number_id}/marketing_messages");
});

test("a provider may have paths without the number, and a header of its own without a scheme", () => {
  const profile = profileOf({ url, messagesPath: "/messages", authHeader: "D360-API-KEY" }, "v25.0");
  expect(profile).toMatchObject({ origin: url, authHeader: "d360-api-key", authPrefix: "" });
  expect((["messages", "media", "marketing_messages"] as const).map((edge) => profile?.pathOf(edge, "123"))).toEqual([
    "/messages",
    "/media",
    "/marketing_messages",
  ]);
});

test.each([
  ["authorization", undefined, "Bearer "],
  ["Authorization", "", ""],
  ["Authorization", "Token", "Token "],
  ["X-Key", "Key", "Key "],
])("the header %s with the scheme %j", (authHeader, authScheme, authPrefix) => {
  expect(profileOf({ url, authHeader, ...(authScheme !== undefined && { authScheme }) }, "v25.0")).toMatchObject({
    authPrefix,
  });
});

test.each([
  "ftp://example.com",
  "example.com",
  "",
  "https://user:pass@example.com",
  "https://user@example.com",
  "https://example.com?x=1",
  "https://example.com?",
  "https://example.com#x",
  "https://exämple.com",
  "https://example.com/\r\nx: y",
  `https://example.com/${"a".repeat(2048)}`,
  "javascript:alert(1)",
  "//example.com",
])("%j is no URL of a provider", (bad) => {
  expect(profileOf({ url: bad }, "v25.0")).toBeUndefined();
});

test.each([
  "messages",
  "/",
  "",
  "/message",
  "/messages/",
  "/messages?x=1",
  "/messages#x",
  "/../messages",
  "/./messages",
  "//messages",
  "/{id}/messages",
  "/{phone_number_id}/{phone_number_id}/messages",
  "/{phone_number_id}",
  "/%2e%2e/messages",
  "/ä/messages",
  "/a b/messages",
  "/a\\b/messages",
  "/a\r\nx/messages",
  `/${"a".repeat(512)}/messages`,
])("%j is no path of messages", (messagesPath) => {
  expect(profileOf({ url, messagesPath }, "v25.0")).toBeUndefined();
});

test.each([
  "",
  "X Key",
  "X-Key:",
  "X-Key\r\nX",
  "Schlüssel",
  "Host",
  "content-length",
  "Content-Type",
  "transfer-encoding",
  "a".repeat(65),
])("%j is no header for a token", (authHeader) => {
  expect(profileOf({ url, authHeader }, "v25.0")).toBeUndefined();
});

test.each(["Bearer ", "a b", "Bearer\r\nX: y", "Schlüssel", ","])("%j is no scheme", (authScheme) => {
  expect(profileOf({ url, authScheme }, "v25.0")).toBeUndefined();
});
