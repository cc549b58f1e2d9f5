/** What became of a form. */
export interface FormOutcome {
  /** HTTP status; 400 and above: the form was refused. Default: 200. */
  readonly status?: number;
  /** A sentence for whoever sent it. */
  readonly says: string;
  /** Where to go on. Default: where the form was. */
  readonly go?: string;
}

/**
 * Answers a form. The page's script asks for JSON and shows the sentence in place; without the script, the browser is sent
 * to `go` or `back`, and of a refusal the sentence is all there is. Both are paths of this origin.
 */
export function formAnswer(headers: Headers, back: string, outcome: FormOutcome): Response {
  const { status = 200, says, go } = outcome;
  const own = { "cache-control": "no-store", "x-content-type-options": "nosniff" };
  if (headers.get("accept")?.includes("application/json")) {
    return Response.json(go === undefined ? { says } : { says, go }, { status, headers: own });
  }
  if (status >= 400)
    return new Response(says, { status, headers: { ...own, "content-type": "text/plain; charset=utf-8" } });
  return new Response(null, { status: 303, headers: { ...own, location: go ?? back } });
}
