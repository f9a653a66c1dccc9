import util from "node:util";
import { listDevices, tfjsNodeBackend, tfjsPlugin } from "@semblance/backend-tfjs/node";
import { createCatalogue, ndarray, spec, square, sum, trace } from "@semblance/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Importer, importer } from "../src/node/import-package.js";
import { fillInUtil } from "../src/node/load-native.js";
import { loadTensorflow } from "../src/node/load-tensorflow.js";

const failing = (code: string | undefined, message: string) => Object.assign(new Error(message), code ? { code } : {});
const absent = (name: string) => failing("ERR_MODULE_NOT_FOUND", `Cannot find package '${name}' imported from x.js`);

/** What is installed, by name; everything else is not. An error is what its import ends in. */
const installed =
  (packages: Readonly<Record<string, unknown>>): Importer =>
  async (name) => {
    const found = packages[name] ?? absent(name);
    if (found instanceof Error) throw found;
    return found;
  };

const refusal = async (device: string, load: Importer = installed({})) =>
  await tfjsNodeBackend({ device: device as never }, load).then(
    () => undefined,
    ({ name, code, message, where, fix }) => ({ name, code, message, where, fix }),
  );

describe("the default in Node", () => {
  it("is WebAssembly", async () => {
    const backend = await tfjsNodeBackend();
    expect(backend).toMatchObject({ name: "tfjs/wasm", float: "float32" });
    const program = trace({
      name: "length",
      inputs: { x: spec("float32", [2]) },
      build: ({ x }) => ({ outputs: { y: sum(square(x)) } }),
    });
    const executable = await backend.compile(program);
    const { y } = await executable.run({ x: ndarray("float32", [2], [3, 4]) });
    expect([...y!.data]).toEqual([25]);
    await backend.dispose();
  });

  it("keeps to the limit of bytes that it is given", async () => {
    const backend = await tfjsNodeBackend({ memoryLimit: 1000 });
    const program = trace({
      name: "large",
      inputs: { x: spec("float32", [1000]) },
      build: ({ x }) => ({ outputs: { y: sum(square(x)) } }),
    });
    await expect(backend.compile(program)).rejects.toMatchObject({ code: "MEMORY_LIMIT" });
    await backend.dispose();
  });
});

describe("a device that cannot be had", () => {
  it("is refused with what to install, whatever else there is", async () => {
    expect(await refusal("wasm")).toMatchInlineSnapshot(`
      {
        "code": "TFJS_MISSING",
        "fix": "Install it: npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-wasm",
        "message": "the package @tensorflow/tfjs-core is not installed",
        "name": "BackendUnavailableError",
        "where": "backend "tfjs/wasm"",
      }
    `);
    expect(await refusal("node-gpu", importer)).toMatchInlineSnapshot(`
      {
        "code": "TFJS_MISSING",
        "fix": "Install it: npm install @tensorflow/tfjs-node-gpu",
        "message": "the package @tensorflow/tfjs-node-gpu is not installed",
        "name": "BackendUnavailableError",
        "where": "backend "tfjs/node-gpu"",
      }
    `);
    expect(await refusal("webgpu", installed({ "@tensorflow/tfjs-core": { enableProdMode: () => {} } }))).toMatchObject(
      {
        code: "TFJS_MISSING",
        message: "the package webgpu is not installed",
      },
    );
  });

  it("is refused where it is a browser's, or nobody's", async () => {
    expect(await refusal("webgl")).toMatchInlineSnapshot(`
      {
        "code": "TFJS_DEVICE_UNAVAILABLE",
        "fix": "In a browser, hand the namespace to tfjsBackend; here use tfjs/webgpu or tfjs/wasm.",
        "message": "WebGL exists in browsers only, and this is Node",
        "name": "BackendUnavailableError",
        "where": "backend "tfjs/webgl"",
      }
    `);
    expect(await refusal("tpu")).toMatchObject({ name: "ConfigError", code: "DEVICE_UNKNOWN" });
  });

  it("is told from a package that is there and broken", async () => {
    const half = failing("MODULE_NOT_FOUND", "Cannot find module './dist/tf-core.node.js'");
    expect(await refusal("cpu", installed({ "@tensorflow/tfjs-core": half }))).toMatchObject({ code: "TFJS_BROKEN" });
    const foreign = failing("ERR_DLOPEN_FAILED", "libtensorflow.so.2: wrong ELF class\nand more");
    expect(await refusal("node", installed({ "@tensorflow/tfjs-node": foreign }))).toMatchObject({
      code: "TFJS_BROKEN",
      message: "@tensorflow/tfjs-node is installed but cannot be loaded: libtensorflow.so.2: wrong ELF class",
    });
  });

  it("says so of an addon whose download did not take place", async () => {
    // The words of tfjs-node 4.22 when its scripts were not run.
    const words =
      "The Node.js native addon module (tfjs_binding.node) can not be found at path: /x/tfjs_binding.node. \nPlease run command …";
    const load = installed({ "@tensorflow/tfjs-node": failing(undefined, words) });
    expect(await refusal("node", load)).toMatchInlineSnapshot(`
      {
        "code": "TFJS_ADDON_MISSING",
        "fix": "Let its install script run, with a network: npm rebuild @tensorflow/tfjs-node; or use tfjs/wasm.",
        "message": "@tensorflow/tfjs-node is installed without its native addon",
        "name": "BackendUnavailableError",
        "where": "backend "tfjs/node"",
      }
    `);
  });
});

