import { z } from "#zod";

import { faultSchema } from "../faults/fault-schema.ts";
import type { FaultHandle } from "../faults/fault.ts";
import type { Faults } from "../faults/faults.ts";
import { idParam } from "./routes/bodies.ts";
import { ControlProblem, type ControlRoute, route } from "./routes/route.ts";
import { faultShape } from "./shapes.ts";

export function faultRoutes(faults: Faults): readonly ControlRoute[] {
  return [
    route({
      method: "GET",
      path: "/faults",
      operation: "listFaults",
      tag: "Faults",
      summary: "List the faults, with how many requests each one hit",
      answers: {
        200: { description: "The active faults, the oldest first.", schema: z.object({ faults: z.array(faultShape) }) },
      },
      handle: () => ({ status: 200, body: { faults: faults.list().map(withoutRemove) } }),
    }),
    route({
      method: "POST",
      path: "/faults",
      operation: "addFault",
      tag: "Faults",
      summary: "Make requests fail",
      description:
        "The first fault that matches a request and triggers is applied. One with `next` ends after its last hit.",
      body: faultSchema,
      examples: {
        "the next two sends to a number are refused": {
          target: "graph.messages",
          trigger: { next: 2 },
          match: { to: "+628123456789" },
          effect: { graphError: 131056 },
        },
        "the message is accepted and the answer lost": {
          target: "graph.messages",
          effect: { acceptThenLose: "reset" },
        },
      },
      answers: { 201: { description: "The fault is active.", schema: faultShape } },
      handle: ({ body }) => ({ status: 201, body: withoutRemove(faults.add(body)) }),
    }),
    route({
      method: "DELETE",
      path: "/faults",
      operation: "clearFaults",
      tag: "Faults",
      summary: "Remove all faults",
      answers: { 204: { description: "There are no faults." } },
      handle() {
        faults.clear();
        return { status: 204 };
      },
    }),
    route({
      method: "DELETE",
      path: "/faults/:id",
      operation: "removeFault",
      tag: "Faults",
      summary: "Remove a fault",
      params: idParam,
      answers: { 204: { description: "The fault is removed." }, 404: { description: "There is no such fault." } },
      handle({ params }) {
        const fault = faults.list().find(({ id }) => id === params.id);
        if (!fault) throw new ControlProblem(404, "Unknown fault");
        fault.remove();
        return { status: 204 };
      },
    }),
  ];
}

function withoutRemove({ remove: _, ...fault }: FaultHandle) {
  return fault;
}
