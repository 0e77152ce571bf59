import { describe, expect, it } from "vitest";
import type { FaultRule } from "./fault.ts";
import { createFaults } from "./faults.ts";

const SEND = { platform: "mochat", method: "POST", path: "/api/message/send" };

describe("createFaults", () => {
  it.each<[string, Omit<FaultRule, "fault">, boolean]>([
    ["everything unless told otherwise", {}, true],
    ["the platform", { platform: "mochat" }, true],
    ["another platform", { platform: "wecom" }, false],
    ["the method in any case", { method: "post" }, true],
    ["another method", { method: "GET" }, false],
    ["the whole path", { path: "/api/message/send" }, true],
    ["a part of the path", { path: "/api/message" }, false],
    ["a part of the path with a star", { path: "/api/message/*" }, true],
    ["another path with a star", { path: "/api/other/*" }, false],
  ])("matches %s", (_title, rule, isHit) => {
    const faults = createFaults();
    faults.add({ ...rule, fault: { kind: "cut" } });
    expect(faults.take(SEND) !== undefined).toBe(isHit);
  });

  it("lets `skip` requests pass and then hits `times`", () => {
    const faults = createFaults();
    const handle = faults.add({ skip: 1, times: 2, fault: { kind: "cut" } });
    expect([1, 2, 3, 4].map(() => faults.take(SEND) !== undefined)).toEqual([false, true, true, false]);
    expect(handle.hits).toBe(2);
  });

  it("hits once unless told otherwise, and for ever with \"always\"", () => {
    const faults = createFaults();
    faults.add({ fault: { kind: "cut" } });
    faults.add({ times: "always", fault: { kind: "gzip" } });
    expect([1, 2, 3].map(() => faults.take(SEND)?.fault.kind)).toEqual(["cut", "gzip", "gzip"]);
  });

  it("stops when it is released, and tells those it holds", () => {
    const faults = createFaults();
    const handle = faults.add({ times: "always", fault: { kind: "hang" } });
    const strike = faults.take(SEND);
    handle.release();
    expect(strike?.released.aborted).toBe(true);
    expect(faults.take(SEND)).toBeUndefined();
    expect(faults.rules).toEqual([]);
  });

  it("releases what holds a request, also after its last hit, when everything is cleared", () => {
    const faults = createFaults();
    faults.add({ fault: { kind: "hang" } });
    const strike = faults.take(SEND);
    faults.clear();
    expect(strike?.released.aborted).toBe(true);
  });

  it("releases by id once", () => {
    const faults = createFaults();
    const { id } = faults.add({ fault: { kind: "hang" } });
    expect([faults.release(id), faults.release(id)]).toEqual([true, false]);
  });

  it("lists rules with their hits", () => {
    const faults = createFaults();
    faults.add({ path: "/x", fault: { kind: "cut" } });
    faults.add({ platform: "mochat", fault: { kind: "bom" } });
    faults.take(SEND);
    expect(faults.rules).toEqual([
      { id: 1, hits: 0, path: "/x", fault: { kind: "cut" } },
      { id: 2, hits: 1, platform: "mochat", fault: { kind: "bom" } },
    ]);
  });

  it("makes room for new rules out of those that are spent, and refuses when none is", () => {
    const faults = createFaults();
    for (let count = 0; count < 1_000; count += 1) faults.add({ fault: { kind: "cut" } });
    expect(() => faults.add({ fault: { kind: "cut" } })).toThrow(RangeError);
    faults.take(SEND);
    expect(faults.add({ fault: { kind: "cut" } }).id).toBe(1_001);
  });
});
