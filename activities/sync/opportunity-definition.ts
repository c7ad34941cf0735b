import { CrmFailure, CRM_FAILURES } from '../../crm/failures.ts';
import type { RemoteObjectDefinition } from '../../crm/port.ts';
import { isConvertible, type ConversionMapping } from '../../mappings/conversion-mapping.ts';
import { fieldOf, type StageSource } from '../../mappings/field-mapping.ts';
import type { Connection } from '../decision/dependencies.ts';

const definitions = new WeakMap<object, Promise<RemoteObjectDefinition>>();
const openStages = new WeakMap<object, Promise<string | null>>();

/** The definition of opportunities, read once per connection: a worker starts anew when the sales process changes. */
function definitionOf({ port, mapping }: Connection): Promise<RemoteObjectDefinition> {
  return remembered(definitions, port, () => port.describe(mapping.opportunity.object));
}

/** The opportunity's stages in the CRM's own order. */
export async function stageNamesOf(connection: Connection): Promise<readonly string[]> {
  return valuesOf(await definitionOf(connection), fieldOf(connection.mapping.opportunity, 'stageName')?.theirs);
}

/** What can be written on opportunities, and how they are defined; null where the CRM has not the fields for it. `again`: it may have got them since. */
export async function conversionOf(
  connection: Connection,
  again: 'again' | 'as known' = 'as known',
): Promise<{ readonly conversion: ConversionMapping; readonly definition: RemoteObjectDefinition } | null> {
  const { conversion } = connection;
  if (conversion === undefined) return null;
  if (again === 'again') definitions.delete(connection.port);
  const definition = await definitionOf(connection);
  return isConvertible(conversion, definition) ? { conversion, definition } : null;
}

/** The first stage that is open; the first of all where the CRM does not tell which are. Null where it has no stages. */
export async function firstOpenStage(connection: Connection, stages: StageSource): Promise<string | null> {
  return remembered(openStages, connection.port, async () => {
    const names = await stageNamesOf(connection);
    const closed = await closedStages(connection, stages, names);
    return names.find((name) => !closed.has(name)) ?? null;
  });
}

async function closedStages(
  { port }: Connection,
  { object, name, isClosed }: StageSource,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  try {
    const rows = await port.find(object, name, names, [name, isClosed]);
    return new Set(rows.filter(({ fields }) => fields[isClosed] === true).map(({ fields }) => String(fields[name])));
  } catch (error) {
    if (!(error instanceof CrmFailure) || CRM_FAILURES[error.code].retryable) throw error;
    return new Set();
  }
}

/** A picklist's values; none where there is no such field. */
export function valuesOf(definition: RemoteObjectDefinition, field: string | undefined): readonly string[] {
  return definition.fields.find(({ name }) => name === field)?.values ?? [];
}

function remembered<T>(known: WeakMap<object, Promise<T>>, key: object, read: () => Promise<T>): Promise<T> {
  const before = known.get(key);
  if (before !== undefined) return before;
  const asked = read();
  known.set(key, asked);
  asked.catch(() => known.delete(key));
  return asked;
}
