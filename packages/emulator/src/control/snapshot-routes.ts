import { z } from "zod";

import { ControlProblem, type ControlRoute, route } from "./routes/route.ts";

/** Something whose state goes into a snapshot, as JSON. */
export interface SavedPart {
  save(): unknown;
  /** Called after a reset. Throws on what `save` did not make. */
  restore(saved: never): void;
}

const snapshotSchema = z.strictObject({
  version: z.literal(1),
  parts: z.record(z.string(), z.unknown()),
});

interface SnapshotDeps {
  readonly parts: Readonly<Record<string, SavedPart>>;
  readonly reset: () => void;
}

/** The sandbox's state as a file. */
export function snapshotRoutes({ parts, reset }: SnapshotDeps): readonly ControlRoute[] {
  const names = Object.keys(parts);

  return [
    route({
      method: "GET",
      path: "/snapshot",
      operation: "exportSnapshot",
      tag: "Sandbox",
      summary: "Export the state",
      description: `Has ${names.join(", ")}. It contains secrets. Logs, and what is on the way, are not in it.`,
      answers: { 200: { description: "The state.", schema: snapshotSchema } },
      handle: () => ({
        status: 200,
        body: { version: 1, parts: Object.fromEntries(names.map((name) => [name, parts[name]?.save()])) },
      }),
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
        const before = Object.fromEntries(names.map((name) => [name, parts[name]?.save()]));
        try {
          load(body.parts);
        } catch (cause) {
          load(before);
          const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
          throw new ControlProblem(400, "Bad request", `That is no snapshot of a sandbox: ${reason}`);
        }
        return { status: 204 };
      },
    }),
  ];

  function load(saved: Readonly<Record<string, unknown>>): void {
    const unknown = Object.keys(saved).find((name) => !names.includes(name));
    if (unknown !== undefined) throw new Error(`There is no part ${JSON.stringify(unknown)}.`);
    reset();
    for (const name of names) if (saved[name] !== undefined) parts[name]?.restore(saved[name] as never);
  }
}
