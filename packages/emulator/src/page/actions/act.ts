import { formAnswer, type FormOutcome, isSameOrigin } from "@message-sender/pages";

import { type Call, ControlError } from "../../client/call.ts";
import { type Action, FormProblem } from "./action.ts";
import { customerActions } from "./customer-actions.ts";
import { faultActions } from "./fault-actions.ts";
import { readForm } from "./form-fields.ts";
import { sandboxActions } from "./sandbox-actions.ts";
import { webhookActions } from "./webhook-actions.ts";

const actions: Readonly<Record<string, Action>> = {
  ...customerActions,
  ...sandboxActions,
  ...faultActions,
  ...webhookActions,
};

/** Does what a form of the page asks for, through the control API. A form of another origin is refused. */
export async function act(name: string, request: Request, call: Call): Promise<Response> {
  const { headers, url } = request;
  const { origin } = new URL(url);
  const back = backFrom(headers.get("referer"), origin);
  const refuse = (status: number, says: string) => formAnswer(headers, back, { status, says });
  if (!isSameOrigin(headers, origin)) return refuse(403, "Only the page itself can do that.");
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) return refuse(404, "The page has no such form.");
  try {
    return formAnswer(headers, back, await done(action, request, call));
  } catch (cause) {
    if (cause instanceof FormProblem) return refuse(400, cause.message);
    if (cause instanceof ControlError) return refuse(cause.status, cause.message);
    throw cause;
  }
}

async function done(action: Action, request: Request, call: Call): Promise<FormOutcome> {
  const form = await readForm(request).catch(() => {
    throw new FormProblem("That is not a form.");
  });
  const { method, path, body, says = "", go } = await action(form);
  await call(method, path, body);
  return { says, ...(go !== undefined && { go }) };
}

/** The page that the form was on, of this origin only. */
function backFrom(referer: string | null, origin: string): string {
  const from = referer !== null && URL.canParse(referer) ? new URL(referer) : undefined;
  return from?.origin === origin ? `/${from.search}` : "/";
}
