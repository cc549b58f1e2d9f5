import type { IncomingMessage } from "node:http";

import type { MessageSender, UploadMediaCommand } from "@message-sender/core";
import type { Clock } from "@message-sender/core/adapter";
import { mediaTypes } from "@message-sender/core/content";
import { bodyPieces } from "../bodies/body-pieces.ts";
import { type MediaForm, mostBeside, openMediaForm } from "./media-form.ts";
import { mediaRoute } from "./media-route.ts";
import { type Problem, tenantNotFound } from "../problems/problem.ts";
import type { RespondFailure } from "../requests/respond-failure.ts";
import { respondJson, respondProblem } from "../requests/respond.ts";
import type { Routes } from "../routes/routes.ts";

/** Whether a request is a media upload, whose body may take longer than others. */
export function isMediaUpload({ method, url = "" }: Pick<IncomingMessage, "method" | "url">): boolean {
  return method === mediaRoute.method && (url === mediaRoute.path || url.startsWith(`${mediaRoute.path}?`));
}

const largestFile = Math.max(...Object.values(mediaTypes).map(({ largestBytes }) => largestBytes));

const unsupported: Problem = {
  status: 415,
  type: "unsupported-media-type",
  detail: "The body must be multipart/form-data, without a content encoding.",
};
const tooLarge: Problem = { status: 413, type: "body-too-large", detail: "The file is larger than WhatsApp accepts." };

/** Streams the file of a form to WhatsApp. It is never held in memory as a whole. */
export function mountMediaUpload(
  routes: Routes,
  { sender, clock }: { sender: MessageSender; clock: Clock },
  fail: RespondFailure,
): void {
  async function uploadFrom(form: MediaForm, command: UploadMediaCommand) {
    try {
      return await sender.uploadMedia(command);
    } finally {
      form.close();
    }
  }

  routes.add(mediaRoute, async (c, caller) => {
    const contentType = c.req.header("content-type") ?? "";
    const encoding = c.req.header("content-encoding")?.toLowerCase() ?? "identity";
    if (!/^multipart\/form-data\s*(?:;|$)/i.test(contentType) || encoding !== "identity") {
      return respondProblem(c, unsupported);
    }
    const size = Math.max(0, Number(c.req.header("content-length") ?? 0) - mostBeside);
    if (size > largestFile) return respondProblem(c, tooLarge);
    const form = bodyPieces(c).andThen((pieces) => openMediaForm(contentType, pieces, clock));
    if (form.isErr()) return respondProblem(c, form.error);
    const file = await form.value.file;
    if (file.isErr()) return respondProblem(c, file.error);
    if (!caller.sees(file.value.tenantId)) {
      form.value.close();
      return respondProblem(c, tenantNotFound);
    }
    const uploaded = await uploadFrom(form.value, { ...file.value, size });
    const problem = form.value.problem();
    if (problem) return respondProblem(c, problem);
    return uploaded.match(
      ({ mediaId, mimeType, size: bytes, expiresAt }) =>
        respondJson(c, { media_id: mediaId, mime_type: mimeType, size: bytes, expires_at: expiresAt.toISOString() }),
      (error) => fail(c, error),
    );
  });
}
