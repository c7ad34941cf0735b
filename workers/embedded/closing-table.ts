import type { EmbeddedContext, Story } from './embedded-context.ts';

/** The last thing a start prints: where to look, what was done, and three things to try. */
export function renderClosingTable(context: EmbeddedContext, story: Story): string {
  const addresses: (readonly [string, string])[] = [
    ['API', `${context.apiUrl}/v1`],
    ['  token', context.apiToken],
    ['  documentation', `${context.apiUrl}/docs`],
    ['Temporal UI', context.temporalUiUrl ?? `(that of ${context.temporalAddress})`],
  ];
  if (context.salesforceSandboxUrl !== null) addresses.push(['Salesforce sandbox', context.salesforceSandboxUrl]);
  if (context.hubspotSandboxUrl !== null) addresses.push(['HubSpot sandbox', context.hubspotSandboxUrl]);
  addresses.push(['Data and logs', context.dataDir]);
  const width = Math.max(...addresses.map(([name]) => name.length));
  const section = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ['', title, ...lines]);
  return [
    ...section(
      'Where to look',
      addresses.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    ),
    ...section(
      'What was done',
      story.done.map((line) => `  ${line}`),
    ),
    ...section(
      'What to try',
      story.tries.map((line, index) => `  ${index + 1}. ${line}`),
    ),
    '',
    'Ctrl-C stops everything; the next start goes on from here.',
  ].join('\n');
}
