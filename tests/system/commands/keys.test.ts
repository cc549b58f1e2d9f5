import { chmod, readFile, stat } from "node:fs/promises";

import { request } from "undici";
import { describe, expect, it } from "vitest";

import { apiKeysFile } from "../../support/api-keys.ts";
import { failureOf } from "../../support/command-failure.ts";
import { runInProcess } from "../../support/command-in-process.ts";
import { order, startService } from "../../support/running-service.ts";
import { serveHere } from "../../support/serve-here.ts";
import { exitOf, runCommand, serve } from "../../support/serve-process.ts";

const tenant = ["--tenant", order.tenant_id];
const crm = ["create", "--name", "CRM", ...tenant, "--scope", "send,read"];

/** The command with a file of its own. */
async function withFile() {
  const path = await apiKeysFile();
  const keys = (...args: string[]) => runInProcess(["keys", ...args], { API_KEYS_FILE: path });
  const json = async (...args: string[]) =>
    JSON.parse((await keys(...args, "--json")).stdout) as Record<string, unknown>;
  return { path, keys, json };
}

describe("message-sender keys", () => {
  it("prints a new key once, alone on standard output, and stores no more than its digest", async () => {
    const { path, keys } = await withFile();
    const { stdout, stderr } = await runCommand(["keys", ...crm], { API_KEYS_FILE: path });
    expect(stdout).toMatch(/^msk_[0-9A-Za-z]{49}\n$/);
    expect(stderr).toMatch(/^Created key_[0-9a-f]{16} \(CRM\) in .* store it as a secret\.\n$/);
    expect(await readFile(path, "utf8")).not.toContain(stdout.slice(8, -1));
    expect((await keys("list")).stdout).not.toContain(stdout.slice(8, -1));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("lists what is known about each key, as a table and as JSON", async () => {
    const { keys, json } = await withFile();
    const one = await json(...crm);
    const other = await json(
      ..."create --name Metrics --all-tenants --scope metrics --expires 2999-12-31 --rate 5 --burst 10".split(" "),
    );
    expect(Object.keys(one)).toEqual(["id", "key"]);
    const shared = { created_at: expect.any(String), last_used_at: null };
    expect(await json("list")).toEqual({
      keys: [
        {
          id: one["id"],
          name: "CRM",
          begins_with: String(one["key"]).slice(0, 8),
          tenants: [order.tenant_id],
          scopes: ["send", "read"],
          rate_limit: null,
          expires_at: null,
          ...shared,
        },
        {
          id: other["id"],
          name: "Metrics",
          begins_with: String(other["key"]).slice(0, 8),
          tenants: "all",
          scopes: ["metrics"],
          rate_limit: { requests_per_second: 5, burst: 10 },
          expires_at: "2999-12-31T00:00:00.000Z",
          ...shared,
        },
      ],
    });
    const [head, first] = (await keys("list")).stdout.split("\n");
    expect(head).toMatch(/^id +key +name +tenants +scopes +expires +last used$/);
    expect(first).toMatch(
      new RegExp(`^${String(one["id"])} +msk_....… +CRM +${order.tenant_id} +send,read +never +never$`),
    );
  });

  it("revokes a key by its id", async () => {
    const { keys, json } = await withFile();
    const { id } = await json(...crm);
    expect(await json("revoke", String(id))).toEqual({ id, revoked: true });
    expect(await json("list")).toEqual({ keys: [] });
    expect(await failureOf(keys("revoke", String(id)))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`has no key with the id ${String(id)}`),
    });
  });

  it("needs API_KEYS_FILE, and names it when the file cannot be used", async () => {
    const { path, keys } = await withFile();
    expect(await failureOf(runInProcess(["keys", "list"]))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^API_KEYS_FILE must be set/),
    });
    expect(await failureOf(keys("list"))).toMatchObject({
      code: 1,
      stderr: "API_KEYS_FILE: cannot be read (ENOENT): `message-sender keys create` makes it, with a first key\n",
    });
    await keys(...crm);
    await chmod(path, 0o644);
    for (const args of [["list"], crm, ["revoke", "key_x"]]) {
      expect(await failureOf(keys(...args))).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^API_KEYS_FILE: .*run chmod 600\n$/),
      });
    }
  });
});

