/** Everything that was shown to somebody: texts, by where they were shown. */
export interface Evidence {
  /** Adds to what was shown there. */
  readonly add: (where: string, text: string) => void;
  readonly texts: ReadonlyMap<string, string>;
}

/** Nothing was shown yet. */
export function createEvidence(): Evidence {
  const texts = new Map<string, string>();
  return { texts, add: (where, text) => void texts.set(where, (texts.get(where) ?? "") + text) };
}

/** A secret that must not be shown, in any spelling and not in part. */
export interface Canary {
  readonly name: string;
  readonly value: string;
}

/** How much of either end would help to guess the rest. */
const PART_CHARS = 8;

/** All that is looked for of a secret, by how it is spelt. */
export function spellingsOf(secret: string): ReadonlyMap<string, string> {
  const encoded = encodeURIComponent(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  return new Map([
    ["as it is", secret],
    ["percent-encoded", encoded],
    ["percent-encoded in small letters", encoded.replaceAll(/%../g, (escape) => escape.toLowerCase())],
    ["as in a query", new URLSearchParams({ s: secret }).toString().slice(2)],
    ["as in JSON", json],
    ["as in JSON within JSON", JSON.stringify(json).slice(1, -1)],
    ["in hex", Buffer.from(secret).toString("hex")],
    ...[0, 1, 2].flatMap((shift) => (["base64", "base64url"] as const).map((alphabet): [string, string] => [`${alphabet}, shifted by ${shift}`, middleOf(secret, shift, alphabet)])),
    [`its first ${PART_CHARS} characters`, secret.slice(0, PART_CHARS)],
    [`its last ${PART_CHARS} characters`, secret.slice(-PART_CHARS)],
  ]);
}

/** What Base64 makes of a secret behind `shift` other bytes, without the digits that others share. */
function middleOf(secret: string, shift: number, alphabet: "base64" | "base64url"): string {
  const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)]);
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString(alphabet);
  return whole.slice(shift === 0 ? 0 : 4);
}

/** Where a secret was shown, and how, as sentences; empty when it was not. */
export function leaksIn({ texts }: Evidence, canaries: readonly Canary[]): string[] {
  return canaries.flatMap(({ name, value }) => {
    const spellings = [...spellingsOf(value)];
    return [...texts].flatMap(([where, text]) => {
      const found = spellings.find(([, spelling]) => text.includes(spelling));
      return found === undefined ? [] : [`${where} shows ${name} ${found[0]}: ${around(text, found[1])}`];
    });
  });
}

/** The line that it stands in, as far as it helps. */
function around(text: string, spelling: string): string {
  const at = text.indexOf(spelling);
  return text.slice(Math.max(text.lastIndexOf("\n", at) + 1, at - 160), at + 80);
}
