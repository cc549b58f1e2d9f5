import pg from "pg";

/** As if each process that has the store open ran on a machine of its own: none is told by its system that another one has ended. */
export async function moveApart(databaseUrl: string): Promise<void> {
  await withClient(databaseUrl, (client) =>
    client.query(`
      CREATE FUNCTION message_sender.move_apart() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN NEW.machine := NEW.id; RETURN NEW; END $$;
      CREATE TRIGGER move_apart BEFORE INSERT OR UPDATE ON message_sender.processes
        FOR EACH ROW EXECUTE FUNCTION message_sender.move_apart();
      UPDATE message_sender.processes SET machine = id`),
  );
}

/** How many processes the others know by their system to have ended: none, if each has a machine of its own. */
export async function deathsToldBySystem(databaseUrl: string): Promise<number> {
  const { rows } = await withClient(databaseUrl, (client) =>
    client.query<{ deaths: number }>("SELECT count(*)::int AS deaths FROM message_sender.processes WHERE has_died"),
  );
  return rows[0]?.deaths ?? 0;
}

async function withClient<T>(databaseUrl: string, ask: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    return await ask(client);
  } finally {
    await client.end();
  }
}
