import type { MessageSender, Pause, PauseCommand } from "@message-sender/core";
import { err, ok, type Result } from "neverthrow";
import type { z } from "zod";

import { readJson } from "../bodies/json-body.ts";
import { createRequestBodies } from "../bodies/request-bodies.ts";
import { errorsOf } from "../fields/request-field.ts";
import { unavailableTo } from "../problems/problem-details.ts";
import { invalidRequest, type Problem, tenantNotFound } from "../problems/problem.ts";
import type { RespondFailure } from "../requests/respond-failure.ts";
import { respondJson, respondProblem } from "../requests/respond.ts";
import type { Routes } from "../routes/routes.ts";
import { pauseBody, pauseRoute, pausesRoute, resumeRoute } from "./pause-routes.ts";

const largestBody = 16 * 1024;

/** The routes that pause sending, and let it go on. */
export function mountPauses(routes: Routes, sender: MessageSender, fail: RespondFailure): void {
  const bodies = createRequestBodies();

  routes.add(pauseRoute, async (c, caller) => {
    const body = await readJson(bodies, c, largestBody).andThen(parsePause);
    if (body.isErr()) return respondProblem(c, body.error);
    const { tenant_id: tenantId } = body.value;
    if (tenantId && !caller.sees(tenantId)) return respondProblem(c, tenantNotFound);
    const command: PauseCommand = {
      ...commandOf(body.value),
      by: c.get("caller") ?? "api",
      as: caller.seesAllTenants ? "operator" : "tenant",
    };
    return sender.pause(command).match(
      (pause) => respondJson(c, pauseJson(pause), { status: 201 }),
      (error) =>
        error.kind === "InvalidCommand"
          ? respondProblem(c, problemOfPause(error))
          : fail(c, error, unavailableTo.change),
    );
  });

  routes.add(pausesRoute, (c, caller) =>
    sender.pauses(caller.tenants === "all" ? {} : { tenantIds: [...caller.tenants] }).match(
      (pauses) => respondJson(c, { pauses: pauses.map(pauseJson) }),
      (error) => fail(c, error, unavailableTo.list),
    ),
  );

  routes.add(resumeRoute, (c, caller) => {
    const asTenants = caller.tenants === "all" ? undefined : [...caller.tenants];
    return sender.resume({ id: c.req.param("pauseId"), ...(asTenants && { asTenants }) }).match(
      (pause) => respondJson(c, pauseJson(pause)),
      (error) => fail(c, error, unavailableTo.change),
    );
  });
}

type PauseBody = z.output<typeof pauseBody>;

function parsePause(body: unknown): Result<PauseBody, Problem> {
  const parsed = pauseBody.safeParse(body);
  return parsed.success ? ok(parsed.data) : err(invalidRequest(invalid, errorsOf(parsed.error.issues)));
}

const invalid = "The pause is invalid.";

function commandOf({
  tenant_id,
  outlet_id,
  phone_number_id,
  template,
  until,
  reason,
}: PauseBody): Omit<PauseCommand, "by"> {
  const { name, language = null } = typeof template === "string" ? { name: template } : (template ?? {});
  return {
    reason,
    ...(tenant_id && { tenantId: tenant_id }),
    ...(outlet_id && { outletId: outlet_id }),
    ...(phone_number_id && { phoneNumberId: phone_number_id }),
    ...(name !== undefined && { template: { name, ...(language !== null && { language }) } }),
    ...(until && { until: new Date(until) }),
  };
}

/** A field has the name of the command's, in snake_case. */
function problemOfPause({
  problems,
}: {
  readonly problems: readonly { readonly path: readonly PropertyKey[]; readonly detail: string }[];
}): Problem {
  return invalidRequest(
    invalid,
    problems.map(({ path, detail }) => ({ pointer: pointerTo(path), detail: snakeCase(detail) })),
  );
}

function pointerTo(path: readonly PropertyKey[]): string {
  const names = path.flatMap((step) => String(step).split(".")).filter((name) => name !== "");
  return names.map((name) => `/${snakeCase(name)}`).join("");
}

function snakeCase(text: string): string {
  return text.replace(/([a-z])([A-Z])/g, (_, before: string, letter: string) => `${before}_${letter.toLowerCase()}`);
}

function pauseJson({ id, kind, name, tenantId, language, wabaId, owner, until, reason, by, at }: Pause) {
  return {
    id,
    kind,
    tenant_id: tenantId,
    ...(kind === "outlet" && { outlet_id: name }),
    ...(kind === "number" && { phone_number_id: name }),
    ...(kind === "template" && { template: { name, language } }),
    waba_id: wabaId,
    owner,
    until,
    reason,
    paused_by: by,
    paused_at: at,
  };
}
