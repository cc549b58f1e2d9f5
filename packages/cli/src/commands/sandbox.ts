import { startSandbox } from "@message-sender/emulator";
import { endSignal, exitCode } from "@message-sender/server/process";

import { printProblem } from "../print.ts";

export interface SandboxOptions {
  readonly port: number;
  /** Whether it starts with sample chats. Default: at a terminal. */
  readonly samples?: boolean;
}

/** Runs only the emulators, for a server or a test suite that runs elsewhere. */
export async function sandbox({ port, samples }: SandboxOptions): Promise<number> {
  const ending = endSignal();
  const ports = { graph: port, tenant: port + 1, conversation: port + 2, callbacks: port + 3 };
  const running = await startSandbox(port === 0 ? {} : { ports }).catch((error: unknown) => {
    if (!isTaken(error)) throw error;
    printProblem(`--port: ${error.port} is in use by another process, and four ports from ${port} on are needed`);
  });
  if (!running) return exitCode.failed;
  if (samples ?? process.stdout.isTTY) await running.loadSamples();
  process.stdout.write(
    [
      "WhatsApp, a Tenant Service, a Conversation Service and a receiver of status callbacks are emulated at these URLs.",
      "Point a server at them:",
      "",
      `export GRAPH_API_URL=${running.graphUrl}`,
      `export TENANT_SERVICE_URL=${running.tenantUrl}`,
      `export CONVERSATION_SERVICE_URL=${running.conversationUrl}`,
      `export STATUS_CALLBACK_URL=${running.callbacks.url}`,
      `export CALLBACK_SECRET=${running.callbacks.secret}`,
      "export CALLBACK_ALLOW_PRIVATE=on",
      "",
      `Watch the chats, and answer as a customer: ${running.graphUrl}/`,
      `Control API of the sandbox: ${running.graphUrl}/__emulator/`,
      "",
    ].join("\n"),
  );
  await ending;
  await running.close();
  return exitCode.ok;
}

function isTaken(error: unknown): error is { readonly port: number } {
  return error instanceof Error && "port" in error && "code" in error && error.code === "EADDRINUSE";
}
