import type { Dispatcher } from "undici";

/** Reads the text of an answer. Undefined if it is longer than `limit` bytes: the rest of it is left unread. */
export async function readAnswer(body: Dispatcher.ResponseData["body"], limit: number): Promise<string | undefined> {
  const { text, isWhole } = await readStart(body, limit);
  return isWhole ? text : undefined;
}

/** Reads the text of an answer, or its start of little more than `limit` bytes. */
export async function readStart(
  body: Dispatcher.ResponseData["body"],
  limit: number,
): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > limit) break;
  }
  return { text: Buffer.concat(chunks).toString(), isWhole: length <= limit };
}
