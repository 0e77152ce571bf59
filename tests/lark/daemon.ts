import { startSandbox, type LarkControl, type LarkSent, type Sandbox } from "@revka/sandbox";
import { onTestFinished } from "vitest";
import { startDaemon, type Daemon } from "../support/daemon.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** The platforms, and a folder on which a daemon may come and go. */
export interface DaemonHouse {
  readonly sandbox: Sandbox;
  /** Starts a daemon with these sections beside its `[agent]`, which echoes. */
  readonly start: (sections: string, agent?: string) => Promise<Daemon>;
}

/** Opens it, with nobody in it. */
export async function openDaemonHouse(): Promise<DaemonHouse> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const folder = await tempFolder();
  return { sandbox, start: (sections, agent = "") => startDaemon(folder, `[agent]\nkind = "echo"\n${agent}\n${sections}`) };
}

/** The `[channels_config.lark]` of the specification as it stands, but for the app and where its platform is. */
export function sampleLark({ url, credentials: { appId, appSecret } }: LarkControl, useFeishu = false): string {
  return `
[channels_config.lark]
app_id = "${appId}"
app_secret = "${appSecret}"
encrypt_key = "" # optional: AES key for webhook event decryption
verification_token = "" # optional: webhook authenticity check
allowed_users = ["*"]
mention_only = false
receive_mode = "websocket" # websocket | webhook
port = 8081 # required for webhook mode only
use_feishu = ${useFeishu} # legacy: routes this section to Feishu endpoints
base_url = "${url}"
`;
}

/** The `[channels_config.feishu]` of it, likewise. */
export function sampleFeishu({ url, credentials: { appId, appSecret } }: LarkControl): string {
  return `
[channels_config.feishu]
app_id = "${appId}"
app_secret = "${appSecret}"
encrypt_key = "" # optional
verification_token = "" # optional
allowed_users = ["*"]
receive_mode = "websocket"
base_url = "${url}"
`;
}

/** A section in webhook mode. */
export function webhookSection(section: "lark" | "feishu", { url, credentials: { appId, appSecret } }: LarkControl, port: number, keys = ""): string {
  return `
[channels_config.${section}]
app_id = "${appId}"
app_secret = "${appSecret}"
allowed_users = ["*"]
receive_mode = "webhook"
port = ${port}
base_url = "${url}"
${keys}
`;
}

/** Says something in private, and waits for the answer. */
export function ask(platform: LarkControl, text: string, user = "ou_ann"): Promise<LarkSent> {
  platform.say(user, text);
  return platform.nextReply(user);
}
