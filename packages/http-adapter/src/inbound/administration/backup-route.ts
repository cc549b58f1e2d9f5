import type { Unavailable } from "@message-sender/core";
import type { ResultAsync } from "neverthrow";
import { z } from "zod";

import { forbidden } from "../access/access.ts";
import { refusePage } from "../access/refuse-page.ts";
import type { Problem } from "../problems/problem.ts";
import { unavailableTo } from "../problems/problem-details.ts";
import type { RespondFailure } from "../requests/respond-failure.ts";
import { respondProblem, respondStream } from "../requests/respond.ts";
import { defineRoute } from "../routes/route.ts";
import type { Routes } from "../routes/routes.ts";

/** Begins a backup of the store: its size in bytes, and its content. The content is read to its end, or its `return` is called. */
export type BackupSource = () => ResultAsync<
  { readonly size: number; readonly content: AsyncGenerator<Uint8Array, void> },
  Unavailable | { readonly kind: "BackupInProgress" }
>;

const backupRoute = defineRoute({
  method: "POST",
  path: "/api/v1/admin/backup",
  scope: "admin",
  operation: "backup",
  tag: "Administration",
  summary: "Back up the SQLite store",
  description:
    "Answers with the database file as of this moment, while the server goes on sending. It has messages of all tenants, in clear. The answer is complete when it has as many bytes as its `Content-Length` says. `conflict` if another backup is being made, or if the store is not in SQLite. A server that opens the file holds what was unfinished, so that nothing is sent twice. It takes no body. Needs access to all tenants. Requests from web pages are refused.",
  answers: {
    200: {
      description: "The database file.",
      mediaType: "application/vnd.sqlite3",
      schema: z.string().meta({ format: "binary" }),
      examples: {},
    },
  },
  problems: ["conflict", "unavailable"],
});

/** The route that streams a backup. Without a source it answers `conflict`. */
export function mountBackup(routes: Routes, backup: BackupSource | undefined, fail: RespondFailure): void {
  routes.add(backupRoute, async (c, caller) => {
    if (!caller.seesAllTenants) return respondProblem(c, forbidden("This needs access to all tenants."));
    const pageRefusal = refusePage(c);
    if (pageRefusal) return respondProblem(c, pageRefusal);
    if (!backup) return respondProblem(c, notInSqlite);
    return backup().match(
      ({ size, content }) =>
        respondStream(c, content, { "content-type": "application/vnd.sqlite3", "content-length": String(size) }),
      (error) => (error.kind === "Unavailable" ? fail(c, error, unavailableTo.replay) : respondProblem(c, inProgress)),
    );
  });
}

const notInSqlite: Problem = {
  status: 409,
  type: "conflict",
  title: "The store is not in SQLite",
  detail:
    "This server can back up only a store in SQLite. For PostgreSQL use pg_dump, or the backups of your provider.",
};

const inProgress: Problem = {
  status: 409,
  type: "conflict",
  title: "Another backup is in progress",
  detail: "Another backup is being made. Repeat the request once it has ended.",
};
