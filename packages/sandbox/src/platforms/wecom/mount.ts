import type { Platform, PlatformContext } from "../platform.ts";
import { readSwitches } from "../../control/switches.ts";
import { BEHAVIOUR, type WecomBehaviour } from "./behaviour.ts";
import { wecomControl } from "./control.ts";
import { createKeys, type WecomKeys } from "./keys.ts";
import { wecomRoutes } from "./routes.ts";
import { createWecomState, type WecomMedia, type WecomMessage } from "./state.ts";

/** How the WeCom webhook starts. */
export interface WecomOptions {
  /** The keys of its bots; default one, `00000000-0000-4000-8000-000000042680`. */
  readonly keys?: readonly [string, ...string[]];
}

/** Drives the emulated WeCom webhook. */
export interface WecomControl {
  /** What a channel takes as `base_url`. */
  readonly url: string;
  /** The key of the first bot it started with. */
  readonly key: string;
  readonly keys: WecomKeys;
  /** Sets switches; those that are not given stay. @throws TypeError when one is unknown or its value impossible. */
  behave(switches: Partial<WecomBehaviour>): void;
  /** Answers the next calls of any good key with this errcode; default once. Calls add up, in order. */
  refuse(errcode: number, times?: number): void;
  /** What the bots posted, or one of them; oldest first, the last 10,000. */
  sent(key?: string): readonly WecomMessage[];
  /** Gives the next message that no call has given yet. */
  nextMessage(signal?: AbortSignal): Promise<WecomMessage>;
  /** What was uploaded and accepted, oldest first. */
  readonly uploads: readonly WecomMedia[];
}

const NAME = "wecom";
const DEFAULT_KEYS = ["00000000-0000-4000-8000-000000042680"] as const;

/** Sets up the WeCom emulator. */
export function mountWecom(context: PlatformContext, { keys = DEFAULT_KEYS }: WecomOptions = {}): Platform<WecomControl> {
  const state = createWecomState(context, keys);
  const wecomKeys = createKeys(state);
  return {
    name: NAME,
    app: wecomRoutes(state),
    control: wecomControl(state, wecomKeys),
    api: {
      url: context.url,
      key: keys[0],
      keys: wecomKeys,
      behave: (switches) => {
        state.behaviour = { ...state.behaviour, ...readSwitches(BEHAVIOUR, switches) };
      },
      refuse: (errcode, times = 1) => state.refuseNext(errcode, times),
      sent: (key) => state.messages.entries.filter((message) => key === undefined || message.key === key),
      nextMessage: (signal) => state.messages.take(() => true, signal),
      get uploads() {
        return [...state.uploads.values()];
      },
    },
    scenes: [],
    settings: { section: NAME, values: { webhook_key: keys[0], base_url: context.url } },
    reset: () => state.reset(),
  };
}
