/** Lengths of the pieces that a text is cut into. */
const SHORTEST = 3;
const LONGEST = 5;

/**
 * A text as a vector of unit length, without any model: pieces of three to five letters are counted in the place, and with the sign, that a
 * hash of the piece says, and counts are damped by a logarithm.
 *
 * Texts that share pieces of words are near each other; what words mean is not known here.
 */
export function hashText(text: string, width = 1024): Float32Array {
  const padded = ` ${text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()} `;
  const counts = new Map<string, number>();
  for (let length = SHORTEST; length <= LONGEST; length++) {
    for (let start = 0; start + length <= padded.length; start++) {
      const piece = padded.slice(start, start + length);
      counts.set(piece, (counts.get(piece) ?? 0) + 1);
    }
  }
  const vector = new Float32Array(width);
  for (const [piece, count] of counts) {
    const hash = fnv1a(piece);
    // The place and the sign come of different bits.
    vector[(hash >>> 1) % width]! += (hash & 1 ? 1 : -1) * Math.log1p(count);
  }
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length === 0 ? vector : vector.map((value) => value / length);
}

/** Fowler–Noll–Vo, 32 bits, of UTF-16 code units, with its bits mixed once more: the low ones alone are poor. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash ^= text.charCodeAt(at);
    hash = Math.imul(hash, 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x45d9f3b);
  return (hash ^ (hash >>> 16)) >>> 0;
}
