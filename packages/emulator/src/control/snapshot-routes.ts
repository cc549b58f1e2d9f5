import { z } from "zod";

import { ControlProblem, type ControlRoute, route } from "./routes/route.ts";
import type { Snapshots } from "./snapshots.ts";

const snapshotSchema = z.strictObject({
  version: z.literal(1),
  parts: z.record(z.string(), z.unknown()),
});

interface SnapshotRoutesDeps {
  readonly snapshots: Snapshots;
  readonly loadSamples: () => Promise<void>;
  /** The state is another one. */
  readonly onLoaded: () => void;
}

/** The sandbox's state as a file, and samples in its place. */
export function snapshotRoutes({ snapshots, loadSamples, onLoaded }: SnapshotRoutesDeps): readonly ControlRoute[] {
  return [
    route({
      method: "GET",
      path: "/snapshot",
      operation: "exportSnapshot",
      tag: "Sandbox",
      summary: "Export the state",
      description: `Has ${snapshots.names.join(", ")}. It contains secrets. Logs, and what is on the way, are not in it.`,
      answers: { 200: { description: "The state.", schema: snapshotSchema } },
      handle: () => ({ status: 200, body: { version: 1, parts: snapshots.save() } }),
    }),
    route({
      method: "PUT",
      path: "/snapshot",
      operation: "importSnapshot",
      tag: "Sandbox",
      summary: "Import the state that was exported, in place of the present one",
      body: snapshotSchema,
      examples: { "an empty state": { version: 1, parts: {} } },
      answers: { 204: { description: "The state is that of the snapshot." } },
      handle({ body }) {
        try {
          snapshots.load(body.parts);
        } catch (cause) {
          const reason = cause instanceof Error ? cause.message : String(cause);
          throw new ControlProblem(400, "Bad request", `That is no snapshot of a sandbox: ${reason}`);
        }
        onLoaded();
        return { status: 204 };
      },
    }),
    route({
      method: "PUT",
      path: "/samples",
      operation: "loadSamples",
      tag: "Sandbox",
      summary: "Load sample numbers, templates and chats in place of the present state",
      description:
        "Two businesses with three numbers, templates in every state, and chats of the last day. Their ids are the same each " +
        "time. Options and the targets of webhooks stay, and no webhook is sent. The reset removes them.",
      answers: { 204: { description: "The state is that of the samples." } },
      async handle() {
        await loadSamples();
        onLoaded();
        return { status: 204 };
      },
    }),
  ];
}
