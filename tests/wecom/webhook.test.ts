import { startSandbox, type WecomControl } from "@revka/sandbox";
import { describe, expect, it, onTestFinished } from "vitest";

// The emulated webhook as a script with plain fetch meets it, by the platform's page and the sheet's order of checks.

interface Script {
  readonly wecom: WecomControl;
  /** Posts a value as JSON, or a text as it is; gives the errcode. */
  readonly post: (message: unknown, query?: string) => Promise<number>;
  readonly fetchSend: (init: RequestInit, query?: string) => Promise<Response>;
  readonly pass: (ms: number) => void;
}

async function openScript(): Promise<Script> {
  let at = 1_790_000_000_000;
  const sandbox = await startSandbox({ now: () => at });
  onTestFinished(() => sandbox.close());
  const { wecom } = sandbox;
  const fetchSend = (init: RequestInit, query = `?key=${wecom.key}`): Promise<Response> => fetch(`${wecom.url}/cgi-bin/webhook/send${query}`, { method: "POST", ...init });
  return {
    wecom,
    fetchSend,
    post: async (message, query) => {
      const response = await fetchSend({ body: typeof message === "string" ? message : JSON.stringify(message) }, query);
      expect(response.status).toBe(200);
      const answer = (await response.json()) as { readonly errcode: number };
      return answer.errcode;
    },
    pass: (ms) => {
      at += ms;
    },
  };
}

const text = (content: string): object => ({ msgtype: "text", text: { content } });

describe("the emulated webhook", () => {
  it("answers JSON, and takes a body whatever its content type says", async () => {
    const { fetchSend, wecom } = await openScript();
    for (const type of ["application/json", "text/plain", "application/x-www-form-urlencoded"]) {
      const response = await fetchSend({ body: JSON.stringify(text(type)), headers: { "content-type": type } });
      expect(response.headers.get("content-type")).toMatch(/^application\/json/);
      expect(await response.json()).toEqual({ errcode: 0, errmsg: "ok" });
    }
    expect(wecom.sent()).toHaveLength(3);
  });

  it("reads a key that is percent-encoded and ignores what it does not know in the query", async () => {
    const { post, wecom } = await openScript();
    const encoded = wecom.key.replace(/./g, (char) => `%${char.charCodeAt(0).toString(16)}`);
    expect(await post(text("a"), `?debug=1&key=${encoded}`)).toBe(0);
    expect(await post(text("b"), `?KEY=${wecom.key}`)).toBe(93000);
    expect(await post(text("c"), `?key=${wecom.key.toUpperCase()}x`)).toBe(93000);
  });

  it.each<[string, string, unknown, number]>([
    ["the key before the JSON", "?key=nobody", "{", 93000],
    ["the JSON before the kind", "", "{", 40008],
    ["the kind before its payload", "", { msgtype: "sms" }, 40008],
    ["the payload before its length", "", { msgtype: "text", markdown: { content: "a".repeat(5000) } }, 44004],
    ["the length before the rate", "", text("a".repeat(2049)), 40058],
    ["the rate last", "", text("a".repeat(2048)), 45009],
  ])("checks %s", async (_title, query, message, errcode) => {
    const { post, wecom } = await openScript();
    for (let n = 0; n < 20; n += 1) await post(text(`${n}`));
    expect(await post(message, query === "" ? undefined : query)).toBe(errcode);
    expect(wecom.sent()).toHaveLength(20);
  });

  it("lets exactly 20 of 30 through that come at the same time, and the rest never", async () => {
    const { post, wecom } = await openScript();
    const codes = await Promise.all(Array.from({ length: 30 }, (_, n) => post(text(`${n}`))));
    expect(codes.filter((code) => code === 0)).toHaveLength(20);
    expect(codes.filter((code) => code === 45009)).toHaveLength(10);
    expect(wecom.sent()).toHaveLength(20);
  });

  it("opens its window to the millisecond, and does not count what it refused meanwhile", async () => {
    const { pass, post } = await openScript();
    for (let n = 0; n < 20; n += 1) await post(text(`${n}`));
    pass(59_999);
    expect(await post(text("too early"))).toBe(45009);
    pass(1);
    expect(await post(text("in time"))).toBe(0);
  });

  it("takes 5120 bytes where it is told to be as generous as the service was seen to be", async () => {
    const { post, wecom } = await openScript();
    wecom.behave({ textLimitBytes: 5120 });
    expect([await post(text("a".repeat(5120))), await post(text("a".repeat(5121)))]).toEqual([0, 40058]);
  });

  it.each(["HEAD", "OPTIONS", "DELETE", "PATCH"])("answers %s with 405 and posts nothing", async (method) => {
    const { fetchSend, wecom } = await openScript();
    expect((await fetchSend({ method })).status).toBe(405);
    expect(wecom.sent()).toEqual([]);
  });

  it("forgets its chat, its window and its refusals when it is reset, and has its first key again", async () => {
    const { post, wecom } = await openScript();
    for (let n = 0; n < 20; n += 1) await post(text(`${n}`));
    wecom.refuse(-1, 3);
    wecom.keys.remove(wecom.key);
    await fetch(`${new URL(wecom.url).origin}/control/reset`, { method: "POST" });
    expect(await post(text("fresh"))).toBe(0);
    expect(wecom.sent().map((message) => message.text)).toEqual(["fresh"]);
  });
});
