import { createDingtalkChannel } from "@revka/channel-dingtalk";
import { createLarkChannel, larkDefinition, type LarkConfig } from "@revka/channel-lark";
import { createMochatChannel } from "@revka/channel-mochat";
import { createQqChannel } from "@revka/channel-qq";
import { createWecomChannel } from "@revka/channel-wecom";
import type { AttachmentKind, Capabilities, Channel } from "@revka/core";
import { describe, expect, it } from "vitest";
import { readPage } from "./support/markdown.ts";
import { revka } from "./support/revka.ts";

const PAGE = "docs/guides/channels-overview.md";

/** The cells of the table that stands first below a heading, row by row, without the line below its head. */
function tableBelow(heading: string): string[][] {
  const [, below = ""] = readPage(PAGE).split(`\n## ${heading}\n`);
  const table = /(?:^\|.*\|\n)+/m.exec(below)?.[0] ?? "";
  const rows = table.trimEnd().split("\n").map((line) => line.slice(1, -1).split("|").map((cell) => cell.trim()));
  return rows.filter((_row, index) => index !== 1);
}

const larks = (["lark", "feishu"] as const).flatMap((region): Channel[] => {
  const config: LarkConfig = { appId: "cli_a0b1c2d3e4f50617", appSecret: "a-secret", region };
  return [createLarkChannel(config), createLarkChannel({ ...config, receiveMode: "webhook", port: 8081 })];
});
const ding = { clientId: "an-app-key", clientSecret: "an-app-secret" };
const bridge = { apiUrl: "https://bridge.example", apiToken: "a-token" };

/** What stands in the head of each column, and the channels that it speaks of. */
const COLUMNS: readonly (readonly [string, readonly Channel[]])[] = [
  ["Lark, Feishu", larks],
  ["DingTalk", [createDingtalkChannel(ding)]],
  ["DingTalk with `proactive_send`", [createDingtalkChannel({ ...ding, proactiveSend: true })]],
  ["WeCom", [createWecomChannel({ webhookKey: "a-key" })]],
  ["QQ", [createQqChannel({ appId: "102000001", appSecret: "a-secret" })]],
  ["Mochat", [createMochatChannel(bridge)]],
];

const RECEIVES: Readonly<Record<Capabilities["receive"], string>> = { socket: "WebSocket", webhook: "webhook", poll: "polling", none: "nothing" };
const KINDS: Readonly<Record<AttachmentKind, string>> = { image: "image", audio: "voice", video: "video", file: "file" };
const UNITS: Readonly<Record<Capabilities["text"]["unit"], string>> = { bytes: "bytes", chars: "characters" };

const yes = (is: boolean): string => (is ? "yes" : "no");
const kinds = (list: readonly AttachmentKind[]): string => (list.length === 0 ? "–" : list.map((kind) => KINDS[kind]).join(", "));

/** What each row says of a channel. */
const ROWS: readonly (readonly [string, (channel: Channel) => string])[] = [
  ["receives over", ({ capabilities }) => RECEIVES[capabilities.receive]],
  ["media in", (channel) => (channel.download === undefined ? "–" : kinds(channel.capabilities.mediaIn))],
  ["media out", ({ capabilities }) => kinds(capabilities.mediaOut)],
  ["media by its address", ({ capabilities }) => yes(capabilities.takesUrls === true)],
  ["growing answer", (channel) => yes(channel.openDraft !== undefined)],
  ["sign of typing", (channel) => yes(channel.startTyping !== undefined)],
  ["reactions", (channel) => yes(channel.react !== undefined)],
  ["writes first", ({ capabilities }) => yes(capabilities.proactive)],
  ["a repeated send shows once", ({ capabilities }) => yes(capabilities.idempotentSend)],
  ["markdown", ({ capabilities }) => yes(capabilities.markdown)],
  ["longest text", ({ capabilities: { text } }) => `${text.limit.toLocaleString("en")} ${UNITS[text.unit]}`],
  ["sends a minute", ({ capabilities }) => String(capabilities.sendsPerMinute ?? "–")],
];

describe("the channels overview", () => {
  it("tells of every channel what it can do, cell by cell, as the channels themselves do", () => {
    const cellOf = (channels: readonly Channel[], tell: (channel: Channel) => string): string => [...new Set(channels.map(tell))].join(" or ");
    const expected = [["", ...COLUMNS.map(([head]) => head)], ...ROWS.map(([name, tell]) => [name, ...COLUMNS.map(([, channels]) => cellOf(channels, tell))])];
    expect(tableBelow("What each channel can do")).toEqual(expected);
  });

  it("tells which keys change what Mochat can do", () => {
    expect(readPage(PAGE)).toMatch(/`idempotent_send = true` makes a repeated send show once, `max_message_chars`\s+sets the longest text/);
    const { capabilities } = createMochatChannel({ ...bridge, idempotentSend: true, maxMessageChars: 500 });
    expect(capabilities).toMatchObject({ idempotentSend: true, text: { limit: 500, unit: "chars" } });
  });

  it("lists the sections, regions, receive modes and inbound ports that the program lists, and which of them a build flag gates", async () => {
    const { stdout } = await revka(["channel", "list", "--json"], { env: { REVKA_CONFIG_DIR: "/nonexistent" } });
    const { channels } = JSON.parse(stdout) as { channels: { name: string; region: string; mode: string; inboundPort: string }[] };
    const [, ...rows] = tableBelow("The six sections");
    const flagOf = (name: string): string => (larkDefinition.sections.some((section) => section.name === name) ? "`channel-lark`" : "–");
    expect(rows).toEqual(channels.map(({ name, region, mode, inboundPort }) => [`\`[channels_config.${name}]\``, region, mode, inboundPort, flagOf(name)]));
  });
});
