import pg from "pg";

import type { Point } from "../point.ts";
import { accept } from "../world/accept.ts";
import { drained } from "../world/drained.ts";
import { campaign, outletsOf } from "../world/messages.ts";
import { openWorld } from "../world/world.ts";

/**
 * PostgreSQL lets one transaction at a time commit that notifies. So none does: nothing that ran, in functions included, and no
 * function or trigger that is there notifies.
 */
export const noNotify: Point = {
  title: "no transaction notifies",
  async run(options) {
    const count = options.messages ?? 2000;
    const settings = ["shared_preload_libraries=pg_stat_statements", "pg_stat_statements.track=all"];
    const world = await openWorld({ ...options, store: "postgres", postgresSettings: settings });
    const client = new pg.Client(world.databaseUrl);
    try {
      await client.connect();
      await client.query("CREATE EXTENSION pg_stat_statements");
      const server = await world.startServer();
      await accept(server, campaign(outletsOf("tenant-a", 20), count));
      await drained(world.services, count);
      const ran = await client.query<{ query: string }>(
        "SELECT query FROM pg_stat_statements WHERE query ~* '\\y(pg_)?notify\\y' AND query !~ 'pg_stat_statements'",
      );
      const all = await client.query("SELECT 1 FROM pg_stat_statements");
      const there = await client.query<{ name: string }>(
        `SELECT p.oid::regprocedure::text AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE n.nspname = 'message_sender' AND p.prosrc ~* '\\y(pg_)?notify\\y'`,
      );
      return {
        seen: [`${all.rows.length} different statements ran for ${count} messages`],
        violations: [
          ...ran.rows.map(({ query }) => `a statement notifies: ${query}`),
          ...there.rows.map(({ name }) => `a function notifies: ${name}`),
        ],
      };
    } finally {
      await client.end();
      await world.close();
    }
  },
};
