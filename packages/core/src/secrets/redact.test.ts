import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRedactor, excerpt, redactUrl } from "./redact.ts";

describe("createRedactor", () => {
  it("leaves a text alone while it knows no secret", () => {
    expect(createRedactor().text("Bearer abcdef")).toBe("Bearer abcdef");
  });

  it.each([
    ["as it is", "Bearer s3cret/+key=", "Bearer ***"],
    ["percent-encoded", "?key=s3cret%2F%2Bkey%3D&x=1", "?key=***&x=1"],
    ["percent-encoded in small letters", "?key=s3cret%2f%2bkey%3d", "?key=***"],
    ["more than once", "s3cret/+key=s3cret/+key=", "******"],
  ])("hides a secret %s", (_title, text, expected) => {
    expect(createRedactor(["s3cret/+key="]).text(text)).toBe(expected);
  });

  it("hides a secret inside JSON", () => {
    const secret = 'pass"word\nüber\\all';
    expect(createRedactor([secret]).text(JSON.stringify({ secret }))).toBe('{"secret":"***"}');
  });

  it("hides a secret inside JSON that a line of JSON quotes", () => {
    const secret = 'pass"word\\all';
    const answer = JSON.stringify({ error: secret });
    expect(createRedactor([secret]).text(JSON.stringify({ msg: `refused: ${answer}` }))).toBe('{"msg":"refused: {\\"error\\":\\"***\\"}"}');
  });

  it.each([
    ["as it is", "refused: s3cret/+ke", "refused: ***"],
    ["percent-encoded", "?key=s3cret%2F%2Bk", "?key=***"],
    ["in the middle of an escape", "?key=s3cret%2", "?key=***"],
    ["after one that is whole", "s3cret/+key= s3cret", "*** ***"],
    ["but for its last character", "s3cret/+key", "***"],
    ["of three characters", "a bad s3c", "a bad ***"],
  ])("hides the beginning of a secret that was cut off: %s", (_title, text, expected) => {
    expect(createRedactor(["s3cret/+key="]).text(`${text}… and s3cret no more`)).toBe(`${expected}… and s3cret no more`);
  });

  it("leaves an excerpt alone that ends in something else", () => {
    for (const text of ["a word…", "s3…", "…", "3cret…", "… s3c", ""]) expect(createRedactor(["s3cret/+key="]).text(text)).toBe(text);
  });

  it("keeps nothing of a secret of which an excerpt holds a part (X-3)", () => {
    const secret = fc.string({ minLength: 6, maxLength: 40, unit: "grapheme-ascii" }).filter((text) => !/[\s*]/.test(text));
    fc.assert(
      fc.property(secret, fc.nat(60), (value, chars) => {
        const shown = createRedactor([value]).text(excerpt(`refused by ${value} ${value}`, chars));
        expect(shown).not.toContain(value.slice(0, 3).padEnd(3, "\u{1}"));
      }),
    );
  });

  it("leaves no rest of a secret that holds another", () => {
    expect(createRedactor(["abcdef", "abcdefghi"]).text("abcdefghi abcdef")).toBe("*** ***");
  });

  it("reads signs of a regular expression as themselves", () => {
    const redactor = createRedactor(["a.c+e$[(\\"]);
    expect(redactor.text("abc+e$[(\\ a.c+e$[(\\")).toBe("abc+e$[(\\ ***");
  });

  it("does not learn values under 6 characters", () => {
    const redactor = createRedactor(["", "abcde"]);
    redactor.add("12345");
    redactor.add("123456");
    expect(redactor.text("abcde 12345 123456")).toBe("abcde 12345 ***");
  });

  it("learns secrets at run time and keeps the configured ones when it forgets the oldest of 1,000", () => {
    const redactor = createRedactor(["configured"]);
    for (let n = 0; n < 1_000; n += 1) redactor.add(`token-${n}-end`);
    redactor.add("token-0-end");
    redactor.add("token-1000-end");
    expect(redactor.text("configured token-0-end token-1-end token-1000-end")).toBe("*** *** token-1-end ***");
  });

  it("keeps no character of any secret, whatever stands around it (X-3)", () => {
    const secrets = fc.array(fc.string({ minLength: 6, unit: "binary" }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(secrets, fc.nat(), (all, pick) => {
        const secret = all[pick % all.length]!;
        const redactor = createRedactor(all);
        const text = `\u{1}${secret}\u{2}${encodeURIComponent(secret)}\u{3}${JSON.stringify(secret)}`;
        expect(redactor.text(text)).not.toContain(secret);
        expect(redactor.text(`\u{1}${secret}\u{2}`)).toBe("\u{1}***\u{2}");
      }),
    );
  });
});

describe("redactUrl", () => {
  it.each([
    ["query values", "https://h.example/a?key=s3cret&x=1", "https://h.example/a?key=***&x=***"],
    ["a bare query, which may be the secret itself", "https://h.example/a?s3cret", "https://h.example/a?***"],
    ["user and password", "socks5://user:s3cret@h.example:1080", "socks5://h.example:1080"],
    ["a fragment", "wss://h.example/ws#access_token=s3cret", "wss://h.example/ws"],
    ["every value of a repeated name", "https://h.example/?k=s3cret&k=s3cret", "https://h.example/?k=***&k=***"],
  ])("hides %s (X-2)", (_title, url, expected) => {
    expect(redactUrl(url)).toBe(expected);
    expect(redactUrl(new URL(url))).toBe(expected);
  });

  it("shows nothing of what is no URL", () => {
    expect(redactUrl("h.example?key=s3cret")).toBe("(not a URL)");
  });

  it("leaves the URL it was given as it was", () => {
    const url = new URL("https://user@h.example/?k=v");
    redactUrl(url);
    expect(url.href).toBe("https://user@h.example/?k=v");
  });
});

describe("excerpt", () => {
  it.each([
    ["keeps a text of the limit", "12345", "12345"],
    ["cuts a longer one", "123456", "12345…"],
    ["leaves out an emoji at the cut whole", "1234😀", "1234…"],
    ["puts everything on one line", "a\r\n\tb", "a b"],
    ["takes the teeth out of terminal escapes", "\u001b[2J", " [2J"],
  ])("%s", (_title, text, expected) => {
    expect(excerpt(text, 5)).toBe(expected);
  });

  it("takes 200 characters unless told otherwise", () => {
    expect(excerpt("x".repeat(300))).toBe(`${"x".repeat(200)}…`);
  });
});
