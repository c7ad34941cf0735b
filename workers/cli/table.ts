/** As many characters as a line of output has at most, unless a single word is longer. */
export const LINE_WIDTH = 100;

const GAP = '  ';
const LEAST_TEXT_WIDTH = 24;

/** Rows under their titles, aligned. The last column is running text: it is wrapped where the line ends. */
export function renderTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [titles, ...rows];
  const widths = titles.map((_title, column) => Math.max(...lines.map((cells) => (cells[column] ?? '').length)));
  const fixed = widths.slice(0, -1);
  const indent = fixed.reduce((sum, width) => sum + width + GAP.length, 0);
  const textWidth = Math.max(LEAST_TEXT_WIDTH, LINE_WIDTH - indent);
  return lines
    .flatMap((cells) => {
      const head = fixed.map((width, column) => (cells[column] ?? '').padEnd(width) + GAP).join('');
      return wrap(cells.at(-1) ?? '', textWidth).map((text, index) => `${index === 0 ? head : ' '.repeat(indent)}${text}`.trimEnd());
    })
    .join('\n');
}

/** A name and what it says, wrapped so that the second line begins where the text of the first does. */
export function renderEntry(name: string, text: string): string {
  const indent = ' '.repeat(name.length + 3);
  const lines = wrap(text, LINE_WIDTH - indent.length);
  return lines.map((line, index) => (index === 0 ? `${name}:${GAP}` : indent) + line).join('\n');
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
