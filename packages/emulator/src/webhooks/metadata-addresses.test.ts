import { expect, test } from "vitest";

import { createServices } from "../sandbox/services.ts";

const appSecret = "secret";

test.each([
  "http://169.254.169.254/latest/meta-data",
  "http://169.254.0.1",
  "http://2852039166/",
  "http://0xa9fea9fe",
  "http://0xA9.0xFE.0xA9.0xFE",
  "http://0251.0376.0251.0376",
  "http://169.254.43518",
  "http://169.16689662",
  "http://169.254.169.254.",
  "http://１６９.254.169.254",
  "http://169。254。169。254",
  "https://user@169.254.169.254:8443",
  "http://[::ffff:169.254.169.254]",
  "http://[::ffff:a9fe:a9fe]",
  "http://[0:0:0:0:0:ffff:169.254.169.254]",
  "http://[::169.254.169.254]",
  "http://[::ffff:0:169.254.169.254]",
  "http://[64:ff9b::169.254.169.254]",
  "http://[fe80::1]",
  "http://[febf:ffff::1]",
  "http://[FD00:EC2::254]",
  "http://[fd00:0ec2:0:0:0:0:0:0254]",
  "http://metadata.google.internal/computeMetadata/v1",
  "http://METADATA.Google.Internal./",
  "http://metadata",
  "http://instance-data/latest",
  "http://100.100.100.200",
  "http://168.63.129.16",
])("webhooks cannot be sent to %s", async (url) => {
  const { webhooks, control } = createServices({});
  expect(() => webhooks.target({ url, appSecret })).toThrow(/metadata/);
  expect(() => createServices({ webhooks: { url, appSecret } })).toThrow(/metadata/);
  const put = { method: "PUT", body: JSON.stringify({ url, appSecret }) };
  expect((await control.request("/__emulator/webhooks", put, {})).status).toBe(400);
  expect(webhooks.state().url).toBeNull();
});

test.each([
  "http://127.0.0.1:3000/webhooks/whatsapp",
  "http://localhost:3000",
  "http://[::1]:3000",
  "http://my-app:3000",
  "http://host.docker.internal",
  "https://169.254.example.com",
  "http://10.0.0.5",
  "http://[fd00:ec2::255]",
  "http://[fec0::1]",
])("webhooks can be sent to %s", (url) => {
  const { webhooks } = createServices({});
  webhooks.target({ url, appSecret });
  expect(webhooks.state().url).toBe(url);
});
