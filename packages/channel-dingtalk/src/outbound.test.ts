import { describe, expect, it } from "vitest";
import { LIMITS } from "./limits.ts";
import { encodedBytesBound, toDingtalkMarkdown } from "./markdown.ts";
import { render, split } from "./outbound.ts";

describe("toDingtalkMarkdown", () => {
  it.each([
    ["makes line ends hold", "a\nb\n\nc", "a  \nb\n\nc"],
    ["keeps headings, lists and quotes on lines of their own", "# h\ntext\n- a\n- b\nafter\n> q\n> r", "# h\ntext\n- a\n- b  \nafter  \n> q  \n> r"],
    ["puts a blank line above a table", "text\n| a |\n|---|\n| 1 |", "text\n\n| a |\n|---|\n| 1 |"],
    ["leaves a table alone", "| a |\n|---|\n| 1 |\ntext", "| a |\n|---|\n| 1 |\ntext"],
    ["escapes what looks like HTML, but no sign of comparison", "<b>x</b> 1 < 2 <https://a.b>", "&lt;b>x&lt;/b> 1 < 2 <https://a.b>"],
    ["leaves code blocks as they are", "a\n```html\n<b>\nx\n```\nb\nc", "a\n```html\n<b>\nx\n```\nb  \nc"],
    ["adds no second break", "a  \nb", "a  \nb"],
    ["takes the line ends of Windows", "a\r\nb", "a  \nb"],
  ])("%s", (_title, markdown, expected) => {
    expect(toDingtalkMarkdown(markdown)).toBe(expected);
  });

  it("never grows beyond the bound that texts are split by", () => {
    for (const text of ["a\nb\nc", "<a><b>\n<c>", "x\n| a |\n|-|\n| 1 |", "一\n二🙂"]) {
      expect(Buffer.byteLength(JSON.stringify(toDingtalkMarkdown(text)))).toBeLessThanOrEqual(encodedBytesBound(text));
    }
  });
});

describe("split", () => {
  const long = `${"A paragraph, 一段文字 🙂.\n\n".repeat(1_500)}\`\`\`js\n${"const x = '<b>';\n".repeat(1_500)}\`\`\`\n${"🙂".repeat(4_000)}`;

  it("keeps every part within characters and bytes, with its fences closed", () => {
    const parts = split(long);
    expect(long.length).toBeGreaterThan(60_000);
    for (const part of parts) {
      expect(part.length).toBeLessThanOrEqual(LIMITS.textChars);
      expect(Buffer.byteLength(JSON.stringify(toDingtalkMarkdown(part)))).toBeLessThan(15_000);
      expect(part.split("```").length % 2).toBe(1);
      expect(part.isWellFormed()).toBe(true);
      expect(split(part)).toEqual([part]);
    }
  });

  it("cuts sooner where a text is costly to encode", () => {
    const parts = split("\u0001".repeat(3_800));
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) expect(Buffer.byteLength(JSON.stringify(part))).toBeLessThan(15_000);
  });
});

describe("render", () => {
  const options = { channel: "dingtalk", takesFiles: true };
  const target = { conversationId: "staff-1" };

  it("gives markdown for the webhook and for the robot (DT-16)", () => {
    expect(render({ target, text: "a\nb" }, options)).toEqual([
      {
        kind: "text",
        payloads: {
          webhook: { msgtype: "markdown", markdown: { title: "Revka", text: "a  \nb" } },
          robot: { msgKey: "sampleMarkdown", msgParam: '{"title":"Revka","text":"a  \\nb"}' },
        },
      },
    ]);
  });

  it.each(["report.xlsx", "REPORT.PDF", "all.zip"])("sends %s as a file", (name) => {
    const media = { kind: "file", bytes: Buffer.from("content"), name } as const;
    expect(render({ target, text: "", media }, options)).toMatchObject([{ kind: "upload", upload: { type: "file", name } }]);
  });

  it.each([
    ["a picture that is none of the platform's kinds", { kind: "image", bytes: Buffer.from("52494646000000005745425056503820", "hex") }],
    ["a text", { kind: "file", bytes: Buffer.from("words"), name: "notes.txt" }],
    ["a voice", { kind: "audio", bytes: Buffer.from("ID3"), name: "voice.mp3" }],
    ["a file without a type", { kind: "file", bytes: Buffer.from("words"), name: "README" }],
  ] as const)("refuses %s before it is uploaded, and names what can go", (_title, media) => {
    expect(() => render({ target, text: "", media }, options)).toThrow("it takes files of the types xlsx, pdf, zip, rar, doc, docx only");
  });

  it("refuses what is empty or too large before anything is sent", () => {
    expect(() => render({ target, text: "  " }, options)).toThrow(TypeError);
    const media = { kind: "file", bytes: new Uint8Array(LIMITS.uploadBytes + 1), name: "large.zip" } as const;
    expect(() => render({ target, text: "", media }, options)).toThrow("20 MiB");
  });
});
