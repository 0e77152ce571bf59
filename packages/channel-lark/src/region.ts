/** Where an app lives: `"lark"` is international, `"feishu"` is China. One platform, two hosts. */
export type LarkRegion = "lark" | "feishu";

/** A region's own host. */
export const HOSTS: Readonly<Record<LarkRegion, string>> = { lark: "https://open.larksuite.com", feishu: "https://open.feishu.cn" };

/** A region's name for people. */
export const DISPLAY_NAMES: Readonly<Record<LarkRegion, string>> = { lark: "Lark", feishu: "Feishu" };
