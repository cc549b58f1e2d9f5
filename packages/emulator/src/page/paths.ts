/** Below it is what the page loads and sends; the page itself is at `/`. */
export const pagePath = "/__emulator/page";

/** The address of a view. */
export function viewHref(view: string, query: Readonly<Record<string, string | undefined>> = {}): string {
  const all = new URLSearchParams(view === "chats" ? {} : { view });
  for (const [name, value] of Object.entries(query)) if (value !== undefined) all.set(name, value);
  return all.size === 0 ? "/" : `/?${all.toString()}`;
}

/** The address of a chat. */
export function chatHref({ phoneNumberId, customer }: { phoneNumberId: string; customer: string }): string {
  return viewHref("chats", { chat: `${phoneNumberId}/${customer}` });
}

/** Where the form of an action is sent. */
export function actionHref(name: string): string {
  return `${pagePath}/act/${name}`;
}
