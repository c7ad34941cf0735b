import { CRM_FAILURES, CrmFailure, type CrmFailureCode } from '../../crm/failures.ts';
import type { RegistrationObject } from '../../mappings/hubspot/registration-object.ts';
import { HUBSPOT_WORDS } from '../../mappings/hubspot/words.ts';
import type { HubspotConnection } from '../hubspot-configuration.ts';
import type { Database } from '../../store/database.ts';
import { CommandFailure } from './command-failure.ts';
import { withStore } from './installation.ts';
import { print, printJson } from './print.ts';
import { renderEntry, renderTable } from './table.ts';

const REQUEST_TIMEOUT_MS = 60_000;

interface Provisioning {
  readonly checkOnly?: true;
  readonly json?: true;
}

interface Provisioned {
  readonly created: readonly string[];
  readonly present: readonly string[];
  /** Of a check: what the token may not do that it would have to. */
  readonly lacking: readonly { readonly object: string; readonly scopes: readonly string[] }[];
}

/** Makes what the portal lacks of the shipped definitions, and prints what was made and how much was there; with `checkOnly` what would be made, and what stands against it. */
export async function provisionHubspot(hubspot: HubspotConnection, options: Provisioning): Promise<void> {
  const checkOnly = options.checkOnly === true;
  // Loaded only here: a CRM's client is the slowest part of the command line to load.
  const [{ checkProvisioning, provisionPortal }, { shippedPortal }, { shelfIn }] = await Promise.all([
    import('../../crm/hubspot/provision-portal.ts'),
    import('../../crm/hubspot/shipped-portal.ts'),
    import('../compose/connections.ts'),
  ]);
  const { connection, registrationObject, signing: _inbound, ...portal } = hubspot;
  process.stderr.write(`${connection}: looking what the portal has${checkOnly ? '' : ', and making what it lacks'}\n`);
  const provision = async (db: Database | null): Promise<Provisioned> => {
    const config = { ...portal, connection, requestTimeoutMs: REQUEST_TIMEOUT_MS };
    const given = [config, shippedPortal(registrationObject), db === null ? undefined : shelfIn(db)] as const;
    return checkOnly ? checkProvisioning(...given) : { ...(await provisionPortal(...given)), lacking: [] };
  };
  try {
    // A refresh token may have a successor, which only the store knows; whatever else signs in needs no store.
    const report = await (hubspot.auth.kind === 'refresh_token' ? withStore(provision) : provision(null));
    if (options.json === true) printJson({ connection, checkOnly, ...report });
    else print(render(connection, checkOnly, report));
    if (report.lacking.length > 0) throw withoutScopes(hubspot, report.lacking);
  } catch (error) {
    if (!(error instanceof CrmFailure)) throw error;
    const next = checkOnly ? 'Then check again.' : 'Then run it again: it goes on where it ended.';
    throw new CommandFailure(
      `${connection} is not provisioned: ${error.code}: ${error.message}`,
      `${remedyOf(error.code, registrationObject)} ${next}`,
    );
  }
}

/** What a portal is to be given differs from what an org is. */
function remedyOf(code: CrmFailureCode, registrationObject: RegistrationObject): string {
  if (code === 'CRM_PERMISSION_DENIED') return HUBSPOT_WORDS.denied(registrationObject);
  if (code === 'CRM_DUPLICATE') return 'Give what has the name in the portal another one.';
  return CRM_FAILURES[code].remedy;
}

function withoutScopes({ connection, registrationObject }: HubspotConnection, lacking: Provisioned['lacking']): CommandFailure {
  const missing = [...new Set(lacking.flatMap(({ scopes }) => scopes))].toSorted();
  return new CommandFailure(
    `${connection} would not be provisioned: the connection lacks ${missing.join(', ')}.`,
    `${HUBSPOT_WORDS.denied(missing.some((scope) => scope.includes('.custom.')) ? registrationObject : 'deals')} Then check again.`,
  );
}

function render(connection: string, checkOnly: boolean, { created, present, lacking }: Provisioned): string {
  const would = !checkOnly ? '' : lacking.length > 0 ? 'would not take everything: ' : 'would take everything: ';
  const head = renderEntry(connection, `${would}${created.length} created, ${present.length} as they were`);
  const rights = lacking.map(({ object, scopes }) => renderEntry(`  ${object}`, `the connection lacks ${scopes.join(', ')}`));
  const rows = created.map((name) => [name]);
  const table = rows.length === 0 ? [] : [renderTable([checkOnly ? 'WOULD BE CREATED' : 'CREATED'], rows)];
  return [head, ...rights, ...table, ...(checkOnly ? [] : ['Then run `connections check`.'])].join('\n');
}
