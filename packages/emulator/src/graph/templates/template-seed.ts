import { z } from "#zod";

/** Meta's categories of templates. */
export type TemplateCategory = "utility" | "marketing" | "authentication";

/** A template that exists in WhatsApp. */
export interface TemplateSeed {
  readonly name: string;
  readonly language: string;
  /** Default: utility. */
  readonly category?: TemplateCategory;
  /** The number of parameters in the body, or their names if they are named. Default: 0. */
  readonly body?: number | readonly string[];
  /** The type of the header's parameter. Default: the header has none. */
  readonly header?: "text" | "image" | "video" | "document" | "location" | "product";
  /** The buttons, by their index. `url` is one whose URL ends in a parameter. Default: none. */
  readonly buttons?: readonly TemplateButtonSeed[];
  /** Default: approved. */
  readonly status?: TemplateStatus;
}

/** A button of a seeded template. */
export type TemplateButtonSeed = "url" | "quick_reply";
/** What Meta says of a template. */
export type TemplateStatus = "approved" | "pending" | "rejected" | "paused" | "disabled";

export const templatesSchema: z.ZodType<readonly TemplateSeed[]> = z.array(
  z.strictObject({
    name: z.string().min(1),
    language: z.string().min(1),
    category: z.enum(["utility", "marketing", "authentication"]).exactOptional(),
    body: z.union([z.int().min(0), z.array(z.string().min(1))]).exactOptional(),
    header: z.enum(["text", "image", "video", "document", "location", "product"]).exactOptional(),
    buttons: z
      .array(z.enum(["url", "quick_reply"]))
      .max(10)
      .exactOptional(),
    status: z.enum(["approved", "pending", "rejected", "paused", "disabled"]).exactOptional(),
  }),
);
