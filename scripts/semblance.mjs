// `npm run semblance -- ARGS`: the command from a clone.
import { bootstrap } from "./bootstrap.mjs";

bootstrap();
// npm changes into the clone; paths in the arguments are meant from where the user is.
if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
await import("../packages/cli/bin/semblance.js");
