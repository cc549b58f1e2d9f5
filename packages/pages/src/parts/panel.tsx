import type { Child, PropsWithChildren } from "hono/jsx";

import type { Html } from "../document/render.ts";

/** A part of a page under a heading. `tools` stand at the end of the heading's line. */
export function Panel(props: PropsWithChildren<{ title: string; tools?: Child; note?: Child }>): Html {
  const { title, tools, note, children } = props;
  return (
    <section class="panel">
      <header>
        <div>
          <h2>{title}</h2>
          {note && <p class="note">{note}</p>}
        </div>
        {tools && <Toolbar>{tools}</Toolbar>}
      </header>
      {children}
    </section>
  );
}

/** Buttons and fields in a line, which wraps. */
export function Toolbar({ children }: PropsWithChildren): Html {
  return <div class="toolbar">{children}</div>;
}

/** What stands where there is nothing yet: that it is so, and what would bring something. */
export function EmptyState({ title, children }: PropsWithChildren<{ title: string }>): Html {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** Names with their values, one under the other. Those without a value are left out. */
export function Facts({ of }: { of: readonly (readonly [name: string, value: Child])[] }): Html {
  return (
    <dl class="facts">
      {of
        .filter(([, value]) => value !== undefined && value !== null && value !== "")
        .map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
