import { choice, optionalString, requiredString, stringList, table, type Channel, type ChannelContext, type ChannelDefinition, type HealthReport } from "@revka/core";
import * as v from "valibot";
import { createTestChannel } from "../testing/test-channel.test-support.ts";

/** A channel package with a field of every kind, for the section `qq`. Its platform takes the secret `good-secret`. */
export const askedDefinition: ChannelDefinition = {
  sections: [
    {
      name: "qq",
      displayName: "QQ Official Bot",
      description: "A channel to be asked for",
      region: "China",
      receiveMode: "by heart",
      helpUrl: "https://q.example",
      idKinds: "QQ user IDs",
      fields: [
        { key: "app_id", type: "string", description: "The App ID.", isRequired: true, example: "qq-app-id" },
        { key: "app_secret", type: "string", description: "The App Secret.", isRequired: true, isSecret: true },
        { key: "allowed_users", type: "string-list", description: 'Who may write: [] denies everybody, ["*"] admits everybody, ["a", "b"] these two.', default: [], example: '["*"]' },
        { key: "receive_mode", type: "choice", description: "How.", choices: ["websocket", "webhook"], default: "websocket" },
        { key: "port", type: "integer", description: "Where to listen.", askedWhen: { key: "receive_mode", is: "webhook" } },
        { key: "mention_only", type: "boolean", description: "Only when mentioned.", default: false },
        { key: "base_url", type: "url", description: "For a sandbox.", isAdvanced: true },
      ],
      schema: table({
        app_id: requiredString,
        app_secret: requiredString,
        allowed_users: stringList,
        receive_mode: choice(["websocket", "webhook"], "websocket"),
        port: v.optional(v.number()),
        mention_only: v.optional(v.boolean()),
        base_url: optionalString,
      }),
    },
  ],
  create(sections, contextOf) {
    const { app_secret: secret } = sections["qq"] as { app_secret: string };
    return Promise.resolve({ channels: [createAskedChannel(secret, contextOf("qq"))], warnings: [] });
  },
};

function createAskedChannel(secret: string, { clock }: ChannelContext): Channel {
  const isGood = secret === "good-secret";
  const report: HealthReport = { ok: isGood, latencyMs: 1, ...(!isGood && { detail: `401 for ${secret}` }) };
  return { ...createTestChannel({ name: "qq", clock }), checkHealth: () => Promise.resolve(report) };
}
