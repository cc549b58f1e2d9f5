import { loggedFilter } from "@message-sender/http-adapter/inbound";

import type { ConsoleApp } from "../console-context.ts";
import type { ConsoleParts } from "../console-parts.ts";
import { notFound, type PageProblem, showProblem } from "../frame/problem-page.tsx";
import { showPage } from "../frame/show-page.tsx";
import type { FindError } from "../messages/find-messages.ts";
import { canChangeMany } from "../messages/messages-page.tsx";
import { problemOf } from "../messages/problem-of.ts";
import { readSearch } from "../messages/search.ts";
import { visitFields } from "../sign-in/visit-fields.ts";
import { actorOf } from "../console-visitor.ts";
import { DonePage, PreviewPage } from "./bulk-pages.tsx";
import { changeable, type ManyAction, type NoPlan, planChange } from "./plan.ts";
import { runChange } from "./run-change.ts";

const sampleSize = 10;

/** Canceling and resending all messages of a search: first what it will touch, then the change. */
export function mountBulk(app: ConsoleApp, { sender, clock, logger }: ConsoleParts): void {
  app.get("/messages/many", async (c) => {
    const { action, ...query } = c.req.query();
    const { search, problems } = readSearch(query);
    if (!isManyAction(action)) return showProblem(c, notFound);
    if (problems.length > 0 || !canChangeMany(search)) return showProblem(c, withoutFilter(problems));
    const until = clock.now();
    const plan = await planChange(sender, c.get("visitor"), search, action, until);
    if (plan.isErr()) return showProblem(c, problemOfPlan(plan.error));
    const { counts } = plan.value;
    const lists = await Promise.all(
      counts.map(({ status }) => sender.list({ ...plan.value.query, status, limit: sampleSize })),
    );
    const sample = lists
      .flatMap((list) => (list.isOk() ? list.value.messages : []))
      .toSorted((one, other) => other.acceptedAt.getTime() - one.acceptedAt.getTime())
      .slice(0, sampleSize);
    const shown = { action, search, until, counts, sample, formToken: c.get("formToken") };
    return showPage(c, { title: "Change messages", place: "messages", content: <PreviewPage {...shown} /> });
  });

  app.post("/messages/many", async (c) => {
    const form = c.get("form");
    const { action } = form;
    const { search, problems } = readSearch(Object.fromEntries(new URLSearchParams(form["search"])));
    const until = new Date(form["until"] ?? "");
    if (!isManyAction(action) || Number.isNaN(until.getTime())) return showProblem(c, notFound);
    if (problems.length > 0 || !canChangeMany(search)) return showProblem(c, withoutFilter(problems));
    const visitor = c.get("visitor");
    const plan = await planChange(sender, visitor, search, action, until);
    if (plan.isErr()) return showProblem(c, problemOfPlan(plan.error));
    const statuses = changeable[action].filter((status) => form[`status-${status}`] !== undefined);
    if (statuses.length === 0) return showProblem(c, nothingChosen);
    const by = actorOf(visitor);
    const run = await runChange(sender, { ...plan.value.query, by }, action, statuses);
    const { matched, changed } = run;
    const fields = { ...visitFields(c), action, filter: loggedFilter(search, ["q"]), statuses, matched, changed };
    logger.info(fields, "console change of many");
    const shown = { action, search, run, form, formToken: c.get("formToken") };
    return showPage(c, { title: "Change messages", place: "messages", content: <DonePage {...shown} /> });
  });
}

function isManyAction(text: string | undefined): text is ManyAction {
  return text !== undefined && Object.hasOwn(changeable, text);
}

function problemOfPlan(error: FindError | NoPlan): PageProblem {
  return error.kind === "NoPlan"
    ? { status: 400, title: "There is nothing to change", detail: error.why }
    : problemOf(error);
}

function withoutFilter(problems: readonly string[]): PageProblem {
  const detail =
    problems.length > 0 ? problems.join("; ") : "Choose a filter first: a change without one would touch everything.";
  return { status: 400, title: "This cannot be changed at once", detail };
}

const nothingChosen: PageProblem = {
  status: 400,
  title: "Nothing was chosen",
  detail: "Choose which messages to change. Nothing was changed.",
};
