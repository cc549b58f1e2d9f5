import { end, start } from "../stranger/shell.ts";
import { installAlone } from "./install-alone.ts";
import type { Tarball } from "./pack.ts";

/** 6.9 MB on 29 November 2026, and room. */
const mostBytes = 8_000_000;

/** Installs the command in an empty project, and runs its server and its emulator there: it needs nothing else. Returns what is wrong. */
export async function commandAlone(root: string, folder: string, tarballs: readonly Tarball[]): Promise<string> {
  const wrong = await installAlone({ name: "cli", mostBytes }, root, folder, tarballs);
  return wrong || (await checkServer(folder)) || checkEmulator(folder);
}

async function checkServer(folder: string): Promise<string> {
  const variables = { PORT: "0", DATABASE_URL: "sqlite:messages.db", LOG_FORMAT: "json" };
  const line = /listening on (http:[^"\s]+)/;
  const running = await start("npx message-sender serve --sandbox", { folder, variables }, line);
  const url = running.match[1] ?? "";
  try {
    const answers = await Promise.all([
      sendThrough(url),
      ...["/readyz", "/openapi.json"].map((path) => fetch(url + path)),
    ]);
    const pages = await Promise.all(["/docs", "/console"].map((path) => failuresOf(url + path)));
    return [...answers.flatMap(failureOf), ...pages.flat()].join("\n");
  } finally {
    await end(running);
  }
}

async function checkEmulator(folder: string): Promise<string> {
  const running = await start("npx message-sender sandbox --port 0", { folder }, /WhatsApp\D*(http:[^"\s]+)/);
  try {
    return (await failuresOf(running.match[1] ?? "")).join("\n");
  } finally {
    await end(running);
  }
}

/** What a page and the styles and scripts that it names answer, but for 200. */
async function failuresOf(url: string): Promise<readonly string[]> {
  const page = await fetch(url, { headers: { accept: "text/html" } });
  const names = [...(await page.text()).matchAll(/(?:src|href)="([^"]+\.(?:css|js|svg))"/g)];
  if (names.length === 0) return [...failureOf(page), `${url} names no style and no script`];
  const parts = await Promise.all(names.map(([, name = ""]) => fetch(new URL(name, page.url))));
  return [page, ...parts].flatMap(failureOf);
}

function failureOf({ status, url }: Response): readonly string[] {
  return status === 200 ? [] : [`${url} answers ${status}`];
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
