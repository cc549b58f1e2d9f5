import { connect } from "node:net";

import { startSandbox } from "@message-sender/emulator";
import { request } from "undici";
import { describe, expect, it, onTestFinished } from "vitest";

import { order } from "../../support/running-service.ts";
import { exitOf, post, serve, settingsFor } from "../../support/serve-process.ts";

describe("SIGTERM", () => {
  it.each([0, 40, 120])("%i ms after the start of 600 calls leaves none without an answer", async (afterMs) => {
    const sandbox = await startSandbox();
    onTestFinished(() => sandbox.close());
    const { child, url } = await serve([], {
      ...settingsFor(sandbox),
      LOG_LEVEL: "error",
    });
    const call = async (): Promise<string> => {
      try {
        const answer = await post(url);
        await answer.body.dump();
        return `${answer.statusCode}${answer.headers["retry-after"] === undefined ? "" : ", come again"}`;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code ?? String(error);
      }
    };
    const calls = Array.from({ length: 600 }, call);
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    child.kill("SIGTERM");
    const answers = await Promise.all(calls);
    // A client that has not connected by then is refused, and knows that nothing was sent.
    expect(answers.filter((answer) => !["200", "503, come again", "ECONNREFUSED"].includes(answer))).toEqual([]);
    expect(sandbox.graph.messageCount).toBe(answers.filter((answer) => answer === "200").length);
    expect(await exitOf(child)).toBe(0);
  });
});

describe("a server with a heap of 512 MB", () => {
  it("survives and answers others while eight clients keep requesting 60 KB and never read", async () => {
    const { child, url } = await serve(["--sandbox"], {
      NODE_OPTIONS: "--max-old-space-size=512",
      LOG_LEVEL: "silent",
    });
    const phones = Array.from({ length: 1000 }, (_, number) => ({ phone: `+62812${number}`, type: "a".repeat(18) }));
    const contacts = [{ name: { formatted_name: "Anna", first_name: "Anna" }, phones }];
    const sent = await request(`${url}/api/v1/messages/send`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...order, message_type: "contacts", message: contacts }),
    });
    expect(sent.statusCode).toBe(200);
    const { message_id } = (await sent.body.json()) as { message_id: string };
    const path = `/api/v1/messages/${message_id}`;
    expect((await (await request(`${url}${path}`)).body.text()).length).toBeGreaterThan(50_000);

    const many = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`.repeat(1000);
    for (let number = 0; number < 8; number += 1) {
      const socket = connect(Number(new URL(url).port), "127.0.0.1");
      onTestFinished(() => void socket.destroy());
      const fill = (): void => {
        while (socket.writable && socket.write(many));
      };
      socket
        .pause()
        .on("error", () => {})
        .on("connect", fill)
        .on("drain", fill);
    }
    for (let second = 0; second < 12; second += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      expect((await request(`${url}/healthz`)).statusCode).toBe(200);
      expect((await post(url)).statusCode).toBe(200);
    }
    expect(child.exitCode).toBe(null);
  });
});
