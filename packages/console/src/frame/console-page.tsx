import { html } from "hono/html";
import type { PropsWithChildren } from "hono/jsx";

interface ConsolePageProps {
  readonly title: string;
}

/** A page of the console. */
export function ConsolePage({ title, children }: PropsWithChildren<ConsolePageProps>) {
  return (
    <>
      {html`<!doctype html>`}
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>{`${title} · Message Sender`}</title>
        </head>
        <body>
          <main>{children}</main>
        </body>
      </html>
    </>
  );
}
