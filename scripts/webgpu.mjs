// npm run webgpu [-- ort|tfjs]: holds ort/webgpu and tfjs/webgpu to the conformance suite and the golden cases on the graphics device at
// hand. Not part of npm test: it needs a driver, and a software one takes some minutes.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { bootstrap, root } from "./bootstrap.mjs";

const SOFTWARE_DRIVERS = [
  "/usr/lib/chromium/vk_swiftshader_icd.json",
  "/usr/lib64/chromium-browser/vk_swiftshader_icd.json",
  "/opt/google/chrome/vk_swiftshader_icd.json",
];

await bootstrap();
const { listDevices } = await import("../packages/backend-ort/dist/index.js");
const { name, available, reason } = (await listDevices()).find(({ name }) => name === "ort/webgpu");
if (!available) {
  const software = SOFTWARE_DRIVERS.find(existsSync);
  const cure = software
    ? `point Vulkan at the software driver that is here: VK_DRIVER_FILES=${software} VK_ICD_FILENAMES=${software} npm run webgpu`
    : "install a Vulkan driver for the graphics device; or Mesa 25 or later (package mesa-vulkan-drivers) or Chromium, whose folder\n" +
      "  holds vk_swiftshader_icd.json, and set VK_DRIVER_FILES and VK_ICD_FILENAMES to the driver's .json file";
  console.error(`error[WEBGPU_NO_DRIVER]: ${name}: ${reason}\nfix: ${cure}`);
  process.exit(2);
}

const vitest = ["node_modules/vitest/vitest.mjs", "run", "--config", "test/webgpu/vitest.config.ts"];
const { status } = spawnSync(process.execPath, [...vitest, ...process.argv.slice(2)], { cwd: root, stdio: "inherit" });
process.exit(status ?? 1);
