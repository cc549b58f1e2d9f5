import { Secret } from "@message-sender/core";
import { describe, expect, it } from "vitest";

import { describeSettings } from "./describe-settings.ts";
import { readSettings } from "./read-settings.ts";
import { optionsFromEnvironment } from "./service-options-of.ts";

const base64 = (bytes: number) => Buffer.alloc(bytes, "canary").toString("base64");
const forwarding = { WEBHOOK_FORWARD_URL: "https://example.com/hooks/" };

describe("forwarding of webhooks", () => {
  it.each([base64(24), base64(64), `whsec_${base64(32)}`])("accepts the secret %s, and masks it", (secret) => {
    const config = readSettings({ ...forwarding, CALLBACK_SECRET: secret })._unsafeUnwrap();
    expect(config.CALLBACK_SECRET?.reveal()).toBe(secret);
    expect(describeSettings(config)).toContain("CALLBACK_SECRET=[redacted]\n");
  });

  it("keeps the URL unchanged", () => {
    const config = readSettings({ ...forwarding, CALLBACK_SECRET: base64(24) })._unsafeUnwrap();
    expect(config.WEBHOOK_FORWARD_URL).toBe("https://example.com/hooks/");
  });

  it.each([
    ["23 bytes", base64(23)],
    ["65 bytes", base64(65)],
    ["no base64", "canary-canary-canary-canary-canary!"],
    ["no padding", base64(25).replaceAll("=", "")],
    ["base64 for URLs", Buffer.alloc(32, 0xff).toString("base64url")],
    ["another prefix", `whpk_${base64(24)}`],
    ["the prefix alone", "whsec_"],
    ["a line break within", `${base64(24)}\n${base64(24)}`],
  ])("refuses a secret of %s, and does not show it", (_, secret) => {
    const [error, ...more] = readSettings({ ...forwarding, CALLBACK_SECRET: secret })._unsafeUnwrapErr();
    expect(error).toEqual({
      variable: "CALLBACK_SECRET",
      detail: "must be base64 of 24 to 64 bytes, with or without the prefix whsec_",
    });
    expect(more).toEqual([]);
  });

  it("needs the secret", () => {
    expect(readSettings(forwarding)._unsafeUnwrapErr()).toMatchObject([{ variable: "CALLBACK_SECRET" }]);
    expect(readSettings({ CALLBACK_SECRET: base64(24) }).isOk()).toBe(true);
  });

  it.each([
    "ftp://example.com",
    "example.com/hooks",
    "https://user:canary@example.com/",
    "https://example.com/?key=canary",
  ])("refuses the URL %s", (url) => {
    const errors = readSettings({ WEBHOOK_FORWARD_URL: url, CALLBACK_SECRET: base64(24) })._unsafeUnwrapErr();
    expect(errors).toMatchObject([{ variable: "WEBHOOK_FORWARD_URL" }]);
    expect(JSON.stringify(errors)).not.toContain("canary");
  });
});

describe("how long a message may be tried", () => {
  it("is an hour by default", () => {
    expect(readSettings({})._unsafeUnwrap().DEFAULT_TTL_SECONDS).toBe(3600);
    expect(readSettings({ DEFAULT_TTL_SECONDS: "1" })._unsafeUnwrap().DEFAULT_TTL_SECONDS).toBe(1);
  });

  it.each(["0", "-1", "2592001", "1.5", "an hour"])("cannot be %s", (given) => {
    const errors = readSettings({ DEFAULT_TTL_SECONDS: given })._unsafeUnwrapErr();
    expect(errors).toMatchObject([{ variable: "DEFAULT_TTL_SECONDS" }]);
  });
});

describe("how long things are kept", () => {
  it.each([
    [undefined, 30],
    ["1", 1],
    ["3650", 3650],
  ])("%s: %i days", (given, days) => {
    expect(readSettings({ RETENTION_DAYS: given })._unsafeUnwrap().RETENTION_DAYS).toBe(days);
  });

  it.each(["0", "3651", "-1", "1.5", "forever"])("%s is refused", (given) => {
    expect(readSettings({ RETENTION_DAYS: given })._unsafeUnwrapErr()).toMatchObject([{ variable: "RETENTION_DAYS" }]);
  });
});

