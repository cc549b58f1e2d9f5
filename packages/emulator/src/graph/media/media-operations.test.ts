import { describe, expect, it } from "vitest";

import { openCalls, unknownObject } from "../../../test/call-graph.ts";
import type { ServicesOptions } from "../../sandbox/sandbox-options.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
const picture = "a picture of nothing";

function form(
  file = new File([picture], "nothing.jpg", { type: "image/jpeg" }),
  fields: object = { messaging_product: "whatsapp" },
) {
  const made = new FormData();
  for (const [name, value] of Object.entries(fields)) made.set(name, String(value));
  made.set("file", file);
  return made;
}

async function withMedia(options: ServicesOptions = {}) {
  const graph = openCalls({ now: () => 1_750_000_000_000, ...options });
  const { id } = (await graph.call("POST 11/media", form())) as { id: string };
  const read = async () => (await graph.call(`GET ${id}`)) as { url: string };
  return { ...graph, id, read };
}

describe("read media, download media, delete media", () => {
  it("gives back what was uploaded, with its type, size and hash", async () => {
    const { ask, id, read } = await withMedia();
    const found = await read();
    expect(found).toEqual({
      messaging_product: "whatsapp",
      url: expect.stringMatching(/^http:\/\/graph\.test\/whatsapp_business\/attachments\/\?mid=/),
      mime_type: "image/jpeg",
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      file_size: String(picture.length),
      id,
    });
    const bytes = await ask(`GET ${found.url}`);
    expect([bytes.status, bytes.headers.get("content-type"), await bytes.text()]).toEqual([200, "image/jpeg", picture]);
  });

  it.each([
    ["bytes=2-8", 206, picture.slice(2, 9), `bytes 2-8/${picture.length}`],
    ["bytes=2-", 206, picture.slice(2), `bytes 2-${picture.length - 1}/${picture.length}`],
    ["bytes=-7", 206, picture.slice(-7), `bytes ${picture.length - 7}-${picture.length - 1}/${picture.length}`],
    ["bytes=0-999", 206, picture, `bytes 0-${picture.length - 1}/${picture.length}`],
    ["bytes=999-", 416, "", `bytes */${picture.length}`],
    ["bytes=8-2", 200, picture, null],
    ["lines=1-2", 200, picture, null],
  ])("a download of the range %s is answered with %i", async (range, status, text, contentRange) => {
    const { ask, read } = await withMedia();
    const { url } = await read();
    const response = await ask(`GET ${url}`, { headers: { range } });
    expect([response.status, await response.text(), response.headers.get("content-range")]).toEqual([
      status,
      text,
      contentRange,
    ]);
  });

  it("keeps a large file whole", async () => {
    const { ask, call } = openCalls();
    const large = new Uint8Array(1_500_000).map((_, index) => index % 251);
    const { id } = await call("POST 11/media", form(new File([large], "large.png", { type: "image/png" })));
    const { url } = await call(`GET ${id}`);
    expect(Buffer.from(await (await ask(`GET ${url}`)).arrayBuffer()).equals(large)).toBe(true);
    const part = await ask(`GET ${url}`, { headers: { range: "bytes=1000000-1000009" } });
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(large.slice(1_000_000, 1_000_010));
  });

  it("a URL is good for five minutes, and only as it was given", async () => {
    const { ask, clock, read } = await withMedia();
    const { url } = await read();
    expect((await ask(`GET ${url.replace(/ext=\d+/, "ext=9999999999")}`)).status).toBe(404);
    clock.advance(5 * minute - 1);
    expect((await ask(`GET ${url}`)).status).toBe(200);
    clock.advance(1);
    expect((await ask(`GET ${url}`)).status).toBe(404);
    expect((await ask(`GET ${(await read()).url}`)).status).toBe(200);
  });

  it("a download needs the token of the number", async () => {
    const tokens = { EAAtoken: { phoneNumberIds: ["11"] }, EAAother: { phoneNumberIds: ["12"] } };
    const { ask, id, read, refusal } = await withMedia({ tokens });
    const { url } = await read();
    expect((await ask(`GET ${url}`, { token: "" })).status).toBe(401);
    expect((await ask(`GET ${url}`, { token: "EAAother" })).status).toBe(401);
    expect((await ask(`GET ${url}`, { token: "EAAtoken" })).status).toBe(200);
    expect(await refusal(`GET ${id}`, undefined, { token: "EAAother" })).toBe(unknownObject);
    expect(await refusal(`DELETE ${id}`, undefined, { token: "EAAother" })).toBe(unknownObject);
    expect(await refusal(`GET ${id}?phone_number_id=12`)).toBe(unknownObject);
  });

  it("what was deleted, or is older than 30 days, is gone", async () => {
    const { ask, call, clock, id, read, refusal } = await withMedia();
    const { url } = await read();
    expect(await call(`DELETE ${id}`)).toEqual({ success: true });
    expect(await refusal(`GET ${id}`)).toBe(unknownObject);
    expect(await refusal(`DELETE ${id}`)).toBe(unknownObject);
    expect((await ask(`GET ${url}`)).status).toBe(404);
    const { id: other } = await call("POST 11/media", form());
    clock.advance(30 * day - 1);
    expect(await refusal(`GET ${other}`)).toBeUndefined();
    clock.advance(1);
    expect(await refusal(`GET ${other}`)).toBe(unknownObject);
  });
});

describe("uploads", () => {
  it.each([
    ["without a type", {}],
    ["with a kind as their type", { type: "image" }],
    ["with the file's type", { type: "image/jpeg" }],
  ])("%s have the type of the file", async (_, fields) => {
    const { call } = openCalls();
    const { id } = await call("POST 11/media", form(undefined, { messaging_product: "whatsapp", ...fields }));
    expect(await call(`GET ${id}`)).toMatchObject({ mime_type: "image/jpeg" });
  });

  it("may say what they are for in the query", async () => {
    expect(await openCalls().call("POST 11/media?messaging_product=whatsapp", form(undefined, {}))).toHaveProperty(
      "id",
    );
  });

  it("are refused with a list of types, and without error_data", async () => {
    const { error } = await openCalls().call(
      "POST 11/media",
      form(new File(["x"], "x.zip", { type: "application/zip" })),
    );
    expect(error).toMatchObject({
      code: 100,
      message: expect.stringMatching(/^\(#100\) Param file must be .*audio\/opus/),
    });
    expect(error).not.toHaveProperty("error_data");
  });
});

it("start an upload, upload a file, read an upload: in pieces, to a handle", async () => {
  const { call, refusal } = openCalls();
  const { id } = await call("POST 99/uploads?file_name=a.jpg&file_length=10&file_type=image/jpeg");
  expect(id).toMatch(/^upload:/);
  const piece = (offset: number, text: string) =>
    call(`POST ${id}`, text, { headers: { file_offset: String(offset) } });
  expect(await piece(0, "1234")).toEqual({ id, file_offset: 4 });
  expect(await call(`GET ${id}`)).toEqual({ id, file_offset: 4 });
  expect((await piece(0, "1234")).error.code).toBe(100);
  expect(await piece(4, "567890")).toEqual({ h: expect.stringMatching(/^4::/) });
  expect(await refusal("POST 99/uploads?file_name=a.jpg")).toBe("100");
  expect(await refusal("GET upload:none")).toBe(unknownObject);
});
