import { flag, integerBetween, stringList, table } from "@revka/core";
import * as v from "valibot";
import { INERT_MEDIA_KEYS, schemasOf } from "./inert-keys.ts";
import type { TableDeclaration } from "./read-table.ts";
import type { MediaSettings, MultimodalSettings } from "./settings.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

/** `[multimodal]`. */
export const multimodalTable: TableDeclaration<MultimodalSettings> = {
  path: "multimodal",
  fields: [
    { key: "max_images", type: "integer", description: "Images of one message that the agent gets, from 1 to 16.", default: 4 },
    { key: "max_image_size_mb", type: "integer", description: "Largest image that the agent gets, from 1 to 20 MiB.", default: 5 },
    { key: "allow_remote_fetch", type: "boolean", description: "Fetch the files whose https address an agent gives, for channels that take no addresses.", default: false },
  ],
  schema: v.pipe(
    table({
      max_images: v.pipe(integerBetween(0, 1000, 4), v.toMinValue(1), v.toMaxValue(16)),
      max_image_size_mb: v.pipe(integerBetween(0, 1000, 5), v.toMinValue(1), v.toMaxValue(20)),
      allow_remote_fetch: flag(false),
    }),
    v.transform((section) => ({
      maxImages: section.max_images,
      maxImageBytes: section.max_image_size_mb * MIB,
      allowRemoteFetch: section.allow_remote_fetch,
    })),
  ),
};

/** `[media]`. */
export const mediaTable: TableDeclaration<MediaSettings> = {
  path: "media",
  fields: [
    { key: "roots", type: "string-list", description: "Folders that agents may send files from; by default workspace/outbox beside the configuration." },
    { key: "max_outbound_mb", type: "integer", description: "Largest file that an agent may send, in MiB.", default: 20 },
    { key: "text_file_max_kb", type: "integer", description: "Largest text file that is shown to the agent, in KiB.", default: 512 },
    { key: "audio_max_mb", type: "integer", description: "Largest voice message that is transcribed, in MiB.", default: 25 },
    ...INERT_MEDIA_KEYS.map(({ field }) => field),
  ],
  schema: v.pipe(
    table({
      ...schemasOf(INERT_MEDIA_KEYS),
      roots: stringList,
      max_outbound_mb: integerBetween(1, 100, 20),
      text_file_max_kb: integerBetween(1, 10 * KIB, 512),
      audio_max_mb: integerBetween(1, 100, 25),
    }),
    v.transform((section) => ({
      roots: section.roots,
      maxOutboundBytes: section.max_outbound_mb * MIB,
      textFileMaxBytes: section.text_file_max_kb * KIB,
      audioMaxBytes: section.audio_max_mb * MIB,
    })),
  ),
};
