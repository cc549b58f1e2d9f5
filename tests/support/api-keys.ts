import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createKey, type NewApiKey } from "@message-sender/http-adapter/api-keys";
import { onTestFinished } from "vitest";

/** The path of a file of API keys, in a folder that is removed after the test. */
export async function apiKeysFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "api-keys-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, "keys.json");
}

/** Creates a key of all tenants and scopes, apart from what is said of it. */
export async function newKey(path: string, { ...change }: Partial<NewApiKey> = {}) {
  const { id, key } = (
    await createKey(path, {
      name: "of a test",
      tenants: "all",
      scopes: ["send", "read", "admin", "metrics", "console"],
      ...change,
    })
  )._unsafeUnwrap();
  return { id, key, bearer: { authorization: `Bearer ${key}` } };
}
