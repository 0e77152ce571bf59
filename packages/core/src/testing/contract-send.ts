import { setImmediate } from "node:timers/promises";
import { expect } from "vitest";
import { isChannelError } from "../contract/errors.ts";
import { expectNoSecret, whileListening, whileOpen, type ContractCheck } from "./contract-check.ts";
import type { ContractFault, ContractSubject } from "./contract-subject.ts";

/** What every channel must do. */
export const sendChecks: readonly ContractCheck[] = [
  {
    title: "states facts about itself that agree with one another",
    run: (descriptor) =>
      whileOpen(descriptor, ({ channel }) => {
        expect(channel.name).toBe(descriptor.name);
        expect(channel.capabilities.receive !== "none").toBe(descriptor.receives);
        expect(channel.capabilities.mediaIn.length > 0).toBe(channel.download !== undefined);
        expect(channel.status()).toMatchObject({ state: "idle", reconnects: 0 });
        return Promise.resolve();
      }),
  },
  {
    title: "ends listen at once when it is aborted beforehand",
    run: (descriptor) =>
      whileOpen(descriptor, async ({ channel }) => {
        await channel.listen(() => Promise.resolve("accepted"), AbortSignal.abort());
        expect(channel.status().state).toBe("stopped");
      }),
  },
  {
    title: "delivers a text",
    run: (descriptor) =>
      whileOpen(descriptor, async ({ channel, target, platform }) => {
        const receipt = await channel.send({ target, text: "Hello from the contract" });
        expect(platform.sent()).toEqual(["Hello from the contract"]);
        expect(receipt.messageIds.every((id) => typeof id === "string")).toBe(true);
      }),
  },
  {
    title: "cuts a long text into pieces that fit and are not cut again, and delivers them in order",
    run: (descriptor) =>
      whileOpen(descriptor, async ({ channel, target, platform }) => {
        const text = longTextFor(channel.capabilities.text.limit);
        const pieces = channel.split(text);
        expect(pieces.length).toBeGreaterThan(1);
        for (const piece of pieces) {
          expect(sizeOf(piece, channel.capabilities.text.unit)).toBeLessThanOrEqual(channel.capabilities.text.limit);
          expect(channel.split(piece)).toEqual([piece]);
        }
        await channel.send({ target, text });
        expect(platform.sent()).toEqual(pieces);
      }),
  },
  {
    title: "sends nothing when it is aborted beforehand, and gives the signal's own reason",
    run: (descriptor) =>
      whileOpen(descriptor, async ({ channel, target, platform }) => {
        const reason = new RangeError("not needed any more");
        await expect(channel.send({ target, text: "too late" }, AbortSignal.abort(reason))).rejects.toBe(reason);
        expect(platform.sent()).toEqual([]);
      }),
  },
  {
    title: "reports good health of a platform that works",
    run: (descriptor) =>
      whileOpen(descriptor, async (subject) => {
        const report = await subject.channel.checkHealth();
        expect(report.ok).toBe(true);
        expectNoSecret(subject, report);
      }),
  },
];

/** What a channel must do that only sends. */
export const sendOnlyChecks: readonly ContractCheck[] = [
  {
    title: "listens without hearing anything until it is aborted",
    run: (descriptor) =>
      whileListening(descriptor, {}, async ({ subject: { channel, target }, messages, stop }) => {
        await channel.send({ target, text: "while listening" });
        await setImmediate();
        expect(messages).toEqual([]);
        await stop();
        expect(channel.status().state).toBe("stopped");
      }),
  },
];

/** What a send must come to where the platform does this to it. */
export const faultChecks: Readonly<Record<ContractFault, ContractCheck>> = {
  unauthorized: {
    title: "fails with an AuthError where the platform refuses the credentials, and reports bad health",
    run: (descriptor) =>
      whileOpen(descriptor, async (subject) => {
        await subject.platform.fail("unauthorized");
        expect(await failureOf(subject)).toMatchObject({ code: "auth" });
        const report = await subject.channel.checkHealth();
        expect(report.ok).toBe(false);
        expectNoSecret(subject, report);
        expectNoSecret(subject, subject.channel.status());
      }),
  },
  "rate-limited": {
    title: "fails with a RateLimitError where the platform asks to slow down",
    run: (descriptor) =>
      whileOpen(descriptor, async (subject) => {
        await subject.platform.fail("rate-limited");
        const error = await failureOf(subject);
        expect(error).toMatchObject({ code: "rate-limit" });
        expect(error).toHaveProperty("retryAfterMs", expect.any(Number));
      }),
  },
  "answer-lost": {
    title: "does not repeat a send whose answer was lost",
    run: (descriptor) =>
      whileOpen(descriptor, async (subject) => {
        await subject.platform.fail("answer-lost");
        expect(await failureOf(subject)).toMatchObject({ code: "unknown-outcome" });
        expect(subject.platform.sent()).toHaveLength(1);
      }),
  },
};

/** The error that a send ends with: one of ours, and without secrets. */
async function failureOf(subject: ContractSubject): Promise<unknown> {
  const error = await subject.channel.send({ target: subject.target, text: "doomed" }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toSatisfy(isChannelError);
  expectNoSecret(subject, error);
  return error;
}

/** Two and a half messages of whole lines, in letters of one to four bytes. */
function longTextFor(limit: number): string {
  const line = "one line of text, 一行文字, une ligne de texte 🙂\n";
  return line.repeat(Math.ceil((2.5 * limit) / line.length)).trimEnd();
}

function sizeOf(text: string, unit: "bytes" | "chars"): number {
  return unit === "bytes" ? Buffer.byteLength(text) : text.length;
}
