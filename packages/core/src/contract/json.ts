/** A value that survives `JSON.stringify` and `JSON.parse` unchanged: it may live on disk and cross processes. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
