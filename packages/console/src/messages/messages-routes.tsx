import { renderRegions } from "@message-sender/pages";
import type { Context } from "hono";
import { ok } from "neverthrow";

import type { ConsoleContext } from "../console-context.ts";
import type { ConsoleApp, ConsoleParts } from "../console-parts.ts";
import { showProblem } from "../frame/problem-page.tsx";
import { showPage } from "../frame/show-page.tsx";
import { seenBy } from "../sign-in/visitor.ts";
import { findWithPauses, type Found } from "./find-messages.ts";
import { FoundMessages, MessagesPage } from "./messages-page.tsx";
import { problemOf } from "./problem-of.ts";
import { readSearch, type Search, queryOf } from "./search.ts";

const pageSize = 50;
const nothing: Found = { messages: [] };
/** A message appears within a second. */
const lookEveryMs = 400;

/** The list of messages. */
export function mountMessages(app: ConsoleApp, { sender, live }: ConsoleParts): void {
  app.get("/messages", async (c) => {
    const visitor = c.get("visitor");
    const { search, problems } = readSearch(c.req.query());
    // A filter that was not understood must not show more than was asked for.
    const found = problems.length > 0 ? ok(nothing) : await findWithPauses(sender, visitor, search, pageSize);
    if (found.isErr()) return showProblem(c, problemOf(found.error));
    const regions = await renderRegions({ found: <FoundMessages search={search} found={found.value} /> });
    const tenants = visitor.tenants === "all" ? [] : [...visitor.tenants].toSorted();
    return showPage(c, {
      title: "Messages",
      place: "messages",
      status: problems.length > 0 ? 400 : 200,
      ...(problems.length === 0 &&
        isLive(search, found.value) && { live: `/console/messages/live?${queryOf(search)}` }),
      content: <MessagesPage search={search} tenants={tenants} problems={problems} found={regions.found} />,
    });
  });

  app.get("/messages/live", (c) => answerLive(c, readSearch(c.req.query()).search));

  function answerLive(c: Context<ConsoleContext>, search: Search): Response | Promise<Response> {
    const visitor = c.get("visitor");
    const page = {
      key: `messages ${seenBy(visitor)} ${queryOf(search)}`,
      everyMs: lookEveryMs,
      async regions() {
        const found = await findWithPauses(sender, visitor, search, pageSize);
        if (found.isErr()) throw new Error(found.error.kind);
        return { found: <FoundMessages search={search} found={found.value} /> };
      },
    };
    const { isStillAdmitted } = visitor;
    return live.answer(page, { signal: c.req.raw.signal, isStillAdmitted }) ?? c.text("Too many pages are open.", 503);
  }
}

/** An older page does not change by what arrives. */
function isLive({ cursor }: Search, { messages }: Found): boolean {
  return cursor === undefined && messages.length <= pageSize;
}
