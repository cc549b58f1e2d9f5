import { expect, it } from "vitest";

import { collectReports } from "./collect-reports.ts";

const own = async () => ({
  process: 2,
  startedAt: 0,
  overload: 0,
  inFlight: 0,
  waiting: 0,
  numbers: [
    { phoneNumberId: "1", condition: "paused" as const, until: 5, inFlight: 0, waiting: 0, waitingForRecipient: 0 },
  ],
  outlets: [],
});

function peersThatSay(texts: ReadonlyMap<number, string> | undefined) {
  const offers = new Map<string, () => Promise<string>>();
  const peers = {
    number: 2,
    offer: (subject: string, tell: () => Promise<string>) => void offers.set(subject, tell),
    collect: () => Promise.resolve(texts),
  };
  return { reports: collectReports(own, peers), offers };
}

it("asks all processes, and tells them of itself", async () => {
  const { reports, offers } = peersThatSay(
    new Map([
      [1, JSON.stringify({ ...(await own()), process: 1 })],
      [2, ""],
    ]),
  );
  expect((await reports()).map(({ process }) => process)).toEqual([1]);
  expect(JSON.parse((await offers.get("report")?.()) ?? "")).toEqual(await own());
});

it("knows itself where nobody answers, or where there is nobody else", async () => {
  expect(await peersThatSay(undefined).reports()).toEqual([await own()]);
  expect(await collectReports(own, undefined)()).toEqual([await own()]);
});
