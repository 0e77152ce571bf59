import type { Palette } from "../terminal.ts";
import type { Exchange } from "./scene.ts";

const NAME_WIDTH = 8;
const TEXT_WIDTH = 44;

/** One exchange as people read it: who said what, what came back, how long it took. */
export function renderExchange({ from, group, said, to, arrived, tookMs, updates = 0 }: Exchange, palette: Palette): string {
  const place = group === undefined ? [] : [`  ${palette.dim(`in the group ${group}`)}`];
  const asked = [...place, ...renderLines(from, "›", said)];
  if (arrived.length === 0) return [...asked, `  ${palette.red(`${to.padEnd(NAME_WIDTH)} ✗ nothing came within ${formatMs(tookMs)}`)}`, ""].join("\n");
  const answer = arrived.flatMap((text) => renderLines(to, "‹", text));
  const last = answer.pop() ?? "";
  return [...asked, ...answer, `${last}${" ".repeat(Math.max(2, TEXT_WIDTH - widthOf(last)))}${palette.dim(`${formatMs(tookMs)}${updates > 0 ? `, grown in ${updates} steps` : ""}`)}`, ""].join("\n");
}

/** `14 ms`, `1.02 s`. */
export function formatMs(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

function renderLines(name: string, sign: string, text: string): string[] {
  return text.split("\n").map((line, index) => `  ${(index === 0 ? name : "").padEnd(NAME_WIDTH)} ${index === 0 ? sign : " "} ${line}`);
}

/** Columns on a terminal: CJK and emoji take two. */
function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) width += /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]/u.test(segment) ? 2 : 1;
  return width;
}
