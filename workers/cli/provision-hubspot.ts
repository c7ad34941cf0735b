import { readFileSync } from 'node:fs';
import type { PortalDefinition } from '../../crm/hubspot/portal-definition.ts';
import { CRM_FAILURES, CrmFailure } from '../../crm/failures.ts';
import type { HubspotConnection } from '../hubspot-configuration.ts';
import { CommandFailure } from './command-failure.ts';
import { print, printJson } from './print.ts';
import { renderEntry, renderTable } from './table.ts';

const REQUEST_TIMEOUT_MS = 60_000;
/** What is shipped into every portal, below the root of the clone. */
const SHIPPED_DEFINITION = 'crm/hubspot/portal/definition.json';

/** Makes what the portal lacks of the shipped definitions, and prints what was made and how much was there. */
export async function provisionHubspot(hubspot: HubspotConnection, options: { readonly json?: true }): Promise<void> {
  // Loaded only here: a CRM's client is the slowest part of the command line to load.
  const { provisionPortal } = await import('../../crm/hubspot/provision-portal.ts');
  const { connection } = hubspot;
  process.stderr.write(`${connection}: looking what the portal has, and making what it lacks\n`);
  try {
    const definition = JSON.parse(readFileSync(SHIPPED_DEFINITION, 'utf8')) as PortalDefinition;
    const report = await provisionPortal({ ...hubspot, requestTimeoutMs: REQUEST_TIMEOUT_MS }, definition);
    if (options.json === true) printJson({ connection, ...report });
    else print(render(connection, report));
  } catch (error) {
    if (!(error instanceof CrmFailure)) throw error;
    throw new CommandFailure(
      `${connection} is not provisioned: ${error.code}: ${error.message}`,
      `${CRM_FAILURES[error.code].remedy} Then run it again: it goes on where it ended.`,
    );
  }
}

function render(
  connection: string,
  { created, present }: { readonly created: readonly string[]; readonly present: readonly string[] },
): string {
  const head = renderEntry(connection, `${created.length} created, ${present.length} as they were`);
  const table =
    created.length === 0
      ? []
      : [
          renderTable(
            ['CREATED'],
            created.map((name) => [name]),
          ),
        ];
  return [head, ...table, 'Then run `connections check`.'].join('\n');
}
