/**
 * Tokens are global symbols, so that they mean the same to two installed copies of core: a plugin may bring its own.
 */
const token = (name: string) => Symbol.for(`@semblance/core:${name}`);

export const CATALOGUE = token("catalogue");
export const BACKEND = token("backend");
export const ENTRY = token("entry");
