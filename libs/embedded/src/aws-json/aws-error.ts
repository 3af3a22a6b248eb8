/** An error as AWS tells it: a type for JSON clients, and the older code that query clients still read. */
export class AwsError extends Error {
  readonly status: number;
  readonly queryCode: string;

  constructor(
    readonly type: string,
    message: string,
    options: { queryCode?: string; status?: number } = {},
  ) {
    super(message);
    this.name = 'AwsError';
    this.status = options.status ?? 400;
    this.queryCode = options.queryCode ?? type;
  }
}
