import { CRM_FAILURES, CrmFailure } from '../../crm/failures.ts';
import type { HubspotConnection } from '../hubspot-configuration.ts';
import type { Database } from '../../store/database.ts';
import { CommandFailure } from './command-failure.ts';
import { withStore } from './installation.ts';
import { print, printJson } from './print.ts';
import { renderEntry, renderTable } from './table.ts';

const REQUEST_TIMEOUT_MS = 60_000;
/** Makes what the portal lacks of the shipped definitions, and prints what was made and how much was there. */
export async function provisionHubspot(hubspot: HubspotConnection, options: { readonly json?: true }): Promise<void> {
  // Loaded only here: a CRM's client is the slowest part of the command line to load.
  const [{ provisionPortal }, { shippedPortal }, { shelfIn }] = await Promise.all([
    import('../../crm/hubspot/provision-portal.ts'),
    import('../../crm/hubspot/shipped-portal.ts'),
    import('../compose/connections.ts'),
  ]);
  const { connection } = hubspot;
  process.stderr.write(`${connection}: looking what the portal has, and making what it lacks\n`);
  try {
    const { registrationObject, signing: _inbound, ...portal } = hubspot;
    const provision = (db: Database | null) =>
      provisionPortal(
        { ...portal, requestTimeoutMs: REQUEST_TIMEOUT_MS },
        shippedPortal(registrationObject),
        db === null ? undefined : shelfIn(db),
      );
    // A refresh token may have a successor, which only the store knows; whatever else signs in needs no store.
    const report = await (hubspot.auth.kind === 'refresh_token' ? withStore(provision) : provision(null));
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
