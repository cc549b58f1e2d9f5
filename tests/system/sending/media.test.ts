import type { ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";

import { request } from "undici";
import { expect, inject, it, onTestFinished } from "vitest";

import { bytes, mediaForm } from "../../support/media-form.ts";
import { outlet, startService, tenant, until } from "../../support/running-service.ts";
import { startServe } from "../../support/serve-process.ts";

const mebibyte = 1024 * 1024;

async function upload(url: string, { body, headers }: ReturnType<typeof mediaForm>) {
  const answer = await request(`${url}/api/v1/media`, {
    method: "POST",
    headers,
    body: Readable.from(body, { objectMode: false }),
    headersTimeout: 120_000,
  });
  return { status: answer.statusCode, body: (await answer.body.json()) as Record<string, unknown> };
}

/** A Graph API that reads its requests, and records how each of them ended. */
async function startSink(onRequest: (incoming: IncomingMessage) => void = () => {}) {
  const received: { size: number; whole: boolean }[] = [];
  const server = createServer(async (incoming, response) => {
    const seen = { size: 0, whole: false };
    received.push(seen);
    onRequest(incoming);
    try {
      for await (const chunk of incoming) seen.size += (chunk as Buffer).length;
      seen.whole = true;
    } catch {
      return;
    }
    response.end(JSON.stringify({ id: "1037543291543636" }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

it("a file arrives at WhatsApp as it was sent", async () => {
  const { url, sandbox } = await startService();
  const size = 3 * mebibyte + 17;
  const { status, body } = await upload(url, mediaForm(bytes(size), { filename: "Grüße.pdf" }));
  expect({ status, body }).toMatchObject({ status: 200, body: { mime_type: "application/pdf", size } });
  const [kept] = sandbox.graph.media;
  const sha256 = createHash("sha256").update(Buffer.alloc(size, "%")).digest("hex");
  expect(kept).toMatchObject({
    id: body["media_id"],
    mimeType: "application/pdf",
    filename: "Grüße.pdf",
    size,
    sha256,
  });
  const livesMs = Date.parse(String(body["expires_at"])) - Date.now();
  expect(Math.round(livesMs / 86_400_000)).toBe(30);
});

/** The real command in a process of its own, with Node's own memory settings, whose WhatsApp is at `graphUrl`. */
async function serveTo(graphUrl: string) {
  const folder = await mkdtemp(join(tmpdir(), "media-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "tenants.json");
  const outlets = { [outlet]: { waba_access_token: "EAAtoken0123456789012345", phone_number_id: "106540352242922" } };
  const tenants = { [tenant]: { quota: { limit: 100, period: "none" }, outlets } };
  await writeFile(file, JSON.stringify({ tenants }), { mode: 0o600 });
  const environment = { TENANTS_FILE: file, GRAPH_API_URL: graphUrl };
  const onStart = (child: ChildProcess) => onTestFinished(() => void child.kill("SIGKILL"));
  return startServe([], environment, { program: [inject("program")], onStart });
}

it("a document of 100 MB passes through with less than 30 MB more of memory", async () => {
  const graph = await startSink();
  const { url, child } = await serveTo(graph.url);
  const peak = async (): Promise<number> => {
    const status = await readFile(`/proc/${child.pid}/status`, "utf8");
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
  };
  const before = await peak();
  const { status, body } = await upload(url, mediaForm(bytes(100 * mebibyte), { size: 100 * mebibyte }));
  expect({ status, body }).toMatchObject({ status: 200, body: { size: 100 * mebibyte } });
  expect(graph.received[0]?.size).toBeGreaterThan(100 * mebibyte);
  expect((await peak()) - before).toBeLessThan(30 * mebibyte);
});

it("a client that disconnects aborts its upload, which is not logged as an error", async () => {
  const { promise: begun, resolve: onBegun } = Promise.withResolvers<IncomingMessage>();
  const graph = await startSink(onBegun);
  const { url, printed } = await serveTo(graph.url);
  async function* stalling() {
    yield* bytes(mebibyte);
    await new Promise(() => {});
  }
  const form = mediaForm(stalling());
  const abort = new AbortController();
  const going = request(`${url}/api/v1/media`, {
    method: "POST",
    headers: form.headers,
    body: Readable.from(form.body, { objectMode: false }),
    signal: abort.signal,
  });
  const upstream = await begun;
  abort.abort();
  await expect(going).rejects.toThrow("aborted");
  await until(() => upstream.destroyed);
  await until(() => printed().includes("/api/v1/media"));
  expect(graph.received).toMatchObject([{ whole: false }]);
  expect(printed()).not.toMatch(/"level":[56]0/);
});

it("uploads and sends share no limited resource", async () => {
  const { url, sandbox, send } = await startService({ environment: { GRAPH_MAX_CONNECTIONS: "1" } });
  sandbox.faults.add({ target: "graph.media", effect: { delayMs: 5000 } });
  const order: string[] = [];
  const uploading = upload(url, mediaForm(bytes(1000))).then(({ status }) => order.push(`uploaded ${status}`));
  await until(() => sandbox.graph.requests.length > 0);
  order.push(`sent ${(await send()).status}`);
  await uploading;
  expect(order).toEqual(["sent 200", "uploaded 200"]);
});
