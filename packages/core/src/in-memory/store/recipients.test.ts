import { expect, it } from "vitest";

import { createInMemoryRecipients } from "./recipients.ts";

it("forgets the recipients with the oldest facts first, as a database does", async () => {
  const recipients = createInMemoryRecipients();
  const wrote = (recipient: string, at: number) =>
    ({ kind: "Wrote", phoneNumberId: "1", recipient, at: new Date(at) }) as const;
  (await recipients.note([wrote("later", 2000), wrote("earlier", 1000)]))._unsafeUnwrap();
  expect(recipients.forget(new Date(5000), 1)).toBe(1);
  expect((await recipients.find("1", "earlier"))._unsafeUnwrap()).toEqual({});
  expect((await recipients.find("1", "later"))._unsafeUnwrap()).toEqual({ wroteAt: new Date(2000) });
});
