import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { z } from "zod";

import { optionsSchema } from "../control/options-schema.ts";
import type { SandboxOptions } from "../sandbox/sandbox-options.ts";

/** What the command line asks for. */
export type Command = { readonly help: true } | { readonly version: true } | Start;

interface Start {
  readonly options: SandboxOptions;
  /** Whether it starts with sample chats. */
  readonly samples: boolean;
}

export const help = `Usage: message-sender-emulator [options]

Emulates the WhatsApp Cloud API on this machine, until SIGTERM or SIGINT.

  --port <number>          port of WhatsApp (default: 4500; 0: any free one)
  --host <address>         address to listen on (default: 127.0.0.1)
  --allowed-host <name>    another name under which the control API answers, such as a container's; may be repeated
  --webhook-url <url>      where webhooks go; needs --app-secret
  --app-secret <secret>    what signs them
  --options <file>         further options of startSandbox, as JSON: limits, templates, tenants, webhooks and others
  --tls-cert <file>        serves https with this certificate; needs --tls-key
  --tls-key <file>         its private key
  --samples                starts with sample numbers, templates and chats (default: at a terminal); --no-samples: empty
  --help                   shows this text
  --version                shows the version
`;

/** What is wrong with the command line, in words for its user. */
export class UsageProblem extends Error {
  override readonly name = "UsageProblem";
}

const defaultPort = 4500;

/** `isTerminal`: a person reads what the program prints. */
export function parseCommand(args: readonly string[], isTerminal: boolean): Command {
  const given = read(args);
  if (given.help) return { help: true };
  if (given.version) return { version: true };
  const { host, "allowed-host": allowedHosts, "webhook-url": url, "app-secret": appSecret } = given;
  if ((url === undefined) !== (appSecret === undefined)) {
    throw new UsageProblem("--webhook-url and --app-secret are required together");
  }
  const file = given.options === undefined ? {} : optionsIn(given.options);
  return {
    samples: given.samples ?? isTerminal,
    options: {
      ...file,
      ...(url !== undefined && appSecret !== undefined && { webhooks: { ...file.webhooks, url, appSecret } }),
      ...(host !== undefined && { host }),
      ...(allowedHosts && { allowedHosts }),
      ...tlsOf(given),
      ports: { graph: portOf(given.port) },
    },
  };
}

function read(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: text,
        host: text,
        "allowed-host": { type: "string", multiple: true },
        "webhook-url": text,
        "app-secret": text,
        options: text,
        "tls-cert": text,
        "tls-key": text,
        samples: flag,
        help: flag,
        version: flag,
      },
      allowNegative: true,
    }).values;
  } catch (cause) {
    throw new UsageProblem(cause instanceof Error ? cause.message : String(cause));
  }
}

function portOf(text = String(defaultPort)): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageProblem(`--port must be a number from 0 to 65535, and is ${JSON.stringify(text)}`);
}

function optionsIn(path: string): Pick<SandboxOptions, "webhooks"> {
  try {
    const parsed = optionsSchema.parse(JSON.parse(textIn(path)));
    return Object.fromEntries(Object.entries(parsed).filter(([, value]) => value !== null));
  } catch (cause) {
    if (cause instanceof z.ZodError) throw new UsageProblem(`--options ${path}:\n${z.prettifyError(cause)}`);
    if (cause instanceof SyntaxError) throw new UsageProblem(`--options ${path}: ${cause.message}`);
    throw cause;
  }
}

function tlsOf({ "tls-cert": cert, "tls-key": key }: { "tls-cert"?: string; "tls-key"?: string }) {
  if ((cert === undefined) !== (key === undefined)) {
    throw new UsageProblem("--tls-cert and --tls-key are required together");
  }
  return cert === undefined || key === undefined ? {} : { tls: { cert: textIn(cert), key: textIn(key) } };
}

function textIn(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new UsageProblem(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}
