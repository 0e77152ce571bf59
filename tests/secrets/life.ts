import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Fault, FaultHandle, PlatformName } from "@revka/sandbox";
import type { Daemon } from "../support/daemon.ts";
import type { PlantedHouse } from "./planted-house.ts";

/** Every channel, with somebody whom it can write to. */
export const RECIPIENTS: Readonly<Record<PlatformName, string>> = { lark: "ou_ann", feishu: "ou_ann", dingtalk: "staff-1", wecom: "", qq: "user:user-1", mochat: "user-1" };

const PLATFORMS = Object.keys(RECIPIENTS) as readonly PlatformName[];

/** How many channels take messages: all but WeCom. */
const RECEIVING = PLATFORMS.length - 1;

/** Where messages of the bot are posted. */
const SENDS: Readonly<Record<PlatformName, string>> = {
  lark: "/open-apis/im/v1/messages*", feishu: "/open-apis/im/v1/messages*", dingtalk: "/robot/sendBySession", wecom: "/cgi-bin/webhook/send", qq: "/v2/users/*", mochat: "/api/message/send",
};

/** Has a message sent through the daemon, by whoever has its token. */
export function send({ ask, folder }: PlantedHouse, daemon: Daemon, channel: PlatformName): Promise<number> {
  const authorization = `Bearer ${readFileSync(join(folder, "ops_token"), "utf8").trim()}`;
  return ask(daemon, "/v1/send", { method: "POST", headers: { authorization }, body: JSON.stringify({ channel, recipient: RECIPIENTS[channel], text: `a word to ${channel}` }) });
}

/** Looks at every page of the daemon, and at one that is not for everybody. */
export async function look({ ask }: PlantedHouse, daemon: Daemon): Promise<void> {
  for (const path of ["/health", "/ready", "/metrics", "/nowhere"]) await ask(daemon, path);
  for (const body of ["{", "{}", JSON.stringify({ channel: "none", text: "x" })]) await ask(daemon, "/v1/send", { method: "POST", headers: { authorization: "Bearer of-somebody-else" }, body });
}

/** Holds a conversation on every channel; WeCom only listens. */
export async function talk(house: PlantedHouse, daemon: Daemon, text: string): Promise<void> {
  const { sandbox: { lark, feishu, dingtalk, qq, mochat } } = house;
  for (const platform of [lark, feishu]) {
    platform.say("ou_ann", text);
    await platform.nextReply("ou_ann");
  }
  dingtalk.say("staff-1", text);
  await dingtalk.nextReply("staff-1");
  qq.say("user-1", text);
  await qq.nextReply("user-1");
  mochat.say("user-1", text);
  await mochat.nextReply("user-1");
  await send(house, daemon, "wecom");
}

/** Says something on every channel whose answers are refused for good, in words that give away what the platform knows. */
export async function talkInVain(house: PlantedHouse, daemon: Daemon): Promise<void> {
  const { sandbox: { faults, lark, feishu, dingtalk, qq, mochat } } = house;
  const refusals = PLATFORMS.map((platform) => faults.add({ platform, path: SENDS[platform], times: "always", fault: { kind: "answer", status: 400, body: bodyOf(house.knownTo(platform)) } }));
  for (const platform of [lark, feishu]) platform.say("ou_ann", "in vain");
  dingtalk.say("staff-1", "in vain");
  qq.say("user-1", "in vain");
  mochat.say("user-1", "in vain");
  await Promise.all(PLATFORMS.map((platform) => send(house, daemon, platform)));
  await Promise.all(refusals.map(({ struck }) => struck));
  while ((await channelsWithDeadLetters(daemon)) < RECEIVING);
  refusals.forEach((refusal) => refusal.release());
}

async function channelsWithDeadLetters({ opsUrl }: Daemon): Promise<number> {
  const text = await (await fetch(`${opsUrl}/metrics`)).text();
  return [...text.matchAll(/^revka_dead_letters_total\{.*\} [1-9]/gm)].length;
}

/** Has the platforms refuse the credentials that they took before, where they are connected to and where they are sent to. */
export async function refuseCredentials(house: PlantedHouse, daemon: Daemon): Promise<void> {
  const { sandbox: { lark, feishu, dingtalk, qq, wecom, record } } = house;
  for (const platform of [lark, feishu]) {
    platform.accept({ appSecret: "another secret" });
    platform.revokeTokens();
  }
  dingtalk.acceptSecret("another secret");
  qq.acceptSecret("another secret");
  qq.revokeTokens();
  wecom.keys.remove(wecom.key);
  for (const connection of [...lark.connections, ...dingtalk.connections, ...qq.connections]) connection.reset();
  await Promise.all((["lark", "feishu", "qq", "wecom"] as const).map((platform) => send(house, daemon, platform)));
  await record.next(({ platform, answer }) => platform === "dingtalk" && answer?.status === 401);
}

