import { z } from "zod";

import { identifierField } from "../fields/request-field.ts";
import { defineRoute } from "../routes/route.ts";

/** Describes the form. `openMediaForm` checks it while it arrives, which a schema cannot do. */
const mediaForm = z
  .strictObject({
    tenant_id: identifierField,
    outlet_id: identifierField.describe("The outlet whose WhatsApp number will send the file."),
    file: z.file().describe("The file, after the other fields. Its type is that of the part, or of its file name."),
  })
  .meta({ id: "MediaForm" });

export const mediaRoute = defineRoute({
  method: "POST",
  path: "/api/v1/media",
  scope: "send",
  operation: "uploadMedia",
  tag: "Media",
  summary: "Upload a file to WhatsApp",
  description:
    'Streams a file to WhatsApp, which keeps it for 30 days. Send it by its `media_id`: `{"id": …}` in an image, video, audio, document or sticker message. Nothing is stored here. It is safe to repeat.',
  body: {
    schema: mediaForm,
    mediaType: "multipart/form-data",
    examples: {
      "an image": {
        tenant_id: "0b9d4a3e-6c1f-4f0a-9d53-7a1c2e3f4a01",
        outlet_id: "0b9d4a3e-6c1f-4f0a-9d53-7a1c2e3f4a02",
        file: "(the bytes of the file)",
      },
    },
  },
  answers: {
    200: {
      description: "WhatsApp has the file.",
      schema: z
        .object({
          media_id: z.string(),
          mime_type: z.string(),
          size: z.number().int().min(0).describe("Bytes."),
          expires_at: z.iso.datetime().describe("When WhatsApp deletes the file."),
        })
        .meta({ id: "UploadedMedia" }),
      examples: {
        "an image": {
          media_id: "4490709327384033",
          mime_type: "image/jpeg",
          size: 183042,
          expires_at: "2025-12-21T10:00:00.000Z",
        },
      },
    },
  },
  problems: [
    "not-found",
    "message-rejected",
    "rate-limited",
    "delivery-failed",
    "credentials-rejected",
    "unavailable",
    "outcome-unknown",
  ],
});
