import { createHash } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { describe, expect, test } from "vitest";

import { openSandbox } from "../../../test/open-sandbox.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { createServices } from "../../sandbox/services.ts";

const megabyte = 1024 * 1024;
const boundary = "----a-boundary";

interface Upload {
  size?: number;
  type?: string;
  fileType?: string;
  fields?: Record<string, string>;
  fileField?: string | null;
  /** Without Content-Length. */
  chunked?: boolean;
  /** Disconnects after this many bytes. */
  cutAfter?: number;
  onChunk?: (sent: number) => void;
}

const block = Buffer.alloc(64 * 1024, 7);

/** Writes the form in chunks, and waits while the connection's buffer is full. */
async function upload(sandbox: Sandbox, given: Upload = {}) {
  const { size = 1_000, type = "application/pdf", fileType = type, chunked = false, cutAfter = Infinity } = given;
  const { fields = { messaging_product: "whatsapp", type }, fileField = "file", onChunk } = given;
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  if (fileField !== null) {
    parts.push(`--${boundary}\r\ncontent-disposition: form-data; name="${fileField}"; filename="a.pdf"\r\n`);
    parts.push(`content-type: ${fileType}\r\n\r\n`);
  }
  const head = Buffer.from(parts.join(""));
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  const length = head.length + (fileField === null ? 0 : size) + tail.length;
  const outgoing = request(`${sandbox.graphUrl}/v25.0/123/media`, {
    method: "POST",
    agent: false,
    headers: {
      authorization: "Bearer EAAtoken",
      "content-type": `multipart/form-data; boundary=${boundary}`,
      ...(!chunked && { "content-length": length }),
    },
  });
  const answered = new Promise<{ status?: number; body?: unknown; error?: string }>((resolve) => {
    outgoing.on("error", (error: NodeJS.ErrnoException) => resolve({ error: error.code ?? error.message }));
    outgoing.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("error", (error: NodeJS.ErrnoException) => resolve({ error: error.code ?? error.message }));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: parsed(text) }));
    });
  });
  outgoing.write(head);
  for (let sent = 0; fileField !== null && sent < size && !outgoing.destroyed; sent += block.length) {
    if (sent > cutAfter) outgoing.destroy();
    else if (!outgoing.write(block.subarray(0, size - sent))) await Promise.race([once(outgoing, "drain"), answered]);
    onChunk?.(sent);
  }
  if (!outgoing.destroyed) outgoing.end(tail);
  return answered;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** An error about a parameter says all in its message; others have details. */
function errorOf(code: number, words: RegExp) {
  const matching = expect.stringMatching(words);
  const error = code === 100 ? { code, message: matching } : { code, error_data: { details: matching } };
  return { status: 400, body: { error } };
}

