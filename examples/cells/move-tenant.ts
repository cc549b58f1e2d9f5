import { parseArgs } from "node:util";

import pg from "pg";

/** No process has it: what it owns is taken over by the processes of the new cell. */
const nobody = "00000000-0000-0000-0000-000000000000";
const atOnce = 1000;

const ofMessages = "message_id IN (SELECT id FROM messages WHERE tenant_id = $1)";

/** What a tenant has in a store, in the order in which it is copied. The first argument is the tenant. */
const tables: readonly (readonly [table: string, condition: string])[] = [
  ["wamids", ofMessages],
  ["idempotency_keys", "tenant_id = $1"],
  ["dead_entries", "tenant_id = $1"],
  ["quota_counters", "tenant_id = $1"],
  ["quota_takes", "tenant_id = $1"],
  ["quota_blocks", "tenant_id = $1"],
  ["messages", "tenant_id = $1"],
];

/** What must end before the tenant can move. */
const underWay: readonly (readonly [what: string, query: string])[] = [
  ["attempts in flight", `SELECT count(*) FROM messages_in_work WHERE ${ofMessages}`],
  [
    "notifications to deliver",
    "SELECT count(*) FROM outbox q JOIN outbox_queues o ON q.queue = o.id WHERE o.tenant_id = $1",
  ],
  ["requests for quota", "SELECT count(*) FROM quota_requests WHERE tenant_id = $1"],
  [
    "quota in use",
    "SELECT count(*) FROM quota_blocks WHERE tenant_id = $1 AND expires_at > now() - interval '10 seconds'",
  ],
];

/** Moves all that a paused tenant has from one store to another. Returns how many rows of each table. May be repeated if it fails. */
export async function moveTenant(tenantId: string, fromUrl: string, toUrl: string): Promise<Record<string, number>> {
  const [from, to] = (await Promise.all([fromUrl, toUrl].map(connect))) as [pg.Client, pg.Client];
  try {
    await from.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await to.query("BEGIN");
    await requirePaused(from, tenantId);
    const moved: Record<string, number> = {};
    for (const [table, condition] of tables) moved[table] = await copy(from, to, table, condition, tenantId);
    await to.query(
      `INSERT INTO lines (tenant_id, outlet_id, due_at)
       SELECT tenant_id, outlet_id, min(due_at) FROM messages WHERE tenant_id = $1 AND due_at IS NOT NULL GROUP BY 1, 2
       ON CONFLICT DO NOTHING`,
      [tenantId],
    );
    for (const [table, condition] of tables) await from.query(`DELETE FROM ${table} WHERE ${condition}`, [tenantId]);
    await from.query("DELETE FROM lines WHERE tenant_id = $1", [tenantId]);
    // Between the two commits the tenant has everything twice, and sends from the new store alone: in the old one it is paused.
    await to.query("COMMIT");
    await from.query("COMMIT");
    return moved;
  } finally {
    await Promise.all([from.end(), to.end()]);
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query("SET search_path = message_sender");
  return client;
}

async function requirePaused(from: pg.Client, tenantId: string): Promise<void> {
  const { rowCount } = await from.query("SELECT FROM pauses WHERE id = $1", [`tenant:${tenantId}`]);
  if (rowCount === 0) throw new Error(`Pause the tenant first: message-sender pause --tenant ${tenantId}`);
  for (const [what, query] of underWay) {
    const { rows } = await from.query<{ count: string }>(query, [tenantId]);
    if (rows[0]?.count !== "0")
      throw new Error(`The tenant still has ${what} (${rows[0]?.count}). Repeat in a few seconds.`);
  }
}

/** Copies rows, a thousand at a time. Rows that are there stay as they are: they may have changed since an earlier, interrupted move. */
async function copy(
  from: pg.Client,
  to: pg.Client,
  table: string,
  condition: string,
  tenantId: string,
): Promise<number> {
  const { rows: columns } = await to.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns
     WHERE table_schema = current_schema AND table_name = $1 AND is_generated = 'NEVER' AND is_identity = 'NO'`,
    [table],
  );
  const names = columns.map(({ name }) => name);
  const list = names.join(", ");
  const values = names.map((name) => (name === "owner" ? `'${nobody}'::uuid` : name)).join(", ");
  await from.query(`DECLARE moved CURSOR FOR SELECT to_json(t)::text AS row FROM ${table} t WHERE ${condition}`, [
    tenantId,
  ]);
  let count = 0;
  for (;;) {
    const { rows } = await from.query<{ row: string }>(`FETCH ${atOnce} FROM moved`);
    if (rows.length === 0) break;
    await to.query(
      `INSERT INTO ${table} (${list}) SELECT ${values} FROM json_populate_recordset(NULL::${table}, $1::json) ON CONFLICT DO NOTHING`,
      [`[${rows.map(({ row }) => row).join(",")}]`],
    );
    count += rows.length;
  }
  await from.query("CLOSE moved");
  return count;
}

if (import.meta.main) {
  const [tenantId, from, to] = parseArgs({ allowPositionals: true }).positionals;
  if (!tenantId || !from || !to) {
    console.error("Usage: node move-tenant.ts <tenant> <database of the old cell> <database of the new cell>");
    process.exit(2);
  }
  try {
    console.log(JSON.stringify(await moveTenant(tenantId, from, to)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
