import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { firstMissing, stepsOf, type DocStep } from "./support/docs-steps.ts";
import { openDocsHouse, type DocsHouse } from "./support/docs-house.ts";
import { blocksOf, PAGES } from "./support/markdown.ts";

/** What a page may tell its reader to type that is not ours, or needs what a test cannot have; only seen to be one of these. */
const NOT_RUN = /^(?:npx|npm|pnpm|git|docker|systemctl|journalctl|loginctl|cloudflared|ngrok|caddy|nginx|sudo|cd|chmod|mkdir|export|source|openssl) /;
/** Ours, but with a person or a systemd at the other end: that the command exists is checked. */
const NEEDS_OTHERS = /^revka (?:onboard(?= |$)(?! --help)|service (?!install --dry-run)\w+|demo(?! --once))/;
const GOES_ON = /^revka (?:daemon|channel start|sandbox(?: --port \d+)?)(?:$| (?=>|2>))/;

const noCurl = spawnSync("curl", ["--version"]).status !== 0;
if (noCurl) process.stderr.write("The curl lines of the documentation are not run: curl is not installed\n");

/** Types one step; gives what is wrong with it, undefined when it does what its page says. */
async function check(step: DocStep, house: DocsHouse): Promise<string | undefined> {
  const { command, output, exitCode } = step;
  if (NOT_RUN.test(command)) return undefined;
  if (GOES_ON.test(command)) {
    await house.start(command, output);
    return undefined;
  }
  if (command.includes("curl ") && noCurl) return undefined;
  const isAsked = NEEDS_OTHERS.exec(command)?.[0];
  if (isAsked === undefined && !/(?:^|[|;] *|\$\()(?:revka|curl) /.test(command)) return `no test knows what "${command}" is`;
  const result = await house.type(isAsked === undefined ? command : `${isAsked} --help`);
  if (result.exitCode !== exitCode) return `"${command}" ended with ${result.exitCode} instead of ${exitCode}:\n${result.printed}`;
  const missing = isAsked === undefined ? firstMissing(output, result.printed) : undefined;
  return missing === undefined ? undefined : `"${command}" does not print "${missing}":\n${result.printed}`;
}

describe("what the documentation tells people to type", () => {
  const pages = PAGES.map((page) => ({ page, steps: stepsOf(page) })).filter(({ steps }) => steps.length > 0);

  it("is there to be tried", () => {
    expect(pages.map(({ page }) => page)).toEqual(expect.arrayContaining(["README.md", "docs/guides/getting-started.md", "docs/guides/operations.md"]));
  });

  it.each(pages)("does what the page says: $page", async ({ page, steps }) => {
    await using house = await openDocsHouse(blocksOf(page, "toml")[0]);
    const problems: string[] = [];
    for (const step of steps) {
      const problem = await check(step, house);
      if (problem !== undefined) problems.push(`${page}:${step.line} ${problem}`);
    }
    const ends = await house.stop();
    expect(problems).toEqual([]);
    expect(ends.filter((code) => code !== 0)).toEqual([]);
  }, 180_000);
});
