/**
 * Paths as short as they can be told apart: their last names, with as many of the names before those
 * as are needed. The same path twice stays the same name.
 */
export function shortNames(paths: readonly string[]): string[] {
  const parts = paths.map((path) => path.split(/[/\\]/).filter((part) => part !== ""));
  const shortened = (index: number, length: number) => parts[index]!.slice(-length).join("/");
  return paths.map((path, index) => {
    for (let length = 1; length < parts[index]!.length; length++) {
      const name = shortened(index, length);
      const isClear = paths.every((other, i) => other === path || shortened(i, length) !== name);
      if (isClear) return name;
    }
    return path;
  });
}
