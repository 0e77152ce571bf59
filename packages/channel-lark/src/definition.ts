import type { ChannelDefinition, SectionDefinition } from "@revka/core";
import type { LarkConfig } from "./config.ts";
import { fieldsOf } from "./fields.ts";
import { DISPLAY_NAMES, HOSTS, type LarkRegion } from "./region.ts";
import { sectionSchema } from "./section.ts";

/** What a host needs to know of Lark and Feishu; the channels themselves are loaded when one is created. */
export const larkDefinition: ChannelDefinition = {
  sections: [
    sectionOf("lark", { region: "International", description: "Lark bot", helpUrl: "https://open.larksuite.com/app" }),
    sectionOf("feishu", { region: "China", description: "Feishu (飞书) bot", helpUrl: "https://open.feishu.cn/app" }),
  ],
  async create(sections, contextOf) {
    // What stands here has gone through our own schemas.
    const chosen = chooseSections(sections);
    const { createLarkChannel } = await import("./channel.ts");
    const { createWebhookListeners } = await import("./webhook-listener.ts");
    // Two webhooks may share a port.
    const listeners = createWebhookListeners();
    return {
      channels: chosen.configs.map((config) => createLarkChannel(config, contextOf(instanceOf(config)), listeners)),
      warnings: [...chosen.warnings, ...chosen.configs.flatMap(oddAppId)],
    };
  },
  areJoined: ({ lark, feishu }: Sections) => lark?.region === "feishu" || (lark !== undefined && feishu !== undefined && haveOneListener(lark, feishu)),
};

function sectionOf(name: LarkRegion, told: Pick<SectionDefinition, "region" | "description" | "helpUrl">): SectionDefinition {
  return {
    name,
    displayName: DISPLAY_NAMES[name],
    receiveMode: "WebSocket or webhook",
    platformUrl: HOSTS[name],
    idKinds: "Open IDs (ou_…) or union IDs (on_…)",
    fields: fieldsOf(name),
    schema: sectionSchema(name),
    ...told,
  };
}

function instanceOf({ region = "lark" }: LarkConfig): LarkRegion {
  return region;
}

type Sections = Readonly<Partial<Record<LarkRegion, LarkConfig>>>;

function haveOneListener(...configs: readonly LarkConfig[]): boolean {
  const ports = configs.map(({ receiveMode, port }) => (receiveMode === "webhook" ? port : undefined));
  return ports.every((port) => port !== undefined && port === ports[0]);
}

/** The feishu section goes before `use_feishu` of the lark section; without that, both stand for themselves. */
function chooseSections({ lark, feishu }: Sections): { readonly configs: readonly LarkConfig[]; readonly warnings: readonly string[] } {
  const configs = [lark, feishu].filter((config) => config !== undefined);
  if (lark?.region !== "feishu") return { configs, warnings: [] };
  if (feishu === undefined) return { configs, warnings: ["Using legacy [channels_config.lark].use_feishu=true compatibility path; prefer [channels_config.feishu]."] };
  const warning = "Both [channels_config.feishu] and legacy [channels_config.lark].use_feishu=true are configured; ignoring legacy Feishu fallback in lark.";
  return { configs: [feishu], warnings: [warning] };
}

function oddAppId(config: LarkConfig): string[] {
  if (config.appId.startsWith("cli_")) return [];
  return [`The app_id of ${DISPLAY_NAMES[instanceOf(config)]} does not begin with "cli_", as all of the platform's do: is it the App ID?`];
}
