import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dingtalkDefinition } from "@revka/channel-dingtalk/definition";
import { parse } from "smol-toml";
import { beforeAll, describe, expect, it } from "vitest";
import { refusals } from "../config-view/check-schema.test-support.ts";
import { createTestTerminal } from "./command-io.test-support.ts";

const MODULES = { "@revka/channel-dingtalk/definition": { dingtalkDefinition } };
const MOCHAT = '[channels_config.mochat]\napi_url = "https://x"\napi_token = "t"\n';

const root = new URL("../../../../", import.meta.url);
const read = (page: string): string => readFileSync(fileURLToPath(new URL(page, root)), "utf8");
const blocksOf = (page: string): [string, string][] => [...read(page).matchAll(/^( *)```toml\n([\s\S]*?)^ *```/gm)].map(([, , text = ""], index) => [`${page} #${index + 1}`, text]);
const SAMPLES: [string, string][] = [
  ["the specification", read("apps/gateway/src/config/fixtures/specification.toml")],
  ...["README.md", "packages/channel-dingtalk/README.md", "packages/channel-mochat/README.md", "packages/channel-wecom/README.md"].flatMap(blocksOf),
];

async function schemaOf(config: string): Promise<Readonly<Record<string, unknown>>> {
  using terminal = createTestTerminal({ config, modules: MODULES });
  await terminal.run("config", "schema");
  expect({ exitCode: terminal.exitCode, stderr: terminal.stderr }).toEqual({ exitCode: 0, stderr: "" });
  return JSON.parse(terminal.stdout) as Readonly<Record<string, unknown>>;
}

describe("revka config schema", () => {
  let schema: Readonly<Record<string, unknown>>;
  beforeAll(async () => {
    schema = await schemaOf("");
  });

  it("says which draft it is, and describes every shared table and every installed channel", () => {
    expect(schema["$schema"]).toBe("https://json-schema.org/draft/2020-12/schema");
    const { properties } = schema as { properties: Record<string, { properties?: Record<string, unknown> }> };
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(["channels_config", "agent", "log", "state", "ops", "proxy", "plugins", "secrets"]));
    expect(properties["channels_config"]?.properties).toMatchObject({
      queue_cap: { anyOf: [{ type: "integer" }, { $ref: "#/$defs/reference" }], default: 20, description: expect.any(String) as string },
      mochat: { title: "Mochat", required: ["api_url", "api_token"], additionalProperties: false, properties: { api_token: { type: "string", writeOnly: true }, allowed_users: { examples: [["*"]] } } },
      wecom: { required: ["webhook_key"] },
      dingtalk: { required: ["client_id", "client_secret"] },
    });
  });

  it.each(SAMPLES)("accepts the sample as it stands: %s", (_title, text) => {
    expect(refusals(schema, parse(text))).toEqual([]);
  });

  it.each([
    ["a key that is missing", '[channels_config.mochat]\napi_url = "https://x"\n', "$.channels_config.mochat: lacks api_token"],
    ["a key that is misspelt", `${MOCHAT}pol_interval_secs = 1\n`, "$.channels_config.mochat: does not know pol_interval_secs"],
    ["a number in quotes", `${MOCHAT}poll_interval_secs = "5"\n`, "$.channels_config.mochat.poll_interval_secs: fits none of the choices"],
    ["a word that is none of the choices", '[log]\nlevel = "loud"\n', "$.log.level: fits none of the choices"],
    ["a list that is none", `${MOCHAT}allowed_users = "*"\n`, "$.channels_config.mochat.allowed_users: fits none of the choices"],
  ])("refuses %s", (_title, text, refusal) => {
    expect(refusals(schema, parse(text))).toEqual([refusal]);
  });

  it.each([
    ["references in place of values of any type", `${MOCHAT.replace('"t"', '"${TOKEN}"')}poll_interval_secs = "\${SECS}"\nallowed_users = "\${file:users}"\n`],
    ["a channel that is not installed", '[channels_config.telegram]\nbot_token = "x"\n'],
    ["tables of the original that we do not have", '[memory]\nbackend = "sqlite"\n[agent]\nmax_tool_iterations = 3\n'],
  ])("accepts %s", (_title, text) => {
    expect(refusals(schema, parse(text))).toEqual([]);
  });

  it("is printed also for a file with problems, which it is there to find", async () => {
    expect(await schemaOf("[channels_config.mochat]\n")).toEqual(schema);
  });
});
