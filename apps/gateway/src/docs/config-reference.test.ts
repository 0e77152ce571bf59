import { fileURLToPath } from "node:url";
import { dingtalkDefinition } from "@revka/channel-dingtalk/definition";
import { larkDefinition } from "@revka/channel-lark/definition";
import { qqDefinition } from "@revka/channel-qq/definition";
import { beforeAll, describe, expect, it } from "vitest";
import { importing, loadText } from "../config/config-folder.test-support.ts";
import { createRegistry, KNOWN_CHANNELS } from "../registry.ts";
import { GATEWAY_TABLES } from "../config/gateway-tables.ts";
import { configReference } from "./config-reference.ts";
import { keyTable } from "./key-table.ts";

const MODULES = {
  "@revka/channel-dingtalk/definition": { dingtalkDefinition },
  "@revka/channel-lark/definition": { larkDefinition },
  "@revka/channel-qq/definition": { qqDefinition },
};

describe("configReference", () => {
  let page: string;
  beforeAll(async () => {
    const { available } = await createRegistry({ importModule: importing(MODULES), programPath: "" });
    page = configReference([...available.values()].map(({ section }) => section));
  });

  // To bring the page up to date: pnpm vitest run --project gateway src/docs --update
  it("is what docs/configuration.md holds", async () => {
    await expect(page).toMatchFileSnapshot(fileURLToPath(new URL("../../../../docs/configuration.md", import.meta.url)));
  });

  it("has a chapter for each channel and each table that the loader reads", async () => {
    const { tables } = await loadText("[transcription]\nenabled = false\n", { modules: MODULES });
    const shared = tables.map(({ path }) => path).filter((path) => path !== "");
    expect(GATEWAY_TABLES.map(({ path }) => path).toSorted()).toEqual(shared.toSorted());
    const chapters = [...page.matchAll(/^## `\[(.+)\]`$/gm)].map(([, path]) => path);
    expect(chapters).toEqual([...KNOWN_CHANNELS.map(({ section }) => `channels_config.${section}`), ...GATEWAY_TABLES.map(({ path }) => path)]);
  });

  it("says of each key what its schema says", () => {
    expect(page).toContain("| `api_token` | a non-empty string; a secret | **required** |");
    expect(page).toContain("| `queue_cap` | a whole number from 1 to 10000 | `20` |");
    expect(page).toContain("| `local_whisper.timeout_secs` | a whole number from 1 to 86400 | `300` |");
  });

  it("keeps what has no effect out of the tables of keys", () => {
    const [before = "", after = ""] = page.split("## Accepted, but without effect");
    expect(before).not.toContain("debounce_ms");
    expect(after).toContain("`debounce_ms`");
  });
});

describe("keyTable", () => {
  it("keeps plain words from being read as Markdown", async () => {
    const { mochatDefinition } = await import("@revka/channel-mochat/definition");
    const [section] = mochatDefinition.sections;
    const fields = [{ key: "a", type: "string", description: "this | that, <id> or *" }] as const;
    expect(keyTable({ path: "x", fields, schema: section!.schema })).toContain("| `a` | a string |  | this \\| that, \\<id> or \\* |");
  });
});
