import { describe, expect, it } from "vitest";
import { readUnitState } from "./unit-state.ts";

const shown = (facts: Readonly<Record<string, string>>): string => Object.entries(facts).map(([key, value]) => `${key}=${value}\n`).join("");

describe("readUnitState", () => {
  it.each<[string, Record<string, string>, boolean, string]>([
    ["that it runs", { ActiveState: "active", UnitFileState: "enabled", MainPID: "42", NRestarts: "0", ExecMainStatus: "0" }, true, "running (pid 42, starts at login)"],
    ["how often it was restarted", { ActiveState: "active", UnitFileState: "disabled", MainPID: "42", NRestarts: "3" }, true, "running (pid 42, does not start at login, restarted 3 times)"],
    ["that it was stopped", { ActiveState: "inactive", UnitFileState: "enabled", ExecMainStatus: "0", NRestarts: "0" }, false, "not running (starts at login)"],
    [
      "that its configuration is wrong",
      { ActiveState: "failed", UnitFileState: "enabled", ExecMainStatus: "78" },
      false,
      "not running (starts at login; it ended with 78; the configuration was refused: see `revka config check`)",
    ],
    ["that it fails again and again", { ActiveState: "activating", UnitFileState: "enabled", ExecMainStatus: "1", NRestarts: "7" }, false, "starting again (starts at login; restarted 7 times; it ended with 1)"],
    ["nothing it does not know", {}, false, "not running (does not start at login)"],
  ])("tells %s", (_title, facts, isActive, text) => {
    expect(readUnitState(shown(facts))).toEqual({ isActive, text });
  });
});
