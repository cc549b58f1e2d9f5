import { Field, type Html } from "@message-sender/pages";

import { TokenField } from "../frame/token-field.tsx";

interface SignInPageProps {
  readonly formToken: string;
  readonly returnPath: string;
  /** Why the last attempt failed. */
  readonly problem?: string | undefined;
}

/** Asks for an API key. */
export function SignInPage({ formToken, returnPath, problem }: SignInPageProps): Html {
  return (
    <div class="column narrow">
      <form method="post" action="/console/sign-in" class="panel">
        <h1>Sign in</h1>
        <TokenField token={formToken} />
        <input type="hidden" name="return" value={returnPath} />
        <Field label="API key" hint="A key with the scope console. It stays on this server.">
          <input
            name="key"
            type="password"
            required
            autofocus
            autocomplete="current-password"
            aria-invalid={problem === undefined ? undefined : "true"}
            aria-describedby={problem === undefined ? undefined : "sign-in-problem"}
          />
        </Field>
        {problem !== undefined && (
          <p class="form-error" role="alert" id="sign-in-problem">
            {problem}
          </p>
        )}
        <button type="submit" class="primary">
          Sign in
        </button>
        <details class="more">
          <summary>How do I get a key?</summary>
          <p class="note">
            Whoever runs the server makes one:{" "}
            <code>message-sender keys create --name "You" --tenant acme --scope console</code>
          </p>
        </details>
      </form>
    </div>
  );
}