describe("upload media", () => {
  test.each([true, false])("chunked %s: the file is counted and hashed, and gets an id", async (chunked) => {
    const sandbox = await openSandbox();
    expect(await upload(sandbox, { size: 200_000, chunked })).toEqual({
      status: 200,
      body: { id: sandbox.graph.media[0]?.id },
    });
    const sha256 = createHash("sha256").update(Buffer.alloc(200_000, 7)).digest("hex");
    expect(sandbox.graph.media).toMatchObject([
      { phoneNumberId: "123", mimeType: "application/pdf", filename: "a.pdf", size: 200_000, sha256 },
    ]);
    expect(sandbox.graph.requests).toMatchObject([
      {
        path: "/v25.0/123/media",
        status: 200,
        mediaId: sandbox.graph.media[0]?.id,
        body: { files: [{ size: 200_000 }] },
      },
    ]);
    expect(sandbox.graph.messages).toEqual([]);
  });

  test("100 MB are not kept in memory", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const sandbox = await openSandbox();
    const held = () => {
      // Another thread frees what a collection finds; it is done before the next collection begins.
      collect();
      collect();
      return process.memoryUsage().arrayBuffers;
    };
    await upload(sandbox);
    const before = held();
    let most = 0;
    const answer = await upload(sandbox, {
      size: 100 * megabyte,
      onChunk(sent) {
        if (sent % (25 * megabyte) < block.length) most = Math.max(most, held() - before);
      },
    });
    expect(answer.status).toBe(200);
    expect(sandbox.graph.media.at(-1)?.size).toBe(100 * megabyte);
    expect(most).toBeLessThan(10 * megabyte);
  });

  test("works without a socket", async () => {
    const { graph, state } = createServices({});
    const form = new FormData();
    form.set("messaging_product", "whatsapp");
    form.set("type", "text/plain");
    form.set("file", new File(["Hello!"], "hello.txt", { type: "text/plain" }));
    const headers = { authorization: "Bearer EAAtoken" };
    const response = await graph.app.request("/v25.0/123/media", { method: "POST", headers, body: form }, {});
    expect(await response.json()).toEqual({ id: expect.stringMatching(/^\d+$/) });
    expect(state().media.all()).toMatchObject([{ filename: "hello.txt", size: 6, mimeType: "text/plain" }]);
  });

  test("ignores the parameters of a type", async () => {
    const sandbox = await openSandbox();
    expect((await upload(sandbox, { type: "audio/ogg; codecs=opus" })).status).toBe(200);
  });

  test("an id is valid for the number that uploaded it, for 30 days", async () => {
    const sandbox = await openSandbox({ strict: { media: true } });
    await upload(sandbox);
    const id = sandbox.graph.media[0]?.id ?? "";
    const send = async (number: string) => {
      const body = { messaging_product: "whatsapp", to: "+628123", type: "document", document: { id } };
      const headers = { authorization: "Bearer EAAtoken" };
      const url = `${sandbox.graphUrl}/v25.0/${number}/messages`;
      return (await fetch(url, { method: "POST", headers, body: JSON.stringify(body) })).status;
    };
    expect([await send("123"), await send("456")]).toEqual([200, 400]);
    sandbox.clock.advance(30 * 24 * 60 * 60 * 1_000);
    expect(await send("123")).toBe(400);
  });

  test("the reset forgets uploads, and ids continue", async () => {
    const sandbox = await openSandbox();
    await upload(sandbox);
    const [first] = sandbox.graph.media;
    sandbox.reset();
    expect(sandbox.graph.media).toEqual([]);
    await upload(sandbox);
    expect(sandbox.graph.media[0]?.id).not.toBe(first?.id);
  });
});

describe("refuses", () => {
  const type = "application/pdf";

  test.each([
    [
      "a type that WhatsApp does not support",
      { type: "application/zip" },
      100,
      /one of the following types: .*application\/zip/,
    ],
    ["a type that differs from the file's", { fileType: "text/plain" }, 131053, /text\/plain/],
    ["a file that is too large for its type", { type: "image/jpeg", size: 5 * megabyte + 1 }, 131053, /5242880/],
    ["an empty file", { size: 0 }, 131053, /empty/],
    ["no file", { fileField: null }, 100, /file is required/],
    ["a file in a field of another name", { fileField: "media" }, 100, /file is required/],
    ["no product", { fields: { type } }, 100, /messaging_product is required/],
    ["another product", { fields: { type, messaging_product: "telegram" } }, 100, /WHATSAPP/],
  ])("%s", async (_, given, code, message) => {
    const sandbox = await openSandbox();
    expect(await upload(sandbox, given)).toMatchObject(errorOf(code, message));
    expect(sandbox.graph.media).toEqual([]);
  });

  test("but not an image of the maximum size", async () => {
    const sandbox = await openSandbox();
    expect((await upload(sandbox, { type: "image/jpeg", size: 5 * megabyte })).status).toBe(200);
  });

  test.each([
    ["JSON", "application/json", "{}"],
    ["a form without a boundary", "multipart/form-data", "--x\r\n\r\n"],
    ["a form that ends too early", `multipart/form-data; boundary=${boundary}`, `--${boundary}\r\ncontent-dis`],
    [
      "a form that ends within its file",
      `multipart/form-data; boundary=${boundary}`,
      `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n${"x".repeat(100_000)}`,
    ],
    ["an empty body", `multipart/form-data; boundary=${boundary}`, ""],
  ])("%s", async (_, contentType, body) => {
    const sandbox = await openSandbox();
    const response = await fetch(`${sandbox.graphUrl}/v25.0/123/media`, {
      method: "POST",
      headers: { authorization: "Bearer EAAtoken", "content-type": contentType },
      body,
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 100 } });
  });

  test("a token of another number, after it has read the form", async () => {
    const sandbox = await openSandbox({ tokens: { EAAtoken: { phoneNumberIds: ["456"] } } });
    expect(await upload(sandbox, { size: megabyte })).toMatchObject({
      status: 400,
      body: { error: { error_subcode: 33 } },
    });
  });
});

