import { createInterface } from "node:readline";

import { request } from "undici";

/** A request to make, as a line of JSON on standard input. */
export interface ClientRequest {
  readonly url: string;
  readonly method?: "GET" | "POST";
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** Its answer, as a line of JSON on standard output. */
export interface ClientAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

for await (const line of createInterface({ input: process.stdin })) {
  const { url, ...options } = JSON.parse(line) as ClientRequest;
  const { statusCode: status, headers, body } = await request(url, options);
  const answer: ClientAnswer = { status, headers, body: await body.text() };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
