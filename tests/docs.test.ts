import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SAMPLE_VARIABLES } from "./support/docs-house.ts";
import { blocksOf, PAGES, readPage } from "./support/markdown.ts";
import { revka } from "./support/revka.ts";
import { tempFolder } from "./support/temp-folder.ts";

const samplesOf = (language: string): [string, string][] => PAGES.flatMap((page) => blocksOf(page, language).map((text, index): [string, string] => [`${page} #${index + 1}`, text]));

describe("the README", () => {
  it.each(["demo", "test"])("has the command that brings its own Node and pnpm for %s near its top", (script) => {
    const head = readPage("README.md").split("\n").slice(0, 12).join("\n");
    expect(head).toContain(`npx -y -p node@24 -p pnpm@12 pnpm ${script}`);
  });

  it("tells the same commands and samples in Chinese, and each language leads to the other", () => {
    const codeOf = (page: string): string[] => blocksOf(page, "sh").map((block) => block.replaceAll(/\s*#.*$/gm, ""));
    expect(codeOf("README.zh-CN.md")).toEqual(codeOf("README.md"));
    const headingsOf = (page: string): number => readPage(page).match(/^## /gm)?.length ?? 0;
    expect(headingsOf("README.zh-CN.md")).toBe(headingsOf("README.md"));
    expect(readPage("README.md")).toContain("](README.zh-CN.md)");
    expect(readPage("README.zh-CN.md")).toContain("](README.md)");
  });
});

describe("the configuration samples", () => {
  it.each(samplesOf("toml"))("load as they stand: %s", async (_title, text) => {
    const folder = await tempFolder();
    await writeFile(join(folder, "config.toml"), text, { mode: 0o600 });
    const { exitCode, stdout, stderr } = await revka(["config", "check", "--config", folder], { env: SAMPLE_VARIABLES });
    expect({ exitCode, problems: stderr }, stdout).toEqual({ exitCode: 0, problems: "" });
  });
});

describe("the code samples", () => {
  const folder = fileURLToPath(new URL("node_modules/.samples", import.meta.url));
  beforeAll(() => {
    mkdirSync(folder, { recursive: true });
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("compile as they stand", () => {
    const files = samplesOf("ts").map(([title, text]) => {
      const file = join(folder, `${title.replaceAll(/[^a-z0-9]+/gi, "-")}.ts`);
      writeFileSync(file, text);
      return { title, file, isWhole: text.includes("import ") };
    });
    // One that goes on from the sample before it leaves out the imports, and means nothing alone.
    const whole = files.filter(({ isWhole }) => isWhole);
    expect(whole.length).toBeGreaterThan(3);
    const options: ts.CompilerOptions = {
      strict: true,
      noEmit: true,
      target: ts.ScriptTarget.ES2024,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      customConditions: ["@revka/source"],
      allowImportingTsExtensions: true,
      resolveJsonModule: true,
      skipLibCheck: true,
      types: ["node"],
    };
    const program = ts.createProgram(whole.map(({ file }) => file), options);
    const complaints = whole.flatMap(({ title, file }) =>
      ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).map(({ messageText }) => `${title}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`),
    );
    expect(complaints).toEqual([]);
  }, 60_000);
});

describe("what operators are told", () => {
  it.each([
    ["packages/channel-mochat/README.md", "MOCHAT-24"],
    ["packages/channel-wecom/README.md", "WECOM-11"],
    ["packages/channel-dingtalk/README.md", "DT-27"],
    ["packages/channel-lark/README.md", "LARK-29"],
    ["packages/channel-qq/README.md", "QQ-14"],
  ])("%s advises to begin with everybody, then to tighten (%s)", (page) => {
    expect(readPage(page)).toMatch(/\["\*"\]`?, confirm delivery, then tighten to (?:explicit|staff|open|user) ids/i);
  });

  it("says that a webhook of Lark needs HTTPS in front of it (LARK-67)", () => {
    expect(readPage("packages/channel-lark/README.md")).toMatch(/a listener of the channel's own, which needs a public HTTPS address in front of it: a tunnel or a\s+reverse proxy/);
  });

  it("has a page that says how to expose a webhook over HTTPS, with samples for tunnels and proxies (GW-19b)", () => {
    const page = readPage("docs/guides/tunnel.md");
    expect(page).toMatch(/^# Expose your gateway with a tunnel$/m);
    expect(page).toContain("The listener speaks plain HTTP. The platform wants HTTPS, so something stands in front of it and holds the certificate.");
    for (const tool of ["cloudflared", "ngrok", "nginx", "Caddy"]) expect(page).toContain(`## ${tool}\n`);
  });

  it.each([
    ["Channels overview", "channels-overview"],
    ["Voice, TTS and transcription", "voice"],
    ["Expose your gateway with a tunnel", "tunnel"],
    ["Feature flags", "feature-flags"],
  ])("has the page that the specification links to: %s (GW-61)", (title, name) => {
    expect(readPage(`docs/guides/${name}.md`)).toMatch(new RegExp(`^# ${title}\n`));
    expect(readPage("docs/README.md")).toContain(`](guides/${name}.md)`);
  });

  it("says how the build without channel-lark is made, and how to have it back (LARK-08)", () => {
    const page = readPage("packages/channel-lark/README.md");
    expect(page).toContain("npm install @revka/channel-lark");
    expect(page).toContain("--omit=optional");
  });

  it("says that the WeCom health check posts a real message (WECOM-18)", async () => {
    expect(readPage("packages/channel-wecom/README.md")).toContain("**A health check posts a real message.**");
    expect((await revka(["channel", "doctor", "--help"])).stdout).toMatch(/visible/);
  });
});
