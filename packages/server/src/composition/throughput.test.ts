import type { MessageSender, MessageSenderPorts } from "@message-sender/core";
import { Secret } from "@message-sender/core";
import type { Credential } from "@message-sender/core/adapter";
import { okAsync } from "neverthrow";
import { describe, expect, it } from "vitest";

import type { CompositionOptions } from "./composition-options.ts";
import { asksForThroughput, notingCredentials, notingUpgrades } from "./throughput.ts";

function recording() {
  const calls: unknown[] = [];
  const throughput = {
    throughputOf: () => undefined,
    note: (credential: Credential) => void calls.push(credential),
    refresh: (wabaId: string) => void calls.push(wabaId),
    close: async () => {},
  };
  return { throughput, calls };
}

describe("Graph is asked for the throughput of numbers", () => {
  const ports: Partial<MessageSenderPorts> = {};
  it.each<[string, boolean, Pick<CompositionOptions, "pacing" | "ports">]>([
    ["by default", true, {}],
    ["with the usual rate", true, { pacing: { numberPerSecond: 80 }, ports }],
    ["not with another rate", false, { pacing: { numberPerSecond: 40 } }],
    ["not without rates", false, { pacing: { rates: false } }],
    ["not with another pacer", false, { ports: { pacer: {} as MessageSenderPorts["pacer"] } }],
    ["not with another transport", false, { ports: { transport: {} as MessageSenderPorts["transport"] } }],
  ])("%s", (_, asks, options) => {
    expect(asksForThroughput(options as CompositionOptions)).toBe(asks);
  });
});

it("each credential that is looked up is noted", async () => {
  const { throughput, calls } = recording();
  const credential = { accessToken: new Secret("EAAtoken"), phoneNumberId: "123" };
  const credentials = notingCredentials({ lookup: () => okAsync(credential) }, throughput);
  expect((await credentials.lookup({ tenantId: "t", outletId: "o" })).isOk()).toBe(true);
  expect(calls).toEqual([credential]);
});

it("a webhook about a number's throughput makes Graph be asked again, and no other webhook does", async () => {
  const { throughput, calls } = recording();
  const receiveWebhook = () => okAsync({ applied: 0, parked: 0, unmatched: 0, kept: 1 });
  const sender = notingUpgrades({ receiveWebhook } as unknown as MessageSender, throughput);
  const webhook = (field: string, value: object, id = "90") =>
    JSON.stringify({ object: "whatsapp_business_account", entry: [{ id, changes: [{ field, value }] }] });
  const upgrade = { display_phone_number: "15550783881", event: "THROUGHPUT_UPGRADE", current_limit: "TIER_UNLIMITED" };
  const others = [
    webhook("messages", { text: "phone_number_quality_update" }, "91"),
    webhook("account_update", { event: "THROUGHPUT_UPGRADE" }, "92"),
    "phone_number_quality_update",
    webhook("phone_number_quality_update", upgrade),
  ];
  expect((await sender.receiveWebhook({ others })).isOk()).toBe(true);
  expect((await sender.receiveWebhook({})).isOk()).toBe(true);
  expect(calls).toEqual(["90"]);
});
