import type { PauseCommand } from "@message-sender/core";
import type { Context } from "hono";

import type { ConsoleApp, ConsoleContext, Form } from "../console-context.ts";
import type { ConsoleParts } from "../console-parts.ts";
import { notFound, type PageProblem, showProblem } from "../frame/problem-page.tsx";
import { showPage } from "../frame/show-page.tsx";
import { visitFields } from "../sign-in/visit-fields.ts";
import { actorOf, type Visitor } from "../console-visitor.ts";
import { mayEnd } from "./pause-list.tsx";
import { durations, PauseForm, ResumeForm } from "./pause-pages.tsx";

const unavailable: PageProblem = {
  status: 503,
  title: "The store is not available",
  detail: "It is not known whether anything was changed. Look at the pauses before you try again.",
};

/** Pausing and resuming. Each is asked for once more, and recorded with the key that did it. */
export function mountPauses(app: ConsoleApp, { sender, clock, logger }: ConsoleParts): void {
  function record(c: Context<ConsoleContext>, action: string, fields: object): void {
    logger.info({ ...visitFields(c), action, ...fields }, "console change");
  }

  function ask(c: Context<ConsoleContext>, form: Form, problems: readonly string[] = []): Promise<Response> {
    const tenants = tenantsOf(c.get("visitor"));
    const content = <PauseForm formToken={c.get("formToken")} form={form} tenants={tenants} problems={problems} />;
    return showPage(c, { title: "Pause", place: "tenants", status: problems.length > 0 ? 400 : 200, content });
  }

  async function pauseFor(visitor: Visitor, id: string | undefined) {
    const listed = await sender.pauses(visitor.tenants === "all" ? {} : { tenantIds: [...visitor.tenants] });
    return listed.map((pauses) => pauses.find((pause) => pause.id === id && mayEnd(pause, visitor)));
  }

  app.get("/pauses/new", (c) => ask(c, c.req.query()));

  app.post("/pauses/new", async (c) => {
    const visitor = c.get("visitor");
    const form = c.get("form");
    const tenantId = form["tenant_id"] ?? "";
    if (!visitor.seesAllTenants && !visitor.sees(tenantId)) return ask(c, form, ["Tenant: choose one of yours."]);
    const by = actorOf(visitor);
    const command = commandOf(form, clock.now());
    const paused = await sender.pause({ ...command, by, as: visitor.seesAllTenants ? "operator" : "tenant" });
    if (paused.isOk()) {
      const { id: pause, tenantId: tenant_id, until } = paused.value;
      record(c, "pause", { pause, tenant_id, until });
      return c.redirect("/console/tenants?done=paused#pauses", 303);
    }
    const { error } = paused;
    if (error.kind === "Unavailable") return showProblem(c, unavailable);
    return ask(
      c,
      form,
      error.problems.map(({ path, detail }) => `${path.length > 0 ? `${path.join(".")}: ` : "It "}${detail}.`),
    );
  });

  app.get("/pauses/resume", async (c) => {
    const found = await pauseFor(c.get("visitor"), c.req.query("id"));
    if (found.isErr()) return showProblem(c, unavailable);
    if (!found.value) return showProblem(c, notFound);
    const content = <ResumeForm formToken={c.get("formToken")} pause={found.value} />;
    return showPage(c, { title: "Resume", place: "tenants", content });
  });

  app.post("/pauses/resume", async (c) => {
    const visitor = c.get("visitor");
    const id = c.get("form")["id"] ?? "";
    const resumed = await sender.resume({ id, ...(visitor.tenants !== "all" && { asTenants: [...visitor.tenants] }) });
    if (resumed.isErr()) return showProblem(c, resumed.error.kind === "Unavailable" ? unavailable : notFound);
    record(c, "resume", { pause: id, tenant_id: resumed.value.tenantId });
    return c.redirect("/console/tenants?done=resumed#pauses", 303);
  });
}

function tenantsOf({ tenants }: Visitor): readonly string[] {
  return tenants === "all" ? [] : [...tenants].toSorted();
}

function commandOf(form: Form, now: Date): Omit<PauseCommand, "by"> {
  const field = (name: string) => (form[name]?.trim() ?? "") || undefined;
  const [tenantId, outletId, phoneNumberId] = ["tenant_id", "outlet_id", "phone_number_id"].map(field);
  const template = field("template");
  const minutes = durations.some(([value]) => value === form["minutes"]) ? Number(form["minutes"]) : 0;
  return {
    reason: field("reason") ?? "",
    ...(tenantId !== undefined && { tenantId }),
    ...(outletId !== undefined && { outletId }),
    ...(phoneNumberId !== undefined && { phoneNumberId }),
    ...(template !== undefined && { template: { name: template } }),
    ...(minutes > 0 && { until: new Date(now.getTime() + minutes * 60_000) }),
  };
}
