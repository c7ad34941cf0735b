/** Setup objects of which the org has no rows: code, logs, tests, packages. Tools list them before they deploy. Source: Tooling API Developer Guide, "Tooling API Objects". */

import { checkBox, decimal, field, lookup, READ_ONLY, text } from '../schema/field.ts';
import type { FieldSource, ObjectSource } from '../schema/field.ts';
import { setupObject } from '../schema/setup-object.ts';

const NAMED = 'Name NamespacePrefix';
const CODE = `${NAMED} ApiVersion:double Status IsValid:boolean BodyCrc:double Body:textarea LengthWithoutComments:int ManageableState FullName`;
const MARKUP = `${NAMED} ApiVersion:double MasterLabel Description Markup:textarea ManageableState FullName`;
const BUNDLE = 'DeveloperName MasterLabel Language NamespacePrefix ApiVersion:double Description ManageableState FullName';

/** Name, key prefix, and fields with their types; text where none is given, `X>Y` for a lookup to Y. */
const EMPTY: readonly (readonly [name: string, keyPrefix: string, fields: string])[] = [
  ['ApexClass', '01p', CODE],
  ['ApexTrigger', '01q', `${CODE} TableEnumOrId`],
  ['ApexPage', '066', MARKUP],
  ['ApexComponent', '099', MARKUP],
  [
    'ApexLog',
    '07L',
    'Application DurationMilliseconds:int Location LogLength:int LogUserId>User Operation Request StartTime:datetime Status',
  ],
  [
    'ApexCodeCoverage',
    '714',
    'ApexTestClassId>ApexClass ApexClassOrTriggerId>ApexClass TestMethodName NumLinesCovered:int NumLinesUncovered:int',
  ],
  ['ApexCodeCoverageAggregate', '715', 'ApexClassOrTriggerId>ApexClass NumLinesCovered:int NumLinesUncovered:int'],
  ['ApexOrgWideCoverage', '716', 'PercentCovered:int'],
  ['ApexTestQueueItem', '709', 'ApexClassId>ApexClass ParentJobId Status ExtendedStatus'],
  [
    'ApexTestResult',
    '07M',
    'ApexClassId>ApexClass AsyncApexJobId MethodName Outcome Message StackTrace TestTimestamp:datetime RunTime:int',
  ],
  [
    'ApexTestRunResult',
    '05m',
    'AsyncApexJobId Status StartTime:datetime EndTime:datetime TestTime:int ClassesCompleted:int MethodsFailed:int',
  ],
  ['AsyncApexJob', '707', 'JobType Status ApexClassId>ApexClass MethodName TotalJobItems:int JobItemsProcessed:int NumberOfErrors:int'],
  ['AuraDefinitionBundle', '0Ab', BUNDLE],
  ['ContainerAsyncRequest', '1dr', 'MetadataContainerId State ErrorMsg IsCheckOnly:boolean'],
  [
    'DebugLevel',
    '7dl',
    'DeveloperName MasterLabel Language ApexCode ApexProfiling Callout Database System Validation Visualforce Workflow',
  ],
  ['Flow', '301', 'MasterLabel DefinitionId Status VersionNumber:int ProcessType Description ManageableState FullName'],
  ['FlowDefinition', '300', 'DeveloperName MasterLabel NamespacePrefix ActiveVersionId LatestVersionId Description'],
  ['InstalledSubscriberPackage', '0A3', 'SubscriberPackageId SubscriberPackageVersionId MinPackageVersionId'],
  ['LightningComponentBundle', '0Rb', BUNDLE],
  ['MetadataContainer', '1dc', 'Name'],
  ['StaticResource', '081', `${NAMED} ContentType BodyLength:int Description CacheControl ManageableState FullName`],
  ['TraceFlag', '7tf', 'TracedEntityId DebugLevelId LogType StartDate:datetime ExpirationDate:datetime'],
  ['WorkflowRule', '01Q', `${NAMED} TableEnumOrId ManageableState FullName`],
];

export const EMPTY_OBJECTS: readonly ObjectSource[] = EMPTY.map(([name, keyPrefix, fields]) =>
  setupObject(name, keyPrefix, fields.split(' ').map(readField)),
);

function readField(written: string): FieldSource {
  const [name = '', parent] = written.split('>');
  if (parent !== undefined) return lookup(name, name, [parent], name.replace(/Id$/, ''), null, READ_ONLY);
  const [plain = '', type = 'text'] = name.split(':');
  switch (type) {
    case 'boolean':
      return checkBox(plain, plain, READ_ONLY);
    case 'double':
      return decimal(plain, plain, 'double', 18, 1);
    case 'int':
      return field(plain, plain, 'int', { precision: 9, ...READ_ONLY });
    case 'datetime':
      return field(plain, plain, 'datetime', READ_ONLY);
    case 'textarea':
      return field(plain, plain, 'textarea', { length: 1_000_000, ...READ_ONLY });
    default:
      return text(plain, plain, 255, READ_ONLY);
  }
}
