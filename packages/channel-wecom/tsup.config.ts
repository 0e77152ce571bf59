import { createTsupConfig } from "../../tsup.config.base.ts";

export default createTsupConfig({ entry: ["src/index.ts", "src/definition.ts"] });
