// What users read of a release: each change in the words of its changeset, without commit hashes, and one line where a package only
// moves along with the others. The default would list every dependency of every package under a hash.

/** @type {import("@changesets/types").ChangelogFunctions} */
module.exports = {
  async getReleaseLine({ summary }) {
    const [first, ...rest] = summary.trim().split("\n");
    // Further lines are indented, so that they stay part of the list's item.
    return [`- ${first}`, ...rest.map((line) => (line ? `  ${line}` : line))].join("\n");
  },
  async getDependencyReleaseLine(_changesets, dependencies) {
    if (dependencies.length === 0) return "";
    return `- Goes with version ${dependencies[0].newVersion} of the other packages of Semblance.`;
  },
};