describe("pacing", () => {
  it("is on by default, at 80 messages per second and a burst of five to one recipient", () => {
    const paced = { PACING: "on", PACE_NUMBER_PER_SECOND: 80, PACE_PAIR_BURST: 5 };
    expect(readSettings({})._unsafeUnwrap()).toMatchObject(paced);
    const set = { PACING: "off", PACE_NUMBER_PER_SECOND: "1000", PACE_PAIR_BURST: "45" };
    const taken = { PACING: "off", PACE_NUMBER_PER_SECOND: 1000, PACE_PAIR_BURST: 45 };
    expect(readSettings(set)._unsafeUnwrap()).toMatchObject(taken);
  });

  it.each([
    ["PACING", "yes"],
    ["PACE_NUMBER_PER_SECOND", "0"],
    ["PACE_NUMBER_PER_SECOND", "1001"],
    ["PACE_PAIR_BURST", "0"],
    ["PACE_PAIR_BURST", "46"],
  ])("%s is not %s", (variable, given) => {
    expect(readSettings({ [variable]: given })._unsafeUnwrapErr()).toMatchObject([{ variable }]);
  });
});

describe("the trusted proxies", () => {
  it("are listed", () => {
    const settings = readSettings({ TRUSTED_PROXIES: "10.0.0.0/8, 192.0.2.7,2001:db8::/32" })._unsafeUnwrap();
    expect(settings.TRUSTED_PROXIES).toEqual(["10.0.0.0/8", "192.0.2.7", "2001:db8::/32"]);
  });

  it.each(["proxy", "10.0.0.0/33", "10.0.0.1,,10.0.0.2", "10.0.0.1:80"])("%s is refused", (TRUSTED_PROXIES) => {
    expect(readSettings({ TRUSTED_PROXIES })._unsafeUnwrapErr()).toMatchObject([{ variable: "TRUSTED_PROXIES" }]);
  });
});

describe("the address to listen on", () => {
  it.each(["0.0.0.0", "::", "192.0.2.7", "example.com", "127.0.0.1.example.com"])(
    "is loopback as long as there are no API keys: %s",
    (HOST) => {
      expect(readSettings({ HOST })._unsafeUnwrapErr()).toMatchObject([
        { variable: "HOST", detail: expect.stringContaining("API_KEYS_FILE") },
      ]);
      expect(readSettings({ HOST, API_KEYS_FILE: "keys.json" })._unsafeUnwrap().HOST).toBe(HOST);
    },
  );

  it.each(["localhost", "::1", "127.0.0.9"])("may be %s without keys", (HOST) => {
    expect(readSettings({ HOST }).isOk()).toBe(true);
  });
});

describe("the allowed hosts", () => {
  it.each([
    ["crm.example.com", ["crm.example.com"]],
    [" crm , CRM.example.com.,192.0.2.7, [2001:db8::1] ,bücher.example", undefined],
  ])("are listed: %s", (given, names = ["crm", "CRM.example.com.", "192.0.2.7", "[2001:db8::1]", "bücher.example"]) => {
    expect(readSettings({ ALLOWED_HOSTS: given })._unsafeUnwrap().ALLOWED_HOSTS).toEqual(names);
  });

  it.each(["*", "*.example.com", "crm:3000", "https://crm", "a b", "a,,b", "user@crm", "2001:db8::1", "a/b"])(
    "%s is refused",
    (given) => {
      expect(readSettings({ ALLOWED_HOSTS: given })._unsafeUnwrapErr()).toMatchObject([{ variable: "ALLOWED_HOSTS" }]);
    },
  );

  it("are shown", () => {
    expect(describeSettings(readSettings({ ALLOWED_HOSTS: "a, b" })._unsafeUnwrap())).toContain("ALLOWED_HOSTS=a,b\n");
  });
});

