import type { Tarball } from "./pack.ts";
import { installAlone } from "./install-alone.ts";
import { withProgram } from "./with-program.ts";

/** It took 6.7 MB. */
const mostBytes = 8_000_000;

/** What a page needs that the bundle does not contain: migrations, styles and scripts, packed texts. */
const pages = ["/readyz", "/docs", "/docs/scalar.js", "/openapi.json", "/console"];

/** Installs the command in an empty project, and runs its server there: it needs nothing else. Returns what is wrong. */
export async function commandAlone(root: string, folder: string, tarballs: readonly Tarball[]): Promise<string> {
  const wrong = await installAlone({ name: "cli", mostBytes }, root, folder, tarballs);
  return wrong || serve(folder);
}

function serve(cwd: string): Promise<string> {
  const env = { PORT: "0", DATABASE_URL: "sqlite:messages.db", LOG_FORMAT: "json" };
  const command = ["message-sender", "serve", "--sandbox"];
  return withProgram({ command, cwd, env, started: /listening on (http:[^"\s]+)/ }, async (url) => {
    const answers = await Promise.all([
      sendThrough(url),
      ...pages.map((path) => fetch(`${url}${path}`, { headers: { accept: "text/html, */*" } })),
    ]);
    return answers.flatMap((answer) => (answer.ok ? [] : [`${answer.status} ${answer.url}`])).join("\n");
  });
}

function sendThrough(url: string): Promise<Response> {
  return fetch(`${url}/api/v1/messages/send`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      tenant_id: "acme",
      outlet_id: "jakarta-1",
      conversation_id: "budi",
      to: "+628123456789",
      message: "Hello!",
      message_type: "text",
    }),
  });
}