/** Has the platforms take the credentials again. */
export function takeCredentials({ sandbox: { lark, feishu, dingtalk, qq, wecom }, planted: { valueOf } }: PlantedHouse): void {
  lark.accept({ appSecret: valueOf("channels_config.lark.app_secret") });
  feishu.accept({ appSecret: valueOf("channels_config.feishu.app_secret") });
  dingtalk.acceptSecret(valueOf("channels_config.dingtalk.client_secret"));
  qq.acceptSecret(valueOf("channels_config.qq.app_secret"));
  wecom.keys.add(valueOf("channels_config.wecom.webhook_key"));
}

/** Sends on every connection what nobody can read, with secrets in it. */
export async function sendGarbage({ sandbox, webhookUrl, knownTo }: PlantedHouse): Promise<void> {
  const { lark, dingtalk, qq, mochat, faults } = sandbox;
  for (const connection of dingtalk.connections) garbageOf(knownTo("dingtalk")).forEach((frame) => connection.sendRaw(frame));
  for (const connection of qq.connections) garbageOf(knownTo("qq")).forEach((frame) => connection.sendRaw(frame));
  for (const connection of lark.connections) {
    for (const frame of garbageOf(knownTo("lark"))) {
      connection.sendRaw(Buffer.from(frame));
      connection.sendFrame({ payload: Buffer.from(frame) });
    }
  }
  for (const frame of garbageOf(knownTo("mochat"))) mochat.inject(JSON.stringify({ messageId: { $id: frame }, fromUserId: [frame], msgType: frame }));
  for (const body of garbageOf(knownTo("feishu"))) await fetch(webhookUrl, { method: "POST", headers: { "content-type": "application/json", "x-lark-signature": encodeURIComponent(body) }, body });
  await faults.add({ platform: "mochat", path: "/api/message/receive", fault: { kind: "answer", body: `<html>${knownTo("mochat")}</html>` } }).struck;
}

/** The words, and frames that look like those of each platform. */
function garbageOf(words: string): readonly string[] {
  const frame = { type: words, op: words, t: words, headers: { topic: words, messageId: words }, d: { content: words }, data: words, token: words, encrypt: words };
  return [words, `<html>${words}</html>`, JSON.stringify(frame), JSON.stringify(frame).slice(0, -1)];
}

/** How a platform gives away what it should keep to itself; `isFinal`: nobody tries again at once. */
export interface Indiscretion {
  readonly title: string;
  readonly fault: (words: string) => Fault;
  readonly isFinal?: true;
}

const shifted = (words: string, count: number): string => `${"x".repeat(count)}${`${words} `.repeat(40)}`;

/** Answers instead of a platform's, with what it knows in body and headers. */
export const INDISCRETIONS: readonly Indiscretion[] = [
  { title: "an error in JSON", fault: (words) => answer(400, words, bodyOf(words)), isFinal: true },
  { title: "a refusal in JSON", fault: (words) => answer(403, words, bodyOf(words)), isFinal: true },
  { title: "an error that is too long to be quoted whole", fault: (words) => answer(400, words, shifted(words, 0)), isFinal: true },
  { title: "an error in JSON that is too long to be quoted whole", fault: (words) => answer(400, words, bodyOf(shifted(words, 91))), isFinal: true },
  { title: "a refusal in a page", fault: (words) => answer(401, words, `<h1>${words}</h1>`) },
  { title: "a breakdown that is too long to be quoted whole", fault: (words) => answer(500, words, shifted(words, 17)) },
  { title: "a success that is none", fault: (words) => answer(200, words, bodyOf(words)) },
  { title: "addresses that lead elsewhere", fault: (words) => answer(200, words, addressesOf(words)) },
];

function answer(status: number, words: string, body: string): Fault {
  const word = encodeURIComponent(words);
  return { kind: "answer", status, body, headers: { "x-tps-trace-id": word, "handshake-msg": word, "www-authenticate": `Basic realm="${word}"` } };
}

function addressesOf(words: string): string {
  const word = encodeURIComponent(words);
  return JSON.stringify({ code: 0, data: { URL: `ws://h.example/?ticket=${word}` }, endpoint: `ws://h.example/${word}`, ticket: word, url: `ws://${word}.example/?token=${word}` });
}

/** Has every platform answer like this to everything. */
export function spoilAll({ sandbox: { faults } }: PlantedHouse, faultOf: (platform: PlatformName) => Fault): readonly FaultHandle[] {
  return PLATFORMS.map((platform) => faults.add({ platform, times: "always", fault: faultOf(platform) }));
}

/** An error in the words of each platform. */
function bodyOf(words: string): string {
  return JSON.stringify({ code: 4_711, errcode: 4_711, msg: words, message: words, errmsg: words, error: { message: words }, requestid: words });
}
