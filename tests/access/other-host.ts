import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import type { ClientAnswer, ClientRequest } from "./client.ts";

const program = ["--conditions=@message-sender/source", new URL("client.ts", import.meta.url).pathname];

/** A host of its own, as far as the network is concerned, which is joined to this one by a cable. */
export interface OtherHost {
  /** The address of this host on the cable. */
  readonly here: string;
  fetch(request: ClientRequest): Promise<ClientAnswer>;
  close(): Promise<void>;
}

/** Makes a network namespace and a client in it. Linux only, and only root may. */
export async function createOtherHost(): Promise<OtherHost> {
  const name = `ms-${process.pid}`;
  const [here, there] = ["198.18.77.1", "198.18.77.2"];
  await ip(`netns add ${name}`);
  await ip(`link add ${name} type veth peer name eth0 netns ${name}`);
  await ip(`addr add ${here}/30 dev ${name}`);
  await ip(`link set ${name} up`);
  await ip(`-n ${name} addr add ${there}/30 dev eth0`);
  await ip(`-n ${name} link set eth0 up`);
  const client = spawn("ip", ["netns", "exec", name, process.execPath, ...program], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const answers = createInterface({ input: client.stdout })[Symbol.asyncIterator]();

  return {
    here,
    async fetch(request) {
      client.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await answers.next();
      if (done === true) throw new Error("the client on the other host has ended");
      return JSON.parse(value) as ClientAnswer;
    },
    async close() {
      client.stdin.end();
      await ended(client);
      await ip(`netns del ${name}`);
    },
  };
}

async function ip(command: string): Promise<void> {
  const child = spawn("ip", command.split(" "), { stdio: "inherit" });
  const code = await ended(child);
  if (code !== 0) throw new Error(`ip ${command}: exit code ${String(code)}; network namespaces need root`);
}

async function ended(child: ChildProcess): Promise<unknown> {
  if (child.exitCode !== null) return child.exitCode;
  const [code] = (await once(child, "exit")) as [unknown];
  return code;
}
