#!/usr/bin/env node
import { createProcessIo } from "./commands/process-io.ts";
import { runCli } from "./commands/run-cli.ts";

await runCli(process.argv.slice(2), createProcessIo());
