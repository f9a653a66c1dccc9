import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** A Chromium that is installed here, or the one that CHROMIUM names. */
export const chromium = [process.env.CHROMIUM, ...PLACES].find((path) => path !== undefined && existsSync(path));

/** What a headless browser needs to run as it is, ask nobody else for anything, and draw in software. */
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Opens a page that runs one module in Chromium, and returns what the module posts to `/report`.
 *
 * @param files what the page may ask for, by path
 */
export async function reportOfPage(
  browser: string,
  module: string,
  files: Readonly<Record<string, Uint8Array>>,
): Promise<unknown> {
  const profile = mkdtempSync(join(tmpdir(), "semblance-browser-"));
  let child: ChildProcess | undefined;
  let posted: (body: string) => void;
  const report = new Promise<string>((resolve) => {
    posted = resolve;
  });
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    if (path === "/report") {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        response.end();
        posted(Buffer.concat(parts).toString());
      });
    } else if (path === "/")
      respond("text/html", '<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>');
    else if (path === "/page.js") respond("text/javascript", module);
    else if (files[path]) respond("application/wasm", files[path]);
    else response.writeHead(404).end();

    function respond(type: string, body: string | Uint8Array): void {
      response.writeHead(200, { "content-type": type }).end(body);
    }
  });
  try {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    child = spawn(browser, [...FLAGS, `--user-data-dir=${profile}`, `http://127.0.0.1:${port}/`], {
      stdio: "ignore",
      detached: true,
    });
    const ended = new Promise<never>((_, reject) => {
      child!.on("exit", (code) => reject(new Error(`${browser} ended with ${code} before the page reported`)));
    });
    return JSON.parse(await Promise.race([report, ended]));
  } finally {
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child!.once("exit", resolve));
      endGroup(child);
      await gone;
    }
    server.closeAllConnections();
    server.close();
    // The browser's own children may write into the profile for a moment after it has gone.
    rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** Ends a browser with all the processes that it started: a detached child leads a group of its own. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined || process.platform === "win32") child.kill();
  else process.kill(-child.pid, "SIGKILL");
}
