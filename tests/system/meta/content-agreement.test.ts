import { parseContent } from "@message-sender/core/content";
import { type Sandbox, startSandbox } from "@message-sender/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { atLimits, contentAt } from "./contents-at-limits.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

/** Whether our check accepts an object, and whether the emulated WhatsApp does. */
async function verdicts(type: string, object: unknown): Promise<readonly [ours: boolean, theirs: boolean]> {
  const answer = await fetch(`${sandbox.graphUrl}/v25.0/123/messages`, {
    method: "POST",
    headers: { authorization: "Bearer EAAtoken", "content-type": "application/json" },
    body: JSON.stringify({ messaging_product: "whatsapp", to: "+628123456789", type, [type]: object }),
  });
  return [parseContent(type, object).isOk(), answer.ok];
}

/** Graph takes a number for an id, and JSON for an object. We ask for what our API is documented to take. */
const looselyTyped = [
  { at: "id", value: "5" },
  { at: "action/catalog_id", value: "5" },
  { at: "all/0/phones", value: '[{"phone":5}]' },
  { at: "components/5/parameters/0/action", value: '{"flow_action_data":"{}"}' },
];

describe("our check and the emulated WhatsApp agree", () => {
  it.each(atLimits)("on $at ($type)", async (limit) => {
    for (const value of limit.within) {
      expect(await verdicts(limit.type, contentAt(limit, value)), shown(value)).toEqual([true, true]);
    }
    for (const value of limit.beyond) {
      const isTaken = looselyTyped.some(({ at, value: taken }) => at === limit.at && shown(value) === taken);
      expect(await verdicts(limit.type, contentAt(limit, value)), shown(value)).toEqual([false, isTaken]);
    }
    const without = await verdicts(limit.type, contentAt(limit, undefined));
    expect(await verdicts(limit.type, contentAt(limit, null)), "null counts as absent").toEqual(without);
  });
});

const text = (words: string) => ({ type: "text", text: words });
const templateOf = (...components: readonly object[]) => ({ name: "a", language: { code: "en" }, components });

it.each([
  [
    "two parameters that are too long together",
    templateOf({ type: "header" }, { type: "body", parameters: [text("a".repeat(600)), text("b".repeat(600))] }),
  ],
  ["an image in a body", templateOf({ type: "body", parameters: [{ type: "image", image: { id: "1" } }] })],
  [
    "a name twice",
    templateOf({ type: "body", parameters: [1, 2].map(() => ({ ...text("a"), parameter_name: "name" })) }),
  ],
  [
    "a carousel in a card",
    templateOf({ type: "carousel", cards: [{ card_index: 0, components: [{ type: "carousel", cards: [] }] }] }),
  ],
])("limits that depend on the template are left to WhatsApp: %s", async (_, template) => {
  expect(await verdicts("template", template)).toEqual([true, false]);
});

it.each([
  ["text", { body: "a\r\nb" }, true],
  ["template", templateOf({ type: "body", parameters: [text("a\r\nb")] }), false],
])("on the line endings of a text area: %s %j", async (type, object, isTaken) => {
  expect(await verdicts(type, object)).toEqual([isTaken, isTaken]);
});

it.each([
  ["image", { link: "http://example.com/a.png" }],
  ["image", { link: "https://203.0.113.7/a.png" }],
  ["interactive", { type: "new", header: { type: "image", image: { link: "https://169.254.169.254/a" } } }],
  ["template", templateOf({ type: "new", parameters: [{ type: "gif", gif: { link: "http://example.com/a" } }] })],
  ["text", { body: "a\rb" }],
  ["text", { body: "\u200B" }],
])("what we refuse by our own decision, WhatsApp accepts: %s %j", async (type, object) => {
  expect(await verdicts(type, object)).toEqual([false, true]);
});

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 200) ?? "nothing";
}
