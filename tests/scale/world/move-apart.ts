import pg from "pg";

/** As if each process that has the store open ran on a machine of its own: none is told by its system that another one has ended. */
export async function moveApart(databaseUrl: string): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    await client.query(`
      CREATE FUNCTION message_sender.move_apart() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN NEW.machine := NEW.id; RETURN NEW; END $$;
      CREATE TRIGGER move_apart BEFORE INSERT OR UPDATE ON message_sender.processes
        FOR EACH ROW EXECUTE FUNCTION message_sender.move_apart();
      UPDATE message_sender.processes SET machine = id`);
  } finally {
    await client.end();
  }
}
