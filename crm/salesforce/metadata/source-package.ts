import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { zipSync } from 'fflate';
import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';
import { OBJECT_PARTS, OBJECT_SUFFIX, REPORT_FOLDER_SUFFIX, SOURCE_KINDS } from './source-kind.ts';

/** A deployable package made of a Salesforce DX project. */
export interface SourcePackage {
  readonly zip: Uint8Array;
  /** The API version in which the project is written. */
  readonly apiVersion: string;
  /** The project's file of each component, relative to the project, by `componentKey`. */
  readonly sources: ReadonlyMap<string, string>;
}

/** The shipped project cannot be packed: a file is missing, not well-formed, or of a kind that is not known. */
export class SourceProblem extends Error {}

export function componentKey(type: string, fullName: string): string {
  return `${type}/${fullName}`;
}

interface SourceComponent {
  readonly type: string;
  readonly fullName: string;
  readonly file: string;
  /** In the package; children of an object have the file of the object. */
  readonly target: string;
  /** The element that it is in its target; null for a file of its own. */
  readonly element: string | null;
}

/** An XML node in document order: one key, the element's name, with its children; attributes under `:@`. */
type OrderedNode = Readonly<Record<string, unknown>>;

const META = '-meta.xml';
const NAMESPACE = { '@_xmlns': 'http://soap.sforce.com/2006/04/metadata' };
/** Zip files carry a time; a fixed one makes equal projects equal packages. */
const ZIP_TIME = '2000-01-01T00:00:00Z';

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  parseTagValue: false,
  ignoreDeclaration: true,
  htmlEntities: true,
});
const builder = new XMLBuilder({ preserveOrder: true, ignoreAttributes: false, format: true, indentBy: '    ' });

/**
 * Packs the project at `root`, which is in source format, as the Metadata API takes it: the parts of an object in one file, and a manifest of everything.
 * `extensions`: folders below it with projects that are deployed together with it.
 *
 * @throws SourceProblem that names the file and what is wrong with it.
 */
export function packSourceProject(root: string, extensions: readonly string[] = []): SourcePackage {
  const { folders, apiVersion } = readProjectFile(root);
  const more = extensions.flatMap((extension) => readProjectFile(join(root, extension)).folders.map((folder) => join(extension, folder)));
  const components = [...folders, ...more].flatMap((folder) =>
    metaFilesIn(join(root, folder)).map((file) => recognise(file, relative(root, file))),
  );
  const targets = new Map<string, SourceComponent[]>();
  for (const component of components) targets.set(component.target, [...(targets.get(component.target) ?? []), component]);
  const files = new Map([['package.xml', manifestOf(components, apiVersion)]]);
  for (const [target, parts] of targets) files.set(target, textOf(target, parts));
  return {
    zip: zipSync(Object.fromEntries([...files].map(([name, text]) => [name, new TextEncoder().encode(text)])), { mtime: ZIP_TIME }),
    apiVersion,
    sources: new Map(components.map(({ type, fullName, file }) => [componentKey(type, fullName), relative(root, file)])),
  };
}

function readProjectFile(root: string): { readonly folders: readonly string[]; readonly apiVersion: string } {
  const file = join(root, 'sfdx-project.json');
  if (!existsSync(file)) throw new SourceProblem(`${file} is missing; expected a Salesforce DX project`);
  const { packageDirectories, sourceApiVersion } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly packageDirectories: readonly { readonly path: string }[];
    readonly sourceApiVersion: string;
  };
  return { folders: packageDirectories.map(({ path }) => path), apiVersion: sourceApiVersion };
}

function metaFilesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(META))
    .toSorted()
    .map((name) => join(folder, name));
}

function recognise(file: string, shown: string): SourceComponent {
  const name = basename(file, META);
  const path = shown.replaceAll('\\', '/');
  const suffix = name.slice(name.lastIndexOf('.') + 1);
  const bare = name.slice(0, name.lastIndexOf('.'));
  const object = /\/objects\/([^/]+)\//.exec(path)?.[1];
  const part = OBJECT_PARTS.find((kind) => kind.suffix === suffix);
  if (object !== undefined) {
    const target = `objects/${object}.${OBJECT_SUFFIX}`;
    if (suffix === OBJECT_SUFFIX) return { type: 'CustomObject', fullName: object, file, target, element: '' };
    if (part !== undefined) return { type: part.type, fullName: `${object}.${bare}`, file, target, element: part.element };
  }
  // Reports lie in folders, of which they bear the name.
  const within = /\/reports\/(.+)\/[^/]+$/.exec(path)?.[1];
  if (suffix === REPORT_FOLDER_SUFFIX) return { type: 'Report', fullName: bare, file, target: `reports/${bare}${META}`, element: null };
  const kind = SOURCE_KINDS.find((each) => each.suffix === suffix);
  if (kind === undefined) throw new SourceProblem(`${shown} is of a kind that is not known here: .${suffix}`);
  const fullName = kind.type === 'Report' && within !== undefined ? `${within}/${bare}` : bare;
  return { type: kind.type, fullName, file, target: `${kind.folder}/${fullName}.${kind.suffix}`, element: null };
}

/** The text of a file of the package: a file as it is, or an object put together of its own file and those of its parts. */
function textOf(target: string, parts: readonly SourceComponent[]): string {
  const [first] = parts;
  if (first !== undefined && first.element === null) {
    childrenOf(first.file);
    return readFileSync(first.file, 'utf8');
  }
  const children = parts.flatMap(({ file, element }) => (element === '' ? childrenOf(file) : [{ [element ?? '']: childrenOf(file) }]));
  if (children.length === 0) throw new SourceProblem(`${target} would be empty`);
  return document({ CustomObject: children, ':@': NAMESPACE });
}

/** What the one element of `file` holds. */
function childrenOf(file: string): readonly OrderedNode[] {
  const text = readFileSync(file, 'utf8');
  const checked = XMLValidator.validate(text);
  if (checked !== true) throw new SourceProblem(`${file}:${checked.err.line} is not well-formed: ${checked.err.msg}`);
  const [root] = parser.parse(text) as readonly OrderedNode[];
  const name = Object.keys(root ?? {}).find((key) => key !== ':@') ?? '';
  return (root?.[name] ?? []) as readonly OrderedNode[];
}

function manifestOf(components: readonly SourceComponent[], apiVersion: string): string {
  const element = (name: string, text: string): OrderedNode => ({ [name]: [{ '#text': text }] });
  const names = [...new Set(components.map(({ type }) => type))].toSorted();
  const types = names.map((type) => ({
    types: [...components.filter((each) => each.type === type).map(({ fullName }) => element('members', fullName)), element('name', type)],
  }));
  return document({ Package: [...types, element('version', apiVersion)], ':@': NAMESPACE });
}

function document(root: OrderedNode): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${builder.build([root])}\n`;
}
