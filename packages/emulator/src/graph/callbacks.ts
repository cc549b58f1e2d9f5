import type { GraphError } from "./graph-error.ts";

/** Whose webhooks go to a URL of their own. */
export type CallbackScope = { readonly wabaId: string } | { readonly phoneNumberId: string };

/** Where webhooks of an account or a number go instead of the app's URL. */
export interface Callbacks {
  /** Asks the URL for its consent first. Returns why it did not give it. */
  set(scope: CallbackScope, url: string, verifyToken: string): Promise<string | undefined>;
  clear(scope: CallbackScope): void;
}

/** Sets a URL, or goes back to the app's if there is none (Graph API, "Webhooks": overrides). */
export async function changeCallback(
  callbacks: Callbacks,
  scope: CallbackScope,
  url: string,
  verifyToken: string,
): Promise<GraphError | undefined> {
  if (url === "") {
    callbacks.clear(scope);
    return undefined;
  }
  if (!URL.canParse(url)) return { code: 100, message: "Invalid callback URI format" };
  const refusal = await callbacks.set(scope, url, verifyToken);
  return refusal === undefined
    ? undefined
    : { code: 2200, message: `Callback verification failed with the following errors: ${refusal}` };
}
