import type { UserWorkspaceConfig } from "vitest/config";
import { createVitestProject } from "../../vitest.shared.ts";

const config: UserWorkspaceConfig = createVitestProject("channel-lark");

export default config;
