import { describe, expect, test } from "vitest";

import { openGraph } from "../../test/graph-client.ts";

describe("strict media", () => {
  const image = { type: "image", text: undefined, image: { id: "1000000000000001" } };

  test("is off by default", async () => {
    expect((await openGraph().sendText(image)).status).toBe(200);
  });

  test("refuses ids that were never uploaded, anywhere in a message", async () => {
    const { sendText, sendTemplate } = openGraph({ strict: { media: true } });
    const template = await sendTemplate({
      components: [{ type: "header", parameters: [{ type: "image", image: { id: "7" } }] }],
    });
    for (const { body } of [await sendText(image), template]) {
      expect(body.error).toMatchObject({
        code: 100,
        message: expect.stringContaining("is not a valid whatsapp business account media attachment ID"),
      });
    }
    expect((await sendText({ ...image, image: { link: "https://shop.test/1.jpg" } })).status).toBe(200);
  });
});
