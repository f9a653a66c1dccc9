/** The version of core that plugins are checked against; a test compares it with package.json. */
export const VERSION = "0.1.0";
