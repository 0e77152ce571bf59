import { createVitestProject } from "../../vitest.shared.ts";

export default createVitestProject("channel-wecom");
