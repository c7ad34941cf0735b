import { readFileSync } from 'node:fs';

/** One section of a document: what stands between its heading and the next one of the same or a higher level. */
export function sectionOf(text: string, heading: string): string {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
  if (start === -1) throw new Error(`there is no section "${heading}"`);
  const level = (lines[start] ?? '').indexOf(' ');
  const end = lines.findIndex((line, index) => index > start && /^#+ /.test(line) && line.indexOf(' ') <= level);
  return lines.slice(start + 1, end === -1 ? undefined : end).join('\n');
}

/** The rows of the first table in `text`, keyed by the titles of their columns; code marks are taken off. */
export function tableIn(text: string): readonly Readonly<Record<string, string>>[] {
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  const cells = (line: string): readonly string[] =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replace(/^`([^`]*)`$/, '$1'));
  const titles = cells(lines[0] ?? '');
  return lines.slice(2).map((line) => Object.fromEntries(titles.map((title, column) => [title, cells(line)[column] ?? ''])));
}

/** The shell commands of `text`, a block each, without fences. */
export function shellBlocks(text: string): readonly string[] {
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) => (match[1] ?? '').trimEnd());
}

export function readDocument(path: string): string {
  return readFileSync(path, 'utf8');
}
