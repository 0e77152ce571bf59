import type { Command } from "commander";
import { readDenied, type DeniedEntry } from "../denied-senders.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { createSqliteStores } from "../store/sqlite-store.ts";
import type { CommandIo } from "./command-io.ts";
import { withConfig, type ConfiguredRun } from "./with-config.ts";
import { withState } from "./with-state.ts";

/** `revka channel senders`: who was refused lately. */
export function registerChannelSenders(channel: Command, io: CommandIo): void {
  channel
    .command("senders")
    .description("show whose messages were refused lately, to find out whom to allow")
    .argument("[name]", "only of this section")
    .option("--json", "as JSON")
    .action((name: string | undefined, { json }: { json?: true }, command: Command) => withConfig(command, io, (run) => show(run, { name, json: json === true })));
}

interface Refused extends DeniedEntry {
  readonly channel: string;
}

async function show(run: ConfiguredRun, { name, json }: { readonly name: string | undefined; readonly json: boolean }): Promise<ExitCode> {
  const { io, config } = run;
  const channels = name === undefined ? [...config.sections.keys()] : [name];
  const refused = await readAll(run, channels);
  if (json) io.stdout.write(`${JSON.stringify({ senders: refused }, undefined, 2)}\n`);
  else io.stdout.write(refused.length === 0 ? "Nobody was refused lately.\n" : `${refused.map(line).join("\n")}\n\nTo let somebody in: revka channel allow <channel> <id>\n`);
  return EXIT.ok;
}

/** Read from the state, which a running daemon writes every few seconds; the newest first. */
function readAll(run: ConfiguredRun, channels: readonly string[]): Promise<readonly Refused[]> {
  return withState<readonly Refused[]>(
    run,
    async (database) => {
      const stores = createSqliteStores(database, run.io.clock);
      const lists = channels.map(async (channel) => (await readDenied(stores.of(`denied:${channel}`))).map((entry) => ({ channel, ...entry })));
      return (await Promise.all(lists)).flat().toSorted((a, b) => b.at - a.at);
    },
    [],
  );
}

function line({ channel, ids, conversationId, at, count }: Refused): string {
  const [id = "(no id)", ...others] = ids;
  const also = others.length === 0 ? "" : ` (also ${others.join(", ")})`;
  const place = conversationId === undefined ? "" : ` in ${conversationId}`;
  return `  ${new Date(at).toISOString()}  ${channel.padEnd(9)} ${id}${also}${place}${count === 1 ? "" : `, ${count} times`}`;
}
