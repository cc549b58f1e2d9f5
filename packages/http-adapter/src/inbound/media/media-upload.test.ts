import { exampleOutcomes } from "@message-sender/core/contracts";
import { ResultAsync } from "neverthrow";
import { describe, expect, it } from "vitest";

import { createTestApp, order } from "../../../test/app.ts";

const path = "/api/v1/media";
const { tenant_id, outlet_id } = order;
const boundary = "boundary-of-the-test";

interface Part {
  readonly name?: string;
  readonly filename?: string;
  readonly type?: string;
  readonly encoding?: string;
  readonly disposition?: string;
  readonly value: string;
}

const tenant: Part = { name: "tenant_id", value: tenant_id };
const outlet: Part = { name: "outlet_id", value: outlet_id };
const file: Part = { name: "file", filename: "a.pdf", type: "application/pdf", value: "%PDF-1.7" };

function partOf({ name, filename, type, encoding, disposition, value }: Part): string {
  const named = `form-data; name="${name}"${filename === undefined ? "" : `; filename="${filename}"`}`;
  const lines = [
    `Content-Disposition: ${disposition ?? named}`,
    ...(type === undefined ? [] : [`Content-Type: ${type}`]),
    ...(encoding === undefined ? [] : [`Content-Transfer-Encoding: ${encoding}`]),
  ];
  return `--${boundary}\r\n${lines.join("\r\n")}\r\n\r\n${value}\r\n`;
}

const formOf = (...parts: readonly Part[]): string => `${parts.map(partOf).join("")}--${boundary}--\r\n`;

function createUploads() {
  const test = createTestApp();
  const upload = (body: string | ReadableStream, headers: Record<string, string> = {}) =>
    test.post(body, { "content-type": `multipart/form-data; boundary=${boundary}`, ...headers }, path);
  return { ...test, upload };
}

/** A body that comes in pieces of `size` characters. */
function streamOf(text: string, size: number, after?: (controller: ReadableStreamDefaultController) => void) {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at < text.length) controller.enqueue(Buffer.from(text.slice(at, (at += size)), "latin1"));
      else if (after) after(controller);
      else controller.close();
    },
  });
}