describe("status callbacks", () => {
  const callbacks = {
    STATUS_CALLBACK_URL: "https://crm.example.com/callbacks?source=sender",
    CALLBACK_SECRET: base64(24),
  };

  it("have a URL, which may have a query, and a secret", () => {
    const settings = readSettings(callbacks)._unsafeUnwrap();
    expect(settings.STATUS_CALLBACK_URL).toBe(callbacks.STATUS_CALLBACK_URL);
    expect(settings.CALLBACK_ALLOW_PRIVATE).toBe("off");
    expect(optionsFromEnvironment(callbacks)._unsafeUnwrap().statusCallbacks).toMatchObject({
      url: callbacks.STATUS_CALLBACK_URL,
    });
  });

  it("show no query, which may hold a token of the receiver", () => {
    const shown = describeSettings(readSettings(callbacks)._unsafeUnwrap());
    expect(shown).toContain("STATUS_CALLBACK_URL=https://crm.example.com/callbacks?[redacted]\n");
    const plain = { ...callbacks, STATUS_CALLBACK_URL: "https://crm.example.com/callbacks" };
    expect(describeSettings(readSettings(plain)._unsafeUnwrap())).toContain(
      `STATUS_CALLBACK_URL=${plain.STATUS_CALLBACK_URL}\n`,
    );
  });

  it("need the secret", () => {
    const { STATUS_CALLBACK_URL } = callbacks;
    expect(readSettings({ STATUS_CALLBACK_URL })._unsafeUnwrapErr()).toMatchObject([{ variable: "CALLBACK_SECRET" }]);
  });

  it.each([
    "ftp://crm.example.com",
    "crm.example.com",
    "https://user:canary@crm.example.com",
    "https://crm.example.com/#x",
  ])("do not go to %s", (url) => {
    const errors = readSettings({ ...callbacks, STATUS_CALLBACK_URL: url })._unsafeUnwrapErr();
    expect(errors).toMatchObject([{ variable: "STATUS_CALLBACK_URL" }]);
    expect(JSON.stringify(errors)).not.toContain("canary");
  });

  it("go to private addresses only if that is allowed", () => {
    const allowed = optionsFromEnvironment({ CALLBACK_ALLOW_PRIVATE: "on" })._unsafeUnwrap();
    expect(allowed.statusCallbacks).toEqual({ allowPrivate: true });
    expect(optionsFromEnvironment({})._unsafeUnwrap().statusCallbacks).toEqual({});
    expect(readSettings({ CALLBACK_ALLOW_PRIVATE: "yes" }).isErr()).toBe(true);
  });
});

describe("where tenants come from", () => {
  const both = { TENANT_SERVICE_URL: "https://tenants.example.com", TENANTS_FILE: "tenants.yaml" };

  it("is a single source: a second one would be ignored, so it is refused", () => {
    expect(readSettings(both)._unsafeUnwrapErr()).toEqual([
      { variable: "TENANTS_FILE", detail: expect.stringContaining("and TENANT_SERVICE_URL are both set") },
    ]);
    for (const name of ["TENANT_SERVICE_URL", "TENANTS_FILE"]) {
      expect(readSettings({ ...both, [name]: "" }).isOk()).toBe(true);
    }
  });

  it("is not needed in a sandbox, which has its own tenants", () => {
    expect(readSettings(both, { sandbox: true }).isOk()).toBe(true);
  });
});

