/** What the app and the platform know each other by. */
export interface LarkCredentials {
  /** `cli_` and 16 hex digits. */
  readonly appId: string;
  readonly appSecret: string;
  /** Stands in every event. */
  readonly verificationToken: string;
  /** Encrypts and signs what goes to the webhook; empty for none. */
  readonly encryptKey: string;
}