describe("POST /api/v1/media", () => {
  it("uploads the file and answers with its id and expiry", async () => {
    const { upload, ports } = createUploads();
    const answer = await upload(formOf(tenant, outlet, file));
    expect(answer).toMatchObject({
      status: 200,
      json: { media_id: "media-1", mime_type: "application/pdf", size: 8, expires_at: "2025-12-21T10:00:00.000Z" },
    });
    const [kept] = ports.media.files;
    expect(kept).toMatchObject({ filename: "a.pdf", credential: { phoneNumberId: `number-of-${outlet_id}` } });
    expect(Buffer.from(kept?.bytes ?? []).toString()).toBe("%PDF-1.7");
  });

  it("accepts a form however it is split, even with text that resembles a boundary", async () => {
    const value = `\r\n--${boundary.slice(0, -1)}\r\n--\r\n${boundary}\r\n\r`.repeat(50);
    for (const size of [1, 7, 64, 100_000]) {
      const { upload, ports } = createUploads();
      const answer = await upload(streamOf(formOf(outlet, tenant, { ...file, value }), size));
      expect(answer.status).toBe(200);
      expect(Buffer.from(ports.media.files[0]?.bytes ?? []).toString("latin1")).toBe(value);
    }
  });

  it.each([
    ["application/octet-stream", "a.PNG", "image/png"],
    [undefined, "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
    [undefined, undefined, "text/plain"],
    ["audio/ogg; codecs=opus", "voice", "audio/ogg"],
  ])("of type %s and name %s it is %s", async (type, filename, mimeType) => {
    const { upload } = createUploads();
    const { name, value } = file;
    const part = { name: name ?? "", value, ...(type && { type }), ...(filename && { filename }) };
    expect((await upload(formOf(tenant, outlet, part))).json["mime_type"]).toBe(mimeType);
  });

  it.each([
    ["../../etc/passwd.pdf", "passwd.pdf"],
    ["..", "file.pdf"],
    ["a\r\nX-Evil: 1", "a"],
    ["a\u0000b.pdf", "ab.pdf"],
    ["C:\\x\\y.pdf", "y.pdf"],
    ['a\\"; name=\\"tenant_id.pdf', "a; name=tenant_id.pdf"],
    [`${"x".repeat(3000)}.pdf`, `${"x".repeat(196)}.pdf`],
  ])("passes the name %j on as %j", async (filename, expected) => {
    const { upload, ports } = createUploads();
    expect((await upload(formOf(tenant, outlet, { ...file, filename }))).status).toBe(200);
    expect(ports.media.files[0]?.filename).toBe(expected);
  });
});

describe("an invalid form", () => {
  const marker = "do not echo";

  it.each([
    ["no file", formOf(tenant, outlet), "/file"],
    ["no tenant", formOf(outlet, file), "/tenant_id"],
    ["no outlet", formOf(tenant, file), "/outlet_id"],
    ["the file first", formOf(file, tenant, outlet), "/tenant_id"],
    ["a field after the file", formOf(tenant, outlet, file, tenant), "/tenant_id"],
    ["an unknown part after the file", formOf(tenant, outlet, file, { name: "x", value: marker }), "/x"],
    ["two files", formOf(tenant, outlet, file, file), "/file"],
    ["an unknown part", formOf(tenant, { name: "type", value: marker }, outlet, file), "/type"],
    ["a part called __proto__", formOf(tenant, { name: "__proto__", value: marker }, outlet, file), "/__proto__"],
    ["a repeated field", formOf(tenant, tenant, outlet, file), "/tenant_id"],
    ["a field that is not an identifier", formOf({ ...tenant, value: marker }, outlet, file), "/tenant_id"],
    ["a field of 50 KB", formOf({ ...tenant, value: marker.repeat(4000) }, outlet, file), "/tenant_id"],
    ["a megabyte before its first part", `${marker.repeat(80_000)}\r\n${formOf(tenant, outlet, file)}`, ""],
    ["a megabyte behind its last boundary", formOf(tenant, outlet, file) + marker.repeat(80_000), ""],
    ["an empty file", formOf(tenant, outlet, { ...file, value: "" }), "/file"],
    ["a type that WhatsApp does not take", formOf(tenant, outlet, { ...file, type: "image/gif" }), "/file"],
    [
      "an unknown ending",
      formOf(tenant, outlet, { ...file, type: "application/octet-stream", filename: "a.exe" }),
      "/file",
    ],
    ["a file in base64", formOf(tenant, outlet, { ...file, encoding: "base64" }), "/file"],
    ["a name with a bare line break", formOf(tenant, outlet, { ...file, filename: `a\n${marker}.pdf` }), "/file"],
    ["many parts", formOf(...Array.from({ length: 50 }, () => tenant)), "/tenant_id"],
    ["nothing", `--${boundary}--\r\n`, "/file"],
    ["another boundary", formOf(tenant, outlet, file).replaceAll(boundary, "other"), undefined],
    ["no bytes", "", undefined],
    ["its end missing", formOf(tenant, outlet, file).slice(0, -10), undefined],
    ["a break in its file", `${partOf(tenant)}${partOf(outlet)}${partOf(file).slice(0, -6)}`, undefined],
    ["JSON", JSON.stringify({ marker }), undefined],
  ])("with %s gets 400, and nothing is stored", async (_, body, pointer) => {
    for (const given of [body, streamOf(body, 50)]) {
      const { upload, ports, lines } = createUploads();
      const answer = await upload(given);
      expect(answer).toMatchObject({ status: 400, json: { type: "/problems/invalid-request" } });
      if (pointer !== undefined) expect(answer.json["errors"]).toMatchObject([{ pointer }]);
      expect(answer.text).not.toContain(marker);
      expect(ports.media.files).toEqual([]);
      expect(lines.filter(({ level }) => level !== "info")).toEqual([]);
    }
  });

  it.each([
    ["application/json", {}, 415],
    ["multipart/mixed; boundary=x", {}, 415],
    ["text/plain", {}, 415],
    ["", {}, 415],
    [`multipart/form-data; boundary=${boundary}`, { "content-encoding": "gzip" }, 415],
    ["multipart/form-data", {}, 400],
    ["multipart/form-data; boundary=", {}, 400],
    [`multipart/form-data; boundary=${boundary}`, { "content-length": String(200 * 1024 * 1024) }, 413],
  ])("as %s with %o gets %i %i", async (type, headers, status) => {
    const { upload, ports } = createUploads();
    const answer = await upload(formOf(tenant, outlet, file), { ...headers, "content-type": type });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(ports.media.files).toEqual([]);
  });

  it("with a file too large for its type gets 413, by its declared length or once it is exceeded", async () => {
    const sticker = { ...file, type: "image/webp", filename: "a.webp", value: "x".repeat(600 * 1024) };
    const body = formOf(tenant, outlet, sticker);
    for (const [given, headers] of [
      [body, { "content-length": String(body.length) }],
      [streamOf(body, 10_000), {}],
    ] as const) {
      const { upload, ports } = createUploads();
      const answer = await upload(given, headers as Record<string, string>);
      expect(answer).toMatchObject({ status: 413, json: { type: "/problems/body-too-large" } });
      expect(ports.media.files).toEqual([]);
    }
  });

  it("that continues endlessly after its last boundary is answered, and no longer read", async () => {
    const { upload, ports } = createUploads();
    let given = 0;
    const endless = streamOf(formOf(tenant, outlet, file), 1000, (controller) => {
      given += 1000;
      controller.enqueue(new Uint8Array(1000));
    });
    expect(await upload(endless)).toMatchObject({ status: 400, json: { type: "/problems/invalid-request" } });
    expect(given).toBeLessThan(100_000);
    expect(ports.media.files).toEqual([]);
  });

  it("that breaks off gets 408 and a single log line", async () => {
    const { upload, ports, lines } = createUploads();
    const broken = streamOf(formOf(tenant, outlet, file).slice(0, -30), 50, (c) => c.error(new Error("gone")));
    expect((await upload(broken)).status).toBe(408);
    expect(ports.media.files).toEqual([]);
    expect(lines.map(({ level }) => level)).toEqual(["info"]);
  });

  it.each([
    ["before its file", 8000, 0],
    ["within its file", 30_000, formOf(tenant, outlet, file).length - 30],
  ])("that stalls %s gets 408 after %i ms", async (_, waitedMs, length) => {
    const { upload, ports } = createUploads();
    const startedAt = ports.clock.now().getTime();
    const stalling = streamOf(formOf(tenant, outlet, file).slice(0, length), 50, () => new Promise(() => {}));
    const answer = upload(stalling);
    let isAnswered = false;
    const answered = answer.finally(() => (isAnswered = true));
    // Streams take turns of the event loop, which the manual clock does not wait for.
    while (!isAnswered) {
      for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
      if (!isAnswered) await ports.clock.advance(1000);
    }
    expect((await answered).status).toBe(408);
    expect(ports.clock.now().getTime() - startedAt).toBe(waitedMs);
    expect(ports.media.files).toEqual([]);
  });
});

describe("a file that WhatsApp does not accept", () => {
  it.each([
    [{ ...exampleOutcomes.Refused, final: true }, 422, "message-rejected"],
    [{ ...exampleOutcomes.Refused, final: false }, 500, "delivery-failed"],
    [exampleOutcomes.CredentialRefused, 502, "credentials-rejected"],
    [{ ...exampleOutcomes.Throttled, retryAfterMs: 7000 }, 429, "rate-limited"],
    [exampleOutcomes.NotSent, 500, "delivery-failed"],
    [exampleOutcomes.Ambiguous, 500, "delivery-failed"],
  ] as const)("for %o gets %i", async (outcome, status, type) => {
    const { upload, ports } = createUploads();
    ports.media.failWith(outcome);
    const answer = await upload(formOf(tenant, outlet, file));
    expect(answer).toMatchObject({ status, json: { type: `/problems/${type}` } });
    if (status === 429) expect(answer.headers.get("retry-after")).toBe("7");
    if (status === 500) expect(answer.headers.get("retry-after")).toBe("5");
  });

  it.each([
    [exampleOutcomes.NotSent, " (ECONNREFUSED)"],
    [{ ...exampleOutcomes.Ambiguous, cause: "connection reset" }, " (connection reset)"],
    [{ ...exampleOutcomes.Refused, final: false }, ""],
  ] as const)("for %o gets texts about a request, not a message", async (outcome, reason) => {
    const { upload, ports } = createUploads();
    ports.media.failWith(outcome);
    expect((await upload(formOf(tenant, outlet, file))).json).toMatchObject({
      title: "The request to WhatsApp failed",
      detail: `WhatsApp did not confirm the request${reason}. It is safe to repeat it.`,
    });
  });

  it("with a final error gets texts about a request, too", async () => {
    const { upload, ports } = createUploads();
    ports.media.failWith({ ...exampleOutcomes.Refused, final: true });
    const { json } = await upload(formOf(tenant, outlet, file));
    expect(json["title"]).toBe("WhatsApp rejected the request");
  });

  it("gets 503 when the sender closes, without the claim that nothing was sent", async () => {
    const { upload, sender, ports } = createUploads();
    const asked = Promise.withResolvers<void>();
    Object.assign(ports.media, {
      upload() {
        asked.resolve();
        return new ResultAsync(new Promise<never>(() => {}));
      },
    });
    const uploading = upload(formOf(tenant, outlet, file));
    await asked.promise;
    await ports.clock.runUntil(sender.close());
    const answer = await uploading;
    expect(answer).toMatchObject({ status: 503, json: { type: "/problems/unavailable" } });
    expect(answer.json["detail"]).toBe(
      "The service is shutting down. WhatsApp may have processed the request: repeat it.",
    );
    expect(answer.headers.get("retry-after")).toBe("1");
  });

  it("gets 503 with Retry-After while its tenant has four others in flight", async () => {
    const { upload, ports } = createUploads();
    const waits: (() => void)[] = [];
    const take = ports.media.upload;
    Object.assign(ports.media, {
      upload: (given: Parameters<typeof take>[0], timeoutMs: number) =>
        ResultAsync.fromSafePromise(new Promise<void>((resolve) => waits.push(resolve))).andThen(() =>
          take(given, timeoutMs),
        ),
    });
    const others = Array.from({ length: 4 }, () => upload(formOf(tenant, outlet, file)));
    while (waits.length < 4) await new Promise(setImmediate);
    const fifth = upload(formOf(tenant, outlet, file));
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    await ports.clock.advance(5000);
    const answer = await fifth;
    expect(answer).toMatchObject({ status: 503, json: { type: "/problems/unavailable" } });
    expect(answer.headers.get("retry-after")).toBe("5");
    for (const end of waits) end();
    for (const { status } of await Promise.all(others)) expect(status).toBe(200);
  });

  it("with an unsupported type gets a list of the supported ones", async () => {
    const { upload } = createUploads();
    const { json } = await upload(formOf(tenant, outlet, { ...file, type: "audio/opus" }));
    expect(json["errors"]).toEqual([{ pointer: "/file", detail: expect.stringContaining("audio/ogg, text/plain") }]);
  });

  it("of an unknown outlet gets 404; other methods get 405", async () => {
    const { app, upload, ports } = createUploads();
    ports.credentials.remove({ tenantId: tenant_id, outletId: outlet_id });
    expect((await upload(formOf(tenant, outlet, file))).status).toBe(404);
    const answer = await app.request(path);
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
  });
});
