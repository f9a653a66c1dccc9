/** The specification's fixed test vector (section 15): inputs, and for each objective G and its gradient by the first row's logits. */
export const fixedVector = {
  data: [
    [0, 0],
    [1, 0],
    [0, 2],
    [3, 1],
    [4, 1],
    [3, 3],
  ],
  posteriors: [
    [0.7, 0.2, 0.1],
    [0.6, 0.3, 0.1],
    [0.5, 0.1, 0.4],
    [0.1, 0.7, 0.2],
    [0.2, 0.6, 0.2],
    [0.1, 0.3, 0.6],
  ],
} as const;
