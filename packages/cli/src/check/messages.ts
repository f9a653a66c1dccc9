import { z } from "zod";

/** What the command asks of the process that runs a plugin's checks. */
export interface CheckRequest {
  /** The package's name. */
  readonly name: string;
  /** The folder that its package.json lies in. */
  readonly root: string;
  readonly backends: readonly string[];
  /** Groups to run; all where none is named. */
  readonly only: readonly string[];
  /** How many checks of the list are done already: 0 for the first process. */
  readonly from: number;
}

const listed = z.object({ group: z.string(), title: z.string(), skip: z.string().optional() });
const failure = z.object({
  code: z.string(),
  message: z.string(),
  where: z.string().optional(),
  fix: z.string().optional(),
});

/**
 * What that process tells. Its channel is open to the plugin as well, so everything is checked, and what is none of these is ignored.
 */
export const checkMessage = z.discriminatedUnion("type", [
  /** About to do what may end the process. */
  z.object({ type: z.literal("begins"), check: listed, index: z.int().min(-3) }),
  z.object({ type: z.literal("passed"), index: z.int().min(-3) }),
  z.object({ type: z.literal("failed"), index: z.int().min(-3), failure }),
  /** All checks of the plugin in order; `groups` holds those that --only left out too. */
  z.object({ type: z.literal("listed"), checks: z.array(listed), groups: z.array(z.string()) }),
  z.object({ type: z.literal("done") }),
]);

export type ListedCheck = z.infer<typeof listed>;
export type CheckFailure = z.infer<typeof failure>;
export type CheckMessage = z.infer<typeof checkMessage>;

/** What comes before the list: the package itself. They have numbers below 0. */
export const PACKAGE_CHECKS = [
  { group: "package", title: "asks for core as a peer" },
  { group: "package", title: "is imported, and exports a plugin" },
  { group: "package", title: "registers beside the first-party plugins" },
] as const satisfies readonly ListedCheck[];
