import { describe, expect, it } from "vitest";

import { readWebhook } from "./webhook-payload.ts";

const inbound =
  '{"field":"messages","value":{"metadata":{"phone_number_id":"1"},"contacts":[{}],"messages":[{"id":"x"}]}}';
const status = '{"id":"wamid.1","status":"sent","timestamp":"1"}';
const metadata = '"metadata":{"phone_number_id":"1"}';
const statusList = `{"value":{"messaging_product":"whatsapp",${metadata},"contacts":[{}],"statuses":[${status}]},"field":"messages"}`;

const webhookOf = (...changes: readonly string[]) =>
  `{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","time":1739321024,"changes":[${changes.join(",")}]}]}`;

const nonStatusChanges = (text: string) => readWebhook(Buffer.from(text), () => undefined).others;

describe("the non-status parts of a webhook", () => {
  it("are single changes, in Meta's nesting", () => {
    const template = '{"field":"message_template_status_update","value":{"event":"APPROVED"}}';
    const kept = nonStatusChanges(webhookOf(inbound, statusList, template));
    expect(kept).toEqual([webhookOf(inbound), webhookOf(template)]);
    for (const text of kept) expect(nonStatusChanges(text)).toEqual([text]);
  });

  it("keep their original text", () => {
    const change = String.raw`{"field":"account_update","value":{"n":12345678901234567890,"e":1.50e+400,"s":"\ud83d\/\u0000","__proto__":{"x":[]}}}`;
    const text = `\n{ "entry" : [ { "changes" : [ ${change} ] , "id" : 9007199254740993 } ] ,\t"object" : "whatsapp_business_account" }`;
    expect(nonStatusChanges(text)).toEqual([
      `{"object" : "whatsapp_business_account","entry":[{"id" : 9007199254740993,"changes":[${change}]}]}`,
    ]);
  });

  it.each([
    ["a customer's message", inbound, true],
    ["statuses", statusList, false],
    ["no statuses at all", '{"field":"messages","value":{"metadata":{},"statuses":[]}}', false],
    [
      "statuses and messages",
      `{"field":"messages","value":{${metadata},"statuses":[${status}],"messages":[{}]}}`,
      true,
    ],
    ["statuses and errors", `{"field":"messages","value":{${metadata},"statuses":[${status}],"errors":[{}]}}`, true],
    ["statuses and an unknown field", `{"field":"messages","value":{${metadata},"statuses":[${status}],"a":1}}`, true],
    ["statuses without a number", `{"field":"messages","value":{"metadata":{},"statuses":[${status}]}}`, true],
    [
      "statuses and invalid contacts",
      `{"field":"messages","value":{${metadata},"contacts":[7],"statuses":[${status}]}}`,
      true,
    ],
    ["statuses of another field", `{"field":"message_echoes","value":{${metadata},"statuses":[${status}]}}`, true],
    ["statuses that are not a list", '{"field":"messages","value":{"statuses":7}}', true],
    ["a value that is not an object", '{"field":"messages","value":[1]}', true],
    ["no value", '{"field":"messages"}', true],
    ["a field that every object has", '{"field":"constructor","value":{}}', true],
    ["two fields, the last a string", '{"field":1,"field":"flows"}', true],
    ["no field", '{"value":{"messages":[{}]}}', true],
    ["a field that is a number", '{"field":7,"value":{}}', true],
    ["a field that is null", '{"field":null,"value":{}}', true],
    ["not an object", '"messages"', true],
  ])("%s: %s, kept: %s", (_, change, isKept) => {
    expect(nonStatusChanges(webhookOf(change))).toEqual(isKept ? [webhookOf(change)] : []);
  });

  it.each(["null", "7", "[]", '"x"', "{}", '{"entry":{}}', `${"[".repeat(30_000)}${"]".repeat(30_000)}`])(
    "%.20s: all of it",
    (text) => {
      expect(nonStatusChanges(` ${text}\n`)).toEqual([text]);
    },
  );

  it.each(["", "{", "\ufeff{}", "NaN"])("%j: nothing, because it is not JSON", (text) => {
    expect(readWebhook(Buffer.from(text), () => undefined)).toEqual({
      updates: [],
      facts: [],
      others: [],
      unread: [{ part: "body", reason: "not JSON", count: 1, dropped: true }],
    });
  });

  it("are each malformed entry and change by itself", () => {
    const odd = [
      "null",
      "[]",
      "7",
      '{"changes":{}}',
      '{"id":"1","messaging":[{}]}',
      '{"changes":[1]}',
      '{"changes":[null]}',
    ];
    const text = `{"object":"whatsapp_business_account","entry":[${odd.join(",")},{"changes":[]}]}`;
    expect(nonStatusChanges(text)).toEqual(
      odd.map((entry) => `{"object":"whatsapp_business_account","entry":[${entry}]}`),
    );
    expect(readWebhook(Buffer.from(text), () => undefined).unread).toEqual([
      { part: "entry", reason: "no list of changes", count: 5 },
      { part: "changes", reason: "no field", count: 2 },
    ]);
  });

  it("include the statuses that were not understood, in their context", () => {
    const payment = String.raw`{ "type" : "payment", "n": 12345678901234567890, "s":"\ud83d" }`;
    const list = (...statuses: readonly string[]) =>
      `{"field" : "messages", "value":{ "n":1.50, ${metadata} ,"statuses":[${statuses.join(",")}]}}`.replace(
        '"n":1.50, ',
        "",
      );
    const kept = nonStatusChanges(webhookOf(list(status, payment, status, "7"), statusList, list(status)));
    const rest = `{"field" : "messages","value":{${metadata},"statuses":[${payment},7]}}`;
    expect(kept).toEqual([webhookOf(rest)]);
    for (const text of kept) expect(nonStatusChanges(text)).toEqual([text]);
  });

  it("are counted by reason, with a limit on the number of reasons", () => {
    const statuses = Array.from({ length: 1000 }, (_, index) => `{"status":"odd${index}"}`);
    const text = webhookOf(`{"field":"messages","value":{${metadata},"statuses":[${statuses.join(",")}]}}`);
    const { unread, others } = readWebhook(Buffer.from(text), () => undefined);
    expect(others).toEqual([text]);
    expect(unread).toHaveLength(21);
    expect(unread.at(0)).toEqual({ part: "statuses", reason: "unknown status: odd0", count: 1 });
    expect(unread.at(-1)).toEqual({ part: "statuses", reason: "several reasons", count: 980 });
  });

  it("are kept with any object, and without one", () => {
    const change = '{"field":"feed","value":{}}';
    expect(nonStatusChanges(`{"entry":[{"changes":[${change}]}]}`)).toEqual([`{"entry":[{"changes":[${change}]}]}`]);
    expect(nonStatusChanges(`{"object":"page","entry":[{"changes":[${change}]}]}`)).toEqual([
      `{"object":"page","entry":[{"changes":[${change}]}]}`,
    ]);
  });

  it("are found in 10,000 levels, in 1,000 entries and in 3 MB", () => {
    const deep = `{"field":"flows","value":${"[".repeat(10_000)}${"]".repeat(10_000)}}`;
    expect(nonStatusChanges(webhookOf(deep))).toEqual([webhookOf(deep)]);
    const entries = Array.from({ length: 1000 }, (_, index) => `{"id":"${index}","changes":[${inbound}]}`);
    expect(nonStatusChanges(`{"entry":[${entries.join(",")}]}`)).toHaveLength(1000);
    const large = `{"field":"flows","value":"${String.raw`\"]}`.repeat(750_000)}"}`;
    expect(nonStatusChanges(webhookOf(large, statusList))).toEqual([webhookOf(large)]);
  });

  it("stay together if copies of their entry's fields would be too long", () => {
    const change = '{"field":"feed"}';
    const long = `"note":"${"x".repeat(600_000)}"`;
    const entry = (count: number) => `{${long},"changes":[${Array.from({ length: count }, () => change).join(",")}]}`;
    expect(nonStatusChanges(`{"entry":[${entry(1)}]}`)).toEqual([`{"entry":[${entry(1)}]}`]);
    expect(nonStatusChanges(`{"entry":[${entry(2)}]}`)).toEqual([`{"entry":[${entry(2)}]}`]);
    expect(nonStatusChanges(`{"entry":[${entry(50_000)}]}`)).toHaveLength(1);
    const named = `{"object":"${"x".repeat(300)}","entry":[{"changes":[${change},${change}]}]}`;
    expect(nonStatusChanges(named)).toEqual([named]);
  });
});
