import { ortBackend } from "@semblance/backend-ort";
import { judgeDevice } from "./judge-device.js";

judgeDevice("ort/webgpu", () => ortBackend({ device: "webgpu", threads: 1 }), {});
