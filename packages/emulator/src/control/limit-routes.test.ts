import { expect, test } from "vitest";

import { openControl } from "../../test/control-client.ts";

const start = Date.UTC(2026, 10, 1);
const hour = 3_600_000;

test("show the use of limits: throughput, pairs and windows of those who wrote", async () => {
  const { call, send } = openControl({ limits: { throughputPerSecond: 80, pair: true }, now: () => start });
  await call("POST", "/customers/628123456/messages", { text: "Hi", phoneNumberId: "123" });
  await send();
  await send();
  expect((await call("GET", "/limits/use")).body).toEqual({
    numbers: [{ phoneNumberId: "123", lastSecond: 3, perSecond: 80 }],
    pairs: [
      {
        phoneNumberId: "123",
        customer: "628123456",
        windowEnd: start + 24 * hour,
        isWindowOpen: true,
        hasStoppedMarketing: false,
        owed: { messages: 2, of: 45, paidAt: start + 12_000 },
      },
    ],
    tokens: [],
  });
  await call("POST", "/clock", { advanceMs: 24 * hour });
  const { body } = await call("GET", "/limits/use");
  expect(body.numbers).toEqual([{ phoneNumberId: "123", lastSecond: 0, perSecond: 80 }]);
  expect(body.pairs).toMatchObject([{ isWindowOpen: false }]);
  expect(body.pairs[0]).not.toHaveProperty("owed");
});

test("show the use of limits: access tokens by their first letters, with what became of them", async () => {
  const tokens = {
    EAAfirst: { phoneNumberIds: ["1"] },
    EAAsecond: { phoneNumberIds: ["2"], expiresAt: new Date(start + hour) },
  };
  const { call } = openControl({ tokens, now: () => start });
  const states = async () =>
    (await call("GET", "/limits/use")).body.tokens.map(({ state }: { state: string }) => state);
  expect(await states()).toEqual(["valid", "valid"]);
  await call("POST", "/clock", { advanceMs: hour });
  expect(await states()).toEqual(["valid", "expired"]);
  expect(JSON.stringify((await call("GET", "/limits/use")).body)).not.toMatch(/first|second/);
});
