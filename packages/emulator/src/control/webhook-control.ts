import type { Hono } from "hono";
import { z } from "zod";

import { matches } from "../faults/fault-match.ts";
import { matchSchema } from "../faults/fault-schema.ts";
import type { GraphMessage } from "../graph/graph-message.ts";
import type { Env } from "../http/answer.ts";
import { targetSchema } from "../webhooks/webhook-target.ts";
import type { WebhookService } from "../webhooks/webhooks.ts";

const ruleSchema = z.strictObject({
  /** Without `wamid` and `match`, the rule applies to every message. */
  wamid: z.string().min(1).optional(),
  match: matchSchema.optional(),
  errorCode: z.int().min(0),
  details: z.string().optional(),
});

const settingsSchema = z
  .strictObject({
    ...targetSchema.partial().shape,
    withhold: z.boolean().optional(),
    duplicate: z.int().min(1).max(100).optional(),
    reorder: z.boolean().optional(),
    fail: z.array(ruleSchema).optional(),
  })
  .refine(({ url, appSecret }) => (url === undefined) === (appSecret === undefined), {
    error: "url and appSecret are required together",
    path: ["appSecret"],
  });

/** `PUT` changes the given settings and adds the rules in `fail`. Both routes answer with the state, but no secret. */
export function mountWebhookControl(app: Hono<Env>, path: string, webhooks: WebhookService): void {
  app.get(path, (c) => c.json(webhooks.state()));

  app.put(path, async (c) => {
    const input = settingsSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!input.success) return c.json({ title: "Bad request", detail: z.prettifyError(input.error) }, 400);
    const { url, appSecret, withhold, duplicate, reorder, fail = [] } = input.data;
    if (url !== undefined && appSecret !== undefined) webhooks.target({ url, appSecret });
    if (duplicate !== undefined) webhooks.duplicate(duplicate);
    if (reorder !== undefined) webhooks.reorder(reorder);
    for (const rule of fail) webhooks.fail(predicateOf(rule), rule.errorCode, rule.details);
    if (withhold === true) webhooks.withhold();
    if (withhold === false) webhooks.release();
    return c.json(webhooks.state());
  });
}

function predicateOf({ wamid, match = {} }: z.infer<typeof ruleSchema>): (message: GraphMessage) => boolean {
  return (message) =>
    (wamid === undefined || wamid === message.wamid) &&
    matches(match, { phoneNumberId: message.phoneNumberId }, message.body);
}
