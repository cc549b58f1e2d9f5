import type { MessageSender } from "@message-sender/core";
import { err, ok, type Result } from "neverthrow";
import { z } from "zod";

import { refusePage } from "../access/refuse-page.ts";
import { readJson } from "../bodies/json-body.ts";
import { createRequestBodies } from "../bodies/request-bodies.ts";
import { errorsOf, recipientField, requestBody } from "../fields/request-field.ts";
import { invalidRequest, type Problem } from "../problems/problem.ts";
import { unavailableTo } from "../problems/problem-details.ts";
import type { RespondFailure } from "../requests/respond-failure.ts";
import { respondJson, respondProblem } from "../requests/respond.ts";
import { defineRoute } from "../routes/route.ts";
import type { Routes } from "../routes/routes.ts";

const eraseBody = requestBody({
  to: recipientField.describe("The person: a phone number, or a business-scoped user id."),
}).meta({ id: "Erase" });

const count = z.number().int().min(0);

const eraseRoute = defineRoute({
  method: "POST",
  path: "/api/v1/admin/erase",
  scope: "admin",
  operation: "erase",
  tag: "Administration",
  summary: "Erase a person",
  description:
    "Removes a person from everything that is kept: recipient, content, reference and WhatsApp's ids of each message to them, what is known about them as a recipient, and kept webhooks that mention them. Messages that are queued for them are canceled. What remains says `erased`: that a message of a type was sent, when, and how it ended. Its Idempotency-Key stays in use. If a message to them is being sent, everything else is erased and the answer is `conflict`: repeat the request. With a key that is bound to tenants, only their messages are erased. Requests from web pages are refused.",
  body: { schema: eraseBody, examples: { "a number": { to: "+628123456789" } } },
  answers: {
    200: {
      description: "How much was erased.",
      schema: z
        .object({
          messages: count,
          canceled: count.describe("How many of the messages were queued, and will not be sent."),
          recipients: count.describe(
            "What was noted about them, for each number of yours that they were in touch with.",
          ),
          webhooks: count,
        })
        .meta({ id: "Erased" }),
      examples: { erased: { messages: 12, canceled: 1, recipients: 2, webhooks: 7 } },
    },
  },
  problems: ["conflict", "unavailable"],
});

const largestBody = 1024;

/** The route that erases a person. */
export function mountErase(routes: Routes, sender: MessageSender, fail: RespondFailure): void {
  const bodies = createRequestBodies();
  routes.add(eraseRoute, async (c, caller) => {
    const pageRefusal = refusePage(c);
    if (pageRefusal) return respondProblem(c, pageRefusal);
    const body = await readJson(bodies, c, largestBody).andThen(parseEraseRequest);
    if (body.isErr()) return respondProblem(c, body.error);
    const tenantIds = caller.tenants === "all" ? undefined : [...caller.tenants];
    return sender.erase({ ...body.value, ...(tenantIds && { tenantIds }) }).match(
      (counts) => respondJson(c, counts),
      (error) => fail(c, error, unavailableTo.replay),
    );
  });
}

function parseEraseRequest(body: unknown): Result<z.output<typeof eraseBody>, Problem> {
  const parsed = eraseBody.safeParse(body);
  return parsed.success
    ? ok(parsed.data)
    : err(invalidRequest("The request to erase a person is invalid.", errorsOf(parsed.error.issues)));
}
