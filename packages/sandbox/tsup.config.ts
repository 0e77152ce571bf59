import type { Options } from "tsup";
import { createTsupConfig } from "../../tsup.config.base.ts";

const config: Options = createTsupConfig();

export default config;
