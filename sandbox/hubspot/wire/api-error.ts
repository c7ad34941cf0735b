/** HubSpot's refusals. Source: HubSpot developer documentation, "Error handling"; the wordings are those that public logs show. */

export interface ErrorDetail {
  readonly message: string;
  readonly code?: string;
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

export interface ApiError {
  readonly kind: 'refusal';
  readonly status: number;
  readonly message: string;
  /** Left out where HubSpot leaves it out. */
  readonly category?: string;
  readonly errors?: readonly ErrorDetail[];
  readonly context?: Readonly<Record<string, readonly string[]>>;
  readonly links?: Readonly<Record<string, string>>;
  /** What only some refusals carry, such as `policyName`. */
  readonly more?: Readonly<Record<string, string>>;
}

export function isRefusal(outcome: unknown): outcome is ApiError {
  return typeof outcome === 'object' && outcome !== null && (outcome as { kind?: unknown }).kind === 'refusal';
}

/** The body on the wire. */
export function errorBody(error: ApiError, correlationId: string): object {
  const { message, context, errors, links, category, more } = error;
  return {
    status: 'error',
    message,
    correlationId,
    ...(context === undefined ? {} : { context }),
    ...(errors === undefined ? {} : { errors }),
    ...(links === undefined ? {} : { links }),
    ...(category === undefined ? {} : { category }),
    ...more,
  };
}

export function refusal(status: number, category: string, message: string): ApiError {
  return { kind: 'refusal', status, category, message };
}

export function invalid(message: string): ApiError {
  return refusal(400, 'VALIDATION_ERROR', message);
}

export const NOT_AUTHENTICATED: ApiError = refusal(
  401,
  'INVALID_AUTHENTICATION',
  'Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview',
);

/** The token was good once. */
export function expiredToken(endedAtMs: number, nowMs: number): ApiError {
  const seconds = Math.floor((nowMs - endedAtMs) / 1000);
  return {
    kind: 'refusal',
    status: 401,
    category: 'EXPIRED_AUTHENTICATION',
    message: `The OAuth token used to make this call expired ${seconds} second(s) ago.`,
    context: { 'expire time': [new Date(endedAtMs).toISOString()] },
  };
}

/** The token has none of `scopes`, of which one would be enough. */
export function missingScopes(scopes: readonly string[]): ApiError {
  return {
    kind: 'refusal',
    status: 403,
    category: 'MISSING_SCOPES',
    message:
      "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.",
    errors: [{ message: 'One or more of the following scopes are required.', context: { requiredGranularScopes: scopes } }],
    links: { scopes: 'https://developers.hubspot.com/scopes' },
  };
}

export function unknownType(name: string): ApiError {
  return { kind: 'refusal', status: 400, message: `Unable to infer object type from: ${name}` };
}

/** A numeric id that is nobody's is answered without a category; anything else is taken for a mistake in the id. */
export function noSuchRecord(id: string): ApiError {
  if (/^\d+$/.test(id)) return { kind: 'refusal', status: 404, message: 'resource not found' };
  return {
    kind: 'refusal',
    status: 404,
    category: 'OBJECT_NOT_FOUND',
    message: 'Object not found.  objectId are usually numeric.',
    context: { id: [id] },
  };
}

export function notBuilt(what: string): ApiError {
  return { kind: 'refusal', status: 501, message: `${what} is not built in this sandbox` };
}

/** What is wrong with one value. */
export interface ValueProblem {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

/** 400 for values that a property does not take; every problem is told twice, in the message and in `errors`. */
export function invalidValues(problems: readonly ValueProblem[], portalId: number): ApiError {
  const told = problems.map(({ name, code, message }) => ({
    isValid: false,
    message,
    error: code,
    name,
    localizedErrorMessage: message,
    portalId,
  }));
  return {
    kind: 'refusal',
    status: 400,
    category: 'VALIDATION_ERROR',
    message: `Property values were not valid: ${JSON.stringify(told)}`,
    errors: problems.map(({ name, code, message }) => ({ message, code, context: { propertyName: [name] } })),
  };
}
