import { EmptyState, type Html, Region, type RenderedRegion } from "@message-sender/pages";

import { messagesHref, type Search } from "../frame/links.ts";
import type { Found } from "./find-messages.ts";
import { hasTrunkZero } from "./local-number.ts";
import { MessagesTable } from "./messages-table.tsx";
import { fromStart } from "./search.ts";
import { SearchForm } from "./search-form.tsx";

interface MessagesPageProps {
  readonly search: Search;
  readonly tenants: readonly string[];
  readonly problems: readonly string[];
  readonly found: RenderedRegion;
}

/** The list of messages. */
export function MessagesPage({ search, tenants, problems, found }: MessagesPageProps): Html {
  const every = fromStart(search);
  return (
    <div class="column">
      <div class="page-title">
        <h1>Messages</h1>
        {problems.length === 0 && canChangeMany(search) && (
          <div class="toolbar">
            <a class="button" href={messagesHref(every, "many", { action: "cancel" })}>
              Cancel these…
            </a>
            <a class="button" href={messagesHref(every, "many", { action: "resend" })}>
              Resend these…
            </a>
          </div>
        )}
      </div>
      <section class="panel">
        <SearchForm search={search} tenants={tenants} />
        {problems.length > 0 && (
          <p class="form-error" role="alert">
            {problems.join("; ")}
          </p>
        )}
        <Region of={found} />
      </section>
    </div>
  );
}

/** A filter that somebody left out by mistake must not mean everything. */
export function canChangeMany(search: Search): boolean {
  return Object.keys(fromStart(search)).length > 0;
}

/** What was found: the part of the page that changes. */
export function FoundMessages({ search, found }: { search: Search; found: Found }): Html {
  const { messages, nextCursor, meaning, pauses } = found;
  const older =
    nextCursor === undefined ? undefined : { ...search, cursor: nextCursor, ...(meaning && { as: meaning.what }) };
  return (
    <>
      {meaning && messages.length > 0 && (
        <p class="note">
          Found by {meaning.what}.{search.cursor === undefined && " Newest first."}
        </p>
      )}
      {messages.length > 0 && (
        <MessagesTable messages={messages} caption="Messages, the newest first" {...(pauses && { pauses })} />
      )}
      {messages.length === 0 && <Nothing search={search} found={found} />}
      <nav class="pager" aria-label="Pages">
        {search.cursor !== undefined && (
          <a class="button" href={messagesHref(fromStart(search))}>
            Newest
          </a>
        )}
        {older && (
          <a class="button" href={messagesHref(older)} rel="next">
            {messages.length > 0 ? "Older" : "Look further back"}
          </a>
        )}
      </nav>
    </>
  );
}

function Nothing({ search, found: { triedAs, nextCursor, suggestions = [] } }: { search: Search; found: Found }): Html {
  if (nextCursor !== undefined)
    return (
      <EmptyState title="None among the latest 10,000 messages">
        <p>Older ones have not been looked at yet.</p>
      </EmptyState>
    );
  if (Object.keys(search).length === 0)
    return (
      <EmptyState title="No messages yet">
        <p>A message appears here as soon as it is sent.</p>
      </EmptyState>
    );
  const isLocal = hasTrunkZero(search.q);
  return (
    <EmptyState title="Nothing found">
      {triedAs && triedAs.length > 0 && <p>Looked for it as {listed(triedAs)}.</p>}
      {isLocal && <p>{search.q} has no country code: put it in place of the 0, such as +62.</p>}
      {suggestions.map((q) => (
        <p>
          Look for <a href={messagesHref({ ...fromStart(search), q })}>{q}</a>
        </p>
      ))}
      {triedAs?.includes("number") && !isLocal && (
        <p>Numbers are looked up as they were sent to, with the country code.</p>
      )}
      <p>Messages are forgotten when their retention time is over.</p>
    </EmptyState>
  );
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
