import type { PlatformSettings } from "@revka/sandbox";

/** A configuration file with one section for each emulated platform; everybody may write. */
export function renderDemoConfig(platforms: readonly PlatformSettings[]): string {
  const sections = platforms.map(({ section, values }) => {
    const lines = Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
    return [`[channels_config.${section}]`, ...lines, 'allowed_users = ["*"]', ""].join("\n");
  });
  return ["# Written by revka demo. Everything here is made up and points at this machine.", "[agent]", 'kind = "echo"', "", ...sections].join("\n");
}
