import type { Options } from "tsup";
import { createTsupConfig } from "../../tsup.config.base.ts";

const config: Options = createTsupConfig({ entry: { index: "src/index.ts", "testing/index": "src/testing/index.ts" } });

export default config;
