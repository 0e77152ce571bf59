import type { ChannelContext, CreatedChannels, Logger } from "@revka/core";
import { reportText } from "../config/report.ts";
import type { LogSettings, OpsSettings, Settings } from "../config/settings.ts";
import { createChannels } from "../create-channels.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { Gateway } from "../gateway-options.ts";
import { createLogger, type LevelledLogger } from "../logging/create-logger.ts";
import { logConfiguration } from "../logging/log-configuration.ts";
import { chooseLogLevel } from "../logging/log-level.ts";
import { countErrors } from "../logging/count-errors.ts";
import type { Metrics } from "../ops/metrics.ts";
import { openOps, type Ops } from "../ops/open-ops.ts";
import { obtainOpsToken } from "../ops/ops-token.ts";
import { beginReloading } from "../reload/begin-reloading.ts";
import { KNOWN_CHANNELS } from "../registry.ts";
import { hasColour } from "../terminal.ts";
import { readVersion } from "../version.ts";
import { within } from "../within.ts";
import { watchStopSignals, type StopCause } from "./stop-signals.ts";
import type { ConfiguredRun } from "./with-config.ts";

/** How long an orderly end may take after something that nobody caught. */
const CRASH_DRAIN_MS = 5_000;

/** How a gateway is run. */
export interface GatewayRun {
  /** What people see once it is up. */
  readonly banner: (gateway: Gateway, opsUrl: string | undefined) => string;
  /** With what tells an operator how it stands; without, only the messages go by. */
  readonly ops?: OpsSettings;
}

/** Runs the gateway until it is told to stop. */
export async function runGateway(run: ConfiguredRun, { banner, ops: opsSettings }: GatewayRun): Promise<ExitCode> {
  const { io, config, redactor, proxyFor } = run;
  if (config.isBlocked) {
    io.stderr.write(`${reportText(config.file, config.problems)}\n`);
    return EXIT.config;
  }
  const plainLogger = createRunLogger(run);
  const metrics = opsSettings === undefined ? undefined : await loadMetrics(run);
  const logger = metrics === undefined ? plainLogger : countErrors(plainLogger, (component) => metrics.error(component));
  using signals = watchStopSignals(io, logger);
  logConfiguration(logger, config, proxyFor);
  const gateway = await io.createGateway({
    folder: config.folder,
    settings: config.settings,
    logger,
    redactor,
    clock: io.clock,
    ...(metrics !== undefined && { observer: metrics.observe, channelObserver: metrics.observeChannel }),
    createChannels: (contextOf) => createOrLog(run, contextOf, logger),
  });
  let applied = config.settings;
  const maxFileBytes = (): number => applied.media.maxOutboundBytes;
  const watched = opsSettings !== undefined && metrics !== undefined ? { run, gateway, metrics, settings: opsSettings, logger, maxFileBytes } : undefined;
  await using ops = watched === undefined ? undefined : await openOpsOf(watched);
  let reloading: AsyncDisposable | undefined;
  const cause = await runUntilStopped(gateway, signals.stopping, () => {
    const onApplied = (next: Settings): void => {
      applied = next;
      plainLogger.level = levelFor(run, next.log.level);
    };
    reloading = beginReloading({ ...run, started: config, gateway, logger, signals, clock: io.clock, onApplied });
    io.stdout.write(banner(gateway, ops?.url));
  });
  await reloading?.[Symbol.asyncDispose]();
  if (cause.kind === "signal") {
    logger.info({}, "Stopping");
    await gateway.stop();
    logger.info({}, "Stopped");
    return EXIT.ok;
  }
  logger.error({ error: cause.error }, "The gateway cannot go on; stopping");
  await within(CRASH_DRAIN_MS, gateway.stop(), io.clock);
  io.exit(EXIT.failure);
  return EXIT.failure;
}

/** The metrics' library is loaded only where somebody counts. */
async function loadMetrics({ io, config }: ConfiguredRun): Promise<Metrics> {
  const { createMetrics } = await import("../ops/metrics.ts");
  const features = KNOWN_CHANNELS.flatMap(({ feature, section }) => (feature !== undefined && config.definitions.has(section) ? [feature] : []));
  return createMetrics({ clock: io.clock, version: readVersion(), features: [...new Set(features)] });
}

interface Watched {
  readonly run: ConfiguredRun;
  readonly gateway: Gateway;
  readonly metrics: Metrics;
  readonly settings: OpsSettings;
  readonly logger: Logger;
  readonly maxFileBytes: () => number;
}

function openOpsOf({ run: { io, config, redactor }, gateway, metrics, settings, logger, maxFileBytes }: Watched): Promise<Ops> {
  const token = obtainOpsToken(config.folder);
  redactor.add(token);
  const { clock } = io;
  const subject = { gateway, metrics, agent: config.settings.agent.kind, token, clock, startedAt: clock.now(), redact: (text: string) => redactor.text(text), maxFileBytes };
  return openOps({ subject, settings, folder: config.folder, logger });
}

/** `level` is the file's. */
function levelFor({ io, logLevel }: ConfiguredRun, level: LogSettings["level"]): LogSettings["level"] {
  return chooseLogLevel(logLevel, io.environment, level).level;
}

function createRunLogger({ io, config, redactor, logLevel }: ConfiguredRun): LevelledLogger {
  const { level, warnings } = chooseLogLevel(logLevel, io.environment, config.settings.log.level);
  const logger = createLogger({
    settings: { ...config.settings.log, level },
    output: io.stderr,
    redactor,
    hasColour: hasColour(io.stderr, io.environment),
  });
  for (const warning of warnings) logger.warn({ component: "config" }, warning);
  return logger;
}

/** @throws what the first channel threw when none could be made. */
async function createOrLog({ config }: ConfiguredRun, contextOf: (instance: string) => ChannelContext, logger: Logger): Promise<CreatedChannels> {
  const { channels, warnings, failures } = await createChannels(config.sections, contextOf);
  if (channels.length === 0 && failures[0] !== undefined) throw failures[0].error;
  for (const { sections, error } of failures) logger.error({ component: "config", sections, error }, "Channel could not be created; it does not start");
  return { channels, warnings };
}

async function runUntilStopped(gateway: Gateway, stopping: Promise<StopCause>, onStarted: () => void): Promise<StopCause> {
  const crash = (error: unknown): StopCause => ({ kind: "crash", error });
  const closed = gateway.closed.then((): StopCause => ({ kind: "signal" }), crash);
  try {
    await gateway.start();
  } catch (error) {
    return crash(error);
  }
  onStarted();
  return Promise.race([stopping, closed]);
}
