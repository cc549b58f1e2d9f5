import { type AppPart, type HttpServer, restrictApp, startHttpServer } from "@message-sender/http-adapter/inbound";

import type { OpenService } from "../open-service.ts";
import type { Settings } from "../settings/environment.ts";

/** The servers of a process: that of the API, and those of parts with a port of their own. */
export interface Listeners extends Pick<HttpServer, "url" | "drain" | "close"> {
  /** Where the parts with a port of their own are. */
  readonly others: Readonly<Partial<Record<"docs_url" | "metrics_url", string>>>;
}

type Ports = Pick<Settings, "HOST" | "PORT" | "DOCS_PORT" | "METRICS_PORT">;
type PortPart = Exclude<AppPart, "health">;
type PortName = "PORT" | "DOCS_PORT" | "METRICS_PORT";

/** Listens on all ports, or on none: a port that cannot be had closes the others, and is named by its setting. */
export async function listen(app: OpenService["app"], settings: Ports): Promise<Listeners> {
  const servers = new Map<PortName, HttpServer>();
  const drain = () => servers.forEach((server) => server.drain());
  const close = async () => void (await Promise.all([...servers.values()].map((server) => server.close())));
  const partsByPort = partsOf(settings);
  try {
    for (const [name, parts] of partsByPort) {
      const served = partsByPort.size === 1 ? app : restrictApp(app, parts, apiUrl(servers));
      servers.set(name, await startAt(settings, name, served));
    }
  } catch (error) {
    await close();
    throw error;
  }
  const urlOf = (part: PortPart) => servers.get(portOf(part, settings))?.url ?? "";
  return {
    url: urlOf("api"),
    others: {
      ...(portOf("docs", settings) !== "PORT" && { docs_url: `${urlOf("docs")}/docs` }),
      ...(portOf("metrics", settings) !== "PORT" && { metrics_url: `${urlOf("metrics")}/metrics` }),
    },
    drain,
    close,
  };
}

/** The port of a process that serves no API: its health and its metrics. Undefined without `METRICS_PORT`. */
export async function listenForMetrics(app: OpenService["app"], settings: Ports): Promise<HttpServer | undefined> {
  if (settings.METRICS_PORT === undefined) return undefined;
  return startAt(settings, "METRICS_PORT", restrictApp(app, ["health", "metrics"]));
}

/** The port of the API comes first. */
function apiUrl(servers: ReadonlyMap<PortName, HttpServer>): { readonly apiUrl?: string } {
  const [api] = servers.values();
  return api ? { apiUrl: api.url } : {};
}

/** The parts that each port serves, by the setting of the port. */
function partsOf(settings: Ports): Map<PortName, PortPart[]> {
  const byPort = new Map<PortName, PortPart[]>();
  for (const part of ["api", "docs", "metrics"] as const) {
    const name = portOf(part, settings);
    byPort.set(name, [...(byPort.get(name) ?? []), part]);
  }
  return byPort;
}

/** Parts with the same port share it. 0 is a free port each time. */
function portOf(part: PortPart, settings: Ports): PortName {
  const own = { api: "PORT", docs: "DOCS_PORT", metrics: "METRICS_PORT" } as const;
  const port = settings[own[part]];
  if (port === undefined) return "PORT";
  const first = (["PORT", "DOCS_PORT", "METRICS_PORT"] as const).find((name) => settings[name] === port);
  return port === 0 ? own[part] : (first ?? own[part]);
}

async function startAt(settings: Ports, name: PortName, app: Parameters<typeof startHttpServer>[0]["app"]) {
  const { HOST: host, [name]: port = 0 } = settings;
  try {
    return await startHttpServer({ app, host, port });
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? refusals[String(error.code)] : undefined;
    throw reason === undefined ? error : new Error(reason(host, port, name), { cause: error });
  }
}

/** Why an address cannot be listened on, by the setting that a person can change. */
const refusals: Readonly<Record<string, ((host: string, port: number, name: PortName) => string) | undefined>> = {
  EADDRINUSE: (host, port, name) => `${name}: ${port} of ${host} is in use by another process`,
  EACCES: (_, port, name) => `${name}: this user may not listen on ${port}`,
  EADDRNOTAVAIL: (host) => `HOST: this machine has no address ${host}`,
};
