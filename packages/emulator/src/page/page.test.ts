import { expect, test } from "vitest";

import { budi, budisChat, openPage } from "../../test/open-page.ts";

const views = [
  "/",
  budisChat,
  ...["templates", "faults", "limits", "webhooks", "requests", "sandbox"].map((view) => `/?view=${view}`),
];
const bad = `"'><img src=x onerror=alert(1)><script>alert(2)</script>`;

test("markup in names, texts, files, templates, buttons, faults and paths is text in every view", async () => {
  const { call, send, show, graph, faults } = await openPage({
    templates: [
      { name: bad, language: bad },
      { name: "order", language: "en", body: 1 },
    ],
  });
  await call("POST", "/customers/628123456/messages", { text: bad, profileName: bad, phoneNumberId: "123" });
  await call("POST", "/customers/628123456/messages", { document: { filename: bad, caption: bad, mimeType: bad } });
  await call("POST", "/customers/628123456/messages", {
    contacts: [{ name: { formatted_name: bad }, urls: [{ url: "javascript:alert(3)" }] }],
  });
  await call("POST", "/customers/628123456/messages", { message: { type: bad, [bad]: bad } });
  await send({ text: { body: `${bad} *${bad}* https://example.com/${bad}` } });
  await send({ type: "document", document: { link: "https://example.com/a.pdf", filename: bad, caption: bad } });
  const components = [{ type: "body", parameters: [{ type: "text", text: bad }] }];
  await send({ type: "template", template: { name: "order", language: { code: "en" }, components } });
  await send({
    type: "interactive",
    interactive: {
      type: "button",
      body: { text: bad },
      action: { buttons: [{ type: "reply", reply: { id: bad, title: "<b>Yes</b>" } }] },
    },
  });
  await graph.app.request(`/${encodeURIComponent(bad)}`, { headers: { authorization: bad, "user-agent": bad } }, {});
  faults.add({ target: "graph", match: { to: bad }, effect: { graphError: 1, details: bad } });
  for (const path of [...views, `/?chat=${encodeURIComponent(`${bad}/${bad}`)}`]) {
    const html = await show(path);
    expect(html, path).toContain("</html>");
    expect(html, path).not.toMatch(/<img src=x|<script>alert|<b>Yes|href="javascript:/);
    expect(html.replace(/"[^"]*"/g, `""`), path).not.toMatch(/<[^>]*\son\w+=/);
  }
});

test("every view has its title, and the policy of pages", async () => {
  const { answer } = await openPage();
  const titles = new Set<string>();
  for (const path of views) {
    const response = await answer(new Request(`http://localhost:4500${path}`));
    expect(response.status).toBe(200);
    expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'none'/);
    titles.add(/<title>(.*?)<\/title>/.exec(await response.text())?.[1] ?? "");
  }
  expect(titles.size).toBe(views.length);
  for (const path of ["/?view=none", "/?view=constructor", "/__emulator/page/none"]) {
    expect((await answer(new Request(`http://localhost:4500${path}`))).status, path).toBe(404);
  }
});

test("every view links to what lies beside the emulator", async () => {
  const { show } = await openPage();
  for (const view of views) expect(await show(view)).toContain('<a href="http://127.0.0.1:3000/console">Console</a>');
});

test("forms of other origins are refused, whatever they say", async () => {
  const { submit, chats } = await openPage();
  for (const headers of [
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: "http://localhost:3000" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
  ]) {
    expect(await submit("write", { ...budi, text: "Hi" }, headers), JSON.stringify(headers)).toMatchObject({
      status: 403,
    });
  }
  expect(chats.all()).toEqual([]);
});

test("what is wrong with a form is said in words", async () => {
  const { submit } = await openPage();
  expect(await submit("write", budi)).toEqual({ status: 400, says: "The text is missing." });
  expect(await submit("press", { ...budi, offer: "No" })).toMatchObject({ status: 409, says: /None has any/ });
  expect(await submit("submit", { ...budi, values: "{" })).toEqual({ status: 400, says: "The values are not JSON." });
  expect(await submit("limits", { throughputOf: "none" })).toMatchObject({ status: 400 });
  expect(await submit("clock", { by: "-1", unit: "days" })).toMatchObject({ status: 400 });
  expect(await submit("import", {})).toEqual({ status: 400, says: "Choose the file of a snapshot." });
  expect(await submit("none", {})).toMatchObject({ status: 404 });
  expect(await submit("constructor", {})).toMatchObject({ status: 404 });
});

test("without script, a form leads back to where it was, and never elsewhere", async () => {
  const { answer } = await openPage();
  const send = async (referer: string) => {
    const headers = { accept: "text/html", origin: "http://localhost:4500", referer };
    const body = new URLSearchParams({ ...budi, text: "Hi" });
    const response = await answer(
      new Request("http://localhost:4500/__emulator/page/act/write", { method: "POST", headers, body }),
    );
    return [response.status, response.headers.get("location")];
  };
  expect(await send(`http://localhost:4500${budisChat}`)).toEqual([303, budisChat]);
  expect(await send("http://localhost:4500//evil.example/?view=faults")).toEqual([303, "/?view=faults"]);
  expect(await send("https://evil.example/")).toEqual([303, "/"]);
});
