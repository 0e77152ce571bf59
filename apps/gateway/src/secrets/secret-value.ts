import type { FieldDefinition } from "@revka/core";
import { credentialsOf } from "../config/secrets.ts";
import { isEncrypted } from "./cipher.ts";

/** Whether the file may hold a key's value encrypted: those of secret keys, and addresses, which may have a password in them. */
export function mayBeEncrypted(field: FieldDefinition | undefined): boolean {
  return field?.isSecret === true || field?.type === "url";
}

/** Whether a value of the file is nobody's business: a secret key's, an encrypted one, an address with a user or a password in it. */
export function isSecretValue(value: string, field: FieldDefinition | undefined): boolean {
  if (field?.isSecret === true) return true;
  return mayBeEncrypted(field) && (isEncrypted(value) || credentialsOf(value).length > 0);
}
