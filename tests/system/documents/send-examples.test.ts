import { expect, it } from "vitest";

import { startService } from "../../support/running-service.ts";

interface Document {
  readonly paths: Readonly<
    Record<string, { readonly post: { readonly requestBody: { readonly content: Readonly<Record<string, Media>> } } }>
  >;
}
interface Media {
  readonly examples: Readonly<Record<string, { readonly summary: string; readonly value: SendBody }>>;
}
interface SendBody {
  readonly message_type: string;
  readonly message: { readonly type?: string };
}

it("every example of a send is accepted by WhatsApp's emulator, and every type has one", async () => {
  const { get, send } = await startService();
  const { paths } = (await get("/openapi.json")).body as unknown as Document;
  const media = paths["/api/v1/messages/send"]?.post.requestBody.content["application/json"];
  const examples = Object.values(media?.examples ?? {});
  for (const { summary, value } of examples) {
    expect(await send(value), summary).toMatchObject({ status: 200, body: { status: "sent" } });
  }
  const kinds = examples.map(({ value: { message_type, message } }) =>
    message_type === "interactive" ? message.type : message_type,
  );
  expect(new Set(kinds).size).toBeGreaterThanOrEqual(21);
});
