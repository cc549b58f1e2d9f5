import type { PropsWithChildren } from "hono/jsx";

import type { Html } from "./render.ts";

/** A place of the page, in its navigation. */
export interface Place {
  readonly href: string;
  readonly label: string;
  readonly isCurrent?: boolean;
  /** A number beside the label, such as how many there are. */
  readonly count?: number;
}

/** The bar at the top: the product, its places, and whether the page is live. `children` stand at its end. */
export function Masthead(props: PropsWithChildren<{ product: string; home: string; places: readonly Place[] }>): Html {
  const { product, home, places, children } = props;
  return (
    <header class="masthead">
      <a class="product" href={home}>
        <svg class="logo" viewBox="0 0 24 24" aria-hidden="true">
          <path d="M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-8l-5 4v-4H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2Z" />
          <path class="logo-tick" d="m7.5 10.5 2.4 2.4 4-4.6m-1 3.8.8.8 4-4.6" />
        </svg>
        <span>{product}</span>
      </a>
      <nav aria-label="Main">
        <ul>
          {places.map(({ href, label, isCurrent, count }) => (
            <li>
              <a href={href} aria-current={isCurrent ? "page" : undefined}>
                {label}
                {count !== undefined && <span class="count">{count}</span>}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="masthead-end">
        {children}
        <span class="live-state" id="live-state" data-keep="" role="status">
          <span class="live-dot" aria-hidden="true" />
          <span class="live-word" />
        </span>
      </div>
    </header>
  );
}
