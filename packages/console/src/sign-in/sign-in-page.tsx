import { ConsolePage } from "../frame/console-page.tsx";

interface SignInPageProps {
  readonly formToken: string;
  readonly returnPath: string;
  /** Why the last attempt failed. */
  readonly problem?: string | undefined;
}

/** Asks for an API key. */
export function SignInPage({ formToken, returnPath, problem }: SignInPageProps) {
  return (
    <ConsolePage title="Sign in">
      <form method="post" action="/console/sign-in">
        <h1>Sign in</h1>
        {problem !== undefined && (
          <p role="alert" id="problem">
            {problem}
          </p>
        )}
        <input type="hidden" name="token" value={formToken} />
        <input type="hidden" name="return" value={returnPath} />
        <label for="key">API key</label>
        <input
          id="key"
          name="key"
          type="password"
          required
          autofocus
          autocomplete="current-password"
          aria-describedby={problem === undefined ? "key-hint" : "problem key-hint"}
        />
        <p id="key-hint">
          A key with the scope <code>console</code>: <code>message-sender keys create --scope console</code>
        </p>
        <button type="submit">Sign in</button>
      </form>
    </ConsolePage>
  );
}
