import { describe, expect, test } from "vitest";

import { openGraph } from "../../../test/graph-client.ts";
import type { WaIdOption } from "./wa-id.ts";

async function contactsWith(resolve: WaIdOption | undefined, ...recipients: string[]) {
  const { sendText } = openGraph(resolve === undefined ? {} : { resolve });
  const answers = await Promise.all(recipients.map((to) => sendText({ to })));
  return answers.map(({ body }) => body.contacts[0]);
}

describe("wa_id that differs from the input", () => {
  test("by default it is the input's digits", async () => {
    expect(await contactsWith(undefined, "+52 55 1234 5678")).toEqual([
      { input: "+52 55 1234 5678", wa_id: "525512345678" },
    ]);
  });

  test("by a table or a function", async () => {
    const table = { "+62 812": "62-813" };
    expect(await contactsWith(table, "+62812", "+62814")).toMatchObject([{ wa_id: "62813" }, { wa_id: "62814" }]);
    expect(await contactsWith((digits) => `${digits}0`, "+62812")).toEqual([{ input: "+62812", wa_id: "628120" }]);
  });

  test.each([
    ["Mexico", "+525512345678", "5215512345678"],
    ["Argentina", "+541112345678", "5491112345678"],
    ["Brazil, area 31", "+5531987654321", "553187654321"],
    ["Brazil, area 11", "+5511987654321", "5511987654321"],
    ["Argentina, complete", "+5491112345678", "5491112345678"],
    ["Indonesia", "+628123456", "628123456"],
  ])("realistic: %s", async (_, to, waId) => {
    expect(await contactsWith("realistic", to)).toEqual([{ input: to, wa_id: waId }]);
  });

  test("the message keeps both", async () => {
    const { sendText, graph } = openGraph({ resolve: "realistic" });
    await sendText({ to: "+525512345678" });
    expect(graph.accepted.entries()).toMatchObject([{ recipient: "+525512345678", waId: "5215512345678" }]);
  });
});

test("to takes precedence over recipient", async () => {
  const { body } = await openGraph().sendText({ to: "+628123456", recipient: "US.1" });
  expect(body.contacts).toEqual([{ input: "+628123456", wa_id: "628123456" }]);
});