describe("libtensorflow", () => {
  it("on the processor is no graphics device, and two addons do not share a process", async () => {
    const native = (isUsingGpuDevice: boolean) => ({
      default: { setBackend: async () => true, backend: () => ({ isUsingGpuDevice }), version_core: "4.22.0" },
    });
    const load = installed({ "@tensorflow/tfjs-node-gpu": native(false), "@tensorflow/tfjs-node": native(false) });
    expect(await refusal("node-gpu", load)).toMatchObject({
      code: "TFJS_DEVICE_UNAVAILABLE",
      message: expect.stringContaining("uses the processor"),
      where: 'backend "tfjs/node-gpu"',
      fix: expect.stringContaining("CUDA 11.2"),
    });
    expect(await refusal("node", load)).toMatchObject({ code: "TFJS_OTHER_ADDON" });
    const graphics = installed({ "@tensorflow/tfjs-node-gpu": native(true) });
    expect(await loadTensorflow("node-gpu", graphics)).toMatchObject({ tf: { version_core: "4.22.0" } });
  });

  it("gets the functions back that Node 23 took from it", () => {
    const bare: Record<string, (value: unknown) => boolean> = {};
    fillInUtil(bare);
    expect([undefined, null, 0, ""].map((value) => bare.isNullOrUndefined!(value))).toEqual([true, true, false, false]);
    expect([[], {}].map((value) => bare.isArray!(value))).toEqual([true, false]);
    const own = () => true;
    const kept = { isArray: own };
    fillInUtil(kept);
    expect(kept.isArray).toBe(own);
    fillInUtil(util as never);
    expect((util as unknown as typeof bare).isArray!([])).toBe(true);
  });
});

