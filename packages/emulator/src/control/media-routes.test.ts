import { expect, test } from "vitest";

import { openControl } from "../../test/control-client.ts";

test("get media: its bytes under its type, which can do nothing as a page", async () => {
  const { control, call } = openControl();
  const page = Buffer.from("<script>alert(1)</script>");
  await call("POST", "/customers/628123456/messages", {
    document: { data: page.toString("base64"), mimeType: "text/html" },
  });
  const [{ id }] = (await call("GET", "/media")).body.media;
  const answer = await control.request(`/__emulator/media/${id}`);
  expect(answer.headers.get("content-type")).toBe("text/html");
  expect(answer.headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(page);
  expect((await control.request("/__emulator/media/none")).status).toBe(404);
});
