/** How far into a form its first fields may be. */
const mostBytes = 64 * 1024;

/** Reads the field `tenant_id` at the beginning of a form, and leaves the rest to be streamed. `body` is the whole form. */
export async function readTenantOfForm(form: ReadableStream<Uint8Array> | null) {
  if (!form) return { tenantId: undefined, body: undefined };
  const reader = form.getReader();
  const pieces: Uint8Array[] = [];
  let text = "";
  let tenantId: string | undefined;
  while (tenantId === undefined && text.length < mostBytes) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    text += Buffer.from(value).toString("latin1");
    tenantId = /name="tenant_id"(?:\r\n[^\r\n]+)*\r\n\r\n([^\r\n]*)\r\n/.exec(text)?.[1];
  }
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const piece = pieces.shift() ?? (await reader.read()).value;
      if (piece) controller.enqueue(piece);
      else controller.close();
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return { tenantId, body };
}
