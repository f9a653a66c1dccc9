import { listDevices, ortBackend } from "@semblance/backend-ort";
import { BackendUnavailableError, ConfigError } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { loadRuntime } from "../src/runtime.js";

const failing = (code: string, message: string) => () => Promise.reject(Object.assign(new Error(message), { code }));

describe("loadRuntime", () => {
  it("tells an absent package from a broken one", async () => {
    const absent = loadRuntime(
      failing("ERR_MODULE_NOT_FOUND", "Cannot find package 'onnxruntime-node' imported from x.js"),
    );
    await expect(absent).rejects.toBeInstanceOf(BackendUnavailableError);
    await expect(absent).rejects.toMatchObject({
      code: "ORT_MISSING",
      fix: "Install it: npm install onnxruntime-node --ignore-scripts",
    });
    const broken = loadRuntime(failing("MODULE_NOT_FOUND", "Cannot find module '../bin/onnxruntime_binding.node'"));
    await expect(broken).rejects.toMatchObject({ code: "ORT_BROKEN" });
    const unloadable = loadRuntime(failing("ERR_DLOPEN_FAILED", "libonnxruntime.so.1: wrong ELF class"));
    await expect(unloadable).rejects.toMatchObject({
      code: "ORT_BROKEN",
      message: expect.stringContaining("wrong ELF class"),
    });
  });
});

describe("listDevices", () => {
  it("says of each device that it is there, or why not and what to do", async () => {
    const reports = await listDevices();
    expect(reports.map(({ name }) => name)).toEqual(["ort", "ort/cuda", "ort/webgpu"]);
    expect(reports[0]).toMatchObject({
      available: true,
      device: expect.stringMatching(/^onnxruntime \d+\.\d+\.\d+ on processor/),
    });
    for (const { available, reason, cure } of reports) {
      expect(reason === undefined).toBe(available);
      expect(cure === undefined).toBe(available);
      if (reason !== undefined) expect(reason.length).toBeGreaterThan(20);
    }
  });

  it("gives the reason for all of them when the package is absent", async () => {
    const absent = () => loadRuntime(failing("ERR_MODULE_NOT_FOUND", "Cannot find package 'onnxruntime-node'"));
    for (const report of await listDevices(absent)) {
      expect(report).toMatchObject({ available: false, reason: "the package onnxruntime-node is not installed" });
      expect(report.cure).toContain("npm install onnxruntime-node");
    }
  });
});

describe("ortBackend", () => {
  it("gives a device that is named, or the reason; never another one", async () => {
    for (const { name, available } of await listDevices()) {
      const device = (name === "ort" ? "cpu" : name.slice("ort/".length)) as "cpu" | "cuda" | "webgpu";
      if (available) {
        const backend = await ortBackend({ device });
        expect(backend.name).toBe(name);
        await backend.dispose();
      } else {
        await expect(ortBackend({ device })).rejects.toMatchObject({
          code: "ORT_DEVICE_UNAVAILABLE",
          where: `backend "${name}"`,
        });
      }
    }
  });

  it("refuses options that cannot be meant", async () => {
    await expect(ortBackend({ device: "tpu" as never })).rejects.toBeInstanceOf(ConfigError);
    for (const threads of [0, -1, 1.5, Number.NaN, 1e9, "2" as never]) {
      await expect(ortBackend({ threads })).rejects.toMatchObject({ code: "THREADS_INVALID" });
    }
  });
});
