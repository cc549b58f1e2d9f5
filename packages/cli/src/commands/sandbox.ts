import { startSandbox } from "@message-sender/emulator";
import { endSignal, exitCode } from "@message-sender/server/process";

/** Runs only the emulators, for a server or a test suite that runs elsewhere. */
export async function sandbox({ port }: { port: number }): Promise<number> {
  const ending = endSignal();
  const running = await startSandbox(
    port === 0 ? {} : { ports: { graph: port, tenant: port + 1, conversation: port + 2 } },
  );
  process.stdout.write(
    [
      "WhatsApp, a Tenant Service and a Conversation Service are emulated at these URLs. Point a server at them:",
      "",
      `export GRAPH_API_URL=${running.graphUrl}`,
      `export TENANT_SERVICE_URL=${running.tenantUrl}`,
      `export CONVERSATION_SERVICE_URL=${running.conversationUrl}`,
      "",
      `Control API of the sandbox: ${running.graphUrl}/__emulator/`,
      "",
    ].join("\n"),
  );
  await ending;
  await running.close();
  return exitCode.ok;
}
