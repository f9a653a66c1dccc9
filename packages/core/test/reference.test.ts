import { referenceBackend } from "@semblance/core";
import { describeBackend } from "@semblance/core/testing";

// The judge before its own court: here the cases test the plumbing around the kernels, float32 storage, and themselves.
// Millions of elements would only be summed twice by the same loop.
describeBackend("reference", referenceBackend, { large: false });