describe("a server with API keys", () => {
  it("is used by the commands with MESSAGE_SENDER_API_KEY, and they say what is wrong with a key", async () => {
    const { path, keys, json } = await withFile();
    const { key, id } = await json(...crm);
    const { url } = await startService({ environment: { API_KEYS_FILE: path } });
    const send = (environment: Record<string, string>) =>
      runInProcess(["send", "--to", order.to, "--text", "Hello", ...tenant], {
        MESSAGE_SENDER_URL: url,
        ...environment,
      });
    const sent = JSON.parse((await send({ MESSAGE_SENDER_API_KEY: String(key) })).stdout) as { message_id: string };
    expect(sent).toMatchObject({ status: "sent" });
    for (const [environment, words] of [
      [{}, /HTTP 401\. .* Set MESSAGE_SENDER_API_KEY to an API key of that server\.\n$/],
      [{ MESSAGE_SENDER_API_KEY: "msk_canary" }, /HTTP 401\. .* The API key is the one in MESSAGE_SENDER_API_KEY\.\n$/],
    ] as const) {
      const failed = await failureOf(send(environment));
      expect(failed).toMatchObject({ code: 1, stderr: expect.stringMatching(words) });
      expect(JSON.parse(failed.stdout)).toMatchObject({ type: "/problems/unauthenticated", status: 401 });
      expect(failed.stderr).not.toContain("canary");
    }
    // The default tenant is not one of the key's.
    const acme = String((await json(...crm.with(4, "acme")))["key"]);
    const foreign = () =>
      runInProcess(["send", "--to", order.to, "--text", "Hello"], {
        MESSAGE_SENDER_URL: url,
        MESSAGE_SENDER_API_KEY: acme,
      });
    await expect
      .poll(() => failureOf(foreign()))
      .toMatchObject({ code: 1, stderr: expect.stringMatching(/\nGive --tenant and --outlet: /) });
    const replay = runInProcess(["history", "replay"], {
      MESSAGE_SENDER_URL: url,
      MESSAGE_SENDER_API_KEY: String(key),
    });
    expect(await failureOf(replay)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /HTTP 403\. This needs the scope admin\. The API key is the one in MESSAGE_SENDER_API_KEY\./,
      ),
    });
    const used = async () => {
      const { keys: listed } = (await json("list")) as { keys: { id: string; last_used_at: string | null }[] };
      return listed.find((each) => each.id === id)?.last_used_at;
    };
    await expect.poll(used, { interval: 200 }).toEqual(expect.any(String));
    expect((await keys("list")).stdout).toMatch(/ 20\d\d-\d\d-\d\dT[\d:.]+Z$/m);
  });

  it("listens on any address, follows the command, and starts again with the same keys", async () => {
    const { path, json } = await withFile();
    const { key, id } = await json(...crm);
    const environment = { API_KEYS_FILE: path, HOST: "0.0.0.0", LOG_LEVEL: "info" };
    const server = await serve(["--sandbox"], environment);
    const url = server.url.replace("0.0.0.0", "127.0.0.1");
    const statusFor = async (given: unknown) => {
      const answer = await request(`${url}/api/v1/messages/none`, {
        headers: { authorization: `Bearer ${String(given)}` },
      });
      await answer.body.dump();
      return answer.statusCode;
    };
    expect(await statusFor(key)).toBe(404);
    const next = await json(...crm);
    await expect.poll(() => statusFor(next["key"]), { interval: 50 }).toBe(404);
    await json("revoke", String(id));
    await expect.poll(() => statusFor(key), { interval: 50 }).toBe(401);
    await expect.poll(() => server.printed()).toContain(`"caller":"${String(id)}"`);
    expect(server.printed()).not.toContain(String(key).slice(8));
    server.child.kill("SIGTERM");
    expect(await exitOf(server.child)).toBe(0);
  });

  it.each([
    ["is missing", async () => {}, /cannot be read \(ENOENT\): `message-sender keys create`/],
    ["is accessible to everyone", (path: string) => chmod(path, 0o644), /run chmod 600/],
  ])("does not start if the file %s", async (_, damage, words) => {
    const { path, keys } = await withFile();
    if (words.source.includes("chmod")) await keys(...crm);
    await damage(path);
    const started = serveHere({ API_KEYS_FILE: path, TENANT_SERVICE_URL: "http://127.0.0.1:9" });
    await expect(started).rejects.toThrow(/^createService: apiKeysFile: /);
    await expect(started).rejects.toThrow(words);
  });
});

describe("a server whose file of keys changes", () => {
  it("says in its log which were added and revoked, and shows none", async () => {
    const { path, json } = await withFile();
    const first = await json(...crm);
    const { log } = await startService({ environment: { API_KEYS_FILE: path } });
    const reloads = () =>
      log.filter((line) => line.includes("API keys reloaded")).map((line) => JSON.parse(line) as unknown);
    const second = await json(...crm);
    await expect.poll(reloads).toEqual([expect.objectContaining({ level: 30, keys: 2, keys_added: [second["id"]] })]);
    await json("revoke", String(first["id"]));
    await expect.poll(reloads).toHaveLength(2);
    expect(reloads()[1]).toMatchObject({ keys: 1, keys_revoked: [first["id"]] });
    expect(reloads()[1]).not.toHaveProperty("keys_added");
    for (const { key } of [first, second]) expect(log.join("\n")).not.toContain(String(key).slice(8));
  });
});
