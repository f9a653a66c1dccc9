import { expect, it, vi } from "vitest";
import { z } from "zod";
import { type BackendEntry, defineBackend } from "../contracts/backend-entry.js";
import { BackendUnavailableError } from "../errors.js";
import { referenceBackend } from "../reference/reference-backend.js";
import { reportBackend } from "./report-backend.js";

const entry = (more: Partial<BackendEntry>) =>
  defineBackend({
    name: "own",
    summary: "A backend of one's own.",
    config: z.strictObject({}),
    create: async () => referenceBackend(),
    ...more,
  });

it("takes the entry's own word, under the name that it is registered by", async () => {
  const create = vi.fn();
  const report = async () => ({ name: "other", available: true, device: "abacus", version: "1.0.0" });
  expect(await reportBackend(entry({ create, report }))).toEqual({
    name: "own",
    available: true,
    device: "abacus",
    version: "1.0.0",
  });
  expect(create).not.toHaveBeenCalled();
});

it("makes a backend of one that says nothing, and gives it back", async () => {
  const dispose = vi.fn();
  const create = async () => ({ ...referenceBackend(), device: "abacus", dispose });
  expect(await reportBackend(entry({ create }))).toEqual({ name: "own", available: true, device: "abacus" });
  expect(dispose).toHaveBeenCalledOnce();
});

it("turns whatever is thrown into a reason, with the cure where the error has one", async () => {
  const unavailable = new BackendUnavailableError("BEADS_MISSING", "there are no beads", { fix: "Buy some." });
  expect(await reportBackend(entry({ create: () => Promise.reject(unavailable) }))).toEqual({
    name: "own",
    available: false,
    device: "A backend of one's own.",
    reason: "there are no beads",
    cure: "Buy some.",
  });
  const throws = () => {
    throw "a text";
  };
  expect(await reportBackend(entry({ report: throws }))).toMatchObject({ available: false, reason: "a text" });
  const needs = z.strictObject({ url: z.string() });
  expect(await reportBackend(entry({ config: needs as never }))).toMatchObject({
    available: false,
    reason: expect.stringContaining('"url"'),
  });
});
