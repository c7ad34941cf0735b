import { Option, type Command } from 'commander';
import { pageOf } from '../../api/schemas/page.ts';
import { precedentAnswer, type PrecedentAnswer } from '../../api/schemas/precedent.ts';
import { CASE_OUTCOMES } from '../../program/vocabulary.ts';
import { withApi } from './installation.ts';
import { print, printJson } from './print.ts';
import { renderEntry } from './table.ts';
import { wholeNumber } from './whole-number.ts';

interface SearchOptions {
  readonly rule?: string;
  readonly outcome?: string;
  readonly region?: string;
  readonly line?: string;
  readonly limit: number;
  readonly cursor?: string;
  readonly json?: true;
}

/** `precedents search`: how people settled cases before. */
export function addPrecedentCommands(root: Command): void {
  root
    .command('precedents')
    .description('see how cases were settled before')
    .command('search')
    .argument('[words...]', 'words that the reasons have; also or, -not and "as they stand"')
    .description('list what was decided in cases, the latest first')
    .option('--rule <rule>', 'the rule of the conflict, such as C02_active_protection')
    .addOption(new Option('--outcome <outcome>', 'how it ended').choices(CASE_OUTCOMES))
    .option('--region <region>', 'a region of the program')
    .option('--line <line>', 'a product line')
    .option('--limit <number>', 'how many, 1–200', wholeNumber(1, 200), 20)
    .option('--cursor <cursor>', 'go on where an earlier list ended (its nextCursor)')
    .option('--json', 'print JSON')
    .action(search);
}

async function search(words: readonly string[], { rule, outcome, region, line, limit, cursor, json }: SearchOptions): Promise<void> {
  const text = words.length === 0 ? undefined : words.join(' ');
  const wanted = Object.entries({ rule, outcome, region, productLine: line, text, cursor });
  const query = new URLSearchParams({ limit: String(limit) });
  for (const [name, value] of wanted) if (value !== undefined) query.set(name, value);
  const page: unknown = await withApi((call) => call('GET', `/v1/precedents?${query.toString()}`));
  if (json === true) return printJson(page);
  const { items, nextCursor } = pageOf(precedentAnswer).parse(page);
  print(items.length === 0 ? 'No case was settled like that.' : items.map(render).join('\n\n'));
  if (nextCursor !== null) print(`\nThere are more: add --cursor ${nextCursor}`);
}

function render(precedent: PrecedentAnswer): string {
  const { caseId, rule, outcome, claimantKinds, rivalKinds, isAgainstDirectTeam, regions, productLines, valueBand, reasons } = precedent;
  const others = [...rivalKinds, ...(isAgainstDirectTeam ? ['the direct team'] : [])];
  const again = precedent.appeals === 0 ? '' : ', after an appeal';
  return [
    renderEntry(caseId, `${outcome}, ${precedent.decidedAt}${again}`),
    renderEntry('  rule', rule),
    renderEntry('  sides', `${claimantKinds.join(', ')} against ${others.length === 0 ? 'nobody' : others.join(', ')}`),
    renderEntry('  about', [...productLines, ...regions, ...(valueBand === null ? [] : [valueBand])].join(', ')),
    ...(reasons === '' ? [] : [renderEntry('  reasons', reasons)]),
  ].join('\n');
}
