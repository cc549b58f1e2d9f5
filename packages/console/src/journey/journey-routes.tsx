import type { Message } from "@message-sender/core";
import { isIdentifier } from "@message-sender/core/adapter";
import { renderRegions } from "@message-sender/pages";
import { messageHref } from "../frame/links.ts";
import type { Context } from "hono";

import type { ConsoleApp, ConsoleContext } from "../console-context.ts";
import type { ConsoleParts } from "../console-parts.ts";
import { notFound, showProblem } from "../frame/problem-page.tsx";
import { showPage } from "../frame/show-page.tsx";
import { answerLive } from "../live/answer-live.ts";
import { findVisible } from "../messages/find-messages.ts";
import { problemOf } from "../messages/problem-of.ts";
import { visitFields } from "../sign-in/visit-fields.ts";
import { tenantsKey } from "../console-visitor.ts";
import { actions, isAction } from "./actions.ts";
import { changeMessage } from "./change-message.ts";
import { DeliveriesPanel } from "./deliveries-panel.tsx";
import { historySays } from "./deliveries.ts";
import { ConfirmPage } from "./confirm-page.tsx";
import { JourneyPanel, JourneyPage, VerdictPanel } from "./journey-page.tsx";
import { whatHolds } from "./what-holds.ts";

type ConsoleResponse = Response | Promise<Response>;

/** A status that changes is seen within a second. */
const lookEveryMs = 400;

/** The pages of one message. Those of a tenant that the visitor does not see are not found. */
export function mountJourney(app: ConsoleApp, parts: ConsoleParts): void {
  const { sender, clock, live, logger } = parts;

  /** Answers with a message that the visitor may see. */
  async function withMessage(
    c: Context<ConsoleContext>,
    answer: (message: Message) => ConsoleResponse,
  ): Promise<Response> {
    const id = c.req.param("messageId") ?? "";
    if (!isIdentifier(id)) return showProblem(c, notFound);
    const found = await findVisible(sender, c.get("visitor"), id);
    if (found.isErr()) return showProblem(c, problemOf(found.error));
    return found.value ? answer(found.value) : showProblem(c, notFound);
  }

  async function regionsOf(message: Message) {
    const [held, left] = await Promise.all([whatHolds(parts, message), sender.deliveriesOf(message.id)]);
    const deliveries = left.unwrapOr(undefined);
    const now = clock.now();
    return {
      state: <VerdictPanel message={message} now={now} held={held} />,
      journey: <JourneyPanel message={message} deliveries={deliveries} now={now} />,
      deliveries: <DeliveriesPanel message={message} deliveries={deliveries} now={now} />,
    };
  }

  async function show(c: Context<ConsoleContext>, message: Message, isShown: boolean): Promise<Response> {
    const done = c.req.query("done");
    return showPage(c, {
      title: `Message ${message.id}`,
      place: "messages",
      live: messageHref(message, "live"),
      content: (
        <JourneyPage
          message={message}
          formToken={c.get("formToken")}
          isShown={isShown}
          says={isAction(done) ? actions[done].done : undefined}
          regions={await renderRegions(await regionsOf(message))}
        />
      ),
    });
  }

  app.get("/messages/:messageId", (c) => withMessage(c, (message) => show(c, message, false)));

  app.post("/messages/:messageId/show", (c) =>
    withMessage(c, (message) => {
      const { tenantId: tenant_id } = message.request.outlet;
      logger.info({ ...visitFields(c), message_id: message.id, tenant_id }, "console content shown");
      return show(c, message, true);
    }),
  );

  // The address that is left in the browser: opened again, or sent to a colleague, it hides what was shown.
  app.get("/messages/:messageId/show", (c) => withMessage(c, (message) => c.redirect(messageHref(message), 303)));

  app.get("/messages/:messageId/live", (c) =>
    withMessage(c, ({ id }) => {
      const visitor = c.get("visitor");
      return answerLive(c, live, {
        key: `journey ${tenantsKey(visitor)} ${id}`,
        everyMs: lookEveryMs,
        async regions() {
          const found = await findVisible(sender, visitor, id);
          if (found.isErr() || !found.value) throw new Error("the message cannot be looked up now");
          return regionsOf(found.value);
        },
      });
    }),
  );

  app.get("/messages/:messageId/confirm", (c) =>
    withMessage(c, async (message) => {
      const action = c.req.query("action");
      if (!isAction(action)) return showProblem(c, notFound);
      const left = action === "history" ? await sender.deliveriesOf(message.id) : undefined;
      if (left?.isErr()) return showProblem(c, problemOf(left.error));
      const details = left?.map((deliveries) => historySays(deliveries, clock.now())).unwrapOr([]) ?? [];
      const shown = { message, action, details, formToken: c.get("formToken") };
      const content = <ConfirmPage {...shown} />;
      return showPage(c, { title: `${actions[action].button} a message`, place: "messages", content });
    }),
  );

  app.post("/messages/:messageId/change", (c) =>
    withMessage(c, async (message) => {
      const { action } = c.get("form");
      if (!isAction(action)) return showProblem(c, notFound);
      const problem = await changeMessage(c, parts, message, action);
      return problem ? showProblem(c, problem) : c.redirect(`${messageHref(message)}?done=${action}`, 303);
    }),
  );
}
