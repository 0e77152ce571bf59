import { randomUUID } from "node:crypto";
import { LIMITS } from "./limits.ts";

/** A file or an image that the platform keeps. */
export interface LarkResource {
  /** `img_v3_…` or `file_v3_…` */
  readonly key: string;
  readonly type: "image" | "file";
  /** Of an upload its `image_type` or `file_type`; empty for what users sent. */
  readonly uploadType: string;
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
  /** As the upload said it. */
  readonly durationMs?: number;
  /** Whether the app uploaded it. */
  readonly isOwn: boolean;
  /** Epoch ms. */
  readonly at: number;
}

/** A resource before it has a key. */
export type NewResource = Pick<LarkResource, "type" | "bytes"> & Partial<Pick<LarkResource, "uploadType" | "name" | "contentType" | "durationMs" | "isOwn">>;

/** The platform's file store. */
export interface Resources {
  /** Keeps what a user sent, or with `isOwn` what the app uploaded. @returns its key. */
  store(resource: NewResource): string;
  find(key: string): LarkResource | undefined;
  /** What the app uploaded, oldest first. */
  readonly uploads: readonly LarkResource[];
  clear(): void;
}

/** Creates empty {@link Resources}. */
export function createResources(now: () => number): Resources {
  const kept = new Map<string, LarkResource>();
  return {
    store: (resource) => {
      const key = `${resource.type === "image" ? "img" : "file"}_v3_${randomUUID()}`;
      kept.set(key, { key, uploadType: "", name: "", contentType: "application/octet-stream", isOwn: false, at: now(), ...resource });
      makeRoom(kept);
      return key;
    },
    find: (key) => kept.get(key),
    get uploads() {
      return [...kept.values()].filter(({ isOwn }) => isOwn);
    },
    clear: () => kept.clear(),
  };
}

function makeRoom(kept: Map<string, LarkResource>): void {
  let total = [...kept.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
  for (const [key, { bytes }] of kept) {
    if (total <= LIMITS.keptFileBytes && kept.size <= LIMITS.keptCount) return;
    kept.delete(key);
    total -= bytes.length;
  }
}
