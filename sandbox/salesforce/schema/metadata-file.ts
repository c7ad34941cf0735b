/** Reads object definitions from a Salesforce DX project in source format: what an org would have after the project was deployed. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';

/** XML carries everything as text; these are the elements that shape an object, and others are let through unread. */
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const whole = z.string().regex(/^\d+$/).transform(Number);

const picklistValue = z.object({ fullName: z.string(), label: z.string().optional(), default: flag.optional() });

const customField = z.object({
  fullName: z.string(),
  label: z.string().optional(),
  /** Absent for standard fields, whose files only switch something on, such as history. */
  type: z.string().optional(),
  length: whole.optional(),
  precision: whole.optional(),
  scale: whole.optional(),
  required: flag.optional(),
  unique: flag.optional(),
  caseSensitive: flag.optional(),
  externalId: flag.optional(),
  trackHistory: flag.optional(),
  defaultValue: z.string().optional(),
  referenceTo: z.string().optional(),
  relationshipName: z.string().optional(),
  relationshipLabel: z.string().optional(),
  inlineHelpText: z.string().optional(),
  valueSet: z
    .object({
      restricted: flag.optional(),
      valueSetDefinition: z.object({ value: z.array(picklistValue) }).optional(),
    })
    .optional(),
});
export type FieldFile = z.infer<typeof customField>;

const customObject = z.object({
  label: z.string().optional(),
  pluralLabel: z.string().optional(),
  enableHistory: flag.optional(),
  enableActivities: flag.optional(),
  sharingModel: z.string().optional(),
  nameField: z.object({ type: z.string(), label: z.string().optional(), displayFormat: z.string().optional() }).optional(),
});
export type ObjectFile = z.infer<typeof customObject>;

export interface ShippedObject {
  readonly name: string;
  readonly object: ObjectFile;
  readonly fields: readonly FieldFile[];
}

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: true,
  isArray: (_name, path) => String(path).endsWith('valueSetDefinition.value'),
});

/**
 * The `root` element of a metadata file.
 *
 * @throws Error that names the file and every place in it that does not fit `shape`.
 */
export function readMetadataFile<T>(file: string, root: string, shape: z.ZodType<T>): T {
  const document: unknown = parser.parse(readFileSync(file, 'utf8'));
  const parsed = z.object({ [root]: shape }).safeParse(document);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    throw new Error(`${file} is not a ${root} in source format: ${problems}`);
  }
  return parsed.data[root] as T;
}

/** The `objects` folder below `root`, which may be the package folder, its `main/default`, or the project itself; null where there is none. */
function objectsFolder(root: string): string | null {
  const places = ['objects', 'default/objects', 'main/default/objects', 'force-app/main/default/objects'];
  return places.map((place) => join(root, place)).find((folder) => existsSync(folder)) ?? null;
}

/** The folder that holds `objects` and what else the project at `root` ships; null where there is none. */
export function packageFolder(root: string): string | null {
  const folder = objectsFolder(root);
  return folder === null ? null : dirname(folder);
}

/**
 * The objects and fields that the project at `root` ships, in the order of their names.
 *
 * @throws Error that names the folder or file which is missing or not of the format.
 */
export function readShippedObjects(root: string): readonly ShippedObject[] {
  const folder = objectsFolder(root);
  if (folder === null) throw new Error(`No object definitions under ${root}; expected a Salesforce DX project with objects/`);
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => readObjectFolder(join(folder, name), name));
}

function readObjectFolder(folder: string, name: string): ShippedObject {
  const objectFile = join(folder, `${name}.object-meta.xml`);
  const fieldsFolder = join(folder, 'fields');
  const fieldFiles = existsSync(fieldsFolder) ? readdirSync(fieldsFolder).filter((file) => file.endsWith('.field-meta.xml')) : [];
  return {
    name,
    object: existsSync(objectFile) ? readMetadataFile(objectFile, 'CustomObject', customObject) : {},
    fields: fieldFiles.sort().map((file) => readMetadataFile(join(fieldsFolder, file), 'CustomField', customField)),
  };
}
