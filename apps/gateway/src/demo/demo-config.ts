import type { SandboxPlatform } from "@revka/sandbox";

/** What the configuration tells of a platform. */
export type DemoPlatform = Pick<SandboxPlatform, "name" | "settings" | "grows" | "webhook">;

/**
 * A configuration file with one section for each emulated platform; everybody may write, and answers grow where they can.
 *
 * @param ports - where the gateway listens for each platform that delivers to a webhook, by the platform's name.
 */
export function renderDemoConfig(platforms: readonly DemoPlatform[], ports: ReadonlyMap<string, number> = new Map()): string {
  const sections = platforms.map(({ name, settings: { section, values }, grows, webhook }) => {
    const port = ports.get(name);
    const keys = {
      ...values,
      ...(webhook !== undefined && port !== undefined && { ...webhook.values, port }),
      ...(grows === true && { stream_mode: "partial", draft_update_interval_ms: 200 }),
    };
    const lines = Object.entries(keys).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
    return [`[channels_config.${section}]`, ...lines, 'allowed_users = ["*"]', ""].join("\n");
  });
  return ["# Written by revka demo. Everything here is made up and points at this machine.", "[agent]", 'kind = "echo"', "", ...sections].join("\n");
}
