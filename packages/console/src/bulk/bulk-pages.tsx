import type { Message } from "@message-sender/core";
import { Badge, type Html, Panel } from "@message-sender/pages";

import { FormButtons } from "../frame/form-buttons.tsx";
import { messagesHref, queryOf, type Search } from "../frame/links.ts";
import { TokenField } from "../frame/token-field.tsx";
import { MessagesTable } from "../messages/messages-table.tsx";
import { fromStart } from "../messages/search.ts";
import { countText } from "../words/figures.ts";
import type { Count, ManyAction } from "./plan.ts";
import type { ChangeRun } from "./run-change.ts";

const words = {
  cancel: { title: "Cancel messages", button: "Cancel", done: "canceled" },
  resend: { title: "Resend messages", button: "Resend", done: "queued again" },
} as const;

interface PreviewPageProps {
  readonly action: ManyAction;
  readonly search: Search;
  readonly until: Date;
  readonly counts: readonly Count[];
  readonly sample: readonly Message[];
  readonly formToken: string;
}

/** What a change of many messages would touch, and the button that does it. */
export function PreviewPage({ action, search, until, counts, sample, formToken }: PreviewPageProps): Html {
  const { title, button } = words[action];
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const isOne = counts.length === 1;
  return (
    <div class="column">
      <div class="page-title">
        <h1>{title}</h1>
      </div>
      <Panel title="What it will touch">
        <p>
          {filterWords(search).map(([name, value]) => (
            <span class="filter-word">
              <Badge>{name}</Badge> {value}
            </span>
          ))}
        </p>
        {total === 0 ? (
          <>
            <p>
              No message matches that could be changed: only{" "}
              {counts.map(({ status }) => status).join(" and ") || "other"} ones can.
            </p>
            <a class="button" href={messagesHref(fromStart(search))}>
              Back
            </a>
          </>
        ) : (
          <form method="post" action="/console/messages/many" class="stack">
            <TokenField token={formToken} />
            <input type="hidden" name="action" value={action} />
            <input type="hidden" name="search" value={queryOf(fromStart(search))} />
            <input type="hidden" name="until" value={until.toISOString()} />
            {counts.map(({ status, count, isMore }) => (
              <label class="check">
                <input
                  type="checkbox"
                  name={`status-${status}`}
                  checked={isOne || status !== "unknown"}
                  disabled={count === 0}
                />
                <span>
                  <strong>
                    {isMore ? "more than " : ""}
                    {countText(count)} {status}
                  </strong>
                  {status === "unknown" &&
                    count > 0 &&
                    ": they may have been sent already, and a resend may send them twice"}
                </span>
              </label>
            ))}
            <p class="note">
              Messages that are accepted from now on are not touched. What is done is recorded with your key.
            </p>
            <FormButtons back={messagesHref(fromStart(search))} isDangerous={action === "cancel"}>
              {button} {isOne ? `${countText(total)} ${total === 1 ? "message" : "messages"}` : "those chosen"}
            </FormButtons>
          </form>
        )}
      </Panel>
      {sample.length > 0 && (
        <Panel title="The newest of them">
          <MessagesTable messages={sample} caption="The newest messages that it will touch" />
        </Panel>
      )}
    </div>
  );
}

interface DonePageProps {
  readonly action: ManyAction;
  readonly search: Search;
  readonly run: ChangeRun;
  readonly form: Readonly<Record<string, string>>;
  readonly formToken: string;
}

/** What was done, and how to go on if there is more. */
export function DonePage({ action, search, run, form, formToken }: DonePageProps): Html {
  const { title, done } = words[action];
  const { matched, changed, isMore, stoppedBy } = run;
  const others = matched - changed;
  return (
    <div class="column narrow">
      <section class="panel">
        <h1>{title}</h1>
        <p role="status">
          <strong>
            {countText(changed)} {changed === 1 ? "message was" : "messages were"} {done}.
          </strong>
          {others > 0 && ` ${countText(others)} had changed meanwhile, or do not allow it.`}
        </p>
        {stoppedBy !== undefined && <p class="form-error">{stopped(stoppedBy)}</p>}
        {isMore && (
          <form method="post" action="/console/messages/many">
            <TokenField token={formToken} />
            {Object.entries(form)
              .filter(([name]) => name !== "token")
              .map(([name, value]) => (
                <input type="hidden" name={name} value={value} />
              ))}
            <p>There are more.</p>
            <button type="submit" class="primary">
              Go on
            </button>
          </form>
        )}
        <p>
          <a href={messagesHref(fromStart(search))}>Back to the messages</a>
        </p>
      </section>
    </div>
  );
}

function stopped(kind: string): string {
  if (kind === "QuotaExceeded") return "It stopped: the tenant's quota is used up.";
  return "It stopped: the store, or the quota service, is unavailable. Go on in a moment.";
}

function filterWords(search: Search): readonly (readonly [string, string])[] {
  return Object.entries(fromStart(search)).map(([name, value]) => [
    name === "q" ? "search" : name,
    value instanceof Date ? value.toISOString() : String(value),
  ]);
}
