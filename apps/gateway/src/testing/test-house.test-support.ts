import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import { createManualClock, recordingLogger, type ManualClock, type RecordingLogger } from "@revka/core/testing";
import { onTestFinished } from "vitest";
import { DEFAULT_SETTINGS } from "../config/default-settings.ts";
import type { DispatchSettings, Settings } from "../config/settings.ts";
import type { Gateway, GatewayOptions } from "../gateway-options.ts";
import { createGateway } from "../gateway.ts";
import type { GatewayEvent, GatewayStep } from "../observer.ts";
import { createTestChannel, type TestChannel, type TestChannelOptions } from "./test-channel.test-support.ts";

/** A whole gateway with one test channel, on a manual clock. */
export interface TestHouse {
  readonly folder: string;
  readonly gateway: Gateway;
  readonly channel: TestChannel;
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
  /** Every step so far, as `"step messageId"`. */
  steps(): string[];
  /** Resolves once a step has happened `count` times. */
  until(step: GatewayStep, count?: number): Promise<void>;
  /** The texts that were posted, in order. */
  posted(): string[];
}

/** What a test's gateway has that differs. */
export interface TestHouseOptions extends Partial<Pick<GatewayOptions, "agent" | "redactor">> {
  /** Default: a new temporary folder. */
  readonly folder?: string;
  readonly dispatch?: Partial<DispatchSettings>;
  readonly settings?: Partial<Pick<Settings, "multimodal" | "media" | "channels">>;
  readonly clock?: ManualClock;
  readonly channel?: Partial<TestChannelOptions>;
  /** Called after the step was counted. */
  readonly onStep?: (event: GatewayEvent) => void;
}

/** The settings of an empty file, but without a limit on how much one sender may write. */
export function createTestSettings(dispatch: Partial<DispatchSettings> = {}): Settings {
  return { ...DEFAULT_SETTINGS, dispatch: { ...DEFAULT_SETTINGS.dispatch, senderLimitPerMinute: 0, ...dispatch }, agent: { ...DEFAULT_SETTINGS.agent, isConfigured: true } };
}

/** A new temporary folder; it goes away with the test. */
export function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "revka-gateway-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A gateway that runs. */
export async function openHouse({ folder = createFolder(), dispatch, settings, clock = createManualClock(), channel: over, onStep, ...rest }: TestHouseOptions = {}): Promise<TestHouse> {
  const logger = recordingLogger();
  const channel = createTestChannel({ clock, ...over });
  const events: GatewayEvent[] = [];
  const waiting = new Set<() => void>();
  const gateway = await createGateway({
    folder,
    settings: { ...createTestSettings(dispatch), ...settings },
    logger,
    clock,
    random: () => 0.5,
    createChannels: () => Promise.resolve({ channels: [channel], warnings: [] }),
    observer(event) {
      events.push(event);
      for (const check of waiting) check();
      onStep?.(event);
    },
    ...rest,
  });
  await gateway.start();
  return {
    folder,
    gateway,
    channel,
    clock,
    logger,
    steps: () => events.map(({ step, messageId }) => `${step} ${messageId}`),
    posted: () => channel.sent.map(({ text }) => text),
    until: (step, count = 1) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (events.filter((event) => event.step === step).length < count) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
  };
}

/** The inbox row of a message, read from the file. */
export function rowOf(folder: string, messageId: string): Readonly<Record<string, SQLOutputValue>> {
  const connection = new DatabaseSync(join(folder, "state.sqlite"), { readOnly: true });
  const row = connection.prepare("SELECT * FROM inbox WHERE message_id = ?").get(messageId);
  connection.close();
  if (row === undefined) throw new RangeError(`The inbox has no message ${messageId}`);
  return row;
}
