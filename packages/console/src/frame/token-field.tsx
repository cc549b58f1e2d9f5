import type { Html } from "@message-sender/pages";

/** Says that a page of the console sent the form. Each form has one. */
export function TokenField({ token }: { token: string }): Html {
  return <input type="hidden" name="token" value={token} />;
}