describe("faults", () => {
  test.each([
    [{ reset: "before" }, { error: "ECONNRESET" }, 0],
    [{ reset: "after" }, { error: "ECONNRESET" }, 0],
    [{ acceptThenLose: "reset" }, { error: "ECONNRESET" }, 1],
    [{ truncate: true }, { error: "ECONNRESET" }, 1],
    [{ delayMs: 20 }, { status: 200 }, 1],
    [{ acceptThenDelayMs: 20 }, { status: 200 }, 1],
    [{ status: 503 }, { status: 503 }, 0],
    [{ html: true }, { status: 200 }, 0],
    [{ graphError: 131053 }, { status: 400 }, 0],
  ] as const)("%j on a file of 3 MB", async (effect, expected, kept) => {
    const sandbox = await openSandbox();
    sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect });
    const { status, error } = await upload(sandbox, { size: 3 * megabyte });
    expect(error === undefined ? { status } : { error: error.replace("EPIPE", "ECONNRESET") }).toEqual(expected);
    expect(sandbox.graph.media.length).toBe(kept);
    expect((await upload(sandbox)).status).toBe(200);
  });

  test("with a match on the body, a body that is not a form is read once", async () => {
    const sandbox = await openSandbox();
    const fault = sandbox.faults.add({ target: "graph", match: { to: "+628123" }, effect: { status: 503 } });
    const headers = { authorization: "Bearer EAAtoken" };
    const response = await fetch(`${sandbox.graphUrl}/v25.0/123/media`, { method: "POST", headers, body: "{}" });
    expect([response.status, fault.hits]).toEqual([400, 0]);
  });

  test("for media do not affect messages, and vice versa", async () => {
    const sandbox = await openSandbox();
    sandbox.faults.add({ target: "graph.messages", effect: { status: 503 } });
    expect((await upload(sandbox)).status).toBe(200);
    sandbox.faults.add({ target: "graph.media", effect: { graphError: 131053 } });
    expect((await upload(sandbox)).status).toBe(400);
    expect(sandbox.graph.media.length).toBe(1);
  });

  test("that hang end at the reset", async () => {
    const sandbox = await openSandbox();
    sandbox.faults.add({ target: "graph.media", effect: { hang: true } });
    const answer = upload(sandbox);
    await expect.poll(() => sandbox.graph.requests[0]?.body).toBeDefined();
    sandbox.reset();
    expect(await answer).toEqual({ error: "ECONNRESET" });
  });

  test("a client that disconnects in the middle of its file does no harm", async () => {
    const sandbox = await openSandbox();
    await upload(sandbox, { size: 10 * megabyte, cutAfter: megabyte });
    await expect.poll(() => sandbox.graph.requests[0]?.endedAt).toBeDefined();
    expect(sandbox.graph.requests[0]).not.toHaveProperty("status");
    expect(sandbox.graph.media).toEqual([]);
    expect((await upload(sandbox)).status).toBe(200);
  });
});
