import { z } from "#zod";

import type { GraphState } from "../graph/graph-state.ts";
import type { StoredTemplate } from "../graph/templates/template-store.ts";
import { idParam } from "./routes/bodies.ts";
import { ControlProblem, type ControlRoute, route } from "./routes/route.ts";
import { anyShape } from "./shapes.ts";

const templateShape = z.object({
  id: z.string(),
  accountId: z.string().describe("Absent of a seeded template, which every account has.").optional(),
  name: z.string(),
  language: z.string(),
  category: z.enum(["utility", "marketing", "authentication"]),
  status: z.enum(["approved", "pending", "rejected", "paused", "disabled"]),
  components: z.array(anyShape).describe("Meta's own."),
  reason: z.string().describe("Why it was rejected.").optional(),
});

const reviewSchema = z.strictObject({
  status: z.enum(["approved", "rejected", "paused", "disabled"]),
  reason: z.string().describe("Meta's word, such as `INVALID_FORMAT`.").exactOptional(),
});

/** Meta's review of templates. */
export function templateRoutes(state: () => GraphState): readonly ControlRoute[] {
  return [
    route({
      method: "GET",
      path: "/templates",
      operation: "listTemplates",
      tag: "WhatsApp",
      summary: "List the templates that exist",
      answers: {
        200: {
          description: "In the order of their creation.",
          schema: z.object({ templates: z.array(templateShape) }),
        },
      },
      handle: () => ({ status: 200, body: { templates: state().templates.all().map(show) } }),
    }),
    route({
      method: "POST",
      path: "/templates/:id/review",
      operation: "reviewTemplate",
      tag: "WhatsApp",
      summary: "Decide about a template as Meta does",
      description: "A webhook tells of it. Without `templateReview: wait`, a new template is approved at once.",
      params: idParam,
      body: reviewSchema,
      examples: { "reject a template": { status: "rejected", reason: "INVALID_FORMAT" } },
      answers: {
        200: { description: "The template.", schema: templateShape },
        404: { description: "There is no such template." },
      },
      handle({ params, body: { status, reason } }) {
        const decided = state().review.decide(params.id, status, reason);
        if (!decided) throw new ControlProblem(404, "Unknown template");
        return { status: 200, body: show(decided) };
      },
    }),
  ];
}

function show({ id, accountId, name, language, category, status, components, reason }: StoredTemplate) {
  return {
    id,
    ...(accountId !== undefined && { accountId }),
    name,
    language,
    category,
    status,
    components,
    ...(reason !== undefined && { reason }),
  };
}
