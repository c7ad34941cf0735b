import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';

/** Where a value stands in a definition: keys and, in lists, positions counted from 0. */
export type Path = readonly PropertyKey[];

/** `routing.rows[2].when`, as messages show a path. */
export function formatPath(path: Path): string {
  return path.map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at === 0 ? '' : '.'}${String(key)}`)).join('');
}

/** The text of a definition as its author wrote it. */
export interface DefinitionSource {
  /** The values before defaults were filled in. */
  readonly written: unknown;
  /** Counted from 1: of the path's last part that the text has. */
  readonly lineOf: (path: Path) => number;
}

/** Reads a text that `parseProgram` has taken. */
export function readSource(yamlText: string): DefinitionSource {
  const lines = new LineCounter();
  const document = parseDocument(yamlText, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  return { written: document.toJS(), lineOf: (path) => lineOfPath(document, path, lines) };
}

/** The line of the last part of the path that the file has. */
export function lineOfPath(document: Document, path: Path, lines: LineCounter): number {
  let node: unknown = document.contents;
  let offset = offsetOf(node);
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (pair === undefined) break;
      offset = offsetOf(pair.key);
      node = pair.value;
    } else if (isSeq(node) && typeof key === 'number' && node.items[key] !== undefined) {
      node = node.items[key];
      offset = offsetOf(node);
    } else break;
  }
  return lineAt(lines, offset);
}

export function offsetOf(node: unknown): number {
  return isNode(node) && node.range ? node.range[0] : 0;
}

export function lineAt(lines: LineCounter, offset: number): number {
  return Math.max(1, lines.linePos(offset).line);
}
