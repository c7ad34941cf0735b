import { parseQuery, type Query } from '@jetstreamapp/soql-parser-js';
import { expandAliases } from './alias-list.ts';
import { separateNegations } from './negation.ts';
import { pointAt, readSource, type SourceText } from './source-text.ts';
import { SoqlRefusal, unexpectedToken } from './refusal.ts';

export interface ParsedQuery {
  readonly source: SourceText;
  readonly query: Query;
  /** `ALL ROWS` stood at the end: deleted rows are wanted. */
  readonly allRows: boolean;
}

const ALL_ROWS = /\s+ALL\s+ROWS\s*$/i;

/** Parses a query, or throws a MALFORMED_QUERY refusal in Salesforce's wording that points at the word that does not fit. */
export function parseSoql(text: string): ParsedQuery {
  const source = expandAliases(readSource(text));
  const first = source.words[0];
  if (first === undefined || first.text.toUpperCase() !== 'SELECT') {
    throw new SoqlRefusal('MALFORMED_QUERY', `unexpected token: ${first?.text ?? '<EOF>'}`);
  }
  // The parser does not know ALL ROWS, which is always last.
  const allRows = ALL_ROWS.test(text);
  try {
    return { source, query: parseQuery(separateNegations(source).replace(ALL_ROWS, '')), allRows };
  } catch (error) {
    throw refuseSyntax(source, error instanceof Error ? error.message : String(error));
  }
}

function refuseSyntax(source: SourceText, complaint: string): SoqlRefusal {
  const lexed = /unexpected character: ->(?<sign>[^]*?)<- at offset: (?<offset>\d+)/u.exec(complaint)?.groups;
  if (lexed !== undefined) {
    const offset = Number(lexed['offset']);
    const sign = lexed['sign'] ?? '';
    const detail = sign === "'" ? `mismatched character '<EOF>' expecting '''` : `no viable alternative at character '${sign}'`;
    return new SoqlRefusal('MALFORMED_QUERY', pointAt(source, offset, `line 1:${offset} ${detail}`));
  }
  const found = foundToken(complaint);
  if (found === ':') return new SoqlRefusal('MALFORMED_QUERY', 'Bind variables only allowed in Apex code');
  return unexpectedToken(source, found === '' ? source.text.length : placeOfFailure(source, found), found);
}

function foundToken(complaint: string): string {
  const quoted = /but found(?: -->|:) '(?<token>[^]*?)'(?: <--)?\s*$/u.exec(complaint)?.groups?.['token'];
  return quoted ?? /but found: ?(?<token>\S*)\s*$/u.exec(complaint)?.groups?.['token'] ?? '';
}

/**
 * Where the word that the parser stumbled over stands. The parser names the word but not its place: it is the first occurrence at which
 * the query up to and including the word is refused for that very word.
 */
function placeOfFailure(source: SourceText, token: string): number {
  const occurrences = source.words.filter((word) => word.text === token || word.text.startsWith(`${token}.`));
  const culprit = occurrences.find(({ offset }) => {
    try {
      parseQuery(source.text.slice(0, offset + token.length));
      return false;
    } catch (error) {
      return error instanceof Error && foundToken(error.message) === token;
    }
  });
  return (culprit ?? occurrences.at(-1))?.offset ?? 0;
}
