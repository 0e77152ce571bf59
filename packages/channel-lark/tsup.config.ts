import type { Options } from "tsup";
import { createTsupConfig } from "../../tsup.config.base.ts";

const config: Options = createTsupConfig({ entry: ["src/index.ts", "src/definition.ts"] });

export default config;