describe("a setting with whitespace around it, as in a file", () => {
  const settings = {
    HOST: "127.0.0.1",
    PORT: "0",
    DATABASE_URL: "sqlite:some folder/file.db",
    GRAPH_API_URL: "https://graph.example.com",
    GRAPH_API_VERSION: "v25.0",
    GRAPH_MAX_CONNECTIONS: "2",
    TENANT_SERVICE_URL: "https://tenants.example.com",
    CONVERSATION_SERVICE_URL: "https://conversations.example.com",
    SERVICE_TOKEN: "service-token",
    ERROR_RULES_FILE: "/etc/message sender/rules.json",
    RETRY_SCHEDULE_MS: "0,10",
    RETRY_JITTER: "0.1",
    ATTEMPT_TIMEOUT_MS: "1000",
    ON_AMBIGUOUS: "hold",
    PACING: "off",
    WHATSAPP_APP_SECRET: "first-secret,second-secret",
    WHATSAPP_VERIFY_TOKEN: "a verify token",
    WEBHOOK_FORWARD_URL: "https://example.com/hooks/",
    CALLBACK_SECRET: base64(32),
    STATUS_CALLBACK_URL: "https://example.com/callbacks",
    CALLBACK_ALLOW_PRIVATE: "on",
    LOG_LEVEL: "warn",
    LOG_FORMAT: "pretty",
    MESSAGE_SENDER_URL: "http://127.0.0.1:3001",
  };
  const valueOf = (given: Record<string, string>): unknown => {
    const config = readSettings(given)._unsafeUnwrap();
    return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, revealed(value)]));
  };
  const revealed = (value: unknown): unknown =>
    value instanceof Secret ? value.reveal() : Array.isArray(value) ? value.map(revealed) : value;

  it.each([
    ["\n", "a line break"],
    ["\r\n", "a line break of Windows"],
    [" \t", "space"],
    ["\ufeff", "a byte order mark"],
  ])("is taken without it: %j, %s", (space) => {
    const spaced = Object.entries(settings).map(([name, value]) => [name, `${space}${value}${space}`]);
    expect(valueOf(Object.fromEntries(spaced))).toEqual(valueOf(settings));
  });

  it("counts as absent if it is only whitespace", () => {
    expect(readSettings({ WHATSAPP_VERIFY_TOKEN: "\n", PORT: " " })._unsafeUnwrap()).toMatchObject({ PORT: 3000 });
    expect(readSettings({ WHATSAPP_APP_SECRET: "some-secret", WHATSAPP_VERIFY_TOKEN: " \n" }).isErr()).toBe(true);
  });
});

describe("the database's URL is printed without", () => {
  const printed = (DATABASE_URL: string): string =>
    describeSettings(readSettings({ DATABASE_URL })._unsafeUnwrap())
      .split("\n")
      .find((line) => line.startsWith("DATABASE_URL=")) ?? "";

  it.each([
    "postgres://user:canary@localhost/db",
    "postgresql://:canary@localhost/db",
    "postgres://user:can%41ry-canary@localhost/db",
    "postgres://localhost/db?password=canary",
    "postgres://localhost/db?PASSWORD=canary&PGPASSWORD=canary&pass=canary",
    "postgres://localhost/db?user=canary&sslpassword=canary",
    "postgres://localhost/db?p%61ssword=canary",
    "postgres://localhost/db?password=one&password=canary",
    "postgres://localhost/db?sslkey=/etc/key&options=-c%20canary%3Dcanary",
    "postgres://user:other@localhost/db?password=canary&sslmode=require#canary",
  ])("what may be secret: %s", (url) => {
    expect(printed(url)).toContain("localhost/db");
    expect(printed(url)).not.toMatch(/canary|can%41ry/);
  });

  it.each(["/", "?", "#"])("a password that is not encoded: %s", (character) => {
    for (const user of ["user", "user@company.example"]) {
      expect(printed(`postgres://${user}:1234${character}canary@localhost/db`)).toBe(
        "DATABASE_URL=postgres://redacted",
      );
    }
  });

  it("any other change", () => {
    const url = "postgres://user@localhost:5433/db?sslmode=verify-full&sslrootcert=/etc/ca.pem&application_name=sender";
    expect(printed(url)).toBe(`DATABASE_URL=${url}`);
    expect(printed("sqlite:some folder/file.db?password=1")).toBe("DATABASE_URL=sqlite:some folder/file.db?password=1");
    expect(printed("memory:")).toBe("DATABASE_URL=memory:");
  });
});

