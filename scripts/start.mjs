// `npm start`: sets the clone up and runs the main job on the bundled digits.
import { join } from "node:path";
import { bootstrap, root } from "./bootstrap.mjs";

bootstrap();
process.chdir(root);
process.argv.splice(2, 0, "train", join("examples", "digits.yaml"));
await import("../packages/cli/bin/semblance.js");
