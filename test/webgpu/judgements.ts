import type { Backend } from "@semblance/core";

/** What a device is held to, by the title under which it is reported; a judgement throws where the device falls short. */
export type Judgements = Readonly<Record<string, (backend: Backend) => Promise<void>>>;
