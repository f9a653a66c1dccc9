import { ortBackend } from "@semblance/backend-ort";
import { describeBackend } from "@semblance/core/testing";

describeBackend("ort", () => ortBackend({ threads: 1 }));
