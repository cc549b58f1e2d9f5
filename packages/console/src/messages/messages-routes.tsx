import { renderRegions } from "@message-sender/pages";
import { ok } from "neverthrow";

import type { ConsoleApp } from "../console-context.ts";
import type { ConsoleParts } from "../console-parts.ts";
import { messagesHref, queryOf, type Search } from "../frame/links.ts";
import { showProblem } from "../frame/problem-page.tsx";
import { showPage } from "../frame/show-page.tsx";
import { answerLive } from "../live/answer-live.ts";
import { tenantsKey, type Visitor } from "../console-visitor.ts";
import { findWithPauses, type Found } from "./find-messages.ts";
import { callingCodeOf, withCallingCodes } from "./local-number.ts";
import { FoundMessages, MessagesPage } from "./messages-page.tsx";
import { problemOf } from "./problem-of.ts";
import { readSearch } from "./search.ts";

const pageSize = 50;
const mostCodes = 5;
const nothing: Found = { messages: [] };
/** A message appears within a second. */
const lookEveryMs = 400;

/** The list of messages. */
export function mountMessages(app: ConsoleApp, { sender, live, facts }: ConsoleParts): void {
  /** With what else may be meant, if nothing was found by a number without its country code. */
  async function find(visitor: Visitor, search: Search): ReturnType<typeof findWithPauses> {
    const found = await findWithPauses(sender, visitor, search, pageSize);
    if (found.isErr() || found.value.messages.length > 0 || search.q === undefined) return found;
    const codes = (await facts.recipientsFor(visitor)).flatMap((to) => callingCodeOf(to) ?? []);
    return ok({ ...found.value, suggestions: withCallingCodes(search.q, [...new Set(codes)].slice(0, mostCodes)) });
  }

  app.get("/messages", async (c) => {
    const visitor = c.get("visitor");
    const { search, problems } = readSearch(c.req.query());
    // A filter that was not understood must not show more than was asked for.
    const found = problems.length > 0 ? ok(nothing) : await find(visitor, search);
    if (found.isErr()) return showProblem(c, problemOf(found.error));
    const regions = await renderRegions({ found: <FoundMessages search={search} found={found.value} /> });
    const tenants = visitor.tenants === "all" ? [] : [...visitor.tenants].toSorted();
    return showPage(c, {
      title: "Messages",
      place: "messages",
      status: problems.length > 0 ? 400 : 200,
      ...(problems.length === 0 && isLive(search, found.value) && { live: messagesHref(search, "live") }),
      content: <MessagesPage search={search} tenants={tenants} problems={problems} found={regions.found} />,
    });
  });

  app.get("/messages/live", (c) => {
    const visitor = c.get("visitor");
    const { search } = readSearch(c.req.query());
    return answerLive(c, live, {
      key: `messages ${tenantsKey(visitor)} ${queryOf(search)}`,
      everyMs: lookEveryMs,
      async regions() {
        const found = await find(visitor, search);
        if (found.isErr()) throw new Error(found.error.kind);
        return { found: <FoundMessages search={search} found={found.value} /> };
      },
    });
  });
}

/** An older page does not change by what arrives. */
function isLive({ cursor }: Search, { messages }: Found): boolean {
  return cursor === undefined && messages.length <= pageSize;
}
