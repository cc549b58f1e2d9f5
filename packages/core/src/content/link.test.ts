import { describe, expect, it } from "vitest";

import { problemsIn } from "../../test/contents.ts";

const linkOf = (link: unknown) => problemsIn("image", { link }).map(([pointer]) => pointer);

describe("a media link that is accepted", () => {
  it.each([
    "https://example.com/a.png",
    "https://example.com",
    "HTTPS://EXAMPLE.COM/A.PNG",
    "https://example.com./a.png",
    "https://example.com:8443/a.png?x=1&y=a@b#top",
    "https://cdn-1.files_2.example.co.uk/a%20b",
    "https://bücher.example/bild.png",
    "https://xn--bcher-kva.example/bild.png",
    "https://example.com/über/写真.png?q=\\",
    "https://1.2.3.4.example.com/a.png",
    "https://local.example.com/a.png",
    "https://internal.example/a.png",
    "https://svc.example.com/a.png",
    "https://mylocalhost.com/a.png",
    "https://localhost.com/a.png",
    `https://example.com/${"a".repeat(4096 - 20)}`,
  ])("%s", (link) => {
    expect(linkOf(link)).toEqual([]);
  });
});

describe("a media link that is rejected", () => {
  it.each([
    // another scheme, or none
    "",
    "example.com/a.png",
    "//example.com/a.png",
    "http://example.com/a.png",
    "file:///etc/passwd",
    "data:image/png;base64,AAAA",
    "javascript:alert(1)",
    "ftp://example.com/a.png",
    "https:example.com/a.png",
    "https:/example.com/a.png",
    "https:///example.com/a.png",
    "https:\\\\example.com\\a.png",
    // a user name, or what looks like one
    "https://user@example.com/a.png",
    "https://user:password@example.com/a.png",
    "https://@example.com/a.png",
    "https://example.com\\@127.0.0.1/a.png",
    "https://example.com@127.0.0.1/a.png",
    // spaces and control characters, which a parser may drop
    " https://example.com/a.png",
    "https://example.com/a.png ",
    "https://exam\nple.com/a.png",
    "https://example.com/a\tb.png",
    "https://example.com/a b.png",
    "https://example.com/\u0000",
    "https://example.com/\u00A0",
    // no host
    "https://",
    "https://?x",
    "https://#x",
    "https://:443/a.png",
    "https://./a.png",
    "https://example..com/a.png",
    "https://example.com:99999/a.png",
    // loopback
    "https://localhost/a.png",
    "https://LOCALHOST/a.png",
    "https://localhost./a.png",
    "https://localhost:8443/a.png",
    "https://files.localhost/a.png",
    "https://l%6fcalhost/a.png",
    "https://ｌｏｃａｌｈｏｓｔ/a.png",
    "https://local\u200Bhost/a.png",
    "https://local\u00ADhost/a.png",
    "https://127.0.0.1/a.png",
    "https://127.0.0.1./a.png",
    "https://127.1/a.png",
    "https://127.0.1/a.png",
    "https://2130706433/a.png",
    "https://0x7f000001/a.png",
    "https://0x7F.1/a.png",
    "https://0177.0.0.1/a.png",
    "https://017700000001/a.png",
    "https://%31%32%37.0.0.1/a.png",
    "https://１２７.０.０.１/a.png",
    "https://127。0。0。1/a.png",
    "https://①②⑦.⓪.⓪.①/a.png",
    "https://0/a.png",
    "https://0.0.0.0/a.png",
    "https://[::1]/a.png",
    "https://[0:0:0:0:0:0:0:1]/a.png",
    "https://[::]/a.png",
    "https://[::ffff:127.0.0.1]/a.png",
    "https://[::ffff:7f00:1]/a.png",
    "https://[::1%25lo]/a.png",
    // private, link-local, unique local, shared, multicast, reserved
    "https://10.0.0.1/a.png",
    "https://172.16.0.1/a.png",
    "https://172.31.255.255/a.png",
    "https://192.168.1.1/a.png",
    "https://3232235777/a.png",
    "https://169.254.1.1/a.png",
    "https://100.64.0.1/a.png",
    "https://224.0.0.1/a.png",
    "https://240.0.0.1/a.png",
    "https://255.255.255.255/a.png",
    "https://[fe80::1]/a.png",
    "https://[fc00::1]/a.png",
    "https://[fd12:3456::1]/a.png",
    "https://[64:ff9b::a00:1]/a.png",
    // the services that tell a machine its secrets
    "https://169.254.169.254/latest/meta-data",
    "https://0xA9FEA9FE/latest/meta-data",
    "https://2852039166/latest/meta-data",
    "https://[fd00:ec2::254]/latest/meta-data",
    "https://metadata.google.internal/computeMetadata/v1",
    // what a cluster names its services
    "https://files.shop.svc/a.png",
    "https://files.shop.svc./a.png",
    "https://files.shop.svc.cluster.local/a.png",
    "https://METADATA.GOOGLE.INTERNAL./computeMetadata/v1",
    "https://metadata/computeMetadata/v1",
    // names that mean something else in each network
    "https://intranet/a.png",
    "https://printer.local/a.png",
    "https://db.internal/a.png",
    "https://host.docker.internal/a.png",
    "https://nas.lan/a.png",
    "https://router.home.arpa/a.png",
    "https://host.localdomain/a.png",
    // public addresses too: a name is needed
    "https://93.184.215.14/a.png",
    "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/a.png",
    // not a text at all, and too long a one
    `https://example.com/${"a".repeat(4096 - 19)}`,
    `https://${"a.".repeat(100_000)}com`,
    5,
    ["https://example.com/a.png"],
    { toString: "https://example.com/a.png" },
  ])("%s", (link) => {
    expect(linkOf(link)).toContain("link");
  });
});

describe("a link that the customer's browser opens", () => {
  const ctaUrl = (url: unknown) =>
    problemsIn("interactive", {
      type: "cta_url",
      body: { text: "Body" },
      action: { name: "cta_url", parameters: { display_text: "Open", url } },
    }).map(([pointer]) => pointer);

  it.each(["http://example.com", "https://localhost:3000/a?b#c", "http://192.168.1.1", "HTTP://user@example.com"])(
    "is accepted: %s",
    (url) => {
      expect(ctaUrl(url)).toEqual([]);
    },
  );

  it.each([
    "",
    "example.com",
    "javascript:alert(1)",
    "http://",
    "http:// example.com",
    `http://${"a".repeat(4090)}`,
    5,
  ])("is rejected: %s", (url) => {
    expect(ctaUrl(url)).toEqual(["action/parameters/url"]);
  });
});
