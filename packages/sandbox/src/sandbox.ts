import { createAgenda } from "./server/agenda.ts";
import { createControl } from "./control/control.ts";
import { SandboxError } from "./errors.ts";
import { createFaults, type Faults } from "./faults/faults.ts";
import { createFrameFaults, type FrameFaults } from "./faults/frame-faults.ts";
import { createFrameRecorder, type FrameRecord } from "./record/frame-record.ts";
import { createLines } from "./server/lines.ts";
import { createListener } from "./server/listener.ts";
import type { Platform, PlatformSettings } from "./platforms/platform.ts";
import { mountPlatforms, type PlatformControls, type PlatformName, type PlatformOptions } from "./platforms/platforms.ts";
import { openPort, type Port } from "./server/port.ts";
import { createRecorder, type ExchangeRecord } from "./record/record.ts";
import { createUpgrader } from "./server/upgrader.ts";

/** How a sandbox starts. */
export interface SandboxOptions extends PlatformOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Where clients reach it, when something stands in front of it, e.g. a tunnel or a proxy with TLS; default its own `url`. All addresses that platforms give out begin with it. */
  readonly publicUrl?: string;
  /** The time, epoch ms, for every window, expiry and timestamp; default the machine's clock. */
  readonly now?: () => number;
}

/** A running sandbox: the platforms, and what they can be driven and watched by. */
export interface Sandbox extends PlatformControls, AsyncDisposable {
  /** Its own address, e.g. `http://127.0.0.1:42680`: without a slash at the end. */
  readonly url: string;
  /** What is to go wrong with requests and handshakes. */
  readonly faults: Faults;
  /** What is to go wrong with WebSocket frames. */
  readonly frameFaults: FrameFaults;
  /** What came in and what was answered. */
  readonly record: ExchangeRecord;
  /** What went over WebSockets. */
  readonly frames: FrameRecord;
  /** The configuration that points a gateway at one of the platforms. */
  settingsFor(platform: PlatformName): PlatformSettings;
  /** Does what is due by `now`, such as redeliveries and pings: for a `now` that a test moves. */
  runDue(): void;
  /** Back to the beginning: messages, switches, faults and record are gone, connections stay. */
  reset(): void;
  /** Leaves the port, so that connections are refused, and drops those that exist. Nothing is forgotten. */
  pause(): Promise<void>;
  /** Listens on the same port again. @throws SandboxError when it is taken meanwhile or the sandbox is closed. */
  resume(): Promise<void>;
  /** Ends everything at once, also requests that hang. Waits reject with a {@link SandboxError}. */
  close(): Promise<void>;
}

/**
 * Starts every platform on one loopback port: `/lark`, `/feishu`, `/dingtalk`, `/mochat`, `/qq`, `/wecom`, and the control API on `/control/`.
 *
 * @throws SandboxError when the port is taken.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port: wanted = 0, now = Date.now } = options;
  const port = await openPort(wanted);
  const url = `http://127.0.0.1:${port.number}`;
  const publicUrl = (options.publicUrl ?? url).replace(/\/+$/, "");
  const closing = new AbortController();
  const faults = createFaults();
  const record = createRecorder(now, closing.signal);
  const frameFaults = createFrameFaults();
  const frames = createFrameRecorder(now, closing.signal);
  const linesOf = createLines({ faults: frameFaults, record: frames });
  const agenda = createAgenda(now, closing.signal);
  const platforms = mountPlatforms(
    (name) => ({ url: `${publicUrl}/${name}`, now, record, agenda, lines: linesOf(name), closing: closing.signal }),
    options,
  );
  const all: readonly Platform[] = Object.values(platforms);

  const reset = (): void => {
    for (const cleared of [faults, frameFaults, record, frames]) cleared.clear();
    for (const platform of all) platform.reset();
  };
  const control = createControl({ url, platforms: all, faults, frameFaults, record, frames, reset });
  port.server.on("request", createListener({
    platforms: new Map(all.map((platform) => [platform.name, (request: Request) => platform.app.fetch(request)])),
    control: (request) => control.fetch(request),
    faults,
    record,
  }));
  const upgrades = all.flatMap(({ name, upgrade }) => (upgrade === undefined ? [] : [[name, upgrade] as const]));
  port.server.on("upgrade", createUpgrader({ platforms: new Map(upgrades), faults, record }));

  const close = async (): Promise<void> => {
    closing.abort(new SandboxError("the sandbox was closed"));
    await port.close();
  };
  return {
    url,
    dingtalk: platforms.dingtalk.api,
    feishu: platforms.feishu.api,
    lark: platforms.lark.api,
    mochat: platforms.mochat.api,
    qq: platforms.qq.api,
    wecom: platforms.wecom.api,
    faults,
    frameFaults,
    record,
    frames,
    runDue: () => agenda.runDue(),
    settingsFor: (platform) => platforms[platform].settings,
    reset,
    pause: () => port.close(),
    resume: () => reopen(port, closing.signal),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function reopen(port: Port, closing: AbortSignal): Promise<void> {
  closing.throwIfAborted();
  await port.open();
}
