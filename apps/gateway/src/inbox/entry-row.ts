import type { SQLOutputValue } from "node:sqlite";
import type { InboundMessage } from "@revka/core";
import type { InboxEntry } from "./inbox.ts";
