import { expect } from "vitest";
import { startDaemon, type Daemon } from "../support/daemon.ts";
import { sectionOf } from "../support/sections.ts";
import { freePort } from "../support/port.ts";
import { revka } from "../support/revka.ts";
import { tempFolder } from "../support/temp-folder.ts";
import type { TlsWorld } from "./tls-world.ts";

/** Every channel. Lark is received over its long connection, Feishu through the webhook. */
export const CHANNELS = ["lark", "feishu", "dingtalk", "qq", "wecom", "mochat"] as const;

const KEYS = { encryptKey: "an encrypt key", verificationToken: "a verification token" } as const;

/** A configuration with all channels. */
export interface AllChannels {
  readonly text: string;
  /** Of Feishu's listener. */
  readonly port: number;
}

/** The configuration that leads all channels to the platforms, each with these keys besides its own; `tables` stand before them. */
export function configOf({ sandbox }: TlsWorld, keys: Readonly<Record<string, unknown>>, tables = ""): AllChannels {
  const port = freePort();
  sandbox.feishu.accept(KEYS);
  const webhook = { receive_mode: "webhook", port, encrypt_key: KEYS.encryptKey, verification_token: KEYS.verificationToken };
  const sections = CHANNELS.map((name) => sectionOf(sandbox, name, { ...keys, ...(name === "feishu" && webhook) }));
  return { text: `[agent]\nkind = "echo"\n${tables}${sections.join("")}`, port };
}

/** Runs a daemon with that, has a conversation on every channel, and stops it. */
export async function talkOnAll({ sandbox, env }: TlsWorld, { text, port }: AllChannels): Promise<Daemon> {
  const { lark, feishu, dingtalk, qq, wecom, mochat } = sandbox;
  const folder = await tempFolder();
  const daemon = await startDaemon(folder, text, { env });
  await Promise.all([lark.nextConnection(), dingtalk.nextConnection(), qq.nextLogin(), mochat.nextPoll(), daemon.logged("listening on")]);
  expect(await feishu.useWebhook(`http://127.0.0.1:${port}/feishu`)).toMatchObject({ isAccepted: true });
  for (const platform of [lark, feishu]) platform.say("ou_ann", "hello");
  for (const platform of [dingtalk, qq, mochat]) platform.say("ann", "hello");
  const answers = await Promise.all([lark.nextReply("ou_ann"), feishu.nextReply("ou_ann"), ...[dingtalk, qq, mochat].map((platform) => platform.nextReply("ann"))]);
  expect(answers.map((answer) => answer.text)).toEqual(answers.map(() => "hello"));
  expect(await revka(["channel", "send", "hello", "--channel-id", "wecom", "--config", folder])).toMatchObject({ exitCode: 0 });
  expect(wecom.sent()).toMatchObject([{ text: "hello" }]);
  daemon.signal("SIGTERM");
  expect(await daemon.ended).toBe(0);
  return daemon;
}

/** What a daemon logged of the way of each channel, e.g. `"qq direct"`, in alphabetical order; as often as it did. */
export function loggedWays(daemon: Daemon): readonly string[] {
  const lines = daemon.output().split("\n").filter((line) => line.includes('"Channel configured"'));
  const told = lines.map((line) => JSON.parse(line) as { readonly channel: string; readonly proxy: string });
  return told.map(({ channel, proxy }) => `${channel} ${proxy}`).toSorted();
}

/** The same where all go one way. */
export function allBy(way: string): readonly string[] {
  return CHANNELS.map((channel) => `${channel} ${way}`).toSorted();
}

/** How a proxy is shown. */
export function masked({ protocol, host }: URL): string {
  return `${protocol}//***@${host}`;
}
