// Loaded into a process under test: its resolver knows the names of the test, so that whoever goes around a proxy gets there, and is seen.
import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";

type Lookup = (name: string, options: dns.LookupOptions, callback: (...found: unknown[]) => void) => void;

const lookup = dns.lookup as Lookup;
const ours: Lookup = (name, options, callback) => lookup(name.endsWith(".example.test") ? "127.0.0.1" : name, options, callback);
dns.lookup = ours as typeof dns.lookup;
syncBuiltinESMExports();
