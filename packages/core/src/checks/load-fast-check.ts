import { CheckFailedError } from "./check.js";

/**
 * fast-check, which is an optional peer: it is loaded only by the checks that draw programs.
 *
 * @throws CheckFailedError CHECK_PEER_MISSING
 */
export async function loadFastCheck(): Promise<typeof import("fast-check")> {
  try {
    return await import("fast-check");
  } catch (cause) {
    throw new CheckFailedError("CHECK_PEER_MISSING", "this check draws with fast-check, which is not installed", {
      where: "@semblance/core/checks",
      fix: "npm install --save-dev fast-check",
      cause,
    });
  }
}
