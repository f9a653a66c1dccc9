import { keepReflection } from "./keep-reflection.js";

// Before tsyringe, which looks for it when it is loaded.

import { inject, injectAll, injectable, Lifecycle } from "tsyringe";

keepReflection();

/**
 * tsyringe's decorators, for classes that `createContainer` shall make: what a class asks for is noted in the copy of tsyringe that
 * decorates it, so it must be the copy that the container is of. Every parameter needs `@inject(TOKEN)`.
 */
export { inject, injectAll, injectable, Lifecycle };