describe("WebGPU", () => {
  const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  afterEach(() => {
    expect(Object.getOwnPropertyDescriptor(globalThis, "navigator")).toEqual(before);
    Reflect.deleteProperty(globalThis, "GPUTestUsage");
  });
  const gpuOf = () => (globalThis as { navigator?: { gpu?: unknown } }).navigator?.gpu;

  /** TensorFlow.js as far as its registry goes, and Dawn with or without an adapter. */
  function machine(adapter: object | null) {
    const registry = new Map<string, unknown>();
    const seen: unknown[] = [];
    const tf = {
      version_core: "4.22.0",
      enableProdMode: () => {},
      findBackendFactory: (name: string) => registry.get(name),
      registerBackend: (name: string, factory: unknown) => registry.set(name, factory) !== undefined,
      removeBackend: (name: string) => registry.delete(name),
    };
    const create = vi.fn(() => ({ requestAdapter: async () => adapter }));
    const load: Importer = async (name) => {
      if (name === "@tensorflow/tfjs-core") return tf;
      if (name === "webgpu") return { create, globals: { GPUTestUsage: {} } };
      if (name !== "@tensorflow/tfjs-backend-webgpu") throw absent(name);
      seen.push(gpuOf());
      if (registry.size === 0) registry.set("webgpu", () => "the factory");
      return {};
    };
    return { load, registry, create, seen };
  }

  it("without an adapter is refused, and leaves nothing that keeps Node running", async () => {
    const { load, seen } = machine(null);
    expect(await refusal("webgpu", load)).toMatchInlineSnapshot(`
      {
        "code": "TFJS_DEVICE_UNAVAILABLE",
        "fix": "Install a Vulkan, Metal or Direct3D 12 driver for a graphics device (Mesa 25 or later in software); or use tfjs/wasm.",
        "message": "WebGPU found no graphics adapter",
        "name": "BackendUnavailableError",
        "where": "backend "tfjs/webgpu"",
      }
    `);
    expect([gpuOf(), seen]).toEqual([undefined, []]);
  });

  it("is there for TensorFlow.js while it loads, and until the last user lets go", async () => {
    const { load, registry, create, seen } = machine({ info: { vendor: "mesa", description: "llvmpipe" } });
    const first = await loadTensorflow("webgpu", load);
    const second = await loadTensorflow("webgpu", load);
    expect(first).toMatchObject({ hardware: "llvmpipe, mesa" });
    expect([create.mock.calls.length, seen.length, seen[0] === gpuOf()]).toEqual([1, 1, true]);
    first.release!();
    expect([gpuOf() !== undefined, registry.has("webgpu")]).toEqual([true, true]);
    second.release!();
    expect([gpuOf(), registry.has("webgpu")]).toEqual([undefined, false]);
    // Its package is not run twice, so that what it registered is registered anew.
    const again = await loadTensorflow("webgpu", load);
    expect([registry.has("webgpu"), seen.length, create.mock.calls.length]).toEqual([true, 1, 2]);
    again.release!();
  });
});

describe("listDevices", () => {
  it("says of each device that it is there, or why not and what to do", async () => {
    const reports = await listDevices();
    expect(reports.map(({ name }) => name)).toEqual([
      "tfjs/wasm",
      "tfjs/cpu",
      "tfjs/node",
      "tfjs/node-gpu",
      "tfjs/webgpu",
      "tfjs/webgl",
    ]);
    for (const { name, available, version, hardware, reason, cure } of reports) {
      if (name === "tfjs/wasm" || name === "tfjs/cpu") expect(available, reason).toBe(true);
      expect([reason === undefined, cure === undefined]).toEqual([available, available]);
      if (available) expect([version, hardware]).toEqual([expect.stringMatching(/^4\.\d+\.\d+$/), expect.any(String)]);
    }
    expect(reports[0]!.hardware).toMatch(/1 thread, SIMD$/);
  });

  it("gives the reason for all of them where nothing is installed", async () => {
    for (const { available, reason, cure } of await listDevices(installed({}))) {
      expect([available, reason !== undefined, cure !== undefined]).toEqual([false, true, true]);
    }
  });
});

it("registers every device by name, `tfjs` being what runs everywhere", async () => {
  const catalogue = createCatalogue([tfjsPlugin]);
  const names = catalogue.list("backend").map(({ name }) => name);
  expect(names.filter((name) => name.startsWith("tfjs"))).toEqual([
    "tfjs",
    "tfjs/cpu",
    "tfjs/node",
    "tfjs/node-gpu",
    "tfjs/wasm",
    "tfjs/webgl",
    "tfjs/webgpu",
  ]);
  const { entry, config } = catalogue.choose("backend", { name: "tfjs", memoryLimit: 2 ** 20 });
  const backend = await entry.create(config);
  expect(backend.name).toBe("tfjs/wasm");
  await backend.dispose();
  expect(() => catalogue.choose("backend", { name: "tfjs", memoryLimit: 0 })).toThrowError(
    expect.objectContaining({ code: "CONFIG_INVALID" }),
  );
});
