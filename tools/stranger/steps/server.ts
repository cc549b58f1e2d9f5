import { networkInterfaces } from "node:os";

import { expected } from "../expect.ts";
import { end, run, type Running, start, type Terminal } from "../shell.ts";

/** A running server, and a terminal from which its operator works. */
export interface Server {
  /** As another machine would call it, where this one has a network. */
  readonly url: string;
  /** Where its files are. */
  readonly folder: string;
  readonly terminal: Terminal;
  printed(): string;
  stop(): Promise<void>;
}

/** Starts the server as docs/deploy.md does, on every address and a free port. Commands run where the command is installed. */
export async function serve(
  place: Terminal,
  { project = place }: { readonly project?: Terminal } = {},
): Promise<Server> {
  const started = await start(
    "message-sender serve",
    { ...place, project: project.folder },
    /\blistening on http:\/\/0\.0\.0\.0:(\d+)/,
  );
  const url = `http://${address()}:${started.match[1]}`;
  const { status } = await fetch(`${url}/readyz`);
  expected(`${url}/readyz is answered with 200`, status === 200, status);
  return {
    url,
    folder: place.folder,
    terminal: { ...project, variables: { ...project.variables, MESSAGE_SENDER_URL: url } },
    printed: started.printed,
    stop: () => stop(started),
  };
}

/** The terminal of somebody who exported a key. */
export function withKey({ terminal }: Server, key: string): Terminal {
  return { ...terminal, variables: { ...terminal.variables, MESSAGE_SENDER_API_KEY: key } };
}

/** Checks a server as docs/deploy.md says. */
export async function doctor({ terminal }: Server): Promise<void> {
  await run("npx message-sender doctor", terminal);
}

async function stop(running: Running): Promise<void> {
  const code = await end(running);
  expected("the server ends with exit code 0 at SIGTERM", code === 0, { code, printed: running.printed() });
}

function address(): string {
  const addresses = Object.values(networkInterfaces()).flat();
  return addresses.find((each) => each?.family === "IPv4" && !each.internal)?.address ?? "127.0.0.1";
}
