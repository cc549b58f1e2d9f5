import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { interruptOnExit } from "../../crash/driver/child-processes.ts";
import { freePort } from "../../crash/driver/free-port.ts";
import { type ServerProcess, startServer } from "../../crash/driver/server-process.ts";
import { createRandom } from "../../crash/random.ts";
import { type RunningPostgres, startEmbeddedPostgres } from "../../support/embedded-postgres.ts";
import { type Services, startServices } from "./services.ts";

export type StoreName = "sqlite" | "postgres";

export interface WorldOptions {
  /** For stores and logs. Every user must be able to enter it. */
  readonly folder: string;
  readonly store: StoreName;
  readonly graph: "emulator" | "fast";
  readonly limitPerSecond?: number;
  /** Of PostgreSQL, each as `name=value`. */
  readonly postgresSettings?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** The services and the store of a run, and the servers that it starts. */
export interface World {
  readonly services: Services;
  readonly databaseUrl: string;
  readonly postgres: RunningPostgres | undefined;
  /** Starts a server, and waits until it is ready. */
  startServer(environment?: Readonly<Record<string, string>>): Promise<ServerProcess>;
  close(): Promise<void>;
}

const readyLimitMs = 60_000;
const defaultLimitPerSecond = 80;

export async function openWorld(options: WorldOptions): Promise<World> {
  const { folder, store, graph, limitPerSecond = defaultLimitPerSecond, postgresSettings = [] } = options;
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const services = await startServices({ graph, limitPerSecond });
  const postgres =
    store === "postgres"
      ? await startEmbeddedPostgres({ databaseDir: join(folder, "data"), settings: postgresSettings })
      : undefined;
  const hasEnded = postgres && interruptOnExit(postgres.pid);
  const databaseUrl = postgres?.url ?? `sqlite:${join(folder, "store.db")}`;
  const random = createRandom(Date.now() % 1_000_000);
  const servers: ServerProcess[] = [];

  return {
    services,
    databaseUrl,
    postgres,
    async startServer(environment = {}) {
      const server = startServer({
        environment: {
          PORT: String(await freePort(random)),
          DATABASE_URL: databaseUrl,
          GRAPH_API_URL: services.graphUrl,
          TENANT_SERVICE_URL: services.tenantUrl,
          CONVERSATION_SERVICE_URL: services.conversationUrl,
          PACE_NUMBER_PER_SECOND: String(limitPerSecond),
          LOG_LEVEL: "warn",
          ...options.environment,
          ...environment,
        },
        failpoints: "off",
        output: join(folder, "server.log"),
      });
      servers.push(server);
      if ((await server.ready(readyLimitMs)) === undefined) throw new Error(`a server did not start: see ${folder}`);
      return server;
    },
    async close() {
      for (const server of servers.filter(({ isUp }) => isUp)) {
        server.signal("SIGKILL");
        await server.ended;
      }
      services.close();
      await postgres?.stop();
      hasEnded?.();
    },
  };
}
