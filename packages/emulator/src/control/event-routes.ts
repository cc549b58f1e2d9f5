import { z } from "zod";

import type { Events } from "../events/events.ts";
import { waitFor } from "../events/wait.ts";
import type { WebhookService } from "../webhooks/webhooks.ts";
import { timeoutMs } from "./routes/bodies.ts";
import { ControlProblem, type ControlRoute, route } from "./routes/route.ts";
import { webhookShape } from "./shapes.ts";

const types = ["message", "status", "webhook", "request", "control", "reset"] as const;

const webhookMatchSchema = z.object({
  kind: z.enum(["status", "message", "preference", "errors", "raw"]).exactOptional(),
  wamid: z.string().describe("Reports a status of this message.").exactOptional(),
  status: z.enum(["sent", "delivered", "read", "played", "failed"]).exactOptional(),
  text: z.string().describe("Occurs in its body.").exactOptional(),
  responseStatus: z.coerce.number().int().describe("How your endpoint answered.").exactOptional(),
  after: z.coerce
    .number()
    .min(0)
    .default(0)
    .describe("Only those that were sent after this time, in milliseconds since the epoch."),
});

type WebhookMatch = z.output<typeof webhookMatchSchema>;
type Sent = WebhookService["sent"][number];

/** What happens, as it happens. */
export function eventRoutes(events: Events, webhooks: WebhookService): readonly ControlRoute[] {
  return [
    route({
      method: "GET",
      path: "/wait/webhook",
      operation: "waitForWebhook",
      tag: "Webhooks",
      summary: "Wait until a webhook was sent and answered",
      description: "Answers as soon as one matches, also at once if it was sent already.",
      query: webhookMatchSchema.extend({ timeoutMs }),
      answers: {
        200: { description: "The oldest request that matches.", schema: webhookShape },
        408: { description: "None did within the time. The answer has the latest webhooks." },
      },
      async handle({ query: { timeoutMs: limitMs, ...match }, signal }) {
        const sent = await waitFor({
          events,
          find: () => webhooks.sent.find((one) => matches(match, one)),
          changedBy: ({ type }) => type === "webhook",
          timeoutMs: limitMs,
          signal,
        });
        if (sent) return { status: 200, body: sent };
        throw new ControlProblem(408, "No such webhook", `No webhook matched within ${limitMs} ms.`, {
          webhooks: webhooks.sent.slice(-5),
        });
      },
    }),
    route({
      method: "GET",
      path: "/events",
      operation: "streamEvents",
      tag: "Sandbox",
      summary: "Follow what happens, as server-sent events",
      description: `The events are ${types.map((type) => `\`${type}\``).join(", ")}; their data is that of the lists; that of \`control\` names the operation of this API that has changed something. It begins with now.`,
      answers: {
        200: { description: "A stream that does not end.", schema: z.string(), mediaType: "text/event-stream" },
      },
      handle: ({ signal }) => streamOf(events, signal),
    }),
  ];
}

function matches({ kind, wamid, status, text, responseStatus, after }: WebhookMatch, sent: Sent): boolean {
  return (
    sent.at > after &&
    (kind === undefined || sent.kind === kind) &&
    (text === undefined || sent.body.includes(text)) &&
    (responseStatus === undefined || sent.responseStatus === responseStatus) &&
    ((wamid === undefined && status === undefined) ||
      sent.statuses.some(
        (one) => (wamid === undefined || one.wamid === wamid) && (status === undefined || one.status === status),
      ))
  );
}

/** A comment now and then keeps proxies from ending a quiet stream. */
const heartbeatMs = 15_000;

function streamOf(events: Events, signal: AbortSignal): Response {
  const encoder = new TextEncoder();
  let end = (): void => undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const write = (text: string) => controller.enqueue(encoder.encode(text));
      write(": what happens from now on\n\n");
      const stop = events.listen(({ type, data }) => write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`));
      const beat = setInterval(() => write(":\n\n"), heartbeatMs);
      beat.unref();
      end = () => {
        stop();
        clearInterval(beat);
        signal.removeEventListener("abort", end);
      };
      signal.addEventListener("abort", end);
    },
    cancel: () => end(),
  });
  return new Response(body, { headers: { "content-type": "text/event-stream", "cache-control": "no-store" } });
}
