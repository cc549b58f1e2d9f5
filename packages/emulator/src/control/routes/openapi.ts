import { z } from "#zod";

import type { ControlRoute, RouteTag } from "./route.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The OpenAPI 3.1 document of the routes. */
export function openApiOf(routes: readonly ControlRoute[], base: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const one of routes) {
    const path = (base + one.path).replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [one.method.toLowerCase()]: operationOf(one) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Control API of the WhatsApp emulator",
      version: "1",
      description: "Everything that the emulator does, a test can see and change here. Nothing of it exists at Meta.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    // Whoever reaches it may use it: Host and Origin are checked.
    security: [],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    components: { schemas: { Problem: schemaOf(problem, "output") } },
  };
}

const tags: Readonly<Record<RouteTag, string>> = {
  Sandbox: "The sandbox as a whole.",
  Customers: "What customers do.",
  Messages: "What was said in either direction, and what becomes of it.",
  Webhooks: "Where webhooks go, and what they say.",
  WhatsApp: "What WhatsApp knows and limits.",
  Faults: "Requests that fail on demand.",
  Logs: "What the services received.",
};

const foreign = { description: "Host or Origin is not that of this machine, or of an allowed name." };

const problem = z.looseObject({
  title: z.string(),
  detail: z.string().describe("Why, in words.").optional(),
});

function operationOf({ operation, tag, summary, description, params, query, body, examples, answers }: ControlRoute) {
  const parameters = [...parametersOf("path", params), ...parametersOf("query", query)];
  const isChecked = params !== undefined || query !== undefined || body !== undefined;
  const wrong = isChecked && { 400: { description: "Something in the request is wrong." } };
  const described = { ...wrong, 403: foreign, ...answers };
  return {
    operationId: operation,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: true,
        content: { "application/json": { schema: schemaOf(body, "input"), ...examplesOf(examples) } },
      },
    }),
    responses: Object.fromEntries(
      Object.entries(described).map(([status, answer]) => [status, responseOf(status, answer)]),
    ),
  };
}

function responseOf(status: string, answer: ControlRoute["answers"][number]) {
  const { description, schema, mediaType = "application/json" } = answer;
  if (Number(status) >= 400) {
    return { description, content: { "application/json": { schema: { $ref: "#/components/schemas/Problem" } } } };
  }
  return schema ? { description, content: { [mediaType]: { schema: schemaOf(schema, "output") } } } : { description };
}

function examplesOf(examples: Fields | undefined) {
  if (!examples) return {};
  return {
    examples: Object.fromEntries(
      Object.entries(examples).map(([name, value]) => [keyOf(name), { summary: name, value }]),
    ),
  };
}

function keyOf(name: string): string {
  return name.replace(/\W+/g, "-");
}

function parametersOf(place: "path" | "query", schema: z.ZodType | undefined) {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, "input") as {
    properties?: Readonly<Record<string, Fields>>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    ...(description !== undefined && { description }),
    schema: rest,
  }));
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Fields {
  const { $schema: _, ...bare } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return bare;
}
