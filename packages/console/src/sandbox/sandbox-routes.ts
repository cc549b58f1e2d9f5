import { type MessageSender, type OutletRef, text } from "@message-sender/core";

import type { ConsoleApp } from "../console-context.ts";
import type { ConsoleParts } from "../console-parts.ts";
import { messageHref, messagesHref } from "../frame/links.ts";
import { notFound, showProblem } from "../frame/problem-page.tsx";
import type { SandboxView } from "../service/service-view.ts";
import { visitFields } from "../sign-in/visit-fields.ts";
import type { Visitor } from "../console-visitor.ts";
import { type Trial, trials } from "./trials.ts";

/** The outlet that the visitor sends for in a sandbox. Undefined where there is no sandbox, or nothing that the visitor may use. */
export function sandboxOutletOf(sandbox: SandboxView | undefined, { sees }: Visitor): OutletRef | undefined {
  return sandbox?.outlets.find(({ tenantId }) => sees(tenantId));
}

/** What the buttons of a sandbox do. Elsewhere there is no such page. */
export function mountSandbox(app: ConsoleApp, { sender, clock, logger, facts }: ConsoleParts): void {
  const { sandbox } = facts.view;

  app.post("/sandbox", async (c) => {
    const visitor = c.get("visitor");
    const outlet = sandboxOutletOf(sandbox, visitor);
    const trial = trials.find(({ name }) => name === c.get("form")["trial"]);
    if (!sandbox || !outlet || !trial) return showProblem(c, notFound);
    logger.info(
      { ...visitFields(c), action: `sandbox trial ${trial.name}`, tenant_id: outlet.tenantId },
      "console change",
    );
    const since = clock.now();
    const sent = await send(sender, sandbox, outlet, trial, since);
    if (sent === undefined || trial.count > 1) return c.redirect(messagesHref({ since }), 303);
    return c.redirect(messageHref({ id: sent }), 303);
  });
}

/** Queues the messages of a trial. Its fault is for them alone. Returns the id of the first. */
async function send(
  sender: MessageSender,
  sandbox: SandboxView,
  outlet: OutletRef,
  { name, text: body, count, fault }: Trial,
  now: Date,
): Promise<string | undefined> {
  const reference = `trial-${name}-${now.getTime().toString(36)}`;
  const content = text(`${body} (${reference})`);
  if (fault) sandbox.addFault({ ...fault, match: { messageIncludes: reference } });
  const queued = await sender.enqueueMany(
    Array.from({ length: count }, (_, index) => {
      const to = `+1202555${String(100 + (index % 100)).padStart(4, "0")}`;
      return { ...outlet, conversationId: `trial-${to.slice(1)}`, to, content, reference };
    }),
  );
  return queued.map(([first]) => first?.map(({ message }) => message.id).unwrapOr(undefined)).unwrapOr(undefined);
}
