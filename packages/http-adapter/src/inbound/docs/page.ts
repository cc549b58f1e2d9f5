/** The page loads nothing from another host, and runs no script but its own. Scalar writes its styles into the page. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export const pageHeaders = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": policy,
  "referrer-policy": "no-referrer",
};

/** Paths are relative to `/docs`, since the app may be mounted under a path of its own. */
export const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Message Sender API</title>
    <link rel="icon" href="data:,">
  </head>
  <body>
    <div id="reference"></div>
    <noscript>This page needs JavaScript. The same in JSON: <a href="openapi.json">openapi.json</a></noscript>
    <script src="docs/scalar.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;

/** Scalar without its fonts, telemetry, hosted client and assistant, all of which would call other hosts. */
const configuration = {
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: "never",
  agent: { disabled: true },
  mcp: { disabled: true },
  persistAuth: false,
  documentDownloadType: "json",
  orderSchemaPropertiesBy: "preserve",
  orderRequiredPropertiesFirst: true,
};

/** Starts Scalar. `canTry`: whether the API is on the same origin, since a browser lets the page read no other. */
export function startScript(canTry: boolean): string {
  const given = JSON.stringify({ ...configuration, hideTestRequestButton: !canTry });
  return `Scalar.createApiReference("#reference", { ...${given}, url: new URL("openapi.json", document.baseURI).href });\n`;
}
