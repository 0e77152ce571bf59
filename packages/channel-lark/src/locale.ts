/** The languages that differ here, as BCP 47 tags. */
export type Locale = "zh-CN" | "zh-TW" | "en" | "ja";

/** Names that tags of languages go by. */
const TAG_KEYS = ["locale", "language", "lang", "i18n_locale", "user_locale", "locale_id"] as const;

/** An event is a tree of objects; deeper than that none is. */
const MOST_DEPTH = 8;

/** The nearest of the four to a tag in any spelling; undefined for other languages. */
export function localeOfTag(tag: string): Locale | undefined {
  const normal = tag.toLowerCase().replaceAll("-", "_");
  const [, language] = /^(ja|en|zh)(?:_|$)/.exec(normal) ?? [];
  if (language === "ja" || language === "en") return language;
  if (language === undefined) return undefined;
  return /hant|^zh_(?:tw|hk|mo)/.test(normal) ? "zh-TW" : "zh-CN";
}

/** What an event tells of its sender's language: in the name of the client, or else under one of the usual names. */
export function localeIn(event: unknown): Locale | undefined {
  return findLocale(event, (key, text) => (key === "user_agent" ? tagOfAgent(text) : undefined)) ?? findLocale(event, (key, text) => (isTagKey(key) ? text : undefined));
}

/** The languages of a post are the names of its top-level entries. */
export function localeOfContent(content: Readonly<Record<string, unknown>>): Locale | undefined {
  for (const key of Object.keys(content)) {
    const locale = localeOfTag(key);
    if (locale !== undefined) return locale;
  }
  return undefined;
}

/** A guess from the script of a text; undefined where there is no letter of a script that tells. */
export function localeOfScript(text: string): Locale | undefined {
  if (/[\u3041-\u3096\u30a1-\u30fa]/.test(text)) return "ja";
  if (/\p{Script=Han}/u.test(text)) return count(text, TRADITIONAL) > count(text, SIMPLIFIED) ? "zh-TW" : "zh-CN";
  return /\p{Script=Latin}/u.test(text) ? "en" : undefined;
}

// Pairs of the same characters. Those that either script uses, e.g. 台 and 里, tell nothing and are left out.
const TRADITIONAL = new Set("奮鬥強體國灣萬與為這學機開裡們說個來時會對過還後點無問見麼請謝嗎給兩沒聽書電話東車馬長門間現實業進動");
const SIMPLIFIED = new Set("奋斗强体国湾万与为这学机开们说个来时会对过还后点无问见么请谢吗给两没听书电话东车马长门间现实业进动");

function count(text: string, characters: ReadonlySet<string>): number {
  return Array.from(text).filter((character) => characters.has(character)).length;
}

function isTagKey(key: string): boolean {
  return TAG_KEYS.some((name) => name === key);
}

function tagOfAgent(agent: string): string | undefined {
  return /LarkLocale\/([\w-]{2,16})/.exec(agent)?.[1];
}

function findLocale(value: unknown, tagAt: (key: string, text: string) => string | undefined, depth = 0): Locale | undefined {
  if (typeof value !== "object" || value === null || depth > MOST_DEPTH) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const tag = typeof inner === "string" ? tagAt(key, inner) : undefined;
    const locale = tag === undefined ? findLocale(inner, tagAt, depth + 1) : localeOfTag(tag);
    if (locale !== undefined) return locale;
  }
  return undefined;
}