it("prints one line per setting, whatever its value", () => {
  const text = describeSettings(readSettings({ TENANTS_FILE: "a\nPORT=1\u001b[2J\u202eb" })._unsafeUnwrap());
  expect(text).toContain("\nTENANTS_FILE=a\\u000aPORT=1\\u001b[2J\\u202eb\n");
});

describe("where messages are kept", () => {
  it("is a file by default, and memory in a sandbox", () => {
    expect(readSettings({})._unsafeUnwrap().DATABASE_URL).toBe("sqlite:message-sender.db");
    for (const variables of [{}, { DATABASE_URL: "" }]) {
      expect(readSettings(variables, { sandbox: true })._unsafeUnwrap().DATABASE_URL).toBe("memory:");
    }
    const named = readSettings({ DATABASE_URL: "sqlite:x.db" }, { sandbox: true });
    expect(named._unsafeUnwrap().DATABASE_URL).toBe("sqlite:x.db");
  });

  it.each(["sqlite:", "sqlite::memory:"])("cannot be %s", (DATABASE_URL) => {
    expect(readSettings({ DATABASE_URL })._unsafeUnwrapErr()).toMatchObject([{ variable: "DATABASE_URL" }]);
  });
});

describe("a proxy", () => {
  const url = "http://sender:s3cr3t@proxy.internal:3128";

  it("is an option, with the hosts that are called directly, and its URL is masked", () => {
    const variables = { HTTPS_PROXY: url, NO_PROXY: "localhost, .internal 10.0.0.1:8443" };
    const options = optionsFromEnvironment(variables)._unsafeUnwrap();
    expect(options.proxy?.url).toEqual(new Secret(url));
    expect(options.proxy?.except).toEqual(["localhost", ".internal", "10.0.0.1:8443"]);
    expect(describeSettings(readSettings(variables)._unsafeUnwrap())).not.toContain("s3cr3t");
    expect(optionsFromEnvironment({ NO_PROXY: "localhost" })._unsafeUnwrap()).not.toHaveProperty("proxy");
  });

  it("may have the names in lower case that other programs read, and ours come first", () => {
    const lower = { https_proxy: "http://lower:1", no_proxy: "10.0.0.0/8" };
    const { proxy } = optionsFromEnvironment(lower)._unsafeUnwrap();
    expect(proxy).toEqual({ url: new Secret("http://lower:1"), except: ["10.0.0.0/8"] });
    const both = optionsFromEnvironment({ ...lower, HTTPS_PROXY: "http://upper:2", NO_PROXY: "*" })._unsafeUnwrap();
    expect(both.proxy).toEqual({ url: new Secret("http://upper:2"), except: ["*"] });
    expect(readSettings({ https_proxy: "socks5://s3cr3t" })._unsafeUnwrapErr()).toMatchObject([
      { variable: "HTTPS_PROXY" },
    ]);
  });

  it("may lack its scheme", () => {
    const { proxy } = optionsFromEnvironment({ HTTPS_PROXY: "proxy.internal:3128" })._unsafeUnwrap();
    expect(proxy?.url).toEqual(new Secret("http://proxy.internal:3128"));
    expect(optionsFromEnvironment({ HTTPS_PROXY: "" })._unsafeUnwrap()).not.toHaveProperty("proxy");
  });

  it.each([
    ["HTTPS_PROXY", "s3cr3t/proxy.internal:3128"],
    ["HTTPS_PROXY", "socks5://s3cr3t@proxy.internal"],
    ["HTTPS_PROXY", "http://proxy.internal/s3cr3t"],
    ["NO_PROXY", "https://s3cr3t"],
    ["NO_PROXY", "s3cr3t/8"],
    ["NO_PROXY", "10.0.0.0/33"],
    ["NO_PROXY", "localhost, 10.0.0.0/8/8"],
  ])("%s=%s is refused, and not shown", (variable, value) => {
    const errors = readSettings({ [variable]: value })._unsafeUnwrapErr();
    expect(errors).toMatchObject([{ variable }]);
    expect(JSON.stringify(errors)).not.toContain("s3cr3t");
  });
});
