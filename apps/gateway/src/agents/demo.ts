import type { Clock } from "@revka/core";
import type { Agent } from "./agent.ts";
import { createEchoAgent } from "./echo.ts";

/** What is said to get a picture. */
export const PICTURE = "picture";

/** How the answer to a picture begins. */
export const SEEN = "I see a picture of";

/** A smile of 24 x 24 pixels. */
const SMILE =
  "iVBORw0KGgoAAAANSUhEUgAAABgAAAAYAgMAAACdGdVrAAAACVBMVEX////weCgoFAo/wrWIAAAAVElEQVR42mNggAHREBDJGhoaAOKEhoK4oUDAwMAIohxAUiBJ1rCpUQhKFESFgNSH4qQiQ0NTQ4AaQkOnAvWFLgVrD41aCqSgRkMtglkLdQTUSWAAAL5FIP76dzUyAAAAAElFTkSuQmCC";

/** Between two words, as if it thought about them. */
const WORD_MS = 20;

/**
 * The agent of `revka demo`: an echo that says its words one by one, and answers "picture" with one.
 *
 * The words of others reach its answers through the echo alone, which makes their markers harmless.
 */
export function createDemoAgent({ clock }: { readonly clock: Clock }): Agent {
  const echo = createEchoAgent({ clock });
  return {
    kind: "demo",
    outboundMarkers: true,
    async *turn(request, signal) {
      if (request.message.text.trim().toLowerCase() === PICTURE) {
        const hasPictures = request.hints.markers.includes("IMAGE");
        yield { kind: "done", text: hasPictures ? `[IMAGE:data:image/png;base64,${SMILE}]` : "I can send no pictures here." };
        return;
      }
      const [picture] = request.message.media;
      if (picture !== undefined) {
        yield { kind: "done", text: `${SEEN} ${picture.bytes.length} bytes.` };
        return;
      }
      for await (const event of echo.turn(request, signal)) {
        if (event.kind !== "done") continue;
        for (const word of event.text?.split(/(?<=\s)/u) ?? []) {
          yield { kind: "delta", text: word };
          await clock.sleep(WORD_MS, signal);
        }
      }
    },
  };
}
