/** A table as the formatter of the project writes it: columns padded to their widest cell. Cells must hold no bar and no line break. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [titles, ...rows];
  const broken = cells.flat().find((cell) => /[|\n]/.test(cell));
  if (broken !== undefined) throw new RangeError(`a cell cannot hold: ${broken}`);
  const widths = titles.map((_title, column) => Math.max(3, ...cells.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string => `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(titles), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n');
}

export function code(text: string): string {
  return `\`${text}\``;
}

/** A block of YAML. */
export function yaml(text: string): string {
  return `\`\`\`yaml\n${text.trimEnd()}\n\`\`\``;
}
