import { describe, expect, test } from "vitest";

import { type GraphAnswer, openGraph } from "../../test/graph-client.ts";

const statusesOf = (...answers: { body: GraphAnswer }[]) => answers.map(({ body }) => body.messages[0].message_status);

describe("message_status", () => {
  test("accepted for templates, none for other messages", async () => {
    const { sendText, sendTemplate } = openGraph();
    expect(statusesOf(await sendTemplate(), await sendText())).toEqual(["accepted", undefined]);
  });

  test("by template and by recipient", async () => {
    const { sendText, sendTemplate, state } = openGraph({
      messageStatuses: [
        { messageStatus: "held_for_quality_assessment", template: "offer" },
        { messageStatus: "paused", to: "+62 8999" },
      ],
    });
    const answers = [await sendTemplate(), await sendTemplate({ name: "other" }), await sendText({ to: "+628999" })];
    expect(statusesOf(...answers)).toEqual(["held_for_quality_assessment", "accepted", "paused"]);
    state().messageStatuses = [{ messageStatus: "unknown_yet" }];
    expect(statusesOf(await sendText())).toEqual(["unknown_yet"]);
  });
});
