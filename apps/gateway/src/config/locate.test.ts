import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createTestHome } from "./config-folder.test-support.ts";
import { locateConfig } from "./locate.ts";

const home = "/home/ann";

describe("locateConfig", () => {
  it.each([
    ["nothing else said", {}, undefined, "/home/ann/.revka/config.toml", "default"],
    ["a workspace folder", { REVKA_WORKSPACE: "/srv/ws" }, undefined, "/srv/ws/config.toml", "REVKA_WORKSPACE"],
    ["a config folder before a workspace", { REVKA_CONFIG_DIR: "/etc/revka", REVKA_WORKSPACE: "/srv/ws" }, undefined, "/etc/revka/config.toml", "REVKA_CONFIG_DIR"],
    ["an option before everything", { REVKA_CONFIG_DIR: "/etc/revka" }, "/tmp/my.toml", "/tmp/my.toml", "--config"],
    ["a blank variable as none", { REVKA_CONFIG_DIR: " " }, undefined, "/home/ann/.revka/config.toml", "default"],
    ["a tilde as the home folder", { REVKA_CONFIG_DIR: "~/bot" }, undefined, "/home/ann/bot/config.toml", "REVKA_CONFIG_DIR"],
  ])("takes %s", (_title, environment, option, file, source) => {
    expect(locateConfig({ option, environment, home })).toMatchObject({ file, source });
  });

  it("takes a folder as the option, and looks for the file in it", () => {
    using folder = createTestHome();
    mkdirSync(join(folder.path, "bot"));
    const place = locateConfig({ option: join(folder.path, "bot"), environment: {}, home });
    expect(place).toMatchObject({ file: join(folder.path, "bot/config.toml"), folder: join(folder.path, "bot") });
  });

  it("keeps the workspace inside the config folder", () => {
    expect(locateConfig({ environment: {}, home })).toMatchObject({ folder: "/home/ann/.revka", workspace: "/home/ann/.revka/workspace" });
  });
});
