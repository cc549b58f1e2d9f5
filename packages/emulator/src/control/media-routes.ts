import { z } from "zod";

import type { GraphState } from "../graph/graph-state.ts";
import { idParam } from "./routes/bodies.ts";
import { ControlProblem, type ControlRoute, route } from "./routes/route.ts";
import { anyShape } from "./shapes.ts";

/** The files that WhatsApp keeps. */
export function mediaRoutes(state: () => GraphState): readonly ControlRoute[] {
  return [
    route({
      method: "GET",
      path: "/media",
      operation: "listMedia",
      tag: "WhatsApp",
      summary: "List the files that WhatsApp keeps",
      answers: {
        200: { description: "The files, without their bytes.", schema: z.object({ media: z.array(anyShape) }) },
      },
      handle: () => ({ status: 200, body: { media: state().media.all() } }),
    }),
    route({
      method: "GET",
      path: "/media/:id",
      operation: "getMedia",
      tag: "WhatsApp",
      summary: "Get the bytes of a file",
      description: "Without a token. At Meta a file is read from the `url` of `GET /{media-id}`, as it is here.",
      params: idParam,
      answers: {
        200: { description: "The bytes, under the type of the file.", schema: z.string(), mediaType: "*/*" },
        404: { description: "There is no such file." },
      },
      handle({ params: { id } }) {
        const file = state().media.find(id);
        if (!file) throw new ControlProblem(404, "Unknown file");
        const { bytes, mimeType } = file;
        return new Response(bytes.read(), { headers: { "content-type": mimeType, ...harmless } });
      },
    }),
  ];
}

/** Anybody may have uploaded anything: as a page of its own, a file can do nothing here. */
const harmless = {
  "content-security-policy": "default-src 'none'; sandbox",
  "x-content-type-options": "nosniff",
  "content-disposition": "inline",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};
