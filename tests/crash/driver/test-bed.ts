import { join } from "node:path";

import type { ClientEvent } from "../events.ts";
import { createLog } from "../log.ts";
import { createRandom, type Random } from "../random.ts";
import { startClients } from "./clients.ts";
import { freePort } from "./free-port.ts";
import { type OracleProcess, startOracle } from "./oracle-process.ts";
import { createQueueClient, type QueueClient } from "./queue-client.ts";
import type { RawStore } from "./raw-store.ts";
import { type ServerProcess, startServer } from "./server-process.ts";
import { type Services, startServices } from "./services.ts";
import { openRawStore, type StoreName } from "./store.ts";

/** Everything that the servers of one run need. */
export interface TestBed {
  readonly random: Random;
  readonly outlets: Services["outlets"];
  readonly services: Services;
  readonly oracle: OracleProcess;
  readonly store: RawStore;
  readonly clients: ReturnType<typeof startClients>;
  readonly queueClient: QueueClient;
  readonly write: ReturnType<typeof createLog<ClientEvent>>;
  readonly clientLog: string;
  readonly oracleLog: string;
  /** Starts a server. `own` overrides its environment, such as the port that the clients use. */
  start(failpoints: string, own?: Readonly<Record<string, string>>): ServerProcess;
  /** Sets the process that the clients use. */
  use(server: ServerProcess | undefined): void;
  close(): Promise<void>;
}

const appSecret = "app-secret-of-the-run";
const callbackSecret = `whsec_${Buffer.from("callback-secret-of-the-crash-run").toString("base64")}`;

export interface TestBedOptions {
  readonly store: StoreName;
  readonly folder: string;
  readonly seed: number;
  /** What Node is called with to run the command. */
  readonly program: readonly string[];
}

export async function createTestBed({ store: name, folder, seed, program }: TestBedOptions): Promise<TestBed> {
  const random = createRandom(seed);
  const store = await openRawStore(name, folder);
  const services = await startServices(random);
  const port = await freePort(random);
  const url = `http://127.0.0.1:${port}`;
  const oracleLog = join(folder, "oracle.jsonl");
  const oracle = await startOracle({
    log: oracleLog,
    seed,
    appSecret,
    callbackSecret,
    target: `${url}/webhooks/whatsapp`,
    onRefusing: services.tokenRefused,
  });
  const environment = {
    PORT: String(port),
    DATABASE_URL: store.databaseUrl,
    GRAPH_API_URL: oracle.url,
    TENANT_SERVICE_URL: services.tenantUrl,
    CONVERSATION_SERVICE_URL: services.conversationUrl,
    WHATSAPP_APP_SECRET: appSecret,
    WHATSAPP_VERIFY_TOKEN: "verify",
    STATUS_CALLBACK_URL: `${oracle.url}/callbacks`,
    CALLBACK_SECRET: callbackSecret,
    CALLBACK_ALLOW_PRIVATE: "on",
    RETRY_SCHEDULE_MS: "0,100,200,400",
    ATTEMPT_TIMEOUT_MS: "1500",
    SEND_DEADLINE_MS: "8000",
    AMBIGUITY_EVIDENCE_MS: "500",
    PACING: "off",
    LOG_LEVEL: "warn",
  };
  let used: ServerProcess | undefined;
  const clientLog = join(folder, "clients.jsonl");
  const write = createLog<ClientEvent>(clientLog);
  const { outlets } = services;
  const queueClient = createQueueClient({ random, outlets, write });
  const clients = startClients({
    random,
    outlets,
    write,
    url,
    isUp: () => used?.isUp ?? false,
    onResendable: queueClient.noteResendable,
  });

  return {
    random,
    outlets,
    services,
    oracle,
    store,
    clients,
    queueClient,
    write,
    clientLog,
    oracleLog,
    start: (failpoints, own = {}) =>
      startServer({
        environment: { ...environment, ...own },
        failpoints,
        program,
        output: join(folder, "server.log"),
      }),
    use(server) {
      used = server;
    },
    async close() {
      oracle.close();
      await services.close();
      await store.close();
    },
  };
}
