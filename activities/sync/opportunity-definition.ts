import { CrmFailure, CRM_FAILURES } from '../../crm/failures.ts';
import type { RemoteObjectDefinition, RemoteRow } from '../../crm/port.ts';
import { isConvertible, type ConversionMapping } from '../../mappings/conversion-mapping.ts';
import { fieldOf, type StageSource } from '../../mappings/field-mapping.ts';
import type { Connection } from '../decision/dependencies.ts';

const definitions = new WeakMap<object, Promise<RemoteObjectDefinition>>();
const knownStages = new WeakMap<object, Promise<readonly OpportunityStage[]>>();

/** The definition of opportunities, read once per connection: a worker starts anew when the sales process changes. */
function definitionOf({ port, mapping }: Connection): Promise<RemoteObjectDefinition> {
  return remembered(definitions, port, () => port.describe(mapping.opportunity.object));
}

/** A stage of opportunities. `place`: how many stand before it in its pipeline; `pipeline` null where the CRM has but one. */
export interface OpportunityStage {
  readonly name: string;
  readonly place: number;
  readonly isOpen: boolean;
  readonly pipeline: string | null;
}

/** At which place of its pipeline an opportunity of a stage is. */
export type StagePlaces = ReadonlyMap<string, number>;

/** For records that have no stages. */
export const NO_STAGES: StagePlaces = new Map();

export async function stagePlacesOf(connection: Connection): Promise<StagePlaces> {
  const { stages: source } = connection.mapping.opportunity;
  if (source?.pipeline === undefined) return new Map((await stageNamesOf(connection)).map((name, place) => [name, place]));
  return new Map((await stagesOf(connection, source)).map(({ name, place }) => [name, place]));
}

/** The opportunity's stages in the CRM's own order. */
async function stageNamesOf(connection: Connection): Promise<readonly string[]> {
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
export async function firstOpenStage(connection: Connection, source: StageSource): Promise<OpportunityStage | null> {
  return (await stagesOf(connection, source)).find(({ isOpen }) => isOpen) ?? null;
}

/** Stages as they stand at `source`, in the CRM's own order, read once per connection. */
function stagesOf(connection: Connection, source: StageSource): Promise<readonly OpportunityStage[]> {
  return remembered(knownStages, connection.port, async () => {
    const names = await stageNamesOf(connection);
    const rows = new Map((await stageRows(connection, source, names)).map(({ fields }) => [String(fields[source.name]), fields]));
    return names.flatMap((name, place): readonly OpportunityStage[] => {
      const { pipeline } = source;
      const fields = rows.get(name) ?? {};
      const isOpen = fields[source.isClosed] !== true;
      if (pipeline === undefined) return [{ name, place, isOpen, pipeline: null }];
      const id = fields[pipeline.id];
      if (typeof id !== 'string' || id === pipeline.except) return [];
      return [{ name, place: Number(fields[pipeline.place]), isOpen, pipeline: id }];
    });
  });
}

async function stageRows({ port }: Connection, source: StageSource, names: readonly string[]): Promise<readonly RemoteRow[]> {
  const { object, name, isClosed, pipeline } = source;
  try {
    return await port.find(object, name, names, [name, isClosed, ...(pipeline === undefined ? [] : [pipeline.id, pipeline.place])]);
  } catch (error) {
    if (!(error instanceof CrmFailure) || CRM_FAILURES[error.code].retryable) throw error;
    return [];
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
