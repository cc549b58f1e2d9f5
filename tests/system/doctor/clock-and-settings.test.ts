import { expect, it } from "vitest";

import { doctor, findingsOf, listen, tenantsFile, waba } from "../../support/doctor.ts";

it.each([
  [60_000, /^failed: this machine's clock is \d\d s behind WhatsApp's → synchronise it \(NTP/],
  [-90_000, /^failed: this machine's clock is \d\d s ahead of WhatsApp's → synchronise it \(NTP/],
])("a clock that is off by %i ms", async (offMs, problem) => {
  const GRAPH_API_URL = await listen((_, response) =>
    response.setHeader("date", new Date(Date.now() + offMs).toUTCString()).end("{}"),
  );
  const result = await doctor({ ...tenantsFile({}), GRAPH_API_URL });
  expect(result.code).toBe(1);
  expect(findingsOf(result)).toContainEqual(expect.stringMatching(problem));
});

it("settings without effect", async () => {
  const result = await doctor({
    ...tenantsFile({ o: waba }),
    CALLBACK_SECRET: "whsec_Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5",
    SERVICE_TOKEN: "canary",
    PACING: "off",
    PACE_PAIR_BURST: "3",
  });
  expect(result.code).toBe(0);
  expect(result.found.map(({ problem, status }) => [status, problem?.split(":")[0]])).toEqual([
    ["warning", "CALLBACK_SECRET has no effect"],
    ["warning", "SERVICE_TOKEN has no effect"],
    ["warning", "PACE_PAIR_BURST has no effect"],
  ]);
});
