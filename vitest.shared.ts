import { defaultClientConditions, defaultServerConditions } from "vite";
import { defineProject, type UserWorkspaceConfig } from "vitest/config";

/** Tests read the workspace's sources, so they need no build. */
export function createVitestProject(name: string, test: UserWorkspaceConfig["test"] = {}): UserWorkspaceConfig {
  return defineProject({
    resolve: { conditions: ["@revka/source", ...defaultClientConditions] },
    ssr: { resolve: { conditions: ["@revka/source", ...defaultServerConditions] } },
    // Tests await events, so a limit only ends what hangs; it leaves room for a machine that is busy.
    test: { name, include: ["**/*.test.ts"], testTimeout: 30_000, hookTimeout: 60_000, ...test },
  });
}
