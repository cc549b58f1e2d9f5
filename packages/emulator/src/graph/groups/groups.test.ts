import { expect, it } from "vitest";

import { openCalls, unknownObject } from "../../../test/call-graph.ts";

const product = { messaging_product: "whatsapp" };

it("create a group, list groups, read a group, update a group, delete a group", async () => {
  const { call, refusal } = openCalls();
  const made = await call("POST 11/groups", { ...product, subject: "Friends", description: "Of shrubs" });
  expect(made).toEqual({ ...product, request_id: expect.any(String) });
  const { data } = await call("GET 11/groups");
  expect(data.groups).toEqual([{ id: expect.any(String), subject: "Friends", created_at: expect.any(String) }]);
  const [{ id }] = data.groups;
  expect(await call(`GET ${id}`)).toMatchObject({
    id,
    subject: "Friends",
    total_participant_count: 0,
    suspended: false,
  });
  expect(await call(`POST ${id}`, { ...product, subject: "Enemies" })).toEqual({ success: true });
  expect(await call(`GET ${id}?fields=subject`)).toEqual({ id, subject: "Enemies" });
  expect((await call("GET 12/groups")).data.groups).toEqual([]);
  expect(await call(`DELETE ${id}`)).toEqual({ success: true });
  expect(await refusal(`GET ${id}`)).toBe(unknownObject);
  expect((await call("GET 11/groups")).data.groups).toEqual([]);
  expect(await refusal("POST 11/groups", product)).toBe("100");
});

async function withGroup() {
  const graph = openCalls();
  await graph.call("POST 11/groups", { ...product, subject: "Friends" });
  const { data } = await graph.call("GET 11/groups");
  return { ...graph, id: data.groups[0].id as string };
}

it("make an invite link, read an invite link, delete an invite link", async () => {
  const { call, id } = await withGroup();
  const before = await call(`GET ${id}/invite_link`);
  const { invite_link: link } = await call(`POST ${id}/invite_link`, product);
  expect(link).not.toBe(before.invite_link);
  expect(await call(`GET ${id}/invite_link`)).toEqual({ ...product, invite_link: link });
  expect(await call(`DELETE ${id}/invite_link`, product)).toEqual({ ...product, success: "true" });
  expect(await call(`GET ${id}/invite_link`)).toEqual(product);
});

it("add participants, remove participants", async () => {
  const { call, id, refusal } = await withGroup();
  const users = (...numbers: string[]) => ({ ...product, participants: numbers.map((user) => ({ user })) });
  await call(`POST ${id}/participants`, users("+62 812", "62813"));
  expect(await call(`GET ${id}?fields=participants`)).toEqual({
    id,
    participants: [{ wa_id: "62812" }, { wa_id: "62813" }],
  });
  await call(`DELETE ${id}/participants`, users("62812"));
  expect(await call(`GET ${id}?fields=total_participant_count`)).toEqual({ id, total_participant_count: 1 });
  expect(await refusal(`POST ${id}/participants`, product)).toBe("100");
});

it("list join requests, approve join requests, reject join requests: there are none", async () => {
  const { call, id } = await withGroup();
  expect(await call(`GET ${id}/join_requests`)).toEqual({ data: [] });
  const request = { ...product, join_requests: ["a"] };
  expect(await call(`POST ${id}/join_requests`, request)).toMatchObject({
    approved_join_requests: [],
    failed_join_requests: [{ join_request_id: "a" }],
  });
  expect(await call(`DELETE ${id}/join_requests`, request)).toMatchObject({ rejected_join_requests: [] });
});
