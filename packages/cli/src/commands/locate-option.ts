/**
 * The option that a key of a job comes from, for messages.
 *
 * @param options options by the key that they set, such as `data.labels: "--labels"`
 * @param otherwise what is said of keys that no option sets
 */
export const locateOption =
  (options: Readonly<Record<string, string>>, otherwise: string) =>
  (keys: readonly PropertyKey[]): string => {
    const path = keys.map(String);
    for (let length = path.length; length > 0; length--) {
      const option = options[path.slice(0, length).join(".")];
      if (option) return option;
    }
    return otherwise;
  };
