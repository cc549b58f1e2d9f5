/** A request to send a message, as WhatsApp got it. */
export interface Arrival {
  /** Monotonic, in milliseconds: when it was recorded. */
  readonly atMs: number;
  /** It cannot have arrived before that. */
  readonly earliestMs: number;
  readonly number: string;
  readonly to: string;
  readonly messageId: string;
  /** The attempt that the callback data names. */
  readonly attempt: number;
  /** The place of the message among those of its outlet, which its text names. */
  readonly place: number;
  readonly accepted: boolean;
}

const callbackDataForm = /^ms1:([^:]+):([0-9]+)$/;

export interface SendBody {
  readonly to?: string;
  readonly biz_opaque_callback_data?: string;
  readonly text?: { readonly body?: string };
}

/** When something arrived: not before the one, and not after the other. */
export type Between = Pick<Arrival, "earliestMs" | "atMs">;

export function arrivalOf({ earliestMs, atMs }: Between, number: string, body: SendBody, accepted: boolean): Arrival {
  const [, messageId = "", attempt = "0"] = callbackDataForm.exec(body.biz_opaque_callback_data ?? "") ?? [];
  const place = Number(body.text?.body);
  return { atMs, earliestMs, number, to: body.to ?? "", messageId, attempt: Number(attempt), place, accepted };
}
