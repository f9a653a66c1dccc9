import "reflect-metadata";

/**
 * Calling this keeps the import above in a bundle. It must be a module's own, imported before tsyringe, which looks for it when it
 * is loaded: bundlers run a CommonJS package in the body of the module that imports it, after all other imports of that module.
 */
export function keepReflection(): void {}
