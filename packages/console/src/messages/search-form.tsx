import { messageStatuses } from "@message-sender/core/adapter";
import { Field, type Html, Select } from "@message-sender/pages";

import { type Search, shortTime } from "./search.ts";

/** The search box, and the filters beside it. It works without script: the URL is the search. */
export function SearchForm({ search, tenants }: { search: Search; tenants: readonly string[] }): Html {
  const { q, tenant, outlet, conversation, status } = search;
  const isFiltered = [tenant, outlet, conversation, status, search.since, search.until].some(
    (each) => each !== undefined,
  );
  return (
    <form method="get" action="/console/messages" role="search" aria-label="Messages" class="search">
      <div class="search-line">
        <input
          type="search"
          name="q"
          value={q}
          aria-label="Search by number, message id, WhatsApp message id, reference or conversation"
          aria-describedby="search-hint"
          placeholder="+62 812…, message id, wamid, reference"
          autocomplete="off"
          spellcheck={false}
        />
        <button type="submit" class="primary">
          Search
        </button>
      </div>
      <p class="note" id="search-hint">
        A number in any form, with its country code: +62 812-3456-789 for 0812-3456-789.
      </p>
      <details class="filters" open={isFiltered}>
        <summary>Filters</summary>
        <div class="fields">
          <Field label="Status">
            <Select
              name="status"
              options={[["", "any"], ...messageStatuses.map((each) => [each, each] as const)]}
              value={status ?? ""}
            />
          </Field>
          <Field label="Tenant">
            <TenantField tenants={tenants} tenant={tenant} />
          </Field>
          <Field label="Outlet">
            <input name="outlet" value={outlet} />
          </Field>
          <Field label="Conversation">
            <input name="conversation" value={conversation} />
          </Field>
          <Field label="Since (UTC)">
            <input type="datetime-local" name="since" value={search.since && fieldTime(search.since)} />
          </Field>
          <Field label="Until (UTC)">
            <input type="datetime-local" name="until" value={search.until && fieldTime(search.until)} />
          </Field>
        </div>
        <div class="toolbar">
          <button type="submit">Apply</button>
          <a class="button plain" href="/console/messages">
            Clear
          </a>
        </div>
      </details>
    </form>
  );
}

/** As a date field takes it: without a zone, and without milliseconds. */
function fieldTime(time: Date): string {
  return shortTime(time).replace(/(?:\.\d+)?Z$/, "");
}

/** A visitor of few tenants chooses among them. */
function TenantField({ tenants, tenant }: { tenants: readonly string[]; tenant: string | undefined }): Html {
  if (tenants.length === 0) return <input name="tenant" value={tenant} />;
  return (
    <select name="tenant">
      <option value="">{tenants.length === 1 ? tenants[0] : "all of yours"}</option>
      {tenants.length > 1 &&
        tenants.map((each) => (
          <option value={each} selected={each === tenant}>
            {each}
          </option>
        ))}
    </select>
  );
}
