import { createHmac } from "node:crypto";

import { expect, test } from "vitest";

import { signWebhook } from "./webhook-signature.ts";

// RFC 4231, test case 2.
test("HMAC-SHA256 in lower-case hex after `sha256=`", () => {
  expect(signWebhook("what do ya want for nothing?", "Jefe")).toBe(
    "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  );
});

test("the body is encoded as UTF-8", () => {
  const bytes = createHmac("sha256", "s")
    .update(Buffer.from([0xc3, 0xa4]))
    .digest("hex");
  expect(signWebhook("ä", "s")).toBe(`sha256=${bytes}`);
});
