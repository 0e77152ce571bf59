import { createHash, randomUUID } from "node:crypto";
import { setBounded } from "../../record/bounded-map.ts";
import { createLog, type Log } from "../../record/log.ts";
import type { PlatformContext } from "../platform.ts";
import { createSlidingWindow } from "../sliding-window.ts";
import { DEFAULT_BEHAVIOUR, type WecomBehaviour } from "./behaviour.ts";
import { LIMITS } from "./limits.ts";
import type { Payload } from "./message.ts";

/** A message that a bot posted into its chat. */
export interface WecomMessage {
  /** Counts from 1 and is never used twice, so it serves as a cursor. */
  readonly seq: number;
  readonly key: string;
  readonly msgtype: string;
  /** The content of a text or markdown message, else empty. */
  readonly text: string;
  /** As it was sent, except: of an image only `md5` (which was checked) and `bytes`; titles cut as the platform cuts them. */
  readonly payload: Payload;
  /** Arrival, epoch ms. */
  readonly at: number;
}

/** A file that a bot uploaded; its bytes are not kept. */
export interface WecomMedia {
  readonly mediaId: string;
  readonly key: string;
  readonly type: "file" | "voice";
  readonly name: string;
  readonly bytes: number;
  /** Of the bytes, hex. */
  readonly md5: string;
  readonly createdAt: number;
}

/** Whether a key may post. */
export type KeyState = "active" | "disabled";

/** What the emulated webhook remembers. */
export interface WecomState {
  behaviour: WecomBehaviour;
  readonly keys: Map<string, KeyState>;
  readonly messages: Log<WecomMessage>;
  readonly uploads: ReadonlyMap<string, WecomMedia>;
  /** Answers the next calls with this code. @throws RangeError when more than 10,000 answers would wait. */
  refuseNext(errcode: number, times: number): void;
  /** Takes the code that the next call is to be answered with, if there is one. */
  takeErrcode(): number | undefined;
  /** A new trace for an errmsg. */
  traceId(): string;
  upload(file: Pick<WecomMedia, "key" | "type" | "name">, bytes: Buffer): WecomMedia;
  hasMedia(key: string, mediaId: string, type: WecomMedia["type"]): boolean;
  /** Counts a message against the key's window; false when the window is full. */
  admit(key: string): boolean;
  post(message: Omit<WecomMessage, "seq" | "at" | "text">): void;
  reset(): void;
}

/** Creates the state of a fresh webhook whose bots have `keys`. */
export function createWecomState({ now, closing }: PlatformContext, keys: readonly string[]): WecomState {
  const uploads = new Map<string, WecomMedia>();
  const accepted = createSlidingWindow(LIMITS.windowMs, now);
  const messages = createLog<WecomMessage>(LIMITS.keptCount, closing);
  const freshKeys = (): (readonly [string, KeyState])[] => keys.map((key) => [key, "active"]);
  const errcodes: number[] = [];
  let traces = 0;

  const state: WecomState = {
    behaviour: DEFAULT_BEHAVIOUR,
    keys: new Map(freshKeys()),
    messages,
    uploads,
    refuseNext: (errcode, times) => {
      if (errcodes.length + times > LIMITS.keptCount) throw new RangeError(`at most ${LIMITS.keptCount} refusals may wait`);
      errcodes.push(...Array.from({ length: times }, () => errcode));
    },
    takeErrcode: () => errcodes.shift(),
    traceId: () => `${Math.floor(now() / 1000)}_${++traces}_${randomUUID().slice(0, 8)}`,
    upload: (file, bytes) => {
      const media = {
        ...file, mediaId: randomUUID().replaceAll("-", ""), bytes: bytes.length, md5: createHash("md5").update(bytes).digest("hex"), createdAt: now(),
      };
      setBounded(uploads, [media.mediaId, media], LIMITS.keptCount);
      return media;
    },
    hasMedia: (key, mediaId, type) => {
      const media = uploads.get(mediaId);
      return media?.key === key && media.type === type && now() - media.createdAt < LIMITS.mediaLifeMs;
    },
    admit: (key) => accepted.admit(key, state.behaviour.messagesPerMinute),
    post: (message) => {
      const content = message.payload["content"];
      messages.append((seq) => ({ seq, ...message, text: typeof content === "string" ? content : "", at: now() }));
    },
    reset: () => {
      state.behaviour = DEFAULT_BEHAVIOUR;
      state.keys.clear();
      for (const [key, keyState] of freshKeys()) state.keys.set(key, keyState);
      errcodes.length = 0;
      uploads.clear();
      accepted.clear();
      messages.clear();
    },
  };
  return state;
}
