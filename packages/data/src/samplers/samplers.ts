import { nPair } from "./n-pair.js";
import { pairs } from "./pairs.js";
import { perClass } from "./per-class.js";
import { shuffle } from "./shuffle.js";
import { triplets } from "./triplets.js";

/** The samplers, as the catalogue holds them. */
export const samplers = [shuffle, perClass, nPair, pairs, triplets] as const;
