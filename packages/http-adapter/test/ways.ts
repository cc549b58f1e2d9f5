import type { TelemetryEvent } from "@message-sender/core/adapter";
import { afterAll } from "vitest";

import { type HttpAppOptions, type HttpServer, startHttpServer } from "../src/inbound/index.ts";
import { directAnswersOf, setDirectAnswers } from "../src/inbound/requests/direct-answers.ts";
import type { FetchApp } from "../src/inbound/server/node-handler.ts";
import { createTestApp } from "./app.ts";
import { exchangeAll, type RawAnswer } from "./http-exchange.ts";

// Some requests are answered in two ways: straight from the server, and by the app.

export type TestApp = ReturnType<typeof createTestApp>;

/** Requests to one endpoint, and the world that they meet. */
export interface RequestCase {
  /** `direct`: the server answers it itself. `app`: the app does, because something about the request is special. `any`: it depends. */
  readonly by: "direct" | "app" | "any";
  readonly requests: readonly (string | Buffer)[];
  readonly options?: Partial<HttpAppOptions>;
  readonly prepare?: (test: TestApp) => unknown;
}

export const direct = (...requests: readonly (string | Buffer)[]): RequestCase => ({ by: "direct", requests });
export const viaApp = (...requests: readonly (string | Buffer)[]): RequestCase => ({ by: "app", requests });

/** All are closed together: each waits for requests that may still arrive. */
const servers: Pick<HttpServer, "close">[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

/** Serves an app until the tests of the file end. */
export async function start(app: FetchApp) {
  const { url, drain, close } = await startHttpServer({ app, host: "127.0.0.1", port: 0 });
  servers.push({ close });
  return { url, port: Number(new URL(url).port), drain };
}

/** Straight from the server, or by the app. */
export type Way = "direct" | "app";

/** Serves a test app in one of the ways, and notes everything that can be seen of it. */
export async function serve(way: Way, { options, prepare }: Pick<RequestCase, "options" | "prepare"> = {}) {
  const events: TelemetryEvent[] = [];
  const test = createTestApp({ ...options, telemetry: { record: (event) => void events.push(event) } });
  await prepare?.(test);
  const { app, lines, ports } = test;
  let fetched = 0;
  const fetch: FetchApp["fetch"] = app.fetch;
  const counting: FetchApp["fetch"] = (...given) => {
    fetched += 1;
    return fetch(...given);
  };
  const served: FetchApp = { fetch: counting };
  const answers = directAnswersOf(app);
  if (way === "direct" && answers) setDirectAnswers(served, answers);
  return {
    ...test,
    ...(await start(served)),
    fetched: () => fetched,
    seen: (answers: readonly RawAnswer[]) =>
      withoutChance(
        { answers, lines, events, submissions: ports.transport.submissions, recorded: ports.telemetry.events },
        answers,
      ),
  };
}

/** What is seen of a case, and how many requests the app got. */
export async function observe(asked: RequestCase, way: Way) {
  const { port, fetched, seen } = await serve(way, asked);
  const answers = await exchangeAll(port, asked.requests);
  return { fetched: fetched(), seen: seen(answers) };
}

/** Two runs differ in their dates, durations and random ids. */
function withoutChance(seen: object, answers: readonly RawAnswer[]): unknown {
  let text = JSON.stringify(seen, (name, value: unknown) => {
    if (name === "durationMs" || name === "duration_ms") return typeof value;
    return name === "date" || name === "stack" ? typeof value : value;
  });
  for (const { headers } of answers) {
    const [, traceId = "none", spanId = "none"] = headers["traceparent"]?.split("-") ?? [];
    for (const id of [headers["x-request-id"] ?? "none", traceId, spanId]) {
      if (!given.test(id)) text = text.replaceAll(id, "a random id");
    }
  }
  return JSON.parse(text);
}

/** The ids that the cases give. */
const given = /^(?:none|request-1|0af7651916cd43dd8448eb211c80319c|b7ad6b7169203331)$/;
