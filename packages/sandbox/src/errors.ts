/** Something between a caller and a sandbox went wrong; the message says what to do. */
export class SandboxError extends Error {
  override readonly name = "SandboxError";
  /** HTTP status of the control API's answer, where there was one. */
  readonly status?: number;

  constructor(message: string, options: { readonly cause?: unknown; readonly status?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    if (options.status !== undefined) this.status = options.status;
  }
}
