/** An error as SageMaker answers it: `__type` and `message`. */
export class ApiError extends Error {
  readonly type: string;
  readonly status: number;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(
    type: string,
    message: string,
    status = 400,
    fields: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.type = type;
    this.status = status;
    this.fields = fields;
  }
}

/** Nearly all of SageMaker's refusals are this one; only the text differs. */
export function validationError(message: string): ApiError {
  return new ApiError('ValidationException', message);
}

/** What a field of a request breaks, in the words of AWS's generated validation. */
export function constraintError(value: unknown, field: string, constraint: string): ApiError {
  const shown = value === undefined ? 'null' : `'${JSON.stringify(value)}'`;
  return validationError(
    `1 validation error detected: Value ${shown} at '${field}' failed to satisfy constraint: Member must ${constraint}`,
  );
}
