import { startSandbox, type PlatformName, type Sandbox, type SandboxOptions } from "@revka/sandbox";
import { onTestFinished } from "vitest";
import type { Daemon } from "./daemon.ts";

/** A sandbox that goes with the test. */
export async function openSandbox(options?: SandboxOptions): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** The section that leads a gateway to a platform of the sandbox, open to everybody; `over` replaces keys and adds some, `undefined` takes one away. */
export function sectionOf(sandbox: Sandbox, platform: PlatformName, over: Readonly<Record<string, unknown>> = {}): string {
  const { section, values } = sandbox.settingsFor(platform);
  return tableText(`channels_config.${section}`, { allowed_users: ["*"], ...values, ...over });
}

/** A table of a configuration file. */
export function tableText(path: string, keys: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(keys).flatMap(([key, value]) => (value === undefined ? [] : [`${key} = ${JSON.stringify(value)}`]));
  return [`[${path}]`, ...lines, ""].join("\n");
}

/** Waits until a daemon's channel has reached its platform; one that only sends says that it is ready. */
export async function atWork({ lark, feishu, dingtalk, qq, mochat }: Sandbox, platform: PlatformName, daemon: Pick<Daemon, "logged">): Promise<void> {
  const signs: Readonly<Record<PlatformName, () => Promise<unknown>>> = {
    lark: () => lark.nextConnection(),
    feishu: () => feishu.nextConnection(),
    dingtalk: () => dingtalk.nextConnection(),
    qq: () => qq.nextLogin(),
    mochat: () => mochat.nextPoll(),
    wecom: () => daemon.logged("WeCom: channel ready (send-only via Bot Webhook)"),
  };
  await signs[platform]();
}
