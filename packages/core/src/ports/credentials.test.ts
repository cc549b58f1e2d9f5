import { expect, it } from "vitest";

import { Secret } from "../domain/secret.ts";
import { type Credential, isSameCredential } from "./credentials.ts";

const credential: Credential = { accessToken: new Secret("token"), phoneNumberId: "1" };
const provider = { url: "https://example.com", messagesPath: "/messages", authHeader: "X-Key", authScheme: "Key" };

it("credentials of one token, number and provider are the same, whatever else they say", () => {
  const [one, other] = [credential, { ...credential, accessToken: new Secret("token"), throughputPerSecond: 20 }];
  expect(isSameCredential(one, other)).toBe(true);
  expect(isSameCredential({ ...one, provider }, { ...other, provider: { ...provider } })).toBe(true);
});

it.each([
  ["token", { accessToken: new Secret("other") }],
  ["number", { phoneNumberId: "2" }],
  ["provider, which was Meta", { provider: undefined }],
  ["URL", { provider: { ...provider, url: "https://example.org" } }],
  ["path", { provider: { ...provider, messagesPath: "/v1/messages" } }],
  ["header", { provider: { ...provider, authHeader: "authorization" } }],
  ["scheme", { provider: { ...provider, authScheme: "" } }],
])("another %s makes another credential", (_, change) => {
  const changed = { ...credential, provider, ...change } as Credential;
  expect(isSameCredential({ ...credential, provider }, changed)).toBe(false);
});
